/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which CPUs there are, and which of them a domain runs on. */

#include "libvirtmod.h"

#include <stdlib.h>
#include <string.h>

#include "failure.h"
#include "libvirt-utils.h"

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
