# SPDX-License-Identifier: LGPL-2.1-or-later
"""Domains, snapshots and checkpoints."""

from types import MappingProxyType
from typing import Mapping

from ..converters import (BufferOut, CpuMapIn, FieldsFilled, HandResult, HandleIn, Ignored, InputByHand, IntsIn, Key,
                          NamesFilled, Number, OutputByHand, Outputs, ParamsFilled, ParamsIn, ParamsLearned, ParamsOut,
                          Plain, Records, ResultByHand, ScalarOut, StructArray, StructOut, Text, Unpassed)
from ..hints import dict_of, empty, inside, keys, list_of, or_none, record, union
from .schema import RAISES_ON_ZERO, REQUIRED, Row

_DESTINATION = "the new domain belongs to the connection to the destination"
_DESCRIPTORS = "an array of descriptors that is read, not written"
_NULL = "libvirt crashes on NULL"
_TYPES = "the parameters have known types"
_ENFORCING = {"enforcing": Key(boolean=True)}

_ADDRESS = keys("IPAddress", addr="str | None", prefix="int", type="int")
_INTERFACE = keys("DomainInterface", addrs=or_none(list_of(_ADDRESS)), hwaddr="str | None")
_TIME = keys("DomainTime", seconds="int", nseconds="int")
_VCPU = record("VcpuInfo", "tuple[int, int, int, int]", number="int", state="int", cpuTime="int", cpu="int")
_IO_THREAD = record("IOThreadInfo", "tuple[int, list[bool]]", iothread_id="int", cpumap="list[bool]")
_SCHEDULER = record("SchedulerType", "tuple[str, int]", type="str", nparams="int")

_HISTORIC = (
    Row("virDomainSnapshotNum", "historic name", name="snapshotNum"),
    Row("virDomainGetMaxMemory", "0 means failure",
        result=Number("unsigned long", failing="0", raises=RAISES_ON_ZERO)),
    Row("virDomainMigrate", _DESTINATION, parent="dconn", keep_alive="self._conn"),
    Row("virDomainMigrate2", _DESTINATION, parent="dconn", keep_alive="self._conn"),
    Row("virDomainFSFreeze", "historic name; by default all filesystems", name="fsFreeze",
        defaults={"mountpoints": None}),
    Row("virDomainFSThaw", "historic name; by default all filesystems", name="fsThaw",
        defaults={"mountpoints": None}),
    Row("virDomainGetGuestInfo", "by default all types", defaults={"types": 0}),
    Row("virDomainAuthorizedSSHKeysSet", "by default no keys; " + _NULL, defaults={"keys": None},
        inputs={"user": Text("user", required=True)}),
    Row("virDomainAuthorizedSSHKeysGet", _NULL, inputs={"user": Text("user", required=True)}),
    Row("virDomainManagedSaveDefineXML",
        _NULL + " with flags that exclude each other; None means no change, which the description does not say",
        inputs={"domain": HandleIn("domain", "virDomain", required=True),
                "dxml": Text("dxml", nullable=True)}),
    Row("virDomainFSTrim", "None means all filesystems, which the description does not say",
        inputs={"mountPoint": Text("mountPoint", nullable=True)}),
    *(Row(f"vir{what}GetMetadata", "None for a title or a description, which the description does not say",
          inputs={"uri": Text("uri", nullable=True)}) for what in ("Domain", "Network")),
    *(Row(f"vir{what}SetMetadata", "None removes the metadata, which the description does not say",
          inputs={"metadata": Text("metadata", nullable=True)}) for what in ("Domain", "Network")),
    Row("virDomainRevertToSnapshot", "historically a method of the domain, which is no argument of the C function",
        inputs={"dom": Ignored("dom", first=True)}, owner="virDomain", name="revertToSnapshot",
        parameters={"snapshot": "snap"}),
)

_STRUCTS = (
    Row("virDomainGetState", "two results, in a list",
        result=Outputs((ScalarOut("state", "int"), ScalarOut("reason", "int")), "List")),
    Row("virDomainGetSecurityLabel", "a field is a truth value",
        result=Outputs((StructOut("seclabel", keys=_ENFORCING),))),
    Row("virDomainGetSecurityLabelList", "an array of structs with a truth value",
        result=StructArray("seclabels", "List", keys=_ENFORCING)),
    Row("virDomainBlockStats", "a struct with an argument for its size, as a tuple", parameters={"disk": "path"},
        result=Outputs((StructOut("stats", "Tuple", size="size"),))),
    Row("virDomainBlockStatsFlags", "historic name of a parameter", parameters={"disk": "path"}),
    Row("virDomainGetBlockInfo", "historic name of a parameter", parameters={"disk": "path"}),
    Row("virDomainInterfaceStats", "a struct with an argument for its size, as a tuple", parameters={"device": "path"},
        result=Outputs((StructOut("stats", "Tuple", size="size"),))),
    Row("virDomainGetTime", "historic name; two results, in a dict", name="getTime",
        result=Outputs((ScalarOut("seconds", "long long"), ScalarOut("nseconds", "unsigned int")),
                       "Dict")),
    Row("virDomainGetFSInfo", "historic name; structs as tuples", name="fsInfo", result=Records("info", "Tuple")),
    Row("virDomainBlockPeek", "a buffer whose size the caller chooses",
        result=Outputs((BufferOut("buffer", "size"),))),
    Row("virDomainMemoryPeek", "a buffer whose size the caller chooses",
        result=Outputs((BufferOut("buffer", "size"),))),
    Row("virDomainGetSchedulerType", "a name that is returned and a number that is not, in a tuple",
        result=ResultByHand((ScalarOut("nparams", "int"),), ctype="char *",
                            conversion="virPyPackTuple(2, virPyFromAllocated(retval), {nparams})",
                            type_hint=_SCHEDULER, description="tuple of name and number of parameters")),
    Row("virDomainGetBlockJobInfo", "an empty dict if there is no job; historic name of a parameter",
        parameters={"disk": "path"},
        result=ResultByHand(
            (StructOut("info", "Dict"),), conversion="retval == 0 ? PyDict_New() : {info}",
            type_hint=union(keys("BlockJobInfo", type="int", bandwidth="int", cur="int", end="int"),
                            empty("NoBlockJob", "int")),
            description="dict of type, bandwidth, cur and end; empty when there is no job")),
    Row("virDomainGetJobStats", "typed parameters, and a number that becomes one of them",
        result=ResultByHand((ScalarOut("type", "int"), ParamsOut("params", "nparams")),
                            conversion="addJobType({params}, type)", type_hint="dict[str, Any]",
                            description="dict of typed parameters, and type")),
    Row("virDomainGetDiskErrors", "an array of structs that the caller allocates, as a dict by name",
        inputs={"flags": Unpassed("flags", "unsigned int", mask=True)},
        result=FieldsFilled("errors", "maxerrors", returned=True)),
    Row("virDomainMemoryStats", "an array of tagged numbers, as a dict", result=Outputs((OutputByHand(
        "stats", "fromMemoryStats({stats}, retval)", "dict[str, int]",
        "dict of number, in KiB but for faults, huge pages and last_update",
        variable="virDomainMemoryStatStruct", room="VIR_DOMAIN_MEMORY_STAT_NR",
        passed={"stats": "{stats}", "nr_stats": "VIR_DOMAIN_MEMORY_STAT_NR", "flags": "0"}),))),
    Row("virDomainInterfaceAddresses", "structs in structs", result=Outputs((OutputByHand(
        "ifaces", "virPyDictOf(retval, interfacePair, {ifaces})", dict_of("str", _INTERFACE),
        "dict of interface name and dict of addrs and hwaddr", release="virPyFreePointer"),))),
    Row("virDomainGetCPUStats", "historic name; typed parameters for each CPU", hand=("domain", "total", "flags"),
        name="getCPUStats", inputs={"total": Plain("total", "int")},
        result=HandResult("list[dict[str, Any]]", "list of dict, one for each CPU or one for all")),
)


def _maps(name: str, conversion: str, each: str, more: Mapping[str, str] = MappingProxyType({}), type_hint: str = "",
          description: str = "") -> OutputByHand:
    """A CPU map of the domain, or one for EACH virtual CPU."""
    return OutputByHand(name, conversion, type_hint, description, variable="CpuMaps", release="virPyFreePointer",
                        passed={name: f"{{{name}}}.maps", "maplen": f"{{{name}}}.length", **more},
                        unprepared=f"newCpuMaps({{domain}}, {each}, &{{{name}}}) < 0")


_CPU_MAPS = (
    *(Row(name, "a CPU map that is read, not written, with its length",
          inputs={"cpumap": CpuMapIn("cpumap", "maplen", "domain")})
      for name in ("virDomainPinVcpu", "virDomainPinVcpuFlags", "virDomainPinEmulator")),
    Row("virDomainPinIOThread", "a CPU map that is read, not written, with its length",
        parameters={"iothread_id": "iothread_val"}, inputs={"cpumap": CpuMapIn("cpumap", "maplen", "domain")}),
    # Both lists are as long as the domain has CPUs, even if libvirt has filled fewer elements.
    Row("virDomainGetVcpus", "two arrays as results", result=ResultByHand(
        (_maps("cpumaps", "virPyListOf({cpumaps}.count, cpuMapItem, &{cpumaps})", "true"),
         OutputByHand("info", "virPyListOf(cpumaps.count, vcpuItem, {info})", variable="virVcpuInfoPtr",
                      passed={"info": "{info}", "maxinfo": "cpumaps.count"}, release="virPyFreePointer",
                      unprepared="!({info} = virPyNewArray((size_t)cpumaps.count, sizeof(*{info})))")),
        conversion="virPyPackTuple(2, {info}, {cpumaps})",
        type_hint=inside("tuple[list[{}], list[tuple[bool, ...]]]", _VCPU),
        description="tuple of two lists: of (number, state, CPU time, CPU), and of tuples of bool")),
    Row("virDomainGetVcpuPinInfo", "an array of CPU maps", result=Outputs((_maps(
        "cpumaps", "virPyListOf(retval, cpuMapItem, &{cpumaps})", "true", {"ncpumaps": "{cpumaps}.count"},
        "list[tuple[bool, ...]]", "list of tuples of bool"),))),
    Row("virDomainGetEmulatorPinInfo", "a CPU map as result", result=Outputs((_maps(
        "cpumap", "cpuMapItem(&{cpumap}, 0)", "false", {}, "tuple[bool, ...]", "tuple of bool"),))),
    Row("virDomainGetIOThreadInfo", "historic name; structs with CPU maps", name="ioThreadInfo",
        result=Outputs((OutputByHand(
            "info", "virPyListOf(retval, ioThreadItem, &{info})", list_of(_IO_THREAD),
            "list of (id, list of bool)", variable="IOThreads", passed={"info": "&{info}.threads"},
            unprepared="({info}.cpus = virPyHostCpus({dom})) < 0", release="virPyFreePointer"),))),
)

_MIGRATE = ParamsIn("params", "nparams", "VIR_MIGRATE_PARAM_", {
    "compression": "STRING", "listen_address": "STRING", "migrate_disks": "STRING",
    "compression.zlib.level": "INT", "compression.zstd.level": "INT"})
_TUNE = ParamsIn("params", "nparams", "", {
    **{f"{which}_{what}_sec{suffix}": "ULLONG" for suffix in ("", "_max", "_max_length")
       for what in ("bytes", "iops") for which in ("total", "read", "write")},
    "size_iops_sec": "ULLONG", "group_name": "STRING"})
_SAVE = ParamsIn("params", "nparams", "VIR_DOMAIN_SAVE_PARAM_", {
    "file": "STRING", "dxml": "STRING", "image_format": "STRING", "parallel.channels": "INT"})

_TYPED_PARAMETERS = (
    *(Row(name, "another function counts the elements",
          result=ParamsFilled("params", "nparams", "virDomainGetSchedulerType"))
      for name in ("virDomainGetSchedulerParameters", "virDomainGetSchedulerParametersFlags")),
    *(Row(name, "the types come from the getter",
          inputs={"params": ParamsLearned("params", "nparams", name.replace("Set", "Get"),
                                          "virDomainGetSchedulerType")})
      for name in ("virDomainSetSchedulerParameters", "virDomainSetSchedulerParametersFlags")),
    *(Row(name, "the types come from the getter",
          inputs={"params": ParamsLearned("params", "nparams", name.replace("Set", "Get"))})
      for name in ("virDomainSetBlkioParameters", "virDomainSetMemoryParameters", "virDomainSetNumaParameters")),
    Row("virDomainSetInterfaceParameters", "the types come from the getter; " + _NULL,
        inputs={"device": Text("device", required=True),
                "params": ParamsLearned("params", "nparams", "virDomainGetInterfaceParameters")}),
    Row("virDomainGetInterfaceParameters", _NULL, inputs={"device": Text("device", required=True)}),
    Row("virDomainSetPerfEvents", "the types come from the getter",
        inputs={"params": ParamsLearned("params", "nparams", "virDomainGetPerfEvents", allocates=True)}),
    Row("virDomainSetIOThreadParams", _TYPES + "; historic name of a parameter",
        parameters={"iothread_id": "iothread_val"},
        inputs={"params": ParamsIn(
            "params", "nparams", "VIR_DOMAIN_IOTHREAD_", {
                "poll_max_ns": "ULLONG", "poll_grow": "UINT", "poll_shrink": "UINT"})}),
    Row("virDomainSetBlockIoTune", _TYPES, inputs={"params": _TUNE}),
    Row("virDomainSetThrottleGroup", _TYPES + "; " + _NULL,
        inputs={"group": Text("group", required=True), "params": _TUNE}),
    Row("virDomainBlockCopy", _TYPES + ", and none is required", defaults={"params": None},
        inputs={"params": ParamsIn("params", "nparams", "", {
            "bandwidth": "ULLONG", "granularity": "UINT", "buf-size": "ULLONG"}, nullable=True)}),
    Row("virDomainMigrate3", _TYPES + ", and are required; " + _DESTINATION,
        defaults={"params": REQUIRED}, parent="dconn", keep_alive="self._conn",
        inputs={"dconn": HandleIn("dconn", "virConnect", required=True), "params": _MIGRATE}),
    Row("virDomainMigrateToURI3", _TYPES + ", and are required", defaults={"params": REQUIRED},
        inputs={"params": _MIGRATE}),
    Row("virDomainSetLaunchSecurityState", _TYPES + "; " + _NULL, inputs={
        "domain": HandleIn("domain", "virDomain", required=True),
        "params": ParamsIn("params", "nparams", "VIR_DOMAIN_LAUNCH_SECURITY_SEV_SECRET")}),
    Row("virDomainGetLaunchSecurityInfo", _NULL,
        inputs={"domain": HandleIn("domain", "virDomain", required=True)}),
    Row("virDomainSaveParams", _TYPES, inputs={"params": _SAVE}),
    Row("virDomainRestoreParams", _TYPES, inputs={"params": _SAVE}),
    Row("virDomainAnnounceInterface", _TYPES, inputs={"params": ParamsIn(
        "params", "nparams", "VIR_DOMAIN_ANNOUNCE_INTERFACE_", {
            "initial": "UINT", "max": "UINT", "rounds": "UINT", "step": "UINT"})}),
)

_INPUTS = (
    Row("virDomainCreateWithFiles", _DESCRIPTORS, inputs={"files": IntsIn("files", "nfiles")}),
    Row("virDomainCreateXMLWithFiles", _DESCRIPTORS, inputs={"files": IntsIn("files", "nfiles")}),
    Row("virDomainFDAssociate", "historic name; " + _DESCRIPTORS, name="FDAssociate", parameters={"fds": "files"},
        inputs={"domain": HandleIn("domain", "virDomain", required=True),
                "name": Text("name", required=True), "fds": IntsIn("fds", "nfds")}),
    Row("virDomainSendKey", "the length of the list is an argument in Python, too", inputs={"keycodes": InputByHand(
        "keycodes", "asKeycodes", "virPyArray", {"keycodes": "{keycodes}.items"}, uses=("{nkeycodes}",),
        release="virPyFreePointer", type_hint="list[int]")}),
    Row("virDomainSetTime", "two numbers, which are a dict in Python; by default None", defaults={"seconds": None},
        parameters={"seconds": "time"}, inputs={"seconds": InputByHand(
            "seconds", "asTime", "Time", {"seconds": "{seconds}.seconds", "nseconds": "{seconds}.nseconds"},
            uses=("{flags}",),
            type_hint=union(_TIME, "dict[str, int]", "None"))}),
)

_NAMES = (
    Row("virDomainSnapshotListNames", "another function counts the elements",
        result=NamesFilled("names", "nameslen", "virDomainSnapshotNum", "char **")),
    Row("virDomainSnapshotListChildrenNames", "another function counts the elements",
        result=NamesFilled("names", "nameslen", "virDomainSnapshotNumChildren", "char **")),
)

ROWS = (*_HISTORIC, *_STRUCTS, *_CPU_MAPS, *_TYPED_PARAMETERS, *_INPUTS, *_NAMES)
