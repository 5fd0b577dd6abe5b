# SPDX-License-Identifier: LGPL-2.1-or-later
"""The first line of a docstring, in the imperative."""

import re
from typing import Optional

# Words before the verb.
_LEAD = re.compile(r"This (?:(?:function|method|API|call|command)\b ?)?"
                   r"(?:will |allows you to |is (?:used )?to |tries to )?(?!is |are |was )(?=[a-z])")
_REPLACED = tuple((re.compile(pattern), text) for pattern, text in (
    (r"Provides? a boolean value indicating whether", "Tell whether"),
    (r"Determine if", "Tell whether"),
    (r"Accessor for", "Return"), (r"Just return", "Return"), (r"Try to lookup", "Look up"), (r"Lookup\b", "Look up"),
    (r"Shutdown a", "Shut down a"),
    (r"Requests? that", "Request that"), (r"Collect (?:the )?list of", "Return a list of"),
    (r"Provides?\b", "Return"), (r"Gets?\b", "Return"), (r"Extracts?\b", "Return"), (r"Retrieves?\b", "Return"),
    (r"Fetch(?:es)? list", "Return a list"), (r"Fetch(?:es)?\b", "Return"),
))
# Words that end in "s" but are not verbs in the third person.
_NO_VERBS = re.compile(r"(?:This|Its|As|Pass|Access|Process|Does|Is|Was|Has|Sometimes|Address)\b")
# A sentence can be cut before these words.
_CUTS = tuple(re.compile(pattern) for pattern in (
    r",? (?:which|that|so that|in order to|using|based on|according to) |, |; | \(| - ",
    r" (?:and|for|by|in|on|from|with|within) ",
    r" (?:or|at|as|such as|after|including|relating|described|attributable|allocated) "))
# A sentence that is cut after such a word is incomplete.
_OPEN = re.compile(r".* (?:a|an|the|of|to|for|on|with|that|before|existing|given|stored|supported|associated)")
# A sentence that does not say what the function does.
_NO_SUMMARY = re.compile(
    r"(?!(?:Pass|Press|Process|Access|Address)\b)(?:[A-Z][a-z]+s|[A-Z][a-z]+ing|[A-Z]\w*[A-Z]\w*|A|An|The|If|For|In|On"
    r"|To|This|It|Each|Key|Similar|Rather|Prior|String|Should|Please|Note|You|Also|When|With)\b|[^A-Z]|.*[^.]$")


def _base_form(word: str) -> str:
    """"Remove" for "Removes"."""
    if word.endswith("ies"):
        return word[:-3] + "y"
    if re.search(r"(?:ss|sh|ch|x|zz)es$", word):
        return word[:-2]
    return word[:-1]


def imperative(sentence: str) -> str:
    """Return a sentence in the imperative."""
    lead = _LEAD.match(sentence)
    if lead is not None:
        sentence = sentence[lead.end():]
    sentence = sentence[:1].upper() + sentence[1:]
    for pattern, text in _REPLACED:
        found = pattern.match(sentence)
        if found is not None:
            return text + sentence[found.end():]
    first = re.match(r"[A-Z][a-z]+s\b", sentence)
    if first is not None and not first[0].endswith("ss") and not _NO_VERBS.match(sentence):
        return _base_form(first[0]) + sentence[first.end():]
    return sentence


def shortened(sentence: str, width: int) -> Optional[str]:
    """Return the longest complete part of a sentence that fits, or None if there is none.

    It is also None for a sentence that does not say what the function does.
    """
    if _NO_SUMMARY.match(sentence):
        return None
    if len(sentence) <= width:
        return sentence
    for cut in _CUTS:
        starts = [sentence[:found.start()].rstrip(",;") for found in cut.finditer(sentence) if found.start() < width]
        whole = [start for start in starts if start.count(" ") >= 2 and start.count("(") == start.count(")")
                 and not _OPEN.fullmatch(start)]
        if whole:
            return whole[-1] + "."
    return None
