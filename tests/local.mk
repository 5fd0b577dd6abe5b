# The tests, which tests/runner.py runs. README.md says where each subject is tested.
# SPDX-License-Identifier: LGPL-2.1-or-later

# What a packager needs to know: whether the modules work with this libvirt, this compiler and this Python.
TEST_FILES = \
	%D%/test_admin.py \
	%D%/test_aio.py \
	%D%/test_aio_events.py \
	%D%/test_aio_handles.py \
	%D%/test_aio_loops.py \
	%D%/test_aio_threads.py \
	%D%/test_aio_timers.py \
	%D%/test_api.py \
	%D%/test_arguments.py \
	%D%/test_auth.py \
	%D%/test_close.py \
	%D%/test_embedding.py \
	%D%/test_enums.py \
	%D%/test_error_classes.py \
	%D%/test_errors.py \
	%D%/test_event_arguments.py \
	%D%/test_event_exceptions.py \
	%D%/test_event_impl.py \
	%D%/test_event_legacy.py \
	%D%/test_event_loans.py \
	%D%/test_event_memory.py \
	%D%/test_event_model.py \
	%D%/test_event_nomemory.py \
	%D%/test_event_registration.py \
	%D%/test_event_streams.py \
	%D%/test_eventloop.py \
	%D%/test_events.py \
	%D%/test_events_iteration.py \
	%D%/test_examples.py \
	%D%/test_exit.py \
	%D%/test_fake_functions.py \
	%D%/test_fake_more.py \
	%D%/test_fake_nomemory.py \
	%D%/test_fake_values.py \
	%D%/test_fork.py \
	%D%/test_handles.py \
	%D%/test_instances.py \
	%D%/test_interpreters.py \
	%D%/test_lxc.py \
	%D%/test_module.py \
	%D%/test_races.py \
	%D%/test_repr.py \
	%D%/test_security.py \
	%D%/test_stats.py \
	%D%/test_streams.py \
	%D%/test_text_arguments.py \
	%D%/test_threads.py \
	%D%/test_types.py \
	$(NULL)
# Further tests for contributors: they give the same result on every machine, or take long.
FULL_TEST_FILES = \
	%D%/generator/test_apixml.py \
	%D%/generator/test_backtest.py \
	%D%/generator/test_cli.py \
	%D%/generator/test_constants.py \
	%D%/generator/test_coverage_report.py \
	%D%/generator/test_docstring_texts.py \
	%D%/generator/test_docstrings.py \
	%D%/generator/test_doctored.py \
	%D%/generator/test_event_plans.py \
	%D%/generator/test_fourth_module.py \
	%D%/generator/test_fragments.py \
	%D%/generator/test_inference.py \
	%D%/generator/test_keys.py \
	%D%/generator/test_layout.py \
	%D%/generator/test_module_lists.py \
	%D%/generator/test_naming.py \
	%D%/generator/test_newer.py \
	%D%/generator/test_output.py \
	%D%/generator/test_outside.py \
	%D%/generator/test_parameters.py \
	%D%/generator/test_rows.py \
	%D%/generator/test_signatures.py \
	%D%/generator/test_static_names.py \
	%D%/generator/test_stub_types.py \
	%D%/generator/test_types_module.py \
	%D%/test_differential.py \
	%D%/test_fake_faults.py \
	%D%/test_fake_leaks.py \
	%D%/test_fake_peer.py \
	%D%/test_harness.py \
	%D%/test_leaks.py \
	%D%/test_project.py \
	%D%/test_release.py \
	%D%/test_site.py \
	%D%/test_stubs.py \
	%D%/test_type_hints.py \
	$(NULL)
BUILD_TESTS = \
	%D%/build/test_compile_once.py \
	%D%/build/test_configure_errors.py \
	%D%/build/test_install.py \
	%D%/build/test_install_options.py \
	%D%/build/test_interrupted.py \
	%D%/build/test_links.py \
	%D%/build/test_metadata.py \
	%D%/build/test_new_module.py \
	%D%/build/test_quickstart.py \
	%D%/build/test_sysroot.py \
	%D%/build/test_tarball.py \
	%D%/build/test_two_builds.py \
	%D%/build/test_wheel.py \
	$(NULL)
TEST_SUPPORT = \
	%D%/README.md \
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
	%D%/aioprograms.py \
	%D%/checkers.py \
	%D%/conftest.py \
	%D%/data/libvirt-thing-api.xml \
	%D%/data/libvirt-thing.c \
	%D%/data/libvirt-thing.h \
	%D%/fixturetypes.py \
	%D%/generator/backtest.py \
	%D%/forkserver.py \
	%D%/installcheck.py \
	%D%/runner.py \
	%D%/template.py \
	%D%/typehints.py \
	%D%/typing/good.py \
	%D%/typing/public.py \
	%D%/typing/wrong.py \
	$(NULL)
EXTRA_DIST += $(TEST_FILES) $(FULL_TEST_FILES) $(BUILD_TESTS) $(TEST_SUPPORT)

# $(srcdir) has the tests and the build directory has what was built; compiled Python files are kept there, too.
RUN_TESTS = \
	abs_top_srcdir='$(abs_top_srcdir)' abs_top_builddir='$(abs_top_builddir)' PYTHON='$(PYTHON)' CC='$(CC)' \
	$(top_builddir)/run $(PYTHON) $(srcdir)/%D%/runner.py

# "make check TESTS=tests/test_x.py" runs one file; an empty TESTS only builds what the tests need.
check-local:
if CROSS_COMPILING
	@echo "make check: no tests, since what is built for another machine cannot run on this one"
else
	@PYTHONDONTWRITEBYTECODE= PYTHONPYCACHEPREFIX='$(abs_builddir)/%D%/bytecode' \
	  $(RUN_TESTS) $${TESTS-$(TEST_FILES)}
endif

# All tests, with the full number of rounds where "make check" runs only some.
check-full:
	@LIBVIRT_PYTHON_FULL=1 TESTS="$${TESTS-$(TEST_FILES) $(FULL_TEST_FILES)}" $(MAKE) check

# Tests of the build itself, which run configure and make many times. They are for people who change the build, not for
# packagers. "make check-build BUILD=tests/build/test_x.py" runs one file.
check-build: all
	PYTHONDONTWRITEBYTECODE=1 $(RUN_TESTS) $${BUILD-$(BUILD_TESTS)}

# Show what inference would have made of the functions that libvirt added after each release.
backtest:
	@abs_top_builddir='$(abs_top_builddir)' PYTHONPATH='$(abs_top_srcdir):$(srcdir)/%D%' PYTHONDONTWRITEBYTECODE=1 \
	  $(PYTHON) -s $(srcdir)/%D%/generator/backtest.py

clean-tests:
	rm -rf %D%/bytecode %D%/*.log %D%/*/*.log

.PHONY: backtest check-build check-full clean-tests

# Check that the installed files are sufficient, without using the build tree.
check-installed:
if !CROSS_COMPILING
	PYTHONPATH="$(DESTDIR)$(pyexecdir)" $(PYTHON) -s $(srcdir)/%D%/installcheck.py "$(DESTDIR)$(pyexecdir)" '$(VERSION)' \
	  `for file in $(pyexec_DATA) $(modules); do basename $${file%.*}; done`
endif

.PHONY: check-installed
