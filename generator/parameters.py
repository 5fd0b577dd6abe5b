# SPDX-License-Identifier: LGPL-2.1-or-later
"""Finds the keys of typed parameters, and the types of their values, in libvirt's descriptions."""

import re
from dataclasses import dataclass
from typing import Iterable, List, Mapping, Optional, Sequence, Tuple

from . import hints
from .bindings.schema import Parameters
from .hints import Hint
from .model import Api, Macro

# Type of a parameter -> type of the object in Python.
_PYTHON = {"INT": "int", "UINT": "int", "LLONG": "int", "ULLONG": "int", "DOUBLE": "float", "BOOLEAN": "bool",
           "STRING": "str"}
# The same for the words by which descriptions name a type.
_WORDS = {"uint": "int", "ullong": "int", "llong": "int", "int": "int", "unsigned int": "int", "long long": "int",
          "unsigned long long": "int", "unsigned long": "int", "double": "float", "string": "str", "bool": "bool",
          "boolean": "bool"}
_TYPE = re.compile(r"\bVIR_TYPED_PARAMS?_([A-Z]+)\b|\b(?:as|[Aa]n?|type of|type is) (?:an? )?("
                   + "|".join(sorted(_WORDS, key=len, reverse=True)) + r")\b|(?:^|: )(string) containing")
# A key in a description: "cpu.time" - ..., or 'vcpus': ...
_DESCRIBED = re.compile(r"""^[ ]*(?:"(?P<key>[\w.<>-]+)"?[ ]+-|'(?P<other>[\w.<>-]+)':)\s(?P<info>.*?)"""
                        r"""(?=^[ ]*["']|^\s*$|\Z)""", re.DOTALL | re.MULTILINE)
_DICT = re.compile(r"\bdict\[str, (?:Any|int)\]")
_MULTIPLE = re.compile(r"\bmultiple field\b")


@dataclass(frozen=True)
class Key:
    name: str
    type: str  # type expression, "Any" where no description tells it
    info: str

    @property
    def is_pattern(self) -> bool:
        """Whether the name stands for several, which have numbers in place of what is in brackets."""
        return "<" in self.name


def _told(info: str) -> str:
    """The type that a description tells; "" if it tells none, or several."""
    found = {_PYTHON.get(param, "") or _WORDS.get(word, "") or "str"
             for param, word, _ in _TYPE.findall(" ".join(info.split()))}
    return found.pop() if len(found) == 1 else ""


def _type(table: Parameters, fields: Mapping[str, str], key: str, info: str) -> str:
    if table.more.get(key) == "":
        return "Any"
    given = table.more.get(key) or table.types.get(key) or fields.get(key) or table.every
    found = _PYTHON[given] if given else _told(info) or "Any"
    return f"{found} | list[{found}] | tuple[{found}, ...]" if _MULTIPLE.search(info) else found


def _spelled(macro: Macro, macros: Mapping[str, Macro]) -> Optional[str]:
    """The key that a macro stands for; with the macro for its prefix, if it is only a suffix."""
    head, suffix, _ = macro.name.rpartition("_SUFFIX_")
    if not suffix:
        return re.sub(r"%u$", "<num>", macro.string or "")
    before = macros.get(head + "_PREFIX")
    start = _spelled(before, macros) if before is not None else None
    return f"{start}<num>{macro.string}" if start is not None else None


def _of_macros(table: Parameters, api: Api) -> Iterable[Tuple[str, str]]:
    macros = {item.name: item for item in api.macros if item.string is not None}
    for macro in macros.values():
        if not table.macros or not macro.name.startswith(table.macros) or macro.name.startswith(table.without) \
                or (macro.string or "").endswith("."):
            continue
        key = _spelled(macro, macros)
        if key is not None:
            yield key, macro.info


def _of_description(table: Parameters, api: Api) -> Iterable[Tuple[str, str]]:
    function = api.functions.get(table.described)
    for found in _DESCRIBED.finditer(function.info) if function is not None else ():
        if "$" not in (found["key"] or found["other"]):
            yield found["key"] or found["other"], found["info"]


def _keys_of(table: Parameters, api: Api, fields: Mapping[str, str]) -> List[Key]:
    """The keys that a libvirt describes; those that are patterns behind the others."""
    infos = dict.fromkeys(table.more, "")
    infos.update(_of_description(table, api))
    infos.update(_of_macros(table, api))
    found = [Key(name, _type(table, fields, name, info), " ".join(info.split())) for name, info in infos.items()]
    return sorted(found, key=lambda key: key.is_pattern)


_NONE: Mapping[str, str] = {}


def type_of(tables: Sequence[Parameters], function: str, api: Api,
            fields: Mapping[str, str] = _NONE) -> Optional[Hint]:
    """The type of the dict of parameters of a C function or callback, or None if nothing describes its keys.

    fields: key -> type, as far as the converter of an argument knows them.
    """
    table = next((item for item in tables if function in (*item.taken, *item.returned)), None)
    keys = _keys_of(table, api, fields) if table is not None else []
    if table is None or not keys:
        return None
    items = [(key.name, Hint(key.type)) for key in keys if not key.is_pattern]
    infos = {key.name: key.info for key in keys}
    told = hints.open_keys(
        table.name + ("Dict" if table.taken else ""), _PYTHON[table.every] if table.every else "Any", items,
        [(key.name, key.type) for key in keys if key.is_pattern], infos)
    if function in table.returned:
        return told
    given = hints.keyed(table.name, items, infos, total=False)
    # What one function returns, another one takes.
    return hints.union(given, told) if any(name in api.functions for name in table.returned) else given


def named(hint: Hint, keyed: Optional[Hint]) -> Hint:
    """A hint with a type from type_of() in place of the general type of a dict."""
    text = _DICT.sub(keyed.text, hint.text) if keyed is not None else hint.text
    return hint if keyed is None or text == hint.text else Hint(text, {**hint.needs, **keyed.needs})
