# SPDX-License-Identifier: LGPL-2.1-or-later
"""Make the calls of the table while each of their allocations fails in turn, and check the outcome and leaks.

Arguments: row numbers; default: all rows. Prints a line of JSON for each
problem, and at the end how many allocations failed. Prints nothing if malloc
does not report how much is allocated.
"""

import ctypes
import functools
import gc
import inspect
import itertools
import json
import os
import re
import sys
import weakref
from typing import Callable, Dict, Iterable, Iterator, List, Set, Tuple, Union

import libvirtmod

from . import calls, growth, leaks, modules, runner
from .table import Names

Call = Tuple[Callable[..., object], Tuple[object, ...]]

MOST = 200  # allocations per call; a call with more repeats the same ones
# Functions that change the objects they work on, so that they cannot be called again with the same arguments.
NOT_AGAIN = re.compile(r"_.*|.*(Free|Close|egisterCloseCallback)")
# Rows with long lists, and rows in which Python code raises: without memory, Python itself loses exceptions.
LEFT_OUT = re.compile(r"\[maximal|NoBool|NoNumber")

_PROCESS = ctypes.PyDLL(None)
_PROCESS.nomemory_call.restype = ctypes.py_object
_PROCESS.nomemory_call.argtypes = [ctypes.py_object, ctypes.py_object, ctypes.c_long]
_PROCESS.nomemory_seen.restype = ctypes.c_long

# The dict of the thread state, in which the modules keep their data for a thread under the type of capsules.
_THREAD = ctypes.pythonapi.PyThreadState_GetDict
_THREAD.restype = ctypes.py_object
_KEPT: Dict[object, object] = _THREAD()
_CAPSULE = type(libvirtmod.virConnectOpen("test:///default"))


def forget() -> None:
    """Drop what the modules keep for this thread, so that each call allocates it.

    Refill the dict, because otherwise it would grow in some calls only.
    """
    others = {key: value for key, value in _KEPT.items() if key is not _CAPSULE}
    _KEPT.clear()
    _KEPT.update(others)


def failing(number: int, function: Callable[..., object], args: Tuple[object, ...]) -> object:
    """Call a function while the allocation of that number fails; return the result, or the class of the exception."""
    forget()
    try:
        return runner.show(_PROCESS.nomemory_call(function, args, number))
    except Exception as error:
        return f"{error!r} and a result" if _PROCESS.nomemory_confused() else type(error)


def watch(taken: List[Call]) -> None:
    """Replace every function by a wrapper that records its calls."""
    def wrapped(function: Callable[..., object]) -> Callable[..., object]:
        def call(*args: object) -> object:
            taken.append((function, args))
            return function(*args)
        return call

    for module in modules.EXTENSIONS:
        for name, function in list(vars(module).items()):
            if inspect.isbuiltin(function) and not NOT_AGAIN.fullmatch(name):
                setattr(module, name, wrapped(function))


def shape(value: object) -> object:
    """Return a description of a value that is the same for similar values of the same types."""
    kind = type(value).__name__
    if isinstance(value, dict):
        return kind, tuple((shape(key), shape(item)) for key, item in list(value.items())[:3])
    if isinstance(value, (list, tuple)):
        return kind, tuple(map(shape, value[:3]))
    return kind


# The original functions, from before watch() replaces them.
_GET_INFO = libvirtmod.virDomainGetInfo
_REGISTER = libvirtmod.virRegisterErrorHandler
_REGISTER_LOOP = libvirtmod.virEventRegisterImpl
_TAKE_FAILURE = libvirtmod._takeFailure
_ADMIN = {name: function for module in modules.EXTENSIONS if module.__name__ == "libvirtmod_admin"
          for name, function in vars(module).items()}


def take_failure() -> object:
    """Do what libvirtError does with its text."""
    _GET_INFO(None)
    return _TAKE_FAILURE("virDomainGetInfo() failed")


def quiet(context: object, error: object) -> None:
    """An error handler."""


def fail_with_handler() -> object:
    """Fail with an error handler that is new each time."""
    _REGISTER(lambda *error: None, None)
    return _GET_INFO(None)


def with_close_callback() -> object:
    conn = _ADMIN["virAdmConnectOpen"](None, 0)
    _ADMIN["virAdmConnectRegisterCloseCallback"](conn, conn)
    return _ADMIN["virAdmConnectUnregisterCloseCallback"](conn)


def more() -> Iterator[Tuple[str, "Union[Attempt, Once]"]]:
    """Yield attempts for calls without a row."""
    # Only the first registration of a handler makes a dict grow.
    yield "the first handler", Once(_REGISTER, lambda callback: (callback, None))
    held = [(number, None) for number in range(3000)]  # use up Python's free lists, so that the call allocates
    yield "register", Attempt("golden", _REGISTER, (quiet, None))
    del held
    for function in take_failure, fail_with_handler:
        yield function.__name__, Attempt("golden fail:1", function, ())
    if _ADMIN:
        yield "_isTaken", Attempt("golden", _ADMIN["_isTaken"], ())
        yield with_close_callback.__name__, Attempt("golden", with_close_callback, ())
    yield "a loop", Once(_REGISTER_LOOP, lambda callback: (callback,) * 6, lambda: libvirtmod.virEventAddTimeout(1, {}))


def behind(numbers: Iterable[int], names: Names) -> Iterator[Tuple[str, "Attempt"]]:
    """Yield attempts for the C calls of rows, with a name; only one of similar calls."""
    taken: List[Call] = []
    known: Set[Tuple[object, ...]] = set()
    watch(taken)
    for number in numbers:
        row = calls.ROWS[number]
        if (row.needs and not runner.has(row.needs)) or LEFT_OUT.search(row.name()):
            continue
        taken.clear()
        runner.run(row, names)
        for function, args in list(taken):
            key = function.__name__, row.mode, *map(shape, args)
            if key not in known:
                known.add(key)
                gc.freeze()  # objects that stay alive need not be visited by each collection
                yield f"{function.__name__} in {row.name()}", Attempt(row.mode, function, args)


def descriptors() -> List[int]:
    return sorted(map(int, os.listdir("/proc/self/fd")))


class Attempt:
    """One C call in one scenario."""

    def __init__(self, mode: str, function: Callable[..., object], args: Tuple[object, ...]):
        self.mode = mode
        self.function = function
        self.args = args
        self.failed = 0
        self.opens = True  # whether the call opens descriptors; most calls do not, and need not be watched for it
        self.opened: List[int] = []
        self.wanted = self.outcome(0)
        self.calls = runner.c_calls()
        self.opens = bool(self.opened)

    def outcome(self, number: int) -> object:
        """Make the call; close descriptors that it opened, and report those that a failing call leaves open."""
        before = descriptors() if self.opens else ()
        runner.set_mode(self.mode)
        found = failing(number, self.function, self.args)
        self.opened = [descriptor for descriptor in descriptors() if descriptor not in before] if self.opens else []
        for descriptor in self.opened:
            os.close(descriptor)
        return f"{found} and open descriptors" if isinstance(found, type) and self.opened else found

    def wrong(self, names: Names) -> Iterator[str]:
        """Yield the problems, making each allocation fail in turn."""
        number = 1
        while number <= MOST:
            gc.collect()  # also empties Python's free lists
            found = self.outcome(number)
            if _PROCESS.nomemory_seen() < number:
                break
            if repr(found) != repr(self.wanted) and found is not MemoryError:
                yield f"allocation {number}: {found!r:.200}"
            if not self.calls.startswith(runner.c_calls()):
                yield f"allocation {number}: calls {runner.c_calls():.200}"
            leaked = growth.lasting(lambda times: leaks.growth(lambda: self.outcome(number), names, times))
            if leaked:
                yield f"allocation {number} leaks {leaked[0]} bytes and {leaked[1]} references"
            number += 1
            self.failed += 1
        if repr(self.outcome(0)) != repr(self.wanted):
            yield "afterwards it does not work"


class Once:
    """A registration that succeeds once in a process.

    A failed one must not keep its arguments.  After it, use() must return -1.
    """

    def __init__(self, function: Callable[..., object], given: Callable[[object], Tuple[object, ...]],
                 use: Callable[[], object] = lambda: -1):
        self.function = function
        self.given = given
        self.use = use
        self.failed = 0

    def wrong(self, _names: Names) -> Iterator[str]:
        for number in itertools.count(1):
            callback = functools.partial(quiet)
            reference = weakref.ref(callback)
            gc.collect()  # also empties Python's free lists
            found = failing(number, self.function, self.given(callback))
            if _PROCESS.nomemory_seen() < number:
                break
            self.failed += 1
            del callback
            if found is not MemoryError or reference() is not None or self.use() != -1:
                yield f"allocation {number}: {found!r:.200}, keeps {reference()}"


def faults(numbers: Iterable[int], names: Names) -> Iterator[Union[str, int]]:
    """Yield the problems as text, and at the end how many allocations failed."""
    sys.excepthook = lambda kind, value, traceback: None  # as good as raised by the call
    failed = 0
    for name, attempt in itertools.chain(behind(numbers, names), more()):
        for wrong in attempt.wrong(names):
            yield f"{name[:300]}: {wrong}"
        failed += attempt.failed
    yield failed


def main(arguments: List[str]) -> None:
    names = leaks.prepare()
    if names is None:
        return
    for fault in faults(map(int, arguments or range(len(calls.ROWS))), names):
        print(json.dumps(fault), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
