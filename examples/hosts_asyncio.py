# SPDX-License-Identifier: LGPL-2.1-or-later
"""Ask many hosts at once, with asyncio. A host that takes too long is given up.

    python3 hosts_asyncio.py [--timeout 30] URI [URI...]
"""

import argparse
import asyncio
import os
import sys
import libvirt
import libvirtaio
from libvirt_types import NodeInfo


def describe(uri: str) -> str:
    with libvirt.openReadOnly(uri) as conn:
        node = NodeInfo(*conn.getInfo())
        active = conn.listAllDomains(libvirt.VIR_CONNECT_LIST_DOMAINS_ACTIVE)
        return f"{conn.getHostname()}, {node.cpus} CPUs, {node.memory} MiB, {len(active)} active domains"


async def ask(pool: libvirtaio.Pool, uri: str, timeout: float) -> bool:
    """Print what is known about a host, and return whether it has answered."""
    try:
        print(f"{uri}: {await asyncio.wait_for(pool.run(describe, uri), timeout)}", flush=True)
    except libvirt.libvirtError as error:
        print(f"{uri}: {error}", file=sys.stderr, flush=True)
        return False
    except asyncio.TimeoutError:
        # The call itself cannot be cancelled. It goes on in its thread, and its result is dropped.
        print(f"{uri}: no answer within {timeout:g} seconds", file=sys.stderr, flush=True)
        return False
    return True


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("uris", nargs="+", metavar="URI", help="connection URI of a host")
    parser.add_argument("--timeout", type=float, default=30, help="seconds for each host (default: 30)")
    options = parser.parse_args()
    # One thread for each host, so that a slow host keeps nobody waiting.
    async with libvirtaio.Pool(len(options.uris)) as pool:
        answered = await asyncio.gather(*(ask(pool, uri, options.timeout) for uri in options.uris))
    # Do not wait for the threads whose calls have not returned.
    os._exit(0 if all(answered) else 1)


if __name__ == "__main__":
    asyncio.run(main())
