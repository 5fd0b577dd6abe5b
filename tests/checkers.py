# SPDX-License-Identifier: LGPL-2.1-or-later
"""What tests have to know of how they are run: how thoroughly, and under which checker of memory or threads."""

import os
import shlex
import sys
import sysconfig
from typing import Dict, Mapping, Optional

import pytest

# Set by "make check-full".
FULL = os.environ.get("LIBVIRT_PYTHON_FULL", "") not in ("", "0")

# Set by programs that run the tests under sanitizers and under valgrind.
CHECKER = os.environ.get("LIBVIRT_PYTHON_CHECKER", "")
PATIENCE = int(os.environ.get("LIBVIRT_PYTHON_PATIENCE", "1"))  # what time limits are multiplied by

# What starts a program in Python: valgrind stands before the interpreter.
INTERPRETER = [*shlex.split(os.environ.get("LIBVIRT_PYTHON_WRAPPER", "")), sys.executable]

# Such a Python has one allocator of its own, which does not count, and lets objects go where it likes.
NO_GIL = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))

# For what a checker's own memory, or its own words on stderr, would spoil.
plain_memory = pytest.mark.skipif(CHECKER != "", reason=f"not under {CHECKER}, which has an allocator of its own")


def amount(quick: float, full: float, variable: str) -> float:
    """How much of something: what LIBVIRT_PYTHON_variable says, or one number for each of the two targets."""
    return float(os.environ.get(f"LIBVIRT_PYTHON_{variable}") or (full if FULL else quick))


def rounds(quick: int, full: int, variable: str) -> int:
    """The same of what is counted."""
    return int(amount(quick, full, variable))


def without_leak_check(environment: Optional[Mapping[str, str]] = None) -> Dict[str, str]:
    """The variables of a program that ends with running threads, or with data that libvirt never frees, or that forks.

    What the stack of such a thread held is nobody's once the interpreter is
    gone.  A child frees nothing of its parent's, and Python forgets its own
    locks there.
    """
    changed = dict(environment or {})
    options = changed.get("ASAN_OPTIONS", os.environ.get("ASAN_OPTIONS"))
    changed["ASAN_OPTIONS"] = ":".join(filter(None, [options, "detect_leaks=0"]))
    return changed


def for_tools() -> Dict[str, str]:
    """The variables for compilers and the like: they are not what is checked."""
    return {name: value for name, value in os.environ.items() if name != "LD_PRELOAD"}
