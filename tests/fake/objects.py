# SPDX-License-Identifier: LGPL-2.1-or-later
"""Odd values for the calls of the table: numbers that are no int, dicts that change, what cannot be true."""

import io
import os
from typing import Any, Callable, List, NoReturn, Optional, Tuple

UUID = bytes(range(16))


class Index:
    """Counts as an integer, but is none: like the numbers of numpy."""

    def __init__(self, number: int):
        self.number = number

    def __index__(self) -> int:
        return self.number


class Float:
    """Counts as a floating-point number, but is none."""

    def __float__(self) -> float:
        return 0.25


class Text(str):
    """A subclass of str."""


class Dict(dict[object, object]):
    """A subclass of dict."""


class NoBool:
    """Has no truth value."""

    def __bool__(self) -> NoReturn:
        raise ArithmeticError("neither true nor false")


class NoNumber:
    """Has neither an integer nor a floating-point number."""

    def __index__(self) -> NoReturn:
        raise ArithmeticError("no number")

    __float__ = __index__


class Growing(dict[str, object]):
    """A dict that grows while one of its values is converted."""

    def __init__(self, key: str, number: int = 1):
        super().__init__()
        outer = self

        class Value:
            """As truth value, integer or float: adds to the dict that it is in."""

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
    """What a call gives whose handle is freed while its second argument is converted, and what free() gives."""
    told: List[object] = []

    class Freeing:
        def __index__(self) -> int:
            told.append(free(capsule))
            return 3

    return function(capsule, Freeing()), *told


def close_callback(conn: Any) -> Tuple[object, object]:
    """What it gives to register a callback for the loss of a connection, and to end that."""
    try:
        return conn.registerCloseCallback(print, None), conn.unregisterCloseCallback()
    except Exception:
        conn.close()
        raise


def with_child_left(conn: Any) -> Tuple[object, bool]:
    """What close() gives while there is a child, and whether that one still has its name."""
    child = conn.listServers()[0]
    return conn.close(), bool(child.name())


def closed(descriptors: List[int]) -> List[int]:
    """Descriptors, which are open, and are closed now."""
    for descriptor in descriptors:
        os.close(descriptor)
    return descriptors


def files(result: Tuple[Optional[str], List[io.FileIO]]) -> Tuple[Optional[str], List[Tuple[object, str, str]]]:
    """What comes back with descriptors: (reply, [(number, mode, class), ...]); the files are closed now."""
    reply, opened = result
    told: List[Tuple[object, str, str]] = [(file.name, file.mode, type(file).__name__) for file in opened]
    for file in opened:
        file.close()
    return reply, told


def open_descriptors() -> List[int]:
    """Which of the fake's descriptors are open; a checker has some far above."""
    return sorted(int(name) for name in os.listdir("/proc/self/fd") if 700 <= int(name) < 800)


def left_open(function: Callable[..., object], *arguments: object) -> List[int]:
    """Which of them are open after a call that fails."""
    try:
        function(*arguments)
    except Exception:
        pass
    return open_descriptors()
