/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Handles as capsules, and scalars between Python and C. */

#include "typewrappers.h"

#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "failure.h"

/* Tells our context of a capsule from what another maker of one put there. */
#define HANDLE_MAGIC 0x76504831u

/* What a capsule has as its context.  The three modules link each a copy of
 * this file and exchange capsules: a change of the layout needs a new magic. */
struct _virPyHandle {
    uint32_t magic;
    bool gone;             /* let go by its owner: the last user releases it */
    pid_t process;         /* the one that made it */
    size_t users;          /* running calls; guarded by the GIL */
    void *object;
    const virPyHandleType *type;
};

/* --- what exceptions name ------------------------------------------------ */

/* Python's own formats know no "%.*s". */
typedef struct {
    char function[64];
    char param[64];
} virPyCallNames;

static void
namesOf(const char *self, Py_ssize_t i, virPyCallNames *names)
{
    const char *param = strchr(self, '(') + 1;

    for (; i > 0; i--)
        param = strchr(param, ',') + 2;
    PyOS_snprintf(names->function, sizeof(names->function), "%.*s", (int)strcspn(self, "("), self);
    PyOS_snprintf(names->param, sizeof(names->param), "%.*s", (int)strcspn(param, ",)"), param);
}

int
virPyBad(PyObject *exception, const virPyWhere *where, const char *format, ...)
{
    virPyCallNames names;
    PyObject *what;
    va_list va;

    va_start(va, format);
    what = PyUnicode_FromFormatV(format, va);
    va_end(va);
    if (!what)
        return -1;
    namesOf(where->self, where->i, &names);
    if (where->item)
        PyErr_Format(exception, "%s() argument '%s' item '%.80s' %U",
                     names.function, names.param, where->item, what);
    else
        PyErr_Format(exception, "%s() argument '%s' %U", names.function, names.param, what);
    Py_DECREF(what);
    return -1;
}

int
virPyBadType(const virPyWhere *where, PyObject *object, const char *wanted)
{
    PyObject *name = PyObject_GetAttrString((PyObject *)Py_TYPE(object), "__name__");

    if (name) {
        const char *text = PyUnicode_AsUTF8AndSize(name, NULL);

        if (text)
            virPyBad(PyExc_TypeError, where, "must be %s, not %s", wanted, text);
        Py_DECREF(name);
    }
    return -1;
}

int
virPyCheckCount(const char *self, Py_ssize_t nargs, Py_ssize_t wanted)
{
    virPyCallNames names;

    if (nargs == wanted)
        return 0;
    namesOf(self, 0, &names);
    PyErr_Format(PyExc_TypeError, "%s() takes exactly %zd argument%s (%zd given)",
                 names.function, wanted, wanted == 1 ? "" : "s", nargs);
    return -1;
}

/* --- handles ------------------------------------------------------------- */

static struct _virPyHandle *
handleOf(PyObject *capsule)
{
    struct _virPyHandle *handle = PyCapsule_GetContext(capsule);

    return handle && handle->magic == HANDLE_MAGIC ? handle : NULL;
}

static pid_t process;

static void
noteProcess(void)
{
    process = getpid();
}

int
virPyWatchForks(void)
{
    noteProcess();
    return pthread_atfork(NULL, NULL, noteProcess);
}

/* Lets an object go without a trace in Python's or libvirt's error state:
 * this runs in destructors, between a failing call and its exception. */
static void
releaseQuietly(const virPyHandleType *type, void *object)
{
    virPyPending pending = virPyFetchException();
    virPySavedError saved;

    virPySaveError(&saved);
    Py_BEGIN_ALLOW_THREADS
    (void)type->release(object);
    Py_END_ALLOW_THREADS
    virPyRestoreError(&saved);
    if (PyErr_Occurred())
        PyErr_WriteUnraisable(NULL);
    virPyRestoreException(pending);
}

/* No call can be running: it would hold the capsule. */
static void
destroyHandle(PyObject *capsule)
{
    struct _virPyHandle *handle = PyCapsule_GetContext(capsule);

    if (handle->process == process)
        releaseQuietly(handle->type, handle->object);
    free(handle);
}

PyObject *
virPyNewHandle(const virPyHandleType *type, void *object)
{
    struct _virPyHandle *handle = malloc(sizeof(*handle));
    PyObject *capsule = NULL;

    if (!handle) {
        PyErr_NoMemory();
    } else {
        *handle = (struct _virPyHandle){ HANDLE_MAGIC, false, process, 0, object, type };
        capsule = PyCapsule_New(object, type->name, NULL);
        if (capsule) {
            /* Neither can fail on a new capsule. */
            (void)PyCapsule_SetContext(capsule, handle);
            (void)PyCapsule_SetDestructor(capsule, destroyHandle);
            return capsule;
        }
    }
    free(handle);
    releaseQuietly(type, object);
    return NULL;
}

/* For objects that libvirt lends: the capsule gets a reference of its own. */
PyObject *
virPyShareHandle(const virPyHandleType *type, void *object)
{
    if (!object)
        return virPyNewRef(Py_None);
    if (type->ref(object) < 0) {
        PyErr_Format(PyExc_RuntimeError, "libvirt lent an invalid %s", type->name);
        return NULL;
    }
    return virPyNewHandle(type, object);
}

/* The name of a capsule, if it is one of the given kind, gone or not. */
static const char *
capsuleName(const char *self, PyObject *const *args, Py_ssize_t i, const virPyHandleType *type)
{
    const virPyWhere where = { self, i, NULL };

    if (PyCapsule_CheckExact(args[i])) {
        const char *name = PyCapsule_GetName(args[i]);

        if (name && (name == type->name || strcmp(name, type->name) == 0))
            return name;
        if (name && strcmp(name, type->gone) == 0) {
            virPyRaise(self, type->invalid, "%.*s() on a %s that was closed or freed",
                       (int)strcspn(self, "("), self, type->name);
            return NULL;
        }
        virPyBad(PyExc_TypeError, &where, "must be %s or None, not a capsule of %s",
                 type->name, name ? name : "no name");
        return NULL;
    }
    virPyBadType(&where, args[i], type->name);
    return NULL;
}

int
virPyEnter(const char *self, PyObject *const *args, Py_ssize_t i,
           const virPyHandleType *type, virPyUse *use)
{
    const char *name;

    if (args[i] == Py_None)
        return 0;
    name = capsuleName(self, args, i, type);
    if (!name)
        return -1;
    use->object = PyCapsule_GetPointer(args[i], name);
    use->handle = handleOf(args[i]);
    if (use->handle)
        use->handle->users++;
    return 0;
}

int
virPyEnterSome(const char *self, PyObject *const *args, Py_ssize_t i,
               const virPyHandleType *type, virPyUse *use)
{
    if (args[i] == Py_None)
        return virPyBadType(&(virPyWhere){ self, i, NULL }, args[i], type->name);
    return virPyEnter(self, args, i, type, use);
}

void
virPyLeave(virPyUse *use)
{
    struct _virPyHandle *handle = use->handle;

    if (handle && --handle->users == 0 && handle->gone) {
        if (handle->process == process)
            releaseQuietly(handle->type, handle->object);
        free(handle);
    }
}

/* virXFree and virConnectClose: takes the reference out of the capsule. */
PyObject *
virPyRelease(const char *self, PyObject *const *args, Py_ssize_t nargs,
             const virPyHandleType *type)
{
    struct _virPyHandle *handle = NULL;
    void *object = NULL;
    bool in_use = false;
    bool inherited = false;
    int retval = 0;

    if (virPyCheckCount(self, nargs, 1) < 0)
        return NULL;
    if (args[0] != Py_None) {
        const char *name = capsuleName(self, args, 0, type);

        if (!name)
            return NULL;
        object = PyCapsule_GetPointer(args[0], name);
        handle = handleOf(args[0]);
        (void)PyCapsule_SetDestructor(args[0], NULL);
        (void)PyCapsule_SetContext(args[0], NULL);
        (void)PyCapsule_SetName(args[0], type->gone);
        in_use = handle && handle->users > 0;
        inherited = handle && handle->process != process;
        if (in_use)
            handle->gone = true;
    }

    /* Running calls hold one more reference; virConnectClose counts it. */
    if (in_use && !inherited)
        (void)type->ref(object);
    if (!in_use)
        free(handle);
    if (!inherited) {
        Py_BEGIN_ALLOW_THREADS
        retval = type->release(object);
        Py_END_ALLOW_THREADS
    }
    return virPyStatus(self, retval);
}

PyObject *
virPyAddress(const char *self, PyObject *const *args, Py_ssize_t nargs,
             const virPyHandleType *type)
{
    virPyUse use VIR_PY_AUTO(virPyLeave) = { NULL, NULL };

    if (virPyCheckCount(self, nargs, 1) < 0 ||
        virPyEnter(self, args, 0, type, &use) < 0)
        return NULL;
    return PyLong_FromVoidPtr(use.object);
}

/* --- numbers ------------------------------------------------------------- */

/* The int behind an object, by __index__ where it is none: a new reference. */
static PyObject *
indexOf(const virPyWhere *where, PyObject *object)
{
    PyObject *number;

    if (PyLong_Check(object))
        return virPyNewRef(object);
    if (!PyIndex_Check(object)) {
        virPyBadType(where, object, "int");
        return NULL;
    }
    /* Its __index__ may take it out of the container that holds it. */
    Py_INCREF(object);
    number = PyNumber_Index(object);
    Py_DECREF(object);
    return number;
}

static int
outOfRange(const virPyWhere *where, long long min, unsigned long long max)
{
    return virPyBad(PyExc_OverflowError, where, "is not in the range %lld to %llu", min, max);
}

int
virPyItemAsSigned(const virPyWhere *where, PyObject *object, long long min, long long max,
                  long long *value)
{
    PyObject *number = indexOf(where, object);
    int overflow;

    if (!number)
        return -1;
    *value = PyLong_AsLongLongAndOverflow(number, &overflow);
    Py_DECREF(number);
    if (overflow || *value < min || *value > max)
        return outOfRange(where, min, (unsigned long long)max);
    return 0;
}

int
virPyItemAsUnsigned(const virPyWhere *where, PyObject *object, unsigned long long max,
                    unsigned long long *value)
{
    PyObject *number = indexOf(where, object);

    if (!number)
        return -1;
    *value = PyLong_AsUnsignedLongLong(number);
    Py_DECREF(number);
    if (*value == ULLONG_MAX && PyErr_Occurred()) {
        PyErr_Clear();
        return outOfRange(where, 0, max);
    }
    return *value > max ? outOfRange(where, 0, max) : 0;
}

int
virPyItemAsDouble(const virPyWhere *where, PyObject *object, double *value)
{
    *value = PyFloat_AsDouble(object);
    if (*value != -1.0 || !PyErr_Occurred())
        return 0;
    if (!PyErr_ExceptionMatches(PyExc_TypeError))
        return -1;
    PyErr_Clear();
    return virPyBadType(where, object, "float");
}

/* The converters of each C type differ in nothing but their range. */
#define SIGNED(name, ctype, min, max) \
    int \
    name(const char *self, PyObject *const *args, Py_ssize_t i, ctype *value) \
    { \
        const virPyWhere where = { self, i, NULL }; \
        long long wide = 0; \
        int retval = virPyItemAsSigned(&where, args[i], min, max, &wide); \
 \
        *value = (ctype)wide; \
        return retval; \
    }

#define UNSIGNED(name, ctype, max) \
    int \
    name(const char *self, PyObject *const *args, Py_ssize_t i, ctype *value) \
    { \
        const virPyWhere where = { self, i, NULL }; \
        unsigned long long wide = 0; \
        int retval = virPyItemAsUnsigned(&where, args[i], max, &wide); \
 \
        *value = (ctype)wide; \
        return retval; \
    }

SIGNED(virPyAsInt, int, INT_MIN, INT_MAX)
/* Flags: programs pass -1 for all bits, so a negative number is taken as its
 * two's complement. */
SIGNED(virPyAsUInt, unsigned int, INT_MIN, UINT_MAX)
SIGNED(virPyAsLong, long, LONG_MIN, LONG_MAX)
SIGNED(virPyAsLLong, long long, LLONG_MIN, LLONG_MAX)
UNSIGNED(virPyAsULong, unsigned long, ULONG_MAX)
UNSIGNED(virPyAsULLong, unsigned long long, ULLONG_MAX)
UNSIGNED(virPyAsSize, size_t, PY_SSIZE_T_MAX)

int
virPyAsDouble(const char *self, PyObject *const *args, Py_ssize_t i, double *value)
{
    const virPyWhere where = { self, i, NULL };

    return virPyItemAsDouble(&where, args[i], value);
}

/* --- text and bytes ------------------------------------------------------ */

/* Text that is not UTF-8 came from libvirt with surrogates for its bytes, and
 * goes back as those bytes. */
static int
asText(const virPyWhere *where, PyObject *object, virPyString *string)
{
    Py_ssize_t size;

    string->str = PyUnicode_AsUTF8AndSize(object, &size);
    if (!string->str) {
        char *bytes;

        if (!PyErr_ExceptionMatches(PyExc_UnicodeEncodeError))
            return -1;
        PyErr_Clear();
        string->owner = PyUnicode_AsEncodedString(object, "utf-8", "surrogateescape");
        if (!string->owner || PyBytes_AsStringAndSize(string->owner, &bytes, &size) < 0)
            return -1;
        string->str = bytes;
    }
    if (strlen(string->str) != (size_t)size)
        return virPyBad(PyExc_ValueError, where, "contains a null character");
    return 0;
}

int
virPyItemAsText(const virPyWhere *where, PyObject *object, virPyString *string)
{
    if (!PyUnicode_Check(object))
        return virPyBadType(where, object, "str");
    return asText(where, object, string);
}

/* Where libvirt does not survive a NULL. */
int
virPyAsText(const char *self, PyObject *const *args, Py_ssize_t i, virPyString *string)
{
    const virPyWhere where = { self, i, NULL };

    return virPyItemAsText(&where, args[i], string);
}

int
virPyAsString(const char *self, PyObject *const *args, Py_ssize_t i, virPyString *string)
{
    const virPyWhere where = { self, i, NULL };

    if (args[i] == Py_None)
        return 0;
    if (!PyUnicode_Check(args[i]))
        return virPyBadType(&where, args[i], "str or None");
    return asText(&where, args[i], string);
}

/* Programs expect libvirtError here, whatever is wrong with the bytes. */
static int
badUUID(const char *self, Py_ssize_t i, Py_ssize_t size)
{
    virPyCallNames names;

    namesOf(self, i, &names);
    virPyRaise(self, VIR_ERR_INVALID_ARG, "%s() argument '%s' must have %d bytes, not %zd",
               names.function, names.param, VIR_UUID_BUFLEN, size);
    return -1;
}

/* Any bytes-like object of 16 bytes; a str stands for its UTF-8 bytes. */
int
virPyAsUUID(const char *self, PyObject *const *args, Py_ssize_t i, unsigned char *uuid)
{
    const virPyWhere where = { self, i, NULL };
    Py_buffer view;
    int fits;

    if (PyUnicode_Check(args[i])) {
        Py_ssize_t size;
        const char *text = PyUnicode_AsUTF8AndSize(args[i], &size);

        if (!text)
            return -1;
        if (size == VIR_UUID_BUFLEN) {
            memcpy(uuid, text, VIR_UUID_BUFLEN);
            return 0;
        }
        return badUUID(self, i, size);
    }
    if (args[i] == Py_None)
        return badUUID(self, i, 0);
    if (!PyObject_CheckBuffer(args[i]))
        return virPyBadType(&where, args[i], "bytes-like");
    if (PyObject_GetBuffer(args[i], &view, PyBUF_SIMPLE) < 0)
        return -1;
    fits = view.len == VIR_UUID_BUFLEN;
    if (fits)
        memcpy(uuid, view.buf, VIR_UUID_BUFLEN);
    else
        (void)badUUID(self, i, view.len);
    PyBuffer_Release(&view);
    return fits ? 0 : -1;
}

void
virPyDropString(virPyString *string)
{
    Py_XDECREF(string->owner);
}

void
virPyDropRef(PyObject **object)
{
    Py_XDECREF(*object);
}

PyObject *
virPyFromString(const char *str)
{
    if (!str)
        return virPyNewRef(Py_None);
    return PyUnicode_DecodeUTF8(str, (Py_ssize_t)strlen(str), "surrogateescape");
}

PyObject *
virPyFromAllocated(char *str)
{
    PyObject *text = virPyFromString(str);

    free(str);
    return text;
}

PyObject *
virPyFromBytes(const void *data, size_t size)
{
    return PyBytes_FromStringAndSize(data, (Py_ssize_t)size);
}

PyObject *
virPyFromBool(int value)
{
    return virPyNewRef(value ? Py_True : Py_False);
}

/* --- containers ---------------------------------------------------------- */

static PyObject *
pack(PyObject *whole, int (*set)(PyObject *, Py_ssize_t, PyObject *), int count, va_list va)
{
    for (int i = 0; i < count; i++) {
        PyObject *item = va_arg(va, PyObject *);

        if (!item)
            Py_CLEAR(whole);
        if (!whole)
            Py_XDECREF(item);
        else
            (void)set(whole, i, item);
    }
    return whole;
}

PyObject *
virPyPackList(int count, ...)
{
    va_list va;
    PyObject *list;

    va_start(va, count);
    list = pack(PyList_New(count), PyList_SetItem, count, va);
    va_end(va);
    return list;
}

PyObject *
virPyPackTuple(int count, ...)
{
    va_list va;
    PyObject *tuple;

    va_start(va, count);
    tuple = pack(PyTuple_New(count), PyTuple_SetItem, count, va);
    va_end(va);
    return tuple;
}

PyObject *
virPyPackDict(int count, ...)
{
    PyObject *dict = PyDict_New();
    va_list va;

    va_start(va, count);
    for (int i = 0; i < count; i++) {
        const char *key = va_arg(va, const char *);
        PyObject *value = va_arg(va, PyObject *);

        if (dict && (!value || PyDict_SetItemString(dict, key, value) < 0))
            Py_CLEAR(dict);
        Py_XDECREF(value);
    }
    va_end(va);
    return dict;
}
