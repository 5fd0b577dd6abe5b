# SPDX-License-Identifier: LGPL-2.1-or-later
"""One plan for each function: everything that the emitters have to know about it."""

from dataclasses import dataclass, field, replace
from typing import Dict, List, Mapping, Optional, Sequence, Set, Tuple, Union

from . import converters, inference, naming, parameters
from .bindings import schema
from .errors import GeneratorError
from .hints import Hint
from .model import Api, Function, is_flags


@dataclass(frozen=True)
class Plan:
    function: Function
    module_name: str  # in the extension module
    name: str  # in Python
    owner: Optional[str]  # class, or None for a function of the module
    inputs: Tuple[converters.Input, ...]  # in the order of the C arguments
    result: converters.Result
    raises: str  # which result means failure; see bindings/schema.py
    defaults: Mapping[str, object] = field(default_factory=dict)  # C argument -> default
    parent: str = ""  # Python expression for the parent of the object that is returned
    keep_gil: bool = False
    origin: str = "inferred"  # or "row" or "hand"
    renamed: Mapping[str, str] = field(default_factory=dict)  # C argument -> parameter in Python
    keep_alive: str = ""  # Python expression for objects that the returned object keeps alive
    sets_flag: str = ""  # attribute of the object that is True once the method was called
    frees_callbacks: bool = False  # the C function may free callback data
    resets: bool = False  # the wrapper resets the thread's error before the call
    subject: str = ""  # C argument for the object whose method it is; without one, that is the first input
    keyed: Optional[Hint] = None  # type of the dict of typed parameters that it takes or returns, if its keys are known

    def parameter(self, item: converters.Input) -> str:
        """The name of an input in Python."""
        return self.renamed.get(item.name) or naming.parameter(item.name)

    def hint(self, item: converters.Input) -> Hint:
        """The type of a parameter, for type checkers."""
        return parameters.named(item.hint(), self.keyed)

    @property
    def result_hint(self) -> Hint:
        """The type of the result, for type checkers; without a text, it is in the stub of a fragment."""
        hint = self.result.hint(self.function.name)
        if not hint.text and self.keyed is not None:
            return Hint("", self.keyed.needs)
        return parameters.named(hint, self.keyed)

    @property
    def self_input(self) -> Optional[converters.Input]:
        """The input for the object whose method it is; None for a function of the module."""
        if not self.owner:
            return None
        return next((item for item in self.inputs if item.name == self.subject), self.inputs[0])

    @property
    def argument_converters(self) -> Sequence[Union[converters.Input, converters.Output]]:
        """The converters of all C arguments."""
        return _argument_converters(self.inputs, self.result)

    @property
    def parameters(self) -> Tuple[converters.Input, ...]:
        """The parameters of the Python function, without self."""
        return tuple(item for item in self.inputs if item is not self.self_input)


@dataclass(frozen=True)
class LeftOut:
    function: Function
    why: str
    on_purpose: bool  # a row says so, or a rule


@dataclass
class ModulePlan:
    """The functions that one module binds, and those that it does not."""

    module: schema.Module
    api: Api
    plans: List[Plan] = field(default_factory=list)
    left_out: List[LeftOut] = field(default_factory=list)

    @property
    def lacking(self) -> Set[str]:
        """Names of plain functions that have rows, but no C function, because libvirt is too old."""
        return set() if self.module.own_classes else {
            row.name or naming.function_name(row.cname, self.module.strip)
            for row in self.module.rows if row.cname not in self.api.functions}

    def of_class(self, owner: Optional[str]) -> List[Plan]:
        return [plan for plan in self.plans if plan.owner == owner]


def _defaults(inputs: Tuple[converters.Input, ...], function: Function, row: schema.Row,
              module: schema.Module) -> Dict[str, object]:
    """C argument -> default in Python: those of the row, and those of trailing arguments that are optional."""
    given = row.defaults
    found: Dict[str, object] = {}
    trailing = True  # only arguments with a default follow
    for item in reversed(inputs):
        arg = function.arg(item.name)
        if item.name in given:
            if given[item.name] is schema.REQUIRED:
                trailing = False
            else:
                found[item.name] = given[item.name]
        elif not module.defaults or not trailing:
            trailing = False
        elif is_flags(item.name):
            found[item.name] = 0
        elif arg is not None and arg.info.lstrip().startswith(("optional", "(optional)")):
            found[item.name] = 0 if arg.type in converters.SCALARS else None
        else:
            trailing = False
    return found


def _parent(handle: schema.Handle, owner: Optional[str], inputs: Tuple[converters.Input, ...]) -> str:
    """The Python expression for the parent of a new object."""
    if handle.parent is None:
        return ""
    candidates = [item.name for item in inputs
                  if isinstance(item, converters.HandleIn) and item.handle == handle.parent]
    if owner is not None and candidates[owner == handle.parent:]:
        raise inference.NotInferable(f"result '{handle.pointer}': whether it belongs to that of the object, or to "
                                     f"'{candidates[-1]}'")
    if owner == handle.parent:
        return "self"
    if owner is not None:
        return f"self._{handle.parameter}"
    for item in inputs:
        if isinstance(item, converters.HandleIn) and item.handle == handle.parent:
            return naming.parameter(item.name)
    raise GeneratorError(f"a function that returns a {handle.cname} takes no {handle.parent}")


def _check_types(converter: Union[converters.Input, converters.Output], function: Function) -> None:
    """Raise ConverterError if the function has other arguments than the converter needs."""
    for name, ctype in converter.types().items():
        arg = function.arg(name)
        if arg is None:
            raise converters.ConverterError(f"it has no argument '{name}'")
        if arg.type != ctype:
            raise converters.ConverterError(f"its argument '{name}' is '{arg.type}', not '{ctype}'")


def _row_inputs(row: Optional[schema.Row], function: Function, api: Api) -> List[converters.Input]:
    """The input converters of the row."""
    return [item.resolve(api, function) for item in row.inputs.values()] if row is not None else []


def _by_hand(row: schema.Row, function: Function, api: Api,
             handles: Mapping[str, schema.Handle]) -> List[converters.Input]:
    """The input converters of a hand-written body: those of the row, inferred ones, or the objects themselves."""
    found: List[converters.Input] = []
    for name in row.hand or ():
        arg = function.arg(name)
        item = inference.infer_input(arg, function, api, handles.keys()) if arg is not None else None
        found.append(row.inputs.get(name) or item or converters.Plain(name))
    return found


def _row_result(row: schema.Row, function: Function, api: Api) -> Optional[converters.Result]:
    """The result converter of the row, or None; raise GeneratorError if the row does not fit the C signature."""
    try:
        result = row.result.resolve(api, function) if row.result is not None else None
        if row.hand is None:
            for converter in _argument_converters(_row_inputs(row, function, api), result):
                _check_types(converter, function)
        if result is not None and row.hand is None and (result.ctype or "void") != function.returns:
            raise converters.ConverterError(f"it returns '{function.returns}', not '{result.ctype or 'void'}'")
        for name in (*row.defaults, *row.parameters):
            if function.arg(name) is None and name not in (row.hand or ()):
                raise converters.ConverterError(f"it has no argument '{name}'")
    except converters.ConverterError as error:
        raise GeneratorError(f"the row of {row.cname} does not fit {function.prototype()}: {error}",
                             *row.place) from None
    return result if result is not None or row.hand is None else converters.HandResult()


def _argument_converters(inputs: Sequence[converters.Input],
                         result: Optional[converters.Result]) -> List[Union[converters.Input, converters.Output]]:
    return [*inputs, *(result.outputs if result is not None else ())]


def _origin(row: Optional[schema.Row]) -> str:
    if row is None:
        return "inferred"
    return "row" if row.hand is None else "hand"


def _converters(function: Function, row: Optional[schema.Row], api: Api, handles: Mapping[str, schema.Handle]
                ) -> Tuple[Tuple[converters.Input, ...], converters.Result]:
    """The converters of the row, and inferred ones for everything that the row does not have."""
    known = _row_result(row, function, api) if row is not None else None
    if row is not None and row.hand is not None and known is not None:
        return tuple(_by_hand(row, function, api, handles)), known
    given = _row_inputs(row, function, api)
    covered = {name for converter in _argument_converters(given, known) for name in converter.types()}
    inferred, result = inference.infer(function, api, handles.keys(), covered, known)
    order = {arg.name: place for place, arg in enumerate(function.args)}

    def place_of(item: converters.Input) -> int:
        first = isinstance(item, converters.Ignored) and item.first
        return order.get(item.name, -1 if first else len(order))

    return tuple(sorted((*given, *inferred), key=place_of)), result


def _nullable_by_default(inputs: Tuple[converters.Input, ...],
                         defaults: Mapping[str, object]) -> Tuple[converters.Input, ...]:
    """Text that is None by default can be NULL."""
    return tuple(replace(item, nullable=True)
                 if isinstance(item, converters.Text) and defaults.get(item.name, "") is None else item
                 for item in inputs)


def plan_function(function: Function, row: Optional[schema.Row], module: schema.Module, api: Api,
                  handles: Mapping[str, schema.Handle]) -> Plan:
    """The plan of one function.  Raises inference.NotInferable if neither signature nor row says enough."""
    inputs, result = _converters(function, row, api, handles)
    if len(inputs) > converters.MOST_INPUTS:
        raise inference.NotInferable(f"{len(inputs)} arguments, and a wrapper has room for {converters.MOST_INPUTS}")
    subject = naming.subject(function, list(handles)) if module.own_classes else None
    owner = naming.pointee(subject.type) if subject is not None else None
    origin = _origin(row)
    if row is None:
        row = schema.Row(function.name, "")  # all of its fields have their defaults
    if row.owner:
        subject, owner = None, row.owner
    name = row.name or (naming.method_name(function.name) if module.own_classes
                        else naming.function_name(function.name, module.strip))
    parent = ""
    if result.handle:
        parent = row.parent or _parent(handles[result.handle], owner, inputs)
    defaults = _defaults(inputs, function, row, module)
    return Plan(function, row.module_name or function.name, name, owner, _nullable_by_default(inputs, defaults),
                result, row.raises or result.raises, defaults, parent, keep_gil=row.keep_gil, origin=origin,
                renamed=row.parameters, keep_alive=row.keep_alive, sets_flag=row.sets_flag,
                frees_callbacks=row.frees_callbacks, resets=function.module in module.stale_files,
                subject=subject.name if subject is not None else "",
                keyed=parameters.type_of(module.parameters, function.name, api, {
                    key: ctype for item in inputs if isinstance(item, converters.ParamsIn)
                    for key, ctype in item.fields.items()}))


def plan_module(module: schema.Module, api: Api) -> ModulePlan:
    """The plans for all functions of an API description."""
    whole = ModulePlan(module, api)
    rows = module.rows_by_name()
    handles = {handle.cname: handle for handle in module.handles}
    emitted_otherwise = {name for handle in module.handles for name in (handle.release, handle.ref)}
    emitted_otherwise |= {family.register for family in module.families}
    for function in api.functions.values():
        row = rows.get(function.name)
        if function.name in emitted_otherwise or function.module in module.skip_files:
            continue
        if row is not None and row.skip:
            whole.left_out.append(LeftOut(function, row.why, True))
        else:
            try:
                whole.plans.append(plan_function(function, row, module, api, handles))
            except inference.NotInferable as error:
                whole.left_out.append(LeftOut(function, str(error), False))
    released = {plan.result.release for plan in whole.plans if isinstance(plan.result, converters.Records)}
    whole.left_out = [LeftOut(item.function, "the wrappers call it to free a struct", True)
                      if item.function.name in released else item for item in whole.left_out]
    return whole
