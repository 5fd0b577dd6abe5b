# The libraries that tests preload.
# SPDX-License-Identifier: LGPL-2.1-or-later

# "preload_link SOURCES LIBRARIES" builds a library from all of its sources with one command. It uses neither the flags
# that hide symbols nor those of sanitizers, because the libraries must export their functions, and are also preloaded
# into programs without a sanitizer. Tail calls are not optimized, so that an allocation in the last call of a function
# is not attributed to its caller. -O0, because optimizing takes longer than the tests would save; the C library warns
# that _FORTIFY_SOURCE does nothing then, and -Wno-cpp hides that.
preload_link = \
	$(AM_V_GEN)$(MKDIR_P) $(@D) && $(CC) $(DEFS) $(DEFAULT_INCLUDES) $(AM_CPPFLAGS) $(CPPFLAGS) \
	$(WARN_CFLAGS) -fno-optimize-sibling-calls -pthread $(CFLAGS) -O0 -Wno-cpp $(LDFLAGS) $(PIC_CFLAGS) -shared -o $@
preload_libs = $(LIBVIRT_LIBS) -ldl
in_srcdir = printf '$(srcdir)/%s '
check_DATA += \
	%D%/libfake.so \
	%D%/libfakeevents.so \
	%D%/libfreed.so \
	%D%/libnomemory.so \
	$(NULL)
CLEANFILES += %D%/*.so

# A fake of all of libvirt except events.
libfake_c = \
	%D%/fake_control.c \
	%D%/fake_cpus.c \
	%D%/fake_data.c \
	%D%/fake_drivers.c \
	%D%/fake_handles.c \
	%D%/fake_inputs.c \
	%D%/fake_names.c \
	%D%/fake_params.c \
	%D%/fake_plain_domain.c \
	%D%/fake_plain_others.c \
	%D%/fake_structs.c \
	$(NULL)
EXTRA_DIST += $(libfake_c) %D%/fake.h %D%/fake_admin.c %D%/fake_plain.h
if WITH_ADMIN
libfake_c += %D%/fake_admin.c
endif
%D%/libfake.so: $(libfake_c) %D%/fake.h %D%/fake_plain.h
	$(preload_link) `$(in_srcdir) $(libfake_c)` $(preload_libs)

# A fake of events, streams and authentication. All other functions are the real ones.
libfakeevents_c = %D%/fake_event_data.c %D%/fake_events.c %D%/fake_streaming.c
EXTRA_DIST += $(libfakeevents_c) %D%/fake_events.h
%D%/libfakeevents.so: $(libfakeevents_c) %D%/fake_events.h
	$(preload_link) `$(in_srcdir) $(libfakeevents_c)` $(preload_libs)

# Makes allocations fail. Preloaded in addition to a fake.
EXTRA_DIST += %D%/nomemory.c
%D%/libnomemory.so: %D%/nomemory.c
	$(preload_link) `$(in_srcdir) %D%/nomemory.c`

# Detects memory that is freed while it still contains a secret. Preloaded in addition to a fake.
EXTRA_DIST += %D%/freed.c
%D%/libfreed.so: %D%/freed.c
	$(preload_link) `$(in_srcdir) %D%/freed.c` -ldl

FAKE_FILES = \
	%D%/__init__.py \
	%D%/calls.py \
	%D%/calls_admin.py \
	%D%/calls_cpus.py \
	%D%/calls_drivers.py \
	%D%/calls_fields.py \
	%D%/calls_inputs.py \
	%D%/calls_lists.py \
	%D%/calls_params.py \
	%D%/calls_plain_domain.py \
	%D%/calls_plain_others.py \
	%D%/calls_structs.py \
	%D%/growth.py \
	%D%/hinted.py \
	%D%/leaks.py \
	%D%/machine.py \
	%D%/manycalls.py \
	%D%/modules.py \
	%D%/nomemory.py \
	%D%/objects.py \
	%D%/refuse.py \
	%D%/runner.py \
	%D%/running.py \
	%D%/table.py \
	$(NULL)
EXTRA_DIST += $(FAKE_FILES) %D%/eventcontrol.py %D%/firing.py
