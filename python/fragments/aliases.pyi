# SPDX-License-Identifier: LGPL-2.1-or-later
"""Typing aliases of the module, by which libvirt_types has public names, and what only the stub uses."""

from typing import Any, Callable, Protocol, TypeVar

from typing_extensions import TypeAlias

from libvirt import virConnect
from libvirt_types import (
    DomainEventCallback, EventAddHandleFunc, EventAddTimeoutFunc, EventRemoveHandleFunc, EventRemoveTimeoutFunc,
    EventUpdateHandleFunc, EventUpdateTimeoutFunc, RawError,
)

_T = TypeVar("_T")
_EventCB: TypeAlias = Callable[[int, int, int, _T], None]
_EventAddHandleFunc: TypeAlias = EventAddHandleFunc[_T]
_EventUpdateHandleFunc: TypeAlias = EventUpdateHandleFunc
_EventRemoveHandleFunc: TypeAlias = EventRemoveHandleFunc
_TimerCB: TypeAlias = Callable[[int, _T], None]
_EventAddTimeoutFunc: TypeAlias = EventAddTimeoutFunc[_T]
_EventUpdateTimeoutFunc: TypeAlias = EventUpdateTimeoutFunc
_EventRemoveTimeoutFunc: TypeAlias = EventRemoveTimeoutFunc
_DomainCB: TypeAlias = DomainEventCallback[_T]
_BlkioParameter: TypeAlias = dict[str, Any]
_MemoryParameter: TypeAlias = dict[str, Any]
_SchedParameter: TypeAlias = dict[str, Any]
_TypedParameter: TypeAlias = dict[str, Any]
_RawError: TypeAlias = RawError

_Subject = TypeVar("_Subject", contravariant=True)

# For an event of which only the run tells what it carries.
class _AnyEventCB(Protocol[_Subject]):
    def __call__(self, conn: virConnect, subject: _Subject, /, *args: object) -> object: ...

def __dir__() -> list[str]: ...
