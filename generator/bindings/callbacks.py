# SPDX-License-Identifier: LGPL-2.1-or-later
"""Functions that take, run or free callbacks, and the data of streams."""

from ..converters import (BytesIn, CallbackIn, CallbackName, HandleIn, Ignored, InputByHand, Plain, ResultByHand,
                          Scalar, Status)
from ..hints import Hint, alias, inside, places
from .schema import RAISES_ON_MINUS_ONE, REQUIRED, Callback, Extra, Row

_TAKES = "takes a callback"
_FREES = "frees callback data"
_CLOSE = "virConnectCloseFunc"
_LIFECYCLE = "virConnectDomainEventCallback"

# A question of openAuth(): a list whose last item is room for the answer.
_CREDENTIAL = places("Credential", type="int", prompt="str | None", challenge="str | None",
                     default="str | None", answer="Any")
# A tuple of the types of questions, the callback that answers them, and the last argument of that callback.  A list
# cannot have a type for each of its items.
_TYPES = "list[int] | tuple[int, ...]"
_AUTH_CALLBACK = alias("AuthCallback", inside("Callable[[tuple[{}, ...], _T], int]", _CREDENTIAL))
_AUTH = alias("Auth", Hint(
    f"tuple[{_TYPES}, AuthCallback[_T] | None, _T] | tuple[{_TYPES}, AuthCallback[None] | None] | list[Any]",
    _AUTH_CALLBACK.needs), "list")

# The argument says how large the buffer is.
_BUFFER = {"nbytes": InputByHand("nbytes", "asBuffer", "Buffer", {"data": "{nbytes}.data", "nbytes": "{nbytes}.size"},
                                 release="dropBuffer", type_hint="int")}
_RECEIVED = ResultByHand(fails="", conversion="fromBuffer(call.self, &nbytes, retval)")


def _number(refusal: str) -> ResultByHand:
    """The result of a function of the event loop, which may fail without an error of libvirt."""
    return ResultByHand(fails="retval == -1", conversion="virPyFromInt(retval)", type_hint="int",
                        raises=RAISES_ON_MINUS_ONE,
                        failing=f"virGetLastError() ? virPyFailInt(call.self, -1) : virPyRefuse(call.self, -1, "
                                f"VIR_ERR_INVALID_ARG, {refusal})")


ROWS = (
    Row("virConnectOpenAuth", _TAKES, parameters={"name": "uri"}, defaults={"name": REQUIRED},
        inputs={"auth": InputByHand("auth", "asAuth", "Auth", {"auth": "&{auth}.given"}, uses=("&call.state",),
                                    release="dropAuth", type_hint=_AUTH)}),
    Row("virConnectRegisterCloseCallback", _TAKES,
        inputs={"cb": CallbackIn("cb", "opaque", "freecb", _CLOSE)}),
    Row("virConnectUnregisterCloseCallback", _FREES, frees_callbacks=True,
        result=Status((CallbackName("cb", _CLOSE),))),
    Row("virConnectDomainEventRegister", _TAKES,
        inputs={"cb": CallbackIn("cb", "opaque", "freecb", _LIFECYCLE)}),
    Row("virConnectDomainEventDeregister", "programs pass the connection as an additional argument",
        frees_callbacks=True, inputs={"object": Ignored("object")},
        result=Status((CallbackName("cb", _LIFECYCLE),))),
    *(Row(f"virConnect{what}EventDeregisterAny", _FREES, frees_callbacks=True)
      for what in ("Domain", "Network", "StoragePool", "NodeDevice", "Secret")),
    Row("virEventRegisterImpl", _TAKES,
        hand=("addHandle", "updateHandle", "removeHandle", "addTimeout", "updateTimeout", "removeTimeout")),
    *(Row(f"virEventAdd{what}", _TAKES + "; reports no error if there is no event loop",
          inputs={"cb": CallbackIn("cb", "opaque", "ff", f"virEvent{what}Callback")},
          result=_number(f'"no event loop is registered, or it has refused {which}"'))
      for what, which in (("Handle", "a watch"), ("Timeout", "a timer"))),
    Row("virEventRunDefaultImpl", _FREES, frees_callbacks=True),
    *(Row(f"virEventRemove{what}", _FREES + "; reports no error for an id that it does not know", frees_callbacks=True,
          result=_number(f'"there is no {which} %d", call.in[0].i'))
      for what, which in (("Handle", "watch"), ("Timeout", "timer"))),
    Row("virStreamEventAddCallback", _TAKES,
        inputs={"cb": CallbackIn("cb", "opaque", "ff", "virStreamEventCallback")}),
    Row("virStreamEventRemoveCallback", _FREES, frees_callbacks=True),
    Row("virStreamSend", "takes bytes, not text",
        inputs={"data": BytesIn("data", "nbytes", "const char *", required=True)}),
    *(Row(name, "returns bytes, or a number that says why there are none", inputs=_BUFFER, result=_RECEIVED)
      for name in ("virStreamRecv", "virStreamRecvFlags")),
)

EXTRAS = (
    Extra("virEventInvokeHandleCallback",
          (*(Scalar(name, "int") for name in ("watch", "fd", "event")), Plain("callback"), Plain("opaque")),
          "Call libvirt back for a handle."),
    Extra("virEventInvokeTimeoutCallback", (Scalar("timer", "int"), Plain("callback"), Plain("opaque")),
          "Call libvirt back for a timer."),
    Extra("virEventInvokeFreeCallback", (Plain("callback"), Plain("opaque")),
          "Have libvirt free the data of a removed callback."),
    Extra("virEventWakeDefaultImpl", (),
          """Have libvirt.virEventRunDefaultImpl() return soon.

The call that is running returns, or the next one. So a thread can end the loop
of another thread:

    while running:
        libvirt.virEventRunDefaultImpl()

Set running to False first, then call this function. A callback need not call
it: the call that runs the callback returns afterwards anyway.

Raises libvirtError if no event loop is registered.

C functions: virEventAddTimeout, virEventRemoveTimeout"""),
    Extra("_isInherited", (Plain("handle"),), "Tell whether the handle was made before the process was forked."),
    Extra("_newReference", (HandleIn("handle", "virConnect", required=True),),
          "Return another handle of the same connection."),
    Extra("_reportException", (Plain("exception"),), "Report an exception that a callback has raised."),
)

CALLBACKS = (
    Callback(_CLOSE, "_dispatchCloseCallback", on="conn"),
    Callback(_LIFECYCLE, "_dispatchDomainEventCallbacks"),
    Callback("virEventHandleCallback", "_dispatchEventHandleCallback", module="libvirt"),
    Callback("virEventTimeoutCallback", "_dispatchEventTimeoutCallback", module="libvirt"),
    Callback("virStreamEventCallback", "_dispatchStreamEventCallback", on="stream"),
)
