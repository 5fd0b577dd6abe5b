# SPDX-License-Identifier: LGPL-2.1-or-later
"""Docstrings for Python, from libvirt's descriptions of C functions and from the texts in bindings/texts/.

A docstring has a first line, paragraphs and lists of details, a paragraph of
arguments, one of what comes back and what is raised, and the C function.
"""

from typing import List, Optional

from ..bindings import texts
from ..bindings.texts.schema import Text
from ..model import Api
from ..plan import Plan
from . import contract, layout, parameters, summary
from .events import deregister_docstring, register_docstring
from .layout import Block, quoted
from .members import calls_of, enum_docstring, users_of
from .names import Names, names_beside, names_of
from .prose import Prose
from .types import Uses, type_docstring, uses_of

__all__ = ["Names", "Uses", "calls_of", "class_docstring", "deregister_docstring", "docstring", "enum_docstring",
           "module_docstring", "names_beside", "names_of", "plain", "quoted", "register_docstring", "type_docstring",
           "users_of", "uses_of", "wrapped"]


def plain(text: str, names: Names) -> str:
    """Return a description as one line in Python's terms."""
    return Prose(names).words(text)


def wrapped(text: str, indent: str) -> List[str]:
    """Return the lines of a text about one name in a docstring with that indentation."""
    return layout.wrap(text, layout.COLUMNS - len(indent), "    ")


def class_docstring(cname: str, indent: str) -> List[str]:
    """Return the source lines of the docstring of a class."""
    text = texts.CLASSES.get(cname, f"An object of libvirt: {cname}.")
    return quoted(layout.render(layout.parse_own(text), layout.COLUMNS - len(indent)), indent)


def module_docstring(name: str, doc: str) -> List[str]:
    """Return the source lines of the docstring of a module."""
    return quoted(layout.render(layout.parse_own(texts.MODULES.get(name, doc)), layout.COLUMNS), "")


def _prose(plan: Plan, names: Names) -> Prose:
    known = {item.name for item in plan.inputs}
    subject = plan.self_input
    return Prose(names, {item.name: plan.parameter(item) for item in plan.inputs},
                 [arg.name for arg in plan.function.args if arg.name not in known],
                 subject.name if subject is not None else "", texts.thing(plan.owner or ""))


def _head(plan: Plan, prose: Prose, own: Text, room: int) -> List[Block]:
    """Return the blocks that precede the arguments; the first one is the first line."""
    if own.details is not None:
        return [Block(own.summary), *prose.own_blocks(own.details)]
    described = prose.blocks(plan.function.info)
    first = described.pop(0) if described and not described[0].item else Block("")
    sentence, *others = layout.sentences(first.text) or [""]
    if own.summary:
        sentence, *more = layout.sentences(own.summary)
        others = [*more, *others]
        start = sentence
    else:
        sentence = summary.imperative(sentence)
        start = summary.shortened(sentence, room) or f"Call the C function {plan.function.name}."
        if sentence and start != sentence:
            others = [sentence, *others]
    return [Block(start), *([Block(" ".join(others))] if others else []), *described]


def docstring(plan: Plan, indent: str, names: Names = Names(), api: Optional[Api] = None) -> List[str]:
    """Return the source lines of the docstring of a function, with the quotes.

    api: the API description that has the keys of typed parameters.
    """
    own = texts.of(plan.function.name)
    prose = _prose(plan, names)
    width = layout.COLUMNS - len(indent)
    head, *details = _head(plan, prose, own, width - len('"""'))
    since = f", since libvirt {plan.function.version}" if plan.function.version else ""
    parts = [
        layout.wrap(head.text, width),
        layout.render(details, width),
        parameters.paragraph(plan, prose, own.args, api, width),
        contract.paragraph(plan, prose, own, width),
        [f"C function: {plan.function.name}{since}"],
    ]
    lines: List[str] = []
    for part in filter(None, parts):
        lines += ["", *part] if lines else part
    return quoted(lines, indent)
