# SPDX-License-Identifier: LGPL-2.1-or-later
"""Rules that the table keeps, checked before anything is written."""

import ast
import keyword
from typing import Dict, Optional, Set, Tuple

from . import inference
from .bindings.schema import Row
from .errors import GeneratorError
from .plan import ModulePlan, Plan, plan_function


def _fault(row: Row, text: str) -> GeneratorError:
    return GeneratorError(f"the row of {row.cname} {text}", *row.place)


def _unique_rows(whole: ModulePlan) -> None:
    seen: Dict[str, Row] = {}
    for row in whole.module.rows:
        if row.cname in seen:
            raise _fault(row, f"comes twice: the other is at line {seen[row.cname].place[1]} of its file")
        if not row.why:
            raise _fault(row, "does not say why it is needed")
        seen[row.cname] = row


def _names_what_is_there(row: Row, made: Plan) -> None:
    """The emitters only look up what a row names; a name that nothing has would just be ignored."""
    for name, kind in row.inputs.items():
        if name != kind.name:
            raise _fault(row, f"has an input '{kind.name}' under the name '{name}'")
        if row.hand is not None and name not in row.hand:
            raise _fault(row, f"has an input '{name}' that the body by hand does not take")
    known = {made.parameter(item) for item in made.parameters} | ({"self"} if made.owner else set())
    for text in filter(None, (row.parent, row.keep_alive)):
        for node in ast.walk(ast.parse(text, mode="eval")):
            if isinstance(node, ast.Name) and node.id not in known:
                raise _fault(row, f"speaks of '{node.id}' in '{text}', which is no parameter")


def _says_something(row: Row, made: Plan, whole: ModulePlan) -> None:
    """A row that inference makes superfluous only hides what the rules are."""
    handles = {handle.cname: handle for handle in whole.module.handles}
    try:
        inferred = plan_function(made.function, None, whole.module, whole.api, handles)
    except inference.NotInferable:
        return
    same = (made.name, made.module_name, made.inputs, made.result, made.raises, made.defaults, made.parent,
            made.keep_gil, made.renamed, made.sets_flag, made.frees_callbacks)
    if same == (inferred.name, inferred.module_name, inferred.inputs, inferred.result, inferred.raises,
                inferred.defaults, inferred.parent, inferred.keep_gil, inferred.renamed,
                inferred.sets_flag, inferred.frees_callbacks):
        raise _fault(row, "says nothing that inference does not say anyway")


def _python_names(whole: ModulePlan) -> None:
    taken: Dict[Tuple[Optional[str], str], Plan] = {}
    in_c: Set[str] = set()
    for made in whole.plans:
        place = (whole.api.path, made.function.line)
        if keyword.iskeyword(made.name):
            raise GeneratorError(f"{made.function.name} would be called '{made.name}', a reserved word", *place)
        other = taken.setdefault((made.owner, made.name), made)
        if other is not made:
            raise GeneratorError(f"{made.function.name} and {other.function.name} would both be called "
                                 f"{made.owner or whole.module.name}.{made.name}", *place)
        if made.module_name in in_c:
            raise GeneratorError(f"{whole.module.extension}.{made.module_name} comes twice", *place)
        in_c.add(made.module_name)


def _defaults_last(whole: ModulePlan) -> None:
    rows = whole.module.rows_by_name()
    for made in whole.plans:
        row = rows.get(made.function.name)
        place = row.place if row is not None and row.defaults else (whole.api.path, made.function.line)
        seen = ""
        for item in made.parameters:
            if item.name in made.defaults:
                seen = item.name
            elif seen:
                raise GeneratorError(f"{made.function.name}: '{item.name}' has no default, but '{seen}' before it has",
                                     *place)


def check(whole: ModulePlan) -> None:
    """Raises GeneratorError for the first rule that is broken."""
    _unique_rows(whole)
    rows = whole.module.rows_by_name()
    for made in whole.plans:
        row = rows.get(made.function.name)
        if row is not None:
            _names_what_is_there(row, made)
        if row is not None and row.hand is None:
            _says_something(row, made, whole)
    _python_names(whole)
    _defaults_last(whole)
