/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is kept for each thread: its last failure, and keys of dicts. */
#ifndef LIBVIRT_PYTHON_THREADS_H
#define LIBVIRT_PYTHON_THREADS_H

#include "pycompat.h"

/* Of one thread in one interpreter: nobody else reads or writes it, with the
 * GIL or without.  The three modules link each a copy of this file and share
 * these: a change of the layout needs a new name in threads.c. */
typedef struct {
    const char *failed; /* signature of the wrapper that failed last */
    PyObject *error;    /* what goes with that, or NULL */
    struct {
        PyObject *object; /* or NULL */
        const char *text; /* in the object */
        size_t length;
    } keys[256];
} virPyThread;

/* That of the running thread; NULL with an exception. */
virPyThread *virPyThisThread(void);

#endif
