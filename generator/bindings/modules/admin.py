# SPDX-License-Identifier: LGPL-2.1-or-later
"""Module libvirt_admin: the servers of a running daemon, their clients and limits, and its logging."""

from ...converters import CallbackIn, CallbackName, HandleIn, Number, Outputs, ParamsIn, Status, Text, TextOut
from .. import handles, types
from ..schema import NEVER_RAISES, Callback, Extra, Handle, Module, Parameters, Part, Row

_CLOSE = "virAdmConnectCloseFunc"
_TYPES = "the parameters have known types"

MODULE = Module(
    name="libvirt_admin", extension="libvirtmod_admin", library="libvirt-admin", header="libvirt/libvirt-admin.h",
    handles=(
        Handle("virAdmConnect", "virAdmConnectClose", "virAdmConnectRef", "VIR_ERR_INVALID_CONN"),
        Handle("virAdmServer", "virAdmServerFree", "", "VIR_ERR_NO_SERVER", "virAdmConnect", "conn", "connect"),
        Handle("virAdmClient", "virAdmClientFree", "", "VIR_ERR_NO_CLIENT", "virAdmServer", "srv", "server"),
    ),
    own_classes=True, borrows=("libvirtError", "_Registrations", "_checkObjects", "_repr", "_requireCallable"),
    defaults=True, shown=handles.SHOWN,
    parts=(Part(bodies=("admin.c",)),),
    rows=(
        Row("virAdmConnectRegisterCloseCallback", "takes a callback",
            inputs={"cb": CallbackIn("cb", "opaque", "freecb", _CLOSE)}),
        Row("virAdmConnectUnregisterCloseCallback", "frees callback data", frees_callbacks=True,
            result=Status((CallbackName("cb", _CLOSE),))),
        *(Row(f"virAdmConnectSetLogging{what.title()}",
              "None restores the defaults, which the description does not say",
              inputs={what: Text(what, nullable=True)}) for what in ("filters", "outputs")),
        Row("virAdmServerGetName", "only reads a field and cannot block; every value is a result, none a failure",
            keep_gil=True, raises=NEVER_RAISES),
        Row("virAdmClientGetID", "only reads a field and cannot block", keep_gil=True,
            result=Number("unsigned long long", raises=NEVER_RAISES)),
        Row("virAdmClientGetTimestamp", "only reads a field and cannot block", keep_gil=True,
            result=Number("long long", raises=NEVER_RAISES)),
        Row("virAdmClientGetTransport", "only reads a field and cannot block", keep_gil=True),
        *(Row(f"virAdmConnectGetLogging{what.title()}", "the text is written, not read; NULL means that there is none",
              result=Outputs((TextOut(what, empty=True),))) for what in ("filters", "outputs")),
        Row("virAdmServerSetThreadPoolParameters", _TYPES, inputs={
            "params": ParamsIn("params", "nparams", "VIR_THREADPOOL_")}),
        Row("virAdmServerSetClientLimits", _TYPES, inputs={
            "params": ParamsIn("params", "nparams", "VIR_SERVER_CLIENTS_", {"nclients_max": "UINT"})}),
    ),
    extras=(Extra("_isTaken", (), "Whether a connection of libvirt or of libvirt-admin has been opened here."),
            Extra("_newReference", (HandleIn("handle", "virAdmConnect", required=True),),
                  "Another handle of the same connection.")),
    callbacks=(Callback(_CLOSE, "_dispatchCloseCallback", on="conn"),),
    parameters=(
        Parameters("ThreadPoolParameters", "VIR_THREADPOOL_", taken=("virAdmServerSetThreadPoolParameters",),
                   returned=("virAdmServerGetThreadPoolParameters",)),
        Parameters("ClientLimits", "VIR_SERVER_CLIENTS_", taken=("virAdmServerSetClientLimits",),
                   returned=("virAdmServerGetClientLimits",)),
        Parameters("ClientInfo", "VIR_CLIENT_INFO_", returned=("virAdmClientGetInfo",)),
    ),
    types=types.ADMIN_TYPES, fragments=("admin.py",),
    doc="Manage a running daemon of libvirt: its servers, clients and logging.",
)
