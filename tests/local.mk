# The tests, under Automake's parallel harness; each file is one test there.
# SPDX-License-Identifier: LGPL-2.1-or-later

TEST_FILES = \
	%D%/test_admin.py \
	%D%/test_aio.py \
	%D%/test_aio_loops.py \
	%D%/test_api.py \
	%D%/test_arguments.py \
	%D%/test_auth.py \
	%D%/test_close.py \
	%D%/test_coverage_report.py \
	%D%/test_differential.py \
	%D%/test_doctored.py \
	%D%/test_enums.py \
	%D%/test_error_classes.py \
	%D%/test_errors.py \
	%D%/test_event_arguments.py \
	%D%/test_event_exceptions.py \
	%D%/test_event_impl.py \
	%D%/test_event_legacy.py \
	%D%/test_event_loans.py \
	%D%/test_event_memory.py \
	%D%/test_event_nomemory.py \
	%D%/test_event_registration.py \
	%D%/test_event_streams.py \
	%D%/test_eventloop.py \
	%D%/test_events.py \
	%D%/test_examples.py \
	%D%/test_exit.py \
	%D%/test_fake_more.py \
	%D%/test_fork.py \
	%D%/test_generator_apixml.py \
	%D%/test_generator_cli.py \
	%D%/test_generator_constants.py \
	%D%/test_generator_docstrings.py \
	%D%/test_generator_events.py \
	%D%/test_generator_fragments.py \
	%D%/test_generator_module.py \
	%D%/test_generator_naming.py \
	%D%/test_generator_output.py \
	%D%/test_generator_rows.py \
	%D%/test_generator_shapes.py \
	%D%/test_generator_stubs.py \
	%D%/test_handles.py \
	%D%/test_inference.py \
	%D%/test_instances.py \
	%D%/test_interpreters.py \
	%D%/test_lxc.py \
	%D%/test_module.py \
	%D%/test_newer.py \
	%D%/test_repr.py \
	%D%/test_security.py \
	%D%/test_site.py \
	%D%/test_stats.py \
	%D%/test_streams.py \
	%D%/test_stubs.py \
	%D%/test_threads.py \
	$(NULL)
BUILD_TESTS = \
	%D%/build/test_compile_once.py \
	%D%/build/test_configure_errors.py \
	%D%/build/test_install.py \
	%D%/build/test_install_options.py \
	%D%/build/test_interrupted.py \
	%D%/build/test_links.py \
	%D%/build/test_metadata.py \
	%D%/build/test_sysroot.py \
	%D%/build/test_tarball.py \
	%D%/build/test_two_builds.py \
	%D%/build/test_wheel.py \
	$(NULL)
TEST_SUPPORT = \
	%D%/api/11.3.0.json \
	%D%/api/12.8.0.json \
	%D%/api/9.0.0.json \
	%D%/api/csource.py \
	%D%/api/descriptions.py \
	%D%/api/differential/connect.calls \
	%D%/api/differential/devices.calls \
	%D%/api/differential/domain.calls \
	%D%/api/differential/network.calls \
	%D%/api/differential/run.py \
	%D%/api/differential/snapshots.calls \
	%D%/api/differential/storage.calls \
	%D%/api/doctored/odd.c \
	%D%/api/doctored/odd.h \
	%D%/api/facts.py \
	%D%/api/newer.xml \
	%D%/build/buildtree.py \
	%D%/build/conftest.py \
	%D%/build/installed.py \
	%D%/build/toollog.py \
	%D%/checkers.py \
	%D%/conftest.py \
	%D%/data/libvirt-thing.c \
	%D%/data/libvirt-thing.h \
	%D%/fixturetypes.py \
	%D%/installcheck.py \
	%D%/runner.py \
	%D%/typehints.py \
	%D%/typing/good.py \
	%D%/typing/wrong.py \
	$(NULL)
EXTRA_DIST += $(TEST_FILES) $(BUILD_TESTS) $(TEST_SUPPORT)

# What is built for another machine cannot be tried on this one.
if !CROSS_COMPILING
TESTS += $(TEST_FILES)
endif

TEST_EXTENSIONS = .py
PY_LOG_COMPILER = $(top_builddir)/run $(PYTHON)
AM_PY_LOG_FLAGS = $(srcdir)/%D%/runner.py
# A test that runs make must not take part in the jobs of this one.
AM_TESTS_ENVIRONMENT = \
	unset MAKEFLAGS MFLAGS MAKELEVEL; \
	abs_top_srcdir='$(abs_top_srcdir)'; \
	abs_top_builddir='$(abs_top_builddir)'; \
	PYTHON='$(PYTHON)'; \
	CC='$(CC)'; \
	PYTHONDONTWRITEBYTECODE=1; \
	export abs_top_srcdir abs_top_builddir PYTHON CC PYTHONDONTWRITEBYTECODE;

# Those of the build itself, which configure and make again and again: of use to who changes the build, not to who
# builds a package. BUILD=tests/build/test_x.py is one of them.
check-build: all
	$(MAKE) check-TESTS TESTS='$(if $(BUILD),$(BUILD),$(BUILD_TESTS))' TEST_SUITE_LOG=tests/build/test-suite.log

.PHONY: check-build

# What has been installed must be enough: nothing of the build tree is looked at.
check-installed:
if !CROSS_COMPILING
	PYTHONPATH="$(DESTDIR)$(pyexecdir)" $(PYTHON) -s $(srcdir)/%D%/installcheck.py "$(DESTDIR)$(pyexecdir)" '$(VERSION)' \
	  `for file in $(pyexec_DATA) $(modules); do basename $${file%.*}; done`
endif

.PHONY: check-installed
