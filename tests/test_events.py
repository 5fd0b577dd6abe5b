# SPDX-License-Identifier: LGPL-2.1-or-later
"""Lifecycle events of the test driver, on libvirt's default event loop.

Each test runs in its own process, because a process has one event loop.
"""

from typing import List

import pytest

from checkers import without_leak_check
from fixturetypes import PrintsWithEnvironment, PythonPrints

START = """
import sys
import libvirt, libvirtmod
libvirt.virEventRegisterDefaultImpl()
conn = libvirt.open("test:///default")
domain = conn.lookupByName("test")
LIFECYCLE = libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE
# Several callbacks for one event and connection share a registration, so tests wait with a second connection.
other = libvirt.open("test:///default")
def run(until):
    while not until():
        libvirt.virEventRunDefaultImpl()
def show(*arguments):
    print(*arguments, flush=True)
"""


@pytest.fixture
def prints(python_prints: PythonPrints) -> PrintsWithEnvironment:
    """Run code after START and return the lines it prints."""
    def run(code: str, **environment: str) -> List[str]:
        return python_prints(START + code, **environment)
    return run


def test_stop_and_start_events_have_their_arguments(prints: PrintsWithEnvironment) -> None:
    """The details are: stopped (5) because destroyed (1), started (2) because booted (0)."""
    assert prints("""
opaque = object()
events = []
def changed(*arguments):
    events.append(arguments)
number = conn.domainEventRegisterAny(None, LIFECYCLE, changed, opaque)
domain.destroy()
run(lambda: len(events) == 1)
domain.create()
run(lambda: len(events) == 2)
for who, what, event, detail, given in events:
    show(who is conn, type(what).__name__, what.name(), what.connect() is conn, event, detail, given is opaque)
show(type(number).__name__, number >= 0)
""") == ["True virDomain test True 5 1 True", "True virDomain test True 2 0 True", "int True"]


def test_consecutive_events_keep_their_order(prints: PrintsWithEnvironment) -> None:
    """The events are: suspended (3), resumed (4), stopped (5), started (2)."""
    assert prints("""
events = []
conn.domainEventRegisterAny(None, LIFECYCLE, lambda conn, domain, event, detail, opaque: events.append(event), None)
domain.suspend()
domain.resume()
domain.destroy()
domain.create()
run(lambda: len(events) == 4)
show(events)
""") == ["[3, 4, 5, 2]"]


def test_each_connection_gets_its_own_domain_object(prints: PrintsWithEnvironment) -> None:
    """Regression test: two callbacks shared one reference, and each freed it."""
    assert prints("""
kept = []
for connection in (conn, other, libvirt.open("test:///default")):
    connection.domainEventRegisterAny(None, LIFECYCLE, lambda conn, domain, *others: kept.append(domain), None)
domain.destroy()
run(lambda: len(kept) == 3)
first = kept.pop()
show(first.name(), len({id(item) for item in kept} | {id(first)}))
del first
show([item.isActive() for item in kept])
""") == ["test 3", "[0, 0]"]


def test_only_events_of_the_watched_domain_are_delivered(prints: PrintsWithEnvironment) -> None:
    assert prints("""
second = conn.defineXML("<domain type='test'><name>other</name><memory>1024</memory><os><type>hvm</type></os></domain>")
watched, every = [], []
conn.domainEventRegisterAny(second, LIFECYCLE, lambda conn, domain, *others: watched.append(domain.name()), None)
conn.domainEventRegisterAny(None, LIFECYCLE, lambda conn, domain, *others: every.append(domain.name()), None)
domain.destroy()
second.create()
run(lambda: len(every) == 2)
show(sorted(every), watched)
""") == ["['other', 'test'] ['other']"]


def test_no_event_arrives_after_deregistration(prints: PrintsWithEnvironment) -> None:
    assert prints("""
gone, stays = [], []
number = conn.domainEventRegisterAny(None, LIFECYCLE, lambda *arguments: gone.append(arguments), None)
other.domainEventRegisterAny(None, LIFECYCLE, lambda *arguments: stays.append(arguments), None)
domain.destroy()
run(lambda: stays)
show(len(gone), conn.domainEventDeregisterAny(number))
domain.create()
run(lambda: len(stays) == 2)
show(len(gone))
""") == ["1 None", "1"]


def test_deregistering_an_unknown_callback_raises(prints: PrintsWithEnvironment) -> None:
    assert prints("""
try:
    conn.domainEventDeregisterAny(77)
except libvirt.libvirtError as error:
    show(error.get_error_code() is not None)
""") == ["True"]


def test_close_after_all_callbacks_were_removed(prints: PrintsWithEnvironment) -> None:
    assert prints("""
marker = []
number = conn.domainEventRegisterAny(None, LIFECYCLE, lambda *arguments: marker.append(1), None)
domain.destroy()
run(lambda: marker)
conn.domainEventDeregisterAny(number)
domain.create()
del domain
again = []
other.domainEventRegisterAny(None, LIFECYCLE, lambda *arguments: again.append(1), None)
other.lookupByName("test").destroy()
run(lambda: again)
show(conn.close())
""") == ["0"]


def test_the_dispatcher_of_a_subclass_is_called(prints: PrintsWithEnvironment) -> None:
    assert prints("""
class Mine(libvirt.virConnect):
    def _dispatchDomainEventLifecycleCallback(self, dom, event, detail, cbData):
        show("dispatched", type(dom).__name__, event, detail, sorted(cbData))
        return super()._dispatchDomainEventLifecycleCallback(dom, event, detail, cbData)
mine = Mine(conn._o)
marker = []
mine.domainEventRegisterAny(None, LIFECYCLE, lambda who, *arguments: marker.append(who), 3)
domain.destroy()
run(lambda: marker)
show(marker[0] is mine)
""") == ["dispatched PyCapsule 5 1 ['cb', 'conn', 'opaque']", "True"]


def test_the_connection_has_a_dictionary_of_registrations(prints: PrintsWithEnvironment) -> None:
    assert prints("""
number = conn.domainEventRegisterAny(None, LIFECYCLE, lambda *arguments: None, "mine")
show(conn.domainEventCallbackID == {number: "mine"})
conn.domainEventDeregisterAny(number)
show(conn.domainEventCallbackID)
""") == ["True", "{}"]


@pytest.mark.parametrize("number", [999, -1, 2 ** 31 - 1])
def test_an_unknown_event_is_refused(prints: PrintsWithEnvironment, number: int) -> None:
    first, second = prints(f"""
try:
    conn.domainEventRegisterAny(None, {number}, lambda *arguments: None, None)
except libvirt.libvirtError as error:
    show(error.code, error.message == str(error), error)
show(conn.domainEventCallbackID)
""")
    assert first.startswith(f"8 True there is no event {number} of a virDomain: eventID must be 0 to 2")
    assert second == "{}"


def test_a_callback_may_remove_its_own_registration(prints: PrintsWithEnvironment) -> None:
    assert prints("""
marker = []
def once(conn, domain, event, detail, opaque):
    marker.append(event)
    conn.domainEventDeregisterAny(opaque[0])
opaque = []
opaque.append(conn.domainEventRegisterAny(None, LIFECYCLE, once, opaque))
after = []
other.domainEventRegisterAny(None, LIFECYCLE, lambda *arguments: after.append(1), None)
domain.destroy()
domain.create()
run(lambda: len(after) == 2)
show(marker)
""") == ["[5]"]


def test_registering_an_event_without_a_loop_raises(python_prints: PythonPrints) -> None:
    assert python_prints("""
import libvirt
conn = libvirt.open("test:///default")
try:
    conn.domainEventRegisterAny(None, libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE, lambda *arguments: None, None)
except libvirt.libvirtError as error:
    print(error.get_error_code())
""") == ["1"]


def test_the_default_loop_may_be_registered_twice(prints: PrintsWithEnvironment) -> None:
    assert prints("show(libvirt.virEventRegisterDefaultImpl())") == ["0"]


def test_network_events_have_their_own_dispatcher(prints: PrintsWithEnvironment) -> None:
    """The events are: stopped (3), started (2)."""
    assert prints("""
events = []
network = conn.networkLookupByName("default")
conn.networkEventRegisterAny(None, libvirt.VIR_NETWORK_EVENT_ID_LIFECYCLE,
                             lambda conn, net, event, detail, opaque: events.append((net.name(), event, detail)), None)
network.destroy()
network.create()
run(lambda: len(events) == 2)
show(events)
""") == ["[('default', 3, 0), ('default', 2, 0)]"]


def test_registrations_of_all_kinds_have_different_ids(prints: PrintsWithEnvironment) -> None:
    assert prints("""
nothing = lambda *arguments: None
first = conn.domainEventRegisterAny(None, LIFECYCLE, nothing, None)
second = conn.domainEventRegisterAny(None, libvirt.VIR_DOMAIN_EVENT_ID_REBOOT, nothing, None)
third = conn.networkEventRegisterAny(None, libvirt.VIR_NETWORK_EVENT_ID_LIFECYCLE, nothing, None)
show(len({first, second, third}))
""") == ["3"]


def test_no_output_if_an_event_is_pending_at_exit(prints: PrintsWithEnvironment) -> None:
    assert prints("""
conn.domainEventRegisterAny(None, LIFECYCLE, lambda *arguments: show("event"), domain)
domain.destroy()
""") == []


def test_no_output_if_another_thread_delivers_events_at_exit(prints: PrintsWithEnvironment) -> None:
    for _ in range(5):
        assert prints("""
import threading, time
count = []
def changed(*arguments):
    count.append(1)
conn.domainEventRegisterAny(None, LIFECYCLE, changed, None)
def loop():
    while True:
        libvirt.virEventRunDefaultImpl()
def work():
    while True:
        domain.destroy()
        domain.create()
threading.Thread(target=loop, daemon=True).start()
threading.Thread(target=work, daemon=True).start()
while len(count) < 20:
    time.sleep(0.01)
show("done")
""", **without_leak_check()) == ["done"]
