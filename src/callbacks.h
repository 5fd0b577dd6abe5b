/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From a thread of libvirt into Python and back. */
#ifndef LIBVIRT_PYTHON_CALLBACKS_H
#define LIBVIRT_PYTHON_CALLBACKS_H

#include "typewrappers.h"

#include <stdbool.h>

/* Takes the GIL, on whatever thread.  False once the interpreter is on its
 * way out: the caller must return without touching Python. */
bool virPyEnterPython(PyGILState_STATE *gil);
void virPyLeavePython(PyGILState_STATE gil);

/* Calls METHOD of cbData["conn"] with ARGUMENTS, which it takes over, and
 * cbData itself behind them.  An exception goes to sys.excepthook. */
void virPyDispatch(void *cbData, const char *method, PyObject *arguments);

/* The pending exception, told to sys.excepthook and cleared. */
void virPyReportException(void);

/* A virFreeCallback that drops a reference. */
void virPyDropCallbackData(void *cbData);

/* virInitialize(), with an ImportError for its failure. */
int virPyInitialize(void);

/* To be run by the atexit module: no callback enters Python from then on. */
int virPyAddExitHook(PyObject *module);

#endif
