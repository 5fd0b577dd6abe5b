/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Functions of libvirtmod whose bodies no shape fits; the bindings name them. */
#ifndef LIBVIRT_PYTHON_HANDWRITTEN_H
#define LIBVIRT_PYTHON_HANDWRITTEN_H

#include "typewrappers.h"

#define VIR_PY_HAND(name) \
    PyObject *hand_##name(PyObject *module, PyObject *const *args, Py_ssize_t nargs)

/* errors.c */
VIR_PY_HAND(virRegisterErrorHandler);
VIR_PY_HAND(_takeFailure);

/* host.c */
VIR_PY_HAND(virGetVersion);

/* Run by the initialization of libvirtmod. */
void virPyInstallErrorHandler(void);

#endif
