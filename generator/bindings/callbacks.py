# SPDX-License-Identifier: LGPL-2.1-or-later
"""Functions that take callbacks, or that run or free them; and what a stream carries."""

from ..converters import BytesIn, CallbackIn, CallbackName, HandResult, Ignored, Plain, Scalar, Status
from .schema import NEVER_RAISES, RAISES_ON_MINUS_ONE, REQUIRED, Callback, Extra, Row

_CALLS_BACK = "takes callbacks"
_FREES = "frees callback data"
_CLOSE = "virConnectCloseFunc"
_LIFECYCLE = "virConnectDomainEventCallback"
_INT = HandResult("int", "int", raises=RAISES_ON_MINUS_ONE)

ROWS = (
    Row("virConnectOpenAuth", _CALLS_BACK, hand=("name", "auth", "flags"), parameters={"name": "uri"},
        defaults={"name": REQUIRED}, inputs={"auth": Plain("auth", "_Auth[_T]")},
        result=HandResult("virConnect", "virConnect", handle="virConnect")),
    Row("virConnectRegisterCloseCallback", _CALLS_BACK,
        inputs={"cb": CallbackIn("cb", "opaque", "freecb", _CLOSE)}),
    Row("virConnectUnregisterCloseCallback", _FREES, frees_callbacks=True,
        result=Status((CallbackName("cb", _CLOSE),))),
    Row("virConnectDomainEventRegister", _CALLS_BACK,
        inputs={"cb": CallbackIn("cb", "opaque", "freecb", _LIFECYCLE)}),
    Row("virConnectDomainEventDeregister", "programs pass the connection twice", frees_callbacks=True,
        inputs={"object": Ignored("object")},
        result=Status((CallbackName("cb", _LIFECYCLE),))),
    *(Row(f"virConnect{what}EventDeregisterAny", _FREES, frees_callbacks=True)
      for what in ("Domain", "Network", "StoragePool", "NodeDevice", "Secret")),
    Row("virEventRegisterImpl", _CALLS_BACK, result=HandResult("None", raises=NEVER_RAISES),
        hand=("addHandle", "updateHandle", "removeHandle", "addTimeout", "updateTimeout", "removeTimeout")),
    Row("virEventAddHandle", _CALLS_BACK,
        inputs={"cb": CallbackIn("cb", "opaque", "ff", "virEventHandleCallback")}),
    Row("virEventAddTimeout", _CALLS_BACK,
        inputs={"cb": CallbackIn("cb", "opaque", "ff", "virEventTimeoutCallback")}),
    Row("virEventRunDefaultImpl", "runs callbacks", hand=(), result=_INT),
    Row("virEventRemoveHandle", "frees callback data, and runs callbacks", hand=("watch",), result=_INT),
    Row("virEventRemoveTimeout", "frees callback data, and runs callbacks", hand=("timer",), result=_INT),
    Row("virStreamEventAddCallback", _CALLS_BACK,
        inputs={"cb": CallbackIn("cb", "opaque", "ff", "virStreamEventCallback")}),
    Row("virStreamEventRemoveCallback", _FREES, frees_callbacks=True),
    Row("virStreamSend", "bytes, and not text",
        inputs={"data": BytesIn("data", "nbytes", "const char *", required=True)}),
    Row("virStreamRecv", "bytes, or why there are none", hand=("stream", "nbytes"),
        inputs={"nbytes": Scalar("nbytes", "long long")},
        result=HandResult("bytes, or -2 when a stream that does not block has nothing")),
    Row("virStreamRecvFlags", "bytes, or why there are none", hand=("stream", "nbytes", "flags"),
        inputs={"nbytes": Scalar("nbytes", "long long")},
        result=HandResult("bytes, or -2 when a stream that does not block has nothing, -3 at a hole")),
)

EXTRAS = (
    Extra("virEventInvokeHandleCallback", ("watch", "fd", "event", "callback", "opaque"),
          "Call libvirt back for a handle."),
    Extra("virEventInvokeTimeoutCallback", ("timer", "callback", "opaque"), "Call libvirt back for a timer."),
    Extra("virEventInvokeFreeCallback", ("callback", "opaque"), "Have libvirt free the data of a removed callback."),
    Extra("virEventWakeDefaultImpl", (),
          """Have the virEventRunDefaultImpl() that is running, or the next one, return soon.

Call it in a thread that wants another thread to end its loop:

    while running:
        libvirt.virEventRunDefaultImpl()

First set running to False, then call this function. A callback does not have
to: the call that runs it returns afterwards anyway.

Raises libvirtError when no event loop is registered.

C functions: virEventAddTimeout, virEventRemoveTimeout"""),
    Extra("_isInherited", ("handle",), "Whether a process that this one was forked from made the handle."),
    Extra("_newReference", ("handle",), "Another handle of the same connection."),
    Extra("_reportException", ("exception",), "What becomes of an exception that a callback raises."),
)

CALLBACKS = (
    Callback(_CLOSE, "_dispatchCloseCallback", on="conn"),
    Callback(_LIFECYCLE, "_dispatchDomainEventCallbacks"),
    Callback("virEventHandleCallback", "_dispatchEventHandleCallback", module="libvirt"),
    Callback("virEventTimeoutCallback", "_dispatchEventTimeoutCallback", module="libvirt"),
    Callback("virStreamEventCallback", "_dispatchStreamEventCallback", on="stream"),
)
