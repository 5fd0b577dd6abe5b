/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A libFuzzer target: convert values to C and back, and check the result.
 *
 * The fuzzer's bytes are decoded into a Python value.  One of the conversions
 * of src/ converts it to C, and another one back.  oracle.py, which must be on
 * Python's path, computes the expected result.
 */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "calls.h"
#include "errorrecord.h"
#include "libvirt-utils.h"
#include "typedparams.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static PyObject *check;    /* oracle.check */
static PyObject *changing; /* oracle.Changing */

static void __attribute__((noreturn))
die(const char *what)
{
    fprintf(stderr, "conversions: %s\n", what);
    if (PyErr_Occurred())
        PyErr_Print();
    abort();
}

static PyObject *need(PyObject *object)
{
    if (!object)
        die("Python has failed");
    return object;
}

/* --- the decoder --------------------------------------------------------- */

typedef struct {
    const uint8_t *data;
    size_t size;
    bool changes; /* whether a value changes its container, so that the oracle cannot predict the result */
} Input;

static uint8_t takeByte(Input *input)
{
    if (input->size == 0)
        return 0;
    input->size--;
    return *input->data++;
}

/* Take up to MOST bytes.  Return their number, and point BYTES at them. */
static size_t takeBytes(Input *input, size_t most, const uint8_t **bytes)
{
    size_t count = takeByte(input);

    count = count < most ? count : most;
    count = count < input->size ? count : input->size;
    *bytes = input->data;
    input->data += count;
    input->size -= count;
    return count;
}

static PyObject *decodeNumber(Input *input)
{
    static const char *const edges[] = {
        "0x7fffffff", "0x80000000", "-0x80000000", "-0x80000001", "0xffffffff", "0x100000000",
        "0x7fffffffffffffff", "0x8000000000000000", "-0x8000000000000000", "-0x8000000000000001",
        "0xffffffffffffffff", "0x10000000000000000",
    };
    const uint8_t *bytes;
    uint8_t which = takeByte(input);
    long long number = 0;
    size_t count;

    if (which < sizeof(edges) / sizeof(*edges))
        return need(PyLong_FromString(edges[which], NULL, 0));
    if (which < 128)
        return need(PyLong_FromLong((long)which - 70));
    count = takeBytes(input, sizeof(number), &bytes);
    memcpy(&number, bytes, count);
    return need(PyLong_FromLongLong(number));
}

static PyObject *decodeFloat(Input *input)
{
    const uint8_t *bytes;
    double number = 0.25;
    size_t count = takeBytes(input, sizeof(number), &bytes);

    memcpy(&number, bytes, count);
    return need(PyFloat_FromDouble(number));
}

/* Decode a str: from bytes that are UTF-8 or not, or from any code points, even lone surrogates. */
static PyObject *decodeText(Input *input)
{
    static const char *const names[] = { "int", "uint", "llong", "ullong", "double", "boolean", "string" };
    uint8_t which = takeByte(input);
    const uint8_t *bytes;
    Py_UCS2 units[100];
    size_t count;

    if (which < 7 * 8)
        return need(PyUnicode_FromString(names[which % 7]));
    count = takeBytes(input, sizeof(units), &bytes);
    if (which < 160)
        return need(PyUnicode_DecodeUTF8((const char *)bytes, (Py_ssize_t)count, "surrogateescape"));
    memcpy(units, bytes, count);
    return need(PyUnicode_FromKindAndData(PyUnicode_2BYTE_KIND, units, (Py_ssize_t)count / 2));
}

static PyObject *decodeBuffer(Input *input)
{
    uint8_t which = takeByte(input);
    const uint8_t *bytes;
    size_t count = takeBytes(input, 40, &bytes);
    PyObject *data = need(PyBytes_FromStringAndSize((const char *)bytes, (Py_ssize_t)count));
    PyObject *other = NULL;

    if (which % 4 == 1)
        other = need(PyByteArray_FromObject(data));
    if (which % 4 == 2)
        other = need(PyMemoryView_FromObject(data));
    if (which % 4 == 3) {
        PyObject *view = need(PyMemoryView_FromObject(data));
        PyObject *step = need(PyLong_FromLong(2));
        PyObject *slice = need(PySlice_New(NULL, NULL, step));

        other = need(PyObject_GetItem(view, slice));
        Py_DECREF(slice);
        Py_DECREF(step);
        Py_DECREF(view);
    }
    if (!other)
        return data;
    Py_DECREF(data);
    return other;
}

static PyObject *decode(Input *input, int depth, PyObject *container);

static PyObject *decodeList(Input *input, int depth, bool tuple)
{
    uint8_t count = takeByte(input) % 40;
    PyObject *list = need(PyList_New(0));
    PyObject *whole;

    for (int n = 0; n < count && input->size > 0; n++) {
        PyObject *item = decode(input, depth + 1, list);
        uint8_t times = takeByte(input);

        /* Repeat items, so that few bytes can make a long list. */
        for (int again = times < 192 ? 1 : times - 191; again > 0; again--)
            if (PyList_Append(list, item) < 0)
                die("Python has failed");
        Py_DECREF(item);
    }
    if (!tuple)
        return list;
    whole = need(PyList_AsTuple(list));
    Py_DECREF(list);
    return whole;
}

static PyObject *decodeDict(Input *input, int depth)
{
    uint8_t count = takeByte(input) % 20;
    PyObject *dict = need(PyDict_New());

    for (int n = 0; n < count && input->size > 0; n++) {
        PyObject *key = takeByte(input) < 240 ? decodeText(input) : decodeNumber(input);
        PyObject *value = decode(input, depth + 1, dict);

        if (PyDict_SetItem(dict, key, value) < 0)
            die("Python has failed");
        Py_DECREF(value);
        Py_DECREF(key);
    }
    return dict;
}

/* Decode a value, which may change the container that it is put into. */
static PyObject *decode(Input *input, int depth, PyObject *container)
{
    switch (takeByte(input) % 16) {
    case 0:
        return virPyNewRef(Py_None);
    case 1:
        return PyBool_FromLong(takeByte(input) & 1);
    case 2:
    case 3:
    case 4:
        return decodeNumber(input);
    case 5:
        return decodeFloat(input);
    case 6:
        return decodeBuffer(input);
    case 7:
        if (container) {
            PyObject *number = decodeNumber(input);
            PyObject *changer = need(PyObject_CallFunctionObjArgs(changing, container, number, NULL));

            input->changes = true;
            Py_DECREF(number);
            return changer;
        }
        return decodeText(input);
    case 8:
    case 9:
    case 10:
        return depth < 3 ? decodeList(input, depth, false) : decodeNumber(input);
    case 11:
        return depth < 3 ? decodeList(input, depth, true) : decodeText(input);
    case 12:
    case 13:
        return depth < 3 ? decodeDict(input, depth) : decodeText(input);
    default:
        return decodeText(input);
    }
}

/* --- conversions to C and back -------------------------------------------- */

static const char self[] = "convert($module, value, /)";
#define WHERE virPyArgument(self, 0)

static const virPyParamType known[] = {
    { "int", VIR_TYPED_PARAM_INT },
    { "uint", VIR_TYPED_PARAM_UINT },
    { "llong", VIR_TYPED_PARAM_LLONG },
    { "ullong", VIR_TYPED_PARAM_ULLONG },
    { "double", VIR_TYPED_PARAM_DOUBLE },
    { "boolean", VIR_TYPED_PARAM_BOOLEAN },
    { "string", VIR_TYPED_PARAM_STRING },
    { NULL, 0 },
};

static PyObject *params(PyObject *value, int typed)
{
    virPyParams made VIR_PY_AUTO(virPyFreeParams) = { NULL, 0, 0 };

    if (virPyAsParams(WHERE, value, typed ? known : known + 7, &made) < 0)
        return NULL;
    return need(virPyFromParams(made.array, made.count));
}

static PyObject *knownParams(PyObject *value, int unused VIR_PY_UNUSED)
{
    virPyParams told VIR_PY_AUTO(virPyFreeParams) = { NULL, 7, 0 };
    virPyParams made VIR_PY_AUTO(virPyFreeParams) = { NULL, 0, 0 };

    if (virPyCheckParams(WHERE, value) < 0)
        return NULL;
    if (virPyNewParams(&told) < 0)
        die("no memory");
    for (int n = 0; n < told.count; n++) {
        strcpy(told.array[n].field, known[n].name);
        told.array[n].type = known[n].type;
    }
    if (virPyAsKnownParams(WHERE, value, &told, &made) < 0)
        return NULL;
    return need(virPyFromParams(made.array, made.count));
}

static PyObject *cpuMap(PyObject *value, int cpus)
{
    virPyArray map VIR_PY_AUTO(virPyFreePointer) = { NULL, 0 };

    if (virPyAsCpuMap(WHERE, value, cpus, &map) < 0)
        return NULL;
    for (int n = cpus; n < 8 * (int)map.count; n++)
        if (VIR_CPU_USED((unsigned char *)map.items, n))
            die("a CPU that is not there");
    return need(virPyFromCpuMap(map.items, (int)map.count, cpus, 0));
}

static PyObject *texts(PyObject *value, int unused VIR_PY_UNUSED)
{
    virPyTexts made VIR_PY_AUTO(virPyFreeTexts) = { NULL, 0 };

    if (virPyAsTexts(WHERE, value, &made) < 0)
        return NULL;
    if (!made.array)
        return virPyNewRef(Py_None);
    if (made.array[made.count])
        die("an array that does not end");
    return need(virPyFromTexts(made.array, made.count));
}

static PyObject *ints(PyObject *value, int unused VIR_PY_UNUSED)
{
    virPyArray made VIR_PY_AUTO(virPyFreePointer) = { NULL, 0 };

    if (virPyAsInts(WHERE, value, &made) < 0)
        return NULL;
    return need(virPyFromNumbers(made.items, (int)made.count));
}

static PyObject *bytes(PyObject *value, int buffer)
{
    virPyBytes made VIR_PY_AUTO(virPyFreeBytes) = { .data = NULL };

    if ((buffer ? virPyAsBuffer : virPyAsBytes)(WHERE, value, &made) < 0)
        return NULL;
    return made.data ? need(virPyFromBytes(made.data, made.size)) : virPyNewRef(Py_None);
}

static PyObject *uuid(PyObject *value, int unused VIR_PY_UNUSED)
{
    unsigned char made[VIR_UUID_BUFLEN];

    if (virPyAsUUID(WHERE, value, made) < 0)
        return NULL;
    return need(virPyFromBytes(made, sizeof(made)));
}

/* Convert a value by a letter of virPyParse(), to call.in[0]. */
static PyObject *byLetter(PyObject *value, const char *letters)
{
    virPyCall call VIR_PY_AUTO(virPyReleaseCall);

    if (virPyParse(&call, self, letters, &value, 0, NULL) < 0)
        return NULL;
    switch (letters[0]) {
    case 'i':
        return need(virPyFromInt(call.in[0].i));
    case 'u':
    case 'I':
        return need(virPyFromUInt(call.in[0].u));
    case 'l':
        return need(virPyFromLong(call.in[0].l));
    case 'k':
        return need(virPyFromULong(call.in[0].ul));
    case 'L':
        return need(virPyFromLLong(call.in[0].ll));
    case 'K':
        return need(virPyFromULLong(call.in[0].ull));
    case 'n':
        return need(virPyFromULLong(call.in[0].size));
    case 'd':
        return need(virPyFromDouble(call.in[0].real));
    default:
        return need(virPyFromString(call.in[0].text));
    }
}

static PyObject *scalar(PyObject *value, int which)
{
    static const char *const letters[] = { "i", "u", "l", "k", "L", "K", "n", "I" };

    return byLetter(value, letters[which]);
}

static PyObject *floating(PyObject *value, int unused VIR_PY_UNUSED)
{
    return byLetter(value, "d");
}

static PyObject *string(PyObject *value, int unused VIR_PY_UNUSED)
{
    return byLetter(value, "s");
}

/* In the order of oracle.KINDS.  MOST is the number of values of the argument MORE. */
static const struct {
    PyObject *(*convert)(PyObject *value, int more);
    int most;
} kinds[] = {
    { params, 2 },
    { knownParams, 1 },
    { cpuMap, 300 },
    { texts, 1 },
    { ints, 1 },
    { bytes, 2 },
    { uuid, 1 },
    { scalar, 8 },
    { floating, 1 },
    { string, 1 },
};

/* --- the target ---------------------------------------------------------- */

int LLVMFuzzerInitialize(int *argc VIR_PY_UNUSED, char ***argv VIR_PY_UNUSED)
{
    PyObject *oracle, *libvirt, *error;

    Py_InitializeEx(0);
    oracle = need(PyImport_ImportModule("oracle"));
    check = need(PyObject_GetAttrString(oracle, "check"));
    changing = need(PyObject_GetAttrString(oracle, "Changing"));
    /* The conversions raise libvirt.libvirtError.  Nothing else of the module is needed. */
    error = need(PyObject_GetAttrString(oracle, "libvirtError"));
    libvirt = need(PyImport_AddModule("libvirt"));
    if (PyObject_SetAttrString(libvirt, "libvirtError", error) < 0)
        die("Python has failed");
    Py_DECREF(error);
    Py_DECREF(oracle);
    return 0;
}

/* Return a new reference to the exception that is set, and clear it. */
static PyObject *takeException(void)
{
    PyObject *type, *value, *traceback;

    PyErr_Fetch(&type, &value, &traceback);
    PyErr_NormalizeException(&type, &value, &traceback);
    Py_XDECREF(type);
    Py_XDECREF(traceback);
    return value;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Input input = { data, size, false };
    size_t kind = takeByte(&input) % (sizeof(kinds) / sizeof(*kinds));
    int more = (takeByte(&input) + 256 * (takeByte(&input) & 1)) % kinds[kind].most;
    PyObject *value = decode(&input, 0, NULL);
    PyObject *result = kinds[kind].convert(value, more);
    PyObject *error = result ? NULL : takeException();

    if (!result && !error)
        die("a failure without an exception");
    if (PyErr_Occurred())
        die("an exception with a result");
    /* A value that changes during its conversion has no predictable result, but must not crash. */
    if (!input.changes) {
        PyObject *good = PyObject_CallFunction(check, "iOiOO", (int)kind, value, more, result ? result : Py_None,
                                               error ? error : Py_None);

        if (!good)
            die("the result is not what the oracle expects");
        Py_DECREF(good);
    }
    Py_XDECREF(result);
    Py_XDECREF(error);
    if (PyList_Check(value))
        (void)PyList_SetSlice(value, 0, PyList_Size(value), NULL); /* the list may contain itself */
    else if (PyDict_Check(value))
        PyDict_Clear(value);
    Py_DECREF(value);
    return 0;
}
