# SPDX-License-Identifier: LGPL-2.1-or-later
"""Select the sentences of descriptions that matter in Python, and replace terms of C."""

import re
from dataclasses import dataclass, field
from typing import List, Mapping, Optional, Sequence

from . import layout
from .layout import Block
from .names import Names

# Sentences about things that Python programs never do.
_DROPPED = re.compile("|".join((
    # memory and references
    r"\b(?:must|should|needs? to|has to|have to|responsib\w+)\b.*(?:\bfree(?:d|ing|'d)?\b|Free\b|deallocat)",
    r"\b(?:Free|Close)(?:\(\))? should be used to (?:free|release)",
    r"does not free\b", r"itself is not free", r"need not be deallocated", r"expects the caller to allocate",
    r"\b(?:malloc|calloc|sizeof)\b", r"released? with vir\w+Free\b",
    r"only valid for the duration of execution of the callback", r"shall take a reference",
    r"by calling vir\w+(?:Ref|Free)\b",
    r"guaranteed to have an extra (?:allocated )?element",
    # handles that may be NULL
    r"\bDomain0\b", r"If domain is NULL",
    # for developers of libvirt
    r"\badd them to the enum\b",
    # examples in C
    r"\busage example\b", r"sample code", r"Typical use sequence",
    # functions that Python does not have
    r"\bvirNetworkGetDHCPLeasesForMAC\b",
)))

_WORDS = tuple((re.compile(pattern), text) for pattern, text in (
    (r"\s*\((?:[^()]|\(\))*\b(?:(?:must|should|to) (?:be )?freed?|caller frees)\b(?:[^()]|\(\))*\)", ""),
    (r"\((?:OUT|IN)\)", ""), (r"^(?:Note|NOTE|NB): ", ""),
    (r"\b(?:an? )?(?:0|zero|NULL?|null)[ -]terminated ", "the "),
    (r"\bthe (?:UTF-8 encoded )?XML instance\b", "the XML"), (r"\bnon-(?:NULL|null)\b", "not None"),
    (r"\bNULL\b", "None"),
    (r"\b(?:[Aa] )?pointer to (?=(?:an?|the|a single|last)\b)", ""), (r"\b([Aa])n? pointer to ", r"\1 "),
    (r"\b[Pp]ointer to ", "the "),
    (r"^Will return an error\b", "Fails"),
    (r"\bw(?:ill|ould) return (?:an error|error|failure|-1 and an error message)\b", "will fail"),
    (r"\b(must|instead|function|may|can) return (?:an )?(?:error|failure)\b", r"\1 fail"),
    (r"\breturn either 0 or an error\b", "return an empty list or fail"),
    (r"\bmay return either\b", "may return"),
    (r"\bwhen 0 is returned\b", "when the call returns"),
    (r"\ban error is thrown\b", "the call fails"),
    (r"\b(stream) pointer\b", r"\1"),
    (r"\ban unsigned long long\b", "an int"), (r"\bunsigned (?:long long|int)\b", "int"),
    (r"\bVIR_MIGRATE_TUNNELED\b", "VIR_MIGRATE_TUNNELLED"),
    (r"\b([Tt])his (?:API call|API|function)\b", r"\1his call"), (r"``([^`]+)``", r"\1"),
    (r"\bmacros\b", "constants"), (r"\bmacro\b", "constant"), (r"\bchar \*", "str"),
    (r", and (?:allocate|return) an (?:allocated )?array (?:to store those objects|of information for each)", ""),
    (r" and allocate an array to store those objects", ""),
    (r",? and store (?:their|them|it)(?: names| IDs| UUIDs)? in(?:to)?(?: array)? @?\w+", ""),
    (r"\b([Aa])n array of\b", r"\1 list of"), (r"\barray of\b", "list of"), (r"\b(\w+) object handle\b", r"\1 object"),
    (r"\bK[Bb]ytes\b|\bkiB\b", "KiB"), (r"\bmsec\b", "milliseconds"),
))

# Places where a description lacks the full stop between two sentences.
_UNENDED = re.compile(r"(?<=[\w)'\"])\s+(?=(?:This function|Note that|Moreover,|Uses the|Must not)\b)")


@dataclass(frozen=True)
class Prose:
    """Converts the descriptions of one C function."""

    names: Names = Names()
    renamed: Mapping[str, str] = field(default_factory=dict)  # C argument -> parameter in Python
    hidden: Sequence[str] = ()  # C arguments that Python does not have
    subject: str = ""  # C argument that is the object itself
    thing: str = ""  # what the object is called

    def words(self, text: str) -> str:
        """Return a text in Python's terms, on one line."""
        text = " ".join(text.split())
        for pattern, replacement in _WORDS:
            text = pattern.sub(replacement, text)
        if self.subject:
            name = re.escape(self.subject)
            text = re.sub(rf"\b(server|volume|container|domain) @{name}\b", r"\1", text)
            text = re.sub(rf"\b(an?|the|given)((?: running)?) @{name}\b", rf"\1\2 {self.thing}", text)
            text = re.sub(rf"@{name}\b", f"the {self.thing}", text)
        text = re.sub(r"(?<![\w.])@(\w+)", lambda found: self.renamed.get(found[1], found[1]), text)
        return self.names.replace(text).strip()

    def _is_hidden(self, sentence: str) -> bool:
        if not self.hidden:
            return False
        told = [rf"@{name}\b" for name in self.hidden]
        told += [rf"\b{name}\b" for name in self.hidden if _LENGTH.fullmatch(name)]
        return re.search("|".join(told), sentence) is not None

    def kept(self, text: str) -> List[str]:
        """Return the sentences of a text that matter in Python, in Python's terms."""
        text = _UNENDED.sub(". ", " ".join(text.split()))
        return [self.words(sentence) for sentence in layout.sentences(text)
                if not _DROPPED.search(sentence) and not self._is_hidden(sentence)]

    def blocks(self, description: str) -> List[Block]:
        """Return the blocks of a description in Python's terms."""
        found = [Block(" ".join(self.kept(block.text)), block.item) for block in layout.parse(description)]
        return _finished([block for block in found if block.text])

    def own_blocks(self, text: str) -> List[Block]:
        """Return the blocks of a text in bindings/texts/, without sentences about missing constants and methods."""
        found = [block if block.code and self.names.has_all(block.text) else Block(self.own(block.text), block.item)
                 for block in layout.parse_own(text)]
        return [block for block in found if block.text]

    def own(self, text: str) -> str:
        """Return a text of bindings/texts/ without sentences that name constants or methods this libvirt lacks."""
        return " ".join(sentence for sentence in layout.sentences(text) if self.names.has_all(sentence))


# Arguments with such names are lengths and sizes.  Descriptions name them without "@", too.
_LENGTH = re.compile(r"(?:n|max|num)[a-z]\w*|\w*(?:len|size)|\w+(?:errs|freecb)")


def _finished(blocks: Sequence[Block]) -> List[Block]:
    """Capitalize and end each paragraph, also one whose list was dropped."""
    out: List[Block] = []
    for place, block in enumerate(blocks):
        following: Optional[Block] = blocks[place + 1] if place + 1 < len(blocks) else None
        if block.item:
            out.append(block)
            continue
        text = block.text[0].upper() + block.text[1:] if re.match(r"[a-z]+ ", block.text) else block.text
        if text.endswith(":") and not (following is not None and following.item):
            text = text[:-1] + "."
        elif not text.endswith((".", "!", "?", ":")):
            text += "."
        out.append(Block(text))
    return out
