# SPDX-License-Identifier: LGPL-2.1-or-later
"""Spelling of the C that is emitted: names, literals, containers."""

from typing import List, Sequence

# Names that a wrapper uses for variables of its own, and names that C or a header reserves.
_RESERVED = frozenset((
    "self", "module", "args", "nargs", "call", "retval", "room", "known", "text", "types", "callback",
    "auto", "break", "case", "char", "const", "continue",
    "default", "do", "double", "else", "enum", "extern", "float", "for", "goto", "if", "inline", "int", "long",
    "register", "restrict", "return", "short", "signed", "sizeof", "static", "struct", "switch", "typedef", "union",
    "unsigned", "void", "volatile", "while", "major", "minor", "stdin", "stdout", "stderr", "errno",
))


def variable(name: str) -> str:
    """The name of the C variable for a C argument."""
    return name + "_" if name in _RESERVED else name


def handle(cname: str) -> str:
    """The variable that describes a handle type."""
    return f"virPy_{cname}"


def pack(container: str, items: Sequence[str]) -> str:
    """A call that builds a list, a tuple or a dict of new references; an item of a dict is "key", value."""
    return f"virPyPack{container}({', '.join([str(len(items)), *items])})"


def string(text: str) -> str:
    """A C string literal, one source line for each line of it."""
    out: List[str] = []
    for line in text.split("\n"):
        encoded = ""
        for byte in line.encode("utf-8"):
            char = chr(byte)
            if char in "\\\"?":  # "?" since "??" begins a trigraph
                encoded += "\\" + char
            elif 32 <= byte < 127:
                encoded += char
            else:
                encoded += f"\\{byte:03o}"
        out.append(encoded)
    return "\n".join(f'"{line}{chr(92)}n"' for line in out[:-1]) + ("\n" if out[:-1] else "") + f'"{out[-1]}"'


def _with_values(pieces: Sequence[str]) -> List[str]:
    """A key of a dict stays on the line of its value."""
    out: List[str] = []
    for piece in pieces:
        if out and out[-1].startswith('"') and out[-1].endswith('",'):
            out[-1] += " " + piece
        else:
            out.append(piece)
    return out


def statement(text: str, indent: str = "    ", width: int = 100) -> str:
    """One statement, broken behind commas of its outermost call where it is too long."""
    line = indent + text
    opening = line.find("(")
    if len(line) <= width or opening < 0:
        return line
    pieces, depth, start = [], 0, opening + 1
    quoted = False
    for place in range(opening + 1, len(line)):
        char = line[place]
        if char == '"' and line[place - 1] != "\\":
            quoted = not quoted
        elif quoted:
            continue
        elif char in "([{":
            depth += 1
        elif char in ")]}":
            depth -= 1
        elif char == "," and depth == 0:
            pieces.append(line[start:place + 1].strip())
            start = place + 1
    pieces.append(line[start:].strip())
    pieces = _with_values(pieces)
    out = line[:opening + 1]
    column, pad = opening + 1, " " * (opening + 1)
    for number, piece in enumerate(pieces):
        if number and column + len(piece) + 1 > width:
            out += "\n" + pad
            column = opening + 1
        elif number:
            out += " "
            column += 1
        out += piece
        column += len(piece)
    return out
