# The tests, under Automake's parallel harness; each file is one test there.
# SPDX-License-Identifier: LGPL-2.1-or-later

TEST_FILES = \
	$(NULL)
EXTRA_DIST += $(TEST_FILES) %D%/runner.py

# What is built for another machine cannot be tried on this one.
if !CROSS_COMPILING
TESTS += $(TEST_FILES)
endif

TEST_EXTENSIONS = .py
PY_LOG_COMPILER = $(top_builddir)/run $(PYTHON)
AM_PY_LOG_FLAGS = $(srcdir)/%D%/runner.py
AM_TESTS_ENVIRONMENT = \
	abs_top_srcdir='$(abs_top_srcdir)'; \
	abs_top_builddir='$(abs_top_builddir)'; \
	PYTHON='$(PYTHON)'; \
	CC='$(CC)'; \
	PYTHONDONTWRITEBYTECODE=1; \
	export abs_top_srcdir abs_top_builddir PYTHON CC PYTHONDONTWRITEBYTECODE;
