# The Python modules: generated around hand-written fragments, installed beside the extension modules.
# SPDX-License-Identifier: LGPL-2.1-or-later

PYTHON_FRAGMENTS = \
	%D%/fragments/admin.py \
	%D%/fragments/aliases.py \
	%D%/fragments/arguments.py \
	%D%/fragments/connect.py \
	%D%/fragments/errors.py \
	%D%/fragments/eventloop.py \
	%D%/fragments/events.py \
	%D%/fragments/lxc.py \
	%D%/fragments/qemu.py \
	%D%/fragments/registrations.py \
	%D%/fragments/repr.py \
	%D%/fragments/snapshot.py \
	%D%/fragments/stream.py \
	$(NULL)
# The stub of each fragment.
STUB_FRAGMENTS = \
	%D%/fragments/admin.pyi \
	%D%/fragments/aliases.pyi \
	%D%/fragments/arguments.pyi \
	%D%/fragments/connect.pyi \
	%D%/fragments/errors.pyi \
	%D%/fragments/eventloop.pyi \
	%D%/fragments/events.pyi \
	%D%/fragments/lxc.pyi \
	%D%/fragments/qemu.pyi \
	%D%/fragments/registrations.pyi \
	%D%/fragments/repr.pyi \
	%D%/fragments/snapshot.pyi \
	%D%/fragments/stream.pyi \
	$(NULL)
EXTRA_DIST += $(PYTHON_FRAGMENTS) $(STUB_FRAGMENTS)

# Each module comes with the types of what is in it, for checkers and editors: nothing reads them at run time. A module
# that is a single file has its stub in a directory of its own, called after it, as PEP 561 tells.
pyexec_DATA += %D%/libvirt.py
libvirtstubsdir = $(pyexecdir)/libvirt-stubs
libvirtstubs_DATA = %D%/libvirt-stubs/__init__.pyi
libvirt_python = %D%/libvirt.py %D%/libvirt-stubs/__init__.pyi

if WITH_QEMU
pyexec_DATA += %D%/libvirt_qemu.py
libvirtqemustubsdir = $(pyexecdir)/libvirt_qemu-stubs
libvirtqemustubs_DATA = %D%/libvirt_qemu-stubs/__init__.pyi
libvirt_qemu_python = %D%/libvirt_qemu.py %D%/libvirt_qemu-stubs/__init__.pyi
endif

if WITH_LXC
pyexec_DATA += %D%/libvirt_lxc.py
libvirtlxcstubsdir = $(pyexecdir)/libvirt_lxc-stubs
libvirtlxcstubs_DATA = %D%/libvirt_lxc-stubs/__init__.pyi
libvirt_lxc_python = %D%/libvirt_lxc.py %D%/libvirt_lxc-stubs/__init__.pyi
endif

if WITH_ADMIN
pyexec_DATA += %D%/libvirt_admin.py
libvirtadminstubsdir = $(pyexecdir)/libvirt_admin-stubs
libvirtadminstubs_DATA = %D%/libvirt_admin-stubs/__init__.pyi
libvirt_admin_python = %D%/libvirt_admin.py %D%/libvirt_admin-stubs/__init__.pyi
endif

# The enums of all libraries that are bound.
pyexec_DATA += %D%/libvirt_enums.py
libvirtenumsstubsdir = $(pyexecdir)/libvirt_enums-stubs
libvirtenumsstubs_DATA = %D%/libvirt_enums-stubs/__init__.pyi
libvirt_enums_python = %D%/libvirt_enums.py %D%/libvirt_enums-stubs/__init__.pyi

# Not generated at all.
pyexec_DATA += %D%/libvirtaio.py
EXTRA_DIST += %D%/libvirtaio.py
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

# File names in the bytecode do not contain DESTDIR. If SOURCE_DATE_EPOCH is set, Python makes bytecode that does not
# depend on the time of the installation. Set the umask, which determines the mode of bytecode but not of other files.
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
