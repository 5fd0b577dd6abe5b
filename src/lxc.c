/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Conversions that only functions of the LXC driver need: descriptors, and security labels.
 *
 * The generated file includes this one.  It has no state and takes no lock; wrappers call everything with the GIL. */

#include "libvirtmod_lxc.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <libvirt/libvirt-lxc.h>

#include "libvirt-utils.h"

/* Return a list of descriptors, which the caller of the wrapper has to close, and free the array.  On failure close the
 * descriptors. */
static VIR_PY_FOR_ROWS PyObject *fromDescriptors(int *fds, int count)
{
    PyObject *list = virPyFromNumbers(fds, count);

    virPyCloseOnExec(fds, (unsigned int)count);
    for (int n = 0; !list && n < count; n++)
        (void)close(fds[n]);
    free(fds);
    return list;
}

/* Copy text to an array of SIZE bytes.  Returns 0, or -1 with an exception. */
static int copyToArray(const virPyWhere *where, PyObject *text, char *array, size_t size)
{
    virPyString string VIR_PY_AUTO(virPyDropString) = { NULL, NULL };

    if (virPyAsText(where, text, "str", &string) < 0)
        return -1;
    if (strlen(string.str) >= size)
        return virPyArgumentError(PyExc_ValueError, where, "is too long");
    memcpy(array, string.str, strlen(string.str) + 1);
    return 0;
}

/* Convert what a getter returned as a list of two items, or only its first item, to a tuple of both.  The second item
 * is None if it is missing. */
static PyObject *asPair(const virPyWhere *where, PyObject *object)
{
    if (PyUnicode_Check(object))
        return virPyPackTuple(2, virPyNewRef(object), virPyNewRef(Py_None));
    if (virPyCheckType(where, object, PyList_Check(object) || PyTuple_Check(object), "str or a list of two items") < 0)
        return NULL;
    PyObject *pair = PySequence_Tuple(object);
    if (!pair || PyTuple_Size(pair) == 2)
        return pair;
    Py_DECREF(pair);
    virPyArgumentError(PyExc_ValueError, where, "must have two items");
    return NULL;
}

static VIR_PY_FOR_ROWS int asModel(const virPyWhere *where, PyObject *object, virSecurityModel *model)
{
    PyObject *pair VIR_PY_AUTO(virPyDropRef) = asPair(where, object);

    if (!pair || copyToArray(where, PyTuple_GetItem(pair, 0), model->model, sizeof(model->model)) < 0)
        return -1;
    if (PyTuple_GetItem(pair, 1) == Py_None)
        return 0;
    return copyToArray(where, PyTuple_GetItem(pair, 1), model->doi, sizeof(model->doi));
}

static VIR_PY_FOR_ROWS int asLabel(const virPyWhere *where, PyObject *object, virSecurityLabel *label)
{
    PyObject *pair VIR_PY_AUTO(virPyDropRef) = asPair(where, object);

    if (!pair || copyToArray(where, PyTuple_GetItem(pair, 0), label->label, sizeof(label->label)) < 0)
        return -1;
    label->enforcing = PyObject_IsTrue(PyTuple_GetItem(pair, 1));
    return label->enforcing < 0 ? -1 : 0;
}
