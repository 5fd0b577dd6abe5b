# SPDX-License-Identifier: LGPL-2.1-or-later
"""Types of the fixtures that return functions: those of conftest.py, and variants defined in test files."""

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable, Iterable, List, Protocol, Union

if TYPE_CHECKING:
    from generator.bindings.schema import Module, Row
    from generator.model import Api
    from generator.plan import ModulePlan


class RunPython(Protocol):
    """Runs a program with arguments and additional environment variables."""

    def __call__(self, code: str, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        ...


class PythonPrints(Protocol):
    """Runs a program that must succeed and returns the lines it prints, with arguments and environment variables."""

    def __call__(self, code: str, *arguments: str, **environment: str) -> List[str]:
        ...


class PrintsWithArguments(Protocol):
    """Runs a program with arguments, in a fixed environment, and returns the lines it prints."""

    def __call__(self, code: str, *arguments: str) -> List[str]:
        ...


class PrintsWithEnvironment(Protocol):
    """Runs a program with environment variables and returns the lines it prints."""

    def __call__(self, code: str, **environment: str) -> List[str]:
        ...


Prints = Callable[[str], List[str]]


class WriteXml(Protocol):
    """Writes an API description and returns its path."""

    def __call__(self, *symbols: str, library: str = "libvirt", name: str = "api.xml") -> str:
        ...


class ReadApi(Protocol):
    """Reads a made-up API description and returns its model."""

    def __call__(self, *symbols: str, library: str = "libvirt", name: str = "api.xml") -> "Api":
        ...


class PlanModule(Protocol):
    """Plans an API description; the keyword arguments replace fields of the module."""

    def __call__(self, *symbols: str, rows: "Iterable[Row]" = (), module: "Module" = ...,
                 **changes: Any) -> "ModulePlan":
        ...


class Generator(Protocol):
    """Runs the generator's command line."""

    def __call__(self, *arguments: object, python: str = ..., cwd: Union[str, Path, None] = None,
                 **environment: str) -> "subprocess.CompletedProcess[str]":
        ...
