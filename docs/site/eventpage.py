# SPDX-License-Identifier: LGPL-2.1-or-later
"""The page of the reference about events: all kinds, with their records and callbacks."""

import ast
import inspect
import re
from enum import Enum
from types import ModuleType
from typing import Dict, List, Mapping, Optional, Sequence, Tuple, Type

import describe

# Family of events -> heading, the enum of its event ids, the class of its subject.
_FAMILIES = {
    "domain": ("Domains", "DomainEventID", "virDomain"),
    "network": ("Networks", "NetworkEventID", "virNetwork"),
    "storagePool": ("Storage pools", "StoragePoolEventID", "virStoragePool"),
    "nodeDevice": ("Node devices", "NodeDeviceEventID", "virNodeDevice"),
    "secret": ("Secrets", "SecretEventID", "virSecret"),
}


def callbacks(module: ModuleType) -> Dict[str, Tuple[str, ...]]:
    """Return the names of the arguments of callbacks: constant of the event -> names."""
    found = {}
    for family in _FAMILIES:
        doc = " ".join((inspect.getdoc(getattr(module.virConnect, family + "EventRegisterAny")) or "").split())
        for constant, names in re.findall(r"(VIR_\w+): cb\(([\w, ]+)\)", doc):
            found[constant] = tuple(names.split(", "))
    return found


def _plain(annotation: str) -> str:
    """A type without the Any that lets checkers accept a callback whose parameter cannot be None."""
    return annotation.replace(" | Any", " | None")


def types_of_callbacks(stub: str, family: str) -> Dict[int, Tuple[str, ...]]:
    """Return the types of the arguments of callbacks, by event id, from the source of the stubs."""
    found: Dict[int, Tuple[str, ...]] = {}
    for node in ast.walk(ast.parse(stub)):
        if not (isinstance(node, ast.FunctionDef) and node.name == family + "EventRegisterAny"):
            continue
        hints = {argument.arg: argument.annotation for argument in node.args.args}
        number: Optional[ast.expr]
        number, callback = hints.get("eventID"), hints.get("cb")
        if isinstance(number, ast.Subscript) and isinstance(callback, ast.Subscript):
            ids = ast.literal_eval(number.slice)
            arguments = callback.slice.elts[0] if isinstance(callback.slice, ast.Tuple) else None
            if isinstance(arguments, ast.List):
                for each in ids if isinstance(ids, tuple) else (ids,):
                    found[each] = tuple(_plain(ast.unparse(item)) for item in arguments.elts)
    return found


def _fields(doc: str) -> List[Tuple[str, str]]:
    found: List[List[str]] = []
    for line in doc.splitlines()[1:]:
        field = re.match(r"(\w+): (.*)", line)
        if field:
            found.append([field[1], field[2]])
        elif line.startswith("    ") and found:
            found[-1][1] += " " + line.strip()
    return [(name, text) for name, text in found]


def _details(name: str, record: type, enums: Sequence[Optional[Type[Enum]]], signature: str, constant: str,
             number: int, links: Mapping[str, str]) -> List[str]:
    summary = (inspect.getdoc(record) or "").partition("\n")[0]
    lines = [f".. _event-{name}:", "", name, "^" * len(name), "",
             describe.inline(summary, links) + f" Its id is {number}.", "",
             "::", "", f"    {signature}", "",
             f"Record: :py:class:`~libvirt_types.{record.__name__}`", ""]
    for (field, text), enum in zip(_fields(inspect.getdoc(record) or ""), enums):
        text = re.sub(r"\s*\(libvirt_enums\.\w+\)", "", text) if enum else text
        described = describe.inline(text, links) if text != "what it is about" else "the object that it is about"
        shown = f" (:py:class:`~libvirt_enums.{enum.__name__}`)" if enum else ""
        lines.append(f"* ``{field}``: {described}{shown}")
    return [*lines, ""]


def page(module: ModuleType, events: Mapping[type, Tuple[str, int, Sequence[Optional[Type[Enum]]]]], stub: str,
         constants: Mapping[str, Mapping[int, str]], since: Mapping[str, str], links: Mapping[str, str]) -> List[str]:
    """Return the lines of the page.

    events: libvirt_types.EVENTS; stub: source of the stubs; constants: enum ->
    number -> constant; since: constant -> version of libvirt
    """
    names = callbacks(module)
    lines = ["Table of events", "=" * 15, "",
             "All kinds of event: the record that ``libvirtevents.events()`` and ``libvirtaio.events()`` return, and "
             "the arguments that a callback gets. :doc:`/events` says how to receive them.", "",
             "Numbers of callbacks are ints; in records they are members of the enum that is named. A callback's "
             "``opaque`` is the last argument of the method that registers it.", ""]
    for family, (heading, ids, subject) in _FAMILIES.items():
        here = [(record, number, enums) for record, (which, number, enums) in events.items() if which == family]
        types = types_of_callbacks(stub, family)
        table = [heading, "-" * len(heading), "",
                 f"Register callbacks with :py:meth:`virConnect.{family}EventRegisterAny() "
                 f"<libvirt.virConnect.{family}EventRegisterAny>`. Each event is about a "
                 f":py:class:`~libvirt.{subject}`.", "",
                 ".. list-table::", "    :header-rows: 1", "    :widths: 7 28 53 12", "",
                 "    * - id", "      - event", "      - callback", "      - since"]
        details: List[str] = []
        for record, number, enums in here:
            constant = constants[ids].get(number, "")
            arguments = names.get(constant, ())
            name = constant.partition("_ID_")[2] or record.__name__
            label = f"{family}-{name}"
            signature = ", ".join(arguments)
            typed = ", ".join(f"{argument}: {hint}" if hint != "_T" else argument
                              for argument, hint in zip(arguments, types.get(number, ("_T",) * len(arguments))))
            table += [f"    * - {number}", f"      - :ref:`{name} <event-{label}>`", f"      - ``cb({signature})``",
                      f"      - {since.get(constant, '')}"]
            part = _details(name, record, enums, f"def cb({typed}): ...", constant, number, links)
            part[0] = f".. _event-{label}:"
            details += part
        lines += [*table, "", *details]
    return lines
