/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Typed parameters of libvirt: dicts in Python. */
#ifndef LIBVIRT_PYTHON_TYPEDPARAMS_H
#define LIBVIRT_PYTHON_TYPEDPARAMS_H

#include "typewrappers.h"

/* An array that libvirt allocated, or that we make for it. */
typedef struct {
    virTypedParameterPtr array;
    int count;
    int capacity;
} virPyParams;

/* The type of a field that is known before libvirt is asked. */
typedef struct {
    const char *name; /* NULL ends a table of them */
    int type;         /* virTypedParameterType */
} virPyParamType;

void virPyFreeParams(virPyParams *params);

/* Room for as many as params->count says. */
int virPyNewParams(virPyParams *params);

/* A new dict, field by field; a field that comes twice keeps its last value. */
PyObject *virPyFromParams(virTypedParameterPtr params, int count);
/* For one of many: where OTHERS have the same names, a copy of MADE, the dict
 * of those, is filled, which does not have to grow. */
PyObject *virPyFromParamsLike(virTypedParameterPtr params, int count, virTypedParameterPtr others, int nothers,
                              PyObject *made);

/* From a dict.  A field that is in no table gets the type of its value; a list
 * or tuple stands for a field that comes several times. */
int virPyAsParams(const char *self, PyObject *const *args, Py_ssize_t i,
                  const virPyParamType *types, virPyParams *params);
int virPyAsParamsOrNone(const char *self, PyObject *const *args, Py_ssize_t i,
                        const virPyParamType *types, virPyParams *params);

/* From a dict whose fields are among those that libvirt has just told; first
 * the check that comes before it is asked. */
int virPyCheckParams(const char *self, PyObject *const *args, Py_ssize_t i);
int virPyAsKnownParams(const char *self, PyObject *const *args, Py_ssize_t i,
                       const virPyParams *known, virPyParams *params);

/* The flags of a setter, for its getter: that takes one of LIVE and CONFIG. */
unsigned int virPyGetterFlags(unsigned int flags);

#endif
