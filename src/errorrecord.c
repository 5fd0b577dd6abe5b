/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The record of the last failing call of each thread.  errorrecord.h says who may use it. */

#include "errorrecord.h"

#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

/* libvirt has no function that sets an error again.  But virGetLastError() returns the very object that libvirt keeps
 * for the thread, so its content can be moved out and back. */
void virPySaveError(virPySavedError *saved)
{
    saved->live = virGetLastError();
    if (saved->live) {
        saved->error = *saved->live;
        memset(saved->live, 0, sizeof(*saved->live));
    }
}

void virPyRestoreError(virPySavedError *saved)
{
    virResetLastError();
    if (saved->live)
        *saved->live = saved->error;
}

/* Convert an error with another message.  Steals MESSAGE, which may be NULL with an exception. */
static PyObject *errorWithMessage(virErrorPtr error, PyObject *message)
{
    return virPyPackTuple(9, virPyFromInt(error->code), virPyFromInt(error->domain), message,
                          virPyFromInt((int)error->level), virPyFromString(error->str1), virPyFromString(error->str2),
                          virPyFromString(error->str3), virPyFromInt(error->int1), virPyFromInt(error->int2));
}

PyObject *virPyFromError(virErrorPtr error)
{
    return error ? errorWithMessage(error, virPyFromString(error->message)) : virPyNewRef(Py_None);
}

/* Put a failure into the thread's record.  Steals ERROR, which may be NULL with an exception.  Returns 0 or -1. */
static int storeFailure(const char *self, PyObject *error)
{
    virPyThread *thread = error ? virPyThisThread() : NULL;
    PyObject *old = error;

    if (thread) {
        old = thread->error;
        thread->failed = self;
        thread->error = error;
    }
    Py_XDECREF(old);
    return thread ? 0 : -1;
}

/* Return the message of an error.  If the connection is closed, or None was passed for it, libvirt says that a pointer
 * in a C function is invalid; say what that means in Python. */
static PyObject *messageOf(const char *self, virErrorPtr error)
{
    if (error->code != VIR_ERR_INVALID_CONN || !error->str2 || strncmp(error->str2, "vir", strlen("vir")) != 0)
        return virPyFromString(error->message);
    virPyCallNames names = virPyNamesOf(virPyArgument(self, 0));
    return virPyFromString(strcmp(names.param, "conn") == 0 || strcmp(names.param, "object") == 0
                               ? "the connection is closed"
                               : "the connection is closed, or None");
}

/* Record a failure with the thread's libvirt error.  Returns 0, or -1 with an exception set: its own, or one that the
 * error handler raised during the call. */
static int recordFailure(const char *self)
{
    PyObject *raised = virPyFetchException();
    virPySavedError saved;

    /* An allocation may run the garbage collector, and a destructor may call libvirt. */
    virPySaveError(&saved);
    PyObject *error = saved.live ? errorWithMessage(&saved.error, messageOf(self, &saved.error)) : virPyNewRef(Py_None);
    virPyRestoreError(&saved);
    int retval = storeFailure(self, error);
    virPyKeepFirst(raised);
    return PyErr_Occurred() ? -1 : retval;
}

PyObject *virPyFail(const char *self)
{
    return recordFailure(self) < 0 ? NULL : virPyNewRef(Py_None);
}

PyObject *virPyFailInt(const char *self, int value)
{
    return recordFailure(self) < 0 ? NULL : virPyFromInt(value);
}

PyObject *virPyRefuse(const char *self, int value, int code, const char *format, ...)
{
    virError error = { .code = code, .domain = VIR_FROM_NONE, .level = VIR_ERR_ERROR };
    va_list va;

    va_start(va, format);
    PyObject *message = PyUnicode_FromFormatV(format, va);
    va_end(va);
    return storeFailure(self, errorWithMessage(&error, message)) < 0 ? NULL : virPyFromInt(value);
}

int virPyRaiseRefused(const char *self, PyObject *refused)
{
    PyObject *message VIR_PY_AUTO(virPyDropRef) =
        refused ? PyUnicode_FromFormat("%s() failed", virPyNamesOf(virPyArgument(self, 0)).function) : NULL;
    PyObject *module VIR_PY_AUTO(virPyDropRef) = message ? PyImport_ImportModule("libvirt") : NULL;
    PyObject *raised VIR_PY_AUTO(virPyDropRef) =
        module ? PyObject_CallMethod(module, "libvirtError", "O", message) : NULL;

    if (raised)
        PyErr_SetObject((PyObject *)Py_TYPE(raised), raised);
    Py_XDECREF(refused);
    return -1;
}

/* Return whether MESSAGE is "NAME() failed" for the function of a signature. */
static bool saysFailureOf(PyObject *message, const char *self)
{
    static const char rest[] = "() failed";
    size_t length = strcspn(self, "(");
    Py_ssize_t size;
    const char *text = PyUnicode_AsUTF8AndSize(message, &size);

    /* A message that is not a str, or cannot be encoded as UTF-8, does not contain a function name. */
    if (!text)
        PyErr_Clear();
    return text && (size_t)size == length + strlen(rest) && memcmp(text, self, length) == 0 &&
           memcmp(text + length, rest, strlen(rest)) == 0;
}

PyObject *virPyTakeFailure(virPyThread *thread, PyObject *message)
{
    if (!thread->error || !saysFailureOf(message, thread->failed))
        return virPyNewRef(Py_None);
    /* Take the record only once, because a later exception with the same text is another failure. */
    PyObject *error = thread->error;
    thread->error = NULL;
    return error;
}
