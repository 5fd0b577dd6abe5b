"""Where make install puts which files, and make uninstall removes them.

SPDX-License-Identifier: LGPL-2.1-or-later
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from buildtree import PYTHON, BuildTree, environment
from generator.bindings import modules
from installed import MODULES, Installed, install


@pytest.fixture(scope="module")
def installed(complete: BuildTree, tmp_path_factory: "pytest.TempPathFactory") -> Installed:
    return install(complete, tmp_path_factory.mktemp("installed"))


def tool(*command: str) -> str:
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    return subprocess.run(
        command, check=True, stdout=subprocess.PIPE, text=True, env=environment()).stdout


def test_all_modules_are_installed(complete: BuildTree, installed: Installed) -> None:
    suffix = complete.variable("PYTHON_EXT_SUFFIX")
    assert [os.path.basename(name) for name in installed.modules] == [name + suffix for name in MODULES]


def test_no_other_files_are_installed(installed: Installed) -> None:
    """No .la, .a or text files are installed beside the modules."""
    assert installed.files == sorted(
        installed.modules + installed.python + installed.stubs + installed.bytecode + installed.metadata)
    assert {os.path.basename(name) for name in installed.python} == {
        f"{name}.py" for name in (*modules.ALL, "libvirt_enums", "libvirt_types", "libvirtaio", "libvirtevents")}


def test_all_files_are_in_one_directory(complete: BuildTree, installed: Installed) -> None:
    assert installed.directories == {complete.variable("pyexecdir")}


def test_each_python_file_has_a_stub(installed: Installed) -> None:
    assert installed.stubs == [f"{name[:-len('.py')]}-stubs/__init__.pyi" for name in installed.python]


def test_each_python_file_has_bytecode(installed: Installed) -> None:
    compiled = {os.path.basename(name).split(".")[0] for name in installed.bytecode}
    assert compiled == {os.path.basename(name)[:-len(".py")] for name in installed.python}
    assert all(name.endswith(".pyc") for name in installed.bytecode)


def test_bytecode_does_not_contain_destdir(installed: Installed) -> None:
    for name in installed.bytecode:
        assert str(installed.root).encode() not in installed.real(name).read_bytes()


def test_documentation_and_examples_are_installed(complete: BuildTree, installed: Installed) -> None:
    place = complete.variable("docdir")
    names = {name[len(place) + 1:] for name in installed.documentation}
    examples = {name for name in names if name.startswith("examples/")}
    assert names - examples == {"NEWS.md", "README.md", "differences.md"}
    assert examples == {f"examples/{path.name}" for path in (complete.source / "examples").glob("*.py")}


def test_file_modes(installed: Installed) -> None:
    for name in installed.files + installed.documentation:
        assert installed.real(name).stat().st_mode & 0o777 == (0o755 if name in installed.modules else 0o644), name


def test_modules_export_only_their_init_function(installed: Installed) -> None:
    for name in installed.modules:
        shown = tool("nm", "-D", "--defined-only", str(installed.real(name)))
        symbols = [line.split()[-1] for line in shown.splitlines()]
        assert symbols == ["PyInit_" + os.path.basename(name).split(".")[0]]


def test_modules_have_no_soname_and_no_run_path(installed: Installed) -> None:
    for name in installed.modules:
        dynamic = tool("readelf", "-d", str(installed.real(name)))
        assert not [word for word in ("SONAME", "RPATH", "RUNPATH", "libpython") if word in dynamic]


def test_each_module_is_linked_with_its_own_libraries(installed: Installed) -> None:
    for name in installed.modules:
        dynamic = tool("readelf", "-d", str(installed.real(name)))
        needed = {line.split("[")[1].split(".so")[0] for line in dynamic.splitlines() if "(NEEDED)" in line}
        extra = os.path.basename(name).split(".")[0].partition("_")[2]
        own = {"libvirt-" + extra} if extra else set()
        assert {library for library in needed if library.startswith("libvirt-")} == own


def test_installed_modules_can_be_imported(complete: BuildTree, installed: Installed) -> None:
    directory = installed.real(complete.variable("pyexecdir"))
    command = "import libvirt, libvirt_qemu, libvirt_lxc; print(libvirt.__file__, libvirt.libvirtmod.__file__)"
    done = subprocess.run(
        [PYTHON, "-s", "-c", command], env=environment(PYTHONPATH=str(directory)), check=True,
        stdout=subprocess.PIPE, text=True)
    assert all(name.startswith(str(directory)) for name in done.stdout.split())


def test_installcheck_succeeds(complete: BuildTree, installed: Installed) -> None:
    complete.make("installcheck", f"DESTDIR={installed.root}")


@pytest.mark.parametrize("lost", ["libvirt_lxc.py", "libvirtmod_qemu*.so", "*.dist-info", "libvirtaio-stubs"])
def test_installcheck_notices_a_missing_file(complete: BuildTree, tmp_path: Path, lost: str) -> None:
    for path in list(install(complete, tmp_path).real(complete.variable("pyexecdir")).glob(lost)):
        path.rename(tmp_path / path.name)
    assert complete.make("installcheck", f"DESTDIR={tmp_path}", check=False).returncode != 0


def test_modes_do_not_depend_on_the_umask(complete: BuildTree, installed: Installed, tmp_path: Path) -> None:
    root = tmp_path / "root"
    complete.run("sh", "-c", f"umask 077; make -j4 install DESTDIR={root}")
    modes = {str(path.relative_to(root)): path.stat().st_mode & 0o777 for path in root.rglob("*")}
    assert modes == {str(path.relative_to(installed.root)): 0o755 if path.is_dir() else path.stat().st_mode & 0o777
                     for path in installed.root.rglob("*")}
    assert root.stat().st_mode & 0o777 == 0o755


def test_install_strip(complete: BuildTree, installed: Installed, tmp_path: Path) -> None:
    complete.make("-j4", "install-strip", f"DESTDIR={tmp_path}")
    stripped = Installed(tmp_path)
    assert stripped.files == installed.files
    for name in stripped.modules:
        assert ".symtab" in tool("readelf", "-SW", str(installed.real(name)))
        assert ".symtab" not in tool("readelf", "-SW", str(stripped.real(name)))


def test_uninstall_removes_all_files(complete: BuildTree, tmp_path: Path) -> None:
    root = tmp_path / "root"
    install(complete, root)
    complete.make("uninstall", f"DESTDIR={root}")
    assert [path for path in root.rglob("*") if not path.is_dir() or path.name in ("__pycache__", "libvirt-python")
            or path.name.endswith((".dist-info", "-stubs"))] == []


def test_uninstall_keeps_files_of_others(complete: BuildTree, tmp_path: Path) -> None:
    directory = Installed(tmp_path).real(complete.variable("pyexecdir"))
    (directory / "__pycache__").mkdir(parents=True)
    others = [directory / "libvirtother.py", directory / "__pycache__" / "libvirtother.cpython-311.pyc"]
    for other in others:
        other.touch()
    install(complete, tmp_path)
    complete.make("uninstall", f"DESTDIR={tmp_path}")
    assert [path for path in sorted(tmp_path.rglob("*")) if path.is_file()] == sorted(others)


def test_install_builds_first_if_necessary(complete: BuildTree, tmp_path: Path) -> None:
    complete.make("clean")
    assert len(install(complete, tmp_path).modules) == len(MODULES)
