# SPDX-License-Identifier: LGPL-2.1-or-later
"""Module libvirt_lxc: the namespaces and security labels of a container."""

from ...converters import HandResult, IntsIn
from .. import handles
from ..schema import Module, Part, Row

MODULE = Module(
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
    doc="Functions that only the LXC driver of libvirt has.",
)
