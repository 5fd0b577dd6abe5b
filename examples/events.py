# SPDX-License-Identifier: LGPL-2.1-or-later
"""Tell of the lives of all domains, until the connection or the user ends it.

    python3 events.py [URI]
"""

import sys
import threading
from typing import Optional

import libvirt

EVENTS = {getattr(libvirt, f"VIR_DOMAIN_EVENT_{name}"): name.lower() for name in (
    "DEFINED", "UNDEFINED", "STARTED", "SUSPENDED", "RESUMED", "STOPPED", "SHUTDOWN", "PMSUSPENDED", "CRASHED")}


def on_lifecycle(conn: libvirt.virConnect, dom: libvirt.virDomain, event: int, detail: int, opaque: None) -> None:
    print(dom.name(), EVENTS.get(event, f"event {event}"), flush=True)


def on_reboot(conn: libvirt.virConnect, dom: libvirt.virDomain, opaque: None) -> None:
    print(dom.name(), "rebooted", flush=True)


def on_close(conn: libvirt.virConnect, reason: int, closed: threading.Event) -> None:
    print("the connection is lost", flush=True)
    closed.set()


def watch_connection(conn: libvirt.virConnect) -> None:
    """Ask every 5 seconds whether the daemon is there."""
    try:
        conn.setKeepAlive(5, 3)
    except libvirt.libvirtError as error:
        # A driver inside of this process cannot get lost.
        if error.code != libvirt.VIR_ERR_NO_SUPPORT:
            raise


def main(uri: str = "test:///default") -> Optional[str]:
    # Before the first connection, which uses the loop.
    libvirt.virEventRegisterDefaultImpl()
    closed = threading.Event()
    try:
        with libvirt.openReadOnly(uri) as conn:
            conn.registerCloseCallback(on_close, closed)
            watch_connection(conn)
            conn.domainEventRegisterAny(None, libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE, on_lifecycle, None)
            conn.domainEventRegisterAny(None, libvirt.VIR_DOMAIN_EVENT_ID_REBOOT, on_reboot, None)
            print(f"listening to {uri}", flush=True)
            while not closed.is_set():
                libvirt.virEventRunDefaultImpl()
    except libvirt.libvirtError as error:
        return f"events: {uri}: {error}"
    except KeyboardInterrupt:
        pass
    return None


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
