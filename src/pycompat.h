/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Python's API, with what its versions 3.9 to 3.15 do not have in common. */
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

/* A pending exception, taken away for a while. */
#if PY_VERSION_HEX >= 0x030c0000 && (!defined(Py_LIMITED_API) || Py_LIMITED_API >= 0x030c0000)
typedef PyObject *virPyPending;
static inline virPyPending
virPyFetchException(void)
{
    return PyErr_GetRaisedException();
}

static inline void
virPyRestoreException(virPyPending pending)
{
    PyErr_SetRaisedException(pending);
}
#else
typedef struct {
    PyObject *type;
    PyObject *value;
    PyObject *traceback;
} virPyPending;

static inline virPyPending
virPyFetchException(void)
{
    virPyPending pending;

    PyErr_Fetch(&pending.type, &pending.value, &pending.traceback);
    return pending;
}

static inline void
virPyRestoreException(virPyPending pending)
{
    PyErr_Restore(pending.type, pending.value, pending.traceback);
}
#endif

/* Restore an exception that came first, in the place of the one that is pending; if there was none, that one stays. */
static inline void
virPyKeepFirst(virPyPending first)
{
#if PY_VERSION_HEX >= 0x030c0000 && (!defined(Py_LIMITED_API) || Py_LIMITED_API >= 0x030c0000)
    if (first)
#else
    if (first.type)
#endif
        virPyRestoreException(first);
}

static inline PyObject *
virPyNewRef(PyObject *object)
{
    Py_INCREF(object);
    return object;
}

/* The value of a key, as a new reference; NULL, with an exception or because there is none. */
static inline PyObject *
virPyDictValue(PyObject *dict, PyObject *key)
{
#if PY_VERSION_HEX >= 0x030d0000 && (!defined(Py_LIMITED_API) || Py_LIMITED_API >= 0x030d0000)
    PyObject *value;

    (void)PyDict_GetItemRef(dict, key, &value);
    return value;
#else
    PyObject *value = PyDict_GetItemWithError(dict, key);

    Py_XINCREF(value);
    return value;
#endif
}

/* Items of a list or a tuple that nobody else has seen yet: they are stolen. */
#ifdef Py_LIMITED_API
#define VIR_PY_FILL_LIST(list, i, item) ((void)PyList_SetItem(list, i, item))
#define VIR_PY_FILL_TUPLE(tuple, i, item) ((void)PyTuple_SetItem(tuple, i, item))
#else
#define VIR_PY_FILL_LIST(list, i, item) PyList_SET_ITEM(list, i, item)
#define VIR_PY_FILL_TUPLE(tuple, i, item) PyTuple_SET_ITEM(tuple, i, item)
#endif

/* What makes objects of a class, before its __init__ runs. */
static inline newfunc
virPyNewOf(PyTypeObject *class)
{
#ifdef Py_LIMITED_API
    return (newfunc)PyType_GetSlot(class, Py_tp_new);
#else
    return class->tp_new;
#endif
}

/* Slots that tell what a module is fit for: interpreters with a GIL of their
 * own, and no GIL at all. */
#if PY_VERSION_HEX >= 0x030c0000 && (!defined(Py_LIMITED_API) || Py_LIMITED_API >= 0x030c0000)
#define VIR_PY_OWN_GIL_SLOT { Py_mod_multiple_interpreters, Py_MOD_PER_INTERPRETER_GIL_SUPPORTED },
#else
#define VIR_PY_OWN_GIL_SLOT
#endif
#if PY_VERSION_HEX >= 0x030d0000 && (!defined(Py_LIMITED_API) || Py_LIMITED_API >= 0x030d0000)
#define VIR_PY_NO_GIL_SLOT { Py_mod_gil, Py_MOD_GIL_NOT_USED },
#else
#define VIR_PY_NO_GIL_SLOT
#endif
#define VIR_PY_MODULE_SLOTS VIR_PY_OWN_GIL_SLOT VIR_PY_NO_GIL_SLOT

/* A block that one thread at a time runs for an object.  Where there is a GIL,
 * it does that already, as long as nothing in the block gives it away. */
#ifdef Py_GIL_DISABLED
#define VIR_PY_BEGIN_ALONE(object) Py_BEGIN_CRITICAL_SECTION(object);
#define VIR_PY_END_ALONE Py_END_CRITICAL_SECTION();
#else
#define VIR_PY_BEGIN_ALONE(object) {
#define VIR_PY_END_ALONE }
#endif

/* The entry of a METH_FASTCALL function in a method table.  The detour over
 * void (*)(void) is the one that compilers take for a wanted cast. */
#define VIR_PY_METHOD(function) ((PyCFunction)(void (*)(void))(function))

#endif
