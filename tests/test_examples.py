# SPDX-License-Identifier: LGPL-2.1-or-later
"""The examples that need no daemon. tests/system tests the others."""

import subprocess
import sys
import textwrap
from typing import Sequence

import pytest

import libvirt
from conftest import TIMEOUT, TOP

EXAMPLES = TOP / "examples"
ALL = sorted(path.name for path in EXAMPLES.glob("*.py"))


def run(name: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, EXAMPLES / name, *arguments], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True, timeout=TIMEOUT)


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


def test_tour() -> None:
    done = run("tour.py")
    assert (done.returncode, done.stderr) == (0, "")
    for expected in ("test:///default on", "defined", "started", "stopped", "undefined", "(as it should be)"):
        assert expected in done.stdout


def test_statistics(conn: libvirt.virConnect) -> None:
    try:
        conn.getAllDomainStats()
    except libvirt.libvirtError:
        pytest.skip("the test driver of this libvirt has no statistics")
    done = run("stats.py", "test:///default")
    assert (done.returncode, done.stderr) == (0, "")
    head, *rows = done.stdout.splitlines()
    assert head.split()[:3] == ["Name", "State", "CPUs"]
    assert [row.split()[:3] for row in rows] == [["test", "running", "-"]]


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
def test_each_example_reports_wrong_usage(name: str) -> None:
    """An example that cannot connect prints its usage or an error, but no traceback."""
    done = run(name, "nosuch:///driver")
    assert done.returncode in (1, 2)
    assert "usage" in done.stderr or f"python3 {name}" in done.stderr or "nosuch" in done.stderr
    assert "Traceback" not in done.stderr
