/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From a thread of libvirt into Python and back: the gate, callback data, and the calls of Python.
 *
 * docs/callbacks.md has the invariants.  callbacks.c owns the gate (atomics), and the references of libvirt to callback
 * data (its mutex `lock`).  Each function says whether it needs the GIL. */
#ifndef LIBVIRT_PYTHON_CALLBACKS_H
#define LIBVIRT_PYTHON_CALLBACKS_H

#include "handles.h"

/* --- the gate: how a thread enters the main interpreter -------------------- */

/* One stay in Python, on the stack of the C function that libvirt called. */
typedef struct {
    bool counted;        /* the gate counted this thread in, and waits for it when the program ends */
    bool outermost;      /* no call of the main interpreter is below that could raise an exception */
    bool elsewhere;      /* the call below was made in another interpreter */
    PyThreadState *made; /* thread state created for this stay; if it is NULL, GIL is valid */
    PyGILState_STATE gil;
    PyObject *pending; /* exception that another callback of the same call has left, or NULL */
} virPyEntry;

/* Initialize libvirt and the gate when a module is loaded.  Needs the GIL.  Returns 0, or -1 with an exception. */
int virPyInitialize(void);

/* Return 0 in the main interpreter.  In another one raise RuntimeError: "WHAT belongs to the main interpreter", and
 * return -1.  Needs the GIL. */
int virPyRequireMain(const char *what);

/* Return how many times a main interpreter has loaded the module: 0 before the first, then 1, 2, ...  Any thread. */
unsigned int virPyGeneration(void);

/* Set once a sub-interpreter has loaded the module.  From then on each call notes with virPyCountInterpreter(), which
 * needs the GIL, in which interpreter it was made. */
extern atomic_bool virPySeveralInterpreters;
void virPyCountInterpreter(void);

/* Enter Python for a callback on any thread that does not have the GIL.  Returns false once the program ends, or if the
 * callback belongs to an interpreter that is gone: then the caller must return without touching Python. */
bool virPyEnterCallback(virPyEntry *entry, const void *callback);
/* Enter Python for libvirt's error handler, which runs inside the failing call, with the GIL or without.  Works until
 * finalization begins.  Returns false like virPyEnterCallback(). */
bool virPyEnterHandler(virPyEntry *entry);
/* Leave Python.  A pending exception stays pending for the Python call below, or goes to sys.excepthook. */
void virPyLeavePython(virPyEntry *entry);

/* --- callback data --------------------------------------------------------- */

/* What libvirt gets as the opaque pointer of a callback. */
typedef struct virPyCallback {
    PyObject *data;             /* strong reference in the interpreter of that life */
    unsigned int life;          /* the virPyGeneration() that registered it */
    size_t references;          /* number of registrations in libvirt; guarded by the lock */
    struct virPyCallback *next; /* in the queue of data to be dropped; guarded by the lock */
} virPyCallback;

/* Take one more reference to callback data for libvirt.  Needs the GIL.  Returns NULL with an exception on failure. */
virPyCallback *virPyNewCallback(PyObject *data);
/* The virFreeCallback: drop a reference.  Runs on any thread, under libvirt's locks, without the GIL.  The data are
 * dropped later, by virPyRunDeferred() or in the main thread. */
void virPyDropCallback(void *callback);
/* Drop the data that libvirt has freed.  Needs the GIL.  The caller must not hold a lock of libvirt's. */
void virPyRunDeferred(void);

/* Drop the reference of a registration that libvirt has refused.  Needs the GIL. */
static inline void virPyUndoCallback(virPyCallback *callback)
{
    virPyDropCallback(callback);
    virPyRunDeferred();
}

/* Return the callback data as a borrowed reference, which is valid until the caller leaves Python. */
static inline PyObject *virPyCallbackData(const void *callback)
{
    return ((const virPyCallback *)callback)->data;
}

/* --- calls of Python ------------------------------------------------------- */

/* Give a pending Exception to sys.excepthook.  What is not an Exception stays pending.  Needs the GIL. */
void virPyReportException(void);

/* Call FUNCTION of a Python module with (item, *ARGUMENTS, copy of the callback data), where the item is that of KEY in
 * the data.  Without a KEY there is no item.  Without a MODULE, FUNCTION is a method of the item.  If the data lack the
 * item, the registration was ended, and nothing is called.  Without both, FUNCTION is a method of the data, which are
 * no dict, and gets only the ARGUMENTS.  Steals ARGUMENTS, a tuple, or NULL with an exception.  Exceptions are
 * reported.  The thread has entered Python. */
void virPyDispatch(const void *callback, const char *key, const char *module, const char *function,
                   PyObject *arguments);

#endif
