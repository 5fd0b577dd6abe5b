/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is kept for each thread: its last failure, and keys of dicts. */

#include "threads.h"

#include <stdlib.h>

#define NAME "libvirt.thread.3"
/* A key of the thread's own dict, which goes when the thread or its interpreter
 * goes.  An object that is always there, and that nobody else has a reason to
 * put there: to make a text at each look would take several times as long. */
#define KEY ((PyObject *)&PyCapsule_Type)

static void
freeThread(PyObject *capsule)
{
    virPyThread *thread = PyCapsule_GetPointer(capsule, NAME);

    Py_XDECREF(thread->error);
    for (size_t n = 0; n < sizeof(thread->keys) / sizeof(*thread->keys); n++)
        Py_XDECREF(thread->keys[n].object);
    free(thread);
}

/* A new one in the dict: its capsule, borrowed. */
static PyObject *
addThread(PyObject *dict)
{
    virPyThread *thread = calloc(1, sizeof(*thread));
    PyObject *capsule = thread ? PyCapsule_New(thread, NAME, freeThread) : PyErr_NoMemory();
    int retval = capsule ? PyDict_SetItem(dict, KEY, capsule) : -1;

    if (!capsule)
        free(thread);
    Py_XDECREF(capsule);
    return retval < 0 ? NULL : capsule;
}

virPyThread *
virPyThisThread(void)
{
    PyObject *dict = PyThreadState_GetDict(); /* borrowed, as is what is in it */
    PyObject *capsule = dict ? PyDict_GetItemWithError(dict, KEY) : PyErr_NoMemory();

    if (!capsule && !PyErr_Occurred())
        capsule = addThread(dict);
    return capsule ? PyCapsule_GetPointer(capsule, NAME) : NULL;
}
