# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the site takes from libvirt's API descriptions: constants, and the headers of functions."""

import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from typing import Dict, Iterable, List, NamedTuple


class Constant(NamedTuple):
    """An enumerator, or a macro that stands for text."""

    name: str
    text: str
    since: str


@dataclass
class Descriptions:
    """What several API descriptions say together."""

    headers: Dict[str, str] = field(default_factory=dict)  # C function -> header
    enums: Dict[str, List[Constant]] = field(default_factory=dict)  # C enum -> its constants
    names: Dict[str, Constant] = field(default_factory=dict)  # macros with text


def read(paths: Iterable[str]) -> Descriptions:
    found = Descriptions()
    for path in paths:
        for item in ET.parse(path).getroot().iterfind("symbols/*"):
            name, since = item.get("name", ""), item.get("version", "")
            text = " ".join((item.get("info") or item.findtext("info") or "").split())
            if item.tag == "function":
                found.headers[name] = item.get("file", "")
            elif item.tag == "enum":
                made = Constant(name, text, since)
                found.enums.setdefault(item.get("type", ""), []).append(made)
            elif item.tag == "macro" and item.get("string") is not None:
                found.names[name] = Constant(name, text, since)
    return found
