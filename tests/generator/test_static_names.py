# SPDX-License-Identifier: LGPL-2.1-or-later
"""Static functions of one extension module have different names, so that a debugger and a profiler tell them apart."""

import collections
import re
from typing import Dict, List

import pytest

from api import csource
from conftest import TOP
from generator.bindings import modules

# "static TYPE NAME(PARAMETERS)", and a body.
STATIC_FUNCTION = re.compile(r"^static [^\n;={]*?(\w+)\((?!\()[^;{]*\)\n\{$", re.MULTILINE)


def defined(name: str) -> List[str]:
    """The static functions of one file of src/."""
    return STATIC_FUNCTION.findall((TOP / "src" / name).read_text(encoding="utf-8"))


def files(module: str) -> List[str]:
    """What goes into a module: the convenience library, and the bodies that the generated files include."""
    library = [path.name for path in csource.shared_sources()]
    return [*library, *(body for part in modules.ALL[module].parts for body in part.bodies)]


@pytest.mark.parametrize("module", modules.ALL)
def test_static_functions_of_a_module_have_different_names(module: str) -> None:
    where: Dict[str, List[str]] = collections.defaultdict(list)
    for name in files(module):
        for function in defined(name):
            where[function].append(name)
    assert {function: names for function, names in where.items() if len(names) > 1} == {}


def test_the_functions_are_found() -> None:
    """Otherwise the test above would find nothing either."""
    assert {"convertArgument", "storeFailure"} <= {*defined("calls.c"), *defined("errorrecord.c")}
    assert len(defined("handles.c")) > 5
    assert "calls.c" in files("libvirt_qemu") and "qemu.c" in files("libvirt_qemu")


def test_the_type_of_a_result_stands_on_the_line_of_the_name() -> None:
    """Otherwise the function is not found. clang-format accepts both styles."""
    untyped = re.compile(r"^(\w+)\([^;{}\n]*(?:\n +[^;{}\n]*)*\)\n\{$", re.MULTILINE)
    assert untyped.findall("static int\nfound(int one,\n      int two)\n{\n") == ["found"]
    assert {path.name: untyped.findall(path.read_text(encoding="utf-8")) for path in (TOP / "src").glob("*.[ch]")
            if untyped.search(path.read_text(encoding="utf-8"))} == {}
