# SPDX-License-Identifier: LGPL-2.1-or-later
"""Call each function of the extension modules as the table does, and again with each argument replaced in turn.

Prints a JSON object {"module.function": {"argument": outcome}} with all
functions that were called.
"""

import inspect
import json
from typing import Callable, Dict, Tuple

from . import calls, modules, runner

Call = Tuple[Callable[..., object], Tuple[object, ...]]


def watch(taken: Dict[str, Call]) -> None:
    """Replace every function by a wrapper that records the arguments of its first successful call."""
    def wrapped(name: str, function: Callable[..., object]) -> Callable[..., object]:
        def call(*args: object) -> object:
            result = function(*args)
            taken.setdefault(name, (function, args))
            return result
        return call

    for module in modules.EXTENSIONS:
        for name, function in vars(module).items():
            if inspect.isbuiltin(function):
                setattr(module, name, wrapped(f"{module.__name__}.{name}", function))


def spoil(name: str, function: Callable[..., object], args: Tuple[object, ...]) -> Dict[str, str]:
    """Return the outcome with an unsuitable object in place of each argument."""
    outcomes = {}
    for place, parameter in enumerate(inspect.signature(function).parameters):
        if place < len(args):
            try:
                outcomes[parameter] = f"returns {function(*args[:place], object(), *args[place + 1:])!r}"
            except Exception as error:
                outcomes[parameter] = f"{type(error).__name__}: {error}"
    return outcomes


def main() -> None:
    taken: Dict[str, Call] = {}
    watch(taken)
    names = runner.Objects()
    for row in calls.ROWS:
        # Skip rows that fail or free their handle.
        if not row.mode.partition(" ")[2] and not row.call.startswith("freed_within("):
            runner.run(row, names)
    runner.set_mode("golden")
    print(json.dumps({name: spoil(name, *call) for name, call in taken.items()}))


if __name__ == "__main__":
    main()
