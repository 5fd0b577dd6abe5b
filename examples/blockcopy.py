# SPDX-License-Identifier: LGPL-2.1-or-later
"""Move a disk of a running domain to another file while the guest uses the disk.

    python3 blockcopy.py URI DOMAIN DISK FILE
"""

import sys
import threading
import xml.etree.ElementTree as ElementTree
from typing import Dict, Optional

import libvirt

WIDTH = 40
READY = libvirt.VIR_DOMAIN_BLOCK_JOB_READY
ENDED: Dict[Optional[int], Optional[str]] = {
    libvirt.VIR_DOMAIN_BLOCK_JOB_COMPLETED: None, libvirt.VIR_DOMAIN_BLOCK_JOB_FAILED: "the copy failed",
    libvirt.VIR_DOMAIN_BLOCK_JOB_CANCELED: "the copy was cancelled"}


class Job:
    """The state of a block job of one disk, which events report."""

    def __init__(self, disk: str) -> None:
        self.disk = disk
        self.changed = threading.Event()
        self.state: Optional[int] = None

    def on_event(self, conn: libvirt.virConnect, dom: libvirt.virDomain, disk: str, kind: int, status: int,
                 opaque: None) -> None:
        if disk == self.disk:
            self.state = status
            self.changed.set()

    def wait(self, timeout: float) -> None:
        self.changed.wait(timeout)
        self.changed.clear()


def show(current: int, end: int) -> None:
    done = current / end if end else 0
    print(f"\r[{'#' * int(WIDTH * done):<{WIDTH}}] {100 * done:3.0f} %", end="", flush=True)


def run_loop() -> None:
    while True:
        libvirt.virEventRunDefaultImpl()


def copy(conn: libvirt.virConnect, dom: libvirt.virDomain, disk: str, path: str) -> Optional[str]:
    job = Job(disk)
    number = conn.domainEventRegisterAny(dom, libvirt.VIR_DOMAIN_EVENT_ID_BLOCK_JOB_2, job.on_event, None)
    target = ElementTree.Element("disk", type="file")
    ElementTree.SubElement(target, "source", file=path)
    ElementTree.SubElement(target, "driver", type="qcow2")
    try:
        dom.blockCopy(disk, ElementTree.tostring(target, encoding="unicode"), None,
                      libvirt.VIR_DOMAIN_BLOCK_COPY_TRANSIENT_JOB)
        state = None
        while state is None:
            job.wait(0.2)
            # Read the state before the progress, so that the last progress shown is that of the finished job.
            state = job.state
            info = dom.blockJobInfo(disk)
            show(info.get("cur", 0), info.get("end", 0))
        if job.state == READY:
            # Both files now have the same contents. Make the domain use the new file.
            job.state = None
            dom.blockJobAbort(disk, libvirt.VIR_DOMAIN_BLOCK_JOB_ABORT_PIVOT)
            while job.state is None:
                job.wait(1)
    finally:
        print()
        conn.domainEventDeregisterAny(number)
    return ENDED.get(job.state, f"the copy ended with {job.state}")


def main(uri: str, name: str, disk: str, path: str) -> Optional[str]:
    libvirt.virEventRegisterDefaultImpl()
    threading.Thread(target=run_loop, daemon=True).start()
    try:
        with libvirt.open(uri) as conn:
            fault = copy(conn, conn.lookupByName(name), disk, path)
    except libvirt.libvirtError as error:
        fault = str(error)
    return fault and f"blockcopy: {fault}"


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) if len(sys.argv) == 5 else __doc__)
