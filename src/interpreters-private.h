/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What interpreters.c and registrations.c share. */
#ifndef LIBVIRT_PYTHON_INTERPRETERS_PRIVATE_H
#define LIBVIRT_PYTHON_INTERPRETERS_PRIVATE_H

#include "registrations.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

struct virPyInterpreter {
    virPyInterpreter *next;
    PyInterpreterState *state;
    int64_t id; /* which Python never gives again; 0 is the main one */
    /* A flag alone would race: a thread could pass it and then wait for the
     * GIL of an interpreter that is gone.  So those inside are counted, and
     * the end waits for them, with the GIL released. */
    atomic_bool closed;
    atomic_int inside;
    void *alive;             /* a tree of its callbacks, by their data */
    virPyCallback *deferred; /* those whose data are to be dropped */
    size_t callbacks;        /* all that are allocated */
};

/* Guards the list, and all in it that is not atomic.  Nothing of Python runs
 * under it, but references are counted. */
extern pthread_mutex_t virPyInterpretersLock;
/* It only grows.  Those that are closed and have no callbacks are used again. */
extern virPyInterpreter *_Atomic virPyInterpreters;
/* Any but the main one: what a thread has may be of another. */
extern atomic_bool virPySeveralInterpreters;

/* Under the lock. */
virPyInterpreter *virPyFindInterpreter(int64_t id);

/* Takes the data out of a callback, which libvirt may have until the process
 * ends: a reference, or NULL when there is none left. */
PyObject *virPyTakeData(virPyInterpreter *interpreter);

#endif
