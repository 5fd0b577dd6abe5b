/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The record of the last failing call of each thread.
 *
 * libvirt keeps the error of a thread only until its next call, which may be made by a destructor.  Therefore a wrapper
 * that fails records its own name and a copy of the error before anything else can run, and
 * libvirtError('NAME() failed') picks up that record.
 *
 * The record belongs to its thread (virPyThread) and needs no lock.  All functions need the GIL, except for
 * virPySaveError() and virPyRestoreError(). */
#ifndef LIBVIRT_PYTHON_ERRORRECORD_H
#define LIBVIRT_PYTHON_ERRORRECORD_H

#include "typewrappers.h"

/* The error that libvirt keeps for the thread, moved to where the calls in between cannot change it. */
typedef struct {
    virErrorPtr live;
    virError error;
} virPySavedError;

/* Move the thread's error out of libvirt, and back.  Neither takes a lock or needs the GIL. */
void virPySaveError(virPySavedError *saved);
void virPyRestoreError(virPySavedError *saved);

/* Convert an error to a tuple of its nine values.  NULL becomes None. */
PyObject *virPyFromError(virErrorPtr error);

/* Record that a call has failed with the thread's libvirt error.  They return None or VALUE, by which the Python layer
 * recognizes the failure, or NULL if an exception is set, even one that was set before. */
PyObject *virPyFail(const char *self) VIR_PY_SHARED;
PyObject *virPyFailInt(const char *self, int value) VIR_PY_SHARED;
/* Record that a call was refused without asking libvirt, with an error of that code and text.  Returns VALUE. */
PyObject *virPyRefuse(const char *self, int value, int code, const char *format, ...)
    __attribute__((format(printf, 4, 5))) VIR_PY_COLD;
/* The same, and raise libvirtError('NAME() failed') at once.  Returns -1. */
#define virPyRaise(self, code, ...) virPyRaiseRefused(self, virPyRefuse(self, -1, code, __VA_ARGS__))
int virPyRaiseRefused(const char *self, PyObject *refused) VIR_PY_COLD;

/* Take the error out of the thread's record if MESSAGE is "NAME() failed" for the recorded function.  Returns a new
 * reference to the error, or to None. */
PyObject *virPyTakeFailure(virPyThread *thread, PyObject *message);

#endif
