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


def declarator(ctype: str, name: str) -> str:
    """A declaration without its end: "int n", "char *name"."""
    return f"{ctype}{'' if ctype.endswith('*') else ' '}{name}"


def handle(cname: str) -> str:
    """The name of the C variable that describes a type of handles."""
    return f"virPy_{cname}"


def pack(container: str, items: Sequence[str]) -> str:
    """The C call that makes a List, a Tuple or a Dict of new references.  An item of a Dict is "key", value."""
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
