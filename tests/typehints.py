# SPDX-License-Identifier: LGPL-2.1-or-later
"""Check real objects against type hints: a small checker for the expressions that occur in the stubs."""

import ast
import copy
import os
import re
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, Sequence, Set, Tuple, Union

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


class _Operators(ast.NodeTransformer):
    """Writes Optional[X] as "X | None", Union[X, Y] as "X | Y", and a name in quotes without them."""

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        if isinstance(node.value, str) and node.value.isidentifier():
            return ast.copy_location(ast.Name(node.value, ast.Load()), node)
        return node

    def visit_Dict(self, node: ast.Dict) -> ast.AST:
        """The keys of a TypedDict stay text."""
        node.values = [self.visit(value) for value in node.values]
        return node

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        name = ast.unparse(node.value)
        if name == "Literal":
            return node
        self.generic_visit(node)
        if name not in ("Optional", "Union"):
            return node
        first: ast.expr
        first, *others = [node.slice, ast.Constant(None)] if name == "Optional" else getattr(node.slice, "elts")
        for other in others:
            first = ast.copy_location(ast.BinOp(first, ast.BitOr(), other), node)
        return ast.fix_missing_locations(first)


def _parts(value: object) -> Iterator[Sequence[object]]:
    """Yield all lists and tuples in a list or tuple."""
    for item in value if isinstance(value, (list, tuple)) else ():
        if isinstance(item, (list, tuple)):
            yield item
            yield from _parts(item)


def _seen_by_checkers(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield statements as type checkers see them."""
    for node in body:
        if isinstance(node, ast.If):
            yield from _seen_by_checkers(node.orelse if ast.unparse(node.test).startswith("not ") else node.body)
        else:
            yield node


class Types:
    """The types in the stub of libvirt_types."""

    def __init__(self) -> None:
        tree = _Operators().visit(ast.parse(stub_of("libvirt_types").read_text(encoding="utf-8")))
        # Function -> the names and types of the items of its result, or of parts of the result.
        self.results: Dict[str, Dict[str, ast.expr]] = {}
        self.parts: Dict[str, Dict[str, ast.expr]] = {}
        # Name -> keys and types, and whether all keys are always present.
        self.dicts: Dict[str, Tuple[Dict[str, ast.expr], bool]] = {}
        # Name -> index and type.
        self.lists: Dict[str, Dict[int, ast.expr]] = {}
        # Name -> known keys and types, and the type of the values of other keys.
        self.open: Dict[str, Tuple[Dict[str, ast.expr], ast.expr]] = {}
        # Name -> a pattern for the keys that its docstring describes.
        self.described: Dict[str, "re.Pattern[str]"] = {}
        self.aliases: Dict[str, ast.expr] = {}
        for node in _seen_by_checkers(tree.body):
            if isinstance(node, ast.ClassDef):
                self._add_class(node)
            elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                self._add_assigned(node.targets[0].id, node.value)

    def _add_class(self, node: ast.ClassDef) -> None:
        base = ast.unparse(node.bases[0])
        fields = {inner.target.id: inner.annotation for inner in node.body
                  if isinstance(inner, ast.AnnAssign) and isinstance(inner.target, ast.Name)}
        if base == "NamedTuple":
            doc = re.split(r"([Pp]art of the r|R)esult of ",
                           " ".join((ast.get_docstring(node) or "").partition("\n\n")[0].split()))
            for kind, text in zip(doc[1::2], doc[2::2]):
                found = self.results if kind == "R" else self.parts
                found.update((function, fields) for function in re.findall(r"(?:libvirt\.)?([\w.]+)\(\)", text))
        elif base == "TypedDict":
            self.dicts[node.name] = fields, not node.keywords
        elif base == "list[Any]":
            self.lists[node.name] = dict(_places(node))
        elif base.startswith("dict[") and any(getattr(inner, "name", "") == "__bool__" for inner in node.body):
            self.dicts[node.name] = {}, True
        elif isinstance(node.bases[0], ast.Subscript) and isinstance(node.bases[0].slice, ast.Tuple):
            self.open[node.name] = dict(self._known_keys(node)), node.bases[0].slice.elts[1]
            keys = re.findall(r"^'?([\w.<>-]+)'?: ", ast.get_docstring(node) or "", re.MULTILINE)
            self.described[node.name] = re.compile("|".join(
                re.sub("<(\\w+)>", lambda found: r"\d+" if "num" in found[1] or found[1] in ("id", "index") else ".+",
                       key) for key in keys))

    def _known_keys(self, node: ast.ClassDef) -> Iterator[Tuple[str, ast.expr]]:
        """Yield the known keys of a dict, each with the type of its value."""
        for function in node.body:
            if isinstance(function, ast.FunctionDef) and function.name == "__getitem__" and function.returns:
                keys = self.aliases.get(ast.unparse(function.args.posonlyargs[1].annotation or function))
                if isinstance(keys, ast.Subscript):
                    elements = keys.slice.elts if isinstance(keys.slice, ast.Tuple) else [keys.slice]
                    yield from ((ast.literal_eval(key), function.returns) for key in elements)

    def _add_assigned(self, name: str, value: ast.expr) -> None:
        if not isinstance(value, ast.Call):
            self.aliases[name] = value
        elif ast.unparse(value.func) == "TypedDict":
            assert isinstance(value.args[1], ast.Dict)
            keys = map(ast.literal_eval, filter(None, value.args[1].keys))
            self.dicts[name] = dict(zip(keys, value.args[1].values)), not value.keywords


def _places(node: ast.ClassDef) -> Iterator[Tuple[int, ast.expr]]:
    """Yield the indexes of a list, each with the type of the item."""
    for function in node.body:
        if isinstance(function, ast.FunctionDef) and function.returns:
            index = function.args.posonlyargs[1].annotation
            if isinstance(index, ast.Subscript):
                elements = index.slice.elts if isinstance(index.slice, ast.Tuple) else [index.slice]
                yield from ((ast.literal_eval(place), function.returns) for place in elements)


def _is_property(node: ast.FunctionDef) -> bool:
    return any(isinstance(each, ast.Name) and each.id == "property" for each in node.decorator_list)


class Stub:
    """The hints in the stub of a module."""

    def __init__(self, module: str) -> None:
        self.exact = True  # whether types must match exactly, as those of results must
        self.invented = False  # whether the names of typed parameters are none of libvirt, such as those of the fake
        tree = ast.parse(stub_of(module).read_text(encoding="utf-8"))
        self.types = Types()
        self.aliases = {node.target.id: node.value for node in tree.body
                        if isinstance(node, ast.AnnAssign) and ast.unparse(node.annotation) == "TypeAlias"
                        and isinstance(node.target, ast.Name) and node.value}
        self.aliases.update(self.types.aliases)
        self.classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
        self.recorded: Set[str] = set()  # functions of which a result was compared with a named tuple
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
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and not _is_property(node):
            self.functions.setdefault(prefix + node.name, []).append(node)

    def wrong_attributes(self, name: str, value: Any) -> str:
        """Return what is wrong with the attributes of an object, or ""."""
        hints = {node.target.id: node.annotation for node in self.classes[name].body
                 if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)}
        hints.update({node.name: node.returns for node in self.classes[name].body
                      if isinstance(node, ast.FunctionDef) and node.returns and _is_property(node)})
        return next(filter(None, (self.wrong(getattr(value, each), hint) for each, hint in hints.items())), "")

    def wrong_arguments(self, values: Sequence[object], hint: ast.expr) -> str:
        """Return what is wrong with a callback's arguments, given its Callable hint.

        The last argument is the opaque object.
        """
        if isinstance(hint, ast.Subscript) and ast.unparse(hint.value) in self.aliases:
            hint = self.aliases[ast.unparse(hint.value)]
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

    def wrong_record(self, name: str, value: Any) -> str:
        """Return what is wrong with a result according to the named tuple for it, or for parts of it, or ""."""
        if value is None:
            return ""
        if name in self.types.results:
            self.recorded.add(name)
            return self._wrong_items(value, self.types.results[name])
        if name not in self.types.parts:
            return ""
        fields = self.types.parts[name]
        each = [self._wrong_items(item, fields) for item in _parts(value) if len(item) == len(fields)]
        if "" in each:
            self.recorded.add(name)
        return "" if "" in each or not each else each[0]

    def _wrong_items(self, value: Any, fields: Dict[str, ast.expr]) -> str:
        if len(value) != len(fields):
            return f"{value!r:.60} does not have the length of {', '.join(fields)}"
        seen = copy.deepcopy(self.seen)
        found = next(filter(None, map(self.wrong, value, fields.values())), "")
        self.seen = seen  # the hint of the result counts
        return found

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
        if name in self.types.dicts:
            return self._wrong_keys(value, name)
        if name in self.types.lists:
            return self._wrong_places(value, name)
        if name in self.types.open:
            return self._wrong_known_keys(value, name)
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

    def _wrong_keys(self, value: Any, name: str) -> str:
        keys, total = self.types.dicts[name]
        if not _is_a(value, "dict", self.exact) or (total and set(value) != set(keys)):
            return f"{value!r:.60} does not have the keys of {name}"
        if not set(value) <= set(keys) and not (self.invented and all(isinstance(key, str) for key in value)):
            return f"{name} lacks {set(value) - set(keys)}"
        return next(filter(None, (self.wrong(item, keys[key]) for key, item in value.items() if key in keys)), "")

    def _wrong_known_keys(self, value: Any, name: str) -> str:
        keys, other = self.types.open[name]
        if not _is_a(value, "dict", self.exact):
            return f"{value!r:.60} is not a dict"
        unknown = [key for key in value if not self.types.described[name].fullmatch(key)]
        if unknown and not self.invented:
            return f"{name} lacks {unknown}"
        return next(filter(None, (self.wrong(item, keys.get(key, other)) for key, item in value.items()
                                  if key not in unknown)), "")

    def _wrong_places(self, value: Any, name: str) -> str:
        places = self.types.lists[name]
        if type(value) is not list or set(places) != set(range(-len(value), len(value))):
            return f"{value!r:.60} does not have the length of {name}"
        return next(filter(None, (self.wrong(value[place], hint) for place, hint in places.items())), "")


# Calls whose results have types of their own in libvirt_types: the arguments are those of results_of().
CALLS = (
    "conn.getInfo()", "conn.getSecurityModel()", "conn.getCPUStats(-1)", "conn.getMemoryStats(-1)", "conn.getCPUMap()",
    "conn.getMemoryParameters()", "conn.getSEVInfo()", "conn.getAllDomainStats()", "dom.info()", "dom.state()",
    "dom.jobInfo()", "dom.jobStats()", "dom.controlInfo()", "dom.blockInfo(disk)", "dom.blockStats(disk)",
    "dom.blockStatsFlags(disk)", "dom.blockIoTune(disk)", "dom.blockJobInfo(disk)", "dom.interfaceStats(interface)",
    "dom.interfaceParameters(interface)", "dom.interfaceAddresses(0)", "dom.memoryParameters()", "dom.numaParameters()",
    "dom.blkioParameters()", "dom.schedulerParameters()", "dom.schedulerParametersFlags()", "dom.schedulerType()",
    "dom.perfEvents()", "dom.memoryStats()", "dom.getTime()", "dom.vcpus()", "dom.ioThreadInfo()", "dom.fsInfo()",
    "dom.guestInfo()", "dom.guestVcpus()", "dom.diskErrors()", "dom.securityLabel()", "dom.securityLabelList()",
    "dom.launchSecurityInfo()", "dom.getCPUStats(True)", "dom.getCPUStats(False)", "net.DHCPLeases()", "pool.info()",
    "volume.info()",
)


def results_of(**objects: object) -> Tuple[Dict[str, object], List[str]]:
    """Make the calls for which there are objects; return the results, and what is wrong with them by their types.

    A key that a result has and its type lacks is wrong, too. A driver need not support every call.
    """
    import libvirt
    stub = Stub("libvirt")
    results: Dict[str, object] = {}
    wrong: List[str] = []
    for call in CALLS:
        subject, _, rest = call.partition(".")
        method = rest.partition("(")[0]
        if {node.id for node in ast.walk(ast.parse(call)) if isinstance(node, ast.Name)} <= set(objects):
            try:
                results[call] = value = eval(call, dict(objects))
            except libvirt.libvirtError:
                continue
            name = f"{type(objects[subject]).__name__}.{method}"
            problems = stub.wrong_result(name, value), stub.wrong_record(name, value)
            wrong += [f"{call}: {text}" for text in problems if text]
    return results, wrong
