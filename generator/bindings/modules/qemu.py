# SPDX-License-Identifier: LGPL-2.1-or-later
"""Module libvirt_qemu: the monitor and the agent of a QEMU guest."""

from ...converters import CallbackIn, IntsIn, OutputByHand, Outputs, ResultByHand, ScalarOut, Text, TextOut
from .. import handles, types
from ..schema import Callback, Module, Part, Row

MODULE = Module(
    name="libvirt_qemu", extension="libvirtmod_qemu", library="libvirt-qemu", header="libvirt/libvirt-qemu.h",
    handles=(handles.CONNECT, handles.DOMAIN), strip="virDomain",
    parts=(Part(bodies=("qemu.c",)),),
    rows=(
        Row("virDomainQemuMonitorCommand", "the direction of a pointer",
            result=Outputs((TextOut("result"),))),
        Row("virDomainQemuMonitorCommandWithFiles", "descriptors both ways", parameters={"infiles": "files"},
            inputs={"cmd": Text("cmd", required=True), "infiles": IntsIn("infiles", "ninfiles")},
            result=ResultByHand((ScalarOut("noutfiles", "unsigned int"), OutputByHand("outfiles", ""),
                                 TextOut("result")), conversion="fromReply(result, outfiles, noutfiles)")),
        Row("virConnectDomainQemuMonitorEventRegister", "takes callbacks", name="qemuMonitorEventRegister",
            inputs={"cb": CallbackIn("cb", "opaque", "freecb", "virConnectDomainQemuMonitorEventCallback")}),
        Row("virConnectDomainQemuMonitorEventDeregister", "historic name; frees callback data", frees_callbacks=True,
            name="qemuMonitorEventDeregister"),
    ),
    callbacks=(Callback("virConnectDomainQemuMonitorEventCallback", "_dispatchQemuMonitorEventCallback",
                        on="conn", module="libvirt_qemu"),),
    types=types.QEMU_TYPES, fragments=("qemu.py",),
    doc="Functions that only the QEMU driver of libvirt has.",
)
