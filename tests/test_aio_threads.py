# SPDX-License-Identifier: LGPL-2.1-or-later
"""libvirtaio called from several threads."""

import pytest

import aioprograms
from fixturetypes import Prints

once = aioprograms.once
prints = aioprograms.prints


def test_executor_threads_can_add_and_remove(prints: Prints) -> None:
    """Regression test: handles and timers added by other threads did not wake the loop."""
    assert prints("""
async def main(impl):
    loop = asyncio.get_running_loop()
    calls, ticks = Calls(), Calls()
    def work():
        conn = libvirt.open("test:///default")
        conn.domainEventRegisterAny(None, 0, calls, None)
        conn.lookupByName("test").destroy()
        return conn, libvirt.virEventAddTimeout(1, ticks, None)
    conn, timer = await loop.run_in_executor(None, work)
    await calls.got(1), await ticks.got(1)
    calls.clear()
    await loop.run_in_executor(None, conn.close)
    await loop.run_in_executor(None, libvirt.virEventRemoveTimeout, timer)
    await impl.drain()
    show(impl.is_idle())
run(main)
""") == ["True"]


def test_changes_from_another_thread_wake_the_loop(prints: Prints) -> None:
    assert prints("""
async def main(impl):
    left, right = socket.socketpair()
    calls = Calls()
    numbers = []
    def work():
        numbers.append(libvirt.virEventAddHandle(left.fileno(), 0, calls, None))
        libvirt.virEventUpdateHandle(numbers[0], 1)
        right.send(b"x")
    threading.Thread(target=work).start()
    await calls.got(1)
    show("came")
    thread = threading.Thread(target=libvirt.virEventRemoveHandle, args=(numbers[0],))
    thread.start()
    await impl.drain()
    thread.join()
    show(impl)
    left.close(), right.close()
run(main)
""") == ["came", "<virEventAsyncIOImpl callbacks={} descriptors={}>"]


def test_another_thread_reuses_a_descriptor_before_the_loop_notices(prints: Prints) -> None:
    """Regression test: the loop took the new file for the old one, which it already watched, so no event arrived."""
    assert prints("""
async def main(impl):
    left, right = socket.socketpair()
    other, sender = socket.socketpair()
    old, new = Calls(), Calls()
    watch = libvirt.virEventAddHandle(left.fileno(), 1, old, None)
    def work():
        libvirt.virEventRemoveHandle(watch)
        os.dup2(other.fileno(), left.fileno())
        sender.send(b"x")
        return libvirt.virEventAddHandle(left.fileno(), 1, new, None)
    thread = threading.Thread(target=lambda: numbers.append(work()))
    thread.start()
    thread.join()
    await new.got(2)
    libvirt.virEventRemoveHandle(numbers[0])
    await impl.drain()
    show(len(old))
    for item in (left, right, other, sender):
        item.close()
numbers = []
run(main)
""") == ["0"]


def test_another_thread_adds_a_timer_while_the_loop_is_stopped(prints: Prints) -> None:
    """Regression test: a timer that was added just as the loop started to wait was not noticed."""
    assert prints("""
loop = asyncio.new_event_loop()
impl = libvirtaio.virEventRegisterAsyncIOImpl(loop)
for _ in range(20):
    calls, numbers = Calls(), []
    ready = threading.Barrier(2)
    def work():
        ready.wait()
        numbers.append(libvirt.virEventAddTimeout(0, calls, None))
    thread = threading.Thread(target=work)
    thread.start()
    ready.wait()
    loop.run_until_complete(calls.got(1))
    thread.join()
    libvirt.virEventRemoveTimeout(numbers[0])
loop.run_until_complete(impl.drain())
loop.close()
show(impl.is_idle())
""") == ["True"]


def test_callbacks_run_in_the_thread_of_the_loop(prints: Prints) -> None:
    assert prints("""
async def main(impl):
    calls = Calls()
    def expired(timer, opaque):
        calls(threading.current_thread() is threading.main_thread())
    timer = await asyncio.get_running_loop().run_in_executor(None, libvirt.virEventAddTimeout, 1, expired, None)
    await calls.got(1)
    show(calls[0])
    libvirt.virEventRemoveTimeout(timer)
    await impl.drain()
run(main)
""") == ["(True,)"]


def test_a_loop_in_another_thread(prints: Prints) -> None:
    assert prints("""
ready, stopped = threading.Event(), []
def work():
    async def main(impl):
        stopped.append(asyncio.get_running_loop().create_future())
        ready.set()
        await stopped[0]
        await impl.drain()
        show(impl.is_idle())
    run(main)
thread = threading.Thread(target=work)
thread.start()
ready.wait()
conn = libvirt.open("test:///default")
came = threading.Event()
conn.domainEventRegisterAny(None, 0, lambda *arguments: came.set(), None)
conn.lookupByName("test").destroy()
show(came.wait(60))
conn.close()
loop = libvirtaio.getCurrentImpl().loop
loop.call_soon_threadsafe(stopped[0].set_result, None)
thread.join()
""") == ["True", "True"]


def test_many_threads_add_and_remove(prints: Prints) -> None:
    assert prints("""
async def main(impl):
    loop = asyncio.get_running_loop()
    def work():
        for _ in range(50):
            left, right = socket.socketpair()
            timer = libvirt.virEventAddTimeout(1, Thing(), Thing())
            watch = libvirt.virEventAddHandle(left.fileno(), 1, Thing(), Thing())
            right.send(b"x")
            libvirt.virEventUpdateTimeout(timer, 5)
            libvirt.virEventRemoveTimeout(timer)
            libvirt.virEventRemoveHandle(watch)
            # libvirt, too, closes a descriptor only after the loop has removed it.
            sockets.extend((left, right))
    sockets = []
    await asyncio.gather(*[loop.run_in_executor(None, work) for _ in range(3)])
    await impl.drain()
    show(impl)
    for item in sockets:
        item.close()
run(main)
""") == ["<virEventAsyncIOImpl callbacks={} descriptors={}>"]


@pytest.mark.parametrize("change", ["libvirt.virEventUpdateTimeout(timer, 1)",
                                    "libvirt.virEventUpdateHandle(watch, 1)"])
def test_a_change_that_the_loop_sees_after_the_removal_has_no_effect(prints: Prints, change: str) -> None:
    """Regression test: a thread requested the change, the loop removed the callback first, then called freed data."""
    assert prints(f"""
async def main(impl):
    left, right = socket.socketpair()
    right.send(b"x")
    timer = libvirt.virEventAddTimeout(-1, lambda *arguments: show("called"), None)
    watch = libvirt.virEventAddHandle(left.fileno(), 0, lambda *arguments: show("called"), None)
    def work():
        {change}
        other.append(libvirt.virEventAddTimeout(-1, Thing(), None))
        other.append(libvirt.virEventAddHandle(left.fileno(), 1, lambda *arguments: show("called"), None))
    other = []
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    for number in (timer, other[0]):
        libvirt.virEventRemoveTimeout(number)
    for number in (watch, other[1]):
        libvirt.virEventRemoveHandle(number)
    await asyncio.sleep(0.05)
    show(impl.is_idle(), impl)
    await impl.drain()
    left.close(), right.close()
run(main)
""") == ["True <virEventAsyncIOImpl callbacks={} descriptors={}>"]


def test_threads_add_and_remove_while_the_loop_is_replaced(prints: Prints) -> None:
    """Regression test: additions by other threads broke the iteration, and the rest stayed on the closed loop."""
    assert prints("""
sys.setswitchinterval(1e-5)
stop, ticks, errors = [], [], []
def work():
    while not stop:
        try:
            timers = [libvirt.virEventAddTimeout(-1, Thing(), None) for _ in range(20)]
            watches = [libvirt.virEventAddHandle(left.fileno(), 0, Thing(), None) for _ in range(5)]
            for timer in timers:
                libvirt.virEventUpdateTimeout(timer, 1000)
                libvirt.virEventRemoveTimeout(timer)
            for watch in watches:
                libvirt.virEventRemoveHandle(watch)
        except BaseException as error:
            errors.append(repr(error))
left, right = socket.socketpair()
asyncio.run(turns())
async def main(impl):
    ticks.clear()
    while not ticks:
        await asyncio.sleep(0)
async def first(impl):
    libvirt.virEventAddTimeout(1, lambda *arguments: ticks.append(1), None)
run(first)
threads = [threading.Thread(target=work) for _ in range(3)]
for thread in threads:
    thread.start()
for _ in range(60):
    run(main)
stop.append(1)
for thread in threads:
    thread.join()
async def last(impl):
    for timer in list(impl.callbacks):
        libvirt.virEventRemoveTimeout(timer)
    await asyncio.wait_for(impl.drain(), 60)
    show(errors[:1], impl.is_idle(), impl)
run(last)
left.close(), right.close()
""") == ["[] True <virEventAsyncIOImpl callbacks={} descriptors={}>"]
