/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Creation of the Python objects around handles, as the constructors of their classes would create them, but faster.
 *
 * Nothing here takes a lock.  Each pair of functions that _wrappers() returns owns a tuple that does not change.  All
 * functions run with the GIL. */

#include "libvirtmod.h"

#include <stdbool.h>

/* Snapshot of a class taken at import, stored as a tuple with these indexes.  Behind them stand pairs: an attribute to
 * set, and the method of the parent whose result is its value. */
enum { CLASS, INIT, INIT_NAME, NO_ARGUMENTS, HANDLE_NAME, PARENT_NAME, PAIRS };

/* Return whether CLASS and its constructor are still those of the snapshot; else -1 with an exception.  Then the
 * constructor would only set attributes.  Otherwise a program has replaced them, and expects its own to be called. */
static int isOriginal(PyObject *known, PyObject *class)
{
    if (class != PyTuple_GetItem(known, CLASS) || virPyNewOf((PyTypeObject *)class) != virPyNewOf(&PyBaseObject_Type))
        return 0;
    PyObject *init = PyObject_GetAttr(class, PyTuple_GetItem(known, INIT_NAME));
    Py_XDECREF(init);
    return init ? init == PyTuple_GetItem(known, INIT) : -1;
}

/* Return CLASS(PARENT, _obj=HANDLE). */
static PyObject *callConstructor(PyObject *class, PyObject *parent, PyObject *handle)
{
    PyObject *arguments VIR_PY_AUTO(virPyDropRef) = virPyPackTuple(1, virPyNewRef(parent));
    PyObject *named VIR_PY_AUTO(virPyDropRef) = arguments ? virPyPackDict(1, "_obj", virPyNewRef(handle)) : NULL;

    return named ? PyObject_Call(class, arguments, named) : NULL;
}

static int setPairs(PyObject *known, PyObject *object, PyObject *parent)
{
    for (Py_ssize_t n = PAIRS; n < PyTuple_Size(known); n += 2) {
        PyObject *value = PyObject_CallMethodObjArgs(parent, PyTuple_GetItem(known, n + 1), NULL);
        int retval = value ? PyObject_SetAttr(object, PyTuple_GetItem(known, n), value) : -1;

        Py_XDECREF(value);
        if (retval < 0)
            return -1;
    }
    return 0;
}

static PyObject *wrapHandle(PyObject *known, bool original, PyObject *class, PyObject *parent, PyObject *handle)
{
    if (!original || !PyCapsule_CheckExact(handle))
        return callConstructor(class, parent, handle);
    PyObject *object =
        virPyNewOf(&PyBaseObject_Type)((PyTypeObject *)class, PyTuple_GetItem(known, NO_ARGUMENTS), NULL);
    if (object && (PyObject_SetAttr(object, PyTuple_GetItem(known, PARENT_NAME), parent) < 0 ||
                   setPairs(known, object, parent) < 0 ||
                   PyObject_SetAttr(object, PyTuple_GetItem(known, HANDLE_NAME), handle) < 0))
        Py_CLEAR(object);
    return object;
}

static PyObject *wrapOne(PyObject *known, PyObject *const *args, Py_ssize_t nargs)
{
    if (virPyCheckCount("wrap(type, parent, handle)", nargs, 3) < 0)
        return NULL;
    int original = isOriginal(known, args[0]);
    return original < 0 ? NULL : wrapHandle(known, original, args[0], args[1], args[2]);
}

static PyObject *wrapAll(PyObject *known, PyObject *const *args, Py_ssize_t nargs)
{
    if (virPyCheckCount("wrapAll(type, parent, handles)", nargs, 3) < 0)
        return NULL;
    PyObject *handles VIR_PY_AUTO(virPyDropRef) = PyObject_GetIter(args[2]);
    int original = handles ? isOriginal(known, args[0]) : -1;
    PyObject *list = original < 0 ? NULL : PyList_New(0);
    for (PyObject *handle; list && (handle = PyIter_Next(handles));) {
        PyObject *object = wrapHandle(known, original, args[0], args[1], handle);

        if (!object || PyList_Append(list, object) < 0)
            Py_CLEAR(list);
        Py_XDECREF(object);
        Py_DECREF(handle);
    }
    if (PyErr_Occurred())
        Py_CLEAR(list);
    return list;
}

/* _wrappers(type, names): NAMES is a tuple of the attribute for the parent, and of pairs as in the snapshot.  Returns a
 * function that creates one object, and one that creates a list. */
PyObject *hand__wrappers(const char *self, PyObject *type, PyObject *names)
{
    static PyMethodDef one = { "wrap", VIR_PY_METHOD(wrapOne), METH_FASTCALL,
                               "wrap($self, type, parent, handle, /)\n--\n\ntype(parent, _obj=handle)" };
    static PyMethodDef all = { "wrapAll", VIR_PY_METHOD(wrapAll), METH_FASTCALL,
                               "wrapAll($self, type, parent, handles, /)\n--\n\nThe same for each of the handles." };

    if (virPyCheckType(virPyArgument(self, 0), type, PyType_Check(type), "type") < 0 ||
        virPyCheckType(virPyArgument(self, 1), names, PyTuple_Check(names) && PyTuple_Size(names) % 2 == 1,
                       "tuple of a name and of pairs") < 0)
        return NULL;
    PyObject *first VIR_PY_AUTO(virPyDropRef) =
        virPyPackTuple(PARENT_NAME, virPyNewRef(type), PyObject_GetAttrString(type, "__init__"),
                       PyUnicode_InternFromString("__init__"), PyTuple_New(0), PyUnicode_InternFromString("_o"));
    PyObject *known VIR_PY_AUTO(virPyDropRef) = first ? PySequence_Concat(first, names) : NULL;
    return known ? virPyPackTuple(2, PyCFunction_New(&one, known), PyCFunction_New(&all, known)) : NULL;
}
