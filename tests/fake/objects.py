# SPDX-License-Identifier: LGPL-2.1-or-later
"""Odd values for the calls of the table: numbers that are no int, dicts that change, what cannot be true."""

import os

UUID = bytes(range(16))


class Index:
    """Counts as an integer, but is none: like the numbers of numpy."""

    def __init__(self, number):
        self.number = number

    def __index__(self):
        return self.number


class Float:
    """Counts as a floating-point number, but is none."""

    def __float__(self):
        return 0.25


class Text(str):
    """A subclass of str."""


class Dict(dict):
    """A subclass of dict."""


class NoBool:
    """Has no truth value."""

    def __bool__(self):
        raise ArithmeticError("neither true nor false")


class NoNumber:
    """Has neither an integer nor a floating-point number."""

    def __index__(self):
        raise ArithmeticError("no number")

    __float__ = __index__


class Growing(dict):
    """A dict that grows while one of its values is converted."""

    def __init__(self, key, number=1):
        super().__init__()
        outer = self

        class Value:
            """As truth value, integer or float: adds to the dict that it is in."""

            def grow(self):
                outer.update((f"more{n}", n) for n in range(100))
                return number

            def __bool__(self):
                return bool(self.grow())

            __index__ = grow

            def __float__(self):
                return float(self.grow())

        self[key] = Value()


class Shrinking(list):
    """A list that is emptied while its first item is converted."""

    def __init__(self, number, count):
        super().__init__()
        outer = self

        class Value:
            def __index__(self):
                del outer[:]
                return number

        self.extend([Value()] + [number] * (count - 1))


def freed_within(function, free, capsule):
    """What a call gives whose handle is freed while its second argument is converted, and what free() gives."""
    told = []

    class Freeing:
        def __index__(self):
            told.append(free(capsule))
            return 3

    return function(capsule, Freeing()), *told


def closed(descriptors):
    """Descriptors, which are open, and are closed now."""
    for descriptor in descriptors:
        os.close(descriptor)
    return descriptors


def files(result):
    """What comes back with descriptors: (reply, [(number, mode, class), ...]); the files are closed now."""
    reply, opened = result
    told = [(file.name, file.mode, type(file).__name__) for file in opened]
    for file in opened:
        file.close()
    return reply, told


def open_descriptors():
    """Which of the fake's descriptors are open; a checker has some far above."""
    return sorted(int(name) for name in os.listdir("/proc/self/fd") if 700 <= int(name) < 800)


def left_open(function, *arguments):
    """Which of them are open after a call that fails."""
    try:
        function(*arguments)
    except Exception:
        pass
    return open_descriptors()
