# SPDX-License-Identifier: LGPL-2.1-or-later
"""Type hints: what a checker of types is told of an argument or a result."""

import keyword
from dataclasses import dataclass, field
from typing import Dict, List, Mapping, Sequence, Tuple


@dataclass(frozen=True)
class Hint:
    """A type expression, and the definitions that it needs: name -> source lines."""

    text: str
    needs: Mapping[str, Tuple[str, ...]] = field(default_factory=dict)


def or_none(hint: Hint) -> Hint:
    return hint if hint.text.endswith("| None") else Hint(f"{hint.text} | None", hint.needs)


def list_of(hint: Hint) -> Hint:
    return Hint(f"list[{hint.text}]", hint.needs)


def listed(item: str) -> Hint:
    """What takes a list or a tuple, and no other sequence: a str would be one of text."""
    return Hint(f"list[{item}] | tuple[{item}, ...]")


def _needs(hints: Sequence[Hint]) -> Dict[str, Tuple[str, ...]]:
    return {name: lines for hint in hints for name, lines in hint.needs.items()}


def _typed_dict(name: str, items: Sequence[Tuple[str, Hint]]) -> Hint:
    lines: Sequence[str] = (f"class {name}(TypedDict):", *(f"    {key}: {hint.text}" for key, hint in items))
    if any(keyword.iskeyword(key) for key, _ in items):
        lines = (f'{name} = TypedDict("{name}", {{', *(f'    "{key}": {hint.text},' for key, hint in items), "})")
    return Hint(name, {**_needs([hint for _, hint in items]), name: tuple(lines)})


def _mixed_list(name: str, items: Sequence[Tuple[str, Hint]]) -> Hint:
    """A list whose items are of several types, each of which is known by its place.

    As a list of a union neither info[0].upper() nor info[1] + 1 would pass,
    and to take it for a tuple would be a lie.  Without a place, as in
    "model, memory, *rest = info", an item can be anything.
    """
    places: Dict[str, List[int]] = {}
    for place, (_, hint) in enumerate(items):
        places.setdefault(hint.text, []).append(place)
    lines = [f"class {name}(list[Any]):", f"    # {', '.join(key for key, _ in items)}"]
    # Checkers do not see that an int comes to the same with all overloads together.
    comment = "  # type: ignore[override]"
    for text, found in places.items():
        both = ", ".join(map(str, [*found, *(place - len(items) for place in found)]))
        lines += [f"    @overload{comment}", f"    def __getitem__(self, index: Literal[{both}], /) -> {text}: ..."]
        comment = ""
    lines += ["    @overload", "    def __getitem__(self, index: SupportsIndex, /) -> Any: ...",
              "    @overload", "    def __getitem__(self, index: slice, /) -> list[Any]: ..."]
    return Hint(name, {**_needs([hint for _, hint in items]), name: tuple(lines)})


def packed(container: str, name: str, items: Sequence[Tuple[str, Hint]]) -> Hint:
    """What ctext.pack() makes of items with their keys; a definition, where one is needed, gets the name."""
    hints = [hint for _, hint in items]
    if container == "Dict":
        return _typed_dict(name, items)
    if container == "Tuple":
        return Hint(f"tuple[{', '.join(hint.text for hint in hints)}]", _needs(hints))
    if len({hint.text for hint in hints}) == 1:
        return list_of(hints[0])
    return _mixed_list(name, items)
