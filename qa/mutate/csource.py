# SPDX-License-Identifier: LGPL-2.1-or-later
"""C source as text: its functions, and the calls in them with their arguments."""

import re
from typing import Dict, Iterator, List, NamedTuple, Tuple

_OPENING, _CLOSING = "([{", ")]}"
_HIDDEN = re.compile(r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|/\*.*?\*/|//[^\n]*', re.S)
# The type of what the function returns, its name and parameters, and a body.
_FUNCTION = re.compile(r"^[^\W\d][^\n;={}#]*?[ *](\w+)\((?!\()([^;{]*?)\)\n\{\n(.*?)^\}", re.S | re.M)


# The letter of an argument -> the member of virPyInput with its value.
MEMBERS = {"h": "object", "H": "object", "s": "text", "t": "text", "z": "text", "i": "i", "u": "u", "I": "u", "l": "l",
           "k": "ul", "L": "ll", "K": "ull", "n": "size", "d": "real"}


class Span(NamedTuple):
    start: int
    end: int


class Call(NamedTuple):
    name: str
    whole: Span
    args: Tuple[Span, ...]


class Function(NamedTuple):
    name: str
    params: str
    whole: Span


class Source:
    """A file. `masked` is its text with the contents of literals and comments blanked, at the same positions."""

    def __init__(self, name: str, text: str):
        self.name = name
        self.text = text
        self.masked = _HIDDEN.sub(self._hide, text)
        self.functions = [Function(found.group(1), found.group(2), Span(found.start(), found.end()))
                          for found in _FUNCTION.finditer(self.masked)]

    @staticmethod
    def _hide(found: "re.Match[str]") -> str:
        hidden = found.group()
        if hidden.startswith("/"):
            return re.sub(r"[^\n]", " ", hidden)
        return hidden[0] + "_" * (len(hidden) - 2) + hidden[0]

    def of(self, span: Span) -> str:
        return self.text[span.start:span.end]

    def line(self, place: int) -> int:
        return self.text.count("\n", 0, place) + 1

    def function_at(self, place: int) -> str:
        return next((item.name for item in self.functions if item.whole.start <= place < item.whole.end), "")

    def matching(self, opening: int) -> int:
        """Return the position of the bracket that closes the bracket at opening."""
        depth = 0
        for place in range(opening, len(self.masked)):
            if self.masked[place] in _OPENING:
                depth += 1
            elif self.masked[place] in _CLOSING:
                depth -= 1
                if depth == 0:
                    return place
        raise ValueError(f"{self.name}:{self.line(opening)}: this bracket is not closed")

    def _trimmed(self, start: int, end: int) -> Span:
        text = self.text[start:end]
        return Span(start + len(text) - len(text.lstrip()), end - len(text) + len(text.rstrip()))

    def split(self, start: int, end: int, separator: str) -> List[Span]:
        """Split the text between start and end at separators that are not inside brackets."""
        parts, depth, begin = [], 0, start
        place = start
        while place < end:
            char = self.masked[place]
            if char in _OPENING:
                depth += 1
            elif char in _CLOSING:
                depth -= 1
            elif depth == 0 and self.masked.startswith(separator, place):
                parts.append(self._trimmed(begin, place))
                place += len(separator)
                begin = place
                continue
            place += 1
        if self.text[begin:end].strip():
            parts.append(self._trimmed(begin, end))
        return parts

    def calls(self, pattern: str) -> Iterator[Call]:
        """Yield the calls, inside functions, of functions whose whole names match the pattern."""
        for found in re.finditer(rf"(?<![\w.>])({pattern})\(", self.masked):
            if not self.function_at(found.start()):
                continue
            closing = self.matching(found.end() - 1)
            yield Call(found.group(1), Span(found.start(), closing + 1),
                       tuple(self.split(found.end(), closing, ",")))

    def types_in(self, function: Function) -> Dict[str, str]:
        """Return the declared type of each parameter and each local variable, and of each converted argument."""
        found = {}
        body = self.masked[function.whole.start:function.whole.end]
        declarations = [*function.params.split(","), *re.findall(
            r"^ +((?:static |const |unsigned )*\w+[ *]+\w+)(?:\[\w+\])?(?: VIR_PY_AUTO\(\w+\))?(?: = [^;]*)?;", body,
            re.M)]
        for declaration in declarations:
            told = re.fullmatch(r"\s*(.*?[\s*])(\w+)(?: VIR_PY_UNUSED)?\s*", declaration, re.S)
            if told and told.group(1).strip() not in ("return", "goto"):
                found[told.group(2)] = re.sub(r"\s+", " ", told.group(1)).strip()
        for letters, handle in self._starts(function):
            for place, letter in enumerate(letters):
                if letter in "hH":
                    found[f"call.in[{place}].object"] = handle
                elif letter in MEMBERS:
                    found[f"call.in[{place}].{MEMBERS[letter]}"] = "text" if letter in "stz" else letter
        for place, handle in re.findall(r"virPyAcquireArgument\(&call, args, (\d+), &(virPy_\w+)", body):
            found[f"call.in[{place}].object"] = "&" + handle
        return found

    def _starts(self, function: Function) -> Iterator[Tuple[str, str]]:
        """Yield the letters and the handle type of each call that converts the arguments of a wrapper."""
        for call in self.calls("virPyBegin|virPyParse"):
            if function.whole.start <= call.whole.start < function.whole.end and self.of(call.args[2]).startswith('"'):
                yield self.of(call.args[2]).strip('"'), self.of(call.args[5])
