# SPDX-License-Identifier: LGPL-2.1-or-later
"""What all converters share: the C types of numbers and text, and the error for a converter that does not fit."""

from typing import List

from ..hints import Hint


class ConverterError(Exception):
    """A converter does not fit the function that it is used for."""


# C type -> suffix of the functions in src/ that convert it: virPyAsInt(), virPyFromInt().
SCALARS = {
    "int": "Int", "unsigned int": "UInt", "long": "Long", "unsigned long": "ULong", "long long": "LLong",
    "unsigned long long": "ULLong", "size_t": "Size", "double": "Double",
}
# C type -> its letter for virPyParse(), and its member of virPyInput; both are defined in src/calls.h.
LETTERS = {
    "int": ("i", "i"), "unsigned int": ("u", "u"), "long": ("l", "l"), "unsigned long": ("k", "ul"),
    "long long": ("L", "ll"), "unsigned long long": ("K", "ull"), "size_t": ("n", "size"), "double": ("d", "real"),
}
MOST_INPUTS = 16  # VIR_PY_MOST_INPUTS in src/calls.h
# The same as SCALARS for fields of structs, which can also have narrower types.
FIELD_SCALARS = {
    **SCALARS, "size_t": "ULong", "char": "Int", "unsigned char": "UInt", "short": "Int", "unsigned short": "UInt",
    "long long int": "LLong", "unsigned long long int": "ULLong", "float": "Double",
    "virDomainBlockJobCursor": "ULLong",  # a typedef that the API description does not explain
}


def convert_member(ctype: str, value: str) -> str:
    """The C expression that makes a Python object of a number or of text."""
    if is_text(ctype):
        return f"virPyFromString({value})"
    return f"virPyFrom{FIELD_SCALARS[ctype]}({value})"


def is_text(ctype: str) -> bool:
    """Whether the type is "char *" or an array such as "char model[32]"."""
    return ctype in ("char *", "const char *") or (ctype.startswith("char ") and ctype.endswith("]"))


def number_hint(ctype: str) -> Hint:
    return Hint("float" if ctype in ("double", "float") else "int")


def member_hint(ctype: str) -> Hint:
    """The type of what convert_member() makes.  A pointer to text can be NULL, an array of characters cannot."""
    if is_text(ctype):
        return Hint("str" if ctype.endswith("]") else "str | None")
    return number_hint(ctype)


def without_gil(statement: str) -> List[str]:
    """A statement that may block, with the GIL released around it."""
    return ["Py_BEGIN_ALLOW_THREADS", statement, "Py_END_ALLOW_THREADS"]
