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
    if (virPyCheckType(where, object, PyList_Check(object), "a list of virDomainPtr") < 0 ||
        virPyAsArray(where, object, "", sizeof(virPyUse), readDomain, &domains->uses) < 0)
        return -1;
    domains->array = virPyNewArray((size_t)domains->uses.count + 1, sizeof(virDomainPtr));
    const virPyUse *uses = domains->uses.items;
    for (unsigned int n = 0; domains->array && n < domains->uses.count; n++)
        domains->array[n] = uses[n].object;
    return domains->array ? 0 : -1;
}

/* --- CPUs of a domain ------------------------------------------------------ */

/* libvirt answers for that many CPUs in one call. */
#define CPUS_AT_ONCE 128

/* Call libvirt without the GIL.  It fills at most EACH parameters for each CPU, and returns how many.  Without an array
 * it returns how many parameters each CPU has; for 0 CPUs, how many CPUs there are. */
static int getCpuStats(virDomainPtr domain, virTypedParameterPtr array, int each, int start, unsigned int cpus,
                       unsigned int flags)
{
    int retval;

    Py_BEGIN_ALLOW_THREADS
    retval = virDomainGetCPUStats(domain, array, (unsigned int)each, start, cpus, flags);
    Py_END_ALLOW_THREADS
    return retval;
}

/* Append the statistics of CPUS CPUs from START on, or the total if START is -1, to a list.  Returns 0, or -1: with an
 * exception, or without one if libvirt fails. */
static int addCpuStats(PyObject *list, virDomainPtr domain, int each, int start, unsigned int cpus, unsigned int flags)
{
    virPyParams params VIR_PY_AUTO(virPyFreeParams) = { NULL, each * (int)cpus, 0 };

    if (each > 0 && virPyNewParams(&params) < 0)
        return -1;
    int filled = each > 0 ? getCpuStats(domain, params.array, each, start, cpus, flags) : 0;
    int retval = filled < 0 ? -1 : 0;
    for (unsigned int n = 0; retval == 0 && n < cpus; n++) {
        virTypedParameterPtr first = params.array + n * (size_t)each;
        int count = 0;

        /* libvirt gives no type to the parameters that a CPU does not have. */
        while (count < filled && first[count].type != 0)
            count++;
        PyObject *stats VIR_PY_AUTO(virPyDropRef) = virPyFromParams(first, count);
        retval = stats ? PyList_Append(list, stats) : -1;
    }
    return retval;
}

PyObject *hand_virDomainGetCPUStats(const char *self, virDomainPtr domain, PyObject *total, unsigned int flags)
{
    int all = PyObject_IsTrue(total);
    int first = all ? -1 : 0;
    PyObject *list = all < 0 ? NULL : PyList_New(0);

    if (!list)
        return NULL;
    int end = all ? 0 : getCpuStats(domain, NULL, 0, 0, 0, flags);
    int each = end < 0 ? -1 : getCpuStats(domain, NULL, 0, first, 1, flags);
    int retval = each < 0 ? -1 : 0;
    for (int start = first; retval == 0 && start < end; start += CPUS_AT_ONCE) {
        int some = end - start < CPUS_AT_ONCE ? end - start : CPUS_AT_ONCE;

        retval = addCpuStats(list, domain, each, start, (unsigned int)some, flags);
    }
    if (retval == 0)
        return list;
    Py_DECREF(list);
    return virPyFail(self);
}
