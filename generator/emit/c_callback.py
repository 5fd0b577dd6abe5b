# SPDX-License-Identifier: LGPL-2.1-or-later
"""The C functions that libvirt calls back: each passes its values on to a Python function or method."""

from typing import List, Sequence

from .. import ctext, events, layout
from ..bindings.schema import Callback
from ..model import Function
from ..plan import ModulePlan


def dispatcher(callback: Function, payload: Sequence[events.Payload], call: str) -> List[str]:
    """The function for a callback type.  call: the C call of Python, with {} for the packed values."""
    used = {name for item in payload for name in item.names}
    data = callback.args[-1]
    assert data.type == "void *"
    parameters = [ctext.declarator(arg.type, ctext.variable(arg.name)) + ("" if arg.name in used else " VIR_PY_UNUSED")
                  for arg in callback.args[:-1]]
    returns = callback.returns != "void"
    function = ctext.declarator(callback.returns, f"dispatch_{callback.name}")
    packed = ctext.pack("Tuple", [item.convert for item in payload])
    return [
        *(line for item in payload for line in item.helper),
        layout.statement(f"static {function}({', '.join([*parameters, 'void *opaque'])})"),
        "{",
        "    virPyEntry entry;",
        "",
        "    if (!virPyEnterCallback(&entry, opaque))",
        f"        return{' -1' if returns else ''};",
        layout.statement(call.format(packed), "    "),
        "    virPyLeavePython(&entry);",
        *(["    return 0;"] if returns else []),
        "}",
        "",
    ]


def emit(callback: Callback, whole: ModulePlan) -> List[str]:
    """The function for a callback that belongs to no family of events."""
    function, payload = events.plan_callback(callback, whole)
    key, module = (ctext.string(name) if name else "NULL" for name in (callback.on, callback.module))
    return dispatcher(function, payload, f'virPyDispatch(opaque, {key}, {module}, "{callback.function}", {{}});')
