# SPDX-License-Identifier: LGPL-2.1-or-later
"""No call leaks memory or references, whether it succeeds or fails, in whatever place."""

import json
from typing import Any, Dict, List

import pytest

import checkers
from fake import running
from fake.calls import ROWS


@pytest.fixture(scope="session")
def grown() -> List[Dict[str, Any]]:
    """The rows that leak, with the bytes and the references of each call."""
    if checkers.NO_GIL:
        pytest.skip("a Python without a GIL does not allocate by malloc, which counts")
    # Python's own allocator would hide what grows, and malloc counts what its caches hold as given away.
    done = running.run_program(running.ours(), "leaks", PYTHONMALLOC="malloc",
                               GLIBC_TUNABLES="glibc.malloc.tcache_count=0")
    assert done.returncode == 0, done.stderr[-5000:]
    told = [json.loads(line) for line in done.stdout.splitlines()]
    if told and told[0]["row"] is None:
        pytest.skip("malloc does not tell how much it has given away")
    return told


def test_no_call_leaks(grown: List[Dict[str, Any]]) -> None:
    assert [f"{ROWS[leak['row']].name()}: {leak['bytes']} bytes, {leak['references']} references"
            for leak in grown] == []
