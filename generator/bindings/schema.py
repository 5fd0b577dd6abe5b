# SPDX-License-Identifier: LGPL-2.1-or-later
"""The schema of the bindings table: the page to read first.

Whatever a C signature says enough about is inferred (inference.py) and stands in
no table.  The table holds the rest: a historic name, an order of elements, a
unit, a failure that is told in an unusual way.  A row never repeats what
inference says anyway; checks.py refuses that.
"""

import sys
from dataclasses import dataclass, field
from typing import Dict, Mapping, Optional, Tuple

from ..converters import Input, Result


def _caller_line() -> Tuple[str, int]:
    """Where the row stands, for messages about it."""
    frame = sys._getframe(2)
    while frame.f_code.co_name in ("__init__", "__post_init__") and frame.f_back:
        frame = frame.f_back
    return frame.f_code.co_filename, frame.f_lineno


# How the Python layer sees that a call failed.
RAISES_ON_NONE = "None"
RAISES_ON_MINUS_ONE = "-1"
RAISES_ON_ZERO = "0"
NEVER_RAISES = "never"

# Among the defaults of a row: an argument that has none, though the API calls it optional.
REQUIRED = object()


@dataclass(frozen=True)
class Row:
    """What inference cannot know of one C function."""

    cname: str  # the C function
    why: str  # why this row is needed, in a few words
    name: Optional[str] = None  # Python name, where the naming rules give another
    module_name: Optional[str] = None  # name in the extension module, where it is not the C name
    inputs: Mapping[str, Input] = field(default_factory=dict)  # C argument -> how it is made from Python
    result: Optional[Result] = None  # what comes back, and how a failure shows
    raises: Optional[str] = None  # one of the constants above, where the C result does not tell
    defaults: Mapping[str, object] = field(default_factory=dict)  # C argument -> default in Python
    parent: Optional[str] = None  # Python expression of the parent of what comes back
    keep_gil: bool = False  # reads a field and cannot block: the GIL is kept
    parameters: Mapping[str, str] = field(default_factory=dict)  # C argument -> parameter in Python, if not the same
    hand: Optional[Tuple[str, ...]] = None  # C body by hand: hand_NAME(self, ...), with these arguments
    owner: Optional[str] = None  # class, where it is not that of the first C argument
    keep_alive: str = ""  # Python expression of what the object that comes back keeps alive
    sets_flag: str = ""  # attribute of the object that is True once the method was called
    frees_callbacks: bool = False  # the C function may free callback data, whose references are dropped after it
    skip: bool = False  # not bound, for the reason in `why`
    place: Tuple[str, int] = field(default_factory=_caller_line, compare=False)


@dataclass(frozen=True)
class Extra:
    """A function of the extension module whose C wrapper is written by hand: hand_NAME."""

    name: str
    params: Tuple[str, ...]
    doc: str


@dataclass(frozen=True)
class Handle:
    """A kind of libvirt object: a class in Python, a kind of capsule in C."""

    cname: str  # "virDomain"; "virDomainPtr" is its pointer
    release: str  # the C function that drops a reference
    ref: str  # the C function that adds one; "" where there is none
    invalid: str  # the error code of a handle that is not valid
    parent: Optional[str] = None  # the handle that it is made with: "virConnect"
    parameter: str = ""  # name of the parent in the constructor: "conn"; it becomes the attribute _conn
    accessor: str = ""  # method that gives the parent: "connect"

    @property
    def pointer(self) -> str:
        return self.cname + "Ptr"


@dataclass(frozen=True)
class Callback:
    """What a callback of libvirt calls in Python; its C function is made from its type."""

    ctype: str  # C callback type: "virConnectCloseFunc"
    function: str  # Python function or method
    on: str = ""  # item of the callback data that has the method: "conn", "stream"
    # Module that has a function instead, which gets that item as its first argument.  With neither, the callback
    # data is the object itself.
    module: str = ""


@dataclass(frozen=True)
class EventFamily:
    """Callbacks of one kind of object: the events that one register call takes."""

    subject: str  # handle type of what the events are about: "virDomain"
    enum: str  # the enum of its event ids; each id's description names its callback type
    register: str  # C function
    deregister: str  # C function
    name: str  # Python names begin with it: domainEventRegisterAny
    owner: str = "virConnect"  # the class of that method


@dataclass(frozen=True)
class Part:
    """One C file of a module, so that a build can use several cores.

    Few files are cheap: each compilation reads all headers again.  That is also
    why the hand-written bodies are included instead of compiled one by one.
    """

    name: str = ""  # libvirtmod-NAME.c; none: the file that defines the module, libvirtmod.c
    classes: Tuple[str, ...] = ()  # whose methods it holds; none: whatever no other part takes
    events: bool = False  # holds the event dispatchers instead
    bodies: Tuple[str, ...] = ()  # files of src/ with hand-written bodies, which it includes

    def file(self, extension: str) -> str:
        return f"{extension}-{self.name}.c" if self.name else f"{extension}.c"

    def table(self, extension: str) -> str:
        """The table of its functions."""
        return f"{extension}_{self.name}_methods" if self.name else f"{extension}_methods"


@dataclass(frozen=True)
class Module:
    """An extension module and the Python module over it."""

    name: str  # Python module: "libvirt"
    extension: str  # C extension: "libvirtmod"
    library: str  # name of the API description
    header: str  # C header
    handles: Tuple[Handle, ...]
    parts: Tuple[Part, ...]
    rows: Tuple[Row, ...] = ()
    extras: Tuple[Extra, ...] = ()
    callbacks: Tuple[Callback, ...] = ()
    families: Tuple[EventFamily, ...] = ()
    dispatchers: Mapping[str, str] = field(default_factory=dict)  # callback type -> method, where no rule gives it
    event_parameters: Mapping[str, Tuple[str, ...]] = field(default_factory=dict)  # method -> names of its arguments
    fragments: Tuple[str, ...] = ()  # hand-written Python that goes into the module
    own_classes: bool = False  # handles are its classes; else its functions are plain ones
    borrows: Tuple[str, ...] = ()  # names of module libvirt that one with classes of its own uses
    errors: Mapping[str, str] = field(default_factory=dict)  # class in libvirtError -> code
    shown: Mapping[str, str] = field(default_factory=dict)  # method -> word for its result in repr()
    lazy: Mapping[str, str] = field(default_factory=dict)  # attribute -> module that it is, loaded when it is wanted
    strip: str = ""  # prefix that the names of plain functions lose
    defaults: bool = False  # "flags" and what the API calls optional have defaults
    skip_files: Tuple[str, ...] = ()  # C sources whose functions are not bound
    stale_files: Tuple[str, ...] = ()  # C sources whose functions may fail and leave an older error in place
    init: str = ""  # C function, written by hand, run when the module is initialized
    doc: str = ""

    def __post_init__(self) -> None:
        if [part.name for part in self.parts].count("") != 1:
            raise ValueError(f"{self.name}: one of the parts has no name, since it defines the module")

    def rows_by_name(self) -> Dict[str, Row]:
        return {row.cname: row for row in self.rows}
