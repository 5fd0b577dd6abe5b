# SPDX-License-Identifier: LGPL-2.1-or-later
"""The converters: each conversion between C and Python is written here once.

An *input* makes C arguments of one Python argument.  An *output* makes a
Python object of what libvirt wrote through a pointer.  A *result* says what
the whole call returns and how it fails.

The C emitter asks all of them in the same order: declare variables, parse and
prepare arguments, pass them to the call, convert what came back.  Variables
with cleanup attributes free what the wrapper owns.
"""

from .arrays import (
    FieldsFilled, NamesAllocated, NamesFilled, NumbersFilled, ParamsFilled, Records, StructArray,
)
from .byhand import InputByHand, OutputByHand, ResultByHand, Unpassed
from .common import (
    FIELD_SCALARS, ConverterError, MOST_INPUTS, SCALARS, convert_member, is_text, member_hint,
)
from .fields import Item, Key, item_function, items_of_struct, pack, packed_hint
from .inputs import (
    BytesIn, CallbackIn, CpuMapIn, HandleIn, Ignored, Input, IntsIn, ParamsIn, ParamsLearned, Plain, Scalar, Text,
    TextsIn, UUIDIn, UUIDText,
)
from .outputs import (
    BufferOut, CallbackName, Output, ParamsOut, ScalarOut, StructOut, TextOut, UUIDOut,
)
from .results import (
    ErrorResult, HandResult, HandleResult, HandlesResult, Measure, Nothing, Number, Outputs, Result, Status,
    TextResult,
)

__all__ = [
    "BufferOut", "BytesIn", "CallbackIn", "CallbackName", "ConverterError", "CpuMapIn", "ErrorResult",
    "FIELD_SCALARS", "FieldsFilled", "HandResult", "HandleIn", "HandleResult", "HandlesResult", "Ignored", "Input",
    "InputByHand", "IntsIn", "Item", "Key", "MOST_INPUTS", "Measure", "NamesAllocated", "NamesFilled", "Nothing",
    "Number", "NumbersFilled", "Output", "OutputByHand", "Outputs", "ParamsFilled", "ParamsIn", "ParamsLearned",
    "ParamsOut", "Plain", "Records", "Result", "ResultByHand", "SCALARS", "Scalar", "ScalarOut", "Status",
    "StructArray", "StructOut", "Text", "TextOut", "TextResult", "TextsIn", "UUIDIn", "UUIDOut", "UUIDText", "Unpassed",
    "convert_member", "is_text", "item_function", "items_of_struct", "member_hint", "pack", "packed_hint",
]
