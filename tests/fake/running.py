# SPDX-License-Identifier: LGPL-2.1-or-later
"""Run the table of calls in another interpreter, on the fake libvirt."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Dict, Iterable, List, Optional, Sequence, Tuple

import pytest

from checkers import INTERPRETER, PATIENCE

from .calls import ROWS
from .table import Outcome

TESTS = Path(__file__).resolve().parent.parent
TIMEOUT = 300 * PATIENCE

# Also works if Python ignores PYTHONPATH.
START = ("import runpy, sys; sys.path.insert(0, sys.argv.pop(1)); "
         "runpy.run_module(sys.argv.pop(1), run_name='__main__', alter_sys=True)")


def library(name: str = "libfake.so") -> Path:
    """Return the path of the fake libvirt, or of another library to preload, in the build under test."""
    top = os.environ.get("abs_top_builddir")
    if top is None:
        import libvirtmod
        top = str(Path(libvirtmod.__file__).resolve().parents[1])
    found = Path(top, "tests", "fake", name)
    if not found.exists() and "abs_top_builddir" not in os.environ:
        pytest.skip("there is no fake libvirt: 'make check TESTS=' builds it")
    return found


def environment(preload: Sequence[str] = (), **changes: str) -> Dict[str, str]:
    """Return the environment of a program that runs on the fake, with further preloaded libraries."""
    # The sanitizers' libraries come first.
    found = [os.environ.get("LD_PRELOAD", ""), *(str(library(name)) for name in ("libfake.so", *preload))]
    return {**os.environ, "LD_PRELOAD": ":".join(filter(None, found)), "PYTHONDONTWRITEBYTECODE": "1",
            # tests try sizes that cannot be allocated
            "ASAN_OPTIONS": ":".join(filter(None, [os.environ.get("ASAN_OPTIONS"), "allocator_may_return_null=1"])),
            **changes}


def variables(**changes: str) -> Dict[str, str]:
    """Return the variables that a program of a test needs to run on the fake."""
    found = environment(PYTHONPATH=f"{TESTS}:{os.environ.get('PYTHONPATH', '')}", **changes)
    return {name: found[name] for name in ("LD_PRELOAD", "ASAN_OPTIONS", "PYTHONPATH", *changes)}


def run_program(command: Sequence[str], name: str, *arguments: object, preload: Sequence[str] = (),
                **changes: str) -> "subprocess.CompletedProcess[str]":
    """Run a module of this directory on the fake."""
    return subprocess.run([*command, "-c", START, str(TESTS), f"fake.{name}", *map(str, arguments)],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
                          errors="backslashreplace", timeout=TIMEOUT, env=environment(preload, **changes))


def _run(command: Sequence[str], numbers: Sequence[int]) -> Tuple[Dict[int, Outcome], Optional[int]]:
    """Return the outcomes until the end or a crash, and the number of the row that crashed."""
    done = run_program(command, "runner", *numbers)
    results: Dict[int, Outcome] = {}
    last = None
    for line in done.stdout.splitlines():
        outcome = json.loads(line)
        last = outcome.pop("row")
        if outcome:
            results[last] = outcome
    if done.returncode == 0:
        return results, None
    if last is None or last in results:
        pytest.fail(f"the runner failed with {done.returncode}:\n{done.stderr[-1000:]}", pytrace=False)
    results[last] = {"result": f"the interpreter died: {done.returncode}\n{done.stderr[-2000:]}", "calls": ""}
    return results, last


def run_rows(command: Sequence[str], numbers: Optional[Iterable[int]] = None) -> Dict[int, Outcome]:
    """Return the outcomes of the given rows, or of all rows, by number; continue after a row that crashes."""
    left = list(range(len(ROWS)) if numbers is None else numbers)
    results: Dict[int, Outcome] = {}
    while left:
        some, died = _run(command, left)
        results.update(some)
        left = [] if died is None else left[left.index(died) + 1:]
    return results


def ours() -> List[str]:
    """Return the command that runs the bindings under test."""
    return list(INTERPRETER)


def need_failing_allocations() -> None:
    """Skip the test if this Python version crashes when memory runs out."""
    if sys.version_info[:2] == (3, 13):
        pytest.skip("Python 3.13 itself crashes when an allocation fails: an import in the middle of a program will do")


def peer() -> Tuple[List[str], Tuple[int, ...]]:
    """Return the command that runs the distribution's bindings, and their version; skip if they are not installed."""
    command = [sys.executable, "-I"]
    code = ("import importlib.metadata, libvirtmod, libvirtmod_lxc, libvirtmod_qemu\n"
            "assert hasattr(libvirtmod, 'virEventInvokeFreeCallback') and not hasattr(libvirtmod, '_takeFailure')\n"
            "print(importlib.metadata.version('libvirt-python'))")
    done = subprocess.run([*command, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          universal_newlines=True, timeout=TIMEOUT)
    if done.returncode != 0:
        pytest.skip(f"the distribution's bindings are not installed for {sys.executable}: {done.stderr[-200:]}")
    version = tuple(map(int, done.stdout.strip().split(".")))
    if version < (9,):
        pytest.skip(f"the differences of version {version} are not listed")
    return command, version


def name_of(number: int) -> str:
    """Return a name for a row that fits on a line."""
    return f"{number}-{ROWS[number].name()}".encode("ascii", "backslashreplace").decode()[:100].replace("\0", "0")


def difference(found: str, wanted: str) -> str:
    """Return the first difference, or ""; some results are too long for pytest's own comparison."""
    if found == wanted:
        return ""
    place = len(os.path.commonprefix([found, wanted]))
    around = slice(max(0, place - 100), place + 200)
    return f"at character {place}\nfound  {found[around]!r}\nwanted {wanted[around]!r}"


def check_same(found: str, wanted: str) -> None:
    """Fail the test if the texts differ."""
    text = difference(found, wanted)
    if text:
        pytest.fail(text, pytrace=False)
