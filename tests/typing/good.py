# SPDX-License-Identifier: LGPL-2.1-or-later
"""Correct code, which type checkers must accept, and the types that they must infer. It is never run."""

import asyncio
import threading
import uuid
from io import FileIO
from typing import Any, Callable, Dict, List, Literal, Optional, Tuple, Union

from typing_extensions import assert_type

import libvirt
import libvirt_admin
import libvirt_enums
import libvirt_lxc
import libvirt_qemu
import libvirt_types
import libvirtaio
import libvirtevents
from libvirt_types import DomainBlockJobEvent, DomainLifecycleEvent, NetworkLifecycleEvent


def values(conn: libvirt.virConnect, dom: libvirt.virDomain) -> None:
    assert_type(dom.name(), str)
    assert_type(dom.UUID(), bytes)
    assert_type(dom.ID(), int)
    assert_type(dom.XMLDesc(), str)
    assert_type(dom.info(), List[int])
    assert_type(dom.state(), List[int])
    assert_type(dom.blockStats("vda"), Tuple[int, int, int, int, int])
    assert_type(dom.schedulerType(), Tuple[str, int])
    assert_type(dom.memoryStats(), libvirt_types.MemoryStats)
    assert_type(dom.schedulerParameters(), libvirt_types.SchedulerParametersDict)
    assert_type(dom.vcpuPinInfo(), List[Tuple[bool, ...]])
    assert_type(dom.connect(), libvirt.virConnect)
    assert_type(conn.listAllDomains(), List[libvirt.virDomain])
    assert_type(conn.listDefinedDomains(), List[str])
    assert_type(conn.listDomainsID(), List[int])
    assert_type(conn.getCPUMap(), Tuple[int, List[bool], int])
    assert_type(conn.getFreePages([4], 0, 1), Dict[int, Dict[int, int]])
    assert_type(conn.getAllDomainStats(), List[Tuple[libvirt.virDomain, libvirt_types.DomainStats]])
    assert_type(libvirt.getVersion(), int)
    assert_type(libvirt.getVersion("test"), Tuple[int, int])
    state, reason = dom.state()
    assert_type(reason, int)


def a_list_of_several_types(conn: libvirt.virConnect, dom: libvirt.virDomain) -> None:
    info = conn.getInfo()
    assert_type(info[0], str)
    assert_type(info[1] + 1, int)
    assert_type(info[-1], int)
    print(info[0].upper(), len(info), info[1:])
    model, memory, *rest = info
    as_list: List[Any] = info
    place = 3
    print(info[place], model, memory, rest, as_list)
    assert_type(dom.securityLabel()[0], str)
    assert_type(dom.securityLabel()[1], bool)
    assert_type(conn.getSecurityModel(), List[str])


def records(conn: libvirt.virConnect, dom: libvirt.virDomain) -> None:
    for lease in conn.networkLookupByName("default").DHCPLeases():
        assert_type(lease["prefix"], int)
        assert_type(lease["ipaddr"], Optional[str])
        assert_type(lease.get("hostname"), Optional[str])
    for name, interface in dom.interfaceAddresses(libvirt.VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_LEASE).items():
        for address in interface["addrs"] or []:
            print(name, address["addr"], address["prefix"] + 1)
    job = dom.blockJobInfo("vda")
    if job:
        assert_type(job, libvirt_types.BlockJobInfo)
        print(job["cur"] / job["end"])
    if "cur" in job and "end" in job:
        print(job["cur"] / job["end"])
    print(job.get("type", 0) + 1)
    dom.setTime(dom.getTime())
    dom.setTime({"seconds": 5})
    numbers: Dict[str, int] = {"seconds": 5, "nseconds": 6}
    dom.setTime(numbers)
    dom.setTime(flags=libvirt.VIR_DOMAIN_TIME_SYNC)


def named_tuples(conn: libvirt.virConnect, dom: libvirt.virDomain) -> None:
    info = libvirt_types.DomainInfo(*dom.info())
    assert_type(info.cpuTime, int)
    assert_type(libvirt_types.DomainState(*dom.state()).reason, int)
    assert_type(libvirt_types.NodeInfo(*conn.getInfo()).model, str)
    assert_type(libvirt_types.BlockStats(*dom.blockStats("vda")).rd_bytes, int)
    assert_type(libvirt_types.SecurityModel(*conn.getSecurityModel()).doi, str)
    assert_type(libvirt_types.SecurityLabel(*dom.securityLabel()).enforcing, bool)
    assert_type([libvirt_types.VcpuInfo(*vcpu).cpuTime for vcpu in dom.vcpus()[0]], List[int])
    assert_type([libvirt_types.FSInfo(*item).devAlias for item in dom.fsInfo()], List[List[str]])
    assert_type([libvirt_types.IOThreadInfo(*item).cpumap for item in dom.ioThreadInfo()], List[List[bool]])


def typed_parameters(conn: libvirt.virConnect, dom: libvirt.virDomain) -> None:
    memory = dom.memoryParameters()
    assert_type(memory["hard_limit"], int)
    assert_type(memory.get(libvirt.VIR_DOMAIN_MEMORY_SOFT_LIMIT), Optional[int])
    memory["swap_hard_limit"] = 2 * memory.get("hard_limit", 0)
    dom.setMemoryParameters(memory)
    limits: libvirt_types.MemoryParameters = {"hard_limit": 1024}
    limits["soft_limit"] = 512
    dom.setMemoryParameters(limits)
    assert_type(dom.blkioParameters()["device_weight"], str)
    assert_type(dom.perfEvents()["cmt"], bool)
    copied: Dict[str, Any] = memory
    print([value + 1 for value in copied.values()])
    dom.setBlockIoTune("vda", {libvirt.VIR_DOMAIN_BLOCK_IOTUNE_GROUP_NAME: "fast", "total_iops_sec": 5})
    dom.migrateToURI3("qemu://host/system", {"migrate_disks": ["vda", "vdb"], "compression": "xbzrle"})
    tune = dom.blockIoTune("vda")
    tune["read_iops_sec"] += 1
    dom.setBlockIoTune("vda", tune)


def statistics(conn: libvirt.virConnect, dom: libvirt.virDomain, names: List[str]) -> Dict[str, Any]:
    for _, stats in conn.getAllDomainStats(libvirt.VIR_DOMAIN_STATS_CPU_TOTAL | libvirt.VIR_DOMAIN_STATS_VCPU):
        assert_type(stats["cpu.time"], int)
        assert_type(stats.get("cpu.time"), Optional[int])
        assert_type(stats.get("balloon.current", "-"), Union[int, str])
        assert_type(stats.get("cpu.time", 0) / 1e9, float)
        for number in range(stats["vcpu.maximum"]):
            print(stats.get(f"vcpu.{number}.time", 0) / 1e9, stats["block.0.name"].upper())
        print(sorted(stats.items()), [stats[name] for name in names])
        copied: Dict[str, Any] = stats
        print(copied)
    assert_type(dom.guestInfo()["os.name"], str)
    assert_type(dom.jobStats()["data_total"], int)
    assert_type(dom.jobStats()["success"], bool)
    assert_type([stats["cpu_time"] for stats in dom.getCPUStats(True)], List[int])
    assert_type(sum(dom.memoryStats().values()), int)
    assert_type(max(conn.getCPUStats(-1).values()), int)
    return conn.getAllDomainStats()[0][1]


def first_address(interfaces: Dict[str, libvirt_types.DomainInterface]) -> Optional[libvirt_types.IPAddress]:
    for interface in interfaces.values():
        for address in interface["addrs"] or []:
            return address
    return None


def arguments(conn: libvirt.virConnect, dom: libvirt.virDomain, disks: List[str]) -> None:
    conn.lookupByUUID(bytes(16))
    conn.lookupByUUID(memoryview(bytes(16)))
    conn.secretLookupByUUID(bytearray(16)).setValue(b"value")
    conn.secretLookupByUUID(bytearray(16)).setValue("value")
    dom.pinVcpu(0, (True, False))
    dom.pinVcpu(0, [1, 0, 0])
    dom.fsFreeze()
    dom.fsFreeze(disks)
    dom.fsFreeze(("/", "/data"))
    dom.createWithFiles([0, 1], flags=libvirt.VIR_DOMAIN_START_PAUSED)
    dom.setMemoryParameters({libvirt.VIR_DOMAIN_MEMORY_HARD_LIMIT: 1024})
    dom.migrate3(conn, {libvirt.VIR_MIGRATE_PARAM_URI: "tcp://host", libvirt.VIR_MIGRATE_PARAM_BANDWIDTH: 10})
    dom.blockCopy("vda", "<disk/>", None, libvirt.VIR_DOMAIN_BLOCK_COPY_SHALLOW)
    dom.sendKey(libvirt.VIR_KEYCODE_SET_LINUX, 0, [30], 1)
    dom.migrate(conn, 0, None, None, 0)
    assert_type(dom.revertToSnapshot(dom.snapshotCurrent()), int)
    with libvirt.open() as other:
        assert_type(other, libvirt.virConnect)
    libvirt.openReadOnly("test:///default").close()


def errors() -> None:
    try:
        libvirt.open("nowhere://")
    except libvirt.libvirtError as error:
        if error.get_error_code() in (libvirt.VIR_ERR_NO_CONNECT, libvirt.VIR_ERR_NO_SUPPORT):
            print(error.message or "no text", error.get_str1())
        if error.err is not None:
            assert_type(error.err[0], int)
    lost: List[int] = []
    libvirt.registerErrorHandler(lambda ctx, error: ctx.append(error[0]), lost)
    libvirt.registerErrorHandler(None, None)
    raise libvirt.libvirtError("of a program's own")


def on_lifecycle(conn: libvirt.virConnect, dom: libvirt.virDomain, event: int, detail: int, opaque: str) -> None:
    print(dom.name(), event, detail, opaque.upper())


def on_block_job(conn: libvirt.virConnect, dom: libvirt.virDomain, disk: str, kind: int, status: int,
                 opaque: Any) -> None:
    print(disk, kind, status)


def on_disk_change(conn: libvirt.virConnect, dom: libvirt.virDomain, old: Optional[str], new: Optional[str], alias: str,
                   reason: int, opaque: object) -> int:
    print(old, new, alias, reason)
    return 0


def on_job_end(conn: libvirt.virConnect, dom: libvirt.virDomain, params: Dict[str, Any], opaque: None) -> None:
    print(params)


def on_job_stats(conn: libvirt.virConnect, dom: libvirt.virDomain, params: libvirt_types.JobStats,
                 opaque: None) -> None:
    assert_type(params.get("time_elapsed"), Optional[int])


def on_tunable(conn: libvirt.virConnect, dom: libvirt.virDomain, params: libvirt_types.Tunables, opaque: None) -> None:
    assert_type(params["cputune.cpu_shares"], int)
    print(params["cputune.vcpupin0"].upper())


def on_graphics(conn: libvirt.virConnect, dom: libvirt.virDomain, phase: int,
                local: libvirt_types.EventGraphicsAddress, remote: libvirt_types.EventGraphicsAddress,
                scheme: str, subject: List[Tuple[Optional[str], Optional[str]]], opaque: None) -> None:
    print(local["node"], remote["service"], scheme, subject)


def on_network(conn: libvirt.virConnect, net: libvirt.virNetwork, event: int, detail: int,
               opaque: threading.Event) -> None:
    opaque.set()


def on_anything(conn: libvirt.virConnect, dom: libvirt.virDomain, *args: Any) -> None:
    print(args)


def events(conn: libvirt.virConnect, dom: libvirt.virDomain, number: int, callback: Callable[..., object],
           table: Dict[int, Callable[..., None]]) -> None:
    assert_type(conn.domainEventRegisterAny(None, libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE, on_lifecycle, "mine"), int)
    conn.domainEventRegisterAny(dom, libvirt.VIR_DOMAIN_EVENT_ID_BLOCK_JOB, on_block_job, None)
    conn.domainEventRegisterAny(dom, libvirt.VIR_DOMAIN_EVENT_ID_BLOCK_JOB_2, on_block_job, {})
    conn.domainEventRegisterAny(None, libvirt.VIR_DOMAIN_EVENT_ID_DISK_CHANGE, on_disk_change, None)
    conn.domainEventRegisterAny(None, libvirt.VIR_DOMAIN_EVENT_ID_JOB_COMPLETED, on_job_end, None)
    conn.domainEventRegisterAny(None, libvirt.VIR_DOMAIN_EVENT_ID_JOB_COMPLETED, on_job_stats, None)
    conn.domainEventRegisterAny(None, libvirt.VIR_DOMAIN_EVENT_ID_TUNABLE, on_tunable, None)
    conn.domainEventRegisterAny(None, libvirt.VIR_DOMAIN_EVENT_ID_GRAPHICS, on_graphics, None)
    conn.domainEventRegisterAny(None, libvirt.VIR_DOMAIN_EVENT_ID_REBOOT, lambda conn, dom, opaque: dom.name(), None)
    conn.domainEventRegisterAny(None, libvirt.VIR_DOMAIN_EVENT_ID_REBOOT, on_anything, None)
    conn.domainEventRegisterAny(None, number, on_anything, None)
    for event, function in table.items():
        conn.domainEventDeregisterAny(conn.domainEventRegisterAny(None, event, function, None))
    conn.networkEventRegisterAny(None, libvirt.VIR_NETWORK_EVENT_ID_LIFECYCLE, on_network, threading.Event())
    conn.domainEventRegisterAny(None, libvirt.enums.DomainEventID.LIFECYCLE, on_lifecycle, "mine")
    conn.domainEventRegisterAny(dom, libvirt_enums.DomainEventID.BLOCK_JOB, on_block_job, None)
    conn.networkEventRegisterAny(None, libvirt.enums.NetworkEventID.LIFECYCLE, on_network, threading.Event())
    for kind in libvirt.enums.DomainEventID:
        conn.domainEventRegisterAny(None, kind, on_anything, None)
    conn.domainEventRegisterAny(None, number, callback, "mine")
    conn.domainEventRegister(on_lifecycle, "mine")
    conn.domainEventDeregister(on_lifecycle)
    conn.registerCloseCallback(lambda conn, reason, opaque: opaque.set(), threading.Event())
    number = libvirt_qemu.qemuMonitorEventRegister(conn, None, "SHUTDOWN", on_monitor_event, "mine")
    libvirt_qemu.qemuMonitorEventDeregister(conn, number)


def callbacks_have_names(conn: libvirt.virConnect, text: str) -> int:
    lifecycle: libvirt_types.DomainEventCallback[str] = on_lifecycle
    closed: libvirt_types.CloseFunc[None] = lambda conn, reason, opaque: print(reason + 1)
    monitor: libvirt_types.DomainQemuMonitorEventCallback[str] = on_monitor_event
    handler: libvirt_types.ErrorFunc[List[int]] = lambda ctx, error: ctx.append(libvirt_types.Error(*error).code)
    codes: List[int] = []
    libvirt.registerErrorHandler(handler, codes)
    print(conn.registerCloseCallback(closed, None), monitor)
    conn.domainEventRegister(lifecycle, text)
    return conn.domainEventRegisterAny(None, libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE, lifecycle, text)


def last_error() -> Optional[libvirt_types.RawError]:
    found = libvirt.virGetLastError()
    if found is not None:
        assert_type(libvirt_types.Error(*found).domain, int)
    return found


def on_monitor_event(conn: libvirt.virConnect, dom: libvirt.virDomain, event: str, seconds: int, micros: int,
                     details: Optional[str], opaque: str) -> None:
    print(event, details)


def on_handle(watch: int, fd: int, events: int, opaque: List[int]) -> None:
    opaque.append(fd)


def loops(seen: List[int]) -> None:
    watch = libvirt.virEventAddHandle(0, libvirt.VIR_EVENT_HANDLE_READABLE, on_handle, seen)
    timer = libvirt.virEventAddTimeout(100, lambda timer, opaque: print(opaque), "mine")
    libvirt.virEventUpdateHandle(watch, 0)
    libvirt.virEventRemoveTimeout(timer)
    aliases: "libvirt._EventCB[List[int]]" = on_handle
    print(aliases)


class Loop:
    def add_handle(self, fd: int, events: int, cb: Callable[[int, int, int, Any], None], opaque: Any) -> int:
        return fd

    def update(self, number: int, value: int) -> None:
        print(number, value)

    def remove(self, number: int) -> int:
        return 0

    def add_timeout(self, timeout: int, cb: Callable[[int, Any], None], opaque: Any) -> int:
        return timeout

    def register(self) -> None:
        libvirt.virEventRegisterImpl(self.add_handle, self.update, self.remove, self.add_timeout, self.update,
                                     self.remove)


async def asynchronous() -> None:
    impl = libvirtaio.virEventRegisterAsyncIOImpl(asyncio.get_running_loop())
    assert_type(impl, libvirtaio.virEventAsyncIOImpl)
    assert_type(impl.is_idle(), bool)
    await impl.drain()
    current = libvirtaio.getCurrentImpl()
    if current is not None:
        await current.drain()


def received_events(conn: libvirt.virConnect, dom: libvirt.virDomain) -> Optional[str]:
    with libvirtevents.EventLoopThread(), libvirtevents.events(conn, DomainLifecycleEvent, dom) as received:
        assert_type(received, libvirtevents.Events[DomainLifecycleEvent])
        for event in received:
            assert_type(event, DomainLifecycleEvent)
            assert_type(event.event, libvirt_enums.DomainEventType)
            print(event.domain.name(), event.event.name, event.detail)
        assert_type(received.get(5).domain, libvirt.virDomain)
    try:
        job = libvirtevents.wait_for_event(conn, DomainBlockJobEvent, until=lambda event: event.disk == "vda",
                                           action=dom.suspend, timeout=5)
    except libvirtevents.ConnectionLost as lost:
        assert_type(lost.reason, libvirt_enums.ConnectCloseReason)
        assert_type(lost.connection_lost, bool)
        return None
    monitor = libvirtevents.wait_for_event(conn, libvirtevents.QemuMonitorEvent)
    assert_type(monitor.details, Optional[str])
    return job.disk


async def awaited_events(conn: libvirt.virConnect, dom: libvirt.virDomain) -> libvirt_enums.NetworkEventLifecycleType:
    async with libvirtaio.events(conn, DomainLifecycleEvent, overflow="drop_oldest") as received:
        async for event in received:
            assert_type(event, DomainLifecycleEvent)
    async with libvirtaio.Pool(2) as pool:
        assert_type(await pool.run(dom.XMLDesc, 0), str)
    assert_type(await libvirtaio.run(conn.lookupByName, "test"), libvirt.virDomain)
    return (await libvirtaio.wait_for_event(conn, NetworkLifecycleEvent, action=dom.create)).event


def uuids(conn: libvirt.virConnect, number: uuid.UUID) -> List[libvirt.virDomain]:
    return [conn.lookupByUUID(number), conn.lookupByUUIDString(number), conn.lookupByUUIDString(str(number))]


def save(stream: libvirt.virStream, data: bytes, file: FileIO) -> None:
    file.write(data)


def load(stream: libvirt.virStream, amount: int, file: FileIO) -> bytes:
    return file.read(amount)


def section(stream: libvirt.virStream, file: FileIO) -> Tuple[bool, int]:
    return True, 5


def skip(stream: libvirt.virStream, length: int, file: FileIO) -> None:
    file.seek(length)


def streams(stream: libvirt.virStream, file: FileIO) -> None:
    data = stream.recv(1024)
    assert_type(data, Union[bytes, Literal[-2]])
    if isinstance(data, bytes):
        file.write(data)
    if stream.recvFlags(1024, libvirt.VIR_STREAM_RECV_STOP_AT_HOLE) == -3:
        assert_type(stream.send(bytearray(b"data")), int)
    stream.recvAll(save, file)
    stream.sendAll(load, file)
    stream.sparseRecvAll(save, skip, file)
    stream.sparseSendAll(load, section, skip, file)
    stream.eventAddCallback(libvirt.VIR_STREAM_EVENT_READABLE, lambda stream, events, opaque: stream.recv(1), None)


def ask(credentials: Tuple[libvirt_types.Credential, ...], password: str) -> int:
    for credential in credentials:
        if credential[0] == libvirt.VIR_CRED_PASSPHRASE:
            credential[4] = password
    return 0


def ask_loosely(credentials: Any, opaque: Any) -> int:
    return -1


def authentication(types: List[int]) -> None:
    answer: libvirt_types.AuthCallback[str] = ask
    libvirt.openAuth(None, (types, answer, "secret"))
    libvirt.openAuth("qemu+tcp://host/system", (types, ask, "secret"))
    libvirt.openAuth("qemu+tcp://host/system", [[libvirt.VIR_CRED_PASSPHRASE], ask_loosely, None], 0)
    libvirt.openAuth(None, ([], None, None), libvirt.VIR_CONNECT_RO)


def drivers(dom: libvirt.virDomain) -> None:
    assert_type(libvirt_qemu.qemuMonitorCommand(dom, "{}", libvirt_qemu.VIR_DOMAIN_QEMU_MONITOR_COMMAND_HMP), str)
    reply, files = libvirt_qemu.qemuMonitorCommandWithFiles(dom, "{}", [0])
    assert_type(files, List[FileIO])
    descriptors = libvirt_lxc.lxcOpenNamespace(dom, 0)
    libvirt_lxc.lxcEnterNamespace(dom, descriptors, 0)
    label = libvirt_lxc.lxcEnterSecurityLabel(dom.connect().getSecurityModel(), dom.securityLabel(), 0)
    assert_type(label[1], bool)


def failures(conn: libvirt.virConnect, found: Optional[libvirt.libvirtError.NoDomainError] = None) -> None:
    try:
        conn.lookupByName("test")
    except libvirt.libvirtError.NoDomainError as error:
        assert_type(error.code, Optional[int])
        found = error
    except (libvirt.libvirtError.AccessDeniedError, libvirt.libvirtError.RPCError) as error:
        assert_type(error.get_str1(), Optional[str])
    general: Optional[libvirt.libvirtError] = found
    print(general)


def upload(conn: libvirt.virConnect, volume: libvirt.virStorageVol) -> None:
    with conn.newStream() as stream:
        assert_type(stream, libvirt.virStream)
        volume.upload(stream, 0, 3)
        stream.send(b"abc")


def daemon() -> None:
    with libvirt_admin.open() as conn:
        conn.registerCloseCallback(lambda conn, reason, opaque: print(reason, opaque.upper()), "text")
        server = conn.lookupServer("libvirtd")
        assert_type(server.connect(), libvirt_admin.virAdmConnect)
        assert_type([client.ID() for client in server.listClients()], List[int])
        assert_type(server.clientLimits(), libvirt_types.ClientLimitsDict)
        server.setClientLimits(server.clientLimits())
        server.setClientLimits({libvirt_admin.VIR_SERVER_CLIENTS_MAX: 5})
        assert_type(conn.getLoggingFilters(), str)


def names(dom: libvirt.virDomain) -> None:
    # Some checkers infer all the names that are possible.
    name: str = libvirt_enums.DomainState(dom.state()[0]).name
    dom.XMLDesc(libvirt_enums.DomainXMLFlags.SECURE | libvirt.enums.DomainXMLFlags.INACTIVE)
    print(name, libvirt.enums.DomainState.RUNNING.name.lower())
    state, reason = dom.state()
    print(libvirt.enums.DomainState(state).reasons(reason).name, libvirt.enums.DomainEventType.STOPPED.details(0).name)
    details = libvirt.enums.DomainControlState(dom.controlInfo()[0]).details
    print(details(dom.controlInfo()[1]).name if details else "no error")
    dom.setMetadata(libvirt.enums.DomainMetadataType.TITLE, "title", None, None)
    dom.reboot(libvirt.enums.DomainRebootFlagValues.ACPI_POWER_BTN)
    dom.connect().listAllDomains(libvirt.enums.ConnectListAllDomainsFlags.RUNNING)
    dom.interfaceAddresses(libvirt.enums.DomainInterfaceAddressesSource.LEASE)


def constants() -> Union[int, str]:
    flags: int = libvirt.VIR_DOMAIN_AFFECT_LIVE | libvirt.VIR_DOMAIN_AFFECT_CONFIG
    text: str = libvirt.VIR_DOMAIN_MEMORY_HARD_LIMIT
    return text or flags
