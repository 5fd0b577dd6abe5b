# SPDX-License-Identifier: LGPL-2.1-or-later
"""Domains, snapshots and checkpoints."""

from ..converters import (BufferOut, CpuMapIn, HandResult, HandleIn, Ignored, IntsIn, Key, NamesFilled, Number, Outputs,
                          ParamsFilled, ParamsIn, ParamsLearned, Plain, Records, ScalarOut, StructArray, StructOut,
                          Text)
from ..hints import dict_of, list_of, or_none, record, union
from .schema import RAISES_ON_MINUS_ONE, RAISES_ON_ZERO, REQUIRED, Row

_DESTINATION = "the new domain belongs to the connection to the destination"
_DESCRIPTORS = "an array of descriptors that is read, not written"
_NULL = "libvirt crashes on NULL"
_TYPES = "the parameters have known types"
_ENFORCING = {"enforcing": Key(boolean=True)}

_ADDRESS = record("_virDomainIPAddress", addr="str | None", prefix="int", type="int")
_INTERFACE = record("_virDomainInterface", addrs=or_none(list_of(_ADDRESS)), hwaddr="str | None")

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
    Row("virDomainGetSchedulerType", "a name and a number, in a tuple", hand=("domain",),
        result=HandResult("tuple[str, int]", "tuple of name and number of parameters")),
    Row("virDomainGetBlockJobInfo", "an empty dict if there is no job", hand=("dom", "disk", "flags"),
        parameters={"disk": "path"},
        result=HandResult(
            record("_virDomainBlockJobInfo", total=False, type="int", bandwidth="int", cur="int", end="int"),
            "dict of type, bandwidth, cur and end; empty when there is no job")),
    Row("virDomainGetJobStats", "typed parameters, and a number that becomes one of them", hand=("domain", "flags"),
        result=HandResult("dict[str, Any]", "dict of typed parameters, and type")),
    Row("virDomainGetDiskErrors", "an array of structs that the caller allocates, as a dict by name",
        hand=("dom", "flags"), result=HandResult("dict[str, int]", "dict of disk and error, of disks that have one")),
    Row("virDomainMemoryStats", "an array of tagged numbers, as a dict", hand=("dom",),
        result=HandResult("dict[str, int]", "dict of number, in KiB but for faults, huge pages and last_update")),
    Row("virDomainInterfaceAddresses", "structs in structs", hand=("dom", "source", "flags"),
        result=HandResult(dict_of("str", _INTERFACE),
                          "dict of interface name and dict of addrs and hwaddr")),
    Row("virDomainGetCPUStats", "historic name; typed parameters for each CPU", hand=("domain", "total", "flags"),
        name="getCPUStats", inputs={"total": Plain("total", "int")},
        result=HandResult("list[dict[str, Any]]", "list of dict, one for each CPU or one for all")),
)

_CPU_MAPS = (
    *(Row(name, "a CPU map that is read, not written, with its length",
          inputs={"cpumap": CpuMapIn("cpumap", "maplen", "domain")})
      for name in ("virDomainPinVcpu", "virDomainPinVcpuFlags", "virDomainPinEmulator")),
    Row("virDomainPinIOThread", "a CPU map that is read, not written, with its length",
        parameters={"iothread_id": "iothread_val"}, inputs={"cpumap": CpuMapIn("cpumap", "maplen", "domain")}),
    Row("virDomainGetVcpus", "two arrays as results", hand=("domain",),
        result=HandResult("tuple[list[tuple[int, int, int, int]], list[tuple[bool, ...]]]",
                          "tuple of two lists: of (number, state, CPU time, CPU), and of tuples of bool")),
    Row("virDomainGetVcpuPinInfo", "an array of CPU maps", hand=("domain", "flags"),
        result=HandResult("list[tuple[bool, ...]]", "list of tuples of bool")),
    Row("virDomainGetEmulatorPinInfo", "a CPU map as result", hand=("domain", "flags"),
        result=HandResult("tuple[bool, ...]", "tuple of bool")),
    Row("virDomainGetIOThreadInfo", "historic name; structs with CPU maps", hand=("dom", "flags"),
        name="ioThreadInfo", result=HandResult("list[tuple[int, list[bool]]]", "list of (id, list of bool)")),
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
    Row("virDomainSendKey", "the length of the list is an argument in Python, too",
        hand=("domain", "codeset", "holdtime", "keycodes", "nkeycodes", "flags"),
        inputs={"keycodes": Plain("keycodes", "list[int]")},
        result=HandResult("int", raises=RAISES_ON_MINUS_ONE)),
    Row("virDomainSetTime", "two numbers, which are a dict in Python; by default None", hand=("dom", "time", "flags"),
        defaults={"time": None},
        inputs={"time": Plain("time", union(
            "_virDomainGetTime", record("_Seconds", seconds="int"), "dict[str, int]", "None"))},
        result=HandResult("int", raises=RAISES_ON_MINUS_ONE)),
)

_NAMES = (
    Row("virDomainSnapshotListNames", "another function counts the elements",
        result=NamesFilled("names", "nameslen", "virDomainSnapshotNum", "char **")),
    Row("virDomainSnapshotListChildrenNames", "another function counts the elements",
        result=NamesFilled("names", "nameslen", "virDomainSnapshotNumChildren", "char **")),
)

ROWS = (*_HISTORIC, *_STRUCTS, *_CPU_MAPS, *_TYPED_PARAMETERS, *_INPUTS, *_NAMES)
