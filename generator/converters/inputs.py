# SPDX-License-Identifier: LGPL-2.1-or-later
"""Kinds of argument: what Python gives, C gets."""

import re
from dataclasses import dataclass, field, replace
from typing import Dict, Iterable, Mapping, Sequence, Set

from .. import ctext, hints
from ..hints import Hint
from ..model import Api, Function
from .common import LETTERS, number_hint, unlocked


class Input:
    """Base of the kinds that take one Python argument.

    virPyParse() converts those that have a letter of their own; the others have a condition.
    """

    name: str  # the C argument that it is named after
    letter = "O"  # for virPyParse(); "O" is left to the wrapper

    def types(self) -> Dict[str, str]:
        """C argument -> the C type that it must have."""
        raise NotImplementedError

    def declare(self) -> Iterable[str]:
        return ()

    def parse(self, position: int) -> str:
        """A C condition that is true when the argument was refused; none where virPyParse() sees to it."""
        return ""

    def prepare(self, position: int, passed: Mapping[str, str], failure: str) -> Sequence[str]:
        """C statements between the parsing of all arguments and the call.

        They return `failure` where libvirt fails.  passed: C argument -> expression.
        """
        return ()

    def undo(self) -> Sequence[str]:
        """C statements after the call that see to its failure."""
        return ()

    def arguments(self, position: int) -> Dict[str, str]:
        """C argument -> the expression that is passed for it."""
        raise NotImplementedError

    def resolve(self, api: Api, function: Function) -> "Input":
        """The same with what only the API description knows."""
        return self

    def hint(self) -> Hint:
        """The type that the Python object must have."""
        raise NotImplementedError


@dataclass(frozen=True)
class Scalar(Input):
    """A number."""

    name: str
    ctype: str
    mask: bool = False  # bits or the value of an enum, of which a negative number is the two's complement

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
    """Text.  libvirt refuses a NULL unless it stands for something; where libvirt does not survive it, we do."""

    name: str
    required: bool = False  # None is refused without a call
    nullable: bool = False  # None stands for something

    def types(self) -> Dict[str, str]:
        return {self.name: "const char *"}

    @property
    def letter(self) -> str:  # type: ignore[override]
        return "s" if self.required else "z" if self.nullable else "t"

    def arguments(self, position: int) -> Dict[str, str]:
        return {self.name: f"call.in[{position}].text"}

    def hint(self) -> Hint:
        # None goes to libvirt, which refuses it with an error of its own.
        return Hint("str" if self.required else "str | None")


@dataclass(frozen=True)
class HandleIn(Input):
    """A capsule; None is NULL unless libvirt does not survive that."""

    name: str
    handle: str  # "virDomain"
    required: bool = False

    def types(self) -> Dict[str, str]:
        return {self.name: self.handle + "Ptr"}

    @property
    def letter(self) -> str:  # type: ignore[override]
        return "H" if self.required else "h"

    def hold(self, position: int) -> str:
        """What parse() is for one that is not the first handle: there the letters end."""
        required = "true" if self.required else "false"
        return f"virPyAcquireArgument(&call, args, {position}, &{ctext.handle(self.handle)}, {required}) < 0"

    def arguments(self, position: int) -> Dict[str, str]:
        return {self.name: f"call.in[{position}].object"}

    def hint(self) -> Hint:
        # None would be NULL, which libvirt refuses for an object wherever it does not stand for "any".
        return Hint(self.handle)


@dataclass(frozen=True)
class UUIDIn(Input):
    """The 16 bytes of a UUID."""

    name: str

    def types(self) -> Dict[str, str]:
        return {self.name: "const unsigned char *"}

    def declare(self) -> Iterable[str]:
        return (f"unsigned char {ctext.local(self.name)}[VIR_UUID_BUFLEN];",)

    def parse(self, position: int) -> str:
        return f"virPyAsUUID(call.self, args, {position}, {ctext.local(self.name)}) < 0"

    def arguments(self, position: int) -> Dict[str, str]:
        return {self.name: ctext.local(self.name)}

    def hint(self) -> Hint:
        # A str of 16 characters is taken, too; but the one that programs have by mistake is the text of a UUID.
        return Hint("ReadableBuffer")


@dataclass(frozen=True)
class Plain(Input):
    """An object that a body written by hand converts itself."""

    name: str
    typed: str = ""  # type hint of what it takes

    def types(self) -> Dict[str, str]:
        return {self.name: "PyObject *"}

    def arguments(self, position: int) -> Dict[str, str]:
        return {self.name: f"args[{position}]"}

    def hint(self) -> Hint:
        return Hint(self.typed)


@dataclass(frozen=True)
class Ignored(Input):
    """An argument that programs pass and C does not take."""

    name: str
    first: bool = False  # before all others; else behind them

    def types(self) -> Dict[str, str]:
        return {}

    def arguments(self, position: int) -> Dict[str, str]:
        return {}

    def hint(self) -> Hint:
        return Hint("object")


@dataclass(frozen=True)
class TextsIn(Input):
    """A list of text with its length; None is NULL."""

    name: str
    count: str
    count_type: str = "unsigned int"

    def types(self) -> Dict[str, str]:
        return {self.name: "const char **", self.count: self.count_type}

    def declare(self) -> Iterable[str]:
        return (f"virPyTexts {ctext.local(self.name)} VIR_PY_AUTO(virPyFreeTexts) = {{ NULL, 0, NULL }};",)

    def parse(self, position: int) -> str:
        return f"virPyAsTexts(call.self, args, {position}, &{ctext.local(self.name)}) < 0"

    def arguments(self, position: int) -> Dict[str, str]:
        local = ctext.local(self.name)
        return {self.name: f"{local}.array", self.count: f"{local}.count"}

    def hint(self) -> Hint:
        return hints.or_none(hints.listed("str"))


@dataclass(frozen=True)
class IntsIn(Input):
    """A list of int with its length: file descriptors, which stay the caller's."""

    name: str
    count: str

    def types(self) -> Dict[str, str]:
        return {self.name: "int *", self.count: "unsigned int"}

    def declare(self) -> Iterable[str]:
        return (f"virPyInts {ctext.local(self.name)} VIR_PY_AUTO(virPyFreeInts) = {{ NULL, 0 }};",)

    def parse(self, position: int) -> str:
        return f"virPyAsInts(call.self, args, {position}, &{ctext.local(self.name)}) < 0"

    def arguments(self, position: int) -> Dict[str, str]:
        local = ctext.local(self.name)
        return {self.name: f"{local}.array", self.count: f"{local}.count"}

    def hint(self) -> Hint:
        return hints.listed("int")


@dataclass(frozen=True)
class BytesIn(Input):
    """Bytes with their number; None is NULL."""

    name: str
    size: str
    ctype: str = "const unsigned char *"
    required: bool = False  # and no text either

    def types(self) -> Dict[str, str]:
        return {self.name: self.ctype, self.size: "size_t"}

    def declare(self) -> Iterable[str]:
        return (f"virPyBytes {ctext.local(self.name)} VIR_PY_AUTO(virPyFreeBytes) = {{ .data = NULL }};",)

    def parse(self, position: int) -> str:
        function = "virPyAsBuffer" if self.required else "virPyAsBytes"
        return f"{function}(call.self, args, {position}, &{ctext.local(self.name)}) < 0"

    def arguments(self, position: int) -> Dict[str, str]:
        local = ctext.local(self.name)
        return {self.name: f"{local}.data", self.size: f"{local}.size"}

    def hint(self) -> Hint:
        return Hint("ReadableBuffer" if self.required else "ReadableBuffer | str | None")


@dataclass(frozen=True)
class CpuMapIn(Input):
    """A tuple of truth values, one for each CPU of the domain's host."""

    name: str
    length: str
    domain: str  # C argument

    def types(self) -> Dict[str, str]:
        return {self.name: "unsigned char *", self.length: "int"}

    def declare(self) -> Iterable[str]:
        return (f"virPyCpuMap {ctext.local(self.name)} VIR_PY_AUTO(virPyFreeCpuMap) = {{ NULL, 0 }};",)

    def prepare(self, position: int, passed: Mapping[str, str], failure: str) -> Sequence[str]:
        return (
            f"retval = virPyHostCpus({passed[self.domain]});",
            "if (retval < 0)",
            f"    return {failure};",
            f"if (virPyAsCpuMap(call.self, args, {position}, retval, &{ctext.local(self.name)}) < 0)",
            "    return NULL;",
        )

    def arguments(self, position: int) -> Dict[str, str]:
        local = ctext.local(self.name)
        return {self.name: f"{local}.map", self.length: f"{local}.length"}

    def hint(self) -> Hint:
        # By truth value; of what else has one, a checker had better ask.
        return Hint("list[bool] | list[int] | tuple[int, ...]")


@dataclass(frozen=True)
class ParamsIn(Input):
    """A dict of typed parameters; types come from a table, or from the values."""

    name: str
    count: str
    macros: str = ""  # prefix of the macros whose descriptions tell the types
    fields: Mapping[str, str] = field(default_factory=dict)  # field -> type, where they do not
    nullable: bool = False
    count_type: str = "int"

    def types(self) -> Dict[str, str]:
        return {self.name: "virTypedParameterPtr", self.count: self.count_type}

    def resolve(self, api: Api, function: Function) -> "Input":
        found = {}
        for macro in api.macros:
            if self.macros and macro.name.startswith(self.macros) and macro.string is not None:
                told = self.fields.get(macro.string) or _told_type(macro.info)
                if told:
                    found[macro.string] = told
        count = function.arg(self.count)
        return replace(self, macros="", fields=found or dict(self.fields),
                       count_type=count.type if count is not None and count.type.endswith("int") else self.count_type)

    def declare(self) -> Iterable[str]:
        table = "".join(f'\n        {{ "{name}", VIR_TYPED_PARAM_{kind} }},' for name, kind in self.fields.items())
        return (f"static const virPyParamType types[] = {{{table}\n        {{ NULL, 0 }},\n    }};",
                f"virPyParams {ctext.local(self.name)} VIR_PY_AUTO(virPyFreeParams) = {{ NULL, 0, 0 }};")

    def parse(self, position: int) -> str:
        function = "virPyAsParamsOrNone" if self.nullable else "virPyAsParams"
        return f"{function}(call.self, args, {position}, types, &{ctext.local(self.name)}) < 0"

    def arguments(self, position: int) -> Dict[str, str]:
        local = ctext.local(self.name)
        cast = "" if self.count_type == "int" else f"({self.count_type})"
        return {self.name: f"{local}.array", self.count: f"{cast}{local}.count"}

    def hint(self) -> Hint:
        # Any: a dict of nothing but numbers would be no dict of numbers and text.
        return Hint("dict[str, Any] | None" if self.nullable else "dict[str, Any]")


@dataclass(frozen=True)
class CallbackIn(Input):
    """Callback data: one argument for a callback, what it is given back, and how that is freed."""

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


def _told_type(info: str) -> str:
    """The type that a macro's description speaks of, if it is just one."""
    told: Set[str] = set(_TYPE.findall(info))
    return told.pop() if len(told) == 1 else ""


@dataclass(frozen=True)
class ParamsLearned(Input):
    """A dict of typed parameters whose types the getter tells."""

    name: str
    count: str
    getter: str  # C function; it takes the same arguments
    sizer: str = ""  # C function that tells how many there are, where the getter does not
    allocates: bool = False  # the getter makes the array

    def types(self) -> Dict[str, str]:
        return {self.name: "virTypedParameterPtr", self.count: "int"}

    def declare(self) -> Iterable[str]:
        return (f"virPyParams {ctext.local(self.name)} VIR_PY_AUTO(virPyFreeParams) = {{ NULL, 0, 0 }};",
                "virPyParams known VIR_PY_AUTO(virPyFreeParams) = { NULL, 0, 0 };",
                *(("char *scheduler VIR_PY_AUTO(virPyFreePointer) = NULL;",) if self.sizer else ()))

    def parse(self, position: int) -> str:
        return f"virPyCheckParams(call.self, args, {position}) < 0"

    def prepare(self, position: int, passed: Mapping[str, str], failure: str) -> Sequence[str]:
        others = [f"virPyGetterFlags({value})" if name == "flags" else value for name, value in passed.items()
                  if name not in (self.name, self.count)]

        def get(array: str) -> str:
            place = list(passed).index(self.name)
            return f"{self.getter}({', '.join([*others[:place], array, '&known.count', *others[place:]])})"

        lines = []
        if self.sizer:
            lines += unlocked(f"scheduler = {self.sizer}({others[0]}, &known.count);")
            lines += ["if (!scheduler)", f"    return {failure};"]
        elif self.allocates:
            lines += unlocked(f"retval = {get('&known.array')};")
            lines += ["if (retval < 0)", f"    return {failure};"]
        else:
            lines += unlocked(f"retval = {get('NULL')};")
            lines += ["if (retval < 0)", f"    return {failure};"]
        if not self.allocates:
            lines += ["if (known.count > 0) {", "    if (virPyNewParams(&known) < 0)", "        return NULL;"]
            lines += ["    " + line for line in unlocked(f"retval = {get('known.array')};")]
            lines += ["    if (retval < 0)", f"        return {failure};", "}"]
        return (*lines, f"if (virPyAsKnownParams(call.self, args, {position}, &known, &{ctext.local(self.name)}) < 0)",
                "    return NULL;")

    def arguments(self, position: int) -> Dict[str, str]:
        local = ctext.local(self.name)
        return {self.name: f"{local}.array", self.count: f"{local}.count"}

    def hint(self) -> Hint:
        return Hint("dict[str, Any]")
