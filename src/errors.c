/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libvirt's errors for Python: the error handler and the error records. */

#include "libvirtmod.h"

#include <stdatomic.h>

#include "callbacks.h"
#include "failure.h"

/* The pair (function, context) of registerErrorHandler, or NULL.  One for the
 * process, as libvirt has it; guarded by the GIL. */
static PyObject *handler;
/* Whether there is one: what a thread can ask that has not the GIL. */
static atomic_bool handled;

static void
callHandler(virErrorPtr error)
{
    PyObject *pair VIR_PY_AUTO(virPyDropRef) = handler;
    PyObject *result = NULL;
    PyObject *info;

    if (!pair)
        return;
    Py_INCREF(pair);
    info = virPyFromError(error);
    if (info)
        result = PyObject_CallFunctionObjArgs(PyTuple_GetItem(pair, 0), PyTuple_GetItem(pair, 1), info, NULL);
    if (!result)
        virPyReportException();
    Py_XDECREF(result);
    Py_XDECREF(info);
}

/* What libvirt calls for each error from the import on.  It prints nothing:
 * an error that becomes an exception is no business of stderr. */
static void
onError(void *opaque VIR_PY_UNUSED, virErrorPtr error)
{
    PyGILState_STATE gil;
    virPyPending pending;
    virPySavedError saved;

    if (!atomic_load(&handled) || !virPyEnterPython(&gil))
        return;
    pending = virPyFetchException();
    /* The handler may call libvirt, which would lose the error of this call. */
    virPySaveError(&saved);
    callHandler(saved.live == error ? &saved.error : error);
    virPyRestoreError(&saved);
    virPyRestoreException(pending);
    virPyLeavePython(gil);
}

void
virPyInstallErrorHandler(void)
{
    virSetErrorFunc(NULL, onError);
}

PyObject *
hand_virRegisterErrorHandler(PyObject *module VIR_PY_UNUSED, PyObject *const *args, Py_ssize_t nargs)
{
    static const char self[] = "virRegisterErrorHandler(func, ctx)";
    PyObject *old = handler;
    PyObject *new = NULL;

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
        new = virPyPackTuple(2, virPyNewRef(args[0]), virPyNewRef(args[1]));
        if (!new)
            return NULL;
        virPyInstallErrorHandler();
    }
    /* Stored before the old one goes, whose destructor may call libvirt. */
    handler = new;
    atomic_store(&handled, new != NULL);
    Py_XDECREF(old);
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
