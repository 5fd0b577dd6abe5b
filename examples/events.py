# SPDX-License-Identifier: LGPL-2.1-or-later
"""Print the lifecycle events of all domains, until the connection is lost or the user presses Ctrl-C.

    python3 events.py [URI]
"""

import contextlib
import sys
from typing import Optional

import libvirt
import libvirtevents
from libvirt_types import DomainLifecycleEvent


def main(uri: str = "test:///default") -> Optional[str]:
    try:
        # The event loop must run before the connection is opened.
        with libvirtevents.EventLoopThread(), libvirt.openReadOnly(uri) as conn:
            # Every 5 seconds libvirt checks that the daemon answers. A driver inside this process needs no keepalive.
            with contextlib.suppress(libvirt.libvirtError.NoSupportError):
                conn.setKeepAlive(5, 3)
            with libvirtevents.events(conn, DomainLifecycleEvent) as events:
                print(f"listening to {uri}", flush=True)
                for event in events:
                    print(event.domain.name(), event.event.name.lower(), flush=True)
    except libvirt.libvirtError as error:
        return f"events: {uri}: {error}"
    except KeyboardInterrupt:
        pass
    return None


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
