"""If configure misses something, it stops with one error message that says what to install or to specify.

SPDX-License-Identifier: LGPL-2.1-or-later
"""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Callable, Dict, Tuple

import pytest
from buildtree import PYTHON, BuildTree
from generator.bindings import modules

LIBVIRT_PACKAGE = "libvirt-dev"
PYTHON_PACKAGE = "python3-dev"
COMPILER_PACKAGE = "build-essential"

needs_gcc = pytest.mark.skipif(shutil.which("gcc") is None, reason="gcc is not installed")

# A libvirt as pkg-config describes it; its headers are in "include" in the same directory.
PC_FILE = """\
Name: {name}
Version: {version}
Description: made up
Libs: -lvirt
Cflags: -I${{pcfiledir}}/include
"""

# A Python that reports another version than its own.
OTHER_VERSION = """#!{python}
import platform, sys
sys.version_info = {version!r} + ("final", 0)
platform.python_version = lambda: {text!r}
arguments = sys.argv[1:]
while arguments and arguments[0] != "-c" and arguments[0].startswith("-"):
    del arguments[0]
if arguments[:1] == ["-c"]:
    exec(arguments[1])
"""


@pytest.fixture
def tree(source: Path, tmp_path: Path) -> BuildTree:
    return BuildTree(source, tmp_path / "build")


@pytest.fixture
def libvirt(tmp_path: Path) -> Callable[..., Dict[str, str]]:
    """Write the files of a made-up libvirt, which is then the only one that configure finds."""
    def write(name: str = "libvirt", version: str = "9.0.0", header: str = "#define LIBVIR_VERSION_NUMBER 9000000\n",
              **variables: str) -> Dict[str, str]:
        directory = tmp_path / "pkgconfig"
        header_file = directory / "include" / "libvirt" / "libvirt.h"
        header_file.parent.mkdir(parents=True, exist_ok=True)
        header_file.write_text(header)
        text = "".join(f"{key}={value}\n" for key, value in variables.items())
        (directory / f"{name}.pc").write_text(text + PC_FILE.format(name=name, version=version))
        return {"PKG_CONFIG_LIBDIR": str(directory), "PKG_CONFIG_PATH": ""}
    return write


@pytest.fixture
def xml(tested: BuildTree) -> str:
    return tested.variable("LIBVIRT_API_XML")


def program(path: Path, text: str) -> Path:
    path.write_text(text)
    path.chmod(0o755)
    return path


def path_without(directory: Path, pattern: str) -> str:
    """Return a PATH with all programs except those whose names match the pattern."""
    directory.mkdir()
    for entry in reversed(os.environ["PATH"].split(os.pathsep)):
        for name in os.listdir(entry) if os.path.isdir(entry) else []:
            if not re.fullmatch(pattern, name):
                (directory / name).unlink(missing_ok=True)
                (directory / name).symlink_to(os.path.join(entry, name))
    return str(directory)


def error_of(tree: BuildTree, *arguments: str, **environment: str) -> str:
    """Return the error message with which configure stops."""
    done = tree.configure(*arguments, check=False, **environment)
    assert done.returncode != 0, done.stdout
    start = done.stdout.find("configure: error: ")
    assert start >= 0 and not (tree.directory / "Makefile").exists(), done.stdout
    return done.stdout[start:]


# The compiler


def test_no_compiler(tree: BuildTree, tmp_path: Path, monkeypatch: "pytest.MonkeyPatch") -> None:
    monkeypatch.delenv("CC", raising=False)
    path = path_without(tmp_path / "bin", r"(.*-)?(gcc|g\+\+|c\+\+|cc|c89|c99|clang|clang\+\+|tcc|icx?)(-[\d.]+)?")
    assert COMPILER_PACKAGE in error_of(tree, PATH=path)


@pytest.mark.parametrize("compiler", ["/nonexistent/gcc", "false"])
def test_compiler_that_does_not_work(tree: BuildTree, compiler: str) -> None:
    error = error_of(tree, f"CC={compiler}")
    assert COMPILER_PACKAGE in error and compiler in error


@needs_gcc
def test_compiler_older_than_c11(tree: BuildTree, tmp_path: Path) -> None:
    old = program(tmp_path / "gcc", '#!/bin/sh\nexec gcc "$@" -std=gnu99\n')
    assert "C11" in error_of(tree, f"CC={old}")


# Link-time optimization


@needs_gcc
def test_lto_with_nm_that_does_not_read_lto_objects(tree: BuildTree, tmp_path: Path) -> None:
    blind = program(tmp_path / "nm", "#!/bin/sh\nexit 0\n")
    error = error_of(tree, "CC=gcc", "CFLAGS=-O1 -flto", f"NM={blind}")
    assert "gcc-ar" in error and "llvm" in error and str(blind) in error


def needs_index(directory: Path) -> bool:
    """Return whether the linker needs an index in archives, as older ones do. This is tested with fat LTO objects."""
    (directory / "one.c").write_text("int one(void) { return 1; }\n")
    (directory / "main.c").write_text("int one(void);\nint main(void) { return one() - 1; }\n")
    for command in ("gcc -c -flto -ffat-lto-objects one.c", "ar crS libone.a one.o"):
        subprocess.run(command.split(), cwd=directory, check=True)
    linked = subprocess.run("gcc -flto main.c libone.a".split(), cwd=directory, stderr=subprocess.DEVNULL)
    return linked.returncode != 0


@needs_gcc
def test_lto_with_ar_that_does_not_index_lto_objects(tree: BuildTree, tmp_path: Path) -> None:
    """Like the plain ar without the compiler's plugin."""
    if not needs_index(tmp_path):
        pytest.skip("this linker reads archives without an index")
    blind = program(tmp_path / "ar", '#!/bin/sh\nmode=$1; shift\nexec ar "${mode}S" "$@"\n')
    error = error_of(tree, "CC=gcc", "--enable-lto", f"AR={blind}", "RANLIB=true")
    assert "gcc-ar" in error and str(blind) in error


@needs_gcc
def test_lto_with_linker_that_does_not_read_lto_objects(tree: BuildTree) -> None:
    flags = "-flto -fno-fat-lto-objects"
    assert "gcc-ar" in error_of(tree, "CC=gcc", f"CFLAGS={flags}", "LDFLAGS=-fno-lto -fno-use-linker-plugin")


@needs_gcc
@pytest.mark.parametrize("value", ["thick", "thin"])
def test_lto_of_a_kind_that_gcc_does_not_support(tree: BuildTree, value: str) -> None:
    assert "thin" in error_of(tree, f"--enable-lto={value}", "CC=gcc")


# Python


def test_no_python(tree: BuildTree) -> None:
    error = error_of(tree, "PYTHON=/nonexistent/python3")
    assert PYTHON_PACKAGE in error and "/nonexistent/python3" in error


@pytest.mark.parametrize("version", [(3, 8, 10), (2, 7, 18)])
def test_old_python(tree: BuildTree, tmp_path: Path, version: Tuple[int, int, int]) -> None:
    text = ".".join(map(str, version))
    python = program(tmp_path / "python3", OTHER_VERSION.format(python=PYTHON, version=version, text=text))
    error = error_of(tree, f"PYTHON={python}")
    assert "3.9" in error and text in error and PYTHON_PACKAGE in error


def test_no_python_headers(tree: BuildTree, tmp_path: Path) -> None:
    error = error_of(tree, f"PYTHON_CPPFLAGS=-I{tmp_path}")
    assert "Python.h" in error and PYTHON_PACKAGE in error


def test_old_python_headers(tree: BuildTree, tmp_path: Path) -> None:
    (tmp_path / "Python.h").write_text("#define PY_VERSION_HEX 0x03080af0\n")
    error = error_of(tree, f"PYTHON_CPPFLAGS=-I{tmp_path}")
    assert "3.9" in error and PYTHON_PACKAGE in error


# Python of another machine: any compiler will do for these tests

CROSS = ["--build=x86_64-one-linux-gnu", "--host=x86_64-two-linux-gnu"]


def test_no_information_about_the_python_of_the_host(tree: BuildTree) -> None:
    error = error_of(tree, *CROSS, "PYTHON_CONFIG=", "PYTHON_CPPFLAGS=", "PYTHON_EXT_SUFFIX=")
    assert "x86_64-two-linux-gnu-python3" in error and "libpython3-dev for x86_64-two-linux-gnu" in error


def test_no_python_headers_of_the_host(tree: BuildTree, tmp_path: Path) -> None:
    error = error_of(tree, *CROSS, f"PYTHON_CPPFLAGS=-I{tmp_path}", "PYTHON_EXT_SUFFIX=.so")
    assert "Python.h" in error and "libpython3-dev for x86_64-two-linux-gnu" in error


def test_no_sysconfig_data_of_the_python_of_the_host(tree: BuildTree) -> None:
    error = error_of(tree, *CROSS, _PYTHON_SYSCONFIGDATA_NAME="_made_up")
    assert "_PYTHON_SYSCONFIGDATA_NAME=_made_up" in error and "PYTHONPATH=" in error


# pkg-config and libvirt


def test_no_pkg_config(tree: BuildTree, tmp_path: Path) -> None:
    path = path_without(tmp_path / "bin", r"(.*-)?(pkg-config|pkgconf)")
    assert "pkgconf" in error_of(tree, PATH=path)


@pytest.mark.parametrize("command", ["/nonexistent/pkg-config", "false"])
def test_pkg_config_that_does_not_work(tree: BuildTree, command: str) -> None:
    assert "pkgconf" in error_of(tree, f"PKG_CONFIG={command}")


def test_no_libvirt(tree: BuildTree, tmp_path: Path) -> None:
    error = error_of(tree, PKG_CONFIG_LIBDIR=str(tmp_path), PKG_CONFIG_PATH="")
    assert "libvirt.pc" in error and LIBVIRT_PACKAGE in error


@pytest.mark.parametrize("version", ["6.10.0", "0.9.11"])
def test_old_libvirt(tree: BuildTree, libvirt: Callable[..., Dict[str, str]], version: str) -> None:
    error = error_of(tree, **libvirt(version=version))
    assert "7.0.0" in error and version in error


def test_no_libvirt_header(tree: BuildTree, libvirt: Callable[..., Dict[str, str]], xml: str) -> None:
    error = error_of(tree, **libvirt(header="#error made up\n", libvirt_api=xml))
    assert "libvirt.h" in error and LIBVIRT_PACKAGE in error


def test_old_libvirt_header(tree: BuildTree, libvirt: Callable[..., Dict[str, str]], xml: str) -> None:
    error = error_of(tree, **libvirt(header="#define LIBVIR_VERSION_NUMBER 6010000\n", libvirt_api=xml))
    assert "7.0.0" in error and "6.10.0" in error


def test_pkg_config_does_not_know_the_api_description(tree: BuildTree, libvirt: Callable[..., Dict[str, str]]) -> None:
    assert LIBVIRT_PACKAGE in error_of(tree, **libvirt())


def test_api_description_is_missing(tree: BuildTree, libvirt: Callable[..., Dict[str, str]]) -> None:
    error = error_of(tree, **libvirt(libvirt_api="/nonexistent/api.xml"))
    assert "/nonexistent/api.xml" in error and LIBVIRT_PACKAGE in error


def test_given_api_description_is_missing(tree: BuildTree) -> None:
    error = error_of(tree, "--with-libvirt-api-xml=/nonexistent/api.xml")
    assert "/nonexistent/api.xml" in error and "--with-libvirt-api-xml" in error


def test_given_api_description_is_a_directory(tree: BuildTree, tmp_path: Path) -> None:
    error = error_of(tree, f"--with-libvirt-api-xml={tmp_path}")
    assert str(tmp_path) in error and "--with-libvirt-api-xml" in error


@pytest.mark.parametrize("name", [name[len("libvirt_"):] for name in modules.ALL if name != "libvirt"])
def test_requested_module_that_libvirt_does_not_have(tree: BuildTree, libvirt: Callable[..., Dict[str, str]], xml: str,
                                                     name: str) -> None:
    error = error_of(tree, f"--with-{name}", **libvirt(libvirt_api=xml))
    assert f"libvirt-{name}.pc" in error and LIBVIRT_PACKAGE in error


def test_module_that_was_not_requested_may_be_missing(tree: BuildTree, libvirt: Callable[..., Dict[str, str]],
                                                      xml: str) -> None:
    done = tree.configure(check=True, **libvirt(libvirt_api=xml))
    assert re.search(r"modules +libvirt$", done.stdout, re.MULTILINE)


# Options


def test_unknown_sanitizer(tree: BuildTree) -> None:
    error = error_of(tree, "--enable-sanitizers=made-up")
    assert "made-up" in error
