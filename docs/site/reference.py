# SPDX-License-Identifier: LGPL-2.1-or-later
"""Sphinx extension: write a page for each class and module, and convert their docstrings to reStructuredText."""

import ast
import importlib.util
import inspect
import os
import re
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Callable, Dict, Iterator, List, Optional, Tuple

import apixml
import describe
import enumpages
import eventpage
import keypage
import topics
import typepage

if TYPE_CHECKING:
    from sphinx.application import Sphinx

TYPES = "libvirt_types"

methods: Dict[str, str] = {}  # see describe.inline()
pages: Dict[str, str] = {}
hints: Dict[str, Tuple[str, str]] = {}
types_of: Dict[str, List[str]] = {}  # full name of a function -> types of libvirt_types that it takes or returns


def members(module: ModuleType) -> Tuple[List[str], List[str]]:
    """Return the public classes and functions of a module, including those that it exports from its C module."""
    origins = (module.__name__, "libvirtmod" + module.__name__[len("libvirt"):])
    own = {name: item for name, item in vars(module).items()
           if not name.startswith("_") and getattr(item, "__module__", None) in origins}
    return ([name for name, item in own.items() if inspect.isclass(item)],
            [name for name, item in own.items() if inspect.isfunction(item) or inspect.isbuiltin(item)])


def functions(module: ModuleType) -> Iterator[Tuple[str, Callable[..., object]]]:
    """Yield the full name and the function of each function and method of a module."""
    classes, plain = members(module)
    for name in plain:
        yield f"{module.__name__}.{name}", getattr(module, name)
    for name in classes:
        for inner, item in vars(getattr(module, name)).items():
            if inspect.isfunction(item):
                yield f"{module.__name__}.{name}.{inner}", item


def stub(module: str) -> str:
    """Return the source of the stubs of a module, or "" if they have not been built."""
    path = Path(os.environ.get("LIBVIRT_PYTHON_STUBS", ""), f"{module}-stubs", "__init__.pyi")
    return path.read_text(encoding="utf-8") if path.exists() else ""


def read_hints(module: str) -> None:
    """Fill hints: full name -> signature with types, from the stubs of a module if they have been built.

    Of several overloads the last one counts, which accepts all arguments.
    """
    for node in ast.parse(stub(module)).body:
        for owner, item in ((f"{module}.{node.name}.", inner) for inner in node.body) \
                if isinstance(node, ast.ClassDef) else ((f"{module}.", node),):
            if isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef)):
                arguments = ast.unparse(item.args)
                arguments = re.sub(r"^self(, )?", "", arguments) if owner.count(".") == 2 else arguments
                hints[owner + item.name] = f"({arguments})", ast.unparse(item.returns) if item.returns else ""


def heading(text: str, line: str = "=") -> List[str]:
    return [text, line * len(text), ""]


def write(directory: Path, name: str, lines: List[str]) -> None:
    (directory / f"{name}.rst").write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_module(directory: Path, name: str) -> None:
    module = importlib.import_module(name)
    title, _, text = (inspect.getdoc(module) or "").partition("\n")
    classes, plain = members(module)
    # Exceptions and classes with at most three methods are described on the page of their module.
    own_page = [item for item in classes if item.startswith("vir") and len(list(functions_of(module, item))) > 3]
    lines = [*heading(name), title, "", f".. py:module:: {name}", "",
             *describe.describe(text.splitlines(), [], methods, {})]
    if own_page:
        lines += [".. toctree::", "    :maxdepth: 1", "", *(f"    {name}.{item}" for item in sorted(own_page)), ""]
    for item in sorted(set(classes) - set(own_page)):
        inner = {error: kind for error, kind in vars(getattr(module, item)).items() if inspect.isclass(kind)}
        lines += [f".. autoclass:: {name}.{item}", "    :members:"]
        lines += [f"    :exclude-members: {', '.join(inner)}"] if inner else []
        lines.append("")
        for error, kind in inner.items():
            lines += [f".. py:exception:: {item}.{error}", "    :nocontentsentry:", "",
                      f"    {describe.inline(inspect.getdoc(kind) or '', {})}", ""]
    if plain:
        lines += heading("Functions", "-")
    for item in sorted(plain):
        lines += [f".. autofunction:: {name}.{item}", ""]
    write(directory, name, lines)
    for item in own_page:
        if item in topics.TOPICS:
            write_by_topic(directory, module, item)
        else:
            write(directory, f"{name}.{item}", [
                *heading(item), f".. currentmodule:: {name}", "", f".. autoclass:: {name}.{item}", "    :members:", ""])


def summary_of(item: object) -> str:
    return describe.inline((inspect.getdoc(item) or "").partition("\n")[0], methods)


def write_by_topic(directory: Path, module: ModuleType, name: str) -> None:
    """Write a page of a class that has all methods in tables, and a page for each topic with the methods in full."""
    full = f"{module.__name__}.{name}"
    found = list(functions_of(module, name))
    kept = topics.topics_of(name, found)
    lines = [*heading(name), f".. currentmodule:: {module.__name__}", "", f".. autoclass:: {full}", "",
             ".. toctree::", "    :hidden:", "",
             *(f"    {topic.title} <{full}.{topic.key}>" for topic in kept), ""]
    for topic in kept:
        lines += [*heading(topic.title, "-"), f"In full: :doc:`{full}.{topic.key}`", "",
                  ".. list-table::", "    :widths: 35 65", ""]
        for method in topic.methods:
            lines += [f"    * - :py:meth:`{method}() <{full}.{method}>`",
                      f"      - {summary_of(getattr(getattr(module, name), method))}"]
        lines.append("")
        write(directory, f"{full}.{topic.key}", [
            *heading(f"{name}: {topic.title}"), f".. currentmodule:: {module.__name__}", "",
            *(line for method in topic.methods for line in (f".. automethod:: {full}.{method}", ""))])
    lines += [*heading("All methods by name", "-"), ".. hlist::", "    :columns: 3", "",
              *(f"    * :py:meth:`{method}() <{full}.{method}>`" for method in sorted(found, key=str.lower)), ""]
    write(directory, full, lines)


def functions_of(module: object, name: str) -> Iterator[str]:
    return (inner for inner, item in vars(getattr(module, name)).items()
            if inspect.isfunction(item) and not inner.startswith("_"))


def modules() -> List[str]:
    """The modules in the directories of libvirt and libvirtaio, without the enums, for which the constants stand.

    The types have a page of another form.
    """
    specs = [importlib.util.find_spec(name) for name in ("libvirt", "libvirtaio")]
    files = [path for spec in specs if spec and spec.origin for path in Path(spec.origin).parent.glob("libvirt*.py")]
    return sorted({path.stem for path in files} - {"libvirt_enums", TYPES})


def write_enums(directory: Path, docs: Dict[str, str], known: apixml.Descriptions) -> None:
    found = enumpages.enums(importlib.import_module(enumpages.MODULE))
    home = {name: module for module in reversed(modules()) for name in vars(importlib.import_module(module))
            if name.startswith("VIR_")}
    made = {name: enumpages.members(enum, known.enums, home) for name, enum in found.items()}
    methods.update((f"{enumpages.MODULE}.{name}", f"{enumpages.MODULE}.{name}") for name in found)
    for members_of in made.values():
        methods.update((member.constant.partition(".")[2], member.constant) for member in members_of if member.constant)
    users: Dict[str, List[str]] = {}
    for full, doc in docs.items():
        for name in set(re.findall(rf"{enumpages.MODULE}\.(\w+)", doc)):
            users.setdefault(name, []).append(full)
    for name, enum in found.items():
        write(directory, f"{enumpages.MODULE}.{name}", enumpages.page(enum, made[name], users.get(name, ()), methods))
    write(directory, "enums", enumpages.index(found))
    constants = {name: {member.value: member.constant.partition(".")[2] for member in kept}
                 for name, kept in made.items()}
    since = {member.constant.partition(".")[2]: member.since for kept in made.values() for member in kept}
    types = importlib.import_module(TYPES)
    write(directory, "events", eventpage.page(types.EVENTS, inspect.getsource(types), constants, since, methods))


def read_types(source: str) -> None:
    """Fill types_of: which types of libvirt_types are about a function, as their docstrings say."""
    for name, found in typepage.types_of(source).items():
        first = found.doc.strip().partition("\n\n")[0]
        for function in re.findall(r"\b((?:libvirt\w*\.)?\w+(?:\.\w+)?)\(\)", first):
            types_of.setdefault(methods.get(function, function), []).append(name)


def prepare(app: "Sphinx") -> None:
    directory = Path(app.srcdir, "reference")
    directory.mkdir(exist_ok=True)
    docs: Dict[str, str] = {}
    found = modules()
    for name in found:
        read_hints(name)
        docs.update((full, inspect.getdoc(item) or "") for full, item in functions(importlib.import_module(name)))
    methods.update(describe.methods_of(docs))
    methods.update((item, f"{name}.{item}") for name in found for item in members(importlib.import_module(name))[0]
                   if item.startswith("vir"))
    known = apixml.read(os.environ.get("LIBVIRT_PYTHON_API_XML", "").split())
    pages.update((name, describe.page_of(header)) for name, header in known.headers.items())
    values = {name: value for name, value in vars(importlib.import_module("libvirt")).items()
              if name.startswith("VIR_") and isinstance(value, str)}
    methods.update((name, f"libvirt.{name}") for name in values)
    write_enums(directory, docs, known)
    for name, lines in keypage.pages("libvirt", values, known.names, methods).items():
        write(directory, name, lines)
    types = importlib.import_module(TYPES)
    read_types(inspect.getsource(types))
    for name in found:
        write_module(directory, name)
    for name, lines in typepage.pages(TYPES, inspect.getdoc(types) or "", inspect.getsource(types), methods).items():
        write(directory, name, lines)
    write(directory, "index", [*heading("Reference"), ".. toctree::", "    :maxdepth: 2", "",
                               *(f"    {name}" for name in [*found, "events", "enums", "keys", TYPES]), ""])


def process(app: "Sphinx", what: str, name: str, item: Callable[..., object], options: object,
            lines: List[str]) -> None:  # pylint: disable=too-many-arguments
    if what in ("function", "method"):
        lines[:] = describe.describe(lines, list(inspect.signature(item).parameters), methods, pages)
        if name.endswith("EventRegisterAny"):
            lines[:0] = ["See the :doc:`table of events </reference/events>` for the callbacks with their types.", ""]
        if name in types_of:
            lines.insert(len(lines) - 1, f":in {TYPES}: " + ", ".join(
                f":py:obj:`~{TYPES}.{each}`" for each in types_of[name]))
    else:
        lines[:] = describe.describe(lines, [], methods, pages)


def sign(app: "Sphinx", what: str, name: str, item: object, options: object, signature: Optional[str],
         result: Optional[str]) -> Optional[Tuple[str, Optional[str]]]:  # pylint: disable=too-many-arguments
    if what == "class":
        # Programs get objects from methods, so the constructor is not shown.
        return "", None
    return hints.get(name)


def setup(app: "Sphinx") -> Dict[str, object]:
    app.connect("builder-inited", prepare)
    app.connect("autodoc-process-docstring", process)
    app.connect("autodoc-process-signature", sign)
    return {"parallel_read_safe": True}
