/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One call of a C function: arguments in, the GIL released and taken back, the result out. */

#include "calls.h"

#include <stdarg.h>
#include <string.h>

#include "failure.h"
#include "libvirt-utils.h"

/* A handle stays in use until the call is over. */
static int
enter(virPyCall *call, PyObject *const *args, Py_ssize_t i, const virPyHandleType *type, bool required)
{
    virPyUse *use = &call->uses[call->nuses];

    *use = (virPyUse){ NULL, NULL };
    if ((required ? virPyEnterSome : virPyEnter)(call->self, args, i, type, use) < 0)
        return -1;
    call->in[i].object = use->object;
    call->nuses++;
    return 0;
}

/* Keep an encoded copy, whose reference is stolen, until the call is over. */
static int
keep(virPyCall *call, PyObject *copy)
{
    int retval = -1;

    if (!call->texts)
        call->texts = PyList_New(0);
    if (call->texts)
        retval = PyList_Append(call->texts, copy);
    Py_DECREF(copy);
    return retval;
}

static int
convertText(virPyCall *call, PyObject *const *args, Py_ssize_t i, bool required)
{
    virPyString string = { NULL, NULL };
    int retval = (required ? virPyAsText : virPyAsString)(call->self, args, i, &string);

    call->in[i].text = string.str;
    if (string.owner && keep(call, string.owner) < 0)
        retval = -1;
    return retval;
}

static int
parse(virPyCall *call, const char *self, const char *kinds, PyObject *const *args, Py_ssize_t nargs, va_list *types)
{
    int retval;

    call->self = self;
    call->state = NULL;
    call->texts = NULL;
    call->nuses = 0;
    retval = virPyCheckCount(self, nargs, (Py_ssize_t)strlen(kinds));
    for (Py_ssize_t i = 0; retval == 0 && i < nargs; i++) {
        virPyInput *in = &call->in[i];

        switch (kinds[i]) {
        case 'h':
        case 'H':
            retval = enter(call, args, i, va_arg(*types, const virPyHandleType *), kinds[i] == 'H');
            break;
        case 's':
        case 'z':
            retval = convertText(call, args, i, kinds[i] == 's');
            break;
        case 'i':
            retval = virPyAsInt(self, args, i, &in->i);
            break;
        case 'I':
            retval = virPyAsUInt(self, args, i, &in->u);
            break;
        case 'l':
            retval = virPyAsLong(self, args, i, &in->l);
            break;
        case 'k':
            retval = virPyAsULong(self, args, i, &in->ul);
            break;
        case 'L':
            retval = virPyAsLLong(self, args, i, &in->ll);
            break;
        case 'K':
            retval = virPyAsULLong(self, args, i, &in->ull);
            break;
        case 'n':
            retval = virPyAsSize(self, args, i, &in->size);
            break;
        case 'd':
            retval = virPyAsDouble(self, args, i, &in->real);
            break;
        default:
            break;
        }
    }
    if (retval < 0)
        virPyLeaveCall(call);
    return retval;
}

int
virPyParse(virPyCall *call, const char *self, const char *kinds, PyObject *const *args, Py_ssize_t nargs, ...)
{
    va_list types;
    int retval;

    va_start(types, nargs);
    retval = parse(call, self, kinds, args, nargs, &types);
    va_end(types);
    return retval;
}

int
virPyBegin(virPyCall *call, const char *self, const char *kinds, PyObject *const *args, Py_ssize_t nargs, ...)
{
    va_list types;
    int retval;

    va_start(types, nargs);
    retval = parse(call, self, kinds, args, nargs, &types);
    va_end(types);
    if (retval == 0)
        call->state = PyEval_SaveThread();
    return retval;
}

void
virPyEnd(virPyCall *call)
{
    if (call->state)
        PyEval_RestoreThread(call->state);
    call->state = NULL;
}

void
virPyLeaveCall(virPyCall *call)
{
    while (call->nuses > 0)
        virPyLeave(&call->uses[--call->nuses]);
    Py_CLEAR(call->texts);
}

PyObject *
virPyEndObject(virPyCall *call, PyObject *result)
{
    virPyLeaveCall(call);
    return result;
}

PyObject *
virPyEndStatus(virPyCall *call, int retval)
{
    virPyEnd(call);
    return virPyEndObject(call, virPyStatus(call->self, retval));
}

PyObject *
virPyEndString(virPyCall *call, const char *text)
{
    virPyEnd(call);
    return virPyEndObject(call, text ? virPyFromString(text) : virPyFail(call->self));
}

PyObject *
virPyEndAllocated(virPyCall *call, char *text)
{
    virPyEnd(call);
    return virPyEndObject(call, text ? virPyFromAllocated(text) : virPyFail(call->self));
}

PyObject *
virPyEndHandle(virPyCall *call, const virPyHandleType *type, void *object)
{
    virPyEnd(call);
    return virPyEndObject(call, object ? virPyNewHandle(type, object) : virPyFail(call->self));
}

PyObject *
virPyEndHandles(virPyCall *call, const virPyHandleType *type, void *array, int count)
{
    virPyEnd(call);
    return virPyEndObject(call, count < 0 ? virPyFail(call->self) : virPyFromHandles(type, array, count));
}
