# SPDX-License-Identifier: LGPL-2.1-or-later
"""Finds the converters for a function from its C signature alone.

Inference never guesses.  It does not understand a pointer whose type leaves
open whether libvirt reads or writes through it, or that may point to an array
of unknown length.  A function with such an argument needs a row in the
bindings; without a row it is left out.
"""

import re
from typing import AbstractSet, List, Optional, Sequence, Tuple, TypeVar

from . import converters, naming
from .model import Api, Argument, Function, is_flags


class NotInferable(Exception):
    """The C signature does not say enough to bind the function; the text names each argument or result in question."""


_INTEGERS = frozenset(("int", "unsigned int", "long", "unsigned long", "long long", "unsigned long long", "size_t"))


def _is_count(arg: Argument) -> bool:
    """Whether it is an integer, or a pointer to one, that may be the length of an array.  Flags never are."""
    ctype = arg.type[:-2] if arg.type.endswith(" *") else arg.type
    return ctype in _INTEGERS and not is_flags(arg.name)


# Names of lengths: nparams, ncpus, count, maxnames, buflen.  Such an argument need not be next to its array.
_COUNT_NAME = re.compile(r"n[a-z]+s|n?(count|size|len|length)|(max|num|count|n_)\w*|\w*(count|size|len|length)", re.I)


def _may_be_array(args: Sequence[Argument], place: int) -> bool:
    """Whether the argument at this place may be an array, because another argument may be its length."""
    return any(_is_count(arg) and (abs(near - place) == 1 or _COUNT_NAME.fullmatch(arg.name))
               for near, arg in enumerate(args) if near != place)


# Functions that fetch something write to their typed parameters; all others read them, unless the description of the
# argument says that it is written.
_READER = re.compile(r"vir\w*(Get|List|Query|Fetch|Read|Stats|Info)(?![a-z])")
_WRITTEN = re.compile(r"\b(return(s|ed)?|output|filled|stored?|populated|retrieved?)\b", re.I)

# Words in the description of text that may be NULL.
_NULLABLE = re.compile(r"\b[Oo]ptional\b|\bNULL\b")
# Words in the description of a number that is a mask or an enum: the name of the enum, or of a constant.
_ENUM = re.compile(r"\bvir[A-Z]\w+|\bVIR_[A-Z]\w+|\b(bitwise|binary)-OR\b")


def is_mask(arg: Argument) -> bool:
    """Whether it is a mask or an enum, for which a negative number is accepted.

    All other unsigned numbers are sizes, counts and indexes.
    """
    return arg.type == "unsigned int" and (is_flags(arg.name) or _ENUM.search(arg.info) is not None)


_Converter = TypeVar("_Converter", converters.Output, converters.Result)


class _Inference:
    """Finds the converters for the arguments of one function that no row covers."""

    def __init__(self, function: Function, api: Api, handles: AbstractSet[str]):
        self.function = function
        self.api = api
        self.handles = handles
        self.inputs: List[converters.Input] = []
        self.outputs: List[converters.Output] = []
        self.arrays: List[converters.Result] = []  # results that are arrays; a function can have only one

    def arguments(self, covered: AbstractSet[str]) -> None:
        """Find converters for all arguments but the covered ones; raise NotInferable that names all without one."""
        problems = []
        place = 0
        while place < len(self.function.args):
            if self.function.args[place].name in covered:
                place += 1
                continue
            try:
                place += self.argument(place)
            except NotInferable as error:
                problems.append(str(error))
                place += 1
        if problems:
            raise NotInferable("; ".join(problems))

    # Each of the following functions returns how many arguments it has found a converter for, beginning at a place.

    def argument(self, place: int) -> int:
        arg = self.function.args[place]
        converted = self.pair(place) or self.input(arg) or self.output(place)
        if not converted:
            raise NotInferable(f"argument '{arg.type} {arg.name}'")
        return converted

    def pair(self, place: int) -> int:
        """For an array with its length behind it."""
        args = self.function.args
        if place + 1 == len(args):
            return 0
        arg, count = args[place], args[place + 1]
        if arg.type == "const char *" and count.type == "size_t":
            raise NotInferable(f"argument '{arg.type} {arg.name}': it is text, or bytes of a given size")
        if arg.type == "const unsigned char *" and count.type == "size_t":
            self.inputs.append(converters.BytesIn(arg.name, count.name))
        elif arg.type == "const char **" and count.type in ("unsigned int", "int"):
            self.inputs.append(converters.TextsIn(arg.name, count.name, count.type))
        elif arg.type == "virTypedParameterPtr" and count.type in ("unsigned int", "int") \
                and not _READER.match(self.function.name) and not _WRITTEN.search(arg.info):
            self.inputs.append(converters.ParamsIn(arg.name, count.name, count_type=count.type))
        elif arg.type == "virTypedParameterPtr *" and count.type in ("int *", "unsigned int *"):
            self.outputs.append(converters.ParamsOut(arg.name, count.name, count.type))
        elif arg.type == "virTypedParameterPtr" and count.type == "int *":
            self.arrays.append(converters.ParamsFilled(arg.name, count.name))
        elif arg.type in ("char ** const", "char **") and count.type == "int":
            counter = self.counter(arg, count)
            if counter is None:
                return 0
            self.arrays.append(converters.NamesFilled(arg.name, count.name, counter, arg.type))
        else:
            return 0
        return 2

    def counter(self, names: Argument, room: Argument) -> Optional[str]:
        """The function that counts the names that this one lists: virConnectNumOfNetworks for virConnectListNetworks.

        It has the same arguments but for the array of names and its length.
        """
        name = re.sub(r"List(?=[A-Z])", "NumOf", self.function.name, count=1)
        found = self.api.functions.get(name) if name != self.function.name else None
        rest = [arg.type for arg in self.function.args if arg not in (names, room)]
        return name if found is not None and [arg.type for arg in found.args] == rest else None

    def input(self, arg: Argument) -> int:
        if naming.pointee(arg.type) in self.handles:
            self.inputs.append(converters.HandleIn(arg.name, naming.pointee(arg.type)))
        elif arg.type in converters.SCALARS:
            self.inputs.append(converters.Scalar(arg.name, arg.type, is_mask(arg)))
        elif arg.type == "const char *" and arg.name == "uuidstr":
            self.inputs.append(converters.UUIDText(arg.name))
        elif arg.type == "const char *":
            self.inputs.append(converters.Text(arg.name, nullable=_NULLABLE.search(arg.info) is not None))
        elif arg.type == "const unsigned char *" and arg.name == "uuid":
            self.inputs.append(converters.UUIDIn(arg.name))
        else:
            return 0
        return 1

    def output(self, place: int) -> int:
        args = self.function.args
        arg = args[place]
        if arg.type.endswith("Ptr **") or arg.type == "char ***":
            self.arrays.append(self.allocated(arg))
            return 1
        if _may_be_array(args, place):
            return 0
        if arg.type.endswith(" *") and arg.type[:-2] in converters.SCALARS:
            self.outputs.append(converters.ScalarOut(arg.name, arg.type[:-2]))
        elif arg.type == "unsigned char *" and arg.name == "uuid":
            self.outputs.append(converters.UUIDOut(arg.name))
        elif arg.type == "char *" and self.function.name.endswith("GetUUIDString"):
            self.outputs.append(converters.UUIDOut(arg.name, text=True))
        elif re.match(r"vir[A-Za-z]+Get[A-Z]", self.function.name) and not arg.type.startswith("const ") \
                and self.api.struct_of(arg.type) is not None:
            self.outputs.append(self.resolved(converters.StructOut(arg.name), arg))
        else:
            return 0
        return 1

    def allocated(self, arg: Argument) -> converters.Result:
        """The result converter for an array that libvirt allocates, and whose length the function returns."""
        if arg.type == "char ***":
            return converters.NamesAllocated(arg.name)
        pointed = arg.type[:-len("Ptr **")]
        if pointed in self.handles:
            return converters.HandlesResult(arg.name, pointed)
        return self.resolved(converters.Records(arg.name), arg)

    def resolved(self, converter: _Converter, arg: Argument) -> _Converter:
        try:
            return converter.resolve(self.api, self.function)
        except converters.ConverterError as error:
            raise NotInferable(f"argument '{arg.type} {arg.name}': {error}") from None

    def result(self) -> converters.Result:
        """The result converter, once all arguments have converters."""
        returns = self.function.returns
        if len(self.arrays) > 1:
            raise NotInferable("several arrays as results")
        if self.arrays:
            if self.outputs or returns != "int":
                raise NotInferable("an array besides other results")
            return self.arrays[0]
        if self.outputs:
            if returns != "int":
                raise NotInferable(f"results through pointers besides '{returns}'")
            if len(self.outputs) > 1:
                raise NotInferable("several results, whose container is not known")
            return single(self.outputs[0])
        if returns == "int":
            return converters.Status()
        if returns == "void":
            return converters.Nothing()
        if returns in ("char *", "const char *"):
            return converters.TextResult(returns)
        if naming.pointee(returns) in self.handles:
            if self.function.name.endswith("Get" + naming.pointee(returns)[len("vir"):]):
                raise NotInferable(f"result '{returns}': the parent of an object is borrowed, and must not be freed")
            return converters.HandleResult(naming.pointee(returns))
        raise NotInferable(f"result '{returns}'")


def single(output: converters.Output) -> converters.Result:
    """The result converter for one output.  A number of at most a long has -1 for failure, as it always had."""
    if isinstance(output, converters.ScalarOut) and output.ctype in ("int", "unsigned int", "long", "unsigned long"):
        return converters.Outputs((output,), raises="-1")
    return converters.Outputs((output,))


def infer(function: Function, api: Api, handles: AbstractSet[str], covered: AbstractSet[str],
          known: Optional[converters.Result]) -> Tuple[List[converters.Input], converters.Result]:
    """Input converters for the arguments that a row does not cover, and the result converter if it is not known.

    handles: C types of handles.  Raises NotInferable if the signature does not
    say enough.
    """
    inference = _Inference(function, api, handles)
    inference.arguments(covered)
    if known is not None:
        if inference.outputs or inference.arrays:
            raise NotInferable("results that the row does not have")
        return inference.inputs, known
    return inference.inputs, inference.result()


def infer_input(arg: Argument, function: Function, api: Api, handles: AbstractSet[str]) -> Optional[converters.Input]:
    """The input converter for one argument by itself, or None if inference does not understand it."""
    inference = _Inference(function, api, handles)
    return inference.inputs[0] if inference.input(arg) else None
