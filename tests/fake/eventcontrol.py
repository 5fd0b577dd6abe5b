# SPDX-License-Identifier: LGPL-2.1-or-later
"""Control of the fake libvirt for events, for programs that run on it."""

import ctypes
from typing import Any

DOMAIN, NETWORK, POOL, DEVICE, SECRET, LEGACY, CLOSE, QEMU = range(1, 9)
USUAL, NONE, LIMITS = range(3)
KINDS = {"domain": DOMAIN, "network": NETWORK, "storagePool": POOL, "nodeDevice": DEVICE, "secret": SECRET}


def _calling_back(name: str, *arguments: int) -> int:
    """Call a C function that calls back into Python.

    An exception that is not an Exception stays pending for the calling C
    function. That is ctypes here, which reports it as the cause of a
    SystemError.
    """
    function: Any = getattr(ctypes.CDLL(None), name)
    try:
        return int(function(*arguments))
    except SystemError as error:
        raise error.__cause__ or error


def fire(kind: int, number: int = -1, variant: int = USUAL) -> int:
    """Call the registered callbacks, as libvirt's event loop would; return how many were called."""
    return _calling_back("fake_events_fire", kind, number, variant)


def fire_outside(kind: int, number: int = -1, variant: int = USUAL) -> int:
    """Like fire(), but on a thread that Python does not know."""
    return int(ctypes.CDLL(None).fake_events_fire_outside(kind, number, variant))


def fire_for_ever(kind: int) -> None:
    """Fire repeatedly on a separate thread that never ends."""
    ctypes.CDLL(None).fake_events_fire_for_ever(kind)


def alive() -> int:
    """Return how many registrations libvirt has."""
    return int(ctypes.CDLL(None).fake_events_alive())


def references() -> tuple[int, int]:
    """Return how many references to domains were taken and how many were freed since the last call."""
    library = ctypes.CDLL(None)
    return int(library.fake_events_refs()), int(library.fake_events_frees())


def refuse_references(refused: bool) -> None:
    """Set whether libvirt refuses every new reference to a domain."""
    ctypes.CDLL(None).fake_events_refuse_references(int(refused))


def fail(count: int = 1) -> None:
    """Make the next `count` registrations and removals fail."""
    ctypes.CDLL(None).fake_events_fail(count)


def calls() -> list[str]:
    """Return the C functions that were called since the last time."""
    function = ctypes.CDLL(None).fake_events_calls
    function.restype = ctypes.c_char_p
    names: bytes = function()
    return names.decode().split()


def script(text: str) -> None:
    """Set what streams do from now on; fake_streaming.c describes the words."""
    ctypes.CDLL(None).fake_stream_script(text.encode())


def sent() -> list[str]:
    """Return what has reached the stream since script() was called."""
    function = ctypes.CDLL(None).fake_stream_sent
    function.restype = ctypes.c_char_p
    words: bytes = function()
    return words.decode().split()


def fire_stream(events: int) -> int:
    """Call the stream callbacks that wait for one of these events; return how many were called."""
    return _calling_back("fake_stream_fire", events)


def stream_watchers() -> int:
    """Return how many stream callbacks are registered."""
    return int(ctypes.CDLL(None).fake_stream_watchers())
