/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Statistics of domains: of many at once, and of the CPUs of one.
 *
 * The generated file includes this one.  It has no state and takes no lock; wrappers call everything with the GIL. */

#include "libvirtmod.h"

#include <stdlib.h>

#include "errorrecord.h"
#include "libvirt-utils.h"
#include "typedparams.h"

/* --- many domains ---------------------------------------------------------- */

/* Do what virDomainStatsRecordListFree() does, but keep the references to the domains, which the handles took over.
 * That function would report an error for each domain that is NULL, and to take references for the handles would take
 * as long as everything else.  libvirt allocates with malloc(), and tells callers to free arrays with free(). */
static void freeRecords(virDomainStatsRecordPtr *records, int count)
{
    for (int n = 0; n < count; n++) {
        virTypedParamsFree(records[n]->params, records[n]->nparams);
        free(records[n]);
    }
    free(records);
}

/* Return a list of (handle, dict).  Takes over the records, also on failure. */
static VIR_PY_FOR_ROWS PyObject *fromStats(virDomainStatsRecordPtr *records, int count)
{
    PyObject *list = PyList_New(count);
    virDomainStatsRecord before = { NULL, NULL, 0 };
    PyObject *last = NULL; /* the dict of the record before; borrowed from the list */

    for (int n = 0; n < count; n++) {
        virDomainStatsRecordPtr record = records[n];
        PyObject *domain = record->dom ? virPyNewHandle(&virPy_virDomain, record->dom) : virPyNewRef(Py_None);
        PyObject *stats =
            list ? virPyFromParamsLike(record->params, record->nparams, before.params, before.nparams, last) : NULL;
        PyObject *pair = virPyPackTuple(2, domain, stats);

        before = *record;
        last = stats;
        if (list && pair)
            VIR_PY_FILL_LIST(list, n, pair);
        else
            Py_CLEAR(list);
    }
    freeRecords(records, count);
    return list;
}

/* The domains of a list, in use until the call is over. */
typedef struct {
    virPyArray uses;     /* virPyUse */
    virDomainPtr *array; /* ends with NULL */
} Domains;

static VIR_PY_FOR_ROWS void releaseDomains(Domains *domains)
{
    virPyUse *uses = domains->uses.items;

    for (unsigned int n = 0; n < domains->uses.count; n++)
        virPyReleaseUse(&uses[n]);
    free(uses);
    free(domains->array);
}

/* Acquire one domain.  Exceptions name the argument, not the item. */
static int readDomain(const virPyWhere *where, PyObject *item, void *place)
{
    return virPyAcquire(virPyArgument(where->self, where->i), item, &virPy_virDomain, true, place);
}

static VIR_PY_FOR_ROWS int asDomains(const virPyWhere *where, PyObject *object, Domains *domains)
{
    const virPyUse *uses;

    if (!PyList_Check(object))
        return virPyArgumentTypeError(where, object, "a list of virDomainPtr");
    if (virPyAsArray(where, object, "", sizeof(virPyUse), readDomain, &domains->uses) < 0)
        return -1;
    domains->array = virPyNewArray((size_t)domains->uses.count + 1, sizeof(virDomainPtr));
    uses = domains->uses.items;
    for (unsigned int n = 0; domains->array && n < domains->uses.count; n++)
        domains->array[n] = uses[n].object;
    return domains->array ? 0 : -1;
}

/* --- CPUs of a domain ------------------------------------------------------ */

/* libvirt answers for that many CPUs in one call. */
#define CPUS_AT_ONCE 128

/* Parameters of several CPUs: EACH for every CPU, of which libvirt has filled at most FILLED.  The others have no type.
 */
typedef struct {
    virTypedParameterPtr array;
    int each;
    int filled;
} CpuStats;

static PyObject *cpuStatsItem(const void *source, Py_ssize_t n)
{
    const CpuStats *all = source;
    virTypedParameterPtr params = all->array + n * all->each;
    int count = 0;

    while (count < all->filled && params[count].type != 0)
        count++;
    return virPyFromParams(params, count);
}

/* Call libvirt without the GIL.  Without an array it returns how many parameters each CPU has; for 0 CPUs, how many
 * CPUs there are. */
static int getCpuStats(virDomainPtr domain, CpuStats *stats, int start, unsigned int cpus, unsigned int flags)
{
    int retval;

    Py_BEGIN_ALLOW_THREADS
    retval = virDomainGetCPUStats(domain, stats->array, (unsigned int)stats->each, start, cpus, flags);
    Py_END_ALLOW_THREADS
    return retval;
}

/* Append the statistics of CPUS CPUs from START on, or the total if START is -1, to a list.  Returns 0, or -1: with an
 * exception, or without one if libvirt fails. */
static int addCpuStats(PyObject *list, virDomainPtr domain, int each, int start, unsigned int cpus, unsigned int flags)
{
    virPyParams params VIR_PY_AUTO(virPyFreeParams) = { NULL, each * (int)cpus, 0 };
    CpuStats stats = { NULL, each, 0 };

    if (each > 0 && virPyNewParams(&params) < 0)
        return -1;
    stats.array = params.array;
    if (each > 0)
        stats.filled = getCpuStats(domain, &stats, start, cpus, flags);
    PyObject *some VIR_PY_AUTO(virPyDropRef) = stats.filled < 0 ? NULL : virPyListOf(cpus, cpuStatsItem, &stats);
    return some ? PyList_SetSlice(list, PyList_Size(list), PyList_Size(list), some) : -1;
}

PyObject *hand_virDomainGetCPUStats(const char *self, virDomainPtr domain, PyObject *total, unsigned int flags)
{
    CpuStats none = { NULL, 0, 0 };
    int all = PyObject_IsTrue(total);
    int first = all ? -1 : 0, end = 0, each, retval;
    PyObject *list = all < 0 ? NULL : PyList_New(0);

    if (!list)
        return NULL;
    if (!all)
        end = getCpuStats(domain, &none, 0, 0, flags);
    each = end < 0 ? -1 : getCpuStats(domain, &none, first, 1, flags);
    retval = each < 0 ? -1 : 0;
    for (int start = first; retval == 0 && start < end; start += CPUS_AT_ONCE) {
        int some = end - start < CPUS_AT_ONCE ? end - start : CPUS_AT_ONCE;

        retval = addCpuStats(list, domain, each, start, (unsigned int)some, flags);
    }
    if (retval == 0)
        return list;
    Py_DECREF(list);
    return virPyFail(self);
}
