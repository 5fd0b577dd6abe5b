/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From a thread of libvirt into Python and back. */

#include "callbacks.h"

#include <stdatomic.h>

/* Set at exit, when it is still safe to run Python, and never unset. */
static atomic_bool closing;

bool
virPyEnterPython(PyGILState_STATE *gil)
{
    if (atomic_load(&closing))
        return false;
    *gil = PyGILState_Ensure();
    return true;
}

void
virPyLeavePython(PyGILState_STATE gil)
{
    PyGILState_Release(gil);
}

static PyObject *
closeGate(PyObject *module VIR_PY_UNUSED, PyObject *unused VIR_PY_UNUSED)
{
    atomic_store(&closing, true);
    return virPyNewRef(Py_None);
}

int
virPyInitialize(void)
{
    if (virInitialize() == 0)
        return 0;
    PyErr_Format(PyExc_ImportError, "libvirt cannot be initialized: %s", virGetLastErrorMessage());
    return -1;
}

int
virPyAddExitHook(PyObject *module)
{
    static PyMethodDef method = { "_closeGate", closeGate, METH_NOARGS,
                                  "From here on no callback enters Python." };
    PyObject *atexit VIR_PY_AUTO(virPyDropRef) = PyImport_ImportModule("atexit");
    PyObject *hook VIR_PY_AUTO(virPyDropRef) = PyCFunction_NewEx(&method, module, NULL);
    PyObject *done VIR_PY_AUTO(virPyDropRef) = NULL;

    if (atexit && hook)
        done = PyObject_CallMethod(atexit, "register", "O", hook);
    return done ? 0 : -1;
}

void
virPyReportException(void)
{
    PyObject *type, *value, *traceback;
    PyObject *hook = PySys_GetObject("excepthook"); /* borrowed */
    PyObject *done = NULL;

    PyErr_Fetch(&type, &value, &traceback);
    PyErr_NormalizeException(&type, &value, &traceback);
    if (hook && value) {
        if (traceback)
            (void)PyException_SetTraceback(value, traceback);
        Py_INCREF(hook);
        done = PyObject_CallFunctionObjArgs(hook, type, value, traceback ? traceback : Py_None, NULL);
        if (!done)
            PyErr_WriteUnraisable(hook);
        Py_DECREF(hook);
    }
    Py_XDECREF(done);
    Py_XDECREF(type);
    Py_XDECREF(value);
    Py_XDECREF(traceback);
}

void
virPyDispatch(void *cbData, const char *method, PyObject *arguments)
{
    PyObject *all VIR_PY_AUTO(virPyDropRef) = NULL;
    PyObject *last VIR_PY_AUTO(virPyDropRef) = virPyPackTuple(1, virPyNewRef(cbData));
    PyObject *conn VIR_PY_AUTO(virPyDropRef) = NULL;
    PyObject *function VIR_PY_AUTO(virPyDropRef) = NULL;
    PyObject *result VIR_PY_AUTO(virPyDropRef) = NULL;

    if (arguments && last)
        all = PySequence_Concat(arguments, last);
    Py_XDECREF(arguments);
    if (all)
        conn = PyMapping_GetItemString(cbData, "conn");
    if (conn)
        function = PyObject_GetAttrString(conn, method);
    if (function)
        result = PyObject_CallObject(function, all);
    if (!result)
        virPyReportException();
}

void
virPyDropCallbackData(void *cbData)
{
    PyGILState_STATE gil;

    if (!virPyEnterPython(&gil))
        return;
    Py_DECREF((PyObject *)cbData);
    virPyLeavePython(gil);
}
