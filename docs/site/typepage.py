# SPDX-License-Identifier: LGPL-2.1-or-later
"""The pages of the reference about libvirt_types, from the source of that module.

Some of its types exist only for type checkers, so importing the module does not
show them.
"""

import ast
from dataclasses import dataclass
from typing import Dict, Iterator, List, Mapping, Optional, Sequence

import describe

# The base class of types, and their heading.
_KINDS = {"NamedTuple": "Named tuples", "list": "Lists"}


@dataclass
class Type:
    name: str
    kind: str  # its base class, or empty
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


def _kind(item: Type) -> str:
    if item.name.endswith("Event") and item.kind == "NamedTuple":
        return "Records of events"
    if item.value.startswith("Callable["):
        return "Callbacks"
    if item.kind in ("TypedDict", "dict"):
        return "Dicts to be passed" if item.doc.startswith("Argument") else "Dicts that are returned"
    return _KINDS.get(item.kind, "Other types")


def pages(module: str, doc: str, source: str, methods: Mapping[str, str]) -> Dict[str, List[str]]:
    """Return the lines of each page, by its name.  methods: result of describe.methods_of()."""
    title, _, text = doc.partition("\n")
    lines = [module, "=" * len(module), "", title, "", f".. py:module:: {module}", ""]
    for part in text.strip("\n").split("\n\n"):
        lines += ["::", "", part, ""] if part.startswith("    ") else [part, ""]
    kinds: Dict[str, List[Type]] = {}
    for item in sorted(types_of(source).values(), key=lambda item: item.name):
        if item.name.isupper():
            continue  # a table, not a type
        kinds.setdefault(_kind(item), []).append(item)
    made = {}
    for heading, kept in sorted(kinds.items()):
        name = f"{module}.{heading.rpartition(' ')[2].lower()}"
        lines += [heading, "-" * len(heading), "", f"In full: :doc:`{name}`", "", ".. hlist::", "    :columns: 2", "",
                  *(f"    * :py:obj:`~{module}.{item.name}`" for item in kept), ""]
        made[name] = [f"{module}: {heading}", "=" * (len(module) + 2 + len(heading)), "",
                      f".. py:currentmodule:: {module}", ""]
        for item in kept:
            made[name] += [f".. py:{'data' if item.value else 'class'}:: {item.name}", "",
                           *("    " + line if line else "" for line in _content(item, methods))]
    lines += [".. toctree::", "    :hidden:", "",
              *(f"    {heading} <{module}.{heading.rpartition(' ')[2].lower()}>" for heading in sorted(kinds)), ""]
    made[module] = lines
    return made
