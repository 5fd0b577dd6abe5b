/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The fake libvirt: objects of every kind, including those that the test driver does not have.
 *
 * They are real objects, made by functions that libvirt's drivers use. libvirt exports these
 * functions for its daemons, but no installed header declares them. */

#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* RTLD_DEFAULT */
#endif
#include "fake_plain.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const unsigned char uuid[VIR_UUID_BUFLEN] = {
    0x00, 0x01, 0x80, 0xff, 0x27, 0x22, 0x0a, 0x5c, 0x80, 0x90, 0xa0, 0xb0, 0xc0, 0xd0, 0xe0, 0xf0,
};

/* Return the function, or abort if libvirt does not have it, because tests would otherwise fail
 * obscurely. */
static void *need(const char *name)
{
    void *function = dlsym(RTLD_DEFAULT, name);

    if (!function) {
        (void)fprintf(stderr, "fake libvirt: libvirt has no %s\n", name);
        abort();
    }
    return function;
}

/* Call a libvirt function by its name. ISO C cannot cast an object pointer to a function pointer. */
#define CALL_PRIVATE(result, name, prototype, arguments) \
    union { \
        void *object; \
        result(*function) prototype; \
    } private = { .object = need(name) }; \
    return private.function arguments

/* Replace a missing name, which a list may contain. */
static const char *some(const char *name)
{
    return name ? name : "NULL";
}

virDomainPtr fake_new_domain(fakeParent parent, const char *name)
{
    CALL_PRIVATE(virDomainPtr, "virGetDomain", (virConnectPtr, const char *, const unsigned char *, int),
                 (parent.conn, some(name), uuid, 7));
}

virDomainSnapshotPtr fake_new_snapshot(fakeParent parent, const char *name)
{
    CALL_PRIVATE(virDomainSnapshotPtr, "virGetDomainSnapshot", (virDomainPtr, const char *),
                 (parent.domain, some(name)));
}

virDomainCheckpointPtr fake_new_checkpoint(fakeParent parent, const char *name)
{
    CALL_PRIVATE(virDomainCheckpointPtr, "virGetDomainCheckpoint", (virDomainPtr, const char *),
                 (parent.domain, some(name)));
}

virInterfacePtr fake_new_interface(fakeParent parent, const char *name)
{
    CALL_PRIVATE(virInterfacePtr, "virGetInterface", (virConnectPtr, const char *, const char *),
                 (parent.conn, some(name), "52:54:00:00:00:01"));
}

virNWFilterPtr fake_new_nwfilter(fakeParent parent, const char *name)
{
    CALL_PRIVATE(virNWFilterPtr, "virGetNWFilter", (virConnectPtr, const char *, const unsigned char *),
                 (parent.conn, some(name), uuid));
}

virNWFilterBindingPtr fake_new_binding(fakeParent parent, const char *name)
{
    CALL_PRIVATE(virNWFilterBindingPtr, "virGetNWFilterBinding", (virConnectPtr, const char *, const char *),
                 (parent.conn, some(name), "filter"));
}

virNetworkPtr fake_new_network(fakeParent parent, const char *name)
{
    CALL_PRIVATE(virNetworkPtr, "virGetNetwork", (virConnectPtr, const char *, const unsigned char *),
                 (parent.conn, some(name), uuid));
}

/* Ports have a UUID, but no name. */
virNetworkPortPtr fake_new_port(fakeParent parent, const char *name __attribute__((unused)))
{
    CALL_PRIVATE(virNetworkPortPtr, "virGetNetworkPort", (virNetworkPtr, const unsigned char *),
                 (parent.network, uuid));
}

virNodeDevicePtr fake_new_nodedev(fakeParent parent, const char *name)
{
    CALL_PRIVATE(virNodeDevicePtr, "virGetNodeDevice", (virConnectPtr, const char *), (parent.conn, some(name)));
}

virSecretPtr fake_new_secret(fakeParent parent, const char *name)
{
    CALL_PRIVATE(virSecretPtr, "virGetSecret", (virConnectPtr, const unsigned char *, int, const char *),
                 (parent.conn, uuid, VIR_SECRET_USAGE_TYPE_CEPH, some(name)));
}

virStoragePoolPtr fake_new_pool(fakeParent parent, const char *name)
{
    CALL_PRIVATE(virStoragePoolPtr, "virGetStoragePool",
                 (virConnectPtr, const char *, const unsigned char *, void *, virFreeCallback),
                 (parent.conn, some(name), uuid, NULL, NULL));
}

virStorageVolPtr fake_new_vol(fakeParent parent, const char *name)
{
    CALL_PRIVATE(virStorageVolPtr, "virGetStorageVol",
                 (virConnectPtr, const char *, const char *, const char *, void *, virFreeCallback),
                 (parent.conn, parent.pool ? virStoragePoolGetName(parent.pool) : "pool", some(name), "key", NULL,
                  NULL));
}

virStreamPtr fake_new_stream(fakeParent parent, const char *name __attribute__((unused)))
{
    CALL_PRIVATE(virStreamPtr, "virGetStream", (virConnectPtr), (parent.conn));
}

/* --- parents ------------------------------------------------------------- */

fakeParent fake_parent_connect(virConnectPtr conn)
{
    return (fakeParent){ .conn = conn };
}

fakeParent fake_parent_domain(virDomainPtr domain)
{
    return (fakeParent){ .conn = virDomainGetConnect(domain), .domain = domain };
}

fakeParent fake_parent_snapshot(virDomainSnapshotPtr snapshot)
{
    return fake_parent_domain(virDomainSnapshotGetDomain(snapshot));
}

fakeParent fake_parent_checkpoint(virDomainCheckpointPtr checkpoint)
{
    return fake_parent_domain(virDomainCheckpointGetDomain(checkpoint));
}

fakeParent fake_parent_network(virNetworkPtr network)
{
    return (fakeParent){ .conn = virNetworkGetConnect(network), .network = network };
}

fakeParent fake_parent_pool(virStoragePoolPtr pool)
{
    return (fakeParent){ .conn = virStoragePoolGetConnect(pool), .pool = pool };
}

fakeParent fake_parent_vol(virStorageVolPtr vol)
{
    return (fakeParent){ .conn = virStorageVolGetConnect(vol) };
}

/* --- lists of objects ---------------------------------------------------- */

#define CHILDREN(name, from, kind, pointer) \
    LIST(pointer, fake_new_##kind(FAKE_PARENT(parent), fake_name(n)), name, from)

CHILDREN(virConnectListAllDomains, virConnectPtr, domain, virDomainPtr)
CHILDREN(virConnectListAllInterfaces, virConnectPtr, interface, virInterfacePtr)
CHILDREN(virConnectListAllNWFilterBindings, virConnectPtr, binding, virNWFilterBindingPtr)
CHILDREN(virConnectListAllNWFilters, virConnectPtr, nwfilter, virNWFilterPtr)
CHILDREN(virConnectListAllNetworks, virConnectPtr, network, virNetworkPtr)
CHILDREN(virConnectListAllNodeDevices, virConnectPtr, nodedev, virNodeDevicePtr)
CHILDREN(virConnectListAllSecrets, virConnectPtr, secret, virSecretPtr)
CHILDREN(virConnectListAllStoragePools, virConnectPtr, pool, virStoragePoolPtr)
CHILDREN(virDomainCheckpointListAllChildren, virDomainCheckpointPtr, checkpoint, virDomainCheckpointPtr)
CHILDREN(virDomainListAllCheckpoints, virDomainPtr, checkpoint, virDomainCheckpointPtr)
CHILDREN(virDomainListAllSnapshots, virDomainPtr, snapshot, virDomainSnapshotPtr)
CHILDREN(virDomainSnapshotListAllChildren, virDomainSnapshotPtr, snapshot, virDomainSnapshotPtr)
CHILDREN(virNetworkListAllPorts, virNetworkPtr, port, virNetworkPortPtr)
CHILDREN(virStoragePoolListAllVolumes, virStoragePoolPtr, vol, virStorageVolPtr)
