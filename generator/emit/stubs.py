# SPDX-License-Identifier: LGPL-2.1-or-later
"""The stub of a Python module, for checkers of types: every function with its types, every constant with its value."""

import re
from typing import Dict, Iterable, List, Mapping, Optional, Sequence, Tuple

from .. import constants, converters, docstrings, events, fragments, hints
from ..bindings.schema import Handle
from ..errors import GeneratorError
from ..hints import Hint
from ..model import Api, Function
from ..plan import ModulePlan, Plan
from . import notice
from .python_module import ancestors, defined_names

_WIDTH = 120

# Where the names come from that hints, and the stubs of fragments, may use.
_IMPORTS = {
    "_typeshed": ("ReadableBuffer",),
    "io": ("FileIO",),
    "types": ("TracebackType",),
    "typing": ("Any", "Callable", "Final", "Iterable", "Literal", "Protocol", "SupportsIndex", "TypedDict", "TypeVar",
               "overload"),
    "typing_extensions": ("Self", "TypeAlias"),
}

# Older checkers know no deprecated(): for them it changes nothing.
_DEPRECATED = (
    "if sys.version_info >= (3, 13):",
    "    from warnings import deprecated as _deprecated",
    "else:",
    '    _Function = TypeVar("_Function", bound=Callable[..., object])',
    "    def _deprecated(message: str, /) -> Callable[[_Function], _Function]: ...",
)


class _Needs(Dict[str, Tuple[str, ...]]):
    """The definitions of what is written, in the order in which they are needed."""

    def text(self, hint: Hint) -> str:
        for name, lines in hint.needs.items():
            if self.setdefault(name, lines) != lines:
                raise GeneratorError(f"the type {name} would have two definitions")
        return hint.text


def _signature(indent: str, name: str, parameters: Sequence[str], result: str) -> List[str]:
    line = f"{indent}def {name}({', '.join(parameters)}) -> {result}: ..."
    if len(line) <= _WIDTH:
        return [line]
    inner = indent + "    "
    return [f"{indent}def {name}(", *(f"{inner}{parameter}," for parameter in parameters),
            f"{indent}) -> {result}: ..."]


_DEPRECATION = re.compile(r"Deprecated\b|This (function|API|method) (is|has been) deprecated\b")


def _deprecation(function: Function) -> List[str]:
    """The decorator of what libvirt's text calls deprecated."""
    for paragraph in re.split(r"\n\s*\n", function.info):
        if _DEPRECATION.match(paragraph.strip()):
            return [f"@_deprecated({' '.join(docstrings.clean(paragraph).split())!r})"]
    return []


def _parameters(plan: Plan, needs: _Needs) -> List[str]:
    out = ["self"] if plan.owner else []
    for item in plan.parameters:
        hint = item.hint()
        text = f"{plan.parameter(item)}: "
        if item.name in plan.defaults:
            default = plan.defaults[item.name]
            out.append(f"{text}{needs.text(hints.or_none(hint) if default is None else hint)} = {default!r}")
        else:
            out.append(text + needs.text(hint))
    return out


def _check_fragment_has_type(plan: Plan, whole: ModulePlan) -> None:
    """A hand-written Python function has its type in the stub of its fragment, and its row has none."""
    typed = [item for item in plan.inputs if isinstance(item, converters.Plain) and item.hint().text]
    if typed or isinstance(plan.result, converters.HandResult) and plan.result.annotation():
        place = whole.module.rows_by_name()[plan.function.name].place
        raise GeneratorError(f"the row of {plan.function.name} has a type, but the Python function is hand-written: "
                             "the stub of its fragment has the type", *place)


def _function(plan: Plan, whole: ModulePlan, needs: _Needs) -> List[str]:
    indent = "    " if plan.owner else ""
    result = plan.result.hint(plan.function.name)
    if not result.text or not all(item.hint().text for item in plan.parameters):
        raise GeneratorError(f"the row of {plan.function.name} lacks a type hint, of an argument or of the result",
                             *whole.module.rows_by_name()[plan.function.name].place)
    lines = [indent + line for line in _deprecation(plan.function)]
    return lines + _signature(indent, plan.name, _parameters(plan, needs), needs.text(result))


def _plumbing(handle: Handle, whole: ModulePlan) -> List[str]:
    """Constructor and accessors of a class, and what it has of C."""
    parent = [f"{handle.parameter}: {handle.parent}"] if handle.parent else []
    lines = ["    _o: Any", *_signature("    ", "__init__", ["self", *parent, "_obj: object = None"], "None")]
    for item in ancestors(handle, whole.module.handles):
        lines += _signature("    ", item.accessor, ["self"], str(item.parent))
    return lines + _signature("    ", "c_pointer", ["self"], "int")


def _registrations(plan: events.FamilyPlan, needs: _Needs) -> List[str]:
    """One overload for each type of callback, by the ids of its events, and one for an id that is just a number.

    Of that one nobody knows what it carries: its callback has to take whatever
    comes.  Or else a wrong callback of a known event would do for it.
    """
    family = plan.family
    ids: Dict[str, List[int]] = {}
    known = {item.name: item for item in plan.api.enumerators}
    for item, dispatcher in plan.events:
        payload = ", ".join(needs.text(part.hint) for part in dispatcher.payload)
        callback = f"Callable[[{family.owner}, {payload}, _T], object]"
        ids.setdefault(callback, []).append(constants.number(item, known, plan.api))
    lines: List[str] = []
    name = f"{family.name}EventRegisterAny"
    subject = f"{family.parameter}: {family.subject} | None"
    for callback, numbers in ids.items():
        lines += ["    @overload", *_signature("    ", name, [
            "self", subject, f"eventID: Literal[{', '.join(map(str, numbers))}]", f"cb: {callback}", "opaque: _T"],
            "int")]
    if ids:
        lines.append("    @overload")
    lines += _signature("    ", name, [
        "self", subject, "eventID: int", f"cb: _AnyEventCB[{family.subject}]", "opaque: object"], "int")
    return lines + _signature("    ", f"{family.name}EventDeregisterAny", ["self", "callbackID: int"], "None")


def _class(handle: Handle, whole: ModulePlan, hand: fragments.Fragments, families: Sequence[events.FamilyPlan],
           needs: _Needs) -> List[str]:
    by_hand = hand.methods.get(handle.cname, set())
    wrapped = {name for family in whole.module.families for name in (family.register, family.deregister)}
    lines = ["", f"class {handle.cname}:", *_plumbing(handle, whole), *hand.classes.get(handle.cname, [])]
    for plan in families:
        if plan.family.owner == handle.cname:
            lines += _registrations(plan, needs)
    for made in whole.of_class(handle.cname):
        if made.name in by_hand:
            _check_fragment_has_type(made, whole)
        elif made.function.name not in wrapped:
            lines += _function(made, whole, needs)
    return lines


def _spaced(lines: Iterable[str]) -> List[str]:
    """The same with an empty line around each class and before each comment, and no others."""
    out: List[str] = []
    for line in filter(None, lines):
        before = out[-1] if out else ""
        if line.startswith("#") or (line.startswith("class ") and not before.startswith("#")) \
                or (before.startswith("    ") and not line.startswith((" ", ")"))):
            out.append("")
        out.append(line)
    return out


def _imports(lines: Iterable[str], own: Mapping[str, Tuple[str, ...]]) -> List[str]:
    """What the rest of the stub names."""
    words = set(re.findall(r"\w+", "\n".join(line.partition("#")[0] for line in lines)))
    found = ["import sys"] if "sys" in words else []
    for module, names in {**_IMPORTS, **own}.items():
        used = [name for name in names if name in words]
        if used:
            found.append(f"from {module} import {', '.join(used)}")
    return found


def _errors(whole: ModulePlan, lines: List[str]) -> List[str]:
    """The same with the classes of common codes in the class of errors."""
    codes = {item.name for item in whole.api.enumerators}
    made = [name for name, code in whole.module.errors.items() if code in codes]
    if not made:
        return lines
    place = lines.index("class libvirtError(Exception):") + 1
    return [*lines[:place], *(f"    class {name}(libvirtError): ..." for name in made), *lines[place:]]


def emit(whole: ModulePlan, base: Optional[Api], directory: str) -> str:
    """The source of the whole stub."""
    module = whole.module
    classes = [handle.cname for handle in module.handles]
    own = classes if module.own_classes else []
    # Beside each fragment there is its stub.
    hand = fragments.read(directory, [name + "i" for name in module.fragments], own, whole.lacking)
    elsewhere = tuple(name for name in module.borrows if not name.startswith("_")) if own else tuple(classes)
    known = constants.constants(whole.api, base)
    hand.check_imports(module.name, {**_IMPORTS, "libvirt": elsewhere, module.name: defined_names(whole, hand, known)})
    needs = _Needs()
    functions: List[str] = []
    for plan in whole.of_class(None):
        if plan.name in hand.names:
            _check_fragment_has_type(plan, whole)
        else:
            functions += _function(plan, whole, needs)
    families = events.plan(whole)
    for handle in module.handles if module.own_classes else ():
        functions += _class(handle, whole, hand, families, needs)
    values = [f"{item.name}: Final = {item.value!r}" for item in known]
    values += [f"{attribute} = {name}" for attribute, name in module.lazy.items()]
    definitions = [line for lines in needs.values() for line in ("", *lines)]
    if any("@_deprecated" in line for line in functions):
        definitions = ["", *_DEPRECATED, *definitions]
    body = [*_spaced(_errors(whole, hand.module)), *definitions, "", *functions, "", *values]
    imports = _imports(body, {} if module.own_classes else {"libvirt": tuple(classes)})
    # What a module borrows is a name of its own, too.
    imports += [f"from libvirt import {name} as {name}" for name in module.borrows if not name.startswith("_")]
    imports += [f"import {name}" for name in module.lazy.values()]
    text = "\n".join([*notice.python(whole.api), f'"""{module.doc}"""', "", *imports, "", *body])
    return re.sub(r"\n{3,}", "\n\n", text).rstrip("\n") + "\n"
