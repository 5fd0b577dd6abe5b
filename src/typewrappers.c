/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Scalars, text and containers between Python and C. */

#include "typewrappers.h"

#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* --- what exceptions name ------------------------------------------------ */

void
virPyNamesOf(const char *self, Py_ssize_t i, virPyCallNames *names)
{
    const char *param = strchr(self, '(') + 1;

    /* The module stands before the arguments, and "/" behind them. */
    for (; i >= 0; i--)
        param = strchr(param, ',') + 2;
    PyOS_snprintf(names->function, sizeof(names->function), "%.*s", (int)strcspn(self, "("), self);
    PyOS_snprintf(names->param, sizeof(names->param), "%.*s", (int)strcspn(param, ",)"), param);
}

void
virPyTakeExcerpt(const char *text, virPyExcerpt *excerpt)
{
    size_t length = strlen(text);

    if (length >= sizeof(excerpt->text)) {
        length = sizeof(excerpt->text) - 1;
        /* Not behind the first bytes of a character, of which there are three at most. */
        for (int n = 0; n < 3 && ((unsigned char)text[length] & 0xc0) == 0x80; n++)
            length--;
    }
    memcpy(excerpt->text, text, length);
    excerpt->text[length] = '\0';
}

int
virPyArgumentError(PyObject *exception, const virPyWhere *where, const char *format, ...)
{
    virPyCallNames names;
    PyObject *what;
    va_list va;

    va_start(va, format);
    what = PyUnicode_FromFormatV(format, va);
    va_end(va);
    if (!what)
        return -1;
    virPyNamesOf(where->self, where->i, &names);
    if (where->item) {
        virPyExcerpt item;

        virPyTakeExcerpt(where->item, &item);
        PyErr_Format(exception, "%s() argument '%s' item '%s' %U", names.function, names.param, item.text, what);
    } else {
        PyErr_Format(exception, "%s() argument '%s' %U", names.function, names.param, what);
    }
    Py_DECREF(what);
    return -1;
}

int
virPyArgumentTypeError(const virPyWhere *where, PyObject *object, const char *wanted)
{
    PyObject *name = PyObject_GetAttrString((PyObject *)Py_TYPE(object), "__name__");

    if (name) {
        const char *text = PyUnicode_AsUTF8AndSize(name, NULL);

        if (text)
            virPyArgumentError(PyExc_TypeError, where, "must be %s, not %s", wanted, text);
        Py_DECREF(name);
    }
    return -1;
}

/* The place of the character that cannot be encoded: a surrogate, rather none that stands for a byte. */
static Py_ssize_t
surrogateIn(PyObject *text)
{
    Py_ssize_t of_byte = 0;

    for (Py_ssize_t n = PyUnicode_GetLength(text) - 1; n >= 0; n--) {
        Py_UCS4 character = PyUnicode_ReadChar(text, n);

        if (character >= 0xdc80 && character <= 0xdcff)
            of_byte = n;
        else if (character >= 0xd800 && character <= 0xdfff)
            return n;
    }
    return of_byte;
}

/* COUNT asterisks, and a character of the text at that place. */
static PyObject *
hideBefore(PyObject *text, Py_ssize_t count)
{
    PyObject *asterisk VIR_PY_AUTO(virPyDropRef) = PyUnicode_FromString("*");
    PyObject *hidden VIR_PY_AUTO(virPyDropRef) = asterisk ? PySequence_Repeat(asterisk, count) : NULL;
    PyObject *character VIR_PY_AUTO(virPyDropRef) = hidden ? PyUnicode_Substring(text, count, count + 1) : NULL;

    return character ? PyUnicode_Concat(hidden, character) : NULL;
}

int
virPyArgumentEncodingError(const virPyWhere *where, PyObject *text)
{
    PyObject *shown VIR_PY_AUTO(virPyDropRef) = NULL;
    PyObject *reason VIR_PY_AUTO(virPyDropRef) = NULL;
    PyObject *error VIR_PY_AUTO(virPyDropRef) = NULL;
    virPyCallNames names;
    Py_ssize_t at;

    if (!PyErr_ExceptionMatches(PyExc_UnicodeEncodeError))
        return -1;
    PyErr_Clear();
    virPyNamesOf(where->self, where->i, &names);
    at = surrogateIn(text);
    shown = hideBefore(text, at);
    reason = shown ? PyUnicode_FromFormat("%s() argument '%s' may have no surrogates", names.function, names.param)
                   : NULL;
    error = reason ? PyObject_CallFunction(PyExc_UnicodeEncodeError, "sOnnO", "utf-8", shown, at, at + 1, reason)
                   : NULL;
    if (error)
        PyErr_SetObject(PyExc_UnicodeEncodeError, error);
    return -1;
}

int
virPyCheckCount(const char *self, Py_ssize_t nargs, Py_ssize_t wanted)
{
    virPyCallNames names;

    if (nargs == wanted)
        return 0;
    virPyNamesOf(self, 0, &names);
    PyErr_Format(PyExc_TypeError, "%s() takes exactly %zd argument%s (%zd given)",
                 names.function, wanted, wanted == 1 ? "" : "s", nargs);
    return -1;
}

/* --- numbers ------------------------------------------------------------- */

/* The int behind an object, by __index__ where it is none: a new reference. */
static PyObject *
indexOf(const virPyWhere *where, PyObject *object)
{
    PyObject *number;

    if (PyLong_Check(object))
        return virPyNewRef(object);
    if (!PyIndex_Check(object)) {
        virPyArgumentTypeError(where, object, "int");
        return NULL;
    }
    /* Its __index__ may take it out of the container that holds it. */
    Py_INCREF(object);
    number = PyNumber_Index(object);
    Py_DECREF(object);
    return number;
}

static int
outOfRange(const virPyWhere *where, long long min, unsigned long long max)
{
    return virPyArgumentError(PyExc_OverflowError, where, "is not in the range %lld to %llu", min, max);
}

/* Whether an object is a plain int in a range, as it nearly always is. */
static inline bool
isPlain(PyObject *object, long long min, long long max, long long *value)
{
    int overflow;

    if (!PyLong_CheckExact(object))
        return false;
    *value = PyLong_AsLongLongAndOverflow(object, &overflow);
    return !overflow && *value >= min && *value <= max;
}

int
virPyItemAsSigned(const virPyWhere *where, PyObject *object, long long min, long long max,
                  long long *value)
{
    PyObject *number = indexOf(where, object);
    int overflow;

    if (!number)
        return -1;
    *value = PyLong_AsLongLongAndOverflow(number, &overflow);
    Py_DECREF(number);
    if (overflow || *value < min || *value > max)
        return outOfRange(where, min, (unsigned long long)max);
    return 0;
}

int
virPyItemAsUnsigned(const virPyWhere *where, PyObject *object, unsigned long long max,
                    unsigned long long *value)
{
    PyObject *number = indexOf(where, object);

    if (!number)
        return -1;
    *value = PyLong_AsUnsignedLongLong(number);
    Py_DECREF(number);
    if (*value == ULLONG_MAX && PyErr_Occurred()) {
        PyErr_Clear();
        return outOfRange(where, 0, max);
    }
    return *value > max ? outOfRange(where, 0, max) : 0;
}

int
virPyItemAsDouble(const virPyWhere *where, PyObject *object, double *value)
{
    *value = PyFloat_AsDouble(object);
    if (*value != -1.0 || !PyErr_Occurred())
        return 0;
    if (PyErr_ExceptionMatches(PyExc_OverflowError)) {
        PyErr_Clear();
        return virPyArgumentError(PyExc_OverflowError, where, "is too large for a float");
    }
    if (!PyErr_ExceptionMatches(PyExc_TypeError))
        return -1;
    PyErr_Clear();
    return virPyArgumentTypeError(where, object, "float");
}

/* The converters of each C type differ in nothing but their range. */
#define SIGNED(name, ctype, min, max) \
    int \
    name(const char *self, PyObject *const *args, Py_ssize_t i, ctype *value) \
    { \
        long long wide = 0; \
        int retval = 0; \
\
        if (!isPlain(args[i], min, max, &wide)) \
            retval = virPyItemAsSigned(&(virPyWhere){ self, i, NULL }, args[i], min, max, &wide); \
        *value = (ctype)wide; \
        return retval; \
    }

#define UNSIGNED(name, ctype, max) \
    int \
    name(const char *self, PyObject *const *args, Py_ssize_t i, ctype *value) \
    { \
        const virPyWhere where = { self, i, NULL }; \
        unsigned long long wide = 0; \
        int retval = virPyItemAsUnsigned(&where, args[i], max, &wide); \
\
        *value = (ctype)wide; \
        return retval; \
    }

SIGNED(virPyAsInt, int, INT_MIN, INT_MAX)
SIGNED(virPyAsUInt, unsigned int, 0, UINT_MAX)
/* Programs pass -1 for all bits, so a negative number is taken as its two's complement. */
SIGNED(virPyAsMask, unsigned int, INT_MIN, UINT_MAX)
SIGNED(virPyAsLong, long, LONG_MIN, LONG_MAX)
SIGNED(virPyAsLLong, long long, LLONG_MIN, LLONG_MAX)
UNSIGNED(virPyAsULong, unsigned long, ULONG_MAX)
UNSIGNED(virPyAsULLong, unsigned long long, ULLONG_MAX)
UNSIGNED(virPyAsSize, size_t, PY_SSIZE_T_MAX)

int
virPyAsDouble(const char *self, PyObject *const *args, Py_ssize_t i, double *value)
{
    const virPyWhere where = { self, i, NULL };

    return virPyItemAsDouble(&where, args[i], value);
}

/* --- text and bytes ------------------------------------------------------ */

/* Text that is not UTF-8 came from libvirt with surrogates for its bytes, and
 * goes back as those bytes. */
static int
asText(const virPyWhere *where, PyObject *object, virPyString *string)
{
    Py_ssize_t size;

    string->str = PyUnicode_AsUTF8AndSize(object, &size);
    if (!string->str) {
        char *bytes;

        if (!PyErr_ExceptionMatches(PyExc_UnicodeEncodeError))
            return -1;
        PyErr_Clear();
        string->owner = PyUnicode_AsEncodedString(object, "utf-8", "surrogateescape");
        if (!string->owner)
            return virPyArgumentEncodingError(where, object);
        if (PyBytes_AsStringAndSize(string->owner, &bytes, &size) < 0)
            return -1;
        string->str = bytes;
    }
    if (strlen(string->str) != (size_t)size)
        return virPyArgumentError(PyExc_ValueError, where, "contains a null character");
    return 0;
}

int
virPyItemAsText(const virPyWhere *where, PyObject *object, virPyString *string)
{
    if (!PyUnicode_Check(object))
        return virPyArgumentTypeError(where, object, "str");
    return asText(where, object, string);
}

int
virPyAsText(const char *self, PyObject *const *args, Py_ssize_t i, const char *wanted, virPyString *string)
{
    const virPyWhere where = { self, i, NULL };

    if (!PyUnicode_Check(args[i]))
        return virPyArgumentTypeError(&where, args[i], wanted);
    return asText(&where, args[i], string);
}

void
virPyDropString(virPyString *string)
{
    Py_XDECREF(string->owner);
}

void
virPyDropRef(PyObject **object)
{
    Py_XDECREF(*object);
}

PyObject *
virPyFromString(const char *str)
{
    if (!str)
        return virPyNewRef(Py_None);
    return PyUnicode_DecodeUTF8(str, (Py_ssize_t)strlen(str), "surrogateescape");
}

PyObject *
virPyFromAllocated(char *str)
{
    PyObject *text = virPyFromString(str);

    free(str);
    return text;
}

PyObject *
virPyFromBytes(const void *data, size_t size)
{
    return PyBytes_FromStringAndSize(data, (Py_ssize_t)size);
}

PyObject *
virPyFromBool(int value)
{
    return virPyNewRef(value ? Py_True : Py_False);
}

int
virPyResultAsInt(PyObject *result, const char *what)
{
    PyObject *number VIR_PY_AUTO(virPyDropRef) = PyNumber_Index(result);
    int overflow = 0;
    long value = number ? PyLong_AsLongAndOverflow(number, &overflow) : -1;

    if (number && (overflow || value < INT_MIN || value > INT_MAX))
        PyErr_Format(PyExc_OverflowError, "%s must fit into a C int", what);
    return PyErr_Occurred() ? -1 : (int)value;
}

/* --- keys of dicts ------------------------------------------------------- */

/* Names of fields differ at their beginning or at their end. */
static uint8_t
placeOf(const char *text, size_t length)
{
    uint64_t first = 0, last = 0;

    if (length < sizeof(first)) {
        memcpy(&first, text, length);
    } else {
        memcpy(&first, text, sizeof(first));
        memcpy(&last, text + length - sizeof(last), sizeof(last));
    }
    return (uint8_t)((first * 0x9e3779b97f4a7c15u ^ last * 0xc2b2ae3d27d4eb4fu) >> 56);
}

/* Two texts that share a place push each other out. */
PyObject *
virPyKey(virPyThread *thread, const char *text)
{
    size_t length = strlen(text);
    uint8_t n = placeOf(text, length);
    PyObject *made;

    if (thread->keys[n].object && thread->keys[n].length == length &&
        memcmp(thread->keys[n].text, text, length) == 0)
        return virPyNewRef(thread->keys[n].object);
    made = virPyFromString(text);
    text = made ? PyUnicode_AsUTF8AndSize(made, NULL) : NULL;
    if (text) {
        PyObject *old = thread->keys[n].object;

        thread->keys[n].object = virPyNewRef(made);
        thread->keys[n].text = text;
        thread->keys[n].length = length;
        Py_XDECREF(old);
    } else if (made) {
        /* It has bytes that are no UTF-8, or there is no memory to keep it. */
        PyErr_Clear();
    }
    return made;
}

int
virPySetItem(virPyThread *thread, PyObject *dict, const char *key, PyObject *value)
{
    PyObject *text = value ? virPyKey(thread, key) : NULL;
    int retval = text ? PyDict_SetItem(dict, text, value) : -1;

    Py_XDECREF(text);
    Py_XDECREF(value);
    return retval;
}

/* --- containers ---------------------------------------------------------- */

PyObject *
virPyDictItem(PyObject *dict, const char *name)
{
    virPyThread *thread = virPyThisThread();
    PyObject *key VIR_PY_AUTO(virPyDropRef) = thread ? virPyKey(thread, name) : NULL;

    return key ? virPyDictValue(dict, key) : NULL;
}

PyObject *
virPyAttribute(PyObject *object, const char *name)
{
    virPyThread *thread = virPyThisThread();
    PyObject *key VIR_PY_AUTO(virPyDropRef) = thread ? virPyKey(thread, name) : NULL;

    return key ? PyObject_GetAttr(object, key) : NULL;
}

/* Whether all items are there.  If not, the others are dropped. */
static bool
complete(Py_ssize_t count, PyObject **items)
{
    bool all = true;

    for (Py_ssize_t i = 0; i < count; i++)
        all = all && items[i];
    for (Py_ssize_t i = 0; !all && i < count; i++)
        Py_XDECREF(items[i]);
    return all;
}

#define PACK(name, create, fill) \
    PyObject * \
    name(Py_ssize_t count, PyObject **items) \
    { \
        PyObject *whole; \
\
        if (!complete(count, items)) \
            return NULL; \
        whole = create(count); \
        for (Py_ssize_t i = 0; i < count; i++) { \
            if (whole) \
                fill(whole, i, items[i]); \
            else \
                Py_DECREF(items[i]); \
        } \
        return whole; \
    }

PACK(virPyListFrom, PyList_New, VIR_PY_FILL_LIST)
PACK(virPyTupleFrom, PyTuple_New, VIR_PY_FILL_TUPLE)

PyObject *
virPyPackDict(int count, ...)
{
    virPyThread *thread = virPyThisThread();
    PyObject *dict = thread ? PyDict_New() : NULL;
    va_list va;

    va_start(va, count);
    for (int i = 0; i < count; i++) {
        const char *key = va_arg(va, const char *);
        PyObject *value = va_arg(va, PyObject *);

        if (!dict)
            Py_XDECREF(value);
        else if (virPySetItem(thread, dict, key, value) < 0)
            Py_CLEAR(dict);
    }
    va_end(va);
    return dict;
}
