# SPDX-License-Identifier: LGPL-2.1-or-later
"""The event dispatchers in C: what libvirt calls, and how Python asks for it."""

from typing import List, Tuple

from .. import ctext, events
from ..plan import ModulePlan
from . import c_callback
from .c_part import entry, head


def _table(family: events.FamilyPlan, generic: str) -> List[str]:
    name = f"{family.family.name}_events"
    return [
        f"static const {generic} {name}[] = {{",
        *(f"    [{event.name}] =\n        ({generic})(void (*)(void))dispatch_{dispatcher.callback.name},"
          for event, dispatcher in family.events),
        "};",
        "",
    ]


def _register(plan: events.FamilyPlan, generic: str) -> List[str]:
    family = plan.family
    table = f"{family.name}_events"
    ids = sorted(int(event.value) for event, _ in plan.events)
    known = f"{ids[0]} to {ids[-1]}" if len(ids) > 1 else str(ids[0])
    return [
        *_table(plan, generic),
        *head(family.register, ("conn", family.parameter, "eventID", "cbData")),
        "    virPyCall call VIR_PY_AUTO(virPyReleaseCall);",
        "    virPyCallback *callback;",
        "    int event;",
        "    int retval;",
        "",
        f'    if (virPyParse(&call, signature_{family.register}, "hOiO", args, nargs - 4,',
        f"                   &{ctext.handle(family.owner)}) < 0 ||",
        f"        virPyAcquireArgument(&call, args, 1, &{ctext.handle(family.subject)}, false) < 0)",
        "        return NULL;",
        "",
        "    event = call.in[2].i;",
        f"    if (event < 0 || event >= (int)(sizeof({table}) / sizeof({table}[0])) || !{table}[event])",
        "        return virPyRefuse(call.self, -1, VIR_ERR_INVALID_ARG,",
        f'                           "there is no event %d of a {family.subject}: eventID must be {known}", event);',
        "    callback = virPyNewCallback(args[3]);",
        "    if (!callback)",
        "        return NULL;",
        "    virPyUnblockThreads(&call);",
        f"    retval = {family.register}(call.in[0].object, call.in[1].object, event, {table}[event],",
        f"    {' ' * len(f'retval = {family.register}(')}callback, virPyDropCallback);",
        "    virPyBlockThreads(&call);",
        "    if (retval < 0)",
        "        virPyUndoCallback(callback);",
        "    return virPyEndStatus(&call, retval);",
        "}",
        "",
    ]


def content(whole: ModulePlan) -> Tuple[List[str], List[str]]:
    """Dispatchers and register functions of all families, and their entries in the table of methods."""
    families = events.plan(whole)
    functions: List[str] = []
    methods: List[str] = []
    done = set()
    for plan in families:
        for _, dispatcher in plan.events:
            if dispatcher.callback.name not in done:
                done.add(dispatcher.callback.name)
                functions += c_callback.dispatcher(dispatcher.callback, dispatcher.payload,
                                                   f'virPyDispatch(opaque, "conn", NULL, "{dispatcher.method}", {{}});')
        register = whole.api.functions[plan.family.register]
        functions += _register(plan, register.args[3].type)
        methods.append(entry(register.name))
    return functions, methods
