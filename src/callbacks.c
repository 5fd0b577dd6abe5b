/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From a thread of libvirt into Python and back. */

#include "callbacks.h"

#include <limits.h>
#include <stdbool.h>

#include "threads.h"

/* --- exceptions ---------------------------------------------------------- */

/* Without memory for what is kept for the thread, exceptions just go to the hook. */
static virPyThread *
thisThread(void)
{
    virPyPending pending = virPyFetchException();
    virPyThread *thread = virPyThisThread();

    virPyRestoreException(pending);
    return thread;
}

PyThreadState *
virPyEnterLoop(void)
{
    virPyThread *thread = thisThread();

    if (thread)
        thread->loops++;
    return virPySetLoopState(PyThreadState_Get());
}

PyObject *
virPyLeaveLoop(PyThreadState *outer, PyObject *result)
{
    virPyThread *thread = thisThread();
    PyObject *raised = thread ? thread->raised : NULL;

    (void)virPySetLoopState(outer);
    if (thread && thread->loops > 0)
        thread->loops--;
    if (!raised)
        return result;
    thread->raised = NULL;
    Py_CLEAR(result);
    PyErr_SetObject((PyObject *)Py_TYPE(raised), raised);
    Py_DECREF(raised);
    return NULL;
}

/* Of several, the first comes out; the others want nothing else. */
static bool
keepForLoop(PyObject *value)
{
    virPyThread *thread = thisThread();

    if (!thread || thread->loops == 0)
        return false;
    if (!PyErr_GivenExceptionMatches(value, PyExc_SystemExit) &&
        !PyErr_GivenExceptionMatches(value, PyExc_KeyboardInterrupt))
        return false;
    if (!thread->raised)
        thread->raised = virPyNewRef(value);
    return true;
}

void
virPyReportException(void)
{
    PyObject *type, *value, *traceback;
    PyObject *module, *hook;
    PyObject *done = NULL;

    PyErr_Fetch(&type, &value, &traceback);
    PyErr_NormalizeException(&type, &value, &traceback);
    if (value && traceback)
        (void)PyException_SetTraceback(value, traceback);
    module = PyImport_ImportModule("sys");
    hook = module ? PyObject_GetAttrString(module, "excepthook") : NULL;
    PyErr_Clear();
    if (value && !keepForLoop(value)) {
        if (hook)
            done = PyObject_CallFunctionObjArgs(hook, type, value, traceback ? traceback : Py_None, NULL);
        else
            PyErr_SetObject(type, value);
        if (!done)
            PyErr_WriteUnraisable(hook);
    }
    Py_XDECREF(done);
    Py_XDECREF(hook);
    Py_XDECREF(module);
    Py_XDECREF(type);
    Py_XDECREF(value);
    Py_XDECREF(traceback);
}

/* --- dispatch ------------------------------------------------------------ */

static void
callMethod(PyObject *target, const char *method, PyObject *arguments)
{
    PyObject *function = arguments ? virPyAttribute(target, method) : NULL;
    PyObject *result = function ? PyObject_CallObject(function, arguments) : NULL;

    Py_XDECREF(function);
    if (!result)
        virPyReportException();
    Py_XDECREF(result);
}

/* When the callback is over. */
static void
dropArguments(PyObject *arguments)
{
    if (arguments)
        virPyEndLoans(arguments);
    Py_XDECREF(arguments);
}

void
virPyCallMethod(PyObject *target, const char *method, PyObject *arguments)
{
    callMethod(target, method, arguments);
    dropArguments(arguments);
}

int
virPyResultAsInt(PyObject *result, const char *what)
{
    PyObject *number = PyNumber_Index(result);
    int overflow = 0;
    long value = number ? PyLong_AsLongAndOverflow(number, &overflow) : -1;

    Py_XDECREF(number);
    if (!overflow && value >= INT_MIN && value <= INT_MAX)
        return (int)value;
    PyErr_Format(PyExc_OverflowError, "%s must fit into a C int", what);
    return -1;
}

/* A connection or a stream that was closed gets no more events. */
static bool
isClosed(PyObject *target)
{
    PyObject *handle = virPyAttribute(target, "_o");
    bool closed = handle == Py_None;

    PyErr_Clear();
    Py_XDECREF(handle);
    return closed;
}

/* Calls METHOD with ARGUMENTS and LAST, which it takes over, behind them. */
static void
callWith(PyObject *target, const char *method, PyObject *arguments, PyObject *last)
{
    PyObject *tuple = virPyPackTuple(1, last);
    PyObject *all = tuple ? PySequence_Concat(arguments, tuple) : NULL;

    Py_XDECREF(tuple);
    callMethod(target, method, all);
    Py_XDECREF(all);
}

/* Those that share a registration; their data are found by OTHERS_KEY in that of the first. */
#define OTHERS_KEY "others"

/* A copy: close() or a removal in another thread may empty the data while the method runs. */
static PyObject *
copyData(PyObject *cbData)
{
    PyObject *copy = PyDict_Copy(cbData);
    PyObject *others VIR_PY_AUTO(virPyDropRef) = copy ? virPyDictItem(copy, OTHERS_KEY) : NULL;

    if (others)
        (void)PyDict_DelItemString(copy, OTHERS_KEY);
    if (PyErr_Occurred())
        Py_CLEAR(copy);
    return copy;
}

/* Data that was emptied belongs to a callback that was removed, or that libvirt never freed. */
static void
dispatchOne(PyObject *cbData, const char *key, const char *method, PyObject *arguments)
{
    PyObject *copy VIR_PY_AUTO(virPyDropRef) = copyData(cbData);
    PyObject *target VIR_PY_AUTO(virPyDropRef) = copy ? virPyDictItem(copy, key) : NULL;

    if (PyErr_Occurred())
        virPyReportException();
    if (target && !isClosed(target))
        callWith(target, method, arguments, virPyNewRef(copy));
}

void
virPyDispatch(void *callback, const char *key, const char *method, PyObject *arguments)
{
    PyObject *data = virPyCallbackData(callback);
    PyObject *others VIR_PY_AUTO(virPyDropRef) =
        arguments && PyDict_Check(data) ? virPyDictItem(data, OTHERS_KEY) : NULL;
    PyObject *sharing VIR_PY_AUTO(virPyDropRef) = others ? PyDict_Values(others) : NULL;

    if (PyErr_Occurred()) {
        virPyReportException();
    } else if (PyDict_Check(data)) {
        Py_INCREF(data);
        dispatchOne(data, key, method, arguments);
        for (Py_ssize_t n = 0; sharing && n < PyList_Size(sharing); n++)
            dispatchOne(PyList_GetItem(sharing, n), key, method, arguments);
        Py_DECREF(data);
    }
    dropArguments(arguments);
}

PyObject *
virPyDataItem(void *callback, const char *key)
{
    PyObject *data = virPyCallbackData(callback);
    PyObject *item = PyDict_Check(data) ? virPyDictItem(data, key) : NULL;

    if (!item && !PyErr_Occurred())
        PyErr_Format(PyExc_LookupError, "the data of a callback have no '%s'", key);
    return item;
}

void
virPyDispatchFunction(void *callback, const char *module, const char *function, PyObject *arguments)
{
    PyObject *data = virPyNewRef(virPyCallbackData(callback));
    PyObject *target = arguments ? PyImport_ImportModule(module) : NULL;

    if (target)
        callWith(target, function, arguments, virPyNewRef(data));
    else
        virPyReportException();
    Py_XDECREF(target);
    Py_DECREF(data);
    dropArguments(arguments);
}

/* --- initialization ------------------------------------------------------ */

int
virPyInitialize(void)
{
    int retval;

    Py_BEGIN_ALLOW_THREADS
    retval = virInitialize();
    Py_END_ALLOW_THREADS
    if (retval < 0) {
        PyErr_Format(PyExc_ImportError, "libvirt cannot be initialized: %s", virGetLastErrorMessage());
        return -1;
    }
    return virPyAddInterpreter();
}
