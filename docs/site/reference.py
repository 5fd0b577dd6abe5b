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

import describe
import typepage

if TYPE_CHECKING:
    from sphinx.application import Sphinx

TYPES = "libvirt_types"

methods: Dict[str, str] = {}
pages: Dict[str, str] = {}
hints: Dict[str, Tuple[str, str]] = {}


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


def read_pages() -> None:
    """C function -> page of libvirt's own reference, from the API descriptions."""
    for path in filter(None, os.environ.get("LIBVIRT_PYTHON_API_XML", "").split()):
        text = Path(path).read_text(encoding="utf-8")
        for name, file in re.findall(r"<function name='(\w+)' file='([\w-]+)'", text):
            pages[name] = describe.page_of(file)


def read_hints(module: str) -> None:
    """Fill hints: full name -> signature with types, from the stubs of a module if they have been built.

    Of several overloads the last one counts, which accepts all arguments.
    """
    path = Path(os.environ.get("LIBVIRT_PYTHON_STUBS", ""), f"{module}-stubs", "__init__.pyi")
    if not path.exists():
        return
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
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
    title = (inspect.getdoc(module) or "").partition("\n")[0]
    classes, plain = members(module)
    # Exceptions and classes with at most three methods are described on the page of their module.
    own_page = [item for item in classes if item.startswith("vir") and len(list(functions_of(module, item))) > 3]
    lines = [*heading(name), title, "", f".. py:module:: {name}", ""]
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
    constants = sorted(item for item, value in vars(module).items() if item.startswith("VIR_"))
    if constants:
        lines += [*heading("Constants", "-"), "libvirt's C reference describes them; the module ``libvirt_enums`` has "
                  "an enum for each group.", "",
                  ".. hlist::", "    :columns: 2", "", *(f"    * ``{item}``" for item in constants), ""]
    write(directory, name, lines)
    for item in own_page:
        write(directory, f"{name}.{item}", [
            *heading(item), f".. currentmodule:: {name}", "", f".. autoclass:: {name}.{item}", "    :members:", ""])


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


def prepare(app: "Sphinx") -> None:
    directory = Path(app.srcdir, "reference")
    directory.mkdir(exist_ok=True)
    docs: Dict[str, str] = {}
    found = modules()
    for name in found:
        read_hints(name)
        docs.update((full, inspect.getdoc(item) or "") for full, item in functions(importlib.import_module(name)))
    methods.update(describe.methods_of(docs))
    read_pages()
    for name in found:
        write_module(directory, name)
    types = importlib.import_module(TYPES)
    write(directory, TYPES, typepage.page(TYPES, inspect.getdoc(types) or "", inspect.getsource(types), methods))
    write(directory, "index", [*heading("Reference"), ".. toctree::", "    :maxdepth: 2", "",
                               *(f"    {name}" for name in [*found, TYPES]), ""])


def process(app: "Sphinx", what: str, name: str, item: Callable[..., object], options: object,
            lines: List[str]) -> None:  # pylint: disable=too-many-arguments
    if what in ("function", "method"):
        lines[:] = describe.describe(lines, list(inspect.signature(item).parameters), methods, pages)
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
