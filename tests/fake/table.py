# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a table of calls is made of: rows, and how their results are written down."""

from typing import NamedTuple, Optional, Sequence, Tuple


class Raises(NamedTuple):
    """An exception, by the name of its class; libvirtError with its code and domain."""

    name: str
    code: Optional[int] = None
    domain: Optional[int] = None


class Handle(NamedTuple):
    """An object of libvirt: its class, and its name where it has one."""

    kind: str
    name: str = ""

    def __repr__(self) -> str:
        return f"<{self.kind} {self.name}>" if self.name else f"<{self.kind}>"


class Row(NamedTuple):
    """One call, and what it must do.

    The call is a Python expression; runner.py tells what names it can use.
    The C calls are those that reach libvirt, in order; None: not looked at.
    """

    call: str
    result: object
    mode: str = "golden"
    c: Optional[Sequence[str]] = None
    peer: str = ""  # key of the difference of test_fake_peer.py that the other bindings show here
    crashes: bool = False  # the other bindings: not to be run
    needs: str = ""  # a C function that libvirt may be too old for

    def name(self) -> str:
        return f"{self.call} [{self.mode}]"


# How the fake lets a call fail: with the error of virNWFilterBindingGetPortDev(NULL).
FAILS = Raises("libvirtError", 100, 33)


def expected(row: Row) -> Tuple[str, Optional[str]]:
    """The result and the C calls as the runner prints them."""
    calls = None if row.c is None else "".join(f"{call}\n" for call in row.c)
    return repr(row.result), calls
