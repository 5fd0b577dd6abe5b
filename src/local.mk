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

# libtool puts the archive of a convenience library here. The modules are linked by the compiler itself: the archive
# holds position-independent objects, and a Python module needs nothing else that libtool knows.
libvirtutil = %D%/$(objdir)/libvirtutil.a
$(libvirtutil): %D%/libvirtutil.la
	@test -f $@

# A module has no version, no SONAME, no run path, and does not link libpython. The compiler gets all flags, since with
# LTO the link compiles; ours come last, since distributions ask for position-independent programs in theirs. Any Python
# imports NAME.so; it is installed under the name for one Python.
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
# The generated files include them.
EXTRA_DIST += \
	%D%/connect.c \
	%D%/domain.c \
	%D%/errorhandler.c \
	%D%/eventloop.c \
	%D%/host.c \
	%D%/wrap.c \
	%D%/stats.c \
	$(NULL)

# Known before the first compilation has recorded it, so that any single target can be made.
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
