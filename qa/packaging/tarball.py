# SPDX-License-Identifier: LGPL-2.1-or-later
"""Make a release tarball and the recipes of this source tree, and report on checks."""

import argparse
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Dict, List, Optional

TOP = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "packaging"))
from project import Project, installed_names  # noqa: E402

PROJECT = Project()
NAME = PROJECT.values["source-name"]
VERSION = PROJECT.version
# The directory of the installed metadata, and the names of the installed Python files.
DISTINFO = PROJECT.distinfo
PYTHON_FILES = [f"{name}.py" for name in installed_names()]
PYTHON = os.environ.get("PYTHON") or "/usr/bin/python3"


def parser(doc: str) -> argparse.ArgumentParser:
    """Return a parser with the options that the scripts of this directory share."""
    result = argparse.ArgumentParser(description=doc.splitlines()[0])
    result.add_argument("--tarball", type=Path, metavar="FILE",
                        help="the tarball to use; default: make one of this source tree")
    return result


def _copy_source(directory: Path) -> None:
    """Copy the files that git tracks or would add, or in an unpacked tarball all files."""
    if not (TOP / ".git").exists():
        shutil.copytree(TOP, directory, symlinks=True, ignore=lambda place, names: {
            name for name in names if name == "__pycache__" or
            Path(place) == TOP and name.startswith("build") and name != "build-aux"})
        return
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=TOP,
                            stdout=subprocess.PIPE, text=True, check=True)
    for name in filter(None, listed.stdout.split("\0")):
        if (TOP / name).exists():
            (directory / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(TOP / name, directory / name)


def first_group(pattern: str, text: str) -> str:
    """Return the first group of the first match of the pattern. Exit if there is no match."""
    found = re.search(pattern, text, re.M)
    if found is None:
        raise SystemExit(f"{Path(sys.argv[0]).name}: no match for '{pattern}' in '{text[:1000]}'")
    return found[1]


def run(*command: object, cwd: Path, env: Optional[Dict[str, str]] = None) -> str:
    """Run a command, and return its output. If it fails, print its output and exit."""
    done = subprocess.run([*map(str, command)], cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        print(done.stdout, file=sys.stderr)
        raise SystemExit(f"{Path(sys.argv[0]).name}: {command[0]} failed with status {done.returncode}")
    return done.stdout


def tarball(given: Optional[Path], directory: Path, *make: str) -> Path:
    """Return the given tarball, or make one below the directory."""
    if given is not None:
        return given.resolve()
    source, build = directory / "tarball" / "source", directory / "tarball" / "build"
    build.mkdir(parents=True)
    _copy_source(source)
    if not (source / "configure").exists():
        run("./bootstrap", cwd=source)
    run(source / "configure", f"PYTHON={PYTHON}", cwd=build)
    run("make", "dist", *make, cwd=build)
    return build / f"{NAME}-{VERSION}.tar.xz"


def recipe(name: str, directory: Path) -> Path:
    """Write the recipes of distributions below the directory. Return the directory of one of them."""
    PROJECT.recipes(directory)
    return directory / name


class Report:
    """Prints and counts the checks of a script."""

    def __init__(self) -> None:
        self.passed = 0
        self.failed: List[str] = []

    def check(self, what: str, good: bool, detail: object = "") -> None:
        """Print a check and its result. The detail is printed only if the check failed."""
        print(f"{'good' if good else 'FAILED':8}{what}" + (f": {detail}" if detail and not good else ""), flush=True)
        if good:
            self.passed += 1
        else:
            self.failed.append(what)

    def finish(self) -> int:
        """Print the counts, and return the exit status."""
        print(f"{self.passed} passed, {len(self.failed)} failed")
        return int(bool(self.failed) or not self.passed)
