# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the measured programs share: loops, medians, and the talk with bench/run.

A round is asked for by a line on stdin. It is answered by lines of a row's name, a tab and a number, another tab and
what an empty method takes in place of the call where that was asked for; and an empty line.

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
    """Nanoseconds of one time of what loop(count) does: of some repeats the one to choose.

    Measures for about so many milliseconds, and not less than so many times.
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
    """A function that does it count times; the names are global for it, as for a program's own functions."""
    body = "\n".join("        " + line for line in statement.splitlines())
    exec(f"from itertools import repeat\ndef loop(count):\n    for _ in repeat(None, count):\n{body}\n", names)
    loop: Callable[[int], None] = names.pop("loop")
    return loop


def serve(measure: Callable[[], Iterable[Row]]) -> None:
    """Answer each wish for a round with the rows that measure() gives."""
    for _ in sys.stdin:
        for name, *values in measure():
            print(name, *(f"{value:.3f}" for value in values), sep="\t")
        print(flush=True)
