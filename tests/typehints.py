# SPDX-License-Identifier: LGPL-2.1-or-later
"""Check real objects against type hints: a small checker for the expressions that occur in the stubs."""

import ast
import os
from pathlib import Path
from typing import Any, Callable, Dict, List, Sequence, Set, Tuple, Union

CLASSES: Dict[str, Union[type, Tuple[type, ...]]] = {
    "int": int, "str": str, "bytes": bytes, "bool": bool, "float": (int, float), "list": list, "tuple": tuple,
    "dict": dict}
ANYTHING = ("Any", "object", "_T", "Self")


def stub_of(module: str) -> Path:
    """Return the path of a module's stub in the build under test."""
    top = os.environ.get("abs_top_builddir")
    if top is None:
        import libvirtmod
        top = str(Path(libvirtmod.__file__).resolve().parents[1])
    return Path(top, "python", f"{module}-stubs", "__init__.pyi")


def _is_a(value: Any, name: str, exact: bool) -> bool:
    """Compare types exactly for results: True is an int to a type checker, but no function returns it for an int."""
    if exact or name not in CLASSES:
        return type(value).__name__ == name
    return isinstance(value, CLASSES[name])


def _has_bytes(value: Any) -> bool:
    try:
        memoryview(value)
    except TypeError:
        return False
    return True


# Hints of which only the protocol is checked, not the items.
ABILITIES: Dict[str, Callable[[Any], bool]] = {
    "ReadableBuffer": _has_bytes, "Callable": callable, "Iterable": lambda value: hasattr(value, "__iter__")}


class Stub:
    """The hints in the stub of a module."""

    def __init__(self, module: str) -> None:
        self.exact = True  # whether types must match exactly, as those of results must
        tree = ast.parse(stub_of(module).read_text(encoding="utf-8"))
        self.aliases = {node.target.id: node.value for node in tree.body
                        if isinstance(node, ast.AnnAssign) and ast.unparse(node.annotation) == "TypeAlias"
                        and isinstance(node.target, ast.Name) and node.value}
        self.classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
        # Text of a union -> the indexes of its sides that have been seen.
        self.seen: Dict[str, Set[int]] = {}
        # "NAME" and "CLASS.NAME" -> its definitions; an overloaded function has several.
        self.functions: Dict[str, List[ast.FunctionDef]] = {}
        for node in tree.body:
            self._add("", node)
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                for inner in node.body:
                    self._add(node.name + ".", inner)

    def _add(self, prefix: str, node: ast.stmt) -> None:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            self.functions.setdefault(prefix + node.name, []).append(node)

    def wrong_attributes(self, name: str, value: Any) -> str:
        """Return what is wrong with the attributes of an object, or ""."""
        return next(filter(None, (self.wrong(getattr(value, node.target.id), node.annotation)
                                  for node in self.classes[name].body
                                  if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name))), "")

    def wrong_arguments(self, values: Sequence[object], hint: ast.expr) -> str:
        """Return what is wrong with a callback's arguments, given its Callable hint.

        The last argument is the opaque object.
        """
        assert isinstance(hint, ast.Subscript) and isinstance(hint.slice, ast.Tuple)
        parameters = hint.slice.elts[0]
        assert isinstance(parameters, ast.List)
        wanted = parameters.elts
        if len(values) != len(wanted):
            return f"{len(values)} arguments for {ast.unparse(hint)}"
        return next(filter(None, map(self.wrong, values, wanted)), "")

    def wrong_call(self, name: str, arguments: Dict[str, object]) -> str:
        """Return what is wrong with the arguments of a function, given as parameter -> value, or ""."""
        self.exact = False
        each = []
        for function in self.functions[name]:
            hints = {arg.arg: arg.annotation for arg in function.args.args if arg.annotation is not None}
            each.append(next(filter(None, (self.wrong(value, hints[parameter]) for parameter, value in arguments.items()
                                           if parameter in hints)), ""))
        self.exact = True
        return "" if "" in each else each[0]

    def wrong_result(self, name: str, value: Any) -> str:
        """Return what is wrong with a result of a function, or ""."""
        found = [self.wrong(value, function.returns) for function in self.functions[name] if function.returns]
        return "" if "" in found else found[0]

    def wrong(self, value: Any, hint: ast.expr) -> str:
        """Return what is wrong with a value according to a hint, or ""."""
        if isinstance(hint, ast.BinOp):
            return self._wrong_union(value, hint)
        if isinstance(hint, ast.Subscript):
            return self._wrong_generic(value, hint)
        name = ast.unparse(hint)
        if name in ANYTHING:
            return ""
        if name in self.aliases:
            return self.wrong(value, self.aliases[name])
        if name in self.classes and name.startswith("_"):
            return self._wrong_definition(value, self.classes[name])
        if name in ABILITIES:
            good = ABILITIES[name](value)
        else:
            good = value is None if name == "None" else _is_a(value, name, self.exact)
        return "" if good else f"{value!r:.60} is not a {name}"

    def _wrong_union(self, value: Any, hint: ast.BinOp) -> str:
        """In a union, Any stands for None and for nothing else."""
        right = ast.parse("None", mode="eval").body if ast.unparse(hint.right) == "Any" else hint.right
        wrong = [self.wrong(value, side) for side in (hint.left, right)]
        if "" in wrong and self.exact:
            self.seen.setdefault(f"{hint.lineno}: {ast.unparse(hint)}", set()).add(wrong.index(""))
        return "" if "" in wrong else wrong[0]

    def one_sided(self) -> List[str]:
        """Return the unions of which only one side has ever been seen, so that the other side is a guess."""
        return sorted(text for text, sides in self.seen.items() if len(sides) == 1 and not text.endswith("| Any"))

    def _wrong_generic(self, value: Any, hint: ast.Subscript) -> str:
        name = ast.unparse(hint.value)
        parameters = hint.slice.elts if isinstance(hint.slice, ast.Tuple) else [hint.slice]
        if name in self.aliases or name in ABILITIES:
            return self.wrong(value, hint.value)
        if name == "Literal":
            return "" if value in map(ast.literal_eval, parameters) else f"{value!r} is none of {ast.unparse(hint)}"
        if not _is_a(value, name, self.exact):
            return f"{value!r:.60} is not a {ast.unparse(hint)}"
        if name == "dict":
            pairs = [*((key, parameters[0]) for key in value), *((item, parameters[1]) for item in value.values())]
        elif name == "list" or ast.unparse(parameters[-1]) == "...":
            pairs = [(item, parameters[0]) for item in value]
        elif name != "tuple":
            raise NotImplementedError(ast.unparse(hint))
        elif len(value) != len(parameters):
            return f"{value!r:.60} does not have the length of {ast.unparse(hint)}"
        else:
            pairs = list(zip(value, parameters))
        return next(filter(None, (self.wrong(*pair) for pair in pairs)), "")

    def _wrong_definition(self, value: Any, definition: ast.ClassDef) -> str:
        """Check a value against a TypedDict, or against a list class with a type for each index."""
        if ast.unparse(definition.bases[0]) == "list[Any]":
            return self._wrong_places(value, definition)
        keys = {node.target.id: node.annotation for node in definition.body
                if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)}
        total = not definition.keywords
        if not _is_a(value, "dict", self.exact) or not set(value) <= set(keys) or (total and set(value) != set(keys)):
            return f"{value!r:.60} does not have the keys of {definition.name}"
        return next(filter(None, (self.wrong(item, keys[key]) for key, item in value.items())), "")

    def _wrong_places(self, value: Any, definition: ast.ClassDef) -> str:
        places: Dict[int, ast.expr] = {}
        for function in definition.body:
            assert isinstance(function, ast.FunctionDef) and function.returns
            index = function.args.posonlyargs[1].annotation
            if isinstance(index, ast.Subscript):
                elements = index.slice.elts if isinstance(index.slice, ast.Tuple) else [index.slice]
                places.update((ast.literal_eval(place), function.returns) for place in elements)
        if type(value) is not list or set(places) != set(range(-len(value), len(value))):
            return f"{value!r:.60} does not have the length of {definition.name}"
        return next(filter(None, (self.wrong(value[place], hint) for place, hint in places.items())), "")
