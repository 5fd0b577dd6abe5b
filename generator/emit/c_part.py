# SPDX-License-Identifier: LGPL-2.1-or-later
"""The C wrappers of some classes of a module."""

from typing import Dict, Iterable, List, Optional, Sequence, Tuple

from .. import ctext, kinds
from ..bindings.schema import Module, Part
from ..plan import ModulePlan, Plan
from . import c_callback


def doc_string(name: str, params: Iterable[str], doc: str) -> str:
    """A docstring from which inspect.signature() works."""
    signature = ", ".join(("$module", *params, "/"))
    return ctext.string(f"{name}({signature})\n--\n\n{doc}")


def method(name: str, params: Iterable[str], doc: str, function: str) -> str:
    text = doc_string(name, params, doc).replace("\n", "\n      ")
    return f'    {{ "{name}", VIR_PY_METHOD({function}), METH_FASTCALL,\n      {text} }},'


def _head(name: str, params: Sequence[str]) -> List[str]:
    args = "PyObject *const *args" if params else "PyObject *const *args VIR_PY_UNUSED"
    return [
        "static PyObject *",
        f"wrap_{name}(PyObject *module VIR_PY_UNUSED, {args}, Py_ssize_t nargs)",
        "{",
        f'    static const char self[] = "{name}({", ".join(params)})";',
    ]


def hand_name(plan: Plan) -> str:
    """The body that is written by hand."""
    return f"hand_{plan.module_name}"


def hand_prototype(plan: Plan) -> str:
    types = {name: ctype for item in plan.inputs for name, ctype in item.types().items()}
    params = [f"{ctype}{'' if ctype.endswith('*') else ' '}{ctext.local(name)}" for name, ctype in types.items()]
    return ctext.statement(f"PyObject *{hand_name(plan)}({', '.join(('const char *self', *params))});", indent="")


def _declaration(ctype: str, name: str) -> str:
    return f"{ctype}{'' if ctype.endswith('*') else ' '}{name};"


def _unlocked(plan: Plan, statement: str) -> List[str]:
    lines = [ctext.statement(statement)]
    return lines if plan.local else ["    Py_BEGIN_ALLOW_THREADS", *lines, "    Py_END_ALLOW_THREADS"]


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


def wrapper(plan: Plan) -> List[str]:
    """The C function for one plan."""
    result, name = plan.result, plan.module_name
    expressions: Dict[str, str] = {}
    for kind in plan.converters:
        expressions.update(kind.arguments())
    by_hand = plan.origin == "hand"
    passed = expressions if by_hand else {arg.name: expressions[arg.name] for arg in plan.function.args}

    lines = [*result.helpers(name), *_head(name, [plan.parameter(item) for item in plan.inputs])]
    for kind in plan.converters:
        lines += ["    " + line for line in kind.declare()]
    if result.ctype is not None:
        lines.append("    " + _declaration(result.ctype, "retval"))
    conditions = [f"virPyCheckCount(self, nargs, {len(plan.inputs)}) < 0"]
    conditions += [item.parse(position) for position, item in enumerate(plan.inputs)]
    lines += ["", "    if (" + " ||\n        ".join(item for item in conditions if item) + ")",
              "        return NULL;", ""]
    if plan.resets:
        lines.append("    virResetLastError();")
    if by_hand:
        call = f"return {hand_name(plan)}({', '.join(('self', *passed.values()))});"
        return [*lines, ctext.statement(call), "}", ""]
    for position, item in enumerate(plan.inputs):
        lines += [ctext.statement(line) for line in item.prepare(position, passed, result.failure())]
    for output in result.outputs:
        lines += [ctext.statement(line) for line in output.prepare()]
    lines += _measure(plan, passed)
    call = f"{plan.function.name}({', '.join(passed.values())});"
    lines += _unlocked(plan, call if result.ctype is None else "retval = " + call)
    for item in plan.inputs:
        lines += [ctext.statement(line) for line in item.undo()]
    if plan.settles:
        lines.append("    virPyRunDeferred();")
    failed = result.failed()
    if failed:
        lines += [f"    if ({failed})", f"        return {result.failure()};"]
    return [*lines, ctext.statement(f"return {result.convert().replace('@', name)};"), "}", ""]


def _callbacks(plans: Sequence[Plan], whole: ModulePlan) -> List[str]:
    """What libvirt calls back, of those functions that take callbacks."""
    used = {kind.ctype for plan in plans for kind in plan.converters
            if isinstance(kind, (kinds.CallbackIn, kinds.CallbackName))}
    return [line for callback in whole.module.callbacks if callback.ctype in used
            for line in c_callback.emit(callback, whole)]


def _delegate(name: str, function: str, handle: str) -> List[str]:
    """A wrapper whose whole body is a helper that serves every kind of handle."""
    return [
        *_head(name, ["object"]),
        "",
        f"    return {function}(self, args, nargs, &{ctext.handle(handle)});",
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
        functions += _delegate(handle.release, "virPyRelease", handle.cname)
        methods.append(method(handle.release, ["object"], f"int {handle.release}({handle.pointer} object)",
                              f"wrap_{handle.release}"))
        address = handle.cname + "_pointer"
        functions += _delegate(address, "virPyAddress", handle.cname)
        methods.append(method(address, ["object"], f"The address of the {handle.pointer}, or 0 for None.",
                              f"wrap_{address}"))
    return functions, methods


def content(whole: ModulePlan, part: Part) -> Tuple[List[str], List[str]]:
    """The wrappers of one part, and their entries in the table of methods."""
    module = whole.module
    functions, methods = _handle_wrappers(part, module)
    plans = [plan for plan in whole.plans if _belongs(plan.owner, part, module)]
    functions += _callbacks(plans, whole)
    for plan in plans:
        functions += wrapper(plan)
        params = [plan.parameter(item) for item in plan.inputs]
        methods.append(method(plan.module_name, params, plan.function.prototype(), f"wrap_{plan.module_name}"))
    if _belongs(None, part, module):
        methods += [method(extra.name, extra.params, extra.doc, f"hand_{extra.name}") for extra in module.extras]
    return functions, methods
