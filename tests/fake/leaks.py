# SPDX-License-Identifier: LGPL-2.1-or-later
"""Make each call of the table many times, and report where memory or references grow.

Arguments: row numbers; default: all rows. Prints one line of JSON for each row
that leaks.
"""

import ctypes
import gc
import json
import sys
from types import CodeType
from typing import Callable, List, Optional

from . import calls, runner
from .growth import Growth, lasting, memory, tells
from .table import Names, Row


class _Handle(ctypes.Structure):
    """The beginning of struct virPyHandle in src/handles.h."""

    _fields_ = [("magic", ctypes.c_uint32), ("process", ctypes.c_int), ("lent", ctypes.c_bool),
                ("users", ctypes.c_size_t)]


_CONTEXT = ctypes.pythonapi.PyCapsule_GetContext
_CONTEXT.restype, _CONTEXT.argtypes = ctypes.c_void_p, [ctypes.py_object]


def users(capsule: object) -> int:
    """Return how many users a capsule's handle has, including the capsule itself; 0 for a closed object."""
    if capsule is None:
        return 0
    return int(_Handle.from_address(_CONTEXT(capsule)).users)


def references(names: Names) -> int:
    """Return the sum of the reference counts of the objects and handles that calls use, and of common results."""
    capsules = [value._o for value in names.values() if hasattr(value, "_o")]
    return sum(map(sys.getrefcount, [None, True, False, *names.values(), *capsules])) + sum(map(users, capsules))


def call(row: Row, code: CodeType, names: Names) -> None:
    runner.set_mode(row.mode)
    try:
        eval(code, names)
    except Exception:
        pass


def growth(function: Callable[[], object], names: Names, times: int) -> Growth:
    """Return how many bytes and references there are more after the calls."""
    counted, taken = references(names), memory()
    for _ in range(times):
        function()
    grown = memory() - taken
    return grown, references(names) - counted


def leaks(row: Row, names: Names) -> Optional[Growth]:
    """Return the bytes and references that each call of a row leaks, or None."""
    code = compile(row.call, "row", "eval")
    return lasting(lambda times: growth(lambda: call(row, code, names), names, times))


def prepare() -> Optional[Names]:
    """Return the names that rows can use; None if malloc does not report how much is allocated."""
    names = dict(runner.Objects())
    names["__builtins__"] = __builtins__
    if not tells():
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
