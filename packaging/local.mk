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
	%D%/alpine/APKBUILD.in \
	%D%/arch/PKGBUILD.in \
	%D%/backend.py \
	%D%/debian/changelog.in \
	%D%/debian/control.in \
	%D%/debian/copyright.in \
	%D%/debian/rules \
	%D%/debian/source/format \
	%D%/debian/tests/control \
	%D%/debian/upstream/metadata.in \
	%D%/debian/watch.in \
	%D%/gentoo/libvirt-python.ebuild.in \
	%D%/gentoo/metadata.xml.in \
	%D%/nix/default.nix.in \
	%D%/project.py \
	%D%/release.py \
	%D%/rpm/libvirt-python-autotools.rpmlintrc.in \
	%D%/rpm/libvirt-python-autotools.spec.in \
	%D%/yocto/libvirt-python-autotools.bb.in \
	%D%/yocto/libvirt-python-autotools/run-ptest \
	pyproject.toml \
	$(NULL)

%D%/METADATA: %D%/project.py README.md pyproject.toml
	$(AM_V_GEN)$(MKDIR_P) %D% && $(PYTHON) $(srcdir)/%D%/project.py metadata >$@.tmp && mv $@.tmp $@

recipes:
	rm -rf recipes
	$(PYTHON) $(srcdir)/%D%/project.py recipes recipes

%D%/INSTALLER: Makefile
	$(AM_V_GEN)$(MKDIR_P) %D% && echo '$(INSTALLER)' >$@.tmp && mv $@.tmp $@

%D%/top_level.txt: Makefile
	$(AM_V_GEN)$(MKDIR_P) %D% && \
	for file in $(pyexec_DATA) $(modules); do basename $${file%.*}; done | LC_ALL=C sort >$@.tmp && \
	mv $@.tmp $@

uninstall-metadata:
	@rmdir "$(DESTDIR)$(distinfolicensesdir)" "$(DESTDIR)$(distinfodir)" 2>/dev/null || :

# RELEASE_FLAGS is either --rehearsal or --key=KEY.
release:
	$(PYTHON) $(srcdir)/%D%/release.py --build '$(abs_builddir)' $(RELEASE_FLAGS)

clean-release:
	rm -rf recipes release

.PHONY: clean-release recipes release uninstall-metadata
