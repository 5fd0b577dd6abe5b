/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From a thread of libvirt into Python and back. */
#ifndef LIBVIRT_PYTHON_CALLBACKS_H
#define LIBVIRT_PYTHON_CALLBACKS_H

#include "handles.h"
#include "registrations.h"

/* Around a call that runs callbacks on this thread: SystemExit and
 * KeyboardInterrupt of a callback come out of that call.  virPyLeaveLoop gets
 * what virPyEnterLoop gave, and returns RESULT, or drops it for the exception
 * and returns NULL. */
PyThreadState *virPyEnterLoop(void);
PyObject *virPyLeaveLoop(PyThreadState *outer, PyObject *result);

/* The pending exception of a callback: kept for virPyLeaveLoop, or told to
 * sys.excepthook.  None is pending afterwards. */
void virPyReportException(void);

/* Calls METHOD of the object that the callback's data have under KEY with
 * ARGUMENTS, which it takes over, and the data themselves behind them; then
 * the same for the others that share the registration.  Reports exceptions. */
void virPyDispatch(void *callback, const char *key, const char *method, PyObject *arguments);

/* An item of callback data, as a new reference; or NULL with an exception. */
PyObject *virPyDataItem(void *callback, const char *key);

/* Calls FUNCTION of MODULE, likewise. */
void virPyDispatchFunction(void *callback, const char *module, const char *function, PyObject *arguments);

/* Calls METHOD of TARGET with ARGUMENTS, which it takes over, and no more. */
void virPyCallMethod(PyObject *target, const char *method, PyObject *arguments);

/* What a callable returned, as a C int; else -1 and an exception, which WHAT begins. */
int virPyResultAsInt(PyObject *result, const char *what);

/* Run by the initialization of each module.  -1 with an exception. */
int virPyInitialize(void);

#endif
