/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Arrays: what libvirt takes and gives as arrays, lists and buffers of Python become and are made of.
 *
 * The file has no state.  All functions need the GIL unless their comment says otherwise.  Wrappers use the structs
 * below as local variables with VIR_PY_AUTO; a zeroed struct is valid and empty. */
#ifndef LIBVIRT_PYTHON_LIBVIRT_UTILS_H
#define LIBVIRT_PYTHON_LIBVIRT_UTILS_H

#include "handles.h"

/* Text that was allocated with malloc(), by libvirt or by us, in an array that was, too. */
typedef struct {
    char **array; /* NULL for None */
    unsigned int count;
} virPyTexts;

/* An array for libvirt that we allocate.  After virPyAsArray() a zeroed item follows the last one. */
typedef struct {
    void *items;
    unsigned int count;
} virPyArray;

/* Bytes for libvirt.  They lie in the Python object that they came from. */
typedef struct {
    const void *data; /* NULL for None */
    size_t size;
    Py_buffer view; /* valid if VIEWED is set */
    int viewed;
} virPyBytes;

/* Cleanup functions for VIR_PY_AUTO.  virPyFreePointer() is for variables of any pointer type, and for structs that
 * begin with a pointer, such as virPyArray. */
void virPyFreeTexts(virPyTexts *texts) VIR_PY_SHARED;
void virPyFreeBytes(virPyBytes *bytes);
void virPyFreePointer(void *pointer);

/* Allocate zeroed memory; at least one byte, so that NULL always means failure.  NULL raises MemoryError. */
void *virPyNewArray(size_t count, size_t size) VIR_PY_SHARED;
/* Copy a text for libvirt, which frees it.  Returns 0, or -1 with MemoryError. */
int virPyCopyText(const char *text, char **copy);
/* Overwrite memory that held a secret.  Does not need the GIL. */
void virPyWipe(void *memory, size_t size);
/* Have programs that this one starts not inherit descriptors that libvirt gave us.  Does not need the GIL. */
void virPyCloseOnExec(const int *fds, unsigned int count);

/* --- arguments ------------------------------------------------------------- */

/* Converts one item of a list and stores it at PLACE, which is zeroed.  Returns 0, or -1 with an exception. */
typedef int (*virPyReadItem)(const virPyWhere *where, PyObject *item, void *place);

/* Convert a list or tuple item by item to an array of elements of SIZE bytes.  WANTED is what the TypeError for other
 * objects says.  Returns 0, or -1 with an exception; then array->count is the number of items that were converted. */
int virPyAsArray(const virPyWhere *where, PyObject *object, const char *wanted, size_t size, virPyReadItem read,
                 virPyArray *array);

/* Convert an argument.  They return 0, or -1 with an exception that names the argument. */
int virPyAsTexts(const virPyWhere *where, PyObject *object, virPyTexts *texts);  /* a list of str, or None */
int virPyAsInts(const virPyWhere *where, PyObject *object, virPyArray *ints);    /* of int */
int virPyAsUInts(const virPyWhere *where, PyObject *object, virPyArray *uints);  /* of unsigned int */
int virPyAsBuffer(const virPyWhere *where, PyObject *object, virPyBytes *bytes); /* a bytes-like object */
int virPyAsBytes(const virPyWhere *where, PyObject *object, virPyBytes *bytes);  /* also str as UTF-8, and None */
int virPyAsUUID(const virPyWhere *where, PyObject *object, unsigned char *uuid); /* 16 bytes, or a str of as many */
/* A list or tuple of truth values, one for each CPU.  Elements beyond CPUS are not looked at.  The bytes of the map
 * are the items of MAP. */
int virPyAsCpuMap(const virPyWhere *where, PyObject *object, int cpus, virPyArray *map);

/* Return the number of CPUs of the domain's host, present or not; -1 if libvirt fails.  Releases the GIL meanwhile. */
int virPyHostCpus(virDomainPtr domain);

/* --- results --------------------------------------------------------------- */

/* Converts element N of SOURCE.  Returns a new reference, or NULL with an exception. */
typedef PyObject *(*virPyItemOf)(const void *source, Py_ssize_t n);

/* Build a list of COUNT items, or a dict of (key, value) tuples.  ITEM is called for each element, without an exception
 * pending, even if one before it has failed.  So ITEM may take over the memory of the element. */
PyObject *virPyListOf(Py_ssize_t count, virPyItemOf item, const void *source);
PyObject *virPyDictOf(Py_ssize_t count, virPyItemOf pair, const void *source);

PyObject *virPyFromTexts(char *const *texts, Py_ssize_t count);
PyObject *virPyFromNumbers(const int *numbers, int count);
/* The value of a secret, as bytes.  Wipes and frees the original. */
PyObject *virPyFromSecret(unsigned char *value, size_t size);
/* A list or tuple with a bool for each CPU of the host.  CPUs beyond the LENGTH bytes of the map are off. */
PyObject *virPyFromCpuMap(unsigned char *map, int length, int cpus, int tuple);
/* A list of capsules.  Takes over the libvirt references and the array, also on failure. */
PyObject *virPyFromHandles(const virPyHandleType *type, void *array, int count);

#endif
