# SPDX-License-Identifier: LGPL-2.1-or-later
"""Entering a container: what moves the calling process."""

from typing import Any

from libvirt import virDomain
from libvirt_types import SecurityLabelList

def lxcEnterNamespace(domain: virDomain, fdlist: list[int] | tuple[int, ...], flags: int) -> list[int]: ...
def lxcEnterSecurityLabel(
    model: str | list[str] | tuple[str, str],
    label: str | list[Any] | tuple[str, bool],
    flags: int,
) -> SecurityLabelList: ...
