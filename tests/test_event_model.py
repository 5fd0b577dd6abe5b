# SPDX-License-Identifier: LGPL-2.1-or-later
"""Random sequences of registrations, events, timers and forks, made by hypothesis, compared with a model.

fake/machine.py has the steps and the model.

LIBVIRT_PYTHON_EXAMPLES=1000 runs more sequences on each event loop than make
check-full does.
"""

import pytest

from checkers import CHECKER, rounds, without_leak_check
from fake import firing
from fixturetypes import PythonPrints

pytest.importorskip("hypothesis", reason="hypothesis, which this test needs, is not installed")

EXAMPLES = rounds(12, 40, "EXAMPLES")


@pytest.mark.skipif(CHECKER != "", reason=f"{CHECKER} would report memory that hypothesis keeps")
@pytest.mark.parametrize("loop", ["default", "own", "asyncio"])
def test_registrations_behave_like_the_model(python_prints: PythonPrints, loop: str) -> None:
    assert python_prints(f"""
import os, sys
os.environ.pop("LD_PRELOAD", None)
from fake import machine
machine.run({loop!r}, {EXAMPLES}, 40)
""", PYTHONWARNINGS="ignore", **without_leak_check(firing.environment()))[-1:] == ["done"]
