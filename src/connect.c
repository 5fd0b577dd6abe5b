/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Connections: functions that close() needs.  Streams: the bytes that libvirt receives.
 *
 * The generated file includes this one.  It has no state and takes no lock; wrappers call everything with the GIL. */

#include "libvirtmod.h"

#include "errorrecord.h"
#include "libvirt-utils.h"

/* Tell close() not to end registrations that belong to a parent process. */
PyObject *hand__isInherited(const char *self VIR_PY_UNUSED, PyObject *handle)
{
    return virPyFromBool(virPyIsInherited(handle));
}

/* Give close() a second handle.  Other threads that register something meanwhile end that through it. */
PyObject *hand__newReference(const char *self, virConnectPtr handle)
{
    return virConnectRef(handle) < 0 ? virPyFail(self) : virPyNewHandle(&virPy_virConnect, handle);
}

/* --- streams --------------------------------------------------------------- */

/* The most that one call receives.  A daemon sends pieces of 256 KiB, so more comes in several calls anyway.  Larger
 * buffers would only cost memory, which Python fills in its development mode. */
#define MOST_RECEIVED ((long long)1024 * 1024)

/* A new bytes object that libvirt fills without the GIL.  Nobody else knows the object yet. */
typedef struct {
    PyObject *bytes; /* strong reference */
    char *data;
    size_t size;
} Buffer;

static VIR_PY_FOR_ROWS void dropBuffer(Buffer *buffer)
{
    Py_XDECREF(buffer->bytes);
}

/* Allocate as many bytes as the argument says, at most MOST_RECEIVED. */
static VIR_PY_FOR_ROWS int asBuffer(const virPyWhere *where, PyObject *object, Buffer *buffer)
{
    long long size;

    if (virPyAsInteger(where, object, LLONG_MIN, LLONG_MAX, &size) < 0)
        return -1;
    if (size < 0)
        return virPyArgumentError(PyExc_ValueError, where, "must not be negative");
    buffer->size = (size_t)(size < MOST_RECEIVED ? size : MOST_RECEIVED);
    buffer->bytes = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)buffer->size);
    buffer->data = buffer->bytes ? PyBytes_AsString(buffer->bytes) : NULL;
    return buffer->bytes ? 0 : -1;
}

/* Return the bytes that were received; or -2 or -3, which tell why there are none; or record a failure. */
static VIR_PY_FOR_ROWS PyObject *fromBuffer(const char *self, Buffer *buffer, int count)
{
    PyObject *bytes = buffer->bytes;

    if (count < 0)
        return count == -2 || count == -3 ? virPyFromInt(count) : virPyFail(self);
#ifdef Py_LIMITED_API
    return PyBytes_FromStringAndSize(PyBytes_AsString(bytes), count);
#else
    buffer->bytes = NULL;
    (void)_PyBytes_Resize(&bytes, count);
    return bytes;
#endif
}
