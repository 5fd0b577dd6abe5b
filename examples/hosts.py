# SPDX-License-Identifier: LGPL-2.1-or-later
"""Ask many hosts at once, with threads, and print each answer when it comes.

    python3 hosts.py URI [URI...]
"""

import concurrent.futures
import sys
from typing import Optional

import libvirt
from libvirt_types import NodeInfo


def describe(uri: str) -> str:
    # Each thread has its own connection. Threads may also share one: libvirt allows that.
    with libvirt.openReadOnly(uri) as conn:
        node = NodeInfo(*conn.getInfo())
        active = conn.listAllDomains(libvirt.VIR_CONNECT_LIST_DOMAINS_ACTIVE)
        return f"{conn.getHostname()}, {node.cpus} CPUs, {node.memory} MiB, {len(active)} active domains"


def main(*uris: str) -> Optional[str]:
    failed = 0
    # Calls of libvirt release the GIL while they wait.
    with concurrent.futures.ThreadPoolExecutor(max_workers=32) as pool:
        asked = {pool.submit(describe, uri): uri for uri in uris}
        for answer in concurrent.futures.as_completed(asked):
            try:
                print(f"{asked[answer]}: {answer.result()}", flush=True)
            except libvirt.libvirtError as error:
                failed += 1
                print(f"{asked[answer]}: {error}", file=sys.stderr, flush=True)
    return f"hosts: {failed} of {len(uris)} hosts have not answered" if failed else None


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) if len(sys.argv) > 1 else __doc__)
