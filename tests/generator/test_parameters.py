# SPDX-License-Identifier: LGPL-2.1-or-later
"""The types of dicts of typed parameters: their keys, and the types of the values."""

from typing import Any, Callable, Dict, Optional
from xml.sax.saxutils import escape

import pytest

from conftest import function_xml
from fixturetypes import PlanModule
from generator import parameters
from generator.bindings.schema import Parameters
from generator.definitions import Keys, OpenKeys
from generator.hints import Hint

GETTER = "int virDomainGetFoo(virDomainPtr dom, virTypedParameterPtr *params, int *nparams)"


def macro(name: str, string: str, info: str) -> str:
    return f"<macro name='VIR_FOO_{name}' file='f' string='{string}'><info>{escape(info)}</info></macro>"


@pytest.fixture
def typed(plan_module: PlanModule) -> Callable[..., Optional[Hint]]:
    """The type of the dict that a made-up getter returns."""
    def of(*macros: str, info: str = "", **options: Any) -> Optional[Hint]:
        options.setdefault("macros", "VIR_FOO_")
        options.setdefault("returned", ("virDomainGetFoo",))
        table = Parameters("Foo", **options)
        whole = plan_module(function_xml(GETTER, escape(info)), *macros, parameters=(table,))
        return whole.plans[0].keyed
    return of


def items(hint: Optional[Hint]) -> Dict[str, str]:
    assert hint is not None
    definition = hint.needs["Foo"]
    assert isinstance(definition, (Keys, OpenKeys))
    return dict(definition.items)


@pytest.mark.parametrize("info, python", [
    ("Macro represents the limit, as a ullong.", "int"),
    ("it represents the quota, as an llong", "int"),
    ("The name as VIR_TYPED_PARAM_STRING.", "str"),
    ("platform key, as VIR_TYPED_PARAMS_STRING.", "str"),
    ("maximum bandwidth, with a type of ullong", "int"),
    ("Accepted type is VIR_TYPED_PARAM_UINT or since 9.3.0 VIR_TYPED_PARAM_ULLONG.", "int"),
    ("time spent as unsigned\n  long long.", "int"),
    ("The guest load as a double", "float"),
    ("Virtual CPU is halted as a boolean, may indicate it is idle", "bool"),
    ("A string identifying the operating system", "str"),
    ("as VIR_TYPED_PARAM_INT or VIR_TYPED_PARAM_STRING", "Any"),
    ("params multiple field: names as VIR_TYPED_PARAM_STRING", "str | list[str] | tuple[str, ...]"),
    ("The number of something.", "Any"),
])
def test_the_type_is_the_one_of_the_description(typed: Callable[..., Optional[Hint]], info: str, python: str) -> None:
    assert items(typed(macro("A", "a", info))) == {"a": python}


def test_a_table_has_what_the_description_leaves_out(typed: Callable[..., Optional[Hint]]) -> None:
    macros = macro("A", "a", ""), macro("B", "b", "as a uint"), macro("NO_KEY", "raw", "")
    found = typed(*macros, types={"a": "STRING"}, more={"c": "BOOLEAN"}, without=("VIR_FOO_NO_",))
    assert items(found) == {"a": "str", "b": "int", "c": "bool"}
    assert items(typed(*macros, every="ULLONG")) == {"a": "int", "b": "int", "raw": "int"}


def test_a_macro_may_be_a_suffix(typed: Callable[..., Optional[Hint]]) -> None:
    hint = typed(macro("DISK_COUNT", "disk.count", "as a uint"), macro("DISK_PREFIX", "disk.", ""),
                 macro("DISK_SUFFIX_NAME", ".name", "as a string"), macro("DISK_SUFFIX_PART_PREFIX", ".part.", ""),
                 macro("DISK_SUFFIX_PART_SUFFIX_SIZE", ".size", "as a ullong"), macro("PIN", "pin%u", "as a string"),
                 macro("LOST_SUFFIX_NAME", ".name", "as a string"))
    assert items(hint) == {"disk.count": "int"}
    definition = hint.needs["Foo"] if hint is not None else None
    assert isinstance(definition, OpenKeys)
    assert definition.patterns == (("disk.<num>.name", "str"), ("disk.<num>.part.<num>.size", "int"),
                                   ("pin<num>", "str"))


def test_older_libvirts_describe_keys_in_the_text_of_the_function(typed: Callable[..., Optional[Hint]]) -> None:
    hint = typed(described="virDomainGetFoo", info="""The keys are in this format:

    "cpu.time" - total time
                 as unsigned long long.
    "cpu.<num>.name" - the name as string.
    "vm.$NAME.$TYPE"

'vcpus': string containing a bitmap
'online': string containing another one

The end.""")
    assert items(hint) == {"cpu.time": "int", "vcpus": "str", "online": "str"}


def test_without_a_description_of_keys_the_dict_has_no_type_of_its_own(typed: Callable[..., Optional[Hint]]) -> None:
    assert typed() is None
    assert typed(macro("A", "a", "as a uint"), macros="VIR_BAR_") is None


SETTER = "int virDomainSetFoo(virDomainPtr dom, virTypedParameterPtr params, int nparams)"


def test_what_is_returned_can_be_passed_on(plan_module: PlanModule) -> None:
    """A dict of a program has only known keys; what libvirt returns may have others."""
    table = Parameters("Foo", "VIR_FOO_", taken=("virDomainSetFoo",), returned=("virDomainGetFoo",))
    whole = plan_module(GETTER, SETTER, macro("A", "a", "as a uint"), parameters=(table,))
    hints = {found.function.name: (found.result_hint.text, *(found.hint(item).text for item in found.parameters))
             for found in whole.plans}
    assert hints == {"virDomainGetFoo": ("FooDict",), "virDomainSetFoo": ("int", "Foo | FooDict")}


def test_what_nothing_returns_has_known_keys(plan_module: PlanModule) -> None:
    table = Parameters("Foo", "VIR_FOO_", taken=("virDomainSetFoo",), returned=("virDomainGetFoo",))
    whole = plan_module(SETTER, macro("A", "a", "as a uint"), parameters=(table,))
    assert whole.plans[0].hint(whole.plans[0].parameters[0]).text == "Foo"


def test_only_the_general_type_of_a_dict_is_replaced() -> None:
    keyed = Hint("Foo", {"Foo": Keys("Foo", (("a", "int"),))})
    assert parameters.named(Hint("list[dict[str, Any]] | None"), keyed).text == "list[Foo] | None"
    assert parameters.named(Hint("dict[str, int]"), keyed).needs == keyed.needs
    assert parameters.named(Hint("int"), keyed) == Hint("int")
    assert parameters.named(Hint("dict[str, Any]"), None) == Hint("dict[str, Any]")
