# SPDX-License-Identifier: LGPL-2.1-or-later
"""The C wrappers of some classes of a module."""

import re
from typing import Dict, Iterable, List, Optional, Sequence, Tuple

from .. import ctext, converters
from ..bindings.schema import Extra, Module, Part
from ..plan import ModulePlan, Plan
from . import c_callback


def signature(name: str, params: Iterable[str]) -> str:
    """What exceptions and inspect.signature() know of a wrapper."""
    return ctext.statement(f'VIR_PY_SIGNATURE({name}, "{", ".join(("$module", *params, "/"))}");', indent="")


def head(name: str, params: Sequence[str]) -> List[str]:
    return [
        signature(name, params),
        "",
        "static PyObject *",
        f"wrap_{name}(PyObject *module VIR_PY_UNUSED, PyObject *const *args, Py_ssize_t nargs)",
        "{",
    ]


def entry(name: str) -> str:
    """That of a wrapper in the table of methods."""
    return f"    VIR_PY_FUNCTION({name}),"


def _by_hand(extra: Extra) -> str:
    """That of a function which is written by hand."""
    text = ctext.string(f"{extra.name}({', '.join(('$module', *extra.params, '/'))})\n--\n\n{extra.doc}")
    text = text.replace("\n", "\n      ")
    return f'    {{ "{extra.name}", VIR_PY_METHOD(hand_{extra.name}), METH_FASTCALL,\n      {text} }},'


def hand_name(plan: Plan) -> str:
    """The body that is written by hand."""
    return f"hand_{plan.module_name}"


def hand_prototype(plan: Plan) -> str:
    types = {name: ctype for item in plan.inputs for name, ctype in item.types().items()}
    params = [f"{ctype}{'' if ctype.endswith('*') else ' '}{ctext.variable(name)}" for name, ctype in types.items()]
    return ctext.statement(f"PyObject *{hand_name(plan)}({', '.join(('const char *self', *params))});", indent="")


def _declaration(ctype: str, name: str) -> str:
    return f"{ctype}{'' if ctype.endswith('*') else ' '}{name};"


def _unlocked(plan: Plan, statement: str) -> List[str]:
    lines = [ctext.statement(statement)]
    return lines if plan.keep_gil else ["    virPyUnblockThreads(&call);", *lines, "    virPyBlockThreads(&call);"]


def _first_handle(inputs: Sequence[converters.Input]) -> Optional[converters.HandleIn]:
    return next((item for item in inputs if isinstance(item, converters.HandleIn)), None)


def start(function: str, inputs: Sequence[converters.Input], name: str) -> str:
    """The C call that starts a wrapper's."""
    first = _first_handle(inputs)
    letters = "".join("O" if isinstance(item, converters.HandleIn) and item is not first else item.letter
                      for item in inputs)
    surplus = f"nargs - {len(inputs)}" if inputs else "nargs"
    held = f"&{ctext.handle(first.handle)}" if first is not None else "NULL"
    return f'{function}(&call, signature_{name}, "{letters}", args, {surplus}, {held})'


def _refused(inputs: Sequence[converters.Input]) -> List[str]:
    """The conditions of the arguments that have no letter."""
    first = _first_handle(inputs)
    texts = (item.acquire(position) if isinstance(item, converters.HandleIn) and item is not first
             else item.parse(position)
             for position, item in enumerate(inputs))
    return [text for text in texts if text]


def _measure(plan: Plan, passed: Dict[str, str]) -> List[str]:
    """The first call of two."""
    first = plan.result.measure(plan.function.name, passed)
    if first is None:
        return []
    return [
        *_unlocked(plan, first.call),
        f"    if ({first.failed})",
        f"        return {plan.result.failure()};",
        f"    if ({first.empty})",
        f"        return {first.nothing};",
        f"    if ({first.allocate})",
        "        return NULL;",
    ]


def _before(plan: Plan, passed: Dict[str, str]) -> List[str]:
    """What has to be done with the GIL between the arguments and the call."""
    lines: List[str] = []
    for position, item in enumerate(plan.inputs):
        lines += [ctext.statement(line) for line in item.prepare(position, passed, plan.result.failure())]
    for output in plan.result.outputs:
        lines += [ctext.statement(line) for line in output.prepare(passed)]
    return lines + _measure(plan, passed)


def _after(plan: Plan) -> List[str]:
    """The same, between the call and its result."""
    lines = [ctext.statement(line) for item in plan.inputs for line in item.undo()]
    return lines + (["    virPyRunDeferred();"] if plan.frees_callbacks else [])


def _result(plan: Plan) -> List[str]:
    """How what came back in `retval` becomes a Python object."""
    result, failed = plan.result, plan.result.failed()
    checked = [f"    if ({failed})", f"        return {result.failure()};"] if failed else []
    return [*checked, ctext.statement(f"return {result.convert(plan.module_name)};")]


def _run(plan: Plan, passed: Dict[str, str], before: Sequence[str], released: bool) -> List[str]:
    """The call, and what follows it.  released: the GIL is already."""
    result = plan.result
    called = f"{plan.function.name}({', '.join(passed.values())})"
    if (released or plan.keep_gil and not before) and not result.outputs and result.end(called):
        return [ctext.statement(f"return {result.end(called)};")]
    statement = called + ";" if result.ctype is None else f"retval = {called};"
    lines = [ctext.statement(statement)] if released else _unlocked(plan, statement)
    lines += _after(plan)
    if result.end("retval"):
        return [*lines, ctext.statement(f"return {result.end('retval')};")]
    return [*lines, *(["    virPyBlockThreads(&call);"] if released else []), *_result(plan)]


def _ended(line: str) -> str:
    """A return statement, through what ends the call."""
    match = re.fullmatch(r"( +)return (.*);", line, re.DOTALL)
    if match is None or "&call" in match.group(2):
        return line
    flat = re.sub(r"\n *", " ", match.group(2))
    return ctext.statement(f"return virPyEndObject(&call, {flat});", indent=match.group(1))


def wrapper(plan: Plan) -> List[str]:
    """The C function for one plan."""
    result, name, by_hand = plan.result, plan.module_name, plan.origin == "hand"
    passed: Dict[str, str] = {}
    for position, item in enumerate(plan.inputs):
        passed.update(item.arguments(position))
    for output in result.outputs:
        passed.update(output.arguments())
    if not by_hand:
        passed = {arg.name: passed[arg.name] for arg in plan.function.args}
    refused = _refused(plan.inputs)
    before = [] if by_hand else _before(plan, passed)
    released = not (by_hand or plan.keep_gil or refused or before or _after(plan))
    if by_hand:
        call = f"{hand_name(plan)}({', '.join(('call.self', *passed.values()))})"
        body = [ctext.statement(f"return virPyEndByHand(&call, {call});")]
    else:
        body = before + _run(plan, passed, before, released)
    body = [_ended(line) for line in body]

    # What ends the call drops what it holds; on a way around that the compiler sees to it.
    guarded = refused or any("&call" not in told for line in body for told in re.findall(r"\breturn\b[^;]*;", line))
    lines = [*result.helpers(name), *head(name, [plan.parameter(item) for item in plan.inputs]),
             f"    virPyCall call{' VIR_PY_AUTO(virPyReleaseCall)' if guarded else ''};"]
    for kind in plan.argument_converters:
        lines += ["    " + line for line in kind.declare()]
    if any("retval" in line for line in body) and result.ctype is not None:
        lines.append("    " + _declaration(result.ctype, "retval"))
    conditions = [start("virPyBegin" if released else "virPyParse", plan.inputs, name) + " < 0", *refused]
    lines += ["", "    if (" + " ||\n        ".join(conditions) + ")", "        return NULL;"]
    if plan.resets:
        lines.append("    virResetLastError();")
    return [*lines, *body, "}", ""]


def _callbacks(plans: Sequence[Plan], whole: ModulePlan) -> List[str]:
    """What libvirt calls back, of those functions that take callbacks."""
    used = {kind.ctype for plan in plans for kind in plan.argument_converters
            if isinstance(kind, (converters.CallbackIn, converters.CallbackName))}
    return [line for callback in whole.module.callbacks if callback.ctype in used
            for line in c_callback.emit(callback, whole)]


def _delegate(name: str, function: str, handle: str) -> List[str]:
    """A wrapper whose whole body is a helper that serves every kind of handle."""
    return [
        *head(name, ["object"]),
        f"    return {function}(signature_{name}, args, nargs, &{ctext.handle(handle)});",
        "}",
        "",
    ]


def _belongs(owner: Optional[str], part: Part, module: Module) -> bool:
    if part.classes:
        return owner in part.classes
    taken = {name for other in module.parts for name in other.classes}
    return owner not in taken and not part.events


def _handle_wrappers(part: Part, module: Module) -> Tuple[List[str], List[str]]:
    functions: List[str] = []
    methods: List[str] = []
    for handle in module.handles if module.own_classes else ():
        if not _belongs(handle.cname, part, module):
            continue
        functions += _delegate(handle.release, "virPyFreeHandle", handle.cname)
        address = handle.cname + "_pointer"
        functions += _delegate(address, "virPyAddress", handle.cname)
        methods += [entry(handle.release), entry(address)]
    return functions, methods


def content(whole: ModulePlan, part: Part) -> Tuple[List[str], List[str]]:
    """The wrappers of one part, and their entries in the table of methods."""
    module = whole.module
    functions, methods = _handle_wrappers(part, module)
    plans = [plan for plan in whole.plans if _belongs(plan.owner, part, module)]
    functions += _callbacks(plans, whole)
    for plan in plans:
        functions += wrapper(plan)
        methods.append(entry(plan.module_name))
    if _belongs(None, part, module):
        methods += map(_by_hand, module.extras)
    return functions, methods
