# SPDX-License-Identifier: LGPL-2.1-or-later
"""What every call gives and passes on, with values that only a fake libvirt has.

The calls and the results, written by hand, are in fake/calls.py and its parts.
"""

import re
from typing import TYPE_CHECKING, Dict, Iterator, List

import pytest

from fake import running
from fake.calls import ROWS
from fake.table import Raises, Row, expected

if TYPE_CHECKING:
    from fake.table import Told


@pytest.fixture(scope="session")
def results() -> Dict[int, "Told"]:
    found: Dict[int, "Told"] = running.run_rows(running.ours())
    return found


def _by_function() -> Dict[str, List[int]]:
    """The numbers of the rows, by what they call: thousands of cases would cost more than what they look at."""
    found: Dict[str, List[int]] = {}
    for number, row in enumerate(ROWS):
        name = re.match(r"[\w.]*", row.call)
        assert name
        found.setdefault(name.group(), []).append(number)
    return found


NUMBERS = _by_function()


def _wrong(number: int, found: "Told") -> Iterator[str]:
    """What differs from a row."""
    result, calls = expected(ROWS[number])
    assert found["result"] is not None
    yield running.difference(found["result"], result)
    if calls is not None:
        yield running.difference(found["calls"], calls)


@pytest.mark.parametrize("function", NUMBERS)
def test_calls_give_and_pass_on_what_they_should(results: Dict[int, "Told"], function: str) -> None:
    here = [number for number in NUMBERS[function] if results[number]["result"] is not None]
    if not here:
        pytest.skip(f"libvirt has no {ROWS[NUMBERS[function][0]].needs}")
    wrong = [f"{running.name_of(number)}: {told}"
             for number in here for told in _wrong(number, results[number]) if told]
    if wrong:
        pytest.fail("\n".join(wrong), pytrace=False)


def _fails(row: Row) -> bool:
    """Whether a call of libvirt fails in a row; functions of the lower layer do not raise then."""
    return "fail:" in row.mode or isinstance(row.result, Raises) or (
        row.call.startswith("libvirtmod") and row.result in (None, -1))


@pytest.mark.parametrize("function", NUMBERS)
def test_calls_that_succeed_report_no_error(results: Dict[int, "Told"], function: str) -> None:
    """Nor do they leave one behind."""
    good = [number for number in NUMBERS[function] if not _fails(ROWS[number])]
    assert [(running.name_of(number), results[number]["reported"], results[number]["last"]) for number in good
            if results[number]["reported"] or results[number]["last"] is not None] == []


def test_most_rows_were_looked_at(results: Dict[int, "Told"]) -> None:
    """Each of them but those of functions that libvirt is too old for."""
    assert {number for number, row in enumerate(ROWS) if not row.needs} <= {
        number for number, found in results.items() if found["result"] is not None}


def test_no_row_is_there_twice() -> None:
    names = [row.name() for row in ROWS if row.c is None]
    assert sorted(name for name in set(names) if names.count(name) > 1) == []


def test_every_row_can_be_compiled() -> None:
    """A NUL or a surrogate in the source of a call would raise before the call."""
    for row in ROWS:
        compile(row.call, "row", "eval")
