# SPDX-License-Identifier: LGPL-2.1-or-later
"""Arguments that run code when only their value is asked for, and containers that change during their conversion."""

import ctypes
import gc
import time
from typing import Any, Callable, Iterable, Iterator, NoReturn, Optional, Type, Union

import libvirt

from fake import modules

from . import mutation

_NEW_CAPSULE = ctypes.pythonapi.PyCapsule_New
_NEW_CAPSULE.restype = ctypes.py_object
_NEW_CAPSULE.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
_OBJECT = ctypes.create_string_buffer(b"of somebody else")
_CAPSULE_NAMES: dict[Optional[bytes], Optional[bytes]] = {}  # a capsule keeps no copy of its name

# The names of the current call, whose objects the actions use.
NAMES: dict[str, Any] = {}


class Oops(Exception):
    """The exception that hostile code raises."""


class OopsBase(BaseException):
    """The same, but not an Exception."""


def _raise(kind: Type[BaseException]) -> NoReturn:
    raise kind()


def _found(places: Iterable[object], *names: str) -> Any:
    """Return the first attribute with one of the names that one of the modules has."""
    return next(getattr(place, name) for place in places for name in names if hasattr(place, name))


def released_by(kind: str) -> Any:
    """Return the function that frees or closes the handles of a class."""
    return _found(modules.EXTENSIONS, kind + "Free", kind + "Close")


def _free(name: str) -> None:
    made = NAMES[name]
    if made is not None:
        released_by(mutation.KINDS[name])(made._o)


def _again() -> None:
    """Call libvirt during a call of libvirt, once with success and once with an error."""
    conn = NAMES["conn"]
    conn.getHostname()
    try:
        conn.lookupByName(5)
    except TypeError:
        pass


ACTIONS: dict[str, Callable[[], object]] = {
    "close": lambda: NAMES["conn"].close(),
    "close dconn": lambda: NAMES["dconn"].close(),
    "free dom": lambda: _free("dom"),
    "free pool": lambda: _free("pool"),
    "free stream": lambda: _free("stream"),
    "close adm": lambda: _free("adm"),
    "free srv": lambda: _free("srv"),
    "collect": gc.collect,
    "again": _again,
    "switch": lambda: time.sleep(0),
    "fire": lambda: NAMES["fire"](),
    "raise": lambda: _raise(Oops),
    "raise base": lambda: _raise(OopsBase),
    "nothing": lambda: None,
}


class Runs:
    """An object that runs an action whenever it is used, and then behaves like its value.

    Called as a function, it returns the value twice and then nothing, so that
    code that calls it until there is no more data comes to an end.
    """

    def __init__(self, action: Union[str, Callable[[], object]], value: Any = 1):
        self.action = ACTIONS[action] if isinstance(action, str) else action
        self.value = value
        self.left = 3

    def _act(self) -> Any:
        self.action()
        return self.value

    def _number(self) -> int:
        value = self._act()
        return value if type(value) is int else 1

    __index__ = __int__ = __hash__ = _number

    def __float__(self) -> float:
        return float(self._number())

    def __bool__(self) -> bool:
        return bool(self._act())

    def __len__(self) -> int:
        return abs(self._number()) % 1000

    def __eq__(self, other: object) -> Any:
        return self._act() == other

    def __getitem__(self, place: Any) -> Any:
        value = self._act()
        return value[place] if isinstance(value, (list, tuple, str, dict)) else value

    def __iter__(self) -> Iterator[Any]:
        value = self._act()
        return iter(value if isinstance(value, (list, tuple, str, dict)) else [value])

    def __str__(self) -> str:
        self._act()
        return "text"

    def __call__(self, *arguments: object) -> Any:
        value = self._act()
        self.left -= 1
        return value if self.left > 0 else b"" if isinstance(value, bytes) else None


class Dies:
    """An object that runs an action when it is finalized."""

    def __init__(self, action: str):
        self.action = ACTIONS[action]

    def __del__(self) -> None:
        self.action()


class Holder:
    """An object with a handle in _o, like those of libvirt, which runs an action when _o is read or set."""

    def __init__(self, action: str, handle: object):
        self.action = ACTIONS[action]
        self.handle = handle

    @property
    def _o(self) -> object:
        self.action()
        return self.handle

    @_o.setter
    def _o(self, handle: object) -> None:
        self.action()
        self.handle = handle

    def name(self) -> object:
        return self._o

    UUIDString = name


class Index:
    """An object that is not an int but has __index__."""

    def __init__(self, number: object):
        self.number = number

    def __index__(self) -> Any:
        return self.number


class Int(int):
    def __index__(self, *arguments: object) -> NoReturn:
        raise Oops()

    __int__ = __float__ = __eq__ = __bool__ = __index__
    __hash__ = int.__hash__


class Float(float):
    def __float__(self) -> NoReturn:
        raise Oops()


class Text(str):
    """A str, also for keys, whose methods do not return its contents."""

    def __str__(self) -> NoReturn:
        raise Oops()

    __len__ = __iter__ = __str__

    def encode(self, *arguments: object) -> bytes:
        return b"\0"


class Key(str):
    """A key of dicts that runs an action when it is compared."""

    action: Callable[[], object]

    def __eq__(self, other: object) -> bool:
        self.action()
        return str.__eq__(self, other)

    def __hash__(self) -> int:
        return str.__hash__(self)


def key(text: str, action: str) -> Key:
    made = Key(text)
    made.action = ACTIONS[action]
    return made


class Bytes(bytes):
    def __len__(self) -> NoReturn:
        raise Oops()

    __bytes__ = __iter__ = __len__


class List(list[Any]):
    """A list whose methods lie about its length and items."""

    def __len__(self) -> int:
        return 1000

    def __getitem__(self, place: Any) -> None:
        return None

    def __iter__(self) -> Iterator[Any]:
        yield from list.__iter__(self)
        self.clear()


class Endless(list[Any]):
    """A list that claims to be longer than it is, and whose iteration raises at its end."""

    def __len__(self) -> int:
        return 2 ** 62

    def __iter__(self) -> Iterator[Any]:
        yield from list.__iter__(self)
        raise Oops()


class Tuple(tuple[Any, ...]):
    def __len__(self) -> int:
        return 0

    def __iter__(self) -> Iterator[Any]:
        return iter(())


class Dict(dict[Any, Any]):
    def items(self) -> Any:
        return [(1,), None]

    keys = values = __iter__ = items

    def __len__(self) -> int:
        return 0

    def __getitem__(self, item: object) -> NoReturn:
        raise Oops()


class _Named(type):
    @property
    def __name__(cls) -> int:
        return 5


class Named(metaclass=_Named):
    """The name of its class is not a str."""


class _Nameless(type):
    def __getattribute__(cls, name: str) -> NoReturn:
        raise Oops()


class Nameless(metaclass=_Nameless):
    """Reading the name of its class raises."""


# --- containers that change ---------------------------------------------------

Container = Union[list[Any], dict[Any, Any]]


def emptied(container: Container, place: int) -> Container:
    """Return a container that is emptied when one of its items is converted."""
    return _changing(container, place, container.clear)


def grown(container: Container, place: int) -> Container:
    """Return a container that grows when one of its items is converted, so that its memory is reallocated."""
    if isinstance(container, dict):
        update = container.update
        return _changing(container, place, lambda: update((f"more{n}", n) for n in range(100)))
    extend = container.extend
    return _changing(container, place, lambda: extend([None] * 1000))


def _changing(container: Container, place: int, change: Callable[[], object]) -> Container:
    if container:
        at = list(container)[place % len(container)] if isinstance(container, dict) else place % len(container)
        container[at] = Runs(change, container[at])
    return container


def recursive() -> list[Any]:
    made: list[Any] = []
    made.append(made)
    return made


# --- bytes ---------------------------------------------------------------------

def released(data: bytes) -> memoryview:
    view = memoryview(data)
    view.release()
    return view


# --- handles -------------------------------------------------------------------

def capsule(name: Optional[bytes]) -> object:
    """Return a capsule that is not libvirt's; None for no name."""
    return _NEW_CAPSULE(ctypes.addressof(_OBJECT), _CAPSULE_NAMES.setdefault(name, name), None)


def freed(name: str) -> object:
    """Free an object, and return its handle."""
    handle = NAMES[name]._o
    released_by(mutation.KINDS[name])(handle)
    return handle


def closed() -> object:
    """Return the handle of a closed connection."""
    conn = libvirt.open("test:///default")
    handle = conn._o
    conn.close()
    return handle


def closed_connection() -> libvirt.virConnect:
    conn = libvirt.open("test:///default")
    conn.close()
    return conn


def bare(name: str) -> object:
    """Return an object of a class without a handle, and without the attributes that the constructor sets."""
    return object.__new__(_found(modules.PYTHON, name))


# --- callbacks -----------------------------------------------------------------

def nothing(*arguments: object) -> None:
    """A callback that does nothing."""


def giving(*values: object) -> Callable[..., object]:
    """Return a callback that returns the values one by one, and then nothing."""
    left = list(values)
    return lambda *arguments: left.pop(0) if left else b""


def answering(asked: list[list[Any]], data: object) -> int:
    """The callback of openAuth."""
    for credential in asked:
        credential[4] = "answer"
    return 0


def data() -> dict[str, Any]:
    """Return callback data, which the functions of libvirtmod that register callbacks take."""
    return {"cb": nothing, "conn": NAMES["conn"], "opaque": None}


def registered(family: str, owner: str = "conn") -> int:
    """Register a callback with a connection, and return its number."""
    number: int = getattr(NAMES[owner], f"{family}EventRegisterAny")(None, 0, nothing, None)
    return number


def watched() -> libvirt.virStream:
    """Return a stream with a callback."""
    stream = NAMES["stream"]
    stream.eventAddCallback(libvirt.VIR_STREAM_EVENT_READABLE, nothing, None)
    return stream


def watched_connection() -> Any:
    """Return a libvirt-admin connection with a close callback."""
    conn = NAMES["adm"]
    try:
        conn.unregisterCloseCallback()
    except libvirt.libvirtError:
        pass  # no close callback was registered
    conn.registerCloseCallback(nothing, None)
    return conn


def timer() -> int:
    number: int = libvirt.virEventAddTimeout(-1, nothing, None)
    return number


def watch() -> int:
    number: int = libvirt.virEventAddHandle(NAMES["pipe"], 0, nothing, None)
    return number
