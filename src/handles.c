/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Handles: capsules that own a reference of libvirt's. */

#include "handles.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "errorrecord.h"

/* While no other thread takes it out of the capsule. */
static struct virPyHandle *
handleOf(PyObject *capsule)
{
    struct virPyHandle *handle = PyCapsule_GetContext(capsule);

    return handle && handle->magic == VIR_PY_HANDLE_MAGIC ? handle : NULL;
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
    bool inherited = false;

    if (PyCapsule_CheckExact(capsule)) {
        struct virPyHandle *handle;

        VIR_PY_BEGIN_ALONE(capsule)
        handle = handleOf(capsule);
        inherited = handle && handle->process != process;
        VIR_PY_END_ALONE
    }
    return inherited;
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

/* Who drops the last count has the handle to himself. */
static bool
isLast(struct virPyHandle *handle)
{
    return --handle->users == 0;
}

void
virPyDropHandle(struct virPyHandle *handle)
{
    if (!handle->lent && handle->process == process)
        releaseQuietly(handle->type, handle->object);
    free(handle);
}

/* No call can be running: it would hold the capsule. */
static void
destroyHandle(PyObject *capsule)
{
    virPyDropHandle(PyCapsule_GetContext(capsule));
}

static PyObject *
newCapsule(const virPyHandleType *type, void *object, bool lent)
{
    struct virPyHandle *handle = malloc(sizeof(*handle));
    PyObject *capsule;

    if (!handle)
        return PyErr_NoMemory();
    *handle = (struct virPyHandle){ VIR_PY_HANDLE_MAGIC, process, lent, 1, object, type };
    capsule = PyCapsule_New(object, type->name, destroyHandle);
    if (!capsule)
        free(handle);
    else
        /* That cannot fail on a new capsule. */
        (void)PyCapsule_SetContext(capsule, handle);
    return capsule;
}

PyObject *
virPyNewHandle(const virPyHandleType *type, void *object)
{
    PyObject *capsule = newCapsule(type, object, false);

    if (!capsule)
        releaseQuietly(type, object);
    return capsule;
}

/* What was in the capsule is gone for those who have it. */
static void
markGone(PyObject *capsule, const virPyHandleType *type)
{
    (void)PyCapsule_SetDestructor(capsule, NULL);
    (void)PyCapsule_SetContext(capsule, NULL);
    (void)PyCapsule_SetName(capsule, type->gone);
}

PyObject *
virPyBorrowHandle(const virPyHandleType *type, void *object)
{
    if (!object)
        return virPyNewRef(Py_None);
#ifdef Py_GIL_DISABLED
    /* There nobody can tell who else has the capsule: it has its reference at once. */
    if (type->ref(object) < 0) {
        PyErr_Format(PyExc_RuntimeError, "libvirt lent an invalid %s", type->name);
        return NULL;
    }
    return virPyNewHandle(type, object);
#else
    return newCapsule(type, object, true);
#endif
}

void
virPyEndBorrowing(PyObject *arguments)
{
    for (Py_ssize_t n = 0; n < PyTuple_Size(arguments); n++) {
        PyObject *item = PyTuple_GetItem(arguments, n);
        struct virPyHandle *handle = PyCapsule_CheckExact(item) ? handleOf(item) : NULL;

        if (!handle || !handle->lent || Py_REFCNT(item) == 1)
            continue;
        if (handle->type->ref(handle->object) == 0) {
            handle->lent = false;
        } else {
            markGone(item, handle->type);
            if (isLast(handle))
                free(handle);
        }
    }
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
            virPyRaise(self, type->invalid, "%s", type->closed);
            return NULL;
        }
        virPyArgumentError(PyExc_TypeError, &where, "must be %s or None, not a capsule of %s",
                           type->name, name ? name : "no name");
        return NULL;
    }
    virPyArgumentTypeError(&where, args[i], type->name);
    return NULL;
}

int
virPyAcquire(const char *self, PyObject *const *args, Py_ssize_t i,
             const virPyHandleType *type, virPyUse *use)
{
    const char *name;

    if (args[i] == Py_None)
        return 0;
    VIR_PY_BEGIN_ALONE(args[i])
    name = capsuleName(self, args, i, type);
    if (name) {
        use->handle = handleOf(args[i]);
        if (use->handle)
            use->handle->users++;
        use->object = use->handle ? use->handle->object : PyCapsule_GetPointer(args[i], name);
    }
    VIR_PY_END_ALONE
    return name ? 0 : -1;
}

int
virPyAcquireRequired(const char *self, PyObject *const *args, Py_ssize_t i,
                     const virPyHandleType *type, virPyUse *use)
{
    if (args[i] == Py_None)
        return virPyArgumentTypeError(&(virPyWhere){ self, i, NULL }, args[i], type->name);
    return virPyAcquire(self, args, i, type, use);
}

/* What is in a capsule, which has it no longer: the handle, or NULL for one of
 * another maker, and the object.  -1 with an exception. */
static int
takeOut(const char *self, PyObject *const *args, const virPyHandleType *type,
        struct virPyHandle **handle, void **object)
{
    const char *name;

    VIR_PY_BEGIN_ALONE(args[0])
    name = capsuleName(self, args, 0, type);
    if (name) {
        *object = PyCapsule_GetPointer(args[0], name);
        *handle = handleOf(args[0]);
        markGone(args[0], type);
    }
    VIR_PY_END_ALONE
    return name ? 0 : -1;
}

/* What libvirt says of the release of one reference. */
static int
release(const virPyHandleType *type, void *object)
{
    int retval;

    Py_BEGIN_ALLOW_THREADS
    retval = type->release(object);
    Py_END_ALLOW_THREADS
    return retval;
}

/* Running calls keep one reference, which the last of them releases;
 * virConnectClose counts it.  What knows no references is theirs altogether. */
static int
releaseShared(struct virPyHandle *handle)
{
    const virPyHandleType *type = handle->type;
    void *object = handle->object;
    bool shared = handle->users > 1;
    bool last;

    /* What is only lent has no reference yet that could be released. */
    if (handle->lent && type->ref(object) < 0) {
        if (isLast(handle))
            free(handle);
        return -1;
    }
    handle->lent = false;
    if (shared && type->ref)
        (void)type->ref(object);
    last = isLast(handle);
    if (last)
        free(handle);
    if (shared && !type->ref)
        return last ? release(type, object) : 0;
    /* They may all have left meanwhile. */
    if (shared && last)
        releaseQuietly(type, object);
    return release(type, object);
}

/* virXFree and virConnectClose: takes the reference out of the capsule. */
PyObject *
virPyFreeHandle(const char *self, PyObject *const *args, Py_ssize_t nargs,
                const virPyHandleType *type)
{
    struct virPyHandle *handle = NULL;
    void *object = NULL;
    int retval = 0;

    if (virPyCheckCount(self, nargs, 1) < 0 ||
        (args[0] != Py_None && takeOut(self, args, type, &handle, &object) < 0))
        return NULL;
    if (!handle)
        retval = release(type, object);
    else if (handle->process == process)
        retval = releaseShared(handle);
    else if (isLast(handle))
        free(handle);
    return virPyStatus(self, retval);
}

PyObject *
virPyAddress(const char *self, PyObject *const *args, Py_ssize_t nargs,
             const virPyHandleType *type)
{
    virPyUse use VIR_PY_AUTO(virPyReleaseUse) = { NULL, NULL };

    if (virPyCheckCount(self, nargs, 1) < 0 ||
        virPyAcquire(self, args, 0, type, &use) < 0)
        return NULL;
    return PyLong_FromVoidPtr(use.object);
}

PyObject *
virPyNewReference(const char *self, PyObject *const *args, Py_ssize_t nargs, const virPyHandleType *type)
{
    virPyUse use VIR_PY_AUTO(virPyReleaseUse) = { NULL, NULL };

    if (virPyCheckCount(self, nargs, 1) < 0 || virPyAcquireRequired(self, args, 0, type, &use) < 0)
        return NULL;
    return type->ref(use.object) < 0 ? virPyFail(self) : virPyNewHandle(type, use.object);
}
