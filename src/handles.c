/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Handles: capsules that own a reference of libvirt's. */

#include "handles.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "failure.h"

/* Tells our context of a capsule from what another maker of one put there. */
#define HANDLE_MAGIC 0x76504831u

/* What a capsule has as its context.  The three modules link each a copy of
 * this file and exchange capsules: a change of the layout needs a new magic. */
struct virPyHandle {
    uint32_t magic;
    bool gone;     /* let go by its owner: the last user releases it */
    pid_t process; /* the one that made it */
    size_t users;  /* running calls; guarded by the GIL */
    void *object;
    const virPyHandleType *type;
};

static struct virPyHandle *
handleOf(PyObject *capsule)
{
    struct virPyHandle *handle = PyCapsule_GetContext(capsule);

    return handle && handle->magic == HANDLE_MAGIC ? handle : NULL;
}

static pid_t process;

static void
noteProcess(void)
{
    process = getpid();
}

int
virPyWatchForks(void)
{
    noteProcess();
    return pthread_atfork(NULL, NULL, noteProcess);
}

bool
virPyIsInherited(PyObject *capsule)
{
    struct virPyHandle *handle = PyCapsule_CheckExact(capsule) ? handleOf(capsule) : NULL;

    return handle && handle->process != process;
}

/* Lets an object go without a trace in Python's or libvirt's error state:
 * this runs in destructors, between a failing call and its exception. */
static void
releaseQuietly(const virPyHandleType *type, void *object)
{
    virPyPending pending = virPyFetchException();
    virPySavedError saved;

    virPySaveError(&saved);
    Py_BEGIN_ALLOW_THREADS(void)
    type->release(object);
    Py_END_ALLOW_THREADS
    virPyRestoreError(&saved);
    if (PyErr_Occurred())
        PyErr_WriteUnraisable(NULL);
    virPyRestoreException(pending);
}

/* No call can be running: it would hold the capsule. */
static void
destroyHandle(PyObject *capsule)
{
    struct virPyHandle *handle = PyCapsule_GetContext(capsule);

    if (handle->process == process)
        releaseQuietly(handle->type, handle->object);
    free(handle);
}

PyObject *
virPyNewHandle(const virPyHandleType *type, void *object)
{
    struct virPyHandle *handle = malloc(sizeof(*handle));
    PyObject *capsule = NULL;

    if (!handle) {
        PyErr_NoMemory();
    } else {
        *handle = (struct virPyHandle){ HANDLE_MAGIC, false, process, 0, object, type };
        capsule = PyCapsule_New(object, type->name, destroyHandle);
        if (capsule) {
            /* That cannot fail on a new capsule. */
            (void)PyCapsule_SetContext(capsule, handle);
            return capsule;
        }
    }
    free(handle);
    releaseQuietly(type, object);
    return NULL;
}

/* For objects that libvirt lends: the capsule gets a reference of its own. */
PyObject *
virPyShareHandle(const virPyHandleType *type, void *object)
{
    if (!object)
        return virPyNewRef(Py_None);
    if (type->ref(object) < 0) {
        PyErr_Format(PyExc_RuntimeError, "libvirt lent an invalid %s", type->name);
        return NULL;
    }
    return virPyNewHandle(type, object);
}

/* The name of a capsule, if it is one of the given kind. */
static const char *
capsuleName(const char *self, PyObject *const *args, Py_ssize_t i, const virPyHandleType *type)
{
    const virPyWhere where = { self, i, NULL };

    if (PyCapsule_CheckExact(args[i])) {
        const char *name = PyCapsule_GetName(args[i]);

        /* One that another module made has another copy of the name. */
        if (name && (name == type->name || strcmp(name, type->name) == 0))
            return name;
        if (name && strcmp(name, type->gone) == 0) {
            virPyRaise(self, type->invalid, "%.*s() on a %s that was closed or freed",
                       (int)strcspn(self, "("), self, type->name);
            return NULL;
        }
        virPyBad(PyExc_TypeError, &where, "must be %s or None, not a capsule of %s",
                 type->name, name ? name : "no name");
        return NULL;
    }
    virPyBadType(&where, args[i], type->name);
    return NULL;
}

int
virPyEnter(const char *self, PyObject *const *args, Py_ssize_t i,
           const virPyHandleType *type, virPyUse *use)
{
    const char *name;

    if (args[i] == Py_None)
        return 0;
    name = capsuleName(self, args, i, type);
    if (!name)
        return -1;
    use->handle = handleOf(args[i]);
    if (use->handle)
        use->handle->users++;
    use->object = use->handle ? use->handle->object : PyCapsule_GetPointer(args[i], name);
    return 0;
}

int
virPyEnterSome(const char *self, PyObject *const *args, Py_ssize_t i,
               const virPyHandleType *type, virPyUse *use)
{
    if (args[i] == Py_None)
        return virPyBadType(&(virPyWhere){ self, i, NULL }, args[i], type->name);
    return virPyEnter(self, args, i, type, use);
}

void
virPyLeave(virPyUse *use)
{
    struct virPyHandle *handle = use->handle;

    if (handle && --handle->users == 0 && handle->gone) {
        if (handle->process == process)
            releaseQuietly(handle->type, handle->object);
        free(handle);
    }
}

/* virXFree and virConnectClose: takes the reference out of the capsule. */
PyObject *
virPyRelease(const char *self, PyObject *const *args, Py_ssize_t nargs,
             const virPyHandleType *type)
{
    struct virPyHandle *handle = NULL;
    void *object = NULL;
    bool in_use = false;
    bool inherited = false;
    int retval = 0;

    if (virPyCheckCount(self, nargs, 1) < 0)
        return NULL;
    if (args[0] != Py_None) {
        const char *name = capsuleName(self, args, 0, type);

        if (!name)
            return NULL;
        object = PyCapsule_GetPointer(args[0], name);
        handle = handleOf(args[0]);
        inherited = virPyIsInherited(args[0]);
        (void)PyCapsule_SetDestructor(args[0], NULL);
        (void)PyCapsule_SetContext(args[0], NULL);
        (void)PyCapsule_SetName(args[0], type->gone);
        in_use = handle && handle->users > 0;
        if (in_use)
            handle->gone = true;
    }

    /* Running calls hold one more reference; virConnectClose counts it. */
    if (in_use && !inherited && type->ref)
        (void)type->ref(object);
    if (!in_use)
        free(handle);
    /* What knows no references is released by its last user alone. */
    if (!inherited && (!in_use || type->ref)) {
        Py_BEGIN_ALLOW_THREADS
        retval = type->release(object);
        Py_END_ALLOW_THREADS
    }
    return virPyStatus(self, retval);
}

PyObject *
virPyAddress(const char *self, PyObject *const *args, Py_ssize_t nargs,
             const virPyHandleType *type)
{
    virPyUse use VIR_PY_AUTO(virPyLeave) = { NULL, NULL };

    if (virPyCheckCount(self, nargs, 1) < 0 ||
        virPyEnter(self, args, 0, type, &use) < 0)
        return NULL;
    return PyLong_FromVoidPtr(use.object);
}
