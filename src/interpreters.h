/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Interpreters: how libvirt's threads enter them, and what is registered for each. */
#ifndef LIBVIRT_PYTHON_INTERPRETERS_H
#define LIBVIRT_PYTHON_INTERPRETERS_H

#include "pycompat.h"

#include <stdbool.h>

/* An interpreter that has imported the module.  Valid for the life of the
 * process, also when the interpreter is gone: then it cannot be entered. */
typedef struct virPyInterpreter virPyInterpreter;

/* What libvirt is given for a callback: data of Python's, and whose they are. */
typedef struct virPyCallback {
    virPyInterpreter *owner;
    PyObject *data;             /* NULL when the owner is gone */
    size_t references;          /* libvirt's */
    struct virPyCallback *next; /* among those to be dropped */
} virPyCallback;

/* A stay in an interpreter, on the stack of who entered. */
typedef struct virPyEntry {
    virPyInterpreter *interpreter;
    struct virPyEntry *outer; /* of the same thread */
    PyThreadState *state;     /* what was attached, or NULL: then the GIL was taken */
    bool made;                /* the state, for this stay */
    PyThreadState *held;      /* what that took the place of */
    PyGILState_STATE gil;
} virPyEntry;

/* Run by the initialization of each module.  -1 with an exception. */
int virPyAddInterpreter(void);

/* The one that runs this. */
virPyInterpreter *virPyThisInterpreter(void);

/* Enters Python, on whatever thread.  False once the interpreter is on its
 * way out: the caller must return without touching Python. */
bool virPyEnterPython(virPyEntry *entry, virPyInterpreter *interpreter);
void virPyLeavePython(virPyEntry *entry);

/* Callbacks of libvirt's from now on find the thread state of this thread,
 * until it is put back. */
PyThreadState *virPySetLoopState(PyThreadState *state);

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
