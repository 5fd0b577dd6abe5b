# SPDX-License-Identifier: LGPL-2.1-or-later
"""Constants of a module: enumerators become int, macros that are strings become str."""

from dataclasses import dataclass
from typing import Dict, List, Optional, Union

from .errors import GeneratorError
from .model import Api, Enumerator


@dataclass(frozen=True)
class Constant:
    name: str
    value: Union[int, str]


def number(item: Enumerator, known: Dict[str, Enumerator], api: Api) -> int:
    """The value of an enumerator.  In the API description it can be the name of another enumerator."""
    seen = {item.name}
    value = item.value
    while True:
        try:
            return int(value, 0)
        except ValueError:
            other = known.get(value)
            if other is None or other.name in seen:
                raise GeneratorError(f"{item.name} has the value '{item.value}', which is neither a number nor the "
                                     "name of another enumerator", api.path, item.line) from None
            seen.add(other.name)
            value = other.value


def names_others(api: Api) -> bool:
    """Whether the value of an enumerator is the name of an enumerator of another library."""
    own = {item.name for item in api.enumerators}
    return any(item.value[:1].isalpha() and item.value not in own for item in api.enumerators)


def constants(api: Api, base: Optional[Api]) -> List[Constant]:
    """All constants, sorted by name, without the sentinels of enums: an enum's last entry if it is called ..._LAST.

    base: the API description that values can be named in, too.
    """
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
