# SPDX-License-Identifier: LGPL-2.1-or-later
"""Rounds in which all sides take turns, and what comes of their numbers."""

import statistics
from typing import Any, Callable, Dict, List, NamedTuple, Optional, Tuple

from sides import NAMES, Sides, Worker

# The rows of a round: side -> row -> numbers, of which the first is what was measured.
Round = Dict[str, Dict[str, List[float]]]


class Target(NamedTuple):
    """What ours may be, as a part of another side's."""

    ratio: float
    of: str = "peer"


class Row:
    """One thing that was measured, by each side in each round."""

    def __init__(self, case: str, name: str, unit: str, target: Optional[Target] = None, limited: bool = True):
        self.case = case
        self.name = name
        self.unit = unit
        self.target = target
        # Whether C does the same work, so that it is a limit.
        self.limited = limited
        self.values: Dict[str, List[float]] = {}

    def add(self, side: str, value: float) -> None:
        self.values.setdefault(side, []).append(value)

    def median(self, side: str) -> Optional[float]:
        values = self.values.get(side)
        return statistics.median(values) if values else None

    def _ratios(self, of: str, side: str) -> List[float]:
        """Of single rounds, in which the sides ran one after the other."""
        return [above / below for above, below in zip(self.values.get(side, ()), self.values.get(of, ())) if below]

    def ratio(self, of: str = "peer", side: str = "ours") -> Optional[float]:
        """The median of those of the rounds: what a machine that changes its pace does to both sides is not in it."""
        ratios = self._ratios(of, side)
        return statistics.median(ratios) if ratios else None

    def limit(self, side: str = "peer") -> Optional[float]:
        """What plain C takes, as a part of a side's."""
        return self.ratio(side, "C") if self.limited else None

    def spread(self, of: str = "peer", side: str = "ours") -> Optional[Tuple[float, float]]:
        """The quartiles of the ratios of the rounds."""
        ratios = self._ratios(of, side)
        if not ratios:
            return None
        if len(ratios) < 3:
            return min(ratios), max(ratios)
        first, _, last = statistics.quantiles(ratios, n=4, method="inclusive")
        return first, last

    def missed(self) -> bool:
        """Whether there is a target, and not reached."""
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


# --- from the numbers of a round to those of the rows

def measured(rows: Round) -> Dict[str, Dict[str, float]]:
    """As it was measured."""
    return {side: {name: values[0] for name, values in found.items()} for side, found in rows.items()}


def overhead(rows: Round) -> Dict[str, Dict[str, float]]:
    """For Python without what an empty method takes; for C what the instant libvirt takes, which is no limit."""
    return {side: {name: values[0] - (values[1] if len(values) > 1 else 0) for name, values in found.items()}
            for side, found in rows.items()}


def own_cost(rows: Round) -> Dict[str, Dict[str, float]]:
    """An import as a whole, and without what loading libvirt takes."""
    base = rows["C"]["import"][0]
    result = {}
    for side, found in rows.items():
        whole = found["import"][0]
        result[side] = {"all": whole} if side == "C" else {"all": whole, "own": whole - base}
    return result


Derive = Callable[[Round], Dict[str, Dict[str, float]]]


class Case(NamedTuple):
    """Rows that one program measures."""

    name: str
    title: str
    program: str
    # Behind the milliseconds for each measurement, which each program takes first.
    arguments: Tuple[str, ...]
    target: Optional[Target] = None
    # For rows that have others.
    targets: Dict[str, Target] = {}
    unit: str = "ns"
    # Under the instant libvirt, with so many entries in lists.
    entries: int = 0
    derive: Derive = measured
    # Processes in each round, each for one round.
    processes: int = 1
    # One process for all rounds, where it takes long to start.
    keep: bool = False


def _ask_once(case: Case, sides: Sides, side: str, arguments: List[str]) -> Dict[str, List[float]]:
    worker = sides.start(side, case.program, arguments, case.entries)
    try:
        rows = worker.ask()
        worker.close()
    finally:
        worker.kill()
    return rows


def _ask_new(case: Case, sides: Sides, arguments: List[str]) -> Round:
    """Processes by turns: the medians of each side."""
    found: Dict[str, List[Dict[str, List[float]]]] = {side: [] for side in NAMES}
    for _ in range(case.processes):
        for side in NAMES:
            found[side].append(_ask_once(case, sides, side, arguments))
    return {side: {name: [statistics.median(column) for column in zip(*(some[name] for some in asked))]
                   for name in asked[0]} for side, asked in found.items()}


def measure(case: Case, sides: Sides, rounds: int, ms: float) -> List[Row]:
    """A row for each that the program has."""
    arguments = [*case.arguments] if case.program == "importing" else [str(ms), *case.arguments]
    rows: Dict[str, Row] = {}
    kept: Dict[str, Worker] = {}
    try:
        if case.keep:
            for side in NAMES:
                kept[side] = sides.start(side, case.program, arguments, case.entries)
            # All have started before the first round that counts.
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
