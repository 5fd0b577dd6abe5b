/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Typed parameters of libvirt: dicts in Python. */

#include "typedparams.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "errorrecord.h"
#include "libvirt-utils.h"
#include "threads.h"

/* Some of the texts are secrets, as those of the launch of a guest: nobody knows which. */
void
virPyFreeParams(virPyParams *params)
{
    for (int n = 0; params->array && n < params->count; n++)
        if (params->array[n].type == VIR_TYPED_PARAM_STRING && params->array[n].value.s)
            virPyWipe(params->array[n].value.s, strlen(params->array[n].value.s));
    virTypedParamsFree(params->array, params->count);
}

int
virPyNewParams(virPyParams *params)
{
    params->array = calloc((size_t)params->count, sizeof(*params->array));
    if (params->array)
        return 0;
    params->count = 0;
    PyErr_NoMemory();
    return -1;
}

/* --- to Python ----------------------------------------------------------- */

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
        PyErr_Format(PyExc_LookupError, "typed parameter '%s' has the unknown type %d",
                     param->field, param->type);
        return NULL;
    }
}

static bool
haveSameNames(virTypedParameterPtr params, virTypedParameterPtr others, int count)
{
    for (int i = 0; i < count; i++)
        if (strcmp(params[i].field, others[i].field) != 0)
            return false;
    return true;
}

PyObject *
virPyFromParams(virTypedParameterPtr params, int count)
{
    virPyThread *thread = virPyThisThread();
    PyObject *dict = thread ? PyDict_New() : NULL;

    for (int i = 0; dict && i < count; i++)
        if (virPySetItem(thread, dict, params[i].field, fromParam(&params[i])) < 0)
            Py_CLEAR(dict);
    return dict;
}

PyObject *
virPyFromParamsLike(virTypedParameterPtr params, int count, virTypedParameterPtr others, int nothers,
                    PyObject *made)
{
    PyObject *dict;
    Py_ssize_t place = 0;

    if (!made || count != nothers || PyDict_Size(made) != count || !haveSameNames(params, others, count))
        return virPyFromParams(params, count);
    dict = PyDict_Copy(made);
    for (int i = 0; dict && i < count; i++) {
        PyObject *value = fromParam(&params[i]);
        PyObject *name = NULL;

        /* The names come in the order of the parameters. */
        if (!value || !PyDict_Next(made, &place, &name, NULL) || PyDict_SetItem(dict, name, value) < 0)
            Py_CLEAR(dict);
        Py_XDECREF(value);
    }
    return dict;
}

/* --- from Python --------------------------------------------------------- */

/* The place of the next parameter, with its name; it counts when it has a type. */
static virTypedParameterPtr
place(const virPyWhere *where, virPyParams *params)
{
    size_t length = strlen(where->item);

    if (length >= VIR_TYPED_PARAM_FIELD_LENGTH) {
        virPyExcerpt name;

        /* As libvirt itself says it. */
        virPyTakeExcerpt(where->item, &name);
        virPyRaise(where->self, VIR_ERR_INTERNAL_ERROR, "internal error: Field name '%s' too long", name.text);
        return NULL;
    }
    if (params->count == params->capacity) {
        int capacity = params->capacity ? 2 * params->capacity : 8;
        virTypedParameterPtr array = realloc(params->array, (size_t)capacity * sizeof(*array));

        if (!array) {
            PyErr_NoMemory();
            return NULL;
        }
        params->array = array;
        params->capacity = capacity;
    }
    memcpy(params->array[params->count].field, where->item, length + 1);
    return &params->array[params->count];
}

static int
convertText(const virPyWhere *where, PyObject *value, virTypedParameterPtr param)
{
    virPyString text VIR_PY_AUTO(virPyDropString) = { NULL, NULL };

    if (virPyItemAsText(where, value, &text) < 0)
        return -1;
    return virPyCopyText(text.str, &param->value.s);
}

static int
convert(const virPyWhere *where, int type, PyObject *value, virTypedParameterPtr param)
{
    long long number = 0;
    unsigned long long big = 0;
    int retval;

    switch (type) {
    case VIR_TYPED_PARAM_INT:
        retval = virPyItemAsSigned(where, value, INT_MIN, INT_MAX, &number);
        param->value.i = (int)number;
        return retval;
    case VIR_TYPED_PARAM_UINT:
        retval = virPyItemAsUnsigned(where, value, UINT_MAX, &big);
        param->value.ui = (unsigned int)big;
        return retval;
    case VIR_TYPED_PARAM_LLONG:
        return virPyItemAsSigned(where, value, LLONG_MIN, LLONG_MAX, &param->value.l);
    case VIR_TYPED_PARAM_ULLONG:
        return virPyItemAsUnsigned(where, value, ULLONG_MAX, &param->value.ul);
    case VIR_TYPED_PARAM_DOUBLE:
        return virPyItemAsDouble(where, value, &param->value.d);
    case VIR_TYPED_PARAM_BOOLEAN:
        retval = PyObject_IsTrue(value);
        param->value.b = (char)(retval == 1);
        return retval < 0 ? -1 : 0;
    case VIR_TYPED_PARAM_STRING:
        return convertText(where, value, param);
    default:
        return virPyArgumentError(PyExc_LookupError, where, "is of a type that is not known: %d", type);
    }
}

static int
add(const virPyWhere *where, int type, PyObject *value, virPyParams *params)
{
    virTypedParameterPtr param = place(where, params);

    if (!param || convert(where, type, value, param) < 0)
        return -1;
    param->type = type;
    params->count++;
    return 0;
}

/* The type of a field that nothing is known of; 0 with an exception. */
static int
guess(const virPyWhere *where, PyObject *value)
{
    if (PyUnicode_Check(value))
        return VIR_TYPED_PARAM_STRING;
    if (PyBool_Check(value))
        return VIR_TYPED_PARAM_BOOLEAN;
    if (PyFloat_Check(value))
        return VIR_TYPED_PARAM_DOUBLE;
    if (PyIndex_Check(value)) {
        PyObject *number = PyNumber_Index(value);
        int overflow = 0;
        long long fits = number ? PyLong_AsLongLongAndOverflow(number, &overflow) : 0;

        Py_XDECREF(number);
        if (!number)
            return 0;
        return overflow < 0 || (!overflow && fits < 0) ? VIR_TYPED_PARAM_LLONG : VIR_TYPED_PARAM_ULLONG;
    }
    (void)virPyArgumentTypeError(where, value, "str, int, bool or float");
    return 0;
}

static int
addField(const virPyWhere *where, const virPyParamType *types, PyObject *value, virPyParams *params)
{
    int type = 0;

    for (; types->name && !type; types++)
        if (strcmp(types->name, where->item) == 0)
            type = types->type;
    if (!type)
        type = guess(where, value);
    return type ? add(where, type, value, params) : -1;
}

/* A list or a tuple gives the field once for each element. */
static int
addFields(const virPyWhere *where, const virPyParamType *types, PyObject *value, virPyParams *params)
{
    PyObject *items VIR_PY_AUTO(virPyDropRef) = NULL;

    if (!PyList_Check(value) && !PyTuple_Check(value))
        return addField(where, types, value, params);
    items = PySequence_Tuple(value);
    for (Py_ssize_t n = 0; items && n < PyTuple_Size(items); n++)
        if (addField(where, types, PyTuple_GetItem(items, n), params) < 0)
            return -1;
    return items ? 0 : -1;
}

static int
addKnown(const virPyWhere *where, const virPyParams *known, PyObject *value, virPyParams *params)
{
    for (int n = 0; n < known->count; n++)
        if (strncmp(known->array[n].field, where->item, VIR_TYPED_PARAM_FIELD_LENGTH) == 0)
            return add(where, known->array[n].type, value, params);
    return virPyArgumentError(PyExc_LookupError, where, "is no field that can be set here");
}

static int
badKey(const virPyWhere *where, PyObject *key)
{
    virPyCallNames names;
    PyObject *type VIR_PY_AUTO(virPyDropRef) = PyObject_GetAttrString((PyObject *)Py_TYPE(key), "__name__");

    virPyNamesOf(where->self, where->i, &names);
    if (type)
        PyErr_Format(PyExc_TypeError, "%s() argument '%s': keys must be str, not %U",
                     names.function, names.param, type);
    return -1;
}

/* One item of the dict; TYPES or KNOWN says how. */
static int
addItem(const virPyWhere *whole, PyObject *pair, const virPyParamType *types, const virPyParams *known,
        virPyParams *params)
{
    virPyString name VIR_PY_AUTO(virPyDropString) = { NULL, NULL };
    virPyWhere where = { whole->self, whole->i, "(key)" };
    PyObject *value = PyTuple_GetItem(pair, 1);

    PyObject *key = PyTuple_GetItem(pair, 0);

    if (!PyUnicode_Check(key))
        return badKey(whole, key);
    if (virPyItemAsText(&where, key, &name) < 0)
        return -1;
    where.item = name.str;
    return known ? addKnown(&where, known, value, params) : addFields(&where, types, value, params);
}

static int
addAll(const virPyWhere *where, PyObject *dict, const virPyParamType *types, const virPyParams *known,
       virPyParams *params)
{
    /* A snapshot: converting a value may run code that changes the dict. */
    PyObject *items VIR_PY_AUTO(virPyDropRef) = PyDict_Items(dict);

    for (Py_ssize_t n = 0; items && n < PyList_Size(items); n++)
        if (addItem(where, PyList_GetItem(items, n), types, known, params) < 0)
            return -1;
    return items ? 0 : -1;
}

int
virPyAsParams(const char *self, PyObject *const *args, Py_ssize_t i,
              const virPyParamType *types, virPyParams *params)
{
    const virPyWhere where = { self, i, NULL };

    if (!PyDict_Check(args[i]))
        return virPyArgumentTypeError(&where, args[i], "dict");
    return addAll(&where, args[i], types, NULL, params);
}

int
virPyAsParamsOrNone(const char *self, PyObject *const *args, Py_ssize_t i,
                    const virPyParamType *types, virPyParams *params)
{
    return args[i] == Py_None ? 0 : virPyAsParams(self, args, i, types, params);
}

int
virPyCheckParams(const char *self, PyObject *const *args, Py_ssize_t i)
{
    const virPyWhere where = { self, i, NULL };

    if (!PyDict_Check(args[i]))
        return virPyArgumentTypeError(&where, args[i], "dict");
    if (PyDict_Size(args[i]) == 0)
        return virPyArgumentError(PyExc_LookupError, &where, "is empty");
    return 0;
}

int
virPyAsKnownParams(const char *self, PyObject *const *args, Py_ssize_t i,
                   const virPyParams *known, virPyParams *params)
{
    const virPyWhere where = { self, i, NULL };

    if (known->count == 0)
        return virPyArgumentError(PyExc_LookupError, &where, "cannot be set: there is no such field");
    return addAll(&where, args[i], NULL, known, params);
}

unsigned int
virPyGetterFlags(unsigned int flags)
{
    unsigned int both = VIR_DOMAIN_AFFECT_LIVE | VIR_DOMAIN_AFFECT_CONFIG;

    return (flags & both) == both ? flags & ~(unsigned int)VIR_DOMAIN_AFFECT_CONFIG : flags;
}
