"""Configure and make a separate build tree, besides the one under test.

SPDX-License-Identifier: LGPL-2.1-or-later
"""

import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Dict, List, Optional, Union

from toollog import Calls

PYTHON = os.environ.get("PYTHON") or sys.executable
SOURCE = Path(__file__).resolve().parents[2]
# Arguments about the machine that were given to the build under test also apply to the test builds.
INHERITED = ("LIBVIRT_", "PKG_CONFIG", "CPPFLAGS=", "LDFLAGS=", "--with-libvirt-api-xml=")
# Variables of make and its callers that must not affect the test builds.
FOREIGN = ("MAKE", "MFLAGS", "CFLAGS", "DESTDIR", "PYTHON", "LIBVIRT_", "LD_PRELOAD", "PYTEST_", "TEST", "CC")


def environment(**changes: str) -> Dict[str, str]:
    """Return the environment of a user who has just logged in."""
    result = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
    return {**result, "LC_ALL": "C", **changes}


def tested_build() -> Optional[Path]:
    """Return the build directory whose "make check" runs the tests, or the usual one, or None."""
    known = os.environ.get("abs_top_builddir")
    for directory in [Path(known)] if known else [SOURCE / "build", SOURCE]:
        if (directory / "config.status").exists():
            return directory
    return None


def inherited() -> List[str]:
    """Return the arguments of the tested build's configure that say where libvirt is."""
    build = tested_build()
    if build is None:
        return []
    shown = subprocess.run(["./config.status", "--config"], cwd=build, check=True, capture_output=True, text=True)
    return [argument for argument in shlex.split(shown.stdout) if argument.startswith(INHERITED)]


def make_command(*arguments: str) -> List[str]:
    """Return the command of a make that inherits nothing from the calling make."""
    return ["make", "--no-print-directory", *arguments]


class BuildTree:
    """A build directory. Commands that fail raise AssertionError with their output."""

    # Only in some trees: the directory of the API descriptions, and the calls of the wrapped tools.
    xml: Path
    calls: Calls

    def __init__(self, source: Union[str, Path], directory: Union[str, Path]) -> None:
        self.source = Path(source)
        self.directory = Path(directory)
        self.directory.mkdir(parents=True, exist_ok=True)

    def run(self, *command: object, check: bool = True, **changes: str) -> "subprocess.CompletedProcess[str]":
        done = subprocess.run(
            [str(word) for word in command], cwd=self.directory, env=environment(**changes), text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        assert not check or done.returncode == 0, f"{shlex.join(map(str, command))}\n{done.stdout}"
        return done

    def configure(self, *arguments: str, check: bool = True, **changes: str) -> "subprocess.CompletedProcess[str]":
        """Run configure. An argument given here overrides an inherited one, because it comes later."""
        given = [f"PYTHON={PYTHON}", *inherited()]
        if os.environ.get("CC"):
            given.append(f"CC={os.environ['CC']}")
        return self.run(self.source / "configure", *given, *arguments, check=check, **changes)

    def make(self, *arguments: str, check: bool = True, **changes: str) -> "subprocess.CompletedProcess[str]":
        return self.run(*make_command(*arguments), check=check, **changes)

    def variable(self, name: str, *arguments: str) -> str:
        """Return the value of a Makefile variable when make has these arguments; make may first remake the Makefile."""
        show = f"--eval=show-variable: ; @echo '$({name})'"
        return self.make("-s", show, "show-variable", *arguments).stdout.splitlines()[-1]

    def files(self, pattern: str = "*") -> List[str]:
        """Return the matching files below the directory, as relative paths."""
        found = (path for path in self.directory.rglob(pattern) if path.is_file())
        return sorted(str(path.relative_to(self.directory)) for path in found)
