# SPDX-License-Identifier: LGPL-2.1-or-later
"""The pages of the reference about enums: one for each, and a list of all."""

import inspect
import re
import sys
from enum import Enum
from types import ModuleType
from typing import Dict, List, Mapping, NamedTuple, Sequence, Type

import describe
from apixml import Constant

MODULE = "libvirt_enums"

# Headings of the list, and what the names of their enums begin with. The first that fits counts.
_GROUPS = (
    ("Events", r".*Event"),
    ("Errors", r"Error"),
    ("Domains: block jobs and disks", r"Domain(Block|Disk|Backup|Checkpoint)"),
    ("Domains: snapshots, save and migration", r"Domain(Snapshot|Save|Migrate|Job|CoreDump)"),
    ("Domains", r"Domain"),
    ("Connections", r"Conn"),
    ("Networks", r"(Network|NW|IPAddr|Interface)"),
    ("Storage", r"Storage"),
    ("Other", r""),
)


class Member(NamedTuple):
    name: str
    value: int
    constant: str  # with its module, or empty
    text: str
    since: str


def enums(module: ModuleType) -> Dict[str, Type[Enum]]:
    return {name: item for name, item in vars(module).items()
            if inspect.isclass(item) and issubclass(item, Enum) and item.__module__ == module.__name__}


def _c_enum(enum: Type[Enum]) -> str:
    found = re.search(r"C enum: (\w+)", enum.__doc__ or "")
    return found[1] if found else ""


def members(enum: Type[Enum], constants: Mapping[str, Sequence[Constant]], home: Mapping[str, str]) -> List[Member]:
    """Return the members of an enum.

    constants: C enum -> its constants; home: constant -> module that has it
    """
    known = constants.get(_c_enum(enum), ())
    first = (enum.__doc__ or "").partition("\n")[0]
    made = []
    for name, member in enum.__members__.items():
        constant = next((item for item in known if item.name.endswith("_" + name) and item.name in home
                         and getattr(sys.modules[home[item.name]], item.name) == member.value), None)
        text = member.__doc__ or ""
        made.append(Member(name, int(member.value), f"{home[constant.name]}.{constant.name}" if constant else "",
                           "" if text == first else text, constant.since if constant else ""))
    return made


def page(enum: Type[Enum], kept: Sequence[Member], users: Sequence[str], links: Mapping[str, str]) -> List[str]:
    """Return the lines of the page of an enum.

    users: functions whose docstrings name it; links: as for describe.inline()
    """
    name = enum.__name__
    base = enum.__mro__[1].__name__
    summary = (enum.__doc__ or "").partition("\n")[0]
    lines = [":orphan:", "", name, "=" * len(name), "", describe.inline(summary, links), "",
             f".. py:class:: {MODULE}.{name}", "", f"    An ``{base}``; in C it is ``{_c_enum(enum)}``.", ""]
    if users:
        named = sorted(user.partition(".")[2] if user.startswith("libvirt.vir") else user for user in users)
        lines += ["    Used by " + ", ".join(describe.inline(user + "()", links) for user in named) + ".", ""]
    for member in kept:
        value = f"{member.value:#x}" if base == "IntFlag" else str(member.value)
        # Two names for one thing, so that a search for either finds it.
        lines.append(f".. py:data:: {MODULE}.{name}.{member.name}")
        lines += [f"             {member.constant}"] if member.constant else []
        lines += [f"    :value: {value}", "    :nocontentsentry:", ""]
        since = f" (since libvirt {member.since})" if member.since else ""
        text = describe.inline(member.text, links)
        lines += [f"    {text}{since}" if text or since else "", ""]
    return lines


def index(found: Mapping[str, Type[Enum]]) -> List[str]:
    """Return the lines of the list of all enums."""
    lines = ["Enums and constants", "=" * 19, "", f".. py:module:: {MODULE}", "",
             f"``libvirt.enums``, the module ``{MODULE}``, has an ``IntEnum`` or ``IntFlag`` for each enum of C. Its "
             "members are equal to the constants of the module ``libvirt``, and functions accept both.", "",
             "::", "", "    libvirt.enums.DomainState(dom.state()[0]).name    # 'RUNNING'", "",
             "The page of an enum has the text of each member, its constant, and the functions that use it. Search for "
             "a constant such as ``VIR_DOMAIN_RUNNING`` to find the page of its enum.", ""]
    left = dict(found)
    for heading, pattern in _GROUPS:
        here = sorted(name for name in left if re.match(pattern, name))
        if not here:
            continue
        lines += [heading, "-" * len(heading), "", ".. list-table::", "    :widths: 40 60", ""]
        for name in here:
            summary = (left.pop(name).__doc__ or "").partition("\n")[0]
            lines += [f"    * - :py:class:`~{MODULE}.{name}`", f"      - {describe.inline(summary, {})}"]
        lines.append("")
    return lines
