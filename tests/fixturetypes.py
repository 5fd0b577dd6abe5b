# SPDX-License-Identifier: LGPL-2.1-or-later
"""The types of what fixtures give that are functions: what conftest.py has, and the variants of it in test files."""

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable, Iterable, List, Protocol, Union

if TYPE_CHECKING:
    from generator.bindings.schema import Module, Row
    from generator.model import Api
    from generator.plan import ModulePlan


class RunPython(Protocol):
    """Runs a program, with arguments and changes of its environment."""

    def __call__(self, code: str, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        ...


class PythonPrints(Protocol):
    """The same, but of a program that must succeed: gives the lines that it prints, as all below do."""

    def __call__(self, code: str, *arguments: str, **environment: str) -> List[str]:
        ...


class PrintsWithArguments(Protocol):
    """In an environment that is given."""

    def __call__(self, code: str, *arguments: str) -> List[str]:
        ...


class PrintsWithEnvironment(Protocol):
    """Without arguments."""

    def __call__(self, code: str, **environment: str) -> List[str]:
        ...


Prints = Callable[[str], List[str]]


class WriteXml(Protocol):
    """Writes an API description."""

    def __call__(self, *symbols: str, library: str = "libvirt", name: str = "api.xml") -> str:
        ...


class ReadApi(Protocol):
    """Makes a model of an API description."""

    def __call__(self, *symbols: str, library: str = "libvirt", name: str = "api.xml") -> "Api":
        ...


class PlanModule(Protocol):
    """Plans for an API description; the changes are fields of the module."""

    def __call__(self, *symbols: str, rows: "Iterable[Row]" = (), module: "Module" = ...,
                 **changes: Any) -> "ModulePlan":
        ...


class Generator(Protocol):
    """Runs the generator's command line."""

    def __call__(self, *arguments: object, python: str = ..., cwd: Union[str, Path, None] = None,
                 **environment: str) -> "subprocess.CompletedProcess[str]":
        ...
