# SPDX-License-Identifier: LGPL-2.1-or-later
"""List the domains of a host with their states, as a table or as JSON.

    python3 domains.py [--json] [URI]
"""

import argparse
import json
import sys
from typing import Any, Dict, Optional

import libvirt
from libvirt_types import DomainInfo


def describe(dom: libvirt.virDomain) -> Dict[str, Any]:
    info = DomainInfo(*dom.info())
    return {
        "name": dom.name(),
        "uuid": dom.UUIDString(),
        "state": libvirt.enums.DomainState(info.state).name.lower(),
        "persistent": bool(dom.isPersistent()),
        "cpus": info.nrVirtCpu,
        "memory": info.memory,
    }


def main() -> Optional[str]:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("uri", nargs="?", default="test:///default", help="connection URI (default: test:///default)")
    parser.add_argument("--json", action="store_true", help="print JSON, with memory in KiB")
    options = parser.parse_args()
    try:
        with libvirt.openReadOnly(options.uri) as conn:
            domains = sorted(map(describe, conn.listAllDomains()), key=lambda dom: str(dom["name"]))
    except libvirt.libvirtError as error:
        return f"domains: {options.uri}: {error}"
    if options.json:
        print(json.dumps(domains, indent=2))
    else:
        print(f"{'Name':20} {'State':10} {'CPUs':>4} {'Memory':>10}")
        for dom in domains:
            print(f"{dom['name']:20} {dom['state']:10} {dom['cpus']:4} {dom['memory'] // 1024:6} MiB")
    return None


if __name__ == "__main__":
    sys.exit(main())
