# SPDX-License-Identifier: LGPL-2.1-or-later
"""libvirtaio: watches on descriptors."""

import aioprograms
from aioprograms import START, STRICT
from fixturetypes import Prints, PythonPrints

prints = aioprograms.prints


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
