# SPDX-License-Identifier: LGPL-2.1-or-later
"""Ask the agent in a guest about the guest, and freeze its file systems for a moment.

    python3 agent.py URI DOMAIN

The guest must run qemu-guest-agent, and the domain needs a channel named org.qemu.guest_agent.0.
"""

import sys
import time
from typing import Optional

import libvirt
from libvirt_types import FSInfo


def show(dom: libvirt.virDomain) -> None:
    print("host name:", dom.hostname())
    print("clock:", time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(dom.getTime()["seconds"])))
    for name, interface in dom.interfaceAddresses(libvirt.VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_AGENT).items():
        for address in interface["addrs"] or ():
            print(f"{name}: {address['addr']}/{address['prefix']}")
    for found in dom.fsInfo():
        system = FSInfo(*found)
        print(f"{system.mountpoint}: {system.fstype} on {', '.join(system.devAlias)}")


def main(uri: str, name: str) -> Optional[str]:
    try:
        with libvirt.open(uri) as conn:
            dom = conn.lookupByName(name)
            show(dom)
            count = dom.fsFreeze()
            try:
                # Nothing writes to the disks now: this is the moment for a snapshot of the storage.
                print(f"{count} file systems are frozen")
            finally:
                dom.fsThaw()
    except libvirt.libvirtError as error:
        return f"agent: {error}"
    return None


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) if len(sys.argv) == 3 else __doc__)
