# SPDX-License-Identifier: LGPL-2.1-or-later
"""Results that are arrays: of names, of numbers, of fields, of records."""

from dataclasses import dataclass, field, replace
from typing import Dict, Iterable, List, Mapping, Optional, Sequence, Tuple

from .. import ctext, hints
from ..hints import Hint
from ..model import Api, Argument, Function
from .common import FIELD_SCALARS, ConverterError, convert_member, is_text, member_hint
from .outputs import Output
from .results import Measure, Result


def _first_call(function: str, passed: Mapping[str, str], nulled: Mapping[str, str]) -> str:
    return f"{function}({', '.join(nulled.get(name, value) for name, value in passed.items())})"


@dataclass(frozen=True)
class _Array(Output):
    """C arguments that a result of this file stands for."""

    ctypes: Mapping[str, str]
    declarations: Tuple[str, ...]
    passed: Mapping[str, str]

    def types(self) -> Dict[str, str]:
        return dict(self.ctypes)

    def declare(self) -> Iterable[str]:
        return self.declarations

    def arguments(self) -> Dict[str, str]:
        return dict(self.passed)


@dataclass(frozen=True)
class NameList(Result):
    """Names into an array of ours, after a call that counts them."""

    name: str = ""
    room: str = ""  # C argument: how many fit
    counter: str = ""  # C function
    array_type: str = "char ** const"

    @property
    def outputs(self) -> Tuple[Output, ...]:  # type: ignore[override]
        local = ctext.local(self.name)
        return (_Array({self.name: self.array_type, self.room: "int"},
                       (f"virPyNames {local} VIR_PY_AUTO(virPyFreeNames) = {{ NULL, 0 }};", "int room = 0;"),
                       {self.name: f"{local}.array", self.room: "room"}),)

    def measure(self, function: str, passed: Mapping[str, str]) -> Optional[Measure]:
        others = [value for name, value in passed.items() if name not in (self.name, self.room)]
        local = ctext.local(self.name)
        return Measure(f"room = {self.counter}({', '.join(others)});", "room < 0", "room == 0", "PyList_New(0)",
                       f"!({local}.array = virPyNewArray((size_t)room, sizeof(*{local}.array)))")

    def failed(self) -> str:
        return "retval < 0"

    def convert(self) -> str:
        local = ctext.local(self.name)
        return f"({local}.count = retval, virPyFromNames(&{local}))"

    def annotation(self) -> str:
        return "list of str"

    def hint(self, function: str) -> Hint:
        return Hint("list[str]")


@dataclass(frozen=True)
class NumberList(NameList):
    """Numbers into an array of ours, after a call that counts them."""

    @property
    def outputs(self) -> Tuple[Output, ...]:  # type: ignore[override]
        local = ctext.local(self.name)
        return (_Array({self.name: "int *", self.room: "int"},
                       (f"int *{local} VIR_PY_AUTO(virPyFreePointer) = NULL;", "int room = 0;"),
                       {self.name: local, self.room: "room"}),)

    def measure(self, function: str, passed: Mapping[str, str]) -> Optional[Measure]:
        measure = super().measure(function, passed)
        assert measure is not None
        local = ctext.local(self.name)
        return replace(measure, allocate=f"!({local} = virPyNewArray((size_t)room, sizeof(*{local})))")

    def convert(self) -> str:
        return f"virPyFromNumbers({ctext.local(self.name)}, retval)"

    def annotation(self) -> str:
        return "list of int"

    def hint(self, function: str) -> Hint:
        return Hint("list[int]")


@dataclass(frozen=True)
class Names(Result):
    """An array of text that libvirt allocates, with its length returned."""

    name: str = ""

    @property
    def outputs(self) -> Tuple[Output, ...]:  # type: ignore[override]
        local = ctext.local(self.name)
        return (_Array({self.name: "char ***"},
                       (f"virPyNames {local} VIR_PY_AUTO(virPyFreeNames) = {{ NULL, 0 }};",),
                       {self.name: f"&{local}.array"}),)

    def failed(self) -> str:
        return "retval < 0"

    def convert(self) -> str:
        local = ctext.local(self.name)
        return f"({local}.count = retval, virPyFromNames(&{local}))"

    def annotation(self) -> str:
        return "list of str"

    def hint(self, function: str) -> Hint:
        return Hint("list[str]")


@dataclass(frozen=True)
class ParamsFilled(Result):
    """Typed parameters into an array of ours, after a call that counts them: a dict."""

    name: str = ""
    count: str = ""
    sizer: str = ""  # C function that counts them, where the function itself does not

    @property
    def outputs(self) -> Tuple[Output, ...]:  # type: ignore[override]
        local = ctext.local(self.name)
        scheduler = ("char *scheduler VIR_PY_AUTO(virPyFreePointer) = NULL;",) if self.sizer else ()
        return (_Array({self.name: "virTypedParameterPtr", self.count: "int *"},
                       (f"virPyParams {local} VIR_PY_AUTO(virPyFreeParams) = {{ NULL, 0, 0 }};", *scheduler),
                       {self.name: f"{local}.array", self.count: f"&{local}.count"}),)

    def measure(self, function: str, passed: Mapping[str, str]) -> Optional[Measure]:
        local = ctext.local(self.name)
        if self.sizer:
            first = list(passed.values())[0]
            call, failed = f"scheduler = {self.sizer}({first}, &{local}.count);", "!scheduler"
        else:
            call, failed = f"retval = {_first_call(function, passed, {self.name: 'NULL'})};", "retval < 0"
        return Measure(call, failed, f"{local}.count == 0", "PyDict_New()", f"virPyNewParams(&{local}) < 0")

    def failed(self) -> str:
        return "retval < 0"

    def convert(self) -> str:
        local = ctext.local(self.name)
        return f"virPyFromParams({local}.array, {local}.count)"

    def annotation(self) -> str:
        return "dict"

    def hint(self, function: str) -> Hint:
        return Hint("dict[str, Any]")


@dataclass(frozen=True)
class FieldsFilled(Result):
    """Structs of a name and a number into an array of ours, after a call that counts them: a dict."""

    name: str = ""
    count: str = ""
    pointer: str = ""  # resolved: C type of the argument
    struct: str = ""  # resolved
    members: Tuple[Argument, ...] = ()  # resolved

    def resolve(self, api: Api, function: Function) -> Result:
        arg = function.arg(self.name)
        struct = api.struct_of(arg.type) if arg is not None else None
        if arg is None or struct is None or len(struct.fields) != 2 or not is_text(struct.fields[0].type):
            raise ConverterError(f"'{self.name}' is no array of a name and a number")
        return replace(self, pointer=arg.type, struct=struct.name, members=struct.fields)

    @property
    def outputs(self) -> Tuple[Output, ...]:  # type: ignore[override]
        local = ctext.local(self.name)
        return (_Array({self.name: self.pointer, self.count: "int *"},
                       (f"{self.struct} *{local} VIR_PY_AUTO(virPyFreePointer) = NULL;", "int room = 0;"),
                       {self.name: local, self.count: "&room"}),)

    def measure(self, function: str, passed: Mapping[str, str]) -> Optional[Measure]:
        local = ctext.local(self.name)
        return Measure(f"retval = {_first_call(function, passed, {self.name: 'NULL'})};", "retval < 0", "room == 0",
                       "PyDict_New()", f"!({local} = virPyNewArray((size_t)room, sizeof(*{local})))")

    def helpers(self, name: str) -> Sequence[str]:
        key, value = self.members
        return (
            "static PyObject *",
            f"fields_of_{name}(const {self.struct} *fields, int count)",
            "{",
            "    PyObject *dict = PyDict_New();",
            "",
            "    for (int n = 0; dict && n < count; n++) {",
            f"        PyObject *key = {convert_member(key.type, 'fields[n].' + key.name)};",
            f"        PyObject *value = {convert_member(value.type, 'fields[n].' + value.name)};",
            "",
            "        if (!key || !value || PyDict_SetItem(dict, key, value) < 0)",
            "            Py_CLEAR(dict);",
            "        Py_XDECREF(key);",
            "        Py_XDECREF(value);",
            "    }",
            "    return dict;",
            "}",
            "",
        )

    def failed(self) -> str:
        return "retval < 0"

    def convert(self) -> str:
        return f"fields_of_@({ctext.local(self.name)}, room)"

    def annotation(self) -> str:
        return "dict"

    def hint(self, function: str) -> Hint:
        key, value = (member_hint(member.type).text for member in self.members)
        return Hint(f"dict[{key}, {value}]")


def _record_items(members: Sequence[Argument], booleans: Sequence[str]) -> List[Tuple[str, str, Hint]]:
    """Of each item the name, what makes it and its type; a count and the array of text behind it are one list."""
    items: List[Tuple[str, str, Hint]] = []
    place = 0
    while place < len(members):
        member = members[place]
        following = members[place + 1] if place + 1 < len(members) else None
        name = member.name
        if member.type in ("size_t", "int", "unsigned int") and following is not None and following.type == "char **":
            name = following.name
            item = f"virPyFromNames(&(virPyNames){{ item->{name}, (int)item->{member.name} }})"
            hint = Hint("list[str]")
            place += 1
        elif name in booleans:
            item, hint = f"virPyFromBool(item->{name})", Hint("bool")
        elif member.type in FIELD_SCALARS or is_text(member.type):
            item, hint = convert_member(member.type, f"item->{name}"), member_hint(member.type)
        else:
            raise ConverterError(f"field '{name}' is of the unknown type '{member.type}'")
        items.append((name, item, hint))
        place += 1
    return items


@dataclass(frozen=True)
class Records(Result):
    """An array of pointers to structs that libvirt allocates: a list."""

    name: str = ""
    container: str = "Dict"  # what each record becomes
    booleans: Tuple[str, ...] = ()
    order: Tuple[str, ...] = ()  # of the fields, where it is not that of the struct
    pointer: str = ""  # resolved: C type of one record
    struct: str = ""  # resolved
    release: str = ""  # resolved: C function that frees a record
    members: Tuple[Argument, ...] = field(default=())  # resolved
    stars = " **"

    def resolve(self, api: Api, function: Function) -> Result:
        arg = function.arg(self.name)
        if arg is None or not arg.type.endswith("Ptr" + self.stars):
            raise ConverterError(f"'{self.name}' is no array of records")
        pointer = arg.type[:-len(self.stars)]
        struct = api.struct_of(pointer)
        if struct is None:
            raise ConverterError(f"the fields of {pointer} are not public")
        release = struct.name + "Free"
        if self.stars == " **" and release not in api.functions:
            raise ConverterError(f"there is no {release}")
        members = self.ordered(struct.fields)
        _record_items(members, self.booleans)
        return replace(self, pointer=pointer, struct=struct.name, release=release, members=members)

    def ordered(self, fields: Tuple[Argument, ...]) -> Tuple[Argument, ...]:
        if not self.order:
            return fields
        by_name = {item.name: item for item in fields}
        if sorted(self.order) != sorted(by_name):
            raise ConverterError(f"its order names other fields than {', '.join(by_name)}")
        return tuple(by_name[name] for name in self.order)

    @property
    def outputs(self) -> Tuple[Output, ...]:  # type: ignore[override]
        local = ctext.local(self.name)
        return (_Array({self.name: self.pointer + self.stars}, (self.declaration(local),), {self.name: f"&{local}"}),)

    def declaration(self, local: str) -> str:
        return f"{self.pointer} *{local} = NULL;"

    def helpers(self, name: str) -> Sequence[str]:
        items = [f'"{key}", {item}' if self.container == "Dict" else item
                 for key, item, _ in _record_items(self.members, self.booleans)]
        lines = [
            "static PyObject *",
            f"item_of_{name}(const void *data)",
            "{",
            f"    const {self.struct} *item = data;",
            "",
            ctext.statement(f"return {ctext.pack(self.container, items)};"),
            "}",
            "",
        ]
        if self.stars == " **":
            lines += ["static void", f"free_item_of_{name}(void *item)", "{", f"    {self.release}(item);", "}", ""]
        return lines

    def failed(self) -> str:
        return "retval < 0"

    def convert(self) -> str:
        return f"virPyFromRecords({ctext.local(self.name)}, retval, item_of_@, free_item_of_@)"

    def annotation(self) -> str:
        return f"list of {self.container.lower()}"

    def hint(self, function: str) -> Hint:
        items = [(item, hint) for item, _, hint in _record_items(self.members, self.booleans)]
        return hints.list_of(hints.packed(self.container, "_" + self.struct, items))


@dataclass(frozen=True)
class StructArray(Records):
    """An array of structs that libvirt allocates: a list."""

    stars = " *"

    def declaration(self, local: str) -> str:
        return f"{self.pointer} {local} VIR_PY_AUTO(virPyFreePointer) = NULL;"

    def convert(self) -> str:
        local = ctext.local(self.name)
        return f"virPyFromStructs({local}, retval, sizeof(*{local}), item_of_@)"
