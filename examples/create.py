# SPDX-License-Identifier: LGPL-2.1-or-later
"""Create a virtual machine with a new disk in a storage pool, and start it.

    python3 create.py URI NAME --base debian.qcow2      the disk is an overlay of an image in the pool
    python3 create.py URI NAME --cdrom installer.iso    the disk is empty, and the machine boots from an installer
"""

import argparse
import sys
import xml.etree.ElementTree as ElementTree
from typing import Optional

import libvirt


def add(parent: ElementTree.Element, tag: str, text: Optional[str] = None, **attributes: str) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, tag, attributes)
    element.text = text
    return element


def xml(element: ElementTree.Element) -> str:
    return ElementTree.tostring(element, encoding="unicode")


def create_disk(pool: libvirt.virStoragePool, name: str, size: int, base: Optional[str]) -> libvirt.virStorageVol:
    volume = ElementTree.Element("volume")
    add(volume, "name", f"{name}.qcow2")
    add(volume, "capacity", str(size), unit="GiB")
    add(add(volume, "target"), "format", type="qcow2")
    if base is not None:
        image = ElementTree.fromstring(pool.storageVolLookupByName(base).XMLDesc())
        backing = add(volume, "backingStore")
        add(backing, "path", image.findtext("target/path"))
        backing.extend(image.findall("target/format"))
    return pool.createXML(xml(volume))


def domain(options: argparse.Namespace, disk: str) -> ElementTree.Element:
    machine = ElementTree.Element("domain", type=options.type)
    add(machine, "name", options.name)
    add(machine, "memory", str(options.memory), unit="MiB")
    add(machine, "vcpu", str(options.cpus))
    system = add(machine, "os")
    add(system, "type", "hvm")
    add(system, "boot", dev="hd")
    add(system, "boot", dev="cdrom")
    add(add(machine, "features"), "acpi")
    devices = add(machine, "devices")
    drive = add(devices, "disk", type="file", device="disk")
    add(drive, "driver", name="qemu", type="qcow2")
    add(drive, "source", file=disk)
    add(drive, "target", dev="vda", bus="virtio")
    if options.cdrom:
        drive = add(devices, "disk", type="file", device="cdrom")
        add(drive, "source", file=options.cdrom)
        add(drive, "target", dev="sda", bus="sata")
        add(drive, "readonly")
    if options.network:
        card = add(devices, "interface", type="network")
        add(card, "source", network=options.network)
        add(card, "model", type="virtio")
    add(devices, "console", type="pty")
    return machine


def main() -> Optional[str]:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("uri", help="connection URI")
    parser.add_argument("name", help="name of the new machine")
    parser.add_argument("--type", default="kvm", help="type of the domain (default: kvm)")
    parser.add_argument("--memory", type=int, default=1024, metavar="MIB", help="default: 1024")
    parser.add_argument("--cpus", type=int, default=2, help="default: 2")
    parser.add_argument("--pool", default="default", help="storage pool of the disk (default: default)")
    parser.add_argument("--size", type=int, default=10, metavar="GIB", help="size of the disk (default: 10)")
    parser.add_argument("--base", metavar="VOLUME", help="image in the pool that the disk is an overlay of")
    parser.add_argument("--cdrom", metavar="FILE", help="image of an installer")
    parser.add_argument("--network", help="virtual network to connect the machine to")
    options = parser.parse_args()
    try:
        with libvirt.open(options.uri) as conn:
            pool = conn.storagePoolLookupByName(options.pool)
            volume = create_disk(pool, options.name, options.size, options.base)
            try:
                dom = conn.defineXMLFlags(xml(domain(options, volume.path())), libvirt.VIR_DOMAIN_DEFINE_VALIDATE)
            except libvirt.libvirtError:
                volume.delete()
                raise
            dom.create()
            state = libvirt.enums.DomainState(dom.state()[0]).name.lower()
            print(f"{dom.name()} is {state}, its disk is {volume.path()}")
    except libvirt.libvirtError as error:
        return f"create: {error}"
    return None


if __name__ == "__main__":
    sys.exit(main())
