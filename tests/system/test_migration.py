# SPDX-License-Identifier: LGPL-2.1-or-later
"""Migration of QEMU guests from one daemon to another."""

import threading
from pathlib import Path
from typing import Any, Callable, Dict, Iterator

import libvirt
import pytest

import daemon as daemons
import guest
from conftest import MakeGuest
from daemon import wait_until
from typehints import Stub

# The guests do not write to their disks, but libvirt cannot know that.
LIVE = libvirt.VIR_MIGRATE_LIVE | libvirt.VIR_MIGRATE_UNSAFE
PEER, PERSIST, UNDEFINE = (libvirt.VIR_MIGRATE_PEER2PEER, libvirt.VIR_MIGRATE_PERSIST_DEST,
                           libvirt.VIR_MIGRATE_UNDEFINE_SOURCE)
ACTIVE = libvirt.VIR_CONNECT_LIST_DOMAINS_ACTIVE
# Both daemons run on the same machine, so the address must be given.
BY_TCP = "tcp:127.0.0.1"


@pytest.fixture(scope="module")
def target(event_loop: None) -> Iterator[daemons.Daemon]:
    with daemons.Daemon("two", host_uuid="00000000-0000-4000-8000-000000000002") as started:
        yield started


@pytest.fixture(scope="module")
def daemon(event_loop: None) -> Iterator[daemons.Daemon]:
    with daemons.Daemon("one", host_uuid="00000000-0000-4000-8000-000000000001") as started:
        yield started


@pytest.fixture
def there(target: daemons.Daemon) -> Iterator[libvirt.virConnect]:
    """A connection to the other daemon; guests on it are ended afterwards."""
    with libvirt.open(target.uri()) as conn:
        yield conn
        for domain in conn.listAllDomains():
            if domain.isPersistent():
                domain.undefine()
            if domain.isActive():
                domain.destroy()


@pytest.fixture
def moving(make_guest: MakeGuest) -> libvirt.virDomain:
    """A guest whose disk is accessible to both daemons."""
    domain = make_guest(memory=24)
    guest.check_alive(domain)
    return domain


def check_moved(domain: libvirt.virDomain, moved: libvirt.virDomain, there: libvirt.virConnect) -> None:
    assert domain.UUID() not in [each.UUID() for each in domain.connect().listAllDomains(ACTIVE)]
    assert moved.connect() is there and moved.isActive() and moved.UUID() == domain.UUID()
    assert moved.memoryPeek(guest.BOOT_ADDRESS, 512, libvirt.VIR_MEMORY_PHYSICAL) == guest.BOOT_SECTOR
    guest.check_alive(moved, b"moved")


@pytest.mark.parametrize("way", ["migrate", "migrate2", "migrate3"])
def test_migration_with_a_connection(moving: libvirt.virDomain, there: libvirt.virConnect, way: str) -> None:
    ways: Dict[str, Callable[[], libvirt.virDomain]] = {
        "migrate": lambda: moving.migrate(there, LIVE, None, BY_TCP, 0),
        "migrate2": lambda: moving.migrate2(there, None, LIVE, None, BY_TCP, 0),
        "migrate3": lambda: moving.migrate3(there, {libvirt.VIR_MIGRATE_PARAM_URI: BY_TCP}, LIVE)}
    moved = ways[way]()
    check_moved(moving, moved, there)
    assert moved.state() == [libvirt.VIR_DOMAIN_RUNNING, libvirt.VIR_DOMAIN_RUNNING_MIGRATED]


@pytest.mark.parametrize("way", ["migrateToURI", "migrateToURI2", "migrateToURI3"])
def test_peer_to_peer_migration(moving: libvirt.virDomain, there: libvirt.virConnect, target: daemons.Daemon,
                                way: str) -> None:
    flags, to = LIVE | PEER | PERSIST, target.uri()
    ways: Dict[str, Callable[[], object]] = {
        "migrateToURI": lambda: moving.migrateToURI(to, flags, None, 0),
        "migrateToURI2": lambda: moving.migrateToURI2(to, BY_TCP, None, flags, None, 0),
        "migrateToURI3": lambda: moving.migrateToURI3(to, {libvirt.VIR_MIGRATE_PARAM_URI: BY_TCP}, flags)}
    if way == "migrateToURI":
        # Without a second URI, libvirt uses the host name of the other daemon, which cannot be resolved.
        with pytest.raises(libvirt.libvirtError):
            ways[way]()
        assert moving.isActive()
        return
    assert ways[way]() == 0
    moved = there.lookupByName("guest")
    check_moved(moving, moved, there)
    assert moved.isPersistent() and moving.isPersistent()


def test_migration_there_and_back(conn: libvirt.virConnect, moving: libvirt.virDomain,
                                  there: libvirt.virConnect) -> None:
    parameters = {libvirt.VIR_MIGRATE_PARAM_URI: BY_TCP}
    moved = moving.migrate3(there, parameters, LIVE | PERSIST)
    check_moved(moving, moved, there)
    back = moved.migrate3(conn, parameters, LIVE | UNDEFINE)
    check_moved(moved, back, conn)
    assert there.listAllDomains() == []


def test_parameters_of_a_migration(moving: libvirt.virDomain, there: libvirt.virConnect) -> None:
    xml = moving.XMLDesc(libvirt.VIR_DOMAIN_XML_MIGRATABLE).replace("</name>", "</name><title>moved</title>", 1)
    moved = moving.migrate3(there, {
        libvirt.VIR_MIGRATE_PARAM_URI: BY_TCP, libvirt.VIR_MIGRATE_PARAM_DEST_NAME: "renamed",
        libvirt.VIR_MIGRATE_PARAM_DEST_XML: xml,
        libvirt.VIR_MIGRATE_PARAM_BANDWIDTH: 1000}, LIVE)
    assert moved.name() == "renamed" and "<title>moved</title>" in moved.XMLDesc()
    check_moved(moving, moved, there)


def test_migration_with_a_disk(make_guest: MakeGuest, there: libvirt.virConnect, tmp_path: Path) -> None:
    """The disk is copied to a file that exists on the other side."""
    source, copy = guest.make_disk(tmp_path / "source"), tmp_path / "copy"
    domain = make_guest(guest.disk_xml(source, target="vdb"))
    guest.check_alive(domain)
    with open(copy, "wb") as file:
        file.truncate(guest.MIB)
    xml = domain.XMLDesc(libvirt.VIR_DOMAIN_XML_MIGRATABLE).replace(f"'{source}'", f"'{copy}'")
    moved = domain.migrate3(there, {
        libvirt.VIR_MIGRATE_PARAM_URI: BY_TCP, libvirt.VIR_MIGRATE_PARAM_DEST_XML: xml,
        libvirt.VIR_MIGRATE_PARAM_MIGRATE_DISKS: ["vdb"], libvirt.VIR_MIGRATE_PARAM_DISKS_PORT: 49300},
        LIVE | libvirt.VIR_MIGRATE_NON_SHARED_DISK)
    check_moved(domain, moved, there)
    assert copy.read_bytes() == source.read_bytes() and f"'{copy}'" in moved.XMLDesc()


def test_statistics_of_a_migration(conn: libvirt.virConnect, moving: libvirt.virDomain,
                                   there: libvirt.virConnect) -> None:
    jobs, rounds = [], []
    numbers = [
        conn.domainEventRegisterAny(None, libvirt.VIR_DOMAIN_EVENT_ID_JOB_COMPLETED,
                                    lambda conn, domain, stats, opaque: jobs.append(stats), None),
        conn.domainEventRegisterAny(None, libvirt.VIR_DOMAIN_EVENT_ID_MIGRATION_ITERATION,
                                    lambda conn, domain, iteration, opaque: rounds.append(iteration), None)]
    moving.migrate3(there, {libvirt.VIR_MIGRATE_PARAM_URI: BY_TCP}, LIVE)
    wait_until(lambda: jobs, "the event")
    stats = jobs[0]
    assert stats["operation"] == libvirt.VIR_DOMAIN_JOB_OPERATION_MIGRATION_OUT
    assert stats["memory_total"] >= 24 * guest.MIB and stats["memory_processed"] > 0 and stats["downtime"] >= 0
    assert rounds == sorted(rounds)
    arrived = there.lookupByName("guest").jobStats(libvirt.VIR_DOMAIN_JOB_STATS_COMPLETED)
    assert arrived["operation"] == libvirt.VIR_DOMAIN_JOB_OPERATION_MIGRATION_IN
    stub = Stub("libvirt")
    assert [stub.wrong_result("virDomain.jobStats", each) for each in (stats, arrived)] == ["", ""]
    for number in numbers:
        conn.domainEventDeregisterAny(number)


def test_a_migration_is_aborted(conn: libvirt.virConnect, moving: libvirt.virDomain, there: libvirt.virConnect) -> None:
    """Another thread aborts the migration, which is limited to a very low speed."""
    moving.migrateSetMaxDowntime(1000)
    moving.migrateSetMaxSpeed(1)
    assert moving.migrateGetMaxSpeed() == 1 and moving.migrateGetMaxDowntime() == 1000
    outcome = []

    def migrate() -> None:
        try:
            outcome.append(moving.migrate3(there, {libvirt.VIR_MIGRATE_PARAM_URI: BY_TCP,
                                                   libvirt.VIR_MIGRATE_PARAM_BANDWIDTH: 1}, LIVE))
        except libvirt.libvirtError as error:
            outcome.append(error)

    def abort() -> bool:
        """Aborting is refused while the migration is starting."""
        try:
            return bool(moving.abortJob() == 0)
        except libvirt.libvirtError:
            return False
    thread = threading.Thread(target=migrate)
    thread.start()
    wait_until(lambda: bool(moving.jobInfo()[0] != libvirt.VIR_DOMAIN_JOB_NONE), "the job")
    wait_until(abort, "the abort")
    thread.join()
    assert isinstance(outcome[0], libvirt.libvirtError)
    assert outcome[0].get_error_code() == libvirt.VIR_ERR_OPERATION_ABORTED
    assert moving.isActive() and there.listAllDomains() == []
    guest.check_alive(moving, b"stayed")


def test_impossible_migrations_are_refused(conn: libvirt.virConnect, moving: libvirt.virDomain,
                                           there: libvirt.virConnect, target: daemons.Daemon) -> None:
    call: Callable[[], Any]
    for call in (lambda: moving.migrate3(there, {libvirt.VIR_MIGRATE_PARAM_URI: "tcp:127.0.0.1:1"}, LIVE | PEER),
                 lambda: moving.migrate3(conn, {libvirt.VIR_MIGRATE_PARAM_URI: BY_TCP}, LIVE),
                 lambda: moving.migrate3(there, {"nonsense": 1}, LIVE),
                 lambda: moving.migrateToURI3("qemu+unix:///system?socket=/nowhere", {}, LIVE | PEER)):
        with pytest.raises(libvirt.libvirtError):
            call()
    assert moving.isActive() and there.listAllDomains() == []
