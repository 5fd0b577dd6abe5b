# SPDX-License-Identifier: LGPL-2.1-or-later
"""The results as text and as Markdown."""

from typing import Dict, Iterable, List, Optional

from compare import Row
from sides import NAMES

HEAD = ["", *NAMES, "ours/peer", "ours/floor", "quartiles", "ours/C", "target", ""]
_TIMES = ((1e9, "s"), (1e6, "ms"), (1e3, "µs"), (1, "ns"))


def number(value: Optional[float], unit: str) -> str:
    """Return a number with three significant digits and its unit."""
    if value is None:
        return "-"
    if unit == "KiB":
        return f"{value / 1024:.2f} MiB"
    if unit != "ns":
        return f"{value:.0f} {unit}".rstrip()
    scale, name = next(((scale, name) for scale, name in _TIMES if abs(value) >= scale), _TIMES[-1])
    value /= scale
    return f"{value:.{0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2}f} {name}"


def _ratio(value: Optional[float]) -> str:
    return "-" if value is None else f"{value:.2f}"


def cells(row: Row) -> List[str]:
    spread = row.spread(row.target.of if row.target else "peer")
    target = ""
    if row.target:
        target = f"{row.target.ratio:.2f}" + (f" of {row.target.of}" if row.target.of != "peer" else "")
    return [row.name, *(number(row.median(side), row.unit) for side in NAMES), _ratio(row.ratio()),
            _ratio(row.ratio("floor")),
            f"{spread[0]:.2f}-{spread[1]:.2f}" if spread else "-", _ratio(row.ratio("C") if row.limited else None),
            target, "missed" if row.missed() else ""]


def _groups(rows: Iterable[Row]) -> Dict[str, List[Row]]:
    groups: Dict[str, List[Row]] = {}
    for row in rows:
        groups.setdefault(row.case, []).append(row)
    return groups


def text(rows: List[Row], titles: Dict[str, str]) -> str:
    """Return the results as columns for a terminal."""
    widths = [max(len(line[n]) for line in [HEAD, *map(cells, rows)]) for n in range(len(HEAD))]

    def line(fields: List[str]) -> str:
        first, *others = (field.ljust(width) if n == 0 else field.rjust(width)
                          for n, (field, width) in enumerate(zip(fields, widths)))
        return "  ".join(["  " + first, *others]).rstrip()
    lines = [line(HEAD)]
    for case, members in _groups(rows).items():
        lines += ["", f"{titles[case]}  [{case}]", *(line(cells(row)) for row in members)]
    return "\n".join(lines) + "\n"


def markdown(rows: List[Row], titles: Dict[str, str]) -> str:
    """Return the results as one Markdown table for each case."""
    lines = []
    for case, members in _groups(rows).items():
        lines += [f"### {titles[case][0].upper()}{titles[case][1:]}", "", f"`--case {case}`", ""]
        lines += ["| " + " | ".join(fields) + " |" for fields in (
            HEAD, ["---"] * len(HEAD), *([f"`{row.name}`", *cells(row)[1:]] for row in members))]
        lines.append("")
    return "\n".join(lines)
