# SPDX-License-Identifier: LGPL-2.1-or-later
"""Show the resource usage of all domains of a host, with one call for all of them.

    python3 stats.py [URI]
"""

import sys
from typing import Any, Dict, Optional, Tuple

import libvirt

HEAD = ("Name", "State", "CPUs", "CPU time", "Memory", "Read", "Written", "Received", "Sent")


def size(number: float) -> str:
    """Format a number of bytes for people."""
    for unit in ("B", "KiB", "MiB", "GiB"):
        if number < 1024:
            return f"{number:.0f} {unit}"
        number /= 1024
    return f"{number:.1f} TiB"


def total(stats: Dict[str, Any], group: str, field: str) -> int:
    """Return the sum over all disks or interfaces: "block.0.rd.bytes", "block.1.rd.bytes", ..."""
    return sum(stats.get(f"{group}.{n}.{field}", 0) for n in range(stats.get(f"{group}.count", 0)))


def row(dom: libvirt.virDomain, stats: Dict[str, Any]) -> Tuple[Any, ...]:
    # Any key may be missing: each driver reports only what it knows.
    state = libvirt.enums.DomainState(stats.get("state.state", libvirt.VIR_DOMAIN_NOSTATE)).name.lower()
    return (dom.name(), state, stats.get("vcpu.current", "-"),
            f"{stats.get('cpu.time', 0) / 1e9:.1f} s", size(stats.get("balloon.current", 0) * 1024),
            size(total(stats, "block", "rd.bytes")), size(total(stats, "block", "wr.bytes")),
            size(total(stats, "net", "rx.bytes")), size(total(stats, "net", "tx.bytes")))


def main(uri: str = "test:///default") -> Optional[str]:
    try:
        with libvirt.openReadOnly(uri) as conn:
            rows = [HEAD, *sorted(row(dom, stats) for dom, stats in conn.getAllDomainStats())]
    except libvirt.libvirtError as error:
        return f"stats: {uri}: {error}"
    widths = [max(len(str(line[column])) for line in rows) for column in range(len(HEAD))]
    for line in rows:
        print("  ".join(str(cell).ljust(width) for cell, width in zip(line, widths)).rstrip())
    return None


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
