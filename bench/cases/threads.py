# SPDX-License-Identifier: LGPL-2.1-or-later
"""Measure calls of ten threads at the same time. Arguments: MS URI HANDLER CALL...

The result is the time until all threads have finished, divided by the number of all calls.
"""

import sys
import threading
from typing import Callable

import calls
import timing

THREADS = 10
# The least number of calls, so that the start of the threads does not matter.
LEAST = 20000


def together(loop: Callable[[int], object]) -> Callable[[int], None]:
    """Return a function like loop that distributes its calls over the threads."""
    def run(count: int) -> None:
        share = -(-count // THREADS)
        threads = [threading.Thread(target=loop, args=(share,)) for _ in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return run


def main(ms: str, uri: str, handler: str, *texts: str) -> None:
    names = calls.prepare(uri, False)
    loops = [(text, together(timing.loop_of(text, names))) for text in texts]
    timing.serve(lambda: ((text, timing.per_call(loop, float(ms), LEAST)) for text, loop in loops))


if __name__ == "__main__":
    main(*sys.argv[1:])
