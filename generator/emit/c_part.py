# SPDX-License-Identifier: LGPL-2.1-or-later
"""The C wrappers of some classes of a module."""

import re
from typing import Dict, Iterable, List, Optional, Sequence, Tuple

from .. import converters, ctext, layout
from ..bindings.schema import Extra, Module, Part
from ..plan import ModulePlan, Plan
from . import c_callback

# Where nothing but the compiler can release what a call holds: on the paths that return before the call ends.
_GUARD = " VIR_PY_AUTO(virPyReleaseCall)"


def signature(name: str, params: Iterable[str]) -> str:
    """The signature of a wrapper, for exceptions and for inspect.signature()."""
    return layout.statement(f'VIR_PY_SIGNATURE({name}, "{", ".join(("$module", *params, "/"))}");')


def head(name: str, params: Sequence[str]) -> List[str]:
    return [
        signature(name, params),
        "",
        layout.statement(f"static PyObject *wrap_{name}(PyObject *module VIR_PY_UNUSED, PyObject *const *args, "
                         "Py_ssize_t nargs)"),
        "{",
    ]


def method_entry(name: str) -> str:
    """The entry of a wrapper in the table of methods."""
    return f"    VIR_PY_FUNCTION({name}),"


def hand_prototype(name: str, inputs: Sequence[converters.Input]) -> str:
    """The prototype of a hand-written body."""
    types = {name: ctype for item in inputs for name, ctype in item.types().items()}
    params = ["const char *self", *(ctext.declarator(ctype, ctext.variable(name)) for name, ctype in types.items())]
    return layout.statement(f"PyObject *hand_{name}({', '.join(params)});")


# The functions below return statements: each may begin with spaces, and is not yet broken into lines.

def _without_gil(plan: Plan, statement: str) -> List[str]:
    return [statement] if plan.keep_gil else ["virPyUnblockThreads(&call);", statement, "virPyBlockThreads(&call);"]


def _first_handle(inputs: Sequence[converters.Input]) -> Optional[converters.HandleIn]:
    return next((item for item in inputs if isinstance(item, converters.HandleIn)), None)


def parse_call(function: str, inputs: Sequence[converters.Input], name: str) -> str:
    """The C call that converts the arguments of a wrapper, with virPyParse() or virPyBegin()."""
    first = _first_handle(inputs)
    letters = "".join("O" if isinstance(item, converters.HandleIn) and item is not first else item.letter
                      for item in inputs)
    surplus = f"nargs - {len(inputs)}" if inputs else "nargs"
    handle_type = f"&{ctext.handle(first.handle)}" if first is not None else "NULL"
    return f'{function}(&call, signature_{name}, "{letters}", args, {surplus}, {handle_type})'


def _refusals(inputs: Sequence[converters.Input]) -> List[str]:
    """The conditions of the arguments that have no letter."""
    first = _first_handle(inputs)
    conditions = (item.acquire(position) if isinstance(item, converters.HandleIn) and item is not first
                  else item.parse(position)
                  for position, item in enumerate(inputs))
    return [condition for condition in conditions if condition]


def _measure(plan: Plan, passed: Dict[str, str]) -> List[str]:
    """The first of two calls."""
    first = plan.result.measure(plan.function.name, passed)
    if first is None:
        return []
    return [
        *_without_gil(plan, first.call),
        f"if ({first.failed})",
        f"    return {plan.result.failure()};",
        f"if ({first.empty})",
        f"    return {first.nothing};",
        f"if ({first.allocate})",
        "    return NULL;",
    ]


def _before_call(plan: Plan, passed: Dict[str, str]) -> List[str]:
    """What is done between the conversion of the arguments and the call, with the GIL held."""
    failure = plan.result.failure()
    return [
        *(text for place, item in enumerate(plan.inputs) for text in item.prepare(place, passed, failure)),
        *(text for output in plan.result.outputs for text in output.prepare(passed)),
        *_measure(plan, passed),
    ]


def _after_call(plan: Plan) -> List[str]:
    """What is done between the call and the conversion of its result, with the GIL held."""
    undone = [text for item in plan.inputs for text in item.undo()]
    return [*undone, "virPyRunDeferred();"] if plan.frees_callbacks else undone


def _converted(plan: Plan) -> List[str]:
    """What makes a Python object of `retval`."""
    result, failed = plan.result, plan.result.failed()
    checked = [f"if ({failed})", f"    return {result.failure()};"] if failed else []
    return [*checked, f"return {result.convert(plan.module_name)};"]


def _call(plan: Plan, passed: Dict[str, str], before: Sequence[str], released: bool) -> List[str]:
    """The call and all that follows it.  released: virPyBegin() has released the GIL."""
    result = plan.result
    called = f"{plan.function.name}({', '.join(passed.values())})"
    if (released or plan.keep_gil and not before) and not result.outputs and result.end(called):
        return [f"return {result.end(called)};"]
    statement = called + ";" if result.ctype is None else f"retval = {called};"
    statements = [statement] if released else _without_gil(plan, statement)
    statements += _after_call(plan)
    if result.end("retval"):
        return [*statements, f"return {result.end('retval')};"]
    return [*statements, *(["virPyBlockThreads(&call);"] if released else []), *_converted(plan)]


def _body_by_hand(plan: Plan, passed: Dict[str, str]) -> List[str]:
    arguments = ", ".join(("call.self", *passed.values()))
    return [f"return virPyEndByHand(&call, hand_{plan.module_name}({arguments}));"]


def _ending_call(statement: str) -> str:
    """The same statement; if it returns, through a function that ends the call."""
    match = re.fullmatch(r"( *)return (.*);", statement)
    if match is None or "&call" in match.group(2):
        return statement
    return f"{match.group(1)}return virPyEndObject(&call, {match.group(2)});"


def wrapper(plan: Plan) -> List[str]:
    """The lines of the C function for one plan, behind those of the functions that it calls."""
    result, name, by_hand = plan.result, plan.module_name, plan.origin == "hand"
    passed: Dict[str, str] = {}
    for position, item in enumerate(plan.inputs):
        passed.update(item.arguments(position))
    for output in result.outputs:
        passed.update(output.arguments())
    if not by_hand:
        passed = {arg.name: passed[arg.name] for arg in plan.function.args}
    refusals = _refusals(plan.inputs)
    before = [] if by_hand else _before_call(plan, passed)
    released = not (by_hand or plan.keep_gil or refusals or before or _after_call(plan))
    body = _body_by_hand(plan, passed) if by_hand else [*before, *_call(plan, passed, before, released)]
    body = [_ending_call(statement) for statement in body]

    returns = [statement for statement in body if statement.lstrip().startswith("return")]
    guarded = refusals or not all("&call" in statement for statement in returns)
    variables = [f"virPyCall call{_GUARD if guarded else ''};"]
    variables += [declaration for item in plan.argument_converters for declaration in item.declare()]
    if any("retval" in statement for statement in body) and result.ctype is not None:
        variables.append(ctext.declarator(result.ctype, "retval") + ";")
    conditions = [parse_call("virPyBegin" if released else "virPyParse", plan.inputs, name) + " < 0", *refusals]
    return [
        *result.helpers(name),
        *head(name, [plan.parameter(item) for item in plan.inputs]),
        *("    " + declaration for declaration in variables),
        "",
        *layout.block([
            f"if ({' || '.join(conditions)})",
            "    return NULL;",
            *(["virResetLastError();"] if plan.resets else []),
            *body,
        ]),
        "}",
        "",
    ]


def _extra(extra: Extra) -> List[str]:
    """The wrapper of a function that libvirt does not have."""
    passed = [text for position, item in enumerate(extra.inputs) for text in item.arguments(position).values()]
    parse = parse_call("virPyParse", extra.inputs, extra.name)
    default = ""
    if extra.optional:
        default = "=None"
        parse = parse.replace('"O", args, nargs - 1', 'nargs > 0 ? "O" : "", args, nargs > 0 ? nargs - 1 : 0')
        passed = [f"nargs > 0 ? {passed[0]} : NULL"]
    params = ", ".join(("$module", *(item.name + default for item in extra.inputs), "/"))
    doc = ctext.string(extra.doc).split("\n")
    return [
        "VIR_PY_DOCUMENTED(",
        f'    {extra.name}, "{params}",',
        *("    " + line for line in doc[:-1]),
        f"    {doc[-1]});",
        *head(extra.name, [])[1:],
        "    virPyCall call;",
        "",
        *layout.block([
            f"if ({parse} < 0)",
            "    return NULL;",
            f"return virPyEndByHand(&call, hand_{extra.name}({', '.join(('call.self', *passed))}));",
        ]),
        "}",
        "",
    ]


def _callbacks(plans: Sequence[Plan], whole: ModulePlan) -> List[str]:
    """The C functions that libvirt calls back, for the plans that register callbacks."""
    used = {item.ctype for plan in plans for item in plan.argument_converters
            if isinstance(item, (converters.CallbackIn, converters.CallbackName))}
    return [line for callback in whole.module.callbacks if callback.ctype in used
            for line in c_callback.emit(callback, whole)]


def _delegate(name: str, function: str, handle: str) -> List[str]:
    """A wrapper that only calls a function of src/, which serves all types of handles."""
    return [
        *head(name, ["object"]),
        layout.statement(f"return {function}(signature_{name}, args, nargs, &{ctext.handle(handle)});", "    "),
        "}",
        "",
    ]


def _belongs(owner: Optional[str], part: Part, module: Module) -> bool:
    """Whether the functions of a class, or of none, go into the part."""
    if part.classes:
        return owner in part.classes
    taken = {name for other in module.parts for name in other.classes}
    return owner not in taken and not part.events


def _handle_wrappers(part: Part, module: Module) -> Tuple[List[str], List[str]]:
    """For each handle the functions that release it and that return its address, and their entries."""
    functions: List[str] = []
    methods: List[str] = []
    for handle in module.handles if module.own_classes else ():
        if not _belongs(handle.cname, part, module):
            continue
        functions += _delegate(handle.release, "virPyFreeHandle", handle.cname)
        address = handle.cname + "_pointer"
        functions += _delegate(address, "virPyAddress", handle.cname)
        methods += [method_entry(handle.release), method_entry(address)]
    return functions, methods


def content(whole: ModulePlan, part: Part) -> Tuple[List[str], List[str]]:
    """The wrappers of one part, and their entries in the table of methods."""
    module = whole.module
    functions, methods = _handle_wrappers(part, module)
    plans = [plan for plan in whole.plans if _belongs(plan.owner, part, module)]
    functions += _callbacks(plans, whole)
    for plan in plans:
        functions += wrapper(plan)
        methods.append(method_entry(plan.module_name))
    for extra in module.extras if _belongs(None, part, module) else ():
        functions += _extra(extra)
        methods.append(method_entry(extra.name))
    return functions, methods
