# SPDX-License-Identifier: LGPL-2.1-or-later
"""Leave one out: without its row, a function is left out, or its plan differs only in what the row gives a reason for.

Nothing that concerns memory may depend on a row: the direction of an argument,
its C type, and who frees what.  So a function that libvirt adds, and that has
no row yet, is bound correctly, if not always by the name that one would like.
"""

import dataclasses
import re
from collections import Counter
from typing import Any, Dict, Iterator, List, Optional, Set, Tuple, Union

import pytest

from api import descriptions
from generator import apixml, converters, events, inference, plan
from generator.bindings import modules
from generator.bindings.schema import EventFamily, Module, Row
from generator.model import Api, Function
from generator.plan import Plan

Case = Tuple[str, Module, Api, Row]
Converter = Union[converters.Input, converters.Output, converters.Result]

# What may depend on a row -> words, one of which is in the reason of such a row.
POINTS = {
    "name": ("historic name", "a method of"),
    "module name": ("historic name",),
    "owner": ("a method of",),
    "names of parameters": ("historic name of a parameter", "a method of", "are a dict"),
    "defaults": ("default", "none is required", "are required"),
    "parent": ("belongs to the connection to the destination",),
    "what is kept alive": ("belongs to the connection to the destination",),
    "when it raises": ("every value is a result", "None is no failure", "means failure", "-1 is"),
    "keeps the GIL": ("cannot block",),
    "runs what was deferred": ("frees callback data",),
    "what is noted": ("context manager",),
    "required": ("crashes on NULL", "destination", "not text"),
    "types of typed parameters": ("known types", "types come from the getter"),
    "nullable": ("none is required", "None is no failure", "which the description does not say", "by default"),
    "a mask": ("bits",),
    "counted by another function": ("another function counts",),
    "container": ("tuple", "list", "dict", "container"),
    "truth values": ("truth value",),
    "units": ("in MiB", "in KiB"),
    "keys": ("key",),
    "order": ("order",),
    "body": ("a method of", "are a dict", "runs callbacks", "takes a callback", "why there are none", "empty dict",
             "reports no error"),
    "bound at all": ("",),  # whatever the reason is for leaving it out
}

# Fields of plans and of converters -> points above; all other fields concern memory.
PLAN_FIELDS = {"name": "name", "module_name": "module name", "owner": "owner", "renamed": "names of parameters",
               "defaults": "defaults", "parent": "parent", "keep_alive": "what is kept alive",
               "raises": "when it raises", "keep_gil": "keeps the GIL", "frees_callbacks": "runs what was deferred",
               "sets_flag": "what is noted"}
CONVERTER_FIELDS = {
    "required": "required", "nullable": "nullable", "mask": "a mask", "fields": "types of typed parameters",
    "getter": "types of typed parameters", "allocates": "types of typed parameters",
    "sizer": "counted by another function", "container": "container", "order": "order", "raises": "when it raises",
}
KEY_FIELDS = {"name": "keys", "operation": "units", "description": "units", "boolean": "truth values"}
# Pairs of converters with the same effect on memory.
SAME_MEMORY = {("ParamsLearned", "ParamsIn"): "types of typed parameters"}


def rows_of(paths: Dict[str, str]) -> List[Tuple[Module, Api, Row]]:
    """All rows for functions of some API descriptions, with what is needed to plan the functions."""
    found = []
    for name, path in paths.items():
        module = modules.ALL[name]
        api = apixml.read(path, module.library)
        found += [(module, api, row) for row in module.rows if row.cname in api.functions]
    return found


CASES = [(version, *case) for version, paths in (("", descriptions.here()), *descriptions.others().items())
         for case in rows_of(paths)]


def named(case: Case) -> str:
    version, _, _, row = case
    return f"{row.cname}-{version}" if version else row.cname


def planned(module: Module, api: Api, row: Optional[Row], function: Function) -> Plan:
    return plan.plan_function(function, row, module, api, {handle.cname: handle for handle in module.handles})


def converter_differences(ours: Converter, inferred: Converter) -> Set[str]:
    """The points in which two converters differ."""
    if ours == inferred:
        return set()
    pair = (type(ours).__name__, type(inferred).__name__)
    if isinstance(ours, converters.ResultByHand):
        return {"body"}
    if pair[0] != pair[1]:
        return {SAME_MEMORY.get(pair) or f"converter: {pair[0]} and not {pair[1]}"}
    found = set()
    for field in dataclasses.fields(ours):
        one, other = getattr(ours, field.name), getattr(inferred, field.name)
        if field.name == "outputs" and len(one) == len(other):
            found |= set().union(*map(converter_differences, one, other))
        elif field.name == "members" and set(one) == set(other):
            continue  # their order has a field of its own
        elif field.name == "keys":
            found |= {KEY_FIELDS[changed] for key in {*one.values(), *other.values()} for changed in KEY_FIELDS
                      if getattr(key, changed)}
        elif one != other:
            found.add(CONVERTER_FIELDS.get(field.name, f"memory: {field.name}"))
    return found


def input_differences(ours: Plan, inferred: Plan) -> Set[str]:
    """The points in which the inputs of two plans differ; an argument must be an input of both or of none."""
    one, other = ({item.name: item for item in each.inputs} for each in (ours, inferred))
    by_hand = {name for item in ours.inputs if isinstance(item, converters.InputByHand) for name in item.types()}
    found = set()
    for arg in ours.function.args:
        name = arg.name
        if (name in one) != (name in other):
            # Hand-written C may make several numbers of one object, and may use pointers as it likes.
            folded = (ours.origin == "hand" or name in by_hand) and not arg.type.endswith(("*", "Ptr"))
            found.add("body" if folded else f"direction: {name}")
        elif name in by_hand:
            found.add("body")
        elif name in one and type(one[name]).__name__ != "Plain":  # a hand-written body converts it itself
            found |= converter_differences(one[name], other[name])
    return found


def differences(ours: Plan, inferred: Plan) -> Set[str]:
    """The points in which the plan with a row differs from the one without."""
    found = {point for field, point in PLAN_FIELDS.items() if getattr(ours, field) != getattr(inferred, field)}
    found |= input_differences(ours, inferred)
    if ours.origin == "hand":
        return found | {"body"}
    return found | converter_differences(ours.result, inferred.result)


def outcome(module: Module, api: Api, row: Row) -> Tuple[str, Set[str]]:
    """What happens to a function without its row: why it is left out, or the points in which its plan differs."""
    function = api.functions[row.cname]
    try:
        inferred = planned(module, api, None, function)
    except inference.NotInferable as error:
        return str(error), set()
    if row.skip:
        return "", {"bound at all"}
    return "", differences(planned(module, api, row, function), inferred)


@pytest.mark.parametrize("case", CASES, ids=named)
def test_without_its_row_a_function_is_left_out_or_differs_as_the_reason_says(case: Case) -> None:
    _, module, api, row = case
    left_out, points = outcome(module, api, row)
    assert left_out or points, "the row says nothing"
    for point in points:
        assert point in POINTS, f"{row.cname}: {point}"
        assert any(word in row.why for word in POINTS[point]), \
            f"{row.cname} differs in '{point}' without its row, and its reason '{row.why}' does not say so"


def inferable() -> Iterator[Any]:
    """The plans of all functions that inference understands without any row."""
    for version, paths in (("", descriptions.here()), *descriptions.others().items()):
        for name, path in paths.items():
            module = dataclasses.replace(modules.ALL[name], rows=())
            for found in plan.plan_module(module, apixml.read(path, module.library)).plans:
                yield pytest.param(found, id=f"{found.function.name}-{version}" if version else found.function.name)


PLANS = list(inferable())


def description(found: Plan) -> str:
    """The description of a planned function, as one line."""
    return " ".join(f"{found.function.info} {found.function.returns_info}".split())


@pytest.mark.parametrize("found", [each for each in PLANS if each.values[0].result.handle])
def test_inference_never_frees_a_borrowed_object(found: Plan) -> None:
    """A capsule frees the object, so the description must not say that the reference is borrowed."""
    assert not re.search(r"reference count\w* .{0,40}is not increased", description(found))


@pytest.mark.parametrize("found", [each for each in PLANS if isinstance(each.values[0].result, converters.TextResult)])
def test_text_is_freed_where_the_description_says_so(found: Plan) -> None:
    frees = "Allocated" in found.result.end("retval")
    if re.search(r"need not be deallocated", description(found)):
        assert not frees
    elif re.search(r"(caller|client) (must )?free|freed by the caller", description(found)):
        assert frees


@pytest.mark.parametrize("name", modules.LIBVIRT.dispatchers)
def test_without_its_entry_a_dispatcher_differs_only_in_its_name(name: str) -> None:
    entries = {key: value for key, value in modules.LIBVIRT.dispatchers.items() if key != name}
    with_it, without = dispatchers(), dispatchers(dispatchers=entries)
    assert with_it.keys() == without.keys()
    assert {key for key in with_it if with_it[key].payload != without[key].payload} == set()
    assert {key for key in with_it if with_it[key].method != without[key].method} == {name}


@pytest.mark.parametrize("method", modules.LIBVIRT.event_parameters)
def test_without_its_entry_an_event_differs_only_in_its_parameter_names(method: str) -> None:
    entries = {key: value for key, value in modules.LIBVIRT.event_parameters.items() if key != method}
    with_it, without = dispatchers(), dispatchers(event_parameters=entries)
    assert with_it.keys() == without.keys()
    for name, one in with_it.items():
        assert one.method != method or len(one.parameters) == len(without[name].parameters)
        assert dataclasses.replace(one, parameters=()) == dataclasses.replace(without[name], parameters=())
        assert one.method == method or one.parameters == without[name].parameters


def dispatchers(**changes: Any) -> Dict[str, events.Dispatcher]:
    """Callback type -> dispatcher, of all events."""
    module = dataclasses.replace(modules.LIBVIRT, **changes)
    api = apixml.read(descriptions.here()["libvirt"], module.library)
    return {item.callback.name: item for item in events.dispatchers(events.plan(plan.ModulePlan(module, api)))}


def test_all_event_tables_are_tested_here() -> None:
    """A new field of the schema needs a test here."""
    assert {field.name for field in dataclasses.fields(EventFamily)} == {
        "subject", "enum", "register", "deregister", "name", "owner"}


def test_print_what_inference_makes_of_functions_without_their_rows(capsys: "pytest.CaptureFixture[str]") -> None:
    counts: "Counter[str]" = Counter()
    reasons: "Counter[str]" = Counter()
    points: "Counter[str]" = Counter()
    for _, module, api, row in CASES:
        left_out, found = outcome(module, api, row)
        counts["left out" if left_out else "inferred otherwise"] += 1
        reasons[re.sub(r"(argument '[^']*) \w+'", r"\1'", left_out)] += bool(left_out)  # types, and not names
        points.update(found)
    assert sum(counts.values()) == len(CASES)
    with capsys.disabled():
        print(f"\n{len(CASES)} rows: without its row, {counts['left out']} functions are left out, for:")
        print(*(f"  {count:4} {why}" for why, count in (+reasons).most_common()), sep="\n")
        print(f"and {counts['inferred otherwise']} are inferred otherwise, in:")
        print(*(f"  {count:4} {point}" for point, count in points.most_common()), sep="\n")
