/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Data of one thread in one interpreter.  threads.h says who may use them. */

#include "threads.h"

#include <stdlib.h>

#define NAME "libvirt.thread.3"

/* The key under which the data stand in the thread state's dict.  Any object that always exists serves, as long as
 * nobody else uses it as a key there.  To create a str at each lookup would take several times as long. */
#define KEY ((PyObject *)&PyCapsule_Type)

static void freeThread(PyObject *capsule)
{
    virPyThread *thread = PyCapsule_GetPointer(capsule, NAME);

    Py_XDECREF(thread->error);
    for (size_t n = 0; n < sizeof(thread->keys) / sizeof(*thread->keys); n++)
        Py_XDECREF(thread->keys[n].object);
    free(thread);
}

/* Create the data of a thread in its dict.  Returns the capsule as a borrowed reference, or NULL with an exception. */
static PyObject *addThread(PyObject *dict)
{
    virPyThread *thread = calloc(1, sizeof(*thread));
    PyObject *capsule = thread ? PyCapsule_New(thread, NAME, freeThread) : PyErr_NoMemory();
    int retval = capsule ? PyDict_SetItem(dict, KEY, capsule) : -1;

    if (!capsule)
        free(thread);
    Py_XDECREF(capsule);
    return retval < 0 ? NULL : capsule;
}

virPyThread *virPyThisThread(void)
{
    PyObject *dict = PyThreadState_GetDict(); /* borrowed, as are the items in it */
    PyObject *capsule = dict ? PyDict_GetItemWithError(dict, KEY) : PyErr_NoMemory();

    if (!capsule && !PyErr_Occurred())
        capsule = addThread(dict);
    return capsule ? PyCapsule_GetPointer(capsule, NAME) : NULL;
}
