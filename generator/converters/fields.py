# SPDX-License-Identifier: LGPL-2.1-or-later
"""The items of containers: how each is called, made, typed and described.

The C code, the stub and the docstring of a container all come from its items.
A row changes an item by its Key, under the name of the C field.
"""

from dataclasses import dataclass
from typing import Dict, List, Mapping, Sequence, Tuple

from .. import ctext, hints, layout, naming
from ..hints import Hint
from ..model import Argument
from .common import FIELD_SCALARS, ConverterError, convert_member, is_text, member_hint


@dataclass(frozen=True)
class Key:
    """What Python has for a C field, where it is not the field's own name and value."""

    name: str = ""  # the key of a dict, and the name in types and documentation
    operation: str = ""  # C operation on a number that Python has in another unit: ">> 10"
    description: str = ""  # for documentation, where libvirt's text does not fit, such as after an operation
    boolean: bool = False  # the number is a truth value


Keys = Mapping[str, Key]  # C field -> its key


@dataclass(frozen=True)
class Item:
    """One item of a container."""

    name: str  # the key of a dict, and the name in types and documentation
    value: str  # C expression that makes a new reference, or NULL and an exception
    hint: Hint
    description: str = ""


def pack(container: str, items: Sequence[Item]) -> str:
    """The C expression that makes a List, a Tuple or a Dict of the items."""
    return ctext.pack(container, [f"{ctext.string(item.name)}, {item.value}" if container == "Dict" else item.value
                                  for item in items])


def packed_hint(container: str, cname: str, items: Sequence[Item]) -> Hint:
    """The type of what pack() makes of a C struct, or of the results of a C function."""
    return hints.packed(container, naming.type_name(cname), [(item.name, item.hint) for item in items],
                        {item.name: item.description for item in items})


def item_function(name: str, struct: str, packed: str) -> Tuple[str, ...]:
    """The C function for virPyListOf() that makes an object of one struct in an array, which it calls `item`."""
    return (
        f"static PyObject *{name}(const void *source, Py_ssize_t n)",
        "{",
        f"    const {struct} *item = source;",
        "",
        "    item += n;",
        layout.statement(f"return {packed};", "    "),
        "}",
        "",
    )


def scalar_item(name: str, ctype: str, value: str, key: Key, description: str) -> Item:
    """The item for a C expression that is a number or text."""
    if is_text(ctype):
        return object_item(name, convert_member(ctype, value), member_hint(ctype), key, description)
    if key.operation:
        value = f"{value} {key.operation}"
    converted, hint = convert_member(ctype, value), member_hint(ctype)
    if key.boolean:
        converted, hint = f"virPyFromBool({value})", Hint("bool")
    return Item(key.name or name, converted, hint, key.description or " ".join(description.split()))


def object_item(name: str, value: str, hint: Hint, key: Key, description: str) -> Item:
    """The item for a C expression that makes a Python object."""
    if key.operation or key.boolean:
        raise ConverterError(f"'{name}' is no number, so its key can have neither an operation nor a truth value")
    return Item(key.name or name, value, hint, key.description or " ".join(description.split()))


def items_of_struct(struct: str, members: Sequence[Argument], keys: Keys, source: str) -> List[Item]:
    """The items for the fields of a struct.  source: what precedes a field in C, such as "item->".

    A number with an array of text behind it becomes one item, a list of str.
    """
    items: Dict[str, Item] = {}
    place = 0
    while place < len(members):
        member = members[place]
        following = members[place + 1] if place + 1 < len(members) else None
        if member.type in ("size_t", "int", "unsigned int") and following is not None and following.type == "char **":
            value = f"virPyFromTexts({source}{following.name}, {source}{member.name})"
            items[following.name] = object_item(following.name, value, Hint("list[str]"),
                                                keys.get(following.name, Key()), following.info)
            place += 2
        elif member.type in FIELD_SCALARS or is_text(member.type):
            items[member.name] = scalar_item(member.name, member.type, source + member.name,
                                             keys.get(member.name, Key()), member.info)
            place += 1
        else:
            raise ConverterError(f"field '{member.name}' of {struct} is of the unknown type '{member.type}'")
    check_keys(keys, items, struct)
    return list(items.values())


def check_keys(keys: Keys, items: Mapping[str, Item], owner: str) -> None:
    """Raise ConverterError for keys that name no field, that change nothing, or that give one name twice.

    items: C field -> its item.
    """
    for name, key in keys.items():
        if name not in items:
            raise ConverterError(f"{owner} has no field '{name}'")
        if key in (Key(), Key(name)):
            raise ConverterError(f"the key of '{name}' changes nothing")
    names = [item.name for item in items.values()]
    for name in names:
        if names.count(name) > 1:
            raise ConverterError(f"two fields of {owner} are called '{name}'")
