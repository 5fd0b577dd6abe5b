# SPDX-License-Identifier: LGPL-2.1-or-later
"""Files that name the modules by hand, because their tools read no other list, name every module."""

import re
from typing import List

import pytest

from conftest import TOP
from generator.bindings import modules

PYTHON = [name for module in modules.ALL.values() for name in (module.name, *module.lazy.values())]
EXTENSIONS = [module.extension for module in modules.ALL.values()]

# File -> the texts that it must have.
LISTS = {
    ".mypy.ini": tuple(f",{name}," for name in (*PYTHON, *EXTENSIONS)),
}


def missing(file: str, text: str) -> List[str]:
    return [item.strip() for item in LISTS[file] if item not in text]


@pytest.mark.parametrize("file", LISTS)
def test_the_list_has_every_module(file: str) -> None:
    path = TOP / file
    if not path.exists():
        pytest.skip("tarballs do not have this file")
    assert missing(file, path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("file", LISTS)
@pytest.mark.parametrize("name", ["libvirt_lxc", "libvirt_enums"])
def test_a_missing_module_is_noticed(file: str, name: str) -> None:
    whole = "".join(LISTS[file])
    assert missing(file, whole) == []
    assert missing(file, re.sub(rf"\b{name}\b", "other", whole)) != []
