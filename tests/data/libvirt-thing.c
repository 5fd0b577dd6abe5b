/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The made-up library: each function returns its arguments, or fixed values. */

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

int virThingEchoInt(int value)
{
    return value;
}

char *virThingEchoText(const char *text)
{
    return text ? strdup(text) : NULL;
}

const char *virThingStaticText(void)
{
    return "caf\303\251 \377";
}

char *virThingFormatUUID(const unsigned char *uuid)
{
    char *text = calloc(1, 33);

    for (int i = 0; text && i < 16; i++)
        snprintf(text + 2 * i, 3, "%02x", uuid[i]);
    return text;
}

int virThingGetUUID(unsigned char *uuid)
{
    for (int i = 0; i < 16; i++)
        uuid[i] = (unsigned char)(i * 17);
    return 0;
}

int virThingGetUUIDString(char *buf)
{
    strcpy(buf, "00112233-4455-6677-8899-aabbccddeeff");
    return 0;
}

int virThingGetInfo(virThingInfoPtr info, const char *name)
{
    *info = (virThingInfo){ 5, 250, -30000, 60000, -2000000000, 4000000000u, -5000000000l, 18000000000000000000ul,
                            -9000000000000000000ll, 18000000000000000001ull, 0.5f, -0.25, "model", NULL };
    info->name = (char *)name;
    return 0;
}

int virThingGetParams(virTypedParameterPtr *params, int *nparams, unsigned int flags)
{
    int max = 0;

    *params = NULL;
    *nparams = 0;
    if (flags > 1) {
        /* As many fields as flags says, with names of all lengths that differ in only a few bytes
         * at each end. */
        for (int i = 0; i < (int)flags; i++) {
            char name[VIR_TYPED_PARAM_FIELD_LENGTH];

            snprintf(name, sizeof(name), i % 2 ? "%d" : "field.%060d.\xff", i / 2);
            virTypedParamsAddInt(params, nparams, &max, name, i);
        }
        return 0;
    }
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

int virThingFillParams(virTypedParameterPtr params, int *nparams, unsigned int flags)
{
    if (flags)
        return -1;
    for (int i = 0; params && i < *nparams; i++) {
        strcpy(params[i].field, i ? "two" : "one");
        params[i].type = VIR_TYPED_PARAM_INT;
        params[i].value.i = i + 1;
    }
    *nparams = 2;
    return 0;
}

char *virThingShowParams(virTypedParameterPtr params, int nparams)
{
    char *text = calloc(1, 1000);
    size_t used = 0;

    for (int i = 0; text && i < nparams; i++) {
        virTypedParameterPtr param = &params[i];
        char value[100] = "?";

        if (param->type == VIR_TYPED_PARAM_STRING)
            snprintf(value, sizeof(value), "%s", param->value.s);
        else if (param->type == VIR_TYPED_PARAM_BOOLEAN)
            snprintf(value, sizeof(value), "%d", param->value.b);
        else if (param->type == VIR_TYPED_PARAM_DOUBLE)
            snprintf(value, sizeof(value), "%g", param->value.d);
        else if (param->type == VIR_TYPED_PARAM_ULLONG)
            snprintf(value, sizeof(value), "%llu", param->value.ul);
        else if (param->type == VIR_TYPED_PARAM_LLONG)
            snprintf(value, sizeof(value), "%lld", param->value.l);
        used += (size_t)snprintf(text + used, 1000 - used, "%s:%d:%s ", param->field, param->type, value);
    }
    return text;
}

int virThingGetAll(char ***names, unsigned int flags)
{
    char text[20];

    *names = calloc(flags + 1, sizeof(**names));
    for (unsigned int i = 0; i < flags; i++) {
        snprintf(text, sizeof(text), "name %u", i);
        (*names)[i] = strdup(text);
    }
    return (int)flags;
}

int virThingNumOfNames(void)
{
    return 5;
}

int virThingListNames(char **const names, int maxnames)
{
    if (maxnames < 5)
        return -1;
    names[0] = strdup("first");
    names[1] = strdup("caf\303\251");
    return 2;
}

int virThingGetRecords(virThingRecordPtr **records)
{
    *records = calloc(3, sizeof(**records));
    for (int i = 0; i < 2; i++)
        (*records)[i] = calloc(1, sizeof(virThingRecord));
    *(*records)[0] = (virThingRecord){ strdup("one"), 1 };
    *(*records)[1] = (virThingRecord){ NULL, -2 };
    return 2;
}

void virThingRecordFree(virThingRecordPtr record)
{
    free(record->name);
    free(record);
}

char *virThingJoin(const char **parts, unsigned int nparts)
{
    char *text = calloc(1, 1000);

    if (!parts)
        strcpy(text, "none");
    for (unsigned int i = 0; i < nparts; i++)
        strcat(strcat(text, parts[i]), ",");
    return text;
}

int virThingSum(const unsigned char *data, size_t size)
{
    int total = 0;

    for (size_t i = 0; i < size; i++)
        total += data[i];
    return total;
}

int virThingGetPair(int *first, int *second)
{
    *first = 3;
    *second = 4;
    return 0;
}

int virThingGetNames(char **first, char **second)
{
    *first = strdup("one");
    *second = NULL;
    return 0;
}

unsigned long long virThingBig(unsigned long long value)
{
    return value;
}

unsigned int virThingNumber(unsigned int value)
{
    return value;
}

void virThingNothing(int value)
{
    (void)value;
}

int virThingReserved(int self, int args, int nargs, int retval, int module, const char *from, int lambda)
{
    return self + 10 * args + 100 * nargs + 1000 * retval + 10000 * module + 100000 * (from != NULL) + 1000000 * lambda;
}

int virThingRefused(int *files, unsigned int nfiles)
{
    return files && nfiles ? 0 : -1;
}

virDomainPtr virConnectThingFirst(virConnectPtr conn)
{
    return virDomainLookupByName(conn, "test");
}

int virConnectThingListAll(virConnectPtr conn, virDomainPtr **domains, unsigned int flags)
{
    return virConnectListAllDomains(conn, domains, flags);
}

const char *virDomainThingGetName(virDomainPtr domain)
{
    return virDomainGetName(domain);
}

int virDomainThingFail(virDomainPtr domain)
{
    return virDomainGetInfo(domain, NULL);
}
