/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Events of the test driver, delivered by libvirt's event loop or by our own. */

#include "limit.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#define BATCH 1000
#define TIMERS 64

static long received;
static virDomainPtr domain;

static int take(virConnectPtr conn __attribute__((unused)), virDomainPtr dom __attribute__((unused)),
                int event __attribute__((unused)), int detail __attribute__((unused)),
                void *opaque __attribute__((unused)))
{
    received++;
    return 0;
}

/* --- our own loop: only timers, because the test driver uses nothing else --- */

static struct {
    virEventTimeoutCallback callback;
    void *opaque;
    virFreeCallback release;
    int period; /* -1: off */
} timers[TIMERS];
static int used;

static int add_handle(int fd __attribute__((unused)), int event __attribute__((unused)),
                      virEventHandleCallback callback __attribute__((unused)), void *opaque __attribute__((unused)),
                      virFreeCallback release __attribute__((unused)))
{
    return -1;
}

static void update_handle(int watch __attribute__((unused)), int event __attribute__((unused)))
{
}

static int remove_handle(int watch __attribute__((unused)))
{
    return -1;
}

static int add_timeout(int period, virEventTimeoutCallback callback, void *opaque, virFreeCallback release)
{
    if (used == TIMERS)
        return -1;
    timers[used].callback = callback;
    timers[used].opaque = opaque;
    timers[used].release = release;
    timers[used].period = period;
    return ++used;
}

static void update_timeout(int timer, int period)
{
    timers[timer - 1].period = period;
}

static int remove_timeout(int timer)
{
    timers[timer - 1].period = -1;
    if (timers[timer - 1].release)
        timers[timer - 1].release(timers[timer - 1].opaque);
    return 0;
}

static int run_own(void)
{
    (void)poll(NULL, 0, 0);
    for (int n = 0; n < used; n++)
        if (timers[n].period == 0)
            timers[n].callback(n + 1, timers[n].opaque);
    return 0;
}

/* --- measuring ----------------------------------------------------------- */

static long made;

/* Cause events, without delivering any of them. */
static void make_events(long count)
{
    for (; count > 0; count--, made++)
        if ((made % 2 ? virDomainResume(domain) : virDomainSuspend(domain)) < 0)
            limit_fail("suspend or resume");
}

/* Cause COUNT events, delivering them whenever AT_ONCE are pending.  Return the nanoseconds for each. */
static double deliver(int (*iterate)(void), long count, long at_once)
{
    double total = 0;

    for (long done = 0; done < count; done += at_once) {
        long wanted = received + at_once;
        double start;

        make_events(at_once);
        start = limit_now();
        while (received < wanted)
            if (iterate() < 0)
                limit_fail("the event loop");
        total += limit_now() - start;
    }
    return total / (double)count;
}

static double measure(int (*iterate)(void), double ms, long at_once)
{
    double end = limit_now() + ms * 1e6;
    double times[100];
    int count = 0;

    do
        times[count++] = deliver(iterate, BATCH, at_once);
    while (count < 3 || (count < 100 && limit_now() < end));
    return limit_median(times, count);
}

int limit_events(int argc __attribute__((unused)), char **argv)
{
    double ms = atof(argv[0]);
    int own = strcmp(argv[1], "default") != 0;
    int (*iterate)(void) = own ? run_own : virEventRunDefaultImpl;
    virConnectPtr conn;

    if (own)
        virEventRegisterImpl(add_handle, update_handle, remove_handle, add_timeout, update_timeout, remove_timeout);
    else if (virEventRegisterDefaultImpl() < 0)
        limit_fail("virEventRegisterDefaultImpl");
    conn = limit_open("test:///default");
    domain = virDomainLookupByName(conn, "test");
    if (!domain || virConnectDomainEventRegisterAny(conn, NULL, VIR_DOMAIN_EVENT_ID_LIFECYCLE,
                                                    VIR_DOMAIN_EVENT_CALLBACK(take), NULL, NULL) < 0)
        limit_fail("registration of the callback");
    while (limit_next_round()) {
        limit_print("1,000 events in one iteration", measure(iterate, ms, BATCH));
        limit_print("one event in each iteration", measure(iterate, ms, 1));
        limit_end_round();
    }
    return 0;
}
