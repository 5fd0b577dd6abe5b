# SPDX-License-Identifier: LGPL-2.1-or-later
"""Plans of events: each event id names its callback type, and that type tells the rest."""

from dataclasses import dataclass, field
from typing import List, Optional, Sequence, Tuple

from . import constants, ctext, hints, converters, naming
from .bindings.schema import Callback, EventFamily
from .hints import Hint
from .model import Api, Argument, Enumerator, Function
from .plan import ModulePlan


@dataclass(frozen=True)
class Payload:
    """What one event argument (or two of them) becomes."""

    names: Tuple[str, ...]  # C arguments
    convert: str  # C expression
    hint: Hint  # type of the Python object
    helper: Tuple[str, ...] = ()  # C function that it calls


@dataclass(frozen=True)
class Dispatcher:
    """A callback type: one C function, one method of the connection."""

    callback: Function
    payload: Tuple[Payload, ...]  # the object first
    method: str  # _dispatch... of the connection
    parameters: Tuple[str, ...]  # of the method, between self and cbData


@dataclass
class FamilyPlan:
    family: EventFamily
    api: Api
    events: List[Tuple[Enumerator, Dispatcher]] = field(default_factory=list)
    left_out: List[Tuple[str, str]] = field(default_factory=list)  # event id, why


def _or_any(hint: Hint) -> Hint:
    """A type, or None where libvirt has nothing to tell, which it rarely does.

    Any instead of None: a callback may say that it takes the type alone.
    """
    return Hint(f"{hint.text} | Any", hint.needs)


def _struct_payload(arg: Argument, api: Api) -> Payload:
    """A dict of the struct's fields; or a list of tuples, if the struct holds a number and an array of structs."""
    struct = api.struct_of(arg.type)
    if struct is None:
        raise converters.ConverterError(f"argument '{arg.type} {arg.name}'")
    variable = ctext.variable(arg.name)
    if all(member.type in converters.FIELD_SCALARS or converters.is_text(member.type) for member in struct.fields):
        items = converters.items_of_struct(struct.name, struct.fields, {}, f"{variable}->")
        hint = converters.packed_hint("Dict", "_" + struct.name, items)
        packed = converters.pack("Dict", items)
        return Payload((arg.name,), f"{variable} ? {packed} : virPyNewRef(Py_None)", _or_any(hint))
    element = api.struct_of(struct.fields[1].type) if len(struct.fields) == 2 else None
    if element is None or struct.fields[0].type != "int":
        raise converters.ConverterError(f"argument '{arg.type} {arg.name}'")
    count, array = struct.fields
    items = converters.items_of_struct(element.name, element.fields, {}, "item->")
    hint = hints.list_of(converters.packed_hint("Tuple", "_" + element.name, items))
    helper = (
        "static PyObject *",
        f"item_of_{struct.name}(const void *data)",
        "{",
        f"    const {element.name} *item = data;",
        "",
        ctext.statement(f"return {converters.pack('Tuple', items)};"),
        "}",
        "",
    )
    return Payload((arg.name,), f"{variable} ? virPyFromStructs({variable}->{array.name}, {variable}->{count.name}, "
                   f"sizeof(*{variable}->{array.name}), item_of_{struct.name}) : PyList_New(0)", hint, helper)


def _payload(args: Tuple[Argument, ...], api: Api, handles: Sequence[str]) -> Tuple[Payload, ...]:
    found: List[Payload] = []
    problems: List[str] = []  # arguments of unknown types
    place = 0
    while place < len(args):
        arg = args[place]
        following = args[place + 1] if place + 1 < len(args) else None
        variable = ctext.variable(arg.name)
        if arg.type == "virTypedParameterPtr" and following is not None and following.type == "int":
            found.append(Payload((arg.name, following.name), f"virPyFromParams({variable}, {following.name})",
                                 Hint("dict[str, Any]")))
            place += 1
        elif naming.pointee(arg.type) in handles:
            lent = f"virPyBorrowHandle(&{ctext.handle(naming.pointee(arg.type))}, {variable})"
            found.append(Payload((arg.name,), lent, Hint(naming.pointee(arg.type))))
        elif converters.is_text(arg.type):
            found.append(Payload((arg.name,), converters.convert_member(arg.type, variable), _or_any(Hint("str"))))
        elif arg.type in converters.FIELD_SCALARS:
            found.append(Payload((arg.name,), converters.convert_member(arg.type, variable),
                                 converters.member_hint(arg.type)))
        else:
            try:
                found.append(_struct_payload(arg, api))
            except converters.ConverterError as error:
                problems.append(str(error))
        place += 1
    if problems:
        raise converters.ConverterError("; ".join(problems))
    return tuple(found)


def _dispatcher(family: EventFamily, callback: Function, whole: ModulePlan) -> Dispatcher:
    args = callback.args
    if len(args) < 3 or naming.pointee(args[0].type) != family.owner or naming.pointee(args[1].type) != family.subject \
            or args[-1].type != "void *":
        raise converters.ConverterError(f"its arguments do not begin with a {family.owner} and a {family.subject}, "
                                        "or do not end with opaque data")
    payload = _payload(args[1:-1], whole.api, [family.subject])
    method = whole.module.dispatchers.get(callback.name, "_dispatch" + callback.name[len(family.owner):])
    parameters = whole.module.event_parameters.get(method)
    if parameters is None:
        parameters = (family.parameter, *(naming.parameter(item.names[0]) for item in payload[1:]))
    if len(parameters) != len(payload):
        raise converters.ConverterError(f"it passes {len(payload) - 1} values, but {method} has "
                                        f"{len(parameters) - 1} parameters for them")
    return Dispatcher(callback, payload, method, parameters)


def _callback_of(event: Enumerator, api: Api) -> Optional[Function]:
    words = event.info.split()
    return api.callbacks.get(words[0].rstrip(".,")) if words else None


def plan(whole: ModulePlan) -> List[FamilyPlan]:
    """All events that the API description has, family by family, in order of their ids."""
    families: List[FamilyPlan] = []
    known = {item.name: item for item in whole.api.enumerators}
    for family in whole.module.families:
        if family.register not in whole.api.functions:
            continue
        result = FamilyPlan(family, whole.api)
        for event in whole.api.enumerators:
            if event.enum != family.enum or event.name.endswith("_LAST"):
                continue
            callback = _callback_of(event, whole.api)
            if callback is None:
                result.left_out.append((event.name, "its description names no callback type"))
                continue
            try:
                result.events.append((event, _dispatcher(family, callback, whole)))
            except converters.ConverterError as error:
                result.left_out.append((event.name, f"callback type {callback.name}: {error}"))
        result.events.sort(key=lambda item: constants.number(item[0], known, whole.api))
        families.append(result)
    return families


def dispatchers(families: List[FamilyPlan]) -> List[Dispatcher]:
    """Each callback type once: several events can share one."""
    found = {dispatcher.callback.name: dispatcher for family in families for _, dispatcher in family.events}
    return list(found.values())


def plan_callback(callback: Callback, whole: ModulePlan) -> Tuple[Function, Tuple[Payload, ...]]:
    """The type of a callback that belongs to no family, and what it passes on to Python."""
    function = whole.api.callbacks[callback.ctype]
    args = function.args[:-1]
    handles = [handle.cname for handle in whole.module.handles]
    if callback.on or not callback.module:
        args = args[1:]  # the Python object that the callback was registered on takes its place
    return function, _payload(args, whole.api, handles)
