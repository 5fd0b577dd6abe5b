# SPDX-License-Identifier: LGPL-2.1-or-later
"""What an import takes: arguments time|memory MODULE...; the name "loading" is libvirt alone, without any bindings.

One round in each process. Nothing is imported before that the bindings would import themselves.
"""

import sys
from time import perf_counter_ns


def resident() -> int:
    """KiB of memory that the process has."""
    with open("/proc/self/smaps_rollup", encoding="ascii") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("Rss:"))


def measure(name: str) -> int:
    if name == "loading":
        import loading
        start = perf_counter_ns()
        loading.load()
    else:
        start = perf_counter_ns()
        __import__(name)
    return perf_counter_ns() - start


def main(what: str, name: str) -> None:
    # Whatever opening a file and reading numbers takes has been taken.
    resident()
    elapsed = measure(name)
    print("import", elapsed if what == "time" else resident(), sep="\t")
    print(flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
