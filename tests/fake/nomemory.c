/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Makes one allocation fail among those that Python and the extension modules make during a call.
 *
 * The library is preloaded, and Python must use malloc for everything. Allocations by libvirt never
 * fail, because libvirt would abort. */

#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* dl_iterate_phdr, RTLD_NEXT */
#endif
#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef struct _object PyObject;

/* Undefined in programs that are not Python. */
extern PyObject *PyObject_CallObject(PyObject *callable, PyObject *arguments) __attribute__((weak));
extern PyObject *PyErr_Occurred(void) __attribute__((weak));

/* Make a call whose allocation with this NUMBER fails; nomemory_seen() returns how many allocations
 * there were. */
PyObject *nomemory_call(PyObject *callable, PyObject *arguments, long number);
long nomemory_seen(void);
/* Return whether the last call both returned a result and set an exception, which Python may not
 * notice. */
int nomemory_confused(void);

/* --- the allocator itself ------------------------------------------------ */

#ifdef __GLIBC__
/* dlsym() cannot be used, because it allocates. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);

#define real_malloc __libc_malloc
#define real_calloc __libc_calloc
#define real_realloc __libc_realloc
#else
static void *real_malloc(size_t size)
{
    static union {
        void *object;
        void *(*function)(size_t);
    } real;

    if (!real.object)
        real.object = dlsym(RTLD_NEXT, "malloc");
    return real.function(size);
}

static void *real_calloc(size_t count, size_t size)
{
    static union {
        void *object;
        void *(*function)(size_t, size_t);
    } real;

    if (!real.object)
        real.object = dlsym(RTLD_NEXT, "calloc");
    return real.function(count, size);
}

static void *real_realloc(void *old, size_t size)
{
    static union {
        void *object;
        void *(*function)(void *, size_t);
    } real;

    if (!real.object)
        real.object = dlsym(RTLD_NEXT, "realloc");
    return real.function(old, size);
}
#endif

/* --- which code allocates -------------------------------------------------- */

typedef struct {
    uintptr_t start;
    uintptr_t end;
} Range;

static Range ranges[64];
static int known;

static int note(struct dl_phdr_info *info, size_t size __attribute__((unused)), void *unused __attribute__((unused)))
{
    const char *slash = strrchr(info->dlpi_name, '/');
    const char *name = slash ? slash + 1 : info->dlpi_name;

    /* The program itself has an empty name. */
    if (name[0] != '\0' && strncmp(name, "libpython", 9) != 0 && strncmp(name, "libvirtmod", 10) != 0)
        return 0;
    for (int n = 0; n < info->dlpi_phnum && known < (int)(sizeof(ranges) / sizeof(*ranges)); n++) {
        uintptr_t start = info->dlpi_addr + info->dlpi_phdr[n].p_vaddr;

        if (info->dlpi_phdr[n].p_type == PT_LOAD && info->dlpi_phdr[n].p_flags & PF_X)
            ranges[known++] = (Range){ start, start + info->dlpi_phdr[n].p_memsz };
    }
    return 0;
}

/* --- failing ------------------------------------------------------------- */

#define OF_THREAD static __thread __attribute__((tls_model("initial-exec")))

OF_THREAD long failing; /* number of the allocation that must fail; 0 outside of a call */
OF_THREAD long seen;
OF_THREAD int confused;

static bool fails(const void *caller)
{
    if (failing == 0)
        return false;
    for (int n = 0; n < known; n++)
        if ((uintptr_t)caller >= ranges[n].start && (uintptr_t)caller < ranges[n].end)
            return ++seen == failing;
    return false;
}

PyObject *nomemory_call(PyObject *callable, PyObject *arguments, long number)
{
    PyObject *result;

    known = 0;
    (void)dl_iterate_phdr(note, NULL);
    seen = 0;
    failing = number;
    result = PyObject_CallObject(callable, arguments);
    failing = 0;
    confused = result && PyErr_Occurred();
    return result;
}

long nomemory_seen(void)
{
    return seen;
}

int nomemory_confused(void)
{
    return confused;
}

#define FAIL_OR(allocate) (fails(__builtin_return_address(0)) ? (errno = ENOMEM, NULL) : (allocate))

void *malloc(size_t size)
{
    return FAIL_OR(real_malloc(size));
}

void *calloc(size_t count, size_t size)
{
    return FAIL_OR(real_calloc(count, size));
}

void *realloc(void *old, size_t size)
{
    return FAIL_OR(real_realloc(old, size));
}

char *strdup(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = FAIL_OR(real_malloc(size));

    return copy ? memcpy(copy, text, size) : NULL;
}
