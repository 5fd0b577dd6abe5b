/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Interpreters: how libvirt's threads enter them, and what is registered for each.
 *
 * A program may have several.  libvirt knows of none: what it is given for a
 * callback says whose it is.  Each has a gate that is closed when it ends.
 */

#include "interpreters.h"

#include <pthread.h>
#include <search.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include "handles.h"

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

/* For those that register something when their interpreter is gone already. */
static virPyInterpreter nobody = { .id = -1, .closed = true };

/* Guards all that is below and not atomic.  Nothing of Python runs under it,
 * but references are counted. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
/* It only grows.  Those that are closed and have no callbacks are used again. */
static virPyInterpreter *_Atomic interpreters;
static atomic_bool several;   /* any but the main one: what a thread has may be of another */
static atomic_size_t waiting; /* callbacks to be dropped, of all */

static _Thread_local virPyEntry *innermost;
static _Thread_local PyThreadState *loopState;

/* --- which interpreter --------------------------------------------------- */

static bool
isMain(const virPyInterpreter *interpreter)
{
    return interpreter->id == 0;
}

static virPyInterpreter *
find(int64_t id)
{
    virPyInterpreter *found = atomic_load(&interpreters);

    while (found && found->id != id)
        found = found->next;
    return found;
}

virPyInterpreter *
virPyThisInterpreter(void)
{
    int64_t id = PyInterpreterState_GetID(PyInterpreterState_Get());
    virPyInterpreter *found;

    pthread_mutex_lock(&lock);
    found = find(id);
    pthread_mutex_unlock(&lock);
    return found ? found : &nobody;
}

/* --- in and out ---------------------------------------------------------- */

/* A thread state for this stay: an interpreter ends with one only, so none is kept. */
#if PY_VERSION_HEX < 0x030c0000 || (defined(Py_LIMITED_API) && Py_LIMITED_API < 0x030c0000)
/* What makes interpreters in these versions looks at their thread states under
 * the GIL, which is one for all. */
static bool
attachNew(virPyEntry *entry)
{
    entry->gil = PyGILState_Ensure();
    entry->state = PyThreadState_New(entry->interpreter->state);
    if (entry->state)
        entry->held = PyThreadState_Swap(entry->state);
    else
        PyGILState_Release(entry->gil);
    return entry->state;
}

static void
detachNew(virPyEntry *entry)
{
    PyThreadState_Clear(entry->state);
    (void)PyThreadState_Swap(entry->held);
    PyThreadState_Delete(entry->state);
    PyGILState_Release(entry->gil);
}
#else
static bool
attachNew(virPyEntry *entry)
{
    entry->state = PyThreadState_New(entry->interpreter->state);
    if (entry->state)
        PyEval_RestoreThread(entry->state);
    return entry->state;
}

static void
detachNew(virPyEntry *entry)
{
    PyThreadState_Clear(entry->state);
    (void)PyEval_SaveThread();
    PyThreadState_Delete(entry->state);
}
#endif

/* False without memory. */
static bool
attachOther(virPyEntry *entry)
{
    entry->made = !loopState || PyThreadState_GetInterpreter(loopState) != entry->interpreter->state;
    if (entry->made)
        return attachNew(entry);
    entry->state = loopState;
    PyEval_RestoreThread(entry->state);
    return true;
}

/* A thread may be in a call of one interpreter and be called back for another:
 * PyGILState_Ensure() alone would enter the first. */
static bool
attach(virPyEntry *entry)
{
    PyThreadState *own;

    if (atomic_load_explicit(&several, memory_order_relaxed)) {
        own = PyGILState_GetThisThreadState();
        if (!own || PyThreadState_GetInterpreter(own) != entry->interpreter->state)
            return attachOther(entry);
    }
    entry->gil = PyGILState_Ensure();
    return true;
}

bool
virPyEnterPython(virPyEntry *entry, virPyInterpreter *interpreter)
{
    atomic_fetch_add(&interpreter->inside, 1);
    *entry = (virPyEntry){ .interpreter = interpreter, .outer = innermost };
    if (atomic_load(&interpreter->closed) || !attach(entry)) {
        atomic_fetch_sub(&interpreter->inside, 1);
        return false;
    }
    innermost = entry;
    return true;
}

void
virPyLeavePython(virPyEntry *entry)
{
    if (!entry->state)
        PyGILState_Release(entry->gil);
    else if (entry->made)
        detachNew(entry);
    else
        (void)PyEval_SaveThread();
    innermost = entry->outer;
    atomic_fetch_sub(&entry->interpreter->inside, 1);
}

PyThreadState *
virPySetLoopState(PyThreadState *state)
{
    PyThreadState *old = loopState;

    loopState = state;
    return old;
}

/* --- callbacks ----------------------------------------------------------- */

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

    pthread_mutex_lock(&lock);
    callback = addCallback(owner, data);
    pthread_mutex_unlock(&lock);
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

    pthread_mutex_lock(&lock);
    if (unref(callback)) {
        data = callback->data;
        freeCallback(callback);
    }
    pthread_mutex_unlock(&lock);
    Py_XDECREF(data);
}

/* Takes one out of the queue: its data, or NULL. */
static PyObject *
nextDeferred(virPyInterpreter *interpreter)
{
    virPyCallback *first;
    PyObject *data = NULL;

    pthread_mutex_lock(&lock);
    first = interpreter->deferred;
    if (first) {
        interpreter->deferred = first->next;
        atomic_fetch_sub(&waiting, 1);
        data = first->data;
        freeCallback(first);
    }
    pthread_mutex_unlock(&lock);
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
    for (virPyInterpreter *other = atomic_load(&interpreters); other; other = other->next) {
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

    pthread_mutex_lock(&lock);
    last = unref(callback);
    if (last) {
        callback->next = callback->owner->deferred;
        callback->owner->deferred = callback;
        atomic_fetch_add(&waiting, 1);
    }
    pthread_mutex_unlock(&lock);
    return last;
}

void
virPyDropCallback(void *callback)
{
    virPyInterpreter *other;
    virPyEntry entry;

    if (!defer(callback))
        return;
    pthread_mutex_lock(&lock);
    other = find(0);
    pthread_mutex_unlock(&lock);
    if (other && virPyEnterPython(&entry, other)) {
        /* A full queue is no matter: the next one to run takes all. */
        (void)Py_AddPendingCall(runDeferredLater, NULL);
        virPyLeavePython(&entry);
    }
}

/* --- a place for one callback -------------------------------------------- */

void
virPyReplaceCallback(virPyCallback **place, virPyCallback *callback)
{
    virPyCallback *old;

    pthread_mutex_lock(&lock);
    old = *place;
    *place = callback;
    pthread_mutex_unlock(&lock);
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
    return !atomic_load(&several) || Py_Version >= 0x030c0000;
#else
    return true;
#endif
}

/* The thread state that this thread has attached, or NULL: libvirt tells of errors also where the GIL is kept. */
static PyThreadState *
heldState(void)
{
    if (!atomic_load(&several))
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

    pthread_mutex_lock(&lock);
    owner = *place ? (*place)->owner : NULL;
    if (owner && owner == inside) {
        *data = (*place)->data;
        Py_XINCREF(*data);
    }
    pthread_mutex_unlock(&lock);
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

/* --- the end of an interpreter ------------------------------------------- */

#define EXIT_WAIT_MS 2000

static void
closeGate(virPyInterpreter *interpreter)
{
    const struct timespec moment = { 0, 1000000 };

    atomic_store(&interpreter->closed, true);
    /* Where the process goes on, a thread that is left inside would end it. */
    for (int ms = 0; atomic_load(&interpreter->inside) > 0 && (ms < EXIT_WAIT_MS || !isMain(interpreter)); ms++)
        (void)nanosleep(&moment, NULL);
}

/* Takes the data out of a callback, which libvirt may have until the process ends. */
static PyObject *
nextAlive(virPyInterpreter *interpreter)
{
    virPyCallback *callback;
    PyObject *data = NULL;

    pthread_mutex_lock(&lock);
    if (interpreter->alive) {
        /* A node begins with what it stands for. */
        callback = *(virPyCallback **)interpreter->alive;
        (void)tdelete(callback, &interpreter->alive, compareData);
        data = callback->data;
        callback->data = NULL;
    }
    pthread_mutex_unlock(&lock);
    return data;
}

/* The process goes on: libvirt must not keep what was registered. */
static void
endRegistrations(virPyInterpreter *interpreter)
{
    PyObject *modules = PyImport_GetModuleDict(); /* borrowed */
    PyObject *libvirt = PyDict_GetItemString(modules, "libvirt");
    PyObject *data;

    Py_XINCREF(libvirt);
    while ((data = nextAlive(interpreter))) {
        PyObject *done = libvirt ? PyObject_CallMethod(libvirt, "_endRegistration", "(O)", data) : NULL;

        if (PyErr_Occurred())
            PyErr_WriteUnraisable(data);
        Py_XDECREF(done);
        Py_DECREF(data);
    }
    Py_XDECREF(libvirt);
    virPyRunDeferred();
}

/* With the main one the others end, of which Python need not tell. */
static PyObject *
endInterpreter(PyObject *unused VIR_PY_UNUSED, PyObject *nothing VIR_PY_UNUSED)
{
    virPyInterpreter *here = virPyThisInterpreter();

    Py_BEGIN_ALLOW_THREADS
    for (virPyInterpreter *each = atomic_load(&interpreters); each; each = each->next) {
        if (each == here || isMain(here))
            closeGate(each);
    }
    Py_END_ALLOW_THREADS
    if (!isMain(here))
        endRegistrations(here);
    return virPyNewRef(Py_None);
}

/* --- the beginning ------------------------------------------------------- */

static void
lockAll(void)
{
    pthread_mutex_lock(&lock);
}

static void
unlockAll(void)
{
    pthread_mutex_unlock(&lock);
}

/* Other threads that were inside are not in the child. */
static void
forgetThreads(void)
{
    for (virPyInterpreter *each = atomic_load(&interpreters); each; each = each->next)
        atomic_store(&each->inside, 0);
    for (virPyEntry *entry = innermost; entry; entry = entry->outer)
        atomic_fetch_add(&entry->interpreter->inside, 1);
    pthread_mutex_unlock(&lock);
}

/* Once for all interpreters. */
static bool
watchForks(void)
{
    static bool done;

    if (!done && (pthread_atfork(lockAll, unlockAll, forgetThreads) != 0 || virPyWatchForks() != 0))
        return false;
    done = true;
    return true;
}

static int
addExitHook(void)
{
    static PyMethodDef method = { "_endInterpreter", endInterpreter, METH_NOARGS,
                                  "From here on no callback enters this interpreter." };
    PyObject *atexit VIR_PY_AUTO(virPyDropRef) = PyImport_ImportModule("atexit");
    PyObject *hook VIR_PY_AUTO(virPyDropRef) = PyCFunction_New(&method, NULL);
    PyObject *done VIR_PY_AUTO(virPyDropRef) = NULL;

    if (atexit && hook)
        done = PyObject_CallMethod(atexit, "register", "O", hook);
    return done ? 0 : -1;
}

/* One that is used again, or a new one: never the main one, which ends with the process. */
static virPyInterpreter *
unused(void)
{
    virPyInterpreter *found = atomic_load(&interpreters);

    while (found && (isMain(found) || !atomic_load(&found->closed) || found->callbacks > 0 ||
                     atomic_load(&found->inside) > 0))
        found = found->next;
    if (!found && (found = calloc(1, sizeof(*found)))) {
        found->closed = true;
        found->next = atomic_load(&interpreters);
        atomic_store(&interpreters, found);
    }
    return found;
}

/* 1 for one that is new, 0 for one that is known, -1 without memory. */
static int
note(PyInterpreterState *state, int64_t id)
{
    virPyInterpreter *made;

    if (find(id))
        return 0;
    made = watchForks() ? unused() : NULL;
    if (!made)
        return -1;
    made->state = state;
    made->id = id;
    if (!isMain(made))
        atomic_store(&several, true);
    atomic_store(&made->closed, false);
    return 1;
}

int
virPyAddInterpreter(void)
{
    PyInterpreterState *state = PyInterpreterState_Get();
    int64_t id = PyInterpreterState_GetID(state);
    int retval;

    pthread_mutex_lock(&lock);
    retval = note(state, id);
    pthread_mutex_unlock(&lock);
    if (retval < 0)
        PyErr_SetString(PyExc_ImportError, "there is no memory for an interpreter");
    return retval > 0 ? addExitHook() : retval;
}
