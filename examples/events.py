# SPDX-License-Identifier: LGPL-2.1-or-later
"""Print the lifecycle events of all domains, until the connection is lost or the user presses Ctrl-C.

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
    """Make libvirt check every 5 seconds whether the daemon still answers."""
    try:
        conn.setKeepAlive(5, 3)
    except libvirt.libvirtError as error:
        # A driver inside this process needs no keepalive.
        if error.code != libvirt.VIR_ERR_NO_SUPPORT:
            raise


def main(uri: str = "test:///default") -> Optional[str]:
    # Register the event loop before opening a connection, which uses it.
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
