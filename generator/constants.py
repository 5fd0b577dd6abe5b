# SPDX-License-Identifier: LGPL-2.1-or-later
"""Constants of a module: enumerators as numbers, macros of text as text."""

from dataclasses import dataclass
from typing import Dict, List, Optional, Union

from .errors import GeneratorError
from .model import Api, Enumerator


@dataclass(frozen=True)
class Constant:
    name: str
    value: Union[int, str]


def number(item: Enumerator, known: Dict[str, Enumerator], api: Api) -> int:
    """The value of an enumerator, which may be the name of another."""
    seen = {item.name}
    value = item.value
    while True:
        try:
            return int(value, 0)
        except ValueError:
            other = known.get(value)
            if other is None or other.name in seen:
                raise GeneratorError(f"{item.name} has the value '{item.value}', which is no number and names none",
                                     api.path, item.line) from None
            seen.add(other.name)
            value = other.value


def names_others(api: Api) -> bool:
    """Whether an enumerator has the value of one that another library has."""
    own = {item.name for item in api.enumerators}
    return any(item.value[:1].isalpha() and item.value not in own for item in api.enumerators)


def constants(api: Api, base: Optional[Api]) -> List[Constant]:
    """In order of their names.  Each enum loses its sentinel: a last entry that is called ..._LAST."""
    known = {item.name: item for item in (*(base.enumerators if base is not None else ()), *api.enumerators)}
    enums: Dict[str, List[Constant]] = {}
    for item in api.enumerators:
        enums.setdefault(item.enum, []).append(Constant(item.name, number(item, known, api)))
    found: List[Constant] = []
    for values in enums.values():
        values.sort(key=lambda constant: (constant.value, constant.name))
        found += values[:-1] if values[-1].name.endswith("_LAST") else values
    found += [Constant(macro.name, macro.string) for macro in api.macros if macro.string is not None]
    return sorted(found, key=lambda constant: constant.name)
