/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Data of one thread in one interpreter: the record of its last failure, and a cache of dict keys.
 *
 * Only the thread itself reads or writes its data, so no lock is needed, with or without a GIL.  The data lie in the
 * thread state's own dict and are freed with it.
 */
#ifndef LIBVIRT_PYTHON_THREADS_H
#define LIBVIRT_PYTHON_THREADS_H

#include "pycompat.h"

/* Each extension module links its own copy of this code, but all of them share the data of a thread.  Therefore a
 * change of the layout needs a new capsule name in threads.c. */
typedef struct {
    const char *failed; /* signature of the wrapper that failed last */
    PyObject *error;    /* libvirt's error of that failure, as virPyFromError() makes it, or NULL */
    struct {
        PyObject *object; /* a str, or NULL if the slot is free */
        const char *text; /* its UTF-8 bytes, owned by the object */
        size_t length;
    } keys[256]; /* see virPyKey() */
} virPyThread;

/* Return the data of the running thread, borrowed from its thread state.  NULL with an exception set on failure. */
virPyThread *virPyThisThread(void);

#endif
