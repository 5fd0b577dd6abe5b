# SPDX-License-Identifier: LGPL-2.1-or-later
"""The admin server of a daemon: its servers, limits, clients and logging, and the loss of an admin connection."""

import contextlib
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Callable, Iterator, Optional, Tuple, Type, Union

import libvirt
import pytest

import daemon as daemons
from daemon import wait_until

if TYPE_CHECKING:
    import libvirt_admin
else:
    libvirt_admin = pytest.importorskip("libvirt_admin")

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
LIMITS = {"nclients_max", "nclients", "nclients_unauth_max", "nclients_unauth"}
POOL = {"minWorkers", "maxWorkers", "nWorkers", "freeWorkers", "prioWorkers", "jobQueueDepth"}


def uri_of(daemon: daemons.Daemon) -> str:
    return f"libvirtd:///system?socket={daemon.admin_socket}"


@pytest.fixture
def managed() -> Iterator[daemons.Daemon]:
    """A separate daemon for each test, because tests change settings."""
    with daemons.Daemon("managed", admin=True) as started:
        yield started


@pytest.fixture
def admin(managed: daemons.Daemon) -> Iterator[libvirt_admin.virAdmConnect]:
    with libvirt_admin.open(uri_of(managed)) as connection:
        yield connection


@pytest.fixture
def server(admin: libvirt_admin.virAdmConnect) -> libvirt_admin.virAdmServer:
    return admin.lookupServer("libvirtd")


# Runs in its own process, because a process can use either libvirt or libvirt-admin. It prints a line when it is
# connected and when the connection is lost, and exits when its standard input is closed.
CLIENT = """
import os, sys, threading, libvirt
libvirt.virEventRegisterDefaultImpl()
conn = (libvirt.openReadOnly if sys.argv[2] == "readonly" else libvirt.open)(sys.argv[1])
def lost(conn, reason, opaque):
    print("lost", reason, opaque, flush=True)
conn.registerCloseCallback(lost, "data")
print("open", flush=True)
threading.Thread(target=lambda: os._exit(len(sys.stdin.read())), daemon=True).start()
while True:
    libvirt.virEventRunDefaultImpl()
"""


@contextlib.contextmanager
def client_process(daemon: daemons.Daemon, kind: str = "usual") -> "Iterator[subprocess.Popen[str]]":
    process = subprocess.Popen(
        [sys.executable, "-c", CLIENT, daemon.uri("test", "/default", readonly=kind == "readonly"), kind],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def next_line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline()


@contextlib.contextmanager
def connected(daemon: daemons.Daemon, kind: str = "usual") -> "Iterator[subprocess.Popen[str]]":
    with client_process(daemon, kind) as process:
        assert next_line(process) == "open\n"
        yield process


# --- connection

def test_properties_of_a_connection(managed: daemons.Daemon, admin: libvirt_admin.virAdmConnect) -> None:
    assert admin.getURI() == uri_of(managed)
    assert admin.isAlive() == 1
    assert admin.getLibVersion() == libvirt_admin.getVersion() == libvirt.getVersion()


def test_opening_a_missing_socket_fails(managed: daemons.Daemon) -> None:
    with pytest.raises(libvirt.libvirtError, match="libvirt-nowhere") as caught:
        libvirt_admin.open(f"libvirtd:///system?socket={managed.directory}/libvirt-nowhere")
    assert caught.value.get_error_domain() in (libvirt.VIR_FROM_RPC, libvirt.VIR_FROM_ADMIN)


def test_calls_on_a_closed_connection_raise(managed: daemons.Daemon) -> None:
    connection = libvirt_admin.open(uri_of(managed))
    assert connection.close() == 0
    with pytest.raises(libvirt.libvirtError):
        connection.getURI()
    assert connection.close() == 0  # that is how libvirt-admin behaves


def test_servers_and_clients_outlive_their_connection(managed: daemons.Daemon) -> None:
    connection = libvirt_admin.open(uri_of(managed))
    server = connection.lookupServer("libvirtd")
    del connection
    assert server.connect().isAlive() == 1
    assert [found.name() for found in server.connect().listServers()]


# --- servers

def test_servers_are_listed_and_looked_up(admin: libvirt_admin.virAdmConnect) -> None:
    servers = admin.listServers()
    assert {server.name() for server in servers} == {"libvirtd", "admin"}
    assert all(type(server) is libvirt_admin.virAdmServer and server.connect() is admin for server in servers)
    assert admin.lookupServer("admin").name() == "admin"
    with pytest.raises(libvirt.libvirtError) as caught:
        admin.lookupServer("none")
    assert caught.value.get_error_code() == libvirt.VIR_ERR_NO_SERVER


def test_the_thread_pool_grows_and_shrinks(server: libvirt_admin.virAdmServer) -> None:
    before = server.threadPoolParameters()
    assert set(before) == POOL
    assert before["minWorkers"] <= before["nWorkers"] <= before["maxWorkers"]
    assert server.setThreadPoolParameters({libvirt_admin.VIR_THREADPOOL_WORKERS_MAX: 40,
                                           libvirt_admin.VIR_THREADPOOL_WORKERS_MIN: 30}) == 0
    after = server.threadPoolParameters()
    assert (after["minWorkers"], after["maxWorkers"]) == (30, 40)
    wait_until(lambda: bool(server.threadPoolParameters()["nWorkers"] >= 30), "the growth of the pool")


@pytest.mark.parametrize("params,error", [
    ({"maxWorkers": -1}, OverflowError), ({"maxWorkers": "many"}, TypeError), ({5: 5}, TypeError), (None, TypeError),
    ([("maxWorkers", 5)], TypeError), ({"minWorkers": 50, "maxWorkers": 40}, libvirt.libvirtError),
    ({"nWorkers": 5}, libvirt.libvirtError), ({"unknown": 5}, (ValueError, libvirt.libvirtError)),
])
def test_invalid_parameters_of_the_thread_pool_are_refused(
        server: libvirt_admin.virAdmServer, params: object,
        error: Union[Type[Exception], Tuple[Type[Exception], ...]]) -> None:
    before = server.threadPoolParameters()
    with pytest.raises(error):
        server.setThreadPoolParameters(params)
    after = server.threadPoolParameters()
    assert (after["minWorkers"], after["maxWorkers"]) == (before["minWorkers"], before["maxWorkers"])


def test_the_limit_of_clients_is_enforced(managed: daemons.Daemon, server: libvirt_admin.virAdmServer) -> None:
    before = server.clientLimits()
    assert set(before) == LIMITS
    assert before["nclients"] == len(server.listClients())
    with connected(managed):
        assert server.clientLimits()["nclients"] == 1
        assert server.setClientLimits({"nclients_max": 1, "nclients_unauth_max": 1}) == 0
        assert server.clientLimits()["nclients_max"] == 1
        # The daemon does not accept the next client until there is room.
        with client_process(managed) as waiting:
            opened = threading.Event()

            def wait() -> None:
                if next_line(waiting) == "open\n":
                    opened.set()
            threading.Thread(target=wait, daemon=True).start()
            assert not opened.wait(2)
            assert server.clientLimits()["nclients"] == 1
            assert server.setClientLimits({"nclients_max": 5}) == 0
            assert opened.wait(60)
            assert server.clientLimits()["nclients"] == 2


def test_updating_tls_files_without_tls_raises(server: libvirt_admin.virAdmServer) -> None:
    with pytest.raises(libvirt.libvirtError):
        server.updateTlsFiles()


# --- clients

def test_properties_of_a_client(managed: daemons.Daemon, server: libvirt_admin.virAdmServer) -> None:
    with connected(managed) as process:
        client, = server.listClients()
        assert type(client) is libvirt_admin.virAdmClient
        assert client.server() is server and client.connect() is server.connect()
        assert client.transport() == libvirt_admin.VIR_CLIENT_TRANS_UNIX
        info = client.info()
        assert info["unix_user_id"] == 0 and info["unix_user_name"] == "root"
        assert info["unix_process_id"] == process.pid
        assert info["readonly"] is False
        assert 0 < client.timestamp()
        found = server.lookupClient(client.ID())
        assert (found.ID(), found.timestamp()) == (client.ID(), client.timestamp())
    with pytest.raises(libvirt.libvirtError) as caught:
        server.lookupClient(2 ** 40)
    assert caught.value.get_error_code() == libvirt.VIR_ERR_NO_CLIENT
    for odd, error in (("1", TypeError), (-1, OverflowError), (2 ** 64, OverflowError), (None, TypeError)):
        with pytest.raises(error, match="id"):
            server.lookupClient(odd)


def test_a_readonly_client_is_shown_as_readonly(managed: daemons.Daemon, server: libvirt_admin.virAdmServer) -> None:
    with connected(managed, "readonly"):
        assert [client.info()["readonly"] for client in server.listClients()] == [True]


def test_a_client_that_is_disconnected_gets_its_close_callback(managed: daemons.Daemon,
                                                               server: libvirt_admin.virAdmServer) -> None:
    with connected(managed) as process:
        client, = server.listClients()
        assert client.close() == 0
        assert next_line(process) == f"lost {libvirt.VIR_CONNECT_CLOSE_REASON_EOF} data\n"
        wait_until(lambda: not server.listClients(), "the end of the client")
        with pytest.raises(libvirt.libvirtError):
            client.close()


# --- libvirt and libvirt-admin in one process, where only one of them works

@pytest.mark.parametrize("first,second", [
    ("libvirt.open('test:///default')", "libvirt_admin.open(sys.argv[1])"),
    ("libvirt_admin.open(sys.argv[1])", "libvirt.open('test:///default')"),
    ("libvirt_admin.open(sys.argv[1])", "libvirt.openReadOnly('test:///default')"),
    ("libvirt_admin.open(sys.argv[1])", "libvirt.openAuth('test:///default', [[], None, None])"),
])
def test_the_second_library_is_refused(managed: daemons.Daemon, first: str, second: str) -> None:
    code = f"""
import sys, libvirt, libvirt_admin
kept = {first}
try:
    {second}
except libvirt.libvirtError as error:
    print("refused", "libvirt_admin" in str(error), error.get_error_code())
print(bool({first}))
"""
    done = subprocess.run([sys.executable, "-c", code, uri_of(managed)], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (0, "refused True None\nTrue\n")


# --- the loss of the admin connection itself

@pytest.mark.parametrize("inside", [None, "unregisterCloseCallback", "close"])
def test_the_close_callback_is_called_when_the_daemon_dies(managed: daemons.Daemon, inside: Optional[str]) -> None:
    admin = libvirt_admin.open(uri_of(managed))
    lost_event = threading.Event()
    seen = []

    def lost(conn: libvirt_admin.virAdmConnect, reason: int, opaque: object) -> None:
        seen.append((conn, reason, opaque))
        if inside:
            getattr(conn, inside)()
        lost_event.set()
    assert admin.registerCloseCallback(lost, 5) == 0
    with pytest.raises(libvirt.libvirtError):
        admin.registerCloseCallback(lost, 6)
    managed.kill()
    assert lost_event.wait(60)
    assert seen == [(admin, libvirt.VIR_CONNECT_CLOSE_REASON_EOF, 5)]
    if inside != "close":
        assert admin.isAlive() == 0
        admin.close()


def test_an_unregistered_callback_is_not_called(managed: daemons.Daemon) -> None:
    seen = []
    admin = libvirt_admin.open(uri_of(managed))
    admin.registerCloseCallback(lambda *args: seen.append(args), None)
    admin.unregisterCloseCallback()
    with pytest.raises(libvirt.libvirtError):
        admin.unregisterCloseCallback()
    other = libvirt_admin.open(uri_of(managed))
    lost_event = threading.Event()
    other.registerCloseCallback(lambda *args: lost_event.set(), None)
    managed.kill()
    assert lost_event.wait(60)
    assert seen == []
    for connection in (admin, other):
        connection.close()


def test_a_callback_does_not_keep_a_connection_open(managed: daemons.Daemon) -> None:
    """A closed connection, with or without a callback, is no longer a client of the daemon."""
    with libvirt_admin.open(uri_of(managed)) as admin:
        watching = admin.lookupServer("admin")
        for _ in range(20):
            connection = libvirt_admin.open(uri_of(managed))
            connection.registerCloseCallback(lambda *args: None, connection)
            assert connection.close() == 0
        wait_until(lambda: len(watching.listClients()) == 1, "the end of the others")


# --- logging, and the daemon itself

def test_logging_settings_can_be_read_and_set(managed: daemons.Daemon, admin: libvirt_admin.virAdmConnect) -> None:
    assert admin.getLoggingFilters() == ""
    assert admin.setLoggingFilters("1:util.json 3:rpc") in (0, 2)
    assert set(admin.getLoggingFilters().replace("*", "").split()) == {"1:util.json", "3:rpc"}
    log = managed.directory / "log" / "mine"
    admin.setLoggingOutputs(f"1:file:{log}")
    assert admin.getLoggingOutputs() == f"1:file:{log}"
    admin.setLoggingFilters(None)
    assert admin.getLoggingFilters() == ""
    for function in (admin.setLoggingFilters, admin.setLoggingOutputs):
        with pytest.raises(libvirt.libvirtError):
            function("odd")
        with pytest.raises(TypeError):
            function(5)


def test_an_unused_daemon_exits_after_its_timeout(managed: daemons.Daemon) -> None:
    if not hasattr(libvirt_admin.virAdmConnect, "setDaemonTimeout"):
        pytest.skip("this libvirt does not have setDaemonTimeout()")
    admin = libvirt_admin.open(uri_of(managed))
    assert admin.setDaemonTimeout(1) == 0
    admin.close()
    assert managed.process is not None and managed.process.wait(60) == 0


# --- handles

def test_a_server_freed_during_a_call_lives_until_the_call_ends(managed: daemons.Daemon,
                                                                server: libvirt_admin.virAdmServer) -> None:
    """libvirt-admin has no function to add a reference to a server."""
    import libvirtmod_admin
    handle, found = server._o, []
    managed.pause()
    thread = threading.Thread(target=lambda: found.append(server.clientLimits()))
    thread.start()
    wait_until(lambda: in_call(thread), "the call")
    time.sleep(0.2)  # give the thread time to get from the method into libvirt
    assert libvirtmod_admin.virAdmServerFree(handle) == 0
    with pytest.raises(libvirt.libvirtError, match="the virAdmServer was freed"):
        server.name()
    managed.resume()
    thread.join(60)
    assert set(found[0]) == LIMITS


def in_call(thread: threading.Thread) -> bool:
    assert thread.ident is not None
    frame = sys._current_frames().get(thread.ident)
    return frame is not None and frame.f_code.co_name == "clientLimits"


@pytest.mark.parametrize("call", [
    lambda module, handle: module.virAdmServerGetName(handle("virAdmConnect")),
    lambda module, handle: module.virAdmConnectGetURI(handle("virAdmServer")),
    lambda module, handle: module.virAdmClientGetID("text"),
    lambda module, handle: module.virAdmConnectLookupServer(handle("virAdmConnect"), 5, 0),
    lambda module, handle: module.virAdmServerLookupClient(handle("virAdmServer"), None, 0),
])
def test_wrong_arguments_are_refused(admin: libvirt_admin.virAdmConnect, server: libvirt_admin.virAdmServer,
                                     call: Callable[[ModuleType, Callable[[str], object]], object]) -> None:
    import libvirtmod_admin
    handles = {"virAdmConnect": admin._o, "virAdmServer": server._o}
    with pytest.raises(TypeError, match="must be|expected"):
        call(libvirtmod_admin, handles.get)


# --- the example

def test_the_example_shows_limits_and_clients(managed: daemons.Daemon) -> None:
    def run(*options: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run([sys.executable, EXAMPLES / "clients.py", "--uri", uri_of(managed), *options],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60)
    with connected(managed, "readonly") as process:
        done = run("--max-clients", "700")
        assert done.returncode == 0
        assert "libvirtd: 1 of at most 700 clients" in done.stdout and "admin: 1 of at most" in done.stdout
        line, = [line for line in done.stdout.splitlines() if f"process {process.pid}," in line]
        assert ": root," in line and "by unix since 20" in line and line.endswith("reads")
        assert run("--disconnect", line.split(":")[0].strip()).returncode == 0
        assert next_line(process).startswith("lost ")
    failed = run("--disconnect", "4000000")
    assert failed.returncode == 1 and failed.stdout.startswith("clients.py: ")
