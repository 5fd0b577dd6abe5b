/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Functions of the LXC driver that no shape fits: descriptors, and labels. */

#include "libvirtmod_lxc.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <libvirt/libvirt-lxc.h>

#include "errorrecord.h"
#include "libvirt-utils.h"

/* The descriptors are the caller's, unless there is no list to hold them. */
static PyObject *
fromDescriptors(int *fds, int count)
{
    PyObject *list = virPyFromNumbers(fds, count);

    virPyCloseOnExec(fds, (unsigned int)count);
    for (int n = 0; !list && n < count; n++)
        (void)close(fds[n]);
    free(fds);
    return list;
}

PyObject *
hand_virDomainLxcOpenNamespace(const char *self, virDomainPtr domain, unsigned int flags)
{
    int *fds = NULL;
    int retval;

    Py_BEGIN_ALLOW_THREADS
    retval = virDomainLxcOpenNamespace(domain, &fds, flags);
    Py_END_ALLOW_THREADS
    return retval < 0 ? virPyFail(self) : fromDescriptors(fds, retval);
}

PyObject *
hand_virDomainLxcEnterNamespace(const char *self, virDomainPtr domain, int *fdlist, unsigned int nfdlist,
                                unsigned int flags)
{
    unsigned int count = 0;
    int *old = NULL;
    int retval;

    Py_BEGIN_ALLOW_THREADS
    retval = virDomainLxcEnterNamespace(domain, nfdlist, fdlist, &count, &old, flags);
    Py_END_ALLOW_THREADS
    return retval < 0 ? virPyFail(self) : fromDescriptors(old, (int)count);
}

/* Text that stands alone, or first in a list; it has to fit. */
static int
copyText(const virPyWhere *where, PyObject *text, char *room, size_t size)
{
    virPyString string VIR_PY_AUTO(virPyDropString) = { NULL, NULL };

    if (virPyItemAsText(where, text, &string) < 0)
        return -1;
    if (strlen(string.str) >= size)
        return virPyArgumentError(PyExc_ValueError, where, "is too long");
    memcpy(room, string.str, strlen(string.str) + 1);
    return 0;
}

/* What a getter gives as a list of two, or its first item alone: a tuple. */
static PyObject *
pairOf(const virPyWhere *where, PyObject *given)
{
    PyObject *pair;

    if (PyUnicode_Check(given))
        return virPyPackTuple(2, virPyNewRef(given), virPyNewRef(Py_None));
    if (!PyList_Check(given) && !PyTuple_Check(given)) {
        virPyArgumentTypeError(where, given, "str or a list of two items");
        return NULL;
    }
    pair = PySequence_Tuple(given);
    if (!pair || PyTuple_Size(pair) == 2)
        return pair;
    Py_DECREF(pair);
    virPyArgumentError(PyExc_ValueError, where, "must have two items");
    return NULL;
}

static int
asModel(const char *self, PyObject *given, virSecurityModel *model)
{
    virPyWhere where = { self, 0, NULL };
    PyObject *pair VIR_PY_AUTO(virPyDropRef) = pairOf(&where, given);

    if (!pair || copyText(&where, PyTuple_GetItem(pair, 0), model->model, sizeof(model->model)) < 0)
        return -1;
    if (PyTuple_GetItem(pair, 1) == Py_None)
        return 0;
    return copyText(&where, PyTuple_GetItem(pair, 1), model->doi, sizeof(model->doi));
}

static int
asLabel(const char *self, PyObject *given, virSecurityLabel *label)
{
    virPyWhere where = { self, 1, NULL };
    PyObject *pair VIR_PY_AUTO(virPyDropRef) = pairOf(&where, given);

    if (!pair || copyText(&where, PyTuple_GetItem(pair, 0), label->label, sizeof(label->label)) < 0)
        return -1;
    label->enforcing = PyObject_IsTrue(PyTuple_GetItem(pair, 1));
    return label->enforcing < 0 ? -1 : 0;
}

PyObject *
hand_virDomainLxcEnterSecurityLabel(const char *self, PyObject *model, PyObject *label, unsigned int flags)
{
    virSecurityModel entered = { "", "" };
    virSecurityLabel wanted = { "", 0 };
    virSecurityLabel old = { "", 0 };
    int retval;

    if (asModel(self, model, &entered) < 0 || asLabel(self, label, &wanted) < 0)
        return NULL;

    Py_BEGIN_ALLOW_THREADS
    retval = virDomainLxcEnterSecurityLabel(&entered, &wanted, &old, flags);
    Py_END_ALLOW_THREADS
    if (retval < 0)
        return virPyFail(self);
    return virPyPackList(2, virPyFromString(old.label), virPyFromBool(old.enforcing));
}
