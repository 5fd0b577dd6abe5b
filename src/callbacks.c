/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From a thread of libvirt into Python and back.  docs/callbacks.md has the invariants. */

#include "callbacks.h"

#include <pthread.h>
#include <search.h>
#include <stdlib.h>
#include <time.h>

/* --- the gate ------------------------------------------------------------ */

/* A flag alone would race: a thread could pass it and then wait for the GIL of an interpreter
 * that is gone.  So threads are counted in, and the exit waits for them, with the GIL released. */
static atomic_bool closed = true;
static atomic_int inside;
static _Thread_local int entered; /* how much of that is by this thread */
static atomic_uint life;
static PyInterpreterState *_Atomic mainInterpreter;

atomic_bool virPySeveralInterpreters;
static _Thread_local bool elsewhere; /* the call that this thread is in was made in another interpreter */

static bool
isMain(void)
{
    return PyInterpreterState_GetID(PyInterpreterState_Get()) == 0;
}

int
virPyRequireMain(const char *what)
{
    if (isMain())
        return 0;
    PyErr_Format(PyExc_RuntimeError, "%s belongs to the main interpreter, and cannot be registered in another one",
                 what);
    return -1;
}

unsigned int
virPyGeneration(void)
{
    return atomic_load(&life);
}

void
virPyCountInterpreter(void)
{
    elsewhere = !isMain();
}

static bool
isOfMain(PyThreadState *state)
{
    return PyThreadState_GetInterpreter(state) == atomic_load(&mainInterpreter);
}

/* False without memory. */
static bool
attach(virPyEntry *entry, PyThreadState *own)
{
    entry->made = NULL;
    /* In a call of another interpreter PyGILState_Ensure() would enter that one. */
    if (own && atomic_load_explicit(&virPySeveralInterpreters, memory_order_relaxed) && !isOfMain(own)) {
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

static void
detach(virPyEntry *entry)
{
    if (entry->made) {
        PyThreadState_Clear(entry->made);
        (void)PyEval_SaveThread();
        PyThreadState_Delete(entry->made);
    } else {
        PyGILState_Release(entry->gil);
    }
}

/* Count this thread in.  False, and it is not counted, when the gate is closed. */
static bool
countIn(void)
{
    atomic_fetch_add(&inside, 1);
    entered++;
    if (!atomic_load(&closed))
        return true;
    entered--;
    atomic_fetch_sub(&inside, 1);
    return false;
}

static void
countOut(void)
{
    entered--;
    atomic_fetch_sub(&inside, 1);
}

bool
virPyEnterCallback(virPyEntry *entry, const void *callback)
{
    if (!countIn())
        return false;
    entry->counted = true;
    if (((const virPyCallback *)callback)->life == virPyGeneration() && attach(entry, PyGILState_GetThisThreadState()))
        return true;
    countOut();
    return false;
}

/* Whether Python code may not run any more.  The caller has the GIL. */
static bool
isFinalizing(void)
{
    PyObject *function = PySys_GetObject("is_finalizing"); /* borrowed */
    PyObject *told = function ? PyObject_CallObject(function, NULL) : NULL;
    bool finalizing = told != Py_False;

    PyErr_Clear();
    Py_XDECREF(told);
    return finalizing;
}

bool
virPyEnterHandler(virPyEntry *entry)
{
    PyThreadState *own = PyGILState_GetThisThreadState();

    /* Nothing public tells before Python 3.12 whether a thread of the main interpreter has the GIL
     * for another one.  Without that, to wait for the GIL could be to wait for itself. */
    if (own && atomic_load(&virPySeveralInterpreters) && (elsewhere || !isOfMain(own)))
        return false;
    entry->counted = countIn();
    /* Behind the gate only a thread of Python's may go on: its call returns to Python anyway. */
    if (!entry->counted && !own)
        return false;
    (void)attach(entry, own);
    if (entry->counted || !isFinalizing())
        return true;
    virPyLeavePython(entry);
    return false;
}

/* The pending exception to sys.excepthook.  One that the hook raises and that is not an Exception is pending
 * afterwards. */
static void
callHook(void)
{
    PyObject *type, *value, *traceback;
    PyObject *hook = PySys_GetObject("excepthook"); /* borrowed */
    PyObject *done = NULL;

    Py_XINCREF(hook);
    PyErr_Fetch(&type, &value, &traceback);
    PyErr_NormalizeException(&type, &value, &traceback);
    if (value && traceback)
        (void)PyException_SetTraceback(value, traceback);
    if (value && hook)
        done = PyObject_CallFunctionObjArgs(hook, type, value, traceback ? traceback : Py_None, NULL);
    else if (value)
        PyErr_SetObject(type, value);
    if (!done && (!hook || PyErr_ExceptionMatches(PyExc_Exception)))
        PyErr_WriteUnraisable(hook);
    Py_XDECREF(done);
    Py_XDECREF(hook);
    Py_XDECREF(type);
    Py_XDECREF(value);
    Py_XDECREF(traceback);
}

void
virPyLeavePython(virPyEntry *entry)
{
    if (entry->outermost && PyErr_Occurred()) {
        callHook();
        if (PyErr_Occurred())
            PyErr_WriteUnraisable(NULL);
    }
    virPyKeepFirst(entry->pending);
    detach(entry);
    elsewhere = entry->elsewhere;
    if (entry->counted)
        countOut();
}

/* --- the beginning and the end ------------------------------------------- */

/* Guards the tree and the queue, and all that is in them.  A leaf: nothing of Python runs under it,
 * but references are counted. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

#define EXIT_WAIT_MS 2000

/* Run by atexit. */
static PyObject *
closeGate(PyObject *unused VIR_PY_UNUSED, PyObject *nothing VIR_PY_UNUSED)
{
    const struct timespec moment = { 0, 1000000 };

    Py_BEGIN_ALLOW_THREADS
    atomic_store(&closed, true);
    for (int ms = 0; atomic_load(&inside) > entered && ms < EXIT_WAIT_MS; ms++)
        (void)nanosleep(&moment, NULL);
    Py_END_ALLOW_THREADS
    return virPyNewRef(Py_None);
}

static int
addExitHook(void)
{
    static PyMethodDef method = { "_closeGate", closeGate, METH_NOARGS, "From here on libvirt calls nothing back." };
    PyObject *atexit VIR_PY_AUTO(virPyDropRef) = PyImport_ImportModule("atexit");
    PyObject *hook VIR_PY_AUTO(virPyDropRef) = PyCFunction_New(&method, NULL);
    PyObject *done VIR_PY_AUTO(virPyDropRef) = NULL;

    if (atexit && hook)
        done = PyObject_CallMethod(atexit, "register", "O", hook);
    return done ? 0 : -1;
}

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
    atomic_store(&inside, entered);
    pthread_mutex_unlock(&lock);
}

/* The main interpreter begins: the gate opens.  What a former one has left belongs to another life. */
static int
beginLife(void)
{
    bool ready = addExitHook() == 0;

    /* Last of what can fail, since it cannot be undone: the import may be tried again. */
    if (ready && virPyGeneration() == 0 &&
        (pthread_atfork(lockAll, unlockAll, forgetThreads) != 0 || virPyWatchForks() != 0)) {
        PyErr_NoMemory();
        ready = false;
    }
    if (!ready)
        return -1;
    atomic_store(&mainInterpreter, PyInterpreterState_Get());
    atomic_store(&inside, entered);
    atomic_fetch_add(&life, 1);
    atomic_store(&closed, false);
    return 0;
}

int
virPyInitialize(void)
{
    int retval;

    Py_BEGIN_ALLOW_THREADS
    retval = virInitialize();
    Py_END_ALLOW_THREADS
    if (retval < 0) {
        PyErr_Format(PyExc_ImportError, "libvirt cannot be initialized: %s", virGetLastErrorMessage());
        return -1;
    }
    if (!isMain()) {
        atomic_store(&virPySeveralInterpreters, true);
        return 0;
    }
    return atomic_load(&closed) ? beginLife() : 0;
}

/* --- callback data ------------------------------------------------------- */

static void *alive;             /* tree of callbacks, by life and data */
static virPyCallback *deferred; /* those whose data are to be dropped */
static atomic_bool waiting;     /* whether there are any */

static int
compareCallbacks(const void *one, const void *other)
{
    const virPyCallback *a = one, *b = other;
    uintptr_t first = (uintptr_t)a->data, second = (uintptr_t)b->data;

    return a->life != b->life ? (a->life > b->life) - (a->life < b->life) : (first > second) - (first < second);
}

/* Several registrations of the same data share one callback: some drivers never free what they are given, and
 * the data of such a registration are used again. */
static virPyCallback *
findOrAdd(PyObject *data)
{
    const virPyCallback wanted = { .data = data, .life = virPyGeneration() };
    void *node = tfind(&wanted, &alive, compareCallbacks);
    virPyCallback *callback;

    if (node)
        return *(virPyCallback **)node;
    callback = malloc(sizeof(*callback));
    if (callback)
        *callback = wanted;
    if (!callback || !tsearch(callback, &alive, compareCallbacks)) {
        free(callback);
        return NULL;
    }
    Py_INCREF(data);
    return callback;
}

virPyCallback *
virPyNewCallback(PyObject *data)
{
    virPyCallback *callback;

    if (virPyRequireMain("a callback") < 0)
        return NULL;
    pthread_mutex_lock(&lock);
    callback = findOrAdd(data);
    if (callback)
        callback->references++;
    pthread_mutex_unlock(&lock);
    if (!callback)
        PyErr_NoMemory();
    return callback;
}

/* Drop a reference, and queue the data if that was the last one.  Whether there is something in the queue. */
static bool
defer(virPyCallback *callback)
{
    pthread_mutex_lock(&lock);
    if (--callback->references == 0) {
        (void)tdelete(callback, &alive, compareCallbacks);
        if (callback->life == virPyGeneration()) {
            callback->next = deferred;
            deferred = callback;
            atomic_store(&waiting, true);
        } else {
            /* The data went with their interpreter. */
            free(callback);
        }
    }
    pthread_mutex_unlock(&lock);
    return atomic_load(&waiting);
}

/* Take one out of the queue: its data, or NULL, also for what a former interpreter has left there. */
static PyObject *
nextDeferred(void)
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

void
virPyRunDeferred(void)
{
    virPyPending pending;
    PyObject *data;

    if (!atomic_load(&waiting) || !isMain())
        return;
    pending = virPyFetchException();
    while ((data = nextDeferred()))
        Py_DECREF(data);
    virPyKeepFirst(pending);
}

static int
runDeferredLater(void *unused VIR_PY_UNUSED)
{
    virPyRunDeferred();
    return 0;
}

void
virPyDropCallback(void *callback)
{
    /* Here no Python may run, not even to wait for the GIL: what a destructor calls may want the same locks. */
    if (defer(callback) && countIn()) {
        /* A full queue is no matter: the next call that frees something takes all. */
        (void)Py_AddPendingCall(runDeferredLater, NULL);
        countOut();
    }
}

/* --- calls of Python ----------------------------------------------------- */

void
virPyReportException(void)
{
    if (PyErr_ExceptionMatches(PyExc_Exception))
        callHook();
}

/* When the callback is over. */
static void
dropArguments(PyObject *arguments)
{
    virPyPending pending = virPyFetchException();

    if (arguments)
        virPyEndBorrowing(arguments);
    Py_XDECREF(arguments);
    virPyKeepFirst(pending);
}

static void
callMethod(PyObject *target, const char *method, PyObject *arguments)
{
    PyObject *function VIR_PY_AUTO(virPyDropRef) = virPyAttribute(target, method);
    PyObject *result VIR_PY_AUTO(virPyDropRef) = function ? PyObject_CallObject(function, arguments) : NULL;

    if (!result)
        virPyReportException();
}

/* (FIRST, *ARGUMENTS, LAST), without FIRST if that is NULL. */
static PyObject *
packAround(PyObject *first, PyObject *arguments, PyObject *last)
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

/* COPY: of the callback data, since another thread may end the registration, which empties them. */
static void
dispatch(PyObject *copy, const char *key, const char *module, const char *function, PyObject *arguments)
{
    PyObject *item VIR_PY_AUTO(virPyDropRef) = key ? virPyDictItem(copy, key) : NULL;
    PyObject *imported VIR_PY_AUTO(virPyDropRef) = NULL;
    PyObject *all VIR_PY_AUTO(virPyDropRef) = NULL;

    if (key && !item && !PyErr_Occurred())
        return;
    if (module && !PyErr_Occurred())
        imported = PyImport_ImportModule(module);
    if (!PyErr_Occurred())
        all = packAround(module ? item : NULL, arguments, copy);
    if (all)
        callMethod(module ? imported : item, function, all);
    else
        virPyReportException();
}

void
virPyDispatch(const void *callback, const char *key, const char *module, const char *function, PyObject *arguments)
{
    PyObject *data = virPyCallbackData(callback);
    PyObject *copy VIR_PY_AUTO(virPyDropRef) = arguments && PyDict_Check(data) ? PyDict_Copy(data) : NULL;

    if (copy)
        dispatch(copy, key, module, function, arguments);
    else if (PyErr_Occurred())
        virPyReportException();
    dropArguments(arguments);
}

void
virPyDispatchMethod(const void *callback, const char *method, PyObject *arguments)
{
    PyObject *target VIR_PY_AUTO(virPyDropRef) = virPyNewRef(virPyCallbackData(callback));

    if (arguments)
        callMethod(target, method, arguments);
    else
        virPyReportException();
    dropArguments(arguments);
}
