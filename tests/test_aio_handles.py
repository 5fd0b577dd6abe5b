# SPDX-License-Identifier: LGPL-2.1-or-later
"""libvirtaio: watching file descriptors."""

import aioprograms
from aioprograms import START, STRICT
from fixturetypes import Prints, PythonPrints

prints = aioprograms.prints


def test_a_watch_is_called_with_one_event_bit_at_a_time(prints: Prints) -> None:
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


def test_the_events_of_a_watch_can_be_changed(prints: Prints) -> None:
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


def test_each_watch_of_a_descriptor_gets_only_its_events(prints: Prints) -> None:
    """The descriptor is readable and writable; each watch gets only the events that it asked for, one bit per call."""
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


def test_a_reused_descriptor_is_watched_anew(prints: Prints) -> None:
    """Regression test: under -O the old descriptor stayed watched, with a callback that had been freed."""
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


def test_a_watch_removed_in_the_same_loop_iteration_is_not_called(prints: Prints) -> None:
    """Regression test: the callback was still called after libvirt had removed the watch."""
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


def test_watching_events_that_asyncio_does_not_support_warns(python_prints: PythonPrints) -> None:
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


def test_a_failed_add_handle_leaves_no_watch(prints: Prints) -> None:
    """Regression test: epoll refuses plain files; the leftover watch was later called with freed data.

    The next event on the same descriptor number triggered that call.
    """
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


def test_add_handle_that_raises_a_warning_leaves_no_watch(prints: Prints) -> None:
    """Regression test: after the refusal the descriptor was still watched, so the loop never slept."""
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


def test_an_exception_goes_to_excepthook_and_the_watch_stays_active(prints: Prints) -> None:
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
