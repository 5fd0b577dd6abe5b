# SPDX-License-Identifier: LGPL-2.1-or-later
"""One C file with the wrappers of some classes of a module."""

from typing import Iterable, List, Optional, Sequence, Tuple

from .. import ctext, kinds
from ..bindings.schema import Module, Part
from ..plan import HandPlan, ModulePlan, Plan
from . import notice


def doc_string(name: str, params: Iterable[str], doc: str) -> str:
    """A docstring from which inspect.signature() works."""
    signature = ", ".join(("$module", *params, "/"))
    return ctext.string(f"{name}({signature})\n--\n\n{doc}")


def _method(name: str, params: Iterable[str], doc: str, function: str) -> str:
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


def _call(plan: Plan, outputs: Tuple[kinds.Output, ...]) -> List[str]:
    passed = {}
    for kind in (*plan.inputs, *outputs):
        passed.update(kind.arguments())
    call = f"{plan.function.name}({', '.join(passed[arg.name] for arg in plan.function.args)});"
    if plan.result.ctype is not None:
        call = "retval = " + call
    lines = [ctext.statement(call)]
    if not plan.local:
        lines = ["    Py_BEGIN_ALLOW_THREADS", *lines, "    Py_END_ALLOW_THREADS"]
    return lines


def _declaration(ctype: str, name: str) -> str:
    return f"{ctype}{'' if ctype.endswith('*') else ' '}{name};"


def wrapper(plan: Plan) -> List[str]:
    """The C function for one plan."""
    result = plan.result
    lines = _head(plan.module_name, [item.name for item in plan.inputs])
    for kind in (*plan.inputs, *result.outputs):
        lines += ["    " + line for line in kind.declare()]
    if result.ctype is not None:
        lines.append("    " + _declaration(result.ctype, "retval"))
    conditions = [f"virPyCheckCount(self, nargs, {len(plan.inputs)}) < 0"]
    conditions += [item.parse(position) for position, item in enumerate(plan.inputs)]
    lines += ["", "    if (" + " ||\n        ".join(conditions) + ")", "        return NULL;", ""]
    lines += _call(plan, result.outputs)
    failed = result.failed()
    if failed:
        lines += [f"    if ({failed})", f"        return {result.failure()};"]
    lines += [ctext.statement(f"return {result.convert()};"), "}", ""]
    return lines


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
        methods.append(_method(handle.release, ["object"], f"int {handle.release}({handle.pointer} object)",
                               f"wrap_{handle.release}"))
        address = handle.cname + "_pointer"
        functions += _delegate(address, "virPyAddress", handle.cname)
        methods.append(_method(address, ["object"], f"The address of the {handle.pointer}, or 0 for None.",
                               f"wrap_{address}"))
    return functions, methods


def _hand(plan: HandPlan) -> str:
    return _method(plan.name, plan.params, plan.doc, f"hand_{plan.name}")


def emit(whole: ModulePlan, part: Part) -> str:
    """The C source of one part: static wrappers and the table of them."""
    module = whole.module
    functions, methods = _handle_wrappers(part, module)
    plans = [plan for plan in whole.plans if _belongs(plan.owner, part, module)]
    for plan in plans:
        functions += wrapper(plan)
        methods.append(_method(plan.module_name, [item.name for item in plan.inputs], plan.function.prototype(),
                               f"wrap_{plan.module_name}"))
    hand = [plan for plan in whole.hand if _belongs(plan.owner, part, module)]
    lines = [
        *notice.c(f"{module.extension}: {part.name}", whole.api),
        f'#include "{module.extension}.h"',
        "",
        f"#include <{module.header}>",
        "",
        '#include "failure.h"',
        *(['#include "handwritten.h"'] if hand else []),
        '#include "libvirt-utils.h"',
        "",
        *functions,
        f"PyMethodDef {module.extension}_{part.name}_methods[] = {{",
        *methods,
        *(_hand(plan) for plan in hand),
        "    { NULL, NULL, 0, NULL },",
        "};",
    ]
    return "\n".join(lines) + "\n"
