/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What libvirt-admin and libvirt do not have from each other: who of them was first. */

#include "libvirtmod_admin.h"

#include <dlfcn.h>

/* Each of the two libraries registers types of the same names with GObject
 * when it opens its first connection, and crashes if the other was first.
 * GObject is there wherever libvirt is; without it nothing is registered. */
PyObject *
hand__isTaken(PyObject *module VIR_PY_UNUSED, PyObject *const *args VIR_PY_UNUSED, Py_ssize_t nargs)
{
    void *library;
    size_t (*typeFromName)(const char *name) = NULL;
    bool taken;

    if (virPyCheckCount("_isTaken($module, /)", nargs, 0) < 0)
        return NULL;
    library = dlopen("libgobject-2.0.so.0", RTLD_LAZY | RTLD_NOLOAD);
    if (library)
        *(void **)&typeFromName = dlsym(library, "g_type_from_name");
    taken = typeFromName && typeFromName("virConnect") != 0;
    if (library)
        (void)dlclose(library);
    return PyBool_FromLong(taken);
}

/* For close(), while other threads register something: they end that by themselves. */
PyObject *
hand__newReference(PyObject *module VIR_PY_UNUSED, PyObject *const *args, Py_ssize_t nargs)
{
    return virPyNewReference("_newReference($module, handle, /)", args, nargs, &virPy_virAdmConnect);
}
