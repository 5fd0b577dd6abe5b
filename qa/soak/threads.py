#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Use shared objects from eight threads: does a thread get another's answer, is memory freed twice, does a call hang?

    ./run python3 qa/soak/threads.py --seconds 60

Uses libvirt's test driver, on a Python with or without a GIL; with --no-gil,
it fails if the GIL is enabled. Each thread chooses jobs at random. The exit
status is 1 if a job found a wrong result.
"""

import argparse
import faulthandler
import gc
import random
import sys
import threading
import time
from collections import Counter
from types import TracebackType
from typing import Dict, Final, List, Optional, Type

import libvirt
import libvirtmod

THREADS = 8
XML = "<domain type='test'><name>{}</name><memory>4096</memory><os><type>hvm</type></os></domain>"
LIFECYCLE: Final = libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE


def check(good: object, *told: object) -> None:
    if not good:
        raise AssertionError(*told)


class World:
    """The objects that the threads share."""

    def __init__(self) -> None:
        self.conn = libvirt.open("test:///default")
        self.dom = self.conn.lookupByName("test")
        self.net = self.conn.networkLookupByName("default")
        self.params: Dict[str, int] = {}
        try:
            self.has_stats = bool(self.conn.getAllDomainStats())
        except libvirt.libvirtError.NoSupportError:
            self.has_stats = False  # the test driver of an older libvirt
        self.passing = [libvirt.open("test:///default")]  # a connection that any thread may close
        self.handle = [libvirtmod.virDomainLookupByName(self.conn._o, "test")]  # a handle that any thread may free
        self.delivered: "Counter[int]" = Counter()


# --- jobs: the arguments of each are the shared world and the thread's own worker

def shared_objects(world: World, own: "Worker") -> None:
    check(world.dom.name() == "test" and world.net.name() == "default")
    check(world.dom.state()[0] == libvirt.VIR_DOMAIN_RUNNING)
    check(len(world.dom.info()) == 5)
    check("<name>test</name>" in world.dom.XMLDesc())
    check(f" name='test' uuid='{world.dom.UUIDString()}'" in repr(world.dom))


def dicts(world: World, own: "Worker") -> None:
    found = world.dom.schedulerParameters()
    check(found["weight"] == 50, found)
    world.dom.setSchedulerParameters({"weight": 50})
    if not world.has_stats:
        return
    (dom, stats), = [each for each in world.conn.getAllDomainStats() if each[0].name() == "test"]
    check(stats["state.state"] == 1 and dom.connect() is world.conn)


def a_dict_that_others_change(world: World, own: "Worker") -> None:
    """libvirt refuses the unknown names that threads put into the dict."""
    world.params["weight"] = 50
    world.params[f"x{own.number}"] = 1
    try:
        world.dom.setSchedulerParameters(world.params)
    except (libvirt.libvirtError, LookupError):
        pass
    world.params.pop(f"x{own.number}", None)
    world.params.pop("weight", None)


def errors(world: World, own: "Worker") -> None:
    """An error belongs to the thread and the call that failed."""
    name = f"missing-{own.number}-{own.random.random()}"
    try:
        world.conn.networkLookupByName(name)
    except libvirt.libvirtError.NoNetworkError as error:
        check(name in str(error) and name in (error.get_str2() or ""), error)
    else:
        raise AssertionError("the lookup of a missing network did not fail")


def lists(world: World, own: "Worker") -> None:
    names = {dom.name() for dom in world.conn.listAllDomains()}
    check("test" in names, names)
    for _ in range(5):
        check(world.conn.lookupByName("test").ID() == 1)


def own_domain(world: World, own: "Worker") -> None:
    name = f"own-{own.number}"
    dom = world.conn.createXML(XML.format(name))
    check(dom.isActive() and world.conn.lookupByName(name).UUIDString() == dom.UUIDString())
    dom.destroy()


def close_what_others_use(world: World, own: "Worker") -> None:
    conn = world.passing[0]
    try:
        check(conn.lookupByName("test").name() == "test")
        check("<host>" in conn.getCapabilities())
        if own.random.random() < 0.2:
            check(conn.close() >= 0)
            world.passing[0] = libvirt.open("test:///default")
    except libvirt.libvirtError as error:
        check(error.get_error_code() == libvirt.VIR_ERR_INVALID_CONN, repr(error))


def free_what_others_use(world: World, own: "Worker") -> None:
    handle = world.handle[0]
    try:
        check(libvirtmod.virDomainGetName(handle) == "test")
        if own.random.random() < 0.2:
            check(libvirtmod.virDomainFree(handle) == 0)
            world.handle[0] = libvirtmod.virDomainLookupByName(world.conn._o, "test")
        else:
            check(libvirtmod.virDomainIsActive(handle) == 1)
    except libvirt.libvirtError as error:
        check(error.get_error_code() == libvirt.VIR_ERR_INVALID_DOMAIN, repr(error))


def registrations(world: World, own: "Worker") -> None:
    """Register and remove callbacks while the loop calls them."""
    def called(conn: libvirt.virConnect, dom: libvirt.virDomain, event: int, detail: int, opaque: int) -> None:
        check(conn is world.conn and opaque == own.number)
        world.delivered[own.number] += 1

    ids = [world.conn.domainEventRegisterAny(None, LIFECYCLE, called, own.number) for _ in range(3)]
    own_domain(world, own)
    for number in ids:
        world.conn.domainEventDeregisterAny(number)


def conversions(world: World, own: "Worker") -> None:
    check(len(world.conn.getInfo()) == 8)
    check(world.conn.getCPUMap()[0] > 0)
    check(world.conn.newStream().connect() is world.conn)


JOBS = (shared_objects, dicts, a_dict_that_others_change, errors, lists, own_domain, close_what_others_use,
        free_what_others_use, registrations, conversions)


class Worker(threading.Thread):
    def __init__(self, world: World, number: int, start: threading.Barrier, end: float):
        super().__init__(name=f"thread {number}")
        self.world, self.number, self.begin, self.end = world, number, start, end
        self.random = random.Random(number)
        self.done: "Counter[str]" = Counter()
        self.faults: List[str] = []

    def run(self) -> None:
        self.begin.wait()
        while time.monotonic() < self.end and not self.faults:
            job = self.random.choice(JOBS)
            try:
                job(self.world, self)
                self.done[job.__name__] += 1
            except BaseException as error:  # also exceptions that no job should ever see
                self.faults.append(f"{job.__name__}: {error!r}")


def keep_faults(faults: List[str]) -> None:
    """Collect the exceptions of callbacks, which nothing else reports."""
    def hook(kind: Type[BaseException], error: BaseException, traceback: Optional[TracebackType]) -> None:
        faults.append(f"callback: {error!r}")
    sys.excepthook = hook


def run_loop(ended: threading.Event) -> None:
    while not ended.is_set():
        libvirt.virEventRunDefaultImpl()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=10, help="how long the threads run (default: %(default)s)")
    parser.add_argument("--no-gil", action="store_true", help="fail if the GIL is enabled")
    given = parser.parse_args()
    faulthandler.dump_traceback_later(given.seconds + 120, exit=True)
    libvirt.registerErrorHandler(lambda opaque, error: None, None)
    libvirt.virEventRegisterDefaultImpl()
    faults: List[str] = []
    keep_faults(faults)
    ended = threading.Event()
    libvirt.virEventAddTimeout(100, lambda timer, opaque: None, None)
    loop = threading.Thread(target=run_loop, args=(ended,))
    loop.start()
    world = World()
    start = threading.Barrier(THREADS)
    end = time.monotonic() + given.seconds
    workers = [Worker(world, number, start, end) for number in range(THREADS)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    ended.set()
    loop.join()
    gc.collect()
    done: "Counter[str]" = sum((worker.done for worker in workers), Counter())
    faults += [f"{worker.name}: {fault}" for worker in workers for fault in worker.faults]
    gil = getattr(sys, "_is_gil_enabled", lambda: True)()
    for job in JOBS:
        print(f"{done[job.__name__]:10,}  {job.__name__}")
    print(f"{sum(world.delivered.values()):10,}  events delivered; the GIL is {'on' if gil else 'off'}")
    print(*faults[:20], sep="\n")
    if given.no_gil and gil:
        faults.append("the GIL is on")
    if any(done[job.__name__] == 0 for job in JOBS):
        faults.append("a job was never completed")
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
