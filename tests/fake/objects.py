# SPDX-License-Identifier: LGPL-2.1-or-later
"""Unusual values for the calls of the table: integer-like objects, dicts that change, objects that raise."""

import io
import os
from typing import Any, Callable, List, NoReturn, Optional, Tuple

UUID = bytes(range(16))


class Index:
    """Converts to an integer but is not an int, like the numbers of numpy."""

    def __init__(self, number: int):
        self.number = number

    def __index__(self) -> int:
        return self.number


class Float:
    """Converts to a float but is not a float."""

    def __float__(self) -> float:
        return 0.25


class Text(str):
    """A subclass of str."""


class Dict(dict[object, object]):
    """A subclass of dict."""


class NoBool:
    """Raises when its truth value is tested."""

    def __bool__(self) -> NoReturn:
        raise ArithmeticError("neither true nor false")


class NoNumber:
    """Raises when it is converted to an integer or a float."""

    def __index__(self) -> NoReturn:
        raise ArithmeticError("no number")

    __float__ = __index__


class Growing(dict[str, object]):
    """A dict that grows while one of its values is converted."""

    def __init__(self, key: str, number: int = 1):
        super().__init__()
        outer = self

        class Value:
            """Adds items to its own dict when it is converted to a bool, int or float."""

            def grow(self) -> int:
                outer.update((f"more{n}", n) for n in range(100))
                return number

            def __bool__(self) -> bool:
                return bool(self.grow())

            __index__ = grow

            def __float__(self) -> float:
                return float(self.grow())

        self[key] = Value()


class Shrinking(list[object]):
    """A list that is emptied while its first item is converted."""

    def __init__(self, number: int, count: int):
        super().__init__()
        outer = self

        class Value:
            def __index__(self) -> int:
                del outer[:]
                return number

        self.extend([Value(), *[number] * (count - 1)])


def freed_within(function: Callable[..., object], free: Callable[[object], object],
                 capsule: object) -> Tuple[object, ...]:
    """Return the result of a call whose handle is freed while its second argument is converted, and that of free()."""
    results: List[object] = []

    class Freeing:
        def __index__(self) -> int:
            results.append(free(capsule))
            return 3

    return function(capsule, Freeing()), *results


def close_callback(conn: Any) -> Tuple[object, object]:
    """Return the results of registering and removing a close callback."""
    try:
        return conn.registerCloseCallback(print, None), conn.unregisterCloseCallback()
    except Exception:
        conn.close()
        raise


def with_child_left(conn: Any) -> Tuple[object, bool]:
    """Return the result of close() while a child object exists, and whether the child still works."""
    child = conn.listServers()[0]
    return conn.close(), bool(child.name())


def closed(descriptors: List[int]) -> List[int]:
    """Close descriptors and return their numbers."""
    for descriptor in descriptors:
        os.close(descriptor)
    return descriptors


def files(result: Tuple[Optional[str], List[io.FileIO]]) -> Tuple[Optional[str], List[Tuple[object, str, str]]]:
    """Close the files in a result; return (reply, [(number, mode, class), ...])."""
    reply, opened = result
    shown: List[Tuple[object, str, str]] = [(file.name, file.mode, type(file).__name__) for file in opened]
    for file in opened:
        file.close()
    return reply, shown


def open_descriptors() -> List[int]:
    """Return the open descriptors of the fake; those of a checker are far above."""
    return sorted(int(name) for name in os.listdir("/proc/self/fd") if 700 <= int(name) < 800)


def left_open(function: Callable[..., object], *arguments: object) -> List[int]:
    """Call a function that fails, and return which of the fake's descriptors are open afterwards."""
    try:
        function(*arguments)
    except Exception:
        pass
    return open_descriptors()
