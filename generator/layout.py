# SPDX-License-Identifier: LGPL-2.1-or-later
"""Line breaks of emitted C and Python: what does not fit on a line is broken as a person would break it.

A call is broken behind its commas, and the next line begins below its first
argument.  A condition is broken at its operators, a C conditional expression
before its colon, a string literal behind a space.
"""

import re
from typing import Iterator, List, Optional, Sequence, Tuple

WIDTH = 100

_OPENING, _CLOSING = "([{", ")]}"
_LITERAL = re.compile(r'"(?:\\.|[^"\\])*"' r"|'(?:\\.|[^'\\])*'")
_TOKEN = re.compile(_LITERAL.pattern + r"|[()\[\]{}]|, | \|\| | \? | : ")
# Of its arguments, each but the first is a key with its value behind it, which stays on the same line.
_PAIRED = "virPyPackDict("


def statement(text: str, indent: str = "") -> str:
    """A statement, or the head of a definition, in as many lines as it needs."""
    return indent + _laid_out(text, len(indent), 0, len(indent))


def block(statements: Sequence[str], indent: str = "    ") -> List[str]:
    """The lines of several statements, each of which may begin with spaces of its own."""
    lines: List[str] = []
    for text in statements:
        bare = text.lstrip(" ")
        lines += statement(bare, indent + text[:len(text) - len(bare)]).split("\n") if bare else [""]
    return lines


def imports(module: str, names: Sequence[str]) -> List[str]:
    """A Python import of some names of a module."""
    line = f"from {module} import {', '.join(names)}"
    return [line] if len(line) <= WIDTH else statement(f"from {module} import ({', '.join(names)})").split("\n")


def assignment(target: str, value: str) -> List[str]:
    """A Python assignment; the value is in brackets of its own where it does not fit beside the target."""
    line = f"{target} = {value}"
    return [line] if len(line) <= WIDTH else [f"{target} = (", f"    {value}", ")"]


def _tokens(text: str) -> Iterator[Tuple[int, str, int]]:
    """Place, text and depth of each separator, bracket and literal; a bracket has the depth outside of it."""
    depth = 0
    for match in _TOKEN.finditer(text):
        token = match.group()
        if token in _CLOSING:
            depth -= 1
        yield match.start(), token, depth
        if token in _OPENING:
            depth += 1


def _split(text: str, separator: str) -> List[str]:
    """The parts between the separators that are in no bracket and no literal."""
    if separator not in text:
        return [text]
    parts, start = [], 0
    for place, token, depth in _tokens(text):
        if depth == 0 and token == separator:
            parts.append(text[start:place])
            start = place + len(separator)
    return [*parts, text[start:]]


def _longest_group(text: str) -> Optional[Tuple[int, int]]:
    """Places of the opening and the closing bracket that have most between them."""
    opened, found = 0, None
    for place, token, depth in _tokens(text):
        if depth == 0 and token in _OPENING:
            opened = place
        elif depth == 0 and token in _CLOSING and (found is None or place - opened > found[1] - found[0]):
            found = opened, place
    return found


def _overflow(text: str, column: int, after: int) -> int:
    """How many columns the longest line has too many."""
    lines = text.split("\n")
    widths = [column + len(lines[0]), *map(len, lines[1:])]
    widths[-1] += after
    return max(0, max(widths) - WIDTH)


def _laid_out(text: str, column: int, after: int, base: int) -> str:
    """The text from a column on.  after: width of what follows it on its last line.  base: indent of the statement."""
    if column + len(text) + after <= WIDTH:
        return text
    for broken in (_pair, _condition, _conditional, _literal, _call):
        result = broken(text, column, after, base)
        if result is not None:
            return result
    return text


def _pair(text: str, column: int, after: int, base: int) -> Optional[str]:
    """A key with its value."""
    key, *values = _split(text, ", ")
    if not values:
        return None
    return f"{key}, {_laid_out(', '.join(values), column + len(key) + 2, after, base)}"


def _condition(text: str, column: int, after: int, base: int) -> Optional[str]:
    parts = _split(text, " || ")
    if len(parts) == 1:
        return None
    laid_out = [_laid_out(part, column, len(" ||"), base) for part in parts[:-1]]
    return (" ||\n" + " " * column).join([*laid_out, _laid_out(parts[-1], column, after, base)])


def _conditional(text: str, column: int, after: int, base: int) -> Optional[str]:
    condition, *rest = _split(text, " ? ")
    yes, *no = _split(" ? ".join(rest), " : ")
    if not no:
        return None
    inner = column + len(condition) + len(" ? ")
    return (f"{condition} ? {_laid_out(yes, inner, 0, base)}\n{' ' * (inner - 2)}: "
            f"{_laid_out(' : '.join(no), inner, after, base)}")


def _literal(text: str, column: int, after: int, base: int) -> Optional[str]:
    """Several literals, which both languages join."""
    if not _LITERAL.fullmatch(text):
        return None
    quote, words, lines = text[0], text[1:-1].split(" "), [""]
    for number, word in enumerate(words):
        last = number == len(words) - 1
        piece = word if last else word + " "
        if lines[-1] and column + 2 + len(lines[-1] + piece) + (after if last else 0) > WIDTH:
            lines.append("")
        lines[-1] += piece
    return ("\n" + " " * column).join(quote + line + quote for line in lines)


def _call(text: str, column: int, after: int, base: int) -> Optional[str]:
    """A call, or anything else with something in brackets."""
    group = _longest_group(text)
    if group is None:
        return None
    head, arguments, tail = text[:group[0] + 1], text[group[0] + 1:group[1]], text[group[1]:]
    items = _split(arguments, ", ")
    if head.endswith(_PAIRED):
        items = [items[0], *(", ".join(items[place:place + 2]) for place in range(1, len(items), 2))]

    def filled(start: int) -> str:
        return _filled(items, start, len(tail) + after, base)

    aligned = head + filled(column + len(head)) + tail
    excess = _overflow(aligned, column, after)
    if not excess:
        return aligned
    hanging = f"{head}\n{' ' * (base + 4)}{filled(base + 4)}{tail}"
    return hanging if _overflow(hanging, column, after) < excess else aligned


def _filled(items: Sequence[str], column: int, after: int, base: int) -> str:
    """Items with commas between them, as many on each line as fit; one that takes several lines has them for itself."""
    text, width, alone = "", column, False
    for number, item in enumerate(items):
        last = number == len(items) - 1
        behind = after if last else 1
        if number and not alone and width + 1 + len(item) + behind <= WIDTH:
            text, width = f"{text} {item}", width + 1 + len(item)
        else:
            laid_out = _laid_out(item, column, behind, base)
            text += ("\n" + " " * column if number else "") + laid_out
            alone, width = "\n" in laid_out, column + len(laid_out)
        if not last:
            text, width = text + ",", width + 1
    return text
