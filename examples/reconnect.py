# SPDX-License-Identifier: LGPL-2.1-or-later
"""Print the states of all domains and each change. Connect again whenever the connection is lost.

    python3 reconnect.py [URI]
"""

import contextlib
import sys
import time
from typing import Optional

import libvirt
import libvirtevents
from libvirt_types import DomainLifecycleEvent


def watch(conn: libvirt.virConnect) -> None:
    # Every 5 seconds libvirt checks that the daemon answers. A driver inside this process needs no keepalive.
    with contextlib.suppress(libvirt.libvirtError.NoSupportError):
        conn.setKeepAlive(5, 3)
    with libvirtevents.events(conn, DomainLifecycleEvent) as events:
        # There were no events of what changed while there was no connection, so ask for the states. Events are already
        # received, so no change is missed in between.
        for dom in conn.listAllDomains():
            print(dom.name(), libvirt.enums.DomainState(dom.state()[0]).name.lower(), flush=True)
        for event in events:
            print(event.domain.name(), event.event.name.lower(), flush=True)


def connect_again(uri: str) -> libvirt.virConnect:
    delay = 0.5
    while True:
        try:
            return libvirt.openReadOnly(uri)
        except libvirt.libvirtError:
            time.sleep(delay)
            delay = min(2 * delay, 30)


def main(uri: str = "test:///default") -> Optional[str]:
    try:
        with libvirtevents.EventLoopThread():
            # The first attempt must succeed: the URI may be wrong.
            conn = libvirt.openReadOnly(uri)
            while True:
                print(f"connected to {uri}", flush=True)
                try:
                    with conn:
                        watch(conn)
                except libvirt.libvirtError as error:
                    if not error.connection_lost:
                        raise
                    print(f"disconnected: {error}", flush=True)
                conn = connect_again(uri)
    except libvirt.libvirtError as error:
        return f"reconnect: {uri}: {error}"
    except KeyboardInterrupt:
        return None


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
