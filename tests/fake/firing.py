# SPDX-License-Identifier: LGPL-2.1-or-later
"""Support for tests that run programs on the fake libvirt for events. Those programs use eventcontrol.py."""

import os
from pathlib import Path
from typing import Callable, Dict, List, NamedTuple

import pytest

from fixturetypes import PrintsWithArguments, PythonPrints

# The start of each program. It removes LD_PRELOAD so that child processes do not load the fake.
START = """
import os, sys
os.environ.pop("LD_PRELOAD", None)
import gc, threading, time, weakref
import libvirt, libvirt_qemu, libvirtmod
from fake.eventcontrol import *
libvirt.virEventRegisterDefaultImpl()
conn = libvirt.open("test:///default")

def show(*arguments):
    print(*arguments, flush=True)

class Thing:
    "An object that supports weak references; used as callback and as opaque."
    def __call__(self, *arguments):
        pass

def raised(function, *arguments):
    try:
        return function(*arguments)
    except Exception as error:
        return type(error).__name__
"""


class Way(NamedTuple):
    """Code that deals with one kind of callback, for programs that begin with START."""

    register: str  # registers `callback` with `opaque`; `number` becomes its number, if it has one
    remove: str
    fire: str  # has libvirt call the callback


WAYS = {
    **{kind: Way(f"number = conn.{family}EventRegisterAny(None, 0, callback, opaque)",
                 f"conn.{family}EventDeregisterAny(number)", f"fire({kind.upper()})")
       for kind, family in (("domain", "domain"), ("network", "network"), ("pool", "storagePool"),
                            ("device", "nodeDevice"), ("secret", "secret"))},
    "qemu": Way("number = libvirt_qemu.qemuMonitorEventRegister(conn, None, None, callback, opaque)",
                "libvirt_qemu.qemuMonitorEventDeregister(conn, number)", "fire(QEMU)"),
    "legacy": Way("conn.domainEventRegister(callback, opaque)", "conn.domainEventDeregister(callback)", "fire(LEGACY)"),
    "close": Way("conn.registerCloseCallback(callback, opaque)", "conn.unregisterCloseCallback()", "fire(CLOSE)"),
    "stream": Way("stream = conn.newStream(1); stream.eventAddCallback(1, callback, opaque)",
                  "stream.eventRemoveCallback()", "fire_stream(1)"),
}
# The kinds of events: libvirt may call these callbacks several times.
EVENTS = [kind for kind in WAYS if kind not in ("close", "stream")]


def environment() -> Dict[str, str]:
    """Return the environment variables for such a program."""
    top = os.environ.get("abs_top_builddir")
    if top is None:
        import libvirtmod
        top = str(Path(libvirtmod.__file__).resolve().parents[1])
    library = Path(top, "tests", "fake", "libfakeevents.so")
    if not library.exists() and "abs_top_builddir" not in os.environ:
        pytest.skip("there is no fake libvirt: 'make check TESTS=' builds it")
    tests = str(Path(__file__).resolve().parent.parent)
    return {"LD_PRELOAD": ":".join(filter(None, [os.environ.get("LD_PRELOAD"), str(library)])),
            "PYTHONPATH": ":".join(filter(None, [os.environ.get("PYTHONPATH"), tests])),
            "PYTHONDONTWRITEBYTECODE": "1",
            # tests try sizes that cannot be allocated
            "ASAN_OPTIONS": ":".join(filter(None, [os.environ.get("ASAN_OPTIONS"), "allocator_may_return_null=1"]))}


def prints_after(start: str) -> Callable[[PythonPrints], PrintsWithArguments]:
    """Return a fixture that runs `start` followed by the test's program."""
    @pytest.fixture
    def prints(python_prints: PythonPrints) -> PrintsWithArguments:
        def run(code: str, *arguments: str) -> List[str]:
            return python_prints(start + code, *arguments, **environment())
        return run
    return prints
