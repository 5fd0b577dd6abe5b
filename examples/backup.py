# SPDX-License-Identifier: LGPL-2.1-or-later
"""Back up the disks of a running domain: the first time completely, then only what has changed since the last backup.

    python3 backup.py URI DOMAIN DIRECTORY NAME

Each backup creates a checkpoint with its name, from which the next backup begins. The disks must be qcow2 images. The
directory is one of the host.
"""

import os
import sys
import xml.etree.ElementTree as ElementTree
from typing import Optional

import libvirt
import libvirtevents
from libvirt_types import DomainJobCompletedEvent


def last_checkpoint(dom: libvirt.virDomain) -> Optional[str]:
    """Return the name of the checkpoint that has no children."""
    for checkpoint in dom.listAllCheckpoints(libvirt.VIR_DOMAIN_CHECKPOINT_LIST_LEAVES):
        return checkpoint.getName()
    return None


def backup_xml(dom: libvirt.virDomain, directory: str, name: str, since: Optional[str]) -> str:
    backup = ElementTree.Element("domainbackup", mode="push")
    if since is not None:
        ElementTree.SubElement(backup, "incremental").text = since
    disks = ElementTree.SubElement(backup, "disks")
    for target in ElementTree.fromstring(dom.XMLDesc()).findall("devices/disk[@device='disk']/target"):
        disk = ElementTree.SubElement(disks, "disk", name=target.attrib["dev"], type="file")
        ElementTree.SubElement(disk, "target", file=os.path.join(directory, f"{name}-{target.attrib['dev']}.qcow2"))
        ElementTree.SubElement(disk, "driver", type="qcow2")
    return ElementTree.tostring(backup, encoding="unicode")


def checkpoint_xml(name: str) -> str:
    checkpoint = ElementTree.Element("domaincheckpoint")
    ElementTree.SubElement(checkpoint, "name").text = name
    return ElementTree.tostring(checkpoint, encoding="unicode")


def show(done: int, total: int) -> None:
    print(f"\r{done / 2 ** 20:.1f} of {total / 2 ** 20:.1f} MiB", end="", flush=True)


def back_up(conn: libvirt.virConnect, dom: libvirt.virDomain, directory: str, name: str) -> Optional[str]:
    """Return None, or why the backup has failed."""
    since = last_checkpoint(dom)
    print(f"changes since {since}" if since else "complete backup")
    with libvirtevents.events(conn, DomainJobCompletedEvent, dom, timeout=0.5) as events:
        # The checkpoint is created at the moment that the backup shows.
        dom.backupBegin(backup_xml(dom, directory, name, since), checkpoint_xml(name))
        while True:
            try:
                job = next(events).params
                break
            except TimeoutError:
                running = dom.jobStats()
                show(running.get(libvirt.VIR_DOMAIN_JOB_DISK_PROCESSED, 0),
                     running.get(libvirt.VIR_DOMAIN_JOB_DISK_TOTAL, 0))
    show(job.get(libvirt.VIR_DOMAIN_JOB_DISK_PROCESSED, 0), job.get(libvirt.VIR_DOMAIN_JOB_DISK_TOTAL, 0))
    print()
    if job[libvirt.VIR_DOMAIN_JOB_SUCCESS]:
        return None
    return str(job.get(libvirt.VIR_DOMAIN_JOB_ERRMSG, "the backup has failed"))


def main(uri: str, domain: str, directory: str, name: str) -> Optional[str]:
    try:
        with libvirtevents.EventLoopThread(), libvirt.open(uri) as conn:
            fault = back_up(conn, conn.lookupByName(domain), directory, name)
    except libvirt.libvirtError as error:
        fault = str(error)
    return fault and f"backup: {fault}"


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) if len(sys.argv) == 5 else __doc__)
