# SPDX-License-Identifier: LGPL-2.1-or-later
"""Docstrings for Python, from descriptions that are written for C."""

import ast
from typing import Any, Callable, Dict, Optional

import pytest

from conftest import function_xml
from fixturetypes import PlanModule
from generator import docstrings
from generator.emit import python_module


@pytest.fixture
def source(plan_module: PlanModule) -> Callable[..., str]:
    """The Python source of one function."""
    def of(prototype: str, info: str = "", infos: Optional[Dict[str, str]] = None, **changes: Any) -> str:
        whole = plan_module(function_xml(prototype, info, infos=(infos or {}).items()), **changes)
        return "\n".join(python_module.function(whole.plans[0], "libvirtmod"))
    return of


@pytest.fixture
def doc(source: Callable[..., str]) -> Callable[..., str]:
    """The docstring that Python reads out of that source."""
    def of(prototype: str, info: str = "", infos: Optional[Dict[str, str]] = None) -> str:
        text = source(prototype, info, infos)
        node, = ast.parse("class Owner:\n" + text if text.startswith(" ") else text).body
        function = node.body[0] if isinstance(node, ast.ClassDef) else node
        assert isinstance(function, ast.FunctionDef)
        return ast.get_docstring(function) or ""
    return of


FOO = "int virDomainFoo(virDomainPtr dom, const char *name, unsigned int flags)"


@pytest.mark.parametrize("text, cleaned", [
    ("returns NULL on error", "returns None on error"),
    ("NULL or NULL.", "None or None."),
    ("NULLABLE and VIR_NULL stay", "NULLABLE and VIR_NULL stay"),
    ("the name of @domain", "the name of domain"),
    ("@a and @b, (@c)", "a and b, (c)"),
    ("user@example.com", "user@example.com"),
    ("non-NULL", "non-None"),
])
def test_words_of_c_become_words_of_python(text: str, cleaned: str) -> None:
    assert docstrings.clean(text) == cleaned


@pytest.mark.parametrize("advice", [
    "The caller must free() the returned string.",
    "the caller must free() the result.",
    "The caller needs to free() the returned value.",
    "It must be freed by the caller.",
    "The string should be freed by the caller after use.",
    "The caller is responsible for freeing the result with free().",
    "The client must free the returned string after use.",
    "virDomainFree should be used to free the resources after the\ndomain object is no longer needed.",
    "virStoragePoolFree should be used to free the resources after the storage pool object is no longer needed.",
    "The use count must be released with virDomainFree().",
    "Caller is responsible for calling virStreamFree on the result.",
])
def test_advice_on_memory_is_left_out(advice: str) -> None:
    assert docstrings.clean(f"First sentence.\n\n{advice}\n\nLast sentence.") == "First sentence.\n\nLast sentence."


def test_a_sentence_beside_advice_on_memory_stays() -> None:
    text = "Gets the name of it. The caller must free() the returned string. It is short."
    assert docstrings.clean(text) == "Gets the name of it. It is short."


def test_advice_in_brackets_is_left_out() -> None:
    assert "free" not in docstrings.clean("the metadata string on success (caller must free), or NULL")


@pytest.mark.parametrize("text", [
    "the free memory that the host has.",
    "Gets the size of the free space, in bytes.",
    "The device is deallocated from the active domain instance only.",
    "Hugepages that are free can be allocated.",
    "Unused memory is released to the host.",
])
def test_other_uses_of_the_word_stay(text: str) -> None:
    assert docstrings.clean(text) == text


def test_an_address_before_advice_on_memory_stays_whole() -> None:
    """The dot of "uri.html" was taken for the end of a sentence."""
    text = "Documented at https://libvirt.org/uri.html\nvirConnectClose should be used to release the resources."
    assert docstrings.clean(text).startswith("Documented at https://libvirt.org/uri.html")


def test_paragraphs_stay_apart() -> None:
    assert docstrings.clean("One.\n \n\nTwo,\nmore of it.\n") == "One.\n\nTwo,\nmore of it."


def test_the_docstring_has_all_parts(doc: Callable[..., str]) -> None:
    text = doc(FOO, "Renames a domain.\n\nDetails follow.", {"name": "the new\n  name, or NULL", "dom": "a domain"})
    assert text == """Renames a domain.

Details follow.

name: the new name, or None

Returns int.  Raises libvirtError on failure.

C function: virDomainFoo, since libvirt 1.2.3"""


def test_a_function_without_description_has_a_docstring(doc: Callable[..., str]) -> None:
    assert doc(FOO).startswith("virDomainFoo\n")


def test_the_object_itself_is_no_parameter(doc: Callable[..., str]) -> None:
    assert "dom:" not in doc(FOO, infos={"dom": "a domain", "name": "a name"})


def test_the_fields_of_a_struct_are_reported_in_order(plan_module: PlanModule) -> None:
    struct = """<struct name='virFooInfo' file='f'><field name='state' type='int' info='its state'/>
        <field name='memory' type='long' info='in KiB'/>
        </struct><typedef name='virFooInfoPtr' file='f' type='virFooInfo *'/>"""
    whole = plan_module("int virDomainGetFoo(virDomainPtr dom, virFooInfoPtr info)", struct)
    assert "Returns list:\n    state: its state\n    memory: in KiB\n\nRaises" in "\n".join(
        docstrings.docstring(whole.plans[0], ""))


def test_what_raises_nothing_promises_nothing(doc: Callable[..., str]) -> None:
    assert "libvirtError" not in doc("void virFoo(int number)")


@pytest.mark.parametrize("info", [
    'It says "hello".',
    'It ends in a "quote"',
    '"Quoted" at the start',
    'Three """ of them',
    "'''",
    "a backslash \\ and \\n and \\u1234 and \\N{foo}",
    "ends in a backslash \\",
    '\\"""',
    "caf\u00e9, \u4e16\u754c and \U0001f600",
    "{braces} and %s and $dollar",
    "tab\there",
    "#comment\n    indented\n\tmore",
])
def test_any_description_gives_valid_python(doc: Callable[..., str], info: str) -> None:
    text = doc(FOO, info)
    assert text.endswith("C function: virDomainFoo, since libvirt 1.2.3")


@pytest.mark.parametrize("info", ["a backslash \\ and \\n", "ends in a backslash \\", "caf\u00e9 \U0001f600",
                                  'a "quoted" word', "{braces} %s"])
def test_a_description_is_kept_to_the_letter(doc: Callable[..., str], info: str) -> None:
    assert doc(FOO, info).split("\n\n")[0] == info


def test_a_description_cannot_break_out_of_the_docstring(source: Callable[..., str]) -> None:
    text = source(FOO, '"""\n    import os\n    """')
    owner = ast.parse("class Owner:\n" + text).body[0]
    assert isinstance(owner, ast.ClassDef)
    node, = owner.body
    assert not [item for item in ast.walk(node) if isinstance(item, ast.Import)]


def test_no_line_ends_in_white_space(source: Callable[..., str]) -> None:
    lines = source(FOO, "One. \n\n Two.  \n", {"name": "x  "}).split("\n")
    assert [line for line in lines if line != line.rstrip()] == []
