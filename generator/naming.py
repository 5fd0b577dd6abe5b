# SPDX-License-Identifier: LGPL-2.1-or-later
"""The Python class and name of a C function.

The rules are those that gave all functions their names so far, so that a new
function gets the name that a reader of the C API expects.  The few names that
no rule gives are in rows of the bindings.
"""

import keyword
import re
from typing import Optional, Sequence

from .model import Argument, Function

# Longer prefixes first: virDomainSnapshot before virDomain.
_SUBOBJECTS = ("virDomainCheckpoint", "virDomainSnapshot")
_OBJECTS = ("virNetworkPort", "virNetwork", "virInterface", "virStoragePool", "virStorageVol", "virNodeDevice",
            "virSecret", "virNWFilterBinding", "virNWFilter", "virDomain", "virAdmServer", "virAdmClient")
_OTHERS = ("virNode", "virStream", "virConnect", "virAdmConnect", "virAdm")

# (prefix, what is stripped, verbs): functions that make or find an object are methods of another class, and keep the
# class of the object in their names.
_MAKERS = (
    ("virNetworkPort", "virNetwork", ("CreateXML", "Lookup")),
    ("virDomainCheckpoint", "virDomain", ("CreateXML", "LookupByName")),
    ("virDomainSnapshot", "virDomain", ("CreateXML", "LookupByName", "ListNames", "Current")),
    ("virNetwork", "vir", ("Define", "CreateXML", "Lookup")),
    ("virInterface", "vir", ("Define", "CreateXML", "Lookup")),
    ("virStoragePool", "vir", ("Define", "CreateXML", "Lookup")),
    ("virNodeDevice", "vir", ("Define", "CreateXML", "Lookup")),
    ("virNWFilterBinding", "vir", ("Define", "CreateXML", "Lookup")),
    ("virSecret", "vir", ("Define", "Lookup")),
    ("virStorageVol", "vir", ("Define", "Lookup")),
    ("virNWFilter", "vir", ("Define", "Lookup")),
)

_WHOLE_NAMES = {"iD": "ID", "uUID": "UUID", "uUIDString": "UUIDString", "oSType": "OSType", "xMLDesc": "XMLDesc",
                "mACString": "MACString"}


def _lower(name: str) -> str:
    if name.startswith("NWFilter"):
        return "nwfilter" + name[len("NWFilter"):]
    return name[:1].lower() + name[1:]


def method_name(cname: str) -> str:
    """The name of a function in a module that has classes: as a method, or as a function of the module."""
    for prefix, strip, verbs in _MAKERS:
        if cname.startswith(prefix) and cname[len(prefix):].startswith(verbs):
            return _lower(cname[len(strip):])
    for prefix in _SUBOBJECTS:
        if cname.startswith(prefix):
            return _lower(cname[len(prefix):])
    for prefix in _OBJECTS:
        if cname.startswith(prefix):
            rest = cname[len(prefix):]
            if rest.startswith("Get") and len(rest) > len("Get"):
                lowered = _lower(rest[len("Get"):])
                return _WHOLE_NAMES.get(lowered, lowered)
            return _lower(rest)
    for prefix in _OTHERS:
        if cname.startswith(prefix):
            return _lower(cname[len(prefix):])
    return cname


def function_name(cname: str, prefix: str) -> str:
    """The name of a function in a module without classes: virDomainQemuAttach with prefix virDomain is qemuAttach."""
    return _lower(cname[len(prefix):]) if cname.startswith(prefix) else cname


def type_name(cname: str) -> str:
    """The name in libvirt_types of what a C struct becomes, or of what a C function returns in several parts.

    It is the C name without "vir", "Connect", "Get" and "Struct", and without "Domain" where two words remain.
    """
    name = re.sub(r"^vir(?:Connect(?=[A-Z]))?|(?<=[a-z])Get(?=[A-Z])|Struct$", "", cname)
    short = name[len("Domain"):] if name.startswith("Domain") else ""
    return short if len(re.findall(r"[A-Z]+(?![a-z])|[A-Z][a-z0-9]*", short)) > 1 else name


def callback_name(cname: str) -> str:
    """The name in libvirt_types of a C callback type."""
    return re.sub(r"^vir(?:Connect(?=[A-Z]))?", "", cname)


def subject(function: Function, classes: Sequence[str]) -> Optional[Argument]:
    """The argument that makes the function a method: the first of the first two arguments that is a handle."""
    return next((arg for arg in function.args[:2] if pointee(arg.type) in classes), None)


def pointee(c_type: str) -> str:
    """The type that a pointer points to: virDomain for "virDomainPtr" and "virDomain *".  Other types as they are."""
    if c_type.endswith(" *"):
        return c_type[:-2]
    return c_type[:-len("Ptr")] if c_type.endswith("Ptr") else c_type


def parameter(name: str) -> str:
    """The Python name of a C parameter."""
    if name == "from":
        return "frm"
    return name + "_" if keyword.iskeyword(name) else name
