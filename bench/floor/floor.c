/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The floor: what any bindings with these results must do for a call, and nothing for safety.
 *
 * An argument of a wrong type, a handle that is used after its end, two threads that use one object, an event at exit:
 * all of these may crash here.  floor.py, which is built as libvirt.py, has the classes.
 */

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <stdlib.h>
#include <string.h>

#if PY_VERSION_HEX < 0x030a0000
static PyObject *Py_NewRef(PyObject *object)
{
    Py_INCREF(object);
    return object;
}
#endif

#define UNUSED __attribute__((unused))
#define FUNCTION(name) static PyObject *name(PyObject *module UNUSED, PyObject *const *args UNUSED, Py_ssize_t n UNUSED)
#define CONN(object) ((virConnectPtr)PyCapsule_GetPointer(object, "virConnectPtr"))
#define DOMAIN(object) ((virDomainPtr)PyCapsule_GetPointer(object, "virDomainPtr"))
#define FLAGS(object) ((unsigned int)PyLong_AsUnsignedLongMask(object))
/* Calls libvirt without the GIL. */
#define CALL(statement) \
    do { \
        Py_BEGIN_ALLOW_THREADS \
        statement; \
        Py_END_ALLOW_THREADS \
    } while (0)

static void freeConn(PyObject *capsule)
{
    virConnectPtr conn = CONN(capsule);

    CALL(virConnectClose(conn));
}

static void freeDomain(PyObject *capsule)
{
    virDomainPtr domain = DOMAIN(capsule);

    CALL(virDomainFree(domain));
}

static PyObject *fromDomain(virDomainPtr domain)
{
    if (!domain)
        Py_RETURN_NONE;
    return PyCapsule_New(domain, "virDomainPtr", freeDomain);
}

/* --- numbers, text and structs --------------------------------------------- */

#define NUMBER(name, type, function, from) \
    FUNCTION(name) \
    { \
        virDomainPtr domain = DOMAIN(args[0]); \
        type number; \
        CALL(number = function(domain)); \
        return from(number); \
    }

NUMBER(isActive, int, virDomainIsActive, PyLong_FromLong)
NUMBER(maxMemory, unsigned long, virDomainGetMaxMemory, PyLong_FromUnsignedLong)
NUMBER(maxVcpus, int, virDomainGetMaxVcpus, PyLong_FromLong)
NUMBER(suspend, int, virDomainSuspend, PyLong_FromLong)
NUMBER(resume, int, virDomainResume, PyLong_FromLong)

FUNCTION(autostart)
{
    virDomainPtr domain = DOMAIN(args[0]);
    int number = 0, retval;

    CALL(retval = virDomainGetAutostart(domain, &number));
    return PyLong_FromLong(retval < 0 ? -1 : number);
}

FUNCTION(libVersion)
{
    virConnectPtr conn = CONN(args[0]);
    unsigned long number = 0;

    CALL(virConnectGetLibVersion(conn, &number));
    return PyLong_FromUnsignedLong(number);
}

FUNCTION(idOf)
{
    return PyLong_FromLong((int)virDomainGetID(DOMAIN(args[0])));
}

FUNCTION(nameOf)
{
    return PyUnicode_FromString(virDomainGetName(DOMAIN(args[0])));
}

FUNCTION(uuidOf)
{
    char text[VIR_UUID_STRING_BUFLEN];

    return virDomainGetUUIDString(DOMAIN(args[0]), text) < 0 ? NULL : PyUnicode_FromString(text);
}

static PyObject *fromAllocated(char *text)
{
    if (!text)
        Py_RETURN_NONE;
    PyObject *result = PyUnicode_FromString(text);
    free(text);
    return result;
}

FUNCTION(osType)
{
    virDomainPtr domain = DOMAIN(args[0]);
    char *text;

    CALL(text = virDomainGetOSType(domain));
    return fromAllocated(text);
}

FUNCTION(xmlDesc)
{
    virDomainPtr domain = DOMAIN(args[0]);
    unsigned int flags = FLAGS(args[1]);
    char *text;

    CALL(text = virDomainGetXMLDesc(domain, flags));
    return fromAllocated(text);
}

FUNCTION(hostname)
{
    virConnectPtr conn = CONN(args[0]);
    char *text;

    CALL(text = virConnectGetHostname(conn));
    return fromAllocated(text);
}

static PyObject *listOf(Py_ssize_t count, PyObject *const *items)
{
    PyObject *list = PyList_New(count);

    for (Py_ssize_t n = 0; n < count; n++)
        PyList_SET_ITEM(list, n, items[n]);
    return list;
}
#define LIST(count, ...) listOf(count, (PyObject *[]){ __VA_ARGS__ })

FUNCTION(info)
{
    virDomainPtr domain = DOMAIN(args[0]);
    virDomainInfo value = { 0, 0, 0, 0, 0 };

    CALL(virDomainGetInfo(domain, &value));
    return LIST(5, PyLong_FromLong(value.state), PyLong_FromUnsignedLong(value.maxMem),
                PyLong_FromUnsignedLong(value.memory), PyLong_FromLong(value.nrVirtCpu),
                PyLong_FromUnsignedLongLong(value.cpuTime));
}

FUNCTION(state)
{
    virDomainPtr domain = DOMAIN(args[0]);
    unsigned int flags = FLAGS(args[1]);
    int number = 0, reason = 0;

    CALL(virDomainGetState(domain, &number, &reason, flags));
    return LIST(2, PyLong_FromLong(number), PyLong_FromLong(reason));
}

/* --- objects and lists ----------------------------------------------------- */

FUNCTION(openConn)
{
    const char *uri = PyUnicode_AsUTF8(args[0]);
    virConnectPtr conn;

    CALL(conn = virConnectOpen(uri));
    if (!conn)
        Py_RETURN_NONE;
    return PyCapsule_New(conn, "virConnectPtr", freeConn);
}

FUNCTION(lookup)
{
    virConnectPtr conn = CONN(args[0]);
    const char *name = PyUnicode_AsUTF8(args[1]);
    virDomainPtr domain;

    CALL(domain = virDomainLookupByName(conn, name));
    return fromDomain(domain);
}

FUNCTION(lookupNetwork)
{
    virConnectPtr conn = CONN(args[0]);
    const char *name = PyUnicode_AsUTF8(args[1]);

    CALL((void)virNetworkLookupByName(conn, name));
    Py_RETURN_NONE; /* only failing calls are measured */
}

FUNCTION(listAll)
{
    virConnectPtr conn = CONN(args[0]);
    unsigned int flags = FLAGS(args[1]);
    virDomainPtr *domains = NULL;
    int count;

    CALL(count = virConnectListAllDomains(conn, &domains, flags));
    PyObject *list = PyList_New(count);
    for (int i = 0; i < count; i++)
        PyList_SET_ITEM(list, i, fromDomain(domains[i]));
    free(domains);
    return list;
}

FUNCTION(listIDs)
{
    virConnectPtr conn = CONN(args[0]);
    int count, *ids = NULL;

    CALL(count = virConnectNumOfDomains(conn));
    ids = calloc((size_t)count + 1, sizeof(*ids));
    CALL(count = virConnectListDomains(conn, ids, count));
    PyObject *list = PyList_New(count);
    for (int i = 0; i < count; i++)
        PyList_SET_ITEM(list, i, PyLong_FromLong(ids[i]));
    free(ids);
    return list;
}

/* --- typed parameters and statistics --------------------------------------- */

static PyObject *fromParam(virTypedParameterPtr param)
{
    switch (param->type) {
    case VIR_TYPED_PARAM_INT:
        return PyLong_FromLong(param->value.i);
    case VIR_TYPED_PARAM_UINT:
        return PyLong_FromUnsignedLong(param->value.ui);
    case VIR_TYPED_PARAM_LLONG:
        return PyLong_FromLongLong(param->value.l);
    case VIR_TYPED_PARAM_ULLONG:
        return PyLong_FromUnsignedLongLong(param->value.ul);
    case VIR_TYPED_PARAM_DOUBLE:
        return PyFloat_FromDouble(param->value.d);
    case VIR_TYPED_PARAM_BOOLEAN:
        return PyBool_FromLong(param->value.b);
    default:
        return param->value.s ? PyUnicode_FromString(param->value.s) : Py_NewRef(Py_None);
    }
}

static PyObject *fromParams(virTypedParameterPtr params, int count)
{
    PyObject *dict = PyDict_New();

    for (int i = 0; i < count; i++) {
        PyObject *key = PyUnicode_FromString(params[i].field), *value = fromParam(&params[i]);

        PyDict_SetItem(dict, key, value);
        Py_DECREF(key);
        Py_DECREF(value);
    }
    return dict;
}

static int readMemory(virDomainPtr domain, virTypedParameterPtr *params, unsigned int flags)
{
    int count = 0;

    CALL(virDomainGetMemoryParameters(domain, NULL, &count, flags));
    *params = calloc((size_t)count + 1, sizeof(**params));
    CALL(virDomainGetMemoryParameters(domain, *params, &count, flags));
    return count;
}

FUNCTION(memoryParameters)
{
    virTypedParameterPtr params;
    int count = readMemory(DOMAIN(args[0]), &params, FLAGS(args[1]));
    PyObject *dict = fromParams(params, count);

    virTypedParamsFree(params, count);
    return dict;
}

FUNCTION(setMemoryParameters)
{
    virDomainPtr domain = DOMAIN(args[0]);
    unsigned int flags = FLAGS(args[2]);
    virTypedParameterPtr known, params = NULL;
    int count = readMemory(domain, &known, flags), used = 0, room = 0, retval;
    Py_ssize_t place = 0;
    PyObject *key, *value;

    while (PyDict_Next(args[1], &place, &key, &value))
        for (int i = 0; i < count; i++)
            if (strcmp(known[i].field, PyUnicode_AsUTF8(key)) == 0)
                virTypedParamsAddULLong(&params, &used, &room, known[i].field, PyLong_AsUnsignedLongLong(value));
    CALL(retval = virDomainSetMemoryParameters(domain, params, used, flags));
    virTypedParamsFree(known, count);
    virTypedParamsFree(params, used);
    return PyLong_FromLong(retval);
}

FUNCTION(statistics)
{
    virConnectPtr conn = CONN(args[0]);
    unsigned int stats = FLAGS(args[1]), flags = FLAGS(args[2]);
    virDomainStatsRecordPtr *records = NULL;
    int count;

    CALL(count = virConnectGetAllDomainStats(conn, stats, &records, flags));
    PyObject *list = PyList_New(count);
    for (int i = 0; i < count; i++) {
        virDomainRef(records[i]->dom);
        PyList_SET_ITEM(list, i, PyTuple_Pack(2, fromDomain(records[i]->dom),
                                              fromParams(records[i]->params, records[i]->nparams)));
    }
    virDomainStatsRecordListFree(records);
    return list;
}

/* --- errors ---------------------------------------------------------------- */

static PyObject *fromText(const char *text)
{
    return text ? PyUnicode_FromString(text) : Py_NewRef(Py_None);
}

static PyObject *handler;

FUNCTION(lastError)
{
    virErrorPtr error = virGetLastError();
    PyObject *items[] = { PyLong_FromLong(error->code), PyLong_FromLong(error->domain), fromText(error->message),
                          PyLong_FromLong(error->level), fromText(error->str1), fromText(error->str2),
                          fromText(error->str3), PyLong_FromLong(error->int1), PyLong_FromLong(error->int2) };
    PyObject *tuple = PyTuple_New(9);

    for (Py_ssize_t i = 0; i < 9; i++)
        PyTuple_SET_ITEM(tuple, i, items[i]);
    return tuple;
}

static void handleError(void *opaque UNUSED, virErrorPtr error UNUSED)
{
    PyGILState_STATE gil;

    if (!handler)
        return;
    gil = PyGILState_Ensure();
    PyObject *info = lastError(NULL, NULL, 0);
    Py_XDECREF(PyObject_CallFunctionObjArgs(handler, Py_None, info, NULL));
    Py_DECREF(info);
    PyGILState_Release(gil);
}

FUNCTION(setHandler)
{
    handler = Py_NewRef(args[0]);
    virSetErrorFunc(NULL, handleError);
    Py_RETURN_NONE;
}

/* --- events ---------------------------------------------------------------- */

static PyObject *dispatch; /* "_dispatch" */

static int onEvent(virConnectPtr conn UNUSED, virDomainPtr domain, int event, int detail, void *opaque)
{
    PyGILState_STATE gil = PyGILState_Ensure();

    virDomainRef(domain);
    PyObject *capsule = fromDomain(domain), *first = PyLong_FromLong(event), *second = PyLong_FromLong(detail);
    Py_XDECREF(PyObject_CallMethodObjArgs(opaque, dispatch, capsule, first, second, NULL));
    Py_DECREF(capsule);
    Py_DECREF(first);
    Py_DECREF(second);
    PyGILState_Release(gil);
    return 0;
}

FUNCTION(registerEvent)
{
    int id;

    /* The registration stands for good. */
    CALL(id = virConnectDomainEventRegisterAny(CONN(args[0]), NULL, VIR_DOMAIN_EVENT_ID_LIFECYCLE,
                                               VIR_DOMAIN_EVENT_CALLBACK(onEvent), Py_NewRef(args[1]), NULL));
    return PyLong_FromLong(id);
}

FUNCTION(registerLoop)
{
    return PyLong_FromLong(virEventRegisterDefaultImpl());
}

FUNCTION(runLoop)
{
    int retval;

    CALL(retval = virEventRunDefaultImpl());
    return PyLong_FromLong(retval);
}

#define METHOD(name) { #name, (PyCFunction)(void (*)(void))name, METH_FASTCALL, NULL }

static PyMethodDef methods[] = {
    METHOD(isActive), METHOD(maxMemory), METHOD(maxVcpus), METHOD(suspend), METHOD(resume), METHOD(autostart),
    METHOD(libVersion), METHOD(idOf), METHOD(nameOf), METHOD(uuidOf), METHOD(osType), METHOD(xmlDesc), METHOD(hostname),
    METHOD(info), METHOD(state), METHOD(openConn), METHOD(lookup), METHOD(lookupNetwork), METHOD(listAll),
    METHOD(listIDs), METHOD(memoryParameters), METHOD(setMemoryParameters), METHOD(statistics), METHOD(lastError),
    METHOD(setHandler), METHOD(registerEvent), METHOD(registerLoop), METHOD(runLoop), { NULL, NULL, 0, NULL },
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "libvirtmod", "The floor of all bindings.", -1, methods, NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit_libvirtmod(void);

PyMODINIT_FUNC PyInit_libvirtmod(void)
{
    virInitialize();
    dispatch = PyUnicode_InternFromString("_dispatch");
    virSetErrorFunc(NULL, handleError);
    return PyModule_Create(&definition);
}
