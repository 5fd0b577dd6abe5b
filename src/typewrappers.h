/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Scalars, text and containers between Python and C.
 *
 * A wrapper describes itself by a signature such as
 * "virDomainGetXMLDesc($module, domain, flags, /)", which is also how its
 * docstring begins.  It is read only to name the function and the argument in
 * an exception.
 */
#ifndef LIBVIRT_PYTHON_TYPEWRAPPERS_H
#define LIBVIRT_PYTHON_TYPEWRAPPERS_H

#include "threads.h"

#include <limits.h>

#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>

/* Text for libvirt.  The owner, if any, holds an encoded copy. */
typedef struct {
    const char *str; /* NULL for None */
    PyObject *owner;
} virPyString;

/* Runs FUNCTION on a variable when it goes out of scope, whatever the path. */
#define VIR_PY_AUTO(function) __attribute__((cleanup(function)))
#define VIR_PY_UNUSED __attribute__((unused))
/* Called from hundreds of places: in each of them it would only take room. */
#define VIR_PY_SHARED __attribute__((noinline))
/* Raises an exception: kept away from what runs. */
#define VIR_PY_COLD __attribute__((cold))

void virPyDropString(virPyString *string);
void virPyDropRef(PyObject **object);

/* What an exception speaks of: an argument, or one item in it. */
typedef struct {
    const char *self; /* the wrapper's signature */
    Py_ssize_t i;     /* number of the argument */
    const char *item; /* key or number of the item; NULL for the argument itself */
} virPyWhere;

/* Python's own formats know no "%.*s". */
typedef struct {
    char function[64];
    char param[64];
} virPyCallNames;

/* The start of a text, for a message: whole characters, so that none becomes half of one. */
typedef struct {
    char text[101];
} virPyExcerpt;

void virPyTakeExcerpt(const char *text, virPyExcerpt *excerpt) VIR_PY_COLD;
void virPyNamesOf(const char *self, Py_ssize_t i, virPyCallNames *names) VIR_PY_COLD;

/* Arguments.  All return 0, or -1 with an exception that names the argument. */
int virPyCheckCount(const char *self, Py_ssize_t nargs, Py_ssize_t wanted);
int virPyAsInt(const char *self, PyObject *const *args, Py_ssize_t i, int *value);
int virPyAsUInt(const char *self, PyObject *const *args, Py_ssize_t i, unsigned int *value);
int virPyAsLong(const char *self, PyObject *const *args, Py_ssize_t i, long *value);
int virPyAsULong(const char *self, PyObject *const *args, Py_ssize_t i, unsigned long *value);
int virPyAsLLong(const char *self, PyObject *const *args, Py_ssize_t i, long long *value);
int virPyAsULLong(const char *self, PyObject *const *args, Py_ssize_t i, unsigned long long *value);
int virPyAsSize(const char *self, PyObject *const *args, Py_ssize_t i, size_t *value);
int virPyAsDouble(const char *self, PyObject *const *args, Py_ssize_t i, double *value);
int virPyAsMask(const char *self, PyObject *const *args, Py_ssize_t i, unsigned int *value);
/* Only text; WANTED is what an exception says of that. */
int virPyAsText(const char *self, PyObject *const *args, Py_ssize_t i, const char *wanted, virPyString *string);

/* The same for items of containers. */
int virPyItemAsSigned(const virPyWhere *where, PyObject *object, long long min, long long max,
                      long long *value);
int virPyItemAsUnsigned(const virPyWhere *where, PyObject *object, unsigned long long max,
                        unsigned long long *value);
int virPyItemAsDouble(const virPyWhere *where, PyObject *object, double *value);
int virPyItemAsText(const virPyWhere *where, PyObject *object, virPyString *string);

/* An exception of the given type: "NAME() argument 'PARAM' ..."; and one that
 * says what was wanted instead of OBJECT.  Return -1. */
int virPyArgumentError(PyObject *exception, const virPyWhere *where, const char *format, ...)
    __attribute__((format(printf, 3, 4))) VIR_PY_COLD;
int virPyArgumentTypeError(const virPyWhere *where, PyObject *object, const char *wanted) VIR_PY_COLD;

/* Instead of a UnicodeEncodeError that is pending, and holds the whole text, one
 * that holds the character that is in the way and its place: the text may be a password.  -1. */
int virPyArgumentEncodingError(const virPyWhere *where, PyObject *text) VIR_PY_COLD;

/* Results.  All return a new reference, or NULL with an exception. */
PyObject *virPyFromString(const char *str) VIR_PY_SHARED;
PyObject *virPyFromAllocated(char *str);
PyObject *virPyFromBytes(const void *data, size_t size);
PyObject *virPyFromBool(int value) VIR_PY_SHARED;

#define virPyFromInt(value) PyLong_FromLong(value)
#define virPyFromUInt(value) virPyFromULLong(value)
#define virPyFromLong(value) PyLong_FromLong(value)
#define virPyFromULong(value) virPyFromULLong(value)
#define virPyFromLLong(value) PyLong_FromLongLong(value)
#define virPyFromDouble(value) PyFloat_FromDouble(value)

/* Python has a shorter way for numbers that are not large. */
static inline PyObject *
virPyFromULLong(unsigned long long value)
{
    return value <= LONG_MAX ? PyLong_FromLong((long)value) : PyLong_FromUnsignedLongLong(value);
}

/* What a callable returned, as a C int; else -1 and an exception that begins with WHAT. */
int virPyResultAsInt(PyObject *result, const char *what);

/* A text as the key of a dict, as a new reference.  Those that come again and
 * again are made once for each thread. */
PyObject *virPyKey(virPyThread *thread, const char *text);

/* A value, which is stolen and may be NULL, into a dict. */
int virPySetItem(virPyThread *thread, PyObject *dict, const char *key, PyObject *value);

/* A list, a tuple or a dict (key, value, ...) of new references, which it
 * takes over.  One that is NULL makes the whole NULL.  No item may run code of
 * Python's: another may have failed before. */
#define virPyPackList(count, ...) virPyListFrom(count, (PyObject *[]){ __VA_ARGS__ })
#define virPyPackTuple(count, ...) virPyTupleFrom(count, (PyObject *[]){ __VA_ARGS__ })
PyObject *virPyListFrom(Py_ssize_t count, PyObject **items);
PyObject *virPyTupleFrom(Py_ssize_t count, PyObject **items);
PyObject *virPyPackDict(int count, ...);

/* An item of a dict, as a new reference; NULL without an exception where there is none. */
PyObject *virPyDictItem(PyObject *dict, const char *name);

/* An attribute, as a new reference. */
PyObject *virPyAttribute(PyObject *object, const char *name);

#endif
