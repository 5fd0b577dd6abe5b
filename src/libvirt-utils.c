/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Arrays and typed parameters of libvirt, to and from Python. */

#include "libvirt-utils.h"

#include <stdlib.h>
#include <string.h>

/* --- typed parameters ---------------------------------------------------- */

void
virPyFreeParams(virPyParams *params)
{
    virTypedParamsFree(params->array, params->count);
}

static PyObject *
fromParam(virTypedParameterPtr param)
{
    switch (param->type) {
    case VIR_TYPED_PARAM_INT:
        return virPyFromInt(param->value.i);
    case VIR_TYPED_PARAM_UINT:
        return virPyFromUInt(param->value.ui);
    case VIR_TYPED_PARAM_LLONG:
        return virPyFromLLong(param->value.l);
    case VIR_TYPED_PARAM_ULLONG:
        return virPyFromULLong(param->value.ul);
    case VIR_TYPED_PARAM_DOUBLE:
        return virPyFromDouble(param->value.d);
    case VIR_TYPED_PARAM_BOOLEAN:
        return virPyFromBool(param->value.b);
    case VIR_TYPED_PARAM_STRING:
        return virPyFromString(param->value.s);
    default:
        PyErr_Format(PyExc_LookupError, "typed parameter '%.80s' has the unknown type %d",
                     param->field, param->type);
        return NULL;
    }
}

PyObject *
virPyFromParams(virTypedParameterPtr params, int count)
{
    PyObject *dict = PyDict_New();

    for (int i = 0; dict && i < count; i++) {
        PyObject *value = fromParam(&params[i]);

        if (!value || PyDict_SetItemString(dict, params[i].field, value) < 0)
            Py_CLEAR(dict);
        Py_XDECREF(value);
    }
    return dict;
}

/* --- arrays -------------------------------------------------------------- */

PyObject *
virPyFromHandles(const virPyHandleType *type, void *array, int count)
{
    void **objects = array;
    PyObject *list = PyList_New(count);

    for (int i = 0; i < count; i++) {
        PyObject *capsule = virPyNewHandle(type, objects[i]);

        if (!capsule)
            Py_CLEAR(list);
        if (list)
            (void)PyList_SetItem(list, i, capsule);
        else
            Py_XDECREF(capsule);
    }
    free(array);
    return list;
}
