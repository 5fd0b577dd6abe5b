/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Conversion of scalars, text and small containers between Python and C, and the exceptions about arguments.
 *
 * The only state is that of the running thread (virPyThread), which needs no lock.  Wrappers and all other sources call
 * these functions with the GIL held.
 *
 * A wrapper describes itself by a signature such as "virDomainGetXMLDesc($module, domain, flags, /)", with which its
 * docstring begins.  Exceptions take the names of the function and the argument from it. */
#ifndef LIBVIRT_PYTHON_TYPEWRAPPERS_H
#define LIBVIRT_PYTHON_TYPEWRAPPERS_H

#include "pycompat.h"

#include <limits.h>

#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>

/* Run a function on the address of a variable when the variable goes out of scope, on every path. */
#define VIR_PY_AUTO(function) __attribute__((cleanup(function)))
#define VIR_PY_UNUSED __attribute__((unused))
/* For static functions that only rows of the bindings name: an API description may lack the functions of the rows. */
#define VIR_PY_FOR_ROWS VIR_PY_UNUSED
/* For functions with hundreds of callers: inlined copies would only take room. */
#define VIR_PY_SHARED __attribute__((noinline))
/* For functions that raise an exception: the compiler keeps them away from the code that usually runs. */
#define VIR_PY_COLD __attribute__((cold))

/* Text for libvirt.  It lies in the str that it was made from, or in OWNER, an encoded copy. */
typedef struct {
    const char *str; /* NULL for None */
    PyObject *owner; /* strong reference or NULL */
} virPyString;

/* Cleanup functions for VIR_PY_AUTO.  They accept empty variables. */
void virPyDropString(virPyString *string);
void virPyDropRef(PyObject **object);

/* --- what exceptions name -------------------------------------------------- */

/* What an exception is about: an argument of a wrapper, or one item in that argument. */
typedef struct {
    const char *self; /* signature of the wrapper */
    Py_ssize_t i;     /* index of the argument */
    const char *item; /* key or index of the item as text; NULL for the argument itself */
} virPyWhere;

#define virPyArgument(self, i) (&(virPyWhere){ self, i, NULL })
#define virPyItemIn(where, item) (&(virPyWhere){ (where)->self, (where)->i, item })

/* Both names in terminated buffers, since Python's own formats do not support "%.*s". */
typedef struct {
    char function[64];
    char param[64];
} virPyCallNames;

/* The beginning of a text for a message.  It never ends inside a UTF-8 sequence. */
typedef struct {
    char text[101];
} virPyExcerpt;

virPyExcerpt virPyExcerptOf(const char *text) VIR_PY_COLD;
virPyCallNames virPyNamesOf(const virPyWhere *where) VIR_PY_COLD;

/* Raise an exception that begins with "NAME() argument 'PARAM'".  They return -1. */
int virPyArgumentError(PyObject *exception, const virPyWhere *where, const char *format, ...)
    __attribute__((format(printf, 3, 4))) VIR_PY_COLD;
/* TypeError: "must be WANTED, not TYPE", with the type of OBJECT. */
int virPyArgumentTypeError(const virPyWhere *where, PyObject *object, const char *wanted) VIR_PY_COLD;
/* Replace a pending UnicodeEncodeError, which holds the whole text, by one that only shows the offending character and
 * its position: the text may be a password. */
int virPyArgumentEncodingError(const virPyWhere *where, PyObject *text) VIR_PY_COLD;

/* Raise it unless the object MATCHES.  Returns 0 or -1. */
static inline int virPyCheckType(const virPyWhere *where, PyObject *object, int matches, const char *wanted)
{
    return matches ? 0 : virPyArgumentTypeError(where, object, wanted);
}

/* Raise TypeError if a wrapper was called with NARGS instead of WANTED arguments.  Returns 0 or -1. */
int virPyCheckCount(const char *self, Py_ssize_t nargs, Py_ssize_t wanted);

/* --- arguments ------------------------------------------------------------- */

/* Convert an argument, or an item in one.  They return 0, or -1 with an exception that names it.  An integer that only
 * fits into an unsigned long long is stored as its two's complement. */
int virPyAsInteger(const virPyWhere *where, PyObject *object, long long min, unsigned long long max, long long *value);
int virPyAsDouble(const virPyWhere *where, PyObject *object, double *value);
/* Accepts only str; WANTED is what the TypeError says.  STRING, which must be empty, has to be dropped in any case. */
int virPyAsText(const virPyWhere *where, PyObject *object, const char *wanted, virPyString *string);

/* Convert the result of a Python callable.  On failure returns -1 with an exception that begins with WHAT. */
int virPyResultAsInt(PyObject *result, const char *what);

/* --- results --------------------------------------------------------------- */

/* Create a Python object.  They return a new reference, or NULL with an exception set. */
PyObject *virPyFromString(const char *str) VIR_PY_SHARED; /* NULL becomes None */
PyObject *virPyFromAllocated(char *str);                  /* the same; frees the text */
PyObject *virPyFromBool(int value) VIR_PY_SHARED;

#define virPyFromInt(value) PyLong_FromLong(value)
#define virPyFromUInt(value) virPyFromULLong(value)
#define virPyFromLong(value) PyLong_FromLong(value)
#define virPyFromULong(value) virPyFromULLong(value)
#define virPyFromLLong(value) PyLong_FromLongLong(value)
#define virPyFromDouble(value) PyFloat_FromDouble(value)
#define virPyFromBytes(data, size) PyBytes_FromStringAndSize((const char *)(data), (Py_ssize_t)(size))

/* Use PyLong_FromLong() where the value fits, because it is faster. */
static inline PyObject *virPyFromULLong(unsigned long long value)
{
    return value <= LONG_MAX ? PyLong_FromLong((long)value) : PyLong_FromUnsignedLongLong(value);
}

/* Build a list, a tuple or a dict (key, value, ...).  Steals all items; if one is NULL, drops the others and returns
 * NULL.  All items are evaluated, even if one before them has failed, so they must not run Python code. */
#define virPyPackList(count, ...) virPyListFrom(count, (PyObject *[]){ __VA_ARGS__ })
#define virPyPackTuple(count, ...) virPyTupleFrom(count, (PyObject *[]){ __VA_ARGS__ })
PyObject *virPyListFrom(Py_ssize_t count, PyObject **items);
PyObject *virPyTupleFrom(Py_ssize_t count, PyObject **items);
PyObject *virPyPackDict(int count, ...);

/* --- the data of a thread, and dicts --------------------------------------- */

/* What a thread keeps in one interpreter.  Only the thread itself reads or writes its data, so no lock is needed, with
 * or without a GIL.  The data lie in the thread state's own dict and are freed with it.
 *
 * Each extension module links its own copy of this code, but all of them share the data of a thread.  Therefore a
 * change of the layout needs a new capsule name in typewrappers.c. */
typedef struct {
    const char *failed; /* signature of the wrapper that failed last; see errorrecord.h */
    PyObject *error;    /* libvirt's error of that failure, as virPyFromError() makes it, or NULL */
    struct {
        PyObject *object; /* a str, or NULL if the slot is free */
        const char *text; /* its UTF-8 bytes, owned by the object */
        size_t length;
    } keys[256]; /* see virPyKey() */
} virPyThread;

/* Return the data of the running thread, borrowed from its thread state.  NULL with an exception set on failure. */
virPyThread *virPyThisThread(void);

/* Return the str for a key or a name as a new reference.  The thread caches the keys that it used last. */
PyObject *virPyKey(virPyThread *thread, const char *text);
/* Set an item of a dict.  Steals VALUE, which may be NULL with an exception.  Returns 0 or -1. */
int virPySetItem(virPyThread *thread, PyObject *dict, const char *key, PyObject *value);
/* Get an item of a dict as a new reference.  NULL without an exception means that the key is not there. */
PyObject *virPyDictItem(PyObject *dict, const char *name);

#endif
