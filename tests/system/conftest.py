# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the tests on real daemons share: daemons, connections, and the form, short or long.

LIBVIRT_PYTHON_LONG=1 is the long form, of more rounds and more data.
"""

import os
import shutil
import subprocess
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable, Iterator, List, NoReturn, Protocol, Tuple

import pytest

import daemon as daemons

if TYPE_CHECKING:
    import libvirt

# The types of what fixtures give that are functions.
Choose = Callable[[int, int], int]
RunPython = Callable[..., "subprocess.CompletedProcess[str]"]


class MakeVolume(Protocol):
    def __call__(self, capacity: int, name: str = "volume", allocation: int = 0,
                 kind: str = "raw") -> "libvirt.virStorageVol":
        ...


class MakeGuest(Protocol):
    def __call__(self, *devices: str, name: str = "guest", flags: int = 0, start: bool = True, kind: str = "raw",
                 **options: Any) -> "libvirt.virDomain":
        ...


LONG = bool(int(os.environ.get("LIBVIRT_PYTHON_LONG", "0")))


def lacking(what: str) -> NoReturn:
    """A test that cannot run is skipped; where everything is meant to be installed it fails."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"lacking: {what}", pytrace=False)
    pytest.skip(f"lacking: {what}")


def need(*programs: str) -> None:
    for program in programs:
        if not shutil.which(program, path=os.environ["PATH"] + ":/usr/sbin:/sbin"):
            lacking(program)


def state() -> Tuple[List[str], List[str]]:
    """What a test has to leave as it was."""
    links = os.listdir("/sys/class/net")
    with open("/proc/self/mounts", encoding="utf-8") as mounts:
        return sorted(links), mounts.read().splitlines()


@pytest.fixture(scope="session", autouse=True)
def sandbox() -> Iterator[None]:
    """Everything runs inside of the sandbox, where nothing may be left at the end: a test that ends nothing shows."""
    if os.environ.get("LIBVIRT_PYTHON_SANDBOX") != "ready":
        lacking("root and namespaces: run this by make check-system, or by tests/system/sandbox")
    need("libvirtd")
    before = state(), daemons.processes()
    yield
    for _ in range(100):  # what was killed is gone in a moment
        after = state(), daemons.processes()
        if after == before:
            break
        time.sleep(0.05)
    assert after == before


@pytest.fixture(scope="session")
def choose() -> Choose:
    """Chooses what belongs to the form: choose(short, long)."""
    return lambda short, long: long if LONG else short


@pytest.fixture(scope="session", autouse=True)
def event_loop(sandbox: None) -> Iterator[None]:
    """libvirt's loop, on a thread of its own; it serves every connection that is opened later."""
    import libvirt
    libvirt.virEventRegisterDefaultImpl()
    ending = threading.Event()

    def run() -> None:
        while not ending.is_set():
            libvirt.virEventRunDefaultImpl()
    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    yield
    ending.set()
    timer = libvirt.virEventAddTimeout(0, lambda *unused: None, None)
    thread.join()
    libvirt.virEventRemoveTimeout(timer)


@pytest.fixture(scope="module")
def daemon(event_loop: None) -> Iterator[daemons.Daemon]:
    with daemons.Daemon() as started:
        yield started


@pytest.fixture
def conn(daemon: daemons.Daemon) -> "Iterator[libvirt.virConnect]":
    """A connection to the QEMU driver of the daemon, whose storage, networks and secrets are real ones."""
    import libvirt
    with libvirt.open(daemon.uri()) as connection:
        yield connection


@pytest.fixture
def pool(conn: "libvirt.virConnect", tmp_path: Path) -> "Iterator[libvirt.virStoragePool]":
    """A storage pool in a directory."""
    directory = tmp_path / "pool"
    directory.mkdir()
    made = conn.storagePoolCreateXML(
        f"<pool type='dir'><name>files</name><target><path>{directory}</path></target></pool>")
    yield made
    made.destroy()


@pytest.fixture
def make_volume(pool: "libvirt.virStoragePool") -> MakeVolume:
    """Makes a sparse raw volume of so many bytes."""
    def make(capacity: int, name: str = "volume", allocation: int = 0, kind: str = "raw") -> "libvirt.virStorageVol":
        return pool.createXML(f"<volume><name>{name}</name><capacity>{capacity}</capacity>"
                              f"<allocation>{allocation}</allocation>"
                              f"<target><format type='{kind}'/></target></volume>")
    return make


@pytest.fixture
def make_guest(conn: "libvirt.virConnect", tmp_path: Path) -> Iterator[MakeGuest]:
    """Makes a guest with a boot disk; it is started with the flags, or only defined."""
    import guest
    import libvirt
    need("qemu-system-x86_64")
    made = []

    def make(*devices: str, name: str = "guest", flags: int = 0, start: bool = True, kind: str = "raw",
             **options: Any) -> "libvirt.virDomain":
        disk = guest.make_disk(tmp_path / f"{name}.disk")
        if kind != "raw":
            need("qemu-img")
            disk, raw = tmp_path / f"{name}.{kind}", disk
            subprocess.run(["qemu-img", "convert", "-O", kind, raw, disk], check=True)
        made.append(conn.defineXML(guest.domain_xml(guest.disk_xml(disk, kind), *devices, name=name, **options)))
        if start:
            made[-1].createWithFlags(flags)
        return made[-1]
    yield make
    for domain in made:
        if domain.isActive():
            domain.destroy()
        domain.undefineFlags(libvirt.VIR_DOMAIN_UNDEFINE_MANAGED_SAVE |
                             libvirt.VIR_DOMAIN_UNDEFINE_SNAPSHOTS_METADATA |
                             libvirt.VIR_DOMAIN_UNDEFINE_CHECKPOINTS_METADATA)
