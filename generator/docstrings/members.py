# SPDX-License-Identifier: LGPL-2.1-or-later
"""Docstrings of enums, which describe each member."""

from typing import Dict, List, Mapping

from .. import enums, events
from ..bindings import texts
from ..plan import ModulePlan
from . import layout
from .events import called
from .names import Names
from .prose import Prose

_MOST = 3  # maximum number of methods that the docstring of flags names


def users_of(whole: ModulePlan, names: Names) -> Dict[str, List[str]]:
    """Map each C enum to the Python functions whose arguments it describes."""
    found: Dict[str, List[str]] = {}
    for plan in whole.plans:
        function = names.function(plan.function.name)
        for item in plan.parameters:
            arg = plan.function.arg(item.name)
            for cname in names.mentioned(arg.info) if arg is not None and function is not None else ():
                found.setdefault(cname, []).append(f"{function}()")
    return found


def calls_of(whole: ModulePlan) -> Dict[str, str]:
    """Map the constant of each event to the call of its callback."""
    return {event.name: called(plan, item) for plan in events.plan(whole) for event, item in plan.events}


def _summary(made: enums.Enum, users: Mapping[str, List[str]], width: int) -> str:
    if made.cname in texts.ENUMS:
        return texts.ENUMS[made.cname]
    methods = users.get(made.cname, [])
    if not methods:
        return f"Names for the numbers of the C enum {made.cname}."
    what = "Flags" if made.flags else "Values"
    named = [methods[:count] + (["others"] if len(methods) > count else []) for count in range(_MOST, 0, -1)]
    texts_of = [f"{what} of {', '.join(some[:-1])}{' and ' if some[1:] else ''}{some[-1]}." for some in named]
    return next((text for text in texts_of if len(text) <= width), texts_of[-1])


def enum_docstring(made: enums.Enum, names: Names, users: Mapping[str, List[str]], calls: Mapping[str, str],
                   indent: str) -> List[str]:
    """Return the source lines of the docstring of an enum.  users, calls: results of users_of() and calls_of()."""
    width = layout.COLUMNS - len(indent)
    room = width - len('"""')
    prose = Prose(names)
    lines = layout.wrap(_summary(made, users, room), room)
    lines.append("")
    for member in made.members:
        told = calls.get(member.constant) or prose.words(member.info).rstrip(".")
        lines += layout.wrap(f"{member.name}: {told}" if told else member.name, width, "    ")
    return layout.quoted([*lines, "", f"C enum: {made.cname}"], indent)
