# SPDX-License-Identifier: LGPL-2.1-or-later
"""The C files of a module, and the header that they share."""

from typing import List

from .. import ctext, layout
from ..bindings.schema import Handle, Part
from ..plan import ModulePlan
from . import c_events, c_part, notice
from .c_part import hand_prototype


def _closed(handle: Handle) -> str:
    """The message of the exception for a handle that was released."""
    return "the connection is closed" if handle.release.endswith("Close") else f"the {handle.cname} was freed"


def _handle(handle: Handle) -> List[str]:
    """The variable that describes a type of handles, and the functions that it points to."""
    functions: List[str] = []
    for verb, function in (("release", handle.release), ("ref", handle.ref)):
        if not function:
            continue
        functions += [
            f"static int {verb}_{handle.cname}(void *object)",
            "{",
            f"    return {function}(object);",
            "}",
            "",
        ]
    return [
        *functions,
        f"const virPyHandleType {ctext.handle(handle.cname)} = {{",
        f'    "{handle.pointer}", "{handle.pointer} (gone)",',
        f'    "{_closed(handle)}",',
        f"    release_{handle.cname}, {f'ref_{handle.cname}' if handle.ref else 'NULL'}, {handle.invalid}",
        "};",
        "",
    ]


def _by_hand(whole: ModulePlan) -> List[str]:
    """Prototypes of hand-written functions."""
    module = whole.module
    bodies = [hand_prototype(plan.module_name, plan.inputs) for plan in whole.plans if plan.origin == "hand"]
    bodies += [hand_prototype(extra.name, extra.inputs) for extra in module.extras]
    init = [f"int {module.init}(void);"] if module.init else []
    lines = [*bodies, *init]
    return ["/* Hand-written functions. */", *lines, ""] if lines else []


def emit_header(whole: ModulePlan) -> str:
    """The header of a module: types of handles, tables of methods, hand-written functions."""
    module = whole.module
    guard = f"LIBVIRT_PYTHON_{module.extension.upper()}_H"
    lines = [
        *notice.c(f"{module.extension}: what its C files share", whole.api),
        f"#ifndef {guard}",
        f"#define {guard}",
        "",
        f"#include <{module.header}>",
        "",
        '#include "handles.h"',
        "",
        *(f"extern const virPyHandleType {ctext.handle(handle.cname)};" for handle in module.handles),
        "",
        *(f"extern PyMethodDef {part.table(module.extension)}[];" for part in module.parts),
        "",
        *_by_hand(whole),
        "#endif",
    ]
    return "\n".join(lines) + "\n"


def _definition(whole: ModulePlan) -> List[str]:
    """The types of handles, and the module with its multi-phase initialization."""
    module = whole.module
    steps = ["virPyInitialize()", *([f"{module.init}()"] if module.init else [])]
    steps += [f"PyModule_AddFunctions(module, {part.table(module.extension)})" for part in module.parts]
    return [
        *(line for handle in module.handles for line in _handle(handle)),
        "static int execute(PyObject *module)",
        "{",
        *layout.block([f"if ({' || '.join(f'{step} < 0' for step in steps[:-1])})", "    return -1;",
                       f"return {steps[-1]};"]),
        "}",
        "",
        "static PyModuleDef_Slot slots[] = {",
        "    { Py_mod_exec, (void *)execute },",
        "    VIR_PY_MODULE_SLOTS",
        "    { 0, NULL },",
        "};",
        "",
        "static PyModuleDef definition = {",
        "    PyModuleDef_HEAD_INIT,",
        f'    .m_name = "{module.extension}",',
        f"    .m_doc = {ctext.string(f'The functions of {module.library}, for the Python module {module.name}.')},",
        "    .m_slots = slots,",
        "};",
        "",
        "/* The only symbol that the module exports. */",
        layout.statement(f'__attribute__((visibility("default"))) PyMODINIT_FUNC PyInit_{module.extension}(void);'),
        "",
        f"PyMODINIT_FUNC PyInit_{module.extension}(void)",
        "{",
        "    return PyModuleDef_Init(&definition);",
        "}",
    ]


def emit(whole: ModulePlan, part: Part) -> str:
    """One C file: hand-written bodies, wrappers, their table; and the module itself, if the part has no name."""
    module = whole.module
    functions, methods = c_events.content(whole) if part.events else c_part.content(whole, part)
    lines = [
        *notice.c(f"{module.extension}: {part.name or 'the module'}", whole.api),
        f'#include "{module.extension}.h"',
        "",
        '#include "callbacks.h"',
        '#include "calls.h"',
        '#include "errorrecord.h"',
        '#include "libvirt-utils.h"',
        '#include "typedparams.h"',
        "",
        *(f'#include "{body}"' for body in part.bodies),
        *([""] if part.bodies else []),
        *functions,
        f"PyMethodDef {part.table(module.extension)}[] = {{",
        *methods,
        "    { NULL, NULL, 0, NULL },",
        "};",
        *([] if part.name else ["", *_definition(whole)]),
    ]
    return "\n".join(lines) + "\n"
