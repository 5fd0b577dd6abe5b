# SPDX-License-Identifier: LGPL-2.1-or-later
"""Take snapshots of a domain, list them, revert to them, delete them.

    python3 snapshot.py URI DOMAIN create NAME
    python3 snapshot.py URI DOMAIN list
    python3 snapshot.py URI DOMAIN revert NAME
    python3 snapshot.py URI DOMAIN delete NAME
"""

import argparse
import sys
import time
import xml.etree.ElementTree as ElementTree
from typing import Optional

import libvirt


def create(dom: libvirt.virDomain, name: str) -> None:
    snapshot = ElementTree.Element("domainsnapshot")
    ElementTree.SubElement(snapshot, "name").text = name
    dom.snapshotCreateXML(ElementTree.tostring(snapshot, encoding="unicode"))


def show(dom: libvirt.virDomain) -> None:
    for snapshot in dom.listAllSnapshots(libvirt.VIR_DOMAIN_SNAPSHOT_LIST_TOPOLOGICAL):
        details = ElementTree.fromstring(snapshot.getXMLDesc())
        taken = time.localtime(int(details.findtext("creationTime") or 0))
        print("*" if snapshot.isCurrent() else " ", snapshot.getName(), time.strftime("%Y-%m-%d %H:%M:%S", taken),
              details.findtext("state"))


def main() -> Optional[str]:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("uri", help="connection URI")
    parser.add_argument("domain", help="name of the domain")
    parser.add_argument("action", choices=("create", "list", "revert", "delete"))
    parser.add_argument("name", nargs="?", help="name of the snapshot")
    options = parser.parse_args()
    if (options.name is None) != (options.action == "list"):
        parser.error("all actions but list need the name of a snapshot")
    try:
        with libvirt.open(options.uri) as conn:
            dom = conn.lookupByName(options.domain)
            if options.action == "list":
                show(dom)
            elif options.action == "create":
                create(dom, options.name)
            elif options.action == "revert":
                dom.revertToSnapshot(dom.snapshotLookupByName(options.name))
            else:
                dom.snapshotLookupByName(options.name).delete()
    except libvirt.libvirtError as error:
        return f"snapshot: {error}"
    return None


if __name__ == "__main__":
    sys.exit(main())
