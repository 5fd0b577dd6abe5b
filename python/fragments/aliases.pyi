# SPDX-License-Identifier: LGPL-2.1-or-later
"""Typing aliases of the module, and types that are there for the stub alone."""

from typing import Any, Callable, Protocol, TypeVar

from typing_extensions import TypeAlias

from libvirt import virConnect, virDomain

_T = TypeVar("_T")
_EventCB: TypeAlias = Callable[[int, int, int, _T], None]
_EventAddHandleFunc: TypeAlias = Callable[[int, int, _EventCB[_T], _T], int]
_EventUpdateHandleFunc: TypeAlias = Callable[[int, int], None]
_EventRemoveHandleFunc: TypeAlias = Callable[[int], int]
_TimerCB: TypeAlias = Callable[[int, _T], None]
_EventAddTimeoutFunc: TypeAlias = Callable[[int, _TimerCB[_T], _T], int]
_EventUpdateTimeoutFunc: TypeAlias = Callable[[int, int], None]
_EventRemoveTimeoutFunc: TypeAlias = Callable[[int], int]
_DomainCB: TypeAlias = Callable[[virConnect, virDomain, int, int, _T], int | None]
_BlkioParameter: TypeAlias = dict[str, Any]
_MemoryParameter: TypeAlias = dict[str, Any]
_SchedParameter: TypeAlias = dict[str, Any]
_TypedParameter: TypeAlias = dict[str, Any]
# Without a text if the last call on a connection has not failed at all.
_RawError: TypeAlias = tuple[int, int, str | Any, int, str | None, str | None, str | None, int, int]

_Subject = TypeVar("_Subject", contravariant=True)

# For an event of which only the run tells what it carries.
class _AnyEventCB(Protocol[_Subject]):
    def __call__(self, conn: virConnect, subject: _Subject, /, *args: object) -> object: ...

def __dir__() -> list[str]: ...
