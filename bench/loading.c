/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A module of Python that loads libvirt and initializes it, and has no bindings: what no bindings can do without.
 *
 * It is not linked to libvirt, so that the loading happens while the clock runs, and in the same process where
 * "import libvirt" is measured: Python has loaded the C library and some others already.
 */

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <dlfcn.h>

static PyObject *
load(PyObject *module __attribute__((unused)), PyObject *unused __attribute__((unused)))
{
    /* ISO C has no cast from an object pointer to a function. */
    union {
        void *object;
        int (*function)(void);
    } initialize = { NULL };
    void *library = dlopen("libvirt.so.0", RTLD_NOW);

    if (library)
        initialize.object = dlsym(library, "virInitialize");
    if (!initialize.object || initialize.function() < 0) {
        const char *reason = dlerror();

        PyErr_SetString(PyExc_OSError, reason ? reason : "virInitialize() failed");
        return NULL;
    }
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    { "load", load, METH_NOARGS, "Load libvirt and initialize it." },
    { NULL, NULL, 0, NULL },
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "loading", "The loading of libvirt alone.", -1, methods, NULL, NULL, NULL, NULL,
};

/* For the warning of what has no prototype. */
PyMODINIT_FUNC PyInit_loading(void);

PyMODINIT_FUNC
PyInit_loading(void)
{
    return PyModule_Create(&definition);
}
