# The extension modules. Shared sources are compiled once, into a convenience library.
# SPDX-License-Identifier: LGPL-2.1-or-later

include %D%/libvirtutil.mk
noinst_LTLIBRARIES += %D%/libvirtutil.la
%C%_libvirtutil_la_SOURCES = $(LIBVIRTUTIL_C) $(LIBVIRTUTIL_H)

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
modules = %D%/libvirtmod.so $(MODULES:%=%D%/libvirtmod_%.so)
noinst_PROGRAMS += %D%/libvirtmod.so

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
	%D%/auth.c \
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

# configure adds the rules of the other modules to Makefile.
EXTRA_DIST += $(MODULE_BODIES)
CLEANFILES += $(MODULES:%=%D%/libvirtmod_%.so)
DISTCLEANFILES += $(MODULES:%=%D%/$(DEPDIR)/libvirtmod_%.Po)

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
