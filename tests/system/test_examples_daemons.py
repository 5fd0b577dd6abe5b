# SPDX-License-Identifier: LGPL-2.1-or-later
"""The examples that need several daemons, or lose their daemon."""

import re
import signal
from typing import Iterator

import libvirt
import pytest

import daemon as daemons
import guest
from conftest import MakeGuest
from daemon import wait_until
from example import run, started


@pytest.fixture(scope="module")
def daemon(event_loop: None) -> Iterator[daemons.Daemon]:
    with daemons.Daemon("one", host_uuid="00000000-0000-4000-8000-000000000001") as made:
        yield made


@pytest.fixture(scope="module")
def other(event_loop: None) -> Iterator[daemons.Daemon]:
    with daemons.Daemon("two", host_uuid="00000000-0000-4000-8000-000000000002") as made:
        yield made


@pytest.fixture
def there(other: daemons.Daemon) -> Iterator[libvirt.virConnect]:
    """A connection to the other daemon; guests on it are ended afterwards."""
    with libvirt.open(other.uri()) as conn:
        yield conn
        for domain in conn.listAllDomains():
            if domain.isActive():
                domain.destroy()
            domain.undefine()


def test_a_migration_with_progress(daemon: daemons.Daemon, other: daemons.Daemon, make_guest: MakeGuest,
                                   there: libvirt.virConnect) -> None:
    domain = make_guest(memory=24)
    guest.check_alive(domain)
    xml = domain.XMLDesc(libvirt.VIR_DOMAIN_XML_INACTIVE)
    conn = domain.connect()
    # Both daemons run on the same machine, so the address must be given.
    shown = run("migrate", daemon.uri(), "guest", other.uri(), "--data-uri", "tcp:127.0.0.1", "--unsafe",
                "--bandwidth", 1, "--downtime", 1000, "--rename", "moved")
    assert re.search(r"\d+ of 24 MiB left, round \d+ \n", shown)
    assert shown.splitlines()[-1].startswith("moved runs on two, and was stopped for ")
    guest.check_alive(there.lookupByName("moved"))
    assert conn.listAllDomains() == []
    conn.defineXML(xml)  # for the fixture, which undefines it


def test_a_migration_is_cancelled(daemon: daemons.Daemon, other: daemons.Daemon, make_guest: MakeGuest,
                                  there: libvirt.virConnect) -> None:
    domain = make_guest(memory=24)
    guest.check_alive(domain)
    with started("migrate", daemon.uri(), "guest", other.uri(), "--data-uri", "tcp:127.0.0.1", "--unsafe",
                 "--bandwidth", 1) as migration:
        assert migration.stdout is not None and migration.stderr is not None
        assert "left" in migration.stdout.read(30)
        migration.send_signal(signal.SIGINT)
        assert migration.stderr.read().startswith("migrate: ")
        assert migration.wait(60) == 1
    assert domain.isActive() and there.listAllDomains() == []


@pytest.mark.parametrize("name", ["reconnect", "reconnect_asyncio"])
def test_a_listener_connects_again(event_loop: None, name: str) -> None:
    with daemons.Daemon("mortal") as mortal:
        uri = mortal.uri("test", "/default")
        with started(name, uri) as listener:
            assert listener.stdout is not None and listener.stderr is not None

            def expect(*lines: str) -> None:
                assert listener.stdout is not None
                assert [listener.stdout.readline() for _ in lines] == [f"{line}\n" for line in lines]
            expect(f"connected to {uri}", "test running")
            with libvirt.open(uri) as conn:
                conn.lookupByName("test").suspend()
            expect("test suspended")
            mortal.kill()
            expect("disconnected: the connection was lost")
            mortal.start()
            # The test driver has begun anew.
            expect(f"connected to {uri}", "test running")
            with libvirt.open(uri) as conn:
                conn.lookupByName("test").destroy()
            expect("test stopped")
            listener.send_signal(signal.SIGINT)
            wait_until(lambda: listener.poll() is not None, "the end of the listener")
            assert (listener.returncode, listener.stderr.read()) == (0, "")
