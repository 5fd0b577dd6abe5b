# SPDX-License-Identifier: LGPL-2.1-or-later
"""Attach a disk or a network card to a domain, or detach one: in the running domain, in its configuration, or both.

    python3 hotplug.py URI DOMAIN attach-disk FILE vdb
    python3 hotplug.py URI DOMAIN attach-nic 52:54:00:12:34:56 [--network NETWORK]
    python3 hotplug.py URI DOMAIN detach vdb
    python3 hotplug.py URI DOMAIN detach 52:54:00:12:34:56
"""

import argparse
import sys
import xml.etree.ElementTree as ElementTree
from typing import Optional

import libvirt
import libvirtevents
from libvirt_types import DomainDeviceRemovedEvent


def flags(dom: libvirt.virDomain) -> int:
    """A running domain has two descriptions: a change of one does not change the other."""
    return (libvirt.VIR_DOMAIN_AFFECT_LIVE if dom.isActive() else 0) | (
        libvirt.VIR_DOMAIN_AFFECT_CONFIG if dom.isPersistent() else 0)


def disk(path: str, target: str, bus: str) -> ElementTree.Element:
    device = ElementTree.Element("disk", type="file", device="disk")
    ElementTree.SubElement(device, "driver", name="qemu", type="qcow2" if path.endswith(".qcow2") else "raw")
    ElementTree.SubElement(device, "source", file=path)
    ElementTree.SubElement(device, "target", dev=target, bus=bus)
    return device


def card(mac: str, network: Optional[str], model: str) -> ElementTree.Element:
    device = ElementTree.Element("interface", type="network" if network else "user")
    ElementTree.SubElement(device, "mac", address=mac)
    if network:
        ElementTree.SubElement(device, "source", network=network)
    ElementTree.SubElement(device, "model", type=model)
    return device


def attach(dom: libvirt.virDomain, device: ElementTree.Element) -> None:
    dom.attachDeviceFlags(ElementTree.tostring(device, encoding="unicode"), flags(dom))


def find(dom: libvirt.virDomain, name: str) -> ElementTree.Element:
    """Return the description of a device by its target or its MAC address."""
    devices = ElementTree.fromstring(dom.XMLDesc()).find("devices")
    assert devices is not None
    for device in devices:
        if device.find(f"target[@dev='{name}']") is not None or device.find(f"mac[@address='{name}']") is not None:
            return device
    raise LookupError(f"{dom.name()} has no device {name}")


def detach(conn: libvirt.virConnect, dom: libvirt.virDomain, name: str) -> None:
    device = find(dom, name)
    alias = next((found.get("name") for found in device.findall("alias")), None)
    # The configuration of the domain may have the device at another address.
    for child in device.findall("alias") + device.findall("address"):
        device.remove(child)
    xml = ElementTree.tostring(device, encoding="unicode")
    if alias is None:
        dom.detachDeviceFlags(xml, flags(dom))
        return
    # The call only asks the guest to release the device. The event says that it has done so.
    libvirtevents.wait_for_event(conn, DomainDeviceRemovedEvent, dom, timeout=30,
                                 action=lambda: dom.detachDeviceFlags(xml, flags(dom)),
                                 until=lambda event: event.devAlias == alias)


def main() -> Optional[str]:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("uri", help="connection URI")
    parser.add_argument("domain", help="name of the domain")
    actions = parser.add_subparsers(dest="action", required=True)
    action = actions.add_parser("attach-disk")
    action.add_argument("file", help="disk image")
    action.add_argument("target", help="name of the disk, such as vdb")
    action.add_argument("--bus", default="virtio", help="default: virtio")
    action = actions.add_parser("attach-nic")
    action.add_argument("mac", help="MAC address")
    action.add_argument("--network", help="virtual network (default: user-mode networking)")
    action.add_argument("--model", default="virtio", help="default: virtio")
    action = actions.add_parser("detach")
    action.add_argument("name", help="name of the disk, or MAC address of the network card")
    options = parser.parse_args()
    try:
        with libvirtevents.EventLoopThread(), libvirt.open(options.uri) as conn:
            dom = conn.lookupByName(options.domain)
            if options.action == "attach-disk":
                attach(dom, disk(options.file, options.target, options.bus))
            elif options.action == "attach-nic":
                attach(dom, card(options.mac, options.network, options.model))
            else:
                detach(conn, dom, options.name)
    except (libvirt.libvirtError, LookupError) as error:
        return f"hotplug: {error}"
    except TimeoutError:
        return "hotplug: the guest has not released the device"
    print(f"{options.action}: done")
    return None


if __name__ == "__main__":
    sys.exit(main())
