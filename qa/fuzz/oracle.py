# SPDX-License-Identifier: LGPL-2.1-or-later
"""The conversions to C and back, implemented again in Python: compute the expected value or exception.

conversions.c calls check() with the value that it converted, and the result.
"""

from typing import Any, Callable, Dict, List, Optional, Tuple, Union

INT, UINT, LLONG, ULLONG, DOUBLE, BOOLEAN, STRING = range(1, 8)
RANGES = {INT: (-2 ** 31, 2 ** 31 - 1), UINT: (0, 2 ** 32 - 1), LLONG: (-2 ** 63, 2 ** 63 - 1),
          ULLONG: (0, 2 ** 64 - 1)}
# The fields whose types are known, as in conversions.c.
TYPES = {"int": INT, "uint": UINT, "llong": LLONG, "ullong": ULLONG, "double": DOUBLE, "boolean": BOOLEAN,
         "string": STRING}
SCALARS = ((-2 ** 31, 2 ** 31 - 1), (0, 2 ** 32 - 1), (-2 ** 63, 2 ** 63 - 1), (0, 2 ** 64 - 1),
           (-2 ** 63, 2 ** 63 - 1), (0, 2 ** 64 - 1), (0, 2 ** 63 - 1), (-2 ** 31, 2 ** 32 - 1))
MASK = 7  # the one for flags, in which a negative number stands for its two's complement
LONGEST = 79  # the longest name of a field, in bytes


class libvirtError(Exception):
    """An exception that conversions raise. They look it up in the module libvirt."""


class Changing:
    """A number that empties its container when it is converted."""

    def __init__(self, container: Union[List[Any], Dict[Any, Any]], number: int):
        self.container = container
        self.number = number

    def __index__(self) -> int:
        self.container.clear()
        return self.number

    def __float__(self) -> float:
        return float(self.__index__())

    def __bool__(self) -> bool:
        return bool(self.__index__())


def text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    try:
        data = value.encode()
    except UnicodeEncodeError:
        data = value.encode("utf-8", "surrogateescape")
    if b"\0" in data:
        raise ValueError(value)
    return data.decode("utf-8", "surrogateescape")


def number(value: object, low: int, high: int) -> int:
    found: Optional[int] = value.__index__() if hasattr(value, "__index__") else None
    if found is None:
        raise TypeError(value)
    if not low <= found <= high:
        raise OverflowError(value)
    return found


def real(value: Any) -> float:
    if not hasattr(value, "__float__") and not hasattr(value, "__index__"):
        raise TypeError(value)
    return float(value)


def guessed(value: Any) -> int:
    """Return the type of a field whose type is not known."""
    if isinstance(value, str):
        return STRING
    if isinstance(value, bool):
        return BOOLEAN
    if isinstance(value, float):
        return DOUBLE
    if not hasattr(value, "__index__"):
        raise TypeError(value)
    return LLONG if value.__index__() < 0 else ULLONG


def parameter(value: object, kind: int) -> object:
    if kind == STRING:
        return text(value)
    if kind == DOUBLE:
        return real(value)
    return bool(value) if kind == BOOLEAN else number(value, *RANGES[kind])


def _field(name: str) -> None:
    if len(name.encode("utf-8", "surrogateescape")) > LONGEST:
        raise libvirtError(name)


def params(given: object, typed: int) -> Dict[str, object]:
    if not isinstance(given, dict):
        raise TypeError(given)
    found = {}
    for name, value in given.items():
        name = text(name)
        for item in value if isinstance(value, (list, tuple)) else (value,):
            kind = typed and TYPES.get(name) or guessed(item)
            _field(name)
            found[name] = parameter(item, kind)
    return found


def known_params(given: object, unused: int) -> Dict[str, object]:
    """Convert the parameters, all of which must be fields of TYPES."""
    if not isinstance(given, dict):
        raise TypeError(given)
    if not given:
        raise LookupError(given)
    found = {}
    for name, value in given.items():
        name = text(name)
        if name not in TYPES:
            raise LookupError(name)
        found[name] = parameter(value, TYPES[name])
    return found


def sequence(given: object) -> List[object]:
    if not isinstance(given, (list, tuple)):
        raise TypeError(given)
    return list(given)


def cpu_map(given: object, cpus: int) -> List[bool]:
    items = [bool(item) for item in sequence(given)[:cpus]]
    return items + [False] * (cpus - len(items))


def texts(given: object, unused: int) -> Optional[List[str]]:
    return None if given is None else [text(item) for item in sequence(given)]


def ints(given: object, unused: int) -> List[int]:
    return [number(item, *RANGES[INT]) for item in sequence(given)]


def data(given: object, as_buffer: int) -> Optional[bytes]:
    """Convert bytes. None is accepted, too, unless a buffer is required."""
    return None if not as_buffer and given is None else _bytes(given, as_buffer)


def _bytes(given: object, as_buffer: int) -> bytes:
    """Convert a bytes-like object. A str is accepted, too, unless a buffer is required."""
    if not as_buffer and isinstance(given, str):
        return given.encode()
    if not isinstance(given, (bytes, bytearray, memoryview)):
        raise TypeError(given)
    if isinstance(given, memoryview) and not given.c_contiguous:
        raise BufferError(given)
    return bytes(given)


def uuid(given: object, unused: int) -> bytes:
    if given is None:
        raise libvirtError(given)
    found = _bytes(given, False)
    if len(found) != 16:
        raise libvirtError(given)
    return found


def scalar(given: object, which: int) -> int:
    low, high = SCALARS[which]
    found = number(given, low, high)
    return found % 2 ** 32 if which == MASK else found


def double(given: object, unused: int) -> float:
    return real(given)


def string(given: object, unused: int) -> str:
    return text(given)


KINDS: Tuple[Callable[[object, int], object], ...] = (
    params, known_params, cpu_map, texts, ints, data, uuid, scalar, double, string)


def check(kind: int, given: object, more: int, result: object, error: Optional[BaseException]) -> None:
    """Check the outcome of a conversion: error if it failed, otherwise result."""
    try:
        wanted = repr(KINDS[kind](given, more))
    except Exception as raised:
        assert error is not None, f"{KINDS[kind].__name__}({given!a}, {more}): {result!a}, not {raised!a}"
        # Compare only the classes: which of two errors in a value is found first does not matter.
        assert isinstance(error, type(raised)), f"{KINDS[kind].__name__}({given!a}, {more}): {error!a}, not {raised!a}"
        return
    assert error is None, f"{KINDS[kind].__name__}({given!a}, {more}): {error!a}, not {wanted!a}"
    assert repr(result) == wanted, f"{KINDS[kind].__name__}({given!a}, {more}): {result!a}, not {wanted!a}"
