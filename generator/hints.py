# SPDX-License-Identifier: LGPL-2.1-or-later
"""Type hints of arguments and results, for type checkers."""

from dataclasses import dataclass, field
from typing import Dict, Mapping, Sequence, Tuple, Union

from .definitions import Alias, Definition, Empty, Keys, OpenKeys, Places, Record


_NONE: Mapping[str, str] = {}


@dataclass(frozen=True)
class Hint:
    """A type expression, and the definitions that come with it: those that it uses, and names for its items."""

    text: str
    needs: Mapping[str, Definition] = field(default_factory=dict)  # in an order that each can be used by the next one

    @property
    def container(self) -> str:
        """What an object of the type is, if the expression begins with a name from the definitions."""
        definition = self.needs.get(self.text.split(" | ", maxsplit=1)[0].partition("[")[0])
        return definition.container if definition is not None else ""


def as_hint(hint: Union[str, Hint]) -> Hint:
    """The hint for a type expression that needs no definition, or the hint itself."""
    return Hint(hint) if isinstance(hint, str) else hint


def union(*parts: Union[str, Hint]) -> Hint:
    hints = [as_hint(part) for part in parts]
    return Hint(" | ".join(hint.text for hint in hints), _needs(hints))


def keys(name: str, total: bool = True, **items: Union[str, Hint]) -> Hint:
    """A dict with these keys and the types of their values.  total: all keys are always present."""
    return keyed(name, [(key, as_hint(value)) for key, value in items.items()], total=total)


def record(name: str, form: str, **items: Union[str, Hint]) -> Hint:
    """A list or tuple, whose type is the form, and the names of its items."""
    hints = [(key, as_hint(value)) for key, value in items.items()]
    return Hint(form, _with(hints, Record(name, _items(hints), form=form)))


def places(name: str, **items: Union[str, Hint]) -> Hint:
    """A list with an item of its own type in each place."""
    hints = [(key, as_hint(value)) for key, value in items.items()]
    return Hint(name, _with(hints, Places(name, _items(hints))))


def alias(name: str, hint: Union[str, Hint], container: str = "") -> Hint:
    """Another name of a type.  If it has the type variable _T, so has the hint: the caller chooses its type."""
    named = as_hint(hint)
    return Hint(f"{name}[_T]" if "_T" in named.text else name,
                {**named.needs, name: Alias(name, named.text, container)})


def inside(text: str, *hints: Hint) -> Hint:
    """A type expression with a placeholder "{}" for each of the hints."""
    return Hint(text.format(*(hint.text for hint in hints)), _needs(hints))


def or_none(hint: Hint) -> Hint:
    return hint if hint.text.endswith("| None") else Hint(f"{hint.text} | None", hint.needs)


def list_of(hint: Hint) -> Hint:
    return inside("list[{}]", hint)


def dict_of(key: str, value: Hint) -> Hint:
    return Hint(f"dict[{key}, {value.text}]", value.needs)


def listed(item: str) -> Hint:
    """A list or a tuple of the item's type.  Other sequences are refused, because a str is a sequence of str."""
    return Hint(f"list[{item}] | tuple[{item}, ...]")


def _needs(hints: Sequence[Hint]) -> Dict[str, Definition]:
    return {name: lines for hint in hints for name, lines in hint.needs.items()}


def _items(items: Sequence[Tuple[str, Hint]]) -> Tuple[Tuple[str, str], ...]:
    return tuple((name, hint.text) for name, hint in items)


def _with(items: Sequence[Tuple[str, Hint]], *definitions: Definition) -> Dict[str, Definition]:
    """The definitions that the items need, and others behind them."""
    return {**_needs([hint for _, hint in items]), **{item.name: item for item in definitions}}


def keyed(name: str, items: Sequence[Tuple[str, Hint]], infos: Mapping[str, str] = _NONE, total: bool = True) -> Hint:
    """A dict with these keys, which need not be identifiers.  infos: libvirt's descriptions of them."""
    return Hint(name, _with(items, Keys(name, _items(items), infos, total)))


def empty(name: str, value: str) -> Hint:
    """An empty dict that stands for nothing, beside another type of dict whose values have this type."""
    return Hint(name, {name: Empty(name, value)})


def open_keys(name: str, value: str, items: Sequence[Tuple[str, Hint]], patterns: Sequence[Tuple[str, str]],
              infos: Mapping[str, str]) -> Hint:
    """A dict that may have other keys, too: those of the patterns, and others.  value: the type of their values."""
    return Hint(name, _with(items, OpenKeys(name, _items(items), infos, value, tuple(patterns))))


def packed(container: str, name: str, items: Sequence[Tuple[str, Hint]], infos: Mapping[str, str] = _NONE) -> Hint:
    """The type of a List, a Tuple or a Dict of items with their keys.

    name: what the items are called as a whole.  infos: libvirt's descriptions
    of them.
    """
    texts = [hint.text for _, hint in items]
    if container == "Dict":
        return keyed(name, items, infos)
    if container == "Tuple":
        form = f"tuple[{', '.join(texts)}]"
    elif len(set(texts)) == 1:
        form = f"list[{texts[0]}]"
    else:
        form = name + "List"
        return Hint(form, _with(items, Record(name, _items(items), infos, form), Places(form, _items(items), infos)))
    return Hint(form, _with(items, Record(name, _items(items), infos, form)))
