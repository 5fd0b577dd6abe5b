# SPDX-License-Identifier: LGPL-2.1-or-later
"""Hand-written Python that becomes a part of a generated module."""

import dataclasses
import types
from pathlib import Path
from typing import Any, Callable, Dict, Tuple

import pytest

from fixturetypes import ReadApi
from generator import fragments, plan
from generator.bindings import modules
from generator.emit import python_module, stubs
from generator.errors import GeneratorError

Run = Callable[..., Dict[str, Any]]


@pytest.fixture
def merged(tmp_path: Path, read_api: ReadApi) -> Callable[..., str]:
    """The module made of fragments (file name -> text) and the functions of an API description."""
    def emit(files: Dict[str, str], *symbols: str) -> str:
        for name, text in files.items():
            (tmp_path / name).write_text(text, encoding="utf-8")
        module = dataclasses.replace(modules.LIBVIRT, rows=(), families=(), fragments=tuple(files))
        return python_module.emit(plan.plan_module(module, read_api(*symbols)), None, str(tmp_path))
    return emit


@pytest.fixture
def run(merged: Callable[..., str]) -> Run:
    """The namespace of that module, without a C extension."""
    def load(files: Dict[str, str], *symbols: str) -> Dict[str, Any]:
        source = merged(files, *symbols).replace("import libvirtmod\n", "pass\n")
        namespace = {"__name__": "merged", "libvirtmod": types.SimpleNamespace()}
        exec(compile(source, "merged", "exec"), namespace)  # pylint: disable=exec-used
        return namespace
    return load


FOO = "int virDomainFoo(virDomainPtr dom)"
CLASS = '''# SPDX header
"""Docstring of the fragment."""

import libvirtmod


class virDomain:
    """What virDomain has beside its generated methods."""

    size = 7

    # A comment above a method.
    def bar(self):
        """By hand."""
        return "bar"

    @property
    def baz(self):
        return "baz"
'''


def test_methods_of_a_fragment_are_added_to_the_class(run: Run) -> None:
    made = run({"domain.py": CLASS}, FOO)["virDomain"]
    assert made.bar(None) == "bar"
    assert made.foo and made.connect and made.c_pointer


def test_attributes_and_decorated_methods_are_copied(run: Run) -> None:
    made = run({"domain.py": CLASS})["virDomain"]
    assert made.size == 7
    assert made.baz.fget(None) == "baz"


def test_the_class_is_defined_once(merged: Callable[..., str]) -> None:
    assert merged({"domain.py": CLASS}, FOO).count("class virDomain:") == 1


def test_comments_inside_a_class_are_copied(merged: Callable[..., str]) -> None:
    assert "    # A comment above a method.\n    def bar(self):" in merged({"domain.py": CLASS})


def test_header_docstring_and_imports_of_a_fragment_are_not_copied(merged: Callable[..., str]) -> None:
    text = merged({"domain.py": CLASS + "\n\ndef helper():\n    return 1\n"})
    assert "SPDX header" not in text
    assert "Docstring of the fragment" not in text
    assert "What virDomain has beside" not in text
    assert text.count("import libvirtmod") == 1


def test_a_hand_written_method_replaces_the_generated_one(run: Run) -> None:
    text = "class virDomain:\n    def foo(self):\n        return 'by hand'\n"
    assert run({"domain.py": text}, FOO)["virDomain"].foo(None) == "by hand"


def test_an_assignment_in_a_class_replaces_the_generated_method(run: Run) -> None:
    text = "class virDomain:\n    def bar(self):\n        return 'bar'\n    foo = bar\n"
    assert run({"domain.py": text}, FOO)["virDomain"].foo(None) == "bar"


def test_an_annotated_assignment_replaces_the_generated_method(run: Run) -> None:
    text = "class virDomain:\n    foo: object = 'by hand'\n\n\nDEFAULT: int = 3\n"
    found = run({"domain.py": text}, FOO)
    assert (found["virDomain"].foo, found["DEFAULT"]) == ("by hand", 3)


def test_a_hand_written_method_does_not_affect_other_classes(run: Run) -> None:
    text = "class virDomain:\n    def foo(self):\n        return 'by hand'\n"
    made = run({"domain.py": text}, FOO, "int virNetworkFoo(virNetworkPtr net)")["virNetwork"]
    assert made.foo


def test_a_hand_written_function_replaces_the_generated_one(run: Run) -> None:
    found = run({"module.py": "def virFoo():\n    return 'by hand'\n"}, "int virFoo(void)", "int virBar(void)")
    assert found["virFoo"]() == "by hand"
    assert found["virBar"]


def test_a_class_that_is_not_generated_is_copied(run: Run) -> None:
    text = "class Helper(Exception):\n    value = 3\n\n\nDEFAULT = Helper.value\n"
    found = run({"module.py": text})
    assert (found["Helper"].value, found["DEFAULT"]) == (3, 3)


def test_comments_above_a_function_are_copied(merged: Callable[..., str]) -> None:
    text = "# SPDX header\n\nimport libvirtmod\n\n\n# Why it is here.\ndef helper():\n    return 1\n"
    assert "# Why it is here.\ndef helper():" in merged({"module.py": text})


def test_two_fragments_can_add_to_one_class(run: Run) -> None:
    one = "class virDomain:\n    def one(self):\n        return 1\n"
    two = "class virDomain:\n    def two(self):\n        return 2\n"
    made = run({"a.py": one, "b.py": two})["virDomain"]
    assert (made.one(None), made.two(None)) == (1, 2)


def test_an_empty_class_in_a_fragment_is_accepted(run: Run) -> None:
    assert run({"a.py": "class virDomain:\n    pass\n"}, FOO)["virDomain"].foo
    assert run({"b.py": 'class virDomain:\n    """Only words."""\n'}, FOO)["virDomain"].foo
    assert run({"c.py": "class virDomain: pass\n"}, FOO)["virDomain"].foo


def test_fragments_are_copied_in_the_order_of_the_list(run: Run) -> None:
    found = run({"a.py": "FIRST = 1\n", "b.py": "SECOND = FIRST + 1\n"})
    assert found["SECOND"] == 2


def test_functions_that_libvirt_lacks_are_left_out(tmp_path: Path) -> None:
    """They would call C functions that the extension module does not have."""
    (tmp_path / "a.py").write_text("def old():\n    pass\n\n\n# Newer.\ndef new():\n    pass\n\n\nLAST = 1\n")
    found = fragments.read(str(tmp_path), ["a.py"], [], {"new"})
    assert found.names == {"old", "LAST"}
    assert "def new" not in "\n".join(found.module) and "LAST = 1" in found.module


WITH_FILES = ("int virDomainQemuMonitorCommandWithFiles(virDomainPtr domain, const char * cmd, unsigned int ninfiles, "
              "int * infiles, unsigned int * noutfiles, int ** outfiles, char ** result, unsigned int flags)")


@pytest.mark.parametrize("symbols, there", [((), False), ((WITH_FILES,), True)])
def test_a_libvirt_before_8_2_0_has_no_commands_with_files(read_api: ReadApi, tmp_path: Path, symbols: Tuple[str, ...],
                                                           there: bool) -> None:
    """Neither the module nor its stub has them."""
    for name in "qemu.py", "qemu.pyi":
        (tmp_path / name).write_text("def qemuMonitorCommandWithFiles(): ...\ndef other(): ...\n", encoding="utf-8")
    whole = plan.plan_module(modules.ALL["libvirt_qemu"], read_api(*symbols, library="libvirt-qemu"))
    for emitter in python_module, stubs:
        text = emitter.emit(whole, None, str(tmp_path))
        assert ("def qemuMonitorCommandWithFiles(" in text) == there
        assert "def other(" in text


def test_a_syntax_error_in_a_fragment_is_reported_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "bad.py"
    path.write_text("import os\n\ndef broken(:\n    pass\n")
    with pytest.raises(GeneratorError) as caught:
        fragments.read(str(tmp_path), ["bad.py"], [])
    assert str(caught.value).startswith(f"{path}:3: not valid Python: ")
    assert "\n" not in str(caught.value)


def test_a_missing_fragment_is_reported_by_name(tmp_path: Path) -> None:
    with pytest.raises(GeneratorError) as caught:
        fragments.read(str(tmp_path), ["missing.py"], [])
    assert str(caught.value) == f"{tmp_path / 'missing.py'}: cannot be read: No such file or directory"


@pytest.mark.parametrize("content", [b"text = '\xff'\n", b"text = '\0'\n"])
def test_a_fragment_with_invalid_bytes_is_reported_by_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bytes.py"
    path.write_bytes(content)
    with pytest.raises(GeneratorError) as caught:
        fragments.read(str(tmp_path), ["bytes.py"], [])
    assert str(caught.value).startswith(f"{path}:")


@pytest.mark.parametrize("line, error", [
    ("from libvirt import virFoo, virBar", "the generated module libvirt has no 'virBar'"),
    ("from libvirt import virDomain, VIR_NEW", "the generated module libvirt has no 'VIR_NEW'"),
    ("from libvirt import _wrap_virConnect", "the generated module libvirt has no '_wrap_virConnect'"),
    ("from libvirt import virFoo as foo", "the generated module libvirt does not have 'virFoo' under the name 'foo'"),
    ("import libvirtmod as extension",
     "the generated module libvirt does not have 'libvirtmod' under the name 'extension'"),
    ("import json", "the generated module libvirt does not import 'json', and imports of fragments are not copied"),
    ("from os import path",
     "the generated module libvirt does not import 'path' from os, and imports of fragments are not copied"),
    ("from libvirt import *", "the generated module libvirt has no '*'"),
])
def test_an_import_of_what_the_generated_module_lacks_is_refused_with_file_and_line(merged: Callable[..., str],
                                                                                    tmp_path: Path, line: str,
                                                                                    error: str) -> None:
    """Imports are not copied, so that the fragment would raise NameError at run time."""
    with pytest.raises(GeneratorError) as caught:
        merged({"a.py": f'"""Text."""\n\n{line}\n'}, "int virFoo(void)")
    assert str(caught.value) == f"{tmp_path / 'a.py'}:3: {error}"


def test_imports_of_what_the_generated_module_has_are_accepted(merged: Callable[..., str]) -> None:
    merged({"a.py": "import libvirtmod\nfrom libvirt import VIR_KNOWN, _wrap_virDomain, helper, virDomain, virFoo\n",
            "b.py": "def helper():\n    import json\n    return json\n"},
           "int virFoo(void)", "<enum name='VIR_KNOWN' file='f' value='1' type='virKnown'/>")


@pytest.mark.parametrize("name, content, error", [
    ("qemu.py", "from libvirt import virDomain\n",
     "the generated module libvirt_qemu does not import 'virDomain' from libvirt, "
     "and imports of fragments are not copied"),
    ("qemu.pyi", "from typing import Mapping\n",
     "the generated module libvirt_qemu does not import 'Mapping' from typing, "
     "and imports of fragments are not copied"),
])
def test_imports_of_a_module_of_plain_functions_are_checked(read_api: ReadApi, tmp_path: Path, name: str, content: str,
                                                            error: str) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    whole = plan.plan_module(modules.ALL["libvirt_qemu"], read_api(library="libvirt-qemu"))
    with pytest.raises(GeneratorError) as caught:
        (python_module if name.endswith(".py") else stubs).emit(whole, None, str(tmp_path))
    assert str(caught.value) == f"{tmp_path / name}:1: {error}"
