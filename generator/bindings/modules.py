# SPDX-License-Identifier: LGPL-2.1-or-later
"""The modules: what each is made from."""

from ..converters import CallbackIn, HandResult, IntsIn, Outputs, Text, TextOut
from . import accessors, admin, callbacks, domain, errors, events, handles, host, objects, unbound
from .schema import Callback, Module, Part, Row

LIBVIRT = Module(
    name="libvirt", extension="libvirtmod", library="libvirt", header="libvirt/libvirt.h",
    handles=handles.ALL, own_classes=True, defaults=True,
    parts=(
        Part("connect", ("virConnect", "virStream"), bodies=("connect.c", "host.c")),
        Part("domain", ("virDomain", "virDomainCheckpoint", "virDomainSnapshot"),
             bodies=("domain.c", "stats.c")),
        Part("objects", bodies=("wrap.c",)),
        Part(events=True, bodies=("errorhandler.c", "eventloop.c")),
    ),
    rows=(*accessors.ROWS, *callbacks.ROWS, *domain.ROWS, *host.ROWS, *objects.ROWS, *unbound.ROWS),
    extras=(*host.EXTRAS, *callbacks.EXTRAS), callbacks=callbacks.CALLBACKS,
    families=events.FAMILIES, dispatchers=events.DISPATCHERS, event_parameters=events.PARAMETERS,
    fragments=("errors.py", "arguments.py", "repr.py", "aliases.py", "eventloop.py", "registrations.py", "connect.py",
               "events.py",
               "snapshot.py", "stream.py"),
    errors=errors.CLASSES,
    shown=handles.SHOWN,
    lazy={"enums": "libvirt_enums"},
    skip_files=("virtypedparam-public",),  # dicts take the place of these helpers
    stale_files=("virevent",),
    init="virPyInstallErrorHandler",
    doc="Manage virtualization hosts through libvirt.",
)

LIBVIRT_QEMU = Module(
    name="libvirt_qemu", extension="libvirtmod_qemu", library="libvirt-qemu", header="libvirt/libvirt-qemu.h",
    handles=(handles.CONNECT, handles.DOMAIN), strip="virDomain",
    parts=(Part(bodies=("qemu.c",)),),
    rows=(
        Row("virDomainQemuMonitorCommand", "the direction of a pointer",
            result=Outputs((TextOut("result"),))),
        Row("virDomainQemuMonitorCommandWithFiles", "descriptors both ways", hand=("domain", "cmd", "files", "flags"),
            inputs={"cmd": Text("cmd", required=True), "files": IntsIn("files", "nfiles")}),
        Row("virConnectDomainQemuMonitorEventRegister", "takes callbacks", name="qemuMonitorEventRegister",
            inputs={"cb": CallbackIn("cb", "opaque", "freecb", "virConnectDomainQemuMonitorEventCallback")}),
        Row("virConnectDomainQemuMonitorEventDeregister", "historic name; frees callback data", frees_callbacks=True,
            name="qemuMonitorEventDeregister"),
    ),
    callbacks=(Callback("virConnectDomainQemuMonitorEventCallback", "_dispatchQemuMonitorEventCallback",
                        on="conn", module="libvirt_qemu"),),
    fragments=("qemu.py",),
    doc="What only the QEMU driver of libvirt has.",
)

LIBVIRT_LXC = Module(
    name="libvirt_lxc", extension="libvirtmod_lxc", library="libvirt-lxc", header="libvirt/libvirt-lxc.h",
    handles=(handles.CONNECT, handles.DOMAIN), strip="virDomain",
    parts=(Part(bodies=("lxc.c",)),),
    rows=(
        Row("virDomainLxcOpenNamespace", "descriptors that become the caller's", hand=("domain", "flags"),
            result=HandResult("list[int]", "list of descriptors, for the caller to close")),
        Row("virDomainLxcEnterNamespace", "descriptors both ways", hand=("domain", "fdlist", "flags"),
            inputs={"fdlist": IntsIn("fdlist", "nfdlist")}),
        Row("virDomainLxcEnterSecurityLabel", "structs that go in", hand=("model", "label", "flags")),
    ),
    fragments=("lxc.py",),
    doc="What only the LXC driver of libvirt has.",
)

ALL = {module.name: module for module in (LIBVIRT, LIBVIRT_QEMU, LIBVIRT_LXC, admin.LIBVIRT_ADMIN)}
