"""Wheels and source distributions that the build backend makes with configure and make.

SPDX-License-Identifier: LGPL-2.1-or-later
"""

import base64
import csv
import hashlib
import importlib.metadata
import io
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional, Union

import pytest
from buildtree import PYTHON, BuildTree, environment, inherited
from generator.bindings import modules
from installed import MODULES

CALL = "import os, sys; sys.path.insert(0, 'packaging'); import backend; " \
       "settings = eval(sys.argv[3]); print(getattr(backend, sys.argv[1])(sys.argv[2], settings))"


@pytest.fixture(scope="module")
def backend(source: Path) -> Callable[..., Any]:
    """Call a hook of the backend as a frontend does, in a separate process in the source tree; return the file made."""
    def call(hook: str, directory: Path, settings: Optional[Dict[str, str]] = None, check: bool = True,
             place: Path = source, **changes: str) -> Union["subprocess.CompletedProcess[str]", Path]:
        arguments = " ".join(f"'{argument}'" for argument in inherited())
        given: Dict[str, Union[str, List[str]]] = {"configure-args": arguments, **(settings or {})}
        if settings and "configure-args" in settings:
            given["configure-args"] = [arguments, settings["configure-args"]]
        directory.mkdir(parents=True, exist_ok=True)
        done = subprocess.run([PYTHON, "-c", CALL, hook, str(directory), repr(given)], cwd=place, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              env=environment(CFLAGS="-O0", SOURCE_DATE_EPOCH="1000000000", **changes), check=False)
        if not check:
            return done
        assert done.returncode == 0, done.stdout
        return directory / done.stdout.splitlines()[-1]
    return call


@pytest.fixture(scope="module")
def wheel(complete: BuildTree, backend: Callable[..., Any], tmp_path_factory: "pytest.TempPathFactory") -> Path:
    made: Path = backend("build_wheel", tmp_path_factory.mktemp("wheel"))
    return made


@pytest.fixture(scope="module")
def environment_of_wheel(wheel: Path, tmp_path_factory: "pytest.TempPathFactory") -> Path:
    """The Python of a virtual environment in which the wheel is installed."""
    directory = tmp_path_factory.mktemp("environment")
    made = subprocess.run([PYTHON, "-m", "venv", str(directory)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, check=False)
    if made.returncode:
        pytest.skip(f"no virtual environment can be made: {made.stdout[-300:]}")
    python = directory / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--no-index", wheel], check=True, env=environment())
    return python


def test_wheel_name_and_tags(wheel: Path) -> None:
    name, version, python, abi, platform = wheel.name[:-len(".whl")].split("-")
    assert name == "libvirt_python" and platform.startswith("linux_")
    if sys.version_info >= (3, 11):
        assert (python, abi) == ("cp311", "abi3")
    else:
        assert python == abi == f"cp3{sys.version_info[1]}"


def test_wheel_contents(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        assert archive.testzip() is None
    assert sorted(name.partition(".")[0] for name in names if name.endswith(".so")) == MODULES
    python = sorted((*modules.ALL, "libvirt_enums", "libvirt_types", "libvirtaio", "libvirtevents"))
    assert sorted(name for name in names if name.endswith(".py")) == [f"{module}.py" for module in python]
    assert sorted(name for name in names if name.endswith(".pyi")) == [
        f"{module}-stubs/__init__.pyi" for module in python]
    assert sorted(name.partition("/")[2] for name in names if ".dist-info/" in name) == [
        "METADATA", "RECORD", "WHEEL", "licenses/COPYING", "top_level.txt"]
    assert all(name.partition("/")[0].endswith((".py", ".so", "-stubs", ".dist-info")) for name in names)


def test_record_lists_all_files(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        record = next(name for name in archive.namelist() if name.endswith("/RECORD"))
        rows = {row[0]: row[1:] for row in csv.reader(io.StringIO(archive.read(record).decode()))}
        assert list(rows) == archive.namelist()
        for name, (digest, size) in rows.items():
            if name != record:
                expected = base64.urlsafe_b64encode(hashlib.sha256(archive.read(name)).digest()).decode().rstrip("=")
                assert (digest, int(size)) == (f"sha256={expected}", archive.getinfo(name).file_size)


def test_wheel_modes_and_times(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        for entry in archive.infolist():
            assert entry.date_time == (2001, 9, 9, 1, 46, 40)
            assert entry.external_attr >> 16 == 0o100000 | (0o755 if entry.filename.endswith(".so") else 0o644)


def test_two_wheels_are_identical(backend: Callable[..., Any], wheel: Path, tmp_path: Path) -> None:
    assert backend("build_wheel", tmp_path, TZ="Asia/Tokyo").read_bytes() == wheel.read_bytes()


def test_path_with_a_space(backend: Callable[..., Any], source: Path, wheel: Path, tmp_path: Path) -> None:
    """configure refuses such a path. The wheel is the same nevertheless."""
    place = tmp_path / "a place with spaces"
    shutil.copytree(source, place)
    assert backend("build_wheel", tmp_path / "dist", place=place).read_bytes() == wheel.read_bytes()


def test_metadata_need_neither_compiler_nor_libvirt(backend: Callable[..., Any], source: Path, wheel: Path,
                                                    tmp_path: Path) -> None:
    """Resolvers and lock files get the metadata of the wheel, with no program on PATH, and change nothing."""
    before = sorted(path for path in source.rglob("*") if "__pycache__" not in path.parts)
    made = backend("prepare_metadata_for_build_wheel", tmp_path, PATH="/nonexistent", CC="/nonexistent/cc",
                   PKG_CONFIG="/nonexistent/pkg-config", PYTHONDONTWRITEBYTECODE="1")
    found = {str(path.relative_to(tmp_path)): path.read_bytes() for path in made.rglob("*") if path.is_file()}
    with zipfile.ZipFile(wheel) as archive:
        assert found == {name: archive.read(name) for name in archive.namelist() if ".dist-info/" in name
                         and not name.endswith(("/RECORD", "/top_level.txt"))}
    assert len(found) == 3 and made.name == f"{'-'.join(wheel.name.split('-')[:2])}.dist-info"
    assert sorted(path for path in source.rglob("*") if "__pycache__" not in path.parts) == before


def test_wheel_works_in_a_virtual_environment(environment_of_wheel: Path) -> None:
    code = ("import importlib.metadata, libvirt, libvirt_qemu, libvirt_lxc, libvirtaio\n"
            "assert libvirt.open('test:///default').listAllDomains()[0].name() == 'test'\n"
            "print(libvirt.__file__, importlib.metadata.version('libvirt-python'))")
    done = subprocess.run([environment_of_wheel, "-I", "-c", code], stdout=subprocess.PIPE, text=True, check=True)
    place, version = done.stdout.split()
    assert place.startswith(str(environment_of_wheel.parent.parent))
    listed = subprocess.run([environment_of_wheel, "-m", "pip", "list", "--format=freeze"], stdout=subprocess.PIPE,
                            text=True, check=True).stdout
    assert f"libvirt-python=={version}" in listed.split()


def test_mypy_finds_the_stubs_of_the_wheel(environment_of_wheel: Path, tmp_path: Path) -> None:
    pytest.importorskip("mypy", reason="mypy is not installed")
    program = ("import libvirt, libvirt_lxc, libvirt_qemu, libvirt_types, libvirtaio\n"
               "reveal_type(libvirt.open().lookupByName('test').info())\n"
               "reveal_type(libvirt_types.NodeInfo(*libvirt.open().getInfo()).model)\n"
               "reveal_type(libvirt_qemu.qemuMonitorCommand)\n"
               "reveal_type(libvirt_lxc.lxcOpenNamespace)\n"
               "reveal_type(libvirtaio.getCurrentImpl())\n")
    done = subprocess.run([sys.executable, "-m", "mypy", "--strict", "--python-executable", environment_of_wheel,
                           "--cache-dir", tmp_path, "-c", program], stdout=subprocess.PIPE, text=True, cwd=tmp_path,
                          env=environment(), check=False)
    # Versions before 1.0 exit with another status for notes.
    old = importlib.metadata.version("mypy").startswith("0.")
    assert "error:" not in done.stdout and done.returncode in ((0, 1) if old else (0,)), done.stdout
    # Newer versions write types in Python's syntax.
    revealed = re.findall(r'''Revealed type is ["'](.*)["']''', done.stdout.replace("builtins.", ""))
    assert [re.sub(r"Union\[([^]]*), None\]", r"\1 | None", line) for line in revealed] == [
        "list[int]",
        "str",
        "def (domain: libvirt.virDomain, cmd: str, flags: int) -> str",
        "def (domain: libvirt.virDomain, flags: int) -> list[int]",
        "libvirtaio.virEventAsyncIOImpl | None"]


def test_pip_uninstalls_the_wheel(environment_of_wheel: Path) -> None:
    subprocess.run([environment_of_wheel, "-m", "pip", "uninstall", "--quiet", "--yes", "libvirt-python"], check=True)
    left = [path for path in environment_of_wheel.parent.parent.rglob("*") if "libvirt" in path.name]
    assert left == []


def test_source_tree_is_not_changed(source: Path, wheel: Path) -> None:
    assert not (source / "config.log").exists() and not (source / "build").exists()


def test_settings_reach_configure_and_make(backend: Callable[..., Any], tmp_path: Path) -> None:
    made = backend("build_wheel", tmp_path, {"configure-args": "--without-lxc --without-qemu", "make-args": "-j1"})
    with zipfile.ZipFile(made) as archive:
        assert not [name for name in archive.namelist() if "lxc" in name or "qemu" in name]


@pytest.mark.parametrize("settings, changes, expected", [
    ({"configure-args": "--with-libvirt-api-xml=/nonexistent.xml"}, {}, "/nonexistent.xml"),
    ({}, {"CC": "/nonexistent/cc"}, "/nonexistent/cc"),
])
def test_failing_command_reports_the_reason(backend: Callable[..., Any], tmp_path: Path, settings: Dict[str, str],
                                            changes: Dict[str, str], expected: str) -> None:
    done = backend("build_wheel", tmp_path, settings, check=False, **changes)
    assert done.returncode != 0 and expected in done.stdout
    assert "Traceback" not in done.stdout
    # The last lines show the command, so that it can be tried.
    assert re.search(r"\nConfiguring failed with status \d+, .*:\n.*/configure .* --disable-bytecompile ", done.stdout)
    assert os.listdir(tmp_path) == []


def test_source_distribution_contains_the_backend_and_configure(backend: Callable[..., Any], source: Path, wheel: Path,
                                                                tmp_path: Path) -> None:
    archive = backend("build_sdist", tmp_path)
    assert archive.name == wheel.name.split("-cp")[0] + ".tar.gz"
    with tarfile.open(archive) as opened:
        names = opened.getnames()
    top = archive.name[:-len(".tar.gz")]
    assert {name.partition("/")[0] for name in names} == {top}
    assert {f"{top}/{name}" for name in ("PKG-INFO", "configure", "packaging/backend.py")} < set(names)
    assert not [name for name in names if name.endswith(("libvirtmod.c", "python/libvirt.py"))]


def test_editable_wheel_uses_the_source_tree(source: Path, backend: Callable[..., Any], tmp_path: Path) -> None:
    made = backend("build_editable", tmp_path)
    try:
        with zipfile.ZipFile(made) as archive:
            paths = archive.read("_libvirt_python_editable.pth").decode().split()
        code = "import libvirt, libvirtmod, libvirtaio\n" \
               "for each in libvirt, libvirtmod, libvirtaio: print(each.__file__)"
        done = subprocess.run([PYTHON, "-c", code], stdout=subprocess.PIPE, text=True, check=True,
                              env=environment(PYTHONPATH=":".join(paths)))
        assert all(place.startswith(str(source)) for place in done.stdout.split())
    finally:
        subprocess.run(["rm", "-rf", source / "build"], check=True)
