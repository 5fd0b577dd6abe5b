# Benchmarks. The programs that they need are built only for them.
# SPDX-License-Identifier: LGPL-2.1-or-later

# These programs stand for any program, so they get only CFLAGS and not the other flags of the modules. One command
# builds each of them from all of its sources.
bench_compile = \
	$(AM_V_GEN)$(MKDIR_P) $(@D) && $(CC) $(DEFS) $(DEFAULT_INCLUDES) $(AM_CPPFLAGS) $(CPPFLAGS) \
	$(WARN_CFLAGS) -pthread $(CFLAGS) $(LDFLAGS) -o $@
bench_programs = \
	%D%/libinstant.so \
	%D%/limit/limit \
	%D%/loading.so \
	%D%/floor/libvirtmod.so \
	%D%/floor/libvirt.py \
	$(NULL)
CLEANFILES += $(bench_programs)

# The plain C program, which is the limit.
limit_c = %D%/limit/calls.c %D%/limit/events.c %D%/limit/limit.c %D%/limit/streams.c %D%/limit/threads.c
EXTRA_DIST += $(limit_c) %D%/limit/limit.h
%D%/limit/limit: $(limit_c) %D%/limit/limit.h
	$(bench_compile) `$(in_srcdir) $(limit_c)` $(LIBVIRT_LIBS)

# A libvirt whose functions return at once, and a module that only loads libvirt.
EXTRA_DIST += %D%/instant.c %D%/loading.c
%D%/libinstant.so: %D%/instant.c
	$(bench_compile) $(PIC_CFLAGS) -shared `$(in_srcdir) %D%/instant.c`
%D%/loading.so: %D%/loading.c
	$(bench_compile) $(PIC_CFLAGS) $(MODULE_LDFLAGS) `$(in_srcdir) %D%/loading.c` $(MODULE_LIBS) $(DL_LIBS)

# The least that any bindings can do, for some calls.
EXTRA_DIST += %D%/floor/floor.c %D%/floor/floor.py
%D%/floor/libvirtmod.so: %D%/floor/floor.c
	$(bench_compile) $(PIC_CFLAGS) $(MODULE_LDFLAGS) `$(in_srcdir) %D%/floor/floor.c` $(MODULE_LIBS) $(LIBVIRT_LIBS)
%D%/floor/libvirt.py: %D%/floor/floor.py
	$(AM_V_GEN)$(MKDIR_P) $(@D) && cp $(srcdir)/%D%/floor/floor.py $@.tmp && mv $@.tmp $@

EXTRA_DIST += \
	%D%/build \
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
	%D%/iteration \
	%D%/run \
	%D%/sides.py \
	%D%/table.py \
	$(NULL)

bench-programs: $(bench_programs)

# BENCH_FLAGS are arguments of bench/run, for example --quick.
bench: all bench-programs
	CC='$(CC)' $(PYTHON) $(srcdir)/%D%/run --build '$(abs_builddir)' $(BENCH_FLAGS)

# Counts instructions, which do not depend on the load of the machine. Needs valgrind.
bench-instructions: all bench-programs
	$(PYTHON) $(srcdir)/%D%/instructions --build '$(abs_builddir)' $(BENCH_FLAGS)

.PHONY: bench bench-instructions bench-programs
