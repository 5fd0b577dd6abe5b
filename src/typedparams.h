/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Typed parameters of libvirt, which are dicts in Python.
 *
 * The file has no state.  All functions need the GIL.  Wrappers use virPyParams as local variables with VIR_PY_AUTO. */
#ifndef LIBVIRT_PYTHON_TYPEDPARAMS_H
#define LIBVIRT_PYTHON_TYPEDPARAMS_H

#include "typewrappers.h"

/* An array that libvirt allocated, or that we allocate for it. */
typedef struct {
    virTypedParameterPtr array;
    int count;
    int capacity; /* of an array that grows */
} virPyParams;

/* The type of a field, in a table that ends with a NULL name. */
typedef struct {
    const char *name;
    int type; /* virTypedParameterType */
} virPyParamType;

/* Free the array and the texts in it.  The texts are wiped first, since any of them may be a secret. */
void virPyFreeParams(virPyParams *params);
/* Allocate params->count zeroed elements.  Returns 0, or -1 with MemoryError and a count of 0. */
int virPyNewParams(virPyParams *params);

/* Create a dict, with the last value of a repeated field.  Returns NULL with an exception on failure. */
PyObject *virPyFromParams(virTypedParameterPtr params, int count);
/* The same for one of many arrays that mostly have the same fields.  BEFORE is the dict that was made of the NOTHERS
 * parameters in OTHERS, or NULL; if the fields are the same, filling a copy of that dict is faster. */
PyObject *virPyFromParamsLike(virTypedParameterPtr params, int count, virTypedParameterPtr others, int nothers,
                              PyObject *before);

/* Convert a dict.  Fields that are not in the table get a type that fits their value.  A list or tuple gives a field
 * that occurs several times.  Returns 0, or -1 with an exception that names the argument. */
int virPyAsParams(const virPyWhere *where, PyObject *object, const virPyParamType *types, virPyParams *params);

/* Convert a dict for a setter.  Its fields must be among those that the getter has just returned, and get their types.
 * virPyCheckParams() checks the argument before libvirt is called for that. */
int virPyCheckParams(const virPyWhere *where, PyObject *object);
int virPyAsKnownParams(const virPyWhere *where, PyObject *object, const virPyParams *known, virPyParams *params);
/* Return the flags for the getter.  It accepts only one of LIVE and CONFIG, while the setter accepts both. */
unsigned int virPyGetterFlags(unsigned int flags);

#endif
