# SPDX-License-Identifier: LGPL-2.1-or-later
"""The pages of the reference about keys of typed parameters: constants that stand for text."""

import re
from typing import Dict, List, Mapping, NamedTuple

import describe
from apixml import Constant


class Group(NamedTuple):
    """Constants whose names begin alike, and the methods whose dicts have them as keys."""

    prefix: str
    title: str
    methods: str


# The first that fits counts.
GROUPS = (
    Group("VIR_MIGRATE_PARAM_", "Migration", "virDomain.migrate3 virDomain.migrateToURI3"),
    Group("VIR_DOMAIN_JOB_", "Progress of jobs", "virDomain.jobStats"),
    Group("VIR_DOMAIN_STATS_", "Statistics of domains", "virConnect.getAllDomainStats virConnect.domainListGetStats"),
    Group("VIR_DOMAIN_GUEST_INFO_", "Guest agent", "virDomain.guestInfo"),
    Group("VIR_DOMAIN_MEMORY_", "Memory limits", "virDomain.memoryParameters virDomain.setMemoryParameters"),
    Group("VIR_DOMAIN_NUMA_", "NUMA", "virDomain.numaParameters virDomain.setNumaParameters"),
    Group("VIR_DOMAIN_SCHEDULER_", "Scheduler", "virDomain.schedulerParameters virDomain.schedulerParametersFlags "
          "virDomain.setSchedulerParameters virDomain.setSchedulerParametersFlags"),
    Group("VIR_DOMAIN_BLKIO_", "Limits of all disks", "virDomain.blkioParameters virDomain.setBlkioParameters"),
    Group("VIR_DOMAIN_BLOCK_IOTUNE_", "Limits of a disk",
          "virDomain.blockIoTune virDomain.setBlockIoTune virDomain.setThrottleGroup"),
    Group("VIR_DOMAIN_BLOCK_STATS_", "Statistics of a disk", "virDomain.blockStatsFlags"),
    Group("VIR_DOMAIN_BLOCK_COPY_", "Block copy", "virDomain.blockCopy"),
    Group("VIR_DOMAIN_BANDWIDTH_", "Limits of a network interface",
          "virDomain.interfaceParameters virDomain.setInterfaceParameters"),
    Group("VIR_DOMAIN_ANNOUNCE_INTERFACE_", "Announcing a network interface", "virDomain.announceInterface"),
    Group("VIR_DOMAIN_CPU_STATS_", "CPU time of a domain", "virDomain.getCPUStats"),
    Group("VIR_DOMAIN_IOTHREAD_", "I/O threads", "virDomain.setIOThreadParams"),
    Group("VIR_DOMAIN_SAVE_PARAM_", "Save and restore", "virDomain.saveParams virConnect.restoreParams"),
    Group("VIR_DOMAIN_LAUNCH_SECURITY_", "Launch security",
          "virDomain.launchSecurityInfo virDomain.setLaunchSecurityState"),
    Group("VIR_DOMAIN_TUNABLE_", "The event TUNABLE", "virConnect.domainEventRegisterAny"),
    Group("VIR_PERF_PARAM_", "Perf events", "virDomain.perfEvents virDomain.setPerfEvents"),
    Group("VIR_NETWORK_PORT_", "Limits of a network port", "virNetworkPort.parameters virNetworkPort.setParameters"),
    Group("VIR_NODE_CPU_STATS_", "CPU time of the host", "virConnect.getCPUStats"),
    Group("VIR_NODE_MEMORY_STATS_", "Memory of the host", "virConnect.getMemoryStats"),
    Group("VIR_NODE_MEMORY_SHARED_", "Shared pages of the host",
          "virConnect.getMemoryParameters virConnect.setMemoryParameters"),
    Group("VIR_NODE_SEV_", "SEV of the host", "virConnect.getSEVInfo"),
    Group("VIR_CONNECT_IDENTITY_", "Identity of a client", "virConnect.setIdentity"),
)
OTHER = Group("", "Other names", "")

_C_TYPES = {"string": "str", "double": "float", "boolean": "bool", "bool": "bool"}
_TYPE = re.compile(r",? ?\b[Aa]s (?:an? )?(?:VIR_TYPED_PARAM_(\w+)|(unsigned int|unsigned long long|int|uint|llong|"
                   r"ullong|double|boolean|bool|string))\b")
_START = re.compile(r"^(?:vir\w+\*? (?:params )?(?:multiple )?field: |"
                    r"Macro (?:for|represents|to represent)(?: the| typed parameter)?"
                    r"(?: [^:.]*: it represents| (?:name )?that represents)? ?)")


def group_of(constant: str) -> Group:
    return next((group for group in GROUPS if constant.startswith(group.prefix)), OTHER)


def text_and_type(text: str) -> "tuple[str, str]":
    """Split the description of a key into what it means, and its type in Python, which may be unknown."""
    found = _TYPE.search(text)
    kind = _C_TYPES.get((found[1] or found[2]).lower(), "int") if found else ""
    text = _START.sub("", _TYPE.sub("", text, count=1)).replace("..", ".").strip()
    return text[:1].upper() + text[1:], kind


def pages(module: str, values: Mapping[str, str], known: Mapping[str, Constant],
          links: Mapping[str, str]) -> Dict[str, List[str]]:
    """Return the lines of each page, by its name.  values: constant -> its text."""
    groups: Dict[Group, List[str]] = {group: [] for group in (*GROUPS, OTHER)}
    for name in sorted(values):
        groups[group_of(name)].append(name)
    index = ["Keys of typed parameters", "=" * 24, "",
             "Constants that stand for the keys of dicts: settings, options and statistics. You can write the constant "
             "or the text. :doc:`/statistics` says how to use them. Hypervisors and newer versions of libvirt can have "
             "more keys.", "", ".. list-table::", "    :header-rows: 1", "    :widths: 30 45 25", "",
             "    * - keys", "      - methods", "      - constants"]
    made = {}
    for group, names in groups.items():
        if not names:
            continue
        page = f"keys.{group.prefix.strip('_').lower() or 'other'}"
        title = f"Keys: {group.title}"
        users = ", ".join(describe.inline(f"{method}()", links) for method in group.methods.split() if method in links)
        index += [f"    * - :doc:`{group.title} <{page}>`", f"      - {users}", f"      - ``{group.prefix}*``"]
        lines = [":orphan:", "", title, "=" * len(title), "", *([f"Used by {users}.", ""] if users else [])]
        for name in names:
            text, kind = text_and_type(known[name].text) if name in known else ("", "")
            since = f" (since libvirt {known[name].since})" if name in known and known[name].since else ""
            lines += [f".. py:data:: {module}.{name}", *([f"    :type: {kind}"] if kind else []),
                      f"    :value: {values[name]!r}", "    :nocontentsentry:", "",
                      f"    {describe.inline(text, links)}{since}", ""]
        made[page] = lines
    made["keys"] = [*index, ""]
    return made
