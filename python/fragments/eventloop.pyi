# SPDX-License-Identifier: LGPL-2.1-or-later
"""The event loop: libvirt's own, or one that a program brings."""

from typing import Any, Callable

from libvirt import _T, _EventAddHandleFunc, _EventAddTimeoutFunc

def virEventRegisterImpl(
    addHandle: _EventAddHandleFunc[Any],
    updateHandle: Callable[[int, int], object],
    removeHandle: Callable[[int], object],
    addTimeout: _EventAddTimeoutFunc[Any],
    updateTimeout: Callable[[int, int], object],
    removeTimeout: Callable[[int], object],
) -> None: ...
def virEventWakeDefaultImpl() -> None: ...
def virEventInvokeFreeCallback(opaque: Any) -> None: ...
def virEventAddHandle(fd: int, events: int, cb: Callable[[int, int, int, _T], object], opaque: _T) -> int: ...
def virEventAddTimeout(timeout: int, cb: Callable[[int, _T], object], opaque: _T) -> int: ...
