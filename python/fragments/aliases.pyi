# SPDX-License-Identifier: LGPL-2.1-or-later
"""Typing aliases of the module, and types that are there for the stub alone."""

from typing import Any, Callable, Literal, Protocol, SupportsIndex, TypedDict, TypeVar, overload

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

# What openAuth() asks: type, prompt, challenge, default, and room for the answer.
class _Credential(list[Any]):
    @overload  # type: ignore[override]
    def __getitem__(self, index: Literal[0, -5], /) -> int: ...
    @overload
    def __getitem__(self, index: Literal[1, 2, 3, -4, -3, -2], /) -> str | None: ...
    @overload
    def __getitem__(self, index: SupportsIndex, /) -> Any: ...
    @overload
    def __getitem__(self, index: slice, /) -> list[Any]: ...

# Types of credentials, the callback and what it gets.  A list cannot be typed by its places.
_Auth: TypeAlias = (
    tuple[list[int] | tuple[int, ...], Callable[[tuple[_Credential, ...], _T], int] | None, _T]
    | tuple[list[int] | tuple[int, ...], Callable[[tuple[_Credential, ...], None], int] | None]
    | list[Any]
)

_Subject = TypeVar("_Subject", contravariant=True)

# For an event of which only the run tells what it carries.
class _AnyEventCB(Protocol[_Subject]):
    def __call__(self, conn: virConnect, subject: _Subject, /, *args: object) -> object: ...

# Without a job there is none of them.
class _virDomainBlockJobInfo(TypedDict, total=False):
    type: int
    bandwidth: int
    cur: int
    end: int

class _virDomainIPAddress(TypedDict):
    addr: str | None
    prefix: int
    type: int

class _virDomainInterface(TypedDict):
    addrs: list[_virDomainIPAddress] | None
    hwaddr: str | None

class _Seconds(TypedDict):
    seconds: int

def __dir__() -> list[str]: ...
