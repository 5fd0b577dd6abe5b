#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Deliver many events, register many callbacks, open many connections: is any lost, does memory grow?

    ./run python3 qa/soak/events.py --long

Uses libvirt's test driver. Each part first runs a tenth of its count to warm
up, then measures memory. The exit status is 1 if an event was lost or arrived
in the wrong order, if callback data are left, or if memory or the number of
Python's memory blocks grew by more than the limits.
"""

import argparse
import gc
import os
import sys
import time
from typing import Callable, Final, List, Tuple

import libvirt

LIFECYCLE: Final = libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE
SUSPENDED, RESUMED = libvirt.VIR_DOMAIN_EVENT_SUSPENDED, libvirt.VIR_DOMAIN_EVENT_RESUMED
FAMILIES = ("domain", "network", "storagePool", "nodeDevice")
BATCH = 1000
SHORT = {"events": 10000, "registrations": 2000, "connections": 200}
LONG = {"events": 1000000, "registrations": 100000, "connections": 10000}


def usage() -> Tuple[int, int]:
    """Return the resident memory in KiB, and the number of memory blocks that Python has allocated."""
    gc.collect()
    with open("/proc/self/statm", encoding="ascii") as statm:
        resident = int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1024
    return resident, sys.getallocatedblocks()


class Opaque:
    """An opaque value of callbacks, which counts its instances."""

    alive = 0

    def __init__(self) -> None:
        Opaque.alive += 1

    def __del__(self) -> None:
        Opaque.alive -= 1


class Counter:
    """A callback that expects the events suspended and resumed to alternate."""

    def __init__(self) -> None:
        self.count = 0
        self.disorder = 0

    def __call__(self, conn: libvirt.virConnect, domain: libvirt.virDomain, event: int, detail: int,
                 opaque: Opaque) -> None:
        self.disorder += event != (RESUMED if self.count % 2 else SUSPENDED)
        self.count += 1


def nothing(*arguments: object) -> None:
    """A callback that does nothing."""


def run_loop(until: Callable[[], bool]) -> None:
    while not until():
        libvirt.virEventRunDefaultImpl()


def settle() -> None:
    """Run some iterations of the event loop, in which libvirt frees data of removed registrations."""
    iterations: List[int] = []
    timer = libvirt.virEventAddTimeout(1, lambda *arguments: iterations.append(1), None)
    run_loop(lambda: len(iterations) >= 20)
    libvirt.virEventRemoveTimeout(timer)


def events(count: int) -> int:
    """Cause count events, in batches, and return how many were lost or out of order."""
    conn = libvirt.open("test:///default")
    domain, counter = conn.lookupByName("test"), Counter()
    number = conn.domainEventRegisterAny(None, LIFECYCLE, counter, Opaque())
    for start in range(0, count, BATCH):
        wanted = min(count, start + BATCH)
        for done in range(start, wanted):
            (domain.resume if done % 2 else domain.suspend)()
        deadline = time.monotonic() + 60
        # Without this timer, the loop would wait for ever if an event was lost.
        timer = libvirt.virEventAddTimeout(60000, nothing, None)
        run_loop(lambda: counter.count >= wanted or time.monotonic() > deadline)
        libvirt.virEventRemoveTimeout(timer)
    conn.domainEventDeregisterAny(number)
    del domain
    conn.close()
    return count - counter.count + counter.disorder


def registrations(count: int) -> int:
    """Register and remove count callbacks of all families, and return how many registrations are left.

    Half of the callbacks share the registration of another one.
    """
    conn = libvirt.open("test:///default")
    families = [(getattr(conn, family + "EventRegisterAny"), getattr(conn, family + "EventDeregisterAny"))
                for family in FAMILIES] * 2
    for done in range(0, count, len(families)):
        numbers = [(deregister, register(None, 0, nothing, Opaque())) for register, deregister in families]
        for deregister, number in numbers if done % 16 else reversed(numbers):
            deregister(number)
        if done % BATCH == 0:
            settle()
    left = sum(len(getattr(conn, family + "EventCallbackID")) for family in FAMILIES)
    conn.close()
    return left


def connections(count: int) -> int:
    """Open and close count connections with callbacks and objects, and return how many stayed open."""
    left = 0
    for done in range(count):
        conn = libvirt.open("test:///default")
        conn.domainEventRegisterAny(None, LIFECYCLE, Counter(), Opaque())
        conn.domainEventRegister(Counter(), Opaque())
        conn.registerCloseCallback(lambda *arguments: None, Opaque())
        conn.lookupByName("test").name()
        left += conn.close() != 0
        if done % BATCH == 0:
            settle()
    return left


def part(function: Callable[[int], int], count: int, limits: Tuple[int, int]) -> bool:
    """Run a part, print its result, and return whether it is good."""
    function(count // 10)
    settle()
    before = usage()
    start = time.monotonic()
    wrong = function(count)
    seconds = time.monotonic() - start
    settle()
    after = usage()
    print(f"{function.__name__}: {count} in {seconds:.1f} s, wrong {wrong}, data left {Opaque.alive}, "
          f"memory {before[0]} KiB before, {after[0]} KiB after, blocks {before[1]} before, {after[1]} after",
          flush=True)
    return not wrong and not Opaque.alive and all(new - old <= limit for new, old, limit in zip(after, before, limits))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--long", action="store_true", help="use the counts of the long form")
    for name in SHORT:
        parser.add_argument(f"--{name}", type=int, metavar="COUNT",
                            help=f"number of {name}; default: {SHORT[name]:,}, with --long {LONG[name]:,}")
    parser.add_argument("--memory", type=int, default=2048, metavar="KIB",
                        help="limit of the growth of memory in each part (default: %(default)s)")
    parser.add_argument("--blocks", type=int, default=500, metavar="COUNT",
                        help="limit of the growth of Python's memory blocks in each part (default: %(default)s)")
    options = parser.parse_args()
    counts = LONG if options.long else SHORT
    libvirt.virEventRegisterDefaultImpl()
    results = []
    for function in (events, registrations, connections):
        count = getattr(options, function.__name__)
        results.append(part(function, counts[function.__name__] if count is None else count,
                            (options.memory, options.blocks)))
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
