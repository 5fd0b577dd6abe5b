/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Single calls, selected by their text in Python. */

#include "limit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static virConnectPtr conn;
static virDomainPtr dom;
static virStoragePoolPtr pool;
static const char *name;
static char uuid[VIR_UUID_STRING_BUFLEN];
static int number;

void limit_prepare(const char *uri, int with_pool)
{
    virDomainPtr *all = NULL;

    conn = limit_open(uri);
    if (virConnectListAllDomains(conn, &all, 0) < 1)
        limit_fail("the first domain");
    dom = all[0];
    for (virDomainPtr *other = all + 1; *other; other++)
        virDomainFree(*other);
    free(all);
    name = virDomainGetName(dom);
    number = (int)virDomainGetID(dom);
    if (!name || virDomainGetUUIDString(dom, uuid) < 0)
        limit_fail("the first domain");
    if (with_pool && !(pool = virStoragePoolLookupByName(conn, "default-pool")))
        limit_fail("default-pool");
}

/* The loops ignore results: try_call() has checked that the call does not fail. */
#define LOOP(id, ...) \
    static void id(long count, void *opaque __attribute__((unused))) \
    { \
        for (long n = 0; n < count; n++) { \
            __VA_ARGS__ \
        } \
    }

/* --- calls --------------------------------------------------------------- */

LOOP(dom_isActive, (void)virDomainIsActive(dom);)
LOOP(dom_ID, (void)virDomainGetID(dom);)
LOOP(dom_maxMemory, (void)virDomainGetMaxMemory(dom);)
LOOP(dom_maxVcpus, (void)virDomainGetMaxVcpus(dom);)
LOOP(dom_autostart, int value; (void)virDomainGetAutostart(dom, &value);)
LOOP(conn_getLibVersion, unsigned long value; (void)virConnectGetLibVersion(conn, &value);)
LOOP(dom_name, (void)virDomainGetName(dom);)
LOOP(dom_UUIDString, char text[VIR_UUID_STRING_BUFLEN]; (void)virDomainGetUUIDString(dom, text);)
LOOP(dom_OSType, free(virDomainGetOSType(dom));)
LOOP(dom_XMLDesc, free(virDomainGetXMLDesc(dom, 0));)
LOOP(pool_XMLDesc, free(virStoragePoolGetXMLDesc(pool, 0));)
LOOP(conn_getHostname, free(virConnectGetHostname(conn));)
LOOP(conn_getCapabilities, free(virConnectGetCapabilities(conn));)
LOOP(dom_info, virDomainInfo info; (void)virDomainGetInfo(dom, &info);)
LOOP(dom_state, int state; int reason; (void)virDomainGetState(dom, &state, &reason, 0);)
LOOP(dom_blockInfo, virDomainBlockInfo info; (void)virDomainGetBlockInfo(dom, "vda", &info, 0);)
LOOP(dom_blockStats, virDomainBlockStatsStruct stats; (void)virDomainBlockStats(dom, "vda", &stats, sizeof(stats));)
LOOP(conn_getInfo, virNodeInfo info; (void)virNodeGetInfo(conn, &info);)
LOOP(pool_info, virStoragePoolInfo info; (void)virStoragePoolGetInfo(pool, &info);)
LOOP(dom_memoryStats, virDomainMemoryStatStruct stats[VIR_DOMAIN_MEMORY_STAT_NR];
     (void)virDomainMemoryStats(dom, stats, VIR_DOMAIN_MEMORY_STAT_NR, 0);)
LOOP(dom_suspend, (void)virDomainSuspend(dom);)

/* --- objects ------------------------------------------------------------- */

LOOP(conn_lookupByName, virDomainFree(virDomainLookupByName(conn, name));)
LOOP(conn_lookupByID, virDomainFree(virDomainLookupByID(conn, number));)
LOOP(conn_lookupByUUIDString, virDomainFree(virDomainLookupByUUIDString(conn, uuid));)
LOOP(conn_storagePoolLookupByName, virStoragePoolFree(virStoragePoolLookupByName(conn, "default-pool"));)
LOOP(conn_newStream, virStreamFree(virStreamNew(conn, 0));)

/* --- lists --------------------------------------------------------------- */

static int listAllDomains(void)
{
    virDomainPtr *all = NULL;
    int count = virConnectListAllDomains(conn, &all, 0);

    for (int n = 0; n < count; n++)
        virDomainFree(all[n]);
    free(all);
    return count;
}

static int listDomainsID(void)
{
    int count = virConnectNumOfDomains(conn);
    int *ids = count > 0 ? malloc((size_t)count * sizeof(*ids)) : NULL;

    if (ids)
        count = virConnectListDomains(conn, ids, count);
    free(ids);
    return count;
}

static int listDefinedDomains(void)
{
    int count = virConnectNumOfDefinedDomains(conn);
    char **names = count > 0 ? calloc((size_t)count, sizeof(*names)) : NULL;

    if (names)
        count = virConnectListDefinedDomains(conn, names, count);
    for (int n = 0; names && n < count; n++)
        free(names[n]);
    free(names);
    return count;
}

static int getAllDomainStats(void)
{
    virDomainStatsRecordPtr *records = NULL;
    int count = virConnectGetAllDomainStats(conn, 0, &records, 0);

    if (count >= 0)
        virDomainStatsRecordListFree(records);
    return count;
}

LOOP(conn_listAllDomains, (void)listAllDomains();)
LOOP(conn_listDomainsID, (void)listDomainsID();)
LOOP(conn_listDefinedDomains, (void)listDefinedDomains();)
LOOP(conn_getAllDomainStats, (void)getAllDomainStats();)

/* --- typed parameters ---------------------------------------------------- */

static int memoryParameters(void)
{
    virTypedParameterPtr params = NULL;
    int count = 0, retval = -1;

    if (virDomainGetMemoryParameters(dom, NULL, &count, 0) == 0 &&
        (params = calloc((size_t)count, sizeof(*params))) != NULL)
        retval = virDomainGetMemoryParameters(dom, params, &count, 0);
    virTypedParamsFree(params, retval == 0 ? count : 0);
    return retval;
}

static int schedulerParameters(void)
{
    virTypedParameterPtr params = NULL;
    int count = 0, retval = -1;
    char *kind = virDomainGetSchedulerType(dom, &count);

    if (kind && (params = calloc((size_t)count, sizeof(*params))) != NULL)
        retval = virDomainGetSchedulerParameters(dom, params, &count);
    virTypedParamsFree(params, retval == 0 ? count : 0);
    free(kind);
    return retval;
}

static int setMemoryParameters(void)
{
    virTypedParameterPtr params = NULL;
    int count = 0, room = 0, retval = -1;

    if (virTypedParamsAddULLong(&params, &count, &room, "hard_limit", 4000000) == 0 &&
        virTypedParamsAddULLong(&params, &count, &room, "soft_limit", 3000000) == 0)
        retval = virDomainSetMemoryParameters(dom, params, count, 0);
    virTypedParamsFree(params, count);
    return retval;
}

static int setSchedulerParameters(void)
{
    virTypedParameterPtr params = NULL;
    int count = 0, room = 0, retval = -1;

    if (virTypedParamsAddUInt(&params, &count, &room, "weight", 50) == 0)
        retval = virDomainSetSchedulerParameters(dom, params, count);
    virTypedParamsFree(params, count);
    return retval;
}

LOOP(dom_memoryParameters, (void)memoryParameters();)
LOOP(dom_schedulerParameters, (void)schedulerParameters();)
LOOP(dom_setMemoryParameters, (void)setMemoryParameters();)
LOOP(dom_setSchedulerParameters, (void)setSchedulerParameters();)

/* --- failures: the error is read, as for an exception --------------------- */

static const char *message(void)
{
    virErrorPtr error = virGetLastError();

    return error ? error->message : NULL;
}

LOOP(raises_resume, if (virDomainResume(dom) < 0)(void) message();)
LOOP(raises_lookup, if (!virNetworkLookupByName(conn, "none"))(void) message();)

static const struct {
    const char *text;
    limitLoop loop;
} calls[] = {
    { "dom.isActive()", dom_isActive },
    { "dom.ID()", dom_ID },
    { "dom.maxMemory()", dom_maxMemory },
    { "dom.maxVcpus()", dom_maxVcpus },
    { "dom.autostart()", dom_autostart },
    { "dom.suspend()", dom_suspend },
    { "conn.getLibVersion()", conn_getLibVersion },
    { "dom.name()", dom_name },
    { "dom.UUIDString()", dom_UUIDString },
    { "dom.OSType()", dom_OSType },
    { "dom.XMLDesc()", dom_XMLDesc },
    { "pool.XMLDesc()", pool_XMLDesc },
    { "conn.getHostname()", conn_getHostname },
    { "conn.getCapabilities()", conn_getCapabilities },
    { "dom.info()", dom_info },
    { "dom.state()", dom_state },
    { "dom.blockInfo('vda')", dom_blockInfo },
    { "dom.blockStats('vda')", dom_blockStats },
    { "dom.memoryStats()", dom_memoryStats },
    { "conn.getInfo()", conn_getInfo },
    { "pool.info()", pool_info },
    { "conn.lookupByName(name)", conn_lookupByName },
    { "conn.lookupByID(number)", conn_lookupByID },
    { "conn.lookupByUUIDString(uuid)", conn_lookupByUUIDString },
    { "conn.storagePoolLookupByName('default-pool')", conn_storagePoolLookupByName },
    { "conn.newStream()", conn_newStream },
    { "conn.listAllDomains()", conn_listAllDomains },
    { "conn.listDomainsID()", conn_listDomainsID },
    { "conn.listDefinedDomains()", conn_listDefinedDomains },
    { "conn.getAllDomainStats()", conn_getAllDomainStats },
    { "dom.memoryParameters()", dom_memoryParameters },
    { "dom.schedulerParameters()", dom_schedulerParameters },
    { "dom.setMemoryParameters({'hard_limit': 4000000, 'soft_limit': 3000000})", dom_setMemoryParameters },
    { "dom.setSchedulerParameters({'weight': 50})", dom_setSchedulerParameters },
    { "raises: dom.resume()", raises_resume },
    { "raises: conn.networkLookupByName('none')", raises_lookup },
};

limitLoop limit_call(const char *text)
{
    for (size_t n = 0; n < sizeof(calls) / sizeof(*calls); n++)
        if (strcmp(calls[n].text, text) == 0)
            return calls[n].loop;
    return NULL;
}

/* Make a call once.  Exit unless the call is known, and fails exactly if it should. */
static void try_call(const char *text, limitLoop loop)
{
    int raises = strncmp(text, "raises: ", 8) == 0;

    if (!loop) {
        (void)fprintf(stderr, "limit: unknown call: %s\n", text);
        exit(1);
    }
    virResetLastError();
    loop(1, NULL);
    if ((virGetLastError() != NULL) == raises)
        return;
    if (raises)
        (void)fputs("limit: the call did not fail:\n", stderr);
    limit_fail(text);
}

int limit_calls(int argc, char **argv)
{
    double ms = atof(argv[0]);
    int with_pool = 0;

    for (int n = 3; n < argc; n++)
        with_pool |= strstr(argv[n], "pool.") != NULL;
    limit_prepare(argv[1], with_pool);
    for (int n = 3; n < argc; n++)
        try_call(argv[n], limit_call(argv[n]));
    while (limit_next_round()) {
        for (int n = 3; n < argc; n++)
            limit_print(argv[n], limit_time(limit_call(argv[n]), NULL, ms, 1));
        limit_end_round();
    }
    return 0;
}
