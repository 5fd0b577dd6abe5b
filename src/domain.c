/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Conversions that only functions of domains need.
 *
 * The generated file includes this one.  It has no state and takes no lock; wrappers call everything with the GIL. */

#include "libvirtmod.h"

#include <stdlib.h>

#include "errorrecord.h"
#include "libvirt-utils.h"

/* --- statistics and addresses ---------------------------------------------- */

/* Add the type of a job to its statistics.  Steals STATS, which may be NULL with an exception. */
static VIR_PY_FOR_ROWS PyObject *addJobType(PyObject *stats, int type)
{
    virPyThread *thread = stats ? virPyThisThread() : NULL;

    if (stats && (!thread || virPySetItem(thread, stats, "type", virPyFromInt(type)) < 0))
        Py_CLEAR(stats);
    return stats;
}

/* The keys that programs know, in the order of virDomainMemoryStatTags. */
static const char *const memoryStats[] = { "swap_in",       "swap_out",    "major_fault", "minor_fault",
                                           "unused",        "available",   "actual",      "rss",
                                           "usable",        "last_update", "disk_caches", "hugetlb_pgalloc",
                                           "hugetlb_pgfail" };

/* Return a dict.  Tags of a newer libvirt are left out. */
static VIR_PY_FOR_ROWS PyObject *fromMemoryStats(const virDomainMemoryStatStruct *stats, int count)
{
    virPyThread *thread = virPyThisThread();
    PyObject *dict = thread ? PyDict_New() : NULL;

    for (int n = 0; dict && n < count; n++) {
        if (stats[n].tag < 0 || stats[n].tag >= (int)(sizeof(memoryStats) / sizeof(*memoryStats)))
            continue;
        if (virPySetItem(thread, dict, memoryStats[stats[n].tag], virPyFromULLong(stats[n].val)) < 0)
            Py_CLEAR(dict);
    }
    return dict;
}

static PyObject *addressItem(const void *source, Py_ssize_t n)
{
    const virDomainIPAddress *address = (const virDomainIPAddress *)source + n;

    return virPyPackDict(3, "addr", virPyFromString(address->addr), "prefix", virPyFromUInt(address->prefix), "type",
                         virPyFromInt(address->type));
}

/* Return the name of an interface and a dict, and free the interface. */
static VIR_PY_FOR_ROWS PyObject *interfacePair(const void *source, Py_ssize_t n)
{
    virDomainInterfacePtr interface = ((virDomainInterfacePtr const *)source)[n];
    PyObject *addresses =
        interface->naddrs ? virPyListOf(interface->naddrs, addressItem, interface->addrs) : virPyNewRef(Py_None);
    PyObject *pair = virPyPackTuple(2, virPyFromString(interface->name),
                                    virPyPackDict(2, "addrs", addresses, "hwaddr", virPyFromString(interface->hwaddr)));

    virDomainInterfaceFree(interface);
    return pair;
}

/* --- arguments ------------------------------------------------------------- */

/* Convert the key codes for virDomainSendKey(), whose caller passes their COUNT, too. */
static VIR_PY_FOR_ROWS int asKeycodes(const virPyWhere *where, PyObject *object, int count, virPyArray *codes)
{
    /* Use a copy, since another thread may change the length of the list. */
    PyObject *items VIR_PY_AUTO(virPyDropRef) = PyList_Check(object) ? PyList_AsTuple(object) : NULL;

    if (PyErr_Occurred())
        return -1;
    if (items && PyTuple_Size(items) == count && count <= VIR_DOMAIN_SEND_KEY_MAX_KEYS)
        return virPyAsUInts(where, items, codes);
    /* A list of the wrong length has always been a libvirtError. */
    return virPyRaise(where->self, VIR_ERR_INVALID_ARG,
                      "virDomainSendKey() argument 'keycodes' must be a list of 'nkeycodes' numbers, at most %d",
                      VIR_DOMAIN_SEND_KEY_MAX_KEYS);
}

/* The time for virDomainSetTime(). */
typedef struct {
    long long seconds;
    unsigned int nseconds;
} Time;

/* Convert a dict with seconds and perhaps nseconds; or None, if FLAGS tell the time. */
static VIR_PY_FOR_ROWS int asTime(const virPyWhere *where, PyObject *object, unsigned int flags, Time *time)
{
    long long wide = 0;

    if (object == Py_None && flags != 0)
        return 0;
    if (!PyDict_Check(object))
        return virPyArgumentTypeError(where, object, "dict, or None where flags tell the time");
    PyObject *seconds VIR_PY_AUTO(virPyDropRef) = virPyDictItem(object, "seconds");
    PyObject *nseconds VIR_PY_AUTO(virPyDropRef) = PyErr_Occurred() ? NULL : virPyDictItem(object, "nseconds");
    if (PyErr_Occurred())
        return -1;
    if (!seconds)
        return virPyArgumentError(PyExc_LookupError, where, "has no item 'seconds'");
    if (virPyAsInteger(virPyItemIn(where, "seconds"), seconds, LLONG_MIN, LLONG_MAX, &time->seconds) < 0)
        return -1;
    if (!nseconds && PyDict_Size(object) > 1)
        return virPyArgumentError(PyExc_LookupError, where, "has an item that is neither 'seconds' nor 'nseconds'");
    if (nseconds && virPyAsInteger(virPyItemIn(where, "nseconds"), nseconds, 0, UINT_MAX, &wide) < 0)
        return -1;
    time->nseconds = (unsigned int)wide;
    return 0;
}

/* --- CPU maps -------------------------------------------------------------- */

/* CPU maps that libvirt fills: COUNT maps of LENGTH bytes for the CPUs of the domain's host.  The cleanup function
 * virPyFreePointer() frees the first member. */
typedef struct {
    unsigned char *maps;
    int count;
    int length;
    int cpus;
} CpuMaps;

/* Allocate a map, or one for each virtual CPU of the domain.  Returns 0, or -1: with an exception if memory runs out,
 * without one if libvirt fails. */
static VIR_PY_FOR_ROWS int newCpuMaps(virDomainPtr domain, bool each, CpuMaps *maps)
{
    virDomainInfo info = { .nrVirtCpu = 1 };
    int retval = 0;

    maps->cpus = virPyHostCpus(domain);
    if (maps->cpus < 0)
        return -1;
    Py_BEGIN_ALLOW_THREADS
    if (each)
        retval = virDomainGetInfo(domain, &info);
    Py_END_ALLOW_THREADS
    if (retval < 0)
        return -1;
    maps->count = info.nrVirtCpu;
    maps->length = VIR_CPU_MAPLEN(maps->cpus);
    maps->maps = virPyNewArray((size_t)maps->count, (size_t)maps->length);
    return maps->maps ? 0 : -1;
}

/* Return map N as a tuple of bool. */
static VIR_PY_FOR_ROWS PyObject *cpuMapItem(const void *source, Py_ssize_t n)
{
    const CpuMaps *all = source;

    return virPyFromCpuMap(VIR_GET_CPUMAP(all->maps, all->length, n), all->length, all->cpus, 1);
}

static VIR_PY_FOR_ROWS PyObject *vcpuItem(const void *source, Py_ssize_t n)
{
    const virVcpuInfo *info = (const virVcpuInfo *)source + n;

    return virPyPackTuple(4, virPyFromUInt(info->number), virPyFromInt(info->state), virPyFromULLong(info->cpuTime),
                          virPyFromInt(info->cpu));
}

/* Records of libvirt's, and the number of CPUs that their maps are for.  virPyFreePointer() frees the first member. */
typedef struct {
    virDomainIOThreadInfoPtr *threads;
    int cpus;
} IOThreads;

/* Return the id of an I/O thread and its CPU map as a list, and free the record. */
static VIR_PY_FOR_ROWS PyObject *ioThreadItem(const void *source, Py_ssize_t n)
{
    const IOThreads *all = source;
    virDomainIOThreadInfoPtr thread = all->threads[n];
    PyObject *item = virPyPackTuple(2, virPyFromUInt(thread->iothread_id),
                                    virPyFromCpuMap(thread->cpumap, thread->cpumaplen, all->cpus, 0));

    virDomainIOThreadInfoFree(thread);
    return item;
}
