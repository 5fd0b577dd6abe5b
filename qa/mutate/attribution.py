# SPDX-License-Identifier: LGPL-2.1-or-later
"""Find out which of the generator's converters has written a piece of generated C."""

import re
from typing import TYPE_CHECKING, Dict, Iterable, Mapping, Tuple, Union

from operators import Site

if TYPE_CHECKING:
    from generator.converters import Input, Output, Result
    from generator.plan import Plan

_PREFIXES = re.compile(r"^(?:wrap|item_of|fields_of|free_item_of)_")


def _name(kind: "Union[Input, Output, Result]") -> str:
    return type(kind).__name__.lstrip("_")


def _bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


# The C that a converter gives to the emitter, pass by pass.

def _of_input(kind: "Input", position: int, passed: Mapping[str, str], failure: str) -> Iterable[str]:
    yield kind.parse(position)
    yield "".join(kind.arguments(position).values())
    yield kind.acquire(position) if hasattr(kind, "acquire") else ""
    yield "".join(kind.prepare(position, passed, failure))
    yield "".join(kind.undo())
    yield "".join(kind.declare())


def _of_output(kind: "Output", passed: Mapping[str, str]) -> Iterable[str]:
    # A plain number is converted together with the result.
    yield "" if hasattr(kind, "ctype") else kind.convert()
    yield "".join(kind.declare())
    yield "".join(kind.prepare(passed))


def _of_result(plan: "Plan", passed: Mapping[str, str]) -> Iterable[str]:
    kind, failure = plan.result, plan.result.failure()
    called = f"{plan.function.name}({', '.join(passed[arg.name] for arg in plan.function.args)})"
    yield kind.end(called) or kind.convert(plan.module_name)
    yield "".join(kind.helpers(plan.module_name))
    measure = kind.measure(plan.function.name, passed)
    if measure is not None:
        yield measure.call
        yield f"if({measure.failed})return{failure};"
        yield f"if({measure.empty})return{measure.nothing};"
        yield f"if({measure.allocate})returnNULL;"
    if kind.failed():
        yield f"if({kind.failed()})return{failure};"


class Attribution:
    """The converters of all functions of some planned modules, and the C that each has written."""

    def __init__(self, plans: Iterable["Plan"]) -> None:
        self._fragments: Dict[str, Dict[str, str]] = {}
        self._passed: Dict[str, Dict[str, Tuple[str, ...]]] = {}
        for plan in plans:
            self._read(plan)

    def _read(self, plan: "Plan") -> None:
        arguments = self._passed.setdefault(plan.module_name, {})
        written = [(_name(item), item.arguments(place)) for place, item in enumerate(plan.inputs)]
        written += [(_name(item), item.arguments()) for item in plan.result.outputs]
        passed = {name: text for _, each in written for name, text in each.items()}
        for number, taken in enumerate(plan.inputs):
            self._add(plan, taken, _of_input(taken, number, passed, plan.result.failure()))
        for given in plan.result.outputs:
            self._add(plan, given, _of_output(given, passed))
        self._add(plan, plan.result, _of_result(plan, passed))
        for name, each in written:
            arguments[name] = arguments.get(name, ()) + tuple(map(_bare, each.values()))

    def _add(self, plan: "Plan", kind: "Union[Input, Output, Result]", pieces: Iterable[str]) -> None:
        fragments = self._fragments.setdefault(plan.module_name, {})
        try:
            written = "\n".join(map(_bare, pieces))
        except (NotImplementedError, AttributeError, KeyError):
            written = ""  # a callback has no conversion, and a hand-written body gives nothing to the emitter
        fragments[_name(kind)] = fragments.get(_name(kind), "") + written + "\n"

    def kinds(self, site: Site) -> Tuple[str, ...]:
        """Return the converters that have written the code of a fault, or ("emitter",) if there is none."""
        name = _PREFIXES.sub("", site.function)
        if site.operator == "swap-args":
            found = [kind for kind, texts in self._passed.get(name, {}).items()
                     if any(_bare(part) in texts for part in site.parts)]
        else:
            found = [kind for kind, text in self._fragments.get(name, {}).items()
                     if any(_bare(part) in text for part in site.parts)]
        if len(found) > 1 and "Outputs" in found:
            found.remove("Outputs")  # it only collects the C of other converters
        return tuple(sorted(found)) or ("emitter",)
