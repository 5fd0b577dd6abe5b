"""Wrappers for the tools of a build that record each call.

SPDX-License-Identifier: LGPL-2.1-or-later
"""

import os
import shlex
from collections import Counter
from pathlib import Path
from typing import Iterable, List, Sequence, Union

# Each call is one short write in append mode, so that lines of parallel jobs do not mix.
WRAPPER = """#!/bin/sh
echo "$PWD" {tool} "$@" >>{log}
exec {command} "$@"
"""


def outputs_of(tool: str, arguments: List[str]) -> List[str]:
    """Return the files that a call writes."""
    if tool == "cc":
        return [arguments[arguments.index("-o") + 1]] if "-o" in arguments else []
    if tool == "ar":
        return [word for word in arguments if word.endswith(".a")][:1]
    if "generator" not in arguments:
        return []
    return [word for word in arguments[arguments.index("generator") + 1:] if not word.startswith("-")]


class Calls:
    """Calls of the tools, as lines of directory, tool and arguments."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.calls = [line.split() for line in lines]

    def compiled(self) -> "Counter[str]":
        """Return how often each C source was compiled."""
        return Counter(
            os.path.realpath(os.path.join(directory, argument))
            for directory, tool, *arguments in self.calls if tool == "cc" and "-c" in arguments
            for argument in arguments if argument.endswith(".c"))

    def written(self, tools: Sequence[str] = ("cc", "ar", "generator")) -> "Counter[str]":
        """Return how often each file was written."""
        return Counter(
            os.path.realpath(os.path.join(directory, output))
            for directory, tool, *arguments in self.calls if tool in tools
            for output in outputs_of(tool, arguments))

    def linked(self) -> List[str]:
        """Return the names of the modules that were linked."""
        return sorted(Path(name).name for name in self.written(["cc"]) if not name.endswith(".o"))


class ToolLog:
    """Wrapped tools. Their names and arguments must not contain spaces."""

    # The wrappers that a build uses.
    cc: Path
    ar: Path
    python: Path

    def __init__(self, directory: Union[str, Path]) -> None:
        self.directory = Path(directory)
        self.log = self.directory / "calls"
        self.log.touch()

    def wrap(self, tool: str, command: str) -> Path:
        """Create a wrapper for the command, with the same name, because configure relies on the name."""
        path = self.directory / Path(shlex.split(command)[0]).name
        path.write_text(WRAPPER.format(tool=tool, log=shlex.quote(str(self.log)), command=command))
        path.chmod(0o755)
        return path

    def take(self) -> Calls:
        """Return the calls since the last time."""
        calls = Calls(self.log.read_text().splitlines())
        self.log.write_text("")
        return calls
