# SPDX-License-Identifier: LGPL-2.1-or-later
"""Code that the measured programs share: loops, medians, and the protocol with bench/run.

A line on stdin asks for a round. The answer has one line for each row, and an empty line at the end. A row's line has,
separated by tabs, its name, the measured number and, for some cases, the number for an empty method.

The garbage collector runs as it does in any program.
"""

import statistics
import sys
from time import perf_counter_ns
from typing import Any, Callable, Dict, Iterable, Tuple, Union

REPEATS = 5
# A line of a round.
Row = Union[Tuple[str, float], Tuple[str, float, float]]


def per_call(loop: Callable[[int], object], ms: float, least: int = 1,
             choose: Callable[[Iterable[float]], float] = statistics.median) -> float:
    """Return the nanoseconds of one iteration of loop(count).

    Measure for about ms milliseconds, with a count of at least least; choose combines the results of some repeats.
    """
    def run(count: int) -> int:
        start = perf_counter_ns()
        loop(count)
        return perf_counter_ns() - start
    wanted, count = ms * 1e6 / REPEATS, least
    while run(count) < wanted / 2:
        count *= 2
    return choose(run(count) / count for _ in range(REPEATS))


def loop_of(statement: str, names: Dict[str, Any]) -> Callable[[int], None]:
    """Return a function that executes the statement count times. names are its globals, like those of a program."""
    body = "\n".join("        " + line for line in statement.splitlines())
    exec(f"from itertools import repeat\ndef loop(count):\n    for _ in repeat(None, count):\n{body}\n", names)
    loop: Callable[[int], None] = names.pop("loop")
    return loop


def serve(measure: Callable[[], Iterable[Row]]) -> None:
    """Answer each request for a round with the rows that measure() returns."""
    for _ in sys.stdin:
        for name, *values in measure():
            print(name, *(f"{value:.3f}" for value in values), sep="\t")
        print(flush=True)
