/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Authentication: the argument of virConnectOpenAuth(), and the callback that asks for credentials.
 *
 * The generated file includes this one.  It has no state and takes no lock.  The wrapper calls asAuth() with the GIL;
 * libvirt calls askForCredentials() without it, on the thread of the call. */

#include "libvirtmod.h"

#include <stdlib.h>
#include <string.h>

#include "callbacks.h"
#include "libvirt-utils.h"

/* The auth argument of virConnectOpenAuth(), while the call runs. */
typedef struct {
    virConnectAuth given;  /* for libvirt; its data point to this struct */
    virPyWhere where;      /* for exceptions */
    PyThreadState **state; /* thread state that the call has released */
    PyObject *items;       /* the tuple (types, callback, data); strong reference */
    virPyArray types;      /* int */
} Auth;

static VIR_PY_FOR_ROWS void dropAuth(Auth *auth)
{
    Py_XDECREF(auth->items);
    virPyFreePointer(&auth->types);
}

/* Take the answer to one credential from the list that the callback has filled.  Answers that are not str are ignored.
 * Returns 0, or -1 with an exception. */
static int takeAnswer(const virPyWhere *where, PyObject *asked, virConnectCredentialPtr credential)
{
    PyObject *answer VIR_PY_AUTO(virPyDropRef) =
        PyList_Check(asked) && PyList_Size(asked) > 4 ? PySequence_GetItem(asked, 4) : virPyNewRef(Py_None);
    Py_ssize_t size;

    if (!answer)
        return -1;
    if (!PyUnicode_Check(answer))
        return 0;
    const char *text = PyUnicode_AsUTF8AndSize(answer, &size);
    if (!text)
        return virPyArgumentEncodingError(where, answer);
    if (strlen(text) != (size_t)size) {
        PyErr_SetString(PyExc_ValueError, "the answer to a credential contains a null character");
        return -1;
    }
    credential->resultlen = (unsigned int)size;
    return virPyCopyText(text, &credential->result);
}

/* Wipe and free answers that libvirt will not look at.  libvirt would free them without wiping. */
static void dropAnswers(virConnectCredentialPtr credentials, unsigned int count)
{
    for (unsigned int n = 0; n < count; n++) {
        if (credentials[n].result)
            virPyWipe(credentials[n].result, credentials[n].resultlen);
        free(credentials[n].result);
        credentials[n].result = NULL;
        credentials[n].resultlen = 0;
    }
}

static PyObject *credentialItem(const void *source, Py_ssize_t n)
{
    const virConnectCredential *credential = (const virConnectCredential *)source + n;

    return virPyPackList(5, virPyFromInt(credential->type), virPyFromString(credential->prompt),
                         virPyFromString(credential->challenge), virPyFromString(credential->defresult),
                         virPyNewRef(Py_None));
}

/* Call the callback with a tuple of lists, into which it writes the answers.  Returns what it returned, or -1 to
 * refuse. Exceptions are reported. */
static int callCredentialCallback(virConnectCredentialPtr credentials, unsigned int count, const Auth *auth)
{
    PyObject *list VIR_PY_AUTO(virPyDropRef) = virPyListOf(count, credentialItem, credentials);
    PyObject *asked VIR_PY_AUTO(virPyDropRef) = list ? PyList_AsTuple(list) : NULL;
    PyObject *data = PyTuple_Size(auth->items) > 2 ? PyTuple_GetItem(auth->items, 2) : Py_None;
    PyObject *result VIR_PY_AUTO(virPyDropRef) =
        asked ? PyObject_CallFunctionObjArgs(PyTuple_GetItem(auth->items, 1), asked, data, NULL) : NULL;
    int number = result ? virPyResultAsInt(result, "what the credential callback returns") : -1;

    for (unsigned int n = 0; !PyErr_Occurred() && number == 0 && n < count; n++)
        (void)takeAnswer(&auth->where, PyTuple_GetItem(asked, (Py_ssize_t)n), &credentials[n]);
    if (!PyErr_Occurred())
        return number;
    dropAnswers(credentials, count);
    virPyReportException();
    return -1;
}

/* The virConnectAuthCallback.  libvirt calls it inside virConnectOpenAuth(), on the same thread, so it takes back the
 * thread state that the call has released, in whichever interpreter that is. */
static int askForCredentials(virConnectCredentialPtr credentials, unsigned int count, void *opaque)
{
    const Auth *auth = opaque;

    PyEval_RestoreThread(*auth->state);
    int retval = callCredentialCallback(credentials, count, auth);
    *auth->state = PyEval_SaveThread();
    return retval;
}

/* Convert [types, callback, data].  STATE is where the call keeps the thread state that it releases. */
static VIR_PY_FOR_ROWS int asAuth(const virPyWhere *where, PyObject *object, PyThreadState **state, Auth *auth)
{
    if (virPyCheckType(where, object, PyList_Check(object) || PyTuple_Check(object), "list") < 0)
        return -1;
    auth->items = PySequence_Tuple(object);
    if (!auth->items)
        return -1;
    if (PyTuple_Size(auth->items) < 2)
        return virPyArgumentError(PyExc_ValueError, where, "must be a list of credential types, callback and its data");
    if (virPyAsInts(where, PyTuple_GetItem(auth->items, 0), &auth->types) < 0)
        return -1;
    PyObject *callback = PyTuple_GetItem(auth->items, 1);
    if (virPyCheckType(virPyItemIn(where, "1"), callback, callback == Py_None || PyCallable_Check(callback),
                       "callable or None") < 0)
        return -1;
    auth->where = *where;
    auth->state = state;
    auth->given =
        (virConnectAuth){ auth->types.items, auth->types.count, callback == Py_None ? NULL : askForCredentials, auth };
    return 0;
}
