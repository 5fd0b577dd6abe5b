/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Python's C API, with the differences between versions 3.9 to 3.15 hidden.
 *
 * Every source includes this file instead of Python.h.  The file has no state.  All of its functions need the GIL, or
 * an attached thread state where Python has no GIL. */
#ifndef LIBVIRT_PYTHON_PYCOMPAT_H
#define LIBVIRT_PYTHON_PYCOMPAT_H

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#if PY_VERSION_HEX < 0x03090000
#error "Python 3.9 or newer is needed"
#endif

/* The version whose API may be used. */
#ifdef Py_LIMITED_API
#define VIR_PY_API Py_LIMITED_API
#else
#define VIR_PY_API PY_VERSION_HEX
#endif

static inline PyObject *virPyNewRef(PyObject *object)
{
    Py_INCREF(object);
    return object;
}

/* Take the pending exception away.  Returns a new reference to the exception object, or NULL if nothing is pending. */
static inline PyObject *virPyFetchException(void)
{
#if VIR_PY_API >= 0x030c0000
    return PyErr_GetRaisedException();
#else
    PyObject *type, *value, *traceback;

    PyErr_Fetch(&type, &value, &traceback);
    if (!type)
        return NULL;
    PyErr_NormalizeException(&type, &value, &traceback);
    if (traceback)
        (void)PyException_SetTraceback(value, traceback);
    Py_DECREF(type);
    Py_XDECREF(traceback);
    return value;
#endif
}

/* Make an exception pending in the place of any other one.  Steals the reference; NULL clears the pending exception. */
static inline void virPyRestoreException(PyObject *exception)
{
#if VIR_PY_API >= 0x030c0000
    PyErr_SetRaisedException(exception);
#else
    PyObject *type = exception ? virPyNewRef((PyObject *)Py_TYPE(exception)) : NULL;

    PyErr_Restore(type, exception, exception ? PyException_GetTraceback(exception) : NULL);
#endif
}

/* Restore an exception that was fetched earlier, instead of one that became pending since.  If FIRST is NULL, the
 * later exception stays pending.  Steals the reference. */
static inline void virPyKeepFirst(PyObject *first)
{
    if (first)
        virPyRestoreException(first);
}

/* Return the value of a key as a new reference.  NULL without an exception means that the key is not there. */
static inline PyObject *virPyDictValue(PyObject *dict, PyObject *key)
{
    PyObject *value;

#if VIR_PY_API >= 0x030d0000
    (void)PyDict_GetItemRef(dict, key, &value);
#else
    value = PyDict_GetItemWithError(dict, key);
    Py_XINCREF(value);
#endif
    return value;
}

/* Set an item of a new list or tuple that no other code has seen yet.  Steals the reference. */
#ifdef Py_LIMITED_API
#define VIR_PY_FILL_LIST(list, i, item) ((void)PyList_SetItem(list, i, item))
#define VIR_PY_FILL_TUPLE(tuple, i, item) ((void)PyTuple_SetItem(tuple, i, item))
#else
#define VIR_PY_FILL_LIST(list, i, item) PyList_SET_ITEM(list, i, item)
#define VIR_PY_FILL_TUPLE(tuple, i, item) PyTuple_SET_ITEM(tuple, i, item)
#endif

/* Return the C function behind the __new__ of a class. */
static inline newfunc virPyNewOf(PyTypeObject *class)
{
#ifdef Py_LIMITED_API
    return (newfunc)PyType_GetSlot(class, Py_tp_new);
#else
    return class->tp_new;
#endif
}

/* Slots of a module that supports sub-interpreters with a GIL of their own, and Python without a GIL. */
#if VIR_PY_API >= 0x030d0000
#define VIR_PY_MODULE_SLOTS \
    { Py_mod_multiple_interpreters, Py_MOD_PER_INTERPRETER_GIL_SUPPORTED }, { Py_mod_gil, Py_MOD_GIL_NOT_USED },
#elif VIR_PY_API >= 0x030c0000
#define VIR_PY_MODULE_SLOTS { Py_mod_multiple_interpreters, Py_MOD_PER_INTERPRETER_GIL_SUPPORTED },
#else
#define VIR_PY_MODULE_SLOTS
#endif

/* A block that only one thread at a time runs for an object.  The GIL already ensures that, provided that nothing in
 * the block releases it.  Without a GIL, the block takes the lock of the object. */
#ifdef Py_GIL_DISABLED
#define VIR_PY_BEGIN_ALONE(object) Py_BEGIN_CRITICAL_SECTION(object);
#define VIR_PY_END_ALONE Py_END_CRITICAL_SECTION();
#else
#define VIR_PY_BEGIN_ALONE(object) {
#define VIR_PY_END_ALONE }
#endif

/* Cast a METH_FASTCALL function for a method table.  Compilers take the detour over void (*)(void) for a deliberate
 * cast, and do not warn. */
#define VIR_PY_METHOD(function) ((PyCFunction)(void (*)(void))(function))

#endif
