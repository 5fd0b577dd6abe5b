"""Configure and make a build tree of its own, apart from the one under test.

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
# What the build under test was told about the machine holds for ours as well.
INHERITED = ("LIBVIRT_", "PKG_CONFIG", "CPPFLAGS=", "LDFLAGS=", "--with-libvirt-api-xml=")
# What make and its callers leave behind must not get into the builds of the tests.
FOREIGN = ("MAKE", "MFLAGS", "CFLAGS", "DESTDIR", "PYTHON", "LIBVIRT_", "LD_PRELOAD", "PYTEST_", "TEST", "CC")


def environment(**changes: str) -> Dict[str, str]:
    """The environment of a user who has just logged in."""
    result = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
    return {**result, "LC_ALL": "C", **changes}


def tested_build() -> Optional[Path]:
    """The build directory whose check runs this, or the usual one of the source tree; None without."""
    known = os.environ.get("abs_top_builddir")
    for directory in [Path(known)] if known else [SOURCE / "build", SOURCE]:
        if (directory / "config.status").exists():
            return directory
    return None


def inherited() -> List[str]:
    """Those arguments of the tested build's configure that say where libvirt is."""
    build = tested_build()
    if build is None:
        return []
    shown = subprocess.run(["./config.status", "--config"], cwd=build, check=True, capture_output=True, text=True)
    return [argument for argument in shlex.split(shown.stdout) if argument.startswith(INHERITED)]


def make_command(*arguments: str) -> List[str]:
    """The command of one make; recursive makes inherit nothing from the caller's."""
    return ["make", "--no-print-directory", *arguments]


class BuildTree:
    """One build directory. Commands that fail raise an AssertionError with their output."""

    # Of some: where its API descriptions are, and what the wrapped tools were called for.
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
        """An argument of the test wins over an inherited one: the last one counts."""
        given = [f"PYTHON={PYTHON}", *inherited()]
        if os.environ.get("CC"):
            given.append(f"CC={os.environ['CC']}")
        return self.run(self.source / "configure", *given, *arguments, check=check, **changes)

    def make(self, *arguments: str, check: bool = True, **changes: str) -> "subprocess.CompletedProcess[str]":
        return self.run(*make_command(*arguments), check=check, **changes)

    def variable(self, name: str, *arguments: str) -> str:
        """The value of a variable of the Makefile, with these arguments given to make, which may remake that first."""
        show = f"--eval=show-variable: ; @echo '$({name})'"
        return self.make("-s", show, "show-variable", *arguments).stdout.splitlines()[-1]

    def files(self, pattern: str = "*") -> List[str]:
        """The files below the directory whose names match, relative to it."""
        found = (path for path in self.directory.rglob(pattern) if path.is_file())
        return sorted(str(path.relative_to(self.directory)) for path in found)
