# SPDX-License-Identifier: LGPL-2.1-or-later
"""Measures whether memory grows with each call, by what malloc reports; Python must allocate with malloc, too."""

import ctypes
import gc
import sys
from typing import Callable, Optional, Tuple

TIMES = 8
SURE = 100
# malloc allocates no block smaller than four pointers, so less per call is not a leak; a measurement adds a little.
SMALLEST = 3 * ctypes.sizeof(ctypes.c_void_p)

Growth = Tuple[int, int]  # bytes, references

_PROCESS = ctypes.CDLL(None)


def _mallinfo() -> Optional[Callable[[], ctypes.Structure]]:
    """Return the function that reports allocated bytes; None if the C library has none."""
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


# Clears the cache of attributes that were looked up by name, which fills slowly.
clear_caches: Callable[[], None] = getattr(sys, "_clear_type_cache", None) or getattr(sys, "_clear_internal_caches")


def memory() -> int:
    """What is given away, with nothing that is there to be used again: its loss would hide a small leak."""
    assert _INFO is not None
    gc.collect()
    clear_caches()
    info = _INFO()
    return int(info.uordblks + info.hblkhd)


def tells() -> bool:
    """Return whether malloc reports how much is allocated; those of sanitizers and of other C libraries do not."""
    _PROCESS.mallopt(1, 0)  # M_MXFAST: do not cache small blocks
    return _INFO is not None and memory() != 0


def _per_call(grown: Growth, times: int) -> Growth:
    """Return the leaked bytes for each call, and the change in references, rounded towards zero."""
    each = grown[0] // times
    return each if each >= SMALLEST else 0, int(grown[1] / times)


def lasting(measure: Callable[[int], Growth]) -> Optional[Growth]:
    """Return the bytes and references leaked by each call, or None.

    measure(times) makes that many calls and returns how many bytes and
    references there are more.
    """
    measure(2)
    # Memory that grows only now and then, or until something is full, is a cache. A leak shows in every attempt.
    found = None
    for times in (TIMES, TIMES, *[SURE] * 10):
        found = _per_call(measure(times), times)
        if not any(found):
            return None
    return found
