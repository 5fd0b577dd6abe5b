# SPDX-License-Identifier: LGPL-2.1-or-later
"""The kinds of argument and of result: each conversion is written here once.

An *input* makes C arguments from one Python argument, an *output* makes a
Python object from what C wrote through a pointer, and a *result* says what
the whole call gives.  The C emitter runs the same passes over all of them:
declare, parse, call, convert; what is taken is freed by cleanup attributes.
"""

from dataclasses import dataclass, field, replace
from typing import Dict, Iterable, Mapping, Optional, Tuple

from . import ctext
from .model import Api, Argument, Function


class KindError(Exception):
    """A kind that does not fit the function that it is used for."""


class Input:
    """Base of the kinds that take one Python argument."""

    name: str  # the C argument that it is named after

    def types(self) -> Dict[str, str]:
        """C argument -> the C type that it must have."""
        raise NotImplementedError

    def declare(self) -> Iterable[str]:
        return ()

    def parse(self, position: int) -> str:
        """A C condition that is true when the argument was refused."""
        raise NotImplementedError

    def arguments(self) -> Dict[str, str]:
        """C argument -> the expression that is passed for it."""
        raise NotImplementedError


# C type -> what the converters between it and Python are called.
SCALARS = {
    "int": "Int", "unsigned int": "UInt", "long": "Long", "unsigned long": "ULong", "long long": "LLong",
    "unsigned long long": "ULLong", "size_t": "Size", "double": "Double",
}
# Narrower ones come out of structs only.
FIELD_SCALARS = {
    **SCALARS, "size_t": "ULong", "char": "Int", "unsigned char": "UInt", "short": "Int", "unsigned short": "UInt",
    "long long int": "LLong", "unsigned long long int": "ULLong", "float": "Double",
}


@dataclass(frozen=True)
class Scalar(Input):
    """A number."""

    name: str
    ctype: str

    def types(self) -> Dict[str, str]:
        return {self.name: self.ctype}

    def declare(self) -> Iterable[str]:
        return (f"{self.ctype} {ctext.local(self.name)} = 0;",)

    def parse(self, position: int) -> str:
        return f"virPyAs{SCALARS[self.ctype]}(self, args, {position}, &{ctext.local(self.name)}) < 0"

    def arguments(self) -> Dict[str, str]:
        return {self.name: ctext.local(self.name)}


@dataclass(frozen=True)
class Text(Input):
    """Text; None is NULL unless libvirt does not survive that."""

    name: str
    required: bool = False

    def types(self) -> Dict[str, str]:
        return {self.name: "const char *"}

    def declare(self) -> Iterable[str]:
        return (f"virPyString {ctext.local(self.name)} VIR_PY_AUTO(virPyDropString) = {{ NULL, NULL }};",)

    def parse(self, position: int) -> str:
        function = "virPyAsText" if self.required else "virPyAsString"
        return f"{function}(self, args, {position}, &{ctext.local(self.name)}) < 0"

    def arguments(self) -> Dict[str, str]:
        return {self.name: f"{ctext.local(self.name)}.str"}


@dataclass(frozen=True)
class HandleIn(Input):
    """A capsule; None is NULL."""

    name: str
    handle: str  # "virDomain"

    def types(self) -> Dict[str, str]:
        return {self.name: self.handle + "Ptr"}

    def declare(self) -> Iterable[str]:
        return (f"virPyUse {ctext.local(self.name)} VIR_PY_AUTO(virPyLeave) = {{ NULL, NULL }};",)

    def parse(self, position: int) -> str:
        return f"virPyEnter(self, args, {position}, &{ctext.handle(self.handle)}, &{ctext.local(self.name)}) < 0"

    def arguments(self) -> Dict[str, str]:
        return {self.name: f"{ctext.local(self.name)}.object"}


@dataclass(frozen=True)
class UUIDIn(Input):
    """The 16 bytes of a UUID."""

    name: str

    def types(self) -> Dict[str, str]:
        return {self.name: "const unsigned char *"}

    def declare(self) -> Iterable[str]:
        return (f"unsigned char {ctext.local(self.name)}[VIR_UUID_BUFLEN];",)

    def parse(self, position: int) -> str:
        return f"virPyAsUUID(self, args, {position}, {ctext.local(self.name)}) < 0"

    def arguments(self) -> Dict[str, str]:
        return {self.name: ctext.local(self.name)}


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

    def arguments(self) -> Dict[str, str]:
        raise NotImplementedError

    def convert(self) -> str:
        """A C expression with a new reference, or NULL and an exception."""
        raise NotImplementedError

    def annotation(self) -> str:
        """The type of the Python object, for documentation."""
        raise NotImplementedError


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


@dataclass(frozen=True)
class TextOut(Output):
    """Allocated text behind a pointer."""

    name: str

    def types(self) -> Dict[str, str]:
        return {self.name: "char **"}

    def declare(self) -> Iterable[str]:
        return (f"char *{ctext.local(self.name)} = NULL;",)

    def arguments(self) -> Dict[str, str]:
        return {self.name: f"&{ctext.local(self.name)}"}

    def convert(self) -> str:
        return f"virPyFromAllocated({ctext.local(self.name)})"

    def annotation(self) -> str:
        return "str"


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


@dataclass(frozen=True)
class ParamsOut(Output):
    """Typed parameters that libvirt allocates: a dict."""

    name: str
    count: str
    count_type: str = "int *"

    def types(self) -> Dict[str, str]:
        return {self.name: "virTypedParameterPtr *", self.count: self.count_type}

    def declare(self) -> Iterable[str]:
        return (f"virPyParams {ctext.local(self.name)} VIR_PY_AUTO(virPyFreeParams) = {{ NULL, 0 }};",)

    def arguments(self) -> Dict[str, str]:
        local = ctext.local(self.name)
        cast = "" if self.count_type == "int *" else f"({self.count_type})"
        return {self.name: f"&{local}.array", self.count: f"{cast}&{local}.count"}

    def convert(self) -> str:
        local = ctext.local(self.name)
        return f"virPyFromParams({local}.array, {local}.count)"

    def annotation(self) -> str:
        return "dict"


def convert_member(ctype: str, value: str) -> str:
    """A C expression that makes a Python object of a field's value."""
    if is_text(ctype):
        return f"virPyFromString({value})"
    return f"virPyFrom{FIELD_SCALARS[ctype]}({value})"


def is_text(ctype: str) -> bool:
    """For "char *" and arrays such as "char model[32]"."""
    return ctype in ("char *", "const char *") or (ctype.startswith("char ") and ctype.endswith("]"))


@dataclass(frozen=True)
class StructOut(Output):
    """A struct that C fills: its fields in a container."""

    name: str
    container: str = "List"  # List, Tuple or Dict
    units: Mapping[str, str] = field(default_factory=dict)  # field -> ">> 10" where Python counts in another unit
    booleans: Tuple[str, ...] = ()  # numbers that are truth values
    pointer: str = ""  # resolved: C type of the argument
    struct: str = ""  # resolved: what it points to
    members: Tuple[Argument, ...] = ()  # resolved: the fields

    def types(self) -> Dict[str, str]:
        return {self.name: self.pointer}

    def resolve(self, api: Api, function: Function) -> "Output":
        arg = function.arg(self.name)
        if arg is None or self.pointer:
            return self
        struct = api.struct_of(arg.type)
        if struct is None:
            raise KindError(f"'{arg.type} {arg.name}' is no pointer to a public struct")
        for member in struct.fields:
            if member.type not in FIELD_SCALARS and not is_text(member.type):
                raise KindError(f"field '{member.name}' of {struct.name} is of the unknown type '{member.type}'")
        for name in (*self.units, *self.booleans):
            if name not in [member.name for member in struct.fields]:
                raise KindError(f"{struct.name} has no field '{name}'")
        return replace(self, pointer=arg.type, struct=struct.name, members=struct.fields)

    def declare(self) -> Iterable[str]:
        return (f"{self.struct} {ctext.local(self.name)} = {{ 0 }};",)

    def arguments(self) -> Dict[str, str]:
        return {self.name: f"&{ctext.local(self.name)}"}

    def convert(self) -> str:
        items = []
        for member in self.members:
            value = f"{ctext.local(self.name)}.{member.name}"
            if member.name in self.units:
                value = f"{value} {self.units[member.name]}"
            item = f"virPyFromBool({value})" if member.name in self.booleans else convert_member(member.type, value)
            items.append(f'"{member.name}", {item}' if self.container == "Dict" else item)
        return ctext.pack(self.container, items)

    def annotation(self) -> str:
        return self.container.lower()


class Result:
    """Base of the kinds of result: what the call gives, and how it fails."""

    ctype: Optional[str] = "int"  # of what the C function returns; None for void
    outputs: Tuple[Output, ...] = ()
    raises = "None"  # what the Python layer takes for a failure
    handle = ""  # class of the object, or objects, that come back
    many = False  # a list of them

    def resolve(self, api: Api, function: Function) -> "Result":
        """The same with what only the API description knows."""
        return self

    def failed(self) -> str:
        """A C condition on `retval`; empty where convert() sees to it."""
        return ""

    def failure(self) -> str:
        return "virPyFail(self)"

    def convert(self) -> str:
        raise NotImplementedError

    def annotation(self) -> str:
        return "None"


@dataclass(frozen=True)
class Status(Result):
    """A number, with -1 for failure."""

    raises = "-1"

    def convert(self) -> str:
        return "virPyStatus(self, retval)"

    def annotation(self) -> str:
        return "int"


@dataclass(frozen=True)
class Nothing(Result):
    """No result at all."""

    ctype = None
    raises = "never"

    def convert(self) -> str:
        return "virPyNewRef(Py_None)"


@dataclass(frozen=True)
class Number(Result):
    """A number that is returned; `failing` is the one that tells of a failure."""

    ctype: str = "int"
    failing: str = ""
    converter: str = ""  # of another type, where programs know it so
    raises: str = "never"

    def failed(self) -> str:
        return f"retval == {self.failing}" if self.failing else ""

    def failure(self) -> str:
        return f"virPyFailInt(self, {'-1' if self.failing.endswith('-1') else self.failing})"

    def convert(self) -> str:
        return f"virPyFrom{self.converter or FIELD_SCALARS[self.ctype]}(retval)"

    def annotation(self) -> str:
        return "int"


@dataclass(frozen=True)
class TextResult(Result):
    """Text that is returned, ours to free or libvirt's own."""

    ctype: str = "char *"

    def failed(self) -> str:
        return "!retval"

    def convert(self) -> str:
        return "virPyFromAllocated(retval)" if self.ctype == "char *" else "virPyFromString(retval)"

    def annotation(self) -> str:
        return "str"


@dataclass(frozen=True)
class HandleResult(Result):
    """A new object."""

    handle: str = ""

    @property
    def ctype(self) -> str:  # type: ignore[override]
        return self.handle + "Ptr"

    def failed(self) -> str:
        return "!retval"

    def convert(self) -> str:
        return f"virPyNewHandle(&{ctext.handle(self.handle)}, retval)"

    def annotation(self) -> str:
        return self.handle


@dataclass(frozen=True)
class ErrorResult(Result):
    """libvirt's error object: a tuple, or None."""

    ctype: str = "virErrorPtr"
    raises: str = "never"

    def convert(self) -> str:
        return "virPyFromError(retval)"

    def annotation(self) -> str:
        return "tuple"


@dataclass(frozen=True)
class HandlesResult(Result):
    """An array of objects that libvirt allocates, with its length returned."""

    name: str = ""
    handle: str = ""
    many = True

    @property
    def outputs(self) -> Tuple[Output, ...]:  # type: ignore[override]
        return (_HandleArray(self.name, self.handle),)

    def failed(self) -> str:
        return "retval < 0"

    def convert(self) -> str:
        return f"virPyFromHandles(&{ctext.handle(self.handle)}, {ctext.local(self.name)}, retval)"

    def annotation(self) -> str:
        return f"list of {self.handle}"


@dataclass(frozen=True)
class _HandleArray(Output):
    name: str
    handle: str

    def types(self) -> Dict[str, str]:
        return {self.name: self.handle + "Ptr **"}

    def declare(self) -> Iterable[str]:
        return (f"{self.handle}Ptr *{ctext.local(self.name)} = NULL;",)

    def arguments(self) -> Dict[str, str]:
        return {self.name: f"&{ctext.local(self.name)}"}


@dataclass(frozen=True)
class Outputs(Result):
    """What C wrote through pointers: one object, or a container of several."""

    outputs: Tuple[Output, ...] = ()
    container: str = ""  # List, Tuple or Dict; none for a single object
    raises: str = "None"

    def resolve(self, api: Api, function: Function) -> Result:
        return replace(self, outputs=tuple(output.resolve(api, function) for output in self.outputs))

    def failed(self) -> str:
        return "retval < 0"

    def failure(self) -> str:
        return "virPyFail(self)" if self.raises == "None" else f"virPyFailInt(self, {self.raises})"

    def convert(self) -> str:
        if not self.container:
            return self.outputs[0].convert()
        return ctext.pack(self.container, [output.convert() for output in self.outputs])

    def annotation(self) -> str:
        return self.container.lower() if self.container else self.outputs[0].annotation()

