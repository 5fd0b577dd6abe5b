# SPDX-License-Identifier: LGPL-2.1-or-later
"""A Python module over its extension module: classes, functions, constants."""

from typing import Iterable, List, Optional, Sequence, Set, Tuple

from .. import constants, converters, docstrings, events, fragments, layout, naming
from ..bindings import schema
from ..bindings.schema import Handle
from ..model import Api
from ..plan import ModulePlan, Plan
from . import notice

_FAILED = {
    schema.RAISES_ON_NONE: "ret is None",
    schema.RAISES_ON_MINUS_ONE: "ret == -1",
    schema.RAISES_ON_ZERO: "ret == 0",
}


def _parameters(plan: Plan) -> str:
    parameters = ["self"] if plan.owner else []
    for item in plan.parameters:
        name = plan.parameter(item)
        parameters.append(f"{name}={plan.defaults[item.name]!r}" if item.name in plan.defaults else name)
    return ", ".join(parameters)


def _arguments(plan: Plan) -> str:
    """The arguments for the function of the extension module."""
    arguments = []
    for item in plan.inputs:
        name = plan.parameter(item)
        if item is plan.self_input:
            arguments.append("self._o")
        elif isinstance(item, converters.HandleIn):
            # Plain functions do not accept None for an object.
            arguments.append(f"None if {name} is None else {name}._o" if plan.owner else f"{name}._o")
        else:
            arguments.append(name)
    return ", ".join(arguments)


def _wrapped(handle: str, parent: str, capsule: str, prefix: str = "", many: bool = False) -> str:
    """The expression that makes an object of a capsule, or a list of objects; see _wrappers()."""
    if parent:
        return f"{prefix}_wrap_{handle}{'_list' if many else ''}({prefix}{handle}, {parent}, {capsule})"
    wrapped = f"{prefix}{handle}(_obj={'item' if many else capsule})"
    return f"[{wrapped} for item in {capsule}]" if many else wrapped


def _returned(plan: Plan, prefix: str) -> str:
    """The expression that is returned, where `ret` is what the C function returned."""
    result = plan.result
    return _wrapped(result.handle, plan.parent, "ret", prefix, result.many) if result.handle else "ret"


def _object_check(name: str, objects: Iterable[Tuple[str, str]], prefix: str = "") -> str:
    """The statement that raises an exception for the first object of another class.  objects: parameter, class."""
    listed = ", ".join(f"({parameter!r}, {handle!r}, {parameter})" for parameter, handle in objects)
    return f"{prefix}_checkObjects(error, {name!r}, {listed})"


def _with_objects(statement: str, plan: Plan, prefix: str) -> List[str]:
    """The statement that calls C.

    If an argument is an object of a wrong class, the exception names the
    argument.  A uuid.UUID is converted.
    """
    objects = [(plan.parameter(item), item.handle) for item in plan.parameters if isinstance(item, converters.HandleIn)]
    for item in plan.parameters:
        if item.uuid:
            # Calls with text or bytes do not pay for this.
            parameter = plan.parameter(item)
            converted = item.uuid.format(f"{prefix}_requireUUID({parameter})")
            return ["try:", f"    {statement}", "except TypeError:", f"    {parameter} = {converted}",
                    f"    {statement}"]
    if not objects:
        return [statement]
    name = f"{plan.owner}.{plan.name}" if plan.owner else plan.name
    return ["try:", f"    {statement}", "except (AttributeError, TypeError) as error:",
            f"    {_object_check(name, objects, prefix)}", "    raise"]


def _body(plan: Plan, extension: str, prefix: str) -> List[str]:
    """The statements of a function or method, behind its docstring."""
    call = f"{extension}.{plan.module_name}({_arguments(plan)})"
    statements = [f"self.{plan.sets_flag} = True"] if plan.sets_flag else []
    if plan.raises not in _FAILED and not plan.result.handle:
        return [*statements, *_with_objects(f"return {call}", plan, prefix)]
    statements += _with_objects(f"ret = {call}", plan, prefix)
    if plan.raises in _FAILED:
        statements += [f"if {_FAILED[plan.raises]}:", f"    raise {prefix}libvirtError('{plan.module_name}() failed')"]
    if plan.keep_alive:
        return [*statements, f"made = {_returned(plan, prefix)}", f"made._keeps = {plan.keep_alive}", "return made"]
    return [*statements, f"return {_returned(plan, prefix)}"]


def function(plan: Plan, extension: str, prefix: str = "", names: docstrings.Names = docstrings.Names(),
             api: Optional[Api] = None) -> List[str]:
    """The source of one function or method."""
    indent = "    " if plan.owner else ""
    inner = indent + "    "
    return [
        *layout.block([f"def {plan.name}({_parameters(plan)}):"], indent),
        *docstrings.docstring(plan, inner, names, api),
        *layout.block(_body(plan, extension, prefix), inner),
        "",
    ]


def ancestors(handle: Handle, handles: Sequence[Handle]) -> List[Handle]:
    """The handle itself, its parent, and so on, but for the last one, which has no parent."""
    found: List[Handle] = []
    current: Optional[Handle] = handle
    while current is not None and current.parent is not None:
        found.append(current)
        current = next((other for other in handles if other.cname == current.parent), None)
    return found


def _repr(handle: Handle, whole: ModulePlan) -> List[str]:
    """The method __repr__(), where the class has methods whose results it can show."""
    methods = {plan.name: plan.module_name for plan in whole.of_class(handle.cname)}
    items = [f"{word}={whole.module.extension}.{methods[name]}" for name, word in whole.module.shown.items()
             if name in methods]
    if not items:
        return []
    return layout.block(["def __repr__(self):", f"    return _repr(self, {', '.join(items)})", ""])


def _plumbing(handle: Handle, module: schema.Module) -> List[str]:
    """Constructor and accessors of a class."""
    above = ancestors(handle, module.handles)
    parameter = f"{handle.parameter}, " if handle.parent else ""
    lines = [f"    def __init__(self, {parameter}_obj=None):"]
    for place, item in enumerate(above):
        source = item.parameter if place == 0 else f"{handle.parameter}.{item.accessor}()"
        lines.append(f"        self._{item.parameter} = {source}")
    lines += [
        "        if type(_obj).__name__ not in ('PyCapsule', 'PyCObject'):",
        "            raise Exception(f'Expected a wrapped C Object but got {type(_obj)}')",
        "        self._o = _obj",
        "",
    ]
    for item in above:
        lines += [f"    def {item.accessor}(self):",
                  f'        """Return the {item.parent} that the object belongs to."""',
                  f"        return self._{item.parameter}", ""]
    return [
        *lines,
        "    def c_pointer(self):",
        '        """Return the address of the object in C, or 0 when there is none."""',
        f"        return {module.extension}.{handle.cname}_pointer(self._o)",
        "",
    ]


def _wrappers(handle: Handle, module: schema.Module) -> List[str]:
    """The functions that make an object and a list of objects of capsules, as the constructor would.

    They are made at import, from the class as it is then: a program may replace the class later.
    """
    if handle.parent is None:
        return []
    first, *others = ancestors(handle, module.handles)
    names = (f"_{first.parameter}", *(name for item in others for name in (f"_{item.parameter}", item.accessor)))
    functions = f"_wrap_{handle.cname}, _wrap_{handle.cname}_list"
    return ["", "", *layout.block([f"{functions} = _wrappers({handle.cname}, {names})"], "")]


def _find_wrappers(extension: str) -> List[str]:
    """The function _wrappers(): the C module makes objects fast; without it, such as in a mock, the class does."""
    return [
        "", "",
        "def _wrappers(made, names):",
        f"    pair = getattr({extension}, '_wrappers', lambda *_: None)(made, names)",
        "    return pair if isinstance(pair, tuple) else (",
        "        lambda cls, parent, handle: cls(parent, _obj=handle),",
        "        lambda cls, parent, handles: [cls(parent, _obj=handle) for handle in handles])",
    ]


def _registrations(plan: events.FamilyPlan, extension: str) -> List[str]:
    """The methods that register and deregister callbacks for a family of events."""
    family = plan.family
    subject, event, callback, opaque = plan.parameters
    number = naming.parameter(plan.deregister.args[1].name)
    name = f"{family.owner}.{family.name}EventRegisterAny"
    register = (f"return self._eventRegister({family.name!r}, {extension}.{family.register}, "
                f"{subject}, {event}, {callback}, {opaque})")
    deregister = f"self._eventDeregister({family.name!r}, {extension}.{family.deregister}, {number})"
    return [
        *layout.block([f"def {family.name}EventRegisterAny(self, {subject}, {event}, {callback}, {opaque}):"]),
        *docstrings.register_docstring(plan, "        "),
        *layout.block([
            f"_requireCallable({name!r}, {callback!r}, {callback})",
            "try:",
            f"    {register}",
            "except (AttributeError, TypeError) as error:",
            f"    {_object_check(name, [(subject, family.subject)])}",
            "    raise",
        ], "        "),
        "",
        *layout.block([f"def {family.name}EventDeregisterAny(self, {number}):"]),
        *docstrings.deregister_docstring(plan, "        "),
        *layout.block([
            f"if {deregister} == -1:",
            f"    raise libvirtError('{family.deregister}() failed')",
        ], "        "),
        "",
    ]


def _dispatch_method(item: events.Dispatcher, plan: events.FamilyPlan) -> List[str]:
    """The method that C calls for an event: it calls the callback."""
    data = events.CALLBACK_DATA
    _, _, callback, opaque = (arg.name for arg in plan.register.args[1:5])
    subject = _wrapped(plan.family.subject, "self", item.parameters[0])
    arguments = ", ".join(("self", subject, *item.parameters[1:], f'{data}["{opaque}"]'))
    return layout.block([
        f"def {item.method}(self, {', '.join(item.parameters)}, {data}):",
        f'    {data}["{callback}"]({arguments})',
        "    return 0",
        "",
    ])


def _event_methods(families: List[events.FamilyPlan], extension: str) -> List[str]:
    lines = [line for plan in families for line in _registrations(plan, extension)]
    plans = {item.callback.name: plan for plan in families for _, item in plan.events}
    for item in events.dispatchers(families):
        lines += _dispatch_method(item, plans[item.callback.name])
    return lines


def _class(handle: Handle, whole: ModulePlan, hand: fragments.Fragments,
           families: List[events.FamilyPlan], names: docstrings.Names) -> List[str]:
    extension = whole.module.extension
    by_hand = hand.methods.get(handle.cname, set())
    wrapped = {name for family in whole.module.families for name in (family.register, family.deregister)}
    lines = ["", "", f"class {handle.cname}:",
             *docstrings.class_docstring(handle.cname, "    "), "", "    _o = None", ""]
    lines += [*_plumbing(handle, whole.module), *_repr(handle, whole)]
    lines += hand.classes.get(handle.cname, [])
    if lines[-1]:
        lines.append("")
    lines += _event_methods([plan for plan in families if plan.family.owner == handle.cname], extension)
    for plan in whole.of_class(handle.cname):
        if plan.name not in by_hand and plan.function.name not in wrapped:
            lines += function(plan, extension, names=names, api=whole.api)
    while not lines[-1]:
        lines.pop()
    return lines + _wrappers(handle, whole.module)


def _import(extension: str) -> List[str]:
    """The import of the extension module, which has another name on Cygwin."""
    return [
        "try:",
        f"    import {extension}",
        "except ImportError as _error:",
        "    try:",
        f"        import cyg{extension[len('lib'):]} as {extension}" if extension.startswith("lib")
        else f"        import cyg{extension} as {extension}",
        "    except ImportError:",
        "        raise _error from None",
    ]


def _constants(values: Iterable[constants.Constant]) -> List[str]:
    return ["", "", *(line for item in values for line in layout.assignment(item.name, repr(item.value)))]


def _errors(whole: ModulePlan, names: docstrings.Names) -> List[str]:
    """The call that defines the classes for common error codes, as far as this libvirt has the codes."""
    known = {item.name: item for item in whole.api.enumerators}
    classes = {name: known[code] for name, code in whole.module.errors.items() if code in known}
    if not classes:
        return []
    lines = [f"({name!r}, {item.name}, {f'{item.name}: {docstrings.plain(item.info, names)}'!r}),"
             for name, item in classes.items()]
    return ["", "", "_defineErrors((", *layout.block(lines), "))"]


def defined_names(whole: ModulePlan, hand: fragments.Fragments, values: Iterable[constants.Constant]) -> Set[str]:
    """All names that the module defines itself."""
    found = {plan.name for plan in whole.of_class(None)} | hand.names | {item.name for item in values}
    if whole.module.own_classes:
        found.add("_wrappers")
        for handle in whole.module.handles:
            found.add(handle.cname)
            if handle.parent is not None:
                found |= {f"_wrap_{handle.cname}", f"_wrap_{handle.cname}_list"}
    return found


def emit(whole: ModulePlan, base: Optional[Api], directory: str) -> str:
    """The source of the whole module."""
    module = whole.module
    classes = [handle.cname for handle in module.handles] if module.own_classes else []
    hand = fragments.read(directory, module.fragments, classes, whole.lacking)
    values = constants.constants(whole.api, base)
    hand.check_imports(module.name, {
        "libvirt": module.borrows if module.own_classes else ("",),
        module.extension: ("",),
        module.name: defined_names(whole, hand, values),
    })
    families = events.plan(whole)
    names = docstrings.names_of(whole, base)
    prefix = "" if module.own_classes else "libvirt."
    lines = [*notice.python(whole.api), *docstrings.module_docstring(module.name, module.doc), ""]
    if not module.own_classes:
        lines += ["import libvirt", ""]
    elif module.borrows:
        lines += [*layout.imports("libvirt", module.borrows), ""]
    lines += [*_import(module.extension), *hand.module]
    for plan in whole.of_class(None):
        if plan.name not in hand.names:
            lines += ["", "", *function(plan, module.extension, prefix, names, whole.api)[:-1]]
    if module.own_classes:
        lines += _find_wrappers(module.extension)
        for handle in module.handles:
            lines += _class(handle, whole, hand, families, names)
    if values:
        lines += _constants(values)
    lines += _errors(whole, names)
    return "\n".join(lines) + "\n"
