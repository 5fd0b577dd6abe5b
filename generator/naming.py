# SPDX-License-Identifier: LGPL-2.1-or-later
"""From the C name of a function to its Python class and name.

The rules are those by which all bound functions have been named so far, so
that a new function gets the name that a reader of the C API expects.  The few
names outside the rules are rows of the bindings.
"""

import keyword
from typing import Optional, Sequence

from .model import Argument, Function

# Longer prefixes first: virDomainSnapshot before virDomain.
_SUBOBJECTS = ("virDomainCheckpoint", "virDomainSnapshot")
_OBJECTS = ("virNetworkPort", "virNetwork", "virInterface", "virStoragePool", "virStorageVol", "virNodeDevice",
            "virSecret", "virNWFilterBinding", "virNWFilter", "virDomain", "virAdmServer", "virAdmClient")
_OTHERS = ("virNode", "virStream", "virConnect", "virAdmConnect", "virAdm")

# What a method of the connection (or of the parent) makes or finds keeps the name of its class.
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
    """The name of a function of a library with classes of its own, as a method or as a function of the module."""
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
    """The name in a module of plain functions: virDomainQemuAttach with prefix virDomain is qemuAttach."""
    return _lower(cname[len(prefix):]) if cname.startswith(prefix) else cname


def subject(function: Function, classes: Sequence[str]) -> Optional[Argument]:
    """The argument that is the object itself, when the function is a method: the first handle of the first two."""
    return next((arg for arg in function.args[:2] if pointee(arg.type) in classes), None)


def pointee(c_type: str) -> str:
    """virDomain for "virDomainPtr" and "virDomain *"; the type itself otherwise."""
    if c_type.endswith(" *"):
        return c_type[:-2]
    return c_type[:-len("Ptr")] if c_type.endswith("Ptr") else c_type


def parameter(name: str) -> str:
    """The Python name of a C parameter."""
    if name == "from":
        return "frm"
    return name + "_" if keyword.iskeyword(name) else name
