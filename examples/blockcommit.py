# SPDX-License-Identifier: LGPL-2.1-or-later
"""Merge the overlays of a disk into its base image while the guest uses the disk.

    python3 blockcommit.py URI DOMAIN DISK

External snapshots create such overlays: each is a file that contains what has changed since.
"""

import sys
from typing import Iterator, Optional

import libvirt
import libvirtevents
from libvirt_types import DomainBlockJob2Event

Status = libvirt.enums.ConnectDomainEventBlockJobStatus


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
            print(f"\r{info['cur'] / 2 ** 20:.1f} of {info['end'] / 2 ** 20:.1f} MiB", end="", flush=True)
        if event and event.disk == disk:
            return event.status


def commit(conn: libvirt.virConnect, dom: libvirt.virDomain, disk: str) -> Status:
    with libvirtevents.events(conn, DomainBlockJob2Event, dom, timeout=0.2) as events:
        # From the active image down to the last base. Name images here to merge only some of them.
        dom.blockCommit(disk, None, None, 0, libvirt.VIR_DOMAIN_BLOCK_COMMIT_ACTIVE)
        status = follow(dom, disk, events)
        if status == Status.READY:
            # The base has all data now. Make the domain use it.
            dom.blockJobAbort(disk, libvirt.VIR_DOMAIN_BLOCK_JOB_ABORT_PIVOT)
            status = follow(dom, disk, events)
    print()
    return status


def main(uri: str, name: str, disk: str) -> Optional[str]:
    try:
        with libvirtevents.EventLoopThread(), libvirt.open(uri) as conn:
            status = commit(conn, conn.lookupByName(name), disk)
    except libvirt.libvirtError as error:
        return f"blockcommit: {error}"
    return None if status == Status.COMPLETED else f"blockcommit: the commit ended as {status.name.lower()}"


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) if len(sys.argv) == 4 else __doc__)
