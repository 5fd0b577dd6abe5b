# SPDX-License-Identifier: LGPL-2.1-or-later
"""Measure an import. Arguments: time|memory MODULE; the module "loading" loads libvirt without any bindings.

A process measures one round. Before that it imports no module that the bindings would import.
"""

import sys
from time import perf_counter_ns


def resident() -> int:
    """Return the resident memory of the process in KiB."""
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
    resident()  # The memory for opening a file and reading numbers is allocated now, not during the measurement.
    elapsed = measure(name)
    print("import", elapsed if what == "time" else resident(), sep="\t")
    print(flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
