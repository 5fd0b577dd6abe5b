# SPDX-License-Identifier: LGPL-2.1-or-later
"""libvirtevents: events in a for loop, one event that is waited for, and the thread of the event loop."""

import pickle
from typing import List

import pytest

import libvirt
import libvirtevents
from fake import firing
from fixturetypes import Prints, PrintsWithArguments, PythonPrints

# On the fake libvirt, whose events are fired by the program.
FAKE = firing.START + """
import libvirtevents, libvirt_enums, libvirt_types
from libvirt_types import DomainBlockJobEvent, DomainLifecycleEvent, DomainRebootEvent
events, wait_for_event = libvirtevents.events, libvirtevents.wait_for_event
DOMAIN_KINDS = [kind for kind, (family, *_) in libvirt_types.EVENTS.items() if family == "domain"]

def tried(function, *arguments, **named):
    try:
        return function(*arguments, **named)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
"""
# On the test driver.
DRIVER = """
import os, sys, threading, time
import libvirt, libvirtevents
from libvirt_enums import DomainEventType
from libvirt_types import DomainLifecycleEvent
from libvirtevents import EventLoopThread, events, wait_for_event

def show(*arguments):
    print(*arguments, flush=True)
"""

fake = firing.prints_after(FAKE)


@pytest.fixture
def prints(python_prints: PythonPrints) -> Prints:
    """Run a program on the test driver, and return the lines it prints."""
    def run(code: str) -> List[str]:
        return python_prints(DRIVER + code)
    return run


# --- records

def test_every_event_comes_as_its_record(fake: PrintsWithArguments) -> None:
    """The values are those of a callback, and numbers are members of their enum."""
    assert fake("""
for kind, (family, number, enums) in libvirt_types.EVENTS.items():
    seen = []
    register = getattr(conn, family + "EventRegisterAny")
    key = register(None, number, lambda conn, *values: seen.append(values[:-1]), None)
    with events(conn, kind) as received:
        called = fire(KINDS[family])
        if not called:
            show("not fired", kind.__name__)
            continue
        event = received.get(0)
    getattr(conn, family + "EventDeregisterAny")(key)
    assert type(event) is kind
    (values,) = seen
    assert event[1:] == values[1:], (event, values)
    assert event[0].name() == values[0].name() if hasattr(values[0], "name") else event[0].usageID()
    for value, enum in zip(event, enums):
        wanted = event[1].details if enum == "details" else enum and getattr(libvirt_enums, enum)
        assert wanted is None or isinstance(value, wanted), (event, enum)
show(len(libvirt_types.EVENTS) > 30, alive())
""") == ["True 0"]


def test_an_event_of_the_monitor(fake: PrintsWithArguments) -> None:
    assert fake("""
with events(conn, libvirtevents.QemuMonitorEvent) as received:
    fire(QEMU)
    event = received.get(0)
show(type(event).__name__, type(event.domain).__name__, event._fields[1:], [type(item).__name__ for item in event[1:]])
show(alive(), conn.qemuMonitorEventCallbackID)
""") == ["QemuMonitorEvent virDomain ('event', 'seconds', 'micros', 'details') ['str', 'int', 'int', 'str']", "0 {}"]


def test_a_number_that_no_enum_has(fake: PrintsWithArguments) -> None:
    """A daemon may be newer than the bindings."""
    assert fake("""
with events(conn, DomainLifecycleEvent) as received:
    fire(DOMAIN, -1, LIMITS)
    kind = received.get(0).event
show(type(kind).__name__, kind.name == str(int(kind)), kind == int(kind), kind in list(libvirt_enums.DomainEventType))
""") == ["DomainEventType True True False"]


# --- the block

def test_events_are_received_from_the_beginning_of_the_block_to_its_end(fake: PrintsWithArguments) -> None:
    assert fake("""
received = events(conn, DomainRebootEvent)
show(tried(next, received), alive())
with received:
    show(alive(), fire(DOMAIN), fire(DOMAIN))
show(alive(), fire(DOMAIN), conn.domainEventCallbackID)
show(tried(next, received), tried(received.get, 1))
""") == ["RuntimeError: events are only received inside of the with block 0", "2 1 1", "0 0 {}",
         "RuntimeError: events are only received inside of the with block "
         "RuntimeError: events are only received inside of the with block"]


def test_nothing_keeps_the_subject_after_the_block(prints: Prints) -> None:
    """Otherwise the connection would stay open after close()."""
    assert prints("""
import gc, weakref
gc.disable()
with EventLoopThread(), libvirt.open("test:///default") as conn:
    dom = conn.lookupByName("test")
    with events(conn, DomainLifecycleEvent, dom) as received:
        dom.suspend()
        show(next(received).event.name)
    kept = weakref.ref(dom)
    del dom, received
    show(kept())
""") == ["SUSPENDED", "None"]


def test_a_subject_is_watched_alone(prints: Prints) -> None:
    assert prints("""
with EventLoopThread(), libvirt.open("test:///default") as conn:
    xml = "<domain type='test'><name>{}</name><memory>4096</memory><os><type>hvm</type></os></domain>"
    one, other = [conn.defineXML(xml.format(name)) for name in ("one", "other")]
    with events(conn, DomainLifecycleEvent, one) as some, events(conn, DomainLifecycleEvent) as all:
        other.create(), one.create()
        show(all.get(5).domain.name(), all.get(5).domain.name(), some.get(5).domain.name())
""") == ["other one one"]


def test_a_registration_that_fails_leaves_nothing(fake: PrintsWithArguments) -> None:
    assert fake("""
fail()
try:
    with events(conn, DomainRebootEvent):
        show("never")
except libvirt.libvirtError as error:
    show("failed", alive(), conn._registrations.watchers)
""") == ["failed 0 []"]


def test_a_block_that_raises_ends_the_registration(fake: PrintsWithArguments) -> None:
    assert fake("""
try:
    with events(conn, DomainRebootEvent):
        raise ValueError("mine")
except ValueError as error:
    show(error, alive())
""") == ["mine 0"]


def test_nothing_is_left_alive(fake: PrintsWithArguments) -> None:
    assert fake("""
import weakref
def work():
    conn = libvirt.open("test:///default")
    with events(conn, DomainLifecycleEvent) as received:
        fire(DOMAIN), fire(DOMAIN)
        event = received.get(0)
        references = [weakref.ref(item) for item in (conn, received, event.domain)]
    conn.close()
    return references
references = work()
gc.collect()
show([reference() for reference in references], alive())
""") == ["[None, None, None] 0"]


@pytest.mark.parametrize("arguments, message", [
    ("conn, 0", "TypeError: argument 'kind' must be a class of events, such as "
                "libvirt_types.DomainLifecycleEvent, not 0"),
    ("conn, []", "TypeError: argument 'kind' must be a class of events, such as "
                 "libvirt_types.DomainLifecycleEvent, not []"),
    ("conn, DomainRebootEvent, maxsize=0", "ValueError: argument 'maxsize' must be positive, not 0"),
    ("conn, DomainRebootEvent, overflow='block'",
     "ValueError: argument 'overflow' must be one of raise, drop_oldest, drop_newest, not 'block'"),
    ("5, DomainRebootEvent", "TypeError: argument 'conn' must be virConnect, not int")])
def test_wrong_arguments_are_named(fake: PrintsWithArguments, arguments: str, message: str) -> None:
    assert fake(f"show(tried(events, {arguments}))") == [message]


# --- time limits and queues

def test_time_limits(fake: PrintsWithArguments) -> None:
    assert fake("""
with events(conn, DomainRebootEvent, timeout=0.05) as received:
    fire(DOMAIN)
    show(type(next(received)).__name__, tried(next, received), tried(received.get, 0), received.timeout)
    received.timeout = 0
    show(tried(next, received))
""") == ["DomainRebootEvent TimeoutError: no event within 0.05 seconds TimeoutError: no event within 0 seconds 0.05",
         "TimeoutError: no event within 0 seconds"]


def test_an_event_wakes_the_thread_that_waits(fake: PrintsWithArguments) -> None:
    assert fake("""
with events(conn, DomainRebootEvent) as received:
    threading.Timer(0.1, lambda: fire_outside(DOMAIN)).start()
    show(type(next(received)).__name__)
""") == ["DomainRebootEvent"]


@pytest.mark.parametrize("overflow, offsets, dropped", [
    ("raise", "[0, 1, 'EventsDropped: 3 events were dropped, because the queue was full', 'empty']", 3),
    ("drop_oldest", "[3, 4, 'empty']", 3), ("drop_newest", "[0, 1, 'empty']", 3)])
def test_a_full_queue(fake: PrintsWithArguments, overflow: str, offsets: str, dropped: int) -> None:
    assert fake(f"""
with events(conn, libvirt_types.DomainRTCChangeEvent, maxsize=2, overflow={overflow!r}) as received:
    for number in range(5):
        received._listener._receive(conn, "domain", number, None)
    got = []
    while got[-1:] != ["empty"]:
        found = tried(received.get, 0)
        got.append(found if isinstance(found, str) and not found.startswith("Timeout") else
                   "empty" if isinstance(found, str) else found.offset)
    show(got, received.dropped)
    received._listener._receive(conn, "domain", 9, None)
    show(received.get(0).offset)
""") == [f"{offsets} {dropped}", "9"]


# --- the end of a connection

def test_closing_the_connection_ends_the_iteration(fake: PrintsWithArguments) -> None:
    assert fake("""
with events(conn, DomainRebootEvent) as received:
    fire(DOMAIN)
    conn.close()
    show([type(event).__name__ for event in received], list(received), tried(received.get, 1), alive())
""") == ["['DomainRebootEvent'] [] ValueError: the connection is closed, so there are no more events 0"]


def test_closing_the_connection_wakes_the_thread_that_waits(fake: PrintsWithArguments) -> None:
    assert fake("""
with events(conn, DomainRebootEvent) as received:
    threading.Timer(0.1, conn.close).start()
    show(list(received))
""") == ["[]"]


def test_a_lost_connection_ends_the_iteration_with_an_exception(fake: PrintsWithArguments) -> None:
    assert fake("""
with events(conn, DomainRebootEvent) as received:
    fire(DOMAIN), fire(CLOSE)
    show(type(next(received)).__name__)
    for _ in range(2):
        try:
            next(received)
        except libvirtevents.ConnectionLost as error:
            show(error, type(error.reason).__name__, error.connection_lost, isinstance(error, libvirt.libvirtError))
""") == ["DomainRebootEvent", *["the connection was lost ConnectCloseReason True True"] * 2]


def test_a_connection_that_was_lost_before(fake: PrintsWithArguments) -> None:
    assert fake("""
with events(conn, DomainRebootEvent):
    fire(CLOSE)
with events(conn, DomainRebootEvent) as received:
    show(tried(next, received))
""") == ["ConnectionLost: the connection was lost"]


@pytest.mark.parametrize("order", ["before", "inside"])
def test_the_close_callback_of_the_program_works_as_ever(fake: PrintsWithArguments, order: str) -> None:
    """libvirt takes one close callback for each connection."""
    assert fake(f"""
order = {order!r}
def callback(conn, reason, opaque):
    show("lost", opaque)
if order == "before":
    conn.registerCloseCallback(callback, "mine")
with events(conn, DomainRebootEvent) as received:
    if order == "inside":
        show(tried(conn.unregisterCloseCallback).partition(":")[0])
        conn.registerCloseCallback(callback, "mine")
    show(fire(CLOSE), tried(next, received))
show(alive())
""") == [*(["libvirtError"] if order == "inside" else []), "lost mine",
         "1 ConnectionLost: the connection was lost", "0"]


def test_a_close_callback_that_is_removed_while_events_are_received(fake: PrintsWithArguments) -> None:
    assert fake("""
conn.registerCloseCallback(print, "mine")
with events(conn, DomainRebootEvent) as received:
    conn.unregisterCloseCallback()
    show(fire(CLOSE), tried(next, received))
conn.registerCloseCallback(print, "mine")
with events(conn, DomainRebootEvent):
    pass
conn.unregisterCloseCallback()
show(alive())
""") == ["1 ConnectionLost: the connection was lost", "0"]


def test_the_last_block_removes_the_close_callback(fake: PrintsWithArguments) -> None:
    assert fake("""
with events(conn, DomainRebootEvent):
    with events(conn, DomainBlockJobEvent):
        show(alive())
    show(alive())
show(alive(), conn._registrations.watchers)
""") == ["3", "2", "0 []"]


def test_a_lost_connection_can_be_copied() -> None:
    lost = libvirtevents.ConnectionLost(libvirt.VIR_CONNECT_CLOSE_REASON_EOF)
    copied = pickle.loads(pickle.dumps(lost))
    assert (type(copied), str(copied), copied.reason, copied.err) == (type(lost), str(lost), lost.reason, None)
    dropped = pickle.loads(pickle.dumps(libvirtevents.EventsDropped(3)))
    assert (str(dropped), dropped.count) == ("3 events were dropped, because the queue was full", 3)


# --- one event

def test_waiting_for_an_event_that_an_action_causes(prints: Prints) -> None:
    assert prints("""
with EventLoopThread(), libvirt.open("test:///default") as conn:
    dom = conn.lookupByName("test")
    def action():
        dom.suspend(), dom.resume(), dom.destroy()
    event = wait_for_event(conn, DomainLifecycleEvent, dom, action=action, timeout=10,
                           until=lambda event: event.event == DomainEventType.STOPPED)
    show(event.domain.name(), event.event.name, conn.domainEventCallbackID)
    event = wait_for_event(conn, DomainLifecycleEvent, action=dom.create)
    show(event.event.name)
""") == ["test STOPPED {}", "STARTED"]


def test_waiting_in_vain(fake: PrintsWithArguments) -> None:
    assert fake("""
def action():
    threading.Thread(target=fire_for_ever, args=[DOMAIN], daemon=True).start()
show(tried(wait_for_event, conn, DomainRebootEvent, timeout=0.05))
show(tried(wait_for_event, conn, DomainRebootEvent, timeout=5, action=lambda: 1 / 0))
show(tried(wait_for_event, conn, DomainRebootEvent, action=lambda: fire(CLOSE)), alive())
show(tried(wait_for_event, conn, DomainRebootEvent, action=conn.close), alive())
conn = libvirt.open("test:///default")
show(tried(wait_for_event, conn, DomainRebootEvent, timeout=0.2, action=action, until=lambda event: False))
""") == ["TimeoutError: the event did not come within 0.05 seconds", "ZeroDivisionError: division by zero",
         "ConnectionLost: the connection was lost 0",
         "ConnectionLost: the connection was lost 0",
         "TimeoutError: the event did not come within 0.2 seconds"]


# --- the thread of the event loop

def test_all_blocks_share_one_thread(prints: Prints) -> None:
    assert prints("""
def threads():
    return [thread.name for thread in threading.enumerate()][1:]
with EventLoopThread() as one:
    first = threading.enumerate()[1]
    with EventLoopThread():
        show(threads())
    show(threads(), threading.enumerate()[1] is first)
show(threads())
other = EventLoopThread().start()
show(threads())
other.stop()
try:
    other.stop()
except RuntimeError as error:
    show(error, threads())
""") == ["['libvirt events']", "['libvirt events'] True", "[]", "['libvirt events']",
         "the event loop was stopped more often than it was started []"]


def test_the_end_of_the_block_does_not_wait_for_an_event(prints: Prints) -> None:
    assert prints("""
for _ in range(50):
    before = time.monotonic()
    with EventLoopThread():
        pass
    assert time.monotonic() - before < 5
with EventLoopThread():
    time.sleep(0.1)
show("ended")
""") == ["ended"]


def test_a_callback_can_end_the_loop(prints: Prints) -> None:
    assert prints("""
loop = EventLoopThread().start()
done = threading.Event()
def callback(timer, opaque):
    libvirt.virEventRemoveTimeout(timer)
    loop.stop()
    done.set()
libvirt.virEventAddTimeout(0, callback, None)
show(done.wait(10))
with EventLoopThread(), libvirt.open("test:///default") as conn:
    show(wait_for_event(conn, DomainLifecycleEvent, action=conn.lookupByName("test").suspend, timeout=10).event.name)
""") == ["True", "SUSPENDED"]


def test_one_thread_at_a_time_runs_the_loop(prints: Prints) -> None:
    """A loop that is started again waits for the callback in which the last one was stopped."""
    assert prints("""
running, most = 0, 0
run = libvirt.virEventRunDefaultImpl
def counted():
    global running, most
    running += 1
    most = max(most, running)
    try:
        return run()
    finally:
        running -= 1
libvirt.virEventRunDefaultImpl = counted
going, go_on, done = threading.Event(), threading.Event(), threading.Event()
def slow(timer, opaque):
    libvirt.virEventRemoveTimeout(timer)
    loop.stop()
    going.set()
    go_on.wait(10)
loop = EventLoopThread().start()
libvirt.virEventAddTimeout(0, slow, None)
going.wait(10)
with EventLoopThread():
    libvirt.virEventAddTimeout(0, lambda timer, opaque: (libvirt.virEventRemoveTimeout(timer), done.set()), None)
    show(done.wait(0.2))
    go_on.set()
    show(done.wait(10), most)
""") == ["False", "True 1"]


def test_a_callback_that_ends_the_program_does_not_end_the_thread(prints: Prints) -> None:
    assert prints("""
seen, reported = [], []
threading.excepthook = lambda arguments: reported.append(f"{arguments.exc_type.__name__} {arguments.exc_value}")
with EventLoopThread(), libvirt.open("test:///default") as conn:
    def callback(*arguments):
        raise SystemExit("stop")
    conn.domainEventRegisterAny(None, 0, callback, None)
    dom = conn.lookupByName("test")
    with events(conn, DomainLifecycleEvent) as received:
        for action in (dom.suspend, dom.resume):
            action()
            seen.append(received.get(10).event.name)
    deadline = time.monotonic() + 10
    while len(reported) < 2 and time.monotonic() < deadline:
        time.sleep(0.01)
show(seen, reported)
""") == ["['SUSPENDED', 'RESUMED'] ['SystemExit stop', 'SystemExit stop']"]


def test_the_thread_of_the_loop_cannot_wait(prints: Prints) -> None:
    assert prints("""
done = threading.Event()
with EventLoopThread(), libvirt.open("test:///default") as conn, events(conn, DomainLifecycleEvent) as received:
    def callback(timer, opaque):
        libvirt.virEventRemoveTimeout(timer)
        try:
            next(received)
        except RuntimeError as error:
            show(error)
        done.set()
    libvirt.virEventAddTimeout(0, callback, None)
    done.wait(10)
""") == ["the thread of the event loop cannot wait for events: it delivers them"]


def test_a_process_with_another_event_loop(prints: Prints) -> None:
    assert prints("""
libvirt.virEventRegisterImpl(*[lambda *arguments: 0] * 6)
try:
    EventLoopThread().start()
except RuntimeError as error:
    show(error, threading.active_count())
""") == ["libvirt was given another event loop, and does not use its own 1"]


def test_a_child_has_no_thread(prints: Prints) -> None:
    assert prints("""
with EventLoopThread():
    child = os.fork()
    if child == 0:
        try:
            EventLoopThread().stop()
        except RuntimeError:
            os._exit(3)
        os._exit(4)
    show(os.waitpid(child, 0)[1] >> 8)
""") == ["3"]
