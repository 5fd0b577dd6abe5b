# SPDX-License-Identifier: LGPL-2.1-or-later
"""The examples that need a daemon, run as a user would run them."""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import List, Union

import libvirt
import pytest

import daemon as daemons
import guest
from conftest import MakeGuest, MakeVolume

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def command(name: str, *arguments: object) -> List[Union[str, Path]]:
    return [sys.executable, EXAMPLES / f"{name}.py", *map(str, arguments)]


def run(name: str, *arguments: object, status: int = 0) -> str:
    done = subprocess.run(command(name, *arguments), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, universal_newlines=True, timeout=120, check=False)
    assert done.returncode == status and "Traceback" not in done.stderr, done.stderr
    return done.stdout if status == 0 else done.stderr


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """A file of 1 MiB of data, a hole of 30 MiB, and 1 MiB of data."""
    path = tmp_path / "image"
    with open(path, "wb") as file:
        file.write(os.urandom(guest.MIB))
        file.seek(31 * guest.MIB)
        file.write(os.urandom(guest.MIB))
    return path


def test_an_upload_keeps_content_and_holes(daemon: daemons.Daemon, pool: libvirt.virStoragePool, image: Path) -> None:
    shown = run("upload", daemon.uri(), image, "files", "uploaded")
    assert shown.endswith(f"[{'#' * 40}] 32 MiB\n")
    volume = Path(pool.storageVolLookupByName("uploaded").path())
    assert volume.read_bytes() == image.read_bytes()
    assert volume.stat().st_blocks * 512 < 8 * guest.MIB


@pytest.mark.parametrize("size", [0, 1, guest.MIB])
def test_an_upload_of_any_size(daemon: daemons.Daemon, pool: libvirt.virStoragePool, tmp_path: Path, size: int) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x" * size)
    run("upload", daemon.uri(), path, "files")
    assert Path(pool.storageVolLookupByName("file").path()).read_bytes() == b"x" * size


def test_an_upload_to_an_existing_volume_fails(daemon: daemons.Daemon, pool: libvirt.virStoragePool, image: Path,
                                               make_volume: MakeVolume) -> None:
    make_volume(1000, "image")
    assert "image" in run("upload", daemon.uri(), image, "files", status=1)


def test_a_block_copy_moves_the_disk(daemon: daemons.Daemon, make_guest: MakeGuest, tmp_path: Path) -> None:
    domain = make_guest()
    target = tmp_path / "copy.qcow2"
    shown = run("blockcopy", daemon.uri(), "guest", "vda", target)
    assert shown.endswith("] 100 %\n")
    assert str(target) in domain.XMLDesc()
    guest.check_alive(domain)


def test_a_block_copy_of_a_missing_disk_fails(daemon: daemons.Daemon, make_guest: MakeGuest, tmp_path: Path) -> None:
    make_guest()
    assert "vdz" in run("blockcopy", daemon.uri(), "guest", "vdz", tmp_path / "copy", status=1)


def test_the_console_of_a_guest(daemon: daemons.Daemon, make_guest: MakeGuest) -> None:
    domain = make_guest()
    guest.check_alive(domain)
    with subprocess.Popen(command("console", daemon.uri(), "guest"), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT) as console:
        assert console.stdin is not None and console.stdout is not None
        assert console.stdout.readline() == b"Press Ctrl-] to exit\n"
        console.stdin.write(b"said once")
        console.stdin.flush()
        assert console.stdout.read(len(b"said once")) == b"said once"
        time.sleep(0.1)
        console.stdin.write(b"\x1d")
        console.stdin.flush()
        assert console.wait(60) == 0
        assert console.stdout.read() == b""


def test_the_console_ends_with_its_guest(daemon: daemons.Daemon, make_guest: MakeGuest) -> None:
    domain = make_guest()
    with subprocess.Popen(command("console", daemon.uri(), "guest"), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT) as console:
        assert console.stdout is not None
        assert console.stdout.readline() == b"Press Ctrl-] to exit\n"
        domain.destroy()
        assert console.wait(60) in (0, 1)
        assert b"Traceback" not in console.stdout.read()


def test_monitor_commands(daemon: daemons.Daemon, make_guest: MakeGuest) -> None:
    domain = make_guest()
    assert json.loads(run("monitor", daemon.uri(), "guest", "query-status"))["status"] == "running"
    found = run("monitor", daemon.uri(), "guest", "qom-get", "path=/machine", "property=type")
    assert re.fullmatch(r'"pc-.*-machine"\n', found)
    assert "EIP=" in run("monitor", "--human", daemon.uri(), "guest", "info registers")
    assert "no-such" in run("monitor", daemon.uri(), "guest", "no-such-command", status=1)
    assert domain.isActive()


def test_statistics_of_guests(daemon: daemons.Daemon, make_guest: MakeGuest) -> None:
    make_guest()
    head, row = run("stats", daemon.uri()).splitlines()
    assert head.split()[:3] == ["Name", "State", "CPUs"]
    assert row.split()[:3] == ["guest", "running", "1"] and "MiB" in row


def test_a_guest_that_stops_ends_the_wait(daemon: daemons.Daemon, make_guest: MakeGuest) -> None:
    domain = make_guest()
    with subprocess.Popen(command("events_asyncio", daemon.uri(), "guest"), stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, universal_newlines=True) as waiting:
        assert waiting.stdout is not None
        assert waiting.stdout.readline() == "waiting for guest\n"
        domain.destroy()
        assert waiting.stdout.read() in ("guest is off (destroyed)\n", "guest is off\n")
        assert waiting.wait(60) == 0


def test_the_tour_of_a_daemon(daemon: daemons.Daemon, make_guest: MakeGuest) -> None:
    make_guest(start=False)
    assert "guest" in run("tour", daemon.uri())
