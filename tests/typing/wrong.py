# SPDX-License-Identifier: LGPL-2.1-or-later
"""Wrong code: type checkers must report an error in each marked line, and in no other. It is never run."""

from typing import Any, Dict, List, Optional

import libvirt
import libvirt_admin
import libvirt_enums
import libvirt_lxc
import libvirt_qemu
import libvirt_types
import libvirtaio
import libvirtevents
from libvirt_types import DomainLifecycleEvent

conn = libvirt.open("test:///default")
dom = conn.lookupByName("test")
net = conn.networkLookupByName("default")
stream = conn.newStream()

# Names that do not exist.
conn.lookupByNames("test")  # error: attr-defined
print(libvirt.VIR_DOMAIN_RUNING)  # error: attr-defined
print(libvirt.anything)  # error: attr-defined
dom.info()[0].upper()  # error: attr-defined

print(libvirt.NoDomainError)  # error: attr-defined
print(libvirt.libvirtError.NoSuchError)  # error: attr-defined

# Arguments.
libvirt.open(5)  # error: arg-type
conn.lookupByName(b"test")  # error: arg-type
conn.lookupByName(None)  # error: arg-type
conn.defineXML(None)  # error: arg-type
dom.attachDeviceFlags(None, libvirt.enums.DomainModificationImpact.LIVE)  # error: arg-type
conn.lookupByName()  # error: call-arg
conn.lookupByName("test", 0)  # error: call-arg
conn.lookupByUUID("00010203-0405-0607-0809-0a0b0c0d0e0f")  # error: arg-type
conn.lookupByID("1")  # error: arg-type
dom.createWithFlags("paused")  # error: arg-type
dom.create(flag=0)  # error: call-arg
dom.setMemory(1024.0)  # error: arg-type
dom.setMemory(None)  # error: arg-type
dom.migrate(net, 0, None, None, 0)  # error: arg-type
dom.migrate(None)  # error: arg-type
dom.revertToSnapshot("snapshot")  # error: arg-type
dom.fsFreeze("/data")  # error: arg-type
dom.fsFreeze([1])  # error: list-item
dom.createWithFiles(range(3))  # error: arg-type
dom.createWithFiles(b"ab")  # error: arg-type
dom.pinVcpu(0, "yes")  # error: arg-type
dom.setMemoryParameters([("hard_limit", 5)])  # error: arg-type
dom.setIOThreadParams(1, {5: 5})  # error: misc
dom.setMemoryParameters(None)  # error: arg-type
dom.migrate3(conn)  # error: call-arg
dom.setTime({"seconds": "5"})  # error: dict-item
dom.sendKey(0, 0, ["a"], 1)  # error: list-item
dom.authorizedSSHKeysSet(None, ["key"])  # error: arg-type
conn.allocPages({"4": 1})  # error: dict-item
conn.getFreePages(4, 0, 1)  # error: arg-type
conn.domainListGetStats(["test"])  # error: list-item
conn.secretLookupByUUID(bytes(16)).setValue(5)  # error: arg-type
stream.send("text")  # error: arg-type

# Results.
number: int = dom.name()  # error: assignment
text: str = dom.ID()  # error: assignment
domains: List[str] = conn.listAllDomains()  # error: assignment
version: int = libvirt.getVersion("test")  # error: assignment
state: str = dom.state()[0]  # error: assignment
model: int = conn.getInfo()[0]  # error: assignment
memory: str = conn.getInfo()[1]  # error: assignment
enforcing: str = dom.securityLabel()[1]  # error: assignment
errors: int = dom.blockStats("vda")[5]  # error: misc
parent: str = conn.nodeDeviceLookupByName("computer").parent()  # error: assignment
none = dom.blockJobInfo("vda")["bandwith"]  # error: typeddict-item
address: str = net.DHCPLeases()[0]["ipaddr"]  # error: assignment
lease = net.DHCPLeases()[0]["ip"]  # error: typeddict-item
dom.interfaceAddresses(0)["eth0"]["addrs"][0]  # error: index
dom.connect().undefine()  # error: attr-defined
dom.XMLDesc().decode()  # error: attr-defined
libvirt.libvirtError("text").get_error_message().upper()  # error: union-attr
libvirt.libvirtError()  # error: call-arg

# Constants cannot be assigned.
libvirt.VIR_DOMAIN_RUNNING = 2  # error: misc, mypy only


# Events.
def short(conn: libvirt.virConnect, dom: libvirt.virDomain, opaque: None) -> None:
    """The right signature for a reboot event."""


def lifecycle(conn: libvirt.virConnect, dom: libvirt.virDomain, event: int, detail: int, opaque: str) -> None:
    """The right signature for a lifecycle event."""


def block_job(conn: libvirt.virConnect, dom: libvirt.virDomain, disk: int, kind: int, status: int,
              opaque: None) -> None:
    """Wrong for every event, because disks have names."""


def network(conn: libvirt.virConnect, net: libvirt.virNetwork, event: int, detail: int, opaque: None) -> None:
    """The right signature for a network event."""


def params(conn: libvirt.virConnect, dom: libvirt.virDomain, params: Dict[int, Any], opaque: None) -> None:
    """Wrong for every event, because parameters have names."""


some: int = 5
conn.domainEventRegisterAny(None, libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE, short, None)  # error: call-overload
conn.domainEventRegisterAny(None, libvirt.VIR_DOMAIN_EVENT_ID_REBOOT, lifecycle, "")  # error: call-overload
conn.domainEventRegisterAny(None, libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE, lifecycle, 5)  # error: call-overload
conn.domainEventRegisterAny(None, libvirt.VIR_DOMAIN_EVENT_ID_BLOCK_JOB, block_job, None)  # error: call-overload
conn.domainEventRegisterAny(None, libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE, network, None)  # error: call-overload
conn.domainEventRegisterAny(None, libvirt.VIR_DOMAIN_EVENT_ID_TUNABLE, params, None)  # error: call-overload
conn.domainEventRegisterAny(net, libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE, lifecycle, "")  # error: call-overload
conn.domainEventRegisterAny(None, libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE, lifecycle)  # error: call-overload
conn.domainEventRegisterAny(None, some, lifecycle, "")  # error: call-overload
conn.domainEventRegisterAny(None, "lifecycle", lifecycle, "")  # error: call-overload
conn.networkEventRegisterAny(None, libvirt.VIR_NETWORK_EVENT_ID_LIFECYCLE, lifecycle, "")  # error: call-overload
conn.domainEventRegisterAny(None, libvirt.enums.DomainEventID.LIFECYCLE, short, None)  # error: call-overload
conn.domainEventRegisterAny(None, libvirt.enums.DomainEventID.REBOOT, lifecycle, "")  # error: call-overload
conn.networkEventRegisterAny(None, libvirt_enums.NetworkEventID.LIFECYCLE, lifecycle, "")  # error: call-overload
conn.domainEventRegister(short, None)  # error: arg-type
conn.domainEventDeregisterAny(None)  # error: arg-type
conn.registerCloseCallback("network", None)  # error: arg-type
libvirt.virEventAddHandle(0, 0, short, None)  # error: arg-type
libvirt.virEventAddTimeout("1", lambda timer, opaque: None, None)  # error: arg-type
libvirt_qemu.qemuMonitorEventRegister(conn, None, None, short, None)  # error: arg-type


# Streams and authentication.
def load(stream: libvirt.virStream, amount: int, opaque: None) -> str:
    return "text"


def ask(credentials: List[int], opaque: None) -> int:
    return 0


stream.recvAll(load, 5)  # error: arg-type
stream.sendAll(load, None)  # error: arg-type
stream.recv(10) + 1  # error: operator
received: bytes = stream.recv(10)  # error: assignment
libvirt.openAuth(None, None)  # error: arg-type
libvirt.openAuth(None, ([2], ask, None))  # error: arg-type

# The other modules.
libvirt_qemu.qemuMonitorCommand("test", "{}", 0)  # error: arg-type
libvirt_qemu.qemuMonitorCommand(dom, "{}")  # error: call-arg
libvirt_lxc.lxcOpenNamespace(dom, 0)[0].close()  # error: attr-defined
libvirt_lxc.lxcEnterNamespace(dom, "0", 0)  # error: arg-type
impl: Optional[int] = libvirtaio.getCurrentImpl()  # error: assignment
libvirtaio.getCurrentImpl().drain()  # error: union-attr

# libvirt_admin and enums.
libvirt_admin.open(5)  # error: arg-type
libvirt_admin.open().lookupServer("libvirtd").lookupClient("5")  # error: arg-type
libvirt_admin.open().listServers().name()  # error: attr-defined

# Types with public names.
libvirt_types.DomainInfo(*dom.info()).cpuTimes  # error: attr-defined
libvirt_types.BlockStats(*dom.interfaceStats("vnet0"))  # error: call-arg
libvirt_types.StoragePoolInfo(*dom.blockStats("vda"))  # error: call-arg
job_type: str = libvirt_types.JobInfo(*dom.jobInfo()).type  # error: assignment
address_of: libvirt_types.IPAddress = dom.interfaceAddresses(0)  # error: assignment
libvirt_types.SecurityLabelLists  # error: attr-defined
wrong_callback: libvirt_types.DomainEventCallback[str] = short  # error: assignment
wrong_handler: libvirt_types.ErrorFunc[int] = ask  # error: assignment

# Typed parameters and statistics.
dom.setMemoryParameters({"hard_limt": 5})  # error: arg-type
dom.setMemoryParameters({"hard_limit": "5"})  # error: typeddict-item
dom.setBlockIoTune("vda", {"group_name": 5})  # error: typeddict-item
dom.migrateToURI3(None, {"bandwith": 3})  # error: typeddict-item
dom.migrateToURI3(None, {"migrate_disks": [5]})  # error: list-item
dom.setSchedulerParameters(dom.memoryParameters())  # error: arg-type
weight: str = dom.blkioParameters()["weight"]  # error: assignment
cpu_time: str = conn.getAllDomainStats()[0][1]["cpu.time"]  # error: assignment
host_name: int = dom.guestInfo()["hostname"]  # error: assignment
maybe: int = dom.jobStats().get("time_remaining")  # error: assignment
dom.memoryStats()["rss"].upper()  # error: attr-defined
libvirt_admin.open().lookupServer("libvirtd").setClientLimits({"nclients": "5"})  # error: typeddict-item

libvirt_enums.DomainState.RUNNING.details  # error: attr-defined
libvirt.enums.DomainControlState.ERROR.details(0)  # error: misc
libvirt_enums.DomainState.WALKING  # error: attr-defined
libvirt.enums.DomainStates  # error: attr-defined

# Events without callbacks.
libvirtevents.events(conn, libvirt_enums.DomainEventID.LIFECYCLE)  # error: arg-type
libvirtevents.events(conn, DomainLifecycleEvent, overflow="block")  # error: arg-type
libvirtevents.wait_for_event(conn, libvirt_types.DomainRebootEvent).event  # error: attr-defined
libvirtevents.wait_for_event(conn, DomainLifecycleEvent, until=lambda event: event.disk)  # error: attr-defined
libvirtaio.events(conn, DomainLifecycleEvent, timeout=5)  # error: call-arg
calling = libvirtaio.run(conn.lookupByName, 5)  # error: arg-type
conn.lookupByUUIDString(5)  # error: arg-type
