/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Handles: capsules that own a reference of libvirt's. */
#ifndef LIBVIRT_PYTHON_HANDLES_H
#define LIBVIRT_PYTHON_HANDLES_H

#include <stdbool.h>

#include "typewrappers.h"

/* One kind of libvirt object. */
typedef struct {
    const char *name; /* of its capsules, the C type: "virDomainPtr" */
    const char *gone; /* name of a capsule whose object was let go */
    int (*release)(void *object);
    int (*ref)(void *object); /* or NULL */
    int invalid;              /* virErrorNumber of a handle that is not valid */
} virPyHandleType;

/* A handle in use by a running call: its object stays alive meanwhile, even
 * if another thread closes or frees the handle. */
typedef struct {
    void *object; /* NULL for None */
    struct virPyHandle *handle;
} virPyUse;

/* Arguments.  0, or -1 with an exception that names the argument. */
int virPyEnter(const char *self, PyObject *const *args, Py_ssize_t i,
               const virPyHandleType *type, virPyUse *use);
/* Where libvirt does not survive a NULL. */
int virPyEnterSome(const char *self, PyObject *const *args, Py_ssize_t i,
                   const virPyHandleType *type, virPyUse *use);
void virPyLeave(virPyUse *use);

/* From here on a fork is noticed: a child lets the C objects alone that it
 * inherited, for they are its parent's.  0, or an errno. */
int virPyWatchForks(void);
bool virPyIsInherited(PyObject *capsule);

/* Handles.  A new capsule owns the reference, also when it cannot be made. */
PyObject *virPyNewHandle(const virPyHandleType *type, void *object);

/* For what libvirt lends to a callback: the capsule gets a reference of its
 * own only if somebody has it still when the callback is over.  The tuple of
 * its arguments must be all that the caller has of it then. */
PyObject *virPyLendHandle(const virPyHandleType *type, void *object);
void virPyEndLoans(PyObject *arguments);

PyObject *virPyRelease(const char *self, PyObject *const *args, Py_ssize_t nargs,
                       const virPyHandleType *type);
PyObject *virPyAddress(const char *self, PyObject *const *args, Py_ssize_t nargs,
                       const virPyHandleType *type);

#endif
