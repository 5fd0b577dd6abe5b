# SPDX-License-Identifier: LGPL-2.1-or-later
"""Line breaks: long statements are broken as a person would, and no generated line is too long."""

import ast
import shutil
import subprocess
from pathlib import Path
from typing import Dict, Iterator, List, Set

import pytest

from api import descriptions
from conftest import TOP
from generator import apixml, layout, plan
from generator.bindings import modules
from generator.emit import c_module, enums_module, python_module, stubs

FRAGMENTS = TOP / "python" / "fragments"
LIBVIRTS = {"installed": descriptions.here(), **descriptions.others()}


def broken(text: str, indent: str = "    ") -> List[str]:
    return layout.statement(text, indent).split("\n")


def test_a_statement_that_fits_stays_on_one_line() -> None:
    text = "x = " + "y" * 91 + ";"
    assert broken(text) == ["    " + text]
    assert len(broken(text)[0]) == layout.WIDTH


def test_arguments_are_aligned_below_the_first() -> None:
    assert broken(f"result = function({', '.join('argument' + str(n) for n in range(12))});") == [
        "    result = function(argument0, argument1, argument2, argument3, argument4, argument5, argument6,",
        "                      argument7, argument8, argument9, argument10, argument11);"]


def test_a_nested_call_has_lines_of_its_own() -> None:
    inner = f"inner({', '.join('argument' + str(n) for n in range(9))})"
    assert broken(f"return virPyEndAllocated(&call, {inner});") == [
        "    return virPyEndAllocated(&call,",
        "                             inner(argument0, argument1, argument2, argument3, argument4, argument5,",
        "                                   argument6, argument7, argument8));"]


def test_what_follows_a_nested_call_of_several_lines_begins_a_line() -> None:
    inner = f"inner({', '.join('argument' + str(n) for n in range(9))})"
    assert broken(f"call({inner}, last);")[-1] == "         last);"


def test_arguments_too_far_to_the_right_are_indented_instead() -> None:
    assert broken(f"{'name' * 15}_function({'a' * 40}, {'b' * 40});") == [
        f"    {'name' * 15}_function(", f"        {'a' * 40}, {'b' * 40});"]


def test_conditions_have_a_line_each() -> None:
    first, second = f"first({'a' * 40}) < 0", f"second({'b' * 40}) < 0"
    assert broken(f"if ({first} || {second})") == [f"    if ({first} ||", f"        {second})"]


def test_a_conditional_expression_is_broken_before_its_colon() -> None:
    yes, no = f"yes({'a' * 40})", f"no({'b' * 40})"
    assert broken(f"f(value ? {yes} : {no});") == [f"    f(value ? {yes}", f"            : {no});"]


def test_a_key_stays_beside_its_value() -> None:
    items = ", ".join(f'"key{n}", value{n}' for n in range(7))
    lines = broken(f"return virPyPackDict(7, {items});")
    assert lines[0].endswith(",") and all(line.strip().startswith('"key') for line in lines[1:])


@pytest.mark.parametrize("quote", ["'", '"'])
def test_a_long_literal_becomes_several(quote: str) -> None:
    text = " ".join(["word,"] * 40)
    lines = broken(f"call({quote}{text}{quote})")
    assert all(line.strip().startswith(quote) for line in lines[1:])
    assert ast.literal_eval("\n".join(lines).strip()[len("call"):]) == text


def test_brackets_and_commas_in_literals_do_not_matter() -> None:
    literals = ", ".join(f'"(, {n} \\"[ "' for n in range(12))
    lines = broken(f"call({literals})")
    assert ast.literal_eval("\n".join(lines).strip()[len("call"):]) == ast.literal_eval(f"({literals})")


def test_many_imported_names_have_brackets() -> None:
    assert layout.imports("module", ["a", "b"]) == ["from module import a, b"]
    names = [f"name{n}" for n in range(20)]
    lines = layout.imports("module", names)
    assert max(map(len, lines)) <= layout.WIDTH
    imported, = ast.parse("\n".join(lines)).body
    assert isinstance(imported, ast.ImportFrom) and [alias.name for alias in imported.names] == names


def test_a_value_that_does_not_fit_beside_its_target_has_brackets() -> None:
    assert layout.assignment("name", "1") == ["name = 1"]
    assert layout.assignment("n" * 50, repr("v" * 60)) == ["n" * 50 + " = (", "    " + repr("v" * 60), ")"]


def test_a_block_keeps_the_indent_of_each_statement() -> None:
    assert layout.block(["if (a)", "    return b;", ""]) == ["    if (a)", "        return b;", ""]


# --- all files of all modules ------------------------------------------------

def generated(paths: Dict[str, str]) -> Iterator[List[str]]:
    """The lines of each file of each module, without what a fragment or a docstring has.

    flake8 checks the width of fragments, test_docstring_texts.py that of docstrings.
    """
    fragments = {line for path in FRAGMENTS.iterdir() for line in path.read_text(encoding="utf-8").split("\n")}
    base = apixml.read(paths["libvirt"], "libvirt")
    for name, path in paths.items():
        whole = plan.plan_module(modules.ALL[name], apixml.read(path, modules.ALL[name].library))
        yield c_module.emit_header(whole).split("\n")
        for part in whole.module.parts:
            yield c_module.emit(whole, part).split("\n")
        texts = [python_module.emit(whole, base, str(FRAGMENTS)), stubs.emit(whole, base, str(FRAGMENTS))]
        if name == "libvirt":
            texts.append(enums_module.emit(whole, []))
        for text in texts:
            described = docstring_lines(text)
            yield [line for number, line in enumerate(text.split("\n"), 1)
                   if number not in described and line not in fragments]


def docstring_lines(text: str) -> Set[int]:
    found: Set[int] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Module)) and ast.get_docstring(node):
            found.update(range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1))
    return found


@pytest.mark.parametrize("version", LIBVIRTS)
def test_no_generated_line_is_too_long(version: str) -> None:
    if "libvirt" not in LIBVIRTS[version]:
        pytest.skip("no API description of libvirt is installed")
    files = list(generated(LIBVIRTS[version]))
    assert len(files) > len(LIBVIRTS[version]) * 4
    assert [line for lines in files for line in lines if len(line) > layout.WIDTH] == []


@pytest.mark.parametrize("version", LIBVIRTS)
def test_generated_c_has_the_style_of_the_sources(version: str, tmp_path: Path) -> None:
    if shutil.which("clang-format") is None:
        pytest.skip("clang-format is not installed")
    shutil.copy(str(TOP / ".clang-format"), str(tmp_path))
    for name, path in LIBVIRTS[version].items():
        whole = plan.plan_module(modules.ALL[name], apixml.read(path, modules.ALL[name].library))
        texts = {f"{whole.module.extension}.h": c_module.emit_header(whole)}
        texts.update({part.file(whole.module.extension): c_module.emit(whole, part) for part in whole.module.parts})
        for file, text in texts.items():
            # clang-format takes the macro for the beginning of the next entry.
            (tmp_path / file).write_text(text.replace("    VIR_PY_MODULE_SLOTS\n", ""), encoding="utf-8")
    files = sorted(tmp_path.glob("*.[ch]"))
    done = subprocess.run(["clang-format", "--dry-run", "-Werror", *map(str, files)], stderr=subprocess.PIPE,
                          universal_newlines=True, timeout=300, check=False)
    assert (done.returncode, done.stderr) == (0, "")
