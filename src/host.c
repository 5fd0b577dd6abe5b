/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Conversions that only functions of the library and the host need.
 *
 * The generated file includes this one.  It has no state and takes no lock; wrappers call everything with the GIL. */

#include "libvirtmod.h"

#include "errorrecord.h"
#include "libvirt-utils.h"
#include "typedparams.h"

/* With the name of a DRIVER, libvirt's version is returned twice, because libvirt no longer looks at the name. */
PyObject *hand_virGetVersion(const char *self, PyObject *driver)
{
    virPyString name VIR_PY_AUTO(virPyDropString) = { NULL, NULL };
    unsigned long library, type;
    int retval;

    if (driver && virPyAsText(virPyArgument(self, 0), driver, "str", &name) < 0)
        return NULL;
    Py_BEGIN_ALLOW_THREADS
    retval = virGetVersion(&library, name.str, driver ? &type : NULL);
    Py_END_ALLOW_THREADS
    if (retval == -1)
        return virPyFail(self);
    return driver ? virPyPackTuple(2, virPyFromULong(library), virPyFromULong(type)) : virPyFromULong(library);
}

/* --- memory of the host ---------------------------------------------------- */

#define MAX_CELLS 10000

/* Allocate room for the free memory of COUNT cells.  Returns NULL with an exception on failure. */
static VIR_PY_FOR_ROWS unsigned long long *newCells(const char *self, int start, int count)
{
    if (start >= 0 && count > 0 && count <= MAX_CELLS - start)
        return virPyNewArray((size_t)count, sizeof(unsigned long long));
    virPyRaise(self, VIR_ERR_INVALID_ARG,
               "virNodeGetCellsFreeMemory() arguments 'startCell' and 'maxCells' must name cells 0 to %d, at least one",
               MAX_CELLS);
    return NULL;
}

static VIR_PY_FOR_ROWS PyObject *memoryItem(const void *source, Py_ssize_t n)
{
    return virPyFromULLong(((const unsigned long long *)source)[n]);
}

/* What virNodeGetFreePages() fills: for each cell from START on, the number of free pages of each of NSIZES sizes.  The
 * cleanup function virPyFreePointer() frees the first member. */
typedef struct {
    unsigned long long *counts;
    const unsigned int *sizes; /* in KiB; belong to the argument of the call */
    unsigned int nsizes;
    int start;
} FreePages;

static VIR_PY_FOR_ROWS int newFreePages(const char *self, const virPyArray *sizes, int start, unsigned int cells,
                                        FreePages *pages)
{
    if (cells == 0)
        return virPyArgumentError(PyExc_LookupError, virPyArgument(self, 3), "must not be 0");
    *pages = (FreePages){ virPyNewArray(sizes->count ? cells : 0, sizes->count * sizeof(*pages->counts)), sizes->items,
                          sizes->count, start };
    return pages->counts ? 0 : -1;
}

/* Return a page size and the number of free pages of the first cell in SOURCE. */
static PyObject *freePagesPair(const void *source, Py_ssize_t n)
{
    const FreePages *pages = source;

    return virPyPackTuple(2, virPyFromUInt(pages->sizes[n]), virPyFromULLong(pages->counts[n]));
}

/* Return the number of cell N and the dict of its free pages. */
static VIR_PY_FOR_ROWS PyObject *cellPair(const void *source, Py_ssize_t n)
{
    FreePages cell = *(const FreePages *)source;

    cell.counts += n * cell.nsizes;
    return virPyPackTuple(2, virPyFromLLong((long long)cell.start + n), virPyDictOf(cell.nsizes, freePagesPair, &cell));
}

/* The pages for virNodeAllocPages(): both arrays have the same length. */
typedef struct {
    virPyArray sizes;  /* unsigned int, in KiB */
    virPyArray counts; /* unsigned long long */
} Pages;

static VIR_PY_FOR_ROWS void freePages(Pages *pages)
{
    virPyFreePointer(&pages->sizes);
    virPyFreePointer(&pages->counts);
}

static int readPageCount(const virPyWhere *where, PyObject *item, void *place)
{
    return virPyAsInteger(where, item, 0, ULLONG_MAX, place);
}

/* Convert {page size: number of pages}. */
static VIR_PY_FOR_ROWS int asPages(const virPyWhere *where, PyObject *object, Pages *pages)
{
    if (virPyCheckParams(where, object) < 0)
        return -1;
    /* Use a copy, since converting a number may run code that changes the dict. */
    PyObject *dict VIR_PY_AUTO(virPyDropRef) = PyDict_Copy(object);
    PyObject *keys VIR_PY_AUTO(virPyDropRef) = dict ? PyDict_Keys(dict) : NULL;
    PyObject *values VIR_PY_AUTO(virPyDropRef) = keys ? PyDict_Values(dict) : NULL;
    if (!values || virPyAsUInts(where, keys, &pages->sizes) < 0)
        return -1;
    return virPyAsArray(where, values, "", sizeof(unsigned long long), readPageCount, &pages->counts);
}
