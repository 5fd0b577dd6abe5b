# SPDX-License-Identifier: LGPL-2.1-or-later
"""Bindings from outside the tree: a module in a file of its own, and rows for what only a patched libvirt has."""

from pathlib import Path
from typing import Callable

import pytest

from conftest import TOP
from fixturetypes import Generator, WriteXml

PATCHED = "int virDomainGetVendor(virDomainPtr dom, char **vendor)"
# Fragments import these constants.
CONSTANTS = ("<enum name='VIR_ERR_NO_SUPPORT' file='f' value='3' type='virErrorNumber' info=''/>",
             "<enum name='VIR_STREAM_RECV_STOP_AT_HOLE' file='f' value='1' type='virStreamRecvFlagsValues' info=''/>")
ROW = 'Row("virDomainGetVendor", "the direction of a pointer", result=Outputs((TextOut("vendor"),)))'
ROWS = f"""\
from generator.bindings.schema import Row
from generator.converters import Outputs, TextOut

ROWS = {{"libvirt": [
    {ROW},
]}}
"""
MODULE = """\
from generator.bindings import handles
from generator.bindings.schema import Module, Part

MODULE = Module(
    name="vendor", extension="vendormod", library="libvirt-vendor", header="libvirt/libvirt-vendor.h",
    handles=(handles.CONNECT, handles.DOMAIN), strip="vir", parts=(Part(),), doc="What a vendor has.",
)
"""

Given = Callable[[str], Path]


@pytest.fixture
def given(tmp_path: Path) -> Given:
    """Writes a file of bindings."""
    def write(text: str) -> Path:
        path = tmp_path / "given.py"
        path.write_text(text, encoding="utf-8")
        return path
    return write


@pytest.fixture
def with_rows(generator: Generator, write_xml: WriteXml, tmp_path: Path, given: Given) -> Callable[..., str]:
    """What the generator says of rows from outside, and afterwards the module or nothing."""
    def run(text: str, *symbols: str) -> str:
        xml = write_xml(*(symbols or (PATCHED,)), *CONSTANTS)
        done = generator("--module=libvirt", f"--xml={xml}", f"--bindings={given(text)}",
                         f"--fragments={TOP / 'python' / 'fragments'}", tmp_path / "libvirt.py",
                         tmp_path / "libvirtmod.c")
        assert (done.returncode == 0) == (tmp_path / "libvirt.py").exists()
        return done.stderr.replace(f"{tmp_path}/", "")
    return run


def test_a_function_of_a_patched_libvirt_is_bound_by_a_row_from_outside(with_rows: Callable[..., str],
                                                                        tmp_path: Path) -> None:
    assert "virDomainGetVendor is left out: " in with_rows('ROWS = {"libvirt_qemu": []}')
    assert "def vendor(self)" not in (tmp_path / "libvirt.py").read_text()
    assert with_rows(ROWS) == ""
    assert "    def vendor(self):" in (tmp_path / "libvirt.py").read_text()


@pytest.mark.parametrize("text, told", [
    ("ROWS = {", "given.py:1: not valid Python: "),
    ("\nROWS = ROW\n", "given.py:2: NameError: name 'ROW' is not defined"),
    (ROWS.replace(', "the direction of a pointer"', ""), "given.py:5: TypeError: "),
    ("import nothing_of_that_name", "given.py:1: ModuleNotFoundError: No module named 'nothing_of_that_name'"),
    ("\nopen('/nonexistent')", "given.py:2: cannot be read: No such file or directory"),
    ("ROW = {}", "given.py: does not define ROWS"),
    ("ROWS = ()", "given.py: ROWS must be a dict from names of modules to lists of rows"),
    ("ROWS = {'libvirt_xen': ()}", "given.py: ROWS has rows of the unknown module 'libvirt_xen': one of libvirt, "),
    ("ROWS = {'libvirt': [5]}", "given.py: ROWS['libvirt'] must be a list of generator.bindings.schema.Row"),
    (ROWS.replace("virDomainGetVendor", "virDomainGetOther"),
     "given.py:5: the row of virDomainGetOther is about a function that api.xml does not have"),
    (ROWS.replace('"vendor"', '"model"'), "given.py:5: the row of virDomainGetVendor does not fit int "),
    (ROWS.replace(ROW, f"{ROW},\n    {ROW}"),
     "given.py:6: the row of virDomainGetVendor comes twice: "),
])
def test_a_fault_is_told_with_file_and_line(with_rows: Callable[..., str], text: str, told: str) -> None:
    line, = with_rows(text).splitlines()
    assert line.startswith(f"generator: {told}")


def test_a_row_that_the_tables_have_is_refused(with_rows: Callable[..., str]) -> None:
    text = 'from generator.bindings.schema import Row\nROWS = {"libvirt": [Row("virStreamNew", "mine", name="mine")]}'
    told = with_rows(text, "virStreamPtr virStreamNew(virConnectPtr conn, unsigned int flags)")
    assert told.startswith("generator: given.py:2: the row of virStreamNew comes twice")


def test_a_module_from_outside_has_the_outputs_of_any_other(generator: Generator, write_xml: WriteXml, given: Given,
                                                            tmp_path: Path) -> None:
    xml = write_xml("int virVendorCount(virConnectPtr conn)", library="libvirt-vendor")
    outputs = [tmp_path / name for name in ("vendormod.h", "vendormod.c", "vendor.py", "vendor-stubs/__init__.pyi")]
    done = generator(f"--module-file={given(MODULE)}", f"--xml={xml}", *outputs)
    assert (done.returncode, done.stderr) == (0, "")
    assert "PyInit_vendormod" in outputs[1].read_text() and "def vendorCount(conn):" in outputs[2].read_text()


@pytest.mark.parametrize("text, told", [
    ("MODULE = 5", "given.py: MODULE must be a generator.bindings.schema.Module"),
    ("", "given.py: does not define MODULE"),
    (MODULE.replace("Part(),", ""), "given.py:4: ValueError: vendor: "),
])
def test_a_fault_of_a_module_from_outside_is_told(generator: Generator, write_xml: WriteXml, given: Given,
                                                  tmp_path: Path, text: str, told: str) -> None:
    done = generator(f"--module-file={given(text)}", f"--xml={write_xml()}", tmp_path / "vendor.py")
    assert done.returncode == 1
    assert done.stderr.startswith(f"generator: {tmp_path}/{told}")


def test_one_module_is_named(generator: Generator, given: Given) -> None:
    done = generator(f"--module-file={given(MODULE)}", "--module=libvirt", "--xml=x", "y")
    assert done.returncode == 2 and "not allowed with" in done.stderr
