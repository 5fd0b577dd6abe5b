# SPDX-License-Identifier: LGPL-2.1-or-later
"""Each allocation of each call fails once: MemoryError is raised, nothing leaks, and the next call works."""

import json
from typing import Any, List

import pytest

from checkers import FULL
from fake import running
from fake.calls import ROWS

# "make check" runs only some of the rows.
STEP = 1 if FULL else 16


@pytest.fixture(scope="session")
def findings() -> List[Any]:
    """The deviations from that, and as the last item how many allocations failed."""
    running.need_failing_allocations()
    done = running.run_program(running.ours(), "nomemory", *range(0, len(ROWS), STEP), preload=["libnomemory.so"],
                               PYTHONMALLOC="malloc", GLIBC_TUNABLES="glibc.malloc.tcache_count=0")
    assert done.returncode == 0, done.stderr[-5000:]
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    if not lines:
        pytest.skip("this malloc does not report how much is allocated")
    return lines


def test_each_allocation_can_fail(findings: List[Any]) -> None:
    assert findings[:-1] == []


def test_many_allocations_have_failed(findings: List[Any]) -> None:
    """Without failing allocations the other test would pass."""
    assert findings[-1] > 5000 // STEP
