/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Statistics of domains: of many at once, and of the CPUs of one.
 *
 * The rows of these functions name the conversions; the generated file includes this one.  VIR_PY_UNUSED marks what
 * only rows name, since an API description may lack the function.  Nothing here has state or takes a lock.  Wrappers
 * call these functions with the GIL.
 */

#include "libvirtmod.h"

#include <stdlib.h>

#include "errorrecord.h"
#include "libvirt-utils.h"
#include "typedparams.h"

/* --- many domains ---------------------------------------------------------- */

/* Do what virDomainStatsRecordListFree() does, but keep the references to the domains, which the handles took over.
 * That function would report an error for each domain that is NULL, and to take references for the handles would take
 * as long as everything else.  libvirt allocates with malloc(), and tells callers to free arrays with free(). */
static void
freeRecords(virDomainStatsRecordPtr *records, int count)
{
    for (int n = 0; n < count; n++) {
        virTypedParamsFree(records[n]->params, records[n]->nparams);
        free(records[n]);
    }
    free(records);
}

/* Return a list of (handle, dict).  Takes over the records, also on failure. */
static VIR_PY_UNUSED PyObject *
fromStats(virDomainStatsRecordPtr *records, int count)
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

static VIR_PY_UNUSED void
releaseDomains(Domains *domains)
{
    virPyUse *uses = domains->uses.items;

    for (unsigned int n = 0; n < domains->uses.count; n++)
        virPyReleaseUse(&uses[n]);
    free(uses);
    free(domains->array);
}

/* Acquire one domain.  Exceptions name the argument, not the item. */
static int
readDomain(const virPyWhere *where, PyObject *item, void *place)
{
    return virPyAcquire(virPyArgument(where->self, where->i), item, &virPy_virDomain, true, place);
}

static VIR_PY_UNUSED int
asDomains(const virPyWhere *where, PyObject *object, Domains *domains)
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

/* Call libvirt without the GIL, with room for EACH parameters per CPU; NULL and 0 ask for a number. */
static int
getCpuStats(virDomainPtr domain, virTypedParameterPtr params, int each, int start, unsigned int cpus,
            unsigned int flags)
{
    int retval;

    Py_BEGIN_ALLOW_THREADS
    retval = virDomainGetCPUStats(domain, params, (unsigned int)each, start, cpus, flags);
    Py_END_ALLOW_THREADS
    return retval;
}

/* Append a dict for each CPU.  libvirt filled at most FILLED of the EACH parameters of a CPU; the others have no type.
 * Returns 0, or -1 with an exception. */
static int
appendCpuStats(PyObject *list, virTypedParameterPtr params, int each, int filled, unsigned int cpus)
{
    for (unsigned int n = 0; n < cpus; n++, params += each) {
        PyObject *dict;
        int count = 0;
        int retval;

        while (count < filled && params[count].type != 0)
            count++;
        dict = virPyFromParams(params, count);
        retval = dict ? PyList_Append(list, dict) : -1;
        Py_XDECREF(dict);
        if (retval < 0)
            return -1;
    }
    return 0;
}

/* Append the statistics of CPUS CPUs from START on, or the total if START is -1.  Returns 0, or -1: with an exception,
 * or without one if libvirt fails. */
static int
addCpuStats(PyObject *list, virDomainPtr domain, int each, int start, unsigned int cpus, unsigned int flags)
{
    virPyParams params VIR_PY_AUTO(virPyFreeParams) = { NULL, each * (int)cpus, 0 };
    int filled = 0;

    if (each > 0 && virPyNewParams(&params) < 0)
        return -1;
    if (each > 0)
        filled = getCpuStats(domain, params.array, each, start, cpus, flags);
    return filled < 0 ? -1 : appendCpuStats(list, params.array, each, filled, cpus);
}

/* Append what getCPUStats() returns.  Returns like addCpuStats(). */
static int
addAllCpuStats(PyObject *list, virDomainPtr domain, int total, unsigned int flags)
{
    int cpus = total ? 1 : getCpuStats(domain, NULL, 0, 0, 0, flags);
    int each = cpus < 0 ? -1 : getCpuStats(domain, NULL, 0, total ? -1 : 0, 1, flags);

    if (each < 0)
        return -1;
    if (total)
        return addCpuStats(list, domain, each, -1, 1, flags);
    for (int start = 0; start < cpus; start += CPUS_AT_ONCE) {
        int some = cpus - start < CPUS_AT_ONCE ? cpus - start : CPUS_AT_ONCE;

        if (addCpuStats(list, domain, each, start, (unsigned int)some, flags) < 0)
            return -1;
    }
    return 0;
}

PyObject *
hand_virDomainGetCPUStats(const char *self, virDomainPtr domain, PyObject *total, unsigned int flags)
{
    int all = PyObject_IsTrue(total);
    PyObject *list = all < 0 ? NULL : PyList_New(0);

    if (!list || addAllCpuStats(list, domain, all, flags) == 0)
        return list;
    Py_DECREF(list);
    return PyErr_Occurred() ? NULL : virPyFail(self);
}
