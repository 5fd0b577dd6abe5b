/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A Python module that only loads and initializes libvirt: the least that any bindings must do.
 *
 * The module is not linked to libvirt, so that the libraries are loaded during the measurement.  It runs in the same
 * Python as "import libvirt", because Python has already loaded the C library and some other libraries.
 */

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <dlfcn.h>

static PyObject *load(PyObject *module __attribute__((unused)), PyObject *unused __attribute__((unused)))
{
    /* ISO C does not allow a cast from an object pointer to a function pointer. */
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
    PyModuleDef_HEAD_INIT, "loading", "Load libvirt without any bindings.", -1, methods, NULL, NULL, NULL, NULL,
};

/* The prototype avoids a warning. */
PyMODINIT_FUNC PyInit_loading(void);

PyMODINIT_FUNC PyInit_loading(void)
{
    return PyModule_Create(&definition);
}
