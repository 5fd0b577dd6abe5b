# SPDX-License-Identifier: LGPL-2.1-or-later
"""List the virtual networks of a host, with the addresses that they have given to guests.

    python3 networks.py [URI]
"""

import sys
import time
from typing import Optional

import libvirt
from libvirt_types import NetworkDHCPLease


def describe(lease: NetworkDHCPLease) -> str:
    until = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(lease["expirytime"]))
    return f"  {lease['ipaddr']}/{lease['prefix']} {lease['mac']} {lease['hostname'] or '-'} until {until}"


def show(network: libvirt.virNetwork) -> None:
    print(network.name(), "active" if network.isActive() else "inactive")
    if network.isActive():
        try:
            leases = network.DHCPLeases()
        except libvirt.libvirtError.NoSupportError:
            print("  this driver does not know the addresses")
            return
        for lease in leases:
            print(describe(lease))


def main(uri: str = "test:///default") -> Optional[str]:
    try:
        with libvirt.openReadOnly(uri) as conn:
            for network in conn.listAllNetworks():
                show(network)
    except libvirt.libvirtError as error:
        return f"networks: {uri}: {error}"
    return None


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
