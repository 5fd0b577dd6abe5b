# SPDX-License-Identifier: LGPL-2.1-or-later
"""The records of events in module libvirt_types: a NamedTuple for each event, and a table that finds it."""

import re
from typing import Dict, List, Sequence, Tuple

from .. import docstrings, enums, events, layout, naming
from ..definitions import quoted
from ..model import Enumerator
from ..plan import ModulePlan

# The name of the object that an event is about.
_SUBJECTS = {"virDomain": "domain", "virNetwork": "network", "virStoragePool": "pool", "virNodeDevice": "device",
             "virSecret": "secret"}
# Members of every tuple.
_TAKEN = ("count", "index")


def class_name(plan: events.FamilyPlan, member: enums.Member, dispatcher: events.Dispatcher) -> str:
    """DomainIOErrorEvent for VIR_DOMAIN_EVENT_ID_IO_ERROR, in the spelling of the callback type if it has the words."""
    words = member.name.split("_")
    spelled = re.search("".join(words), dispatcher.callback.name, re.IGNORECASE)
    name = spelled[0] if spelled else "".join(word.capitalize() for word in words)
    return f"{plan.family.subject[len('vir'):]}{name}Event"


def _fields(plan: events.FamilyPlan, dispatcher: events.Dispatcher) -> List[Tuple[str, events.Payload]]:
    """The names and values of a record: first what the event is about."""
    subject = _SUBJECTS.get(plan.family.subject, naming.parameter(dispatcher.payload[0].names[0]))
    names = (subject, *dispatcher.parameters[1:])
    return [(name + "_" if name in _TAKEN else name, item) for name, item in zip(names, dispatcher.payload)]


def _type(item: events.Payload, known: Dict[str, enums.Enum]) -> str:
    return f'"{known[item.enum].name}"' if item.enum in known else quoted(item.hint.text.replace("| Any", "| None"))


def _enum(item: events.Payload, known: Dict[str, enums.Enum]) -> str:
    """The name of the enum of a value, in quotes, or None.  libvirt writes "virDomainEvent*DetailType" for details."""
    if item.enum in known:
        return f'"{known[item.enum].name}"'
    return '"details"' if re.search(r"\bvir\w+\*\w*DetailType\b", item.info) else "None"


def _class(name: str, event: Enumerator, fields: Sequence[Tuple[str, events.Payload]],
           known: Dict[str, enums.Enum], names: docstrings.Names) -> List[str]:
    (subject, _), *values = fields
    text = [f"An event {event.name}.", "", f"{subject}: what it is about"]
    for field, item in values:
        text += docstrings.wrapped(f"{field}: {docstrings.plain(item.info, names).rstrip('.')}", "    ")
    return ["", "", f"class {name}(NamedTuple):", *docstrings.quoted(text, "    "), "",
            *(f"    {field}: {_type(item, known)}" for field, item in fields)]


def emit(whole: ModulePlan) -> List[str]:
    """The lines of all records, and of the table EVENTS."""
    names = docstrings.names_of(whole, None)
    known = {item.cname: item for item in enums.plan(whole.api)}
    classes: List[str] = []
    table = ["", "", "# Record -> the family of the event, its id, and the enums of its values by name. \"details\"",
             "# stands for the enum that the member before it has as its attribute details.", "EVENTS = {"]
    for plan in events.plan(whole):
        members = {member.constant: member for member in known[plan.family.enum].members}
        for event, dispatcher in plan.events:
            member = members[event.name]
            name = class_name(plan, member, dispatcher)
            classes += _class(name, event, _fields(plan, dispatcher), known, names)
            made = [_enum(item, known) for item in dispatcher.payload]
            table += layout.block([f'{name}: ("{plan.family.name}", {member.value}, '
                                   f"({', '.join(made)}{',' * (len(made) == 1)})),"])
    return [*classes, *table, "}"]


def enums_of(whole: ModulePlan, lines: Sequence[str]) -> List[str]:
    """The names of the enums that the lines use."""
    words = set(re.findall(r"\w+", "\n".join(lines)))
    return [item.name for item in enums.plan(whole.api) if item.name in words]
