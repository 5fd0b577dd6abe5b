/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One call of a C function.  calls.h has the contracts. */

#include "calls.h"

#include <string.h>

#include "callbacks.h"
#include "errorrecord.h"
#include "libvirt-utils.h"

/* --- what a call holds ----------------------------------------------------- */

/* Keep a handle in use until the call is over.  Takes over the caller's use. */
static inline void holdHandle(virPyCall *call, Py_ssize_t i, void *object, struct virPyHandle *handle)
{
    call->in[i].object = object;
    call->held[call->nheld++] = handle;
}

int virPyAcquireArgument(virPyCall *call, PyObject *const *args, Py_ssize_t i, const virPyHandleType *type,
                         bool required)
{
    virPyUse use = { NULL, NULL };

    if (virPyAcquire(virPyArgument(call->self, i), args[i], type, required, &use) < 0)
        return -1;
    holdHandle(call, i, use.object, use.handle);
    return 0;
}

/* Keep an encoded copy of a text until the call is over.  Steals the reference.  Returns 0, or -1 with an exception. */
static int holdText(virPyCall *call, PyObject *copy)
{
    if (!call->texts)
        call->texts = PyList_New(0);
    int retval = call->texts ? PyList_Append(call->texts, copy) : -1;
    Py_DECREF(copy);
    return retval;
}

/* virPyReleaseCall(), inlined into the functions that end a call. */
static inline void dropHeld(virPyCall *call)
{
    while (call->nheld > 0)
        virPyReleaseHandle(call->held[--call->nheld]);
    if (call->texts)
        Py_CLEAR(call->texts);
}

void virPyReleaseCall(virPyCall *call)
{
    dropHeld(call);
}

/* --- arguments ------------------------------------------------------------- */

/* Convert a text.  The fast path is a str that contains neither surrogates nor null characters. */
static int convertText(virPyCall *call, PyObject *object, Py_ssize_t i, char letter)
{
    virPyString string = { NULL, NULL };
    int retval = 0;

    if (PyUnicode_Check(object)) {
        Py_ssize_t size;

        call->in[i].text = PyUnicode_AsUTF8AndSize(object, &size);
        if (call->in[i].text && strlen(call->in[i].text) == (size_t)size)
            return 0;
        PyErr_Clear();
    }
    if (object != Py_None || letter == 's')
        retval = virPyAsText(virPyArgument(call->self, i), object, letter == 'z' ? "str or None" : "str", &string);
    call->in[i].text = string.str;
    if (string.owner && holdText(call, string.owner) < 0)
        retval = -1;
    return retval;
}

/* Convert a number in a range.  The fast path is a plain int. */
static inline int convertInteger(virPyCall *call, PyObject *object, Py_ssize_t i, long long min, unsigned long long max,
                                 long long *number)
{
    int overflow = 0;

    if (PyLong_CheckExact(object)) {
        *number = PyLong_AsLongLongAndOverflow(object, &overflow);
        if (!overflow && *number >= min && (*number < 0 || (unsigned long long)*number <= max))
            return 0;
    }
    return virPyAsInteger(virPyArgument(call->self, i), object, min, max, number);
}

/* Convert the argument OBJECT to call->in[i].  Returns 0, or -1 with an exception. */
static int convertArgument(virPyCall *call, PyObject *object, Py_ssize_t i, char letter)
{
    virPyInput *in = &call->in[i];
    long long number = 0;
    int retval = 0;

    switch (letter) {
    case 's':
    case 't':
    case 'z':
        return convertText(call, object, i, letter);
    case 'i':
        retval = convertInteger(call, object, i, INT_MIN, INT_MAX, &number);
        in->i = (int)number;
        return retval;
    case 'u':
    case 'I':
        retval = convertInteger(call, object, i, letter == 'I' ? INT_MIN : 0, UINT_MAX, &number);
        in->u = (unsigned int)number;
        return retval;
    case 'l':
        retval = convertInteger(call, object, i, LONG_MIN, LONG_MAX, &number);
        in->l = (long)number;
        return retval;
    case 'k':
        retval = convertInteger(call, object, i, 0, ULONG_MAX, &number);
        in->ul = (unsigned long)number;
        return retval;
    case 'n':
        retval = convertInteger(call, object, i, 0, PY_SSIZE_T_MAX, &number);
        in->size = (size_t)number;
        return retval;
    case 'L':
        return convertInteger(call, object, i, LLONG_MIN, LLONG_MAX, &in->ll);
    case 'K':
        return convertInteger(call, object, i, 0, ULLONG_MAX, &in->ll);
    case 'd':
        return virPyAsDouble(virPyArgument(call->self, i), object, &in->real);
    default:
        return 0;
    }
}

/* virPyParse(), inlined into both of its callers, because every call runs it. */
static inline __attribute__((always_inline)) int parseArguments(virPyCall *call, const char *self, const char *letters,
                                                                PyObject *const *args, Py_ssize_t surplus,
                                                                const virPyHandleType *type)
{
    Py_ssize_t i = 0;

    call->self = self;
    call->state = NULL;
    call->raised = NULL;
    call->texts = NULL;
    call->nheld = 0;
    if (atomic_load_explicit(&virPySeveralInterpreters, memory_order_relaxed))
        virPyCountInterpreter();
    if (surplus != 0)
        return virPyCheckCount(self, (Py_ssize_t)strlen(letters) + surplus, (Py_ssize_t)strlen(letters));
    /* Most calls are methods of an object that this module created. */
    if (letters[0] == 'h') {
        struct virPyHandle *handle = virPyAcquireOwn(args[0], type);

        if (handle)
            holdHandle(call, i++, handle->object, handle);
    }
    for (; letters[i]; i++) {
        int retval;

        if (letters[i] == 'h' || letters[i] == 'H')
            retval = virPyAcquireArgument(call, args, i, type, letters[i] == 'H');
        else
            retval = convertArgument(call, args[i], i, letters[i]);
        if (retval < 0) {
            virPyReleaseCall(call);
            return -1;
        }
    }
    return 0;
}

int virPyParse(virPyCall *call, const char *self, const char *letters, PyObject *const *args, Py_ssize_t surplus,
               const virPyHandleType *type)
{
    return parseArguments(call, self, letters, args, surplus, type);
}

int virPyBegin(virPyCall *call, const char *self, const char *letters, PyObject *const *args, Py_ssize_t surplus,
               const virPyHandleType *type)
{
    int retval = parseArguments(call, self, letters, args, surplus, type);

    if (retval == 0)
        call->state = PyEval_SaveThread();
    return retval;
}

/* --- the GIL, and the exceptions of callbacks ------------------------------ */

void virPyUnblockThreads(virPyCall *call)
{
    call->state = PyEval_SaveThread();
}

/* Take the exception away that a callback left, so that the result can be created and dropped as usual.  If several
 * libvirt functions were called and more than one left an exception, the first is kept. */
static VIR_PY_COLD void setExceptionAside(virPyCall *call)
{
    PyObject *raised = virPyFetchException();

    if (call->raised)
        Py_XDECREF(raised);
    else
        call->raised = raised;
}

static inline void takeBackGil(virPyCall *call)
{
    if (!call->state)
        return;
    PyEval_RestoreThread(call->state);
    call->state = NULL;
    if (PyErr_Occurred())
        setExceptionAside(call);
}

void virPyBlockThreads(virPyCall *call)
{
    takeBackGil(call);
}

/* --- results --------------------------------------------------------------- */

/* Drop the result, and raise the exception that a callback left instead of any other one. */
static VIR_PY_COLD PyObject *raiseInstead(virPyCall *call, PyObject *result)
{
    Py_XDECREF(result);
    virPyKeepFirst(call->raised);
    return NULL;
}

/* virPyEndObject(), inlined into the functions that convert a result. */
static inline PyObject *endCall(virPyCall *call, PyObject *result)
{
    dropHeld(call);
    return call->raised ? raiseInstead(call, result) : result;
}

PyObject *virPyEndObject(virPyCall *call, PyObject *result)
{
    return endCall(call, result);
}

PyObject *virPyEndByHand(virPyCall *call, PyObject *result)
{
    dropHeld(call);
    return result && PyErr_Occurred() ? raiseInstead(call, result) : result;
}

PyObject *virPyEndStatus(virPyCall *call, int retval)
{
    takeBackGil(call);
    return endCall(call, retval == -1 ? virPyFailInt(call->self, -1) : virPyFromInt(retval));
}

PyObject *virPyEndString(virPyCall *call, const char *text)
{
    takeBackGil(call);
    return endCall(call, text ? virPyFromString(text) : virPyFail(call->self));
}

PyObject *virPyEndAllocated(virPyCall *call, char *text)
{
    takeBackGil(call);
    return endCall(call, text ? virPyFromAllocated(text) : virPyFail(call->self));
}

PyObject *virPyEndHandle(virPyCall *call, const virPyHandleType *type, void *object)
{
    takeBackGil(call);
    return endCall(call, object ? virPyNewHandle(type, object) : virPyFail(call->self));
}

PyObject *virPyEndHandles(virPyCall *call, const virPyHandleType *type, void *array, int count)
{
    takeBackGil(call);
    return endCall(call, count < 0 ? virPyFail(call->self) : virPyFromHandles(type, array, count));
}
