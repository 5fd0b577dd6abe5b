# SPDX-License-Identifier: LGPL-2.1-or-later
"""The module of names for numbers: a Python enum for each C enum."""

import textwrap
from typing import List

from .. import enums
from ..model import Api
from . import notice

_DOC = '''"""Names for the numbers of libvirt: an enum for each one that C has.

DomainState(dom.state()[0]).name is "RUNNING", and DomainXMLFlags(3) shows which
flags that is.  Members are equal to the constants of the module libvirt,
libvirt_qemu or libvirt_admin, and can be given to its functions.
"""'''


def _told(member: enums.Member) -> List[str]:
    text = f"{member.name}: {member.info}" if member.info else member.name
    text = text.replace("\\", "\\\\").replace('"""', "'''")
    return textwrap.wrap(text, 100, initial_indent="    ", subsequent_indent="        ", break_long_words=False)


def _class(made: enums.Enum, told: bool) -> List[str]:
    doc = [
        f'    """C enum {made.cname}.',
        "",
        *(line for member in made.members for line in _told(member)),
        '    """',
        "",
    ]
    return [
        "",
        "",
        f"class {made.name}({'IntFlag' if made.flags else 'IntEnum'}):",
        *(doc if told else ()),
        *(f"    {member.name} = {member.value}" for member in made.members),
    ]


def emit(api: Api, *others: Api, told: bool = True) -> str:
    """The source of the module, with the enums of other libraries behind those of the main one.

    Without what it tells of them, it is its own stub.
    """
    planned = [*enums.plan(api), *(item for other in others for item in enums.plan(other, api))]
    lines = [*notice.python(api), _DOC, "", "from enum import IntEnum, IntFlag"]
    for made in planned:
        lines += _class(made, told)
    return "\n".join(lines) + "\n"
