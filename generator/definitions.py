# SPDX-License-Identifier: LGPL-2.1-or-later
"""The types with public names, which the module libvirt_types consists of: how each is written.

The same lines are valid in the module, also with Python 3.9, and in its stub.
"""

import ast
import keyword
import re
import textwrap
from dataclasses import dataclass, field
from typing import Dict, List, Mapping, Sequence, Tuple

from . import layout

Items = Tuple[Tuple[str, str], ...]  # names and their types


# Classes of libvirt, and what only type checkers know.
_ELSEWHERE = re.compile(r"\bvir[A-Z]\w*\b|\bReadableBuffer\b")


def quoted(text: str) -> str:
    """Return a type expression with quotes around names that the module does not import."""
    return _ELSEWHERE.sub(r"'\g<0>'", portable(text))


class _Unions(ast.NodeTransformer):
    """Writes "int | None" as "Optional[int]", and other unions as "Union[...]"."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        parts: List[ast.expr] = []
        rest: ast.expr = node
        while isinstance(rest, ast.BinOp):
            parts.insert(0, self.visit(rest.right))
            rest = rest.left
        parts.insert(0, self.visit(rest))
        if ast.unparse(parts[-1]) == "None":
            return _subscript("Optional", parts[0] if len(parts) == 2 else _subscript("Union", *parts[:-1]))
        return _subscript("Union", *parts)


def _subscript(name: str, *parts: ast.expr) -> ast.Subscript:
    inner = parts[0] if len(parts) == 1 else ast.Tuple(list(parts), ast.Load())
    return ast.Subscript(ast.Name(name, ast.Load()), inner, ast.Load())


def portable(text: str) -> str:
    """Return a type expression without the operator "|", which types have since Python 3.10."""
    return ast.unparse(_Unions().visit(ast.parse(text, mode="eval").body)) if "|" in text else text


def _docstring(doc: Sequence[str], indent: str) -> List[str]:
    lines = [indent + line if line else "" for line in doc]
    if len(lines) == 1:
        return [f'{indent}"""{doc[0]}"""']
    return [f'{indent}"""{doc[0]}', *lines[1:], f'{indent}"""'] if lines else []


class Definition:
    """Base of all definitions."""

    name: str
    container = ""  # what an object of the type is at run time: "dict"

    def lines(self, doc: Sequence[str]) -> List[str]:
        """Return the source lines.  doc: the lines of the docstring."""
        raise NotImplementedError

    def words(self) -> str:
        """Return text that has the names of all other types that the definition uses."""
        raise NotImplementedError


@dataclass(frozen=True)
class Listed(Definition):
    """Base of the types that have items with names."""

    name: str
    items: Items
    # What libvirt's description says about an item, by name.
    infos: Mapping[str, str] = field(default_factory=dict, compare=False)

    def words(self) -> str:
        return " ".join(text for _, text in self.items)


@dataclass(frozen=True)
class Record(Listed):
    """Names for the items of a list or a tuple: a named tuple."""

    form: str = ""  # type of the list or tuple

    container = "tuple"

    def lines(self, doc: Sequence[str]) -> List[str]:
        fields = [f"    {name + '_' if keyword.iskeyword(name) else name}: {portable(text)}"
                  for name, text in self.items]
        return [f"class {self.name}(NamedTuple):", *_docstring(doc, "    "), *([""] if doc else []), *fields]


@dataclass(frozen=True)
class Keys(Listed):
    """A dict with these keys."""

    total: bool = True  # all keys are always present

    container = "dict"

    def lines(self, doc: Sequence[str]) -> List[str]:
        options = "" if self.total else ", total=False"
        if all(key.isidentifier() and not keyword.iskeyword(key) for key, _ in self.items):
            return [f"class {self.name}(TypedDict{options}):", *_docstring(doc, "    "), *([""] if doc else []),
                    *(f"    {key}: {portable(text)}" for key, text in self.items)]
        # The class statement cannot have such keys, nor can the docstring be in it.
        return [f'{self.name} = TypedDict("{self.name}", {{',
                *(f"    {key!r}: {portable(text)}," for key, text in self.items), f"}}{options})",
                *_attached(self.name, doc)]


@dataclass(frozen=True)
class OpenKeys(Listed):
    """A dict that has some of these keys, and may have others.

    A TypedDict would not do: checkers would refuse stats[f"vcpu.{number}.time"],
    and to pass the dict to a function that takes a dict[str, Any].  At run time
    the name stands for dict itself.
    """

    value: str = "Any"  # the type of the values of other keys
    patterns: Items = ()  # other keys that are known: "vcpu.<num>.time"

    container = "dict"

    def lines(self, doc: Sequence[str]) -> List[str]:
        found: Dict[str, List[str]] = {}
        for key, text in self.items:
            if text != self.value:
                found.setdefault(portable(text), []).append(key)
        literals = {text: f"_{self.name}{text.title()}" for text in found}
        lines = [line for text, keys in found.items()
                 for line in layout.block([f"{literals[text]} = Literal[{', '.join(map(repr, keys))}]"], "")]
        lines += [f"class {self.name}(dict[str, {self.value}]):", *_docstring(doc, "    ")]
        for text, alias in literals.items():
            lines += ["    @overload", f"    def __getitem__(self, key: {alias}, /) -> {text}: ..."]
        if literals:
            lines += ["    @overload", f"    def __getitem__(self, key: str, /) -> {self.value}: ..."]
        comment = "  # type: ignore[override]"
        for text, alias in literals.items():
            lines += [f"    @overload{comment}", f"    def get(self, key: {alias}, /) -> Optional[{text}]: ...",
                      "    @overload", f"    def get(self, key: {alias}, default: _T, /) -> Union[{text}, _T]: ..."]
            comment = ""
        if literals:
            lines += ["    @overload", f"    def get(self, key: str, default: {self.value} = None, /) -> Any: ..."]
        return ["if TYPE_CHECKING:", *layout.block(lines), "else:", f"    {self.name} = dict"]


@dataclass(frozen=True)
class Empty(Definition):
    """A dict without keys, which stands for nothing: checkers tell it from a dict with keys by its truth.

    At run time the name stands for dict itself.
    """

    name: str
    value: str  # the type of values, such as the default of get()

    container = "dict"

    def lines(self, doc: Sequence[str]) -> List[str]:
        return ["if TYPE_CHECKING:", f"    class {self.name}(dict[str, {self.value}]):",
                *_docstring(doc, "        "), "        def __bool__(self) -> Literal[False]: ...", "else:",
                f"    {self.name} = dict"]

    def words(self) -> str:
        return self.value


def _attached(name: str, doc: Sequence[str]) -> List[str]:
    """The lines that give a class its docstring afterwards; type checkers do not see them."""
    if not doc:
        return []
    first, *rest = doc
    return ["if not TYPE_CHECKING:", f'    {name}.__doc__ = """{first}' + ("" if rest else '"""'), *rest,
            *(['"""'] if rest else [])]


@dataclass(frozen=True)
class Places(Listed):
    """A list whose items are of several types, each known by its index.

    With a list of a union a checker would refuse both info[0].upper() and
    info[1] + 1, and the object is no tuple.  Where the index is not known, as
    in "model, memory, *rest = info", an item is Any.  At run time the name
    stands for list itself.
    """

    container = "list"

    def lines(self, doc: Sequence[str]) -> List[str]:
        found: Dict[str, List[int]] = {}
        for place, (_, text) in enumerate(self.items):
            found.setdefault(text, []).append(place)
        items = textwrap.wrap(", ".join(name for name, _ in self.items), layout.WIDTH - 8)
        lines = [f"class {self.name}(list[Any]):", *_docstring(doc or items, "    ")]
        # Checkers do not see that the overloads together accept every int.
        comment = "  # type: ignore[override]"
        for text, places in found.items():
            both = ", ".join(map(str, [*places, *(place - len(self.items) for place in places)]))
            lines += [f"    @overload{comment}",
                      f"    def __getitem__(self, index: Literal[{both}], /) -> {portable(text)}: ..."]
            comment = ""
        lines += ["    @overload", "    def __getitem__(self, index: SupportsIndex, /) -> Any: ...",
                  "    @overload", "    def __getitem__(self, index: slice, /) -> list[Any]: ..."]
        return ["if TYPE_CHECKING:", *layout.block(lines), "else:",
                f"    {self.name} = list"]


@dataclass(frozen=True)
class Alias(Definition):
    """Another name of a type."""

    name: str
    text: str
    container: str = field(default="", compare=False)

    def lines(self, doc: Sequence[str]) -> List[str]:
        return [*layout.block([f"{self.name} = {quoted(self.text)}"], ""), *_docstring(doc, "")]

    def words(self) -> str:
        return self.text
