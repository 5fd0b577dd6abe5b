# SPDX-License-Identifier: LGPL-2.1-or-later
"""The page of the reference about libvirt_types, from the source of that module.

Some of its types exist only for type checkers, so importing the module does not
show them.
"""

import ast
from dataclasses import dataclass
from typing import Dict, Iterator, List, Mapping, Optional, Sequence

import describe

# What a base class is, and the heading of the types that have it.
_KINDS = {"NamedTuple": "Named tuples", "TypedDict": "Dicts", "list": "Lists", "": "Other types"}


@dataclass
class Type:
    name: str
    kind: str  # a key of _KINDS
    doc: str = ""
    value: str = ""  # the type that the name stands for


def _documented(node: ast.stmt) -> Optional[str]:
    value = node.value if isinstance(node, (ast.Assign, ast.Expr)) else None
    return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else None


def _seen_by_checkers(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    for node in body:
        yield from _seen_by_checkers(node.body) if isinstance(node, ast.If) else [node]


def types_of(source: str) -> Dict[str, Type]:
    """Return the public types that the source of a module defines, by name."""
    found: Dict[str, Type] = {}
    last = ""
    for node in _seen_by_checkers(ast.parse(source).body):
        text = _documented(node)
        if isinstance(node, ast.ClassDef):
            base = ast.unparse(node.bases[0])
            found[node.name] = Type(node.name, base.partition("[")[0], ast.get_docstring(node) or "")
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            last = node.targets[0].id
            call = node.value.func if isinstance(node.value, ast.Call) else None
            kind = ast.unparse(call) if call is not None else ""
            if not last.startswith("_"):
                found[last] = Type(last, kind, value="" if kind else ast.unparse(node.value))
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Attribute) and text is not None:
            found[ast.unparse(node.targets[0].value)].doc = text
        elif text is not None and last in found:
            found[last].doc = text
    return found


def _content(item: Type, methods: Mapping[str, str]) -> List[str]:
    summary, _, rest = item.doc.strip("\n").partition("\n\n")
    out = [describe.inline(" ".join(summary.split()), methods), ""]
    for line in rest.splitlines():
        name, separator, text = line.partition(": ")
        if line.startswith(" ") or not separator:
            out.append("  " + describe.inline(line.strip(), methods))
        else:
            out.append(f"* ``{name.strip(chr(39))}``: {describe.inline(text, methods)}")
    return [*out, ""] + ([f"``{item.value}``", ""] if item.value else [])


def page(module: str, doc: str, source: str, methods: Mapping[str, str]) -> List[str]:
    """Return the lines of the page.  methods: result of describe.methods_of()."""
    title, _, text = doc.partition("\n")
    lines = [module, "=" * len(module), "", title, "", f".. py:module:: {module}", ""]
    for part in text.strip("\n").split("\n\n"):
        lines += ["::", "", part, ""] if part.startswith("    ") else [part, ""]
    for kind, heading in _KINDS.items():
        kept = sorted((item for item in types_of(source).values() if item.kind == kind), key=lambda item: item.name)
        if kept:
            lines += [heading, "-" * len(heading), ""]
        for item in kept:
            lines += [f".. py:{'data' if item.value else 'class'}:: {item.name}", "",
                      *("    " + line if line else "" for line in _content(item, methods))]
    return lines
