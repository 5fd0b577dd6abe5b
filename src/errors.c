/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libvirt's errors for Python: the error handler and the error records. */

#include "libvirtmod.h"

#include <stdatomic.h>

#include "callbacks.h"
#include "failure.h"

/* The pair (function, context) of registerErrorHandler, or NULL.  One for the
 * process, as libvirt has it: that of the interpreter which was the last to
 * register one. */
static virPyCallback *handler;
/* Whether there is one: what costs nothing to ask. */
static atomic_bool handled;

/* PAIR is stolen. */
static void
callHandler(PyObject *pair, virErrorPtr error)
{
    PyObject *info = virPyFromError(error);
    PyObject *result = NULL;

    if (info)
        result = PyObject_CallFunctionObjArgs(PyTuple_GetItem(pair, 0), PyTuple_GetItem(pair, 1), info, NULL);
    if (!result)
        virPyReportException();
    Py_XDECREF(result);
    Py_XDECREF(info);
    Py_DECREF(pair);
}

/* What libvirt calls for each error from the import on.  It prints nothing:
 * an error that becomes an exception is no business of stderr. */
static void
onError(void *opaque VIR_PY_UNUSED, virErrorPtr error)
{
    virPyPlaceEntry entry;
    virPyPending pending;
    virPySavedError saved;
    PyObject *pair;

    if (!atomic_load(&handled) || !virPyEnterPlace(&entry, &handler, &pair))
        return;
    pending = virPyFetchException();
    /* The handler may call libvirt, which would lose the error of this call. */
    virPySaveError(&saved);
    callHandler(pair, saved.live == error ? &saved.error : error);
    virPyRestoreError(&saved);
    virPyRestoreException(pending);
    virPyLeavePlace(&entry);
}

/* Once: what one interpreter has asked for is not undone by the import in another. */
void
virPyInstallErrorHandler(void)
{
    static atomic_flag done = ATOMIC_FLAG_INIT;

    if (!atomic_flag_test_and_set(&done))
        virSetErrorFunc(NULL, onError);
}

/* Steals the pair; NULL with an exception. */
static virPyCallback *
newHandler(PyObject *pair)
{
    virPyCallback *callback = pair ? virPyNewCallback(pair) : NULL;

    Py_XDECREF(pair);
    return callback;
}

PyObject *
hand_virRegisterErrorHandler(PyObject *module VIR_PY_UNUSED, PyObject *const *args, Py_ssize_t nargs)
{
    static const char self[] = "virRegisterErrorHandler(func, ctx)";
    virPyCallback *new = NULL;

    if (virPyCheckCount(self, nargs, 2) < 0)
        return NULL;
    if (args[0] == Py_None) {
        /* libvirt's own printing is back. */
        virSetErrorFunc(NULL, NULL);
    } else {
        if (!PyCallable_Check(args[0])) {
            virPyBadType(&(virPyWhere){ self, 0, NULL }, args[0], "callable or None");
            return NULL;
        }
        new = newHandler(virPyPackTuple(2, virPyNewRef(args[0]), virPyNewRef(args[1])));
        if (!new)
            return NULL;
        virSetErrorFunc(NULL, onError);
    }
    atomic_store(&handled, new != NULL);
    virPyReplaceCallback(&handler, new);
    return virPyFromInt(1);
}

/* For dispatchers that are written in Python. */
PyObject *
hand__reportException(PyObject *module VIR_PY_UNUSED, PyObject *const *args, Py_ssize_t nargs)
{
    static const char self[] = "_reportException(exception)";

    if (virPyCheckCount(self, nargs, 1) < 0)
        return NULL;
    if (!PyExceptionInstance_Check(args[0])) {
        virPyBadType(&(virPyWhere){ self, 0, NULL }, args[0], "BaseException");
        return NULL;
    }
    PyErr_SetObject((PyObject *)Py_TYPE(args[0]), args[0]);
    virPyReportException();
    return virPyNewRef(Py_None);
}

PyObject *
hand__takeFailure(PyObject *module VIR_PY_UNUSED, PyObject *const *args, Py_ssize_t nargs)
{
    static const char self[] = "_takeFailure(message)";

    if (virPyCheckCount(self, nargs, 1) < 0)
        return NULL;
    return virPyTakeFailure(args[0]);
}
