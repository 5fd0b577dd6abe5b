# SPDX-License-Identifier: LGPL-2.1-or-later
"""Measure in rounds in which all sides take turns, and compute the figures of the report."""

import statistics
from typing import Any, Callable, Dict, List, NamedTuple, Optional, Tuple

from sides import NAMES, Sides, Worker

# The rows of a round: side -> row -> numbers. The first number is the measured value.
Round = Dict[str, Dict[str, List[float]]]


class Target(NamedTuple):
    """The highest ratio of ours to another side that is good enough."""

    ratio: float
    of: str = "peer"


class Row:
    """The values of one measurement, of each side in each round."""

    def __init__(self, case: str, name: str, unit: str, target: Optional[Target] = None, limited: bool = True):
        self.case = case
        self.name = name
        self.unit = unit
        self.target = target
        # Whether C does the same work, so that its value is a limit.
        self.limited = limited
        self.values: Dict[str, List[float]] = {}

    def add(self, side: str, value: float) -> None:
        self.values.setdefault(side, []).append(value)

    def median(self, side: str) -> Optional[float]:
        values = self.values.get(side)
        return statistics.median(values) if values else None

    def _ratios(self, of: str, side: str) -> List[float]:
        """Return the ratios of the single rounds, in which the sides ran one after the other."""
        return [above / below for above, below in zip(self.values.get(side, ()), self.values.get(of, ())) if below]

    def ratio(self, of: str = "peer", side: str = "ours") -> Optional[float]:
        """Return the median of the ratios of the rounds, so that changes of the machine's speed do not matter."""
        ratios = self._ratios(of, side)
        return statistics.median(ratios) if ratios else None

    def limit(self, side: str = "peer") -> Optional[float]:
        """Return the ratio of C to a side, or None if C is not a limit."""
        return self.ratio(side, "C") if self.limited else None

    def spread(self, of: str = "peer", side: str = "ours") -> Optional[Tuple[float, float]]:
        """Return the quartiles of the ratios of the rounds."""
        ratios = self._ratios(of, side)
        if not ratios:
            return None
        if len(ratios) < 3:
            return min(ratios), max(ratios)
        first, _, last = statistics.quantiles(ratios, n=4, method="inclusive")
        return first, last

    def missed(self) -> bool:
        """Return whether the row has a target and missed it."""
        if self.target is None:
            return False
        ratio = self.ratio(self.target.of)
        return ratio is not None and ratio > self.target.ratio

    def as_json(self) -> Dict[str, object]:
        return {"case": self.case, "name": self.name, "unit": self.unit, "values": self.values,
                "medians": {side: self.median(side) for side in self.values},
                "ratio": self.ratio(), "spread": self.spread(), "limited": self.limited,
                "target": self.target._asdict() if self.target else None,
                "missed": self.missed()}

    @classmethod
    def from_json(cls, known: Dict[str, Any]) -> "Row":
        target = known["target"]
        row = cls(known["case"], known["name"], known["unit"], Target(**target) if target else None,
                  known["limited"])
        row.values = known["values"]
        return row


# --- how the values of the rows are derived from the numbers of a round

def measured(rows: Round) -> Dict[str, Dict[str, float]]:
    """Take the measured values unchanged."""
    return {side: {name: values[0] for name, values in found.items()} for side, found in rows.items()}


def overhead(rows: Round) -> Dict[str, Dict[str, float]]:
    """Subtract the time of an empty method from Python's. C's is the time of the instant libvirt, which is no limit."""
    return {side: {name: values[0] - (values[1] if len(values) > 1 else 0) for name, values in found.items()}
            for side, found in rows.items()}


def own_cost(rows: Round) -> Dict[str, Dict[str, float]]:
    """Split an import into the whole and the part without loading libvirt."""
    base = rows["C"]["import"][0]
    result = {}
    for side, found in rows.items():
        whole = found["import"][0]
        result[side] = {"all": whole} if side == "C" else {"all": whole, "own": whole - base}
    return result


Derive = Callable[[Round], Dict[str, Dict[str, float]]]


class Case(NamedTuple):
    """A case: rows that one program measures."""

    name: str
    title: str
    program: str
    # The arguments after the first one, which is the number of milliseconds for each measurement.
    arguments: Tuple[str, ...]
    target: Optional[Target] = None
    # By the name of a row, for rows with a target of their own.
    targets: Dict[str, Target] = {}
    unit: str = "ns"
    # If not 0, the programs run under the instant libvirt, with this number of entries in lists.
    entries: int = 0
    derive: Derive = measured
    # The number of processes in each round.
    processes: int = 1
    # Use one process for all rounds, because the program takes long to start.
    keep: bool = False
    # Whether the floor has calls of the case.
    floor: bool = False

    def sides(self) -> List[str]:
        return [side for side in NAMES if side != "floor" or self.floor]


def _ask_once(case: Case, sides: Sides, side: str, arguments: List[str]) -> Dict[str, List[float]]:
    worker = sides.start(side, case.program, arguments, case.entries)
    try:
        rows = worker.ask()
        worker.close()
    finally:
        worker.kill()
    return rows


def _ask_new(case: Case, sides: Sides, arguments: List[str]) -> Round:
    """Start new processes, with the sides taking turns, and return the medians of each side."""
    found: Dict[str, List[Dict[str, List[float]]]] = {side: [] for side in case.sides()}
    for _ in range(case.processes):
        for side in case.sides():
            found[side].append(_ask_once(case, sides, side, arguments))
    return {side: {name: [statistics.median(column) for column in zip(*(some[name] for some in asked))]
                   for name in asked[0]} for side, asked in found.items()}


def measure(case: Case, sides: Sides, rounds: int, ms: float) -> List[Row]:
    """Measure a case, and return its rows."""
    arguments = [*case.arguments] if case.program == "importing" else [str(ms), *case.arguments]
    rows: Dict[str, Row] = {}
    kept: Dict[str, Worker] = {}
    try:
        if case.keep:
            for side in case.sides():
                kept[side] = sides.start(side, case.program, arguments, case.entries)
            # Wait until all of them have started before the first round that counts.
            for worker in kept.values():
                worker.ask()
        for _ in range(rounds):
            found = ({side: worker.ask() for side, worker in kept.items()} if case.keep
                     else _ask_new(case, sides, arguments))
            for side, values in case.derive(found).items():
                for name, value in values.items():
                    row = rows.setdefault(name, Row(case.name, name, case.unit, case.targets.get(name, case.target),
                                                    case.derive is not overhead))
                    row.add(side, value)
        for worker in kept.values():
            worker.close()
    finally:
        for worker in kept.values():
            worker.kill()
    return list(rows.values())
