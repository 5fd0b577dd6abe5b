# SPDX-License-Identifier: LGPL-2.1-or-later
"""Plans of events: the description of an event id names its callback type, and that type says what it passes."""

import re
from dataclasses import dataclass, field, replace
from typing import List, Optional, Sequence, Tuple

from . import constants, converters, ctext, hints, naming
from .bindings.schema import Callback, EventFamily
from .errors import GeneratorError
from .hints import Hint
from .model import Api, Argument, Enumerator, Function
from .parameters import named, type_of
from .plan import ModulePlan


# The parameter for the callback data, of C wrappers and of Python methods.  The data is a dict whose items have the
# names of the C arguments of the function that registers the callback.
CALLBACK_DATA = "cbData"


@dataclass(frozen=True)
class Payload:
    """One value that a callback passes on to Python: made of one argument, or of two."""

    names: Tuple[str, ...]  # C arguments
    convert: str  # C expression that makes a new reference
    hint: Hint  # type of the Python object
    helper: Tuple[str, ...] = ()  # lines of a C function that the expression calls
    enum: str = ""  # C enum of a number
    info: str = ""  # description of the argument


@dataclass(frozen=True)
class Dispatcher:
    """A callback type: one C function, and one method of the connection that it calls."""

    callback: Function
    payload: Tuple[Payload, ...]  # the subject of the event first
    method: str
    parameters: Tuple[str, ...]  # of the method, between self and the callback data


def callback_hint(family: EventFamily, dispatcher: Dispatcher) -> Hint:
    """The type of the callbacks of an event."""
    payload = [part.hint for part in dispatcher.payload]
    return hints.alias(naming.callback_name(dispatcher.callback.name), hints.inside(
        f"Callable[[{family.owner}, {'{}, ' * len(payload)}_T], object]", *payload))


@dataclass
class FamilyPlan:
    """The events that one C function registers callbacks for."""

    family: EventFamily
    api: Api
    register: Function
    deregister: Function
    events: List[Tuple[Enumerator, Dispatcher]] = field(default_factory=list)
    left_out: List[Tuple[str, str]] = field(default_factory=list)  # event id, why

    @property
    def parameters(self) -> Tuple[str, str, str, str]:
        """Parameters of the Python method that registers: the subject, the event id, the callback, its data."""
        subject, event, callback, opaque = (naming.parameter(arg.name) for arg in self.register.args[1:5])
        return subject, event, callback, opaque


def _or_any(hint: Hint) -> Hint:
    """The type of a value that can be None, though it rarely is.

    With Any instead of None, checkers accept callbacks whose parameter has the
    type alone.
    """
    return Hint(f"{hint.text} | Any", hint.needs)


def _struct_payload(arg: Argument, api: Api) -> Payload:
    """A dict of the struct's fields; or a list of tuples, if the struct is a number and an array of structs."""
    struct = api.struct_of(arg.type)
    if struct is None:
        raise converters.ConverterError(f"argument '{arg.type} {arg.name}'")
    variable = ctext.variable(arg.name)
    if all(member.type in converters.FIELD_SCALARS or converters.is_text(member.type) for member in struct.fields):
        items = converters.items_of_struct(struct.name, struct.fields, {}, f"{variable}->")
        hint = converters.packed_hint("Dict", struct.name, items)
        packed = converters.pack("Dict", items)
        return Payload((arg.name,), f"{variable} ? {packed} : virPyNewRef(Py_None)", _or_any(hint))
    element = api.struct_of(struct.fields[1].type) if len(struct.fields) == 2 else None
    if element is None or struct.fields[0].type != "int":
        raise converters.ConverterError(f"argument '{arg.type} {arg.name}'")
    count, array = struct.fields
    items = converters.items_of_struct(element.name, element.fields, {}, "item->")
    hint = hints.list_of(converters.packed_hint("Tuple", element.name, items))
    helper = converters.item_function(f"item_of_{struct.name}", element.name, converters.pack("Tuple", items))
    return Payload((arg.name,), f"{variable} ? virPyListOf({variable}->{count.name}, item_of_{struct.name}, "
                   f"{variable}->{array.name}) : PyList_New(0)", hint, helper)


def _enum(arg: Argument, api: Api) -> str:
    """The enum that the description of a number names, where one description has a letter too many."""
    known = {item.enum for item in api.enumerators}
    word: str
    for word in re.findall(r"\bvir\w+", arg.info):
        for name in (word, word[:-1]):
            if name in known:
                return name
    return ""


def _payload(args: Tuple[Argument, ...], api: Api, handles: Sequence[str],
             keyed: Optional[Hint] = None) -> Tuple[Payload, ...]:
    found: List[Payload] = []
    problems: List[str] = []  # arguments of unknown types
    place = 0
    while place < len(args):
        arg = args[place]
        following = args[place + 1] if place + 1 < len(args) else None
        variable = ctext.variable(arg.name)
        if arg.type == "virTypedParameterPtr" and following is not None and following.type == "int":
            found.append(Payload((arg.name, following.name), f"virPyFromParams({variable}, {following.name})",
                                 named(Hint("dict[str, Any]"), keyed)))
            place += 1
        elif naming.pointee(arg.type) in handles:
            handle = naming.pointee(arg.type)
            borrowed = f"virPyBorrowHandle(&{ctext.handle(handle)}, {variable})"
            found.append(Payload((arg.name,), borrowed, Hint(handle)))
        elif converters.is_text(arg.type):
            found.append(Payload((arg.name,), converters.convert_member(arg.type, variable), _or_any(Hint("str"))))
        elif arg.type in converters.FIELD_SCALARS:
            found.append(Payload((arg.name,), converters.convert_member(arg.type, variable),
                                 converters.member_hint(arg.type), enum=_enum(arg, api)))
        else:
            try:
                found.append(_struct_payload(arg, api))
            except converters.ConverterError as error:
                problems.append(str(error))
        place += 1
    if problems:
        raise converters.ConverterError("; ".join(problems))
    infos = {arg.name: " ".join(arg.info.split()) for arg in args}
    return tuple(replace(item, info=infos[item.names[0]]) for item in found)


def _dispatcher(family: EventFamily, callback: Function, whole: ModulePlan) -> Dispatcher:
    args = callback.args
    if len(args) < 3 or naming.pointee(args[0].type) != family.owner or naming.pointee(args[1].type) != family.subject \
            or args[-1].type != "void *":
        raise converters.ConverterError(f"its arguments do not begin with a {family.owner} and a {family.subject}, "
                                        "or do not end with opaque data")
    keyed = type_of(whole.module.parameters, callback.name, whole.api)
    payload = _payload(args[1:-1], whole.api, [family.subject], keyed)
    method = whole.module.dispatchers.get(callback.name, "_dispatch" + callback.name[len(family.owner):])
    parameters = whole.module.event_parameters.get(method)
    if parameters is None:
        parameters = tuple(naming.parameter(item.names[0]) for item in payload)
    if len(parameters) != len(payload):
        raise converters.ConverterError(f"it passes {len(payload) - 1} values, but {method} has "
                                        f"{len(parameters) - 1} parameters for them")
    return Dispatcher(callback, payload, method, parameters)


def _callback_of(event: Enumerator, api: Api) -> Optional[Function]:
    words = event.info.split()
    return api.callbacks.get(words[0].rstrip(".,")) if words else None


def _family_plan(family: EventFamily, register: Function, deregister: Function, whole: ModulePlan) -> FamilyPlan:
    if len(register.args) != 6 or len(deregister.args) != 2:
        raise GeneratorError(f"{register.name} or {deregister.name} has other arguments than the functions of known "
                             "families of events", whole.api.path, register.line)
    result = FamilyPlan(family, whole.api, register, deregister)
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
    known = {item.name: item for item in whole.api.enumerators}
    result.events.sort(key=lambda item: constants.number(item[0], known, whole.api))
    return result


def plan(whole: ModulePlan) -> List[FamilyPlan]:
    """All events of the API description, by family and in order of their ids."""
    functions = whole.api.functions
    return [_family_plan(family, functions[family.register], functions[family.deregister], whole)
            for family in whole.module.families if family.register in functions and family.deregister in functions]


def dispatchers(families: List[FamilyPlan]) -> List[Dispatcher]:
    """The dispatchers of all events, each once: several events can share a callback type."""
    found = {dispatcher.callback.name: dispatcher for family in families for _, dispatcher in family.events}
    return list(found.values())


def plan_callback(callback: Callback, whole: ModulePlan) -> Tuple[Function, Tuple[Payload, ...]]:
    """The C type of a callback that belongs to no family of events, and what it passes on to Python."""
    function = whole.api.callbacks[callback.ctype]
    args = function.args[:-1]
    handles = [handle.cname for handle in whole.module.handles]
    if callback.on or not callback.module:
        args = args[1:]  # Python gets the object that the callback was registered with instead
    return function, _payload(args, whole.api, handles)
