# SPDX-License-Identifier: LGPL-2.1-or-later
"""Mutate good calls, as text. The result depends only on the seed, not on what the calls do.

A good call is a list of arguments. One or several arguments are changed: replaced by an odd value or by a similar
value, or one of their items is changed.
"""

import ast
import random
import re
from dataclasses import dataclass
from typing import Callable, NamedTuple, Sequence, Tuple, TypeVar, Union

KINDS = {  # name of an object in calls -> its class
    "conn": "virConnect", "dconn": "virConnect", "dom": "virDomain", "net": "virNetwork", "pool": "virStoragePool",
    "port": "virNetworkPort", "iface": "virInterface", "vol": "virStorageVol", "dev": "virNodeDevice",
    "secret": "virSecret", "nwfilter": "virNWFilter", "binding": "virNWFilterBinding", "stream": "virStream",
    "snap": "virDomainSnapshot", "chk": "virDomainCheckpoint", "adm": "virAdmConnect", "srv": "virAdmServer",
    "client": "virAdmClient",
}

NUMBERS = (
    "0", "1", "2", "-1", "-2", "3", "7", "255", "65536", "2 ** 31 - 1", "2 ** 31", "-2 ** 31", "-2 ** 31 - 1",
    "2 ** 32 - 1", "2 ** 32", "2 ** 63 - 1", "2 ** 63", "-2 ** 63", "-2 ** 63 - 1", "2 ** 64 - 1", "2 ** 64",
    "10 ** 400", "True", "False", "Int(7)", "Int(-1)", "Index(7)", "Index(-2 ** 40)", "Index('1')", "0.0", "-0.0",
    "1e308", "float('nan')", "float('inf')", "Float(2)",
)
TEXTS = (
    "''", "'x'", "'zw\\xf6lf'", "'a\\0b'", "'\\0'", "'\\udcff'", "'x\\ud800'", "'\\U0001f600'", "'\\xe9' * 40",
    "'x' * 79", "'x' * 80", "'x' * 255", "'x' * 256", "'x' * 5000", "'\\udcc3' * 300", "'%s%n%d'", "'../x'",
    "Text('x')", "Text('a\\0b')", "key('x', 'close')", "'<domain/>'", "'{}'", "'x()failed'",
)
BYTES = (
    "b''", "b'x'", "b'a\\0b'", "bytes(16)", "bytes(15)", "bytes(17)", "bytearray(16)", "memoryview(bytes(16))",
    "memoryview(bytes(32))[::2]", "memoryview(bytearray(16))", "released(bytes(16))", "Bytes(16)", "bytes(100000)",
    "array('I', [1, 2, 3, 4])", "array('I')",
)
GROUPS = (
    "[]", "()", "{}", "[None]", "[[]]", "(1, 2)", "[1, 2, 3]", "['x', 'y']", "[2 ** 31]", "['a\\0b']", "['x'] * 300",
    "[True] * 5000", "{'x': 1}", "{'x': 'y', 'z': 1.5}", "{1: 2}", "{None: None}", "{'a\\0b': 1}", "{'x' * 80: 1}",
    "{'x' * 79: 1}", "{'x': [1, 2, 'z']}", "{'\\udcff': '\\udcff'}", "{'x': None}", "{'x': 2 ** 64}",
    "{key('cb', 'close'): 1}", "List([1, 2])", "List(['x'])", "Endless([1])", "Tuple((1, 2))", "Dict({'x': 1})",
    "recursive()", "set()", "frozenset([1])", "range(3)", "iter([1, 2])", "bytearray(b'xy')",
    "emptied([1, 2, 3], 0)", "grown([1, 2, 3], 1)", "emptied({'x': 1, 'y': 2}, 0)", "grown({'x': 1, 'y': 2}, 0)",
    "[Dies('close')]", "{'x': Dies('free dom')}", "data()",
)
THINGS = (
    "None", "...", "NotImplemented", "object()", "int", "type", "libvirt", "len", "1j", "nothing", "Named()",
    "Nameless()", "Oops", "Oops()", "Dies('close')", "Dies('raise')", "Dies('again')",
    "capsule(None)", "capsule(b'x')", "capsule(b'')", "capsule(b'virFreeCallback (done)')", "giving(b'abc', b'x')",
    "giving(None)", "giving('x')", "giving(-1)",
)
ACTIONS = ("close", "close dconn", "close adm", "free dom", "free pool", "free stream", "free srv", "collect",
           "again", "switch", "fire", "raise", "raise base", "nothing")
HANDLES = (
    *(f"{name}._o" for name in KINDS), *KINDS, "closed()", "closed_connection()",
    *(f"freed('{name}')" for name in KINDS if not name.endswith("conn")),
    *(f"bare('{kind}')" for kind in sorted(set(KINDS.values()))), "Holder('close', conn._o)",
    "Holder('free dom', dom._o)", "Holder('raise', None)", "Holder('nothing', 5)",
)
VALUES = ("1", "0", "-1", "2 ** 40", "'x'", "b'abc'", "None", "[1, 2]", "('m', True)", "{'x': 1}", "conn", "dom._o")


@dataclass(frozen=True)
class Group:
    """A list or a tuple in the source of a call."""

    kind: str
    items: Tuple["Node", ...]


@dataclass(frozen=True)
class Pairs:
    """A dict in the source of a call."""

    items: Tuple[Tuple["Node", "Node"], ...]


Node = Union[str, Group, Pairs]
Item = TypeVar("Item")


def parse(source: str) -> Node:
    return _convert(ast.parse(source, mode="eval").body)


def _convert(tree: ast.expr) -> Node:
    if isinstance(tree, ast.List):
        return Group("list", tuple(map(_convert, tree.elts)))
    if isinstance(tree, ast.Tuple):
        return Group("tuple", tuple(map(_convert, tree.elts)))
    if isinstance(tree, ast.Dict):
        return Pairs(tuple((_convert(name), _convert(value)) for name, value in zip(tree.keys, tree.values)
                           if name is not None))
    return ast.unparse(tree)


def render(node: Node) -> str:
    if isinstance(node, str):
        return node
    if isinstance(node, Pairs):
        return "{%s}" % ", ".join(f"{render(name)}: {render(value)}" for name, value in node.items)
    items = ", ".join(map(render, node.items))
    if node.kind == "list":
        return f"[{items}]"
    return f"({items},)" if items else "()"


# --- changes ---------------------------------------------------------------------

def _runs(chance: random.Random, value: str) -> str:
    return f"Runs('{chance.choice(ACTIONS)}', {value})"


def _anything(chance: random.Random) -> str:
    pool = chance.choice((NUMBERS, TEXTS, BYTES, GROUPS, THINGS, HANDLES, HANDLES, None))
    return _runs(chance, chance.choice(VALUES)) if pool is None else chance.choice(pool)


def _like(chance: random.Random, source: str) -> str:
    """Return a value that may be taken for the same type."""
    pool = TEXTS if source[:1] in "'\"" else BYTES if source[:2] in ("b'", 'b"') else \
        NUMBERS if source[:1] in "0123456789-TF" else HANDLES
    choice = chance.random()
    if pool is not HANDLES and choice < 0.25:
        return _runs(chance, source)
    if pool is HANDLES and choice < 0.2:
        return f"Holder('{chance.choice(ACTIONS)}', {source if source.endswith('_o') else 'None'})"
    return chance.choice(pool)


def _change_pair(chance: random.Random, pair: Tuple[Node, Node]) -> Tuple[Node, Node]:
    name, value = pair
    return (change(chance, name), value) if chance.random() < 0.3 else (name, change(chance, value))


def _change_items(chance: random.Random, given: Tuple[Item, ...],
                  change_one: Callable[[random.Random, Item], Item]) -> Tuple[Item, ...]:
    items = list(given)
    place = chance.randrange(len(items))
    how = chance.choice(("item", "item", "item", "drop", "twice", "many", "none"))
    if how == "item":
        items[place] = change_one(chance, items[place])
    elif how == "drop":
        del items[place]
    elif how == "twice":
        items.insert(place, items[chance.randrange(len(items))])
    elif how == "many":
        items *= 30
    else:
        items.clear()
    return tuple(items)


def _wrap(chance: random.Random, group: Union[Group, Pairs]) -> str:
    source = render(group)
    place = chance.randrange(10)
    wrappers = {"list": ("List({0})", "Endless({0})", "tuple({0})", "emptied({0}, {1})", "grown({0}, {1})",
                         "iter({0})"),
                "tuple": ("Tuple({0})", "list({0})", "emptied(list({0}), {1})", "grown(list({0}), {1})", "set({0})"),
                "dict": ("Dict({0})", "list({0}.items())", "emptied({0}, {1})", "grown({0}, {1})", "{0}.items()")}
    return chance.choice(wrappers["dict" if isinstance(group, Pairs) else group.kind]).format(source, place)


def is_named(source: str) -> bool:
    """Return whether the source is NAME=VALUE. Such arguments must come last."""
    return re.match(r"\w+=", source) is not None


def change(chance: random.Random, node: Node) -> Node:
    choice = chance.random()
    if choice < 0.3:
        return _anything(chance)
    if isinstance(node, str):
        return _like(chance, node)
    if choice < 0.5:
        return _wrap(chance, node)
    if not node.items:
        return _anything(chance)
    if isinstance(node, Pairs):
        return Pairs(_change_items(chance, node.items, _change_pair))
    return Group(node.kind, _change_items(chance, node.items, change))


def arguments(chance: random.Random, seeds: Sequence[Sequence[Node]]) -> Sequence[Node]:
    """Return the arguments of a call: those of a seed, with some of them changed, or sometimes none."""
    given = list(chance.choice(seeds))
    choice = chance.random()
    if choice < 0.2 or not given:
        pass
    elif choice < 0.7:
        place = chance.randrange(len(given))
        given[place] = change(chance, given[place])
    elif choice < 0.92:
        given = [change(chance, node) if chance.random() < 0.5 else node for node in given]
    elif choice < 0.96:
        del given[chance.randrange(len(given))]
    else:
        given.insert(chance.randrange(len(given) + 1), _anything(chance))
    return given


# The modes of the fake libvirt: all kinds of answers that good arguments can get.
MODES = ("golden",) * 8 + ("empty", "nulls", "maximal", "badtext", "odd", "twice", "fewer", "holes", "nocpus")


def mode(chance: random.Random) -> str:
    picked = chance.choice(MODES)
    return f"{picked} fail:{chance.randrange(1, 4)}" if chance.random() < 0.1 else picked


class Call(NamedTuple):
    """A call: its number among the calls of its function, the mode of the fake, and its arguments as text."""

    number: int
    mode: str
    source: str


def calls(seed: int, world: str, name: str, seeds: Sequence[Sequence[Node]], number: int) -> Call:
    """Return the call with a number. The first calls are the unchanged seeds."""
    chance = random.Random(f"{seed} {world} {name} {number}")
    if number < len(seeds):
        return Call(number, "golden", ", ".join(map(render, seeds[number])))
    picked = mode(chance)
    given = map(render, arguments(chance, seeds))
    return Call(number, picked, ", ".join(sorted(given, key=is_named)))
