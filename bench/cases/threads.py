# SPDX-License-Identifier: LGPL-2.1-or-later
"""Ten threads that call at once: arguments MS URI HANDLER CALL...; the time is that of all threads, for each call."""

import sys
import threading
from typing import Callable

import calls
import timing

THREADS = 10
# So that the start of the threads does not matter.
LEAST = 20000


def together(loop: Callable[[int], object]) -> Callable[[int], None]:
    """A loop of as many calls, of which each thread has a share."""
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
