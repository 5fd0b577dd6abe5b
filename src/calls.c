/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One call of a C function: arguments in, the GIL released and taken back, the result out. */

#include "calls.h"

#include <string.h>

#include "callbacks.h"
#include "errorrecord.h"
#include "libvirt-utils.h"

/* Keep a handle in use until the call is over. */
static inline void
hold(virPyCall *call, Py_ssize_t i, void *object, struct virPyHandle *handle)
{
    call->in[i].object = object;
    call->held[call->nheld++] = handle;
}

int
virPyAcquireArgument(virPyCall *call, PyObject *const *args, Py_ssize_t i, const virPyHandleType *type, bool required)
{
    virPyUse use = { NULL, NULL };

    if ((required ? virPyAcquireRequired : virPyAcquire)(call->self, args, i, type, &use) < 0)
        return -1;
    hold(call, i, use.object, use.handle);
    return 0;
}

static inline void
leave(virPyCall *call)
{
    while (call->nheld > 0)
        virPyReleaseHandle(call->held[--call->nheld]);
    if (call->texts)
        Py_CLEAR(call->texts);
}

void
virPyReleaseCall(virPyCall *call)
{
    leave(call);
}

/* Keep an encoded copy, whose reference is stolen, until the call is over. */
static int
keep(virPyCall *call, PyObject *copy)
{
    int retval = -1;

    if (!call->texts)
        call->texts = PyList_New(0);
    if (call->texts)
        retval = PyList_Append(call->texts, copy);
    Py_DECREF(copy);
    return retval;
}

static int
convertText(virPyCall *call, PyObject *const *args, Py_ssize_t i, char kind)
{
    virPyString string = { NULL, NULL };
    int retval = 0;

    if (args[i] != Py_None || kind == 's')
        retval = virPyAsText(call->self, args, i, kind == 'z' ? "str or None" : "str", &string);
    call->in[i].text = string.str;
    if (string.owner && keep(call, string.owner) < 0)
        retval = -1;
    return retval;
}

/* The text of a str that needs no encoded copy, as nearly none does; NULL without an exception for all else. */
static inline const char *
plainText(PyObject *object)
{
    Py_ssize_t size;
    const char *text;

    if (!PyUnicode_Check(object))
        return NULL;
    text = PyUnicode_AsUTF8AndSize(object, &size);
    if (!text)
        PyErr_Clear();
    return text && strlen(text) == (size_t)size ? text : NULL;
}

static int
convert(virPyCall *call, char kind, PyObject *const *args, Py_ssize_t i)
{
    virPyInput *in = &call->in[i];

    switch (kind) {
    case 's':
    case 't':
    case 'z':
        in->text = plainText(args[i]);
        return in->text ? 0 : convertText(call, args, i, kind);
    case 'i':
        return virPyAsInt(call->self, args, i, &in->i);
    case 'u':
        return virPyAsUInt(call->self, args, i, &in->u);
    case 'I':
        return virPyAsMask(call->self, args, i, &in->u);
    case 'l':
        return virPyAsLong(call->self, args, i, &in->l);
    case 'k':
        return virPyAsULong(call->self, args, i, &in->ul);
    case 'L':
        return virPyAsLLong(call->self, args, i, &in->ll);
    case 'K':
        return virPyAsULLong(call->self, args, i, &in->ull);
    case 'n':
        return virPyAsSize(call->self, args, i, &in->size);
    case 'd':
        return virPyAsDouble(call->self, args, i, &in->real);
    default:
        return 0;
    }
}

static int
badCount(const char *self, const char *kinds, Py_ssize_t surplus)
{
    Py_ssize_t wanted = (Py_ssize_t)strlen(kinds);

    return virPyCheckCount(self, wanted + surplus, wanted);
}

/* Inlined into both of its callers, since every call comes this way. */
static inline __attribute__((always_inline)) int
parse(virPyCall *call, const char *self, const char *kinds, PyObject *const *args, Py_ssize_t surplus,
      const virPyHandleType *type)
{
    Py_ssize_t i = 0;

    call->self = self;
    call->state = NULL;
    call->raises = false;
    call->texts = NULL;
    call->nheld = 0;
    if (atomic_load_explicit(&virPySeveralInterpreters, memory_order_relaxed))
        virPyCountInterpreter();
    if (surplus != 0)
        return badCount(self, kinds, surplus);
    /* The way of most calls. */
    if (kinds[0] == 'h') {
        struct virPyHandle *handle = virPyAcquireOwn(args[0], type);

        if (handle)
            hold(call, i++, handle->object, handle);
    }
    for (; kinds[i]; i++) {
        int retval;

        if (kinds[i] == 'h' || kinds[i] == 'H')
            retval = virPyAcquireArgument(call, args, i, type, kinds[i] == 'H');
        else
            retval = convert(call, kinds[i], args, i);
        if (retval < 0) {
            virPyReleaseCall(call);
            return -1;
        }
    }
    return 0;
}

int
virPyParse(virPyCall *call, const char *self, const char *kinds, PyObject *const *args, Py_ssize_t surplus,
           const virPyHandleType *type)
{
    return parse(call, self, kinds, args, surplus, type);
}

int
virPyBegin(virPyCall *call, const char *self, const char *kinds, PyObject *const *args, Py_ssize_t surplus,
           const virPyHandleType *type)
{
    int retval = parse(call, self, kinds, args, surplus, type);

    if (retval == 0)
        call->state = PyEval_SaveThread();
    return retval;
}

void
virPyUnblockThreads(virPyCall *call)
{
    call->state = PyEval_SaveThread();
}

/* Set an exception aside that a callback has left, so that the result can be made and dropped as always. */
static VIR_PY_COLD void
setAside(virPyCall *call)
{
    virPyPending raised = virPyFetchException();

    /* The first of several comes out. */
    virPyRestoreException(raised);
    if (call->raises)
        virPyKeepFirst(call->raised);
    call->raised = virPyFetchException();
    call->raises = true;
}

static inline void
takeBack(virPyCall *call)
{
    if (!call->state)
        return;
    PyEval_RestoreThread(call->state);
    call->state = NULL;
    if (PyErr_Occurred())
        setAside(call);
}

void
virPyBlockThreads(virPyCall *call)
{
    takeBack(call);
}

static VIR_PY_COLD PyObject *
raise(virPyCall *call, PyObject *result)
{
    Py_XDECREF(result);
    if (call->raises)
        virPyRestoreException(call->raised);
    return NULL;
}

static inline PyObject *
ended(virPyCall *call, PyObject *result)
{
    leave(call);
    return call->raises ? raise(call, result) : result;
}

PyObject *
virPyEndObject(virPyCall *call, PyObject *result)
{
    return ended(call, result);
}

PyObject *
virPyEndByHand(virPyCall *call, PyObject *result)
{
    leave(call);
    return result && PyErr_Occurred() ? raise(call, result) : result;
}

PyObject *
virPyEndStatus(virPyCall *call, int retval)
{
    takeBack(call);
    return ended(call, retval == -1 ? virPyFailInt(call->self, -1) : virPyFromInt(retval));
}

PyObject *
virPyEndString(virPyCall *call, const char *text)
{
    takeBack(call);
    return ended(call, text ? virPyFromString(text) : virPyFail(call->self));
}

PyObject *
virPyEndAllocated(virPyCall *call, char *text)
{
    takeBack(call);
    return ended(call, text ? virPyFromAllocated(text) : virPyFail(call->self));
}

PyObject *
virPyEndHandle(virPyCall *call, const virPyHandleType *type, void *object)
{
    takeBack(call);
    return ended(call, object ? virPyNewHandle(type, object) : virPyFail(call->self));
}

PyObject *
virPyEndHandles(virPyCall *call, const virPyHandleType *type, void *array, int count)
{
    takeBack(call);
    return ended(call, count < 0 ? virPyFail(call->self) : virPyFromHandles(type, array, count));
}
