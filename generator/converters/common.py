# SPDX-License-Identifier: LGPL-2.1-or-later
"""What all kinds share: the C types of numbers, and the fault of a kind that does not fit."""

from typing import List

from ..hints import Hint


class ConverterError(Exception):
    """A kind that does not fit the function that it is used for."""


# C type -> what the converters between it and Python are called.
SCALARS = {
    "int": "Int", "unsigned int": "UInt", "long": "Long", "unsigned long": "ULong", "long long": "LLong",
    "unsigned long long": "ULLong", "size_t": "Size", "double": "Double",
}
# C type -> the letter and the member of virPyInput that src/calls.h has for it.
LETTERS = {
    "int": ("i", "i"), "unsigned int": ("u", "u"), "long": ("l", "l"), "unsigned long": ("k", "ul"),
    "long long": ("L", "ll"), "unsigned long long": ("K", "ull"), "size_t": ("n", "size"), "double": ("d", "real"),
}
MOST_INPUTS = 16  # VIR_PY_MOST_INPUTS there
# Narrower ones come out of structs only.
FIELD_SCALARS = {
    **SCALARS, "size_t": "ULong", "char": "Int", "unsigned char": "UInt", "short": "Int", "unsigned short": "UInt",
    "long long int": "LLong", "unsigned long long int": "ULLong", "float": "Double",
}


def convert_member(ctype: str, value: str) -> str:
    """A C expression that makes a Python object of a field's value."""
    if is_text(ctype):
        return f"virPyFromString({value})"
    return f"virPyFrom{FIELD_SCALARS[ctype]}({value})"


def is_text(ctype: str) -> bool:
    """For "char *" and arrays such as "char model[32]"."""
    return ctype in ("char *", "const char *") or (ctype.startswith("char ") and ctype.endswith("]"))


def number_hint(ctype: str) -> Hint:
    return Hint("float" if ctype in ("double", "float") else "int")


def member_hint(ctype: str) -> Hint:
    """What convert_member() makes; a pointer to text may be NULL, an array of characters cannot."""
    if is_text(ctype):
        return Hint("str" if ctype.endswith("]") else "str | None")
    return number_hint(ctype)


def unlocked(statement: str) -> List[str]:
    """A call that may block: without the GIL."""
    return ["Py_BEGIN_ALLOW_THREADS", statement, "Py_END_ALLOW_THREADS"]
