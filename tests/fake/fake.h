/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Declarations shared by the files of the fake libvirt.
 *
 * The library is preloaded, so that its functions replace those of libvirt. Each function records
 * how it was called, and returns fixed data that the scenario selects. Handles are real handles of
 * connections to the test driver, and errors are set by a real libvirt function.
 *
 * Tests call fake_set_mode() and fake_calls() through ctypes. */
#ifndef LIBVIRT_PYTHON_FAKE_H
#define LIBVIRT_PYTHON_FAKE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>

/* --- scenario ------------------------------------------------------------ */

typedef enum {
    FAKE_GOLDEN,           /* a few entries, all different */
    FAKE_EMPTY,            /* no entries, empty text, zeros */
    FAKE_NULLS,            /* NULL wherever libvirt may return it */
    FAKE_MAXIMAL,          /* many entries, numbers at the limits of their range, long text */
    FAKE_BADTEXT,          /* text that is not UTF-8 */
    FAKE_ODD,              /* values of newer libvirt versions: unknown types and tags */
    FAKE_TWICE,            /* the same name twice */
    FAKE_FEWER,            /* fewer entries than counted before */
    FAKE_HOLES,            /* entries that are not filled */
    FAKE_NOCPUS,           /* a host whose CPUs are unknown */
} fakeMode;

extern fakeMode fake_mode;

/* Set the mode by its name, optionally followed by " fail:N": the Nth call from now on fails.
 * Clears the record of calls. Returns 0, or -1 if the text is invalid. */
int fake_set_mode(const char *text);
/* Return the calls since then, one line for each: NAME(ARGUMENT, ...). */
const char *fake_calls(void);

/* Return whether the call just recorded must fail; if so, libvirt's error has been set. */
bool fake_fails(void);
/* Return how many entries a list has in this scenario. */
int fake_count(void);
/* Return how many entries a call fills that were counted by an earlier call. */
int fake_fill_count(int room);

/* --- the record ---------------------------------------------------------- */

typedef struct {
    char *text;
} fakeShown;

void fake_open_call(const char *name);
void fake_close_call(void);
void fake_add_int(int value);
void fake_add_uint(unsigned int value);
void fake_add_long(long value);
void fake_add_ulong(unsigned long value);
void fake_add_llong(long long value);
void fake_add_ullong(unsigned long long value);
void fake_add_text(const char *text);
void fake_add_shown(fakeShown shown);
void fake_add_handle(const char *kind, const void *handle, const char *name);
void fake_add_connect(virConnectPtr conn);
void fake_add_domain(virDomainPtr domain);
void fake_add_checkpoint(virDomainCheckpointPtr checkpoint);
void fake_add_snapshot(virDomainSnapshotPtr snapshot);
void fake_add_interface(virInterfacePtr iface);
void fake_add_nwfilter(virNWFilterPtr filter);
void fake_add_binding(virNWFilterBindingPtr binding);
void fake_add_network(virNetworkPtr network);
void fake_add_port(virNetworkPortPtr port);
void fake_add_nodedev(virNodeDevicePtr dev);
void fake_add_secret(virSecretPtr secret);
void fake_add_pool(virStoragePoolPtr pool);
void fake_add_vol(virStorageVolPtr vol);
void fake_add_stream(virStreamPtr stream);
/* The types of libvirt-admin, which may not be installed; only fake_admin.c includes its header. */
struct _virAdmConnect;
struct _virAdmServer;
struct _virAdmClient;
void fake_add_adm_connect(struct _virAdmConnect *conn);
void fake_add_adm_server(struct _virAdmServer *server);
void fake_add_adm_client(struct _virAdmClient *client);

/* Arguments whose length is needed, and pointers to results. */
fakeShown fake_show_params(virTypedParameterPtr params, unsigned int count);
fakeShown fake_show_bytes(const void *bytes, size_t count);
fakeShown fake_show_texts(const char *const *texts, unsigned int count);
fakeShown fake_show_ints(const int *numbers, unsigned int count);
fakeShown fake_show_uints(const unsigned int *numbers, unsigned int count);
fakeShown fake_show_ullongs(const unsigned long long *numbers, unsigned int count);
fakeShown fake_show_domains(virDomainPtr *domains);
fakeShown fake_show_out(const void *pointer);

#define FAKE_ADD(argument) \
    _Generic((argument), \
        int: fake_add_int, unsigned int: fake_add_uint, long: fake_add_long, unsigned long: fake_add_ulong, \
        long long: fake_add_llong, unsigned long long: fake_add_ullong, \
        char *: fake_add_text, const char *: fake_add_text, fakeShown: fake_add_shown, \
        virConnectPtr: fake_add_connect, virDomainPtr: fake_add_domain, \
        virDomainCheckpointPtr: fake_add_checkpoint, virDomainSnapshotPtr: fake_add_snapshot, \
        virInterfacePtr: fake_add_interface, virNWFilterPtr: fake_add_nwfilter, \
        virNWFilterBindingPtr: fake_add_binding, virNetworkPtr: fake_add_network, \
        virNetworkPortPtr: fake_add_port, virNodeDevicePtr: fake_add_nodedev, virSecretPtr: fake_add_secret, \
        virStoragePoolPtr: fake_add_pool, virStorageVolPtr: fake_add_vol, virStreamPtr: fake_add_stream, \
        struct _virAdmConnect *: fake_add_adm_connect, struct _virAdmServer *: fake_add_adm_server, \
        struct _virAdmClient *: fake_add_adm_client \
    )(argument)

#define FAKE_ADD1(a) FAKE_ADD(a)
#define FAKE_ADD2(a, ...) FAKE_ADD(a), FAKE_ADD1(__VA_ARGS__)
#define FAKE_ADD3(a, ...) FAKE_ADD(a), FAKE_ADD2(__VA_ARGS__)
#define FAKE_ADD4(a, ...) FAKE_ADD(a), FAKE_ADD3(__VA_ARGS__)
#define FAKE_ADD5(a, ...) FAKE_ADD(a), FAKE_ADD4(__VA_ARGS__)
#define FAKE_ADD6(a, ...) FAKE_ADD(a), FAKE_ADD5(__VA_ARGS__)
#define FAKE_ADD7(a, ...) FAKE_ADD(a), FAKE_ADD6(__VA_ARGS__)
#define FAKE_ADD8(a, ...) FAKE_ADD(a), FAKE_ADD7(__VA_ARGS__)
#define FAKE_PICK(a, b, c, d, e, f, g, h, chosen, ...) chosen
#define FAKE_CALL(...) \
    (fake_open_call(__func__), \
     FAKE_PICK(__VA_ARGS__, FAKE_ADD8, FAKE_ADD7, FAKE_ADD6, FAKE_ADD5, FAKE_ADD4, FAKE_ADD3, FAKE_ADD2, FAKE_ADD1, \
               0)(__VA_ARGS__), \
     fake_close_call())

/* --- data ---------------------------------------------------------------- */

/* Return the static text of the scenario, or NULL; or a copy of it, which the caller frees. */
const char *fake_text(const char *golden);
char *fake_new_text(const char *golden);
/* Copy the text into an array inside a struct. */
void fake_copy_text(char *array, size_t room, const char *golden);

int fake_int(int golden);
unsigned int fake_uint(unsigned int golden);
unsigned short fake_ushort(unsigned short golden);
unsigned char fake_uchar(unsigned char golden);
unsigned long fake_ulong(unsigned long golden);
long long fake_llong(long long golden);
unsigned long long fake_ullong(unsigned long long golden);

/* Set PLACE to a number of its type, or to the limit of its range if the scenario asks for that. */
#define FAKE_SET(place, golden) \
    ((place) = _Generic((place), int: fake_int, unsigned int: fake_uint, unsigned short: fake_ushort, \
                        unsigned char: fake_uchar, unsigned long: fake_ulong, long long: fake_llong, \
                        unsigned long long: fake_ullong)(golden))

/* Return zeroed memory; aborts if there is none. */
void *fake_alloc(size_t count, size_t size);
/* Return a new array of COUNT names, terminated by NULL. */
char **fake_new_names(int count);
void fake_fill_names(char **names, int count);
/* Typed parameters: return their number, fill some of them, return all of them as a new array. */
int fake_param_count(void);
void fake_fill_params(virTypedParameterPtr params, int count);
virTypedParameterPtr fake_new_params(int *count);
/* What every getter of typed parameters does: count if there is no array, otherwise fill. */
int fake_give_params(virTypedParameterPtr params, int *count);

/* --- objects ------------------------------------------------------------- */

/* The parents of a new object; those that its kind does not need are NULL. */
typedef struct {
    virConnectPtr conn;
    virDomainPtr domain;
    virNetworkPtr network;
    virStoragePoolPtr pool;
} fakeParent;

fakeParent fake_parent_connect(virConnectPtr conn);
fakeParent fake_parent_domain(virDomainPtr domain);
fakeParent fake_parent_snapshot(virDomainSnapshotPtr snapshot);
fakeParent fake_parent_checkpoint(virDomainCheckpointPtr checkpoint);
fakeParent fake_parent_network(virNetworkPtr network);
fakeParent fake_parent_pool(virStoragePoolPtr pool);
fakeParent fake_parent_vol(virStorageVolPtr vol);
fakeParent fake_no_parent(void);

#define FAKE_PARENT(handle) \
    _Generic((handle), virConnectPtr: fake_parent_connect, virDomainPtr: fake_parent_domain, \
             virDomainSnapshotPtr: fake_parent_snapshot, virDomainCheckpointPtr: fake_parent_checkpoint, \
             virNetworkPtr: fake_parent_network, virStoragePoolPtr: fake_parent_pool, \
             virStorageVolPtr: fake_parent_vol)(handle)

virDomainPtr fake_new_domain(fakeParent parent, const char *name);
virDomainCheckpointPtr fake_new_checkpoint(fakeParent parent, const char *name);
virDomainSnapshotPtr fake_new_snapshot(fakeParent parent, const char *name);
virInterfacePtr fake_new_interface(fakeParent parent, const char *name);
virNWFilterPtr fake_new_nwfilter(fakeParent parent, const char *name);
virNWFilterBindingPtr fake_new_binding(fakeParent parent, const char *name);
virNetworkPtr fake_new_network(fakeParent parent, const char *name);
virNetworkPortPtr fake_new_port(fakeParent parent, const char *name);
virNodeDevicePtr fake_new_nodedev(fakeParent parent, const char *name);
virSecretPtr fake_new_secret(fakeParent parent, const char *name);
virStoragePoolPtr fake_new_pool(fakeParent parent, const char *name);
virStorageVolPtr fake_new_vol(fakeParent parent, const char *name);
virStreamPtr fake_new_stream(fakeParent parent, const char *name);

/* Return the name of entry N in a list of objects or names. */
const char *fake_name(int n);

#endif
