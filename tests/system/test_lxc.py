# SPDX-License-Identifier: LGPL-2.1-or-later
"""Containers: start, console, namespaces, control groups, limits and end."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Iterator, List, Set, Union

import libvirt
import libvirt_lxc
import pytest

import daemon as daemons
import guest
from conftest import RunPython, lacking, need
from daemon import wait_until

CGROUPS = "/sys/fs/cgroup"
# The first process of a container: it prints a greeting and answers each line.
INIT = """#!/bin/busybox sh
echo "ready $(/bin/busybox hostname)"
while read line; do echo "got $line"; done
exec /bin/busybox sleep 1000
"""


@pytest.fixture(scope="module")
def cgroups(sandbox: None) -> Iterator[str]:
    """Mount the control groups where libvirt expects them; return the name of a partition for this run."""
    with open("/proc/self/cgroup", encoding="ascii") as file:
        hierarchies = [line.split(":")[1] for line in file]
    if hierarchies == [""]:
        mounts = [("cgroup2", "rw", CGROUPS)]
    else:
        # libvirt uses the unified hierarchy if it exists, even if the controllers are elsewhere, so it is not mounted.
        mounts = [("tmpfs", "mode=755", CGROUPS)]
        for names in filter(None, hierarchies):
            options = f"none,{names}" if names.startswith("name=") else names
            mounts.append(("cgroup", options, f"{CGROUPS}/{names.partition('=')[2] or names}"))
    partition = os.environ["LIBVIRT_PYTHON_TOKEN"]
    mounted: List[str] = []
    made: List[str] = []
    try:
        for kind, options, place in mounts:
            os.makedirs(place, exist_ok=True)
            if subprocess.run(["mount", "-t", kind, "-o", options, kind, place], stderr=subprocess.DEVNULL).returncode:
                lacking(f"control groups: {kind} {options}")
            mounted.append(place)
            if kind != "tmpfs":
                made.append(os.path.join(place, f"{partition}.partition"))
                os.mkdir(made[-1])
        inherit_cpus(made)
        yield partition
    finally:
        for top in made:
            for directory, _, _ in os.walk(top, topdown=False):
                wait_until(lambda: remove_cgroup(directory), f"the end of {directory}")
        for place in reversed(mounted):
            subprocess.run(["umount", place], check=True)


def remove_cgroup(directory: str) -> bool:
    """Kill the processes in a control group and remove it; return whether it is gone."""
    with open(os.path.join(directory, "cgroup.procs"), encoding="ascii") as file:
        for pid in map(int, file.read().split()):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
    with contextlib.suppress(OSError):
        os.rmdir(directory)
    return not os.path.exists(directory)


def inherit_cpus(directories: List[str]) -> None:
    """Copy CPUs and memory nodes from the parent, because a new control group of version 1 has none."""
    for directory in directories:
        for name in ("cpuset.cpus", "cpuset.mems"):
            path = os.path.join(directory, name)
            if os.path.exists(path):
                with open(os.path.join(os.path.dirname(directory), name), encoding="ascii") as source:
                    values = source.read()
                with open(path, "w", encoding="ascii") as file:
                    file.write(values)


@pytest.fixture(scope="module")
def daemon(event_loop: None, cgroups: str) -> Iterator[daemons.Daemon]:
    need("busybox")
    with daemons.Daemon("containers") as started:
        yield started


@pytest.fixture
def conn(daemon: daemons.Daemon) -> Iterator[libvirt.virConnect]:
    with libvirt.open(daemon.uri("lxc")) as connection:
        yield connection


@pytest.fixture
def root(tmp_path: Path) -> Path:
    directory = tmp_path / "root"
    for name in ("bin", "dev", "proc", "sys", "tmp", "etc"):
        (directory / name).mkdir(parents=True)
    busybox = shutil.which("busybox")
    assert busybox is not None
    shutil.copy(busybox, directory / "bin" / "busybox")
    (directory / "bin" / "init").write_text(INIT, encoding="ascii")
    (directory / "bin" / "init").chmod(0o755)
    return directory


@pytest.fixture
def container(conn: libvirt.virConnect, root: Path, cgroups: str) -> Iterator[libvirt.virDomain]:
    domain = conn.defineXML(f"""<domain type='lxc'>
  <name>box</name>
  <memory unit='MiB'>64</memory>
  <resource><partition>/{cgroups}</partition></resource>
  <os><type>exe</type><init>/bin/init</init></os>
  <features><privnet/></features>
  <devices>
    <filesystem type='mount'><source dir='{root}'/><target dir='/'/></filesystem>
    <console type='pty'/>
  </devices>
</domain>""")

    def has_init() -> bool:
        try:
            files = libvirt_lxc.lxcOpenNamespace(domain, 0)
        except libvirt.libvirtError:
            return False
        for file in files:
            os.close(file)
        return bool(files)
    try:
        domain.create()
        wait_until(has_init, "the first process of the container")
        yield domain
        if domain.isActive():
            domain.destroy()
    finally:
        domain.undefine()


def talk(container: libvirt.virDomain) -> guest.Console:
    return guest.Console(container, 0)


def test_life_cycle_of_a_container(conn: libvirt.virConnect, container: libvirt.virDomain) -> None:
    assert conn.getType() == "LXC" and container.OSType() == "exe"
    assert container.state()[0] == libvirt.VIR_DOMAIN_RUNNING and container.ID() > 0
    assert container.suspend() == 0 and container.state()[0] == libvirt.VIR_DOMAIN_PAUSED
    assert container.resume() == 0 and container.state()[0] == libvirt.VIR_DOMAIN_RUNNING
    assert container.destroy() == 0 and container.state()[0] == libvirt.VIR_DOMAIN_SHUTOFF
    container.create()
    assert container.isActive()


def test_a_container_answers_at_its_console(container: libvirt.virDomain) -> None:
    with talk(container) as console:
        console.stream.send(b"hello\n")
        console.wait_for(b"got hello")
        console.stream.send(b"again\n")
        console.wait_for(b"got again")


def namespaces_of(pid: Union[int, str]) -> Set[int]:
    """Return the namespaces of a process; empty if it has just ended."""
    try:
        return {os.stat(f"/proc/{pid}/ns/{name}").st_ino for name in os.listdir(f"/proc/{pid}/ns")}
    except FileNotFoundError:
        return set()


def test_the_namespaces_of_a_container(container: libvirt.virDomain) -> None:
    """They are returned as descriptors, which the program must close."""
    files = libvirt_lxc.lxcOpenNamespace(container, 0)
    try:
        inodes = {os.fstat(file).st_ino for file in files}
        assert len(files) >= 4 and len(inodes - namespaces_of("self")) >= 4
        own = {pid for pid in daemons.processes() if inodes <= namespaces_of(pid)}
        assert own
    finally:
        for file in files:
            os.close(file)
    with pytest.raises(libvirt.libvirtError):
        libvirt_lxc.lxcOpenNamespace(container, 1)
    container.destroy()
    with pytest.raises(libvirt.libvirtError):
        libvirt_lxc.lxcOpenNamespace(container, 0)


def test_a_process_joins_the_control_groups(run_fresh_python: RunPython, daemon: daemons.Daemon,
                                            container: libvirt.virDomain) -> None:
    """This runs in a separate process, which cannot leave the control groups again."""
    done = run_fresh_python("""
import sys, libvirt, libvirt_lxc
domain = libvirt.open(sys.argv[1]).lookupByName("box")
before = open("/proc/self/cgroup").read()
print(libvirt_lxc.lxcEnterCGroup(domain, 0))
after = open("/proc/self/cgroup").read()
print(before != after, "box" in after)
try:
    libvirt_lxc.lxcEnterCGroup(domain, 1)
except libvirt.libvirtError:
    print("refused")
""", daemon.uri("lxc"))
    assert (done.returncode, done.stdout.split(), done.stderr) == (0, ["0", "True", "True", "refused"], "")


def test_a_process_enters_the_namespaces(run_fresh_python: RunPython, daemon: daemons.Daemon,
                                         container: libvirt.virDomain) -> None:
    """It returns through the descriptors that it received, and its own descriptors stay open."""
    done = run_fresh_python("""
import os, sys, libvirt, libvirt_lxc
domain = libvirt.open(sys.argv[1]).lookupByName("box")
files = libvirt_lxc.lxcOpenNamespace(domain, 0)
child = os.fork()
if child == 0:
    home = os.uname().nodename
    old = libvirt_lxc.lxcEnterNamespace(domain, files, 0)
    there = os.uname().nodename, os.listdir("/bin")
    for file in files:
        os.fstat(file)
    for file in libvirt_lxc.lxcEnterNamespace(domain, old, 0) + old + files:
        os.close(file)
    print(there[0], sorted(there[1]), os.uname().nodename == home, "init" in os.listdir("/bin"), flush=True)
    os._exit(0)
print(os.waitpid(child, 0)[1], domain.name())
""", daemon.uri("lxc"))
    assert (done.returncode, done.stdout.splitlines(), done.stderr) == (
        0, ["box ['busybox', 'init'] True False", "0 box"], "")


@pytest.mark.parametrize("command, status, shown", [
    (["busybox", "hostname"], 0, "box\n"), (["busybox", "ls", "/bin"], 0, "busybox\ninit\n"),
    (["busybox", "sh", "-c", "echo $$ >/dev/null; exit 7"], 7, ""), (["no-such-program"], 1, "")])
def test_the_example_that_enters_a_container(daemon: daemons.Daemon, container: libvirt.virDomain, command: List[str],
                                             status: int, shown: str) -> None:
    example = Path(__file__).resolve().parents[2] / "examples" / "enter.py"
    done = subprocess.run([sys.executable, example, daemon.uri("lxc"), "box", *command], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True, timeout=60)
    assert (done.returncode, done.stdout) == (status, shown), done.stderr
    assert "Traceback" not in done.stderr


def test_resource_usage_of_a_container(conn: libvirt.virConnect, container: libvirt.virDomain) -> None:
    with talk(container) as console:
        console.stream.send(b"work\n")
        console.wait_for(b"got work")
    assert container.info()[0] == libvirt.VIR_DOMAIN_RUNNING and container.info()[1] == 65536
    assert container.memoryStats()["rss"] > 0
    total, = container.getCPUStats(True)
    assert total["cpu_time"] > 0
    per_cpu = container.getCPUStats(False)
    assert 0 < sum(cpu["cpu_time"] for cpu in per_cpu) and len(per_cpu) >= 1


def test_limits_of_a_container(container: libvirt.virDomain) -> None:
    limits = container.memoryParameters()
    assert limits["hard_limit"] > 0 and "swap_hard_limit" in limits
    assert container.setMemoryParameters({"hard_limit": 100 * 1024}) == 0
    assert container.memoryParameters()["hard_limit"] == 100 * 1024
    assert container.setSchedulerParameters({"cpu_shares": 512}) == 0
    assert container.schedulerParameters()["cpu_shares"] == 512
    assert container.schedulerType()[0] == "posix"
    assert container.blkioParameters() is not None


def test_lifecycle_events_of_a_container(conn: libvirt.virConnect, container: libvirt.virDomain) -> None:
    seen = []
    number = conn.domainEventRegisterAny(container, libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE,
                                         lambda conn, domain, event, detail, opaque: seen.append(event), None)
    container.destroy()
    wait_until(lambda: seen == [libvirt.VIR_DOMAIN_EVENT_STOPPED], "the event")
    conn.domainEventDeregisterAny(number)


def first_process(domain: libvirt.virDomain) -> int:
    """Return the process ID of the container's first process, found by its namespaces."""
    files = libvirt_lxc.lxcOpenNamespace(domain, 0)
    inodes = {os.fstat(file).st_ino for file in files}
    for file in files:
        os.close(file)
    return min(pid for pid in daemons.processes() if inodes <= namespaces_of(pid))


def test_a_container_ends_with_its_init(container: libvirt.virDomain) -> None:
    with talk(container) as console:
        console.stream.send(b"last\n")
        console.wait_for(b"got last")
    os.kill(first_process(container), 9)
    wait_until(lambda: not container.isActive(), "the end of the container")
