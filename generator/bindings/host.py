# SPDX-License-Identifier: LGPL-2.1-or-later
"""The connection, the host behind it, and the library itself."""

from .. import kinds
from .schema import NEVER_RAISES, Row

ROWS = (
    Row("virStreamNew", "historic name", name="newStream"),
    Row("virConnectListAllNodeDevices", "historic name", name="listAllDevices"),
    Row("virNodeGetInfo", "memory has always been in MiB",
        result=kinds.Outputs((kinds.StructOut("info", units={"memory": ">> 10"}),))),
    Row("virNodeGetFreeMemory", "0 is the failure, and scripts take it as an answer",
        result=kinds.Number("unsigned long long", failing="0", raises=NEVER_RAISES)),
    Row("virConnectGetDomainCapabilities", "whatever is not given, libvirt chooses",
        defaults={"emulatorbin": None, "arch": None, "machine": None, "virttype": None}),
    Row("virGetVersion", "one number, or two where a driver is named", hand=("driver",), module_name="virGetVersion"),
    Row("virRegisterErrorHandler", "Register a Python callable as libvirt's error handler.", hand=("func", "ctx"),
        module_name="virRegisterErrorHandler"),
    Row("_takeFailure", "The error of the failure that a message, 'NAME() failed', speaks of; or None.",
        hand=("message",), module_name="_takeFailure"),
)
