/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Functions of libvirtmod_admin that are written by hand.
 *
 * The generated file includes this one.  Nothing here has state or takes a lock.  Both functions run with the GIL.
 */

#include "libvirtmod_admin.h"

#include <dlfcn.h>

/* Return whether libvirt has opened a connection in this process.  libvirt and libvirt-admin register types of the same
 * names with GObject when they open their first connection, and the library that comes second crashes.  GObject is
 * loaded wherever libvirt is; if it is not loaded, nothing is registered. */
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

/* Give close() a second handle.  Other threads that register something meanwhile end that through it. */
PyObject *
hand__newReference(PyObject *module VIR_PY_UNUSED, PyObject *const *args, Py_ssize_t nargs)
{
    return virPyNewReference("_newReference($module, handle, /)", args, nargs, &virPy_virAdmConnect);
}
