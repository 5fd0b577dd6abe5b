# SPDX-License-Identifier: LGPL-2.1-or-later
"""The connection, its host, and the library itself."""

from ..converters import (FieldsFilled, HandleIn, Ignored, InputByHand, Key, Number, NumbersFilled, OutputByHand,
                          Outputs, ParamsIn, ParamsLearned, Plain, ResultByHand, ScalarOut, StructOut, Text)
from ..hints import record
from .schema import NEVER_RAISES, Extra, Row

_PAIRS = "an array of structs of a name and a number"
_CHOOSES = "None lets libvirt choose, which the description does not say"
_STATS = Outputs((OutputByHand("retStats", "fromStats({retStats}, retval)"),))
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
    Row("virConnectGetAllDomainStats", "structs of a domain and its typed parameters", defaults={"stats": 0},
        result=_STATS),
    Row("virDomainListGetStats", "structs of a domain and its typed parameters; a method of the connection",
        owner="virConnect", name="domainListGetStats", defaults={"stats": 0}, result=_STATS,
        inputs={"conn": Ignored("conn", first=True),
                "doms": InputByHand("doms", "asDomains", "Domains", {"doms": "{doms}.array"},
                                    release="releaseDomains")}),
    Row("virNodeGetInfo", "memory has always been in MiB in Python",
        result=Outputs((StructOut("info", keys={
            "memory": Key(operation=">> 10", description="memory size in MiB")}),))),
    Row("virNodeGetFreeMemory", "0 means failure, but programs expect it as a result",
        result=Number("unsigned long long", failing="0", raises=NEVER_RAISES)),
    Row("virNodeGetCPUStats", _PAIRS, result=FieldsFilled("params", "nparams")),
    Row("virNodeGetMemoryStats", _PAIRS, result=FieldsFilled("params", "nparams")),
    Row("virNodeGetCellsFreeMemory", "an array whose length the caller chooses", result=Outputs((OutputByHand(
        "freeMems", "virPyListOf(retval, memoryItem, {freeMems})", "list[int]", "list of int, in bytes",
        variable="unsigned long long *", passed={"freeMems": "{freeMems}"}, release="virPyFreePointer",
        unprepared="!({freeMems} = newCells(call.self, {startCell}, {maxCells}))"),))),
    Row("virNodeGetCPUMap", "three results, one of which is returned", result=ResultByHand(
        (OutputByHand("cpumap", "virPyFromCpuMap({cpumap}, VIR_CPU_MAPLEN(retval), retval, 0)",
                      release="virPyFreePointer"), ScalarOut("online", "unsigned int")),
        conversion="virPyPackTuple(3, virPyFromInt(retval), {cpumap}, {online})",
        type_hint=record("NodeCPUMap", "tuple[int, list[bool], int]", cpus="int", cpumap="list[bool]", online="int"),
        description="tuple of number of CPUs, list of bool, number of CPUs online")),
    Row("virNodeGetFreePages", "numbers by cell and page size", parameters={"cellCount": "maxCells"},
        inputs={"pages": InputByHand(
            "pages", "virPyAsUInts", "virPyArray", {"pages": "{pages}.items", "npages": "{pages}.count"},
            release="virPyFreePointer", type_hint="list[int] | tuple[int, ...]")},
        result=Outputs((OutputByHand(
            "counts", "virPyDictOf({counts}.nsizes ? retval / (int){counts}.nsizes : 0, cellPair, &{counts})",
            "dict[int, dict[int, int]]",
            "dict of cell and dict of page size and count", variable="FreePages",
            passed={"counts": "{counts}.counts"}, release="virPyFreePointer",
            unprepared="newFreePages(call.self, &pages, {startCell}, {cellCount}, &{counts}) < 0"),))),
    Row("virNodeAllocPages", "numbers by page size", parameters={"pageSizes": "pages"},
        defaults={"startCell": 0, "cellCount": 0},
        inputs={"pageSizes": InputByHand(
            "pageSizes", "asPages", "Pages", {"pageSizes": "{pageSizes}.sizes.items",
                                              "pageCounts": "{pageSizes}.counts.items",
                                              "npages": "{pageSizes}.sizes.count"},
            release="freePages", type_hint="dict[int, int]")}),
    Row("virNodeSetMemoryParameters", "the types come from the getter", inputs={"params": ParamsLearned(
        "params", "nparams", "virNodeGetMemoryParameters")}),
    Row("virGetVersion", "bound by hand: one number, or two if a driver is named", skip=True),
)

EXTRAS = (
    Extra("virGetVersion", (Plain("driver"),), "The version of libvirt; with a driver's name, twice.", optional=True),
    Extra("virRegisterErrorHandler", (Plain("func"), Plain("ctx")),
          "Have func(ctx, error) called for each error of libvirt."),
    Extra("_errorMaker", (Plain("classes"),),
          "Return a libvirtError.__new__() that takes the class for each code from a dict."),
    Extra("_takeFailure", (Plain("message"),),
          "Take the recorded error of the failure that 'NAME() failed' names, or None."),
    Extra("_wrappers", (Plain("type"), Plain("names")),
          "Return a function that creates one object of a class, and one that creates a list."),
)
