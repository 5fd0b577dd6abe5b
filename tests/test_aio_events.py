# SPDX-License-Identifier: LGPL-2.1-or-later
"""libvirtaio: events in an async for loop, one event that is waited for, and calls that block."""

from typing import List

import pytest

from fake import firing
from fixturetypes import Prints, PrintsWithArguments, PythonPrints

IMPORTS = """
import asyncio, contextvars, os, sys, threading, time
import libvirt, libvirtaio, libvirtevents
from libvirt_enums import DomainEventType
from libvirt_types import DomainLifecycleEvent, DomainRebootEvent
from libvirtaio import events, run, wait_for_event

def show(*arguments):
    print(*arguments, flush=True)

# The name of the exception that a cancelled task has ended with.
async def ended(task):
    return [type(error).__name__ for error in await asyncio.gather(task, return_exceptions=True)]

async def tried(awaitable):
    try:
        return await awaitable
    except Exception as error:
        return f"{type(error).__name__}: {error}"
"""
# On the test driver, with asyncio as the event loop of libvirt.
DRIVER = IMPORTS + """
async def start():
    libvirtaio.virEventRegisterAsyncIOImpl()
    conn = await run(libvirt.open, "test:///default")
    return conn, conn.lookupByName("test")
"""
# On the fake libvirt, whose events are fired by the program; libvirt has its own event loop.
FAKE = firing.START + IMPORTS

fake = firing.prints_after(FAKE)


@pytest.fixture
def prints(python_prints: PythonPrints) -> Prints:
    """Run a program on the test driver, and return the lines it prints."""
    def run(code: str) -> List[str]:
        return python_prints(DRIVER + code)
    return run


# --- iteration

def test_events_come_as_records(prints: Prints) -> None:
    assert prints("""
async def main():
    conn, dom = await start()
    async with events(conn, DomainLifecycleEvent, dom) as received:
        await run(dom.suspend)
        await run(dom.resume)
        show((await received.get()).event.name)
        async for event in received:
            show(type(event).__name__, event.domain.name(), repr(event.event))
            break
    show(conn.domainEventCallbackID, conn._registrations.watchers)
    conn.close()
    await libvirtaio.getCurrentImpl().drain()
asyncio.run(main())
""") == ["SUSPENDED", "DomainLifecycleEvent test <DomainEventType.RESUMED: 4>", "{} []"]


def test_an_event_of_another_thread_wakes_the_task(fake: PrintsWithArguments) -> None:
    assert fake("""
async def main():
    async with events(conn, DomainRebootEvent) as received:
        threading.Timer(0.1, lambda: fire_outside(DOMAIN)).start()
        show(type(await received.get()).__name__)
asyncio.run(main())
""") == ["DomainRebootEvent"]


def test_many_tasks_share_the_events(fake: PrintsWithArguments) -> None:
    """Each event is taken by one task."""
    assert fake("""
async def main():
    async with events(conn, DomainRebootEvent) as received:
        tasks = [asyncio.ensure_future(received.get()) for _ in range(3)]
        await asyncio.sleep(0)
        for number in range(3):
            fire_outside(DOMAIN)
        show(len(await asyncio.gather(*tasks)), await tried(asyncio.wait_for(received.get(), 0.05)))
asyncio.run(main())
""")[0].startswith("3 TimeoutError")


def test_a_task_that_waits_can_be_cancelled(fake: PrintsWithArguments) -> None:
    assert fake("""
taken = []
async def work():
    async with events(conn, DomainRebootEvent) as received:
        async for event in received:
            taken.append(event)
            show(type(event).__name__)

async def main():
    task = asyncio.ensure_future(work())
    while alive() < 2:  # the event, and the end of the connection
        await asyncio.sleep(0.01)
    fire_outside(DOMAIN)
    while not taken:
        await asyncio.sleep(0.01)
    task.cancel()
    show(await ended(task), alive())
asyncio.run(main())
""") == ["DomainRebootEvent", "['CancelledError'] 0"]


def test_a_task_that_is_cancelled_while_it_registers(fake: PrintsWithArguments) -> None:
    """The registration goes on in its thread, and is ended there."""
    assert fake("""
going, go_on = threading.Event(), threading.Event()
register = conn.domainEventRegisterAny
def slow(*arguments):
    number = register(*arguments)
    going.set()
    go_on.wait(10)
    return number
conn.domainEventRegisterAny = slow

async def work():
    async with events(conn, DomainRebootEvent):
        show("never")

async def main():
    task = asyncio.ensure_future(work())
    await run(going.wait, 10)
    task.cancel()
    show(await ended(task), alive())
    go_on.set()
    while alive():
        await asyncio.sleep(0.01)
    show(alive(), conn._registrations.watchers)
asyncio.run(main())
""") == ["['CancelledError'] 2", "0 []"]


def test_a_registration_that_fails(fake: PrintsWithArguments) -> None:
    assert fake("""
async def work():
    async with events(conn, DomainRebootEvent):
        show("never")
fail()
show(asyncio.run(tried(work())).partition(":")[0], alive())
""") == ["libvirtError 0"]


def test_events_outside_of_the_block_and_of_the_loop(fake: PrintsWithArguments) -> None:
    assert fake("""
received = events(conn, DomainRebootEvent)
show(asyncio.run(tried(received.get())))
async def main():
    async with received:
        thread = threading.Thread(target=lambda: show(asyncio.run(tried(received.get()))))
        thread.start()
        await run(thread.join)
asyncio.run(main())
""") == ["RuntimeError: events are only received inside of the async with block",
         "RuntimeError: events are received in another event loop"]


def test_a_full_queue(fake: PrintsWithArguments) -> None:
    assert fake("""
async def main():
    async with events(conn, DomainRebootEvent, maxsize=2) as received:
        for _ in range(5):
            fire(DOMAIN)
        show([type(await received.get()).__name__ for _ in range(2)], await tried(received.get()), received.dropped)
    async with events(conn, DomainRebootEvent, maxsize=1, overflow="drop_oldest") as received:
        fire(DOMAIN), fire(DOMAIN)
        show(type(await received.get()).__name__, received.dropped)
asyncio.run(main())
""") == ["['DomainRebootEvent', 'DomainRebootEvent'] "
         "EventsDropped: 3 events were dropped, because the queue was full 3", "DomainRebootEvent 1"]


def test_the_end_of_the_connection(fake: PrintsWithArguments) -> None:
    assert fake("""
async def main():
    async with events(conn, DomainRebootEvent) as received:
        fire(DOMAIN)
        threading.Timer(0.1, conn.close).start()
        show([type(event).__name__ async for event in received], await tried(received.get()))
    other = libvirt.open("test:///default")
    async with events(other, DomainRebootEvent) as received:
        fire(DOMAIN)
        threading.Timer(0.1, lambda: fire_outside(CLOSE)).start()
        show(type(await received.get()).__name__, await tried(received.get()))
    # The other thread may still be inside of the close callback.
    while alive():
        await asyncio.sleep(0.01)
    show(alive())
asyncio.run(main())
""") == ["['DomainRebootEvent'] ValueError: the connection is closed, so there are no more events",
         "DomainRebootEvent ConnectionLost: the connection was lost", "0"]


def test_nothing_keeps_the_subject_after_the_block(prints: Prints) -> None:
    """Otherwise the connection would stay open after close(), and drain() would wait forever."""
    assert prints("""
import gc, weakref
gc.disable()
async def main():
    conn, dom = await start()
    async with events(conn, DomainLifecycleEvent, dom) as received:
        await run(dom.suspend)
        show((await received.get()).event.name)
    kept = weakref.ref(dom)
    del dom, received
    for _ in range(500):  # a thread of the pool may still be about to return
        if kept() is not None:
            await asyncio.sleep(0.01)
    show(kept())
    conn.close()
    await libvirtaio.getCurrentImpl().drain()
asyncio.run(main())
""") == ["SUSPENDED", "None"]


def test_several_loops_one_after_the_other(prints: Prints) -> None:
    assert prints("""
async def main():
    conn, dom = await start()
    async with events(conn, DomainLifecycleEvent) as received:
        await run(dom.suspend)
        show((await received.get()).event.name)
    conn.close()
    await libvirtaio.getCurrentImpl().drain()
for _ in range(3):
    asyncio.run(main())
""") == ["SUSPENDED"] * 3


# --- one event

def test_waiting_for_an_event(prints: Prints) -> None:
    assert prints("""
async def main():
    conn, dom = await start()
    async def action():
        await run(dom.suspend)
        await run(dom.destroy)
    event = await wait_for_event(conn, DomainLifecycleEvent, dom, action=action,
                                 until=lambda event: event.event == DomainEventType.STOPPED)
    show(event.event.name)
    show((await wait_for_event(conn, DomainLifecycleEvent, dom, action=dom.create)).event.name)
    show((await tried(asyncio.wait_for(wait_for_event(conn, DomainLifecycleEvent), 0.05))).partition(":")[0])
    # On a busy machine the time may end while a thread registers, which then undoes that.
    while conn.domainEventCallbackID:
        await asyncio.sleep(0.01)
    show(await tried(wait_for_event(conn, DomainLifecycleEvent, action=lambda: 1 / 0)), conn.domainEventCallbackID)
    conn.close()
    await libvirtaio.getCurrentImpl().drain()
asyncio.run(main())
""") == ["STOPPED", "STARTED", "TimeoutError", "ZeroDivisionError: division by zero {}"]


# --- calls that block

def test_a_call_in_a_thread(prints: Prints) -> None:
    assert prints("""
variable = contextvars.ContextVar("variable")
def work(*arguments, **named):
    return threading.current_thread() is threading.main_thread(), variable.get(), arguments, named
async def main():
    variable.set("mine")
    show(await run(work, 1, function=2))
    show(await tried(run(lambda: 1 / 0)))
asyncio.run(main())
asyncio.run(main())
""") == ["(False, 'mine', (1,), {'function': 2})", "ZeroDivisionError: division by zero"] * 2


def test_a_cancelled_call_goes_on_and_its_result_is_dropped(prints: Prints) -> None:
    assert prints("""
going, go_on, done = threading.Event(), threading.Event(), threading.Event()
def work(conn):
    going.set()
    go_on.wait(10)
    done.hostname = conn.getHostname()
    done.set()
    return "dropped"
async def main():
    conn, _ = await start()
    task = asyncio.ensure_future(run(work, conn))
    await run(going.wait, 10)
    task.cancel()
    show(await ended(task), done.is_set())
    go_on.set()
    await run(done.wait, 10)
    show(done.hostname == conn.getHostname())
    conn.close()
    await libvirtaio.getCurrentImpl().drain()
asyncio.run(main())
""") == ["['CancelledError'] False", "True"]


def test_a_pool_of_a_size(prints: Prints) -> None:
    assert prints("""
lock, running, most, made = threading.Lock(), 0, 0, 0
go_on = threading.Event()
def work():
    global running, most, made
    with lock:
        running += 1
        made += 1
        most = max(most, running)
    go_on.wait(10)
    with lock:
        running -= 1
async def main():
    async with libvirtaio.Pool(2) as pool:
        tasks = [asyncio.ensure_future(pool.run(work)) for _ in range(6)]
        while made < 2:
            await asyncio.sleep(0.01)
        tasks[-1].cancel()  # it waits for a thread, and so is not made
        await asyncio.wait([tasks[-1]])
        go_on.set()
        await asyncio.gather(*tasks, return_exceptions=True)
        show(most, made)
    show((await tried(pool.run(work))).partition(":")[0])
asyncio.run(main())
""") == ["2 5", "RuntimeError"]


def test_calls_of_other_pools_do_not_wait(prints: Prints) -> None:
    assert prints("""
go_on = threading.Event()
async def main():
    async with libvirtaio.Pool(1) as slow:
        blocked = asyncio.ensure_future(slow.run(go_on.wait, 10))
        show(await run(lambda: "at once"), blocked.done())
        go_on.set()
        show(await blocked)
asyncio.run(main())
""") == ["at once False", "True"]
