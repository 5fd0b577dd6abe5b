/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libvirt's errors for Python: the error handler and the error records. */

#include "libvirtmod.h"

#include <stdatomic.h>

#include "callbacks.h"
#include "errorrecord.h"

/* Has the pair (function, context) of registerErrorHandler, or None, under the key None: what
 * several threads may read and write.  One for each life of the main interpreter. */
static PyObject *handler;
/* Whether there is one: what costs nothing to ask. */
static atomic_bool handled;

static void
callHandler(virErrorPtr error)
{
    PyObject *pair VIR_PY_AUTO(virPyDropRef) = virPyDictValue(handler, Py_None);
    PyObject *info VIR_PY_AUTO(virPyDropRef) = NULL;
    PyObject *result VIR_PY_AUTO(virPyDropRef) = NULL;

    /* Another thread may have taken it away by now. */
    if (!pair || pair == Py_None)
        return;
    info = virPyFromError(error);
    if (info)
        result = PyObject_CallFunctionObjArgs(PyTuple_GetItem(pair, 0), PyTuple_GetItem(pair, 1), info, NULL);
    if (!result)
        virPyReportException();
}

/* What libvirt calls for each error from the import on.  It prints nothing:
 * an error that becomes an exception is no business of stderr. */
static void
onError(void *opaque VIR_PY_UNUSED, virErrorPtr error)
{
    virPyEntry entry;
    virPySavedError saved;

    if (!atomic_load(&handled) || !virPyEnterHandler(&entry))
        return;
    /* The handler may call libvirt, which would lose the error of this call. */
    virPySaveError(&saved);
    callHandler(saved.live == error ? &saved.error : error);
    virPyRestoreError(&saved);
    virPyLeavePython(&entry);
}

/* Once for each life of the main interpreter, so that the import in another interpreter does not undo what the
 * main one has asked for.  Errors of calls in other interpreters become exceptions as well.  0, or -1 with an
 * exception. */
int
virPyInstallErrorHandler(void)
{
    static atomic_int installed = -1;
    int life = (int)virPyGeneration();

    if (atomic_exchange(&installed, life) == life)
        return 0;
    atomic_store(&handled, false);
    handler = life > 0 ? PyDict_New() : NULL;
    virSetErrorFunc(NULL, onError);
    return life == 0 || handler ? 0 : -1;
}

PyObject *
hand_virRegisterErrorHandler(PyObject *module VIR_PY_UNUSED, PyObject *const *args, Py_ssize_t nargs)
{
    static const char self[] = "virRegisterErrorHandler($module, func, ctx, /)";
    bool given;
    PyObject *pair VIR_PY_AUTO(virPyDropRef) = NULL;

    if (virPyCheckCount(self, nargs, 2) < 0 || virPyRequireMain("an error handler") < 0)
        return NULL;
    given = args[0] != Py_None;
    if (given && !PyCallable_Check(args[0])) {
        virPyArgumentTypeError(&(virPyWhere){ self, 0, NULL }, args[0], "callable or None");
        return NULL;
    }
    pair = given ? virPyPackTuple(2, virPyNewRef(args[0]), virPyNewRef(args[1])) : virPyNewRef(Py_None);
    if (!pair || PyDict_SetItem(handler, Py_None, pair) < 0)
        return NULL;
    atomic_store(&handled, given);
    /* Without one libvirt prints again. */
    virSetErrorFunc(NULL, given ? onError : NULL);
    return virPyFromInt(1);
}

/* For dispatchers that are written in Python. */
PyObject *
hand__reportException(PyObject *module VIR_PY_UNUSED, PyObject *const *args, Py_ssize_t nargs)
{
    static const char self[] = "_reportException($module, exception, /)";

    if (virPyCheckCount(self, nargs, 1) < 0)
        return NULL;
    if (!PyExceptionInstance_Check(args[0])) {
        virPyArgumentTypeError(&(virPyWhere){ self, 0, NULL }, args[0], "BaseException");
        return NULL;
    }
    PyErr_SetObject((PyObject *)Py_TYPE(args[0]), args[0]);
    virPyReportException();
    return virPyNewRef(Py_None);
}

/* --- the classes of errors ------------------------------------------------ */

static bool
isError(PyObject *class, PyObject *all)
{
    return PyType_Check(class) && PyType_IsSubtype((PyTypeObject *)class, (PyTypeObject *)all);
}

/* What a class does that has no __new__ of its own. */
static PyObject *
makeInherited(PyObject *all, PyObject *class, PyObject *const *args, Py_ssize_t nargs)
{
    PyObject *above VIR_PY_AUTO(virPyDropRef) =
        PyObject_CallFunctionObjArgs((PyObject *)&PySuper_Type, all, class, NULL);
    PyObject *make VIR_PY_AUTO(virPyDropRef) = above ? PyObject_GetAttrString(above, "__new__") : NULL;
    PyObject *arguments VIR_PY_AUTO(virPyDropRef) = make ? PyTuple_New(nargs) : NULL;

    for (Py_ssize_t n = 0; arguments && n < nargs; n++)
        VIR_PY_FILL_TUPLE(arguments, n, virPyNewRef(args[n]));
    return arguments ? PyObject_CallObject(make, arguments) : NULL;
}

static PyObject *
makePlain(PyObject *class, PyObject *text)
{
    PyObject *arguments VIR_PY_AUTO(virPyDropRef) = virPyPackTuple(1, virPyNewRef(text));

    return arguments ? virPyNewOf((PyTypeObject *)PyExc_Exception)((PyTypeObject *)class, arguments, NULL) : NULL;
}

/* An exception with its text and its error.  CLASSES has the class of each code. */
static PyObject *
makeError(virPyThread *thread, PyObject *classes, PyObject *all, PyObject *error)
{
    PyObject *class = PyDict_GetItemWithError(classes, PyTuple_GetItem(error, 0)); /* borrowed */
    PyObject *key VIR_PY_AUTO(virPyDropRef) = class || !PyErr_Occurred() ? virPyKey(thread, "err") : NULL;
    PyObject *made = NULL;

    if (!class)
        class = all;
    if (!isError(class, all))
        PyErr_SetString(PyExc_TypeError, "the class for the code of an error must inherit of libvirtError");
    else if (key)
        made = makePlain(class, PyTuple_GetItem(error, 2));
    if (made && PyObject_SetAttr(made, key, error) < 0)
        Py_CLEAR(made);
    return made;
}

/* libvirtError.__new__, of which CLASSES are the self: under None that of all.
 * A failure that the message speaks of is taken here and not by __init__: to
 * change the class of an exception that is there already would have a Python
 * without a GIL stop all its threads. */
static PyObject *
newError(PyObject *classes, PyObject *const *args, Py_ssize_t nargs, PyObject *names VIR_PY_UNUSED)
{
    PyObject *all = PyDict_GetItemWithError(classes, Py_None);
    PyObject *error VIR_PY_AUTO(virPyDropRef) = NULL;
    virPyThread *thread;

    if (!all || nargs < 1 || !isError(all, PyExc_Exception) || !isError(args[0], all)) {
        if (!PyErr_Occurred())
            PyErr_SetString(PyExc_TypeError, "libvirtError.__new__() wants that class, or one that inherits of it");
        return NULL;
    }
    if (args[0] == all && nargs == 2) {
        thread = virPyThisThread();
        error = thread ? virPyTakeFailure(thread, args[1]) : NULL;
        if (!error)
            return NULL;
        return error == Py_None ? makePlain(all, args[1]) : makeError(thread, classes, all, error);
    }
    return makeInherited(all, args[0], args, nargs);
}

PyObject *
hand__errorMaker(PyObject *module VIR_PY_UNUSED, PyObject *const *args, Py_ssize_t nargs)
{
    static const char self[] = "_errorMaker($module, classes, /)";
    static PyMethodDef method = { "__new__", VIR_PY_METHOD(newError), METH_FASTCALL | METH_KEYWORDS,
                                  "An exception of the class for the failure that its message speaks of." };

    if (virPyCheckCount(self, nargs, 1) < 0)
        return NULL;
    if (!PyDict_Check(args[0])) {
        virPyArgumentTypeError(&(virPyWhere){ self, 0, NULL }, args[0], "dict");
        return NULL;
    }
    return PyCFunction_New(&method, args[0]);
}

PyObject *
hand__takeFailure(PyObject *module VIR_PY_UNUSED, PyObject *const *args, Py_ssize_t nargs)
{
    static const char self[] = "_takeFailure($module, message, /)";
    virPyThread *thread;

    if (virPyCheckCount(self, nargs, 1) < 0)
        return NULL;
    thread = virPyThisThread();
    return thread ? virPyTakeFailure(thread, args[0]) : NULL;
}
