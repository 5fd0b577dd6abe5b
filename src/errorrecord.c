/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is known of the last failing call of each thread. */

#include "errorrecord.h"

#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

/* libvirt has no call to set an error again, but hands out the very object
 * that it keeps for the thread. */
void
virPySaveError(virPySavedError *saved)
{
    saved->live = virGetLastError();
    if (saved->live) {
        saved->error = *saved->live;
        memset(saved->live, 0, sizeof(*saved->live));
    }
}

void
virPyRestoreError(virPySavedError *saved)
{
    virResetLastError();
    if (saved->live)
        *saved->live = saved->error;
}

/* MESSAGE, which is stolen and may be NULL, is that of the error. */
static PyObject *
fromError(virErrorPtr error, PyObject *message)
{
    return virPyPackTuple(9, virPyFromInt(error->code), virPyFromInt(error->domain),
                          message, virPyFromInt((int)error->level),
                          virPyFromString(error->str1), virPyFromString(error->str2),
                          virPyFromString(error->str3),
                          virPyFromInt(error->int1), virPyFromInt(error->int2));
}

PyObject *
virPyFromError(virErrorPtr error)
{
    return error ? fromError(error, virPyFromString(error->message)) : virPyNewRef(Py_None);
}

/* ERROR is stolen, and may be NULL. */
static int
record(const char *self, PyObject *error)
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

/* The message of an error. libvirt speaks of a pointer that is not valid where a connection is closed, or None; then
 * the error names the C function. */
static PyObject *
messageOf(const char *self, virErrorPtr error)
{
    virPyCallNames names;

    if (error->code != VIR_ERR_INVALID_CONN || !error->str2 || strncmp(error->str2, "vir", strlen("vir")) != 0)
        return virPyFromString(error->message);
    virPyNamesOf(self, 0, &names);
    return virPyFromString(strcmp(names.param, "conn") == 0 || strcmp(names.param, "object") == 0
                               ? "the connection is closed"
                               : "the connection is closed, or None");
}

static int
recordFailure(const char *self)
{
    virPyPending raised = virPyFetchException(); /* by the error handler */
    virPySavedError saved;
    PyObject *error;
    int retval;

    /* Allocation may run the garbage collector, and that anything. */
    virPySaveError(&saved);
    error = saved.live ? fromError(&saved.error, messageOf(self, &saved.error)) : virPyNewRef(Py_None);
    virPyRestoreError(&saved);
    retval = record(self, error);
    virPyKeepFirst(raised);
    return PyErr_Occurred() ? -1 : retval;
}

PyObject *
virPyFail(const char *self)
{
    return recordFailure(self) < 0 ? NULL : virPyNewRef(Py_None);
}

PyObject *
virPyFailInt(const char *self, int value)
{
    return recordFailure(self) < 0 ? NULL : virPyFromInt(value);
}

PyObject *
virPyStatus(const char *self, int retval)
{
    if (retval == -1)
        return virPyFailInt(self, -1);
    /* What a callback has left, which ran inside of the call. */
    return PyErr_Occurred() ? NULL : virPyFromInt(retval);
}

/* What we refuse ourselves.  0, or -1 with an exception. */
static int
recordRefusal(const char *self, int code, const char *format, va_list va)
{
    virError told = { .code = code, .domain = VIR_FROM_NONE, .level = VIR_ERR_ERROR };

    return record(self, fromError(&told, PyUnicode_FromFormatV(format, va)));
}

PyObject *
virPyRefuse(const char *self, int value, int code, const char *format, ...)
{
    int retval;
    va_list va;

    va_start(va, format);
    retval = recordRefusal(self, code, format, va);
    va_end(va);
    return retval < 0 ? NULL : virPyFromInt(value);
}

/* Whether MESSAGE is "NAME() failed" for the function of a signature. */
static bool
names(PyObject *message, const char *self)
{
    static const char rest[] = "() failed";
    size_t length = strcspn(self, "(");
    Py_ssize_t size;
    const char *text = PyUnicode_AsUTF8AndSize(message, &size);

    /* What is no text, or has no UTF-8, names no function. */
    if (!text)
        PyErr_Clear();
    return text && (size_t)size == length + strlen(rest) && memcmp(text, self, length) == 0 &&
           memcmp(text + length, rest, strlen(rest)) == 0;
}

PyObject *
virPyTakeFailure(virPyThread *thread, PyObject *message)
{
    PyObject *error;

    if (!thread->error || !names(message, thread->failed))
        return virPyNewRef(Py_None);
    /* Taken once: a later exception of the same text is another failure. */
    error = thread->error;
    thread->error = NULL;
    return error;
}

static void
raiseError(const char *self)
{
    PyObject *name VIR_PY_AUTO(virPyDropRef) = PyUnicode_FromStringAndSize(self, (Py_ssize_t)strcspn(self, "("));
    PyObject *message VIR_PY_AUTO(virPyDropRef) = name ? PyUnicode_FromFormat("%U() failed", name) : NULL;
    PyObject *module VIR_PY_AUTO(virPyDropRef) = message ? PyImport_ImportModule("libvirt") : NULL;
    PyObject *class VIR_PY_AUTO(virPyDropRef) = module ? PyObject_GetAttrString(module, "libvirtError") : NULL;
    PyObject *raised VIR_PY_AUTO(virPyDropRef) = class ? PyObject_CallFunctionObjArgs(class, message, NULL) : NULL;

    if (raised)
        PyErr_SetObject(class, raised);
}

int
virPyRaiseFailure(const char *self)
{
    if (recordFailure(self) == 0)
        raiseError(self);
    return -1;
}

void
virPyRaise(const char *self, int code, const char *format, ...)
{
    int retval;
    va_list va;

    va_start(va, format);
    retval = recordRefusal(self, code, format, va);
    va_end(va);
    if (retval == 0)
        raiseError(self);
}
