# The fuzzer of calls, and the libFuzzer target for conversions. No other target builds or runs them.
# SPDX-License-Identifier: LGPL-2.1-or-later

EXTRA_DIST += \
	%D%/__init__.py \
	%D%/conversions.c \
	%D%/hostile.py \
	%D%/mutation.py \
	%D%/oracle.py \
	%D%/run \
	%D%/run-conversions \
	%D%/targets.py \
	%D%/worker.py \
	$(NULL)

# FUZZ_FLAGS are arguments of qa/fuzz/run, for example --seed 7 --calls 1000.
fuzz: all $(check_DATA)
	abs_top_builddir='$(abs_top_builddir)' $(top_builddir)/run $(PYTHON) $(srcdir)/%D%/run $(FUZZ_FLAGS)

# FUZZ_CONVERSIONS_FLAGS are options of libFuzzer.
FUZZ_SECONDS = 60
fuzz-conversions: all
	CPPFLAGS='$(DEFS) $(DEFAULT_INCLUDES) $(AM_CPPFLAGS) $(CPPFLAGS)' LIBS='$(LIBVIRT_LIBS)' PYTHON='$(PYTHON)' \
	  $(srcdir)/%D%/run-conversions $(FUZZ_SECONDS) $(FUZZ_CONVERSIONS_FLAGS)

fuzz-clean:
	rm -rf %D%/conversions.bin %D%/corpus

.PHONY: fuzz fuzz-clean fuzz-conversions
