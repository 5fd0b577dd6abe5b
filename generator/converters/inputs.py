# SPDX-License-Identifier: LGPL-2.1-or-later
"""Input converters: each makes C arguments of one Python argument."""

import re
from dataclasses import dataclass, field, replace
from typing import Dict, Iterable, Mapping, Sequence, Set, Union

from .. import ctext, hints
from ..hints import Hint
from ..model import Api, Function, is_flags
from .common import LETTERS, number_hint, without_gil


def _argument(position: int) -> str:
    """The first arguments of a C function that converts an argument."""
    return f"virPyArgument(call.self, {position}), args[{position}]"


class Input:
    """Base of all input converters.

    virPyParse() converts the arguments whose converters have a letter of their
    own.  The other converters have a condition that does it.
    """

    name: str  # the C argument that gives the Python argument its name
    uuid = ""  # for a UUID: the expression that makes what C takes of "{}", a uuid.UUID
    letter = "O"  # for virPyParse(), which leaves an "O" to the wrapper

    def types(self) -> Dict[str, str]:
        """C argument -> the C type that it must have."""
        raise NotImplementedError

    def declare(self) -> Iterable[str]:
        """C declarations of the variables that it needs."""
        return ()

    def parse(self, position: int) -> str:
        """A C condition that converts the argument, true if it is refused.  Empty where virPyParse() does that."""
        return ""

    def prepare(self, position: int, passed: Mapping[str, str], failure: str) -> Sequence[str]:
        """C statements between the parsing of all arguments and the call.

        passed: C argument -> expression.  failure: the C expression that they return when libvirt fails.
        """
        return ()

    def undo(self) -> Sequence[str]:
        """C statements after the call that clean up if it has failed."""
        return ()

    def arguments(self, position: int) -> Dict[str, str]:
        """C argument -> the expression that is passed for it."""
        raise NotImplementedError

    def resolve(self, api: Api, function: Function) -> "Input":
        """Return the same converter with what only the API description knows."""
        return self

    def hint(self) -> Hint:
        """The type of the Python argument, for type checkers."""
        raise NotImplementedError


@dataclass(frozen=True)
class Scalar(Input):
    """A number."""

    name: str
    ctype: str
    mask: bool = False  # flags or an enum value, for which a negative number means its two's complement

    def types(self) -> Dict[str, str]:
        return {self.name: self.ctype}

    @property
    def letter(self) -> str:  # type: ignore[override]
        return "I" if self.mask else LETTERS[self.ctype][0]

    def arguments(self, position: int) -> Dict[str, str]:
        return {self.name: f"call.in[{position}].{LETTERS[self.ctype][1]}"}

    def hint(self) -> Hint:
        return number_hint(self.ctype)


@dataclass(frozen=True)
class Text(Input):
    """Text.  None becomes NULL, which libvirt refuses unless it has a meaning."""

    name: str
    required: bool = False  # None is refused before the call, because libvirt would crash
    nullable: bool = False  # None has a meaning

    def types(self) -> Dict[str, str]:
        return {self.name: "const char *"}

    @property
    def letter(self) -> str:  # type: ignore[override]
        return "s" if self.required else "z" if self.nullable else "t"

    def arguments(self, position: int) -> Dict[str, str]:
        return {self.name: f"call.in[{position}].text"}

    def hint(self) -> Hint:
        return Hint("str | None" if self.nullable else "str")


@dataclass(frozen=True)
class UUIDText(Text):
    """The text of a UUID."""

    uuid = "str({})"

    def hint(self) -> Hint:
        return Hint("str | uuid.UUID")


@dataclass(frozen=True)
class HandleIn(Input):
    """A capsule.  None becomes NULL."""

    name: str
    handle: str  # "virDomain"
    required: bool = False  # None is refused before the call, because libvirt would crash

    def types(self) -> Dict[str, str]:
        return {self.name: self.handle + "Ptr"}

    @property
    def letter(self) -> str:  # type: ignore[override]
        return "H" if self.required else "h"

    def acquire(self, position: int) -> str:
        """A C condition like that of parse(), for any handle but the first: virPyParse() converts only one handle."""
        required = "true" if self.required else "false"
        return f"virPyAcquireArgument(&call, args, {position}, &{ctext.handle(self.handle)}, {required}) < 0"

    def arguments(self, position: int) -> Dict[str, str]:
        return {self.name: f"call.in[{position}].object"}

    def hint(self) -> Hint:
        # Without None: libvirt refuses NULL for an object, except where it means "any".
        return Hint(self.handle)


@dataclass(frozen=True)
class UUIDIn(Input):
    """The 16 bytes of a UUID."""

    name: str
    uuid = "{}.bytes"

    def types(self) -> Dict[str, str]:
        return {self.name: "const unsigned char *"}

    def declare(self) -> Iterable[str]:
        return (f"unsigned char {ctext.variable(self.name)}[VIR_UUID_BUFLEN];",)

    def parse(self, position: int) -> str:
        return f"virPyAsUUID({_argument(position)}, {ctext.variable(self.name)}) < 0"

    def arguments(self, position: int) -> Dict[str, str]:
        return {self.name: ctext.variable(self.name)}

    def hint(self) -> Hint:
        # A str of 16 characters is accepted, too.  It is not in the hint, because programs pass the text of a UUID by
        # mistake.
        return Hint("ReadableBuffer | uuid.UUID")


@dataclass(frozen=True)
class Plain(Input):
    """An object that a hand-written body converts itself."""

    name: str
    type_hint: Union[str, Hint] = ""

    def types(self) -> Dict[str, str]:
        return {self.name: "PyObject *"}

    def arguments(self, position: int) -> Dict[str, str]:
        return {self.name: f"args[{position}]"}

    def hint(self) -> Hint:
        return hints.as_hint(self.type_hint)


@dataclass(frozen=True)
class Ignored(Input):
    """A Python argument that the C function does not have."""

    name: str
    first: bool = False  # it precedes all other arguments; otherwise it follows them

    def types(self) -> Dict[str, str]:
        return {}

    def arguments(self, position: int) -> Dict[str, str]:
        return {}

    def hint(self) -> Hint:
        return Hint("object")


@dataclass(frozen=True)
class TextsIn(Input):
    """A list of text, with its length as a second C argument.  None becomes NULL."""

    name: str
    count: str
    count_type: str = "unsigned int"

    def types(self) -> Dict[str, str]:
        return {self.name: "const char **", self.count: self.count_type}

    def declare(self) -> Iterable[str]:
        return (f"virPyTexts {ctext.variable(self.name)} VIR_PY_AUTO(virPyFreeTexts) = {{ NULL, 0 }};",)

    def parse(self, position: int) -> str:
        return f"virPyAsTexts({_argument(position)}, &{ctext.variable(self.name)}) < 0"

    def arguments(self, position: int) -> Dict[str, str]:
        variable = ctext.variable(self.name)
        return {self.name: f"(const char **){variable}.array", self.count: f"{variable}.count"}

    def hint(self) -> Hint:
        return hints.or_none(hints.listed("str"))


@dataclass(frozen=True)
class IntsIn(Input):
    """A list of int, with its length as a second C argument: file descriptors, which the caller still owns."""

    name: str
    count: str

    def types(self) -> Dict[str, str]:
        return {self.name: "int *", self.count: "unsigned int"}

    def declare(self) -> Iterable[str]:
        return (f"virPyArray {ctext.variable(self.name)} VIR_PY_AUTO(virPyFreePointer) = {{ NULL, 0 }};",)

    def parse(self, position: int) -> str:
        return f"virPyAsInts({_argument(position)}, &{ctext.variable(self.name)}) < 0"

    def arguments(self, position: int) -> Dict[str, str]:
        variable = ctext.variable(self.name)
        return {self.name: f"{variable}.items", self.count: f"{variable}.count"}

    def hint(self) -> Hint:
        return hints.listed("int")


@dataclass(frozen=True)
class BytesIn(Input):
    """Bytes, with their number as a second C argument.  None becomes NULL."""

    name: str
    size: str
    ctype: str = "const unsigned char *"
    required: bool = False  # only bytes-like objects are accepted: no None, and no str

    def types(self) -> Dict[str, str]:
        return {self.name: self.ctype, self.size: "size_t"}

    def declare(self) -> Iterable[str]:
        return (f"virPyBytes {ctext.variable(self.name)} VIR_PY_AUTO(virPyFreeBytes) = {{ .data = NULL }};",)

    def parse(self, position: int) -> str:
        function = "virPyAsBuffer" if self.required else "virPyAsBytes"
        return f"{function}({_argument(position)}, &{ctext.variable(self.name)}) < 0"

    def arguments(self, position: int) -> Dict[str, str]:
        variable = ctext.variable(self.name)
        return {self.name: f"{variable}.data", self.size: f"{variable}.size"}

    def hint(self) -> Hint:
        return Hint("ReadableBuffer" if self.required else "ReadableBuffer | str | None")


@dataclass(frozen=True)
class CpuMapIn(Input):
    """A tuple of truth values, one for each CPU of the host: the CPU map of a domain."""

    name: str
    length: str
    domain: str  # C argument for the domain, whose host tells the number of CPUs

    def types(self) -> Dict[str, str]:
        return {self.name: "unsigned char *", self.length: "int"}

    def declare(self) -> Iterable[str]:
        return (f"virPyArray {ctext.variable(self.name)} VIR_PY_AUTO(virPyFreePointer) = {{ NULL, 0 }};",)

    def prepare(self, position: int, passed: Mapping[str, str], failure: str) -> Sequence[str]:
        return (
            f"retval = virPyHostCpus({passed[self.domain]});",
            "if (retval < 0)",
            f"    return {failure};",
            f"if (virPyAsCpuMap({_argument(position)}, retval, &{ctext.variable(self.name)}) < 0)",
            "    return NULL;",
        )

    def arguments(self, position: int) -> Dict[str, str]:
        variable = ctext.variable(self.name)
        return {self.name: f"{variable}.items", self.length: f"(int){variable}.count"}

    def hint(self) -> Hint:
        # Any object has a truth value, but other types than these are more likely a mistake.
        return Hint("list[bool] | list[int] | tuple[int, ...]")


@dataclass(frozen=True)
class ParamsIn(Input):
    """A dict of typed parameters, whose types come from the API description, a table, or the values."""

    name: str
    count: str
    macros: str = ""  # prefix of the macros that name the parameters, and whose descriptions name the types
    fields: Mapping[str, str] = field(default_factory=dict)  # parameter -> type, where no description names it
    nullable: bool = False  # None is accepted
    count_type: str = "int"

    def types(self) -> Dict[str, str]:
        return {self.name: "virTypedParameterPtr", self.count: self.count_type}

    def resolve(self, api: Api, function: Function) -> "Input":
        found = {}
        for macro in api.macros:
            if self.macros and macro.name.startswith(self.macros) and macro.string is not None:
                ctype = self.fields.get(macro.string) or _described_type(macro.info)
                if ctype:
                    found[macro.string] = ctype
        count = function.arg(self.count)
        return replace(self, macros="", fields=found or dict(self.fields),
                       count_type=count.type if count is not None and count.type.endswith("int") else self.count_type)

    def declare(self) -> Iterable[str]:
        table = "".join(f'\n        {{ "{name}", VIR_TYPED_PARAM_{ctype} }},' for name, ctype in self.fields.items())
        return (f"static const virPyParamType types[] = {{{table}\n        {{ NULL, 0 }},\n    }};",
                f"virPyParams {ctext.variable(self.name)} VIR_PY_AUTO(virPyFreeParams) = {{ NULL, 0, 0 }};")

    def parse(self, position: int) -> str:
        refused = f"virPyAsParams({_argument(position)}, types, &{ctext.variable(self.name)}) < 0"
        return f"(args[{position}] != Py_None && {refused})" if self.nullable else refused

    def arguments(self, position: int) -> Dict[str, str]:
        variable = ctext.variable(self.name)
        cast = "" if self.count_type == "int" else f"({self.count_type})"
        return {self.name: f"{variable}.array", self.count: f"{cast}{variable}.count"}

    def hint(self) -> Hint:
        # Any, because dict is invariant: a checker would refuse a dict[str, int] for a dict[str, int | str].
        return Hint("dict[str, Any] | None" if self.nullable else "dict[str, Any]")


@dataclass(frozen=True)
class CallbackIn(Input):
    """Callback data, which becomes three C arguments: the callback function, its data, and how to free them."""

    name: str
    data: str
    release: str
    ctype: str  # of the callback

    def types(self) -> Dict[str, str]:
        return {self.name: self.ctype, self.data: "void *", self.release: "virFreeCallback"}

    def declare(self) -> Iterable[str]:
        return ("virPyCallback *callback;",)

    def prepare(self, position: int, passed: Mapping[str, str], failure: str) -> Sequence[str]:
        return (f"callback = virPyNewCallback(args[{position}]);", "if (!callback)", "    return NULL;")

    def undo(self) -> Sequence[str]:
        return ("if (retval < 0)", "    virPyUndoCallback(callback);")

    def arguments(self, position: int) -> Dict[str, str]:
        return {self.name: f"dispatch_{self.ctype}", self.data: "callback", self.release: "virPyDropCallback"}

    def hint(self) -> Hint:
        return Hint("object")


_TYPE = re.compile(r"VIR_TYPED_PARAM_([A-Z]+)")


def _described_type(info: str) -> str:
    """The type that a macro's description names; empty if it names none, or several."""
    named: Set[str] = set(_TYPE.findall(info))
    return named.pop() if len(named) == 1 else ""


@dataclass(frozen=True)
class ParamsLearned(Input):
    """A dict of typed parameters, whose types come from the getter of the same parameters."""

    name: str
    count: str
    getter: str  # C function; it takes the same arguments
    sizer: str = ""  # C function that counts them and returns text, where the getter does not count
    allocates: bool = False  # the getter allocates the array

    def types(self) -> Dict[str, str]:
        return {self.name: "virTypedParameterPtr", self.count: "int"}

    def declare(self) -> Iterable[str]:
        return (f"virPyParams {ctext.variable(self.name)} VIR_PY_AUTO(virPyFreeParams) = {{ NULL, 0, 0 }};",
                "virPyParams known VIR_PY_AUTO(virPyFreeParams) = { NULL, 0, 0 };",
                *(("char *text VIR_PY_AUTO(virPyFreePointer) = NULL;",) if self.sizer else ()))

    def parse(self, position: int) -> str:
        return f"virPyCheckParams({_argument(position)}) < 0"

    def prepare(self, position: int, passed: Mapping[str, str], failure: str) -> Sequence[str]:
        def getter(array: str) -> str:
            replaced = {**passed, self.name: array, self.count: "&known.count"}
            return ", ".join(f"virPyGetterFlags({text})" if is_flags(name) else text
                             for name, text in replaced.items())

        lines = []
        if self.sizer:
            subject = next(iter(passed.values()))
            lines += without_gil(f"text = {self.sizer}({subject}, &known.count);")
            lines += ["if (!text)", f"    return {failure};"]
        else:
            lines += without_gil(f"retval = {self.getter}({getter('&known.array' if self.allocates else 'NULL')});")
            lines += ["if (retval < 0)", f"    return {failure};"]
        if not self.allocates:
            lines += ["if (known.count > 0) {", "    if (virPyNewParams(&known) < 0)", "        return NULL;"]
            lines += ["    " + line for line in without_gil(f"retval = {self.getter}({getter('known.array')});")]
            lines += ["    if (retval < 0)", f"        return {failure};", "}"]
        variable = ctext.variable(self.name)
        return (*lines, f"if (virPyAsKnownParams({_argument(position)}, &known, &{variable}) < 0)",
                "    return NULL;")

    def arguments(self, position: int) -> Dict[str, str]:
        variable = ctext.variable(self.name)
        return {self.name: f"{variable}.array", self.count: f"{variable}.count"}

    def hint(self) -> Hint:
        return Hint("dict[str, Any]")
