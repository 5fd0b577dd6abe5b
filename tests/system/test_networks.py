# SPDX-License-Identifier: LGPL-2.1-or-later
"""Virtual networks of a daemon: life cycle, changes, events, ports, DHCP leases; interfaces and filters."""

import os
import re
import subprocess
from typing import Callable, Iterator, Set

import libvirt
import pytest

import daemon as daemons
from conftest import MakeGuest, lacking, need
from daemon import wait_until
from example import run
from typehints import results_of

XML = """<network>
  <name>{name}</name>
  <forward mode='open'/>
  <bridge name='{name}0' stp='off'/>
  <ip address='192.0.2.1' netmask='255.255.255.0'>
    <dhcp><range start='192.0.2.100' end='192.0.2.200'/>
      <host mac='52:54:00:00:00:01' name='known' ip='192.0.2.50'/></dhcp>
  </ip>
</network>"""
PLAIN = "<network><name>{name}</name><bridge name='{name}0' stp='off'/></network>"
CLIENT = "52:54:00:00:00:01"

MakeNetwork = Callable[..., libvirt.virNetwork]


@pytest.fixture(scope="module", autouse=True)
def bridges(sandbox: None) -> None:
    need("ip", "dnsmasq")
    if subprocess.run(["ip", "link", "add", "probe", "type", "bridge"], stderr=subprocess.DEVNULL).returncode:
        lacking("bridges in the kernel")
    subprocess.run(["ip", "link", "delete", "probe"], check=True)


@pytest.fixture
def make_network(conn: libvirt.virConnect) -> Iterator[MakeNetwork]:
    made = []

    def make(name: str = "net", xml: str = PLAIN, start: bool = True) -> libvirt.virNetwork:
        made.append(conn.networkDefineXML(xml.format(name=name)))
        if start:
            made[-1].create()
        return made[-1]
    yield make
    for network in made:
        if network.isActive():
            network.destroy()
        network.undefine()


def links() -> Set[str]:
    return set(os.listdir("/sys/class/net"))


def test_life_cycle_of_a_network(conn: libvirt.virConnect, make_network: MakeNetwork) -> None:
    network = make_network(start=False)
    assert not network.isActive() and network.isPersistent() and not network.autostart()
    assert network.create() == 0 and network.isActive() and "net0" in links()
    assert network.bridgeName() == "net0" and network.connect() is conn
    network.setAutostart(1)
    assert network.autostart()
    network.setAutostart(0)
    found = [conn.networkLookupByName("net"), conn.networkLookupByUUID(network.UUID()),
             conn.networkLookupByUUIDString(network.UUIDString()), *conn.listAllNetworks()]
    assert {each.UUIDString() for each in found} == {network.UUIDString()}
    assert conn.listNetworks() == ["net"] and conn.listDefinedNetworks() == []
    assert network.destroy() == 0 and "net0" not in links()
    assert conn.listNetworks() == [] and conn.listDefinedNetworks() == ["net"]


def test_a_transient_network(conn: libvirt.virConnect) -> None:
    network = conn.networkCreateXML(PLAIN.format(name="gone"))
    assert network.isActive() and not network.isPersistent()
    network.destroy()
    with pytest.raises(libvirt.libvirtError) as raised:
        network.XMLDesc()
    assert raised.value.get_error_code() == libvirt.VIR_ERR_NO_NETWORK


def test_lifecycle_events_of_networks(conn: libvirt.virConnect) -> None:
    seen = []
    number = conn.networkEventRegisterAny(
        None, libvirt.VIR_NETWORK_EVENT_ID_LIFECYCLE,
        lambda who, network, event, detail, opaque: seen.append((who is conn, network.name(), event, opaque)), "mine")
    network = conn.networkDefineXML(PLAIN.format(name="seen"))
    network.create(), network.destroy(), network.undefine()
    wait_until(lambda: len(seen) >= 4, "four events")
    assert seen == [(True, "seen", event, "mine") for event in (
        libvirt.VIR_NETWORK_EVENT_DEFINED, libvirt.VIR_NETWORK_EVENT_STARTED, libvirt.VIR_NETWORK_EVENT_STOPPED,
        libvirt.VIR_NETWORK_EVENT_UNDEFINED)]
    conn.networkEventDeregisterAny(number)


def test_a_guest_on_a_network_has_a_port(conn: libvirt.virConnect, make_network: MakeNetwork,
                                         make_guest: MakeGuest) -> None:
    network = make_network()
    domain = make_guest("<interface type='network'><mac address='52:54:00:aa:bb:cc'/><source network='net'/>"
                        "</interface>")
    port, = network.listAllPorts()
    assert port.network() is network and "52:54:00:aa:bb:cc" in port.XMLDesc() and len(port.UUID()) == 16
    assert network.portLookupByUUID(port.UUID()).UUIDString() == port.UUIDString()
    assert network.portLookupByUUIDString(port.UUIDString()).UUID() == port.UUID()
    device = domain.XMLDesc().partition("<target dev='vnet")[2].partition("'")[0]
    assert f"vnet{device}" in links()
    assert len(domain.interfaceStats(f"vnet{device}")) == 8
    assert domain.interfaceStats("52:54:00:aa:bb:cc") == domain.interfaceStats(f"vnet{device}")
    domain.destroy()
    assert network.listAllPorts() == [] and f"vnet{device}" not in links()


def test_a_port_is_created_and_deleted(make_network: MakeNetwork) -> None:
    network = make_network()
    port = network.portCreateXML("<networkport><uuid>00000000-0000-4000-8000-000000000008</uuid>"
                                 "<owner><name>me</name>"
                                 "<uuid>00000000-0000-4000-8000-000000000009</uuid></owner>"
                                 "<mac address='52:54:00:aa:bb:dd'/></networkport>")
    assert [each.UUIDString() for each in network.listAllPorts()] == [port.UUIDString()]
    assert "52:54:00:aa:bb:dd" in port.XMLDesc()
    parameters = port.parameters()
    assert parameters.get(libvirt.VIR_NETWORK_PORT_BANDWIDTH_IN_AVERAGE, 0) == 0
    assert port.delete() == 0 and network.listAllPorts() == []
    with pytest.raises(libvirt.libvirtError) as raised:
        network.portLookupByUUIDString(port.UUIDString())
    assert raised.value.get_error_code() == libvirt.VIR_ERR_NO_NETWORK_PORT


def test_a_running_network_is_updated(make_network: MakeNetwork) -> None:
    network = make_network(xml=XML)
    flags = libvirt.VIR_NETWORK_UPDATE_AFFECT_LIVE | libvirt.VIR_NETWORK_UPDATE_AFFECT_CONFIG
    host = "<host mac='52:54:00:00:00:02' name='other' ip='192.0.2.51'/>"
    assert network.update(libvirt.VIR_NETWORK_UPDATE_COMMAND_ADD_LAST, libvirt.VIR_NETWORK_SECTION_IP_DHCP_HOST, 0,
                          host, flags) == 0
    assert "192.0.2.51" in network.XMLDesc() and "192.0.2.51" in network.XMLDesc(libvirt.VIR_NETWORK_XML_INACTIVE)
    assert network.update(libvirt.VIR_NETWORK_UPDATE_COMMAND_DELETE, libvirt.VIR_NETWORK_SECTION_IP_DHCP_HOST, 0,
                          host, flags) == 0
    assert "192.0.2.51" not in network.XMLDesc()


@pytest.fixture
def client(make_network: MakeNetwork) -> Iterator[libvirt.virNetwork]:
    """A client on the network that has requested an address."""
    need("busybox")
    network = make_network(xml=XML)
    for command in ("link add client type veth peer name plug", f"link set client address {CLIENT}",
                    "link set plug master net0", "link set plug up", "link set client up"):
        subprocess.run(["ip", *command.split()], check=True)
    subprocess.run(["busybox", "udhcpc", "-i", "client", "-n", "-q", "-f", "-s", "/bin/true", "-F", "asking"],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60)
    yield network
    subprocess.run(["ip", "link", "delete", "client"], check=True)


def test_leases_of_addresses(client: libvirt.virNetwork) -> None:
    leases = wait_until(client.DHCPLeases, "the lease")
    assert len(leases) == 1
    lease = leases[0]
    assert (lease["iface"], lease["mac"], lease["ipaddr"], lease["prefix"]) == ("net0", CLIENT, "192.0.2.50", 24)
    assert lease["type"] == libvirt.VIR_IP_ADDR_TYPE_IPV4 and lease["hostname"] == "known"
    assert isinstance(lease["expirytime"], int) and lease["iaid"] is None
    assert results_of(net=client) == ({"net.DHCPLeases()": leases}, [])
    assert client.DHCPLeases(CLIENT) == leases and client.DHCPLeases("52:54:00:00:00:ff") == []


def test_the_example_lists_the_leases(client: libvirt.virNetwork, daemon: daemons.Daemon) -> None:
    wait_until(client.DHCPLeases, "the lease")
    active, lease = run("networks", daemon.uri()).splitlines()
    assert active == "net active"
    assert re.fullmatch(rf"  192.0.2.50/24 {CLIENT} known until \d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d", lease)


def test_the_addresses_of_a_guest(client: libvirt.virNetwork, make_guest: MakeGuest) -> None:
    """libvirt finds the addresses in the DHCP leases."""
    domain = make_guest(f"<interface type='network'><mac address='{CLIENT}'/><source network='net'/></interface>")
    found = domain.interfaceAddresses(libvirt.VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_LEASE)
    (name, values), = found.items()
    assert name.startswith("vnet") and values["hwaddr"] == CLIENT
    assert values["addrs"] == [{"addr": "192.0.2.50", "prefix": 24, "type": libvirt.VIR_IP_ADDR_TYPE_IPV4}]


# --- interfaces and filters

def test_the_interfaces_of_the_machine(conn: libvirt.virConnect) -> None:
    """The list comes from udev; it may be empty and does not include lo."""
    names = conn.listInterfaces()
    assert len(names) == conn.numOfInterfaces() and sorted(names) == sorted(
        each.name() for each in conn.listAllInterfaces(libvirt.VIR_CONNECT_LIST_INTERFACES_ACTIVE))
    with pytest.raises(libvirt.libvirtError) as raised:
        conn.interfaceLookupByName("nothing")
    assert raised.value.get_error_code() == libvirt.VIR_ERR_NO_INTERFACE


def test_network_filters(conn: libvirt.virConnect) -> None:
    xml = "<filter name='mine' chain='root'><rule action='drop' direction='in'><mac/></rule></filter>"
    made = conn.nwfilterDefineXML(xml)
    found = [conn.nwfilterLookupByName("mine"), conn.nwfilterLookupByUUID(made.UUID()),
             conn.nwfilterLookupByUUIDString(made.UUIDString()), *conn.listAllNWFilters()]
    assert {each.name() for each in found} == {"mine"} and conn.listNWFilters() == ["mine"]
    assert "<rule action='drop' direction='in'" in made.XMLDesc()
    assert conn.numOfNWFilters() == 1 and conn.listAllNWFilterBindings() == []
    assert made.undefine() == 0 and conn.listNWFilters() == []
