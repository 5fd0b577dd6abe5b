/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Functions of the library, the host and secrets that no shape fits. */

#include "libvirtmod.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "errorrecord.h"
#include "libvirt-utils.h"

/* With a driver's name the version of libvirt comes twice: libvirt itself
 * does not look at the name any more. */
PyObject *
hand_virGetVersion(PyObject *module VIR_PY_UNUSED, PyObject *const *args, Py_ssize_t nargs)
{
    static const char self[] = "virGetVersion($module, driver, /)";
    virPyString driver VIR_PY_AUTO(virPyDropString) = { NULL, NULL };
    unsigned long library;
    unsigned long type;
    int retval;

    if (nargs > 0 && (virPyCheckCount(self, nargs, 1) < 0 ||
                      virPyAsText(self, args, 0, "str", &driver) < 0))
        return NULL;
    Py_BEGIN_ALLOW_THREADS
    retval = virGetVersion(&library, driver.str, driver.str ? &type : NULL);
    Py_END_ALLOW_THREADS
    if (retval == -1)
        return virPyFail(self);
    if (!driver.str)
        return virPyFromULong(library);
    return virPyPackTuple(2, virPyFromULong(library), virPyFromULong(type));
}

/* --- the host ------------------------------------------------------------- */

PyObject *
hand_virNodeGetCPUMap(const char *self, virConnectPtr conn, unsigned int flags)
{
    unsigned char *map VIR_PY_AUTO(virPyFreePointer) = NULL;
    unsigned int online = 0;
    int retval;

    Py_BEGIN_ALLOW_THREADS
    retval = virNodeGetCPUMap(conn, &map, &online, flags);
    Py_END_ALLOW_THREADS
    if (retval < 0)
        return virPyFail(self);
    return virPyPackTuple(3, virPyFromInt(retval),
                          virPyFromCpuMap(map, VIR_CPU_MAPLEN(retval), retval, 0), virPyFromUInt(online));
}

/* --- memory of the host -------------------------------------------------- */

#define MAX_CELLS 10000

static PyObject *
bytesOf(const void *source, Py_ssize_t n)
{
    return virPyFromULLong(((const unsigned long long *)source)[n]);
}

PyObject *
hand_virNodeGetCellsFreeMemory(const char *self, virConnectPtr conn, int start, int room)
{
    unsigned long long *memory VIR_PY_AUTO(virPyFreePointer) = NULL;
    int retval;

    if (start < 0 || room <= 0 || room > MAX_CELLS - start) {
        virPyRaise(self, VIR_ERR_INVALID_ARG, "virNodeGetCellsFreeMemory() arguments 'startCell' and 'maxCells' "
                                              "must name cells 0 to %d, at least one",
                   MAX_CELLS);
        return NULL;
    }
    memory = virPyNewArray((size_t)room, sizeof(*memory));
    if (!memory)
        return NULL;
    Py_BEGIN_ALLOW_THREADS
    retval = virNodeGetCellsFreeMemory(conn, memory, start, room);
    Py_END_ALLOW_THREADS
    if (retval < 0)
        return virPyFail(self);
    return virPyListOf(retval, bytesOf, memory);
}

/* Page sizes in KiB; the list is one of our own, so it does not change. */
static unsigned int *
asPageSizes(const char *self, PyObject *sizes)
{
    Py_ssize_t count = PyList_Size(sizes);
    unsigned int *pages = virPyNewArray((size_t)count, sizeof(*pages));

    for (Py_ssize_t n = 0; pages && n < count; n++) {
        unsigned long long wide = 0;
        char number[24];
        virPyWhere where = { self, 1, number };

        PyOS_snprintf(number, sizeof(number), "%zd", n);
        if (virPyItemAsUnsigned(&where, PyList_GetItem(sizes, n), UINT_MAX, &wide) < 0) {
            free(pages);
            return NULL;
        }
        pages[n] = (unsigned int)wide;
    }
    return pages;
}

/* {cell: {page size: number of free pages}} */
static PyObject *
fromFreePages(const unsigned long long *counts, int cells, int start, const unsigned int *pages, Py_ssize_t sizes)
{
    PyObject *whole = PyDict_New();

    for (int cell = 0; whole && cell < cells; cell++) {
        PyObject *number = virPyFromLLong((long long)start + cell);
        PyObject *free_pages = PyDict_New();
        int failed = !number || !free_pages;

        for (Py_ssize_t n = 0; !failed && n < sizes; n++) {
            PyObject *size = virPyFromUInt(pages[n]);
            PyObject *count = virPyFromULLong(counts[cell * sizes + n]);

            failed = !size || !count || PyDict_SetItem(free_pages, size, count) < 0;
            Py_XDECREF(size);
            Py_XDECREF(count);
        }
        if (failed || PyDict_SetItem(whole, number, free_pages) < 0)
            Py_CLEAR(whole);
        Py_XDECREF(number);
        Py_XDECREF(free_pages);
    }
    return whole;
}

PyObject *
hand_virNodeGetFreePages(const char *self, virConnectPtr conn, PyObject *wanted, int start,
                         unsigned int cells, unsigned int flags)
{
    PyObject *list VIR_PY_AUTO(virPyDropRef) = NULL;
    unsigned int *pages VIR_PY_AUTO(virPyFreePointer) = NULL;
    unsigned long long *counts VIR_PY_AUTO(virPyFreePointer) = NULL;
    Py_ssize_t sizes;
    int retval;

    if (!PyList_Check(wanted) && !PyTuple_Check(wanted)) {
        virPyArgumentTypeError(&(virPyWhere){ self, 1, NULL }, wanted, "a list of int");
        return NULL;
    }
    if (cells == 0) {
        virPyArgumentError(PyExc_LookupError, &(virPyWhere){ self, 3, NULL }, "must not be 0");
        return NULL;
    }
    list = PySequence_List(wanted);
    pages = list ? asPageSizes(self, list) : NULL;
    if (!pages)
        return NULL;
    sizes = PyList_Size(list);
    counts = virPyNewArray(sizes ? cells : 0, (size_t)sizes * sizeof(*counts));
    if (!counts)
        return NULL;

    Py_BEGIN_ALLOW_THREADS
    retval = virNodeGetFreePages(conn, (unsigned int)sizes, pages, start, cells, counts, flags);
    Py_END_ALLOW_THREADS
    if (retval < 0)
        return virPyFail(self);
    return fromFreePages(counts, sizes ? retval / (int)sizes : 0, start, pages, sizes);
}

/* Page counts of a dict {page size: count}, in the order of its keys. */
static unsigned long long *
asPageCounts(const char *self, PyObject *dict_values)
{
    Py_ssize_t count = PyList_Size(dict_values);
    unsigned long long *counts = virPyNewArray((size_t)count, sizeof(*counts));

    for (Py_ssize_t n = 0; counts && n < count; n++) {
        char number[24];
        virPyWhere where = { self, 1, number };

        PyOS_snprintf(number, sizeof(number), "%zd", n);
        if (virPyItemAsUnsigned(&where, PyList_GetItem(dict_values, n), ULLONG_MAX, &counts[n]) < 0) {
            free(counts);
            return NULL;
        }
    }
    return counts;
}

PyObject *
hand_virNodeAllocPages(const char *self, virConnectPtr conn, PyObject *wanted, int start,
                       unsigned int cells, unsigned int flags)
{
    const virPyWhere where = { self, 1, NULL };
    PyObject *dict VIR_PY_AUTO(virPyDropRef) = NULL;
    PyObject *keys VIR_PY_AUTO(virPyDropRef) = NULL;
    PyObject *values VIR_PY_AUTO(virPyDropRef) = NULL;
    unsigned int *pages VIR_PY_AUTO(virPyFreePointer) = NULL;
    unsigned long long *counts VIR_PY_AUTO(virPyFreePointer) = NULL;
    int retval;

    if (!PyDict_Check(wanted)) {
        virPyArgumentTypeError(&where, wanted, "dict");
        return NULL;
    }
    if (PyDict_Size(wanted) == 0) {
        virPyArgumentError(PyExc_LookupError, &where, "is empty");
        return NULL;
    }
    dict = PyDict_Copy(wanted);
    keys = dict ? PyDict_Keys(dict) : NULL;
    values = keys ? PyDict_Values(dict) : NULL;
    pages = values ? asPageSizes(self, keys) : NULL;
    counts = pages ? asPageCounts(self, values) : NULL;
    if (!counts)
        return NULL;

    Py_BEGIN_ALLOW_THREADS
    retval = virNodeAllocPages(conn, (unsigned int)PyList_Size(keys), pages, counts, start, cells, flags);
    Py_END_ALLOW_THREADS
    return virPyStatus(self, retval);
}

/* --- secrets ------------------------------------------------------------- */

PyObject *
hand_virSecretGetValue(const char *self, virSecretPtr secret, unsigned int flags)
{
    unsigned char *value;
    size_t size = 0;
    PyObject *bytes;

    Py_BEGIN_ALLOW_THREADS
    value = virSecretGetValue(secret, &size, flags);
    Py_END_ALLOW_THREADS
    if (!value)
        return virPyFail(self);
    bytes = virPyFromBytes(value, size);
    virPyWipe(value, size);
    free(value);
    return bytes;
}
