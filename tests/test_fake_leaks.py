# SPDX-License-Identifier: LGPL-2.1-or-later
"""No call leaks memory or references, whether it succeeds or fails, wherever the failure occurs."""

import json
from typing import Any, Dict, List

import pytest

import checkers
from fake import running
from fake.calls import ROWS


@pytest.fixture(scope="session")
def grown() -> List[Dict[str, Any]]:
    """The rows that leak, with the number of bytes and references that each call leaks."""
    if checkers.NO_GIL:
        pytest.skip("a Python without a GIL does not allocate with malloc, which is measured")
    # Python's own allocator would hide leaks, and malloc counts the contents of its caches as allocated.
    done = running.run_program(running.ours(), "leaks", PYTHONMALLOC="malloc",
                               GLIBC_TUNABLES="glibc.malloc.tcache_count=0")
    assert done.returncode == 0, done.stderr[-5000:]
    leaks = [json.loads(line) for line in done.stdout.splitlines()]
    if leaks and leaks[0]["row"] is None:
        pytest.skip("this malloc does not report how much is allocated")
    return leaks


def test_no_call_leaks(grown: List[Dict[str, Any]]) -> None:
    assert [f"{ROWS[leak['row']].name()}: {leak['bytes']} bytes, {leak['references']} references"
            for leak in grown] == []
