/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The fake libvirt: lists of names and of numbers, which are counted and filled, or allocated. */

#include "fake.h"

#include <limits.h>

#define NUMBER_OF(name, handle) \
    int name(handle parent) \
    { \
        FAKE_CALL(parent); \
        return fake_fails() ? -1 : fake_count(); \
    }

#define NUMBER_OF_FLAGS(name, handle) \
    int name(handle parent, unsigned int flags) \
    { \
        FAKE_CALL(parent, flags); \
        return fake_fails() ? -1 : fake_count(); \
    }

/* Arrays of names have one of two types, which are equivalent for the caller. */
#define NAMES(name, handle, type) \
    int name(handle parent, type names, int room) \
    { \
        FAKE_CALL(parent, fake_show_out(names), room); \
        if (fake_fails()) \
            return -1; \
        fake_fill_names(names, fake_fill_count(room)); \
        return fake_fill_count(room); \
    }

#define NAMES_FLAGS(name, handle) \
    int name(handle parent, char **names, int room, unsigned int flags) \
    { \
        FAKE_CALL(parent, fake_show_out(names), room, flags); \
        if (fake_fails()) \
            return -1; \
        fake_fill_names(names, fake_fill_count(room)); \
        return fake_fill_count(room); \
    }

NUMBER_OF(virConnectNumOfDefinedDomains, virConnectPtr)
NUMBER_OF(virConnectNumOfDefinedInterfaces, virConnectPtr)
NUMBER_OF(virConnectNumOfDefinedNetworks, virConnectPtr)
NUMBER_OF(virConnectNumOfDefinedStoragePools, virConnectPtr)
NUMBER_OF(virConnectNumOfDomains, virConnectPtr)
NUMBER_OF(virConnectNumOfInterfaces, virConnectPtr)
NUMBER_OF(virConnectNumOfNWFilters, virConnectPtr)
NUMBER_OF(virConnectNumOfNetworks, virConnectPtr)
NUMBER_OF(virConnectNumOfSecrets, virConnectPtr)
NUMBER_OF(virConnectNumOfStoragePools, virConnectPtr)
NUMBER_OF(virNodeDeviceNumOfCaps, virNodeDevicePtr)
NUMBER_OF(virStoragePoolNumOfVolumes, virStoragePoolPtr)
NUMBER_OF_FLAGS(virDomainSnapshotNum, virDomainPtr)
NUMBER_OF_FLAGS(virDomainSnapshotNumChildren, virDomainSnapshotPtr)

NAMES(virConnectListDefinedDomains, virConnectPtr, char **const)
NAMES(virConnectListDefinedInterfaces, virConnectPtr, char **const)
NAMES(virConnectListDefinedNetworks, virConnectPtr, char **const)
NAMES(virConnectListDefinedStoragePools, virConnectPtr, char **const)
NAMES(virConnectListInterfaces, virConnectPtr, char **const)
NAMES(virConnectListNWFilters, virConnectPtr, char **const)
NAMES(virConnectListNetworks, virConnectPtr, char **const)
NAMES(virConnectListSecrets, virConnectPtr, char **)
NAMES(virConnectListStoragePools, virConnectPtr, char **const)
NAMES(virNodeDeviceListCaps, virNodeDevicePtr, char **const)
NAMES(virStoragePoolListVolumes, virStoragePoolPtr, char **const)
NAMES_FLAGS(virDomainSnapshotListChildrenNames, virDomainSnapshotPtr)
NAMES_FLAGS(virDomainSnapshotListNames, virDomainPtr)

int virNodeNumOfDevices(virConnectPtr conn, const char *cap, unsigned int flags)
{
    FAKE_CALL(conn, cap, flags);
    return fake_fails() ? -1 : fake_count();
}

int virNodeListDevices(virConnectPtr conn, const char *cap, char **const names, int room, unsigned int flags)
{
    FAKE_CALL(conn, cap, fake_show_out(names), room, flags);
    if (fake_fails())
        return -1;
    fake_fill_names(names, fake_fill_count(room));
    return fake_fill_count(room);
}

int virConnectListDomains(virConnectPtr conn, int *ids, int room)
{
    int count = fake_fill_count(room);

    FAKE_CALL(conn, fake_show_out(ids), room);
    if (fake_fails())
        return -1;
    for (int n = 0; n < count; n++)
        ids[n] = n == 1 ? INT_MAX : n == 2 ? INT_MIN : 3 * n + 5;
    return count;
}

/* --- allocated arrays ------------------------------------------------------ */

int virConnectGetCPUModelNames(virConnectPtr conn, const char *arch, char ***models, unsigned int flags)
{
    FAKE_CALL(conn, arch, fake_show_out(models), flags);
    if (fake_fails())
        return -1;
    /* For an empty list there is no array. */
    *models = fake_count() > 0 ? fake_new_names(fake_count()) : NULL;
    return fake_count();
}

int virDomainAuthorizedSSHKeysGet(virDomainPtr domain, const char *user, char ***keys, unsigned int flags)
{
    FAKE_CALL(domain, user, fake_show_out(keys), flags);
    if (fake_fails())
        return -1;
    *keys = fake_new_names(fake_count());
    return fake_count();
}

#if LIBVIR_VERSION_NUMBER >= 7001000
int virDomainGetMessages(virDomainPtr domain, char ***msgs, unsigned int flags)
{
    FAKE_CALL(domain, fake_show_out(msgs), flags);
    if (fake_fails())
        return -1;
    *msgs = fake_new_names(fake_count());
    return fake_count();
}
#endif
