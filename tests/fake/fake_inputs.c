/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The fake libvirt: functions that take or fill arrays of text, numbers and bytes. */

#include "fake.h"

#include <stdlib.h>
#include <string.h>

char *virConnectBaselineCPU(virConnectPtr conn, const char **cpus, unsigned int ncpus, unsigned int flags)
{
    FAKE_CALL(conn, fake_show_texts(cpus, ncpus), ncpus, flags);
    return fake_fails() ? NULL : fake_new_text("<cpu/>");
}

char *virConnectBaselineHypervisorCPU(virConnectPtr conn, const char *emulator, const char *arch, const char *machine,
                                      const char *virttype, const char **cpus, unsigned int ncpus, unsigned int flags)
{
    FAKE_CALL(conn, emulator, arch, machine, virttype, fake_show_texts(cpus, ncpus), ncpus, flags);
    return fake_fails() ? NULL : fake_new_text("<cpu/>");
}

int virDomainAuthorizedSSHKeysSet(virDomainPtr domain, const char *user, const char **keys, unsigned int nkeys,
                                  unsigned int flags)
{
    FAKE_CALL(domain, user, fake_show_texts(keys, nkeys), nkeys, flags);
    return fake_fails() ? -1 : 0;
}

/* These two return the number of filesystems. */
int virDomainFSFreeze(virDomainPtr domain, const char **mountpoints, unsigned int count, unsigned int flags)
{
    FAKE_CALL(domain, fake_show_texts(mountpoints, count), count, flags);
    return fake_fails() ? -1 : 2;
}

int virDomainFSThaw(virDomainPtr domain, const char **mountpoints, unsigned int count, unsigned int flags)
{
    FAKE_CALL(domain, fake_show_texts(mountpoints, count), count, flags);
    return fake_fails() ? -1 : 2;
}

int virDomainCreateWithFiles(virDomainPtr domain, unsigned int nfiles, int *files, unsigned int flags)
{
    FAKE_CALL(domain, fake_show_ints(files, nfiles), nfiles, flags);
    return fake_fails() ? -1 : 0;
}

virDomainPtr virDomainCreateXMLWithFiles(virConnectPtr conn, const char *xml, unsigned int nfiles, int *files,
                                         unsigned int flags)
{
    FAKE_CALL(conn, xml, fake_show_ints(files, nfiles), nfiles, flags);
    return fake_fails() ? NULL : fake_new_domain(fake_parent_connect(conn), "fresh");
}

#if LIBVIR_VERSION_NUMBER >= 9000000
int virDomainFDAssociate(virDomainPtr domain, const char *name, unsigned int nfds, int *fds, unsigned int flags)
{
    FAKE_CALL(domain, name, fake_show_ints(fds, nfds), nfds, flags);
    return fake_fails() ? -1 : 0;
}
#endif

int virDomainSendKey(virDomainPtr domain, unsigned int codeset, unsigned int holdtime, unsigned int *codes, int ncodes,
                     unsigned int flags)
{
    FAKE_CALL(domain, codeset, holdtime, fake_show_uints(codes, (unsigned int)ncodes), ncodes, flags);
    return fake_fails() ? -1 : 0;
}

int virDomainSetTime(virDomainPtr domain, long long seconds, unsigned int nseconds, unsigned int flags)
{
    FAKE_CALL(domain, seconds, nseconds, flags);
    return fake_fails() ? -1 : 0;
}

int virNodeAllocPages(virConnectPtr conn, unsigned int npages, unsigned int *sizes, unsigned long long *counts,
                      int start, unsigned int cells, unsigned int flags)
{
    FAKE_CALL(conn, npages, fake_show_uints(sizes, npages), fake_show_ullongs(counts, npages), start, cells, flags);
    return fake_fails() ? -1 : 2;
}

/* --- bytes --------------------------------------------------------------- */

static void fill_bytes(void *buffer, size_t size, unsigned long long first)
{
    unsigned char *byte = buffer;

    for (size_t n = 0; n < size; n++)
        byte[n] = (unsigned char)(first + n);
}

int virDomainBlockPeek(virDomainPtr domain, const char *disk, unsigned long long offset, size_t size, void *buffer,
                       unsigned int flags)
{
    FAKE_CALL(domain, disk, offset, size, fake_show_out(buffer), flags);
    if (fake_fails())
        return -1;
    fill_bytes(buffer, size, offset);
    return 0;
}

int virDomainMemoryPeek(virDomainPtr domain, unsigned long long start, size_t size, void *buffer, unsigned int flags)
{
    FAKE_CALL(domain, start, size, fake_show_out(buffer), flags);
    if (fake_fails())
        return -1;
    fill_bytes(buffer, size, start);
    return 0;
}

unsigned char *virSecretGetValue(virSecretPtr secret, size_t *size, unsigned int flags)
{
    unsigned char *value;

    FAKE_CALL(secret, fake_show_out(size), flags);
    if (fake_fails())
        return NULL;
    *size = fake_mode == FAKE_EMPTY ? 0 : fake_mode == FAKE_MAXIMAL ? 3000 : 4;
    value = fake_alloc(*size, 1);
    if (fake_mode == FAKE_MAXIMAL)
        memset(value, 0xff, *size);
    else
        memcpy(value, "\0k\0\xff", *size);
    return value;
}

int virSecretSetValue(virSecretPtr secret, const unsigned char *value, size_t size, unsigned int flags)
{
    FAKE_CALL(secret, fake_show_bytes(value, size), size, flags);
    return fake_fails() ? -1 : 0;
}

#define LOOKUP_BY_UUID(name, handle, kind) \
    handle name(virConnectPtr conn, const unsigned char *uuid) \
    { \
        FAKE_CALL(conn, fake_show_bytes(uuid, VIR_UUID_BUFLEN)); \
        return fake_fails() ? NULL : fake_new_##kind(fake_parent_connect(conn), "fresh"); \
    }

LOOKUP_BY_UUID(virDomainLookupByUUID, virDomainPtr, domain)
LOOKUP_BY_UUID(virNWFilterLookupByUUID, virNWFilterPtr, nwfilter)
LOOKUP_BY_UUID(virNetworkLookupByUUID, virNetworkPtr, network)
LOOKUP_BY_UUID(virSecretLookupByUUID, virSecretPtr, secret)
LOOKUP_BY_UUID(virStoragePoolLookupByUUID, virStoragePoolPtr, pool)

virNetworkPortPtr virNetworkPortLookupByUUID(virNetworkPtr network, const unsigned char *uuid)
{
    FAKE_CALL(network, fake_show_bytes(uuid, VIR_UUID_BUFLEN));
    return fake_fails() ? NULL : fake_new_port(fake_parent_network(network), "fresh");
}
