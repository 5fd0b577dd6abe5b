/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The fake libvirt for events: it keeps registrations, and fires them with fixed data when a test
 * asks for it.
 *
 * The connections are real ones, of the test driver. As in libvirt, a lock is held while callback
 * data are freed, but not while a callback runs. Locking it again in the same thread aborts instead
 * of waiting forever. */

#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* PTHREAD_MUTEX_ERRORCHECK, RTLD_NEXT */
#endif
#include "fake_events.h"

#include <dlfcn.h>
#include <errno.h>
#include <libvirt/libvirt-admin.h>
#include <libvirt/libvirt-qemu.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ENTRIES 4096

typedef struct {
    fakeKind kind;         /* 0 for a free entry */
    int id;
    int event;
    int running;           /* number of callbacks that are running */
    bool deleted;
    virConnectPtr conn;
    void (*callback)(void);
    void *opaque;
    virFreeCallback release;
} Entry;

static Entry entries[ENTRIES];
static int used;           /* number of entries in use */
static int next_id;
static pthread_mutex_t mutex;
static char log_text[4096];
static int failing;        /* how many of the next calls must fail */

static void __attribute__((constructor))
prepare(void)
{
    pthread_mutexattr_t attributes;

    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ERRORCHECK);
    pthread_mutex_init(&mutex, &attributes);
}

void fake_lock(void)
{
    if (pthread_mutex_lock(&mutex) != 0) {
        (void)fputs("fake libvirt: a deadlock\n", stderr);
        abort();
    }
}

void fake_unlock(void)
{
    (void)pthread_mutex_unlock(&mutex);
}

/* Record a call. Returns whether it may proceed; if it must fail, libvirt's error has been set. */
bool fake_enter(const char *name, bool valid)
{
    size_t length = strlen(log_text);

    (void)snprintf(log_text + length, sizeof(log_text) - length, "%s ", name);
    if (valid && failing-- <= 0) {
        failing = 0;
        return true;
    }
    (void)virNWFilterBindingGetPortDev(NULL); /* fails with an error that no other function here sets */
    return false;
}

/* Make the next COUNT calls fail. */
void fake_events_fail(int count)
{
    fake_lock();
    failing = count;
    fake_unlock();
}

/* Return the calls since the last time; the text is valid until the next call of this function. */
const char *fake_events_calls(void)
{
    static char result[sizeof(log_text)];

    fake_lock();
    memcpy(result, log_text, sizeof(result));
    log_text[0] = '\0';
    fake_unlock();
    return result;
}

/* --- registrations ------------------------------------------------------- */

/* Called under the lock, as in libvirt. */
static void free_entry(Entry *entry)
{
    Entry gone = *entry;

    memset(entry, 0, sizeof(*entry));
    if (gone.release)
        gone.release(gone.opaque);
    if (gone.conn)
        (void)virConnectClose(gone.conn);
}

static int add(virConnectPtr conn, fakeKind kind, int event, void (*callback)(void), void *opaque,
               virFreeCallback release)
{
    int n = 0;

    while (n < used && entries[n].kind)
        n++;
    if (n == ENTRIES)
        abort();
    if (n == used)
        used++;
    (void)virConnectRef(conn);
    entries[n] = (Entry){ kind, next_id++, event, 0, false, conn, callback, opaque, release };
    return entries[n].id;
}

#define ANY INT_MIN

static Entry *find(virConnectPtr conn, fakeKind kind, int id)
{
    for (int n = 0; n < used; n++) {
        Entry *entry = &entries[n];

        if (entry->kind == kind && !entry->deleted && entry->conn == conn && (id == ANY || entry->id == id))
            return entry;
    }
    return NULL;
}

static int end(const char *name, virConnectPtr conn, fakeKind kind, int id)
{
    int retval = -1;
    Entry *entry;

    fake_lock();
    entry = find(conn, kind, id);
    if (fake_enter(name, conn && entry)) {
        entry->deleted = true;
        if (!entry->running)
            free_entry(entry);
        retval = 0;
    }
    fake_unlock();
    return retval;
}

static int begin(const char *name, virConnectPtr conn, fakeKind kind, int event, void (*callback)(void), void *opaque,
                 virFreeCallback release)
{
    /* The legacy callback and the close callback can be registered once for each connection. */
    bool single = kind == FAKE_LEGACY || kind == FAKE_CLOSE;
    int id = -1;

    fake_lock();
    if (fake_enter(name, conn && !(single && find(conn, kind, ANY))))
        id = add(conn, kind, event, callback, opaque, release);
    fake_unlock();
    return id < 0 || !single ? id : 0;
}

#define FAMILY(name, KIND, subject_pointer, callback_type) \
    int name##EventRegisterAny(virConnectPtr conn, subject_pointer subject __attribute__((unused)), int event, \
                               callback_type callback, void *opaque, virFreeCallback release) \
    { \
        return begin(__func__, conn, KIND, event, (void (*)(void))callback, opaque, release); \
    } \
    int name##EventDeregisterAny(virConnectPtr conn, int id) \
    { \
        return end(__func__, conn, KIND, id); \
    }

FAMILY(virConnectDomain, FAKE_DOMAIN, virDomainPtr, virConnectDomainEventGenericCallback)
FAMILY(virConnectNetwork, FAKE_NETWORK, virNetworkPtr, virConnectNetworkEventGenericCallback)
FAMILY(virConnectStoragePool, FAKE_POOL, virStoragePoolPtr, virConnectStoragePoolEventGenericCallback)
FAMILY(virConnectNodeDevice, FAKE_DEVICE, virNodeDevicePtr, virConnectNodeDeviceEventGenericCallback)
FAMILY(virConnectSecret, FAKE_SECRET, virSecretPtr, virConnectSecretEventGenericCallback)

int virConnectDomainEventRegister(virConnectPtr conn, virConnectDomainEventCallback callback, void *opaque,
                                  virFreeCallback release)
{
    return begin(__func__, conn, FAKE_LEGACY, 0, (void (*)(void))callback, opaque, release);
}

int virConnectDomainEventDeregister(virConnectPtr conn, virConnectDomainEventCallback callback __attribute__((unused)))
{
    return end(__func__, conn, FAKE_LEGACY, ANY);
}

int virConnectRegisterCloseCallback(virConnectPtr conn, virConnectCloseFunc callback, void *opaque,
                                    virFreeCallback release)
{
    return begin(__func__, conn, FAKE_CLOSE, 0, (void (*)(void))callback, opaque, release);
}

int virConnectUnregisterCloseCallback(virConnectPtr conn, virConnectCloseFunc callback __attribute__((unused)))
{
    return end(__func__, conn, FAKE_CLOSE, ANY);
}

/* A connection of libvirt-admin is one of the test driver, too. */
virAdmConnectPtr virAdmConnectOpen(const char *name __attribute__((unused)), unsigned int flags __attribute__((unused)))
{
    return (virAdmConnectPtr)virConnectOpen("test:///default");
}

int virAdmConnectRef(virAdmConnectPtr conn)
{
    return virConnectRef((virConnectPtr)conn);
}

int virAdmConnectClose(virAdmConnectPtr conn)
{
    return virConnectClose((virConnectPtr)conn);
}

int virAdmConnectRegisterCloseCallback(virAdmConnectPtr conn, virAdmConnectCloseFunc callback, void *opaque,
                                       virFreeCallback release)
{
    return begin(__func__, (virConnectPtr)conn, FAKE_CLOSE, 0, (void (*)(void))callback, opaque, release);
}

int virAdmConnectUnregisterCloseCallback(virAdmConnectPtr conn, virAdmConnectCloseFunc callback __attribute__((unused)))
{
    return end(__func__, (virConnectPtr)conn, FAKE_CLOSE, ANY);
}

int virConnectDomainQemuMonitorEventRegister(virConnectPtr conn, virDomainPtr dom __attribute__((unused)),
                                             const char *event __attribute__((unused)),
                                             virConnectDomainQemuMonitorEventCallback callback, void *opaque,
                                             virFreeCallback release, unsigned int flags __attribute__((unused)))
{
    return begin(__func__, conn, FAKE_QEMU, 0, (void (*)(void))callback, opaque, release);
}

int virConnectDomainQemuMonitorEventDeregister(virConnectPtr conn, int id)
{
    return end(__func__, conn, FAKE_QEMU, id);
}

/* --- references ---------------------------------------------------------- */

static int refs, frees;    /* of domains, since a test last asked */
static bool refusing;

typedef int (*domainFunction)(virDomainPtr dom);

static int call_real(const char *name, virDomainPtr dom)
{
    union {
        void *object;
        domainFunction function;
    } real = { .object = dlsym(RTLD_NEXT, name) };

    return real.function(dom);
}

int virDomainRef(virDomainPtr dom)
{
    refs++;
    if (refusing) {
        (void)virNWFilterBindingGetPortDev(NULL);
        return -1;
    }
    return call_real("virDomainRef", dom);
}

int virDomainFree(virDomainPtr dom)
{
    frees++;
    return call_real("virDomainFree", dom);
}

/* Set whether every new reference to a domain is refused. */
void fake_events_refuse_references(int refused)
{
    refusing = refused != 0;
}

int fake_events_refs(void)
{
    int result = refs;

    refs = 0;
    return result;
}

int fake_events_frees(void)
{
    int result = frees;

    frees = 0;
    return result;
}

/* --- for the tests ------------------------------------------------------- */

/* What pthread_atfork() calls. Fails if the environment asks for it. */
extern int __register_atfork(void (*before)(void), void (*parent)(void), void (*child)(void),
                             void *library);

int __register_atfork(void (*before)(void), void (*parent)(void), void (*child)(void), void *library)
{
    union {
        void *object;
        int (*function)(void (*)(void), void (*)(void), void (*)(void), void *);
    } real = { .object = dlsym(RTLD_NEXT, "__register_atfork") };

    if (getenv("FAKE_NO_ATFORK"))
        return ENOMEM;
    return real.function(before, parent, child, library);
}

/* Fails if the environment asks for it, with the error of virNWFilterBindingGetPortDev(NULL). */
int virInitialize(void)
{
    union {
        void *object;
        int (*function)(void);
    } real = { .object = dlsym(RTLD_NEXT, "virInitialize") };

    if (real.function() < 0)
        return -1;
    if (!getenv("FAKE_NOT_INITIALIZED"))
        return 0;
    (void)virNWFilterBindingGetPortDev(NULL);
    return -1;
}

/* Return the number of registrations whose data have not been freed. */
int fake_events_alive(void)
{
    int count = 0;

    fake_lock();
    for (int n = 0; n < used; n++)
        count += entries[n].kind != 0;
    fake_unlock();
    return count;
}

/* Call all callbacks that are registered with this ID, or all of this kind if it is -1; return how
 * many there were. */
int fake_events_fire(int kind, int id, int variant)
{
    Entry *due[64];
    int count = 0;

    fake_lock();
    for (int n = 0; n < used && count < 64; n++) {
        Entry *entry = &entries[n];

        if (entry->kind == (fakeKind)kind && !entry->deleted && (id < 0 || entry->id == id)) {
            entry->running++;
            due[count++] = entry;
        }
    }
    for (int n = 0; n < count; n++) {
        Entry *entry = due[n];

        if (!entry->deleted) {
            fake_unlock();
            fake_call(entry->kind, entry->event, (fakeVariant)variant, entry->conn, entry->callback, entry->opaque);
            fake_lock();
            /* libvirt drops a close callback after calling it. */
            entry->deleted = entry->deleted || entry->kind == FAKE_CLOSE;
        }
        if (--entry->running == 0 && entry->deleted)
            free_entry(entry);
    }
    fake_unlock();
    return count;
}

typedef struct {
    int kind, id, variant, count;
} Firing;

static void *fire(void *data)
{
    Firing *firing = data;

    firing->count = fake_events_fire(firing->kind, firing->id, firing->variant);
    return NULL;
}

static void *fire_for_ever(void *data)
{
    for (;;)
        (void)fire(data);
    return NULL;
}

/* Call the callbacks repeatedly on a thread that Python does not know, until the process ends. */
void fake_events_fire_for_ever(int kind)
{
    static Firing firings[16];
    pthread_t thread;

    firings[kind] = (Firing){ kind, -1, FAKE_USUAL, 0 };
    if (pthread_create(&thread, NULL, fire_for_ever, &firings[kind]) != 0)
        abort();
    (void)pthread_detach(thread);
}

/* Call the callbacks once, on a thread that Python does not know. */
int fake_events_fire_outside(int kind, int id, int variant)
{
    Firing firing = { kind, id, variant, 0 };
    pthread_t thread;

    if (pthread_create(&thread, NULL, fire, &firing) != 0 || pthread_join(thread, NULL) != 0)
        abort();
    return firing.count;
}
