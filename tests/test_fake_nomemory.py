# SPDX-License-Identifier: LGPL-2.1-or-later
"""Whichever allocation of a call fails: it raises MemoryError, lets go of what it took, and works the next time."""

import json
from typing import Any, List

import pytest

from checkers import FULL
from fake import running
from fake.calls import ROWS

# "make check" has some of the rows.
STEP = 1 if FULL else 16


@pytest.fixture(scope="session")
def told() -> List[Any]:
    """What is otherwise, and how many allocations have failed."""
    running.need_failing_allocations()
    done = running.run_program(running.ours(), "nomemory", *range(0, len(ROWS), STEP), preload=["libnomemory.so"],
                               PYTHONMALLOC="malloc", GLIBC_TUNABLES="glibc.malloc.tcache_count=0")
    assert done.returncode == 0, done.stderr[-5000:]
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    if not lines:
        pytest.skip("malloc does not tell how much it has given away")
    return lines


def test_each_allocation_can_fail(told: List[Any]) -> None:
    assert told[:-1] == []


def test_many_allocations_have_failed(told: List[Any]) -> None:
    """The test above would pass if none did."""
    assert told[-1] > 5000 // STEP
