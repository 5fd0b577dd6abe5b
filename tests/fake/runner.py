# SPDX-License-Identifier: LGPL-2.1-or-later
"""Run rows of the table in this interpreter, on the fake libvirt; print one line of JSON for each.

Arguments: row numbers; default: all rows.
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
    """Set the scenario for the following calls, and clear the record of calls."""
    if _PROCESS.fake_set_mode(mode.encode()) != 0:
        raise ValueError(f"there is no mode '{mode}'")


def c_calls() -> str:
    """Return the calls that have reached the fake since then."""
    calls: bytes = _PROCESS.fake_calls()
    return calls.decode("utf-8", "backslashreplace")


# The method that returns the name of an object, by class; default: name().
_NAMES = {
    "virConnect": None, "virStream": None, "virNetworkPort": None, "virDomainSnapshot": "getName",
    "virDomainCheckpoint": "getName", "virSecret": "usageID", "virNWFilterBinding": "portDev", "virAdmConnect": None,
    "virAdmClient": None,
}


def show(value: Any) -> object:
    """Return the value with each libvirt object replaced by a Handle, because its own repr() contains an address."""
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
    """The names that a row can use: modules, one object of each kind, and the contents of objects.py."""

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
            # libvirt connections are open, but the real libvirt-admin, which would clash with them, is not used.
            self["admin"]._opened.append(True)
            server = self["admin"].open().lookupServer("x")
            self.update(adm=server.connect(), srv=server, client=server.lookupClient(7))


def has(name: str) -> bool:
    """Return whether this libvirt has a function or a constant."""
    return any(hasattr(module, name) for module in (libvirt, *modules.EXTENSIONS))


# The messages of the errors that were reported during the current row.
_reported: List[str] = []


def on_error(context: None, error: Tuple[Any, ...]) -> None:
    """The error handler; programs that count references do not register it."""
    _reported.append(str(error[2]))


def traces() -> Outcome:
    """Return the calls and errors that the current row has caused so far."""
    last = libvirt.virGetLastError()
    return {"calls": c_calls(), "reported": list(_reported), "last": None if last is None else str(last[2])}


def run(row: Row, names: Names) -> Outcome:
    """Return the outcome of one row; its result is None if this libvirt does not support the row."""
    if row.needs and not has(row.needs):
        return {"result": None, "calls": "", "reported": [], "last": None}
    set_mode(row.mode)
    _reported.clear()
    try:
        result = eval(row.call, dict(names))
        outcome = traces()
        set_mode("golden")
        result = show(result)
    except Exception as error:
        outcome = traces()
        err = error.err if isinstance(error, libvirt.libvirtError) and error.err else (None, None)
        result = Raises(type(error).__name__, *err[:2])
        outcome["message"] = str(error)
    outcome["result"] = repr(result)
    return outcome


def main(arguments: List[str]) -> None:
    from . import calls  # imported here because it is large, and programs that use only Objects do not need it
    names = Objects()
    libvirt.registerErrorHandler(on_error, None)
    for number in map(int, arguments or range(len(calls.ROWS))):
        print(json.dumps({"row": number}), flush=True)  # attributes a crash to this row
        print(json.dumps({"row": number, **run(calls.ROWS[number], names)}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
