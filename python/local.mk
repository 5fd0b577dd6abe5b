# The Python modules: generated around hand-written fragments, installed beside the extension modules.
# SPDX-License-Identifier: LGPL-2.1-or-later

PYTHON_FRAGMENTS = \
	%D%/fragments/aliases.py \
	%D%/fragments/arguments.py \
	%D%/fragments/connect.py \
	%D%/fragments/errors.py \
	%D%/fragments/eventloop.py \
	%D%/fragments/events.py \
	%D%/fragments/hints.py \
	%D%/fragments/registrations.py \
	%D%/fragments/repr.py \
	%D%/fragments/snapshot.py \
	%D%/fragments/stream.py \
	$(NULL)
# The stub of each fragment.
STUB_FRAGMENTS = \
	%D%/fragments/aliases.pyi \
	%D%/fragments/arguments.pyi \
	%D%/fragments/connect.pyi \
	%D%/fragments/errors.pyi \
	%D%/fragments/eventloop.pyi \
	%D%/fragments/events.pyi \
	%D%/fragments/hints.pyi \
	%D%/fragments/registrations.pyi \
	%D%/fragments/repr.pyi \
	%D%/fragments/snapshot.pyi \
	%D%/fragments/stream.pyi \
	$(NULL)
EXTRA_DIST += $(PYTHON_FRAGMENTS) $(STUB_FRAGMENTS)

# Each module comes with the types of what is in it, for checkers and editors: nothing reads them at run time. A module
# that is a single file has its stub in a directory of its own, called after it, as PEP 561 tells.
pyexec_DATA += \
	%D%/libvirt.py \
	$(MODULES:%=%D%/libvirt_%.py) \
	%D%/libvirt_enums.py \
	%D%/libvirt_types.py \
	%D%/libvirtaio.py \
	%D%/libvirtevents.py \
	$(NULL)
stubs = \
	%D%/libvirt-stubs/__init__.pyi \
	$(MODULES:%=%D%/libvirt_%-stubs/__init__.pyi) \
	%D%/libvirt_enums-stubs/__init__.pyi \
	%D%/libvirt_types-stubs/__init__.pyi \
	%D%/libvirtaio-stubs/__init__.pyi \
	%D%/libvirtevents-stubs/__init__.pyi \
	$(NULL)
libvirt_python = %D%/libvirt.py %D%/libvirt-stubs/__init__.pyi
libvirt_enums_python = %D%/libvirt_enums.py %D%/libvirt_enums-stubs/__init__.pyi
libvirt_types_python = %D%/libvirt_types.py %D%/libvirt_types-stubs/__init__.pyi

# Not generated at all.
CLEANFILES += %D%/libvirtaio-stubs/__init__.pyi %D%/libvirtevents-stubs/__init__.pyi
EXTRA_DIST += %D%/libvirtaio.py %D%/libvirtaio.pyi %D%/libvirtevents.py %D%/libvirtevents.pyi
%D%/libvirtaio-stubs/__init__.pyi: %D%/libvirtaio.pyi
	$(AM_V_GEN)$(MKDIR_P) $(@D) && cp $(srcdir)/%D%/libvirtaio.pyi $@.tmp && mv $@.tmp $@
%D%/libvirtevents-stubs/__init__.pyi: %D%/libvirtevents.pyi
	$(AM_V_GEN)$(MKDIR_P) $(@D) && cp $(srcdir)/%D%/libvirtevents.pyi $@.tmp && mv $@.tmp $@

install-stubs: $(stubs)
	@for file in $(stubs); do \
	  directory="$(DESTDIR)$(pyexecdir)/`basename $${file%/*}`"; \
	  echo " $(INSTALL_DATA) $$file '$$directory'"; \
	  $(MKDIR_P) "$$directory" && $(INSTALL_DATA) $$file "$$directory" || exit; \
	done

uninstall-stubs:
	@for file in $(stubs); do \
	  directory="$(DESTDIR)$(pyexecdir)/`basename $${file%/*}`"; \
	  rm -f "$$directory/__init__.pyi"; rmdir "$$directory" 2>/dev/null; \
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

.PHONY: install-bytecode install-stubs uninstall-bytecode uninstall-stubs
