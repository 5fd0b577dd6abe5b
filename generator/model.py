# SPDX-License-Identifier: LGPL-2.1-or-later
"""The content of one library's API description, as plain data."""

from dataclasses import dataclass, field
from typing import Dict, List, Optional, Tuple


@dataclass(frozen=True)
class Argument:
    name: str
    type: str  # C type with single spaces, such as "const char *"
    info: str = ""


def is_flags(name: str) -> bool:
    """Whether an argument has the name that libvirt keeps for flags, in all of its functions."""
    return name == "flags"


@dataclass(frozen=True)
class Function:
    """A function, or a callback type, which has the same parts."""

    name: str
    file: str  # header without its suffix: "libvirt-domain"
    module: str  # C source without its suffix
    version: str  # the first libvirt that has it, or ""
    returns: str  # C type
    returns_info: str
    args: Tuple[Argument, ...]
    info: str
    line: int  # in the API description

    def arg(self, name: str) -> Optional[Argument]:
        for arg in self.args:
            if arg.name == name:
                return arg
        return None

    def prototype(self) -> str:
        args = ", ".join(f"{a.type} {a.name}" for a in self.args)
        return f"{self.returns} {self.name}({args or 'void'})"


@dataclass(frozen=True)
class Struct:
    name: str  # typedef name: "virDomainInfo"
    fields: Tuple[Argument, ...]  # a union is one field of type "union"
    line: int


@dataclass(frozen=True)
class Enumerator:
    name: str
    value: str  # an integer, or the name of another enumerator
    enum: str  # type name
    file: str
    info: str
    line: int


@dataclass(frozen=True)
class Macro:
    name: str
    string: Optional[str]  # its value if that is a string, else None
    file: str
    info: str
    line: int


@dataclass
class Api:
    """Everything in one API description, in its order."""

    path: str
    functions: Dict[str, Function] = field(default_factory=dict)
    callbacks: Dict[str, Function] = field(default_factory=dict)
    structs: Dict[str, Struct] = field(default_factory=dict)
    typedefs: Dict[str, str] = field(default_factory=dict)
    enumerators: List[Enumerator] = field(default_factory=list)
    macros: List[Macro] = field(default_factory=list)

    def struct_of(self, pointer: str) -> Optional[Struct]:
        """The struct that "virDomainInfoPtr" or "virDomainInfo *" points to, or None if its fields are not public."""
        target = self.typedefs.get(pointer, pointer)
        if not target.endswith(" *"):
            return None
        name = target[:-2]
        if name.startswith("const "):
            name = name[len("const "):]
        found = self.structs.get(name)
        while found is None and name in self.typedefs:
            name = self.typedefs[name]
            found = self.structs.get(name)
        return found if found is not None and found.fields else None
