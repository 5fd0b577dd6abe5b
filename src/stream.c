/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Streams: what libvirt receives. */

#include "libvirtmod.h"

#include "failure.h"

/* Bytes to be filled by libvirt without the GIL: nobody else knows them yet. */
static PyObject *
newBuffer(const char *self, long long size)
{
    const virPyWhere where = { self, 1, NULL };

    if (size < 0) {
        virPyBad(PyExc_ValueError, &where, "must not be negative");
        return NULL;
    }
    if (size > PY_SSIZE_T_MAX) {
        virPyBad(PyExc_OverflowError, &where, "is more than memory can hold");
        return NULL;
    }
    return PyBytes_FromStringAndSize(NULL, (Py_ssize_t)size);
}

/* The bytes that came; or the number that says why there are none. */
static PyObject *
received(const char *self, PyObject *buffer, int count)
{
    if (count < 0) {
        Py_DECREF(buffer);
        return count == -2 || count == -3 ? virPyFromInt(count) : virPyFail(self);
    }
#ifdef Py_LIMITED_API
    {
        PyObject *bytes = PyBytes_FromStringAndSize(PyBytes_AsString(buffer), count);

        Py_DECREF(buffer);
        return bytes;
    }
#else
    (void)_PyBytes_Resize(&buffer, count);
    return buffer;
#endif
}

/* Without flags the older call, which every driver has. */
static PyObject *
receive(const char *self, virStreamPtr stream, long long nbytes, const unsigned int *flags)
{
    PyObject *buffer = newBuffer(self, nbytes);
    char *data = buffer ? PyBytes_AsString(buffer) : NULL;
    int count;

    if (!buffer)
        return NULL;
    Py_BEGIN_ALLOW_THREADS
    if (flags)
        count = virStreamRecvFlags(stream, data, (size_t)nbytes, *flags);
    else
        count = virStreamRecv(stream, data, (size_t)nbytes);
    Py_END_ALLOW_THREADS
    return received(self, buffer, count);
}

PyObject *
hand_virStreamRecv(const char *self, virStreamPtr stream, long long nbytes)
{
    return receive(self, stream, nbytes, NULL);
}

PyObject *
hand_virStreamRecvFlags(const char *self, virStreamPtr stream, long long nbytes, unsigned int flags)
{
    return receive(self, stream, nbytes, &flags);
}
