/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Functions of libvirt itself that no shape fits. */

#include "handwritten.h"

#include "failure.h"

/* With a driver's name the version of libvirt comes twice: libvirt itself
 * does not look at the name any more. */
PyObject *
hand_virGetVersion(PyObject *module VIR_PY_UNUSED, PyObject *const *args, Py_ssize_t nargs)
{
    static const char self[] = "virGetVersion(driver)";
    virPyString driver VIR_PY_AUTO(virPyDropString) = { NULL, NULL };
    unsigned long library;
    unsigned long type;
    int retval;

    if (nargs > 0 && (virPyCheckCount(self, nargs, 1) < 0 ||
                      virPyAsText(self, args, 0, &driver) < 0))
        return NULL;
    Py_BEGIN_ALLOW_THREADS
    retval = virGetVersion(&library, driver.str, driver.str ? &type : NULL);
    Py_END_ALLOW_THREADS
    if (retval == -1)
        return virPyFail(self);
    if (!driver.str)
        return virPyFromULong(library);
    return virPyPackTuple(2, virPyFromULong(library), virPyFromULong(type));
}
