/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a made-up libvirt has in addition to the real one: at least one function of each kind. */

#ifndef ODD_H
#define ODD_H

enum {
    VIR_DOMAIN_MOOD_GLUM = 0,
    VIR_DOMAIN_MOOD_GAY = 1,
    VIR_DOMAIN_MOOD_LAST
};

#define VIR_DOMAIN_TASTE_COLOUR "colour"

typedef struct _virDomainOddInfo virDomainOddInfo;
typedef virDomainOddInfo *virDomainOddInfoPtr;
struct _virDomainOddInfo {
    unsigned char state;
    short shift;
    long long debt;
    unsigned long long wealth;
    double share;
    char model[16];
    char *label;
};

typedef struct _virDomainOddity virDomainOddity;
typedef virDomainOddity *virDomainOddityPtr;
struct _virDomainOddity {
    char *name;
    long long age;
    size_t nnicks;
    char **nicks;
};

int virOddTotal(unsigned int first, unsigned long long second);
int virOddAlive(void);
int virOddNamed(int places, virDomainPtr dom, virDomainPtr other);
const char *virOddMotto(void);
int virDomainSetMood(virDomainPtr dom, int mood, unsigned long weight, double share, unsigned int flags);
int virDomainGetMood(virDomainPtr dom, int *mood, unsigned int flags);
int virDomainGetDebt(virDomainPtr dom, long long *debt, unsigned int flags);
char *virDomainGetSong(virDomainPtr dom, const char *title, unsigned int flags);
const char *virDomainGetMotto(virDomainPtr dom);
void virDomainForget(virDomainPtr dom);
int virDomainRestoreMood(virDomainPtr dom, const char *from, int lambda, unsigned int flags);
virDomainPtr virConnectGuessDomain(virConnectPtr conn, virDomainPtr like, unsigned int flags);
int virConnectListAllTwins(virConnectPtr conn, virDomainPtr **twins, unsigned int flags);
int virConnectNumOfSongs(virConnectPtr conn);
int virConnectListSongs(virConnectPtr conn, char ** const songs, int maxsongs);
int virDomainListAllMottos(virDomainPtr dom, char ***mottos, unsigned int flags);
int virDomainGetTaste(virDomainPtr dom, virTypedParameterPtr *params, int *nparams, unsigned int flags);
int virDomainSetTuning(virDomainPtr dom, virTypedParameterPtr params, int nparams, unsigned int flags);
int virDomainGetTuning(virDomainPtr dom, virTypedParameterPtr params, int *nparams, unsigned int flags);
int virDomainGetOddInfo(virDomainPtr dom, virDomainOddInfoPtr info, unsigned int flags);
int virDomainListAllOddities(virDomainPtr dom, virDomainOddityPtr **oddities, unsigned int flags);
void virDomainOddityFree(virDomainOddityPtr oddity);
virInterfacePtr virInterfaceLookupByUUID(virConnectPtr conn, const unsigned char *uuid);
int virInterfaceGetUUID(virInterfacePtr iface, unsigned char *uuid);
int virInterfaceGetUUIDString(virInterfacePtr iface, char *buf);
int virDomainSingAll(virDomainPtr dom, const char **songs, unsigned int nsongs, unsigned int flags);
int virDomainSetSauce(virDomainPtr dom, const unsigned char *sauce, size_t size, unsigned int flags);
int virDomainQueue(virDomainPtr dom, void *queue);

#endif
