# SPDX-License-Identifier: LGPL-2.1-or-later
"""The schema of the bindings table: the page to read first.

Most functions are inferred from their C signatures (inference.py) and have no
row.  The table has what a signature cannot say: a historic name, the direction
of a pointer, the key or unit of a field, an unusual way to report failure.  A
row that repeats what inference says anyway is refused (checks.py).
"""

import sys
from dataclasses import dataclass, field
from typing import Dict, Mapping, Optional, Tuple

from ..converters import Input, Result
from ..hints import Hint


def _caller_line() -> Tuple[str, int]:
    """File and line of the row, for messages about it."""
    frame = sys._getframe(2)
    while frame.f_code.co_name in ("__init__", "__post_init__") and frame.f_back:
        frame = frame.f_back
    return frame.f_code.co_filename, frame.f_lineno


# The results of C wrappers that make the Python function raise libvirtError.
RAISES_ON_NONE = "None"
RAISES_ON_MINUS_ONE = "-1"
RAISES_ON_ZERO = "0"
NEVER_RAISES = "never"

# In the defaults of a row: the argument has no default, although the API description calls it optional.
REQUIRED = object()


@dataclass(frozen=True)
class Row:
    """What inference cannot know about one C function."""

    cname: str  # the C function
    why: str  # why the row is needed, in a few words
    name: Optional[str] = None  # Python name, if it is not the one of the naming rules
    module_name: Optional[str] = None  # name in the extension module, if it is not the C name
    inputs: Mapping[str, Input] = field(default_factory=dict)  # C argument -> its input converter
    result: Optional[Result] = None  # the result converter; keys of dicts and units of fields are in its keys=
    raises: Optional[str] = None  # one of the constants above, if it is not the one of the result converter
    defaults: Mapping[str, object] = field(default_factory=dict)  # C argument -> default in Python
    parent: Optional[str] = None  # Python expression for the parent of the object that is returned
    keep_gil: bool = False  # the function only reads a field and cannot block, so the GIL is not released
    parameters: Mapping[str, str] = field(default_factory=dict)  # C argument -> Python parameter, if not the same
    hand: Optional[Tuple[str, ...]] = None  # arguments of a hand-written C body, which is called hand_NAME(self, ...)
    owner: Optional[str] = None  # class, if it is not that of the first C argument
    keep_alive: str = ""  # Python expression for objects that the returned object keeps alive
    sets_flag: str = ""  # attribute of the object that is True once the method was called
    frees_callbacks: bool = False  # the C function may free callback data: deferred drops are run after it
    skip: bool = False  # the function is not bound, for the reason in `why`
    place: Tuple[str, int] = field(default_factory=_caller_line, compare=False)


@dataclass(frozen=True)
class Extra:
    """A function of the extension module that libvirt does not have.

    Its C body is hand-written and is called hand_NAME(self, ...), with the
    arguments that the inputs pass.
    """

    name: str
    inputs: Tuple[Input, ...]
    doc: str
    optional: bool = False  # the only argument may be left out: then the body gets NULL


@dataclass(frozen=True)
class Handle:
    """A type of libvirt objects: a class in Python, capsules of one name in C."""

    cname: str  # "virDomain" for the C type "virDomainPtr"
    release: str  # C function that drops a reference
    ref: str  # C function that adds a reference; "" if there is none
    invalid: str  # error code for an invalid handle
    parent: Optional[str] = None  # class of the object that it belongs to: "virConnect"
    parameter: str = ""  # parameter of the constructor for the parent: "conn"; the attribute is _conn
    accessor: str = ""  # method that returns the parent: "connect"

    @property
    def pointer(self) -> str:
        return self.cname + "Ptr"


@dataclass(frozen=True)
class Callback:
    """The Python function or method that the C function for a callback type calls."""

    ctype: str  # C callback type: "virConnectCloseFunc"
    function: str  # name of the function or method
    on: str = ""  # item of the callback data whose method it is: "conn", "stream"
    # Module of the function; the item `on`, if there is one, is its first argument.  Without `on` and `module`, it is
    # a method of the callback data itself.
    module: str = ""


@dataclass(frozen=True)
class EventFamily:
    """The events about one type of objects: those that one C function registers callbacks for."""

    subject: str  # class of the objects that the events are about: "virDomain"
    enum: str  # enum of the event ids; the description of an id names its callback type
    register: str  # C function
    deregister: str  # C function
    name: str  # first part of the Python names: "domain" for domainEventRegisterAny()
    owner: str = "virConnect"  # class of these methods


@dataclass(frozen=True)
class Parameters:
    """The types of dicts whose keys libvirt's descriptions name, such as typed parameters.

    In a dict that is an argument a wrong key is a mistake.  A dict that comes
    back may have other keys, because a newer daemon may have them.
    """

    name: str  # in libvirt_types; if there are functions of both kinds, that of the result has "Dict" behind it
    macros: str = ""  # prefix of the macros that stand for the keys
    taken: Tuple[str, ...] = ()  # C functions that have such a dict as argument
    returned: Tuple[str, ...] = ()  # C functions and callback types that give such a dict to Python
    without: Tuple[str, ...] = ()  # prefixes of macros that stand for something else
    described: str = ""  # C function whose description names keys, where a libvirt has no macros for them
    types: Mapping[str, str] = field(default_factory=dict)  # key -> type, where no description tells it
    more: Mapping[str, str] = field(default_factory=dict)  # keys that no description names, and their types
    every: str = ""  # type of all values


@dataclass(frozen=True)
class Link:
    """How the members of an enum lead to other enums."""

    name: str  # of the attribute that a member has
    pattern: str  # name of the C enum; "{}" stands for the name of the member, in whatever case
    doc: str


@dataclass(frozen=True)
class Type:
    """A type of libvirt_types that hand-written Python takes."""

    hint: Hint  # its name, with the definition
    doc: str


@dataclass(frozen=True)
class Part:
    """One C file of a module.

    A module has several, so that a build can use several cores, but not many,
    because each compilation reads all headers again.  For the same reason the
    hand-written bodies are included and not compiled by themselves.
    """

    name: str = ""  # of libvirtmod-NAME.c; without one it is libvirtmod.c, which defines the module
    classes: Tuple[str, ...] = ()  # classes whose methods it has; without any, all functions that no other part has
    events: bool = False  # it has the events instead
    bodies: Tuple[str, ...] = ()  # files of src/ with hand-written bodies, which it includes

    def file(self, extension: str) -> str:
        return f"{extension}-{self.name}.c" if self.name else f"{extension}.c"

    def table(self, extension: str) -> str:
        """The C name of its table of methods."""
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
    parameters: Tuple[Parameters, ...] = ()
    types: Tuple[Type, ...] = ()
    dispatchers: Mapping[str, str] = field(default_factory=dict)  # callback type -> method, if not that of the rule
    event_parameters: Mapping[str, Tuple[str, ...]] = field(default_factory=dict)  # method -> names of its parameters
    fragments: Tuple[str, ...] = ()  # files with hand-written Python that goes into the module
    own_classes: bool = False  # its handles are classes of the module; otherwise it has plain functions
    borrows: Tuple[str, ...] = ()  # names that a module with classes imports from module libvirt
    errors: Mapping[str, str] = field(default_factory=dict)  # class in libvirtError -> error code
    shown: Mapping[str, str] = field(default_factory=dict)  # method -> word for its result in repr()
    lazy: Mapping[str, str] = field(default_factory=dict)  # attribute -> module that is imported at the first access
    strip: str = ""  # prefix that the names of plain functions lose
    public_types: bool = True  # types of its arguments and results are in libvirt_types, for all modules of this tree
    defaults: bool = False  # flags and optional arguments have defaults
    skip_files: Tuple[str, ...] = ()  # C sources of libvirt whose functions are not bound
    stale_files: Tuple[str, ...] = ()  # C sources of libvirt whose functions may fail without setting an error
    init: str = ""  # hand-written C function that is called when the module is initialized
    doc: str = ""

    def __post_init__(self) -> None:
        if [part.name for part in self.parts].count("") != 1:
            raise ValueError(f"{self.name}: exactly one part must have no name, because it defines the module")

    def rows_by_name(self) -> Dict[str, Row]:
        return {row.cname: row for row in self.rows}
