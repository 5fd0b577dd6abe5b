/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The fake libvirt: macros for functions of handles, text and numbers, one line for each function.
 *
 * The arguments are the function's name and the types of its parameters. A function returns 7, or
 * "text", or an object named "fresh" whose parent is the first argument, or typed parameters, or an
 * array of objects. */
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

/* Typed parameters as a new array. */
#define NEW_PARAMS(name, A) \
    int name(A object, virTypedParameterPtr *params, int *nparams, unsigned int flags) \
    { \
        FAKE_CALL(object, fake_show_out(params), flags); \
        if (fake_fails()) \
            return -1; \
        *params = fake_new_params(nparams); \
        return 0; \
    }

/* Typed parameters as an argument. */
#define TAKE_PARAMS(name, A) \
    int name(A object, virTypedParameterPtr params, int nparams, unsigned int flags) \
    { \
        FAKE_CALL(object, fake_show_params(params, (unsigned int)nparams), nparams, flags); \
        return fake_fails() ? -1 : 0; \
    }

/* An array terminated by NULL, as libvirt returns it; MADE is entry N, and PARENT its parent. */
#define LIST(pointer, made, name, A) \
    int name(A parent, pointer **array, unsigned int flags) \
    { \
        int count = fake_count() < 300 ? fake_count() : 300; \
\
        FAKE_CALL(parent, fake_show_out(array), flags); \
        if (fake_fails()) \
            return -1; \
        *array = fake_alloc((size_t)count + 1, sizeof(**array)); \
        for (int n = 0; n < count; n++) \
            (*array)[n] = made; \
        return count; \
    }

/* A number returned through a pointer. */
#define GET_NUMBER(name, A, type, golden) \
    int name(A object, type *number) \
    { \
        FAKE_CALL(object, fake_show_out(number)); \
        if (fake_fails()) \
            return -1; \
        FAKE_SET(*number, golden); \
        return 0; \
    }

static inline int fake_status(void)
{
    return fake_mode == FAKE_EMPTY ? 0 : fake_mode == FAKE_MAXIMAL ? INT_MAX : 7;
}

#endif
