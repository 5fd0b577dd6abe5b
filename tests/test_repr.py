# SPDX-License-Identifier: LGPL-2.1-or-later
"""The repr of objects identifies them without a call to a daemon.

Classes that the test driver does not have are tested by rows in the table for
the fake libvirt.
"""

import re

import pytest

import libvirt
import libvirtmod

ADDRESS = r" at 0x[0-9a-f]+>"
UUID = r"'[0-9a-f-]{36}'"


def shown(thing: object) -> str:
    """Return the repr without the address, after checking that the address is that of the object."""
    text = repr(thing)
    assert text.endswith(f" at {id(thing):#x}>")
    return re.sub(ADDRESS + "$", ">", text)


def test_repr_of_objects_of_the_test_driver(conn: libvirt.virConnect) -> None:
    dom = conn.lookupByName("test")
    assert shown(conn) == "<libvirt.virConnect object uri='test:///default'>"
    assert re.fullmatch(f"<libvirt.virDomain object name='test' uuid={UUID} id=1>", shown(dom))
    assert dom.UUIDString() in repr(dom)
    net = conn.networkLookupByName("default")
    assert shown(net) == f"<libvirt.virNetwork object name='default' uuid={net.UUIDString()!r}>"
    pool = conn.storagePoolLookupByName("default-pool")
    assert shown(pool) == f"<libvirt.virStoragePool object name='default-pool' uuid={pool.UUIDString()!r}>"
    assert shown(conn.interfaceLookupByName("eth1")) == "<libvirt.virInterface object name='eth1'>"
    assert shown(conn.nodeDeviceLookupByName("computer")) == "<libvirt.virNodeDevice object name='computer'>"
    volume = pool.createXML("<volume><name>one</name><capacity>4096</capacity></volume>")
    assert shown(volume) == "<libvirt.virStorageVol object name='one' key='/default-pool/one'>"
    volume.delete()
    snapshot = dom.snapshotCreateXML("<domainsnapshot><name>first</name></domainsnapshot>")
    assert shown(snapshot) == "<libvirt.virDomainSnapshot object name='first'>"
    snapshot.delete()
    assert shown(conn.newStream()) == "<libvirt.virStream object>"


def test_repr_of_an_inactive_domain(conn: libvirt.virConnect) -> None:
    dom = conn.defineXML("<domain type='test'><name>asleep</name><memory>4096</memory>"
                         "<os><type>hvm</type></os></domain>")
    assert shown(dom).endswith(" id=-1>")
    dom.undefine()


def test_repr_of_a_subclass(conn: libvirt.virConnect) -> None:
    class Own(libvirt.virDomain):
        pass

    dom = Own(conn, _obj=libvirtmod.virDomainLookupByName(conn._o, "test"))
    assert repr(dom).startswith(f"<{__name__}.{Own.__qualname__} object name='test' ")


def test_repr_of_a_closed_connection() -> None:
    conn = libvirt.open("test:///default")
    dom = conn.lookupByName("test")
    conn.close()
    assert shown(conn) == "<libvirt.virConnect object, closed,>"
    # The domain keeps the connection open.
    assert " name='test' " in repr(dom)


def test_repr_with_a_freed_handle(conn: libvirt.virConnect) -> None:
    dom = conn.lookupByName("test")
    libvirtmod.virDomainFree(dom._o)
    seen = []
    libvirt.registerErrorHandler(lambda opaque, error: seen.append(error), None)
    try:
        assert shown(dom) == "<libvirt.virDomain object, unusable,>"
    finally:
        libvirt.registerErrorHandler(lambda opaque, error: None, None)
    assert not seen


@pytest.mark.parametrize("handle", [5, "text", object()])
def test_repr_with_an_invalid_handle(handle: object, conn: libvirt.virConnect) -> None:
    dom = conn.lookupByName("test")
    dom._o = handle
    assert shown(dom) == "<libvirt.virDomain object, unusable,>"


def test_repr_without_a_handle() -> None:
    assert shown(libvirt.virDomain.__new__(libvirt.virDomain)) == "<libvirt.virDomain object, closed,>"


def test_a_name_with_control_characters_is_escaped(conn: libvirt.virConnect) -> None:
    dom = conn.lookupByName("test")
    known, libvirtmod.virDomainGetName = libvirtmod.virDomainGetName, lambda handle: "\x1b[2J\n\udcff"
    try:
        assert r" name='\x1b[2J\n\udcff' " in repr(dom)
    finally:
        libvirtmod.virDomainGetName = known


@pytest.mark.parametrize("uri, expected", [
    ("qemu+ssh://user:secret@host:22/system?keyfile=x", "qemu+ssh://host:22/system"),
    ("esx://user@host/?no_verify=1", "esx://host/"),
    ("test:///default", "test:///default"),
    ("vbox:///session", "vbox:///session"),
    ("test://a:b@c@host", "test://host"),
    ("nothing", "nothing"),
])
def test_a_uri_is_shown_without_its_user_and_query(conn: libvirt.virConnect, uri: str, expected: str) -> None:
    known, libvirtmod.virConnectGetURI = libvirtmod.virConnectGetURI, lambda handle: uri
    try:
        assert shown(conn) == f"<libvirt.virConnect object uri={expected!r}>"
    finally:
        libvirtmod.virConnectGetURI = known
