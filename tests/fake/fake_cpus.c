/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The fake libvirt: CPUs of the host and of domains. */

#include "fake.h"

#include <stdlib.h>
#include <string.h>

/* Return how many CPUs the host has, which is not a multiple of eight. */
static int host_cpus(void)
{
    switch (fake_mode) {
    case FAKE_EMPTY:
    case FAKE_NOCPUS:
        return 0;
    case FAKE_MAXIMAL:
        return 300;
    default:
        return 12;
    }
}

/* Set every CPU whose number is divisible by STEP, and meaningless bits after the last one. */
static void fill_map(unsigned char *map, int length, int step)
{
    memset(map, 0, (size_t)length);
    for (int cpu = 0; cpu < 8 * length; cpu++)
        if (cpu % step == 0 || cpu >= host_cpus())
            map[cpu / 8] |= (unsigned char)(1u << (cpu % 8));
}

int virNodeGetCPUMap(virConnectPtr conn, unsigned char **map, unsigned int *online, unsigned int flags)
{
    FAKE_CALL(conn, fake_show_out(map), fake_show_out(online), flags);
    if (fake_fails())
        return -1;
    if (map) {
        *map = fake_alloc((size_t)VIR_CPU_MAPLEN(host_cpus()), 1);
        fill_map(*map, VIR_CPU_MAPLEN(host_cpus()), 3);
    }
    if (online)
        FAKE_SET(*online, 4);
    return host_cpus();
}

/* --- which CPUs a domain may run on -------------------------------------- */

int virDomainGetVcpus(virDomainPtr domain, virVcpuInfoPtr info, int room, unsigned char *maps, int length)
{
    int count = fake_fill_count(room);

    FAKE_CALL(domain, fake_show_out(info), room, fake_show_out(maps), length);
    if (fake_fails())
        return -1;
    for (int n = 0; n < count; n++) {
        FAKE_SET(info[n].number, (unsigned int)n);
        FAKE_SET(info[n].state, VIR_VCPU_RUNNING);
        FAKE_SET(info[n].cpuTime, 1000000000ULL + (unsigned int)n);
        FAKE_SET(info[n].cpu, n - 1);
        fill_map(maps + n * length, length, n + 2);
    }
    return count;
}

int virDomainGetVcpuPinInfo(virDomainPtr domain, int room, unsigned char *maps, int length, unsigned int flags)
{
    int count = fake_fill_count(room);

    FAKE_CALL(domain, room, fake_show_out(maps), length, flags);
    if (fake_fails())
        return -1;
    for (int n = 0; n < count; n++)
        fill_map(maps + n * length, length, n + 2);
    return count;
}

int virDomainGetEmulatorPinInfo(virDomainPtr domain, unsigned char *map, int length, unsigned int flags)
{
    FAKE_CALL(domain, fake_show_out(map), length, flags);
    if (fake_fails())
        return -1;
    /* 0 means that nothing is pinned; the map is not changed. */
    if (fake_mode == FAKE_HOLES)
        return 0;
    fill_map(map, length, 5);
    return 1;
}

int virDomainGetIOThreadInfo(virDomainPtr domain, virDomainIOThreadInfoPtr **info, unsigned int flags)
{
    int count = fake_count();

    FAKE_CALL(domain, fake_show_out(info), flags);
    if (fake_fails())
        return -1;
    *info = fake_alloc((size_t)count + 1, sizeof(**info));
    for (int n = 0; n < count; n++) {
        virDomainIOThreadInfoPtr item = (*info)[n] = fake_alloc(1, sizeof(*item));

        FAKE_SET(item->iothread_id, (unsigned int)n + 1);
        /* A map may be shorter or longer than the number of the host's CPUs. */
        item->cpumaplen = fake_mode == FAKE_HOLES ? n : VIR_CPU_MAPLEN(host_cpus());
        item->cpumap = fake_alloc((size_t)item->cpumaplen, 1);
        fill_map(item->cpumap, item->cpumaplen, n + 2);
    }
    return count;
}

int virDomainPinVcpu(virDomainPtr domain, unsigned int vcpu, unsigned char *map, int length)
{
    FAKE_CALL(domain, vcpu, fake_show_bytes(map, (size_t)length), length);
    return fake_fails() ? -1 : 0;
}

int virDomainPinVcpuFlags(virDomainPtr domain, unsigned int vcpu, unsigned char *map, int length, unsigned int flags)
{
    FAKE_CALL(domain, vcpu, fake_show_bytes(map, (size_t)length), length, flags);
    return fake_fails() ? -1 : 0;
}

int virDomainPinEmulator(virDomainPtr domain, unsigned char *map, int length, unsigned int flags)
{
    FAKE_CALL(domain, fake_show_bytes(map, (size_t)length), length, flags);
    return fake_fails() ? -1 : 0;
}

int virDomainPinIOThread(virDomainPtr domain, unsigned int iothread_id, unsigned char *map, int length,
                         unsigned int flags)
{
    FAKE_CALL(domain, iothread_id, fake_show_bytes(map, (size_t)length), length, flags);
    return fake_fails() ? -1 : 0;
}

/* --- CPU statistics of a domain -------------------------------------------- */

static void set_cpu_time(virTypedParameterPtr param, const char *field, unsigned long long value)
{
    memset(param, 0, sizeof(*param));
    memcpy(param->field, field, strlen(field));
    param->type = VIR_TYPED_PARAM_ULLONG;
    param->value.ul = value;
}

/* There are three parameters for the total and two for each CPU. NPARAMS is the size for each CPU. */
int virDomainGetCPUStats(virDomainPtr domain, virTypedParameterPtr params, unsigned int nparams, int start,
                         unsigned int ncpus, unsigned int flags)
{
    static const char *const fields[] = { "cpu_time", "user_time", "system_time" };
    unsigned int each = start < 0 ? 3 : 2;

    FAKE_CALL(domain, fake_show_out(params), nparams, start, ncpus, flags);
    if (fake_fails())
        return -1;
    if (ncpus == 0)
        return host_cpus();
    if (fake_mode == FAKE_ODD)
        return 0; /* there are CPUs, but nothing is known about them */
    if (nparams == 0)
        return (int)each;
    if (fake_mode == FAKE_FEWER)
        each--;
    for (unsigned int n = 0; n < ncpus; n++) {
        int cpu = start + (int)n;

        /* A CPU that went away in the meantime is not filled. */
        if (fake_mode == FAKE_HOLES && cpu == 1)
            continue;
        for (unsigned int p = 0; p < each; p++)
            set_cpu_time(&params[n * nparams + p], fields[p], 1000ULL * (unsigned int)(cpu + 1) + p);
        if (fake_mode == FAKE_HOLES && cpu == 2)
            memset(&params[n * nparams + 1], 0, sizeof(*params));
    }
    return (int)each;
}
