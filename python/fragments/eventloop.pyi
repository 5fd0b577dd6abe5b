# SPDX-License-Identifier: LGPL-2.1-or-later
"""The event loop: libvirt's own, or one that a program brings."""

from typing import Any

from libvirt import _T
from libvirt_types import (
    EventAddHandleFunc, EventAddTimeoutFunc, EventHandleCallback, EventRemoveHandleFunc, EventRemoveTimeoutFunc,
    EventTimeoutCallback, EventUpdateHandleFunc, EventUpdateTimeoutFunc,
)

def virEventRegisterImpl(
    addHandle: EventAddHandleFunc[Any],
    updateHandle: EventUpdateHandleFunc,
    removeHandle: EventRemoveHandleFunc,
    addTimeout: EventAddTimeoutFunc[Any],
    updateTimeout: EventUpdateTimeoutFunc,
    removeTimeout: EventRemoveTimeoutFunc,
) -> None: ...
def virEventWakeDefaultImpl() -> None: ...
def virEventInvokeFreeCallback(opaque: Any) -> None: ...
def virEventAddHandle(fd: int, events: int, cb: EventHandleCallback[_T], opaque: _T) -> int: ...
def virEventAddTimeout(timeout: int, cb: EventTimeoutCallback[_T], opaque: _T) -> int: ...
