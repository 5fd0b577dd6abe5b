"""How options of configure and make change where make install puts files, and which ones it installs.

SPDX-License-Identifier: LGPL-2.1-or-later
"""

import os
import shutil
import subprocess
from pathlib import Path
from typing import List, Optional

import pytest
from buildtree import PYTHON, BuildTree, environment
from installed import MODULES, Installed, install

OTHERS = [name.partition("_")[2] for name in MODULES if "_" in name]


def reconfigured(built: BuildTree, directory: Path, *arguments: str) -> BuildTree:
    """Return the same objects with another configuration, whose arguments must not make anything compile again."""
    shutil.copytree(built.directory, directory, symlinks=True)
    tree = BuildTree(built.source, directory)
    tree.xml = built.xml
    tree.configure(f"--with-libvirt-api-xml={built.xml / 'libvirt-api.xml'}", "CFLAGS=-O0", *arguments)
    return tree


@pytest.mark.parametrize("arguments, directory", [
    (["pythondir=/opt/x"], "/opt/x"),
    (["pyexecdir=/opt/x"], "/opt/x"),
    (["pythondir=/opt/x", "pyexecdir=/opt/y"], "/opt/y"),
    (["--with-python-installdir=/opt/x"], "/opt/x"),
    (["--with-python-installdir=${prefix}/x", "--prefix=/opt"], "/opt/x"),
    (["--prefix=/opt/x", "--libdir=/opt/x/lib/made-up"], None),
])
def test_directory_given_to_configure(source: Path, tmp_path: Path, arguments: List[str],
                                      directory: Optional[str]) -> None:
    tree = BuildTree(source, tmp_path)
    tree.configure(*arguments)
    chosen = tree.variable("pyexecdir")
    if directory is None:
        assert chosen.startswith("/opt/x/lib") and "made-up" not in chosen
        assert tree.variable("pyexecdir", "prefix=/y").startswith("/y/lib")
    else:
        assert chosen == directory


@pytest.mark.parametrize("arguments, directory", [
    (["pythondir=/opt/x"], "/opt/x"),
    (["pyexecdir=/opt/x"], "/opt/x"),
])
def test_directory_given_to_make(complete: BuildTree, tmp_path: Path, arguments: List[str], directory: str) -> None:
    root = tmp_path / "root"
    result = install(complete, root, *arguments)
    assert len(result.modules) == len(MODULES) and result.directories == {directory}
    complete.make("uninstall", f"DESTDIR={root}", *arguments)
    assert Installed(root).files == []


def test_the_prefix_of_python_is_on_its_path(source: Path, tmp_path: Path) -> None:
    tree = BuildTree(source, tmp_path)
    # Without -I and -s, because the user's site-packages does not count as a prefix.
    looked_in = subprocess.run(
        [PYTHON, "-c", "import sys; print(*sys.path, sep='\\n')"], env=environment(), check=True,
        stdout=subprocess.PIPE, text=True).stdout.splitlines()
    prefix = subprocess.run(
        [PYTHON, "-c", "import sys; print(sys.prefix)"], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
    tree.configure(f"--prefix={prefix}")
    assert tree.variable("pyexecdir") in looked_in


def test_no_examples_when_disabled(source: Path, tmp_path: Path) -> None:
    tree = BuildTree(source, tmp_path / "build")
    tree.configure("--disable-examples", "--docdir=/usr/share/doc/other", "--prefix=/usr")
    tree.make("install-data", f"DESTDIR={tmp_path / 'root'}")
    assert sorted(path.name for path in (tmp_path / "root/usr/share/doc/other").rglob("*")) == [
        "NEWS.md", "README.md", "differences.md"]


def test_no_bytecode_when_disabled(complete: BuildTree, tmp_path: Path) -> None:
    tree = reconfigured(complete, tmp_path / "build", "--disable-bytecompile", "--with-python-installdir=/opt/x")
    result = install(tree, tmp_path / "root")
    assert len(result.modules) == len(MODULES) and result.bytecode == []
    assert result.directories == {"/opt/x"}


@pytest.mark.parametrize("left_out", [["qemu"], ["lxc"], ["admin"], OTHERS])
def test_modules_left_out(complete: BuildTree, tmp_path: Path, left_out: List[str]) -> None:
    tree = reconfigured(complete, tmp_path / "build", *(f"--without-{name}" for name in left_out))
    result = install(tree, tmp_path / "root")
    assert result.module_names() == [name for name in MODULES if name.partition("_")[2] not in left_out]
    assert [name for name in result.files for word in left_out if word in name] == []


def test_abi3(source: Path, tmp_path: Path) -> None:
    tree = BuildTree(source, tmp_path / "build")
    if tree.configure("--enable-abi3", "CFLAGS=-O0", check=False).returncode != 0:
        pytest.skip("Python is older than 3.11, or free-threaded")
    result = install(tree, tmp_path / "root")
    assert [os.path.basename(name) for name in result.modules] == [name + ".abi3.so" for name in MODULES]
    directory = result.real(tree.variable("pyexecdir"))
    subprocess.run(
        [PYTHON, "-s", "-c", "import libvirt; libvirt.open('test:///default').close()"],
        env=environment(PYTHONPATH=str(directory)), check=True)
