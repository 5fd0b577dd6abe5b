# SPDX-License-Identifier: LGPL-2.1-or-later
"""Print the states of all domains and each change, with asyncio. Connect again whenever the connection is lost.

    python3 reconnect_asyncio.py [URI]
"""

import asyncio
import contextlib
import sys
from typing import Optional

import libvirt
import libvirtaio
from libvirt_types import DomainLifecycleEvent


async def watch(conn: libvirt.virConnect) -> None:
    # Every 5 seconds libvirt checks that the daemon answers. A driver inside this process needs no keepalive.
    with contextlib.suppress(libvirt.libvirtError.NoSupportError):
        await libvirtaio.run(conn.setKeepAlive, 5, 3)
    async with libvirtaio.events(conn, DomainLifecycleEvent) as events:
        # There were no events of what changed while there was no connection, so ask for the states. Events are already
        # received, so no change is missed in between.
        for dom in await libvirtaio.run(conn.listAllDomains):
            state, _ = await libvirtaio.run(dom.state)
            print(dom.name(), libvirt.enums.DomainState(state).name.lower(), flush=True)
        async for event in events:
            print(event.domain.name(), event.event.name.lower(), flush=True)


async def connect_again(uri: str) -> libvirt.virConnect:
    delay = 0.5
    while True:
        try:
            return await libvirtaio.run(libvirt.openReadOnly, uri)
        except libvirt.libvirtError:
            await asyncio.sleep(delay)
            delay = min(2 * delay, 30)


async def main(uri: str) -> None:
    libvirtaio.virEventRegisterAsyncIOImpl()
    # The first attempt must succeed: the URI may be wrong.
    conn = await libvirtaio.run(libvirt.openReadOnly, uri)
    while True:
        print(f"connected to {uri}", flush=True)
        try:
            with conn:
                await watch(conn)
        except libvirt.libvirtError as error:
            if not error.connection_lost:
                raise
            print(f"disconnected: {error}", flush=True)
        conn = await connect_again(uri)


def run(uri: str = "test:///default") -> Optional[str]:
    try:
        asyncio.run(main(uri))
    except libvirt.libvirtError as error:
        return f"reconnect_asyncio: {uri}: {error}"
    except KeyboardInterrupt:
        pass
    return None


if __name__ == "__main__":
    sys.exit(run(*sys.argv[1:2]))
