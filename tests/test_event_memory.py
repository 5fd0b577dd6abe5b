# SPDX-License-Identifier: LGPL-2.1-or-later
"""What event registrations keep alive, for how long, and where the data are freed."""

import pytest

from checkers import NO_GIL, without_leak_check
from fake import firing
from fake.firing import EVENTS, WAYS
from fixturetypes import PrintsWithArguments, PythonPrints

MEMORY = firing.START + """
callback, opaque = Thing(), Thing()
references = weakref.ref(callback), weakref.ref(opaque), weakref.ref(conn)
def left():
    gc.collect()
    return [reference() is not None for reference in references]
"""


prints = firing.prints_after(MEMORY)

CONNECTION = [*EVENTS, "close"]


def removal(way: str) -> str:
    """The code that removes a callback that only `references` still knows."""
    return WAYS[way].remove.replace("callback", "references[0]()")


@pytest.mark.parametrize("way", CONNECTION)
def test_callback_and_opaque_live_as_long_as_the_registration(prints: PrintsWithArguments, way: str) -> None:
    assert prints(f"""
{WAYS[way].register}
del callback, opaque
{WAYS[way].fire if way in EVENTS else ""}
show(left())
{removal(way)}
show(left(), alive())
""") == ["[True, True, True]", "[False, False, True] 0"]


def test_a_close_callback_is_freed_after_it_was_called(prints: PrintsWithArguments) -> None:
    assert prints("""
callback = lambda *arguments: show("called")
conn.registerCloseCallback(callback, opaque)
del callback, opaque, conn
show(left()[1:])
fire(CLOSE)
show(left()[1:], alive())
""") == ["[True, True]", "called", "[False, False] 0"]


@pytest.mark.parametrize("way", EVENTS)
def test_a_registration_keeps_the_connection_alive(prints: PrintsWithArguments, way: str) -> None:
    """The connection stays alive and still delivers events."""
    assert prints(f"""
callback = lambda *arguments: show("called")
{WAYS[way].register}
del conn
gc.collect()
show({WAYS[way].fire}, alive(), references[2]().getType())
conn = references[2]()
{WAYS[way].remove}
del conn
gc.collect()
show(references[2](), alive())
""") == ["called", "1 1 TEST", "None 0"]


@pytest.mark.parametrize("way", CONNECTION)
def test_close_frees_callback_and_opaque(prints: PrintsWithArguments, way: str) -> None:
    assert prints(f"""
{WAYS[way].register}
del callback, opaque
show(conn.close(), left(), alive())
del conn
show(left())
""") == ["0 [False, False, True] 0", "[False, False, False]"]


@pytest.mark.parametrize("way", CONNECTION)
def test_a_failed_registration_keeps_nothing_alive(prints: PrintsWithArguments, way: str) -> None:
    assert prints(f"""
fail()
try:
    {WAYS[way].register}
except libvirt.libvirtError:
    pass
del callback, opaque, conn
show(left(), alive())
""") == ["[False, False, False] 0"]


def test_a_refused_registration_keeps_nothing_alive(prints: PrintsWithArguments) -> None:
    assert prints("""
for subject, event in ((None, 999), (None, 1.5), (5, 0), (conn._o, 0)):
    opaque = Thing()
    reference = weakref.ref(opaque)
    outcome = raised(libvirtmod.virConnectDomainEventRegisterAny, conn._o, subject, event, {"opaque": opaque})
    del opaque
    gc.collect()
    show(outcome, reference())
""") == ["-1 None", *["TypeError None"] * 3]


@pytest.mark.parametrize("way", CONNECTION)
def test_a_destructor_of_callback_data_may_call_libvirt(prints: PrintsWithArguments, way: str) -> None:
    """libvirt frees callback data under its lock. Regression test: a destructor that calls libvirt deadlocked.

    The fake libvirt aborts on such a deadlock.
    """
    assert prints(f"""
class Calling(Thing):
    def __del__(self):
        show("freed", raised(conn.domainEventDeregisterAny, other))
callback = show
opaque = Calling()
{WAYS[way].register}
other = conn.domainEventRegisterAny(None, 0, Thing(), None)
del opaque
{WAYS[way].remove}
show(alive())
""") == ["freed None", "0"]


@pytest.mark.parametrize("family", ["Domain", "Network", "StoragePool", "NodeDevice", "Secret"])
def test_a_destructor_may_call_libvirt_when_only_libvirt_holds_the_data(prints: PrintsWithArguments,
                                                                        family: str) -> None:
    """Registered through the C functions, the data are referenced only by libvirt."""
    assert prints("""
register, deregister = (getattr(libvirtmod, f"virConnect{sys.argv[1]}Event{name}Any")
                        for name in ("Register", "Deregister"))
class Calling:
    def __del__(self):
        show("freed", deregister(conn._o, other))
number = register(conn._o, None, 0, Calling())
other = register(conn._o, None, 0, Thing())
show(deregister(conn._o, number), alive())
""", family) == ["freed 0", "0 0"]


def test_data_are_freed_in_the_thread_that_removes_the_callback(prints: PrintsWithArguments) -> None:
    lines = prints("""
class Telling(Thing):
    def __del__(self):
        show(threading.current_thread().name)
conn.domainEventRegisterAny(None, 0, callback, Telling())
thread = threading.Thread(target=conn.domainEventDeregisterAny, args=(0,), name="worker")
thread.start()
thread.join()
""")
    # Without a GIL, Python may leave that to the thread that created the object.
    assert lines == ["worker"] or (NO_GIL and lines == ["MainThread"])


def test_data_that_libvirt_frees_by_itself_are_dropped_soon(prints: PrintsWithArguments) -> None:
    """libvirt frees the data on its own thread, outside of any call from Python; the main thread then drops them."""
    assert prints("""
import ctypes
libvirtmod.virConnectDomainEventRegisterAny(conn._o, None, 0, opaque)
del opaque
function = ctypes.CDLL(None).virConnectDomainEventDeregisterAny
function.argtypes = [ctypes.c_void_p, ctypes.c_int]
show(function(conn.c_pointer(), 0))
for _ in range(1000):
    pass
show(left()[1])
""") == ["0", "False"]


def test_data_are_freed_by_the_event_loop(python_prints: PythonPrints) -> None:
    """The test driver frees the data in a later iteration of the loop."""
    assert python_prints(MEMORY + """
domain = conn.lookupByName("test")
def callback(*arguments):
    conn.domainEventDeregisterAny(number)
number = conn.domainEventRegisterAny(None, 0, callback, opaque)
del opaque
domain.destroy()
while conn.domainEventCallbackID:
    libvirt.virEventRunDefaultImpl()
del callback
show(left())
""", PYTHONPATH=firing.environment()["PYTHONPATH"]) == ["[False, False, True]"]


def test_close_callbacks_that_the_driver_never_frees_do_not_leak(python_prints: PythonPrints) -> None:
    """Regression test: the test driver never frees the data of a close callback, and each left an empty dict behind."""
    assert python_prints(MEMORY + """
def some(count):
    for _ in range(count):
        with libvirt.open("test:///default") as other:
            other.registerCloseCallback(callback, opaque)
            other.unregisterCloseCallback()
            other.registerCloseCallback(callback, opaque)
    gc.collect()
    return sys.getallocatedblocks()
show(-400 < some(500) - some(500) < 400)
""", **without_leak_check({"PYTHONPATH": firing.environment()["PYTHONPATH"]})) == ["True"]


def test_callbacks_that_share_a_registration_are_freed_one_by_one(python_prints: PythonPrints) -> None:
    assert python_prints(MEMORY + """
things = [Thing() for _ in range(6)]
references = [weakref.ref(thing) for thing in things]
numbers = [conn.domainEventRegisterAny(None, 0, *things[at:at + 2]) for at in (0, 2, 4)]
del things, callback, opaque
show(left())
for place in (1, 0, 2):
    conn.domainEventDeregisterAny(numbers[place])
    show(left())
""", PYTHONPATH=firing.environment()["PYTHONPATH"]) == [
        str([True] * 6), str([True, True, False, False, True, True]), str([False] * 4 + [True] * 2), str([False] * 6)]


@pytest.mark.parametrize("family, kind", [
    ("domain", "Domain"), ("network", "Network"), ("storagePool", "StoragePool"), ("nodeDevice", "NodeDevice"),
    ("secret", "Secret")])
def test_the_object_of_a_registration_can_be_freed(prints: PrintsWithArguments, family: str, kind: str) -> None:
    """Otherwise the object would keep the connection open, which shows in the return value of close()."""
    assert prints(f"""
def callback(conn, subject, *others):
    libvirtmod.virConnect{kind}EventRegisterAny(conn._o, subject._o, 1, None)
    libvirtmod.vir{kind}Free(subject._o)
number = conn.{family}EventRegisterAny(None, 0, callback, None)
show(fire(KINDS["{family}"], number))
conn.{family}EventDeregisterAny(number)
libvirtmod.virConnect{kind}EventDeregisterAny(conn._o, number + 1)
del callback
gc.collect()
show(conn.close())
""") == ["1", "0"]


def test_arguments_of_an_event_are_freed(prints: PrintsWithArguments) -> None:
    assert prints("""
seen = []
def callback(conn, dom, params, opaque):
    seen.append(weakref.ref(dom))
    params["self"] = params
conn.domainEventRegisterAny(None, libvirt.VIR_DOMAIN_EVENT_ID_TUNABLE, callback, None)
for _ in range(5):
    fire(DOMAIN)
gc.collect()
show([reference() for reference in seen])
""") == [str([None] * 5)]


def test_a_cycle_through_the_callback_is_collected_after_removal(prints: PrintsWithArguments) -> None:
    assert prints("""
class Owner:
    def __init__(self, conn):
        self.conn = conn
        self.number = conn.domainEventRegisterAny(None, 0, self.changed, self)
    def changed(self, *arguments):
        show("changed")
owner = Owner(conn)
reference = weakref.ref(owner)
fire(DOMAIN)
conn.domainEventDeregisterAny(owner.number)
conn.owner = owner
del conn, owner
gc.collect()
show(reference(), references[2]())
""") == ["changed", "None None"]


def test_removal_while_another_thread_delivers_events(prints: PrintsWithArguments) -> None:
    """The callback is removed while another thread delivers its events."""
    assert prints("""
stop = []
def firing():
    while not stop:
        fire(DOMAIN)
thread = threading.Thread(target=firing)
thread.start()
for _ in range(1000):
    number = conn.domainEventRegisterAny(None, 0, lambda *arguments: None, Thing())
    conn.domainEventDeregisterAny(number)
stop.append(1)
thread.join()
show(alive())
""") == ["0"]
