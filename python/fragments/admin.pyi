# SPDX-License-Identifier: LGPL-2.1-or-later
"""Connections to a daemon's admin server."""

from types import TracebackType
from typing import TypeVar

from typing_extensions import Self

from libvirt_types import AdmCloseFunc

_T = TypeVar("_T")

class virAdmConnect:
    def close(self) -> int: ...
    def __enter__(self) -> Self: ...
    def __exit__(self, exc_type_: type[BaseException] | None, exc_value_: BaseException | None,
                 traceback_: TracebackType | None) -> None: ...
    def registerCloseCallback(self, cb: AdmCloseFunc[_T], opaque: _T) -> int: ...
    def unregisterCloseCallback(self) -> None: ...

def open(name: str | None = None, flags: int = 0) -> virAdmConnect: ...
