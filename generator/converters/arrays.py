# SPDX-License-Identifier: LGPL-2.1-or-later
"""Result converters for arrays: of names, of numbers, of typed parameters, of structs.

An array is *allocated* by libvirt, or *filled* by it after a first call has
told how much room the wrapper has to allocate.
"""

from dataclasses import dataclass, field, replace
from typing import Dict, Iterable, Mapping, Optional, Sequence, Tuple

from .. import ctext, hints, layout
from ..hints import Hint
from ..model import Api, Argument, Function
from .common import ConverterError, convert_member, is_text, member_hint
from .fields import Item, Keys, item_function, items_of_struct, pack, packed_hint
from .outputs import Output
from .results import Measure, Result


def _counting_call(function: str, passed: Mapping[str, str], array: str) -> str:
    """The call that only counts: the same, with NULL for the array."""
    return f"retval = {function}({', '.join('NULL' if name == array else text for name, text in passed.items())});"


@dataclass(frozen=True)
class _Array(Output):
    """The C arguments that a result converter of this file stands for."""

    ctypes: Mapping[str, str]
    declarations: Tuple[str, ...]
    passed: Mapping[str, str]

    def types(self) -> Dict[str, str]:
        return dict(self.ctypes)

    def declare(self) -> Iterable[str]:
        return self.declarations

    def arguments(self) -> Dict[str, str]:
        return dict(self.passed)


class _ArrayResult(Result):
    """Base: the C function returns the length of the array, or -1."""

    def failed(self) -> str:
        return "retval < 0"


@dataclass(frozen=True)
class NamesFilled(_ArrayResult):
    """Names in an array of the wrapper, which another C function counts: a list of str."""

    name: str = ""
    room: str = ""  # C argument: how many names the array can hold
    counter: str = ""  # C function that counts the names; it takes the other arguments
    array_type: str = "char ** const"

    @property
    def outputs(self) -> Tuple[Output, ...]:  # type: ignore[override]
        variable = ctext.variable(self.name)
        return (_Array({self.name: self.array_type, self.room: "int"},
                       (f"virPyTexts {variable} VIR_PY_AUTO(virPyFreeTexts) = {{ NULL, 0 }};", "int room = 0;"),
                       {self.name: f"{variable}.array", self.room: "room"}),)

    def measure(self, function: str, passed: Mapping[str, str]) -> Optional[Measure]:
        others = [text for name, text in passed.items() if name not in (self.name, self.room)]
        array = f"{ctext.variable(self.name)}.array"
        return Measure(f"room = {self.counter}({', '.join(others)});", "room < 0", "room == 0", "PyList_New(0)",
                       f"!({array} = virPyNewArray((size_t)room, sizeof(*{array})))")

    def convert(self, wrapper: str) -> str:
        variable = ctext.variable(self.name)
        return f"({variable}.count = retval, virPyFromTexts({variable}.array, retval))"

    def annotation(self) -> str:
        return "list of str"

    def hint(self, function: str) -> Hint:
        return Hint("list[str]")


@dataclass(frozen=True)
class NumbersFilled(NamesFilled):
    """Numbers in an array of the wrapper, which another C function counts: a list of int."""

    @property
    def outputs(self) -> Tuple[Output, ...]:  # type: ignore[override]
        variable = ctext.variable(self.name)
        return (_Array({self.name: "int *", self.room: "int"},
                       (f"int *{variable} VIR_PY_AUTO(virPyFreePointer) = NULL;", "int room = 0;"),
                       {self.name: variable, self.room: "room"}),)

    def measure(self, function: str, passed: Mapping[str, str]) -> Optional[Measure]:
        measure = super().measure(function, passed)
        assert measure is not None
        variable = ctext.variable(self.name)
        return replace(measure, allocate=f"!({variable} = virPyNewArray((size_t)room, sizeof(*{variable})))")

    def convert(self, wrapper: str) -> str:
        return f"virPyFromNumbers({ctext.variable(self.name)}, retval)"

    def annotation(self) -> str:
        return "list of int"

    def hint(self, function: str) -> Hint:
        return Hint("list[int]")


@dataclass(frozen=True)
class NamesAllocated(_ArrayResult):
    """Names in an array that libvirt allocated: a list of str."""

    name: str = ""

    @property
    def outputs(self) -> Tuple[Output, ...]:  # type: ignore[override]
        variable = ctext.variable(self.name)
        return (_Array({self.name: "char ***"},
                       (f"virPyTexts {variable} VIR_PY_AUTO(virPyFreeTexts) = {{ NULL, 0 }};",),
                       {self.name: f"&{variable}.array"}),)

    def convert(self, wrapper: str) -> str:
        variable = ctext.variable(self.name)
        return f"({variable}.count = retval, virPyFromTexts({variable}.array, retval))"

    def annotation(self) -> str:
        return "list of str"

    def hint(self, function: str) -> Hint:
        return Hint("list[str]")


@dataclass(frozen=True)
class ParamsFilled(_ArrayResult):
    """Typed parameters in an array of the wrapper: a dict."""

    name: str = ""
    count: str = ""
    sizer: str = ""  # C function that counts them and returns text, where the function itself does not count

    @property
    def outputs(self) -> Tuple[Output, ...]:  # type: ignore[override]
        variable = ctext.variable(self.name)
        text = ("char *text VIR_PY_AUTO(virPyFreePointer) = NULL;",) if self.sizer else ()
        return (_Array({self.name: "virTypedParameterPtr", self.count: "int *"},
                       (f"virPyParams {variable} VIR_PY_AUTO(virPyFreeParams) = {{ NULL, 0, 0 }};", *text),
                       {self.name: f"{variable}.array", self.count: f"&{variable}.count"}),)

    def measure(self, function: str, passed: Mapping[str, str]) -> Optional[Measure]:
        variable = ctext.variable(self.name)
        if self.sizer:
            subject = next(iter(passed.values()))
            call, failed = f"text = {self.sizer}({subject}, &{variable}.count);", "!text"
        else:
            call, failed = _counting_call(function, passed, self.name), "retval < 0"
        return Measure(call, failed, f"{variable}.count == 0", "PyDict_New()", f"virPyNewParams(&{variable}) < 0")

    def convert(self, wrapper: str) -> str:
        variable = ctext.variable(self.name)
        return f"virPyFromParams({variable}.array, {variable}.count)"

    def annotation(self) -> str:
        return "dict"

    def hint(self, function: str) -> Hint:
        return Hint("dict[str, Any]")


@dataclass(frozen=True)
class FieldsFilled(_ArrayResult):
    """Structs of a name and a number in an array of the wrapper: a dict."""

    name: str = ""
    count: str = ""
    returned: bool = False  # the function gets the room by value, returns the number, and allocates the names
    pointer: str = ""  # C type of the argument, set by resolve()
    struct: str = ""  # C type that it points to, set by resolve()
    members: Tuple[Argument, ...] = ()  # the two fields, set by resolve()

    def resolve(self, api: Api, function: Function) -> Result:
        arg = function.arg(self.name)
        struct = api.struct_of(arg.type) if arg is not None else None
        if arg is None or struct is None or len(struct.fields) != 2 or not is_text(struct.fields[0].type):
            raise ConverterError(f"'{self.name}' is no array of structs of a name and a number")
        return replace(self, pointer=arg.type, struct=struct.name, members=struct.fields)

    @property
    def outputs(self) -> Tuple[Output, ...]:  # type: ignore[override]
        variable = ctext.variable(self.name)
        ctype, room, passed = ("unsigned int",) * 2 + ("room",) if self.returned else ("int *", "int", "&room")
        return (_Array({self.name: self.pointer, self.count: ctype},
                       (f"{self.struct} *{variable} VIR_PY_AUTO(virPyFreePointer) = NULL;", f"{room} room = 0;"),
                       {self.name: variable, self.count: passed}),)

    def measure(self, function: str, passed: Mapping[str, str]) -> Optional[Measure]:
        variable = ctext.variable(self.name)
        empty, room = ("retval == 0", "room = (unsigned int)retval") if self.returned else ("room == 0", "(size_t)room")
        return Measure(_counting_call(function, passed, self.name), "retval < 0", empty, "PyDict_New()",
                       f"!({variable} = virPyNewArray({room}, sizeof(*{variable})))")

    def helpers(self, wrapper: str) -> Sequence[str]:
        key, value = self.members
        text = convert_member(key.type, "item->" + key.name)
        if self.returned:
            text = text.replace("virPyFromString", "virPyFromAllocated")
        packed = ctext.pack("Tuple", (text, convert_member(value.type, "item->" + value.name)))
        return item_function(f"pair_of_{wrapper}", self.struct, packed)

    def convert(self, wrapper: str) -> str:
        return f"virPyDictOf({'retval' if self.returned else 'room'}, pair_of_{wrapper}, {ctext.variable(self.name)})"

    def annotation(self) -> str:
        return f"dict of {self.members[0].name} and {self.members[1].name}" if self.returned else "dict"

    def hint(self, function: str) -> Hint:
        return Hint(f"dict[str, {member_hint(self.members[1].type).text}]")


@dataclass(frozen=True)
class Records(_ArrayResult):
    """Pointers to structs in an array that libvirt allocated: a list, with a container for each struct."""

    name: str = ""
    container: str = "Dict"  # what each struct becomes: List, Tuple or Dict
    keys: Keys = field(default_factory=dict)
    order: Tuple[str, ...] = ()  # all fields in the order of the items, where it is not that of the struct
    pointer: str = ""  # C type of a pointer to one struct, set by resolve()
    struct: str = ""  # C type of the struct, set by resolve()
    release: str = ""  # C function that frees one struct, set by resolve()
    members: Tuple[Argument, ...] = field(default=())  # the fields in order, set by resolve()
    indirection = " **"  # what the C argument adds to the pointer

    def resolve(self, api: Api, function: Function) -> Result:
        arg = function.arg(self.name)
        if arg is None or not arg.type.endswith("Ptr" + self.indirection):
            raise ConverterError(f"'{self.name}' is no array of structs")
        pointer = arg.type[:-len(self.indirection)]
        struct = api.struct_of(pointer)
        if struct is None:
            raise ConverterError(f"the fields of {pointer} are not public")
        release = struct.name + "Free"
        if self.indirection == " **" and release not in api.functions:
            raise ConverterError(f"there is no {release}")
        resolved = replace(self, pointer=pointer, struct=struct.name, release=release,
                           members=self._ordered(struct.fields))
        resolved.field_items()  # raises for fields and keys that do not fit
        return resolved

    def _ordered(self, fields: Tuple[Argument, ...]) -> Tuple[Argument, ...]:
        if not self.order:
            return fields
        by_name = {item.name: item for item in fields}
        if sorted(self.order) != sorted(by_name):
            raise ConverterError(f"its order has other fields than {', '.join(by_name)}")
        return tuple(by_name[name] for name in self.order)

    @property
    def outputs(self) -> Tuple[Output, ...]:  # type: ignore[override]
        variable = ctext.variable(self.name)
        return (_Array({self.name: self.pointer + self.indirection}, (self._declaration(variable),),
                       {self.name: f"&{variable}"}),)

    def _declaration(self, variable: str) -> str:
        return f"{self.pointer} *{variable} VIR_PY_AUTO(virPyFreePointer) = NULL;"

    def field_items(self) -> Sequence[Item]:
        return items_of_struct(self.struct, self.members, self.keys, "item->")

    def items(self, function: Function) -> Sequence[Item]:
        return self.field_items()

    def helpers(self, wrapper: str) -> Sequence[str]:
        packed = pack(self.container, self.field_items())
        return (
            f"static PyObject *item_of_{wrapper}(const void *source, Py_ssize_t n)",
            "{",
            f"    {self.struct} *item = ((const {self.pointer} *)source)[n];",
            layout.statement(f"PyObject *object = {packed};", "    "),
            "",
            f"    {self.release}(item);",
            "    return object;",
            "}",
            "",
        )

    def convert(self, wrapper: str) -> str:
        return f"virPyListOf(retval, item_of_{wrapper}, {ctext.variable(self.name)})"

    def annotation(self) -> str:
        return f"list of {self.container.lower()}"

    def hint(self, function: str) -> Hint:
        return hints.list_of(packed_hint(self.container, self.struct, self.field_items()))


@dataclass(frozen=True)
class StructArray(Records):
    """Structs in an array that libvirt allocated: a list, with a container for each struct."""

    indirection = " *"

    def _declaration(self, variable: str) -> str:
        return f"{self.pointer} {variable} VIR_PY_AUTO(virPyFreePointer) = NULL;"

    def helpers(self, wrapper: str) -> Sequence[str]:
        return item_function(f"item_of_{wrapper}", self.struct, pack(self.container, self.field_items()))
