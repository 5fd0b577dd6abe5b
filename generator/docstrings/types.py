# SPDX-License-Identifier: LGPL-2.1-or-later
"""Docstrings of the types of libvirt_types: which functions use a type, and what its items are."""

from dataclasses import dataclass, field
from typing import Dict, Iterable, List, Mapping

from .. import events, naming
from ..bindings import texts
from ..definitions import Definition, Keys, Listed, OpenKeys, Record
from ..hints import Hint
from ..model import Api
from ..plan import ModulePlan
from . import layout
from .contract import field_text
from .events import called
from .names import Names
from .parameters import key_text, python_type
from .prose import Prose


@dataclass
class Uses:
    """The Python functions that use a type, and the texts of bindings/texts/ about its items."""

    results: List[str] = field(default_factory=list)
    parts: List[str] = field(default_factory=list)  # functions whose results have such objects as parts
    arguments: List[str] = field(default_factory=list)
    events: List[str] = field(default_factory=list)  # constants of the events whose callbacks get such objects
    doc: str = ""  # replaces all that
    texts: Dict[str, str] = field(default_factory=dict)


def _is_whole(definition: Definition, hint: Hint) -> bool:
    """Whether the hint is the type itself, and not a type of which it is a part."""
    names = (definition.name, definition.form if isinstance(definition, Record) else "")
    return any(text.partition("[_T]")[0] in names for text in hint.text.split(" | "))


def uses_of(whole: ModulePlan, names: Names) -> Dict[str, Uses]:
    """The uses of the types of a module, by name."""
    found: Dict[str, Uses] = {}
    for plan in whole.plans:
        function = f"{names.function(plan.function.name)}()"
        result = plan.result_hint
        for name, definition in result.needs.items():
            uses = found.setdefault(name, Uses())
            (uses.results if _is_whole(definition, result) else uses.parts).append(function)
            uses.texts.update(texts.of(plan.function.name).fields)
        for item in plan.parameters:
            for name, definition in plan.hint(item).needs.items():
                uses = found.setdefault(name, Uses())
                if _is_whole(definition, plan.hint(item)):
                    uses.arguments.append(function)
                uses.texts.update(texts.of(plan.function.name).fields)
    for family in events.plan(whole):
        for event, dispatcher in family.events:
            for name in events.callback_hint(family.family, dispatcher).needs:
                found.setdefault(name, Uses()).events.append(event.name)
            callback = found[naming.callback_name(dispatcher.callback.name)]
            callback.doc = f"Callback of {_listed(callback.events)}: {called(family, dispatcher)}."
    for named in whole.module.types:
        found[next(iter(named.hint.needs))] = Uses(doc=named.doc)
    return found


def _listed(names: List[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _summary(definition: Definition, uses: Uses) -> str:
    if uses.doc:
        return uses.doc
    parts = [f"{what} of {_listed(functions)}"
             for what, functions in (("result", uses.results), ("part of the result", uses.parts),
                                     ("argument", uses.arguments), ("argument of callbacks", uses.events)) if functions]
    text = ", ".join(parts) or "part of other types"
    more = ""
    if isinstance(definition, OpenKeys):
        more = " Other keys are possible." + (" Brackets stand for numbers." if definition.patterns else "")
    return text[0].upper() + text[1:] + "." + more


def _infos(definition: Listed, api: Api) -> Mapping[str, str]:
    """libvirt's descriptions of the items, which may be the fields of a struct."""
    if definition.infos:
        return definition.infos
    for struct in api.structs.values():
        if definition.name == naming.type_name(struct.name):
            return {item.name: item.info for item in struct.fields}
    return {}


def _items(definition: Listed, uses: Uses, names: Names, api: Api) -> Iterable[str]:
    infos, prose = _infos(definition, api), Prose(names)
    quoted = not all(name.isidentifier() for name, _ in definition.items)
    is_params = isinstance(definition, OpenKeys) or isinstance(definition, Keys) and not definition.total
    for name, text in (*definition.items, *(definition.patterns if isinstance(definition, OpenKeys) else ())):
        info = infos.get(name, "")
        told = uses.texts.get(name) or (key_text(prose, info) if is_params else field_text(prose, info))
        kind = python_type(Hint(text)) if text != "Any" or not told else ""
        yield f"{repr(name) if quoted else name}: {', '.join(filter(None, (kind, told.rstrip('.'))))}"


def type_docstring(definition: Definition, uses: Uses, names: Names, api: Api, indent: int) -> List[str]:
    """Return the lines of the docstring of a type, without quotes and indentation.  indent: its width."""
    width = layout.COLUMNS - indent
    lines = layout.wrap(_summary(definition, uses), width - len('"""'))
    if isinstance(definition, Listed):
        lines.append("")
        for item in _items(definition, uses, names, api):
            lines += layout.wrap(item, width, "    ")
    return [line.replace("\\", "\\\\").replace('"""', "'''") for line in lines]
