# SPDX-License-Identifier: LGPL-2.1-or-later
"""The module libvirt_enums: a Python enum for each C enum."""

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


def _described(member: enums.Member) -> List[str]:
    text = f"{member.name}: {member.info}" if member.info else member.name
    text = text.replace("\\", "\\\\").replace('"""', "'''")
    return textwrap.wrap(text, 100, initial_indent="    ", subsequent_indent="        ", break_long_words=False)


def _class(enum: enums.Enum, documented: bool) -> List[str]:
    doc = [
        f'    """C enum {enum.cname}.',
        "",
        *(line for member in enum.members for line in _described(member)),
        '    """',
        "",
    ]
    return [
        "",
        "",
        f"class {enum.name}({'IntFlag' if enum.flags else 'IntEnum'}):",
        *(doc if documented else ()),
        *(f"    {member.name} = {member.value}" for member in enum.members),
    ]


def emit(api: Api, *others: Api, documented: bool = True) -> str:
    """The source of the module, or without docstrings its stub.  The enums of other libraries follow the main one's."""
    planned = [*enums.plan(api), *(item for other in others for item in enums.plan(other, api))]
    lines = [*notice.python(api), _DOC, "", "from enum import IntEnum, IntFlag"]
    for enum in planned:
        lines += _class(enum, documented)
    return "\n".join(lines) + "\n"
