# The fake libvirt that tests preload.
# SPDX-License-Identifier: LGPL-2.1-or-later

# A module because it is never linked to; with a run path, since libtool makes a shared library of
# what is not installed only if it is told where it could be.
check_LTLIBRARIES += %D%/libfake.la
%C%_libfake_la_SOURCES = \
	%D%/fake.h \
	%D%/fake_control.c \
	%D%/fake_cpus.c \
	%D%/fake_data.c \
	%D%/fake_drivers.c \
	%D%/fake_handles.c \
	%D%/fake_inputs.c \
	%D%/fake_names.c \
	%D%/fake_params.c \
	%D%/fake_plain.h \
	%D%/fake_plain_domain.c \
	%D%/fake_plain_others.c \
	%D%/fake_structs.c \
	$(NULL)
if WITH_ADMIN
%C%_libfake_la_SOURCES += %D%/fake_admin.c
endif
# Its functions must be visible, and it is preloaded into programs without a sanitizer, too. What it allocates last
# must not look like an allocation of its caller.
%C%_libfake_la_CFLAGS = $(WARN_CFLAGS) -fno-optimize-sibling-calls
%C%_libfake_la_LDFLAGS = -module -avoid-version -shared -rpath $(abs_builddir)/%D%
%C%_libfake_la_LIBADD = $(LIBVIRT_LIBS) -ldl

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
	%D%/hinted.py \
	%D%/leaks.py \
	%D%/manycalls.py \
	%D%/modules.py \
	%D%/nomemory.py \
	%D%/objects.py \
	%D%/refuse.py \
	%D%/runner.py \
	%D%/running.py \
	%D%/table.py \
	$(NULL)
EXTRA_DIST += $(FAKE_FILES)

# Another one, for events, streams and authentication, which leaves the rest of libvirt as it is.
check_LTLIBRARIES += %D%/libfakeevents.la
%C%_libfakeevents_la_SOURCES = \
	%D%/fake_event_data.c \
	%D%/fake_events.c \
	%D%/fake_events.h \
	%D%/fake_streaming.c \
	$(NULL)
%C%_libfakeevents_la_CFLAGS = $(WARN_CFLAGS) -fno-optimize-sibling-calls -pthread
%C%_libfakeevents_la_LDFLAGS = -module -avoid-version -shared -rpath $(abs_builddir)/%D%
%C%_libfakeevents_la_LIBADD = $(LIBVIRT_LIBS) -ldl
EXTRA_DIST += %D%/eventcontrol.py %D%/firing.py

# Lets allocations fail; beside one of the others.
check_LTLIBRARIES += %D%/libnomemory.la
%C%_libnomemory_la_SOURCES = %D%/nomemory.c
%C%_libnomemory_la_CFLAGS = $(WARN_CFLAGS)
%C%_libnomemory_la_LDFLAGS = -module -avoid-version -shared -rpath $(abs_builddir)/%D%

# Sees what is freed with a secret in it; beside one of the others.
check_LTLIBRARIES += %D%/libfreed.la
%C%_libfreed_la_SOURCES = %D%/freed.c
%C%_libfreed_la_CFLAGS = $(WARN_CFLAGS)
%C%_libfreed_la_LDFLAGS = -module -avoid-version -shared -rpath $(abs_builddir)/%D%
%C%_libfreed_la_LIBADD = -ldl
