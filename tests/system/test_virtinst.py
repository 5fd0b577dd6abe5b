# SPDX-License-Identifier: LGPL-2.1-or-later
"""virt-install and related programs behave the same with these modules and with the distribution's."""

import difflib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Callable, Tuple

import pytest

import daemon as daemons
from conftest import MakeVolume, lacking, need

if TYPE_CHECKING:
    import libvirt

pytestmark = pytest.mark.usefixtures("programs")

NODE = """
<node>
  <domain type='test'>
    <name>first</name><uuid>11111111-1111-1111-1111-111111111111</uuid><memory>65536</memory>
    <os><type>hvm</type></os>
    <devices><disk type='file' device='disk'><source file='/pool/first.img'/><target dev='vda'/></disk></devices>
    <on_poweroff>destroy</on_poweroff>
  </domain>
  <pool type='dir'>
    <name>pool</name><target><path>/pool</path></target>
    <volume><name>first.img</name><capacity>1000000</capacity><key>/pool/first.img</key></volume>
  </pool>
</node>
"""
# All options that QEMU domains need, because nothing is derived from an operating system.
PLAIN = ("--osinfo", "detect=off,require=off", "--memory", "64", "--vcpus", "1", "--graphics", "none",
         "--noautoconsole")
QUIET = (*PLAIN, "--virt-type", "qemu", "--network", "none", "--import", "--controller", "usb,model=none",
         "--rng", "none", "--memballoon", "none", "--sound", "none")

Run = Callable[..., Tuple[int, str]]


@pytest.fixture(scope="module")
def programs() -> None:
    need("virt-install", "virt-clone", "virt-xml")


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run one of the programs with these modules or with the distribution's; return exit status and output."""
    def call(*command: str, peer: bool = False, check: bool = True) -> Tuple[int, str]:
        environment = {**os.environ, "HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path), "COLUMNS": "200"}
        if peer:
            del environment["PYTHONPATH"]
        # The program's first line names the system's Python, for which these modules may not be built.
        program = shutil.which(command[0])
        assert program is not None
        done = subprocess.run([sys.executable, program, *command[1:]],
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              universal_newlines=True, env=environment, timeout=300, check=False)
        assert not check or done.returncode == 0, done.stdout
        return done.returncode, re.sub(r"<uuid>.*?</uuid>|(52:54:00|00:16:3e)[:0-9a-f]+", "(random)", done.stdout)
    return call


@pytest.fixture
def peer() -> None:
    """Skip the test if the distribution's modules are not installed."""
    found = subprocess.run([sys.executable, "-c", "import libvirtmod; print(libvirtmod.__file__)"], check=False,
                           stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, universal_newlines=True,
                           env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"})
    if found.returncode:
        lacking("python3-libvirt")
    import libvirtmod
    assert found.stdout.strip() != libvirtmod.__file__


@pytest.fixture
def node(tmp_path: Path) -> str:
    path = tmp_path / "node.xml"
    path.write_text(NODE, encoding="utf-8")
    return f"test://{path}"


@pytest.mark.parametrize("command", [
    "virt-install --connect {uri} --name new --disk none --osinfo detect=off,require=off --memory 64 --import"
    " --dry-run",
    "virt-install --connect {uri} --name new --disk size=1,pool=pool --osinfo detect=off,require=off --memory 64"
    " --import --print-xml",
    "virt-install --connect {uri} --name new --disk vol=pool/first.img --network network=missing --memory 64"
    " --osinfo linux2022 --pxe --noautoconsole",
    "virt-install --connect {uri} --name first --disk none --memory 64 --import --osinfo linux2022",
    "virt-xml --connect {uri} first --edit --memory 128 --print-diff",
    "virt-xml --connect {uri} first --edit target=vda --disk cache=none --define --no-define --print-xml",
    "virt-xml --connect {uri} first --add-device --disk size=1,pool=pool --print-diff",
    "virt-xml --connect {uri} missing --edit --memory 128",
    "virt-clone --connect {uri} --original first --name second --auto-clone --print-xml",
    "virt-clone --connect {uri} --original first --name first --auto-clone",
])
def test_output_with_the_test_driver_matches_other_bindings(run: Run, node: str, peer: None, command: str) -> None:
    ours, theirs = (run(*command.format(uri=node).split(), peer=peer, check=False) for peer in (False, True))
    assert ours[0] == theirs[0]
    differing = difflib.unified_diff(theirs[1].splitlines(), ours[1].splitlines(), "theirs", "ours", lineterm="")
    assert list(differing) == []


def test_life_cycle_of_a_qemu_domain(run: Run, daemon: daemons.Daemon, conn: "libvirt.virConnect",
                                     pool: "libvirt.virStoragePool", make_volume: MakeVolume) -> None:
    make_volume(1 << 20, "first.img")
    uri = daemon.uri()
    path = pool.storageVolLookupByName("first.img").path()
    run("virt-install", "--connect", uri, "--name", "first", "--disk", f"path={path},format=raw", *QUIET)
    first = conn.lookupByName("first")
    assert first.isActive() and first.isPersistent()

    make_volume(1 << 20, "second.img")
    other = pool.storageVolLookupByName("second.img").path()
    run("virt-xml", "--connect", uri, "first", "--add-device", "--disk", f"path={other},format=raw,bus=virtio",
        "--update")
    assert other in first.XMLDesc()
    run("virt-xml", "--connect", uri, "first", "--edit", "--metadata", "title=The first", "--define")
    first.destroy()
    assert first.metadata(1, None) == "The first"

    run("virt-clone", "--connect", uri, "--original", "first", "--name", "clone", "--auto-clone")
    clone = conn.lookupByName("clone")
    copies = set(pool.listVolumes()) - {"first.img", "second.img"}
    assert len(copies) == 2 and all(f"/{copy}'" in clone.XMLDesc() for copy in copies)
    assert not clone.isActive() and first.UUID() != clone.UUID()
    clone.create()
    assert clone.isActive()
    clone.destroy()
    for domain in (first, clone):
        domain.undefine()


def test_a_duplicate_domain_name_is_refused(run: Run, daemon: daemons.Daemon, conn: "libvirt.virConnect") -> None:
    run("virt-install", "--connect", daemon.uri(), "--name", "only", "--disk", "none", *QUIET)
    status, output = run("virt-install", "--connect", daemon.uri(), "--name", "only", "--disk", "none", *QUIET,
                         check=False)
    assert status == 1 and "only" in output and "Traceback" not in output
    only = conn.lookupByName("only")
    only.destroy()
    only.undefine()
