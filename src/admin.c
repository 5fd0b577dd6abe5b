/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Hand-written functions of libvirtmod_admin.
 *
 * The generated file includes this one.  It has no state and takes no lock; wrappers call everything with the GIL. */

#include "libvirtmod_admin.h"

#include <dlfcn.h>

#include <libvirt/libvirt-admin.h>

#include "errorrecord.h"

/* Return whether libvirt has opened a connection in this process.  libvirt and libvirt-admin register types of the same
 * names with GObject when they open their first connection, and the library that comes second crashes.  GObject is
 * loaded wherever libvirt is; if it is not loaded, nothing is registered. */
PyObject *hand__isTaken(const char *self VIR_PY_UNUSED)
{
    void *library = dlopen("libgobject-2.0.so.0", RTLD_LAZY | RTLD_NOLOAD);
    size_t (*typeFromName)(const char *name) = NULL;

    if (library)
        *(void **)&typeFromName = dlsym(library, "g_type_from_name");
    bool taken = typeFromName && typeFromName("virConnect") != 0;
    if (library)
        (void)dlclose(library);
    return virPyFromBool(taken);
}

/* Give close() a second handle.  Other threads that register something meanwhile end that through it. */
PyObject *hand__newReference(const char *self, virAdmConnectPtr handle)
{
    return virAdmConnectRef(handle) < 0 ? virPyFail(self) : virPyNewHandle(&virPy_virAdmConnect, handle);
}
