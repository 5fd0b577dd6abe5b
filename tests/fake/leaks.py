# SPDX-License-Identifier: LGPL-2.1-or-later
"""Make each call of the table many times, and tell where memory or references grow.

Arguments: numbers of rows, or none for all of them.  Prints one line of JSON for each row that leaks.
"""

import ctypes
import gc
import json
import sys
from types import CodeType
from typing import Callable, List, Optional, Tuple

from . import calls, runner
from .table import Names, Row

TIMES = 8
SURE = 100
SMALLEST = 16  # malloc gives nothing smaller, so that less for each call is no leak

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
_CLEAR: Callable[[], None] = getattr(sys, "_clear_type_cache", None) or getattr(sys, "_clear_internal_caches")


def memory() -> int:
    assert _INFO is not None
    info = _INFO()
    return int(info.uordblks + info.hblkhd)


def references(names: Names) -> int:
    """Of the objects that calls work on, and of those that every result could be."""
    kept = [*names.values(), *(value._o for value in names.values() if hasattr(value, "_o"))]
    return sum(map(sys.getrefcount, [None, True, False, *kept]))


def call(row: Row, code: CodeType, names: Names) -> None:
    runner.set_mode(row.mode)
    try:
        eval(code, names)
    except Exception:
        pass


def growth(function: Callable[[], object], names: Names, times: int) -> Growth:
    """How many bytes and references there are more after some calls."""
    _CLEAR()
    before = memory(), references(names)
    for _ in range(times):
        function()
    gc.collect()
    _CLEAR()
    return memory() - before[0], references(names) - before[1]


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


def leaks(row: Row, names: Names) -> Optional[Growth]:
    """The same of a row."""
    code = compile(row.call, "row", "eval")
    return lasting(lambda times: growth(lambda: call(row, code, names), names, times))


def prepare() -> Optional[Names]:
    """The names that rows can use; None where a sanitizer's malloc, or one that is not glibc's, tells nothing."""
    _PROCESS.mallopt(1, 0)  # M_MXFAST: no cache of small blocks
    names = dict(runner.Objects())
    names["__builtins__"] = __builtins__
    if _INFO is None or memory() == 0:
        return None
    gc.collect()
    gc.freeze()
    return names


def main(arguments: List[str]) -> None:
    names = prepare()
    if names is None:
        print(json.dumps({"row": None}))
        return
    for number in map(int, arguments or range(len(calls.ROWS))):
        row = calls.ROWS[number]
        if row.needs and not runner.has(row.needs):
            continue
        found = leaks(row, names)
        if found is not None:
            print(json.dumps({"row": number, "bytes": found[0], "references": found[1]}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
