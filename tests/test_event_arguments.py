# SPDX-License-Identifier: LGPL-2.1-or-later
"""The arguments of each event's callback, with a fake libvirt that fires all events.

The expected values are those in fake/fake_event_data.c; the expected types are
those that existing programs rely on.
"""

import ast
from typing import Any, Dict, List, Tuple

import pytest

from checkers import INTERPRETER, PATIENCE
from fake import firing
from fixturetypes import Prints

INT_MIN, LLONG_MIN = -2 ** 31, -2 ** 63
UINT_MAX, ULLONG_MAX = 2 ** 32 - 1, 2 ** 64 - 1
BAD = "\udcff\udcfe"  # the bytes 0xff 0xfe

PARAMS = {"int": -5, "uint": 4000000000, "llong": -5000000000, "ullong": ULLONG_MAX, "double": 0.25, "boolean": True,
          "string": "vda", "blkdeviotune.read.total_sec": 1, "blkdeviotune.size.total_sec": 2, "a" * 16: 3, "a" * 17: 4,
          "a" * 18: 5}

# Constant -> the arguments between object and opaque in three variants: distinct values; NULL and 0; the limits of each
# type.
EVENTS: Dict[str, Tuple[Tuple[object, ...], ...]] = {
    "VIR_DOMAIN_EVENT_ID_LIFECYCLE": ((5, 3), (0, 0), (INT_MIN, INT_MIN)),
    "VIR_DOMAIN_EVENT_ID_REBOOT": ((), (), ()),
    "VIR_DOMAIN_EVENT_ID_RTC_CHANGE": ((-5000000000,), (0,), (LLONG_MIN,)),
    "VIR_DOMAIN_EVENT_ID_WATCHDOG": ((4,), (0,), (INT_MIN,)),
    "VIR_DOMAIN_EVENT_ID_IO_ERROR": (("/src", "virtio-disk0", 1), (None, None, 0), (BAD, BAD, INT_MIN)),
    "VIR_DOMAIN_EVENT_ID_GRAPHICS": (
        (2, {"family": 0, "node": "127.0.0.1", "service": "5900"}, {"family": 1, "node": "::1", "service": "41000"},
         "vnc+sasl", [("x509dname", "CN=client"), ("saslUsername", None)]),
        (0, None, None, None, []),
        (INT_MIN, {"family": INT_MIN, "node": BAD, "service": BAD}, {"family": INT_MIN, "node": BAD, "service": BAD},
         BAD, [(BAD, BAD), (BAD, None)])),
    "VIR_DOMAIN_EVENT_ID_IO_ERROR_REASON": (("/src", "virtio-disk0", 2, "enospc"), (None, None, 0, None),
                                            (BAD, BAD, INT_MIN, BAD)),
    "VIR_DOMAIN_EVENT_ID_CONTROL_ERROR": ((), (), ()),
    "VIR_DOMAIN_EVENT_ID_BLOCK_JOB": (("/disk", 2, 3), (None, 0, 0), (BAD, INT_MIN, INT_MIN)),
    "VIR_DOMAIN_EVENT_ID_DISK_CHANGE": (("/old", "/new", "ide0-0-0", 1), (None, None, None, 0),
                                        (BAD, BAD, BAD, INT_MIN)),
    "VIR_DOMAIN_EVENT_ID_TRAY_CHANGE": (("ide0-1-0", 1), (None, 0), (BAD, INT_MIN)),
    "VIR_DOMAIN_EVENT_ID_PMWAKEUP": ((6,), (0,), (INT_MIN,)),
    "VIR_DOMAIN_EVENT_ID_PMSUSPEND": ((6,), (0,), (INT_MIN,)),
    "VIR_DOMAIN_EVENT_ID_BALLOON_CHANGE": ((1048576,), (0,), (ULLONG_MAX,)),
    "VIR_DOMAIN_EVENT_ID_PMSUSPEND_DISK": ((6,), (0,), (INT_MIN,)),
    "VIR_DOMAIN_EVENT_ID_DEVICE_REMOVED": (("net1",), (None,), (BAD,)),
    "VIR_DOMAIN_EVENT_ID_BLOCK_JOB_2": (("/disk", 2, 3), (None, 0, 0), (BAD, INT_MIN, INT_MIN)),
    "VIR_DOMAIN_EVENT_ID_TUNABLE": ((PARAMS,), ({},), (PARAMS,)),
    "VIR_DOMAIN_EVENT_ID_AGENT_LIFECYCLE": ((1, 2), (0, 0), (INT_MIN, INT_MIN)),
    "VIR_DOMAIN_EVENT_ID_DEVICE_ADDED": (("net1",), (None,), (BAD,)),
    "VIR_DOMAIN_EVENT_ID_MIGRATION_ITERATION": ((12,), (0,), (INT_MIN,)),
    "VIR_DOMAIN_EVENT_ID_JOB_COMPLETED": ((PARAMS,), ({},), (PARAMS,)),
    "VIR_DOMAIN_EVENT_ID_DEVICE_REMOVAL_FAILED": (("net1",), (None,), (BAD,)),
    "VIR_DOMAIN_EVENT_ID_METADATA_CHANGE": ((2, "urn:x"), (0, None), (INT_MIN, BAD)),
    "VIR_DOMAIN_EVENT_ID_BLOCK_THRESHOLD": (("vda[1]", "/path", 10000000000, 20000000000), (None, None, 0, 0),
                                            (BAD, BAD, ULLONG_MAX, ULLONG_MAX)),
    "VIR_DOMAIN_EVENT_ID_MEMORY_FAILURE": ((1, 2, 3), (0, 0, 0), (INT_MIN, INT_MIN, UINT_MAX)),
    "VIR_DOMAIN_EVENT_ID_MEMORY_DEVICE_SIZE_CHANGE": (("dimm0", 524288), (None, 0), (BAD, ULLONG_MAX)),
    "VIR_DOMAIN_EVENT_ID_NIC_MAC_CHANGE": (("net0", "52:54:00:00:00:01", "52:54:00:00:00:02"), (None, None, None),
                                           (BAD, BAD, BAD)),
    "VIR_DOMAIN_EVENT_ID_VCPU_REMOVED": ((9,), (0,), (UINT_MAX,)),
    "VIR_DOMAIN_EVENT_ID_CHANNEL_LIFECYCLE": (("org.qemu.guest_agent.0", 1, 2), (None, 0, 0), (BAD, INT_MIN, INT_MIN)),
    "VIR_NETWORK_EVENT_ID_LIFECYCLE": ((2, 1), (0, 0), (INT_MIN, INT_MIN)),
    "VIR_NETWORK_EVENT_ID_METADATA_CHANGE": ((1, "urn:y"), (0, None), (INT_MIN, BAD)),
    "VIR_STORAGE_POOL_EVENT_ID_LIFECYCLE": ((2, 1), (0, 0), (INT_MIN, INT_MIN)),
    "VIR_STORAGE_POOL_EVENT_ID_REFRESH": ((), (), ()),
    "VIR_NODE_DEVICE_EVENT_ID_LIFECYCLE": ((2, 1), (0, 0), (INT_MIN, INT_MIN)),
    "VIR_NODE_DEVICE_EVENT_ID_UPDATE": ((), (), ()),
    "VIR_SECRET_EVENT_ID_LIFECYCLE": ((2, 1), (0, 0), (INT_MIN, INT_MIN)),
    "VIR_SECRET_EVENT_ID_VALUE_CHANGED": ((), (), ()),
}
VARIANTS = ("usual", "none", "limits")
OBJECTS = {"DOMAIN": "virDomain guest", "NETWORK": "virNetwork net", "STORAGE_POOL": "virStoragePool pool",
           "NODE_DEVICE": "virNodeDevice device", "SECRET": "virSecret usage"}
FAMILIES = {"DOMAIN": "domain", "NETWORK": "network", "STORAGE_POOL": "storagePool", "NODE_DEVICE": "nodeDevice",
            "SECRET": "secret"}

# The program prints, for each event constant and variant, the values received and whether the other arguments were
# right.
PROGRAM = firing.START + """
events = {}
def seen(*arguments):
    conn_, subject, *values, opaque_ = arguments
    name = subject.usageID() if hasattr(subject, "usageID") else subject.name()
    events[constant].append((conn_ is conn, f"{type(subject).__name__} {name}", subject.connect() is conn,
                             opaque_ is opaque, tuple(values)))
opaque = object()
families = eval(sys.argv[1])
for constant in sorted(vars(libvirt)):
    prefix, found, rest = constant[4:].partition("_EVENT_ID_")
    if not constant.startswith("VIR_") or not found:
        continue
    events[constant] = []
    family = families[prefix]
    number = getattr(conn, family + "EventRegisterAny")(None, getattr(libvirt, constant), seen, opaque)
    for variant in (USUAL, NONE, LIMITS):
        fire(KINDS[family], number, variant)
    getattr(conn, family + "EventDeregisterAny")(number)
print(ascii(events))
del seen
show(conn.close(), alive())
"""


def known(constant: str) -> bool:
    import libvirt
    return hasattr(libvirt, constant)


@pytest.fixture(scope="module")
def output(tmp_path_factory: "pytest.TempPathFactory") -> Tuple[Dict[str, Any], List[str]]:
    """Run the program; return the events, and what it printed at the end about close() and remaining registrations."""
    import os
    import subprocess
    done = subprocess.run([*INTERPRETER, "-c", PROGRAM, repr(FAMILIES)], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, universal_newlines=True, timeout=120 * PATIENCE,
                          env={**os.environ, **firing.environment()})
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    return ast.literal_eval(lines[0]), lines[1:]


@pytest.mark.parametrize("variant", range(3), ids=VARIANTS)
@pytest.mark.parametrize("constant", EVENTS)
def test_an_event_has_its_arguments(output: Tuple[Dict[str, Any], List[str]], constant: str, variant: int) -> None:
    if not known(constant):
        pytest.skip(f"libvirt has no {constant}")
    subject = OBJECTS[constant[len("VIR_"):].partition("_EVENT_ID_")[0]]
    assert output[0][constant][variant] == (True, subject, True, True, EVENTS[constant][variant])


@pytest.mark.parametrize("variant", range(3), ids=VARIANTS)
@pytest.mark.parametrize("constant", EVENTS)
def test_argument_types_are_exact(output: Tuple[Dict[str, Any], List[str]], constant: str, variant: int) -> None:
    """== does not distinguish True from 1, and repr() does."""
    if not known(constant):
        pytest.skip(f"libvirt has no {constant}")
    assert repr(output[0][constant][variant][-1]) == repr(EVENTS[constant][variant])


def test_all_events_of_this_libvirt_are_tested(output: Tuple[Dict[str, Any], List[str]]) -> None:
    assert [constant for constant in output[0] if constant not in EVENTS] == []


def test_firing_all_events_leaks_nothing(output: Tuple[Dict[str, Any], List[str]]) -> None:
    """Regression test: dicts of parameters leaked with each event, and objects of events whose dispatcher failed."""
    assert output[1] == ["0 0"]


prints = firing.prints_after(firing.START)


@pytest.mark.parametrize("variant, values", [
    ("USUAL", "5 3"), ("NONE", "0 0"), ("LIMITS", f"{INT_MIN} {INT_MIN}")])
def test_a_legacy_callback_gets_lifecycle_events(prints: Prints, variant: str, values: str) -> None:
    assert prints(f"""
def seen(who, dom, *others):
    show(who is conn, dom.name(), dom.connect() is conn, *others)
conn.domainEventRegister(seen, "mine")
fire(LEGACY, -1, {variant})
""") == [f"True guest True {values} mine"]


@pytest.mark.parametrize("variant, values", [
    ("USUAL", "True 2 mine"), ("NONE", "True 0 mine"), ("LIMITS", f"True {INT_MIN} mine")])
def test_the_close_callback_gets_the_reason(prints: Prints, variant: str, values: str) -> None:
    assert prints(f"""
show(conn.registerCloseCallback(lambda who, *others: show(who is conn, *others), "mine"))
fire(CLOSE, -1, {variant})
show(raised(conn.unregisterCloseCallback))
""") == ["0", values, "libvirtError"]


@pytest.mark.parametrize("variant, values", [
    ("USUAL", ["SHUTDOWN", 1700000000, 999999, '{"guest": true}', "mine"]),
    ("NONE", [None, 0, 0, None, "mine"]),
    ("LIMITS", [BAD, LLONG_MIN, UINT_MAX, BAD, "mine"])])
def test_a_qemu_monitor_event_has_its_arguments(prints: Prints, variant: str, values: List[object]) -> None:
    assert prints(f"""
def seen(who, dom, *others):
    show(who is conn, type(dom).__name__, dom.name(), dom.connect() is conn, ascii(list(others)))
number = libvirt_qemu.qemuMonitorEventRegister(conn, None, None, seen, "mine")
fire(QEMU, number, {variant})
show(libvirt_qemu.qemuMonitorEventDeregister(conn, number), conn.qemuMonitorEventCallbackID)
""") == [f"True virDomain guest True {ascii(values)}", "None {}"]


def test_the_dispatcher_of_a_monitor_event_can_be_replaced(prints: Prints) -> None:
    assert prints("""
def dispatch(who, dom, event, seconds, micros, details, data):
    show(who is conn, type(dom).__name__, event, seconds, micros, details, sorted(data))
libvirt_qemu._dispatchQemuMonitorEventCallback = dispatch
libvirt_qemu.qemuMonitorEventRegister(conn, None, "SHUTDOWN", print, 5)
fire(QEMU)
""") == ["True PyCapsule SHUTDOWN 1700000000 999999 {\"guest\": true} ['cb', 'conn', 'opaque']"]


@pytest.mark.parametrize("family", ["Domain", "Network", "StoragePool", "NodeDevice", "Secret"])
@pytest.mark.parametrize("place, wrong", [(0, "5"), (0, "object()"), (1, "conn._o"), (1, "5"), (2, "'0'"), (2, "None")])
def test_the_c_registration_refuses_arguments_of_the_wrong_type(prints: Prints, family: str, place: int,
                                                                wrong: str) -> None:
    assert prints(f"""
given = [conn._o, None, 0, {{}}]
given[{place}] = {wrong}
register = libvirtmod.virConnect{family}EventRegisterAny
show(raised(register, *given), raised(register, *given[:3]), alive())
""") == ["TypeError TypeError 0"]


@pytest.mark.parametrize("data", ["5", "{}"])
def test_a_monitor_event_without_its_connection_is_dropped(prints: Prints, data: str) -> None:
    """Such data belong to a registration that has ended."""
    assert prints(f"""
import libvirtmod_qemu
sys.excepthook = lambda kind, value, traceback: show(kind.__name__, value)
data = {data}
show(libvirtmod_qemu.virConnectDomainQemuMonitorEventRegister(conn._o, None, None, data, 0), fire(QEMU))
""") == ["0 1"]


def test_an_event_may_come_on_a_thread_unknown_to_python(prints: Prints) -> None:
    assert prints("""
main = threading.get_ident()
conn.domainEventRegisterAny(None, 0, lambda *arguments: show(threading.get_ident() != main, arguments[2:]), None)
show(fire_outside(DOMAIN))
""") == ["True (5, 3, None)", "1"]


def test_the_return_value_of_a_callback_is_ignored(prints: Prints) -> None:
    assert prints("""
for result in (-1, None, "text", object(), NotImplemented):
    number = conn.domainEventRegisterAny(None, 0, lambda *arguments: result, None)
    show(fire(DOMAIN, number))
    conn.domainEventDeregisterAny(number)
""") == ["1"] * 5


def test_the_object_of_an_event_may_outlive_the_callback(prints: Prints) -> None:
    assert prints("""
kept = []
conn.domainEventRegisterAny(None, 0, lambda conn, dom, *others: kept.append(dom), None)
fire(DOMAIN), fire(DOMAIN)
show(len({id(dom) for dom in kept}), [dom.ID() for dom in kept])
show(conn.close())
kept.clear()
""") == ["2 [7, 7]", "1"]


def test_an_event_without_a_dispatcher_leaks_nothing(prints: Prints) -> None:
    """Regression test: the object's reference leaked and kept the connection open."""
    assert prints("""
sys.excepthook = lambda kind, value, traceback: show(kind.__name__)
class Odd(libvirt.virConnect):
    _dispatchDomainEventLifecycleCallback = None
odd = Odd(conn._o)
odd.domainEventRegisterAny(None, 0, lambda *arguments: None, None)
fire(DOMAIN)
show(odd.close())
""") == ["TypeError", "0"]


def test_dispatchers_return_zero(prints: Prints) -> None:
    assert prints("""
data = {"cb": lambda *arguments: 5, "conn": conn, "opaque": None}
dom = conn.lookupByName("test")._o
show(conn._dispatchDomainEventLifecycleCallback(dom, 1, 2, data), conn._dispatchCloseCallback(1, data),
     conn._dispatchDomainEventTunableCallback(dom, {}, data))
""") == ["0 0 0"]
