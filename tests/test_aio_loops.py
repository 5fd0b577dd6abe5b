# SPDX-License-Identifier: LGPL-2.1-or-later
"""libvirtaio with several loops in succession, at the end of a program, and with libvirt's functions replaced."""

import pytest

import aioprograms
from aioprograms import START, STRICT
from fixturetypes import Prints, RunPython

once = aioprograms.once
prints = aioprograms.prints

ENDINGS = {"sys.exit(7)": 7, "sys.exit()": 0, "sys.exit('text')": 1}


# --- one loop after another

def test_a_new_registration_moves_the_implementation_to_the_second_loop(prints: Prints) -> None:
    assert prints("""
async def first(impl):
    calls = Calls()
    timer = libvirt.virEventAddTimeout(1, calls, None)
    await calls.got(1)
    libvirt.virEventRemoveTimeout(timer)
    await impl.drain()
impls = []
for _ in range(3):
    run(first)
    impls.append(libvirtaio.getCurrentImpl())
show(len(set(map(id, impls))), impls[0].is_idle())
""") == ["1 True"]


def test_registrations_continue_on_the_second_loop(prints: Prints) -> None:
    """A connection, its events, a handle and a timer that were created on the first loop work on the second."""
    assert prints("""
conn = libvirt.open
left, right = socket.socketpair()
events, reads, ticks = Calls(), Calls(), Calls()
async def first(impl):
    global conn, numbers
    conn = libvirt.open("test:///default")
    conn.domainEventRegisterAny(None, 0, events, None)
    numbers = (libvirt.virEventAddHandle(left.fileno(), 1, reads, None), libvirt.virEventAddTimeout(1, ticks, None))
async def second(impl):
    conn.lookupByName("test").destroy()
    right.send(b"x")
    for calls in (events, reads, ticks):
        calls.clear()
        await calls.got(1)
    show("all came")
    libvirt.virEventRemoveHandle(numbers[0]), libvirt.virEventRemoveTimeout(numbers[1])
    events.clear()
    conn.close()
    await impl.drain()
    show(impl.is_idle())
run(first)
run(second)
left.close(), right.close()
""") == ["all came", "True"]


def test_the_first_call_moves_the_implementation_to_the_second_loop(prints: Prints) -> None:
    """A program that registers only once: the next call from libvirt moves the implementation to the running loop."""
    assert prints("""
async def first():
    libvirtaio.virEventRegisterAsyncIOImpl()
async def second():
    impl, calls = libvirtaio.getCurrentImpl(), Calls()
    timer = libvirt.virEventAddTimeout(1, calls, None)
    await calls.got(1)
    libvirt.virEventRemoveTimeout(timer)
    await impl.drain()
    show(impl.loop is asyncio.get_running_loop())
asyncio.run(first())
asyncio.run(second())
""") == ["True"]


def test_data_left_by_the_first_loop_are_freed_by_the_second(prints: Prints) -> None:
    """Regression test: tasks that were cancelled with the first loop freed nothing, and drain() waited forever."""
    assert prints("""
references = []
async def first(impl):
    left, right = socket.socketpair()
    things = [Thing(), Thing()]
    references.extend(weakref.ref(thing) for thing in things)
    numbers = (libvirt.virEventAddHandle(left.fileno(), 1, Thing(), things[0]),
               libvirt.virEventAddTimeout(-1, Thing(), things[1]))
    libvirt.virEventRemoveHandle(numbers[0]), libvirt.virEventRemoveTimeout(numbers[1])
    left.close(), right.close()
async def second(impl):
    await asyncio.wait_for(impl.drain(), 30)
    gc.collect()
    show([reference() for reference in references], impl.is_idle())
run(first)
run(second)
""") == ["[None, None] True"]


def test_data_removed_between_two_loops_are_freed_by_the_second(prints: Prints) -> None:
    assert prints("""
left, right = socket.socketpair()
things = [Thing(), Thing()]
references = [weakref.ref(thing) for thing in things]
async def first(impl):
    global numbers
    numbers = (libvirt.virEventAddHandle(left.fileno(), 1, Thing(), things[0]),
               libvirt.virEventAddTimeout(1, Thing(), things[1]))
    things.clear()
    await turns()
async def second(impl):
    await asyncio.wait_for(impl.drain(), 30)
    gc.collect()
    show([reference() for reference in references], impl.is_idle())
run(first)
show(libvirt.virEventRemoveHandle(numbers[0]), libvirt.virEventRemoveTimeout(numbers[1]))
left.close(), right.close()
run(second)
""") == ["0 0", "[None, None] True"]


def test_changes_made_between_two_loops_take_effect_on_the_second(prints: Prints) -> None:
    """Regression test: handles and timers that were added or changed while no loop was running were lost."""
    assert prints("""
left, right = socket.socketpair()
right.send(b"x")
old_ticks, old_reads, new_ticks, new_reads = Calls(), Calls(), Calls(), Calls()
numbers = []
async def first(impl):
    numbers.append((libvirt.virEventAddTimeout(-1, old_ticks, None),
                    libvirt.virEventAddHandle(left.fileno(), 0, old_reads, None)))
async def second(impl):
    for calls in (old_ticks, old_reads, new_ticks, new_reads):
        await calls.got(2)
    for timer, watch in numbers:
        libvirt.virEventRemoveTimeout(timer), libvirt.virEventRemoveHandle(watch)
    await impl.drain()
    show("came")
run(first)
numbers.append((libvirt.virEventAddTimeout(1, new_ticks, None),
                libvirt.virEventAddHandle(left.fileno(), 1, new_reads, None)))
libvirt.virEventUpdateTimeout(numbers[0][0], 1), libvirt.virEventUpdateHandle(numbers[0][1], 1)
run(second)
left.close(), right.close()
""") == ["came"]


def test_data_not_freed_before_sys_exit_are_freed_by_the_second_loop(prints: Prints) -> None:
    """Regression test: freeing tasks that had not started were cancelled, and drain() waited for them forever."""
    assert prints("""
reference = []
def end(*arguments):
    opaque = Thing()
    reference.append(weakref.ref(opaque))
    libvirt.virEventRemoveTimeout(libvirt.virEventAddTimeout(-1, Thing(), opaque))
    sys.exit(3)
async def first(impl):
    reference.append(libvirt.virEventAddTimeout(1, end, None))
    await asyncio.get_running_loop().create_future()
async def second(impl):
    libvirt.virEventRemoveTimeout(reference[0])
    await asyncio.wait_for(impl.drain(), 30)
    gc.collect()
    show(reference[1](), impl.is_idle())
try:
    run(first)
except SystemExit as error:
    show(error.code)
run(second)
""") == ["3", "None True"]


def test_drain_alone_moves_the_implementation_to_the_second_loop(prints: Prints) -> None:
    """Regression test: drain() waited forever if no other libvirt function was called on the second loop."""
    assert prints("""
async def first():
    libvirtaio.virEventRegisterAsyncIOImpl()
    return libvirt.virEventAddTimeout(-1, Thing(), None)
async def second():
    impl = libvirtaio.getCurrentImpl()
    await asyncio.wait_for(impl.drain(), 30)
    show(impl.is_idle())
libvirt.virEventRemoveTimeout(asyncio.run(first()))
asyncio.run(second())
""") == ["True"]


def test_a_closed_descriptor_does_not_stop_the_move_to_the_second_loop(prints: Prints) -> None:
    """One descriptor was closed by its owner: the loop's exception handler is called and the rest is watched."""
    assert prints("""
left, right = socket.socketpair()
spare = os.dup(left.fileno())
reads, ticks, handled = Calls(), Calls(), []
async def first(impl):
    numbers.extend([libvirt.virEventAddHandle(spare, 1, Thing(), None),
                    libvirt.virEventAddHandle(left.fileno(), 1, reads, None),
                    libvirt.virEventAddTimeout(1, ticks, None)])
async def second():
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: handled.append(context["exception"]))
    impl = libvirtaio.virEventRegisterAsyncIOImpl()
    right.send(b"x")
    await reads.got(1), await ticks.got(1)
    show([type(error).__name__ for error in handled])
    libvirt.virEventRemoveHandle(numbers[0]), libvirt.virEventRemoveHandle(numbers[1])
    libvirt.virEventRemoveTimeout(numbers[2])
    await impl.drain()
    show(impl)
numbers = []
run(first)
os.close(spare)
asyncio.run(second())
left.close(), right.close()
""") == ["['OSError']", "<virEventAsyncIOImpl callbacks={} descriptors={}>"]


def test_a_loop_that_is_stopped_and_run_again_keeps_everything(prints: Prints) -> None:
    assert prints("""
loop = asyncio.new_event_loop()
impl = libvirtaio.virEventRegisterAsyncIOImpl(loop)
calls = Calls()
timer = libvirt.virEventAddTimeout(1, calls, None)
for _ in range(3):
    calls.clear()
    loop.run_until_complete(calls.got(1))
libvirt.virEventRemoveTimeout(timer)
loop.run_until_complete(impl.drain())
loop.close()
show(impl.is_idle())
""") == ["True"]


def test_a_connection_may_stay_open_until_the_program_exits(prints: Prints) -> None:
    """Events are still registered when the loop is closed and the interpreter exits."""
    assert prints("""
async def main(impl):
    global conn
    conn = libvirt.open("test:///default")
    conn.domainEventRegisterAny(None, 0, Thing(), Thing())
    conn.lookupByName("test").destroy()
    libvirt.virEventAddTimeout(1, Thing(), None)
run(main)
""") == []


def test_close_without_drain(prints: Prints) -> None:
    assert prints("""
async def main(impl):
    conn = libvirt.open("test:///default")
    conn.domainEventRegisterAny(None, 0, Thing(), Thing())
    await turns()
    show(conn.close())
run(main)
""") == ["0"]


# --- the end of programs

@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("where", ["domainEvent", "timer", "handle"])
def test_sys_exit_in_a_callback_ends_the_program(run_python: RunPython, where: str, ending: str) -> None:
    """The program exits with the right status, after its finally clauses and atexit functions have run."""
    register = {
        "domainEvent": "conn.domainEventRegisterAny(None, 0, end, None); conn.lookupByName('test').destroy()",
        "timer": "libvirt.virEventAddTimeout(1, end, None)",
        "handle": "right.send(b'x'); libvirt.virEventAddHandle(left.fileno(), 1, end, None)"}[where]
    done = run_python(START + f"""
import atexit
atexit.register(show, "atexit")
left, right = socket.socketpair()
def end(*arguments):
    {ending}
async def main(impl):
    conn = libvirt.open("test:///default")
    try:
        {register}
        await asyncio.get_running_loop().create_future()
    finally:
        show("finally")
try:
    run(main)
finally:
    show("after")
    left.close(), right.close()
""", **STRICT)
    assert done.returncode == ENDINGS[ending]
    assert done.stdout.splitlines() == ["finally", "after", "atexit"]
    assert done.stderr == ("text\n" if "text" in ending else "")


def test_an_interrupt_in_a_callback_ends_the_program(run_python: RunPython) -> None:
    done = run_python(START + """
def end(*arguments):
    raise KeyboardInterrupt
async def main(impl):
    libvirt.virEventAddTimeout(1, end, None)
    try:
        await asyncio.get_running_loop().create_future()
    finally:
        show("finally")
try:
    run(main)
except KeyboardInterrupt:
    show("interrupted")
""", **STRICT)
    assert (done.returncode, done.stdout, done.stderr) == (0, "finally\ninterrupted\n", "")


def test_sys_exit_in_a_callback_propagates_from_run_forever(run_python: RunPython) -> None:
    done = run_python(START + """
loop = asyncio.new_event_loop()
libvirtaio.virEventRegisterAsyncIOImpl(loop)
timer = libvirt.virEventAddTimeout(1, lambda *arguments: sys.exit(3), None)
try:
    loop.run_forever()
except SystemExit as error:
    show(error.code)
libvirt.virEventRemoveTimeout(timer)
loop.run_until_complete(libvirtaio.getCurrentImpl().drain())
loop.close()
""", **STRICT)
    assert (done.returncode, done.stdout) == (0, "3\n")


# --- programs that replace libvirt's registration function

def test_each_registration_calls_virEventRegisterImpl(prints: Prints) -> None:
    """It is looked up by name and called with six functions each time, even if the earlier loop is closed.

    Test suites of other programs count these calls with a mock.
    """
    assert prints("""
from unittest import mock
async def main():
    return libvirtaio.virEventRegisterAsyncIOImpl()
impls = []
with mock.patch("libvirt.virEventRegisterImpl") as register:
    for _ in range(3):
        impls.append(asyncio.run(main()))
        show(register.call_count, all(map(callable, register.call_args[0])), len(register.call_args[0]),
             impls[-1] is libvirtaio.getCurrentImpl())
show(len(set(map(id, impls))), [impl.loop.is_closed() for impl in impls])
real = asyncio.run(main())
with mock.patch("libvirt.virEventRegisterImpl", wraps=libvirt.virEventRegisterImpl) as register:
    show(asyncio.run(main()) is real, register.call_count, real is libvirtaio.getCurrentImpl())
    show([getattr(given, "__name__", None) for given in register.call_args[0]])
""") == ["1 True 6 True", "2 True 6 True", "3 True 6 True", "3 [True, True, True]", "True 1 True",
         "['_add_handle', '_update_handle', '_remove_handle', '_add_timeout', '_update_timeout', '_remove_timeout']"]


def test_a_failure_of_virEventRegisterImpl_propagates(prints: Prints) -> None:
    assert prints("""
from unittest import mock
async def main():
    return libvirtaio.virEventRegisterAsyncIOImpl()
with mock.patch("libvirt.virEventRegisterImpl", side_effect=RuntimeError("mine")):
    try:
        asyncio.run(main())
    except RuntimeError as error:
        show(error, libvirtaio.getCurrentImpl())
impl = asyncio.run(main())
async def again():
    other = asyncio.new_event_loop()
    libvirtaio.virEventRegisterAsyncIOImpl(other)
    show(impl.loop is other)
    try:
        libvirtaio.virEventRegisterAsyncIOImpl()
    except RuntimeError as error:
        show(error)
    other.close()
asyncio.run(again())
""") == ["mine None", "True", "an event loop is registered already"]
