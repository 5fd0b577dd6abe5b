# SPDX-License-Identifier: LGPL-2.1-or-later
"""Module libvirt. Its tables are the files of generator/bindings."""

from .. import (accessors, callbacks, domain, errors, events, handles, host, objects, parameters,
                types, unbound)
from ..schema import Module, Part

MODULE = Module(
    name="libvirt", extension="libvirtmod", library="libvirt", header="libvirt/libvirt.h",
    handles=handles.ALL, own_classes=True, defaults=True,
    parts=(
        Part("connect", ("virConnect", "virStream"), bodies=("connect.c", "host.c", "stats.c")),
        Part("domain", ("virDomain", "virDomainCheckpoint", "virDomainSnapshot"),
             bodies=("domain.c",)),
        Part("objects", bodies=("auth.c", "wrap.c")),
        Part(events=True, bodies=("errorhandler.c", "eventloop.c")),
    ),
    rows=(*accessors.ROWS, *callbacks.ROWS, *domain.ROWS, *host.ROWS, *objects.ROWS, *unbound.ROWS),
    extras=(*host.EXTRAS, *callbacks.EXTRAS), callbacks=callbacks.CALLBACKS,
    families=events.FAMILIES, dispatchers=events.DISPATCHERS, event_parameters=events.PARAMETERS,
    parameters=parameters.PARAMETERS, types=types.TYPES,
    fragments=("hints.py", "errors.py", "arguments.py", "repr.py", "aliases.py", "eventloop.py", "registrations.py",
               "connect.py", "events.py", "snapshot.py", "stream.py"),
    errors=errors.CLASSES,
    shown=handles.SHOWN,
    lazy={"enums": "libvirt_enums"},
    skip_files=("virtypedparam-public",),  # dicts take the place of these helpers
    stale_files=("virevent",),
    init="virPyInstallErrorHandler",
    doc="Manage virtualization hosts through libvirt.",
)
