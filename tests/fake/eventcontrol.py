# SPDX-License-Identifier: LGPL-2.1-or-later
"""Control of the fake libvirt for events, from inside of a program that runs under it."""

import ctypes
from typing import Any

DOMAIN, NETWORK, POOL, DEVICE, SECRET, LEGACY, CLOSE, QEMU = range(1, 9)
USUAL, NONE, LIMITS = range(3)
KINDS = {"domain": DOMAIN, "network": NETWORK, "storagePool": POOL, "nodeDevice": DEVICE, "secret": SECRET}


def _calling_back(name: str, *arguments: int) -> int:
    """Call a function that calls Python back.

    What is not an Exception stays pending for the call below, which is one of ctypes here: that cannot pass it on.
    """
    function: Any = getattr(ctypes.CDLL(None), name)
    try:
        return int(function(*arguments))
    except SystemError as error:
        raise error.__cause__ or error


def fire(kind: int, number: int = -1, variant: int = USUAL) -> int:
    """Call back what is registered, as libvirt's loop does; how many there were."""
    return _calling_back("fake_events_fire", kind, number, variant)


def fire_outside(kind: int, number: int = -1, variant: int = USUAL) -> int:
    """The same on a thread that Python does not know."""
    return int(ctypes.CDLL(None).fake_events_fire_outside(kind, number, variant))


def fire_for_ever(kind: int) -> None:
    """The same again and again, on a thread of its own that nothing ends."""
    ctypes.CDLL(None).fake_events_fire_for_ever(kind)


def alive() -> int:
    """How many registrations libvirt has."""
    return int(ctypes.CDLL(None).fake_events_alive())


def references() -> tuple[int, int]:
    """How many references to domains were taken and given back since the last time."""
    library = ctypes.CDLL(None)
    return int(library.fake_events_refs()), int(library.fake_events_frees())


def refuse_references(refused: bool) -> None:
    """Have every new reference to a domain refused, or none."""
    ctypes.CDLL(None).fake_events_refuse_references(int(refused))


def fail(count: int = 1) -> None:
    """Have the next registrations and removals fail."""
    ctypes.CDLL(None).fake_events_fail(count)


def calls() -> list[str]:
    """The C functions that were called since the last time."""
    function = ctypes.CDLL(None).fake_events_calls
    function.restype = ctypes.c_char_p
    told: bytes = function()
    return told.decode().split()


def script(text: str) -> None:
    """What streams do from here on; fake_streaming.c has the words."""
    ctypes.CDLL(None).fake_stream_script(text.encode())


def sent() -> list[str]:
    """What reached the stream since then."""
    function = ctypes.CDLL(None).fake_stream_sent
    function.restype = ctypes.c_char_p
    told: bytes = function()
    return told.decode().split()


def fire_stream(events: int) -> int:
    """Call back who watches a stream for one of these."""
    return _calling_back("fake_stream_fire", events)


def stream_watchers() -> int:
    """How many watch a stream."""
    return int(ctypes.CDLL(None).fake_stream_watchers())
