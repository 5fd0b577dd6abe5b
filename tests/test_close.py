# SPDX-License-Identifier: LGPL-2.1-or-later
"""close() ends everything that was registered through the connection; none of its callbacks runs afterwards."""

import pytest

from checkers import rounds, without_leak_check
from fake import firing
from fake.firing import EVENTS, WAYS
from fixturetypes import PrintsWithArguments, PythonPrints

ROUNDS = rounds(20, 400, "ROUNDS")

prints = firing.prints_after(firing.START + """
def callback(*arguments):
    show("called")
opaque = None
""")


@pytest.mark.parametrize("way", WAYS)
def test_close_ends_a_registration(prints: PrintsWithArguments, way: str) -> None:
    assert prints(f"""
{WAYS[way].register}
{WAYS[way].fire}
stream = None
show(conn.close(), alive(), stream_watchers())
{WAYS[way].fire}
""") == ["called", "0 0 0"]


def test_close_ends_all_registrations(prints: PrintsWithArguments) -> None:
    assert prints("\n".join([*(way.register for way in WAYS.values()), """
for event in range(1, 4):
    conn.domainEventRegisterAny(None, event, callback, None)
show(alive(), stream_watchers())
stream = None
show(conn.close(), alive(), stream_watchers())
"""])) == [f"{len(EVENTS) + 4} 1", "0 0 0"]


def test_close_removes_each_registration_once(prints: PrintsWithArguments) -> None:
    """calls() returns the names of the libvirt functions that were called."""
    assert prints("""
conn.domainEventRegisterAny(None, 0, callback, None)
conn.networkEventRegisterAny(None, 0, callback, None)
gone = conn.networkEventRegisterAny(None, 0, callback, None)
conn.networkEventDeregisterAny(gone)
conn.registerCloseCallback(callback, None)
calls()
conn.close()
show(sorted(calls()))
""") == [str(["virConnectDomainEventDeregisterAny", "virConnectNetworkEventDeregisterAny",
              "virConnectUnregisterCloseCallback"])]


def test_close_removes_nothing_if_nothing_is_registered(prints: PrintsWithArguments) -> None:
    assert prints("""
conn.domainEventRegisterAny(None, 0, callback, None)
conn.domainEventDeregisterAny(0)
conn.domainEventRegister(callback, None)
conn.domainEventDeregister(callback)
conn.registerCloseCallback(callback, None)
conn.unregisterCloseCallback()
stream = conn.newStream(1)
stream.eventAddCallback(1, callback, None)
stream.eventRemoveCallback()
calls()
del stream
show(conn.close(), calls())
""") == ["0 []"]


@pytest.mark.parametrize("way", EVENTS)
def test_removing_a_registration_after_close_does_nothing(prints: PrintsWithArguments, way: str) -> None:
    """Programs often close the connection before they remove their callbacks."""
    register, remove, _ = WAYS[way]
    assert prints(f"""
{register}
conn.close()
calls()
show({remove}, calls())
show({remove})
""") == ["None []", "None"]


@pytest.mark.parametrize("way", [way for way in EVENTS if way != "legacy"])
def test_removing_an_unknown_registration_after_close_raises(prints: PrintsWithArguments, way: str) -> None:
    register, remove, _ = WAYS[way]
    assert prints(f"""
{register}
conn.close()
number = 5
show(raised(lambda: {remove}))
""") == ["libvirtError"]


def test_removing_a_registration_that_was_removed_before_close_raises(prints: PrintsWithArguments) -> None:
    """Only the removal of a registration that close() itself ended is ignored silently."""
    assert prints("""
number = conn.domainEventRegisterAny(None, 0, callback, None)
other = conn.domainEventRegisterAny(None, 0, callback, None)
conn.domainEventDeregisterAny(number)
conn.close()
show(raised(conn.domainEventDeregisterAny, number), raised(conn.domainEventDeregisterAny, other))
""") == ["libvirtError None"]


def test_registration_ids_belong_to_one_connection(prints: PrintsWithArguments) -> None:
    assert prints("""
other = libvirt.open("test:///default")
number = conn.domainEventRegisterAny(None, 0, callback, None)
conn.close()
show(raised(other.domainEventDeregisterAny, number))
""") == ["libvirtError"]


def test_removing_the_close_callback_after_close_raises(prints: PrintsWithArguments) -> None:
    """Only the removal of an event registration is allowed after close()."""
    assert prints("""
conn.registerCloseCallback(callback, None)
conn.close()
show(raised(conn.unregisterCloseCallback))
""") == ["libvirtError"]


def test_a_stream_has_no_callback_after_close(prints: PrintsWithArguments) -> None:
    assert prints("""
stream = conn.newStream(1)
stream.eventAddCallback(1, callback, None)
conn.close()
show(hasattr(stream, "cb"), raised(stream.eventRemoveCallback), fire_stream(1))
""") == ["False libvirtError 0"]


def test_close_empties_the_callback_dictionaries(prints: PrintsWithArguments) -> None:
    assert prints("""
for family in KINDS:
    getattr(conn, family + "EventRegisterAny")(None, 0, callback, None)
libvirt_qemu.qemuMonitorEventRegister(conn, None, None, callback, None)
conn.domainEventRegister(callback, None)
conn.close()
show([getattr(conn, family + "EventCallbackID") for family in KINDS], conn.qemuMonitorEventCallbackID,
     hasattr(conn, "domainEventCallbacks"))
""") == ["[{}, {}, {}, {}, {}] {} False"]


def test_close_ends_registrations_that_share_a_libvirt_callback(python_prints: PythonPrints) -> None:
    assert python_prints(firing.START + """
references = []
for _ in range(3):
    callback = Thing()
    references.append(weakref.ref(callback))
    conn.domainEventRegisterAny(None, 0, callback, None)
numbers = list(conn.domainEventCallbackID)
del callback
show(conn.close(), [conn.domainEventDeregisterAny(number) for number in numbers])
gc.collect()
show([reference() for reference in references])
""", PYTHONPATH=firing.environment()["PYTHONPATH"]) == ["0 [None, None, None]", "[None, None, None]"]


def test_a_with_block_ends_registrations(prints: PrintsWithArguments) -> None:
    assert prints("""
with conn:
    conn.domainEventRegisterAny(None, 0, callback, None)
    fire(DOMAIN)
show(alive())
""") == ["called", "0"]


def test_close_succeeds_if_a_removal_fails(prints: PrintsWithArguments) -> None:
    """The server may be gone. libvirt frees its own part of the registration with the connection."""
    assert prints("""
conn.domainEventRegisterAny(None, 0, callback, None)
conn.registerCloseCallback(callback, None)
fail(2)
show(conn.close())
show(fire(DOMAIN), fire(CLOSE))
""") == ["1", "1 1"]


def test_a_refused_close_callback_is_freed(python_prints: PythonPrints) -> None:
    """Regression test: data registered again after a driver failed to free them stayed until the program's end."""
    assert python_prints(firing.START + """
for _ in range(2):
    conn.registerCloseCallback(Thing(), None)
    conn.unregisterCloseCallback()
callback, opaque = Thing(), Thing()
other = libvirt.open("test:///default")
references = [weakref.ref(thing) for thing in (callback, opaque, other)]
handle, other._o = other._o, None
show(raised(other.registerCloseCallback, callback, opaque))
libvirtmod.virConnectClose(handle)
del callback, opaque, other, handle
gc.collect()
show([reference() for reference in references])
""", **without_leak_check({"PYTHONPATH": firing.environment()["PYTHONPATH"]})) == ["libvirtError", "[None, None, None]"]


def test_a_close_callback_cannot_register_another_one(prints: PrintsWithArguments) -> None:
    """libvirt holds a lock during the callback, so that a registration would wait for it forever."""
    assert prints("""
conn.registerCloseCallback(lambda *arguments: show(raised(conn.registerCloseCallback, callback, None)), None)
calls()
fire(CLOSE)
show(calls(), conn.registerCloseCallback(callback, None))
""") == ["libvirtError", "[] 0"]


def test_a_refused_second_close_callback_keeps_the_first(prints: PrintsWithArguments) -> None:
    assert prints("""
conn.registerCloseCallback(callback, None)
show(raised(conn.registerCloseCallback, callback, None))
show(conn.close(), alive())
""") == ["libvirtError", "0 0"]


def test_a_second_close_callback_does_not_leak(python_prints: PythonPrints) -> None:
    """The test driver accepts the callbacks, but never calls or frees them."""
    assert python_prints(firing.START + """
things = [Thing(), Thing()]
references = [weakref.ref(thing) for thing in things] + [weakref.ref(conn)]
for thing in things:
    conn.registerCloseCallback(thing, thing)
del thing, things[:]
conn.unregisterCloseCallback()
show(conn.close())
del conn
gc.collect()
show([reference() for reference in references])
""", **without_leak_check({"PYTHONPATH": firing.environment()["PYTHONPATH"]})) == ["0", "[None, None, None]"]


# --- close() inside a callback

@pytest.mark.parametrize("way", ["conn.close()", "conn.unregisterCloseCallback()"])
def test_the_close_callback_is_not_removed_while_it_runs(prints: PrintsWithArguments, way: str) -> None:
    """libvirt holds a lock meanwhile and forgets the callback itself; removing it used to deadlock."""
    assert prints(f"""
def callback(*arguments):
    calls()
    {way}
    show("called", calls())
reference = weakref.ref(callback)
conn.registerCloseCallback(callback, callback)
fire(CLOSE)
del callback
gc.collect()
show(reference(), alive(), calls())
""") == ["called []", "None 0 []"]


def test_a_close_callback_that_has_run_is_not_removed_again(prints: PrintsWithArguments) -> None:
    assert prints("""
conn.registerCloseCallback(callback, None)
fire(CLOSE)
calls()
show(conn.close(), calls())
""") == ["called", "0 []"]


@pytest.mark.parametrize("way", WAYS)
def test_a_callback_closes_its_connection(prints: PrintsWithArguments, way: str) -> None:
    assert prints(f"""
def callback(*arguments):
    global stream
    stream = None
    show("called", conn.close() in (0, 1), alive() > 0 or stream_watchers())
{WAYS[way].register}
{WAYS[way].fire}
{WAYS[way].fire}
show(alive(), stream_watchers())
""") == ["called True " + ("0" if way == "stream" else "True"), "0 0"]


@pytest.mark.parametrize("way", EVENTS)
def test_no_other_callback_runs_after_a_callback_closed_the_connection(prints: PrintsWithArguments, way: str) -> None:
    assert prints(f"""
original = callback
def callback(*arguments):
    show("closing", conn.close() is not None)
{WAYS[way].register}
callback = original
try:
    {WAYS[way].register}
except libvirt.libvirtError:
    pass
{WAYS[way].fire}
show(alive())
""") == ["closing True", "0"]


def test_no_callback_with_a_shared_registration_runs_after_close(python_prints: PythonPrints) -> None:
    assert python_prints(firing.START + """
conn.domainEventRegisterAny(None, 0, lambda *arguments: show("closing", conn.close() in (0, 1)), None)
conn.domainEventRegisterAny(None, 0, lambda *arguments: show("second"), None)
other = libvirt.open("test:///default")
seen = []
other.domainEventRegisterAny(None, 0, lambda *arguments: seen.append(1), None)
other.lookupByName("test").destroy()
while not seen:
    libvirt.virEventRunDefaultImpl()
""", PYTHONPATH=firing.environment()["PYTHONPATH"]) == ["closing True"]


def test_the_event_loop_continues_after_a_callback_closed_the_connection(python_prints: PythonPrints) -> None:
    assert python_prints(firing.START + """
for _ in range(3):
    conn = libvirt.open("test:///default")
    domain = conn.lookupByName("test")
    closed = []
    conn.domainEventRegisterAny(None, 0, lambda conn, *others: closed.append(conn.close()), None)
    (domain.destroy if domain.isActive() else domain.create)()
    while not closed:
        libvirt.virEventRunDefaultImpl()
    show(closed, raised(conn.getType))
""", PYTHONPATH=firing.environment()["PYTHONPATH"]) == ["[1] libvirtError"] * 3


# --- threads

def test_close_while_another_thread_delivers_events(prints: PrintsWithArguments) -> None:
    """Regression test: the data of a callback were cleared while another thread was about to call it."""
    assert prints("""
sys.setswitchinterval(1e-6)
stop = []
def firing():
    while not stop:
        for kind in (DOMAIN, DOMAIN, DOMAIN, LEGACY, CLOSE, QEMU):
            fire(kind)
threads = [threading.Thread(target=firing) for _ in range(2)]
for thread in threads:
    thread.start()
callback = lambda *arguments: None
for _ in range(300):
    conn = libvirt.open("test:///default")
    for _ in range(3):
        conn.domainEventRegisterAny(None, 0, callback, None)
    conn.domainEventRegister(callback, None)
    conn.registerCloseCallback(callback, None)
    libvirt_qemu.qemuMonitorEventRegister(conn, None, None, callback, None)
    conn.close()
stop.append(1)
for thread in threads:
    thread.join()
show(alive())
""") == ["0"]


def test_two_threads_can_report_a_lost_connection(prints: PrintsWithArguments) -> None:
    """Regression test: the thread that finished first removed the data that the other thread still needed."""
    assert prints("""
both, waited = threading.Barrier(2), []
conn.registerCloseCallback(lambda *arguments: waited.append(both.wait(60)), None)
threads = [threading.Thread(target=fire, args=(CLOSE,)) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
show(sorted(waited), conn.close(), alive())
""") == ["[0, 1] 0 0"]


def test_close_while_three_threads_make_calls(python_prints: PythonPrints) -> None:
    assert python_prints("""
import sys, threading, time
import libvirt
codes = set()
for _ in range(int(sys.argv[1])):
    conn = libvirt.open("test:///default")
    domain = conn.lookupByName("test")
    calls = [0, 0, 0]
    def call(number):
        try:
            while True:
                conn.getCapabilities()
                conn.listAllDomains()
                domain.XMLDesc()
                calls[number] += 1
        except libvirt.libvirtError as error:
            codes.add(error.get_error_code())
    threads = [threading.Thread(target=call, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    while min(calls) < 1:
        time.sleep(0.0001)
    conn.close()
    for thread in threads:
        thread.join()
print(codes)
""", str(ROUNDS)) == ["{6}"]
