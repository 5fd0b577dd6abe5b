# SPDX-License-Identifier: LGPL-2.1-or-later
"""The event loop: libvirt's own, or one that a program brings."""

import libvirtmod
from libvirt import _requireCallable, libvirtError

# Not empty once a program has brought an event loop: libvirt then ignores its own.
_brought = []


def virEventRegisterImpl(addHandle, updateHandle, removeHandle, addTimeout, updateTimeout, removeTimeout):
    """Have libvirt use an event loop of the program.

    libvirt uses it for the life of the process. The loop calls
    cb(watch, fd, events, opaque) for a file descriptor that is ready, and
    cb(timer, opaque) for a timer that fires. After a removal, and not from
    inside it, it calls libvirt.virEventInvokeFreeCallback(opaque) once.

    addHandle: callable, addHandle(fd, events, cb, opaque) begins a watch of a
        file descriptor, and returns an int that names it
    updateHandle: callable, updateHandle(watch, events) changes its events
    removeHandle: callable, removeHandle(watch) ends it
    addTimeout: callable, addTimeout(ms, cb, opaque) begins a timer, and
        returns an int that names it; ms is its period in milliseconds, 0 for
        each turn of the loop, -1 for a timer that is off
    updateTimeout: callable, updateTimeout(timer, ms) changes its period
    removeTimeout: callable, removeTimeout(timer) ends it

    Raises TypeError for an argument that is not callable.
    Raises RuntimeError if a loop was registered before.

    C function: virEventRegisterImpl
    """
    libvirtmod.virEventRegisterImpl(addHandle, updateHandle, removeHandle, addTimeout, updateTimeout, removeTimeout)
    _brought.append(True)


# This is the C function itself, because libvirt has no function of this name: each Python function of this module
# stands for one of libvirt.
virEventWakeDefaultImpl = libvirtmod.virEventWakeDefaultImpl


def _eventInvokeHandleCallback(watch, fd, event, opaque, opaquecompat=None):
    """Call libvirt back for a handle that is ready."""
    # Old event loops pass the C callback and its data as two arguments.
    callback, data = (opaque, opaquecompat) if opaquecompat else opaque[:2]
    libvirtmod.virEventInvokeHandleCallback(watch, fd, event, callback, data)


def _eventInvokeTimeoutCallback(timer, opaque, opaquecompat=None):
    """Call libvirt back for a timer."""
    callback, data = (opaque, opaquecompat) if opaquecompat else opaque[:2]
    libvirtmod.virEventInvokeTimeoutCallback(timer, callback, data)


def virEventInvokeFreeCallback(opaque):
    """Have libvirt free the data of a handle or timer that was removed.

    An event loop that libvirt.virEventRegisterImpl() was given calls this
    function once after each removal, and not from inside a callback.

    opaque: what the loop was given when the handle or timer was added
    """
    libvirtmod.virEventInvokeFreeCallback(opaque[2], opaque[1])


def _dispatchEventHandleCallback(watch, fd, events, cbData):
    cbData["cb"](watch, fd, events, cbData["opaque"])
    return 0


def _dispatchEventTimeoutCallback(timer, cbData):
    cbData["cb"](timer, cbData["opaque"])
    return 0


def virEventAddHandle(fd, events, cb, opaque):
    """Have the event loop call a function when a file descriptor is ready.

    It is called as cb(watch, fd, events, opaque). An event loop must be
    registered before.

    fd: int, the file descriptor
    events: int, bitwise-OR of libvirt_enums.EventHandleType
    cb: callable, called in the thread that runs the event loop
    opaque: any object, passed on to the function

    Returns int: the watch, for libvirt.virEventUpdateHandle() and
    libvirt.virEventRemoveHandle().
    Raises libvirtError on failure.

    C function: virEventAddHandle
    """
    _requireCallable('virEventAddHandle', 'cb', cb)
    data = {"cb": cb, "opaque": opaque}
    ret = libvirtmod.virEventAddHandle(fd, events, data)
    if ret == -1:
        raise libvirtError('virEventAddHandle() failed')
    return ret


def virEventAddTimeout(timeout, cb, opaque):
    """Have the event loop call a function periodically.

    It is called as cb(timer, opaque). An event loop must be registered before.

    timeout: int, period in milliseconds, 0 for each turn of the loop, -1 for a
        timer that is off
    cb: callable, called in the thread that runs the event loop
    opaque: any object, passed on to the function

    Returns int: the timer, for libvirt.virEventUpdateTimeout() and
    libvirt.virEventRemoveTimeout().
    Raises libvirtError on failure.

    C function: virEventAddTimeout
    """
    _requireCallable('virEventAddTimeout', 'cb', cb)
    data = {"cb": cb, "opaque": opaque}
    ret = libvirtmod.virEventAddTimeout(timeout, data)
    if ret == -1:
        raise libvirtError('virEventAddTimeout() failed')
    return ret
