/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The fake libvirt for events: streams that follow a script, and authentication. */

#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* RTLD_NEXT */
#endif
#include "fake_events.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- the script ---------------------------------------------------------- */

/* What a stream delivers, word by word: "data:TEXT", "zeros:COUNT", "hole:LENGTH", "block", "fail",
 * "odd:NUMBER". For sending, "room:COUNT" is the maximum that one call accepts; "block" and "fail"
 * have the same meaning. */
static char *script;
static char *word;
static size_t done;        /* how much of the data of this word has been delivered */

/* The data that were sent and other calls, each followed by a space. */
static char *sent;
static size_t sent_length;

static void put(const char *text, size_t length)
{
    sent = realloc(sent, sent_length + length + 1);
    if (!sent)
        abort();
    memcpy(sent + sent_length, text, length);
    sent_length += length;
    sent[sent_length] = '\0';
}

void fake_stream_script(const char *text)
{
    free(script);
    free(sent);
    sent = NULL;
    sent_length = 0;
    put("", 0);
    script = strdup(text);
    word = script;
    done = 0;
}

const char *fake_stream_sent(void)
{
    return sent;
}

static bool next_is(const char *name)
{
    return word && strncmp(word, name, strlen(name)) == 0;
}

static long long number(void)
{
    return strtoll(strchr(word, ':') + 1, NULL, 10);
}

static void advance(void)
{
    word += strcspn(word, " ");
    word += strspn(word, " ");
    done = 0;
}

/* Handle words with the same meaning for both directions; return 0 for other words. */
static int disturbance(void)
{
    int value = next_is("block") ? -2 : next_is("fail") ? -1 : next_is("odd:") ? (int)number() : 0;

    if (value == 0)
        return 0;
    if (value == -1)
        (void)virNWFilterBindingGetPortDev(NULL);
    advance();
    return value;
}

/* --- data ---------------------------------------------------------------- */

static size_t give(char *data, size_t wanted)
{
    bool zeros = next_is("zeros:");
    const char *text = strchr(word, ':') + 1;
    size_t whole = zeros ? (size_t)number() : strcspn(text, " ");
    size_t count = whole - done < wanted ? whole - done : wanted;

    if (zeros)
        memset(data, 0, count);
    else
        memcpy(data, text + done, count);
    done += count;
    if (done == whole)
        advance();
    return count;
}

int virStreamRecvFlags(virStreamPtr stream __attribute__((unused)), char *data, size_t wanted, unsigned int flags)
{
    int value = disturbance();

    if (value)
        return value;
    if (next_is("hole:"))
        return flags & VIR_STREAM_RECV_STOP_AT_HOLE ? -3 : 0;
    return word && *word ? (int)give(data, wanted) : 0;
}

int virStreamRecv(virStreamPtr stream, char *data, size_t wanted)
{
    return virStreamRecvFlags(stream, data, wanted, 0);
}

int virStreamRecvHole(virStreamPtr stream __attribute__((unused)), long long *length,
                      unsigned int flags __attribute__((unused)))
{
    int value = disturbance();

    if (value)
        return value;
    if (!next_is("hole:"))
        abort();
    *length = number();
    advance();
    return 0;
}

int virStreamSend(virStreamPtr stream __attribute__((unused)), const char *data, size_t count)
{
    int value = disturbance();

    if (value)
        return value;
    if (next_is("room:")) {
        if (count > (size_t)number())
            count = (size_t)number();
        advance();
    }
    put(data, count);
    put(" ", 1);
    return (int)count;
}

static int note(const char *what)
{
    put(what, strlen(what));
    return disturbance();
}

int virStreamSendHole(virStreamPtr stream __attribute__((unused)), long long length,
                      unsigned int flags __attribute__((unused)))
{
    char text[64];

    (void)snprintf(text, sizeof(text), "hole:%lld ", length);
    return note(text);
}

int virStreamAbort(virStreamPtr stream __attribute__((unused)))
{
    return note("aborted ");
}

int virStreamFinish(virStreamPtr stream __attribute__((unused)))
{
    return note("finished ");
}

/* --- events of one stream ------------------------------------------------ */

static struct {
    virStreamPtr stream;
    int events;
    virStreamEventCallback callback;
    void *opaque;
    virFreeCallback release;
} watch;

int fake_stream_watchers(void)
{
    return watch.stream != NULL;
}

int virStreamEventAddCallback(virStreamPtr stream, int events, virStreamEventCallback callback, void *opaque,
                              virFreeCallback release)
{
    bool good;

    fake_lock();
    good = fake_enter(__func__, stream && !watch.stream);
    if (good) {
        (void)virStreamRef(stream);
        watch.stream = stream;
        watch.events = events;
        watch.callback = callback;
        watch.opaque = opaque;
        watch.release = release;
    }
    fake_unlock();
    return good ? 0 : -1;
}

int virStreamEventUpdateCallback(virStreamPtr stream, int events)
{
    bool good;

    fake_lock();
    good = fake_enter(__func__, stream && watch.stream == stream);
    if (good)
        watch.events = events;
    fake_unlock();
    return good ? 0 : -1;
}

int virStreamEventRemoveCallback(virStreamPtr stream)
{
    bool good;

    fake_lock();
    good = fake_enter(__func__, stream && watch.stream == stream);
    if (good) {
        watch.stream = NULL;
        if (watch.release)
            watch.release(watch.opaque);
        (void)virStreamFree(stream);
    }
    fake_unlock();
    return good ? 0 : -1;
}

/* Return whether a callback waits for one of these events. */
int fake_stream_fire(int events)
{
    if (!watch.stream || !(watch.events & events))
        return 0;
    watch.callback(watch.stream, watch.events & events, watch.opaque);
    return 1;
}

/* --- authentication ------------------------------------------------------ */

/* Ask for all credentials at once, as SASL does; return a connection to the test driver. */
static virConnectPtr ask(virConnectAuthPtr auth)
{
    virConnectCredential asked[] = {
        { VIR_CRED_USERNAME, "user", NULL, "root", NULL, 0 },
        { VIR_CRED_AUTHNAME, "name", "where", NULL, NULL, 0 },
        { VIR_CRED_LANGUAGE, "language", "", "", NULL, 0 },
        { VIR_CRED_CNONCE, NULL, "nonce", NULL, NULL, 0 },
        { VIR_CRED_PASSPHRASE, "secret", NULL, NULL, NULL, 0 },
        { VIR_CRED_ECHOPROMPT, "echo", "x", "y", NULL, 0 },
        { VIR_CRED_NOECHOPROMPT, "no echo", NULL, NULL, NULL, 0 },
        { VIR_CRED_REALM, "realm", NULL, "\xff", NULL, 0 },
        { VIR_CRED_EXTERNAL, "external", NULL, NULL, NULL, 0 },
        { INT_MIN, "newer", NULL, NULL, NULL, 0 },
    };
    const unsigned int count = sizeof(asked) / sizeof(*asked);
    char text[64];
    int retval = auth->cb ? auth->cb(asked, count, auth->cbdata) : -1;

    fake_stream_script("");
    for (unsigned int n = 0; n < auth->ncredtype; n++) {
        (void)snprintf(text, sizeof(text), "%d ", auth->credtype[n]);
        put(text, strlen(text));
    }
    (void)snprintf(text, sizeof(text), "returned:%d ", retval);
    put(text, strlen(text));
    for (unsigned int n = 0; n < count; n++) {
        if (asked[n].result) {
            (void)snprintf(text, sizeof(text), "%u:%s:%u ", n, asked[n].result, asked[n].resultlen);
            put(text, strlen(text));
        }
        free(asked[n].result);
    }
    if (retval == 0)
        return virConnectOpen("test:///default");
    (void)virNWFilterBindingGetPortDev(NULL);
    return NULL;
}

virConnectPtr virConnectOpenAuth(const char *uri, virConnectAuthPtr auth, unsigned int flags)
{
    union {
        void *object;
        virConnectPtr (*function)(const char *, virConnectAuthPtr, unsigned int);
    } real = { .object = dlsym(RTLD_NEXT, __func__) };

    if (uri && strcmp(uri, "fake:///all") == 0)
        return ask(auth);
    return real.function(uri, auth, flags);
}
