# SPDX-License-Identifier: LGPL-2.1-or-later
"""Code that the programs of this directory share: a build of their own, and running test files with it."""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Callable, Dict, Iterable

TOP = Path(__file__).resolve().parent.parent.parent
TIMEOUT = 7200
# A program that leaks a reference to a handle.
LEAK = """
import ctypes, libvirt
capsule = libvirt.open("test:///default").lookupByName("test")._o
increase = ctypes.pythonapi.Py_IncRef
increase.argtypes = [ctypes.py_object]
increase(capsule)
"""


def build(directory: Path, *options: str) -> None:
    commands = [["make", "-j2"], ["make", "check", "TESTS="]]
    if not (directory / "Makefile").exists():
        if not (TOP / "configure").exists():
            subprocess.run(["./bootstrap"], cwd=TOP, check=True)
        commands.insert(0, [str(TOP / "configure"), *options])
    for command in commands:
        subprocess.run(command, cwd=directory, check=True, stdout=subprocess.DEVNULL)


def variables(directory: Path, **more: str) -> Dict[str, str]:
    """Return the environment of tests. They use malloc() directly, because Python's own allocator hides errors."""
    return {**os.environ, "abs_top_srcdir": str(TOP), "abs_top_builddir": str(directory),
            "PYTHONDONTWRITEBYTECODE": "1", "PYTHONMALLOC": "malloc", **more}


def finds_a_leak(command: Iterable[str], environment: Dict[str, str]) -> bool:
    """Return whether the checker, a command that runs Python, finds a leak. If not, its silence proves nothing."""
    return subprocess.run([*command, "-c", LEAK], env=environment, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL, timeout=TIMEOUT, check=False).returncode != 0


def run_test(name: str, directory: Path, environment: Dict[str, str], *arguments: str) -> bool:
    """Run one test file, whose name is relative to the top, and return whether it passed."""
    start = time.monotonic()
    done = subprocess.run(
        [str(directory / "run"), "python3", str(TOP / "tests" / "runner.py"), "--one", *arguments, str(TOP / name)],
        cwd=directory, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
        errors="replace", timeout=TIMEOUT, check=False)
    summary = [line for line in done.stdout.splitlines() if line[:1].isdigit() and " in " in line]
    print(f"{name}: {summary[-1] if summary else 'nothing ran'} ({time.monotonic() - start:.0f} s)", flush=True)
    if done.returncode not in (0, 77):
        print(done.stdout, flush=True)
        return False
    return True


def main(description: str, options: Dict[str, str], check: Callable[[Path, argparse.Namespace], Iterable[str]],
         subject: str = "tests/test_auth.py") -> int:
    """Parse the command line, build, and call check, which returns what failed. Return the exit status."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--build-dir", type=Path, metavar="DIR", help="build in DIR, and keep it")
    for option, default in {"--python": sys.executable, **options}.items():
        parser.add_argument(option, default=default, help=f"default: {default}")
    parser.add_argument("tests", nargs="*", metavar="FILE", help=f"for example {subject}; default: all")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        directory = (wanted.build_dir or Path(temporary)).resolve()
        directory.mkdir(parents=True, exist_ok=True)
        failed = list(check(directory, wanted))
    if failed:
        print("failed:", *failed)
    return 1 if failed else 0
