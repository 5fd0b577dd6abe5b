# SPDX-License-Identifier: LGPL-2.1-or-later
"""The release tarball of this source tree as it is now, and what was found out about a build of it."""

import argparse
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Dict, List, Optional

TOP = Path(__file__).resolve().parents[2]
PYTHON = os.environ.get("PYTHON") or "/usr/bin/python3"


def parser(doc: str) -> argparse.ArgumentParser:
    """What the scripts of this directory have in common."""
    result = argparse.ArgumentParser(description=doc.splitlines()[0])
    result.add_argument("--tarball", type=Path, metavar="FILE", help="default: one is made of this source tree")
    return result


def _copy_source(directory: Path) -> None:
    """What git knows or would take, or in an unpacked tarball all that there is."""
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
    """What the pattern finds; a text without it ends the script."""
    found = re.search(pattern, text, re.M)
    if found is None:
        raise SystemExit(f"{Path(sys.argv[0]).name}: there is no '{pattern}' in '{text[:1000]}'")
    return found[1]


def run(*command: object, cwd: Path, env: Optional[Dict[str, str]] = None) -> str:
    """The output of a command; one that fails ends the script with it."""
    done = subprocess.run([*map(str, command)], cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        print(done.stdout, file=sys.stderr)
        raise SystemExit(f"{Path(sys.argv[0]).name}: {command[0]} failed with status {done.returncode}")
    return done.stdout


def tarball(given: Optional[Path], directory: Path, *make: str) -> Path:
    """The one given, or a new one below the directory."""
    if given is not None:
        return given.resolve()
    source, build = directory / "tarball" / "source", directory / "tarball" / "build"
    build.mkdir(parents=True)
    _copy_source(source)
    if not (source / "configure").exists():
        run("./bootstrap", cwd=source)
    run(source / "configure", f"PYTHON={PYTHON}", cwd=build)
    run("make", "dist", *make, cwd=build)
    return next(build.glob("libvirt-python-*.tar.xz"))


class Report:
    """The checks of a script: printed one by one, and counted."""

    def __init__(self) -> None:
        self.passed = 0
        self.failed: List[str] = []

    def check(self, what: str, good: bool, detail: object = "") -> None:
        """The detail says what was found where it is not what was wanted."""
        print(f"{'good' if good else 'FAILED':8}{what}" + (f": {detail}" if detail and not good else ""), flush=True)
        if good:
            self.passed += 1
        else:
            self.failed.append(what)

    def finish(self) -> int:
        """The status to exit with."""
        print(f"{self.passed} passed, {len(self.failed)} failed")
        return int(bool(self.failed) or not self.passed)
