/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The made-up library: each function gives back what it got, or fixed values. */

#include <libvirt/libvirt-thing.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ECHO(name, type) \
    int virThingEcho##name(type value, const char *between, type *out) \
    { \
        *out = value; \
        return between ? -1 : 0; \
    }

ECHO(UInt, unsigned int)
ECHO(Long, long)
ECHO(ULong, unsigned long)
ECHO(LLong, long long)
ECHO(ULLong, unsigned long long)
ECHO(Size, size_t)
ECHO(Double, double)

int
virThingEchoInt(int value)
{
    return value;
}

char *
virThingEchoText(const char *text)
{
    return text ? strdup(text) : NULL;
}

const char *
virThingStaticText(void)
{
    return "caf\303\251 \377";
}

char *
virThingFormatUUID(const unsigned char *uuid)
{
    char *text = calloc(1, 33);

    for (int i = 0; text && i < 16; i++)
        snprintf(text + 2 * i, 3, "%02x", uuid[i]);
    return text;
}

int
virThingGetUUID(unsigned char *uuid)
{
    for (int i = 0; i < 16; i++)
        uuid[i] = (unsigned char)(i * 17);
    return 0;
}

int
virThingGetUUIDString(char *buf)
{
    strcpy(buf, "00112233-4455-6677-8899-aabbccddeeff");
    return 0;
}

int
virThingGetInfo(virThingInfoPtr info, const char *name)
{
    *info = (virThingInfo){ 5, 250, -30000, 60000, -2000000000, 4000000000u, -5000000000l, 18000000000000000000ul,
                            -9000000000000000000ll, 18000000000000000001ull, 0.5f, -0.25, "model", NULL };
    info->name = (char *)name;
    return 0;
}

int
virThingGetParams(virTypedParameterPtr *params, int *nparams, unsigned int flags)
{
    int max = 0;

    *params = NULL;
    *nparams = 0;
    if (flags)
        return -1;
    virTypedParamsAddInt(params, nparams, &max, "int", -7);
    virTypedParamsAddUInt(params, nparams, &max, "uint", 4000000000u);
    virTypedParamsAddLLong(params, nparams, &max, "llong", -9000000000000000000ll);
    virTypedParamsAddULLong(params, nparams, &max, "ullong", 18000000000000000000ull);
    virTypedParamsAddDouble(params, nparams, &max, "double", 0.5);
    virTypedParamsAddBoolean(params, nparams, &max, "boolean", 1);
    virTypedParamsAddString(params, nparams, &max, "string", "text");
    return 0;
}

int
virThingGetPair(int *first, int *second)
{
    *first = 3;
    *second = 4;
    return 0;
}

int
virThingGetNames(char **first, char **second)
{
    *first = strdup("one");
    *second = NULL;
    return 0;
}

unsigned long long
virThingBig(unsigned long long value)
{
    return value;
}

unsigned int
virThingNumber(unsigned int value)
{
    return value;
}

void
virThingNothing(int value)
{
    (void)value;
}

int
virThingReserved(int self, int args, int nargs, int retval, int module, const char *from, int lambda)
{
    return self + 10 * args + 100 * nargs + 1000 * retval + 10000 * module + 100000 * (from != NULL) + 1000000 * lambda;
}

int
virThingRefused(int *files, unsigned int nfiles)
{
    return files && nfiles ? 0 : -1;
}

virDomainPtr
virConnectThingFirst(virConnectPtr conn)
{
    return virDomainLookupByName(conn, "test");
}

int
virConnectThingListAll(virConnectPtr conn, virDomainPtr **domains, unsigned int flags)
{
    return virConnectListAllDomains(conn, domains, flags);
}

const char *
virDomainThingGetName(virDomainPtr domain)
{
    return virDomainGetName(domain);
}

int
virDomainThingFail(virDomainPtr domain)
{
    return virDomainGetInfo(domain, NULL);
}
