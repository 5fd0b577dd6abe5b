/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Interpreters: how libvirt's threads enter them. */
#ifndef LIBVIRT_PYTHON_INTERPRETERS_H
#define LIBVIRT_PYTHON_INTERPRETERS_H

#include "pycompat.h"

#include <stdbool.h>

/* An interpreter that has imported the module.  Valid for the life of the
 * process, also when the interpreter is gone: then it cannot be entered. */
typedef struct virPyInterpreter virPyInterpreter;

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

#endif
