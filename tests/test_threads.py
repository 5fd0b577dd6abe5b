# SPDX-License-Identifier: LGPL-2.1-or-later
"""Several threads use one handle: the object is freed by the last call that uses it."""

import os
import threading
from pathlib import Path

from checkers import FULL, rounds, without_leak_check
from fixturetypes import PythonPrints

import libvirt
import libvirtmod

ROUNDS, SHORT_ROUNDS = rounds(10, 150, "ROUNDS"), rounds(20, 300, "ROUNDS")
START = f"""
ROUNDS, SHORT_ROUNDS = {ROUNDS}, {SHORT_ROUNDS}
""" + """
import sys, threading, time
import libvirt, libvirtmod
libvirt.registerErrorHandler(lambda ctx, error: None, None)
XML = "<domain type='test'><name>new</name><memory>1024</memory><os><type>hvm</type></os></domain>"

# Three threads call until the call raises. When all of them are calling, `act` runs.
def race(call, act):
    calls, codes = [0, 0, 0], set()
    def run(number):
        try:
            while True:
                call()
                calls[number] += 1
        except libvirt.libvirtError as error:
            codes.add(error.get_error_code())
    threads = [threading.Thread(target=run, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    while min(calls) < 3:
        time.sleep(0.0001)
    act()
    for thread in threads:
        thread.join()
    return codes
"""


def test_close_while_other_threads_call(python_prints: PythonPrints) -> None:
    """Regression test: close() crashed every time with three threads in getCapabilities()."""
    assert python_prints(START + """
codes = set()
for _ in range(ROUNDS):
    conn = libvirt.open("test:///default")
    codes |= race(conn.getCapabilities, conn.close)
print(codes)
""") == [str({libvirt.VIR_ERR_INVALID_CONN})]


def test_close_of_the_capsule_while_other_threads_call(python_prints: PythonPrints) -> None:
    """The same with the C functions, where all threads use one capsule."""
    assert python_prints(START + """
codes = set()
for _ in range(ROUNDS):
    conn = libvirtmod.virConnectOpen("test:///default")
    codes |= race(lambda: libvirtmod.virConnectGetCapabilities(conn), lambda: libvirtmod.virConnectClose(conn))
print(codes)
""") == [str({libvirt.VIR_ERR_INVALID_CONN})]


def test_close_counts_running_calls_as_references(python_prints: PythonPrints) -> None:
    """The last call closes the connection, and the test driver discards the domain that was defined."""
    assert python_prints(START + """
left = set()
for _ in range(ROUNDS):
    conn = libvirtmod.virConnectOpen("test:///default")
    libvirtmod.virDomainDefineXML(conn, XML)
    race(lambda: libvirtmod.virConnectGetCapabilities(conn), lambda: left.add(libvirtmod.virConnectClose(conn)))
    conn = libvirt.open("test:///default")
    assert [domain.name() for domain in conn.listAllDomains()] == ["test"]
    assert conn.close() == 0
print(1 in left)
""") == ["True"]


def test_free_of_a_domain_while_other_threads_call(python_prints: PythonPrints) -> None:
    assert python_prints(START + """
conn = libvirt.open("test:///default")
codes = set()
for _ in range(ROUNDS):
    domain = conn.lookupByName("test")
    codes |= race(domain.XMLDesc, lambda: libvirtmod.virDomainFree(domain._o))
del domain
print(codes, conn.close())
""") == [f"{ {libvirt.VIR_ERR_INVALID_DOMAIN} } 0"]


def test_close_in_several_threads_closes_once(python_prints: PythonPrints) -> None:
    assert python_prints(START + """
results = []
for _ in range(SHORT_ROUNDS):
    capsule = libvirtmod.virConnectOpen("test:///default")
    start = threading.Barrier(4)
    def close():
        start.wait()
        try:
            results.append(libvirtmod.virConnectClose(capsule))
        except libvirt.libvirtError as error:
            results.append(error.get_error_code())
    threads = [threading.Thread(target=close) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
print(sorted(results) == [0] * SHORT_ROUNDS + [libvirt.VIR_ERR_INVALID_CONN] * (3 * SHORT_ROUNDS))
""") == ["True"]


def test_a_wrapper_dropped_by_another_thread_during_a_call(python_prints: PythonPrints) -> None:
    assert python_prints(START + """
conn = libvirt.open("test:///default")
for _ in range(SHORT_ROUNDS):
    box = [conn.lookupByName("test")]
    def call():
        try:
            while True:
                box[0].XMLDesc()
        except IndexError:
            pass
    threads = [threading.Thread(target=call) for _ in range(3)]
    for thread in threads:
        thread.start()
    time.sleep(0.001)
    box.clear()
    for thread in threads:
        thread.join()
print(conn.close())
""") == ["0"]


def test_other_threads_run_while_a_call_blocks(tmp_path: Path, python_prints: PythonPrints) -> None:
    """The test driver waits for data that another thread writes into a pipe."""
    path = tmp_path / "host.xml"
    os.mkfifo(str(path))
    assert python_prints(START + """
import signal
signal.alarm(60)
def write():
    with open(sys.argv[1], "w") as file:
        file.write("<node>" + XML + "</node>")
thread = threading.Thread(target=write)
thread.start()
print([domain.name() for domain in libvirt.open("test://" + sys.argv[1]).listAllDomains()])
thread.join()
""", str(path)) == ["['new']"]


def test_other_threads_run_while_the_event_loop_waits(python_prints: PythonPrints) -> None:
    assert python_prints(START + """
libvirt.virEventRegisterDefaultImpl()
conn = libvirt.open("test:///default")
got = threading.Event()
conn.domainEventRegisterAny(None, libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE, lambda *arguments: got.set(), None)
def loop():
    while not got.is_set():
        libvirt.virEventRunDefaultImpl()
thread = threading.Thread(target=loop, daemon=True)
thread.start()
time.sleep(0.2)
conn.lookupByName("test").destroy()
print(got.wait(30), flush=True)
thread.join()
""") == ["True"]


def test_daemon_threads_in_a_call_do_not_disturb_the_exit(fresh_python_prints: PythonPrints) -> None:
    for _ in range(5 if FULL else 2):
        assert fresh_python_prints(START + """
conn = libvirt.open("test:///default")
calls = [0, 0, 0]
def call(number):
    while True:
        conn.getCapabilities()
        conn.lookupByName("test").XMLDesc()
        try:
            conn.networkLookupByName("missing")
        except libvirt.libvirtError:
            calls[number] += 1
for number in range(3):
    threading.Thread(target=call, args=(number,), daemon=True).start()
while min(calls) < 3:
    time.sleep(0.001)
print("done", flush=True)
""", **without_leak_check()) == ["done"]


def test_an_error_handler_is_called_from_many_threads(conn: libvirt.virConnect) -> None:
    seen = []
    libvirt.registerErrorHandler(lambda ctx, error: seen.append((threading.current_thread(), error[5])), None)

    def fail(number: int) -> None:
        for _ in range(100):
            libvirtmod.virNetworkLookupByName(conn._o, f"missing-{number}")

    threads = [threading.Thread(target=fail, args=(number,)) for number in range(4)]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        libvirt.registerErrorHandler(lambda ctx, error: None, None)
    assert len(seen) == 400
    for number, thread in enumerate(threads):
        texts = {text for who, text in seen if who is thread}
        assert texts == {f"no network with matching name 'missing-{number}'"}
