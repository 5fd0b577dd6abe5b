# SPDX-License-Identifier: LGPL-2.1-or-later
"""The module libvirt_types, for API descriptions of several libvirts."""

import ast
import typing
from typing import Any, Callable, Dict, List, Set

import pytest

from api import descriptions
from fixturetypes import PlanModule
from generator import apixml, converters, definitions, plan
from generator.bindings import modules
from generator.bindings.schema import Row
from generator.emit import stubs, types_module
from conftest import TOP

ALL = [pytest.param(paths, id=version or "here")
       for version, paths in (("", descriptions.here()), *descriptions.others().items())]


def planned(paths: Dict[str, str]) -> List[plan.ModulePlan]:
    """The plans of all modules, that of libvirt first."""
    return [plan.plan_module(modules.ALL[name], apixml.read(paths[name], modules.ALL[name].library))
            for name in modules.ALL if name in paths]


@pytest.mark.parametrize("paths", ALL)
def test_the_module_has_all_types_that_stubs_import(paths: Dict[str, str]) -> None:
    """Also for API descriptions of other libvirts."""
    plans = planned(paths)
    source = types_module.emit(plans[0], plans[1:])
    namespace: Dict[str, Any] = {"__name__": "libvirt_types"}
    exec(compile(source, "libvirt_types.py", "exec"), namespace)  # pylint: disable=exec-used
    for found in plans:
        stub = ast.parse(stubs.emit(found, None if found is plans[0] else plans[0].api,
                                    str(TOP / "python" / "fragments")))
        wanted = {alias.name for node in stub.body if isinstance(node, ast.ImportFrom)
                  and node.module == "libvirt_types" for alias in node.names}
        assert wanted <= set(namespace), found.module.name
        # Each of them can be an annotation, with the oldest Python, too.
        assert all(item is dict or item is list or typing.get_type_hints(item) is not None
                   for item in map(namespace.get, wanted) if isinstance(item, type))


@pytest.mark.parametrize("paths", ALL)
def test_every_key_that_can_be_set_has_a_type(paths: Dict[str, str]) -> None:
    found = types_module.definitions_of(planned(paths)[0])
    untyped = {f"{name}: {key}" for name, item in found.items() if isinstance(item, definitions.Keys)
               for key, text in item.items if text == "Any"}
    assert untyped == set()


def names_in(source: str) -> Set[str]:
    return {node.name for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ClassDef)}


@pytest.fixture
def emitted(plan_module: PlanModule) -> Callable[..., str]:
    def emit(*symbols: str, rows: List[Row], **options: Any) -> str:
        return types_module.emit(plan_module(*symbols, rows=rows, parameters=(), types=(), **options), [])
    return emit


STRUCT = ("<struct name='virDomainFooInfo' file='f'><field name='size' type='int' info='size in KiB'/>"
          "<field name='from' type='char name[8]'/></struct>"
          "<typedef name='virDomainFooInfoPtr' file='f' type='virDomainFooInfo *'/>")
GETTER = "int virDomainGetFoo(virDomainPtr dom, virDomainFooInfoPtr info)"


@pytest.mark.parametrize("container, names", [("List", {"FooInfo", "FooInfoList"}), ("Tuple", {"FooInfo"}),
                                              ("Dict", set())])
def test_a_struct_has_the_types_of_its_container(emitted: Callable[..., str], container: str,
                                                 names: Set[str]) -> None:
    result = converters.Outputs((converters.StructOut("info", container),))
    rows = [Row("virDomainGetFoo", "a container", result=result)] if container != "List" else []
    source = emitted(GETTER, STRUCT, rows=rows)
    assert names_in(source) == names
    assert "Result of virDomain.foo()." in source and "size in KiB" in source
    namespace: Dict[str, Any] = {}
    exec(source, namespace)  # pylint: disable=exec-used
    if "FooInfo" in names:
        assert namespace["FooInfo"]._fields == ("size", "from_")
    else:
        assert namespace["FooInfo"].__annotations__ == {"size": int, "from": str}


@pytest.mark.parametrize("text, portable", [
    ("int", "int"), ("int | None", "Optional[int]"), ("str | bytes", "Union[str, bytes]"),
    ("str | bytes | None", "Optional[Union[str, bytes]]"), ("list[int | None]", "list[Optional[int]]"),
    ("Callable[[int | str, _T], int | None]", "Callable[[Union[int, str], _T], Optional[int]]"),
])
def test_unions_have_no_operator(text: str, portable: str) -> None:
    assert definitions.portable(text) == portable
