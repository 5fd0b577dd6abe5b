# SPDX-License-Identifier: LGPL-2.1-or-later
"""How the tests are run: with how many rounds, and under which memory or thread checker."""

import os
import shlex
import sys
import sysconfig
from typing import Dict, Mapping, Optional

import pytest

# Set by "make check-full".
FULL = os.environ.get("LIBVIRT_PYTHON_FULL", "") not in ("", "0")

# Set by the programs that run the tests under sanitizers and under valgrind.
CHECKER = os.environ.get("LIBVIRT_PYTHON_CHECKER", "")
PATIENCE = int(os.environ.get("LIBVIRT_PYTHON_PATIENCE", "1"))  # factor for all time limits

# The command that starts a Python program; valgrind, if used, comes before the interpreter.
INTERPRETER = [*shlex.split(os.environ.get("LIBVIRT_PYTHON_WRAPPER", "")), sys.executable]

# A free-threaded Python has its own allocator, which does not count blocks, and it frees objects at other times.
NO_GIL = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))

# Skips a test that the checker's own allocator, or its output on stderr, would disturb.
plain_memory = pytest.mark.skipif(CHECKER != "", reason=f"not under {CHECKER}, which has an allocator of its own")


def amount(quick: float, full: float, variable: str) -> float:
    """Return how much of something to do: LIBVIRT_PYTHON_variable if it is set, else `full` or `quick`."""
    return float(os.environ.get(f"LIBVIRT_PYTHON_{variable}") or (full if FULL else quick))


def rounds(quick: int, full: int, variable: str) -> int:
    """Return amount() as an integer, for counts."""
    return int(amount(quick, full, variable))


def without_leak_check(environment: Optional[Mapping[str, str]] = None) -> Dict[str, str]:
    """Return environment variables that switch off LeakSanitizer for a program.

    This is for programs that fork, that end while threads are running, or whose
    data libvirt never frees. When the interpreter is gone nothing refers to
    what the stacks of such threads referred to. A forked child does not free
    the objects of its parent, and Python forgets its own locks there.
    """
    changed = dict(environment or {})
    options = changed.get("ASAN_OPTIONS", os.environ.get("ASAN_OPTIONS"))
    changed["ASAN_OPTIONS"] = ":".join(filter(None, [options, "detect_leaks=0"]))
    return changed


def for_tools() -> Dict[str, str]:
    """Return the environment for compilers and similar tools, without the preloaded checker library."""
    return {name: value for name, value in os.environ.items() if name != "LD_PRELOAD"}
