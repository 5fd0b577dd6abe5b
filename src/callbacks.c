/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From a thread of libvirt into Python and back.  docs/callbacks.md has the invariants, callbacks.h the contracts.
 *
 * This file owns the gate, which atomics guard, and the callback data that libvirt holds, which `lock` guards. */

#include "callbacks.h"

#include <pthread.h>
#include <search.h>
#include <stdlib.h>
#include <time.h>

#include "errorrecord.h"

/* --- the gate -------------------------------------------------------------- */

/* A flag alone would race: a thread could see an open gate, and then wait for the GIL of an interpreter that is gone.
 * So each thread is counted in before it looks at the flag, and the exit waits for the count with the GIL released. */
static atomic_bool closed = true;
static atomic_int inside;         /* stays of all threads */
static _Thread_local int entered; /* stays of this thread, which are part of that */
static atomic_uint life;          /* see virPyGeneration() */
static PyInterpreterState *_Atomic mainInterpreter;

atomic_bool virPySeveralInterpreters;
static _Thread_local bool elsewhere; /* this thread is in a call of an interpreter other than the main one */

static bool runsInMain(void)
{
    return PyInterpreterState_GetID(PyInterpreterState_Get()) == 0;
}

int virPyRequireMain(const char *what)
{
    if (runsInMain())
        return 0;
    PyErr_Format(PyExc_RuntimeError, "%s belongs to the main interpreter, and cannot be registered in another one",
                 what);
    return -1;
}

unsigned int virPyGeneration(void)
{
    return atomic_load(&life);
}

void virPyCountInterpreter(void)
{
    elsewhere = !runsInMain();
}

static bool belongsToMain(PyThreadState *state)
{
    return PyThreadState_GetInterpreter(state) == atomic_load(&mainInterpreter);
}

/* Attach this thread to the main interpreter.  OWN is the thread state that it already has, or NULL.  Returns false if
 * there is no memory for a thread state. */
static bool attachThread(virPyEntry *entry, PyThreadState *own)
{
    entry->made = NULL;
    /* Not used with a new thread state, but GCC cannot see that when it optimizes at link time, and warns. */
    entry->gil = PyGILState_UNLOCKED;
    /* In a call of another interpreter, PyGILState_Ensure() would enter that one. */
    if (own && atomic_load_explicit(&virPySeveralInterpreters, memory_order_relaxed) && !belongsToMain(own)) {
        entry->made = PyThreadState_New(atomic_load(&mainInterpreter));
        if (!entry->made)
            return false;
        PyEval_RestoreThread(entry->made);
    } else {
        entry->gil = PyGILState_Ensure();
    }
    entry->elsewhere = elsewhere;
    entry->outermost = !own || entry->made || elsewhere;
    entry->pending = virPyFetchException();
    return true;
}

static void countOut(void)
{
    entered--;
    atomic_fetch_sub(&inside, 1);
}

/* Count this thread in.  Returns false, and does not count it, if the gate is closed. */
static bool countIn(void)
{
    atomic_fetch_add(&inside, 1);
    entered++;
    if (!atomic_load(&closed))
        return true;
    countOut();
    return false;
}

bool virPyEnterCallback(virPyEntry *entry, const void *callback)
{
    if (!countIn())
        return false;
    entry->counted = true;
    if (((const virPyCallback *)callback)->life == virPyGeneration() &&
        attachThread(entry, PyGILState_GetThisThreadState()))
        return true;
    countOut();
    return false;
}

/* Return whether Python code must not run any more.  Needs the GIL. */
static bool isFinalizing(void)
{
    PyObject *function = PySys_GetObject("is_finalizing"); /* borrowed */
    PyObject *answer = function ? PyObject_CallObject(function, NULL) : NULL;
    bool finalizing = answer != Py_False;

    PyErr_Clear();
    Py_XDECREF(answer);
    return finalizing;
}

bool virPyEnterHandler(virPyEntry *entry)
{
    PyThreadState *own = PyGILState_GetThisThreadState();

    /* This thread may hold the GIL of another interpreter.  Before Python 3.12 no public function tells, and waiting
     * for the GIL of the main interpreter could then mean waiting for this thread itself. */
    if (own && atomic_load(&virPySeveralInterpreters) && (elsewhere || !belongsToMain(own)))
        return false;
    entry->counted = countIn();
    /* Behind a closed gate, only a thread of Python's own may go on: its call returns to Python anyway. */
    if (!entry->counted && !own)
        return false;
    (void)attachThread(entry, own);
    if (entry->counted || !isFinalizing())
        return true;
    virPyLeavePython(entry);
    return false;
}

/* Give the pending exception to sys.excepthook.  If the hook raises something that is not an Exception, that is pending
 * afterwards.  Any other failure is printed as unraisable. */
static void callExceptHook(void)
{
    PyObject *exception VIR_PY_AUTO(virPyDropRef) = virPyFetchException();
    PyObject *traceback VIR_PY_AUTO(virPyDropRef) = exception ? PyException_GetTraceback(exception) : NULL;
    PyObject *hook VIR_PY_AUTO(virPyDropRef) = PySys_GetObject("excepthook");
    PyObject *result VIR_PY_AUTO(virPyDropRef) = NULL;

    Py_XINCREF(hook);
    if (exception && hook)
        result = PyObject_CallFunctionObjArgs(hook, (PyObject *)Py_TYPE(exception), exception,
                                              traceback ? traceback : Py_None, NULL);
    else if (exception)
        virPyRestoreException(virPyNewRef(exception));
    if (!result && (!hook || PyErr_ExceptionMatches(PyExc_Exception)))
        PyErr_WriteUnraisable(hook);
}

void virPyLeavePython(virPyEntry *entry)
{
    if (entry->outermost && PyErr_Occurred()) {
        callExceptHook();
        if (PyErr_Occurred())
            PyErr_WriteUnraisable(NULL);
    }
    virPyKeepFirst(entry->pending);
    if (entry->made) {
        PyThreadState_Clear(entry->made);
        (void)PyEval_SaveThread();
        PyThreadState_Delete(entry->made);
    } else {
        PyGILState_Release(entry->gil);
    }
    elsewhere = entry->elsewhere;
    if (entry->counted)
        countOut();
}

/* --- the beginning and the end --------------------------------------------- */

/* Guards the tree and the queue of callback data, and all that is in them.  While it is held no Python code runs and no
 * other lock is taken; only reference counts change. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

#define EXIT_WAIT_MS 2000

/* Close the gate, and wait until no other thread is inside.  Registered with atexit. */
static PyObject *closeGate(PyObject *unused VIR_PY_UNUSED, PyObject *nothing VIR_PY_UNUSED)
{
    const struct timespec moment = { 0, 1000000 };

    Py_BEGIN_ALLOW_THREADS
    atomic_store(&closed, true);
    for (int ms = 0; atomic_load(&inside) > entered && ms < EXIT_WAIT_MS; ms++)
        (void)nanosleep(&moment, NULL);
    Py_END_ALLOW_THREADS
    return virPyNewRef(Py_None);
}

static int addExitHook(void)
{
    static PyMethodDef method = { "_closeGate", closeGate, METH_NOARGS, "From here on libvirt calls nothing back." };
    PyObject *atexit VIR_PY_AUTO(virPyDropRef) = PyImport_ImportModule("atexit");
    PyObject *hook VIR_PY_AUTO(virPyDropRef) = PyCFunction_New(&method, NULL);
    PyObject *done VIR_PY_AUTO(virPyDropRef) =
        atexit && hook ? PyObject_CallMethod(atexit, "register", "O", hook) : NULL;

    return done ? 0 : -1;
}

static void lockBeforeFork(void)
{
    pthread_mutex_lock(&lock);
}

static void unlockInParent(void)
{
    pthread_mutex_unlock(&lock);
}

/* The child has only this thread: forget the other threads that were inside. */
static void unlockInChild(void)
{
    atomic_store(&inside, entered);
    pthread_mutex_unlock(&lock);
}

/* Open the gate for a main interpreter that has just loaded the module.  The callbacks of an earlier one belong to
 * another life.  Returns 0, or -1 with an exception. */
static int beginLife(void)
{
    if (addExitHook() < 0)
        return -1;
    /* This comes last of what can fail, because it cannot be undone, and a program may repeat a failed import. */
    if (virPyGeneration() == 0 &&
        (pthread_atfork(lockBeforeFork, unlockInParent, unlockInChild) != 0 || virPyWatchForks() != 0)) {
        PyErr_NoMemory();
        return -1;
    }
    atomic_store(&mainInterpreter, PyInterpreterState_Get());
    atomic_store(&inside, entered);
    atomic_fetch_add(&life, 1);
    atomic_store(&closed, false);
    return 0;
}

int virPyInitialize(void)
{
    int retval;

    Py_BEGIN_ALLOW_THREADS
    retval = virInitialize();
    Py_END_ALLOW_THREADS
    if (retval < 0) {
        PyErr_Format(PyExc_ImportError, "libvirt cannot be initialized: %s", virGetLastErrorMessage());
        return -1;
    }
    if (!runsInMain()) {
        atomic_store(&virPySeveralInterpreters, true);
        return 0;
    }
    return atomic_load(&closed) ? beginLife() : 0;
}

/* --- callback data --------------------------------------------------------- */

static void *alive;             /* search tree of the callbacks that libvirt holds, by life and data */
static virPyCallback *deferred; /* queue of those whose data have to be dropped */
static atomic_bool waiting;     /* whether the queue has any, so that most calls need not take the lock */

static int compareCallbacks(const void *one, const void *other)
{
    const virPyCallback *a = one, *b = other;
    uintptr_t first = (uintptr_t)a->data, second = (uintptr_t)b->data;

    return a->life != b->life ? (a->life > b->life) - (a->life < b->life) : (first > second) - (first < second);
}

/* Return the callback for some data, a new one if there is none yet, or NULL without memory.  Needs the lock.
 *
 * Several registrations of the same data share one callback.  Some drivers never free the data that they get; then the
 * next registration of the same data uses them again. */
static virPyCallback *findOrAddCallback(PyObject *data)
{
    const virPyCallback wanted = { .data = data, .life = virPyGeneration() };
    void *node = tfind(&wanted, &alive, compareCallbacks);

    if (node)
        return *(virPyCallback **)node;
    virPyCallback *callback = malloc(sizeof(*callback));
    if (callback)
        *callback = wanted;
    if (!callback || !tsearch(callback, &alive, compareCallbacks)) {
        free(callback);
        return NULL;
    }
    Py_INCREF(data);
    return callback;
}

virPyCallback *virPyNewCallback(PyObject *data)
{
    if (virPyRequireMain("a callback") < 0)
        return NULL;
    pthread_mutex_lock(&lock);
    virPyCallback *callback = findOrAddCallback(data);
    if (callback)
        callback->references++;
    pthread_mutex_unlock(&lock);
    if (!callback)
        PyErr_NoMemory();
    return callback;
}

/* Drop a reference of libvirt's, and queue the data if it was the last one.  Returns whether the queue has data.  Does
 * not need the GIL. */
static bool deferData(virPyCallback *callback)
{
    pthread_mutex_lock(&lock);
    if (--callback->references == 0) {
        (void)tdelete(callback, &alive, compareCallbacks);
        if (callback->life == virPyGeneration()) {
            callback->next = deferred;
            deferred = callback;
            atomic_store(&waiting, true);
        } else {
            /* The data were destroyed with their interpreter. */
            free(callback);
        }
    }
    pthread_mutex_unlock(&lock);
    return atomic_load(&waiting);
}

/* Take the next data of this interpreter out of the queue.  Returns a strong reference, or NULL if there are none. */
static PyObject *nextDeferred(void)
{
    virPyCallback *first;
    PyObject *data = NULL;

    pthread_mutex_lock(&lock);
    while (!data && (first = deferred)) {
        deferred = first->next;
        if (first->life == virPyGeneration())
            data = first->data;
        free(first);
    }
    atomic_store(&waiting, deferred != NULL);
    pthread_mutex_unlock(&lock);
    return data;
}

/* The destructors of the data may raise exceptions, and call libvirt: keep the state of the failing or successful call
 * that runs this. */
void virPyRunDeferred(void)
{
    if (!atomic_load(&waiting) || !runsInMain())
        return;
    PyObject *pending = virPyFetchException();
    virPySavedError saved;
    virPySaveError(&saved);
    for (PyObject *data; (data = nextDeferred());)
        Py_DECREF(data);
    virPyRestoreError(&saved);
    virPyKeepFirst(pending);
}

static int runDeferredLater(void *unused VIR_PY_UNUSED)
{
    virPyRunDeferred();
    return 0;
}

void virPyDropCallback(void *callback)
{
    /* This thread must not even wait for the GIL, because a destructor may need the same locks of libvirt's. */
    if (deferData(callback) && countIn()) {
        /* If Python's queue of pending calls is full, the next call that frees something drops all data. */
        (void)Py_AddPendingCall(runDeferredLater, NULL);
        countOut();
    }
}

/* --- calls of Python ------------------------------------------------------- */

void virPyReportException(void)
{
    if (PyErr_ExceptionMatches(PyExc_Exception))
        callExceptHook();
}

static void callMethod(PyObject *target, const char *method, PyObject *arguments)
{
    virPyThread *thread = virPyThisThread();
    PyObject *name VIR_PY_AUTO(virPyDropRef) = thread ? virPyKey(thread, method) : NULL;
    PyObject *function VIR_PY_AUTO(virPyDropRef) = name ? PyObject_GetAttr(target, name) : NULL;
    PyObject *result VIR_PY_AUTO(virPyDropRef) = function ? PyObject_CallObject(function, arguments) : NULL;

    if (!result)
        virPyReportException();
}

/* Return the tuple (FIRST, *ARGUMENTS, LAST), without FIRST if that is NULL. */
static PyObject *packAround(PyObject *first, PyObject *arguments, PyObject *last)
{
    Py_ssize_t begin = first ? 1 : 0, count = PyTuple_Size(arguments);
    PyObject *all = PyTuple_New(begin + count + 1);

    if (!all)
        return NULL;
    if (first)
        VIR_PY_FILL_TUPLE(all, 0, virPyNewRef(first));
    for (Py_ssize_t n = 0; n < count; n++)
        VIR_PY_FILL_TUPLE(all, begin + n, virPyNewRef(PyTuple_GetItem(arguments, n)));
    VIR_PY_FILL_TUPLE(all, begin + count, virPyNewRef(last));
    return all;
}

/* virPyDispatch() with a copy of the callback data.  Another thread may end the registration by emptying the data, and
 * the callback must see all of them or not be called. */
static void dispatchWithCopy(PyObject *copy, const char *key, const char *module, const char *function,
                             PyObject *arguments)
{
    PyObject *item VIR_PY_AUTO(virPyDropRef) = key ? virPyDictItem(copy, key) : NULL;

    if (key && !item && !PyErr_Occurred())
        return;
    PyObject *imported VIR_PY_AUTO(virPyDropRef) = module && !PyErr_Occurred() ? PyImport_ImportModule(module) : NULL;
    PyObject *all VIR_PY_AUTO(virPyDropRef) =
        PyErr_Occurred() ? NULL : packAround(module ? item : NULL, arguments, copy);
    if (all)
        callMethod(module ? imported : item, function, all);
    else
        virPyReportException();
}

void virPyDispatch(const void *callback, const char *key, const char *module, const char *function, PyObject *arguments)
{
    PyObject *data = virPyNewRef(virPyCallbackData(callback));
    PyObject *copy = arguments && PyDict_Check(data) ? PyDict_Copy(data) : NULL;

    if (copy)
        dispatchWithCopy(copy, key, module, function, arguments);
    else if (PyErr_Occurred())
        virPyReportException();
    else if (!key && !module)
        callMethod(data, function, arguments);
    /* Drop everything, and leave the pending exception as it is. */
    PyObject *pending = virPyFetchException();
    if (arguments)
        virPyEndBorrowing(arguments);
    Py_XDECREF(arguments);
    Py_XDECREF(copy);
    Py_DECREF(data);
    virPyKeepFirst(pending);
}
