/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Declarations shared by the files of the fake libvirt for events, streams and authentication. */
#ifndef LIBVIRT_PYTHON_FAKE_EVENTS_H
#define LIBVIRT_PYTHON_FAKE_EVENTS_H

#include <stdbool.h>
#include <stddef.h>

#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>

/* The kinds of registrations; fake/eventcontrol.py has the same numbers. */
typedef enum {
    FAKE_DOMAIN = 1,
    FAKE_NETWORK,
    FAKE_POOL,
    FAKE_DEVICE,
    FAKE_SECRET,
    FAKE_LEGACY,
    FAKE_CLOSE,
    FAKE_QEMU,
} fakeKind;

/* The data of an event. */
typedef enum {
    FAKE_USUAL,            /* values that are all different */
    FAKE_NONE,             /* NULL and zero wherever possible */
    FAKE_LIMITS,           /* numbers at the limits of their range, text that is not UTF-8 */
} fakeVariant;

void fake_lock(void);
void fake_unlock(void);
/* Record a call; the lock must be held. Returns false if the call must fail; libvirt's error has
 * then been set. */
bool fake_enter(const char *name, bool valid);

/* Call the callback of a registration with the data of the variant. */
void fake_call(fakeKind kind, int event, fakeVariant variant, virConnectPtr conn, void (*callback)(void),
               void *opaque);

/* For tests, through ctypes. */
const char *fake_events_calls(void);
void fake_events_fail(int count);
int fake_events_alive(void);
int fake_events_refs(void);
int fake_events_frees(void);
void fake_events_refuse_references(int refused);
int fake_events_fire(int kind, int id, int variant);
int fake_events_fire_outside(int kind, int id, int variant);
void fake_events_fire_for_ever(int kind);
void fake_stream_script(const char *text);
const char *fake_stream_sent(void);
int fake_stream_fire(int events);
int fake_stream_watchers(void);

#endif
