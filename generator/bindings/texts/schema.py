# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a text of our own can say of one C function."""

from dataclasses import dataclass, field
from typing import Mapping, Optional


@dataclass(frozen=True)
class Text:
    """Parts of a docstring, each in place of what the description says there."""

    summary: str = ""  # the first sentence of the description; the first sentence of this is the first line
    details: Optional[str] = None  # all that the description says behind its first sentence
    args: Mapping[str, str] = field(default_factory=dict)  # C argument -> what it is, without its type
    returns: Optional[str] = None  # what comes back, without its type; "" says nothing but the type
    fields: Mapping[str, str] = field(default_factory=dict)  # field of what comes back -> what it is
    missing: str = ""  # code of the error that is raised where there is no such object
