# The Python modules: generated around hand-written fragments, installed beside the extension modules.
# SPDX-License-Identifier: LGPL-2.1-or-later

PYTHON_FRAGMENTS = \
	%D%/fragments/admin.py \
	%D%/fragments/aliases.py \
	%D%/fragments/connect.py \
	%D%/fragments/errors.py \
	%D%/fragments/eventloop.py \
	%D%/fragments/events.py \
	%D%/fragments/lxc.py \
	%D%/fragments/qemu.py \
	%D%/fragments/repr.py \
	%D%/fragments/snapshot.py \
	%D%/fragments/stream.py \
	$(NULL)
# Beside each fragment the types of what is in it.
STUB_FRAGMENTS = \
	%D%/fragments/admin.pyi \
	%D%/fragments/aliases.pyi \
	%D%/fragments/connect.pyi \
	%D%/fragments/errors.pyi \
	%D%/fragments/eventloop.pyi \
	%D%/fragments/events.pyi \
	%D%/fragments/lxc.pyi \
	%D%/fragments/qemu.pyi \
	%D%/fragments/repr.pyi \
	%D%/fragments/snapshot.pyi \
	%D%/fragments/stream.pyi \
	$(NULL)
EXTRA_DIST += $(PYTHON_FRAGMENTS) $(STUB_FRAGMENTS)

python_inputs = $(GENERATOR_FILES) $(PYTHON_FRAGMENTS) $(LIBVIRT_API_XML)

pyexec_DATA += %D%/libvirt.py
BUILT_FILES += %D%/libvirt.py
%D%/libvirt.py: $(python_inputs)
	$(AM_V_GEN)$(generate) --module=libvirt --xml='$(LIBVIRT_API_XML)' \
	  --fragments='$(srcdir)/%D%/fragments' $$kind $@

# The enums of all libraries that are bound.
pyexec_DATA += %D%/libvirt_enums.py
BUILT_FILES += %D%/libvirt_enums.py
python_enum_arguments = --module=libvirt --xml='$(LIBVIRT_API_XML)'
if WITH_QEMU
python_enum_arguments += --other-xml='libvirt_qemu=$(LIBVIRT_QEMU_API_XML)'
endif
if WITH_ADMIN
python_enum_arguments += --other-xml='libvirt_admin=$(LIBVIRT_ADMIN_API_XML)'
endif
%D%/libvirt_enums.py: $(GENERATOR_FILES) $(LIBVIRT_API_XML) $(LIBVIRT_QEMU_API_XML) $(LIBVIRT_ADMIN_API_XML)
	$(AM_V_GEN)$(generate) $(python_enum_arguments) $$kind $@

if WITH_QEMU
pyexec_DATA += %D%/libvirt_qemu.py
BUILT_FILES += %D%/libvirt_qemu.py
%D%/libvirt_qemu.py: $(python_inputs) $(LIBVIRT_QEMU_API_XML)
	$(AM_V_GEN)$(generate) $(libvirt_qemu_arguments) --fragments='$(srcdir)/%D%/fragments' $$kind $@
endif

if WITH_LXC
pyexec_DATA += %D%/libvirt_lxc.py
BUILT_FILES += %D%/libvirt_lxc.py
%D%/libvirt_lxc.py: $(python_inputs) $(LIBVIRT_LXC_API_XML)
	$(AM_V_GEN)$(generate) $(libvirt_lxc_arguments) --fragments='$(srcdir)/%D%/fragments' $$kind $@
endif

if WITH_ADMIN
pyexec_DATA += %D%/libvirt_admin.py
BUILT_FILES += %D%/libvirt_admin.py
%D%/libvirt_admin.py: $(python_inputs) $(LIBVIRT_ADMIN_API_XML)
	$(AM_V_GEN)$(generate) $(libvirt_admin_arguments) --fragments='$(srcdir)/%D%/fragments' $$kind $@
endif

# Not generated at all.
pyexec_DATA += %D%/libvirtaio.py
EXTRA_DIST += %D%/libvirtaio.py

# Types, for checkers and editors: nothing reads them at run time. A module that is a single file has its stub in a
# directory of its own, called after it, as PEP 561 tells.
stub_inputs = $(GENERATOR_FILES) $(STUB_FRAGMENTS) $(LIBVIRT_API_XML)

libvirtstubsdir = $(pyexecdir)/libvirt-stubs
libvirtstubs_DATA = %D%/libvirt-stubs/__init__.pyi
BUILT_FILES += %D%/libvirt-stubs/__init__.pyi
%D%/libvirt-stubs/__init__.pyi: $(stub_inputs)
	$(AM_V_GEN)$(generate) --module=libvirt --xml='$(LIBVIRT_API_XML)' \
	  --fragments='$(srcdir)/%D%/fragments' $$kind $@

if WITH_QEMU
libvirtqemustubsdir = $(pyexecdir)/libvirt_qemu-stubs
libvirtqemustubs_DATA = %D%/libvirt_qemu-stubs/__init__.pyi
BUILT_FILES += %D%/libvirt_qemu-stubs/__init__.pyi
%D%/libvirt_qemu-stubs/__init__.pyi: $(stub_inputs) $(LIBVIRT_QEMU_API_XML)
	$(AM_V_GEN)$(generate) $(libvirt_qemu_arguments) --fragments='$(srcdir)/%D%/fragments' $$kind $@
endif

if WITH_LXC
libvirtlxcstubsdir = $(pyexecdir)/libvirt_lxc-stubs
libvirtlxcstubs_DATA = %D%/libvirt_lxc-stubs/__init__.pyi
BUILT_FILES += %D%/libvirt_lxc-stubs/__init__.pyi
%D%/libvirt_lxc-stubs/__init__.pyi: $(stub_inputs) $(LIBVIRT_LXC_API_XML)
	$(AM_V_GEN)$(generate) $(libvirt_lxc_arguments) --fragments='$(srcdir)/%D%/fragments' $$kind $@
endif

if WITH_ADMIN
libvirtadminstubsdir = $(pyexecdir)/libvirt_admin-stubs
libvirtadminstubs_DATA = %D%/libvirt_admin-stubs/__init__.pyi
BUILT_FILES += %D%/libvirt_admin-stubs/__init__.pyi
%D%/libvirt_admin-stubs/__init__.pyi: $(stub_inputs) $(LIBVIRT_ADMIN_API_XML)
	$(AM_V_GEN)$(generate) $(libvirt_admin_arguments) --fragments='$(srcdir)/%D%/fragments' $$kind $@
endif

libvirtenumsstubsdir = $(pyexecdir)/libvirt_enums-stubs
libvirtenumsstubs_DATA = %D%/libvirt_enums-stubs/__init__.pyi
BUILT_FILES += %D%/libvirt_enums-stubs/__init__.pyi
%D%/libvirt_enums-stubs/__init__.pyi: $(GENERATOR_FILES) $(LIBVIRT_API_XML) $(LIBVIRT_QEMU_API_XML) $(LIBVIRT_ADMIN_API_XML)
	$(AM_V_GEN)$(generate) $(python_enum_arguments) $$kind $@

libvirtaiostubsdir = $(pyexecdir)/libvirtaio-stubs
libvirtaiostubs_DATA = %D%/libvirtaio-stubs/__init__.pyi
CLEANFILES += %D%/libvirtaio-stubs/__init__.pyi
EXTRA_DIST += %D%/libvirtaio.pyi
%D%/libvirtaio-stubs/__init__.pyi: %D%/libvirtaio.pyi
	$(AM_V_GEN)$(MKDIR_P) $(@D) && cp $(srcdir)/%D%/libvirtaio.pyi $@.tmp && mv $@.tmp $@

uninstall-stubs:
	@for module in libvirt libvirt_admin libvirt_enums libvirt_lxc libvirt_qemu libvirtaio; do \
	  rmdir "$(DESTDIR)$(pyexecdir)/$$module-stubs" 2>/dev/null; \
	done; :

# The bytecode names the files without DESTDIR. Python itself makes it independent of the time of
# the installation when SOURCE_DATE_EPOCH is set; the umask, which install does not heed, would set its mode.
install-bytecode:
if BYTECOMPILE
	@echo "byte-compiling in $(DESTDIR)$(pyexecdir)"; \
	files=; \
	for file in $(pyexec_DATA); do files="$$files `basename $$file`"; done; \
	umask 022 && \
	cd "$(DESTDIR)$(pyexecdir)" && \
	$(PYTHON) -I -m compileall -q -f -o 0 -o 1 -d "$(pyexecdir)" $$files
endif

uninstall-bytecode:
	@for file in $(pyexec_DATA); do \
	  rm -f "$(DESTDIR)$(pyexecdir)/__pycache__/`basename $$file py`"*.pyc; \
	done; \
	rmdir "$(DESTDIR)$(pyexecdir)/__pycache__" 2>/dev/null || :

.PHONY: install-bytecode uninstall-bytecode uninstall-stubs
