# SPDX-License-Identifier: LGPL-2.1-or-later
"""The life cycle of a QEMU guest: start, pause, save, restore, snapshots, end, and the events for these."""

import os
from pathlib import Path
from typing import Iterator, List

import libvirt
import pytest

import daemon as daemons
import guest
from conftest import MakeGuest
from daemon import wait_until

RUNNING, PAUSED, SHUTOFF = (libvirt.VIR_DOMAIN_RUNNING, libvirt.VIR_DOMAIN_PAUSED, libvirt.VIR_DOMAIN_SHUTOFF)


@pytest.fixture
def lifecycle(conn: libvirt.virConnect) -> Iterator[List[int]]:
    """The lifecycle events of the guest so far, without details."""
    seen = []
    number = conn.domainEventRegisterAny(None, libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE,
                                         lambda conn, domain, event, detail, opaque: seen.append(event), None)
    yield seen
    conn.domainEventDeregisterAny(number)


def test_life_cycle_of_a_guest(conn: libvirt.virConnect, make_guest: MakeGuest, lifecycle: List[int]) -> None:
    domain = make_guest(start=False)
    assert domain.state() == [SHUTOFF, libvirt.VIR_DOMAIN_SHUTOFF_UNKNOWN] and domain.ID() == -1
    assert domain.create() == 0
    assert domain.state() == [RUNNING, libvirt.VIR_DOMAIN_RUNNING_BOOTED] and domain.ID() > 0
    assert domain.isActive() and domain.isPersistent() and not domain.isUpdated()
    assert conn.lookupByID(domain.ID()).UUID() == domain.UUID()
    assert domain.suspend() == 0
    assert domain.state() == [PAUSED, libvirt.VIR_DOMAIN_PAUSED_USER]
    assert domain.resume() == 0
    assert domain.state() == [RUNNING, libvirt.VIR_DOMAIN_RUNNING_UNPAUSED]
    assert domain.info()[:4] == [RUNNING, 32768, 32768, 1]
    assert domain.destroy() == 0
    assert domain.state() == [SHUTOFF, libvirt.VIR_DOMAIN_SHUTOFF_DESTROYED]
    wait_until(lambda: lifecycle[-1:] == [libvirt.VIR_DOMAIN_EVENT_STOPPED], "the events")
    # Whether QEMU reports that it was asked to shut down depends on timing.
    others = [event for event in lifecycle if event != libvirt.VIR_DOMAIN_EVENT_SHUTDOWN]
    assert others == [libvirt.VIR_DOMAIN_EVENT_DEFINED, libvirt.VIR_DOMAIN_EVENT_RESUMED,
                      libvirt.VIR_DOMAIN_EVENT_STARTED, libvirt.VIR_DOMAIN_EVENT_SUSPENDED,
                      libvirt.VIR_DOMAIN_EVENT_RESUMED, libvirt.VIR_DOMAIN_EVENT_STOPPED]


def test_a_guest_runs(make_guest: MakeGuest) -> None:
    """The guest's memory has the boot sector, and its console answers."""
    domain = make_guest()
    guest.check_alive(domain)
    assert domain.memoryPeek(guest.BOOT_ADDRESS, 512, libvirt.VIR_MEMORY_PHYSICAL) == guest.BOOT_SECTOR
    assert domain.memoryPeek(guest.BOOT_ADDRESS, 1, libvirt.VIR_MEMORY_VIRTUAL) == guest.BOOT_SECTOR[:1]
    with pytest.raises(libvirt.libvirtError):
        domain.memoryPeek(0, 512, 0)


def test_a_guest_that_starts_paused(make_guest: MakeGuest) -> None:
    domain = make_guest(flags=libvirt.VIR_DOMAIN_START_PAUSED)
    assert domain.state()[0] == PAUSED
    domain.resume()
    guest.check_alive(domain)


def test_autodestroy_ends_a_guest_with_its_connection(daemon: daemons.Daemon, make_guest: MakeGuest) -> None:
    domain = make_guest(start=False)
    with libvirt.open(daemon.uri()) as other:
        other.lookupByName("guest").createWithFlags(libvirt.VIR_DOMAIN_START_AUTODESTROY)
        assert domain.isActive()
    wait_until(lambda: not domain.isActive(), "the end of the guest")


def test_a_transient_guest_is_gone_at_its_end(conn: libvirt.virConnect, make_guest: MakeGuest) -> None:
    domain = make_guest(start=False)
    other = conn.createXML(domain.XMLDesc().replace("<name>guest<", "<name>other<").replace(
        domain.UUIDString(), "6f0f1ac2-7d1f-4c24-9f0e-000000000001"), 0)
    assert other.isActive() and not other.isPersistent()
    other.destroy()
    with pytest.raises(libvirt.libvirtError) as raised:
        other.info()
    assert raised.value.get_error_code() == libvirt.VIR_ERR_NO_DOMAIN


def test_a_guest_continues_after_a_reset(make_guest: MakeGuest) -> None:
    domain = make_guest()
    guest.check_alive(domain)
    assert domain.reset() == 0
    guest.check_alive(domain, b"again")


def test_events_other_than_the_lifecycle(conn: libvirt.virConnect, make_guest: MakeGuest) -> None:
    seen, numbers = [], []
    for name in ("REBOOT", "RTC_CHANGE", "WATCHDOG", "IO_ERROR", "GRAPHICS", "DISK_CHANGE", "TRAY_CHANGE",
                 "BALLOON_CHANGE", "DEVICE_ADDED", "DEVICE_REMOVED", "METADATA_CHANGE", "JOB_COMPLETED"):
        number = getattr(libvirt, f"VIR_DOMAIN_EVENT_ID_{name}")
        numbers.append(conn.domainEventRegisterAny(
            None, number, lambda *arguments: seen.append((arguments[-1], *arguments[2:-1])), name))
    domain = make_guest()
    guest.check_alive(domain)
    domain.reset()
    domain.setMetadata(libvirt.VIR_DOMAIN_METADATA_TITLE, "a title", None, None)
    domain.setMetadata(libvirt.VIR_DOMAIN_METADATA_ELEMENT, "<a/>", "key", "urn:test")
    expected = {("METADATA_CHANGE", libvirt.VIR_DOMAIN_METADATA_TITLE, None), ("REBOOT",),
                ("METADATA_CHANGE", libvirt.VIR_DOMAIN_METADATA_ELEMENT, "urn:test")}
    wait_until(lambda: expected <= set(seen), "the events")
    for number in numbers:
        conn.domainEventDeregisterAny(number)


# --- saved and restored

def test_a_saved_guest_continues_after_restore(conn: libvirt.virConnect, make_guest: MakeGuest, tmp_path: Path) -> None:
    domain, path = make_guest(), str(tmp_path / "saved")
    guest.check_alive(domain)
    assert domain.save(path) == 0
    assert domain.state() == [SHUTOFF, libvirt.VIR_DOMAIN_SHUTOFF_SAVED] and os.path.getsize(path) > 0
    assert "<name>guest</name>" in conn.saveImageGetXMLDesc(path)
    assert conn.restore(path) == 0
    assert domain.state() == [RUNNING, libvirt.VIR_DOMAIN_RUNNING_RESTORED]
    guest.check_alive(domain, b"after")
    assert domain.memoryPeek(guest.BOOT_ADDRESS, 512, libvirt.VIR_MEMORY_PHYSICAL) == guest.BOOT_SECTOR


def test_a_saved_guest_is_restored_paused(conn: libvirt.virConnect, make_guest: MakeGuest, tmp_path: Path) -> None:
    domain, path = make_guest(), str(tmp_path / "saved")
    domain.saveFlags(path, None, libvirt.VIR_DOMAIN_SAVE_PAUSED)
    conn.restoreFlags(path, None, 0)
    assert domain.state()[0] == PAUSED
    domain.saveParams({libvirt.VIR_DOMAIN_SAVE_PARAM_FILE: path}, libvirt.VIR_DOMAIN_SAVE_RUNNING)
    conn.restoreParams({libvirt.VIR_DOMAIN_SAVE_PARAM_FILE: path})
    assert domain.state()[0] == RUNNING


def test_a_managed_save(make_guest: MakeGuest) -> None:
    domain = make_guest()
    assert not domain.hasManagedSaveImage()
    assert domain.managedSave() == 0
    assert domain.hasManagedSaveImage() and not domain.isActive()
    assert "<name>guest</name>" in domain.managedSaveGetXMLDesc()
    domain.create()
    assert domain.state() == [RUNNING, libvirt.VIR_DOMAIN_RUNNING_RESTORED]
    domain.managedSave()
    assert domain.managedSaveRemove() == 0 and not domain.hasManagedSaveImage()


def test_a_completed_job_is_reported(conn: libvirt.virConnect, make_guest: MakeGuest, tmp_path: Path) -> None:
    jobs = []
    number = conn.domainEventRegisterAny(None, libvirt.VIR_DOMAIN_EVENT_ID_JOB_COMPLETED,
                                         lambda conn, domain, stats, opaque: jobs.append(stats), None)
    domain = make_guest()
    assert domain.jobInfo()[0] == libvirt.VIR_DOMAIN_JOB_NONE and domain.jobStats() == {"type": 0}
    domain.save(str(tmp_path / "saved"))
    wait_until(lambda: jobs, "the event")
    stats = jobs[0]
    assert stats["operation"] == libvirt.VIR_DOMAIN_JOB_OPERATION_SAVE
    assert stats["memory_total"] >= stats["memory_processed"] > 0 and stats["time_elapsed"] >= 0
    conn.domainEventDeregisterAny(number)


def test_a_core_dump(make_guest: MakeGuest, tmp_path: Path) -> None:
    domain, path = make_guest(), tmp_path / "core"
    guest.check_alive(domain)
    assert domain.coreDump(str(path), libvirt.VIR_DUMP_MEMORY_ONLY) == 0
    assert path.read_bytes().startswith(b"\x7fELF") and guest.BOOT_SECTOR in path.read_bytes()
    assert domain.coreDumpWithFormat(str(path), libvirt.VIR_DOMAIN_CORE_DUMP_FORMAT_RAW, libvirt.VIR_DUMP_CRASH) == 0
    assert domain.state() == [SHUTOFF, libvirt.VIR_DOMAIN_SHUTOFF_CRASHED]


# --- snapshots

SNAPSHOT = "<domainsnapshot><name>{}</name><description>for a test</description></domainsnapshot>"


def test_a_guest_reverts_to_a_snapshot(make_guest: MakeGuest) -> None:
    """The snapshot includes memory and is stored in the disk."""
    domain = make_guest(kind="qcow2")
    guest.check_alive(domain)
    first = domain.snapshotCreateXML(SNAPSHOT.format("first"))
    second = domain.snapshotCreateXML(SNAPSHOT.format("second"))
    assert sorted(domain.snapshotListNames()) == ["first", "second"] and domain.snapshotNum() == 2
    assert second.getParent().getName() == "first"
    with pytest.raises(libvirt.libvirtError) as raised:
        first.getParent()
    assert raised.value.get_error_code() == libvirt.VIR_ERR_NO_DOMAIN_SNAPSHOT
    assert [child.getName() for child in first.listAllChildren()] == first.listChildrenNames() == ["second"]
    assert domain.snapshotCurrent().getName() == "second" and second.isCurrent() and not first.isCurrent()
    assert first.getDomain() is domain and "for a test" in first.getXMLDesc()
    domain.destroy()
    assert domain.revertToSnapshot(first) == 0
    assert domain.state() == [RUNNING, libvirt.VIR_DOMAIN_RUNNING_FROM_SNAPSHOT] and first.isCurrent()
    guest.check_alive(domain, b"reverted")
    assert first.delete(libvirt.VIR_DOMAIN_SNAPSHOT_DELETE_CHILDREN) == 0
    assert domain.snapshotListNames() == [] and not domain.hasCurrentSnapshot()
    with pytest.raises(libvirt.libvirtError) as raised:
        domain.snapshotLookupByName("first")
    assert raised.value.get_error_code() == libvirt.VIR_ERR_NO_DOMAIN_SNAPSHOT


def test_a_snapshot_of_the_disk_alone(make_guest: MakeGuest, tmp_path: Path) -> None:
    domain = make_guest(kind="qcow2")
    xml = (f"<domainsnapshot><name>outside</name><disks><disk name='vda' snapshot='external'>"
           f"<source file='{tmp_path}/overlay'/></disk></disks></domainsnapshot>")
    snapshot = domain.snapshotCreateXML(xml, libvirt.VIR_DOMAIN_SNAPSHOT_CREATE_DISK_ONLY)
    assert f"{tmp_path}/overlay" in domain.XMLDesc() and os.path.exists(tmp_path / "overlay")
    assert snapshot.delete(libvirt.VIR_DOMAIN_SNAPSHOT_DELETE_METADATA_ONLY) == 0


def test_a_checkpoint(make_guest: MakeGuest) -> None:
    domain = make_guest(kind="qcow2")
    checkpoint = domain.checkpointCreateXML("<domaincheckpoint><name>one</name></domaincheckpoint>")
    assert checkpoint.getName() == "one" and checkpoint.getDomain() is domain
    assert [each.getName() for each in domain.listAllCheckpoints()] == ["one"]
    with pytest.raises(libvirt.libvirtError) as raised:
        domain.checkpointLookupByName("one").getParent()
    assert raised.value.get_error_code() == libvirt.VIR_ERR_NO_DOMAIN_CHECKPOINT
    assert checkpoint.delete() == 0 and domain.listAllCheckpoints() == []


# --- an existing process

def test_guests_outlive_their_daemon(event_loop: None, tmp_path: Path) -> None:
    """A new daemon finds the running guests."""
    with daemons.Daemon("keeper") as keeper:
        with libvirt.open(keeper.uri()) as conn:
            conn.createXML(guest.domain_xml(guest.disk_xml(guest.make_disk(tmp_path / "disk"))), 0)
        keeper.restart()
        with libvirt.open(keeper.uri()) as conn:
            domain = wait_until(conn.listAllDomains, "the guest")[0]
            assert domain.isActive() and domain.name() == "guest"
            guest.check_alive(domain)
            domain.destroy()
