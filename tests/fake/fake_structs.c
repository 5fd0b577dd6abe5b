/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The fake libvirt: functions that fill structs, records and numbers. */

#include "fake_plain.h"

#include <stdlib.h>
#include <string.h>

/* --- numbers ------------------------------------------------------------- */

#define GET_NUMBER_FLAGS(name, handle, ctype, golden) \
    int name(handle object, ctype *number, unsigned int flags) \
    { \
        FAKE_CALL(object, fake_show_out(number), flags); \
        if (fake_fails()) \
            return -1; \
        FAKE_SET(*number, golden); \
        return 0; \
    }

int virGetVersion(unsigned long *library, const char *driver, unsigned long *type)
{
    FAKE_CALL(fake_show_out(library), driver, fake_show_out(type));
    if (fake_fails())
        return -1;
    FAKE_SET(*library, 11003001);
    if (type)
        FAKE_SET(*type, 8004002);
    return 0;
}

GET_NUMBER(virConnectGetLibVersion, virConnectPtr, unsigned long, 9001002)
GET_NUMBER(virConnectGetVersion, virConnectPtr, unsigned long, 7002003)
GET_NUMBER(virDomainGetAutostart, virDomainPtr, int, 1)
GET_NUMBER(virNetworkGetAutostart, virNetworkPtr, int, 1)
GET_NUMBER(virStoragePoolGetAutostart, virStoragePoolPtr, int, 1)
#if LIBVIR_VERSION_NUMBER >= 7008000
GET_NUMBER(virNodeDeviceGetAutostart, virNodeDevicePtr, int, 1)
#endif
#if LIBVIR_VERSION_NUMBER >= 11002000
GET_NUMBER(virDomainGetAutostartOnce, virDomainPtr, int, 1)
#endif
GET_NUMBER_FLAGS(virDomainMigrateGetCompressionCache, virDomainPtr, unsigned long long, 67108864)
GET_NUMBER_FLAGS(virDomainMigrateGetMaxDowntime, virDomainPtr, unsigned long long, 300)
GET_NUMBER_FLAGS(virDomainMigrateGetMaxSpeed, virDomainPtr, unsigned long, 3000000000)
GET_NUMBER_FLAGS(virStreamRecvHole, virStreamPtr, long long, 1048576)

int virDomainGetState(virDomainPtr domain, int *state, int *reason, unsigned int flags)
{
    FAKE_CALL(domain, fake_show_out(state), fake_show_out(reason), flags);
    if (fake_fails())
        return -1;
    FAKE_SET(*state, VIR_DOMAIN_PAUSED);
    FAKE_SET(*reason, VIR_DOMAIN_PAUSED_DUMP);
    return 0;
}

int virDomainGetTime(virDomainPtr domain, long long *seconds, unsigned int *nseconds, unsigned int flags)
{
    FAKE_CALL(domain, fake_show_out(seconds), fake_show_out(nseconds), flags);
    if (fake_fails())
        return -1;
    FAKE_SET(*seconds, 1700000000);
    FAKE_SET(*nseconds, 999999999);
    return 0;
}

/* --- structs ------------------------------------------------------------- */

#define STRUCT(name, handle, pointer, fill) \
    int name(handle object, pointer info) \
    { \
        FAKE_CALL(object, fake_show_out(info)); \
        if (fake_fails()) \
            return -1; \
        fill(info); \
        return 0; \
    }

static void fill_domain(virDomainInfoPtr info)
{
    FAKE_SET(info->state, VIR_DOMAIN_PAUSED);
    FAKE_SET(info->maxMem, 8388608);
    FAKE_SET(info->memory, 4194304);
    info->nrVirtCpu = (unsigned short)fake_count();
    FAKE_SET(info->cpuTime, 123456789012);
}

static void fill_job(virDomainJobInfoPtr info)
{
    FAKE_SET(info->type, VIR_DOMAIN_JOB_BOUNDED);
    FAKE_SET(info->timeElapsed, 11);
    FAKE_SET(info->timeRemaining, 12);
    FAKE_SET(info->dataTotal, 13);
    FAKE_SET(info->dataProcessed, 14);
    FAKE_SET(info->dataRemaining, 15);
    FAKE_SET(info->memTotal, 16);
    FAKE_SET(info->memProcessed, 17);
    FAKE_SET(info->memRemaining, 18);
    FAKE_SET(info->fileTotal, 19);
    FAKE_SET(info->fileProcessed, 20);
    FAKE_SET(info->fileRemaining, 21);
}

static void fill_node(virNodeInfoPtr info)
{
    fake_copy_text(info->model, sizeof(info->model), "x86_64");
    FAKE_SET(info->memory, 16777216 + 1023);
    FAKE_SET(info->cpus, 21);
    FAKE_SET(info->mhz, 2400);
    FAKE_SET(info->nodes, 22);
    FAKE_SET(info->sockets, 23);
    FAKE_SET(info->cores, 24);
    FAKE_SET(info->threads, 25);
}

static void fill_pool(virStoragePoolInfoPtr info)
{
    FAKE_SET(info->state, VIR_STORAGE_POOL_RUNNING);
    FAKE_SET(info->capacity, 31);
    FAKE_SET(info->allocation, 32);
    FAKE_SET(info->available, 33);
}

static void fill_vol(virStorageVolInfoPtr info)
{
    FAKE_SET(info->type, VIR_STORAGE_VOL_DIR);
    FAKE_SET(info->capacity, 41);
    FAKE_SET(info->allocation, 42);
}

static void fill_model(virSecurityModelPtr model)
{
    fake_copy_text(model->model, sizeof(model->model), "selinux");
    fake_copy_text(model->doi, sizeof(model->doi), "zw\xc3\xb6lf");
}

static void fill_label(virSecurityLabelPtr label)
{
    fake_copy_text(label->label, sizeof(label->label), "system_u:object_r:svirt_t:s0");
    FAKE_SET(label->enforcing, 2);
}

STRUCT(virDomainGetInfo, virDomainPtr, virDomainInfoPtr, fill_domain)
STRUCT(virDomainGetJobInfo, virDomainPtr, virDomainJobInfoPtr, fill_job)
STRUCT(virDomainGetSecurityLabel, virDomainPtr, virSecurityLabelPtr, fill_label)
STRUCT(virNodeGetInfo, virConnectPtr, virNodeInfoPtr, fill_node)
STRUCT(virNodeGetSecurityModel, virConnectPtr, virSecurityModelPtr, fill_model)
STRUCT(virStoragePoolGetInfo, virStoragePoolPtr, virStoragePoolInfoPtr, fill_pool)
STRUCT(virStorageVolGetInfo, virStorageVolPtr, virStorageVolInfoPtr, fill_vol)

int virStorageVolGetInfoFlags(virStorageVolPtr vol, virStorageVolInfoPtr info, unsigned int flags)
{
    FAKE_CALL(vol, fake_show_out(info), flags);
    if (fake_fails())
        return -1;
    fill_vol(info);
    return 0;
}

int virDomainGetControlInfo(virDomainPtr domain, virDomainControlInfoPtr info, unsigned int flags)
{
    FAKE_CALL(domain, fake_show_out(info), flags);
    if (fake_fails())
        return -1;
    FAKE_SET(info->state, VIR_DOMAIN_CONTROL_ERROR);
    FAKE_SET(info->details, VIR_DOMAIN_CONTROL_ERROR_REASON_MONITOR);
    FAKE_SET(info->stateTime, 51);
    return 0;
}

int virDomainGetBlockInfo(virDomainPtr domain, const char *disk, virDomainBlockInfoPtr info, unsigned int flags)
{
    FAKE_CALL(domain, disk, fake_show_out(info), flags);
    if (fake_fails())
        return -1;
    FAKE_SET(info->capacity, 61);
    FAKE_SET(info->allocation, 62);
    FAKE_SET(info->physical, 63);
    return 0;
}

int virDomainGetBlockJobInfo(virDomainPtr domain, const char *disk, virDomainBlockJobInfoPtr info, unsigned int flags)
{
    FAKE_CALL(domain, disk, fake_show_out(info), flags);
    if (fake_fails())
        return -1;
    FAKE_SET(info->type, VIR_DOMAIN_BLOCK_JOB_TYPE_COPY);
    FAKE_SET(info->bandwidth, 71);
    FAKE_SET(info->cur, 72);
    FAKE_SET(info->end, 73);
    return fake_mode == FAKE_EMPTY ? 0 : 1;
}

/* The caller passes the size of its struct, which is smaller in older versions. */
int virDomainBlockStats(virDomainPtr domain, const char *disk, virDomainBlockStatsPtr stats, size_t size)
{
    FAKE_CALL(domain, disk, fake_show_out(stats), size);
    if (fake_fails())
        return -1;
    FAKE_SET(stats->rd_req, 81);
    FAKE_SET(stats->rd_bytes, 82);
    FAKE_SET(stats->wr_req, 83);
    FAKE_SET(stats->wr_bytes, 84);
    FAKE_SET(stats->errs, -1);
    return 0;
}

int virDomainInterfaceStats(virDomainPtr domain, const char *device, virDomainInterfaceStatsPtr stats, size_t size)
{
    FAKE_CALL(domain, device, fake_show_out(stats), size);
    if (fake_fails())
        return -1;
    FAKE_SET(stats->rx_bytes, 91);
    FAKE_SET(stats->rx_packets, 92);
    FAKE_SET(stats->rx_errs, 93);
    FAKE_SET(stats->rx_drop, 94);
    FAKE_SET(stats->tx_bytes, 95);
    FAKE_SET(stats->tx_packets, 96);
    FAKE_SET(stats->tx_errs, 97);
    FAKE_SET(stats->tx_drop, -1);
    return 0;
}

/* --- arrays provided by the caller ------------------------------------------- */

int virDomainMemoryStats(virDomainPtr domain, virDomainMemoryStatPtr stats, unsigned int room, unsigned int flags)
{
    unsigned int count = fake_mode == FAKE_EMPTY ? 0 : fake_mode == FAKE_MAXIMAL ? 1000 : 13;

    FAKE_CALL(domain, fake_show_out(stats), room, flags);
    if (fake_fails())
        return -1;
    if (count > room)
        count = room;
    for (unsigned int n = 0; n < count; n++) {
        /* Tags are out of order, and two of them are unknown. */
        stats[n].tag = (int)(count - 1 - n);
        FAKE_SET(stats[n].val, 100 + stats[n].tag);
    }
    if (fake_mode == FAKE_ODD) {
        stats[0].tag = 1000;
        stats[1].tag = -1;
        return 3;
    }
    return (int)count;
}

#define NODE_STATS(name, pointer, length) \
    int name(virConnectPtr conn, int number, pointer stats, int *nparams, unsigned int flags) \
    { \
        int room = *nparams; \
\
        FAKE_CALL(conn, number, fake_show_out(stats), *nparams, flags); \
        if (fake_fails()) \
            return -1; \
        *nparams = stats ? fake_fill_count(room) : fake_count(); \
        for (int n = 0; stats && n < *nparams; n++) { \
            const char *field = fake_name(n); \
\
            memset(stats[n].field, 0, length); \
            if (field) \
                memcpy(stats[n].field, field, strlen(field)); \
            FAKE_SET(stats[n].value, 100ULL + (unsigned int)n); \
        } \
        return 0; \
    }

NODE_STATS(virNodeGetCPUStats, virNodeCPUStatsPtr, VIR_NODE_CPU_STATS_FIELD_LENGTH)
NODE_STATS(virNodeGetMemoryStats, virNodeMemoryStatsPtr, VIR_NODE_MEMORY_STATS_FIELD_LENGTH)

int virDomainGetDiskErrors(virDomainPtr domain, virDomainDiskErrorPtr errors, unsigned int room, unsigned int flags)
{
    int count = errors ? fake_fill_count((int)room) : fake_count();

    FAKE_CALL(domain, fake_show_out(errors), room, flags);
    if (fake_fails())
        return -1;
    for (int n = 0; errors && n < count; n++) {
        const char *disk = fake_name(n);

        errors[n].disk = strdup(disk ? disk : "");
        FAKE_SET(errors[n].error, n + 1);
    }
    return count;
}

int virNodeGetCellsFreeMemory(virConnectPtr conn, unsigned long long *memory, int start, int room)
{
    int count = fake_fill_count(room);

    FAKE_CALL(conn, fake_show_out(memory), start, room);
    if (fake_fails())
        return -1;
    for (int n = 0; n < count; n++)
        FAKE_SET(memory[n], 1000ULL + (unsigned int)(start + n));
    return count;
}

/* Sorted by cell, then by page size; a cell that does not exist ends the list. */
int virNodeGetFreePages(virConnectPtr conn, unsigned int npages, unsigned int *pages, int start, unsigned int cells,
                        unsigned long long *counts, unsigned int flags)
{
    unsigned int filled = (unsigned int)fake_fill_count((int)(cells < 1000 ? cells : 1000));

    FAKE_CALL(conn, fake_show_uints(pages, npages), npages, start, cells, fake_show_out(counts), flags);
    if (fake_fails())
        return -1;
    for (unsigned int n = 0; n < filled * npages; n++)
        FAKE_SET(counts[n], 5000000000 + n);
    return (int)(filled * npages);
}

/* --- allocated arrays ------------------------------------------------------ */

int virDomainGetSecurityLabelList(virDomainPtr domain, virSecurityLabelPtr *labels)
{
    int count = fake_count() < 50 ? fake_count() : 50;

    FAKE_CALL(domain, fake_show_out(labels));
    if (fake_fails())
        return -1;
    *labels = fake_alloc((size_t)count, sizeof(**labels));
    for (int n = 0; n < count; n++) {
        const char *label = fake_name(n);

        memcpy((*labels)[n].label, label ? label : "", label ? strlen(label) : 0);
        (*labels)[n].enforcing = n;
    }
    return count;
}

int virDomainGetFSInfo(virDomainPtr domain, virDomainFSInfoPtr **info, unsigned int flags)
{
    int count = fake_count();

    FAKE_CALL(domain, fake_show_out(info), flags);
    if (fake_fails())
        return -1;
    *info = fake_alloc((size_t)count + 1, sizeof(**info));
    for (int n = 0; n < count; n++) {
        virDomainFSInfoPtr item = (*info)[n] = fake_alloc(1, sizeof(*item));

        item->mountpoint = fake_new_text("/mnt");
        item->name = fake_new_text("sda1");
        item->fstype = fake_new_text("ext4");
        item->ndevAlias = (size_t)n;
        item->devAlias = n > 0 ? fake_new_names(n) : NULL;
    }
    return count;
}

int virNetworkGetDHCPLeases(virNetworkPtr network, const char *mac, virNetworkDHCPLeasePtr **leases, unsigned int flags)
{
    int count = fake_count();

    FAKE_CALL(network, mac, fake_show_out(leases), flags);
    if (fake_fails())
        return -1;
    *leases = fake_alloc((size_t)count + 1, sizeof(**leases));
    for (int n = 0; n < count; n++) {
        virNetworkDHCPLeasePtr item = (*leases)[n] = fake_alloc(1, sizeof(*item));

        item->iface = fake_new_text("virbr0");
        FAKE_SET(item->expirytime, 1700000000 + n);
        FAKE_SET(item->type, n % 2 ? VIR_IP_ADDR_TYPE_IPV6 : VIR_IP_ADDR_TYPE_IPV4);
        item->mac = fake_new_text("52:54:00:00:00:01");
        item->iaid = fake_new_text("iaid");
        item->ipaddr = fake_new_text("192.168.122.2");
        FAKE_SET(item->prefix, 24);
        item->hostname = fake_new_text("zw\xc3\xb6lf");
        item->clientid = fake_new_text("client");
    }
    return count;
}

int virDomainInterfaceAddresses(virDomainPtr domain, virDomainInterfacePtr **interfaces, unsigned int source,
                                unsigned int flags)
{
    int count = fake_count();

    FAKE_CALL(domain, fake_show_out(interfaces), source, flags);
    if (fake_fails())
        return -1;
    *interfaces = fake_alloc((size_t)count + 1, sizeof(**interfaces));
    for (int n = 0; n < count; n++) {
        virDomainInterfacePtr item = (*interfaces)[n] = fake_alloc(1, sizeof(*item));
        const char *name = fake_name(n);

        item->name = strdup(name ? name : "");
        item->hwaddr = fake_new_text("52:54:00:00:00:01");
        /* 0, 1, 2, 0, 1, ... */
        item->naddrs = (unsigned int)(n % 3);
        item->addrs = n % 3 ? fake_alloc(item->naddrs, sizeof(*item->addrs)) : NULL;
        for (unsigned int a = 0; a < item->naddrs; a++) {
            item->addrs[a].addr = fake_new_text(a ? "fe80::1" : "10.0.0.1");
            FAKE_SET(item->addrs[a].prefix, a ? 64 : 8);
            FAKE_SET(item->addrs[a].type, a ? VIR_IP_ADDR_TYPE_IPV6 : VIR_IP_ADDR_TYPE_IPV4);
        }
    }
    return count;
}
