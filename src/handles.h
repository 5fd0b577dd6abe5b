/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Handles: capsules that own a reference of libvirt's. */
#ifndef LIBVIRT_PYTHON_HANDLES_H
#define LIBVIRT_PYTHON_HANDLES_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "typewrappers.h"

/* One kind of libvirt object. */
typedef struct {
    const char *name;   /* of its capsules, the C type: "virDomainPtr" */
    const char *gone;   /* name of a capsule whose object was let go */
    const char *closed; /* what an exception says of such an object */
    int (*release)(void *object);
    int (*ref)(void *object); /* or NULL */
    int invalid;              /* virErrorNumber of a handle that is not valid */
} virPyHandleType;

/* The GIL is enough of a guard where there is one. */
#ifdef Py_GIL_DISABLED
typedef atomic_size_t virPyCount;
#else
typedef size_t virPyCount;
#endif

/* The context of a capsule.  The modules link each a copy of handles.c and
 * exchange capsules: a change of the layout needs a new VIR_PY_HANDLE_MAGIC. */
struct virPyHandle {
    uint32_t magic;
    pid_t process;    /* the one that made it */
    bool lent;        /* the reference is that of whoever calls back */
    virPyCount users; /* its capsule and running calls: the last one releases the object */
    void *object;
    const virPyHandleType *type;
};

/* Tells our context of a capsule from what another maker of one put there. */
#define VIR_PY_HANDLE_MAGIC 0x76504833u

/* A handle in use by a running call: its object stays alive meanwhile, even
 * if another thread closes or frees the handle. */
typedef struct {
    void *object; /* NULL for None */
    struct virPyHandle *handle;
} virPyUse;

/* Arguments.  0, or -1 with an exception that names the argument. */
int virPyAcquire(const char *self, PyObject *const *args, Py_ssize_t i,
                 const virPyHandleType *type, virPyUse *use);
/* Where libvirt does not survive a NULL. */
int virPyAcquireRequired(const char *self, PyObject *const *args, Py_ssize_t i,
                         const virPyHandleType *type, virPyUse *use);
/* Drop a handle that nobody uses any more. */
void virPyDropHandle(struct virPyHandle *handle);

static inline void
virPyReleaseHandle(struct virPyHandle *handle)
{
    if (handle && --handle->users == 0)
        virPyDropHandle(handle);
}

static inline void
virPyReleaseUse(virPyUse *use)
{
    virPyReleaseHandle(use->handle);
}

/* virPyAcquire() for what it nearly always gets: a capsule that this module
 * made.  NULL, without an exception, for all else. */
static inline struct virPyHandle *
virPyAcquireOwn(PyObject *object, const virPyHandleType *type)
{
    struct virPyHandle *handle = NULL;

    if (PyCapsule_CheckExact(object)) {
        VIR_PY_BEGIN_ALONE(object)
        if (PyCapsule_GetName(object) == type->name)
            handle = PyCapsule_GetContext(object);
        if (handle && handle->magic == VIR_PY_HANDLE_MAGIC)
            handle->users++;
        else
            handle = NULL;
        VIR_PY_END_ALONE
    }
    return handle;
}

/* From here on a fork is noticed: a child lets the C objects alone that it
 * inherited, for they are its parent's.  0, or an errno. */
int virPyWatchForks(void);
bool virPyIsInherited(PyObject *capsule);

/* Handles.  A new capsule owns the reference, also when it cannot be made. */
PyObject *virPyNewHandle(const virPyHandleType *type, void *object);

/* For what libvirt lends to a callback: the capsule gets a reference of its
 * own only if somebody has it still when the callback is over.  The tuple of
 * its arguments must be all that the caller has of it then. */
PyObject *virPyBorrowHandle(const virPyHandleType *type, void *object);
void virPyEndBorrowing(PyObject *arguments);

PyObject *virPyFreeHandle(const char *self, PyObject *const *args, Py_ssize_t nargs,
                          const virPyHandleType *type);
/* A new handle of the same object, with a reference of its own. */
PyObject *virPyNewReference(const char *self, PyObject *const *args, Py_ssize_t nargs, const virPyHandleType *type);
PyObject *virPyAddress(const char *self, PyObject *const *args, Py_ssize_t nargs,
                       const virPyHandleType *type);

#endif
