# SPDX-License-Identifier: LGPL-2.1-or-later
"""Registering and deregistering events: callback IDs, dictionaries, and callbacks that share a registration.

libvirt accepts one registration for each event and object. Further callbacks
for the same event and object share the first registration.
"""

from typing import TYPE_CHECKING, List

import pytest

from fake import firing
from fixturetypes import PrintsWithArguments, PythonPrints

if TYPE_CHECKING:
    import libvirt

FAMILIES = ("domain", "network", "storagePool", "nodeDevice", "secret")
# Families for which the test driver has events, with an object to watch.
OF_DRIVER = {"domain": "conn.lookupByName('test')", "network": "conn.networkLookupByName('default')",
             "storagePool": "conn.storagePoolLookupByName('default-pool')",
             "nodeDevice": "conn.nodeDeviceLookupByName('computer')"}
# For each family, arguments of a registration that is not shared with (None, 0).
ANOTHER = {"domain": "None, 1", "network": "conn.networkLookupByName('default'), 0", "storagePool": "None, 1",
           "nodeDevice": "None, 1", "secret": "None, 1"}
SHARED = 2 ** 30


prints = firing.prints_after(firing.START)


@pytest.fixture
def driver_prints(python_prints: PythonPrints) -> PrintsWithArguments:
    """Run a program on the test driver's own events and return the lines it prints."""
    def run(code: str, *arguments: str) -> List[str]:
        return python_prints(firing.START + """
LIFECYCLE = libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE
domain = conn.lookupByName("test")
last = libvirt.open("test:///default")
turns = []
last.domainEventRegisterAny(None, LIFECYCLE, lambda *arguments: turns.append(1), None)
# Start or stop the domain, and deliver the event to all callbacks.
def event():
    (domain.destroy if domain.isActive() else domain.create)()
    before = len(turns)
    while len(turns) == before:
        libvirt.virEventRunDefaultImpl()
def telling(name):
    return lambda conn, dom, event, detail, opaque: show(name, event, opaque)
""" + code, *arguments, PYTHONPATH=firing.environment()["PYTHONPATH"])
    return run


# --- callback IDs and dictionaries

@pytest.mark.parametrize("family", FAMILIES)
def test_the_id_is_that_of_libvirt(prints: PrintsWithArguments, family: str) -> None:
    assert prints(f"""
register = getattr(conn, sys.argv[1] + "EventRegisterAny")
show(register(None, 0, Thing(), None), register({ANOTHER[family]}, Thing(), None))
""", family) == ["0 1"]


@pytest.mark.parametrize("family", FAMILIES)
def test_the_dictionary_maps_ids_to_opaque(prints: PrintsWithArguments, family: str) -> None:
    assert prints(f"""
family = sys.argv[1]
register, deregister = (getattr(conn, family + name) for name in ("EventRegisterAny", "EventDeregisterAny"))
show(hasattr(conn, family + "EventCallbackID"))
register(None, 0, Thing(), "a"), register({ANOTHER[family]}, Thing(), None)
show(getattr(conn, family + "EventCallbackID"))
show(deregister(0), getattr(conn, family + "EventCallbackID"))
show(deregister(1), getattr(conn, family + "EventCallbackID"))
""", family) == ["False", "{0: 'a', 1: None}", "None {1: None}", "None {}"]


def test_each_family_has_its_own_dictionary(prints: PrintsWithArguments) -> None:
    assert prints("""
for family in KINDS:
    getattr(conn, family + "EventRegisterAny")(None, 0, Thing(), family)
show([getattr(conn, family + "EventCallbackID") for family in KINDS])
""") == ["[{0: 'domain'}, {1: 'network'}, {2: 'storagePool'}, {3: 'nodeDevice'}, {4: 'secret'}]"]


@pytest.mark.parametrize("family", FAMILIES)
def test_a_failed_registration_leaves_an_empty_dictionary(prints: PrintsWithArguments, family: str) -> None:
    assert prints("""
family = sys.argv[1]
callback, opaque = Thing(), Thing()
gone = weakref.ref(callback), weakref.ref(opaque)
fail()
try:
    getattr(conn, family + "EventRegisterAny")(None, 0, callback, opaque)
except libvirt.libvirtError as error:
    show(error.err is not None)
    del error
del callback, opaque
gc.collect()
show(getattr(conn, family + "EventCallbackID"), [item() for item in gone], alive())
show(getattr(conn, family + "EventRegisterAny")(None, 0, Thing(), None))
""", family) == ["True", "{} [None, None] 0", "0"]


@pytest.mark.parametrize("family", FAMILIES)
def test_a_failed_removal_changes_nothing(prints: PrintsWithArguments, family: str) -> None:
    assert prints("""
family = sys.argv[1]
register, deregister = (getattr(conn, family + name) for name in ("EventRegisterAny", "EventDeregisterAny"))
number = register(None, 0, lambda *arguments: show("called"), "a")
fail()
show(raised(deregister, number), getattr(conn, family + "EventCallbackID"), alive())
fire(KINDS[family])
show(deregister(number), getattr(conn, family + "EventCallbackID"), alive())
""", family) == ["libvirtError {0: 'a'} 1", "called", "None {} 0"]


@pytest.mark.parametrize("family", FAMILIES)
def test_deregistering_an_unknown_id_raises(prints: PrintsWithArguments, family: str) -> None:
    assert prints("""
family = sys.argv[1]
deregister = getattr(conn, family + "EventDeregisterAny")
show(raised(deregister, 5), hasattr(conn, family + "EventCallbackID"))
getattr(conn, family + "EventRegisterAny")(None, 0, Thing(), None)
show(raised(deregister, 5), raised(deregister, -1), raised(deregister, 2 ** 31), raised(deregister, None))
""", family) == ["libvirtError False", "libvirtError libvirtError OverflowError TypeError"]


@pytest.mark.parametrize("family", FAMILIES)
def test_an_id_can_be_deregistered_once(prints: PrintsWithArguments, family: str) -> None:
    assert prints("""
family = sys.argv[1]
register, deregister = (getattr(conn, family + name) for name in ("EventRegisterAny", "EventDeregisterAny"))
number = register(None, 0, Thing(), None)
show(deregister(number), raised(deregister, number))
""", family) == ["None libvirtError"]


def test_a_registration_of_the_c_module_can_be_removed_by_a_method(prints: PrintsWithArguments) -> None:
    """libvirt removes it, whether or not the dictionary contains it."""
    assert prints("""
data = {"cb": Thing(), "conn": conn, "opaque": None}
number = libvirtmod.virConnectDomainEventRegisterAny(conn._o, None, 0, data)
show(number, conn.domainEventDeregisterAny(number), alive())
conn.domainEventRegisterAny(None, 0, Thing(), None)
number = libvirtmod.virConnectDomainEventRegisterAny(conn._o, None, 0, data)
show(number, conn.domainEventDeregisterAny(number), alive())
""") == ["0 None 0", "2 None 1"]


def test_the_c_module_does_not_share_registrations(prints: PrintsWithArguments) -> None:
    assert prints("""
data = {"cb": None, "conn": conn, "opaque": None}
show([libvirtmod.virConnectDomainEventRegisterAny(conn._o, None, 0, data) for _ in range(2)], alive())
show([libvirtmod.virConnectDomainEventDeregisterAny(conn._o, number) for number in (0, 1)], alive())
show(libvirtmod.virConnectDomainEventDeregisterAny(conn._o, 0))
""") == ["[0, 1] 2", "[0, 0] 0", "-1"]


def test_ids_belong_to_one_connection(prints: PrintsWithArguments) -> None:
    assert prints("""
other = libvirt.open("test:///default")
number = conn.domainEventRegisterAny(None, 0, Thing(), None)
show(raised(other.domainEventDeregisterAny, number), conn.domainEventDeregisterAny(number))
""") == ["libvirtError None"]


def test_the_object_to_watch_must_have_the_right_type(prints: PrintsWithArguments) -> None:
    assert prints("""
network = conn.networkLookupByName("default")
for subject in (5, conn._o, network):
    show(raised(conn.domainEventRegisterAny, subject, 0, Thing(), None))
show(alive())
""") == ["TypeError", "TypeError", "TypeError", "0"]


@pytest.mark.parametrize("family, parameter, kind", [
    ("domain", "dom", "virDomain"), ("network", "net", "virNetwork"), ("storagePool", "pool", "virStoragePool"),
    ("nodeDevice", "dev", "virNodeDevice"), ("secret", "secret", "virSecret")])
@pytest.mark.parametrize("subject, shown", [("'test'", "str"), ("conn", "virConnect"), ("object()", "object")])
def test_the_message_names_the_argument_and_the_right_type(prints: PrintsWithArguments, family: str, parameter: str,
                                                           kind: str, subject: str, shown: str) -> None:
    assert prints(f"""
try:
    conn.{family}EventRegisterAny({subject}, 0, Thing(), None)
except TypeError as error:
    show(error)
""") == [f"virConnect.{family}EventRegisterAny(): argument '{parameter}' must be a {kind}, not {shown}"]


@pytest.mark.parametrize("call, function", [
    *((f"conn.{family}EventRegisterAny(None, 0, {{}}, None)", f"virConnect.{family}EventRegisterAny")
      for family in ("domain", "network", "storagePool", "nodeDevice", "secret")),
    ("conn.domainEventRegister({}, None)", "virConnect.domainEventRegister"),
    ("conn.registerCloseCallback({}, None)", "virConnect.registerCloseCallback"),
    ("conn.newStream(1).eventAddCallback(1, {}, None)", "virStream.eventAddCallback"),
    ("libvirt_qemu.qemuMonitorEventRegister(conn, None, None, {}, None)", "qemuMonitorEventRegister"),
    ("libvirt.virEventAddHandle(0, 1, {}, None)", "virEventAddHandle"),
    ("libvirt.virEventAddTimeout(0, {}, None)", "virEventAddTimeout")])
def test_a_callback_must_be_callable(prints: PrintsWithArguments, call: str, function: str) -> None:
    """Regression test: the error was reported only when the first event arrived."""
    assert prints(f"""
for cb in None, 5:
    try:
        {call.format("cb")}
    except TypeError as error:
        show(error)
show(alive())
""") == [*(f"{function}(): argument 'cb' must be callable, not {shown}" for shown in ("None", "int")), "0"]


@pytest.mark.parametrize("arguments", ["", "None", "None, 0", "None, 0, None", "None, 0, None, None, None"])
def test_all_arguments_are_required(conn: "libvirt.virConnect", arguments: str) -> None:
    with pytest.raises(TypeError):
        eval(f"conn.domainEventRegisterAny({arguments})")


def test_argument_names(prints: PrintsWithArguments) -> None:
    assert prints("""
show(conn.domainEventRegisterAny(dom=None, eventID=0, cb=Thing(), opaque=1))
show(conn.networkEventRegisterAny(net=None, eventID=0, cb=Thing(), opaque=1))
show(conn.storagePoolEventRegisterAny(pool=None, eventID=0, cb=Thing(), opaque=1))
show(conn.nodeDeviceEventRegisterAny(dev=None, eventID=0, cb=Thing(), opaque=1))
show(conn.secretEventRegisterAny(secret=None, eventID=0, cb=Thing(), opaque=1))
show(conn.domainEventDeregisterAny(callbackID=0), conn.registerCloseCallback(cb=Thing(), opaque=None))
show(conn.domainEventRegister(cb=show, opaque=None), conn.domainEventDeregister(cb=show))
""") == ["0", "1", "2", "3", "4", "None 0", "None None"]


@pytest.mark.parametrize("order", ["0, 1, 2", "0, 2, 1", "2, 1, 0", "1, 2, 0"])
def test_registrations_of_one_event_can_be_removed_in_any_order(prints: PrintsWithArguments, order: str) -> None:
    assert prints(f"""
numbers = [conn.domainEventRegisterAny(None, 0, Thing(), None) for _ in range(3)]
for place in ({order}):
    conn.domainEventDeregisterAny(numbers[place])
show(conn.domainEventCallbackID, alive())
""") == ["{} 0"]


# --- several callbacks for one libvirt registration

def test_a_second_callback_has_an_id_above_those_of_libvirt(driver_prints: PrintsWithArguments) -> None:
    assert driver_prints(f"""
numbers = [conn.domainEventRegisterAny(None, LIFECYCLE, telling(name), name) for name in "abc"]
show(numbers[0] < {SHARED}, [number - {SHARED} for number in numbers[1:]])
show(list(conn.domainEventCallbackID.values()))
event()
""") == ["True [0, 1]", "['a', 'b', 'c']", "a 5 a", "b 5 b", "c 5 c"]


def test_one_callback_may_be_registered_twice(driver_prints: PrintsWithArguments) -> None:
    assert driver_prints("""
callback = telling("one")
numbers = [conn.domainEventRegisterAny(None, LIFECYCLE, callback, opaque) for opaque in "ab"]
event()
conn.domainEventDeregisterAny(numbers[1])
event()
""") == ["one 5 a", "one 5 b", "one 2 a"]


@pytest.mark.parametrize("order", ["012", "021", "102", "120", "201", "210"])
def test_callbacks_that_share_can_be_removed_in_any_order(driver_prints: PrintsWithArguments, order: str) -> None:
    """When the first callback is removed, the others keep using libvirt's registration."""
    names = "abc"
    left = [[name for name in names if name not in {names[int(n)] for n in order[:count]}] for count in (1, 2, 3)]
    assert driver_prints("""
numbers = [conn.domainEventRegisterAny(None, LIFECYCLE, telling(name), name) for name in "abc"]
for place in map(int, sys.argv[1]):
    conn.domainEventDeregisterAny(numbers[place])
    show(sorted(conn.domainEventCallbackID.values()))
    event()
""", order) == [line for stage, names in enumerate(left)
                for line in [str(names), *(f"{name} {(5, 2)[stage % 2]} {name}" for name in names)]]


def test_removing_the_last_callback_removes_the_registration(driver_prints: PrintsWithArguments) -> None:
    assert driver_prints("""
numbers = [conn.domainEventRegisterAny(None, LIFECYCLE, telling(name), name) for name in "ab"]
for number in numbers:
    conn.domainEventDeregisterAny(number)
event()
show(conn.domainEventRegisterAny(None, LIFECYCLE, telling("new"), "new") < 2 ** 30, conn.domainEventCallbackID)
event()
""")[1:] == ["new 2 new"]


def test_ids_of_shared_callbacks_are_not_reused(driver_prints: PrintsWithArguments) -> None:
    assert driver_prints("""
conn.domainEventRegisterAny(None, LIFECYCLE, telling("a"), None)
seen = set()
for _ in range(3):
    number = conn.domainEventRegisterAny(None, LIFECYCLE, telling("b"), None)
    seen.add(number)
    conn.domainEventDeregisterAny(number)
    show(raised(conn.domainEventDeregisterAny, number))
show(len(seen))
""") == ["libvirtError"] * 3 + ["3"]


def test_a_callback_can_be_replaced_without_losing_events(driver_prints: PrintsWithArguments) -> None:
    """Registering the new callback before removing the old one loses no event."""
    assert driver_prints("""
old = conn.domainEventRegisterAny(None, LIFECYCLE, telling("old"), None)
new = conn.domainEventRegisterAny(None, LIFECYCLE, telling("new"), None)
conn.domainEventDeregisterAny(old)
event()
conn.domainEventDeregisterAny(new)
event()
""") == ["new 5 None"]


@pytest.mark.parametrize("family", OF_DRIVER)
def test_every_family_shares_registrations(driver_prints: PrintsWithArguments, family: str) -> None:
    assert driver_prints(f"""
family = {family!r}
register, deregister = (getattr(conn, family + name) for name in ("EventRegisterAny", "EventDeregisterAny"))
for subject in (None, {OF_DRIVER[family]}):
    numbers = [register(subject, 0, Thing(), None) for _ in range(2)]
    show(numbers[0] < {SHARED}, numbers[1] >= {SHARED})
    for number in numbers:
        deregister(number)
show(getattr(conn, family + "EventCallbackID"))
""") == ["True True"] * 2 + ["{}"]


def test_only_registrations_of_the_same_event_and_object_are_shared(driver_prints: PrintsWithArguments) -> None:
    assert driver_prints(f"""
second = conn.defineXML("<domain type='test'><name>b</name><memory>1024</memory><os><type>hvm</type></os></domain>")
places = [(None, 0), (domain, 0), (second, 0), (None, 1), (domain, 1)]
show([conn.domainEventRegisterAny(*place, Thing(), None) < {SHARED} for place in places])
show([conn.domainEventRegisterAny(*place, Thing(), None) < {SHARED} for place in places])
""") == [str([True] * 5), str([False] * 5)]


def test_different_wrappers_of_one_object_share_a_registration(driver_prints: PrintsWithArguments) -> None:
    assert driver_prints("""
conn.domainEventRegisterAny(conn.lookupByName("test"), LIFECYCLE, telling("a"), None)
conn.domainEventRegisterAny(conn.lookupByUUID(domain.UUID()), LIFECYCLE, telling("b"), None)
event()
""") == ["a 5 None", "b 5 None"]


def test_a_refusal_for_another_reason_raises(driver_prints: PrintsWithArguments) -> None:
    """Only a refusal because of a duplicate leads to sharing."""
    assert driver_prints("""
conn.domainEventRegisterAny(None, LIFECYCLE, telling("a"), None)
conn.close()
show(raised(conn.domainEventRegisterAny, None, LIFECYCLE, telling("b"), None))
""") == ["libvirtError"]


# --- changes inside a callback

def test_a_callback_removes_itself(prints: PrintsWithArguments) -> None:
    assert prints("""
def once(conn, dom, event, detail, opaque):
    show("called", conn.domainEventDeregisterAny(0), conn.domainEventCallbackID)
conn.domainEventRegisterAny(None, 0, once, None)
show(fire(DOMAIN), fire(DOMAIN), alive())
""") == ["called None {}", "1 0 0"]


def test_a_callback_removes_the_next_one(prints: PrintsWithArguments) -> None:
    assert prints("""
conn.domainEventRegisterAny(None, 0, lambda *arguments: show("first", conn.domainEventDeregisterAny(1)), None)
conn.domainEventRegisterAny(None, 1, lambda *arguments: show("second"), None)
fire(DOMAIN)
show(alive())
""") == ["first None", "1"]


def test_a_callback_removes_the_next_one_of_a_shared_registration(driver_prints: PrintsWithArguments) -> None:
    """Regression test: the callback was called once more after its removal."""
    assert driver_prints("""
def first(*arguments):
    show("first", conn.domainEventDeregisterAny(numbers.pop()))
numbers = []
conn.domainEventRegisterAny(None, LIFECYCLE, first, None)
numbers.append(conn.domainEventRegisterAny(None, LIFECYCLE, telling("second"), None))
event()
""") == ["first None"]


def test_a_callback_of_a_shared_registration_removes_itself(driver_prints: PrintsWithArguments) -> None:
    assert driver_prints("""
def second(*arguments):
    show("second", conn.domainEventDeregisterAny(numbers.pop()))
numbers = []
conn.domainEventRegisterAny(None, LIFECYCLE, telling("first"), None)
numbers.append(conn.domainEventRegisterAny(None, LIFECYCLE, second, None))
conn.domainEventRegisterAny(None, LIFECYCLE, telling("third"), None)
event()
event()
""") == ["first 5 None", "second None", "third 5 None", "first 2 None", "third 2 None"]


def test_the_first_callback_of_a_shared_registration_removes_itself(driver_prints: PrintsWithArguments) -> None:
    """The next callback keeps using libvirt's registration, and is called once for the current event."""
    assert driver_prints("""
def first(*arguments):
    show("first", conn.domainEventDeregisterAny(numbers.pop()))
numbers = [conn.domainEventRegisterAny(None, LIFECYCLE, first, None)]
conn.domainEventRegisterAny(None, LIFECYCLE, telling("second"), 2)
conn.domainEventRegisterAny(None, LIFECYCLE, telling("third"), 3)
event()
event()
""") == ["first None", "second 5 2", "third 5 3", "second 2 2", "third 2 3"]


def test_a_callback_removes_all_callbacks_of_a_shared_registration(driver_prints: PrintsWithArguments) -> None:
    assert driver_prints("""
def first(*arguments):
    for number in list(conn.domainEventCallbackID):
        conn.domainEventDeregisterAny(number)
    show("first", conn.domainEventCallbackID)
conn.domainEventRegisterAny(None, LIFECYCLE, first, None)
for name in "bc":
    conn.domainEventRegisterAny(None, LIFECYCLE, telling(name), None)
event()
event()
""") == ["first {}"]


def test_a_callback_registers_another(driver_prints: PrintsWithArguments) -> None:
    """The new callback is called from the next event on."""
    assert driver_prints("""
def first(conn, dom, event, detail, opaque):
    show("first", event)
    if event == 5:
        conn.domainEventRegisterAny(None, LIFECYCLE, telling("new"), None)
conn.domainEventRegisterAny(None, LIFECYCLE, first, None)
event()
event()
""") == ["first 5", "first 2", "new 2 None"]


def test_a_callback_that_raises_does_not_stop_others_of_its_registration(driver_prints: PrintsWithArguments) -> None:
    assert driver_prints("""
sys.excepthook = lambda kind, value, traceback: show(kind.__name__)
conn.domainEventRegisterAny(None, LIFECYCLE, lambda *arguments: 1 / 0, None)
conn.domainEventRegisterAny(None, LIFECYCLE, lambda *arguments: 1 / 0, None)
conn.domainEventRegisterAny(None, LIFECYCLE, telling("third"), None)
event()
""") == ["ZeroDivisionError", "ZeroDivisionError", "third 5 None"]


def test_events_can_be_nested(prints: PrintsWithArguments) -> None:
    """A callback may run the event loop, so that events arrive while one is being delivered."""
    assert prints("""
def seen(conn, dom, event, detail, opaque):
    show("begin", len(depth))
    depth.append(1)
    if len(depth) < 3:
        fire(DOMAIN)
    show("end")
depth = []
conn.domainEventRegisterAny(None, 0, seen, None)
fire(DOMAIN)
""") == ["begin 0", "begin 1", "begin 2", "end", "end", "end"]


def test_many_threads_register_and_remove(prints: PrintsWithArguments) -> None:
    assert prints("""
def work():
    for _ in range(200):
        number = conn.domainEventRegisterAny(None, 0, Thing(), Thing())
        conn.domainEventDeregisterAny(number)
threads = [threading.Thread(target=work) for _ in range(4)]
for thread in threads:
    thread.start()
while any(thread.is_alive() for thread in threads):
    fire(DOMAIN)
show(conn.domainEventCallbackID, alive())
""") == ["{} 0"]
