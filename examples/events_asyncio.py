# SPDX-License-Identifier: LGPL-2.1-or-later
"""Wait for domains to stop, with asyncio.

    python3 events_asyncio.py URI NAME [NAME...]
"""

import asyncio
import sys
from typing import Optional

import libvirt
import libvirtaio
from libvirt_types import DomainLifecycleEvent


async def wait_for_end(conn: libvirt.virConnect, name: str) -> Optional[str]:
    """Wait until the domain is shut off. Return the reason, or None if it was already off."""
    # Calls that wait for the daemon run in a thread, so that they do not block the event loop.
    dom = await libvirtaio.run(conn.lookupByName, name)
    async with libvirtaio.events(conn, DomainLifecycleEvent, dom) as events:
        # The domain may have stopped before the events were received.
        if await libvirtaio.run(dom.isActive):
            async for event in events:
                if event.event == libvirt.enums.DomainEventType.STOPPED:
                    return libvirt.enums.DomainEventStoppedDetailType(event.detail).name.lower()
    return None


async def report(conn: libvirt.virConnect, name: str) -> None:
    print(f"waiting for {name}", flush=True)
    reason = await wait_for_end(conn, name)
    print(f"{name} is off" + (f" ({reason})" if reason else ""), flush=True)


async def main(uri: str, *names: str) -> None:
    impl = libvirtaio.virEventRegisterAsyncIOImpl()
    with await libvirtaio.run(libvirt.openReadOnly, uri) as conn:
        await asyncio.gather(*(report(conn, name) for name in names))
    await impl.drain()


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    try:
        asyncio.run(main(*sys.argv[1:]))
    except libvirt.libvirtError as error:
        sys.exit(f"events_asyncio: {error}")
