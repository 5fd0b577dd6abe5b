# The extension modules. Shared sources are compiled once, into a convenience library.
# SPDX-License-Identifier: LGPL-2.1-or-later

noinst_LTLIBRARIES += %D%/libvirtutil.la
%C%_libvirtutil_la_SOURCES = \
	%D%/callbacks.c \
	%D%/callbacks.h \
	%D%/calls.c \
	%D%/calls.h \
	%D%/failure.c \
	%D%/failure.h \
	%D%/handles.c \
	%D%/handles.h \
	%D%/interpreters-private.h \
	%D%/interpreters.c \
	%D%/interpreters.h \
	%D%/libvirt-utils.c \
	%D%/libvirt-utils.h \
	%D%/pycompat.h \
	%D%/registrations.c \
	%D%/registrations.h \
	%D%/threads.c \
	%D%/threads.h \
	%D%/typedparams.c \
	%D%/typedparams.h \
	%D%/typewrappers.c \
	%D%/typewrappers.h \
	$(NULL)

# A module has no version, no SONAME, no run path, and does not link libpython. link-flags is asked
# by the recipe, so that it sees the CFLAGS given to make, too.
module_ldflags = \
	-module -avoid-version -shared -shrext '$(PYTHON_EXT_SUFFIX)' \
	`$(SHELL) $(top_srcdir)/build-aux/link-flags $(AM_CFLAGS) $(CFLAGS)` \
	$(AM_LDFLAGS)

# libvirtmod

pyexec_LTLIBRARIES += %D%/libvirtmod.la
libvirt_arguments = --module=libvirt --xml='$(LIBVIRT_API_XML)'
libvirtmod_generated = \
	%D%/libvirtmod.c \
	%D%/libvirtmod.h \
	%D%/libvirtmod-connect.c \
	%D%/libvirtmod-domain.c \
	%D%/libvirtmod-events.c \
	$(NULL)
nodist_%C%_libvirtmod_la_SOURCES = $(libvirtmod_generated)
%C%_libvirtmod_la_SOURCES = \
	%D%/connect.c \
	%D%/domain.c \
	%D%/errors.c \
	%D%/eventloop.c \
	%D%/host.c \
	%D%/instances.c \
	%D%/stats.c \
	$(NULL)
%C%_libvirtmod_la_LIBADD = %D%/libvirtutil.la $(LIBVIRT_LIBS) $(MODULE_LIBS)
%C%_libvirtmod_la_LDFLAGS = $(module_ldflags)

# Known before the first compilation has recorded it, so that any single target can be made.
$(%C%_libvirtmod_la_OBJECTS): %D%/libvirtmod.h

generator/libvirtmod.stamp: $(GENERATOR_FILES) $(LIBVIRT_API_XML)
	$(AM_V_GEN)$(GENERATOR) $(libvirt_arguments) --stamp=$@ $(libvirtmod_generated)
$(libvirtmod_generated): generator/libvirtmod.stamp
	@test -f $@ || $(GENERATOR) $(libvirt_arguments) $@
BUILT_FILES += $(libvirtmod_generated)

# libvirtmod_qemu

libvirtmod_qemu_generated = \
	%D%/libvirtmod_qemu.c \
	%D%/libvirtmod_qemu.h \
	$(NULL)
libvirt_qemu_arguments = \
	--module=libvirt_qemu \
	--xml='$(LIBVIRT_QEMU_API_XML)' \
	--base-xml='$(LIBVIRT_API_XML)'
if WITH_QEMU
pyexec_LTLIBRARIES += %D%/libvirtmod_qemu.la
nodist_%C%_libvirtmod_qemu_la_SOURCES = $(libvirtmod_qemu_generated)
%C%_libvirtmod_qemu_la_SOURCES = %D%/qemu.c
%C%_libvirtmod_qemu_la_LIBADD = %D%/libvirtutil.la $(LIBVIRT_QEMU_LIBS) $(MODULE_LIBS)
%C%_libvirtmod_qemu_la_LDFLAGS = $(module_ldflags)

$(%C%_libvirtmod_qemu_la_OBJECTS): %D%/libvirtmod_qemu.h

generator/libvirtmod_qemu.stamp: $(GENERATOR_FILES) $(LIBVIRT_API_XML) $(LIBVIRT_QEMU_API_XML)
	$(AM_V_GEN)$(GENERATOR) $(libvirt_qemu_arguments) --stamp=$@ $(libvirtmod_qemu_generated)
$(libvirtmod_qemu_generated): generator/libvirtmod_qemu.stamp
	@test -f $@ || $(GENERATOR) $(libvirt_qemu_arguments) $@
BUILT_FILES += $(libvirtmod_qemu_generated)
endif

# libvirtmod_lxc

libvirtmod_lxc_generated = \
	%D%/libvirtmod_lxc.c \
	%D%/libvirtmod_lxc.h \
	$(NULL)
libvirt_lxc_arguments = \
	--module=libvirt_lxc \
	--xml='$(LIBVIRT_LXC_API_XML)' \
	--base-xml='$(LIBVIRT_API_XML)'
if WITH_LXC
pyexec_LTLIBRARIES += %D%/libvirtmod_lxc.la
nodist_%C%_libvirtmod_lxc_la_SOURCES = $(libvirtmod_lxc_generated)
%C%_libvirtmod_lxc_la_SOURCES = %D%/lxc.c
%C%_libvirtmod_lxc_la_LIBADD = %D%/libvirtutil.la $(LIBVIRT_LXC_LIBS) $(MODULE_LIBS)
%C%_libvirtmod_lxc_la_LDFLAGS = $(module_ldflags)

$(%C%_libvirtmod_lxc_la_OBJECTS): %D%/libvirtmod_lxc.h

generator/libvirtmod_lxc.stamp: $(GENERATOR_FILES) $(LIBVIRT_API_XML) $(LIBVIRT_LXC_API_XML)
	$(AM_V_GEN)$(GENERATOR) $(libvirt_lxc_arguments) --stamp=$@ $(libvirtmod_lxc_generated)
$(libvirtmod_lxc_generated): generator/libvirtmod_lxc.stamp
	@test -f $@ || $(GENERATOR) $(libvirt_lxc_arguments) $@
BUILT_FILES += $(libvirtmod_lxc_generated)
endif

# libvirtmod_admin

libvirtmod_admin_generated = \
	%D%/libvirtmod_admin.c \
	%D%/libvirtmod_admin.h \
	$(NULL)
libvirt_admin_arguments = \
	--module=libvirt_admin \
	--xml='$(LIBVIRT_ADMIN_API_XML)'
if WITH_ADMIN
pyexec_LTLIBRARIES += %D%/libvirtmod_admin.la
nodist_%C%_libvirtmod_admin_la_SOURCES = $(libvirtmod_admin_generated)
%C%_libvirtmod_admin_la_SOURCES = %D%/admin.c
%C%_libvirtmod_admin_la_LIBADD = %D%/libvirtutil.la $(LIBVIRT_ADMIN_LIBS) $(LIBVIRT_LIBS) $(MODULE_LIBS) $(DL_LIBS)
%C%_libvirtmod_admin_la_LDFLAGS = $(module_ldflags)

$(%C%_libvirtmod_admin_la_OBJECTS): %D%/libvirtmod_admin.h

generator/libvirtmod_admin.stamp: $(GENERATOR_FILES) $(LIBVIRT_ADMIN_API_XML)
	$(AM_V_GEN)$(GENERATOR) $(libvirt_admin_arguments) --stamp=$@ $(libvirtmod_admin_generated)
$(libvirtmod_admin_generated): generator/libvirtmod_admin.stamp
	@test -f $@ || $(GENERATOR) $(libvirt_admin_arguments) $@
BUILT_FILES += $(libvirtmod_admin_generated)
endif

# libtool's own files are of no use to Python. Without them "libtool --mode=uninstall" does not know
# the modules, which are therefore removed by name.
remove-libtool-files:
	@for file in $(pyexec_LTLIBRARIES); do \
	  rm -f "$(DESTDIR)$(pyexecdir)/`basename $$file`"; \
	done

uninstall-modules:
	@for file in $(pyexec_LTLIBRARIES); do \
	  rm -f "$(DESTDIR)$(pyexecdir)/`basename $$file .la`$(PYTHON_EXT_SUFFIX)"; \
	done

.PHONY: remove-libtool-files uninstall-modules
