/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Arrays and typed parameters of libvirt, to and from Python. */
#ifndef LIBVIRT_PYTHON_LIBVIRT_UTILS_H
#define LIBVIRT_PYTHON_LIBVIRT_UTILS_H

#include "typewrappers.h"

/* Typed parameters that libvirt allocated or that we hand to it. */
typedef struct {
    virTypedParameterPtr array;
    int count;
} virPyParams;

void virPyFreeParams(virPyParams *params);

/* A new dict, field by field; a field that comes twice keeps its last value. */
PyObject *virPyFromParams(virTypedParameterPtr params, int count);

/* A list of capsules.  Takes over the array, which libvirt allocated, and its
 * references, also on failure. */
PyObject *virPyFromHandles(const virPyHandleType *type, void *array, int count);

#endif
