# SPDX-License-Identifier: LGPL-2.1-or-later
"""A tour of libvirt: show a host, and the life of a domain.

    python3 tour.py                 use the test driver, inside this process
    python3 tour.py URI             show another host, read-only
    python3 tour.py --write URI     also define, start and remove a domain there
"""

import argparse
import sys
from typing import Any, Callable, Optional, Sequence

import libvirt
import libvirtevents
from libvirt_types import DomainInfo, DomainLifecycleEvent, DomainState, NodeInfo

DOMAIN_XML = """
<domain type='{type}'>
  <name>{name}</name>
  <memory unit='MiB'>64</memory>
  <vcpu>1</vcpu>
  <os><type>{os}</type></os>
</domain>
"""
NAME = "libvirt-python-tour"


def table(title: str, head: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Print rows in aligned columns."""
    print(f"\n{title}")
    widths = [max(len(str(row[column])) for row in [head, *rows]) for column in range(len(head))]
    for row in [head, ["-" * width for width in widths], *rows]:
        print("  " + "  ".join(str(cell).ljust(width) for cell, width in zip(row, widths)).rstrip())
    if not rows:
        print("  (none)")


def name_of(state: int) -> str:
    return libvirt.enums.DomainState(state).name.lower()


def show_host(conn: libvirt.virConnect) -> None:
    node = NodeInfo(*conn.getInfo())
    version = conn.getLibVersion()
    print(f"{conn.getURI()} on {conn.getHostname()}: {conn.getType()}, "
          f"libvirt {version // 1000000}.{version // 1000 % 1000}.{version % 1000}")
    print(f"{node.cpus} CPUs ({node.model}, {node.mhz} MHz), {node.memory} MiB of memory")


def show_lists(conn: libvirt.virConnect) -> None:
    domains = conn.listAllDomains()
    table("Domains", ("Name", "State", "UUID"),
          [(dom.name(), name_of(DomainState(*dom.state()).state), dom.UUIDString()) for dom in domains])
    active = {True: "active", False: "inactive"}
    # Not every driver has networks or pools.
    for title, method in (("Networks", "listAllNetworks"), ("Storage pools", "listAllStoragePools")):
        try:
            found = getattr(conn, method)()
        except libvirt.libvirtError.NoSupportError:
            print(f"\n{title}: this driver has none")
            continue
        table(title, ("Name", "State"), [(item.name(), active[bool(item.isActive())]) for item in found])


def show_statistics(dom: libvirt.virDomain) -> None:
    info = DomainInfo(*dom.info())
    table(f"Statistics of {dom.name()}", ("Property", "Value"), [
        ("state", name_of(info.state)),
        ("memory", f"{info.memory // 1024} of {info.maxMem // 1024} MiB"),
        ("virtual CPUs", info.nrVirtCpu),
        ("CPU time", f"{info.cpuTime / 1e9:.1f} s"),
    ])


def expect(conn: libvirt.virConnect, wanted: libvirt.enums.DomainEventType, action: Callable[[], object]) -> None:
    """Do something, and wait for the event that it causes. Other domains, and other events, do not matter."""
    event = libvirtevents.wait_for_event(
        conn, DomainLifecycleEvent, action=action, timeout=10,
        until=lambda event: event.domain.name() == NAME and event.event == wanted)
    print(f"  {event.event.name.lower()}")


def live_and_die(conn: libvirt.virConnect) -> None:
    """Define, start, snapshot and stop a domain, and watch its events."""
    kind = conn.getType().lower()
    xml = DOMAIN_XML.format(type=kind, name=NAME, os="exe" if kind == "lxc" else "hvm")
    wanted = libvirt.enums.DomainEventType
    print(f"\nEvents of {NAME}")
    expect(conn, wanted.DEFINED, lambda: conn.defineXML(xml))
    dom = conn.lookupByName(NAME)
    try:
        expect(conn, wanted.STARTED, dom.create)
        try:
            snapshot = dom.snapshotCreateXML("<domainsnapshot><name>first</name></domainsnapshot>")
            print(f"  snapshot '{snapshot.getName()}' taken")
            snapshot.delete()
        except libvirt.libvirtError as error:
            print(f"  no snapshot: {error}")
        show_statistics(dom)
        print()
        expect(conn, wanted.STOPPED, dom.destroy)
    finally:
        if dom.isActive():
            dom.destroy()
        expect(conn, wanted.UNDEFINED, dom.undefine)


def show_error(conn: libvirt.virConnect) -> None:
    try:
        conn.lookupByName("no-such-domain")
    except libvirt.libvirtError.NoDomainError as error:
        print(f"\nLooking up a domain that does not exist: {error} (as it should be)")


def main() -> Optional[str]:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("uri", nargs="?", help="connection URI (default: test:///default, with --write)")
    parser.add_argument("--write", action="store_true", help="also define, start and remove a domain")
    options = parser.parse_args()
    write = options.write or options.uri is None
    uri = options.uri or "test:///default"
    try:
        # Events arrive only while an event loop runs. It must be there before the connection.
        with libvirtevents.EventLoopThread(), (libvirt.open(uri) if write else libvirt.openReadOnly(uri)) as conn:
            show_host(conn)
            show_lists(conn)
            if write:
                live_and_die(conn)
            else:
                for dom in conn.listAllDomains(libvirt.VIR_CONNECT_LIST_DOMAINS_ACTIVE)[:1]:
                    show_statistics(dom)
            show_error(conn)
    except (libvirt.libvirtError, TimeoutError) as error:
        return f"tour: {uri}: {error}"
    return None


if __name__ == "__main__":
    sys.exit(main())
