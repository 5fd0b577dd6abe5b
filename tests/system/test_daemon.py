# SPDX-License-Identifier: LGPL-2.1-or-later
"""The daemons that the other tests use can be started, are isolated, and leave nothing behind."""

import os

import libvirt

import daemon as daemons


def test_connections_to_each_driver(daemon: daemons.Daemon) -> None:
    for driver, path, kind in [("qemu", "/system", "QEMU"), ("test", "/default", "TEST")]:
        with libvirt.open(daemon.uri(driver, path)) as conn:
            assert conn.getType() == kind
            assert conn.getLibVersion() == libvirt.getVersion()


def test_the_daemon_does_not_use_the_files_of_the_system(daemon: daemons.Daemon) -> None:
    assert os.path.exists(daemon.socket)
    assert os.listdir("/run/libvirt") == []


def test_two_daemons_are_independent(daemon: daemons.Daemon) -> None:
    with daemons.Daemon("two") as other:
        uris = [each.uri("test", "/default") for each in (daemon, other)]
        with libvirt.open(uris[0]) as conn, libvirt.open(uris[1]) as second:
            assert (conn.getHostname(), second.getHostname()) == ("one", "two")
            conn.lookupByName("test").destroy()
            assert second.lookupByName("test").isActive()


def test_a_daemon_that_was_killed_starts_again() -> None:
    with daemons.Daemon("three") as other:
        assert other.process is not None
        pid = other.process.pid
        other.restart()
        assert not os.path.exists(f"/proc/{pid}")
        with libvirt.open(other.uri("test", "/default")) as conn:
            assert conn.isAlive()
