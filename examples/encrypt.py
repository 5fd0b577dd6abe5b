# SPDX-License-Identifier: LGPL-2.1-or-later
"""Create an encrypted disk, and the secret that opens it. Print the XML of the disk for a domain.

    python3 encrypt.py URI POOL VOLUME GIB

The passphrase is asked for, or read from the standard input if that is not a terminal.
"""

import getpass
import sys
import xml.etree.ElementTree as ElementTree
from typing import Optional

import libvirt


def create_secret(conn: libvirt.virConnect, path: str, passphrase: str) -> libvirt.virSecret:
    # Domains can use the value of a private secret, but no client can read it.
    secret = ElementTree.Element("secret", ephemeral="no", private="yes")
    usage = ElementTree.SubElement(secret, "usage", type="volume")
    ElementTree.SubElement(usage, "volume").text = path
    made = conn.secretDefineXML(ElementTree.tostring(secret, encoding="unicode"))
    made.setValue(passphrase.encode())
    return made


def encryption(secret: libvirt.virSecret) -> ElementTree.Element:
    element = ElementTree.Element("encryption", format="luks")
    ElementTree.SubElement(element, "secret", type="passphrase", uuid=secret.UUIDString())
    return element


def create_volume(pool: libvirt.virStoragePool, name: str, gib: int,
                  secret: libvirt.virSecret) -> libvirt.virStorageVol:
    volume = ElementTree.Element("volume")
    ElementTree.SubElement(volume, "name").text = name
    ElementTree.SubElement(volume, "capacity", unit="GiB").text = str(gib)
    target = ElementTree.SubElement(volume, "target")
    ElementTree.SubElement(target, "format", type="qcow2")
    target.append(encryption(secret))
    return pool.createXML(ElementTree.tostring(volume, encoding="unicode"))


def disk(volume: libvirt.virStorageVol, secret: libvirt.virSecret) -> str:
    element = ElementTree.Element("disk", type="file", device="disk")
    ElementTree.SubElement(element, "driver", name="qemu", type="qcow2")
    ElementTree.SubElement(element, "source", file=volume.path()).append(encryption(secret))
    ElementTree.SubElement(element, "target", dev="vdb", bus="virtio")
    ElementTree.indent(element)
    return ElementTree.tostring(element, encoding="unicode")


def main(uri: str, pool: str, name: str, gib: str) -> Optional[str]:
    passphrase = getpass.getpass() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    try:
        with libvirt.open(uri) as conn:
            secret = create_secret(conn, f"{pool}/{name}", passphrase)
            try:
                volume = create_volume(conn.storagePoolLookupByName(pool), name, int(gib), secret)
            except libvirt.libvirtError:
                secret.undefine()
                raise
            print(disk(volume, secret))
    except libvirt.libvirtError as error:
        return f"encrypt: {error}"
    return None


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) if len(sys.argv) == 5 else __doc__)
