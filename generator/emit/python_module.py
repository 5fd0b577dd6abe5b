# SPDX-License-Identifier: LGPL-2.1-or-later
"""A Python module over its extension module: classes, functions, constants."""

from typing import Iterable, List, Optional, Sequence, Set, Tuple

from .. import constants, docstrings, events, fragments, converters
from ..bindings import handles, schema
from ..bindings.schema import Handle
from ..model import Api
from ..plan import ModulePlan, Plan
from . import notice

_FAILED = {
    schema.RAISES_ON_NONE: "ret is None",
    schema.RAISES_ON_MINUS_ONE: "ret == -1",
    schema.RAISES_ON_ZERO: "ret == 0",
}


def _signature(plan: Plan) -> str:
    out = ["self"] if plan.owner else []
    for item in plan.parameters:
        name = plan.parameter(item)
        out.append(f"{name}={plan.defaults[item.name]!r}" if item.name in plan.defaults else name)
    return ", ".join(out)


def _passed(plan: Plan) -> List[str]:
    out = []
    for item in plan.inputs:
        name = plan.parameter(item)
        if item is plan.self_input:
            out.append("self._o")
        elif isinstance(item, converters.HandleIn):
            # A module of plain functions has no object that could stand for NULL.
            out.append(f"None if {name} is None else {name}._o" if plan.owner else f"{name}._o")
        else:
            out.append(name)
    return out


def _made(handle: str, parent: str, source: str, prefix: str = "", many: bool = False) -> str:
    """The expression that makes an object, or a list of them; see _wrappers."""
    if parent:
        return f"{prefix}_wrap_{handle}{'_list' if many else ''}({prefix}{handle}, {parent}, {source})"
    made = f"{prefix}{handle}(_obj={'item' if many else source})"
    return f"[{made} for item in {source}]" if many else made


def _returned(plan: Plan, prefix: str) -> str:
    """The expression that is returned for what C gave."""
    result = plan.result
    return _made(result.handle, plan.parent, "ret", prefix, result.many) if result.handle else "ret"


def _checked(name: str, objects: Iterable[Tuple[str, str]], prefix: str = "") -> str:
    """The statement that looks which of the objects (parameter, class) the exception is about."""
    listed = ", ".join(f"({parameter!r}, {handle!r}, {parameter})" for parameter, handle in objects)
    return f"{prefix}_checkObjects(error, {name!r}, {listed})"


def _guarded(statement: str, plan: Plan, indent: str, prefix: str) -> List[str]:
    """A call; where it takes objects, an exception that an object of another kind raises names the argument."""
    objects = [(plan.parameter(item), item.handle) for item in plan.parameters if isinstance(item, converters.HandleIn)]
    if not objects:
        return [indent + statement]
    name = f"{plan.owner}.{plan.name}" if plan.owner else plan.name
    return [f"{indent}try:", f"{indent}    {statement}", f"{indent}except (AttributeError, TypeError) as error:",
            f"{indent}    {_checked(name, objects, prefix)}", f"{indent}    raise"]


def function(plan: Plan, extension: str, prefix: str = "") -> List[str]:
    """The source of one function or method."""
    indent = "    " if plan.owner else ""
    inner = indent + "    "
    call = f"{extension}.{plan.module_name}({', '.join(_passed(plan))})"
    lines = [f"{indent}def {plan.name}({_signature(plan)}):", *docstrings.docstring(plan, inner)]
    if plan.sets_flag:
        lines.append(f"{inner}self.{plan.sets_flag} = True")
    if plan.raises not in _FAILED and not plan.result.handle:
        return [*lines, *_guarded(f"return {call}", plan, inner, prefix), ""]
    lines += _guarded(f"ret = {call}", plan, inner, prefix)
    if plan.raises in _FAILED:
        lines += [f"{inner}if {_FAILED[plan.raises]}:",
                  f"{inner}    raise {prefix}libvirtError('{plan.module_name}() failed')"]
    if plan.keep_alive:
        return [*lines, f"{inner}made = {_returned(plan, prefix)}", f"{inner}made._keeps = {plan.keep_alive}",
                f"{inner}return made", ""]
    return [*lines, f"{inner}return {_returned(plan, prefix)}", ""]


def ancestors(handle: Handle, handles: Sequence[Handle]) -> List[Handle]:
    """The handle itself, its parent, and so on, as far as there is one more above."""
    line: List[Handle] = []
    current: Optional[Handle] = handle
    while current is not None and current.parent is not None:
        line.append(current)
        current = next((other for other in handles if other.cname == current.parent), None)
    return line


def _repr(handle: Handle, whole: ModulePlan) -> List[str]:
    """The method that shows an object, where there is more to show than its address."""
    told = {plan.name: plan.module_name for plan in whole.of_class(handle.cname)}
    items = [f"{word}={whole.module.extension}.{told[name]}" for name, word in handles.SHOWN.items() if name in told]
    return ["    def __repr__(self):", f"        return _repr(self, {', '.join(items)})", ""] if items else []


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
        lines += [f"    def {item.accessor}(self):", f'        """The {item.parent} that the object belongs to."""',
                  f"        return self._{item.parameter}", ""]
    return [
        *lines,
        "    def c_pointer(self):",
        f'        """The address of the {handle.pointer}, or 0 when there is none."""',
        f"        return {module.extension}.{handle.cname}_pointer(self._o)",
        "",
    ]


def _wrappers(handle: Handle, module: schema.Module) -> List[str]:
    """What makes one object, and many, as the constructor would: bound here, whatever becomes of the class."""
    if handle.parent is None:
        return []
    first, *others = ancestors(handle, module.handles)
    names = (f"_{first.parameter}", *(name for item in others for name in (f"_{item.parameter}", item.accessor)))
    return ["", "", f"_wrap_{handle.cname}, _wrap_{handle.cname}_list = _wrappers({handle.cname}, {names})"]


def _find_wrappers(extension: str) -> List[str]:
    """The C module makes the objects; a mock in its place leaves that to the class."""
    return [
        "", "",
        "def _wrappers(made, names):",
        f"    pair = getattr({extension}, '_wrappers', lambda *_: None)(made, names)",
        "    return pair if isinstance(pair, tuple) else (",
        "        lambda cls, parent, handle: cls(parent, _obj=handle),",
        "        lambda cls, parent, handles: [cls(parent, _obj=handle) for handle in handles])",
    ]


def _event_methods(families: List[events.FamilyPlan], extension: str) -> List[str]:
    lines: List[str] = []
    for plan in families:
        family = plan.family
        watched = family.parameter
        lines += [
            f"    def {family.name}EventRegisterAny(self, {watched}, eventID, cb, opaque):",
            f'        """Have cb called for an event: of one {family.subject}, or of all with None.',
            "",
            f"        cb is called with this connection, the {family.subject}, what the event tells, and",
            "        opaque.  An event loop must be registered and run.",
            "",
            "        Returns the int that the deregistration takes.  Raises libvirtError on failure.",
            "",
            f"        C function: {family.register}",
            '        """',
            f"        _requireCallable('{family.owner}.{family.name}EventRegisterAny', 'cb', cb)",
            "        try:",
            f"            return self._eventRegister({family.name!r}, {extension}.{family.register},",
            f"                                       {watched}, eventID, cb, opaque)",
            "        except (AttributeError, TypeError) as error:",
            "            " + _checked(f"{family.owner}.{family.name}EventRegisterAny", [(watched, family.subject)]),
            "            raise",
            "",
            f"    def {family.name}EventDeregisterAny(self, callbackID):",
            '        """End what a registration began.  Raises libvirtError on failure.',
            "",
            f"        C function: {family.deregister}",
            '        """',
            f"        if self._eventDeregister({family.name!r}, {extension}.{family.deregister}, callbackID) == -1:",
            f"            raise libvirtError('{family.deregister}() failed')",
            "",
        ]
    subjects = {item.callback.name: plan.family.subject for plan in families for _, item in plan.events}
    for item in events.dispatchers(families):
        subject = item.parameters[0]
        passed = ", ".join(("self", _made(subjects[item.callback.name], "self", subject), *item.parameters[1:],
                            'cbData["opaque"]'))
        lines += [
            f"    def {item.method}(self, {', '.join(item.parameters)}, cbData):",
            f"        cbData[\"cb\"]({passed})",
            "        return 0",
            "",
        ]
    return lines


def _class(handle: Handle, whole: ModulePlan, hand: fragments.Fragments,
           families: List[events.FamilyPlan]) -> List[str]:
    extension = whole.module.extension
    by_hand = hand.methods.get(handle.cname, set())
    wrapped = {name for family in whole.module.families for name in (family.register, family.deregister)}
    lines = ["", "", f"class {handle.cname}:",
             f'    """A {handle.pointer} of libvirt."""', "", "    _o = None", ""]
    lines += [*_plumbing(handle, whole.module), *_repr(handle, whole)]
    lines += hand.classes.get(handle.cname, [])
    if lines[-1]:
        lines.append("")
    lines += _event_methods([plan for plan in families if plan.family.owner == handle.cname], extension)
    for plan in whole.of_class(handle.cname):
        if plan.name not in by_hand and plan.function.name not in wrapped:
            lines += function(plan, extension)
    while not lines[-1]:
        lines.pop()
    return lines + _wrappers(handle, whole.module)


def _import(extension: str) -> List[str]:
    """Cygwin's loader wants another name."""
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
    return ["", "", *(f"{item.name} = {item.value!r}" for item in values)]


def _errors(whole: ModulePlan) -> List[str]:
    """The classes of common codes, as far as this libvirt has them."""
    known = {item.name: item for item in whole.api.enumerators}
    made = {name: known[code] for name, code in whole.module.errors.items() if code in known}
    if not made:
        return []
    lines = [f"    ({name!r}, {item.name}, {f'{item.name}: {docstrings.clean(item.info)}'!r}),"
             for name, item in made.items()]
    return ["", "", "_defineErrors((", *lines, "))"]


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
    prefix = "" if module.own_classes else "libvirt."
    lines = [*notice.python(whole.api), f'"""{module.doc}"""', ""]
    if not module.own_classes:
        lines += ["import libvirt", ""]
    elif module.borrows:
        lines += [f"from libvirt import {', '.join(module.borrows)}", ""]
    lines += [*_import(module.extension), *hand.module]
    for plan in whole.of_class(None):
        if plan.name not in hand.names:
            lines += ["", "", *function(plan, module.extension, prefix)[:-1]]
    if module.own_classes:
        lines += _find_wrappers(module.extension)
        for handle in module.handles:
            lines += _class(handle, whole, hand, families)
    if values:
        lines += _constants(values)
    lines += _errors(whole)
    return "\n".join(lines) + "\n"
