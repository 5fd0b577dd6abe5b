# SPDX-License-Identifier: LGPL-2.1-or-later
"""The module libvirt_enums: a Python enum for each C enum."""

from typing import List, Sequence

from .. import docstrings, enums
from ..bindings.enums import LINKS
from ..model import Api
from ..plan import ModulePlan
from . import notice

_DOC = '''"""Names for the numbers of libvirt: an enum for each one that C has.

DomainState(dom.state()[0]).name is "RUNNING", and DomainXMLFlags(3) shows which
flags that is. Members are equal to the constants of the module libvirt,
libvirt_qemu or libvirt_admin, and can be given to its functions.

See help(DomainState) for what its members mean. Each member has its own part
of that text as __doc__.

Members lead to the enum of what comes with them: DomainState.SHUTOFF.reasons is
DomainShutoffReason, and DomainEventType.STOPPED.details is
DomainEventStoppedDetailType.
"""'''

# Each text is stored once, and looked for when somebody asks.
_DESCRIBED = '''
class _Text:
    """The docstring of an enum, and the text of a member in it."""

    def __init__(self, text):
        self.text = text

    def __get__(self, member, owner=None):
        if member is None:
            return self.text
        lines = iter(self.text.splitlines())
        first = next(lines)
        start = f"{member.name}: "
        for line in lines:
            text = line.lstrip()
            if text.startswith(start):
                # Lines that are indented more go on with the text.
                depth, found = len(line) - len(text), [text[len(start):]]
                for line in lines:
                    if len(line) - len(line.lstrip()) <= depth:
                        break
                    found.append(line.strip())
                return " ".join(found)
        return first


def _described(made):
    if made.__doc__:
        made.__doc__ = _Text(made.__doc__)
    return made'''


def _planned(whole: ModulePlan, others: Sequence[Api]) -> List[enums.Enum]:
    """All enums, with those of other libraries behind those of the main one."""
    return [*enums.plan(whole.api), *(item for other in others for item in enums.plan(other, whole.api))]


def _class(made: enums.Enum) -> List[str]:
    return [f"class {made.name}({'IntFlag' if made.flags else 'IntEnum'}):"]


def _members(made: enums.Enum) -> List[str]:
    return [f"    {member.name} = {member.value}" for member in made.members]


def _link(made: enums.Enum, is_stub: bool) -> List[str]:
    """The property by which a member leads to another enum."""
    if not made.links:
        return []
    link = LINKS[made.cname]
    some = len(made.links) < len(made.members)
    head = ["    @property", f"    def {link.name}(self)"]
    if is_stub:
        return [head[0], f"{head[1]} -> type[IntEnum]{' | None' if some else ''}: ..."]
    return ["", head[0], f"{head[1]}:", f'        """{link.doc}{", or None" if some else ""}."""',
            f"        return _LINKED[{made.name}].get(self)"]


def _linked(planned: Sequence[enums.Enum]) -> List[str]:
    """The table that the properties look into."""
    lines: List[str] = []
    for made in planned:
        if made.links:
            pairs = [f"        {made.name}.{member}: {target}," for member, target in made.links.items()]
            lines += [f"    {made.name}: {{", *pairs, "    },"]
    return ["", "", "_LINKED = {", *lines, "}"] if lines else []


def _start(whole: ModulePlan) -> List[str]:
    return [*notice.python(whole.api), _DOC, "", "from enum import IntEnum, IntFlag"]


def emit(whole: ModulePlan, others: Sequence[Api]) -> str:
    """The source of the module.  others: API descriptions of other libraries."""
    names = docstrings.names_of(whole, None)
    users, calls = docstrings.users_of(whole, names), docstrings.calls_of(whole)
    lines = [*_start(whole), "", *_DESCRIBED.split("\n")]
    for made in _planned(whole, others):
        lines += ["", "", "@_described", *_class(made),
                  *docstrings.enum_docstring(made, names, users, calls, "    "), "", *_members(made),
                  *_link(made, is_stub=False)]
    lines += _linked(_planned(whole, others))
    return "\n".join(lines) + "\n"


def emit_stub(whole: ModulePlan, others: Sequence[Api]) -> str:
    """The stub of the module: the same without docstrings."""
    lines = _start(whole)
    for made in _planned(whole, others):
        lines += ["", "", *_class(made), *_members(made), *_link(made, is_stub=True)]
    return "\n".join(lines) + "\n"
