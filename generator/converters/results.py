# SPDX-License-Identifier: LGPL-2.1-or-later
"""Kinds of result: what a whole call gives, and how it fails."""

from dataclasses import dataclass, replace
from typing import Dict, Iterable, Mapping, Optional, Sequence, Tuple

from .. import ctext, hints
from ..hints import Hint
from ..model import Api, Function
from .common import FIELD_SCALARS, number_hint
from .outputs import Output


@dataclass(frozen=True)
class Measure:
    """A first call that tells how much room the second one needs."""

    call: str  # C statement
    failed: str  # C condition after it
    empty: str  # C condition under which there is nothing to fetch
    nothing: str  # C expression that is returned then
    allocate: str  # C condition, true when there is no memory


class Result:
    """Base of the kinds of result: what the call gives, and how it fails."""

    ctype: Optional[str] = "int"  # of what the C function returns; None for void
    outputs: Tuple[Output, ...] = ()
    raises = "None"  # what the Python layer takes for a failure
    handle = ""  # class of the object, or objects, that come back
    many = False  # a list of them

    def resolve(self, api: Api, function: Function) -> "Result":
        """The same with what only the API description knows."""
        return self

    def measure(self, function: str, passed: Mapping[str, str]) -> Optional[Measure]:
        """The first of two calls, where there are two.  passed: C argument -> expression."""
        return None

    def helpers(self, name: str) -> Sequence[str]:
        """C functions that stand before the wrapper; name makes theirs unique."""
        return ()

    def end(self, returned: str) -> str:
        """A C expression that does all that follows the call, in place of failed() and convert(), where src/calls.h
        has a function for that.  returned: what the C function returns.
        """
        return ""

    def failed(self) -> str:
        """A C condition on `retval`; empty where convert() sees to it."""
        return ""

    def failure(self) -> str:
        return "virPyFail(call.self)"

    def convert(self) -> str:
        """A C expression with a new reference, or NULL and an exception."""
        raise NotImplementedError

    def annotation(self) -> str:
        return "None"

    def hint(self, function: str) -> Hint:
        """The type of what comes back when the call succeeds; definitions can be named after the C function."""
        raise NotImplementedError


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
    """No result at all."""

    ctype = None
    raises = "never"

    def convert(self) -> str:
        return "virPyNewRef(Py_None)"

    def hint(self, function: str) -> Hint:
        return Hint("None")


@dataclass(frozen=True)
class Number(Result):
    """A number that is returned; `failing` is the one that tells of a failure."""

    ctype: str = "int"
    failing: str = ""
    converter: str = ""  # of another type, where programs know it so
    raises: str = "never"

    def failed(self) -> str:
        return f"retval == {self.failing}" if self.failing else ""

    def failure(self) -> str:
        return f"virPyFailInt(call.self, {'-1' if self.failing.endswith('-1') else self.failing})"

    def convert(self) -> str:
        return f"virPyFrom{self.converter or FIELD_SCALARS[self.ctype]}(retval)"

    def annotation(self) -> str:
        return "int"

    def hint(self, function: str) -> Hint:
        return number_hint(self.ctype)


@dataclass(frozen=True)
class TextResult(Result):
    """Text that is returned, ours to free or libvirt's own."""

    ctype: str = "char *"
    nullable: bool = False  # None is no failure

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
    """What a body written by hand gives."""

    ctype = None
    told: str = "object"  # for the documentation
    typed: str = ""  # type hint
    raises: str = "None"
    handle: str = ""

    def annotation(self) -> str:
        return self.told

    def hint(self, function: str) -> Hint:
        return Hint(self.typed)


@dataclass(frozen=True)
class ErrorResult(Result):
    """libvirt's error object: a tuple, or None."""

    ctype: str = "virErrorPtr"
    raises: str = "never"

    def convert(self) -> str:
        return "virPyFromError(retval)"

    def annotation(self) -> str:
        return "tuple"

    def hint(self, function: str) -> Hint:
        return Hint("_RawError | None")


@dataclass(frozen=True)
class HandlesResult(Result):
    """An array of objects that libvirt allocates, with its length returned."""

    name: str = ""
    handle: str = ""
    many = True

    @property
    def outputs(self) -> Tuple[Output, ...]:  # type: ignore[override]
        return (_HandleArray(self.name, self.handle),)

    def end(self, returned: str) -> str:
        return f"virPyEndHandles(&call, &{ctext.handle(self.handle)}, {ctext.local(self.name)}, {returned})"

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
        return (f"{self.handle}Ptr *{ctext.local(self.name)} = NULL;",)

    def arguments(self) -> Dict[str, str]:
        return {self.name: f"&{ctext.local(self.name)}"}


@dataclass(frozen=True)
class Outputs(Result):
    """What C wrote through pointers: one object, or a container of several."""

    outputs: Tuple[Output, ...] = ()
    container: str = ""  # List, Tuple or Dict; none for a single object
    raises: str = "None"

    def resolve(self, api: Api, function: Function) -> Result:
        return replace(self, outputs=tuple(output.resolve(api, function) for output in self.outputs))

    def failed(self) -> str:
        return "retval < 0"

    def failure(self) -> str:
        return "virPyFail(call.self)" if self.raises == "None" else f"virPyFailInt(call.self, {self.raises})"

    def convert(self) -> str:
        if not self.container:
            return self.outputs[0].convert()
        items = [output.convert() for output in self.outputs]
        if self.container == "Dict":
            items = [f'"{next(iter(output.types()))}", {item}' for output, item in zip(self.outputs, items)]
        return ctext.pack(self.container, items)

    def annotation(self) -> str:
        return self.container.lower() if self.container else self.outputs[0].annotation()

    def hint(self, function: str) -> Hint:
        if not self.container:
            return self.outputs[0].hint()
        return hints.packed(self.container, "_" + function, [
            (next(iter(output.types())), output.hint()) for output in self.outputs])
