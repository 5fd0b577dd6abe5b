/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Typed parameters of libvirt, which are dicts in Python.  typedparams.h has the contracts. */

#include "typedparams.h"

#include <stdlib.h>
#include <string.h>

#include "errorrecord.h"
#include "libvirt-utils.h"

void virPyFreeParams(virPyParams *params)
{
    for (int n = 0; params->array && n < params->count; n++)
        if (params->array[n].type == VIR_TYPED_PARAM_STRING && params->array[n].value.s)
            virPyWipe(params->array[n].value.s, strlen(params->array[n].value.s));
    virTypedParamsFree(params->array, params->count);
}

int virPyNewParams(virPyParams *params)
{
    params->array = virPyNewArray((size_t)params->count, sizeof(*params->array));
    if (params->array)
        return 0;
    params->count = 0;
    return -1;
}

/* --- to Python ------------------------------------------------------------- */

static PyObject *fromParam(virTypedParameterPtr param)
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
        PyErr_Format(PyExc_LookupError, "typed parameter '%s' has the unknown type %d", param->field, param->type);
        return NULL;
    }
}

static bool haveSameNames(virTypedParameterPtr params, virTypedParameterPtr others, int count)
{
    for (int i = 0; i < count; i++)
        if (strcmp(params[i].field, others[i].field) != 0)
            return false;
    return true;
}

PyObject *virPyFromParams(virTypedParameterPtr params, int count)
{
    virPyThread *thread = virPyThisThread();
    PyObject *dict = thread ? PyDict_New() : NULL;

    for (int i = 0; dict && i < count; i++)
        if (virPySetItem(thread, dict, params[i].field, fromParam(&params[i])) < 0)
            Py_CLEAR(dict);
    return dict;
}

PyObject *virPyFromParamsLike(virTypedParameterPtr params, int count, virTypedParameterPtr others, int nothers,
                              PyObject *before)
{
    /* A dict that is shorter than its array had a field twice. */
    if (!before || count != nothers || PyDict_Size(before) != count || !haveSameNames(params, others, count))
        return virPyFromParams(params, count);
    PyObject *dict = PyDict_Copy(before);
    Py_ssize_t place = 0;
    for (int i = 0; dict && i < count; i++) {
        PyObject *value = fromParam(&params[i]);
        PyObject *name = NULL;

        /* PyDict_Next() gives the names in the order of the parameters. */
        if (!value || !PyDict_Next(before, &place, &name, NULL) || PyDict_SetItem(dict, name, value) < 0)
            Py_CLEAR(dict);
        Py_XDECREF(value);
    }
    return dict;
}

/* --- from Python ----------------------------------------------------------- */

/* Return a free element at the end of the array, with its name set, or NULL with an exception.  The caller counts the
 * element once it has a type, so that no half-made one is freed. */
static virTypedParameterPtr reserveParam(const virPyWhere *where, virPyParams *params)
{
    size_t length = strlen(where->item);

    if (length >= VIR_TYPED_PARAM_FIELD_LENGTH) {
        /* These are libvirt's own words for the same mistake. */
        virPyRaise(where->self, VIR_ERR_INTERNAL_ERROR, "internal error: Field name '%s' too long",
                   virPyExcerptOf(where->item).text);
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

/* Convert a value to the given type.  Returns 0, or -1 with an exception. */
static int convertValue(const virPyWhere *where, int type, PyObject *value, virTypedParameterPtr param)
{
    virPyString text VIR_PY_AUTO(virPyDropString) = { NULL, NULL };
    long long number = 0;
    int retval;

    switch (type) {
    case VIR_TYPED_PARAM_INT:
        retval = virPyAsInteger(where, value, INT_MIN, INT_MAX, &number);
        param->value.i = (int)number;
        return retval;
    case VIR_TYPED_PARAM_UINT:
        retval = virPyAsInteger(where, value, 0, UINT_MAX, &number);
        param->value.ui = (unsigned int)number;
        return retval;
    case VIR_TYPED_PARAM_LLONG:
        return virPyAsInteger(where, value, LLONG_MIN, LLONG_MAX, &param->value.l);
    case VIR_TYPED_PARAM_ULLONG:
        return virPyAsInteger(where, value, 0, ULLONG_MAX, (long long *)&param->value.ul);
    case VIR_TYPED_PARAM_DOUBLE:
        return virPyAsDouble(where, value, &param->value.d);
    case VIR_TYPED_PARAM_BOOLEAN:
        retval = PyObject_IsTrue(value);
        param->value.b = (char)(retval == 1);
        return retval < 0 ? -1 : 0;
    case VIR_TYPED_PARAM_STRING:
        return virPyAsText(where, value, "str", &text) < 0 ? -1 : virPyCopyText(text.str, &param->value.s);
    default:
        return virPyArgumentError(PyExc_LookupError, where, "is of a type that is not known: %d", type);
    }
}

/* Return the type that fits a value, or 0 with an exception. */
static int typeOfValue(const virPyWhere *where, PyObject *value)
{
    if (PyUnicode_Check(value))
        return VIR_TYPED_PARAM_STRING;
    if (PyBool_Check(value))
        return VIR_TYPED_PARAM_BOOLEAN;
    if (PyFloat_Check(value))
        return VIR_TYPED_PARAM_DOUBLE;
    if (PyIndex_Check(value)) {
        PyObject *number VIR_PY_AUTO(virPyDropRef) = PyNumber_Index(value);
        int overflow = 0;
        long long fits = number ? PyLong_AsLongLongAndOverflow(number, &overflow) : 0;

        if (!number)
            return 0;
        return overflow < 0 || (!overflow && fits < 0) ? VIR_TYPED_PARAM_LLONG : VIR_TYPED_PARAM_ULLONG;
    }
    (void)virPyArgumentTypeError(where, value, "str, int, bool or float");
    return 0;
}

/* Append a parameter.  TYPE is 0 if an exception is set already. */
static int addParam(const virPyWhere *where, int type, PyObject *value, virPyParams *params)
{
    virTypedParameterPtr param = type ? reserveParam(where, params) : NULL;

    if (!param || convertValue(where, type, value, param) < 0)
        return -1;
    param->type = type;
    params->count++;
    return 0;
}

/* Append the parameters of one field, whose type stands in a table or follows from the value. */
static int addField(const virPyWhere *where, const virPyParamType *types, PyObject *value, virPyParams *params)
{
    PyObject *items VIR_PY_AUTO(virPyDropRef) =
        PyList_Check(value) || PyTuple_Check(value) ? PySequence_Tuple(value) : virPyPackTuple(1, virPyNewRef(value));

    while (types->name && strcmp(types->name, where->item) != 0)
        types++;
    for (Py_ssize_t n = 0; items && n < PyTuple_Size(items); n++) {
        PyObject *item = PyTuple_GetItem(items, n);

        if (addParam(where, types->name ? types->type : typeOfValue(where, item), item, params) < 0)
            return -1;
    }
    return items ? 0 : -1;
}

/* Append the parameter of a field that the getter returned. */
static int addKnownField(const virPyWhere *where, const virPyParams *known, PyObject *value, virPyParams *params)
{
    for (int n = 0; n < known->count; n++)
        if (strncmp(known->array[n].field, where->item, VIR_TYPED_PARAM_FIELD_LENGTH) == 0)
            return addParam(where, known->array[n].type, value, params);
    return virPyArgumentError(PyExc_LookupError, where, "is no field that can be set here");
}

static int raiseBadKey(const virPyWhere *where, PyObject *key)
{
    PyObject *type VIR_PY_AUTO(virPyDropRef) = PyObject_GetAttrString((PyObject *)Py_TYPE(key), "__name__");
    virPyCallNames names = virPyNamesOf(where);

    if (type)
        PyErr_Format(PyExc_TypeError, "%s() argument '%s': keys must be str, not %U", names.function, names.param,
                     type);
    return -1;
}

/* Append the parameters of a dict.  If KNOWN is not NULL, it has all fields that are allowed, and TYPES is empty. */
static int addFields(const virPyWhere *where, PyObject *dict, const virPyParamType *types, const virPyParams *known,
                     virPyParams *params)
{
    /* Iterate over a snapshot, because converting a value may run code that changes the dict. */
    PyObject *items VIR_PY_AUTO(virPyDropRef) = PyDict_Items(dict);

    for (Py_ssize_t n = 0; items && n < PyList_Size(items); n++) {
        PyObject *key = PyTuple_GetItem(PyList_GetItem(items, n), 0);
        PyObject *value = PyTuple_GetItem(PyList_GetItem(items, n), 1);
        virPyString name VIR_PY_AUTO(virPyDropString) = { NULL, NULL };

        if (!PyUnicode_Check(key))
            return raiseBadKey(where, key);
        if (virPyAsText(virPyItemIn(where, "(key)"), key, "str", &name) < 0)
            return -1;
        const virPyWhere *field = virPyItemIn(where, name.str);
        if ((known ? addKnownField(field, known, value, params) : addField(field, types, value, params)) < 0)
            return -1;
    }
    return items ? 0 : -1;
}

int virPyAsParams(const virPyWhere *where, PyObject *object, const virPyParamType *types, virPyParams *params)
{
    if (virPyCheckType(where, object, PyDict_Check(object), "dict") < 0)
        return -1;
    return addFields(where, object, types, NULL, params);
}

int virPyCheckParams(const virPyWhere *where, PyObject *object)
{
    if (virPyCheckType(where, object, PyDict_Check(object), "dict") < 0)
        return -1;
    return PyDict_Size(object) > 0 ? 0 : virPyArgumentError(PyExc_LookupError, where, "is empty");
}

int virPyAsKnownParams(const virPyWhere *where, PyObject *object, const virPyParams *known, virPyParams *params)
{
    return addFields(where, object, &(virPyParamType){ NULL, 0 }, known, params);
}

unsigned int virPyGetterFlags(unsigned int flags)
{
    unsigned int both = VIR_DOMAIN_AFFECT_LIVE | VIR_DOMAIN_AFFECT_CONFIG;

    return (flags & both) == both ? flags & ~(unsigned int)VIR_DOMAIN_AFFECT_CONFIG : flags;
}
