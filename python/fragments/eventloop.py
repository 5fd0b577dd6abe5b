# SPDX-License-Identifier: LGPL-2.1-or-later
"""The event loop: libvirt's own, or one that a program brings."""

import libvirtmod
from libvirt import _requireCallable, libvirtError


def virEventRegisterImpl(addHandle, updateHandle, removeHandle, addTimeout, updateTimeout, removeTimeout):
    """Have libvirt use an event loop that is written in Python, for the life of the process.

    addHandle(fd, events, cb, opaque) and addTimeout(ms, cb, opaque) return an
    int that names the watch or timer; updateHandle(watch, events),
    removeHandle(watch), updateTimeout(timer, ms) and removeTimeout(timer)
    get it back.  ms is -1 for a timer that is off, 0 for one that fires at
    each turn, else the period in milliseconds.

    The loop calls cb(watch, fd, events, opaque) for a handle that is ready,
    and cb(timer, opaque) for a timer.  Some time after a removal, and not from
    inside it, it calls virEventInvokeFreeCallback(opaque).

    Raises TypeError for an argument that is not callable, RuntimeError when a
    loop was registered before.

    C function: virEventRegisterImpl
    """
    libvirtmod.virEventRegisterImpl(addHandle, updateHandle, removeHandle, addTimeout, updateTimeout, removeTimeout)


# Not a function of Python: those in this module stand for functions of libvirt, and libvirt has none for this.
virEventWakeDefaultImpl = libvirtmod.virEventWakeDefaultImpl


def _eventInvokeHandleCallback(watch, fd, event, opaque, opaquecompat=None):
    """What an event loop calls for a handle that is ready."""
    # Loops of long ago pass the C callback and its data as two arguments.
    callback, data = (opaque, opaquecompat) if opaquecompat else opaque[:2]
    libvirtmod.virEventInvokeHandleCallback(watch, fd, event, callback, data)


def _eventInvokeTimeoutCallback(timer, opaque, opaquecompat=None):
    """What an event loop calls for a timer."""
    callback, data = (opaque, opaquecompat) if opaquecompat else opaque[:2]
    libvirtmod.virEventInvokeTimeoutCallback(timer, callback, data)


def virEventInvokeFreeCallback(opaque):
    """Free what libvirt had for a handle or timer that was removed; once is enough.

    Not to be called from inside a callback of libvirt.
    """
    libvirtmod.virEventInvokeFreeCallback(opaque[2], opaque[1])


def _dispatchEventHandleCallback(watch, fd, events, cbData):
    cbData["cb"](watch, fd, events, cbData["opaque"])
    return 0


def _dispatchEventTimeoutCallback(timer, cbData):
    cbData["cb"](timer, cbData["opaque"])
    return 0


def virEventAddHandle(fd, events, cb, opaque):
    """Have the registered event loop call cb(watch, fd, events, opaque) when a descriptor is ready.

    events: bitwise-OR of VIR_EVENT_HANDLE_...

    Returns an int, the watch.  Raises libvirtError on failure.

    C function: virEventAddHandle
    """
    _requireCallable('virEventAddHandle', 'cb', cb)
    data = {"cb": cb, "opaque": opaque}
    ret = libvirtmod.virEventAddHandle(fd, events, data)
    if ret == -1:
        raise libvirtError('virEventAddHandle() failed')
    return ret


def virEventAddTimeout(timeout, cb, opaque):
    """Have the registered event loop call cb(timer, opaque) again and again.

    timeout: period in milliseconds, 0 for each turn of the loop, -1 for never

    Returns an int, the timer.  Raises libvirtError on failure.

    C function: virEventAddTimeout
    """
    _requireCallable('virEventAddTimeout', 'cb', cb)
    data = {"cb": cb, "opaque": opaque}
    ret = libvirtmod.virEventAddTimeout(timeout, data)
    if ret == -1:
        raise libvirtError('virEventAddTimeout() failed')
    return ret
