# SPDX-License-Identifier: LGPL-2.1-or-later
"""The C function that libvirt calls back: it hands on to Python."""

from typing import List, Sequence

from .. import ctext, events
from ..bindings.schema import Callback
from ..model import Function
from ..plan import ModulePlan


def dispatcher(callback: Function, payload: Sequence[events.Payload], call: str) -> List[str]:
    """call: the C call with {} for the packed arguments."""
    used = {name for item in payload for name in item.names}
    data = callback.args[-1]
    args = [f"{arg.type}{'' if arg.type.endswith('*') else ' '}{ctext.variable(arg.name)}"
            + ("" if arg.name in used else " VIR_PY_UNUSED") for arg in callback.args[:-1]] + ["void *opaque"]
    assert data.type == "void *"
    returns = callback.returns != "void"
    packed = ctext.pack("Tuple", [item.convert for item in payload])
    return [
        *(line for item in payload for line in item.helper),
        f"static {callback.returns}",
        ctext.statement(f"dispatch_{callback.name}({', '.join(args)})", indent=""),
        "{",
        "    virPyEntry entry;",
        "",
        "    if (!virPyEnterCallback(&entry, opaque))",
        f"        return{' -1' if returns else ''};",
        ctext.statement(call.format(packed)),
        "    virPyLeavePython(&entry);",
        *(["    return 0;"] if returns else []),
        "}",
        "",
    ]


def emit(callback: Callback, whole: ModulePlan) -> List[str]:
    """A callback that belongs to no family of events."""
    function, payload = events.plan_callback(callback, whole)
    if callback.module or callback.on:
        key, module = (ctext.string(name) if name else "NULL" for name in (callback.on, callback.module))
        call = f'virPyDispatch(opaque, {key}, {module}, "{callback.function}", {{}});'
    else:
        call = f'virPyDispatchMethod(opaque, "{callback.function}", {{}});'
    return dispatcher(function, payload, call)
