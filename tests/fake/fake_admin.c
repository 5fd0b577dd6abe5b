/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The fake libvirt: all of libvirt-admin.
 *
 * The objects are the fake's own, so that no function of the real library is called: that library
 * cannot be used in a process with libvirt connections. */

#include "fake_plain.h"

#include <stdlib.h>
#include <string.h>

#include <libvirt/libvirt-admin.h>

#define ADM virAdmConnectPtr
#define SRV virAdmServerPtr
#define CLIENT virAdmClientPtr

/* --- objects ------------------------------------------------------------- */

/* An object lives as long as its owner or one of its children. The parent is not used and may be
 * NULL. */
struct _virAdmConnect {
    int references;
    virAdmConnectCloseFunc cb;
    void *opaque;
    virFreeCallback freecb;
};

struct _virAdmServer {
    int references;
    ADM conn;
    char *name; /* or NULL */
};

struct _virAdmClient {
    SRV server;
    ULLONG number;
};

void fake_add_adm_connect(ADM conn)
{
    fake_add_handle("adm", conn, NULL);
}

void fake_add_adm_server(SRV server)
{
    fake_add_handle("srv", server, server ? server->name : NULL);
}

void fake_add_adm_client(CLIENT client)
{
    fake_add_handle("client", client, NULL);
}

/* What libvirt does with an invalid object. */
static int refuse(void)
{
    (void)virNWFilterBindingGetPortDev(NULL);
    return -1;
}

static void end_callback(ADM conn)
{
    if (conn->cb && conn->freecb)
        conn->freecb(conn->opaque);
    conn->cb = NULL;
}

int virAdmConnectRef(ADM conn)
{
    conn->references++;
    return 0;
}

int virAdmConnectClose(ADM conn)
{
    int left;

    if (!conn)
        return refuse();
    left = --conn->references;
    if (left == 0) {
        end_callback(conn);
        free(conn);
    }
    return left;
}

static SRV new_server(ADM conn, const char *name)
{
    SRV server = fake_alloc(1, sizeof(*server));

    server->references = 1;
    server->conn = conn;
    if (conn)
        conn->references++;
    if (name)
        server->name = strcpy(fake_alloc(strlen(name) + 1, 1), name);
    return server;
}

int virAdmServerFree(SRV server)
{
    if (!server)
        return refuse();
    if (--server->references > 0)
        return 0;
    if (server->conn)
        (void)virAdmConnectClose(server->conn);
    free(server->name);
    free(server);
    return 0;
}

static CLIENT new_client(SRV server, ULLONG number)
{
    CLIENT client = fake_alloc(1, sizeof(*client));

    client->server = server;
    client->number = number;
    if (server)
        server->references++;
    return client;
}

int virAdmClientFree(CLIENT client)
{
    if (!client)
        return refuse();
    if (client->server)
        (void)virAdmServerFree(client->server);
    free(client);
    return 0;
}

/* --- the connection ------------------------------------------------------ */

int virAdmInitialize(void)
{
    fake_open_call(__func__);
    fake_close_call();
    return fake_fails() ? -1 : 0;
}

int virAdmGetVersion(ULLONG *version)
{
    FAKE_CALL(fake_show_out(version));
    if (fake_fails())
        return -1;
    FAKE_SET(*version, 11003001);
    return 0;
}

ADM virAdmConnectOpen(TEXT name, UINT flags)
{
    ADM conn;

    FAKE_CALL(name, flags);
    if (fake_fails())
        return NULL;
    conn = fake_alloc(1, sizeof(*conn));
    conn->references = 1;
    return conn;
}

/* There can be one callback, and only the same function removes it, as in libvirt-admin. */
int virAdmConnectRegisterCloseCallback(ADM conn, virAdmConnectCloseFunc cb, void *opaque, virFreeCallback freecb)
{
    FAKE_CALL(conn);
    if (fake_fails())
        return -1;
    if (!conn || conn->cb)
        return refuse();
    conn->cb = cb;
    conn->opaque = opaque;
    conn->freecb = freecb;
    return 0;
}

int virAdmConnectUnregisterCloseCallback(ADM conn, virAdmConnectCloseFunc cb)
{
    FAKE_CALL(conn);
    if (fake_fails())
        return -1;
    if (!conn || conn->cb != cb)
        return refuse();
    end_callback(conn);
    return 0;
}

STATUS(virAdmConnectIsAlive, ADM)
#if LIBVIR_VERSION_NUMBER >= 8006000
STATUS(virAdmConnectSetDaemonTimeout, ADM, UINT, UINT)
#endif
#if LIBVIR_VERSION_NUMBER >= 11002000
STATUS(virAdmConnectDaemonShutdown, ADM, UINT)
#endif
STATUS(virAdmConnectSetLoggingFilters, ADM, TEXT, UINT)
STATUS(virAdmConnectSetLoggingOutputs, ADM, TEXT, UINT)
NEW_TEXT(virAdmConnectGetURI, ADM)
GET_NUMBER(virAdmConnectGetLibVersion, ADM, ULLONG, 9001002)
DEFINE(SRV, fake_fails() ? NULL : new_server(a, "fresh"), virAdmConnectLookupServer, ADM, TEXT, UINT)
LIST(SRV, new_server(parent, fake_name(n)), virAdmConnectListServers, ADM)

/* Returns the number of filters or outputs, and their text, which is NULL if there are none. */
#define LOGGING(name) \
    int name(ADM conn, char **text, UINT flags) \
    { \
        FAKE_CALL(conn, fake_show_out(text), flags); \
        if (fake_fails()) \
            return -1; \
        *text = fake_count() == 0 ? NULL : fake_new_text("text"); \
        return fake_count(); \
    }

LOGGING(virAdmConnectGetLoggingFilters)
LOGGING(virAdmConnectGetLoggingOutputs)

/* --- servers ------------------------------------------------------------- */

DEFINE(TEXT, fake_fails() || !a ? NULL : a->name, virAdmServerGetName, SRV)
STATUS(virAdmServerUpdateTlsFiles, SRV, UINT)
NEW_PARAMS(virAdmServerGetClientLimits, SRV)
NEW_PARAMS(virAdmServerGetThreadPoolParameters, SRV)
TAKE_PARAMS(virAdmServerSetClientLimits, SRV)
TAKE_PARAMS(virAdmServerSetThreadPoolParameters, SRV)
DEFINE(CLIENT, fake_fails() ? NULL : new_client(a, 7), virAdmServerLookupClient, SRV, ULLONG, UINT)
LIST(CLIENT, new_client(parent, (ULLONG)n), virAdmServerListClients, SRV)

/* --- clients ------------------------------------------------------------- */

STATUS(virAdmClientClose, CLIENT, UINT)
STATUS(virAdmClientGetTransport, CLIENT)
NEW_PARAMS(virAdmClientGetInfo, CLIENT)
/* For these, the value that reports a failure is also a valid result. */
DEFINE(LLONG, fake_fails() ? -1 : fake_llong(-5000000000), virAdmClientGetTimestamp, CLIENT)
DEFINE(ULLONG, fake_fails() || !a ? ULLONG_MAX : fake_ullong(a->number), virAdmClientGetID, CLIENT)
