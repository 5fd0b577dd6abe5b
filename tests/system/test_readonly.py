# SPDX-License-Identifier: LGPL-2.1-or-later
"""Read-only connections: the daemon refuses every change."""

from typing import Callable, Dict, Iterator

import libvirt
import pytest

import daemon as daemons

WRITES: Dict[str, Callable[[libvirt.virConnect], object]] = {
    "domain.create": lambda conn: conn.lookupByName("test").create(),
    "domain.destroy": lambda conn: conn.lookupByName("test").destroy(),
    "domain.suspend": lambda conn: conn.lookupByName("test").suspend(),
    "domain.setMemory": lambda conn: conn.lookupByName("test").setMemory(1024),
    "domain.setMetadata": lambda conn: conn.lookupByName("test").setMetadata(0, "text", None, None),
    "domain.XMLDesc secure": lambda conn: conn.lookupByName("test").XMLDesc(libvirt.VIR_DOMAIN_XML_SECURE),
    "conn.defineXML": lambda conn: conn.defineXML("<domain/>"),
    "conn.createXML": lambda conn: conn.createXML("<domain/>"),
    "conn.networkDefineXML": lambda conn: conn.networkDefineXML("<network/>"),
    "network.destroy": lambda conn: conn.networkLookupByName("default").destroy(),
    "conn.storagePoolDefineXML": lambda conn: conn.storagePoolDefineXML("<pool/>"),
    "pool.destroy": lambda conn: conn.storagePoolLookupByName("default-pool").destroy(),
    "conn.saveImageDefineXML": lambda conn: conn.saveImageDefineXML("/nowhere", "<domain/>"),
    "conn.restore": lambda conn: conn.restore("/nowhere"),
}
READS: Dict[str, Callable[[libvirt.virConnect], object]] = {
    "domain.info": lambda conn: conn.lookupByName("test").info()[0] == libvirt.VIR_DOMAIN_RUNNING,
    "domain.XMLDesc": lambda conn: "<domain" in conn.lookupByName("test").XMLDesc(),
    "conn.listAllDomains": lambda conn: len(conn.listAllDomains()) == 1,
    "conn.getCapabilities": lambda conn: "<capabilities>" in conn.getCapabilities(),
    "network.XMLDesc": lambda conn: "<network" in conn.networkLookupByName("default").XMLDesc(),
    "pool.info": lambda conn: conn.storagePoolLookupByName("default-pool").info()[0] == 2,
    "conn.getAllDomainStats": lambda conn: conn.getAllDomainStats()[0][1]["state.state"] == 1,
}


@pytest.fixture(params=["socket", "flag", "openAuth"])
def looking(request: "pytest.FixtureRequest", daemon: daemons.Daemon) -> Iterator[libvirt.virConnect]:
    """A read-only connection through the read-only socket, openReadOnly(), or a flag of openAuth()."""
    ways: Dict[str, Callable[[], libvirt.virConnect]] = {
        "socket": lambda: libvirt.open(daemon.uri("test", "/default", readonly=True)),
        "flag": lambda: libvirt.openReadOnly(daemon.uri("test", "/default")),
        "openAuth": lambda: libvirt.openAuth(daemon.uri("test", "/default"), [[], lambda *unused: -1, None],
                                             libvirt.VIR_CONNECT_RO)}
    with ways[request.param]() as conn:
        yield conn


@pytest.mark.parametrize("name", WRITES)
def test_writes_are_refused(looking: libvirt.virConnect, name: str) -> None:
    with pytest.raises(libvirt.libvirtError) as raised:
        WRITES[name](looking)
    assert raised.value.get_error_code() == libvirt.VIR_ERR_OPERATION_DENIED
    assert looking.lookupByName("test").isActive()


@pytest.mark.parametrize("name", READS)
def test_reads_are_answered(looking: libvirt.virConnect, name: str) -> None:
    assert READS[name](looking)


def test_the_values_of_secrets_cannot_be_read(daemon: daemons.Daemon) -> None:
    with libvirt.open(daemon.uri()) as conn, libvirt.openReadOnly(daemon.uri()) as looking:
        secret = conn.secretDefineXML("<secret ephemeral='yes' private='no'/>")
        secret.setValue(b"hidden")
        seen = looking.secretLookupByUUIDString(secret.UUIDString())
        with pytest.raises(libvirt.libvirtError):
            seen.value()
        secret.undefine()


def test_events_arrive_on_a_readonly_connection(daemon: daemons.Daemon) -> None:
    from daemon import wait_until
    seen = []
    with libvirt.open(daemon.uri("test", "/default")) as conn:
        looking = libvirt.openReadOnly(daemon.uri("test", "/default"))
        looking.domainEventRegisterAny(None, 0, lambda *arguments: seen.append(arguments[2]), None)
        conn.lookupByName("test").destroy()
        conn.lookupByName("test").create()
        wait_until(lambda: len(seen) >= 2, "two events")
        looking.close()
