# SPDX-License-Identifier: LGPL-2.1-or-later
"""Run the table on the fake libvirt, and compare arguments and results of functions with their type hints.

Prints JSON: the functions that were compared; wrong results, with the mode of
the row, also for results that do not fit the named tuples of libvirt_types;
unions of which only one side occurred; arguments that a function
accepts although its hint refuses them; and arguments that raise TypeError
although the hint accepts them.
"""

import functools
import inspect
import json
from types import ModuleType
from typing import Callable, List, Set

import libvirt
import libvirt_lxc
import libvirt_qemu
from typehints import Stub

from . import calls, runner

compared: Set[str] = set()
wrong: List[List[str]] = []
refused: List[List[str]] = []
passed: List[List[str]] = []
mode = ""
stubs = {module: Stub(module.__name__) for module in (libvirt, libvirt_qemu, libvirt_lxc)}
for _stub in stubs.values():
    _stub.invented = True


def _watch(module: ModuleType, stub: Stub) -> None:
    """Replace every function and method by a wrapper that compares arguments and results with the hints."""
    def wrapped(name: str, function: Callable[..., object]) -> Callable[..., object]:
        signature = inspect.signature(function)

        @functools.wraps(function)
        def call(*args: object, **kwargs: object) -> object:
            try:
                problem = stub.wrong_call(name, signature.bind(*args, **kwargs).arguments)
            except TypeError:  # too few or too many arguments
                problem = None
            try:
                result = function(*args, **kwargs)
            except TypeError as error:
                if problem == "":
                    passed.append([name, str(error)])
                raise
            if problem:
                refused.append([name, problem])
            compared.add(f"{module.__name__}.{name}")
            for problem in filter(None, (stub.wrong_result(name, result), stub.wrong_record(name, result))):
                wrong.append([f"{module.__name__}.{name}", mode, problem])
            return result
        return call

    for name in stub.functions:
        owner, _, method = name.rpartition(".")
        place = getattr(module, owner) if owner else module
        setattr(place, method, wrapped(name, getattr(place, method)))


# Calls of functions and methods that the table does not call.
OBJECTS = ("conn", "dom", "net", "port", "iface", "pool", "vol", "dev", "secret", "nwfilter", "binding", "stream",
           "snap", "chk")
GETTERS = ("error_code", "error_domain", "error_message", "error_level", "str1", "str2", "str3", "int1", "int2")
MORE = (
    "libvirt.virGetLastError()", "libvirt.virResetLastError()", "libvirt.virGetLastError()",
    "libvirt.virGetLastErrorCode()", "libvirt.virGetLastErrorDomain()", "libvirt.virGetLastErrorMessage()",
    "libvirt.openReadOnly('test:///default')", "stream.connect()", *(f"{name}.c_pointer()" for name in OBJECTS),
    "conn.virConnGetLastError()", "conn.virConnResetLastError()", "closed.virConnGetLastError()",
    *(f"{error}.get_{what}()" for what in GETTERS for error in ("libvirt.libvirtError('text')", "error")),
)


def _error(function: Callable[[], object]) -> libvirt.libvirtError:
    """Return the error of a failing call, after checking its attributes and filling in all its strings."""
    runner.set_mode("golden fail:1")
    try:
        function()
    except libvirt.libvirtError as error:
        for each in (error, libvirt.libvirtError("text")):
            problem = stubs[libvirt].wrong_attributes("libvirtError", each)
            if problem:
                wrong.append(["libvirt.libvirtError", "", problem])
        error.err = tuple(str(field) if field is None else field for field in error.err)
        return error


def main() -> None:
    global mode
    for module, stub in stubs.items():
        _watch(module, stub)
    names = runner.Objects()
    for row in calls.ROWS:
        mode = row.mode
        runner.run(row, names)
    names["closed"] = libvirt.open("test:///default")
    names["closed"].close()
    names["error"] = _error(names["dom"].info)
    for call in MORE:
        eval(call, dict(names))
    known = sorted(f"{module.__name__}.{name}" for module, stub in stubs.items() for name in stub.functions)
    print(json.dumps({"compared": sorted(compared), "known": known, "recorded": sorted(stubs[libvirt].recorded),
                      "wrong": wrong, "refused": refused, "passed": passed,
                      "one-sided": [text for stub in stubs.values() for text in stub.one_sided()]}))


if __name__ == "__main__":
    main()
