# SPDX-License-Identifier: LGPL-2.1-or-later
"""Plans of Python enums: their names, their members, and whether the members are flags."""

import keyword
import re
from dataclasses import dataclass, field, replace
from typing import Dict, List, Mapping, Sequence, Tuple

from . import constants
from .bindings.enums import LINKS, NO_FLAGS
from .model import Api, Enumerator

# Words that at least so many members begin with are a prefix.  If fewer members share a word, it can be part of their
# own names.
_MANY = 3


@dataclass(frozen=True)
class Member:
    name: str
    value: int
    constant: str  # its name in C, and in the Python module
    info: str


@dataclass(frozen=True)
class Enum:
    name: str
    cname: str
    flags: bool
    members: Tuple[Member, ...]  # sorted by value
    links: Mapping[str, str] = field(default_factory=dict)  # member -> name of the enum that it leads to


def _words(cname: str) -> List[str]:
    """The words of a type's name as they are in constants: DOMAIN, BLOCK, JOB for virDomainBlockJob."""
    return [word.upper() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z][a-z0-9]*|\d+", cname[len("vir"):])]


def _belongs(word: str, words: Sequence[str]) -> bool:
    """Whether it is one of the words, or an abbreviation of one, or one is an abbreviation of it."""
    return any(word.startswith(known) or known.startswith(word) for known in words)


def _prefix(names: Sequence[str], cname: str) -> int:
    """The length of the prefix that all names have in common, and that the members lose."""
    split = [name.split("_") for name in names]
    words, length = _words(cname), 0
    for place in range(min(map(len, split)) - 1):
        word = split[0][place]
        if any(other[place] != word for other in split):
            break
        if place > 0 and len(names) < _MANY and not _belongs(word, words):
            break
        length += len(word) + 1
    return length


def _name(constant: str, prefix: int) -> str:
    """The name without the prefix, or with as many of its last words as make it an identifier."""
    while not constant[prefix:].isidentifier() or keyword.iskeyword(constant[prefix:]):
        prefix = constant.rfind("_", 0, prefix - 1) + 1
    return constant[prefix:]


def _is_flags(cname: str, values: Sequence[int], sentinel: bool) -> bool:
    if cname in NO_FLAGS or any(value < 0 or value & (value - 1) for value in values):
        return False
    return "Flag" in cname or (not sentinel and max(values) > 1)


def plan(api: Api, *bases: Api) -> List[Enum]:
    """All enums of an API description, sorted by name.  bases: API descriptions that values can be named in, too."""
    known = {item.name: item for other in (*bases, api) for item in other.enumerators}
    by_type: Dict[str, List[Enumerator]] = {}
    for item in api.enumerators:
        by_type.setdefault(item.enum, []).append(item)
    found: List[Enum] = []
    for cname, items in by_type.items():
        valued = sorted(((constants.number(item, known, api), item) for item in items),
                        key=lambda pair: (pair[0], pair[1].name))
        sentinel = valued[-1][1].name.endswith("_LAST")
        kept = valued[:-1] if sentinel else valued
        if not kept:
            continue
        prefix = _prefix([item.name for _, item in valued], cname)
        members = tuple(Member(_name(item.name, prefix), value, item.name, " ".join(item.info.split()))
                        for value, item in kept)
        found.append(Enum(cname[len("vir"):], cname, _is_flags(cname, [value for value, _ in kept], sentinel), members))
    names = {item.cname.lower(): item.name for item in found}
    return sorted((replace(item, links=_links(item, names)) for item in found), key=lambda item: item.name)


def _links(made: Enum, names: Mapping[str, str]) -> Dict[str, str]:
    """The enums that the members of an enum lead to.  names: C enum in lower case -> name."""
    link = LINKS.get(made.cname)
    targets = {} if link is None else {
        member.name: names.get(link.pattern.format(member.name).lower()) for member in made.members}
    return {member: target for member, target in targets.items() if target is not None}
