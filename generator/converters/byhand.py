# SPDX-License-Identifier: LGPL-2.1-or-later
"""Converters around hand-written C functions, for conversions that only one or two functions of libvirt need.

The generated wrapper makes the call as for any other function: it parses the
arguments, releases the GIL, and records a failure.  Only the conversion itself
is in src/.

The texts of a converter are C with placeholders.  {NAME} is the expression
that is passed for the C argument NAME; the name of the converter itself means
its variable.
"""

from dataclasses import dataclass, field, replace
from typing import Dict, Iterable, Mapping, Optional, Sequence, Tuple, Union

from .. import ctext, hints
from ..hints import Hint
from ..model import Api, Function
from .common import SCALARS, ConverterError
from .fields import Item
from .inputs import Input, Scalar
from .outputs import Output
from .results import Outputs


def _declaration(ctype: str, name: str, release: str) -> str:
    """An empty variable, which is released at the end of the call."""
    cleanup = f" VIR_PY_AUTO({release})" if release else ""
    value = "NULL" if ctype.endswith(("*", "Ptr")) else "0" if ctype in SCALARS else "{ 0 }"
    return f"{ctype}{'' if ctype.endswith('*') else ' '}{name}{cleanup} = {value};"


def _types(names: Iterable[str], function: Function) -> Dict[str, str]:
    """The C types of these arguments, whatever they are: the C compiler checks the expressions."""
    found = {}
    for name in names:
        arg = function.arg(name)
        if arg is None:
            raise ConverterError(f"it has no argument '{name}'")
        found[name] = arg.type
    return found


@dataclass(frozen=True)
class InputByHand(Input):
    """One Python argument, by int FUNCTION(const virPyWhere *where, PyObject *object, USES..., VARIABLE *value).

    The function returns 0, or -1 with an exception.
    """

    name: str  # the C argument that gives the Python argument its name
    function: str
    variable: str  # C type
    passed: Mapping[str, str]  # C argument -> expression
    uses: Tuple[str, ...] = ()  # expressions that the function gets as additional arguments
    release: str = ""  # C function that releases what the variable holds
    type_hint: Union[str, Hint] = ""
    ctypes: Mapping[str, str] = field(default_factory=dict)  # C argument -> C type, set by resolve()

    def resolve(self, api: Api, function: Function) -> Input:
        return replace(self, ctypes=_types(self.passed, function))

    def types(self) -> Dict[str, str]:
        return dict(self.ctypes)

    def declare(self) -> Iterable[str]:
        return (_declaration(self.variable, ctext.variable(self.name), self.release),)

    def _refused(self, position: int, passed: Mapping[str, str]) -> str:
        uses = "".join(text.format_map(passed) + ", " for text in self.uses)
        return (f"{self.function}(virPyArgument(call.self, {position}), args[{position}], "
                f"{uses}&{ctext.variable(self.name)}) < 0")

    def parse(self, position: int) -> str:
        return "" if self.uses else self._refused(position, {})

    def prepare(self, position: int, passed: Mapping[str, str], failure: str) -> Sequence[str]:
        return (f"if ({self._refused(position, passed)})", "    return NULL;") if self.uses else ()

    def arguments(self, position: int) -> Dict[str, str]:
        return {name: text.format_map({self.name: ctext.variable(self.name)}) for name, text in self.passed.items()}

    def hint(self) -> Hint:
        return hints.as_hint(self.type_hint)


@dataclass(frozen=True)
class Unpassed(Scalar):
    """Flags that Python code may pass, but of which libvirt knows none yet: C gets 0."""

    def arguments(self, position: int) -> Dict[str, str]:
        return {self.name: "0"}


@dataclass(frozen=True)
class OutputByHand(Output):
    """A Python object made of what libvirt wrote through an argument."""

    name: str
    conversion: str  # C expression for a new reference, or NULL and an exception; `retval` is what libvirt returned
    type_hint: Union[str, Hint] = ""
    description: str = ""  # of the type, for documentation; by default the hint itself
    variable: str = ""  # C type; by default the one that the argument points to
    room: str = ""  # number of elements, if the variable is an array
    passed: Mapping[str, str] = field(default_factory=dict)  # C argument -> expression; by default the address
    # C condition that is evaluated before the call: true if there is an exception, or if libvirt has failed.
    unprepared: str = ""
    release: str = ""  # C function that releases what the variable holds
    ctypes: Mapping[str, str] = field(default_factory=dict)  # C argument -> C type, set by resolve()

    def resolve(self, api: Api, function: Function) -> Output:
        ctypes = _types(self.passed or (self.name,), function)
        pointee = ctypes[self.name][:-1].rstrip()
        return replace(self, ctypes=ctypes, variable=self.variable or pointee,
                       passed=self.passed or {self.name: f"&{{{self.name}}}"})

    def types(self) -> Dict[str, str]:
        return dict(self.ctypes)

    def declare(self) -> Iterable[str]:
        if self.room:
            return (f"{self.variable} {ctext.variable(self.name)}[{self.room}];",)
        return (_declaration(self.variable, ctext.variable(self.name), self.release),)

    def prepare(self, passed: Mapping[str, str]) -> Iterable[str]:
        if not self.unprepared:
            return ()
        return (f"if ({self.unprepared.format_map({**passed, self.name: ctext.variable(self.name)})})",
                "    return virPyFail(call.self);")

    def arguments(self) -> Dict[str, str]:
        return {name: text.format_map({self.name: ctext.variable(self.name)}) for name, text in self.passed.items()}

    def convert(self) -> str:
        return self.conversion.format_map({self.name: ctext.variable(self.name)})

    def annotation(self) -> str:
        return self.description or self.hint().text

    def hint(self) -> Hint:
        return hints.as_hint(self.type_hint)


@dataclass(frozen=True)
class ResultByHand(Outputs):
    """A Python object made of what libvirt returned and of several outputs; {NAME} is the object of an output."""

    conversion: str = ""  # C expression for a new reference, or NULL and an exception
    ctype: str = "int"
    type_hint: Union[str, Hint] = ""
    description: str = ""  # of the type, for documentation; by default the hint itself
    fails: Optional[str] = None  # C condition: the call has failed; by default NULL or a negative number
    failing: str = ""  # C expression that records the failure

    def failed(self) -> str:
        if self.fails is not None:
            return self.fails
        return "!retval" if self.ctype.endswith("*") else "retval < 0"

    def failure(self) -> str:
        return self.failing or super().failure()

    def items(self, function: Function) -> Sequence[Item]:
        return ()

    def convert(self, wrapper: str) -> str:
        return self.conversion.format_map({output.name: output.convert() for output in self.outputs})

    def annotation(self) -> str:
        return self.description or self.hint("").text

    def hint(self, function: str) -> Hint:
        return hints.as_hint(self.type_hint)
