/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A preloaded libvirt whose functions return at once, so that the time of a call is the time of the bindings.
 *
 * Objects are addresses without contents, and are never freed.  Lists have LIBVIRT_BENCH_ENTRIES entries.  Functions
 * allocate only memory that the caller must free.
 */

#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>

#include <stdlib.h>
#include <string.h>

#define UNUSED __attribute__((unused))

static char connection[64], domain[64], storage_pool[64], stream[64];

#define CONNECTION ((virConnectPtr)(void *)connection)
#define DOMAIN ((virDomainPtr)(void *)domain)
#define POOL ((virStoragePoolPtr)(void *)storage_pool)
#define STREAM ((virStreamPtr)(void *)stream)

static int entries = 10;

/* --- errors -------------------------------------------------------------- */

static _Thread_local virError last;

static int fail(void)
{
    static char text[] = "there is nothing of this name", name[] = "none";

    last = (virError){ .code = VIR_ERR_NO_NETWORK, .domain = VIR_FROM_TEST, .message = text, .level = VIR_ERR_ERROR,
                       .str1 = text, .str2 = name };
    return -1;
}

virErrorPtr virGetLastError(void)
{
    return last.code ? &last : NULL;
}

void virResetLastError(void)
{
    memset(&last, 0, sizeof(last));
}

int virDomainResume(virDomainPtr dom UNUSED)
{
    return fail();
}

virNetworkPtr virNetworkLookupByName(virConnectPtr conn UNUSED, const char *name UNUSED)
{
    (void)fail();
    return NULL;
}

/* --- objects ------------------------------------------------------------- */

virConnectPtr virConnectOpen(const char *name UNUSED)
{
    return CONNECTION;
}

int virConnectRef(virConnectPtr conn UNUSED)
{
    return 0;
}

int virConnectClose(virConnectPtr conn UNUSED)
{
    return 0;
}

virConnectPtr virDomainGetConnect(virDomainPtr dom UNUSED)
{
    return CONNECTION;
}

virDomainPtr virDomainLookupByName(virConnectPtr conn UNUSED, const char *name UNUSED)
{
    return DOMAIN;
}

virDomainPtr virDomainLookupByID(virConnectPtr conn UNUSED, int id UNUSED)
{
    return DOMAIN;
}

virDomainPtr virDomainLookupByUUIDString(virConnectPtr conn UNUSED, const char *uuid UNUSED)
{
    return DOMAIN;
}

virStoragePoolPtr virStoragePoolLookupByName(virConnectPtr conn UNUSED, const char *name UNUSED)
{
    return POOL;
}

virStreamPtr virStreamNew(virConnectPtr conn UNUSED, unsigned int flags UNUSED)
{
    return STREAM;
}

int virDomainRef(virDomainPtr dom UNUSED)
{
    return 0;
}

int virDomainFree(virDomainPtr dom UNUSED)
{
    return 0;
}

int virStoragePoolFree(virStoragePoolPtr pool UNUSED)
{
    return 0;
}

int virStreamFree(virStreamPtr some UNUSED)
{
    return 0;
}

/* --- scalars ------------------------------------------------------------- */

int virDomainIsActive(virDomainPtr dom UNUSED)
{
    return 1;
}

unsigned int virDomainGetID(virDomainPtr dom UNUSED)
{
    return 1;
}

unsigned long virDomainGetMaxMemory(virDomainPtr dom UNUSED)
{
    return 8388608;
}

int virDomainGetMaxVcpus(virDomainPtr dom UNUSED)
{
    return 4;
}

int virDomainGetAutostart(virDomainPtr dom UNUSED, int *autostart)
{
    *autostart = 1;
    return 0;
}

int virDomainSuspend(virDomainPtr dom UNUSED)
{
    return 0;
}

int virConnectGetLibVersion(virConnectPtr conn UNUSED, unsigned long *version)
{
    *version = 9000000;
    return 0;
}

/* --- strings ------------------------------------------------------------- */

const char *virDomainGetName(virDomainPtr dom UNUSED)
{
    return "guest-1";
}

int virDomainGetUUIDString(virDomainPtr dom UNUSED, char *uuid)
{
    memcpy(uuid, "00000000-0000-4000-8000-000000000001", VIR_UUID_STRING_BUFLEN);
    return 0;
}

char *virDomainGetOSType(virDomainPtr dom UNUSED)
{
    return strdup("hvm");
}

char *virDomainGetXMLDesc(virDomainPtr dom UNUSED, unsigned int flags UNUSED)
{
    return strdup("<domain type='test' id='1'>\n"
                  "  <name>guest-1</name>\n"
                  "  <uuid>00000000-0000-4000-8000-000000000001</uuid>\n"
                  "  <memory unit='KiB'>8388608</memory>\n"
                  "  <vcpu placement='static'>4</vcpu>\n"
                  "  <os>\n    <type arch='i686'>hvm</type>\n  </os>\n</domain>\n");
}

char *virConnectGetHostname(virConnectPtr conn UNUSED)
{
    return strdup("host.example.org");
}

/* --- structs ------------------------------------------------------------- */

int virDomainGetInfo(virDomainPtr dom UNUSED, virDomainInfoPtr info)
{
    *info = (virDomainInfo){ VIR_DOMAIN_RUNNING, 8388608, 2097152, 4, 1234567890123 };
    return 0;
}

int virDomainGetState(virDomainPtr dom UNUSED, int *state, int *reason, unsigned int flags UNUSED)
{
    *state = VIR_DOMAIN_RUNNING;
    *reason = VIR_DOMAIN_RUNNING_BOOTED;
    return 0;
}

int virDomainGetBlockInfo(virDomainPtr dom UNUSED, const char *disk UNUSED, virDomainBlockInfoPtr info,
                          unsigned int flags UNUSED)
{
    *info = (virDomainBlockInfo){ 1099506450432, 1099511627776, 1099511627776 };
    return 0;
}

int virDomainBlockStats(virDomainPtr dom UNUSED, const char *disk UNUSED, virDomainBlockStatsPtr stats,
                        size_t size UNUSED)
{
    *stats = (virDomainBlockStatsStruct){ 179580476, 89790238308059, 59860158, 44895119154029, 0 };
    return 0;
}

int virDomainMemoryStats(virDomainPtr dom UNUSED, virDomainMemoryStatPtr stats, unsigned int count,
                         unsigned int flags UNUSED)
{
    unsigned int n = 0;

    for (; n < count && n < 8; n++)
        stats[n] = (virDomainMemoryStatStruct){ (int)n, 2097152 };
    return (int)n;
}

int virNodeGetInfo(virConnectPtr conn UNUSED, virNodeInfoPtr info)
{
    *info = (virNodeInfo){ "x86_64", 16777216, 16, 2400, 1, 2, 4, 2 };
    return 0;
}

int virStoragePoolGetInfo(virStoragePoolPtr pool UNUSED, virStoragePoolInfoPtr info)
{
    *info = (virStoragePoolInfo){ VIR_STORAGE_POOL_RUNNING, 107374182400, 10737418240, 96636764160 };
    return 0;
}

/* --- typed parameters ---------------------------------------------------- */

#define ULLONG(name, number) { .field = name, .type = VIR_TYPED_PARAM_ULLONG, .value.ul = number }
#define INT(name, number) { .field = name, .type = VIR_TYPED_PARAM_INT, .value.i = number }
#define UINT(name, number) { .field = name, .type = VIR_TYPED_PARAM_UINT, .value.ui = number }
#define STRING(name, text) { .field = name, .type = VIR_TYPED_PARAM_STRING, .value.s = text }

static virTypedParameter memory[] = {
    ULLONG("hard_limit", 9007199254740991), ULLONG("soft_limit", 9007199254740991),
    ULLONG("swap_hard_limit", 9007199254740991),
};
static virTypedParameter scheduler[] = { UINT("weight", 50) };

#define COUNT(array) ((int)(sizeof(array) / sizeof(*(array))))

static int give(virTypedParameterPtr params, int *count, const virTypedParameter *given, int have)
{
    if (params && *count > 0)
        memcpy(params, given, (size_t)(*count < have ? *count : have) * sizeof(*given));
    *count = !params || *count > have ? have : *count;
    return 0;
}

int virDomainGetMemoryParameters(virDomainPtr dom UNUSED, virTypedParameterPtr params, int *count,
                                 unsigned int flags UNUSED)
{
    return give(*count ? params : NULL, count, memory, COUNT(memory));
}

int virDomainSetMemoryParameters(virDomainPtr dom UNUSED, virTypedParameterPtr params UNUSED, int count UNUSED,
                                 unsigned int flags UNUSED)
{
    return 0;
}

char *virDomainGetSchedulerType(virDomainPtr dom UNUSED, int *count)
{
    if (count)
        *count = COUNT(scheduler);
    return strdup("fair");
}

int virDomainGetSchedulerParameters(virDomainPtr dom UNUSED, virTypedParameterPtr params, int *count)
{
    return give(params, count, scheduler, COUNT(scheduler));
}

int virDomainGetSchedulerParametersFlags(virDomainPtr dom UNUSED, virTypedParameterPtr params, int *count,
                                         unsigned int flags UNUSED)
{
    return give(params, count, scheduler, COUNT(scheduler));
}

int virDomainSetSchedulerParameters(virDomainPtr dom UNUSED, virTypedParameterPtr params UNUSED, int count UNUSED)
{
    return 0;
}

int virDomainSetSchedulerParametersFlags(virDomainPtr dom UNUSED, virTypedParameterPtr params UNUSED, int count UNUSED,
                                         unsigned int flags UNUSED)
{
    return 0;
}

/* --- lists --------------------------------------------------------------- */

static virDomainPtr *domains;
static int *numbers;

static virTypedParameter stats[] = {
    INT("state.state", 1), INT("state.reason", 1), ULLONG("cpu.time", 1234567890123), ULLONG("cpu.user", 123456789012),
    ULLONG("cpu.system", 234567890123), ULLONG("balloon.current", 2097152), ULLONG("balloon.maximum", 8388608),
    UINT("vcpu.current", 2), UINT("vcpu.maximum", 4), INT("vcpu.0.state", 1), ULLONG("vcpu.0.time", 617283945061),
    INT("vcpu.1.state", 1), ULLONG("vcpu.1.time", 617283945062), UINT("net.count", 1), STRING("net.0.name", NULL),
    ULLONG("net.0.rx.bytes", 9876543210), ULLONG("net.0.tx.bytes", 8765432109), UINT("block.count", 1),
    STRING("block.0.name", NULL), ULLONG("block.0.rd.bytes", 179580476616119), ULLONG("block.0.wr.bytes", 59860158872),
    ULLONG("block.0.capacity", 1099511627776),
};

/* Runs before main(). */
static void prepare(void) __attribute__((constructor));

static void prepare(void)
{
    static char net[] = "vnet0", disk[] = "vda";
    const char *wanted = getenv("LIBVIRT_BENCH_ENTRIES");

    if (wanted)
        entries = atoi(wanted);
    domains = calloc((size_t)entries + 1, sizeof(virDomainPtr));
    numbers = calloc((size_t)entries + 1, sizeof(int));
    if (!domains || !numbers)
        abort();
    for (int n = 0; n < COUNT(stats); n++)
        if (stats[n].type == VIR_TYPED_PARAM_STRING)
            stats[n].value.s = strncmp(stats[n].field, "net", 3) == 0 ? net : disk;
    for (int n = 0; n < entries; n++) {
        domains[n] = DOMAIN;
        numbers[n] = n + 1;
    }
}

/* The caller frees the array, but not its items. */
int virConnectListAllDomains(virConnectPtr conn UNUSED, virDomainPtr **array, unsigned int flags UNUSED)
{
    size_t size = ((size_t)entries + 1) * sizeof(**array);

    *array = malloc(size);
    if (!*array)
        return -1;
    memcpy(*array, domains, size);
    return entries;
}

int virConnectNumOfDomains(virConnectPtr conn UNUSED)
{
    return entries;
}

int virConnectListDomains(virConnectPtr conn UNUSED, int *ids, int count)
{
    int given = count < entries ? count : entries;

    memcpy(ids, numbers, (size_t)given * sizeof(*ids));
    return given;
}

int virConnectNumOfDefinedDomains(virConnectPtr conn UNUSED)
{
    return entries;
}

/* The caller frees each name. */
int virConnectListDefinedDomains(virConnectPtr conn UNUSED, char **const names, int count)
{
    int given = count < entries ? count : entries;

    for (int n = 0; n < given; n++)
        names[n] = strdup("guest-1");
    return given;
}

static virDomainStatsRecordPtr newRecord(void)
{
    virDomainStatsRecordPtr record = malloc(sizeof(*record));
    virTypedParameterPtr params = malloc(sizeof(stats));

    if (!record || !params)
        abort();
    memcpy(params, stats, sizeof(stats));
    for (int n = 0; n < COUNT(stats); n++)
        if (params[n].type == VIR_TYPED_PARAM_STRING)
            params[n].value.s = strdup(params[n].value.s);
    *record = (virDomainStatsRecord){ DOMAIN, params, COUNT(stats) };
    return record;
}

int virConnectGetAllDomainStats(virConnectPtr conn UNUSED, unsigned int which UNUSED, virDomainStatsRecordPtr **array,
                                unsigned int flags UNUSED)
{
    *array = calloc((size_t)entries + 1, sizeof(**array));
    if (!*array)
        return -1;
    for (int n = 0; n < entries; n++)
        (*array)[n] = newRecord();
    return entries;
}

void virDomainStatsRecordListFree(virDomainStatsRecordPtr *array)
{
    for (int n = 0; array[n]; n++) {
        for (int i = 0; i < array[n]->nparams; i++)
            if (array[n]->params[i].type == VIR_TYPED_PARAM_STRING)
                free(array[n]->params[i].value.s);
        free(array[n]->params);
        free(array[n]);
    }
    free(array);
}
