# SPDX-License-Identifier: LGPL-2.1-or-later
"""Block jobs of a QEMU guest with their progress and events, and other operations on its disks."""

import os
import subprocess
from pathlib import Path
from typing import Iterator, List, Tuple, Union

import libvirt
import libvirt_qemu
import pytest

import guest
from conftest import MakeGuest
from daemon import wait_until
from typehints import results_of

COMPLETED, CANCELED, READY = (libvirt.VIR_DOMAIN_BLOCK_JOB_COMPLETED, libvirt.VIR_DOMAIN_BLOCK_JOB_CANCELED,
                              libvirt.VIR_DOMAIN_BLOCK_JOB_READY)
COPY, PULL, COMMIT, ACTIVE = (libvirt.VIR_DOMAIN_BLOCK_JOB_TYPE_COPY, libvirt.VIR_DOMAIN_BLOCK_JOB_TYPE_PULL,
                              libvirt.VIR_DOMAIN_BLOCK_JOB_TYPE_COMMIT,
                              libvirt.VIR_DOMAIN_BLOCK_JOB_TYPE_ACTIVE_COMMIT)
# Needed to copy a disk of a persistent guest; the job does not survive the guest.
ONCE = libvirt.VIR_DOMAIN_BLOCK_COPY_TRANSIENT_JOB

Jobs = List[Tuple[Union[str, int], ...]]
Chained = Tuple[libvirt.virDomain, Tuple[Path, Path, Path]]


@pytest.fixture
def jobs(conn: libvirt.virConnect) -> Iterator[Jobs]:
    """The block job events so far: disk, type, status. The first event has the file name, the second one the target."""
    seen, numbers = [], []
    for number in (libvirt.VIR_DOMAIN_EVENT_ID_BLOCK_JOB, libvirt.VIR_DOMAIN_EVENT_ID_BLOCK_JOB_2):
        numbers.append(conn.domainEventRegisterAny(None, number, lambda conn, domain, *rest: seen.append(rest[:3]),
                                                   None))
    yield seen
    for number in numbers:
        conn.domainEventDeregisterAny(number)


def has_come(jobs: Jobs, *event: Union[str, int]) -> None:
    wait_until(lambda: event in jobs, f"the event {event}")


def allocate(path: Path, size: int = 8 * guest.MIB) -> Path:
    """Create a disk that takes some time to copy."""
    guest.make_disk(path, size)
    with open(path, "r+b") as file:
        file.seek(512)
        file.write(os.urandom(size - 512))
    return path


def copy_xml(path: Path) -> str:
    return f"<disk type='file'><source file='{path}'/><driver type='raw'/></disk>"


@pytest.fixture
def chained(make_guest: MakeGuest, tmp_path: Path) -> Chained:
    """A guest whose disk is an overlay of an overlay of a base file, and the three files."""
    base, middle, top = allocate(tmp_path / "base"), tmp_path / "middle", tmp_path / "top"
    for overlay, backing, kind in ((middle, base, "raw"), (top, middle, "qcow2")):
        subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", "-b", backing, "-F", kind, overlay], check=True)
    return make_guest(guest.disk_xml(top, "qcow2", target="vdb")), (base, middle, top)


def test_a_copy_with_pivot(make_guest: MakeGuest, jobs: Jobs, tmp_path: Path) -> None:
    source, copy = allocate(tmp_path / "source"), tmp_path / "copy"
    domain = make_guest(guest.disk_xml(source, target="vdb"))
    assert domain.blockJobInfo("vdb") in ({}, None)
    assert domain.blockCopy("vdb", copy_xml(copy), {libvirt.VIR_DOMAIN_BLOCK_COPY_BANDWIDTH: 4 * guest.MIB}, ONCE) == 0
    info = domain.blockJobInfo("vdb", libvirt.VIR_DOMAIN_BLOCK_JOB_INFO_BANDWIDTH_BYTES)
    assert info["type"] == COPY and info["bandwidth"] == 4 * guest.MIB and info["cur"] <= info["end"]
    assert domain.blockJobSetSpeed("vdb", 0) == 0
    has_come(jobs, "vdb", COPY, READY)
    info = domain.blockJobInfo("vdb")
    assert info["cur"] == info["end"] > 0
    results, wrong = results_of(dom=domain, disk="vdb")
    assert results["dom.blockJobInfo(disk)"] == info and wrong == []
    assert domain.blockJobAbort("vdb", libvirt.VIR_DOMAIN_BLOCK_JOB_ABORT_PIVOT) == 0
    has_come(jobs, "vdb", COPY, COMPLETED)
    assert (str(copy), COPY, COMPLETED) in jobs or (str(source), COPY, COMPLETED) in jobs
    assert copy.read_bytes() == source.read_bytes()
    assert f"'{copy}'" in domain.XMLDesc()


def test_a_copy_is_aborted(make_guest: MakeGuest, jobs: Jobs, tmp_path: Path) -> None:
    source, copy = allocate(tmp_path / "source"), tmp_path / "copy"
    domain = make_guest(guest.disk_xml(source, target="vdb"))
    domain.blockCopy("vdb", copy_xml(copy), {libvirt.VIR_DOMAIN_BLOCK_COPY_BANDWIDTH: guest.MIB}, ONCE)
    assert domain.blockJobInfo("vdb")["cur"] < domain.blockJobInfo("vdb")["end"]
    assert domain.blockJobAbort("vdb") == 0
    has_come(jobs, "vdb", COPY, CANCELED)
    assert f"'{source}'" in domain.XMLDesc() and domain.blockJobInfo("vdb") in ({}, None)
    with pytest.raises(libvirt.libvirtError):
        domain.blockJobAbort("vdb")


def test_parameters_of_a_copy(make_guest: MakeGuest, jobs: Jobs, tmp_path: Path) -> None:
    source = allocate(tmp_path / "source")
    domain = make_guest(guest.disk_xml(source, target="vdb"))
    domain.blockCopy("vdb", copy_xml(tmp_path / "copy"), {
        libvirt.VIR_DOMAIN_BLOCK_COPY_GRANULARITY: 65536, libvirt.VIR_DOMAIN_BLOCK_COPY_BUF_SIZE: guest.MIB}, ONCE)
    has_come(jobs, "vdb", COPY, READY)
    domain.blockJobAbort("vdb")
    for parameters in ({libvirt.VIR_DOMAIN_BLOCK_COPY_GRANULARITY: 1}, {"unknown": 1}):
        with pytest.raises(libvirt.libvirtError):
            domain.blockCopy("vdb", copy_xml(tmp_path / "other"), parameters, ONCE)


def test_a_pull_of_the_complete_chain(chained: Chained, jobs: Jobs) -> None:
    domain, (base, _, top) = chained
    assert domain.blockPull("vdb", 2) == 0  # MiB per second
    info = domain.blockJobInfo("vdb")
    assert (info["type"], info["bandwidth"]) == (PULL, 2) and info["cur"] < info["end"]
    assert domain.blockJobSetSpeed("vdb", 1000) == 0
    assert domain.blockJobInfo("vdb").get("bandwidth", 1000) == 1000
    has_come(jobs, "vdb", PULL, COMPLETED)
    assert "<backingStore/>" in domain.XMLDesc().partition(str(top))[2]
    assert domain.blockJobInfo("vdb") in ({}, None)


def test_a_rebase_pulls_down_to_a_file(chained: Chained, jobs: Jobs) -> None:
    domain, (base, middle, top) = chained
    assert domain.blockRebase("vdb", str(base), 0, 0) == 0
    has_come(jobs, "vdb", PULL, COMPLETED)
    assert str(middle) not in domain.XMLDesc() and str(base) in domain.XMLDesc()


def test_a_commit_of_a_middle_file(chained: Chained, jobs: Jobs) -> None:
    domain, (base, middle, top) = chained
    assert domain.blockCommit("vdb", str(base), str(middle)) == 0
    has_come(jobs, "vdb", COMMIT, COMPLETED)
    assert str(middle) not in domain.XMLDesc() and str(base) in domain.XMLDesc()


def test_a_commit_of_the_active_file(chained: Chained, jobs: Jobs) -> None:
    domain, (base, middle, top) = chained
    assert domain.blockCommit("vdb", None, None, 0, libvirt.VIR_DOMAIN_BLOCK_COMMIT_ACTIVE) == 0
    has_come(jobs, "vdb", ACTIVE, READY)
    assert domain.blockJobInfo("vdb")["type"] == ACTIVE
    assert domain.blockJobAbort("vdb", libvirt.VIR_DOMAIN_BLOCK_JOB_ABORT_PIVOT) == 0
    has_come(jobs, "vdb", ACTIVE, COMPLETED)
    assert str(top) not in domain.XMLDesc() and str(base) in domain.XMLDesc()


def test_a_backup(make_guest: MakeGuest, tmp_path: Path) -> None:
    domain = make_guest(kind="qcow2")
    done = []
    conn = domain.connect()
    number = conn.domainEventRegisterAny(None, libvirt.VIR_DOMAIN_EVENT_ID_JOB_COMPLETED,
                                         lambda conn, domain, stats, opaque: done.append(stats), None)
    xml = (f"<domainbackup><disks><disk name='vda' type='file'><target file='{tmp_path}/backup'/>"
           f"<driver type='raw'/></disk></disks></domainbackup>")
    assert domain.backupBegin(xml, "<domaincheckpoint><name>since</name></domaincheckpoint>") == 0
    wait_until(lambda: done, "the end of the backup")
    assert done[0]["operation"] == libvirt.VIR_DOMAIN_JOB_OPERATION_BACKUP and done[0]["success"]
    assert (tmp_path / "backup").read_bytes()[:512] == guest.BOOT_SECTOR
    assert [each.getName() for each in domain.listAllCheckpoints()] == ["since"]
    conn.domainEventDeregisterAny(number)


# --- disks

def test_contents_of_a_disk(make_guest: MakeGuest) -> None:
    domain = make_guest()
    assert domain.blockPeek("vda", 0, 512) == guest.BOOT_SECTOR
    assert domain.blockPeek("vda", 510, 2) == b"\x55\xaa"
    with pytest.raises(libvirt.libvirtError):
        domain.blockPeek("nothing", 0, 512)


def test_a_disk_grows(make_guest: MakeGuest) -> None:
    domain = make_guest()
    assert domain.blockResize("vda", 4096) == 0  # KiB
    assert domain.blockInfo("vda")[0] == 4 * guest.MIB
    assert domain.blockResize("vda", 2 ** 33, libvirt.VIR_DOMAIN_BLOCK_RESIZE_BYTES) == 0
    assert domain.blockInfo("vda")[0] == 2 ** 33


def test_tuning_of_a_disk(make_guest: MakeGuest) -> None:
    domain = make_guest()
    assert domain.setBlockIoTune("vda", {"total_bytes_sec": 2 ** 33, "read_iops_sec": 100}) == 0
    tune = domain.blockIoTune("vda", libvirt.VIR_DOMAIN_AFFECT_LIVE)
    assert (tune["total_bytes_sec"], tune["read_iops_sec"], tune["write_iops_sec"]) == (2 ** 33, 100, 0)
    assert domain.setBlockIoTune("vda", {"total_bytes_sec": 0}) == 0
    assert domain.blockIoTune("vda")["total_bytes_sec"] == 0


def test_a_threshold(conn: libvirt.virConnect, make_guest: MakeGuest, tmp_path: Path) -> None:
    """The monitor writes to the disk in place of the guest."""
    seen = []
    number = conn.domainEventRegisterAny(None, libvirt.VIR_DOMAIN_EVENT_ID_BLOCK_THRESHOLD,
                                         lambda *arguments: seen.append(arguments[2:]), "mine")
    domain = make_guest(kind="qcow2")
    assert domain.setBlockThreshold("vda", guest.MIB) == 0
    write = 'qemu-io -d /machine/peripheral/virtio-disk0/virtio-backend "write 64k 900k"'
    answer = libvirt_qemu.qemuMonitorCommand(domain, write, libvirt_qemu.VIR_DOMAIN_QEMU_MONITOR_COMMAND_HMP)
    wait_until(lambda: seen, f"the event after {answer}")
    device, path, threshold, excess, opaque = seen[0]
    assert path in (None, str(tmp_path / "guest.qcow2")) and device.startswith("vda")
    assert (threshold, opaque) == (guest.MIB, "mine") and excess > 0
    with pytest.raises(libvirt.libvirtError):
        domain.setBlockThreshold("nothing", 1)
    conn.domainEventDeregisterAny(number)


def test_errors_of_disks(make_guest: MakeGuest) -> None:
    assert make_guest().diskErrors() == {}
