# SPDX-License-Identifier: LGPL-2.1-or-later
"""The form of a row with texts for one C function."""

from dataclasses import dataclass, field
from typing import Mapping, Optional


@dataclass(frozen=True)
class Text:
    """Parts of a docstring.  Each replaces a part of libvirt's description."""

    summary: str = ""  # replaces the first sentence of the description; its own first sentence becomes the first line
    details: Optional[str] = None  # replaces everything after the first sentence of the description
    args: Mapping[str, str] = field(default_factory=dict)  # C argument -> its description, without the type
    returns: Optional[str] = None  # description of the result, without the type; "" shows the type only
    fields: Mapping[str, str] = field(default_factory=dict)  # field of the result -> its description
    missing: str = ""  # error code if the object does not exist
