# SPDX-License-Identifier: LGPL-2.1-or-later
"""libvirt's events without callbacks."""

from types import GenericAlias, TracebackType
from typing import Any, Callable, Generic, Literal, NamedTuple, TypeVar

from typing_extensions import Self, TypeAlias

from libvirt import libvirtError, virConnect, virDomain, virNetwork, virNodeDevice, virSecret, virStoragePool
from libvirt_enums import ConnectCloseReason

__all__ = ["ConnectionLost", "EventLoopThread", "Events", "EventsDropped", "QemuMonitorEvent", "events", "wait_for_event"]

# One of the records of libvirt_types.
_Event = TypeVar("_Event", bound=tuple[Any, ...])
_Subject: TypeAlias = virDomain | virNetwork | virNodeDevice | virSecret | virStoragePool | None
_Overflow: TypeAlias = Literal["raise", "drop_oldest", "drop_newest"]

class ConnectionLost(libvirtError):
    reason: ConnectCloseReason
    def __init__(self, reason: ConnectCloseReason) -> None: ...

class EventsDropped(Exception):
    count: int
    def __init__(self, count: int) -> None: ...

class QemuMonitorEvent(NamedTuple):
    domain: virDomain
    event: str
    seconds: int
    micros: int
    details: str | None

class EventLoopThread:
    def start(self) -> Self: ...
    def stop(self) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(self, exc_type: type[BaseException] | None, exc_value: BaseException | None,
                 traceback: TracebackType | None) -> None: ...

class Events(Generic[_Event]):
    timeout: float | None
    def __class_getitem__(cls, item: Any, /) -> GenericAlias: ...
    def __init__(self, conn: virConnect, kind: type[_Event], subject: _Subject, timeout: float | None, maxsize: int,
                 overflow: _Overflow) -> None: ...
    @property
    def dropped(self) -> int: ...
    def __enter__(self) -> Self: ...
    def __exit__(self, exc_type: type[BaseException] | None, exc_value: BaseException | None,
                 traceback: TracebackType | None) -> None: ...
    def __iter__(self) -> Self: ...
    def __next__(self) -> _Event: ...
    def get(self, timeout: float | None = None) -> _Event: ...

def events(conn: virConnect, kind: type[_Event], subject: _Subject = None, *, timeout: float | None = None,
           maxsize: int = 1000, overflow: _Overflow = "raise") -> Events[_Event]: ...
def wait_for_event(conn: virConnect, kind: type[_Event], subject: _Subject = None, *,
                   until: Callable[[_Event], object] | None = None, action: Callable[[], object] | None = None,
                   timeout: float | None = None) -> _Event: ...
