# SPDX-License-Identifier: LGPL-2.1-or-later
"""The stub of a Python module, for type checkers: all functions with their types, all constants with their values."""

import re
from typing import Dict, Iterable, List, Mapping, Optional, Sequence

from .. import constants, converters, docstrings, enums, events, fragments, hints, layout, naming
from ..bindings.schema import Handle
from ..definitions import Definition
from ..errors import GeneratorError
from ..hints import Hint
from ..model import Api, Function
from ..plan import ModulePlan, Plan
from . import notice
from .python_module import ancestors, defined_names

# Module -> the names of it that hints, and the stubs of fragments, may use.
_IMPORTS: Mapping[str, Sequence[str]] = {
    "_typeshed": ("ReadableBuffer",),
    "io": ("FileIO",),
    "types": ("TracebackType",),
    "typing": ("TYPE_CHECKING", "Any", "Callable", "Final", "Iterable", "Literal", "NamedTuple", "Optional", "Protocol",
               "SupportsIndex", "TypedDict", "TypeVar", "Union", "overload"),
    "typing_extensions": ("Self", "TypeAlias"),
}

TYPES = "libvirt_types"  # the module that has the types with public names

# Older type checkers do not know deprecated(), so the stub defines a decorator that does nothing.
_DEPRECATED = (
    "if sys.version_info >= (3, 13):",
    "    from warnings import deprecated as _deprecated",
    "else:",
    '    _Function = TypeVar("_Function", bound=Callable[..., object])',
    "    def _deprecated(message: str, /) -> Callable[[_Function], _Function]: ...",
)


class Definitions(Dict[str, Definition]):
    """The definitions of types with public names, in the order of their first use, by name."""

    def text(self, hint: Hint) -> str:
        """The type expression of a hint, whose definitions are added."""
        for name, definition in hint.needs.items():
            if self.setdefault(name, definition) != definition:
                raise GeneratorError(f"the type {name} would have two definitions")
        return hint.text


def _signature(indent: str, name: str, parameters: Sequence[str], result: str) -> List[str]:
    line = f"{indent}def {name}({', '.join(parameters)}) -> {result}: ..."
    if len(line) <= layout.WIDTH:
        return [line]
    return [f"{indent}def {name}(", *layout.block([parameter + "," for parameter in parameters], indent + "    "),
            f"{indent}) -> {result}: ..."]


_DEPRECATION = re.compile(r"Deprecated\b|This (function|API|method) (is|has been) deprecated\b")


def _deprecation(function: Function, names: docstrings.Names) -> List[str]:
    """The decorator of a function that libvirt's description calls deprecated."""
    for paragraph in re.split(r"\n\s*\n", function.info):
        if _DEPRECATION.match(paragraph.strip()):
            return [f"@_deprecated({docstrings.plain(paragraph, names)!r})"]
    return []


def _parameters(plan: Plan, definitions: Definitions) -> List[str]:
    out = ["self"] if plan.owner else []
    for item in plan.parameters:
        hint = plan.hint(item)
        text = f"{plan.parameter(item)}: "
        if item.name in plan.defaults:
            default = plan.defaults[item.name]
            out.append(f"{text}{definitions.text(hints.or_none(hint) if default is None else hint)} = {default!r}")
        else:
            out.append(text + definitions.text(hint))
    return out


def _check_fragment_has_type(plan: Plan, whole: ModulePlan) -> None:
    """A hand-written Python function has its type in the stub of its fragment, and its row has none."""
    typed = [item for item in plan.inputs if isinstance(item, converters.Plain) and item.hint().text]
    if typed or isinstance(plan.result, converters.HandResult) and plan.result.annotation():
        place = whole.module.rows_by_name()[plan.function.name].place
        raise GeneratorError(f"the row of {plan.function.name} has a type, but the Python function is hand-written: "
                             "the stub of its fragment has the type", *place)


def _function(plan: Plan, whole: ModulePlan, definitions: Definitions, names: docstrings.Names) -> List[str]:
    indent = "    " if plan.owner else ""
    result = plan.result_hint
    if not result.text or not all(item.hint().text for item in plan.parameters):
        raise GeneratorError(f"the row of {plan.function.name} lacks a type hint, of an argument or of the result",
                             *whole.module.rows_by_name()[plan.function.name].place)
    parameters = _parameters(plan, definitions)
    return [*layout.block(_deprecation(plan.function, names), indent),
            *_signature(indent, plan.name, parameters, definitions.text(result))]


def _plumbing(handle: Handle, whole: ModulePlan) -> List[str]:
    """Constructor and accessors of a class, and its capsule."""
    parent = [f"{handle.parameter}: {handle.parent}"] if handle.parent else []
    lines = ["    _o: Any", *_signature("    ", "__init__", ["self", *parent, "_obj: object = None"], "None")]
    for item in ancestors(handle, whole.module.handles):
        lines += _signature("    ", item.accessor, ["self"], str(item.parent))
    return lines + _signature("    ", "c_pointer", ["self"], "int")


def _registrations(plan: events.FamilyPlan, definitions: Definitions, members: Mapping[str, str]) -> List[str]:
    """The methods that register and deregister callbacks for a family of events.

    There is an overload for each type of callback, with the ids of its events,
    as numbers and as members of their enum.  The last overload is for an id
    that checkers only know as an int.  Its callback must accept any arguments:
    otherwise a checker would accept the wrong callback for a known event.
    members: constant -> member of an enum.
    """
    family = plan.family
    parameter, event, callback, opaque = plan.parameters
    ids: Dict[str, List[str]] = {}
    known = {item.name: item for item in plan.api.enumerators}
    for item, dispatcher in plan.events:
        callback_type = definitions.text(events.callback_hint(family, dispatcher))
        number = str(constants.number(item, known, plan.api))
        ids.setdefault(callback_type, []).extend((number, members[item.name]))
    lines: List[str] = []
    name = f"{family.name}EventRegisterAny"
    subject = f"{parameter}: {family.subject} | None"
    for callback_type, numbers in ids.items():
        lines += ["    @overload", *_signature("    ", name, [
            "self", subject, f"{event}: Literal[{', '.join(numbers)}]", f"{callback}: {callback_type}",
            f"{opaque}: _T"], "int")]
    if ids:
        lines.append("    @overload")
    lines += _signature("    ", name, [
        "self", subject, f"{event}: int", f"{callback}: _AnyEventCB[{family.subject}]", f"{opaque}: object"], "int")
    registration = naming.parameter(plan.deregister.args[1].name)
    return lines + _signature("    ", f"{family.name}EventDeregisterAny", ["self", f"{registration}: int"], "None")


def _class(handle: Handle, whole: ModulePlan, hand: fragments.Fragments, families: Sequence[events.FamilyPlan],
           definitions: Definitions, names: docstrings.Names) -> List[str]:
    by_hand = hand.methods.get(handle.cname, set())
    wrapped = {name for family in whole.module.families for name in (family.register, family.deregister)}
    lines = ["", f"class {handle.cname}:", *_plumbing(handle, whole), *hand.classes.get(handle.cname, [])]
    own = [plan for plan in families if plan.family.owner == handle.cname]
    members = {member.constant: f"{made.name}.{member.name}" for made in (enums.plan(whole.api) if own else ())
               for member in made.members}
    for plan in own:
        lines += _registrations(plan, definitions, members)
    for function_plan in whole.of_class(handle.cname):
        if function_plan.name in by_hand:
            _check_fragment_has_type(function_plan, whole)
        elif function_plan.function.name not in wrapped:
            lines += _function(function_plan, whole, definitions, names)
    return lines


def _spaced(lines: Iterable[str]) -> List[str]:
    """The lines with an empty line around each class and before each comment, and no other empty lines."""
    out: List[str] = []
    for line in filter(None, lines):
        before = out[-1] if out else ""
        if line.startswith("#") or (line.startswith("class ") and not before.startswith("#")) \
                or (before.startswith("    ") and not line.startswith((" ", ")"))):
            out.append("")
        out.append(line)
    return out


def _imports(lines: Sequence[str], own: Mapping[str, Sequence[str]]) -> List[str]:
    """The imports of the names that the lines use.  own: module of libvirt -> its names."""
    words = set(re.findall(r"\w+", "\n".join(line.partition("#")[0] for line in lines)))
    found = ["import sys"] if "sys" in words else []
    found += ["import uuid"] if any("uuid.UUID" in line for line in lines) else []
    for module, names in {**_IMPORTS, **own}.items():
        used = [name for name in names if name in words]
        if used:
            found += layout.imports(module, used)
    return found


def _error_classes(whole: ModulePlan) -> Dict[str, List[str]]:
    """The classes for common error codes, which are members of their base class."""
    codes = {item.name for item in whole.api.enumerators}
    classes = [name for name, code in whole.module.errors.items() if code in codes]
    return {"libvirtError": [f"    class {name}(libvirtError): ..." for name in classes]} if classes else {}


def emit(whole: ModulePlan, base: Optional[Api], directory: str) -> str:
    """The source of the whole stub.

    Its types with public names are those of libvirt_types, which a module
    outside of this tree is no part of: it defines its own.
    """
    module = whole.module
    classes = [handle.cname for handle in module.handles]
    own = classes if module.own_classes else []
    # Beside each fragment there is its stub.
    hand = fragments.read(directory, [name + "i" for name in module.fragments], own, whole.lacking,
                          _error_classes(whole))
    elsewhere = tuple(name for name in module.borrows if not name.startswith("_")) if own else tuple(classes)
    known = constants.constants(whole.api, base)
    types = [item.name for item in hand.imports if item.module == TYPES]
    hand.check_imports(module.name, {**_IMPORTS, "libvirt": elsewhere, TYPES: types,
                                     module.name: defined_names(whole, hand, known)})
    definitions = Definitions()
    names = docstrings.names_of(whole, base)
    functions: List[str] = []
    for plan in whole.of_class(None):
        if plan.name in hand.names:
            _check_fragment_has_type(plan, whole)
        else:
            functions += _function(plan, whole, definitions, names)
    families = events.plan(whole)
    for handle in module.handles if module.own_classes else ():
        functions += _class(handle, whole, hand, families, definitions, names)
    values = [line for item in known for line in layout.assignment(f"{item.name}: Final", repr(item.value))]
    values += [f"{attribute} = {name}" for attribute, name in module.lazy.items()]
    defined = [] if whole.module.public_types else [
        line for item in definitions.values() for line in ("", *item.lines([]))]
    if any("@_deprecated" in line for line in functions):
        defined = ["", *_DEPRECATED, *defined]
    body = [*_spaced(hand.module), *defined, "", *functions, "", *values]
    imports = _imports(body, {
        **({} if module.own_classes else {"libvirt": tuple(classes)}),
        **({TYPES: sorted({*definitions, *types})} if whole.module.public_types else {}),
        **{name: [family.family.enum[len("vir"):] for family in families] for name in module.lazy.values()}})
    # "import X as X" exports the name: borrowed names are names of the module, too.
    imports += [f"from libvirt import {name} as {name}" for name in module.borrows if not name.startswith("_")]
    imports += [f"import {name}" for name in module.lazy.values()]
    text = "\n".join([*notice.python(whole.api), f'"""{module.doc}"""', "", *imports, "", *body])
    return re.sub(r"\n{3,}", "\n\n", text).rstrip("\n") + "\n"
