# The extension modules. Shared sources are compiled once, into a convenience library.
# SPDX-License-Identifier: LGPL-2.1-or-later

noinst_LTLIBRARIES += %D%/libvirtutil.la
%C%_libvirtutil_la_SOURCES = \
	%D%/callbacks.c \
	%D%/callbacks.h \
	%D%/calls.c \
	%D%/calls.h \
	%D%/errorrecord.c \
	%D%/errorrecord.h \
	%D%/handles.c \
	%D%/handles.h \
	%D%/libvirt-utils.c \
	%D%/libvirt-utils.h \
	%D%/pycompat.h \
	%D%/threads.c \
	%D%/threads.h \
	%D%/typedparams.c \
	%D%/typedparams.h \
	%D%/typewrappers.c \
	%D%/typewrappers.h \
	$(NULL)

# The archive that libtool creates for the convenience library. The modules are linked with the compiler, not with
# libtool: the archive contains position-independent objects, and a Python module needs nothing else from libtool.
libvirtutil = %D%/$(objdir)/libvirtutil.a
$(libvirtutil): %D%/libvirtutil.la
	@test -f $@

# A module has no version, no SONAME and no run path, and is not linked with libpython. The link gets all compiler
# flags, because with LTO it compiles. Our flags come last, because distributions put flags for position-independent
# programs into theirs. In the build tree a module is NAME.so, which every Python imports; the installed file has the
# suffix of one Python.
module_link = \
	$(CC) $(AM_CFLAGS) $(CFLAGS) $(AM_LDFLAGS) $(LDFLAGS) $(PIC_CFLAGS) $(MODULE_LDFLAGS) -o $@
modules = %D%/libvirtmod.so
noinst_PROGRAMS += $(modules)

# libvirtmod

libvirtmod_generated = \
	%D%/libvirtmod.c \
	%D%/libvirtmod.h \
	%D%/libvirtmod-connect.c \
	%D%/libvirtmod-domain.c \
	%D%/libvirtmod-objects.c \
	$(NULL)
nodist_%C%_libvirtmod_so_SOURCES = $(libvirtmod_generated)
%C%_libvirtmod_so_LDADD = $(libvirtutil) $(LIBVIRT_LIBS) $(MODULE_LIBS)
%C%_libvirtmod_so_LINK = $(module_link)
# Generated files include these sources.
EXTRA_DIST += \
	%D%/connect.c \
	%D%/domain.c \
	%D%/errorhandler.c \
	%D%/eventloop.c \
	%D%/host.c \
	%D%/wrap.c \
	%D%/stats.c \
	$(NULL)

# Dependencies that the first compilation has not recorded yet, so that you can make any single target.
$(%C%_libvirtmod_so_OBJECTS): %D%/libvirtmod.h

# libvirtmod_qemu

libvirtmod_qemu_generated = %D%/libvirtmod_qemu.c %D%/libvirtmod_qemu.h
EXTRA_DIST += %D%/qemu.c
if WITH_QEMU
modules += %D%/libvirtmod_qemu.so
nodist_%C%_libvirtmod_qemu_so_SOURCES = $(libvirtmod_qemu_generated)
%C%_libvirtmod_qemu_so_LDADD = $(libvirtutil) $(LIBVIRT_QEMU_LIBS) $(MODULE_LIBS)
%C%_libvirtmod_qemu_so_LINK = $(module_link)
$(%C%_libvirtmod_qemu_so_OBJECTS): %D%/libvirtmod_qemu.h
endif

# libvirtmod_lxc

libvirtmod_lxc_generated = %D%/libvirtmod_lxc.c %D%/libvirtmod_lxc.h
EXTRA_DIST += %D%/lxc.c
if WITH_LXC
modules += %D%/libvirtmod_lxc.so
nodist_%C%_libvirtmod_lxc_so_SOURCES = $(libvirtmod_lxc_generated)
%C%_libvirtmod_lxc_so_LDADD = $(libvirtutil) $(LIBVIRT_LXC_LIBS) $(MODULE_LIBS)
%C%_libvirtmod_lxc_so_LINK = $(module_link)
$(%C%_libvirtmod_lxc_so_OBJECTS): %D%/libvirtmod_lxc.h
endif

# libvirtmod_admin

libvirtmod_admin_generated = %D%/libvirtmod_admin.c %D%/libvirtmod_admin.h
EXTRA_DIST += %D%/admin.c
if WITH_ADMIN
modules += %D%/libvirtmod_admin.so
nodist_%C%_libvirtmod_admin_so_SOURCES = $(libvirtmod_admin_generated)
%C%_libvirtmod_admin_so_LDADD = $(libvirtutil) $(LIBVIRT_ADMIN_LIBS) $(LIBVIRT_LIBS) $(MODULE_LIBS) $(DL_LIBS)
%C%_libvirtmod_admin_so_LINK = $(module_link)
$(%C%_libvirtmod_admin_so_OBJECTS): %D%/libvirtmod_admin.h
endif

install-modules: $(modules)
	@$(MKDIR_P) "$(DESTDIR)$(pyexecdir)"
	@for file in $(modules); do \
	  installed="$(DESTDIR)$(pyexecdir)/`basename $$file .so`$(PYTHON_EXT_SUFFIX)"; \
	  echo " $(INSTALL_PROGRAM) $$file '$$installed'"; \
	  $(INSTALL_PROGRAM) $$file "$$installed" || exit; \
	done

uninstall-modules:
	@for file in $(modules); do \
	  rm -f "$(DESTDIR)$(pyexecdir)/`basename $$file .so`$(PYTHON_EXT_SUFFIX)"; \
	done

.PHONY: install-modules uninstall-modules
