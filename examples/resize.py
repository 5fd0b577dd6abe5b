# SPDX-License-Identifier: LGPL-2.1-or-later
"""Change the memory, the number of CPUs, or the size of a disk of a domain: now if it runs, and from its next start on.

    python3 resize.py URI DOMAIN [--memory MIB] [--cpus COUNT] [--disk vda=20]
"""

import argparse
import sys
from typing import Optional, Tuple

import libvirt
from libvirt_types import BlockInfo, DomainInfo


def size(text: str) -> Tuple[str, int]:
    target, _, gib = text.partition("=")
    return target, int(gib)


def flags(dom: libvirt.virDomain) -> int:
    """A running domain has two descriptions: a change of one does not change the other."""
    return (libvirt.VIR_DOMAIN_AFFECT_LIVE if dom.isActive() else 0) | (
        libvirt.VIR_DOMAIN_AFFECT_CONFIG if dom.isPersistent() else 0)


def main() -> Optional[str]:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("uri", help="connection URI")
    parser.add_argument("domain", help="name of the domain")
    parser.add_argument("--memory", type=int, metavar="MIB", help="at most the maximum in the domain's XML")
    parser.add_argument("--cpus", type=int, metavar="COUNT", help="at most the maximum in the domain's XML")
    parser.add_argument("--disk", type=size, metavar="TARGET=GIB", help="new size of a disk; the domain must run")
    options = parser.parse_args()
    try:
        with libvirt.open(options.uri) as conn:
            dom = conn.lookupByName(options.domain)
            if options.memory is not None:
                # The balloon driver of the guest gives memory back, which takes a while.
                dom.setMemoryFlags(options.memory * 1024, flags(dom))
            if options.cpus is not None:
                dom.setVcpusFlags(options.cpus, flags(dom))
            if options.disk is not None:
                target, gib = options.disk
                dom.blockResize(target, gib * 2 ** 30, libvirt.VIR_DOMAIN_BLOCK_RESIZE_BYTES)
                print(f"{target}: {BlockInfo(*dom.blockInfo(target)).capacity >> 30} GiB")
            info = DomainInfo(*dom.info())
            print(f"CPUs: {info.nrVirtCpu}, memory: {info.memory // 1024} of at most {info.maxMem // 1024} MiB")
    except libvirt.libvirtError as error:
        return f"resize: {error}"
    return None


if __name__ == "__main__":
    sys.exit(main())
