# SPDX-License-Identifier: LGPL-2.1-or-later
"""Registrations, events, timers and forks in any order, as hypothesis makes them up, against a model.

fake/machine.py has the steps and the model.

LIBVIRT_PYTHON_EXAMPLES=1000 is a longer form than that of make check-full: so many programs on each event loop.
"""

import pytest

from checkers import CHECKER, rounds, without_leak_check
from fake import firing
from fixturetypes import PythonPrints

pytest.importorskip("hypothesis", reason="hypothesis is not installed, which makes up programs for this test")

EXAMPLES = rounds(12, 40, "EXAMPLES")


@pytest.mark.skipif(CHECKER != "", reason=f"what hypothesis keeps is no leak of ours, says {CHECKER}")
@pytest.mark.parametrize("loop", ["default", "own", "asyncio"])
def test_programs_do_what_the_model_says(python_prints: PythonPrints, loop: str) -> None:
    assert python_prints(f"""
import os, sys
os.environ.pop("LD_PRELOAD", None)
from fake import machine
machine.run({loop!r}, {EXAMPLES}, 40)
""", PYTHONWARNINGS="ignore", **without_leak_check(firing.environment()))[-1:] == ["done"]
