# SPDX-License-Identifier: LGPL-2.1-or-later
"""Run rows of the table in this interpreter, under the fake libvirt: one line of JSON for each.

Arguments: the numbers of the rows, or none for all of them.
"""

import ctypes
import json
import sys
from typing import Any, Dict, List, Tuple

import libvirt

from . import modules, objects
from .table import Handle, Names, Raises, Row, Outcome

_PROCESS = ctypes.CDLL(None)
_PROCESS.fake_calls.restype = ctypes.c_char_p


def set_mode(mode: str) -> None:
    """The scenario of the calls that follow; forgets those before."""
    if _PROCESS.fake_set_mode(mode.encode()) != 0:
        raise ValueError(f"there is no mode '{mode}'")


def c_calls() -> str:
    """What has reached the fake since then."""
    told: bytes = _PROCESS.fake_calls()
    return told.decode("utf-8", "backslashreplace")


# How the object of a class tells its name.
_NAMES = {
    "virConnect": None, "virStream": None, "virNetworkPort": None, "virDomainSnapshot": "getName",
    "virDomainCheckpoint": "getName", "virSecret": "usageID", "virNWFilterBinding": "portDev", "virAdmConnect": None,
    "virAdmClient": None,
}


def show(value: Any) -> object:
    """The value with a Handle instead of each object of libvirt, which repr() shows as its address."""
    kind = type(value).__name__
    if kind in ("list", "tuple", "dict") and type(value).__module__ == "builtins":
        if kind == "dict":
            return {show(key): show(item) for key, item in value.items()}
        return type(value)(show(item) for item in value)
    if kind == "PyCapsule":
        return Handle("PyCapsule")
    if type(value).__module__ in ("libvirt", "libvirt_admin") and kind.startswith("vir"):
        accessor = _NAMES.get(kind, "name")
        return Handle(kind, getattr(value, accessor)() if accessor else "")
    return value


class Objects(Dict[str, Any]):
    """The names that a row can use, besides modules: one object of each kind, and the odd values of objects.py."""

    def __init__(self) -> None:
        conn = libvirt.open("test:///default")
        domain = conn.lookupByName("x")
        network = conn.networkLookupByName("x")
        pool = conn.storagePoolLookupByName("x")
        super().__init__(
            vars(objects), **{module.__name__: module for module in modules.EXTENSIONS}, libvirt=libvirt,
            **{module.__name__.partition("_")[2]: module for module in modules.PYTHON}, set_mode=set_mode,
            conn=conn, dconn=libvirt.open("test:///default"), dom=domain, net=network, pool=pool,
            port=network.portLookupByUUIDString("x"), iface=conn.interfaceLookupByName("x"),
            vol=pool.storageVolLookupByName("x"), dev=conn.nodeDeviceLookupByName("x"),
            secret=conn.secretLookupByUUIDString("x"), nwfilter=conn.nwfilterLookupByName("x"),
            binding=conn.nwfilterBindingLookupByPortDev("x"), stream=conn.newStream(),
            snap=domain.snapshotLookupByName("x"), chk=domain.checkpointLookupByName("x"))
        if "admin" in self:
            # There are connections of libvirt, but no types that the fake could take from them.
            self["admin"]._opened.append(True)
            server = self["admin"].open().lookupServer("x")
            self.update(adm=server.connect(), srv=server, client=server.lookupClient(7))


def has(name: str) -> bool:
    """Whether libvirt is new enough for a function or a constant."""
    return any(hasattr(module, name) for module in (libvirt, *modules.EXTENSIONS))


# The texts of the errors that were reported in the row that runs.
_reported: List[str] = []


def on_error(context: None, error: Tuple[Any, ...]) -> None:
    """The error handler; programs that count objects do not register it."""
    _reported.append(str(error[2]))


def traces() -> Outcome:
    """What the row has left behind so far."""
    last = libvirt.virGetLastError()
    return {"calls": c_calls(), "reported": list(_reported), "last": None if last is None else str(last[2])}


def run(row: Row, names: Names) -> Outcome:
    """The result of one row, as texts; None where libvirt is too old for it."""
    if row.needs and not has(row.needs):
        return {"result": None, "calls": "", "reported": [], "last": None}
    set_mode(row.mode)
    _reported.clear()
    try:
        result = eval(row.call, dict(names))
        told = traces()
        set_mode("golden")
        result = show(result)
    except Exception as error:
        told = traces()
        err = error.err if isinstance(error, libvirt.libvirtError) and error.err else (None, None)
        result = Raises(type(error).__name__, *err[:2])
        told["message"] = str(error)
    told["result"] = repr(result)
    return told


def main(arguments: List[str]) -> None:
    from . import calls  # many, and of no use to programs that only take the objects
    names = Objects()
    libvirt.registerErrorHandler(on_error, None)
    for number in map(int, arguments or range(len(calls.ROWS))):
        print(json.dumps({"row": number}), flush=True)  # so that a crash is blamed on the right one
        print(json.dumps({"row": number, **run(calls.ROWS[number], names)}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
