# SPDX-License-Identifier: LGPL-2.1-or-later
"""Fixtures of the tests on real daemons: daemons, connections, guests, and the choice of the short or long form.

LIBVIRT_PYTHON_LONG=1 selects the long form, with more rounds and more data.
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

# Types of the fixtures that return functions.
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
    """Skip the test, or fail it in CI, where everything must be installed."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"missing: {what}", pytrace=False)
    pytest.skip(f"missing: {what}")


def need(*programs: str) -> None:
    for program in programs:
        if not shutil.which(program, path=os.environ["PATH"] + ":/usr/sbin:/sbin"):
            lacking(program)


def state() -> Tuple[List[str], List[str]]:
    """Return what a test must leave unchanged: network devices and mounts."""
    links = os.listdir("/sys/class/net")
    with open("/proc/self/mounts", encoding="utf-8") as mounts:
        return sorted(links), mounts.read().splitlines()


@pytest.fixture(scope="session", autouse=True)
def sandbox() -> Iterator[None]:
    """Run everything inside the sandbox, and check at the end that nothing is left in it."""
    if os.environ.get("LIBVIRT_PYTHON_SANDBOX") != "ready":
        lacking("root and namespaces: use make check-system or tests/system/sandbox")
    need("libvirtd")
    before = state(), daemons.processes()
    yield
    for _ in range(100):  # killed processes disappear after a moment
        after = state(), daemons.processes()
        if after == before:
            break
        time.sleep(0.05)
    assert after == before


@pytest.fixture(scope="session")
def choose() -> Choose:
    """A function that chooses a value for the form: choose(short, long)."""
    return lambda short, long: long if LONG else short


@pytest.fixture(scope="session", autouse=True)
def event_loop(sandbox: None) -> Iterator[None]:
    """libvirt's default event loop, running in a thread; it serves every connection that is opened later."""
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
    """A connection to the daemon's QEMU driver, with real storage, networks and secrets."""
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
    """A function that creates a sparse volume with the given number of bytes."""
    def make(capacity: int, name: str = "volume", allocation: int = 0, kind: str = "raw") -> "libvirt.virStorageVol":
        return pool.createXML(f"<volume><name>{name}</name><capacity>{capacity}</capacity>"
                              f"<allocation>{allocation}</allocation>"
                              f"<target><format type='{kind}'/></target></volume>")
    return make


@pytest.fixture
def make_guest(conn: "libvirt.virConnect", tmp_path: Path) -> Iterator[MakeGuest]:
    """A function that defines a guest with a boot disk, and by default starts it with the given flags."""
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
