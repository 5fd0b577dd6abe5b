/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From a thread of libvirt into Python and back. */
#ifndef LIBVIRT_PYTHON_CALLBACKS_H
#define LIBVIRT_PYTHON_CALLBACKS_H

#include "handles.h"

#include <stdbool.h>

/* Takes the GIL, on whatever thread.  False once the interpreter is on its
 * way out: the caller must return without touching Python. */
bool virPyEnterPython(PyGILState_STATE *gil);
void virPyLeavePython(PyGILState_STATE gil);

/* Around a call that runs callbacks on this thread: SystemExit and
 * KeyboardInterrupt of a callback come out of that call.  virPyLeaveLoop
 * returns RESULT, or drops it for the exception and returns NULL. */
void virPyEnterLoop(void);
PyObject *virPyLeaveLoop(PyObject *result);

/* The pending exception of a callback: kept for virPyLeaveLoop, or told to
 * sys.excepthook.  None is pending afterwards. */
void virPyReportException(void);

/* Calls METHOD of the object that cbData has under KEY with ARGUMENTS, which
 * it takes over, and cbData itself behind them; then the same for the others
 * that share the registration.  Reports exceptions. */
void virPyDispatch(void *cbData, const char *key, const char *method, PyObject *arguments);

/* An item of callback data, as a new reference; or NULL with an exception. */
PyObject *virPyDataItem(void *cbData, const char *key);

/* Calls FUNCTION of MODULE, likewise. */
void virPyDispatchFunction(void *cbData, const char *module, const char *function, PyObject *arguments);

/* Calls METHOD of TARGET with ARGUMENTS, which it takes over, and no more. */
void virPyCallMethod(PyObject *target, const char *method, PyObject *arguments);

/* What a callable returned, as a C int; else -1 and an exception, which WHAT begins. */
int virPyResultAsInt(PyObject *result, const char *what);

/* A virFreeCallback that drops a reference: not there, under libvirt's locks,
 * but by virPyRunDeferred, or soon in the main thread. */
void virPyDropCallbackData(void *cbData);
void virPyRunDeferred(void);

/* Run by the initialization of each module.  -1 with an exception. */
int virPyInitialize(PyObject *module);

#endif
