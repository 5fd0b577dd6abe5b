/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Arrays of libvirt, to and from Python.  libvirt-utils.h has the contracts. */

#include "libvirt-utils.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "errorrecord.h"

/* --- memory ---------------------------------------------------------------- */

void *virPyNewArray(size_t count, size_t size)
{
    void *array = calloc(count ? count : 1, size);

    if (!array)
        PyErr_NoMemory();
    return array;
}

int virPyCopyText(const char *text, char **copy)
{
    *copy = strdup(text);
    if (!*copy)
        PyErr_NoMemory();
    return *copy ? 0 : -1;
}

/* memset() alone would not do: the compiler may remove a store to memory that is freed next. */
void virPyWipe(void *memory, size_t size)
{
#ifdef HAVE_EXPLICIT_BZERO
    explicit_bzero(memory, size);
#else
    static void *(*const volatile fill)(void *, int, size_t) = memset;

    fill(memory, 0, size);
#endif
}

/* Python does the same with every descriptor that it opens.  Closed descriptors are skipped. */
void virPyCloseOnExec(const int *fds, unsigned int count)
{
    for (unsigned int n = 0; n < count; n++) {
        int flags = fcntl(fds[n], F_GETFD);

        if (flags >= 0)
            (void)fcntl(fds[n], F_SETFD, flags | FD_CLOEXEC);
    }
}

void virPyFreeTexts(virPyTexts *texts)
{
    for (unsigned int n = 0; texts->array && n < texts->count; n++)
        free(texts->array[n]);
    free(texts->array);
}

void virPyFreeBytes(virPyBytes *bytes)
{
    if (bytes->viewed)
        PyBuffer_Release(&bytes->view);
}

void virPyFreePointer(void *pointer)
{
    free(*(void **)pointer);
}

/* --- arguments ------------------------------------------------------------- */

/* Return the items of a list or tuple as a tuple.  The caller iterates over that, because converting an item may run
 * code that changes a list. */
static PyObject *itemsOf(const virPyWhere *where, PyObject *object, const char *wanted)
{
    if (virPyCheckType(where, object, PyList_Check(object) || PyTuple_Check(object), wanted) < 0)
        return NULL;
    return PySequence_Tuple(object);
}

int virPyAsArray(const virPyWhere *where, PyObject *object, const char *wanted, size_t size, virPyReadItem read,
                 virPyArray *array)
{
    PyObject *items VIR_PY_AUTO(virPyDropRef) = itemsOf(where, object, wanted);
    Py_ssize_t count = items ? PyTuple_Size(items) : 0;

    array->items = items ? virPyNewArray((size_t)count + 1, size) : NULL;
    if (!array->items)
        return -1;
    for (Py_ssize_t n = 0; n < count; n++) {
        char number[24];

        PyOS_snprintf(number, sizeof(number), "%zd", n);
        if (read(virPyItemIn(where, number), PyTuple_GetItem(items, n), (char *)array->items + (size_t)n * size) < 0)
            return -1;
        array->count++;
    }
    return 0;
}

static int readText(const virPyWhere *where, PyObject *item, void *place)
{
    virPyString text VIR_PY_AUTO(virPyDropString) = { NULL, NULL };

    return virPyAsText(where, item, "str", &text) < 0 ? -1 : virPyCopyText(text.str, place);
}

int virPyAsTexts(const virPyWhere *where, PyObject *object, virPyTexts *texts)
{
    virPyArray array = { NULL, 0 };
    int retval = 0;

    if (object != Py_None)
        retval = virPyAsArray(where, object, "a list of str or None", sizeof(char *), readText, &array);
    *texts = (virPyTexts){ array.items, array.count };
    return retval;
}

static int readInt(const virPyWhere *where, PyObject *item, void *place)
{
    long long number = 0;
    int retval = virPyAsInteger(where, item, INT_MIN, INT_MAX, &number);

    *(int *)place = (int)number;
    return retval;
}

int virPyAsInts(const virPyWhere *where, PyObject *object, virPyArray *ints)
{
    return virPyAsArray(where, object, "a list of int", sizeof(int), readInt, ints);
}

static int readUInt(const virPyWhere *where, PyObject *item, void *place)
{
    long long number = 0;
    int retval = virPyAsInteger(where, item, 0, UINT_MAX, &number);

    *(unsigned int *)place = (unsigned int)number;
    return retval;
}

int virPyAsUInts(const virPyWhere *where, PyObject *object, virPyArray *uints)
{
    return virPyAsArray(where, object, "a list of int", sizeof(unsigned int), readUInt, uints);
}

int virPyAsBuffer(const virPyWhere *where, PyObject *object, virPyBytes *bytes)
{
    if (virPyCheckType(where, object, PyObject_CheckBuffer(object), "bytes-like") < 0 ||
        PyObject_GetBuffer(object, &bytes->view, PyBUF_SIMPLE) < 0)
        return -1;
    bytes->viewed = 1;
    /* An empty buffer may have no memory.  libvirt would take NULL for None. */
    bytes->data = bytes->view.buf ? bytes->view.buf : "";
    bytes->size = (size_t)bytes->view.len;
    return 0;
}

int virPyAsBytes(const virPyWhere *where, PyObject *object, virPyBytes *bytes)
{
    Py_ssize_t size;

    if (object == Py_None)
        return 0;
    if (!PyUnicode_Check(object))
        return virPyAsBuffer(where, object, bytes);
    bytes->data = PyUnicode_AsUTF8AndSize(object, &size);
    bytes->size = (size_t)size;
    return bytes->data ? 0 : virPyArgumentEncodingError(where, object);
}

/* The wrong number of bytes is a libvirtError, because programs expect that.  None counts as no bytes. */
int virPyAsUUID(const virPyWhere *where, PyObject *object, unsigned char *uuid)
{
    virPyBytes bytes VIR_PY_AUTO(virPyFreeBytes) = { .data = NULL };

    if (virPyAsBytes(where, object, &bytes) < 0)
        return -1;
    if (bytes.size == VIR_UUID_BUFLEN) {
        memcpy(uuid, bytes.data, VIR_UUID_BUFLEN);
        return 0;
    }
    virPyCallNames names = virPyNamesOf(where);
    return virPyRaise(where->self, VIR_ERR_INVALID_ARG, "%s() argument '%s' must have %d bytes, not %zu",
                      names.function, names.param, VIR_UUID_BUFLEN, bytes.size);
}

int virPyAsCpuMap(const virPyWhere *where, PyObject *object, int cpus, virPyArray *map)
{
    PyObject *items VIR_PY_AUTO(virPyDropRef) = itemsOf(where, object, "a tuple of bool");
    Py_ssize_t count = items ? PyTuple_Size(items) : 0;

    map->count = VIR_CPU_MAPLEN(cpus);
    map->items = items ? virPyNewArray(map->count, 1) : NULL;
    if (!map->items)
        return -1;
    for (Py_ssize_t n = 0; n < count && n < cpus; n++) {
        int on = PyObject_IsTrue(PyTuple_GetItem(items, n));

        if (on < 0)
            return -1;
        if (on)
            VIR_USE_CPU((unsigned char *)map->items, n);
    }
    return 0;
}

int virPyHostCpus(virDomainPtr domain)
{
    int retval;

    Py_BEGIN_ALLOW_THREADS
    retval = virNodeGetCPUMap(virDomainGetConnect(domain), NULL, NULL, 0);
    Py_END_ALLOW_THREADS
    return retval;
}

/* --- results --------------------------------------------------------------- */

PyObject *virPyListOf(Py_ssize_t count, virPyItemOf item, const void *source)
{
    PyObject *list = PyList_New(count);
    PyObject *failure = list ? NULL : virPyFetchException();

    for (Py_ssize_t n = 0; n < count; n++) {
        PyObject *object = item(source, n);

        if (list && object) {
            VIR_PY_FILL_LIST(list, n, object);
        } else if (object) {
            Py_DECREF(object);
        } else {
            Py_CLEAR(list);
            virPyKeepFirst(failure);
            failure = virPyFetchException();
        }
    }
    virPyKeepFirst(failure);
    return list;
}

PyObject *virPyDictOf(Py_ssize_t count, virPyItemOf pair, const void *source)
{
    PyObject *pairs VIR_PY_AUTO(virPyDropRef) = virPyListOf(count, pair, source);
    PyObject *dict = pairs ? PyDict_New() : NULL;

    if (dict && PyDict_MergeFromSeq2(dict, pairs, 1) < 0)
        Py_CLEAR(dict);
    return dict;
}

static PyObject *textItem(const void *source, Py_ssize_t n)
{
    return virPyFromString(((char *const *)source)[n]);
}

PyObject *virPyFromTexts(char *const *texts, Py_ssize_t count)
{
    return virPyListOf(count, textItem, texts);
}

static PyObject *numberItem(const void *source, Py_ssize_t n)
{
    return virPyFromInt(((const int *)source)[n]);
}

PyObject *virPyFromNumbers(const int *numbers, int count)
{
    return virPyListOf(count, numberItem, numbers);
}

PyObject *virPyFromSecret(unsigned char *value, size_t size)
{
    PyObject *bytes = virPyFromBytes(value, size);

    virPyWipe(value, size);
    free(value);
    return bytes;
}

static PyObject *cpuItem(const void *source, Py_ssize_t n)
{
    const virPyArray *map = source;

    return virPyFromBool(n / 8 < (Py_ssize_t)map->count && VIR_CPU_USED((unsigned char *)map->items, n));
}

PyObject *virPyFromCpuMap(unsigned char *map, int length, int cpus, int tuple)
{
    PyObject *list = virPyListOf(cpus, cpuItem, &(virPyArray){ map, (unsigned int)length });

    if (!list || !tuple)
        return list;
    PyObject *whole = PyList_AsTuple(list);
    Py_DECREF(list);
    return whole;
}

/* An array of libvirt objects of one type. */
typedef struct {
    const virPyHandleType *type;
    void **objects;
} Objects;

static PyObject *handleItem(const void *source, Py_ssize_t n)
{
    const Objects *all = source;

    return virPyNewHandle(all->type, all->objects[n]);
}

PyObject *virPyFromHandles(const virPyHandleType *type, void *array, int count)
{
    PyObject *list = virPyListOf(count, handleItem, &(Objects){ type, array });

    free(array);
    return list;
}
