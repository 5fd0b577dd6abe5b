# SPDX-License-Identifier: LGPL-2.1-or-later
"""Call every function many times in a debug build of Python, and report growth of references and memory.

Arguments: how many calls of each function, then function names; default: all
functions. Prints one line of JSON for each function, and a last one with the
functions that were never called.
"""

import ctypes
import gc
import inspect
import json
import os
import sys
import time
import weakref
from types import CodeType, FrameType
from typing import Any, Callable, Dict, Iterator, List, Set, Tuple

import libvirt
import libvirtmod

from . import calls, leaks, modules, runner
from .growth import clear_caches
from .table import Names, Row

WARM_UP = 20
FEWEST = 60  # calls of a row, so that leaking one reference per call exceeds REFERENCES
SLOW = 100  # calls that make lists of a thousand items run this many times less often
# Runs last, because the error handler stays registered.
LAST = "virRegisterErrorHandler"
# Growth that is tolerated for a row and for a function, whatever the number of calls.
REFERENCES = 50
BYTES = 2 ** 20

# Can be called only once in a process, or disables something for the rest of the process.
ONCE = {"_closeGate", "virInitialize", "virEventRegisterImpl", "virEventRegisterDefaultImpl"}

Compiled = Tuple[Row, CodeType]

_PROCESS = ctypes.CDLL(None)
_PROCESS.malloc.restype = ctypes.c_void_p


def resident() -> int:
    """Return the resident memory of this process; free memory is returned first, because leaks would reuse it."""
    _PROCESS.malloc_trim(0)
    with open("/proc/self/statm", "rb") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


# --- calls without a row --------------------------------------------------------

# Expressions that return a second handle of each kind.
AGAIN = {
    "virConnect": "libvirtmod.virConnectOpen('test:///default')",
    "virDomain": "conn.lookupByName('x')._o",
    "virDomainCheckpoint": "dom.checkpointLookupByName('x')._o",
    "virDomainSnapshot": "dom.snapshotLookupByName('x')._o",
    "virInterface": "conn.interfaceLookupByName('x')._o",
    "virNWFilter": "conn.nwfilterLookupByName('x')._o",
    "virNWFilterBinding": "conn.nwfilterBindingLookupByPortDev('x')._o",
    "virNetwork": "conn.networkLookupByName('x')._o",
    "virNetworkPort": "net.portLookupByUUIDString('x')._o",
    "virNodeDevice": "conn.nodeDeviceLookupByName('x')._o",
    "virSecret": "conn.secretLookupByUUIDString('x')._o",
    "virStoragePool": "conn.storagePoolLookupByName('x')._o",
    "virStorageVol": "pool.storageVolLookupByName('x')._o",
    "virStream": "conn.newStream()._o",
    "virAdmConnect": "libvirtmod_admin.virAdmConnectOpen(None, 0)",
    "virAdmServer": "adm.lookupServer('x')._o",
    "virAdmClient": "srv.lookupClient(7)._o",
}


def freed(name: str, kind: str) -> Tuple[str, ...]:
    """Return calls that free handles and that try to free other objects."""
    module = "libvirtmod_admin" if kind.startswith("virAdm") else "libvirtmod"
    release = f"{module}.{kind}{'Close' if kind.endswith('Connect') else 'Free'}"
    return f"{release}({AGAIN[kind]})", f"{release}(libvirtmod)", f"{release}(None)", f"{name}.c_pointer()"


def callback(*arguments: object) -> int:
    return 0


def registered(*names: Tuple[str, str]) -> Iterator[str]:
    """Yield calls that register and deregister, and calls that libvirt or the bindings refuse."""
    for name, cname in names:
        yield f"conn.{name}EventDeregisterAny(conn.{name}EventRegisterAny(None, 0, callback, None))"
        yield f"libvirtmod.virConnect{cname}EventRegisterAny(conn._o, None, 1000, {{}})"
        yield f"libvirtmod.virConnect{cname}EventRegisterAny(conn._o, 5, 0, {{}})"
        yield f"libvirtmod.virConnect{cname}EventDeregisterAny(conn._o, 1000000)"
        yield f"libvirtmod.virConnect{cname}EventDeregisterAny(None, None)"


class Opaque:
    """An opaque object for callbacks; it supports weak references."""


def turn_of_the_loop(reading: int, writing: int) -> None:
    """Add and remove a watch and a timer; libvirt frees their data in a later iteration of the loop."""
    watched, timed = Opaque(), Opaque()
    left = weakref.WeakSet((watched, timed))
    watch = libvirt.virEventAddHandle(reading, libvirt.VIR_EVENT_HANDLE_READABLE, callback, watched)
    timer = libvirt.virEventAddTimeout(-1, callback, timed)
    del watched, timed
    os.write(writing, b"x")
    libvirt.virEventRunDefaultImpl()
    os.read(reading, 1)
    libvirt.virEventUpdateHandle(watch, 0)
    libvirt.virEventUpdateTimeout(timer, 0)
    libvirt.virEventRemoveHandle(watch)
    libvirt.virEventRemoveTimeout(timer)
    # libvirt frees data only in an iteration in which nothing else is ready.
    while left:
        libvirt.virEventRunDefaultImpl()


def of_admin() -> Iterator[str]:
    yield ("libvirtmod_admin.virAdmConnectRegisterCloseCallback(adm._o, {}), "
           "libvirtmod_admin.virAdmConnectUnregisterCloseCallback(adm._o)")
    yield "libvirtmod_admin._newReference(adm._o)"
    yield "libvirtmod_admin.virAdmConnectRegisterCloseCallback(adm._o, 5)"
    yield "libvirtmod_admin.virAdmConnectUnregisterCloseCallback(None)"
    yield "libvirtmod_admin._isTaken()"


def fail_with_handler() -> None:
    """Fail with an error handler that is new each time."""
    libvirt.registerErrorHandler(lambda *arguments: None, object())
    libvirtmod.virDomainGetInfo(None)


def more(names: Names) -> Iterator[str]:
    yield from registered(("domain", "Domain"), ("network", "Network"), ("storagePool", "StoragePool"),
                          ("nodeDevice", "NodeDevice"), ("secret", "Secret"))
    for name, value in names.items():
        if hasattr(value, "_o") and name != "dconn":
            yield from freed(name, type(value).__name__)
    if "admin" in names:
        yield from of_admin()
    yield from (
        "conn.domainEventRegister(callback, None), conn.domainEventDeregister(callback)",
        "libvirtmod.virConnectDomainEventDeregister(None, conn)",
        "libvirtmod.virConnectDomainEventRegister(None, conn)",
        "conn.registerCloseCallback(callback, None), conn.unregisterCloseCallback()",
        "libvirtmod.virConnectUnregisterCloseCallback(None)", "libvirtmod.virConnectRegisterCloseCallback(None, 5)",
        "qemu.qemuMonitorEventDeregister(conn, qemu.qemuMonitorEventRegister(conn, None, 'X', callback, None))",
        "libvirtmod_qemu.virConnectDomainQemuMonitorEventDeregister(conn._o, 1000000)",
        "libvirtmod_qemu.virConnectDomainQemuMonitorEventRegister(conn._o, 5, None, {}, 0)",
        "stream.eventAddCallback(0, callback, None), stream.eventRemoveCallback()",
        "libvirtmod.virStreamEventAddCallback(None, 0, stream)",
        "turn_of_the_loop(*pipe)",
        "libvirtmod.virEventRemoveTimeout(-7)", "libvirtmod.virEventRemoveHandle(-7)",
        "libvirtmod.virEventAddTimeout(None, None)", "libvirtmod.virEventAddHandle(None, None, None)",
        "libvirtmod.virEventInvokeHandleCallback(1, 2, 3, None, None)",
        "libvirtmod.virEventInvokeHandleCallback(1, 2, 3, None, 5)",
        "libvirtmod.virEventInvokeTimeoutCallback(1, None, None)",
        "libvirtmod.virEventInvokeTimeoutCallback(1, 5, None)",
        "libvirtmod.virEventInvokeFreeCallback(None, None)", "libvirtmod.virEventInvokeFreeCallback(None, 5)",
        "libvirt.open('test:///default').close()", "libvirt.openReadOnly('test:///default')",
        "libvirt.open('nothing:///')", "libvirtmod.virConnectOpenReadOnly(5)",
        "libvirtmod.virConnectOpen('nothing:///')",
        "libvirt.openAuth('fake:///all', [[2, 5], callback, None])",
        "libvirt.openAuth('fake:///all', [[2], None, None])",
        "libvirt.openAuth('test:///default', [[2], 5, None])",
        "libvirt.virGetLastError()", "libvirt.virGetLastErrorMessage()", "libvirtmod.virGetLastErrorCode()",
        "libvirtmod.virGetLastErrorDomain()", "libvirt.virResetLastError()", "conn.virConnGetLastError()",
        "conn.virConnResetLastError()", "libvirtmod.virConnGetLastError(None)",
        "libvirtmod._takeFailure('x')", "libvirtmod._takeFailure(5)", "libvirtmod._isInherited(conn._o)",
        "libvirtmod._reportException(ValueError())", "libvirtmod._reportException()",
        "libvirtmod._wrappers(5, 5)", "libvirtmod._wrappers()",
        "libvirtmod._newReference(conn._o)", "libvirtmod._newReference(5)", "libvirt.virEventWakeDefaultImpl()",
        "libvirtmod._errorMaker({None: libvirt.libvirtError})(libvirt.libvirtError, 'text')",
        "libvirtmod._errorMaker({})(5)", "libvirtmod._errorMaker(5)",
    )


def all_rows(names: Names) -> Iterator[Row]:
    """Yield the rows of the table that this libvirt supports, and rows for the other calls."""
    yield from (row for row in calls.ROWS if not row.needs or runner.has(row.needs))
    yield from (Row(call, None) for call in more(names))


# --- which functions the rows call ------------------------------------------------

def functions() -> Set[str]:
    return {name for module in modules.EXTENSIONS for name, function in vars(module).items()
            if inspect.isbuiltin(function)}


def called(row: Row, code: CodeType, names: Names) -> List[str]:
    """Return the module functions that a row calls, in order."""
    found: List[str] = []
    ours = {module.__name__ for module in modules.EXTENSIONS}

    def note(frame: FrameType, event: str, argument: Any) -> None:
        if event == "c_call" and getattr(argument, "__module__", None) in ours:
            found.append(argument.__name__)

    sys.setprofile(note)
    try:
        leaks.call(row, code, names)
    finally:
        sys.setprofile(None)
    return found


def by_function(names: Names) -> Tuple[Dict[str, List[Compiled]], Set[str]]:
    """Return compiled rows, grouped by the last function that they call, and the set of all functions called."""
    groups: Dict[str, List[Compiled]] = {}
    seen: Set[str] = set()
    for row in all_rows(names):
        code = compile(row.call, "row", "eval")
        found = called(row, code, names)
        seen.update(found)
        subject = [name for name in found if not name.startswith("_")] or found or ["no function"]
        groups.setdefault(subject[-1], []).append((row, code))
    groups[LAST] = [(Row(call, None), compile(call, "row", "eval"))
                    for call in ("fail_with_handler()", "libvirt.registerErrorHandler(5, None)")]
    return groups, {*seen, LAST}


# --- measuring growth -------------------------------------------------------------

def growth(function: Callable[[], object], times: int) -> Tuple[int, int]:
    """Return how many references and bytes there are more after the calls."""
    for _ in range(WARM_UP):
        function()
    gc.collect()
    clear_caches()
    before = sys.gettotalrefcount(), resident()
    for _ in range(times):
        function()
    gc.collect()
    clear_caches()
    return sys.gettotalrefcount() - before[0], resident() - before[1]


def lasting(function: Callable[[], object], times: int) -> Tuple[int, int]:
    """Return the smallest growth of several attempts: what grows only now and then is a cache."""
    least = growth(function, times)
    for _ in range(2):
        if least[0] <= REFERENCES and least[1] <= BYTES:
            break
        again = growth(function, times)
        least = min(least[0], again[0]), min(least[1], again[1])
    return least


def times_of(row: Row, share: int) -> int:
    slow = row.mode.startswith("maximal") or "* 1000" in row.call
    return max(FEWEST, share // SLOW if slow else share)


def measured(function: str, rows: List[Compiled], number: int, names: Names) -> Dict[str, object]:
    """Return the output for one function: its calls, time and growth, and the rows that leak."""
    start, made, worst = time.monotonic(), 0, [0, 0]
    bad: List[str] = []
    for row, code in rows:
        times = times_of(row, number // len(rows))
        grown = lasting(lambda: leaks.call(row, code, names), times)
        made += times
        worst = [max(pair) for pair in zip(worst, grown)]
        if grown[0] > REFERENCES or grown[1] > BYTES:
            bad.append(f"{row.name():.200}: {grown[0]} references, {grown[1]} bytes after {times} calls")
    return {"function": function, "calls": made, "seconds": time.monotonic() - start, "references": worst[0],
            "bytes": worst[1], "leaks": bad}


def leak_a_reference() -> None:
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(modules.EXTENSIONS))


def leak_memory() -> None:
    ctypes.memset(_PROCESS.malloc(2 ** 15), 1, 2 ** 15)


def planted() -> bool:
    """Return whether deliberate leaks are found, even with the smallest number of calls."""
    references = lasting(leak_a_reference, FEWEST)[0], lasting(lambda: None, FEWEST)[0]
    memory = lasting(leak_memory, FEWEST)[1], lasting(lambda: None, FEWEST)[1]
    return references[0] >= FEWEST > REFERENCES >= references[1] and memory[0] > BYTES >= memory[1]


def main(arguments: List[str]) -> None:
    number, *wanted = arguments
    names = leaks.prepare()
    assert names is not None
    libvirt.virEventRegisterDefaultImpl()
    sys.excepthook = callback
    names.update(callback=callback, turn_of_the_loop=turn_of_the_loop, fail_with_handler=fail_with_handler,
                 pipe=os.pipe())
    groups, seen = by_function(names)
    gc.collect()
    gc.freeze()
    for function in wanted or sorted(groups, key=lambda name: (name == LAST, name)):
        print(json.dumps(measured(function, groups[function], int(number), names)), flush=True)
    print(json.dumps({"never called": sorted(functions() - seen - ONCE), "finds leaks": planted()}))


if __name__ == "__main__":
    main(sys.argv[1:])
