# SPDX-License-Identifier: LGPL-2.1-or-later
"""Run the table under the fake libvirt, and hold each result of each function against its type hint.

Prints JSON: the functions that were held against theirs, and what was wrong, with the mode of the row.
"""

import functools
import json

import libvirt
import libvirt_lxc
import libvirt_qemu
from typehints import Stub

from . import calls, runner

held = set()
wrong = []
mode = ""


def _watch(module, stub):
    """Puts something in the place of every function and method that looks at what comes back."""
    def wrapped(name, function):
        @functools.wraps(function)
        def call(*args, **kwargs):
            result = function(*args, **kwargs)
            told = stub.wrong_result(name, result)
            held.add(f"{module.__name__}.{name}")
            if told:
                wrong.append([f"{module.__name__}.{name}", mode, told])
            return result
        return call

    for name in stub.functions:
        owner, _, method = name.rpartition(".")
        place = getattr(module, owner) if owner else module
        setattr(place, method, wrapped(name, getattr(place, method)))


def main():
    global mode
    stubs = {module: Stub(module.__name__) for module in (libvirt, libvirt_qemu, libvirt_lxc)}
    for module, stub in stubs.items():
        _watch(module, stub)
    names = runner.Objects()
    for row in calls.ROWS:
        mode = row.mode
        runner.run(row, names)
    known = sorted(f"{module.__name__}.{name}" for module, stub in stubs.items() for name in stub.functions)
    print(json.dumps({"held": sorted(held), "known": known, "wrong": wrong}))


if __name__ == "__main__":
    main()
