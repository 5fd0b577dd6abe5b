# SPDX-License-Identifier: LGPL-2.1-or-later
"""Entering a container: what moves the calling process."""

from typing import Any, Literal, SupportsIndex, overload

from libvirt import virDomain

class _virSecurityLabel(list[Any]):
    # label, enforcing
    @overload  # type: ignore[override]
    def __getitem__(self, index: Literal[0, -2], /) -> str: ...
    @overload
    def __getitem__(self, index: Literal[1, -1], /) -> bool: ...
    @overload
    def __getitem__(self, index: SupportsIndex, /) -> Any: ...
    @overload
    def __getitem__(self, index: slice, /) -> list[Any]: ...

def lxcEnterNamespace(domain: virDomain, fdlist: list[int] | tuple[int, ...], flags: int) -> list[int]: ...
def lxcEnterSecurityLabel(
    model: str | list[str] | tuple[str, str],
    label: str | list[Any] | tuple[str, bool],
    flags: int,
) -> _virSecurityLabel: ...
