# The extension modules. Shared sources are compiled once, into a convenience library.
# SPDX-License-Identifier: LGPL-2.1-or-later

include %D%/libvirtutil.mk
noinst_LTLIBRARIES += %D%/libvirtutil.la
%C%_libvirtutil_la_SOURCES = $(LIBVIRTUTIL_C) $(LIBVIRTUTIL_H)

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

# The others have their rules in Makefile.
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
