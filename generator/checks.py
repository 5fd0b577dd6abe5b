# SPDX-License-Identifier: LGPL-2.1-or-later
"""Rules of the bindings table, checked before anything is written."""

import ast
import keyword
from dataclasses import replace
from typing import Dict, Optional, Set, Tuple

from . import inference
from .bindings.schema import Row
from .errors import GeneratorError
from .plan import ModulePlan, Plan, plan_function


def _error(row: Row, text: str) -> GeneratorError:
    return GeneratorError(f"the row of {row.cname} {text}", *row.place)


def _unique_rows(whole: ModulePlan) -> None:
    seen: Dict[str, Row] = {}
    for row in whole.module.rows:
        if row.cname in seen:
            raise _error(row, f"comes twice: the first one is at line {seen[row.cname].place[1]} of its file")
        if not row.why:
            raise _error(row, "does not say why it is needed")
        seen[row.cname] = row


def _known_names(row: Row, plan: Plan) -> None:
    """Refuse names that the function does not have: nothing would use what the row says about them."""
    for name, converter in row.inputs.items():
        if name != converter.name:
            raise _error(row, f"has an input '{converter.name}' under the name '{name}'")
        if row.hand is not None and name not in row.hand:
            raise _error(row, f"has an input '{name}' that is no argument of the hand-written body")
    known = {plan.parameter(item) for item in plan.parameters} | ({"self"} if plan.owner else set())
    for text in filter(None, (row.parent, row.keep_alive)):
        for node in ast.walk(ast.parse(text, mode="eval")):
            if isinstance(node, ast.Name) and node.id not in known:
                raise _error(row, f"uses '{node.id}' in '{text}', which is no parameter of the function")


def _adds_to_inference(row: Row, plan: Plan, whole: ModulePlan) -> None:
    """Refuse a row that repeats what is inferred anyway: it would hide that the rules suffice."""
    handles = {handle.cname: handle for handle in whole.module.handles}
    try:
        inferred = plan_function(plan.function, None, whole.module, whole.api, handles)
    except inference.NotInferable:
        return
    if replace(plan, origin=inferred.origin) == inferred:
        raise _error(row, "says nothing that inference does not say anyway")


def _python_names(whole: ModulePlan) -> None:
    """Refuse reserved words, and names that two functions would have."""
    python_names: Dict[Tuple[Optional[str], str], Plan] = {}
    extension_names: Set[str] = set()
    for plan in whole.plans:
        place = (whole.api.path, plan.function.line)
        if keyword.iskeyword(plan.name):
            raise GeneratorError(f"{plan.function.name} would be called '{plan.name}', a reserved word", *place)
        other = python_names.setdefault((plan.owner, plan.name), plan)
        if other is not plan:
            raise GeneratorError(f"{plan.function.name} and {other.function.name} would both be called "
                                 f"{plan.owner or whole.module.name}.{plan.name}", *place)
        if plan.module_name in extension_names:
            raise GeneratorError(f"two functions would be called {whole.module.extension}.{plan.module_name}", *place)
        extension_names.add(plan.module_name)


def _defaults_last(whole: ModulePlan) -> None:
    """Refuse a parameter without a default behind one with a default: Python does not accept it."""
    rows = whole.module.rows_by_name()
    for plan in whole.plans:
        row = rows.get(plan.function.name)
        place = row.place if row is not None and row.defaults else (whole.api.path, plan.function.line)
        earlier = ""
        for item in plan.parameters:
            if item.name in plan.defaults:
                earlier = item.name
            elif earlier:
                raise GeneratorError(f"{plan.function.name}: '{item.name}' has no default, but '{earlier}' before it "
                                     "has one", *place)


def check(whole: ModulePlan) -> None:
    """Raise GeneratorError for the first rule that is broken."""
    _unique_rows(whole)
    rows = whole.module.rows_by_name()
    for plan in whole.plans:
        row = rows.get(plan.function.name)
        if row is not None:
            _known_names(row, plan)
        if row is not None and row.hand is None:
            _adds_to_inference(row, plan, whole)
    _python_names(whole)
    _defaults_last(whole)
