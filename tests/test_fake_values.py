# SPDX-License-Identifier: LGPL-2.1-or-later
"""What every call gives and passes on, with values that only a fake libvirt has.

The calls and the results, written by hand, are in fake/calls.py and its parts.
"""

from typing import TYPE_CHECKING, Dict

import pytest

from fake import running
from fake.calls import ROWS
from fake.table import expected

if TYPE_CHECKING:
    from fake.table import Told


@pytest.fixture(scope="session")
def results() -> Dict[int, "Told"]:
    found: Dict[int, "Told"] = running.run_rows(running.ours())
    return found


@pytest.mark.parametrize("number", range(len(ROWS)), ids=running.name_of)
def test_the_call_gives_and_passes_on_what_it_should(results: Dict[int, "Told"], number: int) -> None:
    row, found = ROWS[number], results[number]
    if found["result"] is None:
        pytest.skip(f"libvirt has no {row.needs}")
    result, calls = expected(row)
    running.check_same(found["result"], result)
    if calls is not None:
        running.check_same(found["calls"], calls)


def test_no_row_is_there_twice() -> None:
    names = [row.name() for row in ROWS if row.c is None]
    assert sorted(name for name in set(names) if names.count(name) > 1) == []


def test_every_row_can_be_compiled() -> None:
    """A NUL or a surrogate in the source of a call would raise before the call."""
    for row in ROWS:
        compile(row.call, "row", "eval")
