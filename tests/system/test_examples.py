# SPDX-License-Identifier: LGPL-2.1-or-later
"""The examples that need a daemon with its guests and pools."""

import json
import os
import re
import subprocess
import time
import urllib.request
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import List

import libvirt
import libvirt_qemu
import pytest

import daemon as daemons
import guest
from conftest import MakeGuest, MakeVolume
from example import command, run


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """A file of 1 MiB of data, a hole of 30 MiB, and 1 MiB of data."""
    path = tmp_path / "image"
    with open(path, "wb") as file:
        file.write(os.urandom(guest.MIB))
        file.seek(31 * guest.MIB)
        file.write(os.urandom(guest.MIB))
    return path


def test_an_upload_keeps_content_and_holes(daemon: daemons.Daemon, pool: libvirt.virStoragePool, image: Path) -> None:
    shown = run("upload", daemon.uri(), image, "files", "uploaded")
    assert shown.endswith(f"[{'#' * 40}] 32 MiB\n")
    volume = Path(pool.storageVolLookupByName("uploaded").path())
    assert volume.read_bytes() == image.read_bytes()
    assert volume.stat().st_blocks * 512 < 8 * guest.MIB


@pytest.mark.parametrize("size", [0, 1, guest.MIB])
def test_an_upload_of_any_size(daemon: daemons.Daemon, pool: libvirt.virStoragePool, tmp_path: Path, size: int) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x" * size)
    run("upload", daemon.uri(), path, "files")
    assert Path(pool.storageVolLookupByName("file").path()).read_bytes() == b"x" * size


def test_an_upload_to_an_existing_volume_fails(daemon: daemons.Daemon, pool: libvirt.virStoragePool, image: Path,
                                               make_volume: MakeVolume) -> None:
    make_volume(1000, "image")
    assert "image" in run("upload", daemon.uri(), image, "files", status=1)


def test_a_block_copy_moves_the_disk(daemon: daemons.Daemon, make_guest: MakeGuest, tmp_path: Path) -> None:
    domain = make_guest()
    target = tmp_path / "copy.qcow2"
    shown = run("blockcopy", daemon.uri(), "guest", "vda", target)
    assert shown.endswith("] 100 %\n")
    assert str(target) in domain.XMLDesc()
    guest.check_alive(domain)


def test_a_block_copy_of_a_missing_disk_fails(daemon: daemons.Daemon, make_guest: MakeGuest, tmp_path: Path) -> None:
    make_guest()
    assert "vdz" in run("blockcopy", daemon.uri(), "guest", "vdz", tmp_path / "copy", status=1)


def test_a_machine_is_created(daemon: daemons.Daemon, conn: libvirt.virConnect, pool: libvirt.virStoragePool,
                              make_volume: MakeVolume) -> None:
    guest.make_disk(Path(make_volume(guest.MIB, "base").path()))
    shown = run("create", daemon.uri(), "new", "--type", "qemu", "--pool", "files", "--base", "base", "--size", 1,
                "--memory", 32, "--cpus", 1)
    domain, volume = conn.lookupByName("new"), pool.storageVolLookupByName("new.qcow2")
    try:
        assert shown == f"new is running, its disk is {volume.path()}\n"
        guest.check_alive(domain)  # it boots from the base
        assert volume.info()[1] == 1024 * guest.MIB
    finally:
        domain.destroy()
        domain.undefine()


def sources(domain: libvirt.virDomain, flags: int = 0) -> List[str]:
    """Return the disks and network cards of a domain: the name of each target, or its MAC address."""
    found = ElementTree.fromstring(domain.XMLDesc(flags)).findall("devices/*")
    return [item.get("dev", "") for device in found if device.tag == "disk" for item in device.findall("target")] + [
        item.get("address", "") for device in found for item in device.findall("mac")]


def test_devices_are_attached_and_detached(daemon: daemons.Daemon, make_guest: MakeGuest, tmp_path: Path) -> None:
    domain, mac = make_guest(), "52:54:00:12:34:56"
    guest.check_alive(domain)
    uri, second = daemon.uri(), guest.make_disk(tmp_path / "second")
    run("hotplug", uri, "guest", "attach-disk", second, "sda", "--bus", "usb")
    assert run("hotplug", uri, "guest", "attach-nic", mac) == "attach-nic: done\n"
    inactive = libvirt.VIR_DOMAIN_XML_INACTIVE
    assert sources(domain) == sources(domain, inactive) == ["vda", "sda", mac]
    run("hotplug", uri, "guest", "detach", "sda")
    assert sources(domain) == sources(domain, inactive) == ["vda", mac]
    with subprocess.Popen(command("hotplug", uri, "guest", "detach", mac)) as detaching:
        # This guest does not know how to release a PCI device. Its reset does that.
        while detaching.poll() is None:
            domain.reset()
            time.sleep(0.1)
        assert detaching.returncode == 0
    assert sources(domain) == sources(domain, inactive) == ["vda"]
    assert run("hotplug", uri, "guest", "detach", "sdz", status=1) == "hotplug: guest has no device sdz\n"
    domain.destroy()
    run("hotplug", uri, "guest", "attach-disk", second, "sda", "--bus", "usb")
    run("hotplug", uri, "guest", "detach", "sda")
    assert sources(domain) == ["vda"]


def test_a_snapshot_brings_the_memory_back(daemon: daemons.Daemon, make_guest: MakeGuest) -> None:
    domain = make_guest(kind="qcow2")
    guest.check_alive(domain)
    run("snapshot", daemon.uri(), "guest", "create", "first")
    domain.destroy()
    run("snapshot", daemon.uri(), "guest", "revert", "first")
    assert run("snapshot", daemon.uri(), "guest", "list").startswith("* first ")
    guest.check_alive(domain)
    run("snapshot", daemon.uri(), "guest", "delete", "first")
    assert domain.snapshotNum() == 0


def write_to_disk(domain: libvirt.virDomain) -> None:
    """Write 64 KiB at 128 KiB. The monitor does that in place of the guest."""
    write = 'qemu-io -d /machine/peripheral/virtio-disk0/virtio-backend "write -P 7 128k 64k"'
    libvirt_qemu.qemuMonitorCommand(domain, write, libvirt_qemu.VIR_DOMAIN_QEMU_MONITOR_COMMAND_HMP)


def test_backups_one_after_the_other(daemon: daemons.Daemon, make_guest: MakeGuest, tmp_path: Path) -> None:
    domain = make_guest(kind="qcow2")
    assert run("backup", daemon.uri(), "guest", tmp_path, "monday").startswith("complete backup\n")
    write_to_disk(domain)
    shown = run("backup", daemon.uri(), "guest", tmp_path, "tuesday")
    assert shown.startswith("changes since monday\n") and shown.endswith("0.1 of 0.1 MiB\n")
    assert "monday" in run("backup", daemon.uri(), "guest", tmp_path, "monday", status=1)
    # What has changed, on top of the complete backup, is the disk.
    later = tmp_path / "tuesday-vda.qcow2"
    subprocess.run(["qemu-img", "rebase", "-u", "-F", "qcow2", "-b", tmp_path / "monday-vda.qcow2", later], check=True)
    subprocess.run(["qemu-img", "convert", "-O", "raw", later, tmp_path / "restored"], check=True)
    restored = (tmp_path / "restored").read_bytes()
    assert restored[:512] == guest.BOOT_SECTOR and restored[2 ** 17:2 ** 17 + 2 ** 16] == b"\7" * 2 ** 16


def test_a_commit_merges_the_overlays(daemon: daemons.Daemon, make_guest: MakeGuest, tmp_path: Path) -> None:
    domain = make_guest()
    base = ElementTree.fromstring(domain.XMLDesc()).findall("devices/disk/source")[0].get("file", "")
    domain.snapshotCreateXML("<domainsnapshot><disks><disk name='vda'>"
                             f"<source file='{tmp_path}/overlay'/></disk></disks></domainsnapshot>",
                             libvirt.VIR_DOMAIN_SNAPSHOT_CREATE_DISK_ONLY |
                             libvirt.VIR_DOMAIN_SNAPSHOT_CREATE_NO_METADATA)
    assert f"{tmp_path}/overlay" in domain.XMLDesc()
    write_to_disk(domain)
    assert run("blockcommit", daemon.uri(), "guest", "vda").endswith("MiB\n")
    assert f"{tmp_path}/overlay" not in domain.XMLDesc()
    assert Path(base).read_bytes()[2 ** 17:2 ** 17 + 2 ** 16] == b"\7" * 2 ** 16
    assert "vdz" in run("blockcommit", daemon.uri(), "guest", "vdz", status=1)


def test_a_download_keeps_content_and_holes(daemon: daemons.Daemon, image: Path, make_volume: MakeVolume,
                                            tmp_path: Path) -> None:
    run("upload", daemon.uri(), image, "files", "volume")
    make_volume(guest.MIB, "empty")
    for name, content in (("volume", image.read_bytes()), ("empty", b"\0" * guest.MIB)):
        shown = run("download", daemon.uri(), "files", name, tmp_path / "file")
        assert shown.endswith(f"\n{len(content) >> 20} of {len(content) >> 20} MiB\n")
        assert (tmp_path / "file").read_bytes() == content
        assert (tmp_path / "file").stat().st_blocks * 512 < 8 * guest.MIB


def test_an_encrypted_disk(daemon: daemons.Daemon, conn: libvirt.virConnect, pool: libvirt.virStoragePool,
                           make_guest: MakeGuest) -> None:
    xml = run("encrypt", daemon.uri(), "files", "hidden", 1, given="open sesame\n")
    (secret,) = conn.listAllSecrets()
    try:
        assert secret.UUIDString() in xml and secret.usageID() == "files/hidden"
        with pytest.raises(libvirt.libvirtError):
            secret.value()
        guest.check_alive(make_guest(xml))
        assert b"LUKS" in Path(pool.storageVolLookupByName("hidden").path()).read_bytes()[:2 ** 20]
        assert "already" in run("encrypt", daemon.uri(), "files", "hidden", 1, given="other\n", status=1)
    finally:
        secret.undefine()
    assert conn.listAllSecrets() == []


def test_a_running_guest_is_resized(daemon: daemons.Daemon, conn: libvirt.virConnect, make_guest: MakeGuest) -> None:
    domain = make_guest(start=False)
    conn.defineXML(domain.XMLDesc().replace("<vcpu placement='static'>1<", "<vcpu placement='static' current='1'>2<"))
    domain.create()
    shown = run("resize", daemon.uri(), "guest", "--memory", 24, "--cpus", 2, "--disk", "vda=1")
    assert shown.startswith("vda: 1 GiB\nCPUs: 2, memory: ") and shown.endswith(" of at most 32 MiB\n")
    assert domain.blockInfo("vda")[0] == 1024 * guest.MIB and domain.vcpusFlags(libvirt.VIR_DOMAIN_AFFECT_LIVE) == 2
    later = domain.XMLDesc(libvirt.VIR_DOMAIN_XML_INACTIVE)
    assert "<currentMemory unit='KiB'>24576<" in later and "<vcpu placement='static'>2<" in later
    domain.destroy()
    shown = run("resize", daemon.uri(), "guest", "--memory", 16, "--cpus", 1)
    assert shown == "CPUs: 1, memory: 16 of at most 32 MiB\n"


def test_a_guest_is_turned_off(daemon: daemons.Daemon, make_guest: MakeGuest) -> None:
    """This guest does not react to its power button."""
    domain = make_guest(start=False)
    assert run("power", daemon.uri(), "guest", "on") == "guest running\n"
    assert "not shut down within 1 seconds" in run("power", daemon.uri(), "guest", "off", "--timeout", 1, status=1)
    assert run("power", daemon.uri(), "guest", "off", "--timeout", 0.5, "--force") == "guest shutoff\n"
    assert not domain.isActive()


def test_a_picture_of_the_screen(daemon: daemons.Daemon, make_guest: MakeGuest, tmp_path: Path) -> None:
    make_guest("<video><model type='vga' vram='8192'/></video>", "<graphics type='vnc' autoport='yes'/>")
    path = Path(run("screenshot", daemon.uri(), "guest", tmp_path / "screen").rstrip("\n"))
    magic = {".ppm": b"P6\n", ".png": b"\x89PNG"}
    assert path.read_bytes().startswith(magic[path.suffix])


def test_the_console_of_a_guest(daemon: daemons.Daemon, make_guest: MakeGuest) -> None:
    domain = make_guest()
    guest.check_alive(domain)
    with subprocess.Popen(command("console", daemon.uri(), "guest"), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT) as console:
        assert console.stdin is not None and console.stdout is not None
        assert console.stdout.readline() == b"Press Ctrl-] to exit\n"
        console.stdin.write(b"said once")
        console.stdin.flush()
        assert console.stdout.read(len(b"said once")) == b"said once"
        time.sleep(0.1)
        console.stdin.write(b"\x1d")
        console.stdin.flush()
        assert console.wait(60) == 0
        assert console.stdout.read() == b""


def test_the_console_ends_with_its_guest(daemon: daemons.Daemon, make_guest: MakeGuest) -> None:
    domain = make_guest()
    with subprocess.Popen(command("console", daemon.uri(), "guest"), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT) as console:
        assert console.stdout is not None
        assert console.stdout.readline() == b"Press Ctrl-] to exit\n"
        domain.destroy()
        assert console.wait(60) in (0, 1)
        assert b"Traceback" not in console.stdout.read()


def test_monitor_commands(daemon: daemons.Daemon, make_guest: MakeGuest) -> None:
    domain = make_guest()
    assert json.loads(run("monitor", daemon.uri(), "guest", "query-status"))["status"] == "running"
    found = run("monitor", daemon.uri(), "guest", "qom-get", "path=/machine", "property=type")
    assert re.fullmatch(r'"pc-.*-machine"\n', found)
    assert "EIP=" in run("monitor", "--human", daemon.uri(), "guest", "info registers")
    assert "no-such" in run("monitor", daemon.uri(), "guest", "no-such-command", status=1)
    assert domain.isActive()


def test_statistics_of_guests(daemon: daemons.Daemon, make_guest: MakeGuest) -> None:
    make_guest()
    head, row = run("stats", daemon.uri()).splitlines()
    assert head.split()[:3] == ["Name", "State", "CPUs"]
    assert row.split()[:3] == ["guest", "running", "1"] and "MiB" in row


def test_a_guest_that_stops_ends_the_wait(daemon: daemons.Daemon, make_guest: MakeGuest) -> None:
    domain = make_guest()
    with subprocess.Popen(command("events_asyncio", daemon.uri(), "guest"), stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, universal_newlines=True) as waiting:
        assert waiting.stdout is not None
        assert waiting.stdout.readline() == "waiting for guest\n"
        domain.destroy()
        assert waiting.stdout.read() in ("guest is off (destroyed)\n", "guest is off\n")
        assert waiting.wait(60) == 0


def test_the_tour_of_a_daemon(daemon: daemons.Daemon, make_guest: MakeGuest) -> None:
    make_guest(start=False)
    assert "guest" in run("tour", daemon.uri())


def test_the_tour_waits_for_the_events_that_it_names(daemon: daemons.Daemon, conn: libvirt.virConnect) -> None:
    """QEMU resumes a domain before it is started."""
    lines = [line.strip() for line in run("tour", "--write", daemon.uri()).splitlines()]
    events = lines[lines.index("Events of libvirt-python-tour"):]
    assert [line for line in events if line in ("defined", "started", "stopped", "undefined")] == [
        "defined", "started", "stopped", "undefined"]
    assert "resumed" not in lines and conn.listAllDomains() == []


def test_exported_statistics_of_guests(daemon: daemons.Daemon, make_guest: MakeGuest) -> None:
    make_guest("<interface type='user'><model type='virtio'/></interface>")
    with subprocess.Popen(command("exporter", "--port", 0, daemon.uri()), stdout=subprocess.PIPE,
                          universal_newlines=True) as exporter:
        assert exporter.stdout is not None
        try:
            with urllib.request.urlopen(exporter.stdout.readline().strip(), timeout=60) as answer:
                lines = answer.read().decode().splitlines()
        finally:
            exporter.kill()
    for sample in ('libvirt_domain_state{domain="guest"} 1', 'libvirt_domain_vcpus{domain="guest"} 1',
                   f'libvirt_domain_memory_bytes{{domain="guest"}} {32 * guest.MIB}'):
        assert sample in lines
    assert any(line.startswith('libvirt_domain_block_read_bytes_total{domain="guest",device="vda"} ') for line in lines)
