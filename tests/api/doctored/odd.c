/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The made-up part of libvirt. A function fails if its flags are FAIL, and does not set an error
 * then. */

#include <libvirt/libvirt.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FAIL 99
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static int alive; /* records that have not been freed */
static int mood;
static virTypedParameter tuning[8];
static int ntuning;

static const char *const songs[] = { "Air", "Bol\303\251ro", "" };

int virOddTotal(unsigned int first, unsigned long long second)
{
    return second > 1000 ? -1 : (int)(first + second);
}

int virOddNamed(int places, virDomainPtr dom, virDomainPtr other)
{
    return other ? -1 : places * 100 + (int)strlen(virDomainGetName(dom));
}

int virOddAlive(void)
{
    return alive;
}

const char *virOddMotto(void)
{
    return "waste not";
}

int virDomainSetMood(virDomainPtr dom, int value, unsigned long weight, double share, unsigned int flags)
{
    mood = value;
    return flags == FAIL || !dom ? -1 : (int)(weight * share);
}

int virDomainGetMood(virDomainPtr dom, int *value, unsigned int flags)
{
    *value = mood;
    return flags == FAIL || !dom ? -1 : 0;
}

int virDomainGetDebt(virDomainPtr dom, long long *debt, unsigned int flags)
{
    *debt = -9223372036854775807LL - 1;
    return flags == FAIL || !dom ? -1 : 0;
}

char *virDomainGetSong(virDomainPtr dom, const char *title, unsigned int flags)
{
    char *song = malloc(100);

    if (flags == FAIL || !dom) {
        free(song);
        return NULL;
    }
    snprintf(song, 100, "%s, by %s", title ? title : "(null)", virDomainGetName(dom));
    return song;
}

const char *virDomainGetMotto(virDomainPtr dom)
{
    return strcmp(virDomainGetName(dom), "test") ? NULL : "want not";
}

void virDomainForget(virDomainPtr dom)
{
    if (dom)
        mood = 0;
}

int virDomainRestoreMood(virDomainPtr dom, const char *from, int lambda, unsigned int flags)
{
    return flags == FAIL || !dom ? -1 : (int)strlen(from) * lambda;
}

/* Fails with an error of the real libvirt if there is no such domain. */
virDomainPtr virConnectGuessDomain(virConnectPtr conn, virDomainPtr like, unsigned int flags)
{
    return virDomainLookupByName(conn, flags == FAIL ? "nobody" : like ? virDomainGetName(like) : "test");
}

int virConnectListAllTwins(virConnectPtr conn, virDomainPtr **twins, unsigned int flags)
{
    if (flags == FAIL)
        return -1;
    *twins = calloc(3, sizeof(**twins));
    (*twins)[0] = virDomainLookupByName(conn, "test");
    (*twins)[1] = virDomainLookupByName(conn, "test");
    return 2;
}

int virConnectNumOfSongs(virConnectPtr conn)
{
    return conn ? (int)COUNT(songs) + 5 : -1;
}

int virConnectListSongs(virConnectPtr conn, char ** const found, int room)
{
    for (int n = 0; n < room && n < (int)COUNT(songs); n++)
        found[n] = strdup(songs[n]);
    return conn && room >= (int)COUNT(songs) ? (int)COUNT(songs) : -1;
}

int virDomainListAllMottos(virDomainPtr dom, char ***mottos, unsigned int flags)
{
    if (flags == FAIL || !dom)
        return -1;
    *mottos = calloc(COUNT(songs) + 1, sizeof(**mottos));
    for (size_t n = 0; n < COUNT(songs); n++)
        (*mottos)[n] = strdup(songs[n]);
    return (int)COUNT(songs);
}

int virDomainGetTaste(virDomainPtr dom, virTypedParameterPtr *params, int *nparams, unsigned int flags)
{
    int room = 0;

    *params = NULL;
    *nparams = 0;
    if (flags == FAIL || !dom ||
        virTypedParamsAddInt(params, nparams, &room, "i", -7) < 0 ||
        virTypedParamsAddUInt(params, nparams, &room, "u", 4294967295U) < 0 ||
        virTypedParamsAddLLong(params, nparams, &room, "l", -9000000000LL) < 0 ||
        virTypedParamsAddULLong(params, nparams, &room, "ul", 18446744073709551615ULL) < 0 ||
        virTypedParamsAddDouble(params, nparams, &room, "d", 0.5) < 0 ||
        virTypedParamsAddBoolean(params, nparams, &room, "b", 1) < 0 ||
        virTypedParamsAddString(params, nparams, &room, VIR_DOMAIN_TASTE_COLOUR, "ros\303\251") < 0)
        return -1;
    return 0;
}

int virDomainSetTuning(virDomainPtr dom, virTypedParameterPtr params, int nparams, unsigned int flags)
{
    if (flags == FAIL || !dom || nparams > (int)COUNT(tuning))
        return -1;
    ntuning = 0;
    for (int n = 0; n < nparams; n++) {
        tuning[ntuning] = params[n];
        if (params[n].type == VIR_TYPED_PARAM_STRING)
            tuning[ntuning].value.s = strdup(params[n].value.s);
        ntuning++;
    }
    return ntuning;
}

/* Returns the number of parameters if there is no array. */
int virDomainGetTuning(virDomainPtr dom, virTypedParameterPtr params, int *nparams, unsigned int flags)
{
    if (flags == FAIL || !dom)
        return -1;
    for (int n = 0; params && n < ntuning && n < *nparams; n++) {
        params[n] = tuning[n];
        if (params[n].type == VIR_TYPED_PARAM_STRING)
            params[n].value.s = strdup(tuning[n].value.s);
    }
    *nparams = ntuning;
    return 0;
}

int virDomainGetOddInfo(virDomainPtr dom, virDomainOddInfoPtr info, unsigned int flags)
{
    info->state = 255;
    info->shift = -32768;
    info->debt = -9223372036854775807LL - 1;
    info->wealth = 18446744073709551615ULL;
    info->share = 0.25;
    strcpy(info->model, "na\303\257ve");
    info->label = NULL;
    return flags == FAIL || !dom ? -1 : 0;
}

int virDomainListAllOddities(virDomainPtr dom, virDomainOddityPtr **oddities, unsigned int flags)
{
    if (flags == FAIL || !dom)
        return -1;
    *oddities = calloc(3, sizeof(**oddities));
    for (int n = 0; n < 2; n++, alive++) {
        virDomainOddityPtr one = (*oddities)[n] = calloc(1, sizeof(*one));

        one->name = n ? NULL : strdup("first");
        one->age = n ? -1 : 100;
        one->nnicks = n ? 0 : 2;
        one->nicks = n ? NULL : calloc(3, sizeof(*one->nicks));
        for (size_t i = 0; i < one->nnicks; i++)
            one->nicks[i] = strdup(songs[i]);
    }
    return 2;
}

void virDomainOddityFree(virDomainOddityPtr oddity)
{
    for (size_t i = 0; i < oddity->nnicks; i++)
        free(oddity->nicks[i]);
    free(oddity->nicks);
    free(oddity->name);
    free(oddity);
    alive--;
}

/* The UUID that consists of sixteen letters "e" belongs to the interface eth1. */
virInterfacePtr virInterfaceLookupByUUID(virConnectPtr conn, const unsigned char *uuid)
{
    return virInterfaceLookupByName(conn, memcmp(uuid, "eeeeeeeeeeeeeeee", VIR_UUID_BUFLEN) ? "nobody" : "eth1");
}

int virInterfaceGetUUID(virInterfacePtr iface, unsigned char *uuid)
{
    memset(uuid, 'e', VIR_UUID_BUFLEN);
    return iface ? 0 : -1;
}

int virInterfaceGetUUIDString(virInterfacePtr iface, char *buf)
{
    strcpy(buf, "65656565-6565-6565-6565-656565656565");
    return iface ? 0 : -1;
}

int virDomainSingAll(virDomainPtr dom, const char **texts, unsigned int ntexts, unsigned int flags)
{
    int length = 0;

    for (unsigned int n = 0; n < ntexts; n++)
        length = length * 10 + (int)strlen(texts[n]);
    return flags == FAIL || !dom ? -1 : texts ? length : 12345;
}

int virDomainSetSauce(virDomainPtr dom, const unsigned char *sauce, size_t size, unsigned int flags)
{
    int sum = 0;

    for (size_t n = 0; n < size; n++)
        sum += sauce[n];
    return flags == FAIL || !dom ? -1 : sum * 100 + (int)size;
}

int virDomainQueue(virDomainPtr dom, void *queue)
{
    return dom && queue ? 0 : -1;
}
