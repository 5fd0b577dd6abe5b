# SPDX-License-Identifier: LGPL-2.1-or-later
"""What every call returns and passes to libvirt, with values that only a fake libvirt has.

The calls and the expected results, written by hand, are in fake/calls.py and
its parts.
"""

import re
from typing import TYPE_CHECKING, Dict, Iterator, List

import pytest

from fake import running
from fake.calls import ROWS
from fake.table import Raises, Row, expected

if TYPE_CHECKING:
    from fake.table import Outcome


@pytest.fixture(scope="session")
def results() -> Dict[int, "Outcome"]:
    found: Dict[int, "Outcome"] = running.run_rows(running.ours())
    return found


def _by_function() -> Dict[str, List[int]]:
    """Group row numbers by function, because thousands of test cases would cost more than the checks themselves."""
    found: Dict[str, List[int]] = {}
    for number, row in enumerate(ROWS):
        name = re.match(r"[\w.]*", row.call)
        assert name
        found.setdefault(name.group(), []).append(number)
    return found


NUMBERS = _by_function()


def _wrong(number: int, found: "Outcome") -> Iterator[str]:
    """Yield the differences between a row and its outcome."""
    result, calls = expected(ROWS[number])
    assert found["result"] is not None
    yield running.difference(found["result"], result)
    if calls is not None:
        yield running.difference(found["calls"], calls)


@pytest.mark.parametrize("function", NUMBERS)
def test_calls_return_and_pass_on_the_expected_values(results: Dict[int, "Outcome"], function: str) -> None:
    here = [number for number in NUMBERS[function] if results[number]["result"] is not None]
    if not here:
        pytest.skip(f"libvirt has no {ROWS[NUMBERS[function][0]].needs}")
    wrong = [f"{running.name_of(number)}: {text}"
             for number in here for text in _wrong(number, results[number]) if text]
    if wrong:
        pytest.fail("\n".join(wrong), pytrace=False)


def _fails(row: Row) -> bool:
    """Return whether a row contains a failing call of libvirt; functions of the C modules do not raise then."""
    return "fail:" in row.mode or isinstance(row.result, Raises) or (
        row.call.startswith("libvirtmod") and row.result in (None, -1))


@pytest.mark.parametrize("function", NUMBERS)
def test_calls_that_succeed_report_no_error(results: Dict[int, "Outcome"], function: str) -> None:
    """No error handler is called, and no error remains set."""
    good = [number for number in NUMBERS[function] if not _fails(ROWS[number])]
    assert [(running.name_of(number), results[number]["reported"], results[number]["last"]) for number in good
            if results[number]["reported"] or results[number]["last"] is not None] == []


def test_all_rows_of_functions_in_this_libvirt_were_tried(results: Dict[int, "Outcome"]) -> None:
    """Every row is tried, except those of functions that this libvirt does not have."""
    assert {number for number, row in enumerate(ROWS) if not row.needs} <= {
        number for number, found in results.items() if found["result"] is not None}


def test_no_row_occurs_twice() -> None:
    names = [row.name() for row in ROWS if row.c is None]
    assert sorted(name for name in set(names) if names.count(name) > 1) == []


def test_every_row_can_be_compiled() -> None:
    """A NUL or a lone surrogate in the source of a row would raise before the call."""
    for row in ROWS:
        compile(row.call, "row", "eval")
