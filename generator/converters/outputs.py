# SPDX-License-Identifier: LGPL-2.1-or-later
"""Kinds of result through a pointer: what C wrote, Python gets."""

from dataclasses import dataclass, field, replace
from typing import Dict, Iterable, Mapping, Tuple

from .. import ctext, hints
from ..hints import Hint
from ..model import Api, Argument, Function
from .common import FIELD_SCALARS, ConverterError, convert_member, is_text, member_hint, number_hint


class Output:
    """Base of the kinds that read what C wrote through its arguments."""

    def types(self) -> Dict[str, str]:
        """C argument -> the C type that it must have."""
        raise NotImplementedError

    def resolve(self, api: Api, function: Function) -> "Output":
        """The same with what only the API description knows."""
        return self

    def declare(self) -> Iterable[str]:
        return ()

    def prepare(self, passed: Mapping[str, str]) -> Iterable[str]:
        """C statements between the parsing of all arguments and the call.  passed: C argument -> expression."""
        return ()

    def arguments(self) -> Dict[str, str]:
        raise NotImplementedError

    def convert(self) -> str:
        """A C expression with a new reference, or NULL and an exception."""
        raise NotImplementedError

    def annotation(self) -> str:
        """The type of the Python object, for documentation."""
        raise NotImplementedError

    def hint(self) -> Hint:
        """The type of the Python object, for checkers of types."""
        raise NotImplementedError


@dataclass(frozen=True)
class CallbackName(Output):
    """The callback that a registration is known by; nothing comes back."""

    name: str
    ctype: str

    def types(self) -> Dict[str, str]:
        return {self.name: self.ctype}

    def arguments(self) -> Dict[str, str]:
        return {self.name: f"dispatch_{self.ctype}"}


@dataclass(frozen=True)
class ScalarOut(Output):
    """A number behind a pointer."""

    name: str
    ctype: str

    def types(self) -> Dict[str, str]:
        return {self.name: self.ctype + " *"}

    def declare(self) -> Iterable[str]:
        return (f"{self.ctype} {ctext.local(self.name)} = 0;",)

    def arguments(self) -> Dict[str, str]:
        return {self.name: f"&{ctext.local(self.name)}"}

    def convert(self) -> str:
        return f"virPyFrom{FIELD_SCALARS[self.ctype]}({ctext.local(self.name)})"

    def annotation(self) -> str:
        return "float" if self.ctype == "double" else "int"

    def hint(self) -> Hint:
        return number_hint(self.ctype)


@dataclass(frozen=True)
class TextOut(Output):
    """Allocated text behind a pointer."""

    name: str
    empty: bool = False  # NULL is text without anything in it, and no failure

    def types(self) -> Dict[str, str]:
        return {self.name: "char **"}

    def declare(self) -> Iterable[str]:
        return (f"char *{ctext.local(self.name)} = NULL;",)

    def arguments(self) -> Dict[str, str]:
        return {self.name: f"&{ctext.local(self.name)}"}

    def convert(self) -> str:
        local = ctext.local(self.name)
        return f"{local} ? virPyFromAllocated({local}) : virPyFromString(\"\")" if self.empty \
            else f"virPyFromAllocated({local})"

    def annotation(self) -> str:
        return "str"

    def hint(self) -> Hint:
        return Hint("str")


@dataclass(frozen=True)
class UUIDOut(Output):
    """A UUID: 16 bytes, or text."""

    name: str
    text: bool = False

    def types(self) -> Dict[str, str]:
        return {self.name: "char *" if self.text else "unsigned char *"}

    def declare(self) -> Iterable[str]:
        if self.text:
            return (f"char {ctext.local(self.name)}[VIR_UUID_STRING_BUFLEN] = \"\";",)
        return (f"unsigned char {ctext.local(self.name)}[VIR_UUID_BUFLEN] = {{ 0 }};",)

    def arguments(self) -> Dict[str, str]:
        return {self.name: ctext.local(self.name)}

    def convert(self) -> str:
        local = ctext.local(self.name)
        return f"virPyFromString({local})" if self.text else f"virPyFromBytes({local}, sizeof({local}))"

    def annotation(self) -> str:
        return "str" if self.text else "bytes"

    def hint(self) -> Hint:
        return Hint("str" if self.text else "bytes")


@dataclass(frozen=True)
class ParamsOut(Output):
    """Typed parameters that libvirt allocates: a dict."""

    name: str
    count: str
    count_type: str = "int *"

    def types(self) -> Dict[str, str]:
        return {self.name: "virTypedParameterPtr *", self.count: self.count_type}

    def declare(self) -> Iterable[str]:
        return (f"virPyParams {ctext.local(self.name)} VIR_PY_AUTO(virPyFreeParams) = {{ NULL, 0, 0 }};",)

    def arguments(self) -> Dict[str, str]:
        local = ctext.local(self.name)
        cast = "" if self.count_type == "int *" else f"({self.count_type})"
        return {self.name: f"&{local}.array", self.count: f"{cast}&{local}.count"}

    def convert(self) -> str:
        local = ctext.local(self.name)
        return f"virPyFromParams({local}.array, {local}.count)"

    def annotation(self) -> str:
        return "dict"

    def hint(self) -> Hint:
        return Hint("dict[str, Any]")


@dataclass(frozen=True)
class StructOut(Output):
    """A struct that C fills: its fields in a container."""

    name: str
    container: str = "List"  # List, Tuple or Dict
    # Field -> C operation and what it gives, where Python counts in another unit: (">> 10", "in MiB").
    units: Mapping[str, Tuple[str, str]] = field(default_factory=dict)
    booleans: Tuple[str, ...] = ()  # numbers that are truth values
    size: str = ""  # C argument that tells libvirt how large the struct is
    pointer: str = ""  # resolved: C type of the argument
    struct: str = ""  # resolved: what it points to
    members: Tuple[Argument, ...] = ()  # resolved: the fields

    def types(self) -> Dict[str, str]:
        return {self.name: self.pointer, **({self.size: "size_t"} if self.size else {})}

    def resolve(self, api: Api, function: Function) -> "Output":
        arg = function.arg(self.name)
        if arg is None or self.pointer:
            return self
        struct = api.struct_of(arg.type)
        if struct is None:
            raise ConverterError(f"'{arg.type} {arg.name}' is no pointer to a public struct")
        for member in struct.fields:
            if member.type not in FIELD_SCALARS and not is_text(member.type):
                raise ConverterError(f"field '{member.name}' of {struct.name} is of the unknown type '{member.type}'")
        for name in (*self.units, *self.booleans):
            if name not in [member.name for member in struct.fields]:
                raise ConverterError(f"{struct.name} has no field '{name}'")
        return replace(self, pointer=arg.type, struct=struct.name, members=struct.fields)

    def declare(self) -> Iterable[str]:
        return (f"{self.struct} {ctext.local(self.name)} = {{ 0 }};",)

    def arguments(self) -> Dict[str, str]:
        local = ctext.local(self.name)
        return {self.name: f"&{local}", **({self.size: f"sizeof({local})"} if self.size else {})}

    def convert(self) -> str:
        items = []
        for member in self.members:
            value = f"{ctext.local(self.name)}.{member.name}"
            if member.name in self.units:
                value = f"{value} {self.units[member.name][0]}"
            item = f"virPyFromBool({value})" if member.name in self.booleans else convert_member(member.type, value)
            items.append(f'"{member.name}", {item}' if self.container == "Dict" else item)
        return ctext.pack(self.container, items)

    def unit_of(self, member: Argument) -> str:
        """What a field tells, for documentation."""
        return self.units[member.name][1] if member.name in self.units else " ".join(member.info.split())

    def annotation(self) -> str:
        return self.container.lower()

    def hint(self) -> Hint:
        return hints.packed(self.container, "_" + self.struct, [
            (member.name, Hint("bool") if member.name in self.booleans else member_hint(member.type))
            for member in self.members])


@dataclass(frozen=True)
class BufferOut(Output):
    """As many bytes as the caller asked for."""

    name: str
    size: str  # C argument, an input of its own

    def types(self) -> Dict[str, str]:
        return {self.name: "void *"}

    def declare(self) -> Iterable[str]:
        return (f"void *{ctext.local(self.name)} VIR_PY_AUTO(virPyFreePointer) = NULL;", "size_t room = 0;")

    def prepare(self, passed: Mapping[str, str]) -> Iterable[str]:
        local = ctext.local(self.name)
        return (f"room = {passed[self.size]};", f"{local} = virPyNewArray(room, 1);", f"if (!{local})",
                "    return NULL;")

    def arguments(self) -> Dict[str, str]:
        return {self.name: ctext.local(self.name)}

    def convert(self) -> str:
        return f"virPyFromBytes({ctext.local(self.name)}, room)"

    def annotation(self) -> str:
        return "bytes"

    def hint(self) -> Hint:
        return Hint("bytes")
