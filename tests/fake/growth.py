# SPDX-License-Identifier: LGPL-2.1-or-later
"""Whether memory grows with each call: what malloc has given away, as long as Python allocates by it."""

import ctypes
import gc
import sys
from typing import Callable, Optional, Tuple

TIMES = 8
SURE = 100
# malloc gives no less than four pointers take, so that less for each call is no leak; a measurement adds a little.
SMALLEST = 3 * ctypes.sizeof(ctypes.c_void_p)

Growth = Tuple[int, int]  # bytes, references

_PROCESS = ctypes.CDLL(None)


def _mallinfo() -> Optional[Callable[[], ctypes.Structure]]:
    """The bytes that malloc has given away, and those of large blocks; none where the C library cannot tell."""
    wide = hasattr(_PROCESS, "mallinfo2")
    number = ctypes.c_size_t if wide else ctypes.c_int

    class Info(ctypes.Structure):
        _fields_ = [(name, number) for name in (
            "arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks", "fsmblks", "uordblks", "fordblks", "keepcost")]

    function = getattr(_PROCESS, "mallinfo2" if wide else "mallinfo", None)
    if function is None:
        return None
    function.restype = Info
    found: Callable[[], ctypes.Structure] = function
    return found


_INFO = _mallinfo()


# Of attributes that were looked up by name; it fills slowly.
clear_caches: Callable[[], None] = getattr(sys, "_clear_type_cache", None) or getattr(sys, "_clear_internal_caches")


def memory() -> int:
    """What is given away, with nothing that is there to be used again: its loss would hide a small leak."""
    assert _INFO is not None
    gc.collect()
    clear_caches()
    info = _INFO()
    return int(info.uordblks + info.hblkhd)


def tells() -> bool:
    """Whether malloc tells what it has given away; a sanitizer's, or one that is not glibc's, does not."""
    _PROCESS.mallopt(1, 0)  # M_MXFAST: no cache of small blocks
    return _INFO is not None and memory() != 0


def _per_call(grown: Growth, times: int) -> Growth:
    """Whole bytes, and references that are more, or fewer."""
    each = grown[0] // times
    return each if each >= SMALLEST else 0, int(grown[1] / times)


def lasting(measure: Callable[[int], Growth]) -> Optional[Growth]:
    """Bytes and references for each call, or None; measure(times) makes some calls and tells their growth."""
    measure(2)
    # What grows now and then, or until it is full, is a cache: a leak shows each time.
    found = None
    for times in (TIMES, TIMES, *[SURE] * 10):
        found = _per_call(measure(times), times)
        if not any(found):
            return None
    return found
