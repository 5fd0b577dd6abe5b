/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Conversion of scalars, text and small containers.  typewrappers.h has the contracts. */

#include "typewrappers.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* --- what exceptions name -------------------------------------------------- */

virPyCallNames virPyNamesOf(const virPyWhere *where)
{
    virPyCallNames names;
    const char *param = strchr(where->self, '(') + 1;

    /* The arguments stand between "$module" and "/". */
    for (Py_ssize_t i = where->i; i >= 0; i--)
        param = strchr(param, ',') + 2;
    PyOS_snprintf(names.function, sizeof(names.function), "%.*s", (int)strcspn(where->self, "("), where->self);
    PyOS_snprintf(names.param, sizeof(names.param), "%.*s", (int)strcspn(param, "=,)"), param);
    return names;
}

virPyExcerpt virPyExcerptOf(const char *text)
{
    virPyExcerpt excerpt;
    size_t length = strlen(text);

    if (length >= sizeof(excerpt.text)) {
        length = sizeof(excerpt.text) - 1;
        /* Do not end between the bytes of a character, which has at most three continuation bytes. */
        for (int n = 0; n < 3 && ((unsigned char)text[length] & 0xc0) == 0x80; n++)
            length--;
    }
    memcpy(excerpt.text, text, length);
    excerpt.text[length] = '\0';
    return excerpt;
}

int virPyArgumentError(PyObject *exception, const virPyWhere *where, const char *format, ...)
{
    virPyCallNames names = virPyNamesOf(where);
    va_list va;

    va_start(va, format);
    PyObject *what VIR_PY_AUTO(virPyDropRef) = PyUnicode_FromFormatV(format, va);
    va_end(va);
    if (what && where->item)
        PyErr_Format(exception, "%s() argument '%s' item '%s' %U", names.function, names.param,
                     virPyExcerptOf(where->item).text, what);
    else if (what)
        PyErr_Format(exception, "%s() argument '%s' %U", names.function, names.param, what);
    return -1;
}

int virPyArgumentTypeError(const virPyWhere *where, PyObject *object, const char *wanted)
{
    PyObject *name VIR_PY_AUTO(virPyDropRef) = PyObject_GetAttrString((PyObject *)Py_TYPE(object), "__name__");
    const char *text = name ? PyUnicode_AsUTF8AndSize(name, NULL) : NULL;

    return text ? virPyArgumentError(PyExc_TypeError, where, "must be %s, not %s", wanted, text) : -1;
}

/* Return the index of the character that cannot be encoded.  A surrogate that stands for a byte (surrogateescape) is
 * reported only if there is no other surrogate. */
static Py_ssize_t findSurrogate(PyObject *text)
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

/* Return COUNT asterisks, followed by the character of the text at that index. */
static PyObject *maskBefore(PyObject *text, Py_ssize_t count)
{
    PyObject *asterisk VIR_PY_AUTO(virPyDropRef) = PyUnicode_FromString("*");
    PyObject *masked VIR_PY_AUTO(virPyDropRef) = asterisk ? PySequence_Repeat(asterisk, count) : NULL;
    PyObject *character VIR_PY_AUTO(virPyDropRef) = masked ? PyUnicode_Substring(text, count, count + 1) : NULL;

    return character ? PyUnicode_Concat(masked, character) : NULL;
}

int virPyArgumentEncodingError(const virPyWhere *where, PyObject *text)
{
    virPyCallNames names = virPyNamesOf(where);

    if (!PyErr_ExceptionMatches(PyExc_UnicodeEncodeError))
        return -1;
    PyErr_Clear();
    Py_ssize_t at = findSurrogate(text);
    PyObject *shown VIR_PY_AUTO(virPyDropRef) = maskBefore(text, at);
    PyObject *reason VIR_PY_AUTO(virPyDropRef) =
        PyUnicode_FromFormat("%s() argument '%s' may have no surrogates", names.function, names.param);
    PyObject *error VIR_PY_AUTO(virPyDropRef) =
        shown && reason ? PyObject_CallFunction(PyExc_UnicodeEncodeError, "sOnnO", "utf-8", shown, at, at + 1, reason)
                        : NULL;
    if (error)
        PyErr_SetObject(PyExc_UnicodeEncodeError, error);
    return -1;
}

int virPyCheckCount(const char *self, Py_ssize_t nargs, Py_ssize_t wanted)
{
    if (nargs == wanted)
        return 0;
    PyErr_Format(PyExc_TypeError, "%s() takes exactly %zd argument%s (%zd given)",
                 virPyNamesOf(virPyArgument(self, 0)).function, wanted, wanted == 1 ? "" : "s", nargs);
    return -1;
}

/* --- numbers --------------------------------------------------------------- */

/* Return an int, or what __index__() makes of another object, as a new reference. */
static PyObject *indexOf(const virPyWhere *where, PyObject *object)
{
    if (PyLong_Check(object))
        return virPyNewRef(object);
    if (virPyCheckType(where, object, PyIndex_Check(object), "int") < 0)
        return NULL;
    /* The reference is borrowed from a container, out of which __index__() may take the object. */
    PyObject *held VIR_PY_AUTO(virPyDropRef) = virPyNewRef(object);
    return PyNumber_Index(held);
}

int virPyAsInteger(const virPyWhere *where, PyObject *object, long long min, unsigned long long max, long long *value)
{
    PyObject *number VIR_PY_AUTO(virPyDropRef) = indexOf(where, object);
    int overflow = 0;

    if (!number)
        return -1;
    *value = PyLong_AsLongLongAndOverflow(number, &overflow);
    if (!overflow && *value >= min && (*value < 0 || (unsigned long long)*value <= max))
        return 0;
    if (overflow > 0 && max == ULLONG_MAX) {
        *value = (long long)PyLong_AsUnsignedLongLong(number);
        if (!PyErr_Occurred())
            return 0;
        PyErr_Clear();
    }
    return virPyArgumentError(PyExc_OverflowError, where, "is not in the range %lld to %llu", min, max);
}

int virPyAsDouble(const virPyWhere *where, PyObject *object, double *value)
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

int virPyResultAsInt(PyObject *result, const char *what)
{
    PyObject *number VIR_PY_AUTO(virPyDropRef) = PyNumber_Index(result);
    int overflow = 0;
    long value = number ? PyLong_AsLongAndOverflow(number, &overflow) : -1;

    if (number && (overflow || value < INT_MIN || value > INT_MAX))
        PyErr_Format(PyExc_OverflowError, "%s must fit into a C int", what);
    return PyErr_Occurred() ? -1 : (int)value;
}

/* --- text and bytes -------------------------------------------------------- */

/* Bytes from libvirt that are not valid UTF-8 became surrogates, and are turned back into the same bytes here. */
int virPyAsText(const virPyWhere *where, PyObject *object, const char *wanted, virPyString *string)
{
    Py_ssize_t size;

    if (virPyCheckType(where, object, PyUnicode_Check(object), wanted) < 0)
        return -1;
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

void virPyDropString(virPyString *string)
{
    Py_XDECREF(string->owner);
}

void virPyDropRef(PyObject **object)
{
    Py_XDECREF(*object);
}

PyObject *virPyFromString(const char *str)
{
    return str ? PyUnicode_DecodeUTF8(str, (Py_ssize_t)strlen(str), "surrogateescape") : virPyNewRef(Py_None);
}

PyObject *virPyFromAllocated(char *str)
{
    PyObject *text = virPyFromString(str);

    free(str);
    return text;
}

PyObject *virPyFromBool(int value)
{
    return virPyNewRef(value ? Py_True : Py_False);
}

/* --- the data of a thread, and dicts --------------------------------------- */

/* The key under which the data stand in the thread state's dict.  Any object that always exists serves, as long as
 * nobody else uses it as a key there.  To create a str at each lookup would take several times as long. */
#define THREAD_KEY ((PyObject *)&PyCapsule_Type)
#define THREAD_NAME "libvirt.thread.3"

static void freeThread(PyObject *capsule)
{
    virPyThread *thread = PyCapsule_GetPointer(capsule, THREAD_NAME);

    Py_XDECREF(thread->error);
    for (size_t n = 0; n < sizeof(thread->keys) / sizeof(*thread->keys); n++)
        Py_XDECREF(thread->keys[n].object);
    free(thread);
}

/* Create the data of a thread in its dict.  Returns the capsule as a borrowed reference, or NULL with an exception. */
static PyObject *addThread(PyObject *dict)
{
    virPyThread *thread = calloc(1, sizeof(*thread));
    PyObject *capsule = thread ? PyCapsule_New(thread, THREAD_NAME, freeThread) : PyErr_NoMemory();
    int retval = capsule ? PyDict_SetItem(dict, THREAD_KEY, capsule) : -1;

    if (!capsule)
        free(thread);
    Py_XDECREF(capsule);
    return retval < 0 ? NULL : capsule;
}

virPyThread *virPyThisThread(void)
{
    PyObject *dict = PyThreadState_GetDict(); /* borrowed, as are the items in it */
    PyObject *capsule = dict ? PyDict_GetItemWithError(dict, THREAD_KEY) : PyErr_NoMemory();

    if (!capsule && !PyErr_Occurred())
        capsule = addThread(dict);
    return capsule ? PyCapsule_GetPointer(capsule, THREAD_NAME) : NULL;
}

/* Hash the first and the last eight bytes, since names of fields differ at their beginning or at their end. */
static uint8_t slotOf(const char *text, size_t length)
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

/* Texts that share a slot replace each other. */
PyObject *virPyKey(virPyThread *thread, const char *text)
{
    size_t length = strlen(text);
    uint8_t n = slotOf(text, length);

    if (thread->keys[n].object && thread->keys[n].length == length && memcmp(thread->keys[n].text, text, length) == 0)
        return virPyNewRef(thread->keys[n].object);
    PyObject *made = virPyFromString(text);
    text = made ? PyUnicode_AsUTF8AndSize(made, NULL) : NULL;
    if (text) {
        PyObject *old = thread->keys[n].object;

        thread->keys[n].object = virPyNewRef(made);
        thread->keys[n].text = text;
        thread->keys[n].length = length;
        Py_XDECREF(old);
    } else if (made) {
        /* The text is not valid UTF-8, or there is no memory for the encoded form: return it without caching. */
        PyErr_Clear();
    }
    return made;
}

int virPySetItem(virPyThread *thread, PyObject *dict, const char *key, PyObject *value)
{
    PyObject *text = value ? virPyKey(thread, key) : NULL;
    int retval = text ? PyDict_SetItem(dict, text, value) : -1;

    Py_XDECREF(text);
    Py_XDECREF(value);
    return retval;
}

PyObject *virPyDictItem(PyObject *dict, const char *name)
{
    virPyThread *thread = virPyThisThread();
    PyObject *key VIR_PY_AUTO(virPyDropRef) = thread ? virPyKey(thread, name) : NULL;

    return key ? virPyDictValue(dict, key) : NULL;
}

/* --- containers ------------------------------------------------------------ */

#define PACK(name, create, fill) \
    PyObject *name(Py_ssize_t count, PyObject **items) \
    { \
        PyObject *whole = create(count); \
\
        for (Py_ssize_t i = 0; i < count; i++) { \
            if (whole && items[i]) { \
                fill(whole, i, items[i]); \
            } else { \
                Py_CLEAR(whole); \
                Py_XDECREF(items[i]); \
            } \
        } \
        return whole; \
    }

PACK(virPyListFrom, PyList_New, VIR_PY_FILL_LIST)
PACK(virPyTupleFrom, PyTuple_New, VIR_PY_FILL_TUPLE)

PyObject *virPyPackDict(int count, ...)
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
