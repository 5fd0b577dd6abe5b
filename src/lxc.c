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

/* Return a list of descriptors, for the caller of the wrapper to close, and free the array.  On failure close them. */
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

/* Convert what a getter returned as a list of two items, or only its first item.  Copies the first item, a text, to an
 * array of SIZE bytes.  Returns a new reference to the second one, or to None if it is missing; NULL with an exception
 * on failure. */
static PyObject *takeFirst(const virPyWhere *where, PyObject *object, char *array, size_t size)
{
    if (PyUnicode_Check(object))
        return copyToArray(where, object, array, size) < 0 ? NULL : virPyNewRef(Py_None);
    if (virPyCheckType(where, object, PyList_Check(object) || PyTuple_Check(object), "str or a list of two items") < 0)
        return NULL;
    PyObject *pair VIR_PY_AUTO(virPyDropRef) = PySequence_Tuple(object);
    if (pair && PyTuple_Size(pair) != 2)
        virPyArgumentError(PyExc_ValueError, where, "must have two items");
    else if (pair && copyToArray(where, PyTuple_GetItem(pair, 0), array, size) == 0)
        return virPyNewRef(PyTuple_GetItem(pair, 1));
    return NULL;
}

static VIR_PY_FOR_ROWS int asModel(const virPyWhere *where, PyObject *object, virSecurityModel *model)
{
    PyObject *doi VIR_PY_AUTO(virPyDropRef) = takeFirst(where, object, model->model, sizeof(model->model));

    if (!doi)
        return -1;
    return doi == Py_None ? 0 : copyToArray(where, doi, model->doi, sizeof(model->doi));
}

static VIR_PY_FOR_ROWS int asLabel(const virPyWhere *where, PyObject *object, virSecurityLabel *label)
{
    PyObject *enforcing VIR_PY_AUTO(virPyDropRef) = takeFirst(where, object, label->label, sizeof(label->label));

    label->enforcing = enforcing ? PyObject_IsTrue(enforcing) : -1;
    return label->enforcing < 0 ? -1 : 0;
}
