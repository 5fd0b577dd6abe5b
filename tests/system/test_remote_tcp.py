# SPDX-License-Identifier: LGPL-2.1-or-later
"""Connections over TCP, without authentication and with a name and a password."""

import subprocess
import threading
from pathlib import Path
from typing import Any, Callable, Iterator, List, Optional, Tuple, Union

import libvirt
import pytest

import daemon as daemons
import network
from conftest import need
from daemon import wait_until

PORT = 16509
ASKED = [libvirt.VIR_CRED_AUTHNAME, libvirt.VIR_CRED_PASSPHRASE]


def uri(port: int = PORT, host: str = "127.0.0.1", **parameters: object) -> str:
    rest = "&".join(f"{name}={value}" for name, value in parameters.items())
    return f"test+tcp://{host}:{port}/default" + (f"?{rest}" if rest else "")


@pytest.fixture(scope="module")
def plain(event_loop: None) -> Iterator[daemons.Daemon]:
    with daemons.Daemon("plain", ["--listen"], listen_tls=0, listen_tcp=1, auth_tcp="none", listen_addr="127.0.0.1",
                        tcp_port=str(PORT + 1), port=PORT + 1) as started:
        yield started


@pytest.fixture(scope="module")
def guarded(event_loop: None) -> Iterator[daemons.Daemon]:
    """A daemon with one user, and an authentication mechanism that also encrypts."""
    need("saslpasswd2")
    directory = daemons.HOME / "guarded"
    made = daemons.Daemon("guarded", ["--listen"], environment={"SASL_CONF_PATH": str(directory / "sasl")},
                          listen_tls=0, listen_tcp=1, auth_tcp="sasl", auth_unix_ro="sasl", listen_addr="127.0.0.1",
                          tcp_port=str(PORT), port=PORT)
    (directory / "sasl").mkdir()
    (directory / "sasl" / "libvirt.conf").write_text(
        f"mech_list: digest-md5\nsasldb_path: {directory}/passwords\n", encoding="ascii")
    subprocess.run(["saslpasswd2", "-p", "-c", "-f", directory / "passwords", "-a", "libvirt", "-u", "guarded", "user"],
                   input=b"secret \xc3\xa9", check=True)
    with made as started:
        yield started


class Answers:
    """A callback that answers requests for credentials and records them."""

    def __init__(self, name: Optional[str] = "user@guarded", password: Union[str, int] = "secret é", result: int = 0):
        self.values = {libvirt.VIR_CRED_AUTHNAME: name, libvirt.VIR_CRED_PASSPHRASE: password}
        self.result = result
        self.asked: List[Tuple[int, str, object]] = []

    def __call__(self, credentials: List[List[Any]], opaque: object) -> int:
        for credential in credentials:
            self.asked.append((credential[0], credential[1], opaque))
            credential[4] = self.values[credential[0]]
        return self.result

    def open(self, flags: int = 0, where: Optional[str] = None) -> libvirt.virConnect:
        return libvirt.openAuth(where or uri(), [ASKED, self, "mine"], flags)


# --- without authentication

def test_a_connection_over_tcp(plain: daemons.Daemon) -> None:
    with libvirt.open(uri(PORT + 1)) as conn:
        assert conn.getHostname() == "plain" and conn.getURI() == uri(PORT + 1)
        assert not conn.isEncrypted() and not conn.isSecure() and conn.isAlive()
    with libvirt.open(plain.uri("test", "/default")) as conn:
        assert conn.isSecure() and not conn.isEncrypted()


def test_no_credentials_are_requested_without_authentication(plain: daemons.Daemon) -> None:
    answers = Answers()
    with answers.open(where=uri(PORT + 1)) as conn:
        assert conn.lookupByName("test").isActive()
    assert answers.asked == []


@pytest.mark.parametrize("where", [uri(1), uri(PORT + 1, "no.such.host.invalid"), "test+tcp://127.0.0.1:99999/default",
                                   "test+nothing:///default", "nothing+tcp://127.0.0.1/", "no uri", "test+unix://"])
def test_unreachable_uris_raise(plain: daemons.Daemon, where: str) -> None:
    with pytest.raises(libvirt.libvirtError) as raised:
        libvirt.open(where)
    assert raised.value.get_error_code() not in (None, libvirt.VIR_ERR_OK)


@pytest.mark.parametrize("how", ["cut", "silence"])
def test_a_lost_network(plain: daemons.Daemon, how: str) -> None:
    with network.Link(PORT + 1) as link:
        network.check_loss(uri(link.port), getattr(link, how))


def test_reconnecting_to_a_restarted_daemon(plain: daemons.Daemon) -> None:
    closed = []
    conn = libvirt.open(uri(PORT + 1))
    conn.registerCloseCallback(lambda conn, reason, opaque: closed.append(reason), None)
    plain.kill()
    wait_until(lambda: closed, "the close callback")
    with pytest.raises(libvirt.libvirtError):
        conn.getHostname()
    with pytest.raises(libvirt.libvirtError):
        libvirt.open(uri(PORT + 1))
    conn.close()
    plain.start()
    with libvirt.open(uri(PORT + 1)) as conn:
        assert conn.getHostname() == "plain"


def test_many_concurrent_connections(plain: daemons.Daemon) -> None:
    """There are more connections than the daemon has workers, each in a thread and with events."""
    seen, errors = [], []

    def work() -> None:
        try:
            with libvirt.open(uri(PORT + 1)) as conn:
                conn.domainEventRegisterAny(None, 0, lambda *arguments: seen.append(1), None)
                for _ in range(20):
                    assert conn.lookupByName("test").info()
        except BaseException as error:
            errors.append(error)
    threads = [threading.Thread(target=work) for _ in range(18)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


# --- with a name and a password

def test_a_user_with_the_right_password(guarded: daemons.Daemon) -> None:
    answers = Answers()
    with answers.open() as conn:
        assert conn.getHostname() == "guarded" and conn.isEncrypted() and conn.isSecure()
    assert [kind for kind, _, _ in answers.asked] == ASKED
    assert all(isinstance(prompt, str) and opaque == "mine" for _, prompt, opaque in answers.asked)


@pytest.mark.parametrize("answers", [
    Answers(password="wrong"), Answers(name="nobody@guarded"), Answers(password=""), Answers(name=None),
    Answers(password="secret"), Answers(password=7)], ids=["wrong", "nobody", "empty", "none", "part", "number"])
def test_a_user_with_a_wrong_answer(guarded: daemons.Daemon, answers: Answers) -> None:
    with pytest.raises(libvirt.libvirtError) as raised:
        answers.open()
    assert raised.value.get_error_code() in (libvirt.VIR_ERR_AUTH_FAILED, libvirt.VIR_ERR_AUTH_CANCELLED)
    assert answers.asked


def test_a_callback_that_refuses(guarded: daemons.Daemon) -> None:
    with pytest.raises(libvirt.libvirtError) as raised:
        Answers(result=-1).open()
    assert raised.value.get_error_code() in (libvirt.VIR_ERR_AUTH_FAILED, libvirt.VIR_ERR_AUTH_CANCELLED)


def test_a_callback_that_raises(guarded: daemons.Daemon, monkeypatch: "pytest.MonkeyPatch") -> None:
    import sys
    reported = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, value, traceback: reported.append(value))

    def broken(credentials: List[List[Any]], opaque: object) -> None:
        raise KeyError("mine")
    with pytest.raises(libvirt.libvirtError):
        libvirt.openAuth(uri(), [ASKED, broken, None])
    assert [str(error) for error in reported] == ["'mine'"]


def test_opening_without_credentials_fails(guarded: daemons.Daemon) -> None:
    opening: Callable[[], libvirt.virConnect]
    for opening in (lambda: libvirt.open(uri()), lambda: libvirt.openAuth(uri(), [[], Answers(), None])):
        with pytest.raises(libvirt.libvirtError) as raised:
            opening()
        assert raised.value.get_error_code() == libvirt.VIR_ERR_AUTH_FAILED


def test_credentials_from_a_file(guarded: daemons.Daemon, tmp_path: Path) -> None:
    """libvirt itself reads the file and then asks for nothing; it does so only if the program could be asked."""
    path = tmp_path / "auth.conf"
    path.write_text("[credentials-mine]\nauthname=user@guarded\npassword=secret é\n"
                    "[auth-libvirt-127.0.0.1]\ncredentials=mine\n", encoding="utf-8")
    answers = Answers()
    with answers.open(where=uri(authfile=path)) as conn:
        assert conn.getHostname() == "guarded"
    assert answers.asked == []


def test_a_password_that_is_changed(guarded: daemons.Daemon) -> None:
    subprocess.run(["saslpasswd2", "-p", "-c", "-f", guarded.directory / "passwords", "-a", "libvirt", "-u", "guarded",
                    "other"], input=b"one", check=True)
    with Answers("other@guarded", "one").open() as conn:
        assert conn.isAlive()
    subprocess.run(["saslpasswd2", "-p", "-f", guarded.directory / "passwords", "-a", "libvirt", "-u", "guarded",
                    "other"], input=b"two", check=True)
    with pytest.raises(libvirt.libvirtError):
        Answers("other@guarded", "one").open()
    with Answers("other@guarded", "two").open() as conn:
        assert conn.isAlive()


def test_the_callback_uses_another_connection(guarded: daemons.Daemon, plain: daemons.Daemon) -> None:
    """The callback may call libvirt."""
    class Asking(Answers):
        def __call__(self, credentials: List[List[Any]], opaque: object) -> int:
            with libvirt.open(uri(PORT + 1)) as other:
                assert other.isAlive()
            return super().__call__(credentials, opaque)
    with Asking().open() as conn:
        assert conn.getHostname() == "guarded"


def test_the_readonly_socket_requires_authentication(guarded: daemons.Daemon) -> None:
    answers = Answers()
    with answers.open(libvirt.VIR_CONNECT_RO, guarded.uri("test", "/default", readonly=True)) as conn:
        with pytest.raises(libvirt.libvirtError):
            conn.lookupByName("test").destroy()
    assert [kind for kind, _, _ in answers.asked] == ASKED
