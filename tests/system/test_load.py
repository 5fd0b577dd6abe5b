# SPDX-License-Identifier: LGPL-2.1-or-later
"""Many connections, domains and threads with one daemon: events and answers are complete, and memory is freed.

The long form uses 1,000 connections, 10,000 domains and 100 threads.
Measurements are printed to the log of the test.
"""

import gc
import os
import random
import resource
import threading
import time
from collections import Counter
from typing import Iterator, List, Tuple

import pytest

import libvirt

import daemon as daemons
from conftest import Choose

LIFECYCLE = libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE
TURN = [libvirt.VIR_DOMAIN_EVENT_SUSPENDED, libvirt.VIR_DOMAIN_EVENT_RESUMED]
# Set before the daemon starts, which inherits the limit.
FILES = 16384


def resident() -> int:
    """Return the resident memory in KiB."""
    gc.collect()
    with open("/proc/self/statm", encoding="ascii") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1024


@pytest.fixture(scope="module")
def roomy(event_loop: None) -> Iterator[daemons.Daemon]:
    """A daemon that accepts thousands of clients."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(FILES, before[1]), before[1]))
    with daemons.Daemon("roomy", max_clients=5000, max_queued_clients=5000, max_anonymous_clients=5000,
                        max_workers=40) as started:
        yield started
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_each_of_many_connections_gets_each_event(roomy: daemons.Daemon, choose: Choose) -> None:
    count, turns = choose(100, 1000), choose(10, 20)
    seen: List[List[int]] = [[] for _ in range(count)]
    before, start = resident(), time.monotonic()
    conns = [libvirt.open(roomy.uri("test", "/default")) for _ in range(count)]
    opened, reached = time.monotonic() - start, resident()
    for conn, events in zip(conns, seen):
        conn.domainEventRegisterAny(None, LIFECYCLE, lambda conn, dom, event, detail, opaque: opaque.append(event),
                                    events)
    start = time.monotonic()
    dom = conns[0].lookupByName("test")
    for _ in range(turns):
        dom.suspend()
        dom.resume()
    daemons.wait_until(lambda: sum(map(len, seen)) >= 2 * count * turns, "the delivery of all events", 300)
    print(f"{count} connections opened in {opened:.1f} s, {(reached - before) / count:.0f} KiB each; "
          f"{2 * count * turns:,} events in {time.monotonic() - start:.1f} s")
    assert {tuple(events) for events in seen} == {tuple(TURN * turns)}
    del dom
    for conn in conns:
        assert conn.close() == 0


def test_many_domains_are_listed_and_watched(roomy: daemons.Daemon, choose: Choose) -> None:
    count = choose(1000, 10000)
    path = roomy.directory / "etc" / "node.xml"
    path.write_text("<node>" + "".join(
        f"<domain type='test'><name>guest-{number}</name><uuid>00000000-0000-4000-8000-{number:012x}</uuid>"
        "<memory>4096</memory><os><type>hvm</type></os></domain>" for number in range(count)) + "</node>",
        encoding="utf-8")
    seen: Counter[Tuple[str, int]] = Counter()
    before = resident()
    with libvirt.open(roomy.uri("test", path="/etc/libvirt/node.xml")) as conn:
        conn.domainEventRegisterAny(None, LIFECYCLE, lambda conn, dom, event, detail, opaque: opaque.update(
            [(dom.name(), event)]), seen)
        start = time.monotonic()
        domains = conn.listAllDomains()
        listed = time.monotonic() - start
        assert {dom.name() for dom in domains} == {f"guest-{number}" for number in range(count)}
        stats = conn.getAllDomainStats(libvirt.VIR_DOMAIN_STATS_STATE)
        assert {(dom.name(), values["state.state"]) for dom, values in stats} == {
            (f"guest-{number}", libvirt.VIR_DOMAIN_RUNNING) for number in range(count)}
        start = time.monotonic()
        for dom in domains:
            dom.suspend()
        for dom in domains:
            dom.resume()
        daemons.wait_until(lambda: sum(seen.values()) >= 2 * count, "the delivery of all events", 300)
        print(f"{count:,} domains listed in {listed:.2f} s, {2 * count:,} events in {time.monotonic() - start:.1f} s; "
              f"{resident() - before:,} KiB more memory with all of them at hand")
        assert seen == {(f"guest-{number}", event): 1 for number in range(count) for event in TURN}
        del dom, domains, stats
    assert resident() - before < 40 * 1024


def test_many_threads_call_at_once(roomy: daemons.Daemon, choose: Choose) -> None:
    count, seconds = choose(30, 100), choose(3, 30)
    conns = [libvirt.open(roomy.uri("test", "/default")) for _ in range(10)]
    calls: Counter[int] = Counter()
    faults: List[str] = []
    end = time.monotonic() + seconds

    def run(number: int) -> None:
        conn, choice = conns[number % len(conns)], random.Random(number)
        while time.monotonic() < end and not faults:
            name = f"missing-{number}-{choice.random()}"
            try:
                dom = conn.lookupByName("test")
                if dom.name() != "test" or "<name>test</name>" not in dom.XMLDesc() or len(dom.info()) != 5:
                    faults.append("an answer to another call")
                conn.networkLookupByName(name)
                faults.append("a missing network was found")
            except libvirt.libvirtError.NoNetworkError as error:
                if name not in str(error):
                    faults.append(f"{name}: {error}")
            except Exception as error:  # pylint: disable=broad-except
                faults.append(repr(error))
            calls[number] += 4

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(seconds + 60)
    print(f"{count} threads made {sum(calls.values()):,} calls in {seconds} s; the slowest {min(calls.values())}")
    assert not [thread for thread in threads if thread.is_alive()]
    assert not faults
    assert len(calls) == count
    for conn in conns:
        conn.close()
