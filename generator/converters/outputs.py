# SPDX-License-Identifier: LGPL-2.1-or-later
"""Output converters: each makes a Python object of what libvirt wrote through a pointer argument."""

from dataclasses import dataclass, field, replace
from typing import Dict, Iterable, Mapping, Sequence, Tuple

from .. import ctext
from ..hints import Hint
from ..model import Api, Argument, Function
from .common import FIELD_SCALARS, ConverterError, number_hint
from .fields import Item, Key, Keys, items_of_struct, object_item, pack, packed_hint, scalar_item


class Output:
    """Base of all output converters."""

    name: str  # the C argument

    def types(self) -> Dict[str, str]:
        """C argument -> the C type that it must have."""
        raise NotImplementedError

    def resolve(self, api: Api, function: Function) -> "Output":
        """Return the same converter with what only the API description knows."""
        return self

    def declare(self) -> Iterable[str]:
        """C declarations of the variables that it needs."""
        return ()

    def prepare(self, passed: Mapping[str, str]) -> Iterable[str]:
        """C statements between the parsing of all arguments and the call.  passed: C argument -> expression."""
        return ()

    def arguments(self) -> Dict[str, str]:
        """C argument -> the expression that is passed for it."""
        raise NotImplementedError

    def convert(self) -> str:
        """The C expression that makes a new reference, or NULL and an exception."""
        raise NotImplementedError

    def annotation(self) -> str:
        """The type of the Python object, for documentation."""
        raise NotImplementedError

    def hint(self) -> Hint:
        """The type of the Python object, for type checkers."""
        raise NotImplementedError

    def items(self) -> Sequence[Item]:
        """The items of the Python object, where it is a container whose items have names."""
        return ()

    def as_item(self, key: Key, description: str) -> Item:
        """The item that stands for it in a container of several outputs."""
        return object_item(self.name, self.convert(), self.hint(), key, description)


@dataclass(frozen=True)
class CallbackName(Output):
    """The C callback function that names a registration to libvirt.  Nothing comes back."""

    name: str
    ctype: str

    def types(self) -> Dict[str, str]:
        return {self.name: self.ctype}

    def arguments(self) -> Dict[str, str]:
        return {self.name: f"dispatch_{self.ctype}"}


@dataclass(frozen=True)
class ScalarOut(Output):
    """A number."""

    name: str
    ctype: str

    def types(self) -> Dict[str, str]:
        return {self.name: self.ctype + " *"}

    def declare(self) -> Iterable[str]:
        return (f"{self.ctype} {ctext.variable(self.name)} = 0;",)

    def arguments(self) -> Dict[str, str]:
        return {self.name: f"&{ctext.variable(self.name)}"}

    def convert(self) -> str:
        return f"virPyFrom{FIELD_SCALARS[self.ctype]}({ctext.variable(self.name)})"

    def annotation(self) -> str:
        return "float" if self.ctype == "double" else "int"

    def hint(self) -> Hint:
        return number_hint(self.ctype)

    def as_item(self, key: Key, description: str) -> Item:
        return scalar_item(self.name, self.ctype, ctext.variable(self.name), key, description)


@dataclass(frozen=True)
class TextOut(Output):
    """Text that libvirt allocated."""

    name: str
    empty: bool = False  # NULL means empty text, and no failure

    def types(self) -> Dict[str, str]:
        return {self.name: "char **"}

    def declare(self) -> Iterable[str]:
        return (f"char *{ctext.variable(self.name)} = NULL;",)

    def arguments(self) -> Dict[str, str]:
        return {self.name: f"&{ctext.variable(self.name)}"}

    def convert(self) -> str:
        variable = ctext.variable(self.name)
        converted = f"virPyFromAllocated({variable})"
        return f'{variable} ? {converted} : virPyFromString("")' if self.empty else converted

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
        variable = ctext.variable(self.name)
        if self.text:
            return (f'char {variable}[VIR_UUID_STRING_BUFLEN] = "";',)
        return (f"unsigned char {variable}[VIR_UUID_BUFLEN] = {{ 0 }};",)

    def arguments(self) -> Dict[str, str]:
        return {self.name: ctext.variable(self.name)}

    def convert(self) -> str:
        variable = ctext.variable(self.name)
        return f"virPyFromString({variable})" if self.text else f"virPyFromBytes({variable}, sizeof({variable}))"

    def annotation(self) -> str:
        return "str" if self.text else "bytes"

    def hint(self) -> Hint:
        return Hint("str" if self.text else "bytes")


@dataclass(frozen=True)
class ParamsOut(Output):
    """Typed parameters that libvirt allocated: a dict."""

    name: str
    count: str
    count_type: str = "int *"

    def types(self) -> Dict[str, str]:
        return {self.name: "virTypedParameterPtr *", self.count: self.count_type}

    def declare(self) -> Iterable[str]:
        return (f"virPyParams {ctext.variable(self.name)} VIR_PY_AUTO(virPyFreeParams) = {{ NULL, 0, 0 }};",)

    def arguments(self) -> Dict[str, str]:
        variable = ctext.variable(self.name)
        cast = "" if self.count_type == "int *" else f"({self.count_type})"
        return {self.name: f"&{variable}.array", self.count: f"{cast}&{variable}.count"}

    def convert(self) -> str:
        variable = ctext.variable(self.name)
        return f"virPyFromParams({variable}.array, {variable}.count)"

    def annotation(self) -> str:
        return "dict"

    def hint(self) -> Hint:
        return Hint("dict[str, Any]")


@dataclass(frozen=True)
class StructOut(Output):
    """A struct that libvirt filled: a container of its fields."""

    name: str
    container: str = "List"  # List, Tuple or Dict
    keys: Keys = field(default_factory=dict)
    size: str = ""  # C argument for the size of the struct
    pointer: str = ""  # C type of the argument, set by resolve()
    struct: str = ""  # C type that it points to, set by resolve()
    members: Tuple[Argument, ...] = ()  # the fields, set by resolve()

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
            if member.type == "char **":
                raise ConverterError(f"field '{member.name}' of {struct.name} is an array, which nothing frees")
        resolved = replace(self, pointer=arg.type, struct=struct.name, members=struct.fields)
        resolved.items()  # raises for fields and keys that do not fit
        return resolved

    def declare(self) -> Iterable[str]:
        return (f"{self.struct} {ctext.variable(self.name)} = {{ 0 }};",)

    def arguments(self) -> Dict[str, str]:
        variable = ctext.variable(self.name)
        return {self.name: f"&{variable}", **({self.size: f"sizeof({variable})"} if self.size else {})}

    def items(self) -> Sequence[Item]:
        return items_of_struct(self.struct, self.members, self.keys, ctext.variable(self.name) + ".")

    def convert(self) -> str:
        return pack(self.container, self.items())

    def annotation(self) -> str:
        return self.container.lower()

    def hint(self) -> Hint:
        return packed_hint(self.container, self.struct, self.items())


@dataclass(frozen=True)
class BufferOut(Output):
    """As many bytes as the caller asked for."""

    name: str
    size: str  # C argument with the number of bytes, which has an input converter of its own

    def types(self) -> Dict[str, str]:
        return {self.name: "void *"}

    def declare(self) -> Iterable[str]:
        return (f"void *{ctext.variable(self.name)} VIR_PY_AUTO(virPyFreePointer) = NULL;", "size_t room = 0;")

    def prepare(self, passed: Mapping[str, str]) -> Iterable[str]:
        variable = ctext.variable(self.name)
        return (f"room = {passed[self.size]};", f"{variable} = virPyNewArray(room, 1);", f"if (!{variable})",
                "    return NULL;")

    def arguments(self) -> Dict[str, str]:
        return {self.name: ctext.variable(self.name)}

    def convert(self) -> str:
        return f"virPyFromBytes({ctext.variable(self.name)}, room)"

    def annotation(self) -> str:
        return "bytes"

    def hint(self) -> Hint:
        return Hint("bytes")
