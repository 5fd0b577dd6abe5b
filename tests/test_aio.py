# SPDX-License-Identifier: LGPL-2.1-or-later
"""libvirtaio: registration, events of a connection, and freeing of callback data."""

import aioprograms
from fixturetypes import Prints

once = aioprograms.once
prints = aioprograms.prints


# --- the public interface

def test_public_names() -> None:
    import libvirtaio
    assert sorted(libvirtaio.__all__) == ["getCurrentImpl", "virEventAsyncIOImpl", "virEventRegisterAsyncIOImpl"]
    assert all(hasattr(libvirtaio, name) for name in (
        *libvirtaio.__all__, "Callback", "Descriptor", "DescriptorDict", "FDCallback", "TimeoutCallback",
        "_current_impl"))


def test_registration_returns_the_implementation(once: Prints) -> None:
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


def test_registration_without_a_loop_raises(once: Prints) -> None:
    assert once("""
asyncio.run(turns())
try:
    libvirtaio.virEventRegisterAsyncIOImpl()
except RuntimeError:
    show("refused")
run(lambda impl: turns())
""") == ["refused"]


def test_repr_of_callbacks(once: Prints) -> None:
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


def test_unknown_callback_ids(once: Prints) -> None:
    """Updating an unknown ID raises in the caller; libvirt does not see the error."""
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


def test_handles_and_timers_share_one_id_counter(once: Prints) -> None:
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


def test_callback_data_of_events_are_freed(prints: Prints) -> None:
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


# --- free callbacks

def test_data_are_freed_in_a_later_loop_iteration_and_in_order(prints: Prints) -> None:
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


def test_drain_can_be_awaited_concurrently_and_repeatedly(prints: Prints) -> None:
    """Regression test: the second task that awaited drain() got an AssertionError."""
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


def test_drain_can_be_cancelled_by_a_timeout(prints: Prints) -> None:
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
