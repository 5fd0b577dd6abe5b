# Files for Python's own tools: metadata beside the installed modules, and a backend that builds wheels.
# SPDX-License-Identifier: LGPL-2.1-or-later

# There is no RECORD, because a package manager owns the files: without RECORD pip refuses to remove them, and shows
# INSTALLER. The metadata do not depend on Python's version or on the machine, so that several builds can share them.
distinfodir = $(pyexecdir)/libvirt_python-$(VERSION).dist-info
distinfolicensesdir = $(distinfodir)/licenses
distinfo_DATA = \
	%D%/INSTALLER \
	%D%/METADATA \
	%D%/top_level.txt \
	$(NULL)
dist_distinfolicenses_DATA = COPYING
CLEANFILES += $(distinfo_DATA)
EXTRA_DIST += \
	%D%/METADATA.in \
	%D%/alpine/APKBUILD \
	%D%/arch/PKGBUILD \
	%D%/backend.py \
	%D%/debian/changelog \
	%D%/debian/control \
	%D%/debian/copyright \
	%D%/debian/rules \
	%D%/debian/source/format \
	%D%/debian/tests/control \
	%D%/gentoo/libvirt-python-12.8.0.ebuild \
	%D%/gentoo/metadata.xml \
	%D%/nix/default.nix \
	%D%/rpm/libvirt-python.rpmlintrc \
	%D%/rpm/libvirt-python.spec \
	%D%/yocto/libvirt-python/run-ptest \
	%D%/yocto/libvirt-python_12.8.0.bb \
	pyproject.toml \
	$(NULL)

%D%/METADATA: %D%/METADATA.in README.md Makefile
	$(AM_V_GEN)$(MKDIR_P) %D% && \
	{ sed 's/@VERSION''@/$(VERSION)/' $(srcdir)/%D%/METADATA.in && cat $(srcdir)/README.md; } >$@.tmp && mv $@.tmp $@

%D%/INSTALLER: Makefile
	$(AM_V_GEN)$(MKDIR_P) %D% && echo '$(INSTALLER)' >$@.tmp && mv $@.tmp $@

%D%/top_level.txt: Makefile
	$(AM_V_GEN)$(MKDIR_P) %D% && \
	for file in $(pyexec_DATA) $(modules); do basename $${file%.*}; done | LC_ALL=C sort >$@.tmp && \
	mv $@.tmp $@

uninstall-metadata:
	@rmdir "$(DESTDIR)$(distinfolicensesdir)" "$(DESTDIR)$(distinfodir)" 2>/dev/null || :

.PHONY: uninstall-metadata
