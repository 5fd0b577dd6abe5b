# SPDX-License-Identifier: LGPL-2.1-or-later
"""Programs under the fake libvirt for events: what their tests start them with, and what they reach it by."""

import ctypes
import os
from pathlib import Path
from typing import Callable, Dict, List, Tuple

import pytest

from fixturetypes import PrintsWithArguments, PythonPrints

DOMAIN, NETWORK, POOL, DEVICE, SECRET, LEGACY, CLOSE, QEMU = range(1, 9)
USUAL, NONE, LIMITS = range(3)
KINDS = {"domain": DOMAIN, "network": NETWORK, "storagePool": POOL, "nodeDevice": DEVICE, "secret": SECRET}

# What programs begin with, before they preload nothing into programs of their own.
START = """
import os, sys
os.environ.pop("LD_PRELOAD", None)
import gc, threading, time, weakref
import libvirt, libvirt_qemu, libvirtmod
from fake.firing import *
libvirt.virEventRegisterDefaultImpl()
conn = libvirt.open("test:///default")

def show(*arguments):
    print(*arguments, flush=True)

class Thing:
    "What can be referred to weakly, as callback and as opaque."
    def __call__(self, *arguments):
        pass

def raised(function, *arguments):
    try:
        return function(*arguments)
    except Exception as error:
        return type(error).__name__
"""


def environment() -> Dict[str, str]:
    """The variables of such a program."""
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
            # a size that cannot be had is for the tests to try
            "ASAN_OPTIONS": ":".join(filter(None, [os.environ.get("ASAN_OPTIONS"), "allocator_may_return_null=1"]))}


def prints_behind(start: str) -> Callable[[PythonPrints], PrintsWithArguments]:
    """The fixture of a test file that runs such programs: START, and what its tests have in common."""
    @pytest.fixture
    def prints(python_prints: PythonPrints) -> PrintsWithArguments:
        def run(code: str, *arguments: str) -> List[str]:
            return python_prints(start + code, *arguments, **environment())
        return run
    return prints


# --- inside of such a program

def fire(kind: int, number: int = -1, variant: int = USUAL) -> int:
    """Call back what is registered, as libvirt's loop does; how many there were."""
    return int(ctypes.CDLL(None).fake_events_fire(kind, number, variant))


def fire_outside(kind: int, number: int = -1, variant: int = USUAL) -> int:
    """The same on a thread that Python does not know."""
    return int(ctypes.CDLL(None).fake_events_fire_outside(kind, number, variant))


def fire_for_ever(kind: int) -> None:
    """The same again and again, on a thread of its own that nothing ends."""
    ctypes.CDLL(None).fake_events_fire_for_ever(kind)


def alive() -> int:
    """How many registrations libvirt has."""
    return int(ctypes.CDLL(None).fake_events_alive())


def references() -> Tuple[int, int]:
    """How many references to domains were taken and given back since the last time."""
    library = ctypes.CDLL(None)
    return int(library.fake_events_refs()), int(library.fake_events_frees())


def refuse_references(refused: bool) -> None:
    """Have every new reference to a domain refused, or none."""
    ctypes.CDLL(None).fake_events_refuse_references(int(refused))


def fail(count: int = 1) -> None:
    """Have the next registrations and removals fail."""
    ctypes.CDLL(None).fake_events_fail(count)


def calls() -> List[str]:
    """The C functions that were called since the last time."""
    function = ctypes.CDLL(None).fake_events_calls
    function.restype = ctypes.c_char_p
    told: bytes = function()
    return told.decode().split()


def script(text: str) -> None:
    """What streams do from here on; fake_streaming.c has the words."""
    ctypes.CDLL(None).fake_stream_script(text.encode())


def sent() -> List[str]:
    """What reached the stream since then."""
    function = ctypes.CDLL(None).fake_stream_sent
    function.restype = ctypes.c_char_p
    told: bytes = function()
    return told.decode().split()


def fire_stream(events: int) -> int:
    """Call back who watches a stream for one of these."""
    return int(ctypes.CDLL(None).fake_stream_fire(events))


def stream_watchers() -> int:
    """How many watch a stream."""
    return int(ctypes.CDLL(None).fake_stream_watchers())
