# SPDX-License-Identifier: LGPL-2.1-or-later
"""Bindings from outside this tree: a whole module, or rows for functions that only a patched libvirt has."""

import dataclasses
import sys
import traceback
from types import ModuleType
from typing import Dict, Optional, Sequence

from .bindings.schema import Module, Row
from .errors import GeneratorError
from .model import Api

_NAME = "outside_bindings"  # the file runs as a module of this name


def _line(error: BaseException, path: str) -> Optional[int]:
    """The last line of the file that an exception passed through."""
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == path]
    return lines[-1] if lines else None


def _run(path: str, name: str) -> object:
    """Run a Python file and return what it assigns to a name.  Each fault is told with file and line."""
    module = ModuleType(_NAME)
    module.__file__ = path
    sys.modules[_NAME] = module  # where dataclasses look for it
    try:
        with open(path, "rb") as file:
            text = file.read()
        exec(compile(text, path, "exec", dont_inherit=True), vars(module))
    except OSError as error:
        raise GeneratorError(f"cannot be read: {error.strerror}", path, _line(error, path)) from None
    except SyntaxError as error:
        raise GeneratorError(f"no Python: {error.msg}", path, error.lineno) from None
    except Exception as error:
        raise GeneratorError(f"{type(error).__name__}: {error}", path, _line(error, path)) from None
    finally:
        del sys.modules[_NAME]
    try:
        return vars(module)[name]
    except KeyError:
        raise GeneratorError(f"defines no {name}", path) from None


def module(path: str) -> Module:
    """The module that a file describes."""
    found = _run(path, "MODULE")
    if not isinstance(found, Module):
        raise GeneratorError("MODULE must be a generator.bindings.schema.Module", path)
    return found


def rows(path: str, known: Sequence[str]) -> Dict[str, Sequence[Row]]:
    """The rows of a file, by the name of their module."""
    found = _run(path, "ROWS")
    if not isinstance(found, dict):
        raise GeneratorError("ROWS must be a dict: the name of a module, and a list of its rows", path)
    for name, values in found.items():
        if name not in known:
            raise GeneratorError(f"ROWS has rows for '{name}', which is no module: one of {', '.join(known)}", path)
        if not isinstance(values, (list, tuple)) or not all(isinstance(row, Row) for row in values):
            raise GeneratorError(f"ROWS must have a list of generator.bindings.schema.Row for '{name}'", path)
    return found


def with_rows(whole: Module, more: Sequence[Row], api: Api) -> Module:
    """The module with rows from outside, each of which is about a function that the library has."""
    for row in more:
        if row.cname not in api.functions:
            raise GeneratorError(f"{api.path} has no function {row.cname}, which this row is about", *row.place)
    return dataclasses.replace(whole, rows=(*whole.rows, *more))
