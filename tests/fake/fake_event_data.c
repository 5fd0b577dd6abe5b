/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The fake libvirt for events: the data of each event. */

#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* RTLD_DEFAULT */
#endif
#include "fake_events.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libvirt/libvirt-qemu.h>

/* --- data of a variant --------------------------------------------------- */

static fakeVariant variant;

/* Some of libvirt's structs have non-const text. */
static char *text(const char *usual)
{
    return variant == FAKE_NONE ? NULL : (char *)(variant == FAKE_LIMITS ? "\xff\xfe" : usual);
}

static int number(int usual)
{
    return variant == FAKE_NONE ? 0 : variant == FAKE_LIMITS ? INT_MIN : usual;
}

static unsigned int positive(unsigned int usual)
{
    return variant == FAKE_NONE ? 0 : variant == FAKE_LIMITS ? UINT_MAX : usual;
}

static long long wide(long long usual)
{
    return variant == FAKE_NONE ? 0 : variant == FAKE_LIMITS ? LLONG_MIN : usual;
}

static unsigned long long size(unsigned long long usual)
{
    return variant == FAKE_NONE ? 0 : variant == FAKE_LIMITS ? ULLONG_MAX : usual;
}

/* One parameter of each type. */
static virTypedParameter params[] = {
    { "int", VIR_TYPED_PARAM_INT, { .i = -5 } },
    { "uint", VIR_TYPED_PARAM_UINT, { .ui = 4000000000u } },
    { "llong", VIR_TYPED_PARAM_LLONG, { .l = -5000000000ll } },
    { "ullong", VIR_TYPED_PARAM_ULLONG, { .ul = 18446744073709551615ull } },
    { "double", VIR_TYPED_PARAM_DOUBLE, { .d = 0.25 } },
    { "boolean", VIR_TYPED_PARAM_BOOLEAN, { .b = 1 } },
    { "string", VIR_TYPED_PARAM_STRING, { .s = (char *)"vda" } },
    /* Names that differ only in the middle or in their length. */
    { "blkdeviotune.read.total_sec", VIR_TYPED_PARAM_INT, { .i = 1 } },
    { "blkdeviotune.size.total_sec", VIR_TYPED_PARAM_INT, { .i = 2 } },
    { "aaaaaaaaaaaaaaaa", VIR_TYPED_PARAM_INT, { .i = 3 } },
    { "aaaaaaaaaaaaaaaaa", VIR_TYPED_PARAM_INT, { .i = 4 } },
    { "aaaaaaaaaaaaaaaaaa", VIR_TYPED_PARAM_INT, { .i = 5 } },
};

static int param_count(void)
{
    return variant == FAKE_NONE ? 0 : (int)(sizeof(params) / sizeof(*params));
}

/* --- objects ------------------------------------------------------------- */

static const unsigned char uuid[VIR_UUID_BUFLEN] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 };

/* Calls functions that libvirt exports for its daemons. */
static void *make(const char *maker, virConnectPtr conn)
{
    union {
        void *object;
        void *(*domain)(virConnectPtr, const char *, const unsigned char *, int);
        void *(*network)(virConnectPtr, const char *, const unsigned char *);
        void *(*pool)(virConnectPtr, const char *, const unsigned char *, void *, virFreeCallback);
        void *(*device)(virConnectPtr, const char *);
        void *(*secret)(virConnectPtr, const unsigned char *, int, const char *);
    } function = { .object = dlsym(RTLD_DEFAULT, maker) };

    if (!function.object) {
        (void)fprintf(stderr, "fake libvirt: libvirt has no %s\n", maker);
        abort();
    }
    switch (maker[strlen("virGet")]) {
    case 'D':
        return function.domain(conn, "guest", uuid, 7);
    case 'N':
        return strcmp(maker, "virGetNetwork") == 0 ? function.network(conn, "net", uuid)
                                                   : function.device(conn, "device");
    case 'S':
        return strcmp(maker, "virGetSecret") == 0
                   ? function.secret(conn, uuid, VIR_SECRET_USAGE_TYPE_CEPH, "usage")
                   : function.pool(conn, "pool", uuid, NULL, NULL);
    default:
        abort();
    }
}

/* --- the callbacks ------------------------------------------------------- */

#define AS(type) ((type)callback)

static void call_graphics(virConnectPtr conn, virDomainPtr dom, void (*callback)(void), void *opaque)
{
    virDomainEventGraphicsAddress local = { number(0), text("127.0.0.1"), text("5900") };
    virDomainEventGraphicsAddress remote = { number(1), text("::1"), text("41000") };
    virDomainEventGraphicsSubjectIdentity identities[] = {
        { text("x509dname"), text("CN=client") },
        { text("saslUsername"), NULL },
    };
    virDomainEventGraphicsSubject subject = { variant == FAKE_NONE ? 0 : 2, variant == FAKE_NONE ? NULL : identities };

    AS(virConnectDomainEventGraphicsCallback)
    (conn, dom, number(2), variant == FAKE_NONE ? NULL : &local, variant == FAKE_NONE ? NULL : &remote,
     text("vnc+sasl"), variant == FAKE_NONE ? NULL : &subject, opaque);
}

/* Types that some supported headers do not have. */
typedef void (*NICMACChange)(virConnectPtr, virDomainPtr, const char *, const char *, const char *, void *);
typedef void (*VcpuRemoved)(virConnectPtr, virDomainPtr, unsigned int, void *);
typedef void (*ChannelLifecycle)(virConnectPtr, virDomainPtr, const char *, int, int, void *);
typedef void (*MemoryDeviceSizeChange)(virConnectPtr, virDomainPtr, const char *, unsigned long long, void *);
typedef void (*NetworkMetadataChange)(virConnectPtr, virNetworkPtr, int, const char *, void *);

static void call_domain(int event, virConnectPtr conn, virDomainPtr dom, void (*callback)(void), void *opaque)
{
    switch (event) {
    case 0:
        (void)AS(virConnectDomainEventCallback)(conn, dom, number(5), number(3), opaque);
        break;
    case 1:
    case 7:
        AS(virConnectDomainEventGenericCallback)(conn, dom, opaque);
        break;
    case 2:
        AS(virConnectDomainEventRTCChangeCallback)(conn, dom, wide(-5000000000ll), opaque);
        break;
    case 3:
        AS(virConnectDomainEventWatchdogCallback)(conn, dom, number(4), opaque);
        break;
    case 4:
        AS(virConnectDomainEventIOErrorCallback)(conn, dom, text("/src"), text("virtio-disk0"), number(1), opaque);
        break;
    case 5:
        call_graphics(conn, dom, callback, opaque);
        break;
    case 6:
        AS(virConnectDomainEventIOErrorReasonCallback)
        (conn, dom, text("/src"), text("virtio-disk0"), number(2), text("enospc"), opaque);
        break;
    case 8:
    case 16:
        AS(virConnectDomainEventBlockJobCallback)(conn, dom, text("/disk"), number(2), number(3), opaque);
        break;
    case 9:
        AS(virConnectDomainEventDiskChangeCallback)
        (conn, dom, text("/old"), text("/new"), text("ide0-0-0"), number(1), opaque);
        break;
    case 10:
        AS(virConnectDomainEventTrayChangeCallback)(conn, dom, text("ide0-1-0"), number(1), opaque);
        break;
    case 11:
    case 12:
    case 14:
        AS(virConnectDomainEventPMWakeupCallback)(conn, dom, number(6), opaque);
        break;
    case 13:
        AS(virConnectDomainEventBalloonChangeCallback)(conn, dom, size(1048576), opaque);
        break;
    case 15:
    case 19:
    case 22:
        AS(virConnectDomainEventDeviceRemovedCallback)(conn, dom, text("net1"), opaque);
        break;
    case 17:
        AS(virConnectDomainEventTunableCallback)(conn, dom, param_count() ? params : NULL, param_count(), opaque);
        break;
    case 18:
        AS(virConnectDomainEventAgentLifecycleCallback)(conn, dom, number(1), number(2), opaque);
        break;
    case 20:
        AS(virConnectDomainEventMigrationIterationCallback)(conn, dom, number(12), opaque);
        break;
    case 21:
        AS(virConnectDomainEventJobCompletedCallback)(conn, dom, param_count() ? params : NULL, param_count(), opaque);
        break;
    case 23:
        AS(virConnectDomainEventMetadataChangeCallback)(conn, dom, number(2), text("urn:x"), opaque);
        break;
    case 24:
        AS(virConnectDomainEventBlockThresholdCallback)
        (conn, dom, text("vda[1]"), text("/path"), size(10000000000ull), size(20000000000ull), opaque);
        break;
    case 25:
        AS(virConnectDomainEventMemoryFailureCallback)(conn, dom, number(1), number(2), positive(3), opaque);
        break;
    case 26:
        AS(MemoryDeviceSizeChange)(conn, dom, text("dimm0"), size(524288), opaque);
        break;
    case 27:
        AS(NICMACChange)(conn, dom, text("net0"), text("52:54:00:00:00:01"), text("52:54:00:00:00:02"), opaque);
        break;
    case 28:
        AS(VcpuRemoved)(conn, dom, positive(9), opaque);
        break;
    case 29:
        AS(ChannelLifecycle)(conn, dom, text("org.qemu.guest_agent.0"), number(1), number(2), opaque);
        break;
    default:
        abort();
    }
}

/* Event 0 is the lifecycle event of every family. Event 1 has no data, except for networks. */
static void call_other(fakeKind kind, int event, virConnectPtr conn, void *subject, void (*callback)(void),
                       void *opaque)
{
    if (event == 0)
        AS(virConnectNetworkEventLifecycleCallback)(conn, subject, number(2), number(1), opaque);
    else if (kind == FAKE_NETWORK)
        AS(NetworkMetadataChange)(conn, subject, number(1), text("urn:y"), opaque);
    else
        AS(virConnectNetworkEventGenericCallback)(conn, subject, opaque);
}

void fake_call(fakeKind kind, int event, fakeVariant what, virConnectPtr conn, void (*callback)(void), void *opaque)
{
    static const char *const makers[] = {
        [FAKE_DOMAIN] = "virGetDomain", [FAKE_NETWORK] = "virGetNetwork", [FAKE_POOL] = "virGetStoragePool",
        [FAKE_DEVICE] = "virGetNodeDevice", [FAKE_SECRET] = "virGetSecret", [FAKE_LEGACY] = "virGetDomain",
        [FAKE_QEMU] = "virGetDomain",
    };
    void *subject = kind == FAKE_CLOSE ? NULL : make(makers[kind], conn);

    variant = what;
    switch (kind) {
    case FAKE_CLOSE:
        AS(virConnectCloseFunc)(conn, number(2), opaque);
        break;
    case FAKE_QEMU:
        AS(virConnectDomainQemuMonitorEventCallback)
        (conn, subject, text("SHUTDOWN"), wide(1700000000), positive(999999), text("{\"guest\": true}"), opaque);
        break;
    case FAKE_DOMAIN:
    case FAKE_LEGACY:
        call_domain(event, conn, subject, callback, opaque);
        break;
    default:
        call_other(kind, event, conn, subject, callback, opaque);
    }
    switch (kind) {
    case FAKE_CLOSE:
        break;
    case FAKE_NETWORK:
        (void)virNetworkFree(subject);
        break;
    case FAKE_POOL:
        (void)virStoragePoolFree(subject);
        break;
    case FAKE_DEVICE:
        (void)virNodeDeviceFree(subject);
        break;
    case FAKE_SECRET:
        (void)virSecretFree(subject);
        break;
    default:
        (void)virDomainFree(subject);
    }
}
