/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Functions of domains that no shape fits. */

#include "libvirtmod.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "errorrecord.h"
#include "libvirt-utils.h"
#include "threads.h"
#include "typedparams.h"

PyObject *
hand_virDomainGetSchedulerType(const char *self, virDomainPtr domain)
{
    char *type;
    int count = 0;

    Py_BEGIN_ALLOW_THREADS
    type = virDomainGetSchedulerType(domain, &count);
    Py_END_ALLOW_THREADS
    if (!type)
        return virPyFail(self);
    return virPyPackTuple(2, virPyFromAllocated(type), virPyFromInt(count));
}

PyObject *
hand_virDomainGetBlockJobInfo(const char *self, virDomainPtr domain, const char *path,
                              unsigned int flags)
{
    virDomainBlockJobInfo info = { 0 };
    int retval;

    Py_BEGIN_ALLOW_THREADS
    retval = virDomainGetBlockJobInfo(domain, path, &info, flags);
    Py_END_ALLOW_THREADS
    if (retval < 0)
        return virPyFail(self);
    if (retval == 0)
        return PyDict_New();
    return virPyPackDict(4, "type", virPyFromInt(info.type), "bandwidth", virPyFromULong(info.bandwidth),
                         "cur", virPyFromULLong(info.cur), "end", virPyFromULLong(info.end));
}

PyObject *
hand_virDomainGetJobStats(const char *self, virDomainPtr domain, unsigned int flags)
{
    virPyParams params VIR_PY_AUTO(virPyFreeParams) = { NULL, 0, 0 };
    PyObject *dict;
    PyObject *number;
    int type = 0;
    int retval;

    Py_BEGIN_ALLOW_THREADS
    retval = virDomainGetJobStats(domain, &type, &params.array, &params.count, flags);
    Py_END_ALLOW_THREADS
    if (retval < 0)
        return virPyFail(self);
    dict = virPyFromParams(params.array, params.count);
    number = dict ? virPyFromInt(type) : NULL;
    if (dict && (!number || PyDict_SetItemString(dict, "type", number) < 0))
        Py_CLEAR(dict);
    Py_XDECREF(number);
    return dict;
}

static PyObject *
fromDiskErrors(virDomainDiskErrorPtr errors, int count)
{
    PyObject *dict = PyDict_New();

    for (int n = 0; n < count; n++) {
        PyObject *disk = dict ? virPyFromString(errors[n].disk) : NULL;
        PyObject *error = disk ? virPyFromInt(errors[n].error) : NULL;

        if (!error || PyDict_SetItem(dict, disk, error) < 0)
            Py_CLEAR(dict);
        Py_XDECREF(disk);
        Py_XDECREF(error);
        free(errors[n].disk);
    }
    return dict;
}

PyObject *
hand_virDomainGetDiskErrors(const char *self, virDomainPtr domain, unsigned int flags VIR_PY_UNUSED)
{
    virDomainDiskErrorPtr errors VIR_PY_AUTO(virPyFreePointer) = NULL;
    int retval;

    /* No flags are defined, and programs may have passed what was never looked at. */
    Py_BEGIN_ALLOW_THREADS
    retval = virDomainGetDiskErrors(domain, NULL, 0, 0);
    Py_END_ALLOW_THREADS
    if (retval < 0)
        return virPyFail(self);
    if (retval > 0) {
        unsigned int room = (unsigned int)retval;

        errors = virPyNewArray(room, sizeof(*errors));
        if (!errors)
            return NULL;
        Py_BEGIN_ALLOW_THREADS
        retval = virDomainGetDiskErrors(domain, errors, room, 0);
        Py_END_ALLOW_THREADS
        if (retval < 0)
            return virPyFail(self);
    }
    return fromDiskErrors(errors, retval);
}

/* By tag: the names that programs know. */
static const char *const memoryStats[] = {
    "swap_in",
    "swap_out",
    "major_fault",
    "minor_fault",
    "unused",
    "available",
    "actual",
    "rss",
    "usable",
    "last_update",
    "disk_caches",
    "hugetlb_pgalloc",
    "hugetlb_pgfail",
};

PyObject *
hand_virDomainMemoryStats(const char *self, virDomainPtr domain)
{
    virDomainMemoryStatStruct stats[VIR_DOMAIN_MEMORY_STAT_NR];
    virPyThread *thread;
    PyObject *dict;
    int retval;

    Py_BEGIN_ALLOW_THREADS
    retval = virDomainMemoryStats(domain, stats, VIR_DOMAIN_MEMORY_STAT_NR, 0);
    Py_END_ALLOW_THREADS
    if (retval < 0)
        return virPyFail(self);
    thread = virPyThisThread();
    dict = thread ? PyDict_New() : NULL;
    for (int n = 0; dict && n < retval; n++) {
        if (stats[n].tag < 0 || stats[n].tag >= (int)(sizeof(memoryStats) / sizeof(*memoryStats)))
            continue;
        if (virPySetItem(thread, dict, memoryStats[stats[n].tag], virPyFromULLong(stats[n].val)) < 0)
            Py_CLEAR(dict);
    }
    return dict;
}

static PyObject *
addressOf(const void *source, Py_ssize_t n)
{
    const virDomainIPAddress *address = (const virDomainIPAddress *)source + n;

    return virPyPackDict(3, "addr", virPyFromString(address->addr), "prefix", virPyFromUInt(address->prefix),
                         "type", virPyFromInt(address->type));
}

static PyObject *
fromInterfaces(virDomainInterfacePtr *interfaces, int count)
{
    PyObject *dict = PyDict_New();

    for (int n = 0; n < count; n++) {
        virDomainInterfacePtr interface = interfaces[n];
        PyObject *name = dict ? virPyFromString(interface->name) : NULL;
        PyObject *item = NULL;

        if (name)
            item = virPyPackDict(2, "addrs",
                                 interface->naddrs ? virPyListOf(interface->naddrs, addressOf, interface->addrs)
                                                   : virPyNewRef(Py_None),
                                 "hwaddr", virPyFromString(interface->hwaddr));
        if (!item || PyDict_SetItem(dict, name, item) < 0)
            Py_CLEAR(dict);
        Py_XDECREF(name);
        Py_XDECREF(item);
        virDomainInterfaceFree(interface);
    }
    free(interfaces);
    return dict;
}

PyObject *
hand_virDomainInterfaceAddresses(const char *self, virDomainPtr domain, unsigned int source,
                                 unsigned int flags)
{
    virDomainInterfacePtr *interfaces = NULL;
    int retval;

    Py_BEGIN_ALLOW_THREADS
    retval = virDomainInterfaceAddresses(domain, &interfaces, source, flags);
    Py_END_ALLOW_THREADS
    if (retval < 0)
        return virPyFail(self);
    return fromInterfaces(interfaces, retval);
}

/* What is wrong with the list itself has always been a libvirtError. */
static int
asKeycodes(const char *self, PyObject *given, unsigned int count, unsigned int *codes)
{
    /* A copy: the list may change while an item is converted. */
    PyObject *list VIR_PY_AUTO(virPyDropRef) = PyList_Check(given) ? PySequence_List(given) : NULL;

    if (PyErr_Occurred())
        return -1;
    if (!list || (size_t)PyList_Size(list) != count || count > VIR_DOMAIN_SEND_KEY_MAX_KEYS) {
        virPyRaise(self, VIR_ERR_INVALID_ARG,
                   "virDomainSendKey() argument 'keycodes' must be a list of 'nkeycodes' numbers, at most %d",
                   VIR_DOMAIN_SEND_KEY_MAX_KEYS);
        return -1;
    }
    for (unsigned int n = 0; n < count; n++) {
        unsigned long long wide = 0;
        char number[24];
        virPyWhere where = { self, 3, number };

        PyOS_snprintf(number, sizeof(number), "%u", n);
        if (virPyItemAsUnsigned(&where, PyList_GetItem(list, (Py_ssize_t)n), UINT_MAX, &wide) < 0)
            return -1;
        codes[n] = (unsigned int)wide;
    }
    return 0;
}

PyObject *
hand_virDomainSendKey(const char *self, virDomainPtr domain, unsigned int codeset,
                      unsigned int holdtime, PyObject *keycodes, int count, unsigned int flags)
{
    unsigned int codes[VIR_DOMAIN_SEND_KEY_MAX_KEYS] = { 0 };
    int retval;

    if (asKeycodes(self, keycodes, (unsigned int)count, codes) < 0)
        return NULL;

    Py_BEGIN_ALLOW_THREADS
    retval = virDomainSendKey(domain, codeset, holdtime, codes, count, flags);
    Py_END_ALLOW_THREADS
    return virPyStatus(self, retval);
}

/* A dict with seconds, and perhaps nseconds; or None, when flags say all. */
static int
asTime(const char *self, PyObject *time, unsigned int flags, long long *seconds, unsigned int *nseconds)
{
    virPyWhere where = { self, 1, NULL };
    PyObject *whole VIR_PY_AUTO(virPyDropRef) = NULL;
    PyObject *part VIR_PY_AUTO(virPyDropRef) = NULL;
    unsigned long long wide = 0;

    if (time == Py_None && flags != 0)
        return 0;
    if (!PyDict_Check(time))
        return virPyArgumentTypeError(&where, time, "dict, or None where flags tell the time");
    whole = virPyDictItem(time, "seconds");
    if (PyErr_Occurred())
        return -1;
    if (!whole)
        return virPyArgumentError(PyExc_LookupError, &where, "has no item 'seconds'");
    where.item = "seconds";
    if (virPyItemAsSigned(&where, whole, LLONG_MIN, LLONG_MAX, seconds) < 0)
        return -1;
    part = virPyDictItem(time, "nseconds");
    if (PyErr_Occurred())
        return -1;
    where.item = part ? "nseconds" : NULL;
    if (!part && PyDict_Size(time) > 1)
        return virPyArgumentError(PyExc_LookupError, &where, "has an item that is neither 'seconds' nor 'nseconds'");
    if (part && virPyItemAsUnsigned(&where, part, UINT_MAX, &wide) < 0)
        return -1;
    *nseconds = (unsigned int)wide;
    return 0;
}

PyObject *
hand_virDomainSetTime(const char *self, virDomainPtr domain, PyObject *time, unsigned int flags)
{
    long long seconds = 0;
    unsigned int nseconds = 0;
    int retval;

    if (asTime(self, time, flags, &seconds, &nseconds) < 0)
        return NULL;

    Py_BEGIN_ALLOW_THREADS
    retval = virDomainSetTime(domain, seconds, nseconds, flags);
    Py_END_ALLOW_THREADS
    return virPyStatus(self, retval);
}

/* --- CPUs that there are, and those that a domain runs on ---------------- */

/* How many virtual CPUs the domain has, and how many its host. */
static int
countCpus(virDomainPtr domain, int *vcpus, int *cpus)
{
    virDomainInfo info = { 0 };
    int retval;

    *cpus = virPyHostCpus(domain);
    if (*cpus < 0)
        return -1;
    Py_BEGIN_ALLOW_THREADS
    retval = virDomainGetInfo(domain, &info);
    Py_END_ALLOW_THREADS
    *vcpus = info.nrVirtCpu;
    return retval;
}

/* An array of maps, one for each virtual CPU. */
typedef struct {
    unsigned char *maps;
    int length;
    int cpus;
} CpuMaps;

static PyObject *
mapOf(const void *source, Py_ssize_t n)
{
    const CpuMaps *all = source;

    return virPyFromCpuMap(VIR_GET_CPUMAP(all->maps, all->length, n), all->length, all->cpus, 1);
}

static PyObject *
fromVcpuInfo(const void *data)
{
    const virVcpuInfo *info = data;

    return virPyPackTuple(4, virPyFromUInt(info->number), virPyFromInt(info->state),
                          virPyFromULLong(info->cpuTime), virPyFromInt(info->cpu));
}

PyObject *
hand_virDomainGetVcpus(const char *self, virDomainPtr domain)
{
    virVcpuInfoPtr info VIR_PY_AUTO(virPyFreePointer) = NULL;
    unsigned char *maps VIR_PY_AUTO(virPyFreePointer) = NULL;
    int vcpus, cpus, length, retval;

    if (countCpus(domain, &vcpus, &cpus) < 0)
        return virPyFail(self);
    length = VIR_CPU_MAPLEN(cpus);
    info = virPyNewArray((size_t)vcpus, sizeof(*info));
    maps = info ? virPyNewArray((size_t)vcpus, (size_t)length) : NULL;
    if (!maps)
        return NULL;
    Py_BEGIN_ALLOW_THREADS
    retval = virDomainGetVcpus(domain, info, vcpus, maps, length);
    Py_END_ALLOW_THREADS
    if (retval < 0)
        return virPyFail(self);
    /* Both lists are as long as the domain has CPUs, also when libvirt knew of fewer. */
    return virPyPackTuple(2, virPyFromStructs(info, vcpus, sizeof(*info), fromVcpuInfo),
                          virPyListOf(vcpus, mapOf, &(CpuMaps){ maps, length, cpus }));
}

PyObject *
hand_virDomainGetVcpuPinInfo(const char *self, virDomainPtr domain, unsigned int flags)
{
    unsigned char *maps VIR_PY_AUTO(virPyFreePointer) = NULL;
    int vcpus, cpus, length, retval;

    if (countCpus(domain, &vcpus, &cpus) < 0)
        return virPyFail(self);
    length = VIR_CPU_MAPLEN(cpus);
    maps = virPyNewArray((size_t)vcpus, (size_t)length);
    if (!maps)
        return NULL;
    Py_BEGIN_ALLOW_THREADS
    retval = virDomainGetVcpuPinInfo(domain, vcpus, maps, length, flags);
    Py_END_ALLOW_THREADS
    if (retval < 0)
        return virPyFail(self);
    return virPyListOf(retval, mapOf, &(CpuMaps){ maps, length, cpus });
}

PyObject *
hand_virDomainGetEmulatorPinInfo(const char *self, virDomainPtr domain, unsigned int flags)
{
    unsigned char *map VIR_PY_AUTO(virPyFreePointer) = NULL;
    int cpus, retval;

    cpus = virPyHostCpus(domain);
    if (cpus < 0)
        return virPyFail(self);
    map = virPyNewArray(VIR_CPU_MAPLEN(cpus), 1);
    if (!map)
        return NULL;
    Py_BEGIN_ALLOW_THREADS
    retval = virDomainGetEmulatorPinInfo(domain, map, VIR_CPU_MAPLEN(cpus), flags);
    Py_END_ALLOW_THREADS
    if (retval < 0)
        return virPyFail(self);
    return virPyFromCpuMap(map, VIR_CPU_MAPLEN(cpus), cpus, 1);
}

static void
freeIOThread(void *data)
{
    virDomainIOThreadInfoFree(data);
}

/* Records are freed one by one, so that a failure in the middle leaves none. */
static PyObject *
fromIOThreads(virDomainIOThreadInfoPtr *threads, int count, int cpus)
{
    PyObject *list = PyList_New(count);

    for (int n = 0; n < count; n++) {
        virDomainIOThreadInfoPtr thread = threads[n];
        PyObject *item = NULL;

        if (list)
            item = virPyPackTuple(2, virPyFromUInt(thread->iothread_id),
                                  virPyFromCpuMap(thread->cpumap, thread->cpumaplen, cpus, 0));
        if (item)
            VIR_PY_FILL_LIST(list, n, item);
        else
            Py_CLEAR(list);
        freeIOThread(thread);
    }
    free(threads);
    return list;
}

PyObject *
hand_virDomainGetIOThreadInfo(const char *self, virDomainPtr domain, unsigned int flags)
{
    virDomainIOThreadInfoPtr *threads = NULL;
    int cpus, retval;

    cpus = virPyHostCpus(domain);
    if (cpus < 0)
        return virPyFail(self);
    Py_BEGIN_ALLOW_THREADS
    retval = virDomainGetIOThreadInfo(domain, &threads, flags);
    Py_END_ALLOW_THREADS
    if (retval < 0)
        return virPyFail(self);
    return fromIOThreads(threads, retval, cpus);
}
