"""A module over a library that the tree does not know: as one entry of the tree, and in a directory of its own.

SPDX-License-Identifier: LGPL-2.1-or-later
"""

import os
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Dict

import pytest
from buildtree import PYTHON, SOURCE, BuildTree, environment
from installed import install

EXAMPLE = SOURCE / "examples" / "module"
DATA = SOURCE / "tests" / "data"
PC_FILE = """\
libvirt_thing_api={directory}/libvirt-thing-api.xml
Name: libvirt-thing
Version: 9.0.0
Description: made up
Libs: -L{directory} -lvirt-thing
Cflags: -I{directory}
"""
# Prints what the module does with numbers, by a row, by hand, in Python, with objects, with errors and with constants.
PROGRAM = """
import libvirt, libvirt_thing as thing
conn = libvirt.open("test:///default")
domain = thing.connectThingFirst(conn)
print(thing.thingEchoInt(5), thing.thingGetPair(), thing.thingRefused([0, 1]), thing.thingSwappedPair())
print(type(domain) is libvirt.virDomain, domain.connect() is conn, domain.name(), thing.VIR_THING_MAIN)
try:
    thing.domainThingFail(domain)
except libvirt.libvirtError as error:
    print(error.get_error_code() == libvirt.VIR_ERR_INVALID_ARG)
"""
PRINTED = "5 (3, 4) 2 (4, 3)\nTrue True test 1\nTrue\n"


@pytest.fixture(scope="module")
def library(tmp_path_factory: "pytest.TempPathFactory") -> Path:
    """The directory of a C library, with its header, its API description and its file for pkg-config."""
    directory = tmp_path_factory.mktemp("library")
    (directory / "libvirt").mkdir()
    shutil.copy(DATA / "libvirt-thing.h", directory / "libvirt")
    shutil.copy(DATA / "libvirt-thing-api.xml", directory)
    (directory / "libvirt-thing.pc").write_text(PC_FILE.format(directory=directory))
    cc = shlex.split(os.environ.get("CC") or "cc")
    subprocess.run([*cc, "-shared", "-fPIC", f"-I{directory}", "-o", directory / "libvirt-thing.so",
                    DATA / "libvirt-thing.c", "-lvirt"], check=True)
    return directory


@pytest.fixture(scope="module")
def where(library: Path) -> Dict[str, str]:
    """The environment in which pkg-config and programs find the library."""
    return {"PKG_CONFIG_PATH": str(library), "LD_LIBRARY_PATH": str(library)}


def run(program: str, path: str, **changes: str) -> str:
    """What a program prints, with the modules in these directories."""
    return subprocess.run([PYTHON, "-s", "-c", program], env=environment(PYTHONPATH=path, **changes), check=True,
                          stdout=subprocess.PIPE, text=True, timeout=300).stdout


# In the tree


@pytest.fixture(scope="module")
def entered(source: Path, tmp_path_factory: "pytest.TempPathFactory") -> Path:
    """A copy of the source tree with the files of one more module, and no file of the tree edited."""
    directory = tmp_path_factory.mktemp("entered") / "tree"
    shutil.copytree(source, directory)
    shutil.copy(EXAMPLE / "bindings.py", directory / "generator" / "bindings" / "modules" / "thing.py")
    shutil.copy(EXAMPLE / "thing.c", directory / "src")
    for name in ("thing.py", "thing.pyi"):
        shutil.copy(EXAMPLE / name, directory / "python" / "fragments")
    return directory


@pytest.fixture(scope="module")
def booted(entered: Path) -> Path:
    """The same with a configure that knows the module."""
    if shutil.which("autoreconf") is None or shutil.which("libtoolize") is None:
        pytest.skip("the Autotools are not installed")
    BuildTree(entered, entered).run("./bootstrap")
    return entered


@pytest.fixture(scope="module")
def with_thing(booted: Path, where: Dict[str, str], tmp_path_factory: "pytest.TempPathFactory") -> BuildTree:
    tree = BuildTree(booted, tmp_path_factory.mktemp("with_thing"))
    tree.configure("CFLAGS=-O0", "--without-lxc", "--without-qemu", "--without-admin", check=True, **where)
    tree.make("-j8", check=True, **where)
    return tree


def test_configure_says_that_it_has_to_be_made_again(entered: Path, tmp_path: Path) -> None:
    """Before the fixture that makes it."""
    done = BuildTree(entered, tmp_path).configure(check=False)
    assert done.returncode != 0
    assert f"configure does not know {entered}/generator/bindings/modules/thing.py yet: run bootstrap" in done.stdout


def test_a_new_module_is_built_installed_and_called(with_thing: BuildTree, where: Dict[str, str],
                                                    tmp_path: Path) -> None:
    result = install(with_thing, tmp_path)
    assert result.module_names() == ["libvirtmod", "libvirtmod_thing"]
    assert "libvirt_thing-stubs/__init__.pyi" in {"/".join(name.split("/")[-2:]) for name in result.stubs}
    with_thing.make("installcheck", f"DESTDIR={tmp_path}", check=True, **where)
    directory = str(result.real(with_thing.variable("pyexecdir")))
    assert run(PROGRAM, directory, **where) == PRINTED
    assert run("import libvirt_enums; print(libvirt_enums.Thing.MAIN.value)", directory) == "1\n"


def test_a_second_make_does_nothing(with_thing: BuildTree) -> None:
    before = {name: (with_thing.directory / name).stat().st_mtime_ns for name in with_thing.files()}
    with_thing.make("-j8")
    assert before == {name: (with_thing.directory / name).stat().st_mtime_ns for name in with_thing.files()}


def test_its_files_are_what_it_depends_on(with_thing: BuildTree) -> None:
    for name in ("generator/bindings/modules/thing.py", "python/fragments/thing.py", "src/thing.c"):
        with_thing.make("-j8")
        (with_thing.source / name).touch()
        assert with_thing.make("-q", check=False).returncode == 1, name


def test_it_is_in_the_reports_and_in_the_tarball(with_thing: BuildTree, tmp_path: Path) -> None:
    assert "virThingGetPair" in with_thing.make("coverage-report").stdout
    with_thing.make("distdir", f"distdir={tmp_path / 'dist'}")
    for name in ("generator/bindings/modules/thing.py", "python/fragments/thing.py", "python/fragments/thing.pyi",
                 "src/thing.c", "src/qemu.c", "build-aux/module.mk"):
        assert (tmp_path / "dist" / name).is_file()


def test_it_is_left_out_without_its_library(booted: Path, where: Dict[str, str], tmp_path: Path) -> None:
    tree = BuildTree(booted, tmp_path / "without")
    assert "libvirt_thing is not built: libvirt-thing.pc of " in tree.configure().stdout
    assert "thing" not in tree.variable("MODULES")
    asked = tree.configure("--with-thing", check=False)
    assert asked.returncode != 0 and "--with-thing was given, but libvirt-thing.pc of " in asked.stdout
    there = BuildTree(booted, tmp_path / "there")
    there.configure("--without-thing", check=True, **where)
    assert "thing" not in there.variable("MODULES")


# In a directory of its own


@pytest.mark.parametrize("how", ["installed", "unpacked"])
def test_a_module_is_built_outside_of_the_tree(complete: BuildTree, where: Dict[str, str], tmp_path: Path,
                                               how: str) -> None:
    given = complete.source
    if how == "installed":
        complete.make("install-devel", f"DESTDIR={tmp_path}/root", "datadir=/share")
        given = tmp_path / "root" / "share" / "libvirt-python"
    example = given / "examples" / "module"
    assert len((example / "Makefile").read_text().splitlines()) <= 60
    there = BuildTree(given, tmp_path / "mine")
    for path in example.iterdir():
        shutil.copy(path, there.directory)
    before = sorted(path for path in given.rglob("*"))
    arguments = [f"LIBVIRT_PYTHON={given}", f"PYTHON={PYTHON}", f"CC={os.environ.get('CC') or 'cc'}", "CFLAGS=-O0"]
    there.make("-j4", *arguments, check=True, **where)
    assert sorted(path for path in given.rglob("*")) == before
    root = tmp_path / "installed"
    there.make("install", *arguments, f"DESTDIR={root}", "DESTINATION=/there", check=True, **where)
    built = f"{complete.directory / 'src'}:{complete.directory / 'python'}"
    assert run(PROGRAM, f"{root / 'there'}:{built}", **where) == PRINTED
    stub = (root / "there" / "libvirt_thing-stubs" / "__init__.pyi").read_text()
    assert "def thingSwappedPair() -> tuple[int, int]: ..." in stub
    there.make("clean", *arguments, check=True, **where)
    assert sorted(os.listdir(there.directory)) == sorted(os.listdir(example))


# Rows from outside

PATCHED = """
from generator.bindings.schema import Row
from generator.converters import Outputs, TextOut
ROWS = {"libvirt": [
    Row("virDomainGetVendor", "the direction of a pointer", result=Outputs((TextOut("vendor"),))),
]}
"""

FUNCTION = """
<function name='virDomainGetVendor' file='libvirt-domain' module='libvirt-domain' version='9.0.0'>
<info></info>
<return type='int' info=''/>
<arg name='domain' type='virDomainPtr' info=''/>
<arg name='vendor' type='char **' info=''/>
</function>
"""


def test_rows_can_be_given_to_configure(complete: BuildTree, tmp_path: Path) -> None:
    """libvirt does not have the function, so nothing is compiled."""
    rows, xml = tmp_path / "rows.py", tmp_path / "libvirt-api.xml"
    rows.write_text(PATCHED)
    text = (complete.xml / "libvirt-api.xml").read_text(encoding="utf-8")
    xml.write_text(text.replace("</symbols>", f"{FUNCTION}</symbols>"), encoding="utf-8")
    tree = BuildTree(complete.source, tmp_path / "build")
    tree.configure(f"--with-bindings={rows}", f"--with-libvirt-api-xml={xml}", "--enable-strict-api")
    tree.make("python/libvirt.py")
    assert "    def vendor(self):\n" in (tree.directory / "python" / "libvirt.py").read_text(encoding="utf-8")

    rows.write_text(PATCHED.replace("TextOut", "Textout"))
    failed = tree.make("python/libvirt.py", check=False)
    assert failed.returncode != 0 and f"generator: {rows}:3: ImportError: " in failed.stdout


def test_rows_that_are_not_there_are_told(source: Path, tmp_path: Path) -> None:
    done = BuildTree(source, tmp_path).configure(f"--with-bindings={tmp_path / 'none.py'}", check=False)
    assert done.returncode != 0
    assert f"--with-bindings needs a file that can be read, and {tmp_path / 'none.py'} is none" in done.stdout
