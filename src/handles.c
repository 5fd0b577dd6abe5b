/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Handles: capsules that own a reference to a libvirt object.  handles.h says what guards them. */

#include "handles.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "errorrecord.h"

/* The running process.  Only written before the first handle exists, and by a child while it has one thread. */
static pid_t process;

static void updateProcess(void)
{
    process = getpid();
}

int virPyWatchForks(void)
{
    updateProcess();
    return pthread_atfork(NULL, NULL, updateProcess);
}

/* Return the handle of a capsule, or NULL if another maker created it.  Nothing else may run between this call and the
 * use of the handle, since another thread may detach it. */
static struct virPyHandle *handleOf(PyObject *capsule)
{
    struct virPyHandle *handle = PyCapsule_GetContext(capsule);

    return handle && handle->magic == VIR_PY_HANDLE_MAGIC ? handle : NULL;
}

bool virPyIsInherited(PyObject *capsule)
{
    bool inherited = false;

    if (PyCapsule_CheckExact(capsule)) {
        VIR_PY_BEGIN_ALONE(capsule)
        struct virPyHandle *handle = handleOf(capsule);
        inherited = handle && handle->process != process;
        VIR_PY_END_ALONE
    }
    return inherited;
}

/* --- release --------------------------------------------------------------- */

/* Release a libvirt reference without the GIL.  Returns what libvirt returned. */
static int releaseObject(const virPyHandleType *type, void *object)
{
    int retval;

    Py_BEGIN_ALLOW_THREADS
    retval = type->release(object);
    Py_END_ALLOW_THREADS
    return retval;
}

/* Release a libvirt reference, and leave the pending exception and libvirt's error as they are.  Destructors need that,
 * because they may run between a failing call and its exception. */
static void releaseQuietly(const virPyHandleType *type, void *object)
{
    PyObject *pending = virPyFetchException();
    virPySavedError saved;

    virPySaveError(&saved);
    (void)releaseObject(type, object);
    virPyRestoreError(&saved);
    if (PyErr_Occurred())
        PyErr_WriteUnraisable(NULL);
    virPyRestoreException(pending);
}

void virPyDropHandle(struct virPyHandle *handle)
{
    if (!handle->lent && handle->process == process)
        releaseQuietly(handle->type, handle->object);
    free(handle);
}

/* The destructor of a capsule.  No call can be running, since it would hold the capsule. */
static void destroyHandle(PyObject *capsule)
{
    virPyDropHandle(PyCapsule_GetContext(capsule));
}

/* --- creation -------------------------------------------------------------- */

/* Create a capsule, and on failure leave the libvirt reference to the caller. */
static PyObject *newCapsule(const virPyHandleType *type, void *object, bool lent)
{
    struct virPyHandle *handle = malloc(sizeof(*handle));

    if (!handle)
        return PyErr_NoMemory();
    *handle = (struct virPyHandle){ VIR_PY_HANDLE_MAGIC, process, lent, 1, object, type };
    PyObject *capsule = PyCapsule_New(object, type->name, destroyHandle);
    if (!capsule)
        free(handle);
    else
        /* This cannot fail on a new capsule. */
        (void)PyCapsule_SetContext(capsule, handle);
    return capsule;
}

PyObject *virPyNewHandle(const virPyHandleType *type, void *object)
{
    PyObject *capsule = newCapsule(type, object, false);

    if (!capsule)
        releaseQuietly(type, object);
    return capsule;
}

/* Empty a capsule, so that later calls with it raise an exception.  The handle passes to the caller. */
static void markGone(PyObject *capsule, const virPyHandleType *type)
{
    (void)PyCapsule_SetDestructor(capsule, NULL);
    (void)PyCapsule_SetContext(capsule, NULL);
    (void)PyCapsule_SetName(capsule, type->gone);
}

PyObject *virPyBorrowHandle(const virPyHandleType *type, void *object)
{
    if (!object)
        return virPyNewRef(Py_None);
#ifdef Py_GIL_DISABLED
    /* Without a GIL, reference counts do not show who else holds the capsule: take a libvirt reference at once. */
    if (type->ref(object) < 0) {
        PyErr_Format(PyExc_RuntimeError, "libvirt lent an invalid %s", type->name);
        return NULL;
    }
    return virPyNewHandle(type, object);
#else
    return newCapsule(type, object, true);
#endif
}

void virPyEndBorrowing(PyObject *arguments)
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
            if (--handle->users == 0)
                free(handle);
        }
    }
}

/* --- use ------------------------------------------------------------------- */

/* Return the name of a capsule if it has the given type, or NULL with an exception. */
static const char *checkCapsule(const virPyWhere *where, PyObject *capsule, const virPyHandleType *type)
{
    if (!PyCapsule_CheckExact(capsule)) {
        virPyArgumentTypeError(where, capsule, type->name);
        return NULL;
    }
    const char *name = PyCapsule_GetName(capsule);
    /* A capsule of another extension module has another copy of the name. */
    if (name && (name == type->name || strcmp(name, type->name) == 0))
        return name;
    if (name && strcmp(name, type->gone) == 0)
        virPyRaise(where->self, type->invalid, "%s", type->closed);
    else
        virPyArgumentError(PyExc_TypeError, where, "must be %s or None, not a capsule of %s", type->name,
                           name ? name : "no name");
    return NULL;
}

int virPyAcquire(const virPyWhere *where, PyObject *capsule, const virPyHandleType *type, bool required, virPyUse *use)
{
    const char *name;

    if (capsule == Py_None)
        return required ? virPyArgumentTypeError(where, capsule, type->name) : 0;
    VIR_PY_BEGIN_ALONE(capsule)
    name = checkCapsule(where, capsule, type);
    if (name) {
        use->handle = handleOf(capsule);
        if (use->handle)
            use->handle->users++;
        use->object = use->handle ? use->handle->object : PyCapsule_GetPointer(capsule, name);
    }
    VIR_PY_END_ALONE
    return name ? 0 : -1;
}

/* Detach the libvirt object from the capsule in the first argument, and with it the capsule's use of the handle.  If
 * another maker created the capsule, use->handle is NULL.  Returns 0, or -1 with an exception. */
static int detachHandle(const char *self, PyObject *capsule, const virPyHandleType *type, virPyUse *use)
{
    const char *name;

    VIR_PY_BEGIN_ALONE(capsule)
    name = checkCapsule(virPyArgument(self, 0), capsule, type);
    if (name) {
        *use = (virPyUse){ PyCapsule_GetPointer(capsule, name), handleOf(capsule) };
        markGone(capsule, type);
    }
    VIR_PY_END_ALONE
    return name ? 0 : -1;
}

/* Release the reference of a capsule, although calls may be using the object.  These keep a libvirt reference of their
 * own, which virConnectClose() counts in what it returns, and which the last of them releases.  If libvirt does not
 * count references to this type, the last call releases the object.  Returns what libvirt returned. */
static int releaseShared(struct virPyHandle *handle)
{
    const virPyHandleType *type = handle->type;
    void *object = handle->object;
    bool shared = handle->users > 1;

    /* A borrowed object has no reference yet that could be released. */
    if (handle->lent && type->ref(object) < 0) {
        if (--handle->users == 0)
            free(handle);
        return -1;
    }
    handle->lent = false;
    if (shared && type->ref)
        (void)type->ref(object);
    bool last = --handle->users == 0;
    if (last)
        free(handle);
    if (shared && !type->ref)
        return last ? releaseObject(type, object) : 0;
    /* The calls may all have ended meanwhile. */
    if (shared && last)
        releaseQuietly(type, object);
    return releaseObject(type, object);
}

PyObject *virPyFreeHandle(const char *self, PyObject *const *args, Py_ssize_t nargs, const virPyHandleType *type)
{
    virPyUse use = { NULL, NULL };
    int retval = 0;

    if (virPyCheckCount(self, nargs, 1) < 0 || (args[0] != Py_None && detachHandle(self, args[0], type, &use) < 0))
        return NULL;
    if (!use.handle)
        retval = releaseObject(type, use.object);
    else if (use.handle->process == process)
        retval = releaseShared(use.handle);
    else if (--use.handle->users == 0)
        free(use.handle);
    if (retval == -1)
        return virPyFailInt(self, -1);
    return PyErr_Occurred() ? NULL : virPyFromInt(retval);
}

PyObject *virPyAddress(const char *self, PyObject *const *args, Py_ssize_t nargs, const virPyHandleType *type)
{
    virPyUse use VIR_PY_AUTO(virPyReleaseUse) = { NULL, NULL };

    if (virPyCheckCount(self, nargs, 1) < 0 || virPyAcquire(virPyArgument(self, 0), args[0], type, false, &use) < 0)
        return NULL;
    return PyLong_FromVoidPtr(use.object);
}
