/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The event loop: libvirt's own, and one that is written in Python. */

#include "libvirtmod.h"

#include <stdatomic.h>

#include "callbacks.h"
#include "errorrecord.h"

#define HANDLE_NAME "virEventHandleCallback"
#define TIMEOUT_NAME "virEventTimeoutCallback"
#define FREE_NAME "virFreeCallback"
#define OPAQUE_NAME "void*"

/* What virEventRegisterImpl was given, a tuple.  libvirt keeps the loop until the process ends, and so is this: it is
 * replaced only by a new life of the main interpreter, since the old one is gone. */
enum { ADD_HANDLE,
       UPDATE_HANDLE,
       REMOVE_HANDLE,
       ADD_TIMEOUT,
       UPDATE_TIMEOUT,
       REMOVE_TIMEOUT,
       CALLABLES };
static virPyCallback *_Atomic loop;

/* --- libvirt asks the loop ----------------------------------------------- */

static PyObject *
wrapPointer(void *pointer, const char *name)
{
    return pointer ? PyCapsule_New(pointer, name, NULL) : virPyNewRef(Py_None);
}

/* The result of a callable as an int, or -1; exceptions are reported. */
static int
callLoop(int which, PyObject *arguments, bool id)
{
    PyObject *callable = PyTuple_GetItem(virPyCallbackData(atomic_load(&loop)), which); /* borrowed */
    PyObject *result = arguments ? PyObject_CallObject(callable, arguments) : NULL;
    int number = result ? 0 : -1;

    Py_XDECREF(arguments);
    if (result && id) {
        number = virPyResultAsInt(result, "the id that an event loop gives");
        /* libvirt knows one failure only. */
        if (number < 0)
            number = -1;
    }
    if (PyErr_Occurred()) {
        virPyReportException();
        number = -1;
    }
    Py_XDECREF(result);
    return number;
}

/* The function of module libvirt that the loop has to call for an event. */
static PyObject *
invoker(const char *name)
{
    PyObject *module = PyImport_ImportModule("libvirt");
    PyObject *function = module ? PyObject_GetAttrString(module, name) : NULL;

    Py_XDECREF(module);
    return function;
}

static int
addHandle(int fd, int events, virEventHandleCallback callback, void *opaque, virFreeCallback release)
{
    virPyEntry entry;
    PyObject *arguments, *data, *function;
    int watch;

    if (!virPyEnterCallback(&entry, atomic_load(&loop)))
        return -1;
    function = invoker("_eventInvokeHandleCallback");
    data = virPyPackTuple(3, wrapPointer((void *)callback, HANDLE_NAME), wrapPointer(opaque, OPAQUE_NAME),
                          wrapPointer((void *)release, FREE_NAME));
    arguments = virPyPackTuple(4, virPyFromInt(fd), virPyFromInt(events), function, data);
    watch = callLoop(ADD_HANDLE, arguments, true);
    virPyLeavePython(&entry);
    return watch;
}

static int
addTimeout(int timeout, virEventTimeoutCallback callback, void *opaque, virFreeCallback release)
{
    virPyEntry entry;
    PyObject *arguments, *data, *function;
    int timer;

    if (!virPyEnterCallback(&entry, atomic_load(&loop)))
        return -1;
    function = invoker("_eventInvokeTimeoutCallback");
    data = virPyPackTuple(3, wrapPointer((void *)callback, TIMEOUT_NAME), wrapPointer(opaque, OPAQUE_NAME),
                          wrapPointer((void *)release, FREE_NAME));
    arguments = virPyPackTuple(3, virPyFromInt(timeout), function, data);
    timer = callLoop(ADD_TIMEOUT, arguments, true);
    virPyLeavePython(&entry);
    return timer;
}

static void
update(int which, int id, int value)
{
    virPyEntry entry;

    if (!virPyEnterCallback(&entry, atomic_load(&loop)))
        return;
    (void)callLoop(which, virPyPackTuple(2, virPyFromInt(id), virPyFromInt(value)), false);
    virPyLeavePython(&entry);
}

static void
updateHandle(int watch, int events)
{
    update(UPDATE_HANDLE, watch, events);
}

static void
updateTimeout(int timer, int timeout)
{
    update(UPDATE_TIMEOUT, timer, timeout);
}

static int
removeOne(int which, int id)
{
    virPyEntry entry;
    int retval;

    if (!virPyEnterCallback(&entry, atomic_load(&loop)))
        return -1;
    retval = callLoop(which, virPyPackTuple(1, virPyFromInt(id)), false);
    virPyLeavePython(&entry);
    return retval;
}

static int
removeHandle(int watch)
{
    return removeOne(REMOVE_HANDLE, watch);
}

static int
removeTimeout(int timer)
{
    return removeOne(REMOVE_TIMEOUT, timer);
}

static PyObject *
refuseLoop(void)
{
    PyErr_SetString(PyExc_RuntimeError, "an event loop is registered already");
    return NULL;
}

PyObject *
hand_virEventRegisterImpl(const char *self, PyObject *add_handle, PyObject *update_handle, PyObject *remove_handle,
                          PyObject *add_timeout, PyObject *update_timeout, PyObject *remove_timeout)
{
    PyObject *given[CALLABLES] = { add_handle, update_handle, remove_handle,
                                   add_timeout, update_timeout, remove_timeout };
    PyObject *callables VIR_PY_AUTO(virPyDropRef) = NULL;
    virPyCallback *new;
    virPyCallback *old = atomic_load(&loop);

    if (virPyRequireMain("an event loop") < 0)
        return NULL;
    if (old && old->life == virPyGeneration())
        return refuseLoop();
    for (int n = 0; n < CALLABLES; n++) {
        if (!PyCallable_Check(given[n])) {
            virPyArgumentTypeError(&(virPyWhere){ self, n, NULL }, given[n], "callable");
            return NULL;
        }
    }
    callables = PyTuple_New(CALLABLES);
    for (int n = 0; callables && n < CALLABLES; n++)
        VIR_PY_FILL_TUPLE(callables, n, virPyNewRef(given[n]));
    new = callables ? virPyNewCallback(callables) : NULL;
    if (!new)
        return NULL;
    if (!atomic_compare_exchange_strong(&loop, &old, new)) {
        virPyUndoCallback(new);
        return refuseLoop();
    }
    Py_BEGIN_ALLOW_THREADS
    virEventRegisterImpl(addHandle, updateHandle, removeHandle, addTimeout, updateTimeout, removeTimeout);
    Py_END_ALLOW_THREADS
    return virPyFromInt(0);
}

/* --- the loop calls libvirt ---------------------------------------------- */

/* The pointer of a capsule, NULL for None. */
static int
unwrapPointer(const char *self, PyObject *const *args, Py_ssize_t i, const char *name, void **pointer)
{
    *pointer = NULL;
    if (args[i] == Py_None)
        return 0;
    if (!PyCapsule_IsValid(args[i], name))
        return virPyArgumentTypeError(&(virPyWhere){ self, i, NULL }, args[i], name);
    *pointer = PyCapsule_GetPointer(args[i], name);
    return 0;
}

PyObject *
hand_virEventInvokeHandleCallback(PyObject *module VIR_PY_UNUSED, PyObject *const *args, Py_ssize_t nargs)
{
    static const char self[] = "virEventInvokeHandleCallback($module, watch, fd, event, callback, opaque, /)";
    void *callback;
    void *opaque;
    int watch, fd, event;

    if (virPyCheckCount(self, nargs, 5) < 0 ||
        virPyAsInt(self, args, 0, &watch) < 0 ||
        virPyAsInt(self, args, 1, &fd) < 0 ||
        virPyAsInt(self, args, 2, &event) < 0 ||
        unwrapPointer(self, args, 3, HANDLE_NAME, &callback) < 0 ||
        unwrapPointer(self, args, 4, OPAQUE_NAME, &opaque) < 0)
        return NULL;

    if (callback) {
        Py_BEGIN_ALLOW_THREADS((virEventHandleCallback)callback)
        (watch, fd, event, opaque);
        Py_END_ALLOW_THREADS
    }
    virPyRunDeferred();
    return PyErr_Occurred() ? NULL : virPyFromInt(0);
}

PyObject *
hand_virEventInvokeTimeoutCallback(PyObject *module VIR_PY_UNUSED, PyObject *const *args, Py_ssize_t nargs)
{
    static const char self[] = "virEventInvokeTimeoutCallback($module, timer, callback, opaque, /)";
    void *callback;
    void *opaque;
    int timer;

    if (virPyCheckCount(self, nargs, 3) < 0 ||
        virPyAsInt(self, args, 0, &timer) < 0 ||
        unwrapPointer(self, args, 1, TIMEOUT_NAME, &callback) < 0 ||
        unwrapPointer(self, args, 2, OPAQUE_NAME, &opaque) < 0)
        return NULL;

    if (callback) {
        Py_BEGIN_ALLOW_THREADS((virEventTimeoutCallback)callback)
        (timer, opaque);
        Py_END_ALLOW_THREADS
    }
    virPyRunDeferred();
    return PyErr_Occurred() ? NULL : virPyFromInt(0);
}

/* Runs once: afterwards the capsule is one of nothing. */
PyObject *
hand_virEventInvokeFreeCallback(PyObject *module VIR_PY_UNUSED, PyObject *const *args, Py_ssize_t nargs)
{
    static const char self[] = "virEventInvokeFreeCallback($module, callback, opaque, /)";
    static const char done[] = FREE_NAME " (done)";
    void *callback;
    void *opaque;

    if (virPyCheckCount(self, nargs, 2) < 0)
        return NULL;
    if (PyCapsule_IsValid(args[0], done))
        return virPyFromInt(0);
    if (unwrapPointer(self, args, 0, FREE_NAME, &callback) < 0 ||
        unwrapPointer(self, args, 1, OPAQUE_NAME, &opaque) < 0)
        return NULL;

    if (callback) {
        (void)PyCapsule_SetName(args[0], done);
        Py_BEGIN_ALLOW_THREADS((virFreeCallback)callback)
        (opaque);
        Py_END_ALLOW_THREADS
    }
    virPyRunDeferred();
    return PyErr_Occurred() ? NULL : virPyFromInt(0);
}

/* libvirt has no error for a number that it does not know. */
static PyObject *
removed(const char *self, int retval, const char *what, int id)
{
    PyObject *result = retval == -1 && !virGetLastError()
                           ? virPyRefuse(self, -1, VIR_ERR_INVALID_ARG, "there is no %s %d", what, id)
                           : virPyStatus(self, retval);

    virPyRunDeferred();
    return result;
}

PyObject *
hand_virEventRemoveHandle(const char *self, int watch)
{
    int retval;

    Py_BEGIN_ALLOW_THREADS
    retval = virEventRemoveHandle(watch);
    Py_END_ALLOW_THREADS
    return removed(self, retval, "watch", watch);
}

PyObject *
hand_virEventRemoveTimeout(const char *self, int timer)
{
    int retval;

    Py_BEGIN_ALLOW_THREADS
    retval = virEventRemoveTimeout(timer);
    Py_END_ALLOW_THREADS
    return removed(self, retval, "timer", timer);
}

/* A timer that ends the turn of the loop in which it fires, and goes away. */
static void
onWake(int timer, void *opaque VIR_PY_UNUSED)
{
    (void)virEventRemoveTimeout(timer);
}

/* Raises its exception itself: it is a function of module libvirt as it stands. */
PyObject *
hand_virEventWakeDefaultImpl(PyObject *module VIR_PY_UNUSED, PyObject *const *args VIR_PY_UNUSED, Py_ssize_t nargs)
{
    static const char self[] = "virEventWakeDefaultImpl($module, /)";
    int timer;

    if (virPyCheckCount(self, nargs, 0) < 0)
        return NULL;
    virResetLastError();
    Py_BEGIN_ALLOW_THREADS
    timer = virEventAddTimeout(0, onWake, NULL, NULL);
    Py_END_ALLOW_THREADS
    if (timer < 0) {
        (void)virPyRaiseFailure(self);
        return NULL;
    }
    return virPyNewRef(Py_None);
}

/* One turn of libvirt's own loop. */
PyObject *
hand_virEventRunDefaultImpl(const char *self)
{
    int retval;

    Py_BEGIN_ALLOW_THREADS
    retval = virEventRunDefaultImpl();
    Py_END_ALLOW_THREADS
    virPyRunDeferred();
    return virPyStatus(self, retval);
}
