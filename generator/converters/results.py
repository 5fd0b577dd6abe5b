# SPDX-License-Identifier: LGPL-2.1-or-later
"""Result converters: what a whole call returns to Python, and how it fails."""

from dataclasses import dataclass, field, replace
from typing import Dict, Iterable, List, Mapping, Optional, Sequence, Tuple, Union

from .. import ctext, hints
from ..hints import Hint
from ..model import Api, Function
from .common import FIELD_SCALARS, ConverterError, number_hint
from .fields import Item, Key, Keys, check_keys, pack, packed_hint
from .outputs import Output


@dataclass(frozen=True)
class Measure:
    """A first call that finds out how much room the second one needs."""

    call: str  # C statement
    failed: str  # C condition after it: it has failed
    empty: str  # C condition after it: there is nothing to fetch
    nothing: str  # C expression that is returned then
    allocate: str  # C condition that allocates the room; true when there is no memory


class Result:
    """Base of all result converters."""

    ctype: Optional[str] = "int"  # what the C function returns; None for void
    outputs: Tuple[Output, ...] = ()
    raises = "None"  # what the Python layer takes for a failure
    handle = ""  # class of the object, or of the objects, that the call returns
    many = False  # the call returns a list of objects

    def resolve(self, api: Api, function: Function) -> "Result":
        """Return the same converter with what only the API description knows."""
        return self

    def measure(self, function: str, passed: Mapping[str, str]) -> Optional[Measure]:
        """The first of two calls, where two are needed.  passed: C argument -> expression."""
        return None

    def helpers(self, wrapper: str) -> Sequence[str]:
        """C functions that precede the wrapper; they have its name as part of theirs."""
        return ()

    def end(self, returned: str) -> str:
        """A C expression that replaces failed() and convert(), where src/calls.h has a function for both.

        returned: the C expression of what the C function returns.
        """
        return ""

    def failed(self) -> str:
        """A C condition on `retval`: the call has failed.  Empty where convert() handles the failure."""
        return ""

    def failure(self) -> str:
        """A C expression that records the failure, and that the wrapper returns."""
        return "virPyFail(call.self)"

    def convert(self, wrapper: str) -> str:
        """The C expression that makes a new reference, or NULL and an exception."""
        raise NotImplementedError

    def annotation(self) -> str:
        """The type of what the call returns, for documentation."""
        return "None"

    def hint(self, function: str) -> Hint:
        """The type of what a successful call returns; definitions can be named after the C function."""
        raise NotImplementedError

    def items(self, function: Function) -> Sequence[Item]:
        """The items of what the call returns, where it is a container whose items have names."""
        return ()


@dataclass(frozen=True)
class Status(Result):
    """A number, with -1 for failure."""

    outputs: Tuple[Output, ...] = ()
    raises = "-1"

    def end(self, returned: str) -> str:
        return f"virPyEndStatus(&call, {returned})"

    def failure(self) -> str:
        return "virPyFailInt(call.self, -1)"

    def annotation(self) -> str:
        return "int"

    def hint(self, function: str) -> Hint:
        return Hint("int")


@dataclass(frozen=True)
class Nothing(Result):
    """None, from a C function that returns void and cannot fail."""

    ctype = None
    raises = "never"

    def convert(self, wrapper: str) -> str:
        return "virPyNewRef(Py_None)"

    def hint(self, function: str) -> Hint:
        return Hint("None")


@dataclass(frozen=True)
class Number(Result):
    """A number that the C function returns."""

    ctype: str = "int"
    failing: str = ""  # C expression of the number that means failure; empty if there is none
    raises: str = "never"

    def failed(self) -> str:
        return f"retval == {self.failing}" if self.failing else ""

    def failure(self) -> str:
        return f"virPyFailInt(call.self, {'-1' if self.failing.endswith('-1') else self.failing})"

    def convert(self, wrapper: str) -> str:
        return f"virPyFrom{FIELD_SCALARS[self.ctype]}(retval)"

    def annotation(self) -> str:
        return "int"

    def hint(self, function: str) -> Hint:
        return number_hint(self.ctype)


@dataclass(frozen=True)
class TextResult(Result):
    """Text that the C function returns: the caller's to free if "char *", libvirt's own if "const char *"."""

    ctype: str = "char *"
    nullable: bool = False  # NULL is no failure

    def end(self, returned: str) -> str:
        return f"virPyEnd{'Allocated' if self.ctype == 'char *' else 'String'}(&call, {returned})"

    def annotation(self) -> str:
        return "str"

    def hint(self, function: str) -> Hint:
        return Hint("str | None" if self.nullable else "str")


@dataclass(frozen=True)
class HandleResult(Result):
    """A new object."""

    handle: str = ""

    @property
    def ctype(self) -> str:  # type: ignore[override]
        return self.handle + "Ptr"

    def end(self, returned: str) -> str:
        return f"virPyEndHandle(&call, &{ctext.handle(self.handle)}, {returned})"

    def annotation(self) -> str:
        return self.handle

    def hint(self, function: str) -> Hint:
        return Hint(self.handle)


@dataclass(frozen=True)
class HandResult(Result):
    """What a hand-written body returns.

    The row has its type, unless the Python function is hand-written, too: then
    the stub of the fragment has the type, and the row has none.
    """

    ctype = None
    type_hint: Union[str, Hint] = ""
    description: str = ""  # of the type, for documentation; by default the hint itself
    raises: str = "None"
    handle: str = ""

    def annotation(self) -> str:
        return self.description or hints.as_hint(self.type_hint).text

    def hint(self, function: str) -> Hint:
        return hints.as_hint(self.type_hint)


# Without a text if the last call on a connection has not failed at all.
_ERROR = hints.record(
    "Error", "RawError", code="int", domain="int", message="str | Any", level="int", str1="str | None",
    str2="str | None", str3="str | None", int1="int", int2="int")
_RAW_ERROR = hints.alias("RawError", hints.Hint(
    "tuple[int, int, str | Any, int, str | None, str | None, str | None, int, int]", _ERROR.needs))


@dataclass(frozen=True)
class ErrorResult(Result):
    """An error of libvirt, as a tuple, or None."""

    ctype: str = "virErrorPtr"
    raises: str = "never"

    def convert(self, wrapper: str) -> str:
        return "virPyFromError(retval)"

    def annotation(self) -> str:
        return "tuple"

    def hint(self, function: str) -> Hint:
        return hints.or_none(_RAW_ERROR)


@dataclass(frozen=True)
class HandlesResult(Result):
    """Objects in an array that libvirt allocated, whose length the C function returns: a list."""

    name: str = ""
    handle: str = ""
    many = True

    @property
    def outputs(self) -> Tuple[Output, ...]:  # type: ignore[override]
        return (_HandleArray(self.name, self.handle),)

    def end(self, returned: str) -> str:
        return f"virPyEndHandles(&call, &{ctext.handle(self.handle)}, {ctext.variable(self.name)}, {returned})"

    def annotation(self) -> str:
        return f"list of {self.handle}"

    def hint(self, function: str) -> Hint:
        return Hint(f"list[{self.handle}]")


@dataclass(frozen=True)
class _HandleArray(Output):
    name: str
    handle: str

    def types(self) -> Dict[str, str]:
        return {self.name: self.handle + "Ptr **"}

    def declare(self) -> Iterable[str]:
        return (f"{self.handle}Ptr *{ctext.variable(self.name)} = NULL;",)

    def arguments(self) -> Dict[str, str]:
        return {self.name: f"&{ctext.variable(self.name)}"}


@dataclass(frozen=True)
class Outputs(Result):
    """What libvirt wrote through pointers: one object, or a container of several."""

    outputs: Tuple[Output, ...] = ()
    container: str = ""  # List, Tuple or Dict; empty for a single object
    keys: Keys = field(default_factory=dict)  # C argument -> its key in the container
    raises: str = "None"

    def resolve(self, api: Api, function: Function) -> Result:
        resolved = replace(self, outputs=tuple(output.resolve(api, function) for output in self.outputs))
        if self.keys and not self.container:
            raise ConverterError("a single object has no keys")
        resolved.items(function)  # raises for keys that do not fit
        return resolved

    def _container_items(self, function: Optional[Function] = None) -> List[Item]:
        found: Dict[str, Item] = {}
        for output in self.outputs:
            arg = function.arg(output.name) if function is not None else None
            found[output.name] = output.as_item(self.keys.get(output.name, Key()), arg.info if arg is not None else "")
        check_keys(self.keys, found, "the result")
        return list(found.values())

    def items(self, function: Function) -> Sequence[Item]:
        return self._container_items(function) if self.container else self.outputs[0].items()

    def failed(self) -> str:
        return "retval < 0"

    def failure(self) -> str:
        return "virPyFail(call.self)" if self.raises == "None" else f"virPyFailInt(call.self, {self.raises})"

    def convert(self, wrapper: str) -> str:
        return pack(self.container, self._container_items()) if self.container else self.outputs[0].convert()

    def annotation(self) -> str:
        return self.container.lower() if self.container else self.outputs[0].annotation()

    def hint(self, function: str) -> Hint:
        if not self.container:
            return self.outputs[0].hint()
        return packed_hint(self.container, function, self._container_items())
