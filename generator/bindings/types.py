# SPDX-License-Identifier: LGPL-2.1-or-later
"""Types with public names for the arguments of hand-written functions: callbacks above all.

The stubs of python/fragments/ use them.  A callback has the name that its type
has in C, without "vir" and "Connect".  The types of callbacks for events follow
from the API description.
"""

from ..hints import alias
from .schema import Type


def _callback(name: str, arguments: str, result: str, doc: str) -> Type:
    return Type(alias(name, f"Callable[[{arguments}], {result}]"), doc)


TYPES = (
    _callback("ErrorFunc", "_T, RawError", "object",
              "Argument of libvirt.registerErrorHandler(): f(ctx, error)."),
    _callback("CloseFunc", "virConnect, int, _T", "object",
              "Argument of virConnect.registerCloseCallback(): cb(conn, reason, opaque)."),
    _callback("EventHandleCallback", "int, int, int, _T", "object",
              "Argument of libvirt.virEventAddHandle(): cb(watch, fd, events, opaque)."),
    _callback("EventTimeoutCallback", "int, _T", "object",
              "Argument of libvirt.virEventAddTimeout(): cb(timer, opaque)."),
    _callback("EventAddHandleFunc", "int, int, Callable[[int, int, int, _T], None], _T", "int",
              "Argument of libvirt.virEventRegisterImpl(): addHandle(fd, events, cb, opaque) returns the watch."),
    _callback("EventUpdateHandleFunc", "int, int", "object",
              "Argument of libvirt.virEventRegisterImpl(): updateHandle(watch, events)."),
    _callback("EventRemoveHandleFunc", "int", "object",
              "Argument of libvirt.virEventRegisterImpl(): removeHandle(watch)."),
    _callback("EventAddTimeoutFunc", "int, Callable[[int, _T], None], _T", "int",
              "Argument of libvirt.virEventRegisterImpl(): addTimeout(milliseconds, cb, opaque) returns the timer."),
    _callback("EventUpdateTimeoutFunc", "int, int", "object",
              "Argument of libvirt.virEventRegisterImpl(): updateTimeout(timer, milliseconds)."),
    _callback("EventRemoveTimeoutFunc", "int", "object",
              "Argument of libvirt.virEventRegisterImpl(): removeTimeout(timer)."),
    _callback("StreamEventCallback", "virStream, int, _T", "object",
              "Argument of virStream.eventAddCallback(): cb(stream, events, opaque)."),
    _callback("StreamSinkFunc", "virStream, bytes, _T", "object",
              "Argument of virStream.recvAll() and virStream.sparseRecvAll(): handler(stream, data, opaque)."),
    _callback("StreamSinkHoleFunc", "virStream, int, _T", "object",
              "Argument of virStream.sparseRecvAll(): holeHandler(stream, length, opaque)."),
    _callback("StreamSourceFunc", "virStream, int, _T", "ReadableBuffer | int | None",
              "Argument of virStream.sendAll() and virStream.sparseSendAll(): handler(stream, nbytes, opaque) returns "
              "at most so many bytes, none at the end, or a negative int to fail."),
    _callback("StreamSourceHoleFunc", "virStream, _T", "tuple[int, int] | list[int] | int",
              "Argument of virStream.sparseSendAll(): holeHandler(stream, opaque) returns whether data are next, and "
              "the length of the data or of the hole; or a negative int to fail."),
    _callback("StreamSourceSkipFunc", "virStream, int, _T", "object",
              "Argument of virStream.sparseSendAll(): skipHandler(stream, length, opaque)."),
)

QEMU_TYPES = (
    _callback("DomainQemuMonitorEventCallback", "virConnect, virDomain, str | Any, int, int, str | Any, _T", "object",
              "Argument of libvirt_qemu.qemuMonitorEventRegister(): cb(conn, dom, event, seconds, micros, details, "
              "opaque)."),
)

ADMIN_TYPES = (
    _callback("AdmCloseFunc", "virAdmConnect, int, _T", "object",
              "Argument of virAdmConnect.registerCloseCallback(): cb(conn, reason, opaque)."),
)
