# SPDX-License-Identifier: LGPL-2.1-or-later
"""Stubs: the Python types of C functions."""

import ast
import dataclasses
import typing
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional, Set, Tuple, Union

import pytest

from api import descriptions
from conftest import TOP, function_xml
from fixturetypes import PlanModule, ReadApi
from generator import apixml, events, hints, converters, plan
from generator.bindings import modules
from generator.bindings.schema import Row
from generator.emit import python_module, stubs
from generator.errors import GeneratorError

Registrations = Callable[..., List[Tuple[str, ...]]]

FRAGMENTS = str(TOP / "python" / "fragments")


def struct(name: str, *fields: Tuple[str, str]) -> str:
    """A public struct with its pointer type."""
    return (f"<struct name='{name}' file='f'>"
            + "".join(f"<field name='{field.split()[-1].split('[')[0]}' type='{ctype}'/>" for field, ctype in fields)
            + f"</struct><typedef name='{name}Ptr' file='f' type='{name} *'/>")


NUMBERS = struct("virDomainNumbers", ("one", "int"), ("two", "unsigned long"))
MIXED = struct("virDomainMixed", ("model", "char model[8]"), ("count", "int"), ("name", "char *"), ("share", "double"))
TWO_MIXED = [f"int virDomainGet{name}(virDomainPtr dom, virDomainMixedPtr info)" for name in ("Foo", "Bar")]
STRANGE = "int virDomainFoo(virDomainPtr dom, void *strange)"


@pytest.fixture
def stub(plan_module: PlanModule) -> Callable[..., List[str]]:
    """The lines of a stub for a made-up API description."""
    def emit(*symbols: str, **options: Any) -> List[str]:
        return stubs.emit(plan_module(*symbols, **options), None, FRAGMENTS).splitlines()
    return emit


@pytest.mark.parametrize("prototype, line", [
    ("int virDomainFoo(virDomainPtr dom)", "def foo(self) -> int: ..."),
    ("void virDomainFoo(virDomainPtr dom)", "def foo(self) -> None: ..."),
    ("char *virDomainFoo(virDomainPtr dom, const char *name)", "def foo(self, name: str) -> str: ..."),
    ("int virDomainFoo(virDomainPtr dom, double share, unsigned int flags)",
     "def foo(self, share: float, flags: int = 0) -> int: ..."),
    ("virDomainPtr virDomainFoo(virConnectPtr conn, virStreamPtr st)",
     "def foo(self, st: virStream) -> virDomain: ..."),
    ("int virDomainFoo(virDomainPtr dom, const unsigned char *data, size_t size)",
     "def foo(self, data: ReadableBuffer | str | None) -> int: ..."),
    ("int virDomainFoo(virDomainPtr dom, const char **names, unsigned int count)",
     "def foo(self, names: list[str] | tuple[str, ...] | None) -> int: ..."),
    ("int virDomainSetFoo(virDomainPtr dom, virTypedParameterPtr params, int nparams)",
     "def setFoo(self, params: dict[str, Any]) -> int: ..."),
    ("int virDomainGetFoo(virDomainPtr dom, virTypedParameterPtr *params, int *nparams)",
     "def foo(self) -> dict[str, Any]: ..."),
    ("int virDomainGetFoo(virDomainPtr dom, unsigned long long *foo)", "def foo(self) -> int: ..."),
    ("int virDomainGetFoo(virDomainPtr dom, double *foo)", "def foo(self) -> float: ..."),
    ("int virDomainGetFoo(virDomainPtr dom, unsigned char *uuid)", "def foo(self) -> bytes: ..."),
    ("int virDomainListFoo(virDomainPtr dom, virNetworkPtr **nets)", "def listFoo(self) -> list[virNetwork]: ..."),
    ("int virDomainGetFoo(virDomainPtr dom, char ***names)", "def foo(self) -> list[str]: ..."),
    ("int virDomainGetNumbers(virDomainPtr dom, virDomainNumbersPtr info)", "def numbers(self) -> list[int]: ..."),
    ("int virDomainGetMixed(virDomainPtr dom, virDomainMixedPtr info)", "def mixed(self) -> DomainMixedList: ..."),
    ("int virFoo(virDomainPtr dom)", "def virFoo(self) -> int: ..."),
])
def test_types_follow_from_the_signature(stub: Callable[..., List[str]], prototype: str, line: str) -> None:
    assert "    " + line in stub(prototype, NUMBERS, MIXED)


def test_a_function_of_the_module_is_outside_of_classes(stub: Callable[..., List[str]]) -> None:
    assert "def virFoo(name: str) -> int: ..." in stub("int virFoo(const char *name)")


def test_an_optional_argument_has_the_default_of_the_module(stub: Callable[..., List[str]]) -> None:
    xml = function_xml("int virDomainFoo(virDomainPtr dom, const char *name, int count)",
                       infos={"name": "(optional) the name", "count": "optional count"}.items())
    assert "    def foo(self, name: str | None = None, count: int = 0) -> int: ..." in stub(xml)


def test_the_type_of_an_object_has_none_only_as_a_default(stub: Callable[..., List[str]]) -> None:
    xml = function_xml("int virDomainFoo(virDomainPtr dom, virStreamPtr st)", infos={"st": "optional stream"}.items())
    assert "    def foo(self, st: virStream | None = None) -> int: ..." in stub(xml)


def test_a_list_of_several_types_has_one_for_each_index(stub: Callable[..., List[str]]) -> None:
    lines = stub("int virDomainGetMixed(virDomainPtr dom, virDomainMixedPtr info)", MIXED, public_types=False)
    start = lines.index("    class DomainMixedList(list[Any]):")
    overloads = {line.strip() for line in lines[start:start + 14] if "def" in line}
    assert overloads == {
        "def __getitem__(self, index: Literal[0, -4], /) -> str: ...",
        "def __getitem__(self, index: Literal[1, -3], /) -> int: ...",
        "def __getitem__(self, index: Literal[2, -2], /) -> Optional[str]: ...",
        "def __getitem__(self, index: Literal[3, -1], /) -> float: ...",
        "def __getitem__(self, index: SupportsIndex, /) -> Any: ...",
        "def __getitem__(self, index: slice, /) -> list[Any]: ..."}


def test_the_hint_has_the_container_of_the_row(stub: Callable[..., List[str]]) -> None:
    prototype = "int virDomainGetMixed(virDomainPtr dom, virDomainMixedPtr info)"
    rows = [Row("virDomainGetMixed", "a container",
                result=converters.Outputs((converters.StructOut("info", container),)))
            for container in ("Tuple", "Dict")]
    assert "    def mixed(self) -> tuple[str, int, str | None, float]: ..." in stub(prototype, MIXED, rows=rows[:1])
    lines = stub(prototype, MIXED, rows=rows[1:], public_types=False)
    start = lines.index("class DomainMixed(TypedDict):") + 1
    assert lines[start:start + 4] == ["    model: str", "    count: int", "    name: Optional[str]", "    share: float"]


def test_a_truth_value_is_bool(stub: Callable[..., List[str]]) -> None:
    rows = [Row("virDomainGetNumbers", "a truth value",
                result=converters.Outputs((converters.StructOut(
                    "info", "Tuple", keys={"one": converters.Key(boolean=True)}),)))]
    lines = stub("int virDomainGetNumbers(virDomainPtr dom, virDomainNumbersPtr info)", NUMBERS, rows=rows)
    assert "    def numbers(self) -> tuple[bool, int]: ..." in lines


def test_the_type_of_several_results_in_a_dict_is_named_after_the_function(stub: Callable[..., List[str]]) -> None:
    rows = [Row("virDomainGetTwo", "the container", result=converters.Outputs(
        (converters.ScalarOut("one", "int"), converters.TextOut("two")), "Dict"))]
    lines = stub("int virDomainGetTwo(virDomainPtr dom, int *one, char **two)", rows=rows, public_types=False)
    start = lines.index("class DomainTwo(TypedDict):")
    assert lines[start + 1:start + 3] == ["    one: int", "    two: str"]
    assert "    def two(self) -> DomainTwo: ..." in lines


@pytest.mark.parametrize("key", ["from", "mem-size", "two words", "it's"])
def test_a_key_need_not_be_an_identifier(key: str) -> None:
    definition = hints.packed("Dict", "Record", [(key, hints.Hint("int")), ("to", hints.Hint("str"))]).needs["Record"]
    namespace: Dict[str, Any] = vars(typing).copy()
    exec("\n".join(definition.lines(["Text."])), namespace)  # pylint: disable=exec-used
    assert namespace["Record"].__annotations__ == {key: int, "to": str}
    assert namespace["Record"].__doc__ == "Text."


def test_a_definition_is_written_once(stub: Callable[..., List[str]]) -> None:
    lines = stub(*TWO_MIXED, MIXED, public_types=False)
    assert lines.count("    class DomainMixedList(list[Any]):") == 1


def test_two_definitions_of_one_type_are_refused(stub: Callable[..., List[str]]) -> None:
    rows = [Row("virDomainGetFoo", "a dict", result=converters.Outputs((converters.StructOut("info", "Dict"),)))]
    with pytest.raises(GeneratorError, match="the type DomainMixed would have two definitions"):
        stub(*TWO_MIXED, MIXED, rows=rows)


@pytest.mark.parametrize("inputs, result", [
    ({}, converters.HandResult("int")),
    ({"strange": converters.Plain("strange", "object")}, converters.HandResult(description="int")),
])
def test_a_hand_written_body_needs_type_hints(stub: Callable[..., List[str]], inputs: Dict[str, converters.Input],
                                              result: converters.HandResult) -> None:
    row = Row("virDomainFoo", "by hand", hand=("dom", "strange"), inputs=inputs, result=result)
    with pytest.raises(GeneratorError) as caught:
        stub(STRANGE, rows=[row])
    place = f"{row.place[0]}:{row.place[1]}: "
    assert str(caught.value) == place + "the row of virDomainFoo lacks a type hint, of an argument or of the result"


def test_the_hints_of_a_hand_written_body_are_those_of_its_row(stub: Callable[..., List[str]]) -> None:
    row = Row("virDomainFoo", "by hand", hand=("dom", "strange"), result=converters.HandResult("set[str]", "a set"),
              inputs={"strange": converters.Plain("strange", "set[int]")})
    assert "    def foo(self, strange: set[int]) -> set[str]: ..." in stub(STRANGE, rows=[row])


@pytest.mark.parametrize("inputs, result", [
    ({}, converters.HandResult("set[str]")),
    ({"strange": converters.Plain("strange", "object")}, None),
])
def test_a_row_may_not_have_a_type_that_the_stub_of_a_fragment_has(plan_module: PlanModule, tmp_path: Path,
                                                                   inputs: Dict[str, converters.Input],
                                                                   result: Optional[converters.HandResult]) -> None:
    (tmp_path / "a.pyi").write_text("class virDomain:\n    def foo(self, strange: object) -> set[str]: ...\n")
    row = Row("virDomainFoo", "by hand", hand=("dom", "strange"), inputs=inputs, result=result)
    whole = plan_module(STRANGE, rows=[row])
    whole.module = dataclasses.replace(whole.module, fragments=("a.py",))
    with pytest.raises(GeneratorError) as caught:
        stubs.emit(whole, None, str(tmp_path))
    assert str(caught.value) == (f"{row.place[0]}:{row.place[1]}: the row of virDomainFoo has a type, but the Python "
                                 "function is hand-written: the stub of its fragment has the type")


@pytest.mark.parametrize("info, deprecated", [
    ("Deprecated after 0.4.6.\nRenamed to virDomainBar() for @reasons.", True),
    ("Does it.\n\nThis function is deprecated, use another.", True),
    ("Does it.\n\nThis API has been deprecated.", True),
    ("Does it.\n\nThe flag VIR_FOO is deprecated.", False),
    ("Undeprecated.", False),
    ("", False),
])
def test_functions_that_libvirt_calls_deprecated_are_deprecated(stub: Callable[..., List[str]], info: str,
                                                                deprecated: bool) -> None:
    lines = stub(function_xml("int virDomainFoo(virDomainPtr dom)", info), "int virDomainBar(virDomainPtr dom)")
    before = lines[lines.index("    def foo(self) -> int: ...") - 1]
    assert before.startswith("    @_deprecated(") == deprecated
    assert ("import sys" in lines) == deprecated
    assert not lines[lines.index("    def bar(self) -> int: ...") - 1].startswith("    @_deprecated(")


def test_a_long_signature_has_a_line_for_each_parameter(stub: Callable[..., List[str]]) -> None:
    arguments = ", ".join(f"const char *{name * 5}" for name in ("alpha", "beta", "gamma", "delta", "epsilon"))
    lines = stub(f"int virDomainFoo(virDomainPtr dom, {arguments})")
    start = lines.index("    def foo(")
    assert lines[start + 1:start + 3] == ["        self,", f"        {'alpha' * 5}: str,"]
    assert max(map(len, lines)) <= 100


# --- events ------------------------------------------------------------------

REGISTER = ("int virConnectDomainEventRegisterAny(virConnectPtr conn, virDomainPtr dom, int eventID,"
            " virConnectDomainEventGenericCallback cb, void *opaque, virFreeCallback freecb)")
DEREGISTER = "int virConnectDomainEventDeregisterAny(virConnectPtr conn, int callbackID)"


def event(name: str, value: int, callback: str) -> str:
    return (f"<enum name='VIR_DOMAIN_EVENT_ID_{name}' file='f' value='{value}' type='virDomainEventID'"
            f" info='{callback}'/>")


def callback(name: str, *arguments: str) -> str:
    all_arguments = ", ".join(("virConnectPtr conn", "virDomainPtr dom", *arguments, "void *opaque"))
    return function_xml(f"void {name}({all_arguments})", element="functype")


@pytest.fixture
def registrations(read_api: ReadApi) -> Registrations:
    """(event ids, callback) of each overload of domainEventRegisterAny(); a callback that has a name by its type."""
    def of(*symbols: str) -> List[Tuple[str, ...]]:
        module = dataclasses.replace(modules.LIBVIRT, rows=(), fragments=(), public_types=False)
        whole = plan.ModulePlan(module, read_api(REGISTER, DEREGISTER, *symbols))
        tree = ast.parse(stubs.emit(whole, None, FRAGMENTS))
        conn = next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "virConnect")
        found = [node for node in conn.body
                 if isinstance(node, ast.FunctionDef) and node.name == "domainEventRegisterAny"]
        assert len(found) == 1 or all(ast.unparse(node.decorator_list[0]) == "overload" for node in found)
        aliases = {f"{node.targets[0].id}[_T]": ast.unparse(node.value) for node in tree.body
                   if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)}
        return [tuple(aliases.get(text, text) for text in (ast.unparse(arg.annotation or arg)
                                                           for arg in node.args.args[2:4])) for node in found]
    return of


def test_each_type_of_callback_has_an_overload_with_the_ids_of_its_events(registrations: Registrations) -> None:
    found = registrations(
        event("A", 0, "virConnectA"), event("B", 3, "virConnectB"), event("C", 7, "virConnectA"),
        callback("virConnectA", "int number", "virTypedParameterPtr params", "int nparams"),
        callback("virConnectB", "const char *path"))
    assert found == [
        ("Literal[0, DomainEventID.A, 7, DomainEventID.C]",
         "Callable[['virConnect', 'virDomain', int, dict[str, Any], _T], object]"),
        ("Literal[3, DomainEventID.B]", "Callable[['virConnect', 'virDomain', Union[str, Any], _T], object]"),
        ("int", "_AnyEventCB[virDomain]")]


def test_without_an_event_there_is_no_overload(registrations: Registrations) -> None:
    assert registrations() == [("int", "_AnyEventCB[virDomain]")]


def test_a_struct_of_an_event_is_a_dict(registrations: Registrations) -> None:
    address = struct("virAddress", ("family", "int"), ("node", "char *"))
    found = registrations(event("A", 0, "virConnectA"), callback("virConnectA", "virAddressPtr address"), address)
    assert found[0] == ("Literal[0, DomainEventID.A]",
                        "Callable[['virConnect', 'virDomain', Union[Address, Any], _T], object]")


# --- the real descriptions ---------------------------------------------------

ALL = [pytest.param(paths, name, id=f"{name}-{version}" if version else name)
       for version, paths in (("", descriptions.here()), *descriptions.others().items()) for name in paths]


def public(tree: Union[ast.Module, ast.ClassDef]) -> Set[str]:
    """Names of the module, and CLASS.NAME for those in classes; without private names and imports."""
    found: Set[str] = set()
    for node in tree.body:
        targets = [*getattr(node, "targets", ()), *filter(None, [getattr(node, "target", None)])]
        names = [getattr(node, "name", "_"), *(target.id for target in targets if isinstance(target, ast.Name))]
        found.update(name for name in names if not name.startswith("_"))
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            found.update(f"{node.name}.{name}" for name in public(node))
    return found


@pytest.mark.parametrize("paths, name", ALL)
def test_module_and_stub_have_the_same_names(paths: Dict[str, str], name: str) -> None:
    """Also for API descriptions of other libvirts; mypy.stubtest checks the rest for the libvirt of the build."""
    module = modules.ALL[name]
    base = apixml.read(paths["libvirt"], "libvirt") if "libvirt" in paths else None
    whole = plan.plan_module(module, apixml.read(paths[name], module.library))
    one, other = (public(ast.parse(emitter.emit(whole, base, FRAGMENTS))) for emitter in (python_module, stubs))
    # Attributes that are loaded at the first access, and classes that are made from a table.
    codes = {item.name for item in whole.api.enumerators}
    made = {f"libvirtError.{error}" for error, code in module.errors.items() if code in codes}
    assert other - one == {*module.lazy, *made}
    assert one - other == set()
    assert len(one) > 3
    assert events.plan(whole) or name != "libvirt"
