# SPDX-License-Identifier: LGPL-2.1-or-later
"""Monitor commands with descriptors, and monitor events."""

from io import FileIO
from typing import TypeVar

from libvirt import virConnect, virDomain
from libvirt_types import DomainQemuMonitorEventCallback

_T = TypeVar("_T")

def qemuMonitorCommandWithFiles(domain: virDomain, cmd: str, files: list[int] | tuple[int, ...] = [],
                                flags: int = 0) -> tuple[str, list[FileIO]]: ...
def qemuMonitorEventRegister(
    conn: virConnect,
    dom: virDomain | None,
    event: str | None,
    cb: DomainQemuMonitorEventCallback[_T],
    opaque: _T,
    flags: int = 0,
) -> int: ...
def qemuMonitorEventDeregister(conn: virConnect, callbackID: int) -> None: ...
