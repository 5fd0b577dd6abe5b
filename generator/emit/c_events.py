# SPDX-License-Identifier: LGPL-2.1-or-later
"""Events in C: the functions that libvirt calls back, and the wrappers that register them."""

from typing import List, Tuple

from .. import ctext, events, layout
from ..plan import ModulePlan
from . import c_callback
from .c_part import head, method_entry


def _table_name(plan: events.FamilyPlan) -> str:
    return f"{plan.family.name}_events"


def _table(plan: events.FamilyPlan, generic: str) -> List[str]:
    """The table from event ids to functions.  generic: the C type of its entries."""
    lines = [f"static const {generic} {_table_name(plan)}[] = {{"]
    for event, dispatcher in plan.events:
        lines += [f"    [{event.name}] =", f"        ({generic})(void (*)(void))",
                  f"            dispatch_{dispatcher.callback.name},"]
    return [*lines, "};", ""]


def _register(plan: events.FamilyPlan) -> List[str]:
    """The wrapper that registers a callback for an event."""
    family, name, table = plan.family, plan.register.name, _table_name(plan)
    owner, subject, event = (arg.name for arg in plan.register.args[:3])
    ids = sorted(int(event.value) for event, _ in plan.events)
    known = f"{ids[0]} to {ids[-1]}" if len(ids) > 1 else str(ids[0])
    return [
        *_table(plan, plan.register.args[3].type),
        *head(name, (owner, subject, event, events.CALLBACK_DATA)),
        "    virPyCall call VIR_PY_AUTO(virPyReleaseCall);",
        "    virPyCallback *callback;",
        "    int event;",
        "    int retval;",
        "",
        *layout.block([
            f'if (virPyParse(&call, signature_{name}, "hOiO", args, nargs - 4, &{ctext.handle(family.owner)}) < 0 || '
            f"virPyAcquireArgument(&call, args, 1, &{ctext.handle(family.subject)}, false) < 0)",
            "    return NULL;",
            "",
            "event = call.in[2].i;",
            f"if (event < 0 || event >= (int)(sizeof({table}) / sizeof({table}[0])) || !{table}[event])",
            f'    return virPyRefuse(call.self, -1, VIR_ERR_INVALID_ARG, "there is no event %d of a {family.subject}: '
            f'{event} must be {known}", event);',
            "callback = virPyNewCallback(args[3]);",
            "if (!callback)",
            "    return NULL;",
            "virPyUnblockThreads(&call);",
            f"retval = {name}(call.in[0].object, call.in[1].object, event, {table}[event], callback, "
            "virPyDropCallback);",
            "virPyBlockThreads(&call);",
            "if (retval < 0)",
            "    virPyUndoCallback(callback);",
            "return virPyEndStatus(&call, retval);",
        ]),
        "}",
        "",
    ]


def content(whole: ModulePlan) -> Tuple[List[str], List[str]]:
    """The functions for all families of events, and their entries in the table of methods."""
    functions: List[str] = []
    methods: List[str] = []
    emitted = set()
    for plan in events.plan(whole):
        owner = ctext.string(plan.register.args[0].name)
        for _, dispatcher in plan.events:
            if dispatcher.callback.name not in emitted:
                emitted.add(dispatcher.callback.name)
                call = f'virPyDispatch(opaque, {owner}, NULL, "{dispatcher.method}", {{}});'
                functions += c_callback.dispatcher(dispatcher.callback, dispatcher.payload, call)
        functions += _register(plan)
        methods.append(method_entry(plan.register.name))
    return functions, methods
