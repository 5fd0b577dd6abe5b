# SPDX-License-Identifier: LGPL-2.1-or-later
"""Bindings that are outside of this tree: a whole module, or rows for functions that only a patched libvirt has."""

import dataclasses
import sys
import traceback
from types import ModuleType
from typing import Dict, Optional, Sequence

from .bindings.schema import Module, Row
from .errors import GeneratorError
from .model import Api

_NAME = "outside_bindings"  # the name of the Python module that a file becomes while it runs


def _line(error: BaseException, path: str) -> Optional[int]:
    """Return the last line of the file in the traceback of an exception."""
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == path]
    return lines[-1] if lines else None


def _run(path: str, name: str) -> object:
    """Run a Python file and return what it assigns to a name.

    Raises GeneratorError with file and line for whatever the file raises.
    """
    module = ModuleType(_NAME)
    module.__file__ = path
    sys.modules[_NAME] = module  # dataclasses look it up there
    try:
        with open(path, "rb") as file:
            text = file.read()
        exec(compile(text, path, "exec", dont_inherit=True), vars(module))
    except OSError as error:
        raise GeneratorError(f"cannot be read: {error.strerror}", path, _line(error, path)) from None
    except SyntaxError as error:
        raise GeneratorError(f"not valid Python: {error.msg}", path, error.lineno) from None
    except Exception as error:
        raise GeneratorError(f"{type(error).__name__}: {error}", path, _line(error, path)) from None
    finally:
        del sys.modules[_NAME]
    try:
        return vars(module)[name]
    except KeyError:
        raise GeneratorError(f"does not define {name}", path) from None


def module(path: str) -> Module:
    """Return the module that a file defines."""
    found = _run(path, "MODULE")
    if not isinstance(found, Module):
        raise GeneratorError("MODULE must be a generator.bindings.schema.Module", path)
    return dataclasses.replace(found, public_types=False)


def rows(path: str, known: Sequence[str]) -> Dict[str, Sequence[Row]]:
    """Return the rows that a file defines, by the name of their module.  known: the names of all modules."""
    found = _run(path, "ROWS")
    if not isinstance(found, dict):
        raise GeneratorError("ROWS must be a dict from names of modules to lists of rows", path)
    for name, values in found.items():
        if name not in known:
            raise GeneratorError(f"ROWS has rows of the unknown module '{name}': one of {', '.join(known)}", path)
        if not isinstance(values, (list, tuple)) or not all(isinstance(row, Row) for row in values):
            raise GeneratorError(f"ROWS['{name}'] must be a list of generator.bindings.schema.Row", path)
    return found


def with_rows(whole: Module, more: Sequence[Row], api: Api) -> Module:
    """Return the module with rows from outside.

    Raises GeneratorError for a row about a function that the library does not have.
    """
    for row in more:
        if row.cname not in api.functions:
            raise GeneratorError(f"the row of {row.cname} is about a function that {api.path} does not have",
                                 *row.place)
    return dataclasses.replace(whole, rows=(*whole.rows, *more))
