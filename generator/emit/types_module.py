# SPDX-License-Identifier: LGPL-2.1-or-later
"""The module libvirt_types, which is its own stub: types of arguments and results that have public names."""

import re
from typing import List, Optional, Sequence

from .. import docstrings, events, layout
from ..definitions import Alias
from ..plan import ModulePlan
from . import event_records, notice
from .stubs import Definitions

_DOC = '''"""Names for the types of what libvirt's functions take and return.

Functions return plain lists, tuples and dicts. A named tuple names the items of
a list or a tuple:

    info = libvirt_types.DomainInfo(*dom.info())
    print(info.cpuTime)

The other types are for annotations, which type checkers check: dicts with known
keys, lists with an item of its own type in each place, and callbacks.

Classes whose name ends in Event are the records of the modules libvirtevents and
libvirtaio.
"""'''

_TYPING = ("TYPE_CHECKING", "Any", "Callable", "Literal", "NamedTuple", "Optional", "SupportsIndex", "TypedDict",
           "TypeVar", "Union", "overload")


def definitions_of(whole: ModulePlan) -> Definitions:
    """The types that the functions and the events of a module use."""
    found = Definitions()
    for plan in whole.plans:
        for item in plan.parameters:
            found.text(plan.hint(item))
        found.text(plan.result_hint)
    for family in events.plan(whole):
        for _, dispatcher in family.events:
            found.text(events.callback_hint(family.family, dispatcher))
    for named in whole.module.types:
        found.text(named.hint)
    return found


def _of_module(whole: ModulePlan, main: Optional[ModulePlan], seen: Definitions) -> List[str]:
    """The lines of the definitions of a module, but for those that have been seen, to which they are added."""
    names = docstrings.names_beside(whole, main)
    uses = docstrings.uses_of(whole, names)
    lines: List[str] = []
    for name, definition in definitions_of(whole).items():
        if name not in seen:
            indent = 0 if isinstance(definition, Alias) else 4
            doc = docstrings.type_docstring(definition, uses.get(name, docstrings.Uses()), names, whole.api, indent)
            made = definition.lines(doc)
            lines += ["", *([] if isinstance(definition, Alias) else [""]), *made]
        seen[name] = definition
    return lines


def emit(whole: ModulePlan, others: Sequence[ModulePlan]) -> str:
    """The source of the module and of its stub.  others: the other modules."""
    seen = Definitions()
    body = _of_module(whole, None, seen)
    for other in others:
        body += _of_module(other, whole, seen)
    records = event_records.emit(whole)
    body += records
    used = set(re.findall(r"\w+", " ".join(item.words() for item in seen.values())))
    classes = {each.module.name: sorted(used & {handle.cname for handle in each.module.handles})
               for each in (whole, *others) if each.module.own_classes}
    elsewhere = {"_typeshed": sorted(used & {"ReadableBuffer"}), **classes,
                 "libvirt_enums": event_records.enums_of(whole, records)}
    imports = ["    " + line for module, names in elsewhere.items() if names for line in layout.imports(module, names)]
    words = set(re.findall(r"\w+", "\n".join(body)))
    lines = [*notice.python(whole.api), _DOC, "",
             *layout.imports("typing", [name for name in _TYPING if name in words | {"TYPE_CHECKING", "TypeVar"}]), "",
             *(["if TYPE_CHECKING:", *imports, ""] if imports else []), '_T = TypeVar("_T")']
    return "\n".join([*lines, *body]) + "\n"
