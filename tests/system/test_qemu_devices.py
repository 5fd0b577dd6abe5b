# SPDX-License-Identifier: LGPL-2.1-or-later
"""Devices of a QEMU guest: hotplug, console, channels, and screen."""

import os
import time
from pathlib import Path
from typing import Dict, Iterator, List

import libvirt
import pytest

import guest
from conftest import MakeGuest
from daemon import wait_until

VIDEO = "<video><model type='vga' vram='8192'/></video>"
VNC = "<graphics type='vnc' autoport='yes' listen='127.0.0.1'/>"
LIVE = libvirt.VIR_DOMAIN_AFFECT_LIVE


@pytest.fixture
def devices(conn: libvirt.virConnect) -> Iterator[Dict[str, List[str]]]:
    """The aliases of devices that have been added and removed so far."""
    seen: Dict[str, List[str]] = {"added": [], "removed": []}
    numbers = []
    for kind in seen:
        numbers.append(conn.domainEventRegisterAny(None, getattr(libvirt, f"VIR_DOMAIN_EVENT_ID_DEVICE_{kind.upper()}"),
                                                   lambda conn, domain, alias, kind: seen[kind].append(alias), kind))
    yield seen
    for number in numbers:
        conn.domainEventDeregisterAny(number)


# --- hotplug

def test_a_disk_is_plugged_and_unplugged(make_guest: MakeGuest, devices: Dict[str, List[str]], tmp_path: Path) -> None:
    """On USB, unplugging does not need the guest's cooperation."""
    domain = make_guest()
    guest.check_alive(domain)
    xml = guest.disk_xml(guest.make_disk(tmp_path / "second"), target="sda", bus="usb",
                         extra="<serial>second</serial>")
    assert domain.attachDeviceFlags(xml, LIVE) == 0
    assert str(tmp_path / "second") in domain.XMLDesc()
    assert domain.blockInfo("sda")[0] == guest.MIB and domain.blockStats("sda")[0] >= 0
    wait_until(lambda: devices["added"], "the event")
    assert domain.detachDeviceFlags(xml, LIVE) == 0
    wait_until(lambda: devices["removed"], "the event")
    assert devices["added"] == devices["removed"] == ["usb-disk0"]
    assert str(tmp_path / "second") not in domain.XMLDesc()


def test_a_device_is_unplugged_by_its_alias(make_guest: MakeGuest, devices: Dict[str, List[str]]) -> None:
    domain = make_guest()
    domain.attachDevice("<input type='tablet' bus='usb'><alias name='ua-mine'/></input>")
    wait_until(lambda: devices["added"] == ["ua-mine"], "the event")
    assert domain.detachDeviceAlias("ua-mine", LIVE) == 0
    wait_until(lambda: devices["removed"] == ["ua-mine"], "the event")


def test_a_network_card_is_plugged(make_guest: MakeGuest, devices: Dict[str, List[str]]) -> None:
    domain = make_guest()
    mac = "52:54:00:12:34:56"
    assert domain.attachDeviceFlags(f"<interface type='user'><mac address='{mac}'/><model type='virtio'/></interface>",
                                    LIVE | libvirt.VIR_DOMAIN_AFFECT_CONFIG) == 0
    wait_until(lambda: devices["added"] == ["net0"], "the event")
    assert mac in domain.XMLDesc() and mac in domain.XMLDesc(libvirt.VIR_DOMAIN_XML_INACTIVE)


def test_a_medium_is_changed(conn: libvirt.virConnect, make_guest: MakeGuest, tmp_path: Path) -> None:
    changes = []
    number = conn.domainEventRegisterAny(None, libvirt.VIR_DOMAIN_EVENT_ID_TRAY_CHANGE,
                                         lambda conn, domain, device, reason, opaque: changes.append(reason), None)
    tray = ("<disk type='file' device='cdrom'><driver name='qemu' type='raw'/>{}"
            "<target dev='sda' bus='ide'/><readonly/></disk>")
    domain = make_guest(tray.format(""))
    guest.check_alive(domain)
    medium = guest.make_disk(tmp_path / "medium")
    flags = LIVE | libvirt.VIR_DOMAIN_DEVICE_MODIFY_FORCE  # the guest does not handle trays
    assert domain.updateDeviceFlags(tray.format(f"<source file='{medium}'/>"), flags) == 0
    assert str(medium) in domain.XMLDesc()
    assert domain.updateDeviceFlags(tray.format(""), flags) == 0
    assert str(medium) not in domain.XMLDesc()
    wait_until(lambda: {libvirt.VIR_DOMAIN_EVENT_TRAY_CHANGE_OPEN, libvirt.VIR_DOMAIN_EVENT_TRAY_CHANGE_CLOSE} ==
               set(changes), "the events")
    conn.domainEventDeregisterAny(number)


def test_invalid_devices_are_refused(make_guest: MakeGuest) -> None:
    domain = make_guest()
    for xml in ("<disk/>", "<nonsense/>", "", guest.disk_xml("/nowhere", target="sdb", bus="usb")):
        with pytest.raises(libvirt.libvirtError):
            domain.attachDevice(xml)
    with pytest.raises(libvirt.libvirtError):
        domain.detachDevice("<input type='tablet' bus='usb'/>")
    assert domain.isActive()


def test_memory_and_cpus_are_set(make_guest: MakeGuest) -> None:
    domain = make_guest(extra="<currentMemory unit='MiB'>32</currentMemory>")
    assert domain.setMemory(16384) == 0
    assert domain.maxMemory() == 32768 and domain.maxVcpus() == 1
    assert domain.setMemoryStatsPeriod(1) == 0
    assert "rss" in domain.memoryStats() and domain.memoryStats()["actual"] <= 32768
    assert domain.vcpusFlags(LIVE) == 1
    cpus, maps = domain.vcpus()
    assert [cpu[0] for cpu in cpus] == [0] and len(maps) == 1
    assert domain.pinVcpu(0, (True,)) == 0
    assert domain.vcpuPinInfo()[0][0] is True and not any(domain.vcpuPinInfo()[0][1:])


# --- the console

def test_the_console_answers_byte_for_byte(make_guest: MakeGuest) -> None:
    domain = make_guest()
    with guest.Console(domain) as console:
        console.echo(b"ready")
        text = bytes(range(256))
        for start in range(0, 256, 16):  # the size of the port's queue
            piece = text[start:start + 16]
            for byte in piece:
                console.stream.send(bytes([byte]))
            console.wait_for(piece)
        assert text in console.seen


def test_a_console_with_an_event_callback(make_guest: MakeGuest) -> None:
    domain = make_guest()
    with guest.Console(domain) as console:
        console.echo(b"ready")
        events, got = [], []

        def ready(stream: libvirt.virStream, event: int, opaque: object) -> None:
            events.append(event)
            got.append(stream.recv(100))
        console.stream.eventAddCallback(libvirt.VIR_STREAM_EVENT_READABLE, ready, None)
        console.stream.send(b"called back")
        wait_until(lambda: b"back" in b"".join(piece for piece in got if piece != -2), "the answer")
        assert set(events) == {libvirt.VIR_STREAM_EVENT_READABLE}
        console.stream.eventRemoveCallback()


def test_a_console_in_use_is_refused(make_guest: MakeGuest) -> None:
    domain = make_guest()
    with guest.Console(domain):
        stream = domain.connect().newStream(libvirt.VIR_STREAM_NONBLOCK)
        with pytest.raises(libvirt.libvirtError) as raised:
            domain.openConsole(None, stream, libvirt.VIR_DOMAIN_CONSOLE_SAFE)
        assert raised.value.get_error_code() == libvirt.VIR_ERR_OPERATION_FAILED
    with pytest.raises(libvirt.libvirtError):
        domain.openConsole("nothing", domain.connect().newStream())


def test_a_console_ends_with_its_guest(make_guest: MakeGuest) -> None:
    domain = make_guest()
    with guest.Console(domain) as console:
        console.echo(b"ready")
        domain.destroy()

        def ended() -> bool:
            try:
                return bool(console.stream.recv(1000) == b"")
            except libvirt.libvirtError:
                return True
        wait_until(ended, "the end of the console")


def test_a_channel_is_opened(make_guest: MakeGuest) -> None:
    domain = make_guest("<channel type='unix'><source mode='bind'/><target type='virtio' name='mine'/></channel>"
                        "<controller type='virtio-serial'/>")
    stream = domain.connect().newStream(libvirt.VIR_STREAM_NONBLOCK)
    assert domain.openChannel("mine", stream) == 0
    assert stream.recv(10) == -2
    stream.abort()
    with pytest.raises(libvirt.libvirtError):
        domain.openChannel("other", domain.connect().newStream())


# --- the screen

def test_a_picture_of_the_screen(make_guest: MakeGuest) -> None:
    domain = make_guest(VIDEO, VNC)
    stream, picture = domain.connect().newStream(), []
    kind = domain.screenshot(stream, 0)
    stream.recvAll(lambda stream, data, opaque: picture.append(data), None)
    stream.finish()
    magic = {"image/x-portable-pixmap": b"P6\n", "image/png": b"\x89PNG"}
    assert b"".join(picture).startswith(magic[kind]) and len(b"".join(picture)) > 100


def test_keys_are_sent(make_guest: MakeGuest) -> None:
    domain = make_guest()
    assert domain.sendKey(libvirt.VIR_KEYCODE_SET_LINUX, 10, [28, 57], 2) == 0
    assert domain.injectNMI() == 0
    with pytest.raises(libvirt.libvirtError):
        domain.sendKey(libvirt.VIR_KEYCODE_SET_LINUX, 10, [99999], 1)


@pytest.mark.parametrize("given", ["made", "given"])
def test_a_socket_to_the_graphics(make_guest: MakeGuest, given: str) -> None:
    """The descriptor speaks VNC, and the program must close it."""
    import socket
    domain = make_guest(VIDEO, VNC)
    if given == "made":
        connected = socket.socket(fileno=domain.openGraphicsFD(0))
    else:
        connected, other = socket.socketpair()
        assert domain.openGraphics(0, other.fileno()) == 0
        other.close()
    with connected:
        connected.settimeout(60)
        assert connected.recv(12).startswith(b"RFB 003.")


def test_the_clock_of_the_guest(make_guest: MakeGuest) -> None:
    domain = make_guest()
    with pytest.raises(libvirt.libvirtError) as raised:
        domain.getTime()
    assert raised.value.get_error_code() in (libvirt.VIR_ERR_ARGUMENT_UNSUPPORTED, libvirt.VIR_ERR_AGENT_UNRESPONSIVE)


def test_graphics_descriptors_do_not_leak(make_guest: MakeGuest) -> None:
    """No descriptor is left open."""
    domain = make_guest(VIDEO, VNC)
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(20):
        os.close(domain.openGraphicsFD(0))
    time.sleep(0.05)
    assert len(os.listdir("/proc/self/fd")) == before
