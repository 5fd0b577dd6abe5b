# SPDX-License-Identifier: LGPL-2.1-or-later
"""Run rows of the table of calls under the fake libvirt, with tests/ on the path.

"trace" prints which rows reach which function. "check", "leaks" and "nomemory" take a file with the numbers of rows,
and exit with status 1 and a message at the first row that fails.
"""

import inspect
import json
import sys
from typing import Any, Callable, Dict, List, Set

from fake import calls, leaks, modules, runner
from fake.table import Row, expected


def trace() -> None:
    """Print the rows that pass, by the functions of the extension modules that they call, and those that fail."""
    reached: Set[str] = set()

    def wrapped(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any) -> Any:
            reached.add(name)
            return function(*args)
        return call

    names = runner.Objects()
    for module in modules.EXTENSIONS:
        for name, function in list(vars(module).items()):
            if inspect.isbuiltin(function):
                setattr(module, name, wrapped(name, function))
    rows: Dict[str, List[int]] = {}
    wrong: List[str] = []
    for number, row in enumerate(calls.ROWS):
        reached.clear()
        fault = wrong_in(row, names)
        if fault:
            wrong.append(f"{row.name()}: {fault}")
            continue
        for name in reached:
            rows.setdefault(name, []).append(number)
    print(json.dumps({"rows": rows, "wrong": wrong}))


def wrong_in(row: Row, names: runner.Objects) -> str:
    """Run a row, and return what is wrong with it, or ""."""
    found = runner.run(row, names)
    if found["result"] is None:
        return ""
    result, c_calls = expected(row)
    if found["result"] != result:
        return f"returns {found['result'][:300]}"
    if c_calls is not None and found["calls"] != c_calls:
        return f"calls {found['calls'][:300]}"
    return ""


def numbers() -> List[int]:
    with open(sys.argv[2], encoding="ascii") as file:
        found: List[int] = json.load(file)
    return found


def check() -> None:
    names = runner.Objects()
    for number in numbers():
        row = calls.ROWS[number]
        print(f"dies in {row.name()[:300]}".encode("ascii", "backslashreplace").decode(), flush=True)
        fault = wrong_in(row, names)
        if fault:
            sys.exit(f"{row.name()[:300]}: {fault}".encode("ascii", "backslashreplace").decode())


def check_leaks() -> None:
    names = leaks.prepare()
    assert names is not None
    for number in numbers():
        row = calls.ROWS[number]
        if row.needs and not runner.has(row.needs):
            continue
        found = leaks.leaks(row, names)
        if found is not None:
            text = f"{row.name()[:300]} leaks {found[0]} bytes and {found[1]} references"
            sys.exit(text.encode("ascii", "backslashreplace").decode())


def check_nomemory() -> None:
    from fake import nomemory  # needs another preloaded library

    names = leaks.prepare()
    assert names is not None
    for told in nomemory.faults(numbers(), names):
        if isinstance(told, str):
            sys.exit(told.encode("ascii", "backslashreplace").decode())


{"trace": trace, "check": check, "leaks": check_leaks, "nomemory": check_nomemory}[sys.argv[1]]()
