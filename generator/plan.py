# SPDX-License-Identifier: LGPL-2.1-or-later
"""One plan for each function: all that the emitters need to know of it."""

from dataclasses import dataclass, field, replace
from typing import Dict, List, Mapping, Optional, Sequence, Set, Tuple, Union

from . import converters, inference, naming
from .bindings import schema
from .errors import GeneratorError
from .model import Api, Function


@dataclass(frozen=True)
class Plan:
    function: Function
    module_name: str  # in the extension module
    name: str  # in Python
    owner: Optional[str]  # class, or None for a function of the module
    inputs: Tuple[converters.Input, ...]  # in C order
    result: converters.Result
    raises: str  # see bindings/schema.py
    defaults: Mapping[str, object] = field(default_factory=dict)  # C argument -> default
    parent: str = ""  # Python expression: the parent of what comes back
    keep_gil: bool = False
    origin: str = "inferred"  # or "row" or "hand"
    renamed: Mapping[str, str] = field(default_factory=dict)  # C argument -> parameter in Python
    keep_alive: str = ""  # Python expression of what the object that comes back keeps alive
    sets_flag: str = ""  # attribute of the object that is True once the method was called
    frees_callbacks: bool = False  # may free callback data
    resets: bool = False  # the thread's error has to be reset before the call
    subject: str = ""  # C argument that is the object itself; of a method without one, it is the first input

    def parameter(self, item: converters.Input) -> str:
        """The name of an input in Python."""
        return self.renamed.get(item.name) or naming.parameter(item.name)

    @property
    def self_input(self) -> Optional[converters.Input]:
        """The input that is the object itself."""
        if not self.owner:
            return None
        return next((item for item in self.inputs if item.name == self.subject), self.inputs[0])

    @property
    def argument_converters(self) -> Sequence[Union[converters.Input, converters.Output]]:
        """All that stands for C arguments."""
        return _kinds(self.inputs, self.result)

    @property
    def parameters(self) -> Tuple[converters.Input, ...]:
        """What the Python function takes beside self."""
        return tuple(item for item in self.inputs if item is not self.self_input)


@dataclass(frozen=True)
class LeftOut:
    function: Function
    why: str
    wanted: bool  # no row says that it should be left out


@dataclass
class ModulePlan:
    """What one module binds, and what it does not."""

    module: schema.Module
    api: Api
    plans: List[Plan] = field(default_factory=list)
    left_out: List[LeftOut] = field(default_factory=list)

    @property
    def lacking(self) -> Set[str]:
        """Names of plain functions of which there are rows, but not the C function: libvirt is too old."""
        return set() if self.module.own_classes else {
            row.name or naming.function_name(row.cname, self.module.strip)
            for row in self.module.rows if row.cname not in self.api.functions}

    def of_class(self, owner: Optional[str]) -> List[Plan]:
        return [plan for plan in self.plans if plan.owner == owner]


def _defaults(inputs: Tuple[converters.Input, ...], function: Function, row: Optional[schema.Row],
              module: schema.Module) -> Dict[str, object]:
    """Defaults of the arguments: those of the row, and what the API calls optional as far as nothing else follows."""
    given = row.defaults if row is not None else {}
    found: Dict[str, object] = {}
    last = True  # no argument without a default follows
    for item in reversed(inputs):
        arg = function.arg(item.name)
        if item.name in given:
            if given[item.name] is schema.REQUIRED:
                last = False
            else:
                found[item.name] = given[item.name]
        elif not module.defaults or not last:
            last = False
        elif item.name == "flags":
            found[item.name] = 0
        elif arg is not None and arg.info.lstrip().startswith(("optional", "(optional)")):
            found[item.name] = 0 if arg.type in converters.SCALARS else None
        else:
            last = False
    return found


def _parent(handle: schema.Handle, owner: Optional[str], inputs: Tuple[converters.Input, ...]) -> str:
    """The object that a new one is made with."""
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


def _check_types(kind: Union[converters.Input, converters.Output], function: Function) -> None:
    for name, ctype in kind.types().items():
        arg = function.arg(name)
        if arg is None:
            raise converters.ConverterError(f"it has no argument '{name}'")
        if arg.type != ctype:
            raise converters.ConverterError(f"its argument '{name}' is '{arg.type}', not '{ctype}'")


def _given(row: Optional[schema.Row], function: Function, api: Api) -> List[converters.Input]:
    """The inputs that the row tells."""
    return [kind.resolve(api, function) for kind in row.inputs.values()] if row is not None else []


def _by_hand(row: schema.Row, function: Function, api: Api,
             handles: Mapping[str, schema.Handle]) -> List[converters.Input]:
    """The inputs of a body written by hand: plain C types where inference knows them, else the object."""
    found: List[converters.Input] = []
    for name in row.hand or ():
        arg = function.arg(name)
        item = inference.infer_input(arg, function, api, handles.keys()) if arg is not None else None
        found.append(row.inputs.get(name) or item or converters.Plain(name))
    return found


def _from_row(row: schema.Row, function: Function, api: Api) -> Optional[converters.Result]:
    """The row's result, held against the signature."""
    try:
        result = row.result.resolve(api, function) if row.result is not None else None
        if row.hand is None:
            for kind in _kinds(_given(row, function, api), result):
                _check_types(kind, function)
        if result is not None and row.hand is None and (result.ctype or "void") != function.returns:
            raise converters.ConverterError(f"it returns '{function.returns}', not '{result.ctype or 'void'}'")
        for name in (*row.defaults, *row.parameters):
            if function.arg(name) is None and name not in (row.hand or ()):
                raise converters.ConverterError(f"it has no argument '{name}'")
    except converters.ConverterError as error:
        raise GeneratorError(f"the row of {row.cname} does not fit {function.prototype()}: {error}",
                             *row.place) from None
    return result if result is not None or row.hand is None else converters.HandResult()


def _kinds(inputs: Sequence[converters.Input],
           result: Optional[converters.Result]) -> List[Union[converters.Input, converters.Output]]:
    """All that stands for C arguments."""
    return [*inputs, *(result.outputs if result is not None else ())]


def _origin(row: Optional[schema.Row]) -> str:
    if row is None:
        return "inferred"
    return "row" if row.hand is None else "hand"


def plan_function(function: Function, row: Optional[schema.Row], module: schema.Module, api: Api,
                  handles: Mapping[str, schema.Handle]) -> Plan:
    """Raises inference.NotInferable where neither the signature nor a row says enough."""
    known = _from_row(row, function, api) if row is not None else None
    if row is not None and row.hand is not None and known is not None:
        inputs, result = tuple(_by_hand(row, function, api, handles)), known
    else:
        given = _given(row, function, api)
        covered = {name for kind in _kinds(given, known) for name in kind.types()}
        inferred, result = inference.infer(function, api, handles.keys(), covered, known)
        order = {arg.name: place for place, arg in enumerate(function.args)}
        inputs = tuple(sorted((*given, *inferred), key=lambda item: order.get(
            item.name, -1 if isinstance(item, converters.Ignored) and item.first else len(order))))
    if len(inputs) > converters.MOST_INPUTS:
        raise inference.NotInferable(f"{len(inputs)} arguments, and a wrapper has room for {converters.MOST_INPUTS}")
    subject = naming.subject(function, [handle.cname for handle in module.handles]) if module.own_classes else None
    owner = naming.pointee(subject.type) if subject is not None else None
    if row is not None and row.owner:
        subject, owner = None, row.owner
    name = row.name if row is not None and row.name else (
        naming.method_name(function.name) if module.own_classes else naming.function_name(function.name, module.strip))
    parent = ""
    if result.handle:
        parent = row.parent if row is not None and row.parent else _parent(handles[result.handle], owner, inputs)
    defaults = _defaults(inputs, function, row, module)
    unset = [name for name, default in defaults.items() if default is None]
    inputs = tuple(replace(item, nullable=True) if isinstance(item, converters.Text) and item.name in unset else item
                   for item in inputs)
    origin = _origin(row)
    if row is None:
        row = schema.Row(function.name, "")  # which says nothing
    return Plan(function, row.module_name or function.name, name, owner, inputs, result, row.raises or result.raises,
                defaults, parent, keep_gil=row.keep_gil, origin=origin,
                renamed=row.parameters, keep_alive=row.keep_alive, sets_flag=row.sets_flag,
                frees_callbacks=row.frees_callbacks, resets=function.module in module.stale_files,
                subject=subject.name if subject is not None else "")


def plan_module(module: schema.Module, api: Api) -> ModulePlan:
    """Plans all that the API description of a module offers."""
    whole = ModulePlan(module, api)
    rows = module.rows_by_name()
    handles = {handle.cname: handle for handle in module.handles}
    inner = {name for handle in module.handles for name in (handle.release, handle.ref)}
    registers = {family.register for family in module.families}
    for function in api.functions.values():
        row = rows.get(function.name)
        if function.name in inner or function.name in registers or function.module in module.skip_files:
            continue
        if row is not None and row.skip:
            whole.left_out.append(LeftOut(function, row.why, True))
        else:
            try:
                whole.plans.append(plan_function(function, row, module, api, handles))
            except inference.NotInferable as error:
                whole.left_out.append(LeftOut(function, str(error), False))
    released = {made.result.release for made in whole.plans if isinstance(made.result, converters.Records)}
    whole.left_out = [LeftOut(item.function, "frees a record that the wrappers make a Python object of", True)
                      if item.function.name in released else item for item in whole.left_out]
    return whole
