/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Handles: capsules that own a reference to a libvirt object.
 *
 * A handle counts its users: the capsule itself, and each running call.  Whoever drops the last use releases the
 * libvirt object, so close() in one thread cannot free an object that a call in another thread still uses.
 *
 * The GIL guards the content of a capsule and the count.  Without a GIL, the object lock of the capsule guards its
 * content, and the count is atomic.  All functions need the GIL; those that call libvirt release it meanwhile. */
#ifndef LIBVIRT_PYTHON_HANDLES_H
#define LIBVIRT_PYTHON_HANDLES_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "typewrappers.h"

/* One type of libvirt object. */
typedef struct {
    const char *name;   /* of its capsules, the C type: "virDomainPtr" */
    const char *gone;   /* name of a capsule whose object was freed */
    const char *closed; /* message of the exception about such a capsule */
    int (*release)(void *object);
    int (*ref)(void *object); /* NULL if libvirt does not count references to this type */
    int invalid;              /* virErrorNumber of an invalid handle */
} virPyHandleType;

#ifdef Py_GIL_DISABLED
typedef atomic_size_t virPyCount;
#else
typedef size_t virPyCount;
#endif

/* The context of a capsule.  Each extension module links its own copy of handles.c, but they exchange capsules, so a
 * change of the layout needs a new VIR_PY_HANDLE_MAGIC. */
struct virPyHandle {
    uint32_t magic;
    pid_t process;    /* the process that created the handle */
    bool lent;        /* the reference belongs to libvirt, which lends it to a callback */
    virPyCount users; /* the capsule and the running calls */
    void *object;
    const virPyHandleType *type;
};

/* Tells our contexts from those that other C code attaches to its capsules. */
#define VIR_PY_HANDLE_MAGIC 0x76504833u

/* A handle in use by a running call.  Other C code may create capsules without our context; for these the handle is
 * NULL, and the caller has to keep the capsule alive. */
typedef struct {
    void *object; /* NULL for None */
    struct virPyHandle *handle;
} virPyUse;

/* Acquire the handle in an argument until virPyReleaseUse().  None becomes NULL, or is refused if REQUIRED, for
 * functions of libvirt that crash on NULL.  Returns 0, or -1 with an exception and nothing acquired. */
int virPyAcquire(const virPyWhere *where, PyObject *capsule, const virPyHandleType *type, bool required, virPyUse *use);

/* Free a handle that has no users left. */
void virPyDropHandle(struct virPyHandle *handle);

static inline void virPyReleaseHandle(struct virPyHandle *handle)
{
    if (handle && --handle->users == 0)
        virPyDropHandle(handle);
}

static inline void virPyReleaseUse(virPyUse *use)
{
    virPyReleaseHandle(use->handle);
}

/* Fast path of virPyAcquire() for capsules that this extension module created.  For everything else returns NULL
 * without an exception. */
static inline struct virPyHandle *virPyAcquireOwn(PyObject *object, const virPyHandleType *type)
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

/* Notice forks from here on, so that a child does not release the objects of its parent.  Returns 0 or an errno. */
int virPyWatchForks(void);
/* Return whether a parent process created the handle in a capsule. */
bool virPyIsInherited(PyObject *capsule);

/* Create a capsule.  Steals the libvirt reference, also on failure. */
PyObject *virPyNewHandle(const virPyHandleType *type, void *object);

/* Create a capsule for an object that libvirt lends to a callback; NULL becomes None.  After the callback,
 * virPyEndBorrowing() takes a libvirt reference for each capsule in the tuple of ARGUMENTS that somebody else still
 * holds.  At that time the caller must hold the capsules only through the tuple. */
PyObject *virPyBorrowHandle(const virPyHandleType *type, void *object);
void virPyEndBorrowing(PyObject *arguments);

/* Bodies of wrappers that take one handle: virXFree() and virConnectClose(), which take the object out of the capsule;
 * and the address of the object as an int. */
PyObject *virPyFreeHandle(const char *self, PyObject *const *args, Py_ssize_t nargs, const virPyHandleType *type);
PyObject *virPyAddress(const char *self, PyObject *const *args, Py_ssize_t nargs, const virPyHandleType *type);

#endif
