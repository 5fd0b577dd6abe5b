/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Conversions that only functions of the QEMU driver need: descriptors become file objects.
 *
 * The generated file includes this one.  It has no state and takes no lock; wrappers call everything with the GIL. */

#include "libvirtmod_qemu.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <libvirt/libvirt-qemu.h>

#include "libvirt-utils.h"

/* Return the mode with which a file object reads and writes as its descriptor was opened, or NULL with an exception. */
static const char *modeOf(int fd)
{
    int flags = fcntl(fd, F_GETFL);

    if (flags < 0) {
        PyErr_SetFromErrno(PyExc_OSError);
        return NULL;
    }
    flags &= O_ACCMODE | O_APPEND;
    if (flags == O_RDONLY)
        return "rb";
    if ((flags & O_ACCMODE) == O_WRONLY)
        return flags & O_APPEND ? "ab" : "wb";
    return flags == (O_RDWR | O_APPEND) ? "a+b" : "r+b";
}

/* Return a file object that owns descriptor N.  On failure close the descriptor. */
static PyObject *fileItem(const void *source, Py_ssize_t n)
{
    int fd = ((const int *)source)[n];
    PyObject *io VIR_PY_AUTO(virPyDropRef) = PyImport_ImportModule("io");
    const char *mode = io ? modeOf(fd) : NULL;
    PyObject *file = mode ? PyObject_CallMethod(io, "open", "isi", fd, mode, 0) : NULL;

    if (!file)
        (void)close(fd);
    return file;
}

/* Return the reply of the monitor and a list of files.  Frees the reply and the array of descriptors. */
static VIR_PY_FOR_ROWS PyObject *fromReply(char *reply, int *fds, unsigned int count)
{
    virPyCloseOnExec(fds, count);
    /* To open the files runs Python code, so that comes before the tuple. */
    PyObject *files = virPyListOf(count, fileItem, fds);
    free(fds);
    return virPyPackTuple(2, virPyFromAllocated(reply), files);
}
