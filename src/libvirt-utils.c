/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Arrays of libvirt, to and from Python. */

#include "libvirt-utils.h"

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "errorrecord.h"

/* --- memory -------------------------------------------------------------- */

void *
virPyNewArray(size_t count, size_t size)
{
    void *array = calloc(count ? count : 1, size);

    if (!array)
        PyErr_NoMemory();
    return array;
}

int
virPyCopyText(const char *text, char **copy)
{
    *copy = strdup(text);
    if (!*copy)
        PyErr_NoMemory();
    return *copy ? 0 : -1;
}

/* In a way that the compiler does not take for useless, though nobody reads it any more. */
void
virPyWipe(void *memory, size_t size)
{
#ifdef HAVE_EXPLICIT_BZERO
    explicit_bzero(memory, size);
#else
    static void *(*const volatile fill)(void *, int, size_t) = memset;

    fill(memory, 0, size);
#endif
}

/* As Python does with all that it opens; what is not open needs nothing. */
void
virPyCloseOnExec(const int *fds, unsigned int count)
{
    for (unsigned int n = 0; n < count; n++) {
        int flags = fcntl(fds[n], F_GETFD);

        if (flags >= 0)
            (void)fcntl(fds[n], F_SETFD, flags | FD_CLOEXEC);
    }
}

void
virPyFreeNames(virPyNames *names)
{
    for (int i = 0; names->array && i < names->count; i++)
        free(names->array[i]);
    free(names->array);
}

void
virPyFreeTexts(virPyTexts *texts)
{
    free(texts->array);
    Py_XDECREF(texts->owner);
}

void
virPyFreeInts(virPyInts *ints)
{
    free(ints->array);
}

void
virPyFreeBytes(virPyBytes *bytes)
{
    if (bytes->viewed)
        PyBuffer_Release(&bytes->view);
}

void
virPyFreeCpuMap(virPyCpuMap *map)
{
    free(map->map);
}

/* For variables of any pointer type. */
void
virPyFreePointer(void *pointer)
{
    free(*(void **)pointer);
}

/* --- from Python --------------------------------------------------------- */

/* A new list of the items of a list or tuple, as they are now: converting one
 * may run code that changes the list. */
static PyObject *
itemsOf(const virPyWhere *where, PyObject *object, const char *wanted)
{
    if (PyList_Check(object) || PyTuple_Check(object))
        return PySequence_List(object);
    virPyArgumentTypeError(where, object, wanted);
    return NULL;
}

int
virPyAsTexts(const char *self, PyObject *const *args, Py_ssize_t i, virPyTexts *texts)
{
    virPyWhere where = { self, i, NULL };
    Py_ssize_t count;

    if (args[i] == Py_None)
        return 0;
    texts->owner = itemsOf(&where, args[i], "a list of str or None");
    if (!texts->owner)
        return -1;
    count = PyList_Size(texts->owner);
    texts->array = virPyNewArray((size_t)count + 1, sizeof(*texts->array));
    if (!texts->array)
        return -1;
    for (Py_ssize_t n = 0; n < count; n++) {
        virPyString text = { NULL, NULL };
        char number[24];

        PyOS_snprintf(number, sizeof(number), "%zd", n);
        where.item = number;
        if (virPyItemAsText(&where, PyList_GetItem(texts->owner, n), &text) < 0) {
            virPyDropString(&text);
            return -1;
        }
        /* The list is ours alone: it can hold the encoded copy instead, and has room for it. */
        if (text.owner)
            (void)PyList_SetItem(texts->owner, n, text.owner);
        texts->array[n] = text.str;
    }
    texts->count = (unsigned int)count;
    return 0;
}

int
virPyAsInts(const char *self, PyObject *const *args, Py_ssize_t i, virPyInts *ints)
{
    virPyWhere where = { self, i, NULL };
    PyObject *items VIR_PY_AUTO(virPyDropRef) = itemsOf(&where, args[i], "a list of int");
    Py_ssize_t count = items ? PyList_Size(items) : 0;

    if (!items)
        return -1;
    ints->array = virPyNewArray((size_t)count, sizeof(*ints->array));
    if (!ints->array)
        return -1;
    for (Py_ssize_t n = 0; n < count; n++) {
        long long wide = 0;
        char number[24];

        PyOS_snprintf(number, sizeof(number), "%zd", n);
        where.item = number;
        if (virPyItemAsSigned(&where, PyList_GetItem(items, n), INT_MIN, INT_MAX, &wide) < 0)
            return -1;
        ints->array[n] = (int)wide;
    }
    ints->count = (unsigned int)count;
    return 0;
}

/* Any bytes-like object. */
int
virPyAsBuffer(const char *self, PyObject *const *args, Py_ssize_t i, virPyBytes *bytes)
{
    if (!PyObject_CheckBuffer(args[i]))
        return virPyArgumentTypeError(&(virPyWhere){ self, i, NULL }, args[i], "bytes-like");
    if (PyObject_GetBuffer(args[i], &bytes->view, PyBUF_SIMPLE) < 0)
        return -1;
    bytes->viewed = 1;
    /* An empty buffer may have no memory, which libvirt would take for None. */
    bytes->data = bytes->view.buf ? bytes->view.buf : "";
    bytes->size = (size_t)bytes->view.len;
    return 0;
}

/* Also a str, for its UTF-8 bytes, and None. */
int
virPyAsBytes(const char *self, PyObject *const *args, Py_ssize_t i, virPyBytes *bytes)
{
    Py_ssize_t size;

    if (args[i] == Py_None)
        return 0;
    if (!PyUnicode_Check(args[i]))
        return virPyAsBuffer(self, args, i, bytes);
    bytes->data = PyUnicode_AsUTF8AndSize(args[i], &size);
    bytes->size = (size_t)size;
    return bytes->data ? 0 : virPyArgumentEncodingError(&(virPyWhere){ self, i, NULL }, args[i]);
}

/* Programs expect libvirtError here, whatever is wrong with the bytes. */
static int
badUUID(const char *self, Py_ssize_t i, Py_ssize_t size)
{
    virPyCallNames names;

    virPyNamesOf(self, i, &names);
    virPyRaise(self, VIR_ERR_INVALID_ARG, "%s() argument '%s' must have %d bytes, not %zd",
               names.function, names.param, VIR_UUID_BUFLEN, size);
    return -1;
}

/* Any bytes-like object of 16 bytes; a str stands for its UTF-8 bytes. */
int
virPyAsUUID(const char *self, PyObject *const *args, Py_ssize_t i, unsigned char *uuid)
{
    const virPyWhere where = { self, i, NULL };
    Py_buffer view;
    int fits;

    if (PyUnicode_Check(args[i])) {
        Py_ssize_t size;
        const char *text = PyUnicode_AsUTF8AndSize(args[i], &size);

        if (!text)
            return virPyArgumentEncodingError(&where, args[i]);
        if (size == VIR_UUID_BUFLEN) {
            memcpy(uuid, text, VIR_UUID_BUFLEN);
            return 0;
        }
        return badUUID(self, i, size);
    }
    if (args[i] == Py_None)
        return badUUID(self, i, 0);
    if (!PyObject_CheckBuffer(args[i]))
        return virPyArgumentTypeError(&where, args[i], "bytes-like");
    if (PyObject_GetBuffer(args[i], &view, PyBUF_SIMPLE) < 0)
        return -1;
    fits = view.len == VIR_UUID_BUFLEN;
    if (fits)
        memcpy(uuid, view.buf, VIR_UUID_BUFLEN);
    else
        (void)badUUID(self, i, view.len);
    PyBuffer_Release(&view);
    return fits ? 0 : -1;
}

/* --- CPU maps ------------------------------------------------------------ */

int
virPyHostCpus(virDomainPtr domain)
{
    int retval;

    Py_BEGIN_ALLOW_THREADS
    retval = virNodeGetCPUMap(virDomainGetConnect(domain), NULL, NULL, 0);
    Py_END_ALLOW_THREADS
    return retval;
}

/* Element i is CPU i, by its truth value; what goes beyond the host's CPUs is
 * not looked at. */
int
virPyAsCpuMap(const char *self, PyObject *const *args, Py_ssize_t i, int cpus, virPyCpuMap *map)
{
    const virPyWhere where = { self, i, NULL };
    PyObject *items VIR_PY_AUTO(virPyDropRef) = itemsOf(&where, args[i], "a tuple of bool");
    Py_ssize_t count = items ? PyList_Size(items) : 0;

    if (!items)
        return -1;
    map->length = VIR_CPU_MAPLEN(cpus);
    map->map = virPyNewArray((size_t)map->length, 1);
    if (!map->map)
        return -1;
    for (Py_ssize_t n = 0; n < count && n < cpus; n++) {
        int truth = PyObject_IsTrue(PyList_GetItem(items, n));

        if (truth < 0)
            return -1;
        if (truth)
            VIR_USE_CPU(map->map, n);
    }
    return 0;
}

/* --- to Python ----------------------------------------------------------- */

PyObject *
virPyListOf(Py_ssize_t count, virPyItemOf item, const void *source)
{
    PyObject *list = PyList_New(count);

    for (Py_ssize_t n = 0; list && n < count; n++) {
        PyObject *object = item(source, n);

        if (object)
            VIR_PY_FILL_LIST(list, n, object);
        else
            Py_CLEAR(list);
    }
    return list;
}

static PyObject *
nameOf(const void *source, Py_ssize_t n)
{
    return virPyFromString(((char *const *)source)[n]);
}

PyObject *
virPyFromNames(const virPyNames *names)
{
    return virPyListOf(names->count, nameOf, names->array);
}

PyObject *
virPyFromNumbers(const int *numbers, int count)
{
    PyObject *list = PyList_New(count);

    for (int n = 0; list && n < count; n++) {
        PyObject *number = virPyFromInt(numbers[n]);

        if (number)
            VIR_PY_FILL_LIST(list, n, number);
        else
            Py_CLEAR(list);
    }
    return list;
}

static PyObject *
cpuOf(const void *source, Py_ssize_t n)
{
    const virPyCpuMap *map = source;

    return virPyFromBool(n / 8 < map->length && VIR_CPU_USED(map->map, n));
}

/* A bool for each CPU of the host; those beyond the map are off. */
PyObject *
virPyFromCpuMap(unsigned char *map, int length, int cpus, int tuple)
{
    const virPyCpuMap source = { map, length };
    PyObject *list = virPyListOf(cpus, cpuOf, &source);
    PyObject *whole;

    if (!list || !tuple)
        return list;
    whole = PyList_AsTuple(list);
    Py_DECREF(list);
    return whole;
}

PyObject *
virPyFromHandles(const virPyHandleType *type, void *array, int count)
{
    void **objects = array;
    PyObject *list = PyList_New(count);

    for (int n = 0; n < count; n++) {
        PyObject *capsule = virPyNewHandle(type, objects[n]);

        if (!capsule)
            Py_CLEAR(list);
        if (list)
            VIR_PY_FILL_LIST(list, n, capsule);
        else
            Py_XDECREF(capsule);
    }
    free(array);
    return list;
}

PyObject *
virPyFromRecords(void *array, int count, virPyFromItem from, virPyFreeItem release)
{
    void **records = array;
    PyObject *list = PyList_New(count);

    for (int n = 0; n < count; n++) {
        PyObject *item = list ? from(records[n]) : NULL;

        if (item)
            VIR_PY_FILL_LIST(list, n, item);
        else
            Py_CLEAR(list);
        release(records[n]);
    }
    free(array);
    return list;
}

PyObject *
virPyFromStructs(const void *array, int count, size_t size, virPyFromItem from)
{
    PyObject *list = PyList_New(count);

    for (int n = 0; list && n < count; n++) {
        PyObject *item = from((const char *)array + (size_t)n * size);

        if (item)
            VIR_PY_FILL_LIST(list, n, item);
        else
            Py_CLEAR(list);
    }
    return list;
}
