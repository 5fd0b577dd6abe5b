# SPDX-License-Identifier: LGPL-2.1-or-later
"""The connection, its host, and the library itself."""

from ..converters import (FieldsFilled, HandleIn, HandResult, Key, Number, NumbersFilled, Outputs, ParamsIn,
                          ParamsLearned, Plain, StructOut, Text)
from .schema import NEVER_RAISES, RAISES_ON_MINUS_ONE, Extra, Row

_PAIRS = "an array of structs of a name and a number"
_CHOOSES = "None lets libvirt choose, which the description does not say"
_HYPERVISOR = {name: Text(name, nullable=True) for name in ("emulator", "arch", "machine", "virttype")}

ROWS = (
    Row("virStreamNew", "historic name", name="newStream"),
    Row("virConnectListAllNodeDevices", "historic name", name="listAllDevices"),
    Row("virConnectListDomains", "historic names; numbers instead of names",
        name="listDomainsID", module_name="virConnectListDomainsID",
        result=NumbersFilled("ids", "maxids", "virConnectNumOfDomains")),
    Row("virConnectGetCPUModelNames", "libvirt crashes on NULL",
        inputs={"arch": Text("arch", required=True)}),
    Row("virConnectCompareHypervisorCPU", _CHOOSES, inputs=_HYPERVISOR),
    Row("virConnectBaselineHypervisorCPU", _CHOOSES, inputs=_HYPERVISOR),
    Row("virConnectGetMaxVcpus", _CHOOSES, inputs={"type": Text("type", nullable=True)}),
    Row("virConnectFindStoragePoolSources", _CHOOSES, inputs={"srcSpec": Text("srcSpec", nullable=True)}),
    *(Row(name, "None means any capability, which the description does not say",
          inputs={"cap": Text("cap", nullable=True)}) for name in ("virNodeListDevices", "virNodeNumOfDevices")),
    Row("virConnectGetDomainCapabilities", "by default libvirt chooses",
        defaults={"emulatorbin": None, "arch": None, "machine": None, "virttype": None}),
    Row("virConnectSetIdentity", "the parameters have known types; libvirt crashes on NULL", inputs={
        "conn": HandleIn("conn", "virConnect", required=True),
        "params": ParamsIn("params", "nparams", "VIR_CONNECT_IDENTITY_")}),
    Row("virConnectGetAllDomainStats", "structs of a domain and its typed parameters", hand=("conn", "stats", "flags"),
        defaults={"stats": 0}),
    Row("virDomainListGetStats", "structs of a domain and its typed parameters",
        hand=("conn", "doms", "stats", "flags"), owner="virConnect", name="domainListGetStats", defaults={"stats": 0}),
    Row("virNodeGetInfo", "memory has always been in MiB in Python",
        result=Outputs((StructOut("info", keys={
            "memory": Key(operation=">> 10", description="memory size in MiB")}),))),
    Row("virNodeGetFreeMemory", "0 means failure, but programs expect it as a result",
        result=Number("unsigned long long", failing="0", raises=NEVER_RAISES)),
    Row("virNodeGetCPUStats", _PAIRS, result=FieldsFilled("params", "nparams")),
    Row("virNodeGetMemoryStats", _PAIRS, result=FieldsFilled("params", "nparams")),
    Row("virNodeGetCellsFreeMemory", "an array whose length the caller chooses", hand=("conn", "startCell", "maxCells"),
        result=HandResult("list[int]", "list of int, in bytes")),
    Row("virNodeGetCPUMap", "three results", hand=("conn", "flags"),
        result=HandResult("tuple[int, list[bool], int]",
                          "tuple of number of CPUs, list of bool, number of CPUs online")),
    Row("virNodeGetFreePages", "numbers by cell and page size",
        hand=("conn", "pages", "startCell", "cellCount", "flags"),
        parameters={"cellCount": "maxCells"},
        inputs={"pages": Plain("pages", "list[int] | tuple[int, ...]")},
        result=HandResult("dict[int, dict[int, int]]", "dict of cell and dict of page size and count")),
    Row("virNodeAllocPages", "numbers by page size", hand=("conn", "pages", "startCell", "cellCount", "flags"),
        defaults={"startCell": 0, "cellCount": 0}, inputs={"pages": Plain("pages", "dict[int, int]")},
        result=HandResult("int", raises=RAISES_ON_MINUS_ONE)),
    Row("virNodeSetMemoryParameters", "the types come from the getter", inputs={"params": ParamsLearned(
        "params", "nparams", "virNodeGetMemoryParameters")}),
    Row("virGetVersion", "bound by hand: one number, or two if a driver is named", skip=True),
)

EXTRAS = (
    Extra("virGetVersion", ("driver=None",), "The version of libvirt; with a driver's name, twice."),
    Extra("virRegisterErrorHandler", ("func", "ctx"), "Have func(ctx, error) called for each error of libvirt."),
    Extra("_errorMaker", ("classes",), "What makes a libvirtError of the class that a dict has for its code."),
    Extra("_takeFailure", ("message",), "The error of the failure that 'NAME() failed' speaks of, or None."),
    Extra("_wrappers", ("type", "names"), "What makes an object of a class, and what makes many."),
)
