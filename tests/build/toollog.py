"""Wrappers around the tools of a build that write down each call.

SPDX-License-Identifier: LGPL-2.1-or-later
"""

import os
import shlex
from collections import Counter
from pathlib import Path
from typing import Iterable, List, Sequence, Union

# One short write to a file opened for appending: lines of parallel jobs do not mix.
WRAPPER = """#!/bin/sh
echo "$PWD" {tool} "$@" >>{log}
exec {command} "$@"
"""


def outputs_of(tool: str, arguments: List[str]) -> List[str]:
    """The files that a call writes."""
    if tool == "cc":
        return [arguments[arguments.index("-o") + 1]] if "-o" in arguments else []
    if tool == "ar":
        return [word for word in arguments if word.endswith(".a")][:1]
    if "generator" not in arguments:
        return []
    return [word for word in arguments[arguments.index("generator") + 1:] if not word.startswith("-")]


class Calls:
    """What the tools were called for, as lines of directory, tool and arguments."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.calls = [line.split() for line in lines]

    def compiled(self) -> "Counter[str]":
        """How often each C source was compiled."""
        return Counter(
            os.path.realpath(os.path.join(directory, argument))
            for directory, tool, *arguments in self.calls if tool == "cc" and "-c" in arguments
            for argument in arguments if argument.endswith(".c"))

    def written(self, tools: Sequence[str] = ("cc", "ar", "generator")) -> "Counter[str]":
        """How often each file was written."""
        return Counter(
            os.path.realpath(os.path.join(directory, output))
            for directory, tool, *arguments in self.calls if tool in tools
            for output in outputs_of(tool, arguments))

    def linked(self) -> List[str]:
        """The names of the modules that were linked."""
        return sorted(Path(name).name for name in self.written(["cc"]) if not name.endswith(".o"))


class ToolLog:
    """Wrapped tools. Their names and arguments have no spaces."""

    # Those of a build.
    cc: Path
    ar: Path
    python: Path

    def __init__(self, directory: Union[str, Path]) -> None:
        self.directory = Path(directory)
        self.log = self.directory / "calls"
        self.log.touch()

    def wrap(self, tool: str, command: str) -> Path:
        """A wrapper around the command. It bears the command's own name: configure goes by it."""
        path = self.directory / Path(shlex.split(command)[0]).name
        path.write_text(WRAPPER.format(tool=tool, log=shlex.quote(str(self.log)), command=command))
        path.chmod(0o755)
        return path

    def take(self) -> Calls:
        """The calls since this was last asked."""
        calls = Calls(self.log.read_text().splitlines())
        self.log.write_text("")
        return calls
