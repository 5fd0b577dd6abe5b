/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is known of the last failing call of each thread.
 *
 * libvirt keeps its error until the next call of the same thread, which may
 * be a destructor's.  So a wrapper that fails records its own name and the
 * error at once, and libvirtError('NAME() failed') picks up that record.
 */
#ifndef LIBVIRT_PYTHON_FAILURE_H
#define LIBVIRT_PYTHON_FAILURE_H

#include "threads.h"
#include "typewrappers.h"

/* The thread's libvirt error, moved out of libvirt's reach. */
typedef struct {
    virErrorPtr live;
    virError error;
} virPySavedError;

void virPySaveError(virPySavedError *saved);
void virPyRestoreError(virPySavedError *saved);

/* The nine values of an error, or None. */
PyObject *virPyFromError(virErrorPtr error);

/* Record the failure and return what stands for it: None, -1 or 0. */
PyObject *virPyFail(const char *self) VIR_PY_SHARED;
PyObject *virPyFailInt(const char *self, int value) VIR_PY_SHARED;
/* A call's plain result, with -1 as its failure. */
PyObject *virPyStatus(const char *self, int retval) VIR_PY_SHARED;
/* A failure that libvirt had no part in, with an error of the given code and text. */
PyObject *virPyRefuse(const char *self, int value, int code, const char *format, ...)
    __attribute__((format(printf, 4, 5))) VIR_PY_COLD;

/* Takes the thread's record if it is that of the function that MESSAGE,
 * "NAME() failed", names: its error, a new reference; else None. */
PyObject *virPyTakeFailure(virPyThread *thread, PyObject *message);

/* Raises libvirtError('NAME() failed') with the thread's libvirt error.  -1. */
int virPyRaiseFailure(const char *self) VIR_PY_COLD;

/* Raises libvirtError('NAME() failed') for what we refuse ourselves, with an
 * error of the given code whose text is the rest. */
void virPyRaise(const char *self, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4))) VIR_PY_COLD;

#endif
