# SPDX-License-Identifier: LGPL-2.1-or-later
"""The coverage report: how each function and each event of the API description is bound, or why it is not."""

import html
import os
from dataclasses import dataclass
from typing import Dict, List, Tuple

from .. import events, naming
from ..model import Function
from ..plan import ModulePlan

# How a function is bound, in the order of the columns -> what that means.
HOW = {
    "inferred": "inferred from its C signature",
    "row": "a row of the bindings table adds what the signature does not say",
    "hand": "its C body is hand-written",
    "handle": "not bound, because capsules take and drop references by themselves",
    "skipped": "left out on purpose",
    "left out": "inference does not understand its signature, and it has no row",
}


@dataclass(frozen=True)
class Entry:
    """One line of the report."""

    cname: str
    how: str  # a key of HOW
    python: str = ""  # its name in Python
    why: str = ""  # why it has a row, or is left out


def _function_entries(whole: ModulePlan) -> Dict[str, Entry]:
    module = whole.module
    rows = module.rows_by_name()
    found: Dict[str, Entry] = {}
    for plan in whole.plans:
        name = plan.function.name
        python = f"{plan.owner}.{plan.name}" if plan.owner else f"{module.name}.{plan.name}"
        found[name] = Entry(name, plan.origin, python, rows[name].why if name in rows else "")
    for item in whole.left_out:
        found[item.function.name] = Entry(item.function.name, "skipped" if item.on_purpose else "left out",
                                          why=item.why)
    for handle in module.handles:
        for name in (handle.release, handle.ref):
            found.setdefault(name, Entry(name, "handle", why=f"{handle.pointer} becomes a capsule"))
    for family in module.families:
        found[family.register] = Entry(family.register, "row", f"{family.owner}.{family.name}EventRegisterAny",
                                       "registers callbacks for events")
    for extra in module.extras:
        found[extra.name] = Entry(extra.name, "hand", f"{module.extension}.{extra.name}", extra.doc)
    return found


def _entry(function: Function, known: Dict[str, Entry]) -> Entry:
    # A function without an entry is in a C source that the module leaves out.
    return known.get(function.name) or Entry(function.name, "skipped", why=f"all of {function.module} is left out")


def _owner(function: Function, whole: ModulePlan) -> str:
    rows, classes = whole.module.rows_by_name(), [handle.cname for handle in whole.module.handles]
    subject = naming.subject(function, classes) if whole.module.own_classes else None
    given = rows[function.name].owner if function.name in rows else None
    return given or (naming.pointee(subject.type) if subject is not None else f"module {whole.module.name}")


def sections(whole: ModulePlan) -> List[Tuple[str, List[Entry]]]:
    """Title -> entries, all sorted: of each class, of the module, and of each family of events.

    Each function of the API description has exactly one entry.
    """
    known = _function_entries(whole)
    found: Dict[str, List[Entry]] = {}
    for function in whole.api.functions.values():
        found.setdefault(_owner(function, whole), []).append(_entry(function, known))
    for family in events.plan(whole):
        title = f"events of {family.family.subject}"
        owner = family.family.owner
        found[title] = [Entry(event.name, "inferred", f"{owner}.{item.method}") for event, item in family.events]
        found[title] += [Entry(name, "left out", why=why) for name, why in family.left_out]
    return [(title, sorted(found[title], key=lambda entry: entry.cname))
            for title in sorted(found, key=lambda title: (title.startswith("events "), " " in title, title))]


def _counts(entries: List[Entry]) -> List[int]:
    return [sum(entry.how == how for entry in entries) for how in HOW]


def _table(parts: List[Tuple[str, List[Entry]]]) -> List[List[str]]:
    """The rows of the table with the totals of functions and of events."""
    rows = [["", *HOW, "all"]]
    for what in ("functions", "events"):
        chosen = [(title, entries) for title, entries in parts if title.startswith("events of ") == (what == "events")]
        for title, entries in chosen:
            rows.append([title, *(str(count or "") for count in _counts(entries)), str(len(entries))])
        every = [entry for _, entries in chosen for entry in entries]
        if chosen:
            rows.append([f"all {what}", *map(str, _counts(every)), str(len(every))])
    return rows


def _title(whole: ModulePlan) -> str:
    return f"What {whole.module.name} binds of {os.path.basename(whole.api.path)}"


def emit(whole: ModulePlan) -> str:
    """The report as text."""
    parts = sections(whole)
    lines = [_title(whole)]
    for title, entries in parts:
        lines += ["", title, "-" * len(title)]
        for entry in entries:
            rest = "  ".join(filter(None, (entry.python, f"({entry.why})" if entry.why else "")))
            lines.append(f"{entry.how:<9} {entry.cname}  {rest}".rstrip())
    lines += ["", "Totals", "------"]
    for row in _table(parts):
        lines.append((f"{row[0]:<28}" + "".join(f"{cell:>10}" for cell in row[1:])).rstrip())
    lines += ["", *(f"{how:<9} {meaning}" for how, meaning in HOW.items())]
    return "\n".join(lines) + "\n"


_STYLE = """\
body { font: 15px/1.4 sans-serif; margin: 2em auto; max-width: 75em; padding: 0 1em; color: #222; background: #fff }
table { border-collapse: collapse; width: 100% }
td, th { padding: .15em .6em; text-align: left; vertical-align: top; border-bottom: 1px solid #ddd }
.totals td + td, .totals th + th { text-align: right }
code { font-size: 92% }
summary { cursor: pointer; font-weight: bold; margin: .6em 0 }
tr.left-out { background: #fdd } tr.skipped, tr.handle { color: #777 }
@media (prefers-color-scheme: dark) {
  body { color: #ddd; background: #1b1b1b } td, th { border-color: #444 } tr.left-out { background: #622 }
}"""


def _cells(cells: List[str], tag: str = "td") -> str:
    return "".join(f"<{tag}>{cell}</{tag}>" for cell in cells)


def _code(text: str) -> str:
    return f"<code>{html.escape(text)}</code>" if text else ""


def emit_html(whole: ModulePlan) -> str:
    """The report as an HTML page that needs no other file."""
    parts = sections(whole)
    title = html.escape(_title(whole))
    lines = ["<!DOCTYPE html>", '<html lang="en">', "<head>", '<meta charset="utf-8">', f"<title>{title}</title>",
             f"<style>\n{_STYLE}\n</style>", "</head>", "<body>", f"<h1>{title}</h1>"]
    for name, entries in parts:
        counts = ", ".join(f"{count} {how}" for how, count in zip(HOW, _counts(entries)) if count)
        lines += ["<details>", f"<summary>{html.escape(name)}: {counts}</summary>", "<table>",
                  f"<tr>{_cells(['C', 'how', 'Python', 'why'], 'th')}</tr>"]
        for entry in entries:
            cells = _cells([_code(entry.cname), entry.how, _code(entry.python), html.escape(entry.why)])
            lines.append(f'<tr class="{entry.how.replace(" ", "-")}">{cells}</tr>')
        lines += ["</table>", "</details>"]
    head, *rows = _table(parts)
    lines += ["<h2>Totals</h2>", '<table class="totals">', f"<tr>{_cells(head, 'th')}</tr>"]
    lines += [f"<tr>{_cells([html.escape(cell) for cell in row])}</tr>" for row in rows]
    lines += ["</table>", "<dl>"]
    lines += [f"<dt>{how}</dt><dd>{meaning}</dd>" for how, meaning in HOW.items()]
    return "\n".join([*lines, "</dl>", "</body>", "</html>"]) + "\n"
