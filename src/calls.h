/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One call of a C function: convert the arguments, release the GIL and take it back, convert the result.
 *
 * Generated wrappers use these functions, and hold everything about a call in one virPyCall on their stack.  The other
 * C files know nothing of it.  No lock is needed.  All functions need the GIL, except for those that take it back. */
#ifndef LIBVIRT_PYTHON_CALLS_H
#define LIBVIRT_PYTHON_CALLS_H

#include "handles.h"

/* Define signature_NAME, the docstring of a wrapper.  inspect.signature() reads it, and so do exceptions, which name
 * the function and the argument.  Without the attribute the compiler would align each of hundreds to 32 bytes. */
#define VIR_PY_DOCUMENTED(name, parameters, doc) \
    static const char signature_##name[] __attribute__((aligned(1))) = #name "(" parameters ")\n--\n\n" doc
#define VIR_PY_SIGNATURE(name, parameters) VIR_PY_DOCUMENTED(name, parameters, "")

/* The entry of wrap_NAME in the table of methods. */
#define VIR_PY_FUNCTION(name) \
    { \
        .ml_name = #name, .ml_meth = VIR_PY_METHOD(wrap_##name), .ml_flags = METH_FASTCALL, .ml_doc = signature_##name \
    }

#define VIR_PY_MOST_INPUTS 16

/* A converted argument.  The letters are those of virPyParse(). */
typedef union {
    void *object;           /* h, H */
    const char *text;       /* s, t, z */
    int i;                  /* i */
    unsigned int u;         /* u, I */
    long l;                 /* l */
    unsigned long ul;       /* k */
    long long ll;           /* L */
    unsigned long long ull; /* K */
    size_t size;            /* n */
    double real;            /* d */
} virPyInput;

/* A running call, and what it holds until it is over. */
typedef struct {
    const char *self;     /* the signature */
    PyThreadState *state; /* set while the GIL is released */
    PyObject *raised;     /* exception of a callback that ran inside the call, or NULL */
    PyObject *texts;      /* list of encoded copies of text arguments, or NULL */
    size_t nheld;
    virPyInput in[VIR_PY_MOST_INPUTS];
    struct virPyHandle *held[VIR_PY_MOST_INPUTS]; /* NULL for None and for capsules of other makers */
} virPyCall;

/* Start a call: convert each argument to call->in, as its letter in LETTERS says.  SURPLUS is the number of arguments
 * given beyond the number of letters; anything but 0 raises TypeError.
 *
 *   h            capsule of a handle of TYPE, or None for NULL
 *   H            the same without None
 *   s            str
 *   t            str; also None for NULL, which libvirt refuses
 *   z            str, or None for NULL
 *   i u l k      int, unsigned int, long, unsigned long
 *   I            unsigned int that is a mask or an enum; a negative number stands for its two's complement
 *   L K n d      long long, unsigned long long, size_t, double
 *   O            left to the caller, as are handles behind the first one: see virPyAcquireArgument()
 *
 * virPyParse() keeps the GIL; virPyBegin() releases it after the last conversion.  Both return 0, or -1 with an
 * exception set and nothing held. */
int virPyParse(virPyCall *call, const char *self, const char *letters, PyObject *const *args, Py_ssize_t surplus,
               const virPyHandleType *type);
int virPyBegin(virPyCall *call, const char *self, const char *letters, PyObject *const *args, Py_ssize_t surplus,
               const virPyHandleType *type);

/* Convert an argument that is another handle, after virPyParse().  Returns 0, or -1 with an exception. */
int virPyAcquireArgument(virPyCall *call, PyObject *const *args, Py_ssize_t i, const virPyHandleType *type,
                         bool required);

/* Release the GIL; take it back if it was released. */
void virPyUnblockThreads(virPyCall *call);
void virPyBlockThreads(virPyCall *call) VIR_PY_SHARED;

/* Drop what the call holds.  A cleanup function for VIR_PY_AUTO; it may run twice. */
void virPyReleaseCall(virPyCall *call) VIR_PY_SHARED;

/* End a call: take the GIL back, record a failure, convert the result, and drop what the call holds.  If a callback
 * inside the call left an exception, that comes out instead of the result.  They return a new reference, or NULL with
 * an exception set. */
PyObject *virPyEndStatus(virPyCall *call, int retval) VIR_PY_SHARED;       /* -1 is the failure */
PyObject *virPyEndString(virPyCall *call, const char *text) VIR_PY_SHARED; /* text that libvirt owns; NULL fails */
PyObject *virPyEndAllocated(virPyCall *call, char *text) VIR_PY_SHARED;    /* the same; frees the text */
/* Steal the libvirt references, also when a callback has left an exception.  NULL and a negative count fail. */
PyObject *virPyEndHandle(virPyCall *call, const virPyHandleType *type, void *object) VIR_PY_SHARED;
PyObject *virPyEndHandles(virPyCall *call, const virPyHandleType *type, void *array, int count) VIR_PY_SHARED;
/* For a result that is a Python object already, stolen, or NULL with an exception.  virPyBlockThreads() was called. */
PyObject *virPyEndObject(virPyCall *call, PyObject *result) VIR_PY_SHARED;
/* The same for a body that is written by hand and took the GIL back by itself. */
PyObject *virPyEndByHand(virPyCall *call, PyObject *result) VIR_PY_SHARED;

#endif
