/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is known of the last failing call of each thread. */

#include "failure.h"

#include <stdarg.h>
#include <string.h>

/* In the thread's own dict: it is shared by the three modules, and goes when
 * the thread or its interpreter goes. */
#define RECORD_KEY "libvirt.failure"

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

PyObject *
virPyFromError(virErrorPtr error)
{
    if (!error)
        return virPyNewRef(Py_None);
    return virPyPackTuple(9, virPyFromInt(error->code), virPyFromInt(error->domain),
                          virPyFromString(error->message), virPyFromInt((int)error->level),
                          virPyFromString(error->str1), virPyFromString(error->str2),
                          virPyFromString(error->str3),
                          virPyFromInt(error->int1), virPyFromInt(error->int2));
}

/* NAME is stolen.  A thread without a dict has no room for a record. */
static int
record(PyObject *name, PyObject *error)
{
    PyObject *threads = PyThreadState_GetDict();
    PyObject *pair = virPyPackTuple(2, name, virPyNewRef(error));
    int retval = -1;

    if (pair)
        retval = threads ? PyDict_SetItemString(threads, RECORD_KEY, pair) : 0;
    Py_XDECREF(pair);
    return retval;
}

static PyObject *
nameOf(const char *self)
{
    return PyUnicode_FromStringAndSize(self, (Py_ssize_t)strcspn(self, "("));
}

static int
recordFailure(const char *self)
{
    virPySavedError saved;
    PyObject *error;
    int retval = -1;

    /* Allocation may run the garbage collector, and that anything. */
    virPySaveError(&saved);
    error = virPyFromError(saved.live ? &saved.error : NULL);
    virPyRestoreError(&saved);
    if (error)
        retval = record(nameOf(self), error);
    Py_XDECREF(error);
    return retval;
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
    return retval == -1 ? virPyFailInt(self, -1) : virPyFromInt(retval);
}

PyObject *
virPyRefuse(const char *self, int value)
{
    return record(nameOf(self), Py_None) < 0 ? NULL : virPyFromInt(value);
}

static int
names(PyObject *message, PyObject *function)
{
    PyObject *whole = PyUnicode_FromFormat("%U() failed", function);
    int same = whole ? PyObject_RichCompareBool(message, whole, Py_EQ) : -1;

    Py_XDECREF(whole);
    return same;
}

PyObject *
virPyTakeFailure(PyObject *message)
{
    PyObject *threads = PyThreadState_GetDict();
    PyObject *pair VIR_PY_AUTO(virPyDropRef) = NULL;
    int same;

    if (threads && PyUnicode_Check(message))
        pair = virPyDictItem(threads, RECORD_KEY);
    if (!pair)
        return PyErr_Occurred() ? NULL : virPyNewRef(Py_None);
    Py_INCREF(pair);
    same = names(message, PyTuple_GetItem(pair, 0));
    if (same < 0)
        return NULL;
    /* Taken once: a later exception of the same text is another failure. */
    if (same && PyDict_DelItemString(threads, RECORD_KEY) < 0)
        return NULL;
    return virPyNewRef(same ? PyTuple_GetItem(pair, 1) : Py_None);
}

static void
raiseError(const char *self)
{
    PyObject *name VIR_PY_AUTO(virPyDropRef) = nameOf(self);
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
    PyObject *error;
    virError told;
    char text[200];
    va_list va;

    va_start(va, format);
    PyOS_vsnprintf(text, sizeof(text), format, va);
    va_end(va);
    told = (virError){ .code = code, .domain = VIR_FROM_NONE, .message = text, .level = VIR_ERR_ERROR };
    error = virPyFromError(&told);
    if (error && record(nameOf(self), error) == 0)
        raiseError(self);
    Py_XDECREF(error);
}
