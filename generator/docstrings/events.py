# SPDX-License-Identifier: LGPL-2.1-or-later
"""Docstrings of the methods that register callbacks for events, and remove them."""

from typing import List

from .. import naming
from ..bindings import texts
from ..events import Dispatcher, FamilyPlan
from . import layout
from .layout import Block


def _docstring(parts: List[List[str]], indent: str) -> List[str]:
    lines: List[str] = []
    for part in parts:
        lines += ["", *part] if lines else part
    return layout.quoted(lines, indent)


def called(plan: FamilyPlan, dispatcher: Dispatcher) -> str:
    """Return the call of the callback of an event, as text."""
    subject, _, callback, opaque = plan.parameters
    return f"{callback}(conn, {', '.join((subject, *dispatcher.parameters[1:]))}, {opaque})"


def register_docstring(plan: FamilyPlan, indent: str) -> List[str]:
    """Return the source lines of the docstring of the method that registers callbacks of a family."""
    family = plan.family
    subject, event_id, callback, opaque = plan.parameters
    thing = texts.thing(family.subject)
    width = layout.COLUMNS - len(indent)
    arguments = (
        f"{subject}: {family.subject} or None, the {thing} to watch, or None for all",
        f"{event_id}: int, one of libvirt_enums.{family.subject[len('vir'):]}EventID, as above",
        f"{callback}: callable, called in the thread that runs the event loop",
        f"{opaque}: any object, passed on to the callback")
    return _docstring([
        [f"Have a callback called for an event of one {thing}, or of all."],
        layout.render([
            Block("An event loop must be registered before the connection is opened, and run: see "
                  "libvirt.virEventRegisterDefaultImpl(). What the callback is called with depends on the event:"),
            *(Block(f"{event.name}: {called(plan, item)}", True)
              for event, item in plan.events)], width),
        [line for argument in arguments for line in layout.wrap(argument, width, "    ")],
        [*layout.wrap(f"Returns int: number of the registration, for {family.owner}.{family.name}"
                      "EventDeregisterAny().", width), "Raises libvirtError on failure."],
        [f"C function: {family.register}"]], indent)


def deregister_docstring(plan: FamilyPlan, indent: str) -> List[str]:
    """Return the source lines of the docstring of the method that removes a callback of a family."""
    family = plan.family
    number = naming.parameter(plan.deregister.args[1].name)
    return _docstring([
        ["End a registration of a callback."],
        layout.wrap(f"{number}: int, what {family.owner}.{family.name}EventRegisterAny() returned",
                    layout.COLUMNS - len(indent), "    "),
        ["Raises libvirtError on failure."],
        [f"C function: {family.deregister}"]], indent)
