"""Run one test file with pytest, and tell the outcome as Automake's test harness expects it.

SPDX-License-Identifier: LGPL-2.1-or-later
"""

import sys
from typing import TYPE_CHECKING, List

if TYPE_CHECKING:
    import pytest

PASS, FAIL, SKIP = 0, 1, 77


class Outcomes:
    """A pytest plugin that counts what ran and what was skipped."""

    def __init__(self) -> None:
        self.ran = 0
        self.skipped = 0

    def count(self, report: "pytest.TestReport") -> None:
        # An expected failure is reported as skipped, but it ran.
        if report.skipped and not hasattr(report, "wasxfail"):
            self.skipped += 1
        elif report.when == "call":
            self.ran += 1

    def pytest_runtest_logreport(self, report: "pytest.TestReport") -> None:
        self.count(report)

    def pytest_collectreport(self, report: "pytest.CollectReport") -> None:
        """A whole file can be skipped while it is collected."""
        if report.skipped:
            self.skipped += 1


def main(arguments: List[str]) -> int:
    try:
        import pytest
    except ImportError:
        print("pytest is not installed for", sys.executable)
        return SKIP
    outcomes = Outcomes()
    status = pytest.main(["-q", "-ra", "-p", "no:cacheprovider", *arguments], plugins=[outcomes])
    finished = status in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)
    if finished and outcomes.skipped and not outcomes.ran:
        return SKIP
    return PASS if status == pytest.ExitCode.OK else FAIL


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
