# SPDX-License-Identifier: LGPL-2.1-or-later
"""The parts of the table of calls: rows, the notation for results, and rows for plain functions."""

import ctypes
from typing import Any, Dict, List, NamedTuple, Optional, Sequence, Tuple, TypedDict

# The largest value of C's unsigned long on this machine.
ULONG_MAX = 2 ** (8 * ctypes.sizeof(ctypes.c_ulong)) - 1


class Raises(NamedTuple):
    """An exception, by the name of its class; for a libvirtError, also its code and domain."""

    name: str
    code: Optional[int] = None
    domain: Optional[int] = None


class Handle(NamedTuple):
    """An object of libvirt: its class, and its name if it has one."""

    kind: str
    name: str = ""

    def __repr__(self) -> str:
        return f"<{self.kind} {self.name}>" if self.name else f"<{self.kind}>"


class Row(NamedTuple):
    """One call, and its expected outcome.

    The call is a Python expression; runner.py says which names it can use. `c`
    lists the expected calls of libvirt functions, in order; None means that
    they are not checked.
    """

    call: str
    result: object
    mode: str = "golden"
    c: Optional[Sequence[str]] = None
    peer: str = ""  # key of the difference in test_fake_peer.py that the other bindings show here
    crashes: bool = False  # the row crashes the other bindings, so it is not run with them
    needs: str = ""  # a C function that older versions of libvirt do not have

    def name(self) -> str:
        return f"{self.call} [{self.mode}]"


Rows = Tuple[Row, ...]
Names = Dict[str, Any]  # what the expressions can use


class Outcome(TypedDict, total=False):
    """The outcome of a row, as reported by the runner."""

    row: int
    result: Optional[str]  # None if this libvirt does not support the row
    calls: str
    message: str
    reported: List[str]  # messages of the errors passed to the error handler
    last: Optional[str]  # message of the thread's last error afterwards


# The error of a call that the fake makes fail, which is that of virNWFilterBindingGetPortDev(NULL).
FAILS = Raises("libvirtError", 100, 33)


def expected(row: Row) -> Tuple[str, Optional[str]]:
    """Return the expected result and C calls as the runner prints them."""
    calls = None if row.c is None else "".join(f"{call}\n" for call in row.c)
    return repr(row.result), calls


class Arg(NamedTuple):
    """An argument that is neither text nor a number: its Python expression, and its form in the fake's record."""

    python: str
    c: str

    def __repr__(self) -> str:
        return self.python


STREAM = Arg("stream", "<stream>")
FLAGS = 5  # the value of "flags", which comes last and is 0 by default


def _c_text(value: object) -> str:
    if isinstance(value, Arg):
        return value.c
    if isinstance(value, str):
        return f'"{value}"'
    return "NULL" if value is None else str(value)


class Plain(NamedTuple):
    """A function of handles, text and numbers, whose arguments are passed to C unchanged."""

    method: str  # "dom.setMemoryFlags"
    cname: str
    args: Tuple[object, ...] = ()
    needs: str = ""
    optional: int = 1  # how many of the last arguments have a default, which is 0 or None

    def row(self, result: object, args: Sequence[object], mode: str = "golden", called: bool = True,
            peer: str = "") -> Row:
        """Return a row in which the method's own object is the first C argument."""
        owner = {"dom": "domain", "net": "network", "iface": "interface", "dev": "nodedev", "snap": "snapshot",
                 "chk": "checkpoint"}.get(self.method.split(".")[0], self.method.split(".")[0])
        handle = f"<{owner}>" if owner in ("conn", "stream", "port", "adm", "client") else f"<{owner} fresh>"
        padded = [*args, *(0 if isinstance(arg, int) else None for arg in self.args[len(args):])]
        c = f"{self.cname}({', '.join([handle, *map(_c_text, padded)])})"
        return Row(f"{self.method}({', '.join(map(repr, args))})", result, mode, [c] if called else [],
                   needs=self.needs and self.cname, peer=peer)

    def with_one(self, place: int, value: object) -> Tuple[object, ...]:
        return (*self.args[:place], value, *self.args[place + 1:])

    def rows(self, result: object, empty: object, maximal: object, failure: object = FAILS) -> Rows:
        """Return rows with valid and invalid arguments, and with the other scenarios."""
        rows = [self.row(result, self.args), self.row(failure, self.args, "golden fail:1"),
                self.row(empty, self.args, "empty"), self.row(maximal, self.args, "maximal")]
        if self.args and self.args[-1] == FLAGS:
            rows.append(self.row(result, self.args[:-self.optional]))
            rows.append(self.row(result, self.with_one(len(self.args) - 1, -1))._replace(
                c=self.row(0, self.with_one(len(self.args) - 1, 4294967295)).c))
        for place, arg in enumerate(self.args):
            if isinstance(arg, str):
                rows.append(self.row(result, self.with_one(place, None)))
                rows.append(self.row(Raises("TypeError"), self.with_one(place, b"x"), called=False))
                rows.append(self.row(Raises("ValueError"), self.with_one(place, "a\0b"), called=False))
            elif isinstance(arg, int):
                rows.append(self.row(Raises("TypeError"), self.with_one(place, None), called=False))
                rows.append(self.row(Raises("TypeError"), self.with_one(place, 1.0), called=False))
        rows.append(self.row(Raises("TypeError"), (*self.args, 0), called=False))
        return tuple(rows)


def statuses(*calls: Plain) -> Rows:
    return tuple(row for call in calls for row in call.rows(7, 0, 2147483647))


def texts(*calls: Plain) -> Rows:
    return tuple(row for call in calls for row in (
        *call.rows("text", "", "x" * 3000),
        call.row("caf\udce9 \udcff", call.args, "badtext", peer="not UTF-8")))


def objects(kind: str, *calls: Plain) -> Rows:
    found = Handle(kind, "" if kind in ("virStream", "virNetworkPort") else "fresh")
    return tuple(row for call in calls for row in call.rows(found, found, found))
