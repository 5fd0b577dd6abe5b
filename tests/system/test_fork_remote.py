# SPDX-License-Identifier: LGPL-2.1-or-later
"""A child that inherits a connection to a daemon leaves it to its parent, can open its own, and exits normally."""

import os
import signal
import threading
import time
from typing import Any, Callable, Iterator, List, NoReturn, Tuple

import libvirt
import pytest

import daemon as daemons
from conftest import Choose, MakeVolume, RunPython
from daemon import wait_until


class Parent:
    """A typical connection of a program, with objects, events and callbacks."""

    def __init__(self, uri: str):
        self.conn = libvirt.open(uri)
        self.domains = self.conn.listAllDomains()
        self.domain = self.conn.lookupByName("test")
        self.seen: List[Tuple[Any, ...]] = []
        self.closed: List[Tuple[Any, ...]] = []
        self.numbers = [self.conn.domainEventRegisterAny(None, number, self.event, self)
                        for number in (libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE, libvirt.VIR_DOMAIN_EVENT_ID_REBOOT)]
        self.conn.domainEventRegister(self.event, self)
        self.conn.registerCloseCallback(lambda *arguments: self.closed.append(arguments), self)
        self.conn.setKeepAlive(5, 3)

    def event(self, *arguments: Any) -> None:
        self.seen.append(arguments)

    def check(self) -> None:
        """Check that calls are answered and events arrive."""
        assert not self.closed and self.conn.isAlive()
        assert self.conn.getHostname() == "one" and self.domain.name() == "test"
        del self.seen[:]
        self.domain.destroy()
        self.domain.create()
        wait_until(lambda: len(self.seen) >= 4, "the events of the parent")


@pytest.fixture
def parent(daemon: daemons.Daemon) -> Iterator[Parent]:
    parent = Parent(daemon.uri("test", "/default"))
    yield parent
    parent.conn.close()


def run_child(function: Callable[..., None], *arguments: object) -> int:
    """Run the function in a child and return its exit status; -14 if it hangs."""
    pid = os.fork()
    if pid == 0:
        status = 99
        try:
            signal.alarm(60)
            function(*arguments)
            status = 0
        finally:
            # Exit without pytest's own exit handlers.
            leave(status)
    status = os.waitpid(pid, 0)[1]
    return os.WEXITSTATUS(status) if os.WIFEXITED(status) else -os.WTERMSIG(status)


def leave(status: int) -> NoReturn:
    import atexit
    atexit._run_exitfuncs()
    os._exit(status)


def nothing(parent: Parent) -> None:
    pass


def drop(parent: Parent) -> None:
    parent.__dict__.clear()
    import gc
    gc.collect()


def close(parent: Parent) -> None:
    assert parent.conn.close() == 0


def close_and_use(parent: Parent) -> None:
    parent.conn.close()
    try:
        parent.conn.getHostname()
    except libvirt.libvirtError:
        return
    raise AssertionError("a call on a closed connection succeeded")


def drop_domains(parent: Parent) -> None:
    del parent.domains[:], parent.domain


def open_own(parent: Parent, uri: str) -> None:
    with libvirt.open(uri) as conn:
        assert conn.lookupByName("test").isActive()


def close_and_open_own(parent: Parent, uri: str) -> None:
    close(parent)
    open_own(parent, uri)


def many_connections(parent: Parent, uri: str) -> None:
    for _ in range(5):
        open_own(parent, uri)


@pytest.mark.parametrize("action", [nothing, drop, close, close_and_use, drop_domains])
def test_a_child_leaves_the_connection_to_its_parent(parent: Parent, choose: Choose,
                                                     action: Callable[..., None]) -> None:
    for _ in range(choose(4, 100)):
        assert run_child(action, parent) == 0
        parent.check()


@pytest.mark.parametrize("action", [open_own, close_and_open_own, many_connections])
def test_a_child_opens_its_own_connection(run_fresh_python: RunPython, daemon: daemons.Daemon, choose: Choose,
                                          action: Callable[..., None]) -> None:
    """The parent has no event loop, because its thread could hold a lock of the loop during the fork."""
    code = f"""
import os, sys
sys.path.insert(0, {os.path.dirname(__file__)!r})
import test_fork_remote as here
import libvirt
parent = type("Parent", (), {{"conn": libvirt.open(sys.argv[1])}})()
domain = parent.conn.lookupByName("test")
for _ in range({choose(4, 100)}):
    assert here.run_child(here.{action.__name__}, parent, sys.argv[1]) == 0
    assert domain.name() == "test" and parent.conn.isAlive()
"""
    done = run_fresh_python(code, daemon.uri("test", "/default"))
    assert (done.returncode, done.stderr) == (0, "")


def test_a_child_while_other_threads_are_in_calls(parent: Parent, choose: Choose) -> None:
    """One of the threads is reading from the connection for all; the child must not wait for it."""
    stop = threading.Event()
    errors: List[Exception] = []

    def work() -> None:
        try:
            while not stop.is_set():
                parent.conn.getHostname()
                parent.domain.XMLDesc()
        except libvirt.libvirtError as error:
            errors.append(error)
    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        for action in [drop, close] * choose(5, 50):
            assert run_child(action, parent) == 0
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert not errors
    parent.check()


def test_a_child_while_a_stream_is_open(daemon: daemons.Daemon, conn: libvirt.virConnect,
                                        make_volume: MakeVolume) -> None:
    """The stream and its callback still work in the parent."""
    data = os.urandom(1024 * 1024)
    volume, stream, ready = make_volume(len(data)), conn.newStream(libvirt.VIR_STREAM_NONBLOCK), threading.Event()
    with open(volume.path(), "r+b") as file:
        file.write(data)
    volume.download(stream, 0, 0)
    stream.eventAddCallback(libvirt.VIR_STREAM_EVENT_READABLE, lambda *unused: ready.set(), None)
    holder = type("Holder", (), {})()
    holder.conn, holder.stream = conn, stream
    for action in (nothing, close):
        assert run_child(action, holder) == 0
    assert ready.wait(60)
    stream.eventRemoveCallback()
    got = b""
    while len(got) < len(data):
        piece = stream.recv(65536)
        got += piece if piece != -2 else b""
    assert got == data
    stream.abort()


def test_a_child_that_outlives_the_connection(daemon: daemons.Daemon) -> None:
    """The parent closes the connection; the child, which still has the socket, must not send anything to the daemon."""
    parent = Parent(daemon.uri("test", "/default"))
    pid = os.fork()
    if pid == 0:
        time.sleep(0.5)
        drop(parent)
        leave(0)
    assert parent.conn.close() == 1  # parent.domain and parent.domains hold it
    assert os.waitpid(pid, 0)[1] == 0
    with libvirt.open(daemon.uri("test", "/default")) as conn:
        assert conn.isAlive()


def test_multiprocessing(daemon: daemons.Daemon, run_fresh_python: RunPython) -> None:
    code = """
import multiprocessing, sys
import libvirt
conn = libvirt.open(sys.argv[1])
domains = conn.listAllDomains()
def work(name):
    with libvirt.open(sys.argv[1]) as mine:
        return mine.lookupByName(name).info()[0]
with multiprocessing.get_context("fork").Pool(2) as pool:
    print(set(pool.map(work, ["test"] * 20)), conn.getHostname())
"""
    done = run_fresh_python(code, daemon.uri("test", "/default"))
    assert (done.returncode, done.stdout, done.stderr) == (0, "{1} one\n", "")
