# SPDX-License-Identifier: LGPL-2.1-or-later
"""What conversions into C and back must give, said once more in Python: the value, or the exception.

conversions.c calls check() with what it has given and got.
"""

from typing import Any, Callable, Dict, List, Optional, Tuple, Union

INT, UINT, LLONG, ULLONG, DOUBLE, BOOLEAN, STRING = range(1, 8)
RANGES = {INT: (-2 ** 31, 2 ** 31 - 1), UINT: (0, 2 ** 32 - 1), LLONG: (-2 ** 63, 2 ** 63 - 1),
          ULLONG: (0, 2 ** 64 - 1)}
# As conversions.c has them: the fields whose types are known.
TYPES = {"int": INT, "uint": UINT, "llong": LLONG, "ullong": ULLONG, "double": DOUBLE, "boolean": BOOLEAN,
         "string": STRING}
SCALARS = ((-2 ** 31, 2 ** 31 - 1), (-2 ** 31, 2 ** 32 - 1), (-2 ** 63, 2 ** 63 - 1), (0, 2 ** 64 - 1),
           (-2 ** 63, 2 ** 63 - 1), (0, 2 ** 64 - 1), (0, 2 ** 63 - 1))
LONGEST = 79  # bytes of a field's name


class libvirtError(Exception):
    """For what the conversions raise; they look for it in a module of that name."""


class Changing:
    """Empties the container that it is in when it is converted, and then is a number."""

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
    """The type of a field that nothing is known of."""
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
    """Against fields of the types of TYPES."""
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
    """None is as good as bytes where it is no buffer that is wanted."""
    return None if not as_buffer and given is None else _bytes(given, as_buffer)


def _bytes(given: object, as_buffer: int) -> bytes:
    """Of bytes-like objects; of a str too, where it is no buffer that is wanted."""
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
    return found % 2 ** 32 if which == 1 else found


def double(given: object, unused: int) -> float:
    return real(given)


def string(given: object, none_too: int) -> Optional[str]:
    return None if none_too and given is None else text(given)


KINDS: Tuple[Callable[[object, int], object], ...] = (
    params, known_params, cpu_map, texts, ints, data, uuid, scalar, double, string)


def check(kind: int, given: object, more: int, result: object, error: Optional[BaseException]) -> None:
    """Whether what came of it is right; it is the exception, or else the result."""
    try:
        wanted = repr(KINDS[kind](given, more))
    except Exception as raised:
        assert error is not None, f"{KINDS[kind].__name__}({given!a}, {more}): {result!a}, not {raised!a}"
        # The order in which two things that are wrong are found is nobody's business.
        assert isinstance(error, type(raised)), f"{KINDS[kind].__name__}({given!a}, {more}): {error!a}, not {raised!a}"
        return
    assert error is None, f"{KINDS[kind].__name__}({given!a}, {more}): {error!a}, not {wanted!a}"
    assert repr(result) == wanted, f"{KINDS[kind].__name__}({given!a}, {more}): {result!a}, not {wanted!a}"
