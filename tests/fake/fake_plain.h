/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A fake libvirt: functions of handles, text and numbers, one line each.
 *
 * NAME, then the types of the arguments.  What comes back is 7, or "text", or
 * an object named "fresh", a child of the first argument.
 */
#ifndef LIBVIRT_PYTHON_FAKE_PLAIN_H
#define LIBVIRT_PYTHON_FAKE_PLAIN_H

#include "fake.h"

#define CONN virConnectPtr
#define DOM virDomainPtr
#define CHK virDomainCheckpointPtr
#define SNAP virDomainSnapshotPtr
#define IFACE virInterfacePtr
#define FILTER virNWFilterPtr
#define BINDING virNWFilterBindingPtr
#define NET virNetworkPtr
#define PORT virNetworkPortPtr
#define DEV virNodeDevicePtr
#define SECRET virSecretPtr
#define POOL virStoragePoolPtr
#define VOL virStorageVolPtr
#define STREAM virStreamPtr
#define TEXT const char *
#define UINT unsigned int
#define ULONG unsigned long
#define LLONG long long
#define ULLONG unsigned long long

#define DEFINE1(result, give, name, A) \
    result name(A a) \
    { \
        FAKE_CALL(a); \
        return give; \
    }
#define DEFINE2(result, give, name, A, B) \
    result name(A a, B b) \
    { \
        FAKE_CALL(a, b); \
        return give; \
    }
#define DEFINE3(result, give, name, A, B, C) \
    result name(A a, B b, C c) \
    { \
        FAKE_CALL(a, b, c); \
        return give; \
    }
#define DEFINE4(result, give, name, A, B, C, D) \
    result name(A a, B b, C c, D d) \
    { \
        FAKE_CALL(a, b, c, d); \
        return give; \
    }
#define DEFINE5(result, give, name, A, B, C, D, E) \
    result name(A a, B b, C c, D d, E e) \
    { \
        FAKE_CALL(a, b, c, d, e); \
        return give; \
    }
#define DEFINE6(result, give, name, A, B, C, D, E, F) \
    result name(A a, B b, C c, D d, E e, F f) \
    { \
        FAKE_CALL(a, b, c, d, e, f); \
        return give; \
    }
#define DEFINE7(result, give, name, A, B, C, D, E, F, G) \
    result name(A a, B b, C c, D d, E e, F f, G g) \
    { \
        FAKE_CALL(a, b, c, d, e, f, g); \
        return give; \
    }
#define DEFINE(result, give, name, ...) \
    FAKE_PICK(__VA_ARGS__, 0, DEFINE7, DEFINE6, DEFINE5, DEFINE4, DEFINE3, DEFINE2, DEFINE1, 0) \
    (result, give, name, __VA_ARGS__)

#define STATUS(name, ...) DEFINE(int, fake_fails() ? -1 : fake_status(), name, __VA_ARGS__)
#define NEW_TEXT(name, ...) DEFINE(char *, fake_fails() ? NULL : fake_new_text("text"), name, __VA_ARGS__)
#define OBJECT(pointer, kind, name, ...) \
    DEFINE(pointer, fake_fails() ? NULL : fake_new_##kind(FAKE_PARENT(a), "fresh"), name, __VA_ARGS__)

static inline int
fake_status(void)
{
    return fake_mode == FAKE_EMPTY ? 0 : fake_mode == FAKE_MAXIMAL ? INT_MAX : 7;
}

#endif
