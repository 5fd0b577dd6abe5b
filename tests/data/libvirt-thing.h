/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A made-up library beside libvirt, with a function of each kind. */
#ifndef LIBVIRT_THING_H
#define LIBVIRT_THING_H

#include <libvirt/libvirt.h>

typedef struct _virThingInfo {
    char c;
    unsigned char uc;
    short s;
    unsigned short us;
    int i;
    unsigned int ui;
    long l;
    unsigned long ul;
    long long ll;
    unsigned long long ull;
    float f;
    double d;
    char model[8];
    char *name;
} virThingInfo, *virThingInfoPtr;

typedef struct _virThingRecord {
    char *name;
    int count;
} virThingRecord, *virThingRecordPtr;

int virThingEchoInt(int value);
int virThingEchoUInt(unsigned int value, const char *between, unsigned int *out);
int virThingEchoLong(long value, const char *between, long *out);
int virThingEchoULong(unsigned long value, const char *between, unsigned long *out);
int virThingEchoLLong(long long value, const char *between, long long *out);
int virThingEchoULLong(unsigned long long value, const char *between, unsigned long long *out);
int virThingEchoSize(size_t value, const char *between, size_t *out);
int virThingEchoDouble(double value, const char *between, double *out);
char *virThingEchoText(const char *text);
const char *virThingStaticText(void);
char *virThingFormatUUID(const unsigned char *uuid);
int virThingGetUUID(unsigned char *uuid);
int virThingGetUUIDString(char *buf);
int virThingGetInfo(virThingInfoPtr info, const char *name);
int virThingGetParams(virTypedParameterPtr *params, int *nparams, unsigned int flags);
int virThingFillParams(virTypedParameterPtr params, int *nparams, unsigned int flags);
char *virThingShowParams(virTypedParameterPtr params, int nparams);
int virThingGetAll(char ***names, unsigned int flags);
int virThingNumOfNames(void);
int virThingListNames(char **const names, int maxnames);
int virThingGetRecords(virThingRecordPtr **records);
void virThingRecordFree(virThingRecordPtr record);
char *virThingJoin(const char **parts, unsigned int nparts);
int virThingSum(const unsigned char *data, size_t size);
int virThingGetPair(int *first, int *second);
int virThingGetNames(char **first, char **second);
unsigned long long virThingBig(unsigned long long value);
unsigned int virThingNumber(unsigned int value);
void virThingNothing(int value);
int virThingReserved(int, int, int, int, int, const char *, int);
int virThingRefused(int *files, unsigned int nfiles);
virDomainPtr virConnectThingFirst(virConnectPtr conn);
int virConnectThingListAll(virConnectPtr conn, virDomainPtr **domains, unsigned int flags);
const char *virDomainThingGetName(virDomainPtr domain);
int virDomainThingFail(virDomainPtr domain);

#endif
