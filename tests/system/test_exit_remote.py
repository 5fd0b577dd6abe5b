# SPDX-License-Identifier: LGPL-2.1-or-later
"""Programs that exit with a connection to a daemon and a running event loop exit with the intended status."""

from typing import TYPE_CHECKING

import pytest

import daemon as daemons
from conftest import Choose, MakeVolume, RunPython

if TYPE_CHECKING:
    import libvirt

START = """
import atexit, os, sys, threading, time
import libvirt
libvirt.virEventRegisterDefaultImpl()
uri, files = sys.argv[1:]
count, came = [], threading.Event()

def loop():
    while True:
        libvirt.virEventRunDefaultImpl()

def start(*functions):
    for function in functions:
        threading.Thread(target=function, daemon=True).start()

def changed(*arguments):
    count.append(arguments)
    came.set()

def work():
    while True:
        domain.destroy()
        domain.create()

conn = libvirt.open(uri)
domain = conn.lookupByName("test")
conn.domainEventRegisterAny(None, libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE, changed, conn)
conn.registerCloseCallback(changed, conn)
conn.setKeepAlive(5, 3)
"""

# Name -> program, exit status and output. The name says what is special about the program.
PROGRAMS = {
    "daemon thread": ("start(loop, work); came.wait()", 0, ""),
    "a status": ("start(loop, work); came.wait(); sys.exit(5)", 5, ""),
    "an exception": ("sys.excepthook = lambda *unused: None; start(loop, work); came.wait(); raise KeyError", 1, ""),
    "closed before": ("start(loop, work); came.wait(); conn.close()", 0, ""),
    "calls in threads": ("""
def call():
    while True:
        try:
            conn.listAllDomains(), domain.XMLDesc()
        except libvirt.libvirtError:
            pass
start(loop, work, call, call)
came.wait()
""", 0, ""),
    "a callback exits": ("""
conn.domainEventRegister(lambda *arguments: sys.exit(7), None)
start(work)
try:
    loop()
finally:
    print("finally", flush=True)
""", 7, "finally\n"),
    "a callback calls": ("""
conn.domainEventRegister(lambda *arguments: (conn.getHostname(), arguments[1].name()), None)
start(loop, work)
came.wait()
""", 0, ""),
    "a non-daemon thread": ("""
def some():
    while len(count) < 20:
        libvirt.virEventRunDefaultImpl()
    print("loop", flush=True)
threading.Thread(target=some).start()
start(work)
sys.exit(3)
""", 3, "loop\n"),
    "_exit": ("atexit.register(print, 'atexit'); start(loop, work); came.wait(); os._exit(9)", 9, ""),
    "_exit of a callback": ("""
libvirt.virEventAddTimeout(0, lambda *arguments: os._exit(9), None)
start(loop, work)
time.sleep(60)
""", 9, ""),
    "atexit calls": ("""
atexit.register(lambda: print(conn.getHostname(), domain.name(), flush=True))
start(loop, work)
came.wait()
""", 0, "one test\n"),
    "atexit closes": ("""
atexit.register(lambda: print(conn.close() in (0, 1), flush=True))
start(loop, work)
came.wait()
""", 0, "True\n"),
    "atexit opens": ("""
def last():
    with libvirt.open(uri) as other:
        print(other.lookupByName("test").name(), flush=True)
atexit.register(last)
start(loop, work)
came.wait()
""", 0, "test\n"),
    "atexit waits for an event": ("""
def last():
    came.clear()
    print(came.wait(60), flush=True)
atexit.register(last)
start(loop, work)
came.wait()
""", 0, "True\n"),
    "streams": ("""
storage = libvirt.open(files)
volume = storage.storagePoolLookupByName("files").storageVolLookupByName("volume")
idle, busy = storage.newStream(), storage.newStream(libvirt.VIR_STREAM_NONBLOCK)
volume.download(idle, 0, 0)
volume.download(busy, 0, 0)
ready = threading.Event()
def received(stream, events, opaque):
    stream.recv(1000)
    ready.set()
busy.eventAddCallback(libvirt.VIR_STREAM_EVENT_READABLE, received, busy)
start(loop, work)
ready.wait()
""", 0, ""),
    "a transfer in a thread": ("""
storage = libvirt.open(files)
volume = storage.storagePoolLookupByName("files").storageVolLookupByName("volume")
stream = storage.newStream()
volume.download(stream, 0, 0)
ready = threading.Event()
start(loop, lambda: stream.recvAll(lambda *arguments: ready.set(), None))
ready.wait()
""", 0, ""),
}

AIO = """
import asyncio, sys, threading
import libvirt, libvirtaio
came = threading.Event()

async def main():
    libvirtaio.virEventRegisterAsyncIOImpl()
    conn = libvirt.open(sys.argv[1])
    domain = conn.lookupByName("test")
    conn.domainEventRegisterAny(None, 0, lambda *arguments: came.set(), conn)
    conn.setKeepAlive(5, 3)
    while True:
        domain.destroy(), domain.create()
        await asyncio.sleep(0)

threading.Thread(target=asyncio.run, args=(main(),), daemon=True).start()
came.wait()
sys.exit(5)
"""


@pytest.fixture
def volume(make_volume: MakeVolume) -> "libvirt.virStorageVol":
    """The volume that the programs with streams use."""
    return make_volume(16 * 1024 * 1024, allocation=16 * 1024 * 1024)


def check(run_fresh_python: RunPython, times: int, code: str, status: int, output: str, *arguments: str) -> None:
    for _ in range(times):
        done = run_fresh_python(code, *arguments)
        assert (done.returncode, done.stdout, done.stderr) == (status, output, "")


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_exits_with_its_status(run_fresh_python: RunPython, daemon: daemons.Daemon,
                                         volume: "libvirt.virStorageVol", choose: Choose, name: str) -> None:
    """The long form runs about 2,000 programs."""
    code, status, output = PROGRAMS[name]
    check(run_fresh_python, choose(2, 125), START + code, status, output, daemon.uri("test", "/default"), daemon.uri())


def test_a_program_with_an_asyncio_loop_exits(run_fresh_python: RunPython, daemon: daemons.Daemon,
                                              choose: Choose) -> None:
    check(run_fresh_python, choose(2, 125), AIO, 5, "", daemon.uri("test", "/default"))


def test_a_program_exits_while_its_daemon_dies(run_fresh_python: RunPython, event_loop: None, choose: Choose) -> None:
    for number in range(choose(3, 50)):
        with daemons.Daemon("dying") as dying:
            assert dying.process is not None
            code = START + f"""
def kill():
    time.sleep({number % 10 / 500})
    os.kill({dying.process.pid}, 9)
def call():
    while True:
        try:
            conn.getHostname()
        except libvirt.libvirtError:
            pass
start(loop, call, kill)
time.sleep({number % 7 / 300})
sys.exit(4)
"""
            check(run_fresh_python, 1, code, 4, "", dying.uri("test", "/default"), "")
