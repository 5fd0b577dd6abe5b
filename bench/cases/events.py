# SPDX-License-Identifier: LGPL-2.1-or-later
"""Measure the delivery of lifecycle events of the test driver by an event loop. Arguments: MS default|own|asyncio.

The time includes only the iterations of the loop, not the calls that cause events.
"""

import select
import statistics
import sys
from time import perf_counter_ns
from typing import TYPE_CHECKING, Any, Callable, Dict, List, Tuple

import libvirt

import timing

if TYPE_CHECKING:
    import asyncio

BATCH = 1000
# The names of the rows, and how many events are caused before the loop runs.
ROWS = (("1,000 events in one iteration", BATCH), ("one event in each iteration", 1))


class OwnLoop:
    """An event loop in Python, as a program could have it: poll() for file descriptors, timers of only 0 and -1 ms."""

    def __init__(self) -> None:
        self.poll = select.poll()
        self.handles: Dict[int, Tuple[int, Callable[..., object], object]] = {}
        self.timers: Dict[int, List[Any]] = {}
        self.next_id = 1

    def register(self) -> None:
        libvirt.virEventRegisterImpl(self.add_handle, self.update_handle, self.remove_handle,
                                     self.add_timeout, self.update_timeout, self.remove_timeout)

    def _new_id(self) -> int:
        self.next_id += 1
        return self.next_id

    def add_handle(self, fd: int, events: int, callback: Callable[..., object], opaque: object) -> int:
        number = self._new_id()
        self.handles[number] = fd, callback, opaque
        self.poll.register(fd, select.POLLIN)
        return number

    def update_handle(self, number: int, events: int) -> None:
        pass

    def remove_handle(self, number: int) -> int:
        self.poll.unregister(self.handles.pop(number)[0])
        return 0

    def add_timeout(self, period: int, callback: Callable[[int, object], object], opaque: object) -> int:
        number = self._new_id()
        self.timers[number] = [period, callback, opaque]
        return number

    def update_timeout(self, number: int, period: int) -> None:
        self.timers[number][0] = period

    def remove_timeout(self, number: int) -> int:
        del self.timers[number]
        return 0

    def iterate(self) -> None:
        self.poll.poll(0)
        for number, (period, callback, opaque) in list(self.timers.items()):
            if period == 0:
                callback(number, opaque)


class Events:
    """Cause events, and count those that have been delivered."""

    def __init__(self) -> None:
        self.conn = libvirt.open("test:///default")
        self.domain = self.conn.lookupByName("test")
        self.made = self.received = self.wanted = 0
        self.all_there: Callable[[], None] = lambda: None
        self.conn.domainEventRegisterAny(None, libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE, self.take, None)

    def take(self, conn: libvirt.virConnect, domain: libvirt.virDomain, event: int, detail: int, opaque: None) -> None:
        self.received += 1
        if self.received == self.wanted:
            self.all_there()

    def make(self, count: int) -> None:
        """Cause events, without delivering any of them."""
        self.wanted = self.received + count
        for _ in range(count):
            (self.domain.resume if self.made % 2 else self.domain.suspend)()
            self.made += 1

    def deliver(self, iterate: Callable[[], object], at_once: int) -> float:
        """Cause a batch of events, delivering them whenever at_once are pending; return the nanoseconds for each."""
        total = 0
        for _ in range(0, BATCH, at_once):
            self.make(at_once)
            start = perf_counter_ns()
            while self.received < self.wanted:
                iterate()
            total += perf_counter_ns() - start
        return total / BATCH

    async def deliver_async(self, loop: "asyncio.AbstractEventLoop", at_once: int) -> float:
        total = 0
        for _ in range(0, BATCH, at_once):
            future: "asyncio.Future[None]" = loop.create_future()
            self.all_there = lambda: future.set_result(None)
            self.make(at_once)
            start = perf_counter_ns()
            await future
            total += perf_counter_ns() - start
        return total / BATCH


def often(deliver: Callable[[], float], ms: float) -> float:
    """Call deliver() for about ms milliseconds, at least three times, and return the median of its results."""
    values: List[float] = []
    end = perf_counter_ns() + ms * 1e6
    while len(values) < 3 or perf_counter_ns() < end:
        values.append(deliver())
    return statistics.median(values)


def prepare_asyncio() -> Callable[[int], float]:
    import asyncio

    import libvirtaio

    async def start() -> Events:
        libvirtaio.virEventRegisterAsyncIOImpl()
        return Events()
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    events = loop.run_until_complete(start())
    return lambda at_once: loop.run_until_complete(events.deliver_async(loop, at_once))


def prepare(kind: str) -> Callable[[int], float]:
    """Return the function that delivers a batch of events; its argument is the number of events caused at once."""
    if kind == "asyncio":
        return prepare_asyncio()
    if kind == "default":
        libvirt.virEventRegisterDefaultImpl()
        iterate: Callable[[], object] = libvirt.virEventRunDefaultImpl
    else:
        loop = OwnLoop()
        loop.register()
        iterate = loop.iterate
    events = Events()
    return lambda at_once: events.deliver(iterate, at_once)


def main(ms: str, kind: str) -> None:
    deliver = prepare(kind)
    timing.serve(lambda: ((name, often(lambda: deliver(at_once), float(ms))) for name, at_once in ROWS))


if __name__ == "__main__":
    main(*sys.argv[1:])
