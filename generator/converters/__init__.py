# SPDX-License-Identifier: LGPL-2.1-or-later
"""The kinds of argument and of result: each conversion is written here once.

An *input* makes C arguments from one Python argument, an *output* makes a
Python object from what C wrote through a pointer, and a *result* says what
the whole call gives.  The C emitter runs the same passes over all of them:
declare, parse, prepare, call, convert; what is taken is freed by cleanup
attributes.
"""

from .arrays import (
    FieldsFilled, NameList, Names, NumberList, ParamsFilled, Records, StructArray,
)
from .common import (
    FIELD_SCALARS, ConverterError, MOST_INPUTS, SCALARS, convert_member, is_text, member_hint,
)
from .inputs import (
    BytesIn, CallbackIn, CpuMapIn, HandleIn, Ignored, Input, IntsIn, ParamsIn, ParamsLearned, Plain, Scalar, Text,
    TextsIn, UUIDIn,
)
from .outputs import (
    BufferOut, CallbackName, Output, ParamsOut, ScalarOut, StructOut, TextOut, UUIDOut,
)
from .results import (
    ErrorResult, HandResult, HandleResult, HandlesResult, Measure, Nothing, Number, Outputs, Result, Status,
    TextResult,
)

__all__ = [
    "BufferOut", "BytesIn", "CallbackIn", "CallbackName", "CpuMapIn", "ErrorResult", "FIELD_SCALARS",
    "FieldsFilled", "HandResult", "HandleIn", "HandleResult", "HandlesResult", "Ignored", "Input", "IntsIn",
    "ConverterError", "MOST_INPUTS", "Measure", "NameList", "Names", "Nothing", "Number", "NumberList", "Output",
    "Outputs",
    "ParamsFilled", "ParamsIn", "ParamsLearned", "ParamsOut", "Plain", "Records", "Result", "SCALARS", "Scalar",
    "ScalarOut", "Status", "StructArray", "StructOut", "Text", "TextOut", "TextResult", "TextsIn", "UUIDIn",
    "UUIDOut", "convert_member", "is_text", "member_hint",
]
