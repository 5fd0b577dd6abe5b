/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Counts blocks of memory that are freed while they still contain a secret.
 *
 * The library is preloaded. Blocks freed by the fake libvirt are ignored, because its record of
 * calls contains the arguments. */

#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* dladdr, memmem, RTLD_NEXT */
#endif
#include <dlfcn.h>
#include <malloc.h>
#include <string.h>

/* For tests, through ctypes: start looking for a secret; stop, and return the number of blocks. */
void freed_watch(const char *secret, size_t size);
int freed_count(void);

static char wanted[256];
static size_t length;
static int count;

void freed_watch(const char *secret, size_t size)
{
    length = size < sizeof(wanted) ? size : sizeof(wanted);
    memcpy(wanted, secret, length);
    count = 0;
}

int freed_count(void)
{
    length = 0;
    return count;
}

static int is_of_the_fake(const void *caller)
{
    Dl_info info;

    return dladdr(caller, &info) && info.dli_fname && strstr(info.dli_fname, "/libfake");
}

void free(void *memory)
{
    static union {
        void *object;
        void (*function)(void *);
    } real;
    static int looking;

    /* dlsym() may free memory of an earlier call. */
    if (looking)
        return;
    if (!real.object) {
        looking = 1;
        real.object = dlsym(RTLD_NEXT, "free");
        looking = 0;
    }
    if (length && memory && memmem(memory, malloc_usable_size(memory), wanted, length) &&
        !is_of_the_fake(__builtin_return_address(0)))
        count++;
    real.function(memory);
}
