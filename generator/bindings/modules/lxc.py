# SPDX-License-Identifier: LGPL-2.1-or-later
"""Module libvirt_lxc: the namespaces and security labels of a container."""

from ...converters import InputByHand, IntsIn, OutputByHand, Outputs, ResultByHand, ScalarOut
from .. import handles
from ..schema import Module, Part, Row

MODULE = Module(
    name="libvirt_lxc", extension="libvirtmod_lxc", library="libvirt-lxc", header="libvirt/libvirt-lxc.h",
    handles=(handles.CONNECT, handles.DOMAIN), strip="virDomain",
    parts=(Part(bodies=("lxc.c",)),),
    rows=(
        Row("virDomainLxcOpenNamespace", "descriptors that become the caller's", result=Outputs((OutputByHand(
            "fdlist", "fromDescriptors({fdlist}, retval)", "list[int]",
            "list of descriptors, for the caller to close"),))),
        Row("virDomainLxcEnterNamespace", "descriptors both ways", inputs={"fdlist": IntsIn("fdlist", "nfdlist")},
            result=ResultByHand((ScalarOut("noldfdlist", "unsigned int"), OutputByHand("oldfdlist", "")),
                                conversion="fromDescriptors(oldfdlist, (int)noldfdlist)")),
        Row("virDomainLxcEnterSecurityLabel", "structs that go in",
            inputs={"model": InputByHand("model", "asModel", "virSecurityModel", {"model": "&{model}"}),
                    "label": InputByHand("label", "asLabel", "virSecurityLabel", {"label": "&{label}"})},
            result=Outputs((OutputByHand(
                "oldlabel", "virPyPackList(2, virPyFromString({oldlabel}.label), virPyFromBool({oldlabel}.enforcing))",
                variable="virSecurityLabel"),))),
    ),
    fragments=("lxc.py",),
    doc="Functions that only the LXC driver of libvirt has.",
)
