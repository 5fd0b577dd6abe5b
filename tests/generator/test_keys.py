# SPDX-License-Identifier: LGPL-2.1-or-later
"""The keys of containers: a key that a row changes is changed in C, in the stub and in the docstring."""

import re
from typing import Callable, Dict, List, Optional, Tuple

import pytest

from conftest import TOP, function_xml
from fixturetypes import PlanModule
from generator.bindings.schema import Row
from generator.converters import Key, Outputs, Records, Result, ScalarOut, StructArray, StructOut
from generator.emit import c_part, python_module, stubs

STRUCT = """<struct name='virFooInfo' file='f'><field name='memory' type='unsigned long' info='memory in KiB'/>
    <field name='active' type='int' info='whether it is active'/></struct>
    <typedef name='virFooInfoPtr' file='f' type='virFooInfo *'/>"""
FREE = "void virFooInfoFree(virFooInfoPtr info)"

Keys = Dict[str, Key]

# Converter -> prototype, the result with some keys, and its C expressions of both values.
CASES: Dict[str, Tuple[str, Callable[[Keys], Result], str, str]] = {
    "StructOut": ("int virDomainGetFoo(virDomainPtr dom, virFooInfoPtr info)",
                  lambda keys: Outputs((StructOut("info", "Dict", keys=keys),)), "info.memory", "info.active"),
    "Records": ("int virDomainGetFoo(virDomainPtr dom, virFooInfoPtr **infos)",
                lambda keys: Records("infos", keys=keys), "item->memory", "item->active"),
    "StructArray": ("int virDomainGetFoo(virDomainPtr dom, virFooInfoPtr *infos)",
                    lambda keys: StructArray("infos", keys=keys), "item->memory", "item->active"),
    "Outputs": ("int virDomainGetFoo(virDomainPtr dom, unsigned long *memory, int *active)",
                lambda keys: Outputs((ScalarOut("memory", "unsigned long"), ScalarOut("active", "int")), "Dict", keys),
                "memory", "active"),
}


@pytest.fixture(params=CASES)
def emitted(request: "pytest.FixtureRequest", plan_module: PlanModule) -> "Emitted":
    return Emitted(plan_module, *CASES[request.param])


class Emitted:
    """What is emitted for one function, with keys or without."""

    def __init__(self, plan_module: PlanModule, prototype: str, result: Callable[[Keys], Result], memory: str,
                 active: str) -> None:
        self.plan_module = plan_module
        self.symbols = (function_xml(prototype, infos={"memory": "memory in KiB", "active": "whether it is active"}),
                        STRUCT, FREE)
        self.result, self.memory, self.active = result, memory, active

    def texts(self, keys: Optional[Keys] = None) -> Tuple[str, List[str], List[str]]:
        """The C code on one line, the fields of the type in the stub, and those of the docstring."""
        row = Row("virDomainGetFoo", "keys", result=self.result(keys or {}))
        whole = self.plan_module(*self.symbols, rows=[row], public_types=False)
        plan = next(plan for plan in whole.plans if plan.function.name == "virDomainGetFoo")
        c_text = " ".join("\n".join(c_part.wrapper(plan)).split())
        stub = stubs.emit(whole, None, str(TOP / "python" / "fragments")).splitlines()
        start = next(number for number, line in enumerate(stub) if re.match(r"class \w+\(TypedDict\):", line))
        python = python_module.function(plan, "libvirtmod")
        described = [line.strip() for line in python if re.match(r" {12}\w+: ", line)]
        return c_text, [line.strip() for line in stub[start + 1:start + 3]], described


def test_without_keys_the_names_are_those_of_c(emitted: Emitted) -> None:
    c_text, stub, described = emitted.texts()
    assert f'(2, "memory", virPyFromULong({emitted.memory}), "active", virPyFromInt({emitted.active}))' in c_text
    assert stub == ["memory: int", "active: int"]
    assert described == ["memory: int, memory in KiB", "active: int, whether it is active"]


def test_a_key_in_one_row_changes_c_stub_and_docstring(emitted: Emitted) -> None:
    c_text, stub, described = emitted.texts({"memory": Key("mebibytes", ">> 10", "memory in MiB")})
    assert f'(2, "mebibytes", virPyFromULong({emitted.memory} >> 10), "active", ' in c_text
    assert stub == ["mebibytes: int", "active: int"]
    assert described == ["mebibytes: int, memory in MiB", "active: int, whether it is active"]


def test_a_truth_value_in_one_row_changes_c_and_stub(emitted: Emitted) -> None:
    c_text, stub, described = emitted.texts({"active": Key(boolean=True)})
    assert f'"active", virPyFromBool({emitted.active}))' in c_text
    assert stub == ["memory: int", "active: bool"]
    assert described == ["memory: int, memory in KiB", "active: bool, whether it is active"]
