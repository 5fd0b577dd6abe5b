# SPDX-License-Identifier: LGPL-2.1-or-later
"""Type hints of arguments and results, for type checkers."""

import keyword
import textwrap
from dataclasses import dataclass, field
from typing import Dict, List, Mapping, Sequence, Tuple, Union

from .layout import WIDTH


@dataclass(frozen=True)
class Hint:
    """A type expression, and the definitions that it needs: name -> source lines."""

    text: str
    needs: Mapping[str, Tuple[str, ...]] = field(default_factory=dict)


def as_hint(hint: Union[str, Hint]) -> Hint:
    """The hint for a type expression that needs no definition, or the hint itself."""
    return Hint(hint) if isinstance(hint, str) else hint


def union(*parts: Union[str, Hint]) -> Hint:
    hints = [as_hint(part) for part in parts]
    return Hint(" | ".join(hint.text for hint in hints), _needs(hints))


def record(name: str, total: bool = True, **items: Union[str, Hint]) -> Hint:
    """A dict with these keys and the types of their values.  total: all keys are always present."""
    return _typed_dict(name, [(key, as_hint(value)) for key, value in items.items()], total)


def mixed_list(name: str, **items: Union[str, Hint]) -> Hint:
    """A list with an item of its own type in each place; the names are for the comment of its definition."""
    return _mixed_list(name, [(key, as_hint(value)) for key, value in items.items()])


def or_none(hint: Hint) -> Hint:
    return hint if hint.text.endswith("| None") else Hint(f"{hint.text} | None", hint.needs)


def list_of(hint: Hint) -> Hint:
    return Hint(f"list[{hint.text}]", hint.needs)


def dict_of(key: str, value: Hint) -> Hint:
    return Hint(f"dict[{key}, {value.text}]", value.needs)


def listed(item: str) -> Hint:
    """A list or a tuple of the item's type.  Other sequences are refused, because a str is a sequence of str."""
    return Hint(f"list[{item}] | tuple[{item}, ...]")


def _needs(hints: Sequence[Hint]) -> Dict[str, Tuple[str, ...]]:
    return {name: lines for hint in hints for name, lines in hint.needs.items()}


def _typed_dict(name: str, items: Sequence[Tuple[str, Hint]], total: bool = True) -> Hint:
    options = "" if total else ", total=False"
    lines: Sequence[str] = (f"class {name}(TypedDict{options}):", *(f"    {key}: {hint.text}" for key, hint in items))
    if any(keyword.iskeyword(key) or not key.isidentifier() for key, _ in items):
        # The class statement cannot have such keys.
        lines = (f'{name} = TypedDict("{name}", {{', *(f"    {key!r}: {hint.text}," for key, hint in items),
                 f"}}{options})")
    return Hint(name, {**_needs([hint for _, hint in items]), name: tuple(lines)})


def _mixed_list(name: str, items: Sequence[Tuple[str, Hint]]) -> Hint:
    """A list whose items are of several types, each known by its index.

    With a list of a union a checker would refuse both info[0].upper() and
    info[1] + 1, and the object is no tuple.  Where the index is not known, as
    in "model, memory, *rest = info", an item is Any.
    """
    places: Dict[str, List[int]] = {}
    for place, (_, hint) in enumerate(items):
        places.setdefault(hint.text, []).append(place)
    keys = textwrap.wrap(", ".join(key for key, _ in items), WIDTH, initial_indent="    # ",
                         subsequent_indent="    # ")
    lines = [f"class {name}(list[Any]):", *keys]
    # Checkers do not see that the overloads together accept every int.
    comment = "  # type: ignore[override]"
    for text, found in places.items():
        both = ", ".join(map(str, [*found, *(place - len(items) for place in found)]))
        lines += [f"    @overload{comment}", f"    def __getitem__(self, index: Literal[{both}], /) -> {text}: ..."]
        comment = ""
    lines += ["    @overload", "    def __getitem__(self, index: SupportsIndex, /) -> Any: ...",
              "    @overload", "    def __getitem__(self, index: slice, /) -> list[Any]: ..."]
    return Hint(name, {**_needs([hint for _, hint in items]), name: tuple(lines)})


def packed(container: str, name: str, items: Sequence[Tuple[str, Hint]]) -> Hint:
    """The type of a List, a Tuple or a Dict of items with their keys.  name: of its definition, if it needs one."""
    hints = [hint for _, hint in items]
    if container == "Dict":
        return _typed_dict(name, items)
    if container == "Tuple":
        return Hint(f"tuple[{', '.join(hint.text for hint in hints)}]", _needs(hints))
    if len({hint.text for hint in hints}) == 1:
        return list_of(hints[0])
    return _mixed_list(name, items)
