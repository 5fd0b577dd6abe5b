/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is kept for each thread: its last failure, turns of event loops, and keys of dicts. */

#include "threads.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "typewrappers.h"

#define NAME "libvirt.thread.2"
/* A key of the thread's own dict, which goes when the thread or its interpreter
 * goes.  An object that is always there, and that nobody else has a reason to
 * put there: to make a text at each look would take several times as long. */
#define KEY ((PyObject *)&PyCapsule_Type)

static void
freeThread(PyObject *capsule)
{
    virPyThread *thread = PyCapsule_GetPointer(capsule, NAME);

    Py_XDECREF(thread->error);
    Py_XDECREF(thread->raised);
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

/* Names of fields differ at their beginning or at their end. */
static uint8_t
placeOf(const char *text, size_t length)
{
    uint64_t first = 0, last = 0;

    if (length < sizeof(first)) {
        memcpy(&first, text, length);
    } else {
        memcpy(&first, text, sizeof(first));
        memcpy(&last, text + length - sizeof(last), sizeof(last));
    }
    return (uint8_t)((first * 0x9e3779b97f4a7c15u ^ last * 0xc2b2ae3d27d4eb4fu) >> 56);
}

/* Two texts that share a place push each other out. */
PyObject *
virPyKey(virPyThread *thread, const char *text)
{
    size_t length = strlen(text);
    uint8_t n = placeOf(text, length);
    PyObject *made;

    if (thread->keys[n].object && thread->keys[n].length == length &&
        memcmp(thread->keys[n].text, text, length) == 0)
        return virPyNewRef(thread->keys[n].object);
    made = virPyFromString(text);
    text = made ? PyUnicode_AsUTF8AndSize(made, NULL) : NULL;
    if (text) {
        PyObject *old = thread->keys[n].object;

        thread->keys[n].object = virPyNewRef(made);
        thread->keys[n].text = text;
        thread->keys[n].length = length;
        Py_XDECREF(old);
    } else if (made) {
        /* It has bytes that are no UTF-8, or there is no memory to keep it. */
        PyErr_Clear();
    }
    return made;
}

int
virPySetItem(virPyThread *thread, PyObject *dict, const char *key, PyObject *value)
{
    PyObject *text = value ? virPyKey(thread, key) : NULL;
    int retval = text ? PyDict_SetItem(dict, text, value) : -1;

    Py_XDECREF(text);
    Py_XDECREF(value);
    return retval;
}
