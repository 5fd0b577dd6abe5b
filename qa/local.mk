# The tools that judge the project: their tests, and the targets that start the tools.
# SPDX-License-Identifier: LGPL-2.1-or-later

QA_TESTS = \
	%D%/test_fuzz.py \
	%D%/test_soak.py \
	$(NULL)
QA_FILES = \
	%D%/README.md \
	%D%/conftest.py \
	%D%/coverage/exclusions \
	%D%/coverage/run \
	%D%/freethreaded/run \
	%D%/lint \
	%D%/matrix/run \
	%D%/mutate/attribution.py \
	%D%/mutate/build.py \
	%D%/mutate/csource.py \
	%D%/mutate/equivalent.py \
	%D%/mutate/operators.py \
	%D%/mutate/probe.py \
	%D%/mutate/run \
	%D%/packaging/arch \
	%D%/packaging/chroot.py \
	%D%/packaging/cross \
	%D%/packaging/debian \
	%D%/packaging/fedora.macros \
	%D%/packaging/makepkg.conf \
	%D%/packaging/pip \
	%D%/packaging/portable \
	%D%/packaging/recipes \
	%D%/packaging/release \
	%D%/packaging/reproducible \
	%D%/packaging/rpm \
	%D%/packaging/scale \
	%D%/packaging/standins/abuild.sh \
	%D%/packaging/standins/bitbake.py \
	%D%/packaging/standins/nixpkgs.nix \
	%D%/packaging/standins/portage.bash \
	%D%/packaging/standins/stdenv.bash \
	%D%/packaging/tarball.py \
	%D%/sanitize/checking.py \
	%D%/sanitize/leaks \
	%D%/sanitize/run \
	%D%/sanitize/valgrind \
	%D%/soak/events.py \
	%D%/soak/threads.py \
	%D%/static/run \
	%D%/stress \
	$(NULL)
EXTRA_DIST += $(QA_TESTS) $(QA_FILES)

# The short forms of the fuzzer and of the load programs. They also check that the fuzzer notices failures.
check-qa: all $(check_DATA)
	PYTHONDONTWRITEBYTECODE=1 $(RUN_TESTS) $(QA_TESTS)

# Tools that are not installed are skipped.
check-static: all
	$(PYTHON) $(srcdir)/%D%/static/run --build '$(abs_builddir)'
	test ! -e $(srcdir)/.clang-format || $(srcdir)/%D%/lint

# Builds in a subdirectory of this build. CALLS is the number of calls of each function.
CALLS = 400
check-leaks: all
	$(PYTHON) $(srcdir)/%D%/sanitize/leaks --build-dir '$(abs_builddir)/debug-python' --calls $(CALLS)

# RELEASE_CHECK_FLAGS=--rehearsal leaves out the checks that can only pass on the day of a release.
release-check:
	$(PYTHON) $(srcdir)/%D%/packaging/release --build '$(abs_builddir)' $(RELEASE_CHECK_FLAGS)

.PHONY: check-leaks check-qa check-static release-check
