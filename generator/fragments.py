# SPDX-License-Identifier: LGPL-2.1-or-later
"""Hand-written Python that becomes part of a generated module, or of its stub.

A fragment is an ordinary Python file.  The statements of a class that the
generator emits, too, are added to the emitted class.  Imports at the top of a
fragment tell linters where names come from.  They are not copied: the
generated module must have each imported name anyway, which check_imports()
sees to.  All other statements are copied as they are.
"""

import ast
import os
from dataclasses import dataclass, field
from typing import Collection, Dict, Iterable, Iterator, List, Mapping, Sequence, Set, Union

from .errors import GeneratorError


_NONE: Mapping[str, Sequence[str]] = {}


@dataclass(frozen=True)
class Import:
    """One name that a fragment imports."""

    module: str
    name: str  # "" where the module itself is imported
    bound: str  # the name that the fragment uses it by
    file: str
    line: int


@dataclass
class Fragments:
    """The content of all fragments of a module."""

    module: List[str] = field(default_factory=list)  # source lines for the module itself
    classes: Dict[str, List[str]] = field(default_factory=dict)  # class -> source lines of its body
    methods: Dict[str, Set[str]] = field(default_factory=dict)  # class -> names that its fragments define
    names: Set[str] = field(default_factory=set)  # names that fragments define in the module
    imports: List[Import] = field(default_factory=list)

    def check_imports(self, generated: str, available: Mapping[str, Collection[str]]) -> None:
        """Raise GeneratorError for an import of what the generated module does not have.

        available: module -> names that the generated module has from it; "" is that module itself.
        """
        for item in self.imports:
            if item.bound != (item.name or item.module):
                raise GeneratorError(f"the generated module {generated} does not have '{item.name or item.module}' "
                                     f"under the name '{item.bound}'", item.file, item.line)
            if item.name in available.get(item.module, ()):
                continue
            if item.module == generated:
                raise GeneratorError(f"the generated module {generated} has no '{item.name}'", item.file, item.line)
            what = f"'{item.name}' from {item.module}" if item.name else f"'{item.module}'"
            raise GeneratorError(f"the generated module {generated} does not import {what}, and imports of "
                                 "fragments are not copied", item.file, item.line)


def _imports(node: Union[ast.Import, ast.ImportFrom], path: str) -> Iterator[Import]:
    for alias in node.names:
        if isinstance(node, ast.Import):
            yield Import(alias.name, "", alias.asname or alias.name, path, node.lineno)
        else:
            module = "." * node.level + (node.module or "")
            yield Import(module, alias.name, alias.asname or alias.name, path, node.lineno)


def _first_line(node: ast.stmt) -> int:
    decorators = getattr(node, "decorator_list", [])
    lines: List[int] = [item.lineno for item in decorators]
    return min([node.lineno, *lines])


def _names(node: ast.stmt) -> Iterable[str]:
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield node.name
    elif isinstance(node, ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Name):
                yield target.id
    elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        yield node.target.id


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _take_class(node: ast.ClassDef, lines: Sequence[str], into: Fragments) -> None:
    body = [item for item in node.body if not _is_docstring(item)]
    taken = into.classes.setdefault(node.name, [])
    # From behind the class line or its docstring, so that comments are taken, too.
    before = node.body[0].end_lineno if _is_docstring(node.body[0]) else node.lineno
    taken += lines[before or 0:node.end_lineno]
    into.methods.setdefault(node.name, set()).update(name for item in body for name in _names(item))


def _with_members(node: ast.ClassDef, start: int, lines: Sequence[str], members: Sequence[str]) -> List[str]:
    """The source lines of a class, from a line on, with additional members in front of its own."""
    first = _first_line(node.body[0]) - 1
    return [*lines[start:first], *members, *lines[first:node.end_lineno]]


def read(directory: str, files: Sequence[str], classes: Sequence[str], lacking: Collection[str] = (),
         members: Mapping[str, Sequence[str]] = _NONE) -> Fragments:
    """All fragments of a module, in order.

    classes: those that the generator emits itself.  lacking: functions to leave
    out, because libvirt does not have them.  members: class that a fragment
    defines -> source lines to add to it.
    """
    found = Fragments()
    for name in files:
        path = os.path.join(directory, name)
        try:
            with open(path, encoding="utf-8") as file:
                text = file.read()
            # Not ast.parse(): with python -OO it removes docstrings.
            tree = compile(text, path, "exec", ast.PyCF_ONLY_AST, dont_inherit=True, optimize=0)
        except OSError as error:
            raise GeneratorError(f"cannot be read: {error.strerror}", path) from None
        except SyntaxError as error:
            raise GeneratorError(f"not valid Python: {error.msg}", path, error.lineno) from None
        except ValueError as error:
            raise GeneratorError(f"not valid Python: {error}", path) from None
        lines = text.split("\n")
        end = 0
        for node in tree.body:
            # The comments above a statement belong to it, except the header of the file.
            start = end if found.module or end else _first_line(node) - 1
            end = node.end_lineno or node.lineno
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                found.imports += _imports(node, path)
                continue
            if _is_docstring(node) or any(name in lacking for name in _names(node)):
                continue
            if isinstance(node, ast.ClassDef) and node.name in classes:
                _take_class(node, lines, found)
                continue
            statement = lines[start:end]
            if isinstance(node, ast.ClassDef) and node.name in members:
                statement = _with_members(node, start, lines, members[node.name])
            found.module += ["", "", *statement] if statement else []
            found.names.update(_names(node))
    for name in members:
        if name not in found.names:
            raise GeneratorError(f"no fragment defines the class {name}: {', '.join(files)}", directory)
    return found
