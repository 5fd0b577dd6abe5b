# SPDX-License-Identifier: LGPL-2.1-or-later
"""Make the calls of the table with each of their allocations failing in turn: what comes of it, and what leaks.

Arguments: numbers of rows, or none for all of them.  Prints a line of JSON for each that goes wrong,
and at last how many allocations have failed; nothing where malloc does not tell how much it has given away.
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

MOST = 200  # allocations of a call: more are more of the same
# What these work on is another thing the next time.
NOT_AGAIN = re.compile(r"_.*|.*(Free|Close|egisterCloseCallback)")
# Long lists, and where Python itself raises: it loses exceptions when it is out of memory.
LEFT_OUT = re.compile(r"\[maximal|NoBool|NoNumber")

_PROCESS = ctypes.PyDLL(None)
_PROCESS.nomemory_call.restype = ctypes.py_object
_PROCESS.nomemory_call.argtypes = [ctypes.py_object, ctypes.py_object, ctypes.c_long]
_PROCESS.nomemory_seen.restype = ctypes.c_long

# What the modules keep for a thread, such as keys of dicts, lies there under the class of capsules.
_THREAD = ctypes.pythonapi.PyThreadState_GetDict
_THREAD.restype = ctypes.py_object
_KEPT: Dict[object, object] = _THREAD()
_CAPSULE = type(libvirtmod.virConnectOpen("test:///default"))


def forget() -> None:
    """Drops what is kept for this thread, so that each call allocates it.

    The dict is filled anew, or it would grow in some of the calls only.
    """
    others = {key: value for key, value in _KEPT.items() if key is not _CAPSULE}
    _KEPT.clear()
    _KEPT.update(others)


def failing(number: int, function: Callable[..., object], args: Tuple[object, ...]) -> object:
    """Calls with the allocation of that number failing: the result, or the class of the exception."""
    forget()
    try:
        return runner.show(_PROCESS.nomemory_call(function, args, number))
    except Exception as error:
        return f"{error!r} and a result" if _PROCESS.nomemory_confused() else type(error)


def watch(taken: List[Call]) -> None:
    """Puts something in the place of every function that writes down how it is called."""
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
    """What is as good as another value of the same types."""
    kind = type(value).__name__
    if isinstance(value, dict):
        return kind, tuple((shape(key), shape(item)) for key, item in list(value.items())[:3])
    if isinstance(value, (list, tuple)):
        return kind, tuple(map(shape, value[:3]))
    return kind


# As they are before anything is watched.
_GET_INFO = libvirtmod.virDomainGetInfo
_REGISTER = libvirtmod.virRegisterErrorHandler
_REGISTER_LOOP = libvirtmod.virEventRegisterImpl
_TAKE_FAILURE = libvirtmod._takeFailure
_ADMIN = {name: function for module in modules.EXTENSIONS if module.__name__ == "libvirtmod_admin"
          for name, function in vars(module).items()}


def take_failure() -> object:
    """What libvirtError does with its text."""
    _GET_INFO(None)
    return _TAKE_FAILURE("virDomainGetInfo() failed")


def quiet(context: object, error: object) -> None:
    """A handler of errors."""


def fail_with_handler() -> object:
    """With a handler of errors, which is another one each time."""
    _REGISTER(lambda *error: None, None)
    return _GET_INFO(None)


def with_close_callback() -> object:
    conn = _ADMIN["virAdmConnectOpen"](None, 0)
    _ADMIN["virAdmConnectRegisterCloseCallback"](conn, conn)
    return _ADMIN["virAdmConnectUnregisterCloseCallback"](conn)


def more() -> Iterator[Tuple[str, "Union[Attempt, Once]"]]:
    """Calls that have no row."""
    # Only the first handler makes a dict grow.
    yield "the first handler", Once(_REGISTER, lambda callback: (callback, None))
    held = [(number, None) for number in range(3000)]  # or Python had some left over, and allocated none
    yield "register", Attempt("golden", _REGISTER, (quiet, None))
    del held
    for function in take_failure, fail_with_handler:
        yield function.__name__, Attempt("golden fail:1", function, ())
    if _ADMIN:
        yield "_isTaken", Attempt("golden", _ADMIN["_isTaken"], ())
        yield with_close_callback.__name__, Attempt("golden", with_close_callback, ())
    yield "a loop", Once(_REGISTER_LOOP, lambda callback: (callback,) * 6)


def behind(numbers: Iterable[int], names: Names) -> Iterator[Tuple[str, "Attempt"]]:
    """The calls behind rows, with the name of the row; of those that are alike one."""
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
                gc.freeze()  # what is here to stay need not be looked through each time
                yield f"{function.__name__} in {row.name()}", Attempt(row.mode, function, args)


def descriptors() -> List[int]:
    return sorted(map(int, os.listdir("/proc/self/fd")))


class Attempt:
    """One call, under one scenario."""

    def __init__(self, mode: str, function: Callable[..., object], args: Tuple[object, ...]):
        self.mode = mode
        self.function = function
        self.args = args
        self.failed = 0
        self.opens = True  # perhaps: most calls open no descriptor, and need not be watched for it
        self.opened: List[int] = []
        self.wanted = self.outcome(0)
        self.calls = runner.c_calls()
        self.opens = bool(self.opened)

    def outcome(self, number: int) -> object:
        """Descriptors are closed again where the call has succeeded, and are told where it has not."""
        before = descriptors() if self.opens else ()
        runner.set_mode(self.mode)
        found = failing(number, self.function, self.args)
        self.opened = [descriptor for descriptor in descriptors() if descriptor not in before] if self.opens else []
        for descriptor in self.opened:
            os.close(descriptor)
        return f"{found} and open descriptors" if isinstance(found, type) and self.opened else found

    def wrong(self, names: Names) -> Iterator[str]:
        """What is not as it should be, with each number."""
        number = 1
        while number <= MOST:
            gc.collect()  # which also empties the lists of what Python keeps for the next one
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
    """A registration that succeeds once in a process.  One that fails keeps nothing of what it is given."""

    def __init__(self, function: Callable[..., object], given: Callable[[object], Tuple[object, ...]]):
        self.function = function
        self.given = given
        self.failed = 0

    def wrong(self, _names: Names) -> Iterator[str]:
        for number in itertools.count(1):
            callback = functools.partial(quiet)
            reference = weakref.ref(callback)
            gc.collect()  # as above
            found = failing(number, self.function, self.given(callback))
            if _PROCESS.nomemory_seen() < number:
                break
            self.failed += 1
            del callback
            if found is not MemoryError or reference() is not None:
                yield f"allocation {number}: {found!r:.200}, keeps {reference()}"


def faults(numbers: Iterable[int], names: Names) -> Iterator[Union[str, int]]:
    """What goes wrong, as text; and last of all how many allocations have failed."""
    sys.excepthook = lambda kind, value, traceback: None  # as good a place for a MemoryError as the call
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
    for told in faults(map(int, arguments or range(len(calls.ROWS))), names):
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
