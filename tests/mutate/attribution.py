# SPDX-License-Identifier: LGPL-2.1-or-later
"""Which kind of the generator has written a piece of generated C."""

import re
from typing import Dict, Iterable, Mapping, Tuple

from operators import Site

_PREFIXES = re.compile(r"^(?:wrap|item_of|fields_of|free_item_of)_")


def _bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _written(kind, plan, position: int, passed: Mapping[str, str]) -> Iterable[str]:
    """What a kind gives to the emitter, pass by pass."""
    failure = plan.result.failure()
    if hasattr(kind, "parse"):
        yield kind.parse(position)
        yield "".join(kind.prepare(position, passed, failure))
        yield "".join(kind.undo())
    else:
        yield kind.convert() if hasattr(kind, "convert") and not hasattr(kind, "ctype") or kind is plan.result else ""
    if kind is plan.result:
        yield "".join(kind.helpers(plan.module_name))
        measure = kind.measure(plan.function.name, passed)
        if measure is not None:
            yield measure.call
            yield f"if({measure.failed})return{failure};"
            yield f"if({measure.empty})return{measure.nothing};"
            yield f"if({measure.allocate})returnNULL;"
        if kind.failed():
            yield f"if({kind.failed()})return{failure};"
    else:
        yield "".join(kind.declare())
        if not hasattr(kind, "parse"):
            yield "".join(kind.prepare())


class Attribution:
    """The kinds of all functions of some planned modules."""

    def __init__(self, plans: Iterable) -> None:
        self._fragments: Dict[str, Dict[str, str]] = {}
        self._passed: Dict[str, Dict[str, Tuple[str, ...]]] = {}
        for plan in plans:
            self._read(plan)

    def _read(self, plan) -> None:
        fragments = self._fragments.setdefault(plan.module_name, {})
        arguments = self._passed.setdefault(plan.module_name, {})
        passed = {name: text for kind in plan.converters for name, text in kind.arguments().items()}
        by_position = {id(kind): number for number, kind in enumerate(plan.inputs)}
        for kind in (*plan.converters, plan.result):
            name = type(kind).__name__.lstrip("_")
            try:
                written = "\n".join(_bare(text) for text in _written(kind, plan, by_position.get(id(kind), 0), passed))
            except (NotImplementedError, AttributeError, KeyError):
                written = ""  # a callback has no conversion, and a body by hand gives nothing to the emitter
            fragments[name] = fragments.get(name, "") + written + "\n"
            if hasattr(kind, "arguments"):
                arguments[name] = arguments.get(name, ()) + tuple(map(_bare, kind.arguments().values()))

    def kinds(self, site: Site) -> Tuple[str, ...]:
        """The kinds that a fault is in; ("emitter",) for what belongs to none."""
        name = _PREFIXES.sub("", site.function)
        if site.operator == "swap-args":
            found = [kind for kind, texts in self._passed.get(name, {}).items()
                     if any(_bare(part) in texts for part in site.parts)]
        else:
            found = [kind for kind, text in self._fragments.get(name, {}).items()
                     if any(_bare(part) in text for part in site.parts)]
        if len(found) > 1 and "Outputs" in found:
            found.remove("Outputs")  # it only gathers what the others give
        return tuple(sorted(found)) or ("emitter",)
