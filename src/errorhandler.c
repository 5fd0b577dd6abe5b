/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Errors of libvirt in Python: the error handler, and the creation of libvirtError.
 *
 * Owns the error handler of the process.  The handler and its context stand in a dict, whose atomic operations guard
 * them, with or without a GIL; `handled` is atomic.  All functions need the GIL, except for forwardError(). */

#include "libvirtmod.h"

#include <stdatomic.h>

#include "callbacks.h"
#include "errorrecord.h"

/* Under the key None: the tuple (function, context) of registerErrorHandler(), or None.  There is a new dict for each
 * life of the main interpreter. */
static PyObject *handler;
/* Whether there is a handler, so that most errors need not enter Python. */
static atomic_bool handled;

static void callHandler(virErrorPtr error)
{
    PyObject *pair VIR_PY_AUTO(virPyDropRef) = virPyDictValue(handler, Py_None);

    /* Another thread may have removed the handler by now. */
    if (!pair || pair == Py_None)
        return;
    PyObject *info VIR_PY_AUTO(virPyDropRef) = virPyFromError(error);
    PyObject *result VIR_PY_AUTO(virPyDropRef) =
        info ? PyObject_CallFunctionObjArgs(PyTuple_GetItem(pair, 0), PyTuple_GetItem(pair, 1), info, NULL) : NULL;
    if (!result)
        virPyReportException();
}

/* The virErrorFunc that is installed from the import on.  libvirt calls it on any thread, with or without the GIL.
 * Without a Python handler it prints nothing, because the error becomes an exception. */
static void forwardError(void *opaque VIR_PY_UNUSED, virErrorPtr error)
{
    virPyEntry entry;
    virPySavedError saved;

    if (!atomic_load(&handled) || !virPyEnterHandler(&entry))
        return;
    /* The handler may call libvirt, which would overwrite the error of the failing call. */
    virPySaveError(&saved);
    callHandler(saved.live == error ? &saved.error : error);
    virPyRestoreError(&saved);
    virPyLeavePython(&entry);
}

/* Install the handler only once for each life of the main interpreter, so that importing the module in a second
 * interpreter does not replace a handler set by the first.  The initialization of the module calls this with the GIL.
 * Returns 0, or -1 with an exception. */
int virPyInstallErrorHandler(void)
{
    static atomic_int installed = -1;
    int life = (int)virPyGeneration();

    if (atomic_exchange(&installed, life) == life)
        return 0;
    atomic_store(&handled, false);
    handler = life > 0 ? PyDict_New() : NULL;
    virSetErrorFunc(NULL, forwardError);
    return life == 0 || handler ? 0 : -1;
}

PyObject *hand_virRegisterErrorHandler(const char *self, PyObject *func, PyObject *ctx)
{
    bool given = func != Py_None;

    if (virPyRequireMain("an error handler") < 0 ||
        virPyCheckType(virPyArgument(self, 0), func, !given || PyCallable_Check(func), "callable or None") < 0)
        return NULL;
    PyObject *pair VIR_PY_AUTO(virPyDropRef) =
        given ? virPyPackTuple(2, virPyNewRef(func), virPyNewRef(ctx)) : virPyNewRef(Py_None);
    if (!pair || PyDict_SetItem(handler, Py_None, pair) < 0)
        return NULL;
    atomic_store(&handled, given);
    /* After the removal of a handler, libvirt prints errors to stderr again. */
    virSetErrorFunc(NULL, given ? forwardError : NULL);
    return virPyFromInt(1);
}

/* Report an exception from a dispatcher that is written in Python. */
PyObject *hand__reportException(const char *self, PyObject *exception)
{
    if (virPyCheckType(virPyArgument(self, 0), exception, PyExceptionInstance_Check(exception), "BaseException") < 0)
        return NULL;
    virPyRestoreException(virPyNewRef(exception));
    virPyReportException();
    return virPyNewRef(Py_None);
}

/* --- libvirtError ---------------------------------------------------------- */

static bool isSubclassOf(PyObject *class, PyObject *base)
{
    return PyType_Check(class) && PyType_IsSubtype((PyTypeObject *)class, (PyTypeObject *)base);
}

/* Return super(BASE, CLASS).__new__(*ARGS), as if libvirtError had no __new__ of its own. */
static PyObject *callInheritedNew(PyObject *base, PyObject *class, PyObject *const *args, Py_ssize_t nargs)
{
    PyObject *above VIR_PY_AUTO(virPyDropRef) =
        PyObject_CallFunctionObjArgs((PyObject *)&PySuper_Type, base, class, NULL);
    PyObject *make VIR_PY_AUTO(virPyDropRef) = above ? PyObject_GetAttrString(above, "__new__") : NULL;
    PyObject *arguments VIR_PY_AUTO(virPyDropRef) = make ? PyTuple_New(nargs) : NULL;

    for (Py_ssize_t n = 0; arguments && n < nargs; n++)
        VIR_PY_FILL_TUPLE(arguments, n, virPyNewRef(args[n]));
    return arguments ? PyObject_CallObject(make, arguments) : NULL;
}

static PyObject *newException(PyObject *class, PyObject *text)
{
    PyObject *arguments VIR_PY_AUTO(virPyDropRef) = virPyPackTuple(1, virPyNewRef(text));

    return arguments ? virPyNewOf((PyTypeObject *)PyExc_Exception)((PyTypeObject *)class, arguments, NULL) : NULL;
}

/* Create the exception for an error: its class is that of the code in CLASSES, else BASE; args is its message; err is
 * the error. */
static PyObject *exceptionForError(virPyThread *thread, PyObject *classes, PyObject *base, PyObject *error)
{
    PyObject *class = PyDict_GetItemWithError(classes, PyTuple_GetItem(error, 0)); /* borrowed */
    PyObject *key VIR_PY_AUTO(virPyDropRef) = class || !PyErr_Occurred() ? virPyKey(thread, "err") : NULL;
    PyObject *made = NULL;

    if (!class)
        class = base;
    if (!isSubclassOf(class, base))
        PyErr_SetString(PyExc_TypeError, "the class for the code of an error must inherit of libvirtError");
    else if (key)
        made = newException(class, PyTuple_GetItem(error, 2));
    if (made && PyObject_SetAttr(made, key, error) < 0)
        Py_CLEAR(made);
    return made;
}

/* libvirtError.__new__().  CLASSES, its self, maps codes to classes, and None to libvirtError itself.
 *
 * The record of the failure is taken here and not by __init__(), because a Python without a GIL would have to stop all
 * threads to change the class of an exception that exists already. */
static PyObject *newError(PyObject *classes, PyObject *const *args, Py_ssize_t nargs, PyObject *names VIR_PY_UNUSED)
{
    PyObject *base = PyDict_GetItemWithError(classes, Py_None); /* borrowed */

    if (!base || nargs < 1 || !isSubclassOf(base, PyExc_Exception) || !isSubclassOf(args[0], base)) {
        if (!PyErr_Occurred())
            PyErr_SetString(PyExc_TypeError, "libvirtError.__new__() wants that class, or one that inherits of it");
        return NULL;
    }
    if (args[0] != base || nargs != 2)
        return callInheritedNew(base, args[0], args, nargs);
    virPyThread *thread = virPyThisThread();
    PyObject *error VIR_PY_AUTO(virPyDropRef) = thread ? virPyTakeFailure(thread, args[1]) : NULL;
    if (!error)
        return NULL;
    return error == Py_None ? newException(base, args[1]) : exceptionForError(thread, classes, base, error);
}

PyObject *hand__errorMaker(const char *self, PyObject *classes)
{
    static PyMethodDef method = { "__new__", VIR_PY_METHOD(newError), METH_FASTCALL | METH_KEYWORDS,
                                  "Create the exception for the failure that its message names." };

    if (virPyCheckType(virPyArgument(self, 0), classes, PyDict_Check(classes), "dict") < 0)
        return NULL;
    return PyCFunction_New(&method, classes);
}

PyObject *hand__takeFailure(const char *self VIR_PY_UNUSED, PyObject *message)
{
    virPyThread *thread = virPyThisThread();

    return thread ? virPyTakeFailure(thread, message) : NULL;
}
