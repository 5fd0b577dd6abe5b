/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Functions of the QEMU driver that no shape fits: descriptors. */

#include "libvirtmod_qemu.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <libvirt/libvirt-qemu.h>

#include "errorrecord.h"
#include "libvirt-utils.h"

#if LIBVIR_CHECK_VERSION(8, 2, 0)
/* The mode that opens a descriptor as it is. */
static const char *
modeOf(int fd)
{
    int flags = fcntl(fd, F_GETFL);

    if (flags < 0) {
        PyErr_SetFromErrno(PyExc_OSError);
        return NULL;
    }
    switch (flags & (O_ACCMODE | O_APPEND)) {
    case O_RDONLY:
        return "rb";
    case O_WRONLY:
        return "wb";
    case O_WRONLY | O_APPEND:
        return "ab";
    case O_RDWR | O_APPEND:
        return "a+b";
    default:
        return "r+b";
    }
}

/* A file object that owns the descriptor; it is closed on failure. */
static PyObject *
fileOf(PyObject *io, int fd)
{
    const char *mode = modeOf(fd);
    PyObject *file = mode ? PyObject_CallMethod(io, "open", "isi", fd, mode, 0) : NULL;

    if (!file)
        (void)close(fd);
    return file;
}

static PyObject *
filesOf(const int *fds, unsigned int count)
{
    PyObject *io = PyImport_ImportModule("io");
    PyObject *list = io ? PyList_New((Py_ssize_t)count) : NULL;

    for (unsigned int n = 0; n < count; n++) {
        PyObject *file = NULL;

        if (list)
            file = fileOf(io, fds[n]);
        else
            (void)close(fds[n]);
        if (file)
            VIR_PY_FILL_LIST(list, (Py_ssize_t)n, file);
        else
            Py_CLEAR(list);
    }
    Py_XDECREF(io);
    return list;
}

PyObject *
hand_virDomainQemuMonitorCommandWithFiles(const char *self, virDomainPtr domain, const char *cmd,
                                          int *files, unsigned int nfiles, unsigned int flags)
{
    char *reply = NULL;
    int *fds = NULL;
    unsigned int count = 0;
    PyObject *result;
    PyObject *opened;
    int retval;

    Py_BEGIN_ALLOW_THREADS
    retval = virDomainQemuMonitorCommandWithFiles(domain, cmd, nfiles, files, &count, &fds, &reply, flags);
    Py_END_ALLOW_THREADS
    if (retval < 0)
        return virPyFail(self);
    virPyCloseOnExec(fds, count);
    /* First, since it runs code of Python's. */
    opened = filesOf(fds, count);
    result = virPyPackTuple(2, virPyFromAllocated(reply), opened);
    free(fds);
    return result;
}
#endif
