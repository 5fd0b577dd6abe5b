/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Statistics of domains: of many at once, and of the CPUs of one. */

#include "libvirtmod.h"

#include <stdlib.h>

#include "errorrecord.h"
#include "libvirt-utils.h"
#include "typedparams.h"

/* What virDomainStatsRecordListFree() does, but for the references of the domains, which the handles took over: that
 * function reports an error for each domain that is NULL, and references of their own would take as long as all else.
 * libvirt allocates with malloc() and tells callers to free arrays with free(). */
static void
freeRecords(virDomainStatsRecordPtr *records, int count)
{
    for (int n = 0; n < count; n++) {
        virTypedParamsFree(records[n]->params, records[n]->nparams);
        free(records[n]);
    }
    free(records);
}

/* A new handle, which takes over the reference of the record. */
static PyObject *
fromDomain(virDomainPtr domain)
{
    return domain ? virPyNewHandle(&virPy_virDomain, domain) : virPyNewRef(Py_None);
}

/* Takes over the records, also on failure. */
static PyObject *
fromStats(virDomainStatsRecordPtr *records, int count)
{
    PyObject *list = PyList_New(count);
    virDomainStatsRecord before = { NULL, NULL, 0 };
    PyObject *last = NULL; /* borrowed: it is in the list */

    for (int n = 0; n < count; n++) {
        PyObject *domain = fromDomain(records[n]->dom);
        PyObject *stats = list ? virPyFromParamsLike(records[n]->params, records[n]->nparams, before.params,
                                                     before.nparams, last)
                               : NULL;
        PyObject *pair = virPyPackTuple(2, domain, stats);

        before = *records[n];
        last = stats;
        if (list && pair)
            VIR_PY_FILL_LIST(list, n, pair);
        else
            Py_CLEAR(list);
    }
    freeRecords(records, count);
    return list;
}

PyObject *
hand_virConnectGetAllDomainStats(const char *self, virConnectPtr conn, unsigned int stats,
                                 unsigned int flags)
{
    virDomainStatsRecordPtr *records = NULL;
    int retval;

    Py_BEGIN_ALLOW_THREADS
    retval = virConnectGetAllDomainStats(conn, stats, &records, flags);
    Py_END_ALLOW_THREADS
    return retval < 0 ? virPyFail(self) : fromStats(records, retval);
}

/* The domains of a list in use by a call; the array ends with NULL. */
typedef struct {
    virPyUse *uses;
    virDomainPtr *array;
    Py_ssize_t count;
} Domains;

static void
leaveDomains(Domains *domains)
{
    for (Py_ssize_t n = 0; n < domains->count; n++)
        virPyReleaseUse(&domains->uses[n]);
    free(domains->uses);
    free(domains->array);
}

static int
asDomains(const char *self, PyObject *list, Domains *domains)
{
    const virPyWhere where = { self, 1, NULL };
    Py_ssize_t size;

    if (!PyList_Check(list))
        return virPyArgumentTypeError(&where, list, "a list of virDomainPtr");
    size = PyList_Size(list);
    domains->uses = virPyNewArray((size_t)size, sizeof(*domains->uses));
    domains->array = domains->uses ? virPyNewArray((size_t)size + 1, sizeof(virDomainPtr)) : NULL;
    if (!domains->array)
        return -1;
    for (; domains->count < size; domains->count++) {
        /* Naming the argument, and not one that the signature does not have. */
        PyObject *item[3] = { NULL, PyList_GetItem(list, domains->count), NULL };

        if (virPyAcquireRequired(self, item, 1, &virPy_virDomain, &domains->uses[domains->count]) < 0)
            return -1;
        domains->array[domains->count] = domains->uses[domains->count].object;
    }
    return 0;
}

/* The connection is there for Python's sake: it is its method. */
PyObject *
hand_virDomainListGetStats(const char *self, PyObject *conn VIR_PY_UNUSED, PyObject *doms,
                           unsigned int stats, unsigned int flags)
{
    Domains domains VIR_PY_AUTO(leaveDomains) = { NULL, NULL, 0 };
    virDomainStatsRecordPtr *records = NULL;
    int retval;

    if (asDomains(self, doms, &domains) < 0)
        return NULL;

    Py_BEGIN_ALLOW_THREADS
    retval = virDomainListGetStats(domains.array, stats, &records, flags);
    Py_END_ALLOW_THREADS
    return retval < 0 ? virPyFail(self) : fromStats(records, retval);
}

/* --- CPUs of a domain ---------------------------------------------------- */

/* As many CPUs as libvirt answers for in one call. */
#define CPUS_AT_ONCE 128

static int
getCpuStats(virDomainPtr domain, virPyParams *params, int start, unsigned int cpus, unsigned int flags)
{
    int retval;

    Py_BEGIN_ALLOW_THREADS
    retval = virDomainGetCPUStats(domain, params ? params->array : NULL,
                                  params ? (unsigned int)params->count : 0, start, cpus, flags);
    Py_END_ALLOW_THREADS
    return retval;
}

/* One dict for each CPU; what libvirt did not fill has no type. */
static int
appendCpuStats(PyObject *list, virPyParams *params, int each, int filled, unsigned int cpus)
{
    for (unsigned int n = 0; n < cpus; n++) {
        virTypedParameterPtr first = params->array + (size_t)n * (size_t)each;
        PyObject *dict;
        int count = 0;
        int retval;

        while (count < filled && first[count].type != 0)
            count++;
        dict = virPyFromParams(first, count);
        retval = dict ? PyList_Append(list, dict) : -1;
        Py_XDECREF(dict);
        if (retval < 0)
            return -1;
    }
    return 0;
}

/* From START on, -1 for the total.  0, or -1 with an exception or an error of libvirt. */
static int
cpuStats(PyObject *list, virDomainPtr domain, int each, int start, unsigned int cpus, unsigned int flags)
{
    virPyParams params VIR_PY_AUTO(virPyFreeParams) = { NULL, each * (int)cpus, 0 };
    int filled = 0;

    if (each > 0) {
        virPyParams room;

        if (virPyNewParams(&params) < 0)
            return -1;
        room = (virPyParams){ params.array, each, 0 };
        filled = getCpuStats(domain, &room, start, cpus, flags);
        if (filled < 0)
            return -1;
    }
    return appendCpuStats(list, &params, each, filled, cpus);
}

static int
allCpuStats(PyObject *list, virDomainPtr domain, int total, unsigned int flags)
{
    int cpus = total ? 1 : getCpuStats(domain, NULL, 0, 0, flags);
    int each = cpus < 0 ? -1 : getCpuStats(domain, NULL, total ? -1 : 0, 1, flags);

    if (each < 0)
        return -1;
    if (total)
        return cpuStats(list, domain, each, -1, 1, flags);
    for (int start = 0; start < cpus; start += CPUS_AT_ONCE) {
        unsigned int some = (unsigned int)(cpus - start < CPUS_AT_ONCE ? cpus - start : CPUS_AT_ONCE);

        if (cpuStats(list, domain, each, start, some, flags) < 0)
            return -1;
    }
    return 0;
}

PyObject *
hand_virDomainGetCPUStats(const char *self, virDomainPtr domain, PyObject *total,
                          unsigned int flags)
{
    PyObject *list VIR_PY_AUTO(virPyDropRef) = NULL;
    int all = PyObject_IsTrue(total);

    if (all < 0)
        return NULL;
    list = PyList_New(0);
    if (!list)
        return NULL;
    /* Also of an exception virPyFail() makes NULL. */
    return allCpuStats(list, domain, all, flags) < 0 ? virPyFail(self) : virPyNewRef(list);
}
