# SPDX-License-Identifier: LGPL-2.1-or-later
"""The results as a chart, in SVG: ours relative to the peer. The scale is logarithmic: half and double look alike.

A bar ends at the median, and a line across its end shows the quartiles. A tick is plain C, a diamond the target.
"""

import math
from html import escape
from typing import Dict, List, Optional

from compare import Row

WIDTH, LABELS, RIGHT, LINE, TOP = 1000, 430, 60, 18, 70
STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)
STYLE = ("text{font:12px sans-serif;fill:#222} .small{font-size:11px;fill:#666} .title{font-weight:bold} "
         ".good{fill:#4a90c4} .slow{fill:#d0743c} .grid{stroke:#ddd} .one{stroke:#222} .spread{stroke:#222} "
         ".limit{stroke:#222;stroke-width:2} .target{fill:#fff;stroke:#222}")


class Scale:
    def __init__(self, ratios: List[float]):
        self.low = max((step for step in STEPS if step <= min(ratios)), default=STEPS[0])
        self.high = min((step for step in STEPS if step >= max(ratios)), default=STEPS[-1])

    def __call__(self, ratio: float) -> float:
        """Return the x coordinate of a ratio; a ratio outside of the scale is moved to its edge."""
        inside = min(max(ratio, self.low), self.high)
        return LABELS + (WIDTH - LABELS - RIGHT) * math.log(inside / self.low) / math.log(self.high / self.low)

    def steps(self) -> List[float]:
        return [step for step in STEPS if self.low <= step <= self.high]


def _text(x: float, y: float, content: str, kind: str = "", anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}" text-anchor="{anchor}">{escape(content)}</text>'


def _line(x: float, y: float, other: float, end: float, kind: str) -> str:
    return f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{other:.1f}" y2="{end:.1f}" class="{kind}"/>'


def _bar(row: Row, ratio: float, scale: Scale, y: float) -> List[str]:
    low, high = row.spread() or (ratio, ratio)
    limit = row.limit()
    left, right = sorted((scale(1), scale(ratio)))
    parts = [_text(LABELS - 8, y + 12, row.name if len(row.name) < 62 else row.name[:60] + "…", anchor="end"),
             f'<rect x="{left:.1f}" y="{y + 3:.1f}" width="{right - left:.1f}" height="{LINE - 6}" '
             f'class="{"good" if ratio <= 1 else "slow"}"/>',
             _line(scale(low), y + LINE / 2, scale(high), y + LINE / 2, "spread"),
             _text(WIDTH - RIGHT + 8, y + 12, f"{ratio:.2f}")]
    if limit is not None:
        parts.append(_line(scale(limit), y + 2, scale(limit), y + LINE - 2, "limit"))
    wanted = _target(row)
    if wanted is not None:
        x, middle = scale(wanted), y + LINE / 2
        parts.append(f'<path d="M{x:.1f} {middle - 4}l4 4l-4 4l-4 -4z" class="target"/>')
    return parts


def _target(row: Row) -> Optional[float]:
    """Return the target of a row relative to the peer."""
    if row.target is None:
        return None
    part = row.ratio("peer", row.target.of) if row.target.of != "peer" else 1.0
    return None if part is None else row.target.ratio * part


def svg(rows: List[Row], titles: Dict[str, str], facts: Dict[str, object]) -> str:
    """Return the chart. Rows that only one side has are left out; a ratio below zero is shown at the edge."""
    shown = [(row, ratio) for row in rows for ratio in [row.ratio()] if ratio is not None]
    ratios = [value for row, ratio in shown for value in (ratio, row.limit(), 1.0)
              if value is not None and value > 0]
    scale = Scale([*ratios, 0.5, 2])
    parts, y, case = [], TOP, None
    for row, ratio in shown:
        if row.case != case:
            case = row.case
            parts.append(_text(8, y + 20, titles[case], "title"))
            y += 26
        parts += _bar(row, ratio, scale, y)
        y += LINE
    grid = []
    for step in scale.steps():
        grid += [_line(scale(step), TOP - 4, scale(step), y, "one" if step == 1 else "grid"),
                 _text(scale(step), TOP - 10, f"{step:g}", "small", "middle")]
    about = ", ".join(f"{name} {facts[name]}" for name in ("processor", "python", "libvirt", "rounds", "load"))
    head = [_text(8, 20, "Ours relative to the peer: less is faster, or smaller", "title"),
            _text(8, 36, about, "small"),
            _text(8, 52, "bar: median; line: quartiles; tick: plain C; diamond: target", "small")]
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y + 20}" width="{WIDTH}" '
            f'height="{y + 20}">\n<!-- SPDX-License-Identifier: LGPL-2.1-or-later -->\n<style>{STYLE}</style>\n'
            '<rect width="100%" height="100%" fill="#fff"/>\n' + "\n".join([*head, *grid, *parts]) + "\n</svg>\n")
