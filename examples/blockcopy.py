# SPDX-License-Identifier: LGPL-2.1-or-later
"""Move a disk of a running domain to another file while the guest uses the disk.

    python3 blockcopy.py URI DOMAIN DISK FILE
"""

import sys
import xml.etree.ElementTree as ElementTree
from typing import Iterator, Optional

import libvirt
import libvirtevents
from libvirt_types import DomainBlockJob2Event

WIDTH = 40
Status = libvirt.enums.ConnectDomainEventBlockJobStatus


def show(current: int, end: int) -> None:
    done = current / end if end else 1
    print(f"\r[{'#' * int(WIDTH * done):<{WIDTH}}] {100 * done:3.0f} %", end="", flush=True)


def follow(dom: libvirt.virDomain, disk: str, events: Iterator[DomainBlockJob2Event]) -> Status:
    """Show the progress of a block job until an event reports a new status. Return it."""
    while True:
        try:
            event: Optional[DomainBlockJob2Event] = next(events)
        except TimeoutError:
            event = None
        # The last progress shown is that of the finished job.
        info = dom.blockJobInfo(disk)
        if info:
            show(info["cur"], info["end"])
        if event and event.disk == disk:
            return event.status


def copy(conn: libvirt.virConnect, dom: libvirt.virDomain, disk: str, path: str) -> Status:
    target = ElementTree.Element("disk", type="file")
    ElementTree.SubElement(target, "source", file=path)
    ElementTree.SubElement(target, "driver", type="qcow2")
    with libvirtevents.events(conn, DomainBlockJob2Event, dom, timeout=0.2) as events:
        dom.blockCopy(disk, ElementTree.tostring(target, encoding="unicode"), None,
                      libvirt.VIR_DOMAIN_BLOCK_COPY_TRANSIENT_JOB)
        status = follow(dom, disk, events)
        if status == Status.READY:
            # Both files now have the same contents. Make the domain use the new file.
            dom.blockJobAbort(disk, libvirt.VIR_DOMAIN_BLOCK_JOB_ABORT_PIVOT)
            status = follow(dom, disk, events)
    print()
    return status


def main(uri: str, name: str, disk: str, path: str) -> Optional[str]:
    try:
        with libvirtevents.EventLoopThread(), libvirt.open(uri) as conn:
            status = copy(conn, conn.lookupByName(name), disk, path)
    except libvirt.libvirtError as error:
        return f"blockcopy: {error}"
    return None if status == Status.COMPLETED else f"blockcopy: the copy ended as {status.name.lower()}"


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) if len(sys.argv) == 5 else __doc__)
