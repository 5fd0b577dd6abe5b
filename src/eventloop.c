/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The event loop: one that is written in Python, and libvirt's own.
 *
 * Owns `loop`, the functions of a Python event loop.  libvirt keeps an event loop until the process ends, so `loop` is
 * set once in each life of the main interpreter, atomically.  libvirt calls the functions of the first section on any
 * thread, without the GIL, possibly under its locks.  Wrappers call the others with the GIL. */

#include "libvirtmod.h"

#include <stdarg.h>
#include <stdatomic.h>

#include "callbacks.h"
#include "errorrecord.h"

/* Names of the capsules that a Python loop gets for libvirt's pointers. */
#define HANDLE_NAME "virEventHandleCallback"
#define TIMEOUT_NAME "virEventTimeoutCallback"
#define FREE_NAME "virFreeCallback"
#define OPAQUE_NAME "void*"

/* Indexes of the functions in the tuple that virEventRegisterImpl() got. */
enum { ADD_HANDLE, UPDATE_HANDLE, REMOVE_HANDLE, ADD_TIMEOUT, UPDATE_TIMEOUT, REMOVE_TIMEOUT, FUNCTIONS };

static virPyCallback *_Atomic loop;

/* --- libvirt calls the Python loop ----------------------------------------- */

/* Return a function of module libvirt, which the loop has to call for an event. */
static PyObject *importFunction(void *name)
{
    PyObject *module VIR_PY_AUTO(virPyDropRef) = PyImport_ImportModule("libvirt");

    return module ? PyObject_GetAttrString(module, name) : NULL;
}

/* The C callback of a watch or a timer, and its data.  The loop gets a tuple of three capsules. */
typedef struct {
    const char *name; /* of the capsule for the callback */
    void *callback;
    void *opaque;
    virFreeCallback release;
} Target;

static PyObject *wrapPointer(void *pointer, const char *name)
{
    return pointer ? PyCapsule_New(pointer, name, NULL) : virPyNewRef(Py_None);
}

static PyObject *wrapTarget(void *target)
{
    const Target *wrapped = target;

    return virPyPackTuple(3, wrapPointer(wrapped->callback, wrapped->name), wrapPointer(wrapped->opaque, OPAQUE_NAME),
                          wrapPointer((void *)wrapped->release, FREE_NAME));
}

/* Enter Python and call a function of the loop, with arguments that FORMAT describes as for Py_BuildValue().  Returns
 * the id of a new watch or timer, 0 for the other functions, or -1 on failure.  Exceptions are reported. */
static int callLoop(int which, const char *format, ...)
{
    virPyEntry entry;
    va_list va;

    if (!virPyEnterCallback(&entry, atomic_load(&loop)))
        return -1;
    va_start(va, format);
    PyObject *arguments = Py_VaBuildValue(format, va);
    va_end(va);
    PyObject *callable = PyTuple_GetItem(virPyCallbackData(atomic_load(&loop)), which); /* borrowed */
    PyObject *result = arguments ? PyObject_CallObject(callable, arguments) : NULL;
    int number = 0;
    if (result && (which == ADD_HANDLE || which == ADD_TIMEOUT))
        number = virPyResultAsInt(result, "the id that an event loop gives");
    if (PyErr_Occurred()) {
        virPyReportException();
        number = -1;
    }
    Py_XDECREF(arguments);
    Py_XDECREF(result);
    virPyLeavePython(&entry);
    /* libvirt only knows -1 as a failure. */
    return number < 0 ? -1 : number;
}

static int addHandle(int fd, int events, virEventHandleCallback callback, void *opaque, virFreeCallback release)
{
    return callLoop(ADD_HANDLE, "iiO&O&", fd, events, importFunction, "_eventInvokeHandleCallback", wrapTarget,
                    &(Target){ HANDLE_NAME, (void *)callback, opaque, release });
}

static int addTimeout(int timeout, virEventTimeoutCallback callback, void *opaque, virFreeCallback release)
{
    return callLoop(ADD_TIMEOUT, "iO&O&", timeout, importFunction, "_eventInvokeTimeoutCallback", wrapTarget,
                    &(Target){ TIMEOUT_NAME, (void *)callback, opaque, release });
}

static void updateHandle(int watch, int events)
{
    (void)callLoop(UPDATE_HANDLE, "ii", watch, events);
}

static void updateTimeout(int timer, int timeout)
{
    (void)callLoop(UPDATE_TIMEOUT, "ii", timer, timeout);
}

static int removeHandle(int watch)
{
    return callLoop(REMOVE_HANDLE, "(i)", watch);
}

static int removeTimeout(int timer)
{
    return callLoop(REMOVE_TIMEOUT, "(i)", timer);
}

static PyObject *refuseSecondLoop(void)
{
    PyErr_SetString(PyExc_RuntimeError, "an event loop is registered already");
    return NULL;
}

PyObject *hand_virEventRegisterImpl(const char *self, PyObject *add_handle, PyObject *update_handle,
                                    PyObject *remove_handle, PyObject *add_timeout, PyObject *update_timeout,
                                    PyObject *remove_timeout)
{
    PyObject *functions VIR_PY_AUTO(virPyDropRef) =
        virPyPackTuple(FUNCTIONS, virPyNewRef(add_handle), virPyNewRef(update_handle), virPyNewRef(remove_handle),
                       virPyNewRef(add_timeout), virPyNewRef(update_timeout), virPyNewRef(remove_timeout));
    virPyCallback *old = atomic_load(&loop);

    if (!functions || virPyRequireMain("an event loop") < 0)
        return NULL;
    if (old && old->life == virPyGeneration())
        return refuseSecondLoop();
    for (int n = 0; n < FUNCTIONS; n++) {
        PyObject *function = PyTuple_GetItem(functions, n);

        if (virPyCheckType(virPyArgument(self, n), function, PyCallable_Check(function), "callable") < 0)
            return NULL;
    }
    virPyCallback *new = virPyNewCallback(functions);
    if (!new)
        return NULL;
    /* Another thread may have registered a loop meanwhile. */
    if (!atomic_compare_exchange_strong(&loop, &old, new)) {
        virPyUndoCallback(new);
        return refuseSecondLoop();
    }
    Py_BEGIN_ALLOW_THREADS
    virEventRegisterImpl(addHandle, updateHandle, removeHandle, addTimeout, updateTimeout, removeTimeout);
    Py_END_ALLOW_THREADS
    return virPyFromInt(0);
}

/* --- the Python loop calls libvirt ----------------------------------------- */

/* Take the pointer out of argument I, a capsule; None becomes NULL.  Returns 0, or -1 with an exception. */
static int unwrapPointer(const char *self, Py_ssize_t i, PyObject *object, const char *name, void **pointer)
{
    *pointer = NULL;
    if (object == Py_None)
        return 0;
    if (virPyCheckType(virPyArgument(self, i), object, PyCapsule_IsValid(object, name), name) < 0)
        return -1;
    *pointer = PyCapsule_GetPointer(object, name);
    return 0;
}

PyObject *hand_virEventInvokeHandleCallback(const char *self, int watch, int fd, int event, PyObject *callback,
                                            PyObject *opaque)
{
    void *function, *data;

    if (unwrapPointer(self, 3, callback, HANDLE_NAME, &function) < 0 ||
        unwrapPointer(self, 4, opaque, OPAQUE_NAME, &data) < 0)
        return NULL;
    Py_BEGIN_ALLOW_THREADS
    if (function)
        ((virEventHandleCallback)function)(watch, fd, event, data);
    Py_END_ALLOW_THREADS
    virPyRunDeferred();
    return virPyFromInt(0);
}

PyObject *hand_virEventInvokeTimeoutCallback(const char *self, int timer, PyObject *callback, PyObject *opaque)
{
    void *function, *data;

    if (unwrapPointer(self, 1, callback, TIMEOUT_NAME, &function) < 0 ||
        unwrapPointer(self, 2, opaque, OPAQUE_NAME, &data) < 0)
        return NULL;
    Py_BEGIN_ALLOW_THREADS
    if (function)
        ((virEventTimeoutCallback)function)(timer, data);
    Py_END_ALLOW_THREADS
    virPyRunDeferred();
    return virPyFromInt(0);
}

/* Renames the capsule, so that a second call does not free the data again. */
PyObject *hand_virEventInvokeFreeCallback(const char *self, PyObject *callback, PyObject *opaque)
{
    static const char done[] = FREE_NAME " (done)";
    void *function, *data;

    if (PyCapsule_IsValid(callback, done))
        return virPyFromInt(0);
    if (unwrapPointer(self, 0, callback, FREE_NAME, &function) < 0 ||
        unwrapPointer(self, 1, opaque, OPAQUE_NAME, &data) < 0)
        return NULL;
    if (function)
        (void)PyCapsule_SetName(callback, done);
    Py_BEGIN_ALLOW_THREADS
    if (function)
        ((virFreeCallback)function)(data);
    Py_END_ALLOW_THREADS
    virPyRunDeferred();
    return virPyFromInt(0);
}

/* --- libvirt's own loop ---------------------------------------------------- */

/* A timer that fires in the next turn of the loop, which ends the turn, and removes itself. */
static void onWake(int timer, void *opaque VIR_PY_UNUSED)
{
    (void)virEventRemoveTimeout(timer);
}

/* Raises libvirtError itself, because module libvirt exports this function as it is. */
PyObject *hand_virEventWakeDefaultImpl(const char *self)
{
    int timer;

    Py_BEGIN_ALLOW_THREADS
    timer = virEventAddTimeout(0, onWake, NULL, NULL);
    Py_END_ALLOW_THREADS
    if (timer >= 0)
        return virPyNewRef(Py_None);
    virPyRaise(self, VIR_ERR_INVALID_ARG, "no event loop is registered, or it has refused a timer");
    return NULL;
}
