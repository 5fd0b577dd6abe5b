/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Connections: authentication.  Streams: what libvirt receives. */

#include "libvirtmod.h"

#include <stdlib.h>
#include <string.h>

#include "callbacks.h"
#include "errorrecord.h"
#include "libvirt-utils.h"

/* For close(), which ends what was registered, but not what is the parent's. */
PyObject *
hand__isInherited(PyObject *module VIR_PY_UNUSED, PyObject *const *args, Py_ssize_t nargs)
{
    static const char self[] = "_isInherited($module, handle, /)";

    if (virPyCheckCount(self, nargs, 1) < 0)
        return NULL;
    return virPyFromBool(virPyIsInherited(args[0]));
}

/* For close(), while other threads register something: they end that by themselves. */
PyObject *
hand__newReference(PyObject *module VIR_PY_UNUSED, PyObject *const *args, Py_ssize_t nargs)
{
    return virPyNewReference("_newReference($module, handle, /)", args, nargs, &virPy_virConnect);
}

/* --- authentication ------------------------------------------------------ */

typedef struct {
    PyThreadState *state; /* of the call, while libvirt runs */
    PyObject *callback;
    PyObject *data;
} Credentials;

/* The answer to one credential; what is no text is no answer. */
static int
takeAnswer(PyObject *asked, virConnectCredentialPtr credential)
{
    PyObject *answer VIR_PY_AUTO(virPyDropRef) =
        PyList_Check(asked) && PyList_Size(asked) > 4 ? PySequence_GetItem(asked, 4) : virPyNewRef(Py_None);
    const virPyWhere where = { "virConnectOpenAuth(uri, auth, flags)", 1, NULL };
    Py_ssize_t size;
    const char *text;

    if (!answer)
        return -1;
    if (!PyUnicode_Check(answer))
        return 0;
    text = PyUnicode_AsUTF8AndSize(answer, &size);
    if (!text)
        return virPyArgumentEncodingError(&where, answer);
    if (strlen(text) != (size_t)size) {
        PyErr_SetString(PyExc_ValueError, "the answer to a credential contains a null character");
        return -1;
    }
    credential->resultlen = (unsigned int)size;
    return virPyCopyText(text, &credential->result);
}

/* Answers that libvirt will not look at; it would free them as they are. */
static void
takeBackAnswers(virConnectCredentialPtr credentials, unsigned int count)
{
    for (unsigned int n = 0; n < count; n++) {
        if (credentials[n].result)
            virPyWipe(credentials[n].result, credentials[n].resultlen);
        free(credentials[n].result);
        credentials[n].result = NULL;
        credentials[n].resultlen = 0;
    }
}

static PyObject *
questionOf(const void *source, Py_ssize_t n)
{
    const virConnectCredential *credential = (const virConnectCredential *)source + n;

    return virPyPackList(5, virPyFromInt(credential->type), virPyFromString(credential->prompt),
                         virPyFromString(credential->challenge), virPyFromString(credential->defresult),
                         virPyNewRef(Py_None));
}

/* A tuple of lists, which the callback writes its answers into. */
static PyObject *
askedFor(virConnectCredentialPtr credentials, unsigned int count)
{
    PyObject *list = virPyListOf(count, questionOf, credentials);
    PyObject *all = list ? PyList_AsTuple(list) : NULL;

    Py_XDECREF(list);
    return all;
}

/* What the callback returned, once its answers are taken; -1 refuses. */
static int
askCallback(virConnectCredentialPtr credentials, unsigned int count, Credentials *program)
{
    PyObject *asked VIR_PY_AUTO(virPyDropRef) = askedFor(credentials, count);
    PyObject *result VIR_PY_AUTO(virPyDropRef) = NULL;
    int number = -1;

    if (asked)
        result = PyObject_CallFunctionObjArgs(program->callback, asked, program->data, NULL);
    if (result)
        number = virPyResultAsInt(result, "what the credential callback returns");
    for (unsigned int n = 0; !PyErr_Occurred() && number == 0 && n < count; n++)
        (void)takeAnswer(PyTuple_GetItem(asked, (Py_ssize_t)n), &credentials[n]);
    if (!PyErr_Occurred())
        return number;
    takeBackAnswers(credentials, count);
    virPyReportException();
    return -1;
}

static int
onCredentials(virConnectCredentialPtr credentials, unsigned int count, void *opaque)
{
    Credentials *program = opaque;
    int retval;

    /* libvirt asks inside of the call, on its thread: in whichever interpreter that is. */
    PyEval_RestoreThread(program->state);
    retval = askCallback(credentials, count, program);
    program->state = PyEval_SaveThread();
    return retval;
}

static int
badAuth(const char *self)
{
    return virPyArgumentError(PyExc_ValueError, &(virPyWhere){ self, 1, NULL },
                              "must be a list of credential types, callback and its data");
}

PyObject *
hand_virConnectOpenAuth(const char *self, const char *uri, PyObject *auth, unsigned int flags)
{
    PyObject *items VIR_PY_AUTO(virPyDropRef) = NULL;
    virPyInts types VIR_PY_AUTO(virPyFreeInts) = { NULL, 0 };
    Credentials program = { NULL, NULL, Py_None };
    virConnectAuth given;
    virConnectPtr conn;
    PyObject *args[2];

    if (!PyList_Check(auth) && !PyTuple_Check(auth)) {
        virPyArgumentTypeError(&(virPyWhere){ self, 1, NULL }, auth, "list");
        return NULL;
    }
    items = PySequence_List(auth);
    if (!items || (PyList_Size(items) < 2 && badAuth(self) < 0))
        return NULL;
    args[1] = PyList_GetItem(items, 0);
    if (virPyAsInts(self, args, 1, &types) < 0)
        return NULL;
    program.callback = PyList_GetItem(items, 1);
    if (PyList_Size(items) > 2)
        program.data = PyList_GetItem(items, 2);
    if (program.callback != Py_None && !PyCallable_Check(program.callback)) {
        virPyArgumentTypeError(&(virPyWhere){ self, 1, "1" }, program.callback, "callable or None");
        return NULL;
    }
    given = (virConnectAuth){ types.array, types.count,
                              program.callback == Py_None ? NULL : onCredentials, &program };

    program.state = PyEval_SaveThread();
    conn = virConnectOpenAuth(uri, &given, flags);
    PyEval_RestoreThread(program.state);
    return conn ? virPyNewHandle(&virPy_virConnect, conn) : virPyFail(self);
}

/* --- streams ------------------------------------------------------------- */

/* The most that one call receives. More comes in several calls anyway: a daemon sends pieces of 256 KiB. Larger buffers
 * would only cost memory, which Python fills in its development mode. */
#define MOST_RECEIVED ((Py_ssize_t)1024 * 1024)

/* Room for as much as SIZE and MOST_RECEIVED allow, to be filled by libvirt without the GIL: nobody
 * else knows the bytes yet. */
static PyObject *
newBuffer(const char *self, long long size)
{
    const virPyWhere where = { self, 1, NULL };

    if (size < 0) {
        virPyArgumentError(PyExc_ValueError, &where, "must not be negative");
        return NULL;
    }
    return PyBytes_FromStringAndSize(NULL, size < MOST_RECEIVED ? (Py_ssize_t)size : MOST_RECEIVED);
}

/* The bytes that came; or the number that says why there are none. */
static PyObject *
received(const char *self, PyObject *buffer, int count)
{
    if (count < 0) {
        Py_DECREF(buffer);
        return count == -2 || count == -3 ? virPyFromInt(count) : virPyFail(self);
    }
#ifdef Py_LIMITED_API
    {
        PyObject *bytes = PyBytes_FromStringAndSize(PyBytes_AsString(buffer), count);

        Py_DECREF(buffer);
        return bytes;
    }
#else
    (void)_PyBytes_Resize(&buffer, count);
    return buffer;
#endif
}

/* Without flags the older call, which every driver has. */
static PyObject *
receive(const char *self, virStreamPtr stream, long long nbytes, const unsigned int *flags)
{
    PyObject *buffer = newBuffer(self, nbytes);
    char *data = buffer ? PyBytes_AsString(buffer) : NULL;
    size_t size;
    int count;

    if (!buffer)
        return NULL;
    size = (size_t)PyBytes_Size(buffer);
    Py_BEGIN_ALLOW_THREADS
    if (flags)
        count = virStreamRecvFlags(stream, data, size, *flags);
    else
        count = virStreamRecv(stream, data, size);
    Py_END_ALLOW_THREADS
    return received(self, buffer, count);
}

PyObject *
hand_virStreamRecv(const char *self, virStreamPtr stream, long long nbytes)
{
    return receive(self, stream, nbytes, NULL);
}

PyObject *
hand_virStreamRecvFlags(const char *self, virStreamPtr stream, long long nbytes, unsigned int flags)
{
    return receive(self, stream, nbytes, &flags);
}
