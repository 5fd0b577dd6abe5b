# SPDX-License-Identifier: LGPL-2.1-or-later
"""Connections over TLS with certificates that are valid, missing, foreign, or issued to someone else."""

import ssl
import subprocess
import sys
from pathlib import Path
from typing import Callable, Dict, Iterator

import libvirt
import pytest

import daemon as daemons
import network
from conftest import need
from daemon import wait_until

CERTIFICATES = {
    # The template for certtool, and the name of the signer.
    "authority": ("cn = authority\nca\ncert_signing_key\n", None),
    "foreign": ("cn = foreign\nca\ncert_signing_key\n", None),
    "server": ("cn = server\nip_address = 127.0.0.1\ntls_www_server\nencryption_key\nsigning_key\n", "authority"),
    "client": ("cn = client\ntls_www_client\nencryption_key\nsigning_key\n", "authority"),
    "other": ("cn = other\ntls_www_client\nencryption_key\nsigning_key\n", "authority"),
    "stranger": ("cn = client\ntls_www_client\nencryption_key\nsigning_key\n", "foreign"),
}


def certtool(*arguments: str) -> None:
    subprocess.run(["certtool", *arguments], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@pytest.fixture(scope="module")
def certificates(sandbox: None, tmp_path_factory: "pytest.TempPathFactory") -> Path:
    """A directory with all certificates and their keys."""
    need("certtool")
    directory = tmp_path_factory.mktemp("certificates")
    for name, (template, signer) in CERTIFICATES.items():
        key, certificate = str(directory / f"{name}.key"), str(directory / f"{name}.pem")
        (directory / f"{name}.info").write_text(template + "expiration_days = 10\n", encoding="ascii")
        certtool("--generate-privkey", "--key-type=rsa", "--bits=2048", "--outfile", key)
        signing = [] if signer is None else ["--load-ca-certificate", str(directory / f"{signer}.pem"),
                                             "--load-ca-privkey", str(directory / f"{signer}.key")]
        certtool("--generate-self-signed" if signer is None else "--generate-certificate", "--load-privkey", key,
                 "--template", str(directory / f"{name}.info"), "--outfile", certificate, *signing)
    return directory


@pytest.fixture(scope="module")
def pki(certificates: Path, tmp_path_factory: "pytest.TempPathFactory") -> Path:
    """A directory with links to them, at the paths where libvirtd looks when it reloads them."""
    directory = tmp_path_factory.mktemp("pki")
    for place, name in (("CA/cacert.pem", "authority.pem"), ("libvirt/servercert.pem", "server.pem"),
                        ("libvirt/private/serverkey.pem", "server.key")):
        (directory / place).parent.mkdir(parents=True, exist_ok=True)
        (directory / place).symlink_to(certificates / name)
    return directory


@pytest.fixture(scope="module")
def secured(event_loop: None, certificates: Path, pki: Path) -> Iterator[daemons.Daemon]:
    """A daemon that admits clients whose certificate is signed by its authority and has the name "client"."""
    with daemons.Daemon("secured", ["--listen"], admin=True, listen_tcp=0, listen_addr="127.0.0.1", auth_tls="none",
                        port=16514, pki=pki, key_file=str(certificates / "server.key"),
                        cert_file=str(certificates / "server.pem"), ca_file=str(certificates / "authority.pem"),
                        tls_allowed_dn_list=["CN=client"]) as started:
        yield started


@pytest.fixture
def uri(certificates: Path, tmp_path: Path) -> Callable[..., str]:
    """A function that returns a URI with a directory of client certificates."""
    def make(client: str = "client", authority: str = "authority", host: str = "127.0.0.1",
             **parameters: object) -> str:
        for name, source in (("cacert.pem", f"{authority}.pem"), ("clientcert.pem", f"{client}.pem"),
                             ("clientkey.pem", f"{client}.key")):
            (tmp_path / name).unlink(missing_ok=True)
            if not source.startswith("None"):
                (tmp_path / name).write_bytes((certificates / source).read_bytes())
        rest = "".join(f"&{name}={value}" for name, value in parameters.items())
        return f"test+tls://{host}/default?pkipath={tmp_path}{rest}"
    return make


def test_a_connection_over_tls(secured: daemons.Daemon, uri: Callable[..., str]) -> None:
    with libvirt.open(uri()) as conn:
        assert conn.getHostname() == "secured"
        assert conn.isEncrypted() and conn.isSecure() and conn.isAlive()
        assert conn.lookupByName("test").isActive()


@pytest.mark.parametrize("wrong", [
    {"client": "stranger"}, {"client": "other"}, {"client": "None"}, {"authority": "foreign"}, {"authority": "None"},
    {"host": "localhost"}], ids=["stranger", "other", "no certificate", "foreign", "no authority", "other host"])
def test_wrong_certificates_are_refused(secured: daemons.Daemon, uri: Callable[..., str],
                                        wrong: Dict[str, str]) -> None:
    with pytest.raises(libvirt.libvirtError):
        libvirt.open(uri(**wrong)).getHostname()
    with libvirt.open(uri()) as conn:
        assert conn.isAlive()


def test_a_client_with_no_verify(secured: daemons.Daemon, uri: Callable[..., str]) -> None:
    """The client does not verify the name of the server."""
    with libvirt.open(uri(host="localhost", no_verify=1)) as conn:
        assert conn.getHostname() == "secured"


def test_much_data_and_events(secured: daemons.Daemon, uri: Callable[..., str]) -> None:
    """The data need more than one TLS record."""
    seen = []
    with libvirt.open(uri()) as conn:
        conn.domainEventRegisterAny(None, 0, lambda *arguments: seen.append(arguments[2]), None)
        domain = conn.lookupByName("test")
        domain.setMetadata(libvirt.VIR_DOMAIN_METADATA_ELEMENT, "<a>" + "x" * 1000000 + "</a>", "key", "urn:test")
        assert "x" * 1000000 in domain.XMLDesc()
        for _ in range(20):
            domain.destroy()
            domain.create()
        wait_until(lambda: len(seen) >= 40, "all events")


@pytest.mark.parametrize("how", ["cut", "silence"])
def test_a_lost_network(secured: daemons.Daemon, uri: Callable[..., str], how: str) -> None:
    with network.Link(16514) as link:
        network.check_loss(uri(host=f"127.0.0.1:{link.port}"), getattr(link, how))


def test_reconnecting_to_a_restarted_daemon(secured: daemons.Daemon, uri: Callable[..., str]) -> None:
    where, closed = uri(), []
    conn = libvirt.open(where)
    conn.registerCloseCallback(lambda conn, reason, opaque: closed.append(reason), None)
    secured.kill()
    wait_until(lambda: closed, "the close callback")
    with pytest.raises(libvirt.libvirtError):
        conn.getHostname()
    conn.close()
    with pytest.raises(libvirt.libvirtError):
        libvirt.open(where)
    secured.start()
    with libvirt.open(where) as conn:
        assert conn.getHostname() == "secured"
    assert len(closed) == 1


def test_an_administrator_can_reload_tls_files(secured: daemons.Daemon, uri: Callable[..., str],
                                               certificates: Path) -> None:
    pytest.importorskip("libvirt_admin")

    def shown() -> str:
        return ssl.get_server_certificate(("127.0.0.1", 16514))

    def read_again() -> str:
        # libvirt-admin needs its own process.
        code = "import sys, libvirt_admin as a; print(a.open(sys.argv[1]).lookupServer('libvirtd').updateTlsFiles())"
        where = f"libvirtd:///system?socket={secured.admin_socket}"
        return subprocess.run([sys.executable, "-c", code, where], stdout=subprocess.PIPE, text=True,
                              check=True).stdout
    before = shown()
    old = (certificates / "server.pem").read_bytes()
    try:
        certtool("--generate-certificate", "--load-privkey", str(certificates / "server.key"),
                 "--template", str(certificates / "server.info"), "--outfile", str(certificates / "server.pem"),
                 "--load-ca-certificate", str(certificates / "authority.pem"),
                 "--load-ca-privkey", str(certificates / "authority.key"))
        assert shown() == before
        assert read_again() == "0\n"
        assert shown() != before
        with libvirt.open(uri()) as conn:
            assert conn.isAlive()
    finally:
        (certificates / "server.pem").write_bytes(old)
        read_again()
    assert shown() == before
