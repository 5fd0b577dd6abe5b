# SPDX-License-Identifier: LGPL-2.1-or-later
"""The monitor of a QEMU guest through libvirt_qemu: commands, descriptors, events, a missing agent, and attaching."""

import json
import os
import subprocess
from pathlib import Path
from typing import Optional, Set

import libvirt
import libvirt_qemu
import pytest

import daemon as daemons
import guest
from conftest import MakeGuest, need
from daemon import wait_until

HMP = libvirt_qemu.VIR_DOMAIN_QEMU_MONITOR_COMMAND_HMP
REGEX = libvirt_qemu.VIR_CONNECT_DOMAIN_QEMU_MONITOR_EVENT_REGISTER_REGEX
NOCASE = libvirt_qemu.VIR_CONNECT_DOMAIN_QEMU_MONITOR_EVENT_REGISTER_NOCASE


def command(name: str, **arguments: object) -> str:
    return json.dumps({"execute": name, "arguments": arguments})


# --- commands

def test_a_command_is_answered(make_guest: MakeGuest) -> None:
    domain = make_guest()
    answer = json.loads(libvirt_qemu.qemuMonitorCommand(domain, command("query-status"), 0))
    assert answer["return"]["status"] == "running"
    assert "VM status: running" in libvirt_qemu.qemuMonitorCommand(domain, "info status", HMP)


def test_a_command_that_fails(make_guest: MakeGuest) -> None:
    """QEMU's own errors are in the answer; libvirt raises only for commands that it cannot send."""
    domain = make_guest()
    answer = json.loads(libvirt_qemu.qemuMonitorCommand(domain, command("no-such-command"), 0))
    assert answer["error"]["class"] == "CommandNotFound"
    for bad in ("{", "not json", ""):
        with pytest.raises(libvirt.libvirtError):
            libvirt_qemu.qemuMonitorCommand(domain, bad, 0)
    domain.destroy()
    with pytest.raises(libvirt.libvirtError) as raised:
        libvirt_qemu.qemuMonitorCommand(domain, command("query-status"), 0)
    assert raised.value.get_error_code() == libvirt.VIR_ERR_OPERATION_INVALID


def test_a_command_is_never_none(make_guest: MakeGuest) -> None:
    """The hints say so. No public function of libvirt checks it, but none can send NULL to a daemon."""
    domain = make_guest()
    with pytest.raises(libvirt.libvirtError):
        libvirt_qemu.qemuMonitorCommand(domain, None, 0)
    with pytest.raises(libvirt.libvirtError):
        libvirt_qemu.qemuAgentCommand(domain, None, 1, 0)
    assert domain.isActive()


def test_a_command_takes_a_descriptor(daemon: daemons.Daemon, make_guest: MakeGuest, tmp_path: Path) -> None:
    """QEMU then has the file open, and so does the program."""
    domain, path = make_guest(), tmp_path / "file"
    with open(path, "wb") as file:
        text, files = libvirt_qemu.qemuMonitorCommandWithFiles(domain, command("add-fd", **{"fdset-id": 77}),
                                                               [file.fileno()])
        file.write(b"open")
    added = json.loads(text)["return"]
    assert added["fdset-id"] == 77 and files == []
    pid = int((daemon.directory / "run" / "qemu" / "guest.pid").read_text())
    assert os.readlink(f"/proc/{pid}/fd/{added['fd']}") == str(path)
    assert path.read_bytes() == b"open"


def test_invalid_descriptors_are_refused(make_guest: MakeGuest) -> None:
    domain = make_guest()
    text, files = libvirt_qemu.qemuMonitorCommandWithFiles(domain, command("query-status"))
    assert json.loads(text)["return"]["running"] is True and files == []
    for bad, error in (([99999], libvirt.libvirtError), (["a"], TypeError), ([2 ** 40], OverflowError)):
        with pytest.raises((error, OSError)):
            libvirt_qemu.qemuMonitorCommandWithFiles(domain, command("query-status"), bad)


# --- events

def test_events_of_the_monitor(conn: libvirt.virConnect, make_guest: MakeGuest) -> None:
    seen, opaque = [], object()

    def called(who: libvirt.virConnect, domain: libvirt.virDomain, event: str, seconds: int, micros: int,
               details: Optional[str], given: object) -> None:
        assert who is conn and domain.name() == "guest" and given is opaque
        assert seconds > 10 ** 9 and 0 <= micros < 10 ** 6
        seen.append((event, json.loads(details) if details is not None else None))
    number = libvirt_qemu.qemuMonitorEventRegister(conn, None, None, called, opaque)
    domain = make_guest()
    domain.suspend()
    domain.reset()
    wait_until(lambda: {"STOP", "RESET"} <= {event for event, _ in seen}, "the events")
    assert dict(seen)["RESET"]["guest"] is False and dict(seen)["STOP"] is None
    libvirt_qemu.qemuMonitorEventDeregister(conn, number)
    del seen[:]
    domain.reset()
    domain.resume()
    assert seen == []
    with pytest.raises(libvirt.libvirtError):
        libvirt_qemu.qemuMonitorEventDeregister(conn, number)


@pytest.mark.parametrize("pattern, flags, expected", [
    ("STOP", 0, {"STOP"}), ("stop", 0, set()), ("stop", NOCASE, {"STOP"}),
    ("^S|^RES", REGEX, {"STOP", "RESET", "RESUME"}),
    ("res.*", REGEX | NOCASE, {"RESET", "RESUME"}), ("res.*", REGEX, set()), ("NOTHING", 0, set())])
def test_events_by_pattern(conn: libvirt.virConnect, make_guest: MakeGuest, pattern: str, flags: int,
                           expected: Set[str]) -> None:
    domain, seen, all_seen = make_guest(), set(), []
    numbers = [
        libvirt_qemu.qemuMonitorEventRegister(conn, domain, pattern, lambda *args: seen.add(args[2]), None, flags),
        libvirt_qemu.qemuMonitorEventRegister(conn, None, None, lambda *args: all_seen.append(args[2]), None)]
    domain.suspend()
    domain.reset()
    domain.resume()
    wait_until(lambda: {"STOP", "RESET", "RESUME"} <= set(all_seen), "all events")
    assert seen == expected
    for number in numbers:
        libvirt_qemu.qemuMonitorEventDeregister(conn, number)


def test_an_invalid_pattern_is_refused(conn: libvirt.virConnect) -> None:
    with pytest.raises(libvirt.libvirtError):
        libvirt_qemu.qemuMonitorEventRegister(conn, None, "(", lambda *arguments: None, None, REGEX)
    with pytest.raises(libvirt.libvirtError):
        libvirt_qemu.qemuMonitorEventRegister(conn, None, None, lambda *arguments: None, None, 1 << 20)


# --- the agent

AGENT = "<channel type='unix'><source mode='bind'/><target type='virtio' name='org.qemu.guest_agent.0'/></channel>"


def test_an_agent_that_is_not_configured(make_guest: MakeGuest) -> None:
    domain = make_guest()
    with pytest.raises(libvirt.libvirtError) as raised:
        libvirt_qemu.qemuAgentCommand(domain, command("guest-ping"), 5, 0)
    assert raised.value.get_error_code() == libvirt.VIR_ERR_ARGUMENT_UNSUPPORTED


def test_an_agent_that_does_not_answer(make_guest: MakeGuest) -> None:
    domain = make_guest(AGENT)
    guest.check_alive(domain)
    for call in (lambda: libvirt_qemu.qemuAgentCommand(domain, command("guest-ping"), 1, 0), domain.fsFreeze,
                 domain.fsInfo, domain.guestVcpus, domain.guestInfo, domain.getTime):
        with pytest.raises(libvirt.libvirtError) as raised:
            call()
        assert raised.value.get_error_code() == libvirt.VIR_ERR_AGENT_UNRESPONSIVE


# --- a process that libvirt has not started

def test_attach(conn: libvirt.virConnect, tmp_path: Path) -> None:
    """libvirt 9 refuses this, because the driver does not support it any more."""
    need("qemu-system-x86_64")
    process = subprocess.Popen(["qemu-system-x86_64", "-name", "foreign", "-nographic", "-S", "-monitor", "none",
                                "-qmp", f"unix:{tmp_path}/monitor,server=on,wait=off", "-serial", "none"],
                               stdin=subprocess.DEVNULL)
    try:
        wait_until(lambda: os.path.exists(tmp_path / "monitor"), "the monitor")
        with pytest.raises(libvirt.libvirtError) as raised:
            libvirt_qemu.qemuAttach(conn, process.pid, 0)
        assert raised.value.get_error_code() == libvirt.VIR_ERR_NO_SUPPORT or "attach" in str(raised.value).lower()
    finally:
        process.kill()
        process.wait()
