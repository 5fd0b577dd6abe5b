/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What libvirt is given for callbacks: data of Python's, and whose they are. */
#ifndef LIBVIRT_PYTHON_REGISTRATIONS_H
#define LIBVIRT_PYTHON_REGISTRATIONS_H

#include "interpreters.h"

typedef struct virPyCallback {
    virPyInterpreter *owner;
    PyObject *data;             /* NULL when the owner is gone */
    size_t references;          /* libvirt's */
    struct virPyCallback *next; /* among those to be dropped */
} virPyCallback;

/* Callback data of the running interpreter; NULL with an exception. */
virPyCallback *virPyNewCallback(PyObject *data);
/* Without libvirt ever having had them. */
void virPyUndoCallback(virPyCallback *callback);

/* The virFreeCallback: a reference of libvirt's is dropped; the data not
 * there, under libvirt's locks, but by virPyRunDeferred, or soon in the main
 * thread. */
void virPyDropCallback(void *callback);
void virPyRunDeferred(void);

/* Borrowed. */
static inline PyObject *
virPyCallbackData(void *callback)
{
    return ((virPyCallback *)callback)->data;
}

static inline bool
virPyEnterCallback(virPyEntry *entry, void *callback)
{
    return virPyEnterPython(entry, ((virPyCallback *)callback)->owner);
}

/* A place for one callback of the process, whichever interpreter's.  Puts
 * another one there, or NULL; and enters the owner of the one that is there,
 * whose data are then a new reference in *data. */
typedef struct {
    virPyEntry entry;
    PyThreadState *held; /* what this thread had attached, or NULL */
} virPyPlaceEntry;

void virPyReplaceCallback(virPyCallback **place, virPyCallback *callback);
bool virPyEnterPlace(virPyPlaceEntry *entry, virPyCallback **place, PyObject **data);
void virPyLeavePlace(virPyPlaceEntry *entry);

#endif
