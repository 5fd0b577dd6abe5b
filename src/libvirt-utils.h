/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Arrays of libvirt, to and from Python. */
#ifndef LIBVIRT_PYTHON_LIBVIRT_UTILS_H
#define LIBVIRT_PYTHON_LIBVIRT_UTILS_H

#include "handles.h"

/* Texts that libvirt allocated, in an array that is its own or ours. */
typedef struct {
    char **array;
    int count; /* how many of them are set */
} virPyNames;

/* Texts, numbers and bytes for libvirt. */
typedef struct {
    const char **array; /* NULL for None */
    unsigned int count;
    PyObject *owner; /* holds what the texts lie in */
} virPyTexts;

typedef struct {
    int *array;
    unsigned int count;
} virPyInts;

typedef struct {
    const void *data; /* NULL for None */
    size_t size;
    Py_buffer view;
    int viewed;
} virPyBytes;

typedef struct {
    unsigned char *map; /* CPU i is bit i % 8 of byte i / 8 */
    int length;         /* in bytes */
} virPyCpuMap;

typedef PyObject *(*virPyItemOf)(const void *source, Py_ssize_t n);
typedef PyObject *(*virPyFromItem)(const void *item);
typedef void (*virPyFreeItem)(void *item);

void virPyFreeNames(virPyNames *names) VIR_PY_SHARED;
void virPyFreeTexts(virPyTexts *texts);
void virPyFreeInts(virPyInts *ints);
void virPyFreeBytes(virPyBytes *bytes);
void virPyFreeCpuMap(virPyCpuMap *map);
void virPyFreePointer(void *pointer);

/* Zeroed memory, or NULL and MemoryError; there is memory also for nothing. */
void *virPyNewArray(size_t count, size_t size) VIR_PY_SHARED;

/* A text that libvirt will free.  0, or -1 and MemoryError. */
int virPyCopyText(const char *text, char **copy);

/* Zeroes memory that held a secret, before it is freed. */
void virPyWipe(void *memory, size_t size);

/* Descriptors that libvirt gave us are not for programs that this one starts. */
void virPyCloseOnExec(const int *fds, unsigned int count);

/* Arguments.  All return 0, or -1 with an exception that names the argument. */
int virPyAsTexts(const char *self, PyObject *const *args, Py_ssize_t i, virPyTexts *texts);
int virPyAsInts(const char *self, PyObject *const *args, Py_ssize_t i, virPyInts *ints);
int virPyAsBuffer(const char *self, PyObject *const *args, Py_ssize_t i, virPyBytes *bytes);
int virPyAsBytes(const char *self, PyObject *const *args, Py_ssize_t i, virPyBytes *bytes);
int virPyAsUUID(const char *self, PyObject *const *args, Py_ssize_t i, unsigned char *uuid);
int virPyAsCpuMap(const char *self, PyObject *const *args, Py_ssize_t i, int cpus, virPyCpuMap *map);

/* The number of CPUs of the domain's host, present or not; -1 is libvirt's failure. */
int virPyHostCpus(virDomainPtr domain);

/* Results, as new references. */
PyObject *virPyListOf(Py_ssize_t count, virPyItemOf item, const void *source);
PyObject *virPyFromNames(const virPyNames *names);
PyObject *virPyFromNumbers(const int *numbers, int count);
PyObject *virPyFromCpuMap(unsigned char *map, int length, int cpus, int tuple);
PyObject *virPyFromStructs(const void *array, int count, size_t size, virPyFromItem from);
/* These take over the array, which libvirt allocated, and all that is in it. */
PyObject *virPyFromHandles(const virPyHandleType *type, void *array, int count);
PyObject *virPyFromRecords(void *array, int count, virPyFromItem from, virPyFreeItem release);

#endif
