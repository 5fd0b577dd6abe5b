/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From a thread of libvirt into Python and back.  docs/callbacks.md has the invariants. */
#ifndef LIBVIRT_PYTHON_CALLBACKS_H
#define LIBVIRT_PYTHON_CALLBACKS_H

#include "handles.h"

/* --- the gate: how a thread enters the main interpreter -------------------- */

/* One stay in Python, on the stack of the function that libvirt called. */
typedef struct {
    bool counted;        /* by the gate, which waits for this stay when the program ends */
    bool outermost;      /* no call of the main interpreter is below, which an exception could come out of */
    bool elsewhere;      /* the call below was made in another interpreter */
    PyThreadState *made; /* for this stay, or NULL: then GIL is valid */
    PyGILState_STATE gil;
    virPyPending pending; /* exception that another callback of the same call has left */
} virPyEntry;

/* Run by the initialization of each module, in each interpreter.  0, or -1 with an exception. */
int virPyInitialize(void);

/* 0 in the main interpreter; in another one -1 and RuntimeError: "WHAT belongs to the main interpreter". */
int virPyRequireMain(const char *what);

/* Which initialization of Python this is: 0 before the main interpreter has loaded the module, then 1, 2, ... */
unsigned int virPyGeneration(void);

/* Count each call of an interpreter other than the main one, for virPyEnterHandler(). */
extern atomic_bool virPySeveralInterpreters;
void virPyCountInterpreter(void);

/* Enter Python for libvirt's error handler, which runs inside of the call that fails, with the
 * GIL or without.  Works until finalization begins.  False: return without touching Python. */
bool virPyEnterHandler(virPyEntry *entry);
/* Leave it.  An exception that is pending stays so for the Python call below, or goes to sys.excepthook. */
void virPyLeavePython(virPyEntry *entry);

/* --- callback data --------------------------------------------------------- */

/* What libvirt is given as the opaque pointer of a callback. */
typedef struct virPyCallback {
    PyObject *data; /* strong reference, of the interpreter of that life */
    unsigned int life;
    size_t references;          /* libvirt's */
    struct virPyCallback *next; /* in the queue of those to be dropped */
} virPyCallback;

/* Wrap callback data, one reference more for libvirt.  NULL with an exception. */
virPyCallback *virPyNewCallback(PyObject *data);
/* The virFreeCallback: drop a reference, on any thread, under libvirt's locks, without the GIL.
 * The data go later, in virPyRunDeferred() or in the main thread. */
void virPyDropCallback(void *callback);
/* Drop what libvirt has freed.  The caller has the GIL, and no lock of libvirt's. */
void virPyRunDeferred(void);

/* Drop the reference of a registration that libvirt has refused.  The caller has the GIL. */
static inline void
virPyUndoCallback(virPyCallback *callback)
{
    virPyDropCallback(callback);
    virPyRunDeferred();
}

/* Enter Python for a callback.  The thread must not have the GIL.  False once the program ends,
 * or if the callback belongs to an interpreter that is gone: return without touching Python. */
bool virPyEnterCallback(virPyEntry *entry, const void *callback);

/* Borrowed; valid while the caller is inside and libvirt has the callback. */
static inline PyObject *
virPyCallbackData(const void *callback)
{
    return ((const virPyCallback *)callback)->data;
}

/* --- calls of Python ------------------------------------------------------- */

/* An Exception that is pending goes to sys.excepthook; what is not an Exception stays pending. */
void virPyReportException(void);

/* Call FUNCTION of a Python module with ARGUMENTS and a copy of the callback data; with a KEY,
 * the item of that name comes first.  Without a MODULE, FUNCTION is a method of that item.  Data
 * that lack the item belong to a registration that was ended, and nothing is called.  ARGUMENTS is
 * a tuple, stolen, or NULL with an exception.  Exceptions are reported. */
void virPyDispatch(const void *callback, const char *key, const char *module, const char *function,
                   PyObject *arguments);
/* Call METHOD of the callback data with ARGUMENTS, likewise. */
void virPyDispatchMethod(const void *callback, const char *method, PyObject *arguments);

#endif
