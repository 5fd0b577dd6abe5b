/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Interpreters: how libvirt's threads enter them, how they begin and end.
 *
 * A program may have several.  libvirt knows of none: what it is given for a
 * callback says whose it is.  Each has a gate that is closed when it ends.
 */

#include "interpreters-private.h"

#include <stdlib.h>
#include <time.h>

#include "handles.h"

/* For those that register something when their interpreter is gone already. */
static virPyInterpreter nobody = { .id = -1, .closed = true };

pthread_mutex_t virPyInterpretersLock = PTHREAD_MUTEX_INITIALIZER;
virPyInterpreter *_Atomic virPyInterpreters;
atomic_bool virPySeveralInterpreters;

static _Thread_local virPyEntry *innermost;
static _Thread_local PyThreadState *loopState;

/* --- which interpreter --------------------------------------------------- */

static bool
isMain(const virPyInterpreter *interpreter)
{
    return interpreter->id == 0;
}

virPyInterpreter *
virPyFindInterpreter(int64_t id)
{
    virPyInterpreter *found = atomic_load(&virPyInterpreters);

    while (found && found->id != id)
        found = found->next;
    return found;
}

virPyInterpreter *
virPyThisInterpreter(void)
{
    int64_t id = PyInterpreterState_GetID(PyInterpreterState_Get());
    virPyInterpreter *found;

    pthread_mutex_lock(&virPyInterpretersLock);
    found = virPyFindInterpreter(id);
    pthread_mutex_unlock(&virPyInterpretersLock);
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

    if (atomic_load_explicit(&virPySeveralInterpreters, memory_order_relaxed)) {
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

/* The process goes on: libvirt must not keep what was registered. */
static void
endRegistrations(virPyInterpreter *interpreter)
{
    PyObject *modules = PyImport_GetModuleDict(); /* borrowed */
    PyObject *libvirt = PyDict_GetItemString(modules, "libvirt");
    PyObject *data;

    Py_XINCREF(libvirt);
    while ((data = virPyTakeData(interpreter))) {
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
    for (virPyInterpreter *each = atomic_load(&virPyInterpreters); each; each = each->next) {
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
    pthread_mutex_lock(&virPyInterpretersLock);
}

static void
unlockAll(void)
{
    pthread_mutex_unlock(&virPyInterpretersLock);
}

/* Other threads that were inside are not in the child. */
static void
forgetThreads(void)
{
    for (virPyInterpreter *each = atomic_load(&virPyInterpreters); each; each = each->next)
        atomic_store(&each->inside, 0);
    for (virPyEntry *entry = innermost; entry; entry = entry->outer)
        atomic_fetch_add(&entry->interpreter->inside, 1);
    pthread_mutex_unlock(&virPyInterpretersLock);
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
    virPyInterpreter *found = atomic_load(&virPyInterpreters);

    while (found && (isMain(found) || !atomic_load(&found->closed) || found->callbacks > 0 ||
                     atomic_load(&found->inside) > 0))
        found = found->next;
    if (!found && (found = calloc(1, sizeof(*found)))) {
        found->closed = true;
        found->next = atomic_load(&virPyInterpreters);
        atomic_store(&virPyInterpreters, found);
    }
    return found;
}

/* 1 for one that is new, 0 for one that is known, -1 without memory. */
static int
note(PyInterpreterState *state, int64_t id)
{
    virPyInterpreter *made;

    if (virPyFindInterpreter(id))
        return 0;
    made = watchForks() ? unused() : NULL;
    if (!made)
        return -1;
    made->state = state;
    made->id = id;
    if (!isMain(made))
        atomic_store(&virPySeveralInterpreters, true);
    atomic_store(&made->closed, false);
    return 1;
}

int
virPyAddInterpreter(void)
{
    PyInterpreterState *state = PyInterpreterState_Get();
    int64_t id = PyInterpreterState_GetID(state);
    int retval;

    pthread_mutex_lock(&virPyInterpretersLock);
    retval = note(state, id);
    pthread_mutex_unlock(&virPyInterpretersLock);
    if (retval < 0)
        PyErr_SetString(PyExc_ImportError, "there is no memory for an interpreter");
    return retval > 0 ? addExitHook() : retval;
}
