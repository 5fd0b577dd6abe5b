# SPDX-License-Identifier: LGPL-2.1-or-later
"""A daemon that is killed or hangs: calls raise, the close callback runs once, and a new connection works."""

import gc
import os
import threading
import time
from pathlib import Path
from typing import Callable, Iterator, List, Optional

import libvirt
import pytest

import daemon as daemons
import network
from conftest import Choose
from daemon import wait_until

MIB = 1024 * 1024

Find = Callable[[libvirt.virConnect], libvirt.virStorageVol]


@pytest.fixture
def mortal(event_loop: None) -> Iterator[daemons.Daemon]:
    """A separate daemon for each test."""
    with daemons.Daemon("mortal") as started:
        yield started


class Watched:
    """A connection, and the reasons that its close callback received."""

    def __init__(self, uri: str):
        self.conn = libvirt.open(uri)
        self.reasons: List[int] = []
        self.conn.registerCloseCallback(self.closed, self)

    def closed(self, conn: libvirt.virConnect, reason: int, opaque: object) -> None:
        assert conn is self.conn and opaque is self
        self.reasons.append(reason)

    def check_lost(self, *reasons: int) -> None:
        """Check that the close callback runs exactly once, even if the connection is used afterwards."""
        wait_until(lambda: self.reasons, "the close callback")
        stream = self.conn.newStream()
        for call in (self.conn.getHostname, self.conn.listAllDomains, stream.finish):
            with pytest.raises(libvirt.libvirtError) as caught:
                call()
            # The stream was not opened, which libvirt checks first.
            assert caught.value.connection_lost or call == stream.finish, caught.value.err
        assert not self.conn.isAlive()
        del call, stream, caught
        gc.collect()  # frees the frames of failed calls, which refer to domains and streams and so to the connection
        assert self.conn.close() == 0
        time.sleep(0.02)
        assert len(self.reasons) == 1 and self.reasons[0] in (reasons or LOST)


UNKNOWN = "An error occurred, but the cause is unknown"
LOST = (libvirt.VIR_CONNECT_CLOSE_REASON_ERROR, libvirt.VIR_CONNECT_CLOSE_REASON_EOF)


class Worker(threading.Thread):
    """A thread that calls a function repeatedly until it raises, and keeps the exception in `error`."""

    def __init__(self, function: Callable[[], object]):
        super().__init__(daemon=True)
        self.function = function
        self.calls = 0
        self.error: Optional[BaseException] = None
        self.start()

    def run(self) -> None:
        try:
            while True:
                self.function()
                self.calls += 1
        except BaseException as error:
            self.error = error

    def check_failed(self) -> None:
        """Check that the worker ended with an error of the connection."""
        self.join(60)
        assert not self.is_alive()
        assert isinstance(self.error, libvirt.libvirtError), self.error
        # If a callback closes the connection during a call, libvirt may report no cause.
        assert self.error.connection_lost or self.error.message == UNKNOWN, self.error.err


def short_while(number: int) -> None:
    """Wait for a time that differs in each round."""
    time.sleep(0.001 * (7 * number % 20))


def run_rounds(mortal: daemons.Daemon, count: int, kill: Callable[[int], Watched]) -> None:
    """In each round, kill(number) kills the daemon and returns a connection that must get lost."""
    for number in range(count):
        kill(number).check_lost()
        mortal.start()
        with libvirt.open(mortal.uri("test", "/default")) as conn:
            assert conn.lookupByName("test").isActive()


def test_daemon_killed_during_calls(mortal: daemons.Daemon, choose: Choose) -> None:
    def kill(number: int) -> Watched:
        watched = Watched(mortal.uri("test", "/default"))
        domain = watched.conn.lookupByName("test")
        workers = [Worker(function) for function in
                   (watched.conn.getHostname, watched.conn.listAllDomains, domain.XMLDesc, domain.info)]
        wait_until(lambda: all(worker.calls > 3 for worker in workers), "some calls")
        short_while(number)
        mortal.kill()
        for worker in workers:
            worker.check_failed()
        return watched
    run_rounds(mortal, choose(5, 100), kill)


@pytest.fixture
def volumes(mortal: daemons.Daemon, tmp_path: Path) -> Find:
    """A function that opens a storage pool of the daemon and returns its volume."""
    path = tmp_path / "volume"
    with open(path, "wb") as file:
        file.truncate(1024 * MIB)
    xml = f"<pool type='dir'><name>files</name><target><path>{tmp_path}</path></target></pool>"

    def look(conn: libvirt.virConnect) -> libvirt.virStorageVol:
        pools = [pool for pool in conn.listAllStoragePools() if pool.name() == "files"]
        pool = pools[0] if pools else conn.storagePoolCreateXML(xml)
        return pool.storageVolLookupByName("volume")
    return look


def upload(stream: libvirt.virStream, volume: libvirt.virStorageVol) -> None:
    volume.upload(stream, 0, 0)
    piece = os.urandom(libvirt.virStorageVol.streamBufSize)
    stream.sendAll(lambda *unused: piece, None)


def download(stream: libvirt.virStream, volume: libvirt.virStorageVol) -> None:
    volume.download(stream, 0, 0)
    stream.recvAll(lambda *unused: None, None)
    raise AssertionError("the whole gibibyte arrived before the daemon was killed")


@pytest.mark.parametrize("transfer", [upload, download])
def test_daemon_killed_during_a_transfer(mortal: daemons.Daemon, volumes: Find, choose: Choose,
                                         transfer: Callable[[libvirt.virStream, libvirt.virStorageVol], None]) -> None:
    def kill(number: int) -> Watched:
        watched = Watched(mortal.uri())
        volume, stream = volumes(watched.conn), watched.conn.newStream()
        worker = Worker(lambda: transfer(stream, volume))
        time.sleep(0.01)
        short_while(number)
        mortal.kill()
        worker.check_failed()
        with pytest.raises(libvirt.libvirtError):
            stream.finish()
        return watched
    run_rounds(mortal, choose(3, 50), kill)


def test_daemon_killed_during_an_event_driven_transfer(mortal: daemons.Daemon, volumes: Find, choose: Choose) -> None:
    """libvirt need not call the callback of the stream, but it must call that of the connection."""
    def kill(number: int) -> Watched:
        watched = Watched(mortal.uri())
        volume, stream = volumes(watched.conn), watched.conn.newStream(libvirt.VIR_STREAM_NONBLOCK)
        calls, errors = [], []

        def ready(stream: libvirt.virStream, events: int, opaque: object) -> None:
            calls.append(events)
            try:
                stream.recv(MIB)
            except libvirt.libvirtError as error:
                errors.append(error)
                stream.eventRemoveCallback()
        volume.download(stream, 0, 0)
        stream.eventAddCallback(libvirt.VIR_STREAM_EVENT_READABLE | libvirt.VIR_STREAM_EVENT_ERROR |
                                libvirt.VIR_STREAM_EVENT_HANGUP, ready, None)
        wait_until(lambda: calls, "some data")
        short_while(number)
        mortal.kill()
        wait_until(lambda: watched.reasons, "the close callback")
        with pytest.raises(libvirt.libvirtError):
            stream.finish()
        assert len(errors) < 2
        return watched
    run_rounds(mortal, choose(3, 50), kill)


def test_daemon_killed_during_events(mortal: daemons.Daemon, choose: Choose) -> None:
    def kill(number: int) -> Watched:
        watched, other, seen = Watched(uri), libvirt.open(uri), []
        watched.conn.domainEventRegisterAny(None, libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE,
                                            lambda conn, domain, event, detail, opaque: seen.append(event), None)
        watched.conn.domainEventRegister(lambda conn, domain, event, detail, opaque: seen.append(event), None)
        domain = other.lookupByName("test")

        def change() -> None:
            domain.destroy()
            domain.create()
        worker = Worker(change)
        wait_until(lambda: len(seen) > 10, "some events")
        short_while(number)
        mortal.kill()
        worker.check_failed()
        return watched
    uri = mortal.uri("test", "/default")
    run_rounds(mortal, choose(5, 100), kill)


def test_registrations_can_be_removed_when_the_daemon_is_gone(mortal: daemons.Daemon) -> None:
    watched = Watched(mortal.uri("test", "/default"))
    number = watched.conn.domainEventRegisterAny(None, 0, lambda *unused: None, None)
    mortal.kill()
    wait_until(lambda: watched.reasons, "the close callback")
    with pytest.raises(libvirt.libvirtError):
        watched.conn.domainEventRegisterAny(None, 1, lambda *unused: None, None)
    for remove in (lambda: watched.conn.domainEventDeregisterAny(number), watched.conn.unregisterCloseCallback):
        try:
            remove()
        except libvirt.libvirtError:
            pass
    del remove
    gc.collect()
    assert watched.conn.close() == 0
    assert len(watched.reasons) == 1


def test_a_callback_that_closes_the_connection(mortal: daemons.Daemon) -> None:
    """This is the usual reaction; it runs in the thread of the loop, or in a thread whose call noticed the loss."""
    conn, done = libvirt.open(mortal.uri("test", "/default")), threading.Event()
    results = []

    def closed(conn: libvirt.virConnect, reason: int, opaque: object) -> None:
        results.append(conn.close())
        done.set()
    conn.registerCloseCallback(closed, None)
    worker = Worker(conn.getHostname)
    wait_until(lambda: worker.calls, "a call")
    mortal.kill()
    assert done.wait(60)
    worker.check_failed()
    assert results[0] in (0, 1)


def test_a_callback_that_connects_again(mortal: daemons.Daemon) -> None:
    """The callback runs in the thread of the loop, where calls work as in any other thread."""
    uri, done, results = mortal.uri("test", "/default"), threading.Event(), []
    conn = libvirt.open(uri)

    def closed(conn: libvirt.virConnect, reason: int, opaque: object) -> None:
        mortal.restart()
        with libvirt.open(uri) as again:
            results.append(again.lookupByName("test").name())
        done.set()
    conn.registerCloseCallback(closed, None)
    assert mortal.process is not None
    mortal.process.kill()
    assert done.wait(60)
    assert results == ["test"]
    conn.close()


def test_a_daemon_that_exits_normally(mortal: daemons.Daemon) -> None:
    """A program sees no difference to a killed daemon."""
    watched = Watched(mortal.uri("test", "/default"))
    mortal.end()
    watched.check_lost(*LOST)


def test_no_close_callback_if_the_program_closes_the_connection(mortal: daemons.Daemon) -> None:
    """The close callback is not called for this."""
    watched = Watched(mortal.uri("test", "/default"))
    assert watched.conn.close() == 0
    mortal.kill()
    time.sleep(0.1)
    assert watched.reasons == []


@pytest.mark.parametrize("busy", [False, True], ids=["idle", "in a call"])
def test_keepalive_notices_a_daemon_that_hangs(mortal: daemons.Daemon, busy: bool) -> None:
    watched = Watched(mortal.uri("test", "/default"))
    assert watched.conn.setKeepAlive(1, 2) == 0
    assert watched.conn.getHostname() == "mortal"
    mortal.pause()
    worker = Worker(watched.conn.getHostname) if busy else None
    wait_until(lambda: watched.reasons, "the close callback")
    if worker is not None:
        worker.check_failed()
    mortal.resume()
    del worker
    watched.check_lost(libvirt.VIR_CONNECT_CLOSE_REASON_KEEPALIVE)


@pytest.mark.parametrize("how", ["kill", "pause"])
def test_events_and_errors_of_a_lost_daemon(mortal: daemons.Daemon, how: str) -> None:
    network.check_loss(mortal.uri("test", "/default"), getattr(mortal, how))
    if how == "pause":
        mortal.resume()


def test_keepalive_keeps_a_connection_to_a_daemon_that_answers(mortal: daemons.Daemon) -> None:
    watched = Watched(mortal.uri("test", "/default"))
    assert watched.conn.setKeepAlive(1, 1) == 0
    time.sleep(3)
    assert watched.conn.isAlive() and watched.conn.getHostname() == "mortal"
    assert watched.conn.setKeepAlive(0, 0) in (0, 1)
    assert watched.conn.close() == 0
    assert watched.reasons == []


def test_no_daemon_at_all(mortal: daemons.Daemon) -> None:
    uri = mortal.uri("test", "/default")
    mortal.kill()
    for opening in (libvirt.open, libvirt.openReadOnly, lambda uri: libvirt.openAuth(uri, [[], None, None], 0)):
        with pytest.raises(libvirt.libvirtError) as raised:
            opening(uri)
        assert raised.value.get_error_code() == libvirt.VIR_ERR_SYSTEM_ERROR
