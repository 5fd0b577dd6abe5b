# SPDX-License-Identifier: LGPL-2.1-or-later
"""Wait for domains to stop, with asyncio.

    python3 events_asyncio.py URI NAME [NAME...]
"""

import asyncio
import sys
from typing import Optional

import libvirt
import libvirtaio


async def wait_for_end(conn: libvirt.virConnect, name: str) -> Optional[int]:
    """Wait until the domain is shut off. Return the reason, or None if it was already off."""
    loop = asyncio.get_running_loop()
    stopped: "asyncio.Future[int]" = loop.create_future()

    def on_event(conn: libvirt.virConnect, dom: libvirt.virDomain, event: int, detail: int, opaque: None) -> None:
        if event == libvirt.VIR_DOMAIN_EVENT_STOPPED and not stopped.done():
            stopped.set_result(detail)

    # Run calls that wait for the daemon in a thread, so that they do not block the event loop.
    dom = await loop.run_in_executor(None, conn.lookupByName, name)
    number = conn.domainEventRegisterAny(dom, libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE, on_event, None)
    try:
        # The domain may have stopped before the callback was registered.
        if not await loop.run_in_executor(None, dom.isActive):
            return None
        return await stopped
    finally:
        conn.domainEventDeregisterAny(number)


async def main(uri: str, *names: str) -> None:
    impl = libvirtaio.virEventRegisterAsyncIOImpl()
    loop = asyncio.get_running_loop()
    conn = await loop.run_in_executor(None, libvirt.open, uri)

    async def report(name: str) -> None:
        print(f"waiting for {name}", flush=True)
        reason = await wait_for_end(conn, name)
        print(f"{name} is off" + ("" if reason is None else f" (reason {reason})"), flush=True)
    try:
        await asyncio.gather(*map(report, names))
    finally:
        conn.close()
        await impl.drain()


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    try:
        asyncio.run(main(*sys.argv[1:]))
    except libvirt.libvirtError as error:
        sys.exit(f"events_asyncio: {error}")
