/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The fake libvirt: functions that return or take typed parameters. */

#include "fake_plain.h"

#include <stdlib.h>
#include <string.h>

/* --- counted and filled -------------------------------------------------- */

#define GET(name, handle) \
    int name(handle object, virTypedParameterPtr params, int *nparams, unsigned int flags) \
    { \
        FAKE_CALL(object, fake_show_out(params), *nparams, flags); \
        return fake_fails() ? -1 : fake_give_params(params, nparams); \
    }

#define GET_OF(name) \
    int name(virDomainPtr domain, const char *which, virTypedParameterPtr params, int *nparams, unsigned int flags) \
    { \
        FAKE_CALL(domain, which, fake_show_out(params), *nparams, flags); \
        return fake_fails() ? -1 : fake_give_params(params, nparams); \
    }

GET(virDomainGetBlkioParameters, virDomainPtr)
GET(virDomainGetMemoryParameters, virDomainPtr)
GET(virDomainGetNumaParameters, virDomainPtr)
GET(virDomainGetSchedulerParametersFlags, virDomainPtr)
GET(virNodeGetMemoryParameters, virConnectPtr)
GET_OF(virDomainBlockStatsFlags)
GET_OF(virDomainGetBlockIoTune)
GET_OF(virDomainGetInterfaceParameters)

int virDomainGetSchedulerParameters(virDomainPtr domain, virTypedParameterPtr params, int *nparams)
{
    FAKE_CALL(domain, fake_show_out(params), *nparams);
    return fake_fails() ? -1 : fake_give_params(params, nparams);
}

char *virDomainGetSchedulerType(virDomainPtr domain, int *nparams)
{
    FAKE_CALL(domain, fake_show_out(nparams));
    if (fake_fails())
        return NULL;
    if (nparams)
        *nparams = fake_param_count();
    /* The name is never NULL, because NULL reports a failure. */
    return fake_mode == FAKE_NULLS ? strdup("") : fake_new_text("fair");
}

/* --- allocated ----------------------------------------------------------- */

NEW_PARAMS(virDomainGetLaunchSecurityInfo, virDomainPtr)
NEW_PARAMS(virDomainGetPerfEvents, virDomainPtr)
NEW_PARAMS(virNetworkPortGetParameters, virNetworkPortPtr)
NEW_PARAMS(virNodeGetSEVInfo, virConnectPtr)

int virDomainGetGuestVcpus(virDomainPtr domain, virTypedParameterPtr *params, unsigned int *nparams, unsigned int flags)
{
    int count;

    FAKE_CALL(domain, fake_show_out(params), flags);
    if (fake_fails())
        return -1;
    *params = fake_new_params(&count);
    *nparams = (unsigned int)count;
    return 0;
}

int virDomainGetGuestInfo(virDomainPtr domain, unsigned int types, virTypedParameterPtr *params, int *nparams,
                          unsigned int flags)
{
    FAKE_CALL(domain, types, fake_show_out(params), flags);
    if (fake_fails())
        return -1;
    *params = fake_new_params(nparams);
    return 0;
}

int virDomainGetJobStats(virDomainPtr domain, int *type, virTypedParameterPtr *params, int *nparams, unsigned int flags)
{
    FAKE_CALL(domain, fake_show_out(type), fake_show_out(params), flags);
    if (fake_fails())
        return -1;
    FAKE_SET(*type, VIR_DOMAIN_JOB_BOUNDED);
    *params = fake_new_params(nparams);
    return 0;
}

/* --- records of a domain and its statistics --------------------------------- */

/* If the environment asks for it, some records have other names, a name twice, or fewer names; the first has none. */
static void vary(virDomainStatsRecordPtr record, int n)
{
    virTypedParameterPtr params = record->params;

    if (!getenv("FAKE_VARIED"))
        return;
    params[0].type = VIR_TYPED_PARAM_INT;
    params[0].value.i = n;
    if (n % 7 == 2)
        (void)strcpy(params[1].field, "renamed");
    if (n % 7 == 4)
        (void)strcpy(params[0].field, params[2].field);
    if (n % 7 == 5) {
        virTypedParamsClear(params + 2, record->nparams - 2);
        record->nparams = 2;
    }
    if (n == 0) {
        virTypedParamsClear(params, record->nparams);
        record->nparams = 0;
    }
}

static virDomainStatsRecordPtr *new_records(virDomainPtr *domains, virConnectPtr conn, int count)
{
    virDomainStatsRecordPtr *records = fake_alloc((size_t)count + 1, sizeof(virDomainStatsRecordPtr));

    for (int n = 0; n < count; n++) {
        records[n] = fake_alloc(1, sizeof(virDomainStatsRecord));
        records[n]->params = fake_new_params(&records[n]->nparams);
        vary(records[n], n);
        if (fake_mode == FAKE_NULLS) {
            records[n]->dom = NULL;
        } else if (domains) {
            (void)virDomainRef(domains[n]);
            records[n]->dom = domains[n];
        } else {
            records[n]->dom = fake_new_domain(fake_parent_connect(conn), fake_name(n));
        }
    }
    return records;
}

int virConnectGetAllDomainStats(virConnectPtr conn, unsigned int stats, virDomainStatsRecordPtr **records,
                                unsigned int flags)
{
    int count = fake_count() < 300 ? fake_count() : 300;

    FAKE_CALL(conn, stats, fake_show_out(records), flags);
    if (fake_fails())
        return -1;
    *records = new_records(NULL, conn, count);
    return count;
}

int virDomainListGetStats(virDomainPtr *domains, unsigned int stats, virDomainStatsRecordPtr **records,
                          unsigned int flags)
{
    int count = 0;

    FAKE_CALL(fake_show_domains(domains), stats, fake_show_out(records), flags);
    /* libvirt itself refuses an empty array. */
    if (fake_fails() || !domains || !domains[0]) {
        (void)virNWFilterBindingGetPortDev(NULL);
        return -1;
    }
    while (domains[count])
        count++;
    *records = new_records(domains, NULL, count);
    return count;
}

/* --- arguments ------------------------------------------------------------- */

#define SET_OF(name) \
    int name(virDomainPtr domain, const char *which, virTypedParameterPtr params, int nparams, unsigned int flags) \
    { \
        FAKE_CALL(domain, which, fake_show_params(params, (unsigned int)nparams), nparams, flags); \
        return fake_fails() ? -1 : 0; \
    }

TAKE_PARAMS(virConnectSetIdentity, virConnectPtr)
TAKE_PARAMS(virDomainSetBlkioParameters, virDomainPtr)
TAKE_PARAMS(virDomainSetMemoryParameters, virDomainPtr)
TAKE_PARAMS(virDomainSetNumaParameters, virDomainPtr)
TAKE_PARAMS(virDomainSetPerfEvents, virDomainPtr)
TAKE_PARAMS(virDomainSetSchedulerParametersFlags, virDomainPtr)
TAKE_PARAMS(virNetworkPortSetParameters, virNetworkPortPtr)
TAKE_PARAMS(virNodeSetMemoryParameters, virConnectPtr)
SET_OF(virDomainSetBlockIoTune)
SET_OF(virDomainSetInterfaceParameters)
#if LIBVIR_VERSION_NUMBER >= 8000000
TAKE_PARAMS(virDomainSetLaunchSecurityState, virDomainPtr)
#endif
#if LIBVIR_VERSION_NUMBER >= 8004000
TAKE_PARAMS(virDomainRestoreParams, virConnectPtr)
TAKE_PARAMS(virDomainSaveParams, virDomainPtr)
#endif
#if LIBVIR_VERSION_NUMBER >= 11002000
SET_OF(virDomainSetThrottleGroup)
#endif
#if LIBVIR_VERSION_NUMBER >= 12005000
SET_OF(virDomainAnnounceInterface)
#endif

int virDomainSetSchedulerParameters(virDomainPtr domain, virTypedParameterPtr params, int nparams)
{
    FAKE_CALL(domain, fake_show_params(params, (unsigned int)nparams), nparams);
    return fake_fails() ? -1 : 0;
}

int virDomainSetIOThreadParams(virDomainPtr domain, unsigned int iothread_id, virTypedParameterPtr params, int nparams,
                               unsigned int flags)
{
    FAKE_CALL(domain, iothread_id, fake_show_params(params, (unsigned int)nparams), nparams, flags);
    return fake_fails() ? -1 : 0;
}

int virDomainBlockCopy(virDomainPtr domain, const char *disk, const char *destxml, virTypedParameterPtr params,
                       int nparams, unsigned int flags)
{
    FAKE_CALL(domain, disk, destxml, fake_show_params(params, (unsigned int)nparams), nparams, flags);
    return fake_fails() ? -1 : 0;
}

virDomainPtr virDomainMigrate3(virDomainPtr domain, virConnectPtr dconn, virTypedParameterPtr params,
                               unsigned int nparams, unsigned int flags)
{
    FAKE_CALL(domain, dconn, fake_show_params(params, nparams), nparams, flags);
    return fake_fails() ? NULL : fake_new_domain(fake_parent_connect(dconn), "moved");
}

int virDomainMigrateToURI3(virDomainPtr domain, const char *dconnuri, virTypedParameterPtr params, unsigned int nparams,
                           unsigned int flags)
{
    FAKE_CALL(domain, dconnuri, fake_show_params(params, nparams), nparams, flags);
    return fake_fails() ? -1 : 0;
}
