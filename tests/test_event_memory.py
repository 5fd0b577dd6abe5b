# SPDX-License-Identifier: LGPL-2.1-or-later
"""What events keep alive, for how long, and where it is let go."""

import pytest

from checkers import NO_GIL, without_leak_check
from fake import firing
from fixturetypes import PrintsWithArguments, PythonPrints

# How each kind of callback is registered and removed.
WAYS = {
    "domain": ("conn.domainEventRegisterAny(None, 0, callback, opaque)", "conn.domainEventDeregisterAny(0)", "DOMAIN"),
    "network": ("conn.networkEventRegisterAny(None, 0, callback, opaque)", "conn.networkEventDeregisterAny(0)",
                "NETWORK"),
    "pool": ("conn.storagePoolEventRegisterAny(None, 0, callback, opaque)", "conn.storagePoolEventDeregisterAny(0)",
             "POOL"),
    "device": ("conn.nodeDeviceEventRegisterAny(None, 0, callback, opaque)", "conn.nodeDeviceEventDeregisterAny(0)",
               "DEVICE"),
    "secret": ("conn.secretEventRegisterAny(None, 0, callback, opaque)", "conn.secretEventDeregisterAny(0)", "SECRET"),
    "old": ("conn.domainEventRegister(callback, opaque)", "conn.domainEventDeregister(references[0]())", "LEGACY"),
    "close": ("conn.registerCloseCallback(callback, opaque)", "conn.unregisterCloseCallback()", "CLOSE"),
    "qemu": ("libvirt_qemu.qemuMonitorEventRegister(conn, None, None, callback, opaque)",
             "libvirt_qemu.qemuMonitorEventDeregister(conn, 0)", "QEMU"),
}

MEMORY = firing.START + """
callback, opaque = Thing(), Thing()
references = weakref.ref(callback), weakref.ref(opaque), weakref.ref(conn)
def left():
    gc.collect()
    return [reference() is not None for reference in references]
"""


prints = firing.prints_behind(MEMORY)


# libvirt forgets a close callback once it was called.
LASTING = [way for way in WAYS if way != "close"]


@pytest.mark.parametrize("way", WAYS)
def test_callback_and_opaque_live_as_long_as_the_registration(prints: PrintsWithArguments, way: str) -> None:
    register, remove, kind = WAYS[way]
    assert prints(f"""
{register}
del callback, opaque
{f"fire({kind})" if way in LASTING else ""}
show(left())
{remove}
show(left(), alive())
""") == ["[True, True, True]", "[False, False, True] 0"]


def test_a_close_callback_is_let_go_once_it_was_called(prints: PrintsWithArguments) -> None:
    assert prints("""
callback = lambda *arguments: show("called")
conn.registerCloseCallback(callback, opaque)
del callback, opaque, conn
show(left()[1:])
fire(CLOSE)
show(left()[1:], alive())
""") == ["[True, True]", "called", "[False, False] 0"]


@pytest.mark.parametrize("way", LASTING)
def test_a_connection_that_is_dropped_stays_while_it_is_registered(prints: PrintsWithArguments, way: str) -> None:
    """And still gets its events."""
    register, remove, kind = WAYS[way]
    assert prints(f"""
callback = lambda *arguments: show("called")
{register}
del conn
gc.collect()
show(fire({kind}), alive(), references[2]().getType())
conn = references[2]()
references = (lambda: callback,) + references[1:]
{remove}
del conn
gc.collect()
show(references[2](), alive())
""") == ["called", "1 1 TEST", "None 0"]


@pytest.mark.parametrize("way", WAYS)
def test_a_connection_that_is_closed_lets_go_of_all(prints: PrintsWithArguments, way: str) -> None:
    register, _, kind = WAYS[way]
    assert prints(f"""
{register}
del callback, opaque
show(conn.close(), left(), alive())
del conn
show(left())
""") == ["0 [False, False, True] 0", "[False, False, False]"]


@pytest.mark.parametrize("way", WAYS)
def test_a_failed_registration_keeps_nothing(prints: PrintsWithArguments, way: str) -> None:
    register, _, _ = WAYS[way]
    assert prints(f"""
fail()
try:
    {register}
except libvirt.libvirtError:
    pass
del callback, opaque, conn
show(left(), alive())
""") == ["[False, False, False] 0"]


@pytest.mark.parametrize("way", WAYS)
def test_what_is_let_go_may_call_libvirt(prints: PrintsWithArguments, way: str) -> None:
    """libvirt frees callback data under its own lock, which a destructor then waited for; the fake aborts there."""
    register, remove, _ = WAYS[way]
    assert prints(f"""
class Calling(Thing):
    def __del__(self):
        show("freed", raised(conn.domainEventDeregisterAny, other))
callback = show
references = (lambda: callback,)
opaque = Calling()
{register}
other = conn.domainEventRegisterAny(None, 0, Thing(), None)
del opaque
{remove}
show(alive())
""") == ["freed None", "0"]


@pytest.mark.parametrize("family", ["Domain", "Network", "StoragePool", "NodeDevice", "Secret"])
def test_what_is_let_go_below_may_call_libvirt(prints: PrintsWithArguments, family: str) -> None:
    """There nothing but libvirt holds the data."""
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


def test_it_is_let_go_in_the_thread_that_removes(prints: PrintsWithArguments) -> None:
    told = prints("""
class Telling(Thing):
    def __del__(self):
        show(threading.current_thread().name)
conn.domainEventRegisterAny(None, 0, callback, Telling())
thread = threading.Thread(target=conn.domainEventDeregisterAny, args=(0,), name="worker")
thread.start()
thread.join()
""")
    # Without a GIL Python may leave that to the thread that made it.
    assert told == ["worker"] or (NO_GIL and told == ["MainThread"])


def test_it_is_let_go_soon_when_libvirt_frees_it_by_itself(prints: PrintsWithArguments) -> None:
    """A thread of libvirt's drops it, and no call of ours sees it: the main thread lets go."""
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


def test_it_is_let_go_by_the_loop(python_prints: PythonPrints) -> None:
    """The test driver frees in a later turn of the loop."""
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


def test_close_callbacks_that_the_driver_never_frees_take_no_more_memory(python_prints: PythonPrints) -> None:
    """The test driver takes them and forgets them; an empty dict was left of each."""
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


def test_callbacks_that_share_are_let_go_one_by_one(python_prints: PythonPrints) -> None:
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
def test_what_is_watched_can_be_freed(prints: PrintsWithArguments, family: str, kind: str) -> None:
    """It holds the connection, whose close() would tell."""
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


def test_what_an_event_carried_is_let_go(prints: PrintsWithArguments) -> None:
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


def test_an_event_is_not_delivered_to_what_is_being_let_go(prints: PrintsWithArguments) -> None:
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
