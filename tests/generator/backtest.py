# SPDX-License-Identifier: LGPL-2.1-or-later
"""A backtest of inference: would the bindings of each past release have bound what libvirt added afterwards?

The API description says since when each function exists.  For a release, all
that the tables know of newer functions is taken away; what inference makes of
these functions then is compared with how the tables bind them today.  As a
program ("make backtest"), this prints the results of all releases.
"""

import dataclasses
from collections import Counter
from pathlib import Path
from typing import Dict, Iterator, List, Mapping, NamedTuple, Optional, Tuple, Union

from api import descriptions
from generator import apixml, converters, events, plan
from generator.bindings import modules
from generator.bindings.schema import Module
from generator.model import Api
from generator.plan import Plan

EXCERPT = Path(__file__).resolve().parent.parent / "api" / "newer.xml"
OLDEST = (1, 0, 0)

Version = Tuple[int, ...]

# How a function that came later is bound without its rows.
SAME = "same"  # as it is today
# With the same call of C, but less convenient: a default is missing, None has no meaning, types of fields are not
# known, a name is by the rules and not by history, a record is a dict and not a tuple.
PLAIN = "plain"
LEFT_OUT = "left out"  # the signature says too little, and make warns
NEW_OBJECT = "new object"  # the same, since it is about an object of a kind that came later, too
WRONG = "wrong"  # it does something else


def version(text: str) -> Version:
    return tuple(map(int, text.split("."))) if text else (0,)


def newest(name: str) -> Api:
    """The API description of a module's library, with what the excerpt has of a newer libvirt."""
    api = apixml.read(descriptions.here()[name], modules.ALL[name].library)
    if name == "libvirt":
        more = apixml.read(str(EXCERPT), "libvirt")
        api.functions.update({name: item for name, item in more.functions.items() if name not in api.functions})
        api.callbacks.update({name: item for name, item in more.callbacks.items() if name not in api.callbacks})
        known = {item.name for item in api.enumerators}
        api.enumerators.extend(item for item in more.enumerators if item.name not in known)
    return api


def since(api: Api) -> Dict[str, Version]:
    """Since when functions and callback types exist."""
    return {item.name: version(item.version) for item in (*api.functions.values(), *api.callbacks.values())}


def hidden(whole: Module, api: Api, release: Version) -> Module:
    """The module with what its tables could say when that release of libvirt was the newest."""
    known = since(api)

    def is_old(name: str) -> bool:
        return known.get(name, OLDEST) <= release

    methods = {"_dispatch" + name[len("virConnect"):] for name in api.callbacks if not is_old(name)}
    return dataclasses.replace(
        whole,
        rows=tuple(row for row in whole.rows if is_old(row.cname)),
        handles=tuple(handle for handle in whole.handles if is_old(handle.release)),
        callbacks=tuple(callback for callback in whole.callbacks if is_old(callback.ctype)),
        families=tuple(family for family in whole.families if is_old(family.register)),
        dispatchers={name: method for name, method in whole.dispatchers.items() if is_old(name)},
        event_parameters={name: value for name, value in whole.event_parameters.items() if name not in methods})


def _plain_input(today: converters.Input, then: converters.Input) -> bool:
    """Whether an input reaches C as it does today, where both accept it."""
    if isinstance(then, converters.Text):
        return isinstance(today, converters.Text)
    if isinstance(then, converters.HandleIn):
        return isinstance(today, converters.HandleIn) and today.handle == then.handle
    if isinstance(then, converters.ParamsIn):
        # The types of fields that nobody knows follow from the values.
        return isinstance(today, (converters.ParamsIn, converters.ParamsLearned))
    return today == then


def _plain_result(today: converters.Result, then: converters.Result) -> bool:
    if isinstance(then, converters.Records) and isinstance(today, converters.Records):
        order = [member.name for member in today.members]
        fields = tuple(sorted(then.members, key=lambda member: order.index(member.name)))
        return dataclasses.replace(then, container=today.container, order=today.order, members=fields) == today
    if isinstance(then, converters.TextResult) and isinstance(today, converters.TextResult):
        return dataclasses.replace(then, nullable=today.nullable) == today
    return today == then


# Values: their direction cannot be mistaken.
_VALUES = (converters.HandleIn, converters.Scalar, converters.Text)


def grade(today: Plan, then: Optional[Plan]) -> str:
    """How good the binding is that inference makes of a function, against that of today."""
    if then is None:
        return LEFT_OUT
    if dataclasses.replace(then, origin=today.origin, keep_gil=today.keep_gil) == today:
        return SAME
    if (then.owner, then.module_name, then.parent, then.keep_alive) \
            != (today.owner, today.module_name, today.parent, today.keep_alive):
        return WRONG
    if today.origin == "hand" or any(isinstance(item, converters.InputByHand) for item in today.inputs):
        plain = all(isinstance(item, _VALUES) for item in then.inputs) and isinstance(then.result, converters.Status)
    else:
        plain = len(today.inputs) == len(then.inputs) and all(map(_plain_input, today.inputs, then.inputs)) \
            and _plain_result(today.result, then.result)
    return PLAIN if plain else WRONG


class Outcome(NamedTuple):
    """What became of one function, or of the callback type of an event."""

    name: str
    version: Version
    grade: str


def functions(name: str, api: Api, release: Version) -> Iterator[Outcome]:
    """What inference makes of the functions of a module that are newer than a release."""
    known = since(api)
    today = {made.function.name: made for made in plan.plan_module(modules.ALL[name], api).plans}
    whole = plan.plan_module(hidden(modules.ALL[name], api, release), api)
    then = {made.function.name: made for made in whole.plans}
    objects = {handle.pointer for handle in modules.ALL[name].handles} - {
        handle.pointer for handle in whole.module.handles}
    for cname, function in api.functions.items():
        if known[cname] > release and cname in today:
            result = grade(today[cname], then.get(cname))
            types = {function.returns, *(arg.type.rstrip("* ") for arg in function.args)}
            yield Outcome(cname, known[cname], NEW_OBJECT if result == LEFT_OUT and types & objects else result)
        elif known[cname] > release and cname in then:
            yield Outcome(cname, known[cname], WRONG)  # today a row says that it must not be bound


def event_types(api: Api, release: Version) -> Iterator[Outcome]:
    """The same of the callback types of events."""
    def dispatchers(whole: Module) -> Mapping[str, events.Dispatcher]:
        families = events.plan(plan.plan_module(whole, api))
        return {item.callback.name: item for item in events.dispatchers(families)}

    known = since(api)
    then = dispatchers(hidden(modules.LIBVIRT, api, release))
    for name, item in dispatchers(modules.LIBVIRT).items():
        if known[name] > release:
            made = then.get(name)
            if made is None or made == item:
                yield Outcome(name, known[name], LEFT_OUT if made is None else SAME)
            else:
                same = dataclasses.replace(made, parameters=item.parameters, method=item.method) == item
                yield Outcome(name, known[name], PLAIN if same else WRONG)


def releases(apis: Mapping[str, Api]) -> List[Version]:
    """The releases after which something came, the oldest first."""
    found = sorted({number for api in apis.values() for number in since(api).values()} | {OLDEST})
    return [number for number in found if number >= OLDEST][:-1]


def descriptions_here() -> Dict[str, Api]:
    return {name: newest(name) for name in modules.ALL if name in descriptions.here()}


def main() -> None:
    apis = descriptions_here()
    print("| release | functions since | same | plain | left out | new object | wrong "
          "| events since | same | plain | left out |")
    print("|---" * 11 + "|")
    for release in releases(apis):
        found = [item for name, api in apis.items() for item in functions(name, api, release)]
        counts, kinds = Counter(item.grade for item in found), Counter(
            item.grade for item in event_types(apis["libvirt"], release))
        cells: List[Union[str, int]] = [
            ".".join(map(str, release)), len(found),
            *(counts[key] for key in (SAME, PLAIN, LEFT_OUT, NEW_OBJECT, WRONG)),
            sum(kinds.values()), *(kinds[key] for key in (SAME, PLAIN, LEFT_OUT))]
        print("| " + " | ".join(map(str, cells)) + " |")


if __name__ == "__main__":
    main()
