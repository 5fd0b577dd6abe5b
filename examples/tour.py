# SPDX-License-Identifier: LGPL-2.1-or-later
"""A tour of libvirt: show a host, and the life of a domain.

    python3 tour.py                 use the test driver, inside this process
    python3 tour.py URI             show another host, read-only
    python3 tour.py --write URI     also define, start and remove a domain there
"""

import argparse
import queue
import sys
import threading
from typing import Any, Optional, Sequence

import libvirt

DOMAIN_XML = """
<domain type='{type}'>
  <name>{name}</name>
  <memory unit='MiB'>64</memory>
  <vcpu>1</vcpu>
  <os><type>{os}</type></os>
</domain>
"""
NAME = "libvirt-python-tour"

STATES = {
    libvirt.VIR_DOMAIN_RUNNING: "running",
    libvirt.VIR_DOMAIN_BLOCKED: "blocked",
    libvirt.VIR_DOMAIN_PAUSED: "paused",
    libvirt.VIR_DOMAIN_SHUTDOWN: "shutting down",
    libvirt.VIR_DOMAIN_SHUTOFF: "shut off",
    libvirt.VIR_DOMAIN_CRASHED: "crashed",
    libvirt.VIR_DOMAIN_PMSUSPENDED: "suspended",
}
EVENTS = {
    libvirt.VIR_DOMAIN_EVENT_DEFINED: "defined",
    libvirt.VIR_DOMAIN_EVENT_UNDEFINED: "undefined",
    libvirt.VIR_DOMAIN_EVENT_STARTED: "started",
    libvirt.VIR_DOMAIN_EVENT_SUSPENDED: "suspended",
    libvirt.VIR_DOMAIN_EVENT_RESUMED: "resumed",
    libvirt.VIR_DOMAIN_EVENT_STOPPED: "stopped",
    libvirt.VIR_DOMAIN_EVENT_SHUTDOWN: "shut down",
}


def table(title: str, head: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Print rows in aligned columns."""
    print(f"\n{title}")
    widths = [max(len(str(row[column])) for row in [head, *rows]) for column in range(len(head))]
    for row in [head, ["-" * width for width in widths], *rows]:
        print("  " + "  ".join(str(cell).ljust(width) for cell, width in zip(row, widths)).rstrip())
    if not rows:
        print("  (none)")


def show_host(conn: libvirt.virConnect) -> None:
    model, memory, cpus, mhz, *_ = conn.getInfo()
    version = conn.getLibVersion()
    print(f"{conn.getURI()} on {conn.getHostname()}: {conn.getType()}, "
          f"libvirt {version // 1000000}.{version // 1000 % 1000}.{version % 1000}")
    print(f"{cpus} CPUs ({model}, {mhz} MHz), {memory} MiB of memory")


def show_lists(conn: libvirt.virConnect) -> None:
    domains = conn.listAllDomains()
    table("Domains", ("Name", "State", "UUID"),
          [(dom.name(), STATES.get(dom.state()[0], "unknown"), dom.UUIDString()) for dom in domains])
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
    state, maximum, memory, vcpus, cpu_time = dom.info()
    table(f"Statistics of {dom.name()}", ("Property", "Value"), [
        ("state", STATES.get(state, "unknown")),
        ("memory", f"{memory // 1024} of {maximum // 1024} MiB"),
        ("virtual CPUs", vcpus),
        ("CPU time", f"{cpu_time / 1e9:.1f} s"),
    ])


def start_event_loop() -> None:
    """Run libvirt's event loop in a thread. Events arrive only while the loop runs."""
    libvirt.virEventRegisterDefaultImpl()

    def run() -> None:
        while True:
            libvirt.virEventRunDefaultImpl()

    threading.Thread(target=run, name="libvirt events", daemon=True).start()


def live_and_die(conn: libvirt.virConnect) -> None:
    """Define, start, snapshot and stop a domain, and watch its events."""
    events: "queue.Queue[str]" = queue.Queue()

    def on_event(conn: libvirt.virConnect, dom: libvirt.virDomain, event: int, detail: int, opaque: None) -> None:
        if dom.name() == NAME:
            events.put(EVENTS.get(event, f"event {event}"))

    def expect(name: str) -> None:
        seen = events.get(timeout=10)
        print(f"  {seen}" + ("" if seen == name else f" (expected: {name})"))

    kind = conn.getType().lower()
    os_type = "exe" if kind == "lxc" else "hvm"
    callback = conn.domainEventRegisterAny(None, libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE, on_event, None)
    print(f"\nEvents of {NAME}")
    dom = conn.defineXML(DOMAIN_XML.format(type=kind, name=NAME, os=os_type))
    try:
        expect("defined")
        dom.create()
        expect("started")
        try:
            snapshot = dom.snapshotCreateXML("<domainsnapshot><name>first</name></domainsnapshot>")
            print(f"  snapshot '{snapshot.getName()}' taken")
            snapshot.delete()
        except libvirt.libvirtError as error:
            print(f"  no snapshot: {error}")
        show_statistics(dom)
        print()
        dom.destroy()
        expect("stopped")
    finally:
        if dom.isActive():
            dom.destroy()
        dom.undefine()
    expect("undefined")
    conn.domainEventDeregisterAny(callback)


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
    if write:
        start_event_loop()
    try:
        with (libvirt.open(uri) if write else libvirt.openReadOnly(uri)) as conn:
            show_host(conn)
            show_lists(conn)
            if write:
                live_and_die(conn)
            else:
                for dom in conn.listAllDomains(libvirt.VIR_CONNECT_LIST_DOMAINS_ACTIVE)[:1]:
                    show_statistics(dom)
            show_error(conn)
    except libvirt.libvirtError as error:
        return f"tour: {uri}: {error}"
    except queue.Empty:
        return f"tour: {uri}: an event did not arrive"
    return None


if __name__ == "__main__":
    sys.exit(main())
