# SPDX-License-Identifier: LGPL-2.1-or-later
"""The examples that need no daemon. tests/system tests the others."""

import json
import re
import socket
import subprocess
import sys
import textwrap
import urllib.error
import urllib.request
from pathlib import Path
from typing import Callable, List, Sequence

import pytest

import libvirt
from conftest import TIMEOUT, TOP
from fixturetypes import PythonPrints, RunPython

EXAMPLES = TOP / "examples"
ALL = sorted(path.name for path in EXAMPLES.glob("*.py"))


# The modules that most examples import. The tests run in forks of an interpreter that has imported them.
IMPORTS = """
import asyncio, json, libvirt, libvirtaio, subprocess, threading
import runpy, sys
"""
RunExample = Callable[..., "subprocess.CompletedProcess[str]"]
RunInTurn = Callable[..., List[str]]


@pytest.fixture
def run(run_python: RunPython) -> RunExample:
    """Run an example with arguments."""
    def run(name: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return run_python(IMPORTS + """
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
""", str(EXAMPLES / name), *arguments)
    return run


def drive(name: str, uri: Sequence[str], body: str, before: str = "") -> "subprocess.CompletedProcess[str]":
    """Run an example, and `body` in a second thread that uses the test driver's host once the example listens."""
    code = f"""
import builtins, runpy, signal, sys, threading, time
import libvirt
signal.signal(signal.SIGINT, signal.default_int_handler)  # background jobs ignore SIGINT
opened = []
original = libvirt.virConnect.__init__
def remember(self, *arguments, **named):
    original(self, *arguments, **named)
    opened.append(self)
libvirt.virConnect.__init__ = remember
printed = []
original_print = builtins.print
def print_and_remember(*items, **named):
    original_print(*items, **named)
    printed.append(items)
builtins.print = print_and_remember
{before}
def body():
    while not (opened and getattr(opened[0], "domainEventCallbackID", None)):
        time.sleep(0.01)
    # A separate connection, because the example's connection may be read-only.
    conn = libvirt.open("test:///default")
    dom = conn.lookupByName("test")
{textwrap.indent(body, '    ')}
threading.Thread(target=body, daemon=True).start()
sys.argv = {[name, *uri]!r}
runpy.run_path({str(EXAMPLES / name)!r}, run_name="__main__")
"""
    return subprocess.run([sys.executable, "-c", code], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, universal_newlines=True, timeout=TIMEOUT)


@pytest.fixture
def run_in_turn(python_prints: PythonPrints) -> RunInTurn:
    """Run an example several times in one process, which keeps the test driver's host. Return the lines it prints."""
    def run(name: str, *runs: Sequence[str], before: str = "", after: str = "") -> List[str]:
        return python_prints(IMPORTS + f"""
conn = libvirt.open("test:///default")
{before}
for arguments in {runs!r}:
    sys.argv = [{name!r}, *arguments]
    try:
        runpy.run_path({str(EXAMPLES / name)!r}, run_name="__main__")
    except SystemExit as end:
        if end.code is not None:
            print(end.code, flush=True)
{after}
""")
    return run


def test_tour(run: RunExample) -> None:
    done = run("tour.py")
    assert (done.returncode, done.stderr) == (0, "")
    for expected in ("test:///default on", "defined", "started", "stopped", "undefined", "(as it should be)"):
        assert expected in done.stdout


def need_statistics(conn: libvirt.virConnect) -> None:
    try:
        conn.getAllDomainStats()
    except libvirt.libvirtError:
        pytest.skip("the test driver of this libvirt has no statistics")


def test_statistics(run: RunExample, conn: libvirt.virConnect) -> None:
    need_statistics(conn)
    done = run("stats.py", "test:///default")
    assert (done.returncode, done.stderr) == (0, "")
    head, *rows = done.stdout.splitlines()
    assert head.split()[:3] == ["Name", "State", "CPUs"]
    assert [row.split()[:3] for row in rows] == [["test", "running", "-"]]


def test_a_machine_is_created(run_in_turn: RunInTurn) -> None:
    arguments = ["test:///default", "new", "--type", "test", "--pool", "default-pool"]
    with_network = [*arguments, "--network", "default", "--cdrom", "/installer.iso"]
    created, refused, *found = run_in_turn("create.py", with_network, arguments, before="""
conn.storagePoolLookupByName("default-pool").createXML(
    "<volume><name>base</name><capacity>1000</capacity><target><format type='raw'/></target></volume>")
""", after="""
import xml.etree.ElementTree as ElementTree
devices = ElementTree.fromstring(conn.lookupByName("new").XMLDesc()).find("devices")
print([item.get("file", item.get("network")) for item in devices.findall("*/source")
       if "file" in item.keys() or "network" in item.keys()])
print(sorted(volume.name() for volume in conn.storagePoolLookupByName("default-pool").listAllVolumes()))
""")
    assert created == "new is running, its disk is /default-pool/new.qcow2"
    assert refused.startswith("create: ") and "exist" in refused
    assert found == ["['/default-pool/new.qcow2', '/installer.iso', 'default']", "['base', 'new.qcow2']"]


def test_a_machine_that_cannot_be_created_leaves_no_disk(run_in_turn: RunInTurn) -> None:
    arguments = ["test:///default", "new", "--type", "test", "--pool", "default-pool", "--cpus", "0"]
    assert run_in_turn("create.py", arguments, after="""
print(conn.storagePoolLookupByName("default-pool").listVolumes(), len(conn.listAllDomains()))
""")[-1] == "[] 1"


def test_snapshots(run_in_turn: RunInTurn) -> None:
    uri = "test:///default"
    lines = run_in_turn("snapshot.py", [uri, "test", "create", "first"], [uri, "test", "create", "second"],
                        [uri, "test", "list"], [uri, "test", "revert", "first"], [uri, "test", "list"],
                        [uri, "test", "delete", "second"], [uri, "test", "list"], [uri, "test", "revert", "second"])
    when = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"
    expected = ["  first {} running", "* second {} running", "* first {} running", "  second {} running",
                "* first {} running", "snapshot: .*second.*"]
    assert len(lines) == len(expected)
    for line, pattern in zip(lines, expected):
        assert re.fullmatch(re.escape(pattern).replace(r"\{\}", when) if "{" in pattern else pattern, line), lines


def test_power(run_in_turn: RunInTurn) -> None:
    uri = "test:///default"
    off, on, refused = run_in_turn("power.py", [uri, "test", "off"], [uri, "test", "on"], [uri, "test", "on"])
    assert (off, on) == ("test shutoff", "test running") and refused.startswith("power: ")


def test_a_domain_that_does_not_shut_down(run_in_turn: RunInTurn) -> None:
    uri = "test:///default"
    assert run_in_turn("power.py", [uri, "test", "off", "--timeout", "0.1"],
                       [uri, "test", "off", "--timeout", "0.1", "--force"],
                       before="libvirt.virDomain.shutdown = lambda self: 0") == [
        "power: test has not shut down within 0.1 seconds", "test shutoff"]


def test_a_list_of_domains(run: RunExample) -> None:
    done = run("domains.py")
    head, row = done.stdout.splitlines()
    assert head.split() == ["Name", "State", "CPUs", "Memory"]
    assert row.split() == ["test", "running", "2", "2048", "MiB"]
    (domain,) = json.loads(run("domains.py", "--json").stdout)
    assert (domain["name"], domain["state"], domain["persistent"]) == ("test", "running", True)
    assert domain["memory"] == 2 ** 21


def test_screenshot(run: RunExample, conn: libvirt.virConnect, tmp_path: Path) -> None:
    try:
        conn.lookupByName("test").screenshot(conn.newStream(), 0)
    except libvirt.libvirtError:
        pytest.skip("the test driver of this libvirt has no screen")
    done = run("screenshot.py", "test:///default", "test", str(tmp_path / "screen"))
    assert done.stdout == f"{tmp_path}/screen.png\n"
    assert (tmp_path / "screen.png").read_bytes().startswith(b"\x89PNG")


def test_guest_agent(run: RunExample) -> None:
    assert re.fullmatch(r"host name: testhost\nclock: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\n"
                        r"testnet0: 192.168.122.3/24\n/: ext4 on vda\n/boot: ext4 on vda\n2 file systems are frozen\n",
                        run("agent.py", "test:///default", "test").stdout)


def test_networks(run: RunExample) -> None:
    assert run("networks.py").stdout.splitlines()[0] == "default active"


def test_many_hosts_with_threads(run: RunExample, tmp_path: Path) -> None:
    uris = ["test:///default", "test:///default", f"test+unix:///default?socket={tmp_path}/none"]
    done = run("hosts.py", *uris)
    assert [line.rpartition(": ")[0] for line in done.stdout.splitlines()] == uris[:2]
    assert all(line.endswith(" 16 CPUs, 3072 MiB, 1 active domains") for line in done.stdout.splitlines())
    failed, summary = done.stderr.splitlines()
    assert failed.startswith(f"{uris[2]}: ") and summary == "hosts: 1 of 3 hosts have not answered"
    assert done.returncode == 1


def test_many_hosts_with_asyncio(run: RunExample, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(tmp_path / "silent"))
        silent.listen()
        uris = ["test:///default", *(f"test+unix:///default?socket={tmp_path}/{name}" for name in ("none", "silent"))]
        done = run("hosts_asyncio.py", "--timeout", "2", *uris)
    assert re.fullmatch(r"test:///default: .*, 16 CPUs, 3072 MiB, 1 active domains\n", done.stdout)
    failed, late = done.stderr.splitlines()
    assert failed.startswith(f"{uris[1]}: ") and late == f"{uris[2]}: no answer within 2 seconds"
    assert done.returncode == 1


def test_exporter(conn: libvirt.virConnect) -> None:
    need_statistics(conn)
    with subprocess.Popen([sys.executable, EXAMPLES / "exporter.py", "--port", "0", "test:///default"],
                          stdout=subprocess.PIPE, universal_newlines=True) as exporter:
        assert exporter.stdout is not None
        url = exporter.stdout.readline().strip()
        try:
            with urllib.request.urlopen(url, timeout=TIMEOUT) as answer:
                lines = answer.read().decode().splitlines()
            with pytest.raises(urllib.error.HTTPError) as raised:
                urllib.request.urlopen(url + "/other", timeout=TIMEOUT)
            raised.value.close()
        finally:
            exporter.kill()
    assert 'libvirt_domain_state{domain="test"} 1' in lines
    types = [line.split()[2:] for line in lines if line.startswith("# TYPE ")]
    assert len(types) == 8 and all(kind in ("gauge", "counter") for _, kind in types)
    assert raised.value.code == 404


def test_events() -> None:
    done = drive("events.py", ["test:///default"], """
dom.suspend()
dom.resume()
dom.destroy()
while ("test", "stopped") not in printed:
    time.sleep(0.01)
signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)
""")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == ["listening to test:///default", "test suspended", "test resumed",
                                        "test stopped"]


def test_events_on_asyncio() -> None:
    done = drive("events_asyncio.py", ["test:///default", "test"], """
answered.wait()
dom.suspend()
dom.destroy()
""", before="""
# If the domain stopped before the example asked for its state, no event would report the reason.
answered = threading.Event()
original_isActive = libvirt.virDomain.isActive
def isActive(self):
    answer = original_isActive(self)
    answered.set()
    return answer
libvirt.virDomain.isActive = isActive
""")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == ["waiting for test", "test is off (destroyed)"]


@pytest.mark.parametrize("name", ALL)
def test_each_example_reports_wrong_usage(run: RunExample, name: str) -> None:
    """An example that cannot connect prints its usage or an error, but no traceback."""
    done = run(name, "nosuch:///driver")
    assert done.returncode in (1, 2)
    assert "usage" in done.stderr or f"python3 {name}" in done.stderr or "nosuch" in done.stderr
    assert "Traceback" not in done.stderr
