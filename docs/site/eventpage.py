# SPDX-License-Identifier: LGPL-2.1-or-later
"""The page of the reference about events: all kinds, with their records and callbacks."""

import ast
import inspect
import re
from typing import Dict, List, Mapping, NamedTuple, Optional, Sequence, Tuple

import describe

# Family of events -> heading, the enum of its event ids, the class of its subject.
_FAMILIES = {
    "domain": ("Domains", "DomainEventID", "virDomain"),
    "network": ("Networks", "NetworkEventID", "virNetwork"),
    "storagePool": ("Storage pools", "StoragePoolEventID", "virStoragePool"),
    "nodeDevice": ("Node devices", "NodeDeviceEventID", "virNodeDevice"),
    "secret": ("Secrets", "SecretEventID", "virSecret"),
}


class Callback(NamedTuple):
    """A type of libvirt_types."""

    name: str
    arguments: Tuple[str, ...]
    types: Tuple[str, ...]


def _type(node: ast.expr) -> str:
    """A type as text; None stands for the Any with which checkers accept a callback whose parameter cannot be None."""
    text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ast.unparse(node)
    text = re.sub(r"^Union\[(.*), Any\]$", r"\1 | None", text.replace("'", ""))
    return re.sub(r"^Optional\[(.*)\]$", r"\1 | None", text)


def callbacks(source: str) -> Dict[str, Callback]:
    """Return the callback of each event, by its constant, from the source of libvirt_types."""
    found: Dict[str, Callback] = {}
    body = ast.parse(source).body
    for node, following in zip(body, body[1:]):
        doc = following.value if isinstance(following, ast.Expr) else None
        text = " ".join(doc.value.split()) if isinstance(doc, ast.Constant) and isinstance(doc.value, str) else ""
        described = re.match(r"Callback of (.*): cb\(([\w, ]+)\)", text)
        if described and isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) \
                and isinstance(node.value, ast.Subscript) and isinstance(node.value.slice, ast.Tuple) \
                and isinstance(node.value.slice.elts[0], ast.List):
            types = tuple(_type(item) for item in node.value.slice.elts[0].elts)
            made = Callback(node.targets[0].id, tuple(described[2].split(", ")), types)
            found.update((constant, made) for constant in re.findall(r"VIR_\w+", described[1]))
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


def _details(name: str, record: type, enums: Sequence[Optional[str]], callback: Callback, number: int,
             links: Mapping[str, str]) -> List[str]:
    summary = (inspect.getdoc(record) or "").partition("\n")[0]
    typed = ", ".join(argument if hint == "_T" else f"{argument}: {hint}"
                      for argument, hint in zip(callback.arguments, callback.types))
    lines = [name, "^" * len(name), "", describe.inline(summary, links) + f" Its id is {number}.", "",
             "::", "", f"    def cb({typed}): ...", "",
             f"Record: :py:obj:`~libvirt_types.{record.__name__}`. "
             f"Type of the callback: :py:obj:`~libvirt_types.{callback.name}`.", ""]
    for (field, text), enum in zip(_fields(inspect.getdoc(record) or ""), enums):
        text = re.sub(r"\s*\(libvirt_enums\.\w+\)", "", text) if enum else text
        text = re.sub(r"what it is about$", "the object that it is about", text)
        text = text.replace("(virDomainEvent*DetailType)", "(in records, a member of event.details)")
        described = describe.inline(text, links)
        shown = f" (:py:class:`~libvirt_enums.{enum}`)" if enum and enum not in text else ""
        lines.append(f"* ``{field}``: {described}{shown}")
    return [*lines, ""]


def page(events: Mapping[type, Tuple[str, int, Sequence[Optional[str]]]], source: str,
         constants: Mapping[str, Mapping[int, str]], since: Mapping[str, str], links: Mapping[str, str]) -> List[str]:
    """Return the lines of the page.

    events: libvirt_types.EVENTS; source: of libvirt_types; constants: enum ->
    number -> constant; since: constant -> version of libvirt
    """
    found = callbacks(source)
    lines = ["Table of events", "=" * 15, "",
             "All kinds of event: the record that ``libvirtevents.events()`` and ``libvirtaio.events()`` return, and "
             "the arguments that a callback gets. :doc:`/events` says how to receive them.", "",
             "Numbers of callbacks are ints; in records they are members of the enum that is named. A callback's "
             "``opaque`` is the last argument of the method that registers it.", ""]
    for family, (heading, ids, subject) in _FAMILIES.items():
        table = [heading, "-" * len(heading), "",
                 f"Register callbacks with :py:meth:`virConnect.{family}EventRegisterAny() "
                 f"<libvirt.virConnect.{family}EventRegisterAny>`. Each event is about a "
                 f":py:class:`~libvirt.{subject}`.", "",
                 ".. list-table::", "    :header-rows: 1", "    :widths: 6 33 50 11", "",
                 "    * - id", "      - event", "      - callback", "      - since"]
        details: List[str] = []
        for record, (which, number, enums) in events.items():
            if which != family:
                continue
            constant = constants[ids][number]
            name = constant.partition("_ID_")[2]
            label = f"event-{family}-{name}"
            table += [f"    * - {number}", f"      - :ref:`{name} <{label}>`",
                      f"      - ``cb({', '.join(found[constant].arguments)})``", f"      - {since.get(constant, '')}"]
            details += [f".. _{label}:", "", *_details(name, record, enums, found[constant], number, links)]
        lines += [*table, "", *details]
    return lines
