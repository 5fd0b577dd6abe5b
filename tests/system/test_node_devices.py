# SPDX-License-Identifier: LGPL-2.1-or-later
"""The devices of the machine as the daemon sees them, and information about the machine."""

import os
from typing import List

import libvirt
import pytest


@pytest.fixture
def devices(conn: libvirt.virConnect) -> List[libvirt.virNodeDevice]:
    found: List[libvirt.virNodeDevice] = conn.listAllDevices()
    return found


def test_the_machine_is_the_root_of_all_devices(conn: libvirt.virConnect, devices: List[libvirt.virNodeDevice]) -> None:
    names = {device.name() for device in devices}
    assert "computer" in names and len(names) == len(devices) == conn.numOfDevices(None)
    assert set(conn.listDevices(None)) == names
    for device in devices:
        parent = device.parent()
        assert parent is None and device.name() == "computer" or parent in names


def test_a_device_is_found_by_its_name(conn: libvirt.virConnect, devices: List[libvirt.virNodeDevice]) -> None:
    for device in devices:
        found = conn.nodeDeviceLookupByName(device.name())
        assert found.XMLDesc() == device.XMLDesc()
        assert f"<name>{device.name()}</name>" in device.XMLDesc()


def test_lists_by_capability(conn: libvirt.virConnect, devices: List[libvirt.virNodeDevice]) -> None:
    for device in devices:
        capabilities = device.listCaps()
        assert len(capabilities) == device.numOfCaps() > 0
        for capability in capabilities:
            assert device.name() in conn.listDevices(capability)
            assert 0 < conn.numOfDevices(capability) <= len(devices)
    flag = libvirt.VIR_CONNECT_LIST_NODE_DEVICES_CAP_SYSTEM
    assert [device.name() for device in conn.listAllDevices(flag)] == ["computer"]


def test_a_missing_device_raises(conn: libvirt.virConnect) -> None:
    with pytest.raises(libvirt.libvirtError) as raised:
        conn.nodeDeviceLookupByName("nothing")
    assert raised.value.get_error_code() == libvirt.VIR_ERR_NO_NODE_DEVICE
    with pytest.raises(libvirt.libvirtError):
        conn.nodeDeviceLookupSCSIHostByWWN("0" * 16, "1" * 16)


def test_a_device_cannot_be_created_or_detached(conn: libvirt.virConnect) -> None:
    """This machine supports neither."""
    device = conn.nodeDeviceLookupByName("computer")
    for call in (lambda: conn.nodeDeviceCreateXML("<device/>"), device.destroy, device.dettach, device.reset,
                 device.reAttach):
        with pytest.raises(libvirt.libvirtError):
            call()


# --- the machine

def test_information_about_the_machine(conn: libvirt.virConnect) -> None:
    model, memory, cpus, mhz, nodes, sockets, cores, threads = conn.getInfo()
    assert model == os.uname().machine
    assert cpus == os.cpu_count() <= nodes * sockets * cores * threads
    with open("/proc/meminfo", encoding="ascii") as file:
        total = int(file.readline().split()[1])
    assert 0 < memory <= total // 1024
    assert conn.getHostname() == "one"


def test_the_cpu_map(conn: libvirt.virConnect) -> None:
    count, online, number = conn.getCPUMap()
    assert count == len(online) >= number == sum(online)
    assert number == os.cpu_count()


def test_statistics_of_cpus_and_memory(conn: libvirt.virConnect) -> None:
    of_all = conn.getCPUStats(libvirt.VIR_NODE_CPU_STATS_ALL_CPUS)
    assert {"kernel", "user", "idle", "iowait"} <= set(of_all)
    assert all(isinstance(value, int) and value >= 0 for value in of_all.values())
    assert conn.getCPUStats(0)["idle"] <= of_all["idle"] + 10 ** 9
    memory = conn.getMemoryStats(libvirt.VIR_NODE_MEMORY_STATS_ALL_CELLS)
    assert 0 < memory["free"] <= memory["total"]
    assert conn.getFreeMemory() <= memory["total"] * 1024


def test_pages_of_memory(conn: libvirt.virConnect) -> None:
    """The result is grouped by NUMA node and page size."""
    pages = conn.getFreePages([4], -1, 1)
    assert pages and all(set(counts) == {4} and counts[4] > 0 for counts in pages.values())


def test_memory_parameters(conn: libvirt.virConnect) -> None:
    try:
        parameters = conn.getMemoryParameters()
    except libvirt.libvirtError as error:  # a kernel without KSM
        assert error.get_error_code() in (libvirt.VIR_ERR_OPERATION_INVALID, libvirt.VIR_ERR_SYSTEM_ERROR)
    else:
        assert all(isinstance(value, int) for value in parameters.values())


def test_capabilities_name_the_emulator(conn: libvirt.virConnect) -> None:
    assert "<arch name='x86_64'>" in conn.getCapabilities()
    assert "<domainCapabilities>" in conn.getDomainCapabilities(None, "x86_64", None, "qemu")
    assert "qemu64" in conn.getCPUModelNames("x86_64")
    assert any(machine in conn.getDomainCapabilities(None, "x86_64", "pc", "qemu") for machine in ("pc-i440fx", "pc"))
