# SPDX-License-Identifier: LGPL-2.1-or-later
"""libvirtaio: handles, timers and events of libvirt on asyncio.

Each test runs in a process of its own, under Python's development mode with
every warning an error; in "make check-full" some once more with assertions
taken out.
"""

from typing import Dict, List

import pytest

from checkers import FULL, PATIENCE
from fixturetypes import Prints, PythonPrints

STRICT = {"PYTHONDEVMODE": "1", "PYTHONWARNINGS": "error", "LIBVIRT_DEBUG": "4"}
START = """
import asyncio, gc, logging, os, socket, sys, threading, weakref
import libvirt, libvirtaio
logging.getLogger("asyncio").setLevel("ERROR")  # not for what takes long

def show(*arguments):
    print(*arguments, flush=True)

class Thing:
    "What can be referred to weakly, as callback and as opaque."
    def __call__(self, *arguments):
        pass

# Programs are written in it, and run once they are complete.
def run(main):
    async def registered():
        libvirtaio.virEventRegisterAsyncIOImpl()
        await main(libvirtaio.getCurrentImpl())
    asyncio.run(registered())

# An awaitable callback: await got(n) waits until it was called that often.
class Calls(list):
    changed = None
    def __call__(self, *arguments):
        self.append(arguments)
        if self.changed is not None and not self.changed.done():
            self.changed.set_result(None)
    async def got(self, count):
        while len(self) < count:
            self.changed = asyncio.get_running_loop().create_future()
            await self.changed

async def turns(count=5):
    for _ in range(count):
        await asyncio.sleep(0)
"""


# Values of PYTHONOPTIMIZE; "make check" leaves the assertions in.
OPTIMIZED = ["", "1"] if FULL else [""]


@pytest.fixture(params=OPTIMIZED, ids=["", "-O"][:len(OPTIMIZED)])
def optimized(request: "pytest.FixtureRequest") -> Dict[str, str]:
    """With assertions, and without."""
    return {**STRICT, "PYTHONOPTIMIZE": request.param}


@pytest.fixture
def prints(python_prints: PythonPrints, optimized: Dict[str, str]) -> Prints:
    """Runs a program both ways."""
    def run(code: str) -> List[str]:
        return python_prints(START + code, **optimized)
    return run


@pytest.fixture
def once(python_prints: PythonPrints) -> Prints:
    """Runs a program with assertions."""
    def run(code: str) -> List[str]:
        return python_prints(START + code, **STRICT)
    return run


# --- the interface that programs know

def test_the_public_names() -> None:
    import libvirtaio
    assert sorted(libvirtaio.__all__) == ["getCurrentImpl", "virEventAsyncIOImpl", "virEventRegisterAsyncIOImpl"]
    assert all(hasattr(libvirtaio, name) for name in (
        *libvirtaio.__all__, "Callback", "Descriptor", "DescriptorDict", "FDCallback", "TimeoutCallback",
        "_current_impl"))


def test_registration_gives_the_implementation(once: Prints) -> None:
    assert once("""
show(libvirtaio.getCurrentImpl(), libvirtaio._current_impl)
async def main():
    impl = libvirtaio.virEventRegisterAsyncIOImpl()
    show(type(impl).__name__, impl is libvirtaio.getCurrentImpl(), impl.loop is asyncio.get_running_loop())
    show(impl.callbacks, impl.descriptors, impl.log.name, impl.is_idle())
    show(impl)
    try:
        libvirtaio.virEventRegisterAsyncIOImpl()
    except RuntimeError:
        show("refused", impl is libvirtaio.getCurrentImpl())
asyncio.run(main())
""") == ["None None", "virEventAsyncIOImpl True True", "{} {} virEventAsyncIOImpl True",
         "<virEventAsyncIOImpl callbacks={} descriptors={}>", "refused True"]


def test_a_loop_can_be_given(once: Prints) -> None:
    assert once("""
loop = asyncio.new_event_loop()
impl = libvirtaio.virEventRegisterAsyncIOImpl(loop)
calls = Calls()
timer = libvirt.virEventAddTimeout(1, calls, "mine")
loop.run_until_complete(calls.got(1))
show(impl.loop is loop, calls[0] == (timer, "mine"))
libvirt.virEventRemoveTimeout(timer)
loop.run_until_complete(impl.drain())
loop.close()
""") == ["True True"]


def test_an_implementation_can_be_registered_by_hand(once: Prints) -> None:
    assert once("""
async def main():
    impl = libvirtaio.virEventAsyncIOImpl()
    show(impl.register() is impl, libvirtaio.getCurrentImpl())
asyncio.run(main())
""") == ["True None"]


def test_without_a_loop_there_is_no_implementation(once: Prints) -> None:
    assert once("""
asyncio.run(turns())
try:
    libvirtaio.virEventRegisterAsyncIOImpl()
except RuntimeError:
    show("refused")
run(lambda impl: turns())
""") == ["refused"]


def test_texts_of_its_objects(once: Prints) -> None:
    assert once("""
async def main(impl):
    left, right = socket.socketpair()
    watch = libvirt.virEventAddHandle(left.fileno(), 1, Thing(), None)
    timer = libvirt.virEventAddTimeout(1000, Thing(), None)
    show(impl.callbacks[watch] in impl.descriptors[left.fileno()].callbacks.values())
    show(repr(impl.callbacks[watch]) == f"<FDCallback iden={watch} fd={left.fileno()} event=1>",
         repr(impl.callbacks[timer]) == f"<TimeoutCallback iden={timer} timeout=1000>")
    show(libvirtaio.Callback(impl, None, None).iden == timer + 1)
    left.close(), right.close()
run(main)
""") == ["True", "True True", "True"]


def test_unknown_numbers(once: Prints) -> None:
    """Updating one is an exception of the caller's own doing, and of no consequence for libvirt."""
    assert once("""
import logging
logging.basicConfig(stream=sys.stdout, format="%(name)s %(levelname)s")
async def main(impl):
    for update in (impl._update_handle, impl._update_timeout):
        try:
            update(77, 1)
        except KeyError:
            show("KeyError")
    show(impl._remove_handle(77), impl._remove_timeout(77))
run(main)
""") == ["KeyError", "KeyError", "virEventAsyncIOImpl WARNING", "virEventAsyncIOImpl WARNING", "-1 -1"]


def test_numbers_come_from_one_counter(once: Prints) -> None:
    assert once("""
async def main(impl):
    left, right = socket.socketpair()
    numbers = [libvirt.virEventAddTimeout(-1, Thing(), None),
               libvirt.virEventAddHandle(left.fileno(), 1, Thing(), None)]
    libvirt.virEventRemoveTimeout(numbers[0])
    numbers.append(libvirt.virEventAddTimeout(-1, Thing(), None))
    show(numbers)
    left.close(), right.close()
run(main)
""") == ["[0, 1, 2]"]


# --- events

def test_events_of_a_connection(prints: Prints) -> None:
    assert prints("""
async def main(impl):
    conn = libvirt.open("test:///default")
    calls = Calls()
    conn.domainEventRegisterAny(None, libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE, calls, "mine")
    domain = conn.lookupByName("test")
    domain.destroy(), domain.create()
    await calls.got(2)
    show([(who is conn, dom.name(), *others) for who, dom, *others in calls])
    del domain
    calls.clear()
    conn.close()
    await impl.drain()
    show(impl.is_idle(), impl)
run(main)
""") == ["[(True, 'test', 5, 1, 'mine'), (True, 'test', 2, 0, 'mine')]",
         "True <virEventAsyncIOImpl callbacks={} descriptors={}>"]


def test_data_of_events_are_let_go(prints: Prints) -> None:
    assert prints("""
async def main(impl):
    conn = libvirt.open("test:///default")
    opaque = Thing()
    reference = weakref.ref(opaque)
    number = conn.domainEventRegisterAny(None, 0, Thing(), opaque)
    del opaque
    conn.domainEventDeregisterAny(number)
    await impl.drain()
    gc.collect()
    show(reference())
    conn.close()
run(main)
""") == ["None"]


# --- handles

def test_a_handle_is_called_with_the_one_bit_that_fired(prints: Prints) -> None:
    assert prints("""
async def main(impl):
    left, right = socket.socketpair()
    calls = Calls()
    watch = libvirt.virEventAddHandle(left.fileno(), 3, calls, "mine")
    right.send(b"x")
    await calls.got(4)
    show(sorted({call[2] for call in calls}))
    show({call[:2] + call[3:] for call in calls} == {(watch, left.fileno(), "mine")})
    libvirt.virEventRemoveHandle(watch)
    await impl.drain()
    left.close(), right.close()
run(main)
""") == ["[1, 2]", "True"]


def test_a_handle_can_wait_for_something_else(prints: Prints) -> None:
    assert prints("""
async def main(impl):
    left, right = socket.socketpair()
    calls = Calls()
    watch = libvirt.virEventAddHandle(left.fileno(), 0, calls, None)
    right.send(b"x")
    await turns()
    show(len(calls))
    for events in (1, 2):
        libvirt.virEventUpdateHandle(watch, events)
        calls.clear()
        await calls.got(2)
        show({call[2] for call in calls})
    libvirt.virEventUpdateHandle(watch, 0)
    await turns()
    calls.clear()
    await turns()
    show(len(calls))
    libvirt.virEventRemoveHandle(watch)
    await impl.drain()
    left.close(), right.close()
run(main)
""") == ["0", "{1}", "{2}", "0"]


def test_several_watches_share_a_descriptor(prints: Prints) -> None:
    assert prints("""
async def main(impl):
    left, right = socket.socketpair()
    reads, writes = Calls(), Calls()
    first = libvirt.virEventAddHandle(left.fileno(), 1, reads, "reads")
    second = libvirt.virEventAddHandle(left.fileno(), 2, writes, "writes")
    show(list(impl.descriptors) == [left.fileno()], len(impl.descriptors[left.fileno()].callbacks))
    right.send(b"x")
    await reads.got(1), await writes.got(1)
    show({call[2:] for call in reads}, {call[2:] for call in writes})
    libvirt.virEventRemoveHandle(second)
    await turns()
    reads.clear(), writes.clear()
    await reads.got(2)
    show(len(writes), list(impl.descriptors) == [left.fileno()])
    libvirt.virEventRemoveHandle(first)
    show(impl.descriptors)
    await impl.drain()
    left.close(), right.close()
run(main)
""") == ["True 2", "{(1, 'reads')} {(2, 'writes')}", "0 True", "{}"]


def test_each_watch_of_a_descriptor_gets_what_it_waits_for(prints: Prints) -> None:
    """Both are ready, and one bit comes at a time: what the other one waits for is not for it."""
    assert prints("""
async def main(impl):
    left, right = socket.socketpair()
    right.send(b"x")
    reads, writes, both = Calls(), Calls(), Calls()
    watches = [libvirt.virEventAddHandle(left.fileno(), events, calls, None)
               for events, calls in ((1, reads), (2, writes), (3, both))]
    for calls in (reads, writes):
        await calls.got(3)
    await both.got(6)
    show(*({call[2] for call in calls} for calls in (reads, writes, both)))
    libvirt.virEventUpdateHandle(watches[0], 2), libvirt.virEventUpdateHandle(watches[1], 1)
    reads.clear(), writes.clear()
    await reads.got(1), await writes.got(1)
    show(*({call[2] for call in calls} for calls in (reads, writes)))
    for watch in watches:
        libvirt.virEventRemoveHandle(watch)
    await impl.drain()
    left.close(), right.close()
run(main)
""") == ["{1} {2} {1, 2}", "{2} {1}"]


def test_a_descriptor_that_is_used_again_starts_afresh(prints: Prints) -> None:
    """Without assertions it stayed watched, with a callback that had been freed."""
    assert prints("""
async def main(impl):
    for opaque in range(3):
        left, right = socket.socketpair()
        show(left.fileno() == numbers.setdefault("fd", left.fileno()))
        calls = Calls()
        watch = libvirt.virEventAddHandle(left.fileno(), 1, calls, opaque)
        right.send(b"x")
        await calls.got(1)
        show(calls[0] == (watch, left.fileno(), 1, opaque))
        libvirt.virEventRemoveHandle(watch)
        left.close(), right.close()
    await impl.drain()
numbers = {}
run(main)
""") == ["True"] * 6


def test_a_watch_removes_itself(prints: Prints) -> None:
    assert prints("""
async def main(impl):
    left, right = socket.socketpair()
    calls = Calls()
    def ready(watch, fd, events, opaque):
        show(libvirt.virEventRemoveHandle(watch), right.fileno() != fd)
        left.close()
        calls()
    libvirt.virEventAddHandle(left.fileno(), 1, ready, None)
    right.send(b"x")
    await calls.got(1)
    await impl.drain()
    show(len(calls), impl.is_idle())
    right.close()
run(main)
""") == ["0 True", "1 True"]


def test_a_watch_that_was_removed_in_the_same_turn_is_not_called(prints: Prints) -> None:
    """It was: its data were still there, but libvirt had been told that it was gone."""
    assert prints("""
async def main(impl):
    left, right = socket.socketpair()
    calls = Calls()
    def ready(watch, fd, events, opaque):
        for number in numbers:
            libvirt.virEventRemoveHandle(number)
        calls(watch == numbers[0])
    numbers = [libvirt.virEventAddHandle(left.fileno(), 1, ready, None) for _ in range(3)]
    right.send(b"x")
    await calls.got(1)
    await impl.drain()
    show(calls)
    left.close(), right.close()
run(main)
""") == ["[(True,)]"]


def test_what_asyncio_cannot_watch_is_warned_of(python_prints: PythonPrints) -> None:
    assert python_prints(START + """
import warnings
async def main(impl):
    left, right = socket.socketpair()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        watch = libvirt.virEventAddHandle(left.fileno(), 1 | 8, Thing(), None)
        libvirt.virEventUpdateHandle(watch, 4)
        libvirt.virEventUpdateHandle(watch, 1)
        libvirt.virEventRemoveHandle(watch)
    show([item.category.__name__ for item in caught])
    await impl.drain()
    left.close(), right.close()
run(main)
""", **STRICT) == ["['UserWarning', 'UserWarning']"]


def test_a_descriptor_that_cannot_be_watched_leaves_nothing(prints: Prints) -> None:
    """epoll takes no plain file: what was left of it was called with freed data by the next event on the number."""
    assert prints("""
async def main(impl):
    left, right = socket.socketpair()
    spare = os.dup(left.fileno())
    with open(sys.executable, "rb") as plain:
        os.dup2(plain.fileno(), spare)
    opaque = Thing()
    reference = weakref.ref(opaque)
    sys.excepthook = lambda kind, value, traceback: show(kind.__name__)
    try:
        libvirt.virEventAddHandle(spare, 1, show, opaque)
    except libvirt.libvirtError:
        show("refused")
    del opaque
    gc.collect()
    show(impl.is_idle(), impl, reference())
    await impl.drain()
    os.dup2(left.fileno(), spare)
    calls = Calls()
    watch = libvirt.virEventAddHandle(spare, 1, calls, None)
    right.send(b"x")
    await calls.got(1)
    libvirt.virEventRemoveHandle(watch)
    await impl.drain()
    os.close(spare), left.close(), right.close()
run(main)
""") == ["PermissionError", "refused", "True <virEventAsyncIOImpl callbacks={} descriptors={}> None"]


def test_a_watch_that_a_warning_refuses_leaves_nothing(prints: Prints) -> None:
    """The descriptor was watched already, for nobody: the loop turned and turned."""
    assert prints("""
async def main(impl):
    left, right = socket.socketpair()
    right.send(b"x")
    sys.excepthook = lambda kind, value, traceback: show(kind.__name__)
    try:
        libvirt.virEventAddHandle(left.fileno(), 1 | 4, show, None)
    except libvirt.libvirtError:
        show("refused")
    show(asyncio.get_running_loop().remove_reader(left.fileno()), impl)
    left.close(), right.close()
run(main)
""") == ["UserWarning", "refused", "False <virEventAsyncIOImpl callbacks={} descriptors={}>"]


def test_an_exception_goes_to_the_hook_and_a_watch_goes_on(prints: Prints) -> None:
    assert prints("""
sys.excepthook = lambda kind, value, traceback: show(kind.__name__)
async def main(impl):
    left, right = socket.socketpair()
    calls = Calls()
    def ready(*arguments):
        calls(*arguments)
        raise KeyError
    watch = libvirt.virEventAddHandle(left.fileno(), 1, ready, None)
    right.send(b"x")
    await calls.got(2)
    libvirt.virEventRemoveHandle(watch)
    await impl.drain()
    left.close(), right.close()
run(main)
""")[:2] == ["KeyError"] * 2


# --- timers

def test_a_timer_fires_again_and_again(prints: Prints) -> None:
    assert prints("""
async def main(impl):
    for period in (0, 1):
        calls = Calls()
        timer = libvirt.virEventAddTimeout(period, calls, "mine")
        await calls.got(3)
        show(set(calls) == {(timer, "mine")}, libvirt.virEventRemoveTimeout(timer))
        await impl.drain()
run(main)
""") == ["True 0"] * 2


def test_a_timer_is_switched_on_and_off(prints: Prints) -> None:
    assert prints("""
async def main(impl):
    calls = Calls()
    timer = libvirt.virEventAddTimeout(-1, calls, None)
    await turns()
    show(len(calls))
    for period in (0, 1):
        calls.clear()
        libvirt.virEventUpdateTimeout(timer, period)
        await calls.got(2)
        libvirt.virEventUpdateTimeout(timer, -1)
        calls.clear()
        await asyncio.sleep(0.02)
        show(len(calls))
    libvirt.virEventRemoveTimeout(timer)
    await impl.drain()
run(main)
""") == ["0"] * 3


def test_a_timer_that_is_made_shorter_while_it_sleeps_fires(prints: Prints) -> None:
    """It slept on to the end of the old period: an hour here."""
    assert prints("""
async def main(impl):
    calls = Calls()
    timer = libvirt.virEventAddTimeout(3600 * 1000, calls, None)
    await turns()
    libvirt.virEventUpdateTimeout(timer, 1)
    await calls.got(2)
    show("fired")
    libvirt.virEventRemoveTimeout(timer)
    await impl.drain()
run(main)
""") == ["fired"]


def test_a_timer_that_is_made_longer_while_it_sleeps_waits(prints: Prints) -> None:
    """The old period is long enough for a busy machine to come to the change."""
    assert prints(f"""
async def main(impl):
    calls = Calls()
    timer = libvirt.virEventAddTimeout(300 * {PATIENCE}, calls, None)
    await turns()
    libvirt.virEventUpdateTimeout(timer, 3600 * 1000)
    await asyncio.sleep(0.4 * {PATIENCE})
    show(len(calls))
    libvirt.virEventRemoveTimeout(timer)
    await impl.drain()
run(main)
""") == ["0"]


@pytest.mark.parametrize("action, count", [
    ("libvirt.virEventRemoveTimeout(timer)", 1), ("libvirt.virEventUpdateTimeout(timer, -1)", 1),
    ("libvirt.virEventUpdateTimeout(timer, 3600 * 1000)", 1), ("libvirt.virEventUpdateTimeout(timer, 1)", 3)])
def test_a_timer_changes_itself(prints: Prints, action: str, count: int) -> None:
    assert prints(f"""
async def main(impl):
    calls = Calls()
    def expired(timer, opaque):
        calls(timer)
        {action}
    timer = libvirt.virEventAddTimeout(0, expired, None)
    await calls.got({count})
    await asyncio.sleep(0.02)
    show(len(calls) == {count} or {count} == 3)
    if timer in impl.callbacks:
        libvirt.virEventRemoveTimeout(timer)
    await impl.drain()
    show(impl.is_idle())
run(main)
""") == ["True", "True"]


def test_an_exception_goes_to_the_hook_and_a_timer_goes_on(prints: Prints) -> None:
    """It was dead until it was switched off and on again."""
    assert prints("""
sys.excepthook = lambda kind, value, traceback: show(kind.__name__)
async def main(impl):
    calls = Calls()
    def expired(*arguments):
        calls()
        raise KeyError
    timer = libvirt.virEventAddTimeout(0, expired, None)
    await calls.got(2)
    libvirt.virEventRemoveTimeout(timer)
    await impl.drain()
run(main)
""") == ["KeyError"] * 2


# --- free callbacks

def test_data_are_freed_in_a_later_turn_and_in_order(prints: Prints) -> None:
    assert prints("""
class Telling(Thing):
    def __init__(self, name):
        self.name = name
    def __del__(self):
        show("freed", self.name)
async def main(impl):
    left, right = socket.socketpair()
    numbers = [libvirt.virEventAddTimeout(-1, Thing(), Telling("a")),
               libvirt.virEventAddHandle(left.fileno(), 1, Thing(), Telling("b")),
               libvirt.virEventAddTimeout(-1, Thing(), Telling("c"))]
    libvirt.virEventRemoveTimeout(numbers[2])
    libvirt.virEventRemoveHandle(numbers[1])
    libvirt.virEventRemoveTimeout(numbers[0])
    show("removed", impl.callbacks, impl.is_idle())
    await impl.drain()
    show(impl.is_idle())
    left.close(), right.close()
run(main)
""") == ["removed {} False", "freed c", "freed b", "freed a", "True"]


def test_drain_may_be_awaited_by_two_and_again(prints: Prints) -> None:
    """The second one got an AssertionError."""
    assert prints("""
async def main(impl):
    await impl.drain()
    for _ in range(2):
        timer = libvirt.virEventAddTimeout(-1, Thing(), None)
        async def drain(name):
            await impl.drain()
            show(name, impl.is_idle())
        tasks = [asyncio.ensure_future(drain(name)) for name in "ab"]
        await turns()
        show("draining")
        libvirt.virEventRemoveTimeout(timer)
        await asyncio.gather(*tasks)
run(main)
""") == ["draining", "a True", "b True"] * 2


def test_one_that_drains_may_give_up(prints: Prints) -> None:
    assert prints("""
async def main(impl):
    timer = libvirt.virEventAddTimeout(-1, Thing(), None)
    try:
        await asyncio.wait_for(impl.drain(), 0.01)
    except asyncio.TimeoutError:
        show("gave up")
    libvirt.virEventRemoveTimeout(timer)
    await impl.drain()
    show(impl.is_idle())
run(main)
""") == ["gave up", "True"]
