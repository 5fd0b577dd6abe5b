/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The body of a function that no converter fits; the generated libvirtmod_thing.c includes this file. */

#include "libvirtmod_thing.h"

#include <libvirt/libvirt-thing.h>

#include "errorrecord.h"

/* The wrapper has checked and converted the arguments. Returns the number of files, or records the error and returns
   what reports a failure. */
PyObject *hand_virThingRefused(const char *self, int *files, unsigned int nfiles)
{
    int retval;

    Py_BEGIN_ALLOW_THREADS
    retval = virThingRefused(files, nfiles);
    Py_END_ALLOW_THREADS
    return retval < 0 ? virPyFail(self) : PyLong_FromUnsignedLong(nfiles);
}
