/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Functions of the LXC driver that no shape fits: descriptors. */

#include "libvirtmod_lxc.h"

#include <stdlib.h>
#include <unistd.h>

#include <libvirt/libvirt-lxc.h>

#include "failure.h"
#include "libvirt-utils.h"

/* The descriptors are the caller's, unless there is no list to hold them. */
PyObject *
hand_virDomainLxcOpenNamespace(const char *self, virDomainPtr domain, unsigned int flags)
{
    int *fds = NULL;
    PyObject *list;
    int retval;

    Py_BEGIN_ALLOW_THREADS
    retval = virDomainLxcOpenNamespace(domain, &fds, flags);
    Py_END_ALLOW_THREADS
    if (retval < 0)
        return virPyFail(self);
    list = virPyFromNumbers(fds, retval);
    for (int n = 0; !list && n < retval; n++)
        (void)close(fds[n]);
    free(fds);
    return list;
}
