# Measurements. What they need is built only for them.
# SPDX-License-Identifier: LGPL-2.1-or-later

# The program that is the limit.
EXTRA_PROGRAMS = %D%/limit/limit
%C%_limit_limit_SOURCES = \
	%D%/limit/calls.c \
	%D%/limit/events.c \
	%D%/limit/limit.c \
	%D%/limit/limit.h \
	%D%/limit/streams.c \
	%D%/limit/threads.c \
	$(NULL)
# Without what the modules are built with beside CFLAGS: it has to stand for any program.
%C%_limit_limit_CFLAGS = $(WARN_CFLAGS) -pthread
%C%_limit_limit_LDFLAGS = -pthread
%C%_limit_limit_LDADD = $(LIBVIRT_LIBS)

# Never linked to, nor installed; libtool wants a run path all the same.
EXTRA_LTLIBRARIES = \
	%D%/libinstant.la \
	%D%/loading.la \
	$(NULL)
bench_ldflags = -module -avoid-version -shared -rpath $(abs_builddir)/%D%
%C%_libinstant_la_SOURCES = %D%/instant.c
%C%_libinstant_la_CFLAGS = $(WARN_CFLAGS)
%C%_libinstant_la_LDFLAGS = $(bench_ldflags)
%C%_loading_la_SOURCES = %D%/loading.c
%C%_loading_la_CFLAGS = $(WARN_CFLAGS)
%C%_loading_la_LDFLAGS = $(bench_ldflags) -shrext '$(PYTHON_EXT_SUFFIX)'
%C%_loading_la_LIBADD = $(DL_LIBS)

EXTRA_DIST += \
	%D%/build/run \
	%D%/build/setup.py \
	%D%/cases/calls.py \
	%D%/cases/counted.py \
	%D%/cases/events.py \
	%D%/cases/importing.py \
	%D%/cases/streams.py \
	%D%/cases/threads.py \
	%D%/cases/timing.py \
	%D%/catalogue.py \
	%D%/chart.py \
	%D%/compare.py \
	%D%/instructions \
	%D%/run \
	%D%/sides.py \
	%D%/table.py \
	$(NULL)

CLEANFILES += $(EXTRA_PROGRAMS) $(EXTRA_LTLIBRARIES)

bench-programs: $(EXTRA_PROGRAMS) $(EXTRA_LTLIBRARIES)

# BENCH_FLAGS are arguments of bench/run, such as --quick.
bench: all bench-programs
	CC='$(CC)' $(PYTHON) $(srcdir)/%D%/run --build '$(abs_builddir)' $(BENCH_FLAGS)

# What does not depend on the load of the machine; with valgrind.
bench-instructions: all bench-programs
	$(PYTHON) $(srcdir)/%D%/instructions --build '$(abs_builddir)' $(BENCH_FLAGS)

.PHONY: bench bench-instructions bench-programs
