/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What libvirt is given for callbacks: data of Python's, and whose they are.
 *
 * libvirt may drop it under its locks and from any thread; the data go later,
 * where their interpreter runs.
 */

#include "interpreters-private.h"

#include <search.h>
#include <stdlib.h>

#include "typewrappers.h"

static atomic_size_t waiting; /* callbacks to be dropped, of all interpreters */

static int
compareData(const void *one, const void *other)
{
    uintptr_t a = (uintptr_t)((const virPyCallback *)one)->data;
    uintptr_t b = (uintptr_t)((const virPyCallback *)other)->data;

    return (a > b) - (a < b);
}

/* One for data that are registered again and again: drivers exist that never
 * free them. */
static virPyCallback *
addCallback(virPyInterpreter *owner, PyObject *data)
{
    const virPyCallback wanted = { .data = data };
    virPyCallback *callback = NULL;
    void *node = tfind(&wanted, &owner->alive, compareData);

    if (node) {
        callback = *(virPyCallback **)node;
    } else {
        callback = calloc(1, sizeof(*callback));
        if (callback)
            *callback = (virPyCallback){ .owner = owner, .data = data };
        if (!callback || !tsearch(callback, &owner->alive, compareData)) {
            free(callback);
            return NULL;
        }
        owner->callbacks++;
        Py_INCREF(data);
    }
    callback->references++;
    return callback;
}

virPyCallback *
virPyNewCallback(PyObject *data)
{
    virPyInterpreter *owner = virPyThisInterpreter();
    virPyCallback *callback;

    pthread_mutex_lock(&virPyInterpretersLock);
    callback = addCallback(owner, data);
    pthread_mutex_unlock(&virPyInterpretersLock);
    if (!callback)
        PyErr_NoMemory();
    return callback;
}

static void
freeCallback(virPyCallback *callback)
{
    callback->owner->callbacks--;
    free(callback);
}

/* Whether that was the last reference, and there are data to be dropped. */
static bool
unref(virPyCallback *callback)
{
    if (--callback->references > 0)
        return false;
    if (callback->data) {
        (void)tdelete(callback, &callback->owner->alive, compareData);
        return true;
    }
    freeCallback(callback);
    return false;
}

void
virPyUndoCallback(virPyCallback *callback)
{
    PyObject *data = NULL;

    pthread_mutex_lock(&virPyInterpretersLock);
    if (unref(callback)) {
        data = callback->data;
        freeCallback(callback);
    }
    pthread_mutex_unlock(&virPyInterpretersLock);
    Py_XDECREF(data);
}

/* Takes one out of the queue: its data, or NULL. */
static PyObject *
nextDeferred(virPyInterpreter *interpreter)
{
    virPyCallback *first;
    PyObject *data = NULL;

    pthread_mutex_lock(&virPyInterpretersLock);
    first = interpreter->deferred;
    if (first) {
        interpreter->deferred = first->next;
        atomic_fetch_sub(&waiting, 1);
        data = first->data;
        freeCallback(first);
    }
    pthread_mutex_unlock(&virPyInterpretersLock);
    return data;
}

void
virPyRunDeferred(void)
{
    virPyInterpreter *here = atomic_load(&waiting) > 0 ? virPyThisInterpreter() : NULL;
    PyObject *data;

    while (here && (data = nextDeferred(here)))
        Py_DECREF(data);
}

/* In the others, too: nobody else might. */
static int
runDeferredLater(void *unused VIR_PY_UNUSED)
{
    virPyPending pending = virPyFetchException();
    virPyInterpreter *here = virPyThisInterpreter();
    virPyEntry entry;

    virPyRunDeferred();
    Py_BEGIN_ALLOW_THREADS
    for (virPyInterpreter *other = atomic_load(&virPyInterpreters); other; other = other->next) {
        if (other != here && atomic_load(&waiting) > 0 && virPyEnterPython(&entry, other)) {
            virPyRunDeferred();
            virPyLeavePython(&entry);
        }
    }
    Py_END_ALLOW_THREADS
    virPyRestoreException(pending);
    return 0;
}

/* libvirt frees callback data under its locks; what a destructor calls may
 * want the same ones. */
static bool
defer(virPyCallback *callback)
{
    bool last;

    pthread_mutex_lock(&virPyInterpretersLock);
    last = unref(callback);
    if (last) {
        callback->next = callback->owner->deferred;
        callback->owner->deferred = callback;
        atomic_fetch_add(&waiting, 1);
    }
    pthread_mutex_unlock(&virPyInterpretersLock);
    return last;
}

void
virPyDropCallback(void *callback)
{
    virPyInterpreter *other;
    virPyEntry entry;

    if (!defer(callback))
        return;
    pthread_mutex_lock(&virPyInterpretersLock);
    other = virPyFindInterpreter(0);
    pthread_mutex_unlock(&virPyInterpretersLock);
    if (other && virPyEnterPython(&entry, other)) {
        /* A full queue is no matter: the next one to run takes all. */
        (void)Py_AddPendingCall(runDeferredLater, NULL);
        virPyLeavePython(&entry);
    }
}

PyObject *
virPyTakeData(virPyInterpreter *interpreter)
{
    virPyCallback *callback;
    PyObject *data = NULL;

    pthread_mutex_lock(&virPyInterpretersLock);
    if (interpreter->alive) {
        /* A node begins with what it stands for. */
        callback = *(virPyCallback **)interpreter->alive;
        (void)tdelete(callback, &interpreter->alive, compareData);
        data = callback->data;
        callback->data = NULL;
    }
    pthread_mutex_unlock(&virPyInterpretersLock);
    return data;
}

/* --- a place for one callback -------------------------------------------- */

void
virPyReplaceCallback(virPyCallback **place, virPyCallback *callback)
{
    virPyCallback *old;

    pthread_mutex_lock(&virPyInterpretersLock);
    old = *place;
    *place = callback;
    pthread_mutex_unlock(&virPyInterpretersLock);
    if (old)
        (void)defer(old);
    virPyRunDeferred();
}

/* The stable ABI of Python 3.11 cannot, where there are several interpreters:
 * who entered one then might wait for the GIL that this thread has. */
static bool
canTellHeldState(void)
{
#ifdef Py_LIMITED_API
    return !atomic_load(&virPySeveralInterpreters) || Py_Version >= 0x030c0000;
#else
    return true;
#endif
}

/* The thread state that this thread has attached, or NULL: libvirt tells of errors also where the GIL is kept. */
static PyThreadState *
heldState(void)
{
    if (!atomic_load(&virPySeveralInterpreters))
        return NULL;
#ifdef Py_LIMITED_API
    {
        PyThreadState *own = PyGILState_GetThisThreadState();
        PyGILState_STATE gil = own ? PyGILState_Ensure() : PyGILState_UNLOCKED;

        if (own)
            PyGILState_Release(gil);
        return gil == PyGILState_LOCKED ? own : NULL;
    }
#elif PY_VERSION_HEX >= 0x030d0000
    return PyThreadState_GetUnchecked();
#else
    {
        /* Before 3.12 that of whichever thread has the GIL. */
        PyThreadState *state = _PyThreadState_UncheckedGet();

        return state && state->thread_id == PyThread_get_thread_ident() ? state : NULL;
    }
#endif
}

/* The owner of what is in the place, and its data as a new reference for who is inside of the owner. */
static virPyInterpreter *
look(virPyCallback **place, const virPyInterpreter *inside, PyObject **data)
{
    virPyInterpreter *owner;

    pthread_mutex_lock(&virPyInterpretersLock);
    owner = *place ? (*place)->owner : NULL;
    if (owner && owner == inside) {
        *data = (*place)->data;
        Py_XINCREF(*data);
    }
    pthread_mutex_unlock(&virPyInterpretersLock);
    return owner;
}

bool
virPyEnterPlace(virPyPlaceEntry *entry, virPyCallback **place, PyObject **data)
{
    virPyInterpreter *owner;

    *data = NULL;
    owner = look(place, NULL, data);
    if (!owner || !canTellHeldState())
        return false;
    entry->held = heldState();
    if (entry->held)
        (void)PyEval_SaveThread();
    if (virPyEnterPython(&entry->entry, owner)) {
        /* Another may be there by now. */
        (void)look(place, owner, data);
        if (*data)
            return true;
        virPyLeavePython(&entry->entry);
    }
    if (entry->held)
        PyEval_RestoreThread(entry->held);
    return false;
}

void
virPyLeavePlace(virPyPlaceEntry *entry)
{
    virPyLeavePython(&entry->entry);
    if (entry->held)
        PyEval_RestoreThread(entry->held);
}
