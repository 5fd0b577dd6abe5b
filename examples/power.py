# SPDX-License-Identifier: LGPL-2.1-or-later
"""Start a domain, or shut it down and wait until it is off.

    python3 power.py URI DOMAIN on
    python3 power.py URI DOMAIN off [--timeout 60] [--force]
"""

import argparse
import sys
from typing import Optional

import libvirt
import libvirtevents
from libvirt_types import DomainLifecycleEvent


def shut_down(conn: libvirt.virConnect, dom: libvirt.virDomain, timeout: float) -> None:
    """Ask the guest to shut down, and wait. Raise TimeoutError if it has not done so in time."""
    libvirtevents.wait_for_event(
        conn, DomainLifecycleEvent, dom, action=dom.shutdown, timeout=timeout,
        until=lambda event: event.event == libvirt.enums.DomainEventType.STOPPED)


def main() -> Optional[str]:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("uri", help="connection URI")
    parser.add_argument("domain", help="name of the domain")
    parser.add_argument("power", choices=("on", "off"))
    parser.add_argument("--timeout", type=float, default=60, help="seconds until the domain must be off (default: 60)")
    parser.add_argument("--force", action="store_true", help="after that time, turn the domain off")
    options = parser.parse_args()
    try:
        with libvirtevents.EventLoopThread(), libvirt.open(options.uri) as conn:
            dom = conn.lookupByName(options.domain)
            if options.power == "on":
                dom.create()
            else:
                try:
                    shut_down(conn, dom, options.timeout)
                except TimeoutError:
                    if not options.force:
                        return f"power: {options.domain} has not shut down within {options.timeout:g} seconds"
                    dom.destroy()
            print(dom.name(), libvirt.enums.DomainState(dom.state()[0]).name.lower())
    except libvirt.libvirtError as error:
        return f"power: {error}"
    return None


if __name__ == "__main__":
    sys.exit(main())
