# SPDX-License-Identifier: LGPL-2.1-or-later
"""The paragraph of a docstring about the result and the exceptions."""

import re
from typing import List, Mapping, Optional, Tuple

from .. import converters
from ..bindings.texts.schema import Text
from ..plan import Plan
from . import layout
from .parameters import LISTED, python_type, uncapitalized
from .prose import Prose

_WHEN_FAILED = r"(?:in case of|on|upon|if there was|when|error|failure|otherwise|if (?:an|the|it|not|no)\b)"
# What C returns on failure, before or after what it returns on success.
_FAILED = tuple(re.compile(pattern) for pattern in (
    rf"^(?:-1|NULL) {_WHEN_FAILED}[^,.;]*(?:, or|,| or)\s+(?:a |an )?(?=\S)",
    rf",?(?: and| or)? (?:\(unsigned int\) )?(?:-1|NULL) {_WHEN_FAILED}[^,.;]*",
    r",? (?:and|or) 0 in case of error", r",? (?:and|or) NULL$", r"[,.]? -1 otherwise$",
))
_SUCCESS = re.compile(r",? (?:on success|in case of success|upon success|when successful|if successful)\b")
_CODE = re.compile(r"If (?P<when>[^.]+?), then (?:the )?(?P<code>VIR_ERR_\w+) error is raised\.?")
_NOT_FOUND = re.compile(r"^the [\w ]*(?:cannot|could not) be found$")
# Words by which a description says that C writes through an argument.
_STORED = re.compile(
    r"^(?:the value returned$|(?:the |stores? |returned |returns |return value (?:for|of) |where to )+)")
_PARAMS = (converters.ParamsOut, converters.ParamsFilled)


def _without_failure(text: str) -> str:
    for pattern in _FAILED:
        text = pattern.sub("", text)
    return text


def _success(plan: Plan, prose: Prose) -> str:
    """Return what C's description of the returned value says about success."""
    told: List[str] = []
    for sentence in layout.sentences(_CODE.sub("", plan.function.returns_info)):
        rest = _without_failure(sentence.rstrip(".; ")).strip(" ,;")
        told += prose.kept(rest)
    text = _SUCCESS.sub("", ". ".join(part.rstrip(".") for part in told)).strip()
    if isinstance(plan.result, converters.Status) and (re.match(r"0\b(?!.*\b1\b)", text) or not text):
        return "0"
    return re.sub(r"^a (?=XML)", "", text)


def _output(plan: Plan, prose: Prose, output: converters.Output) -> str:
    """Return the description of what C writes through an argument."""
    if isinstance(output, converters.BufferOut):
        return "what was read"
    if isinstance(output, converters.UUIDOut):
        return "the UUID as text" if output.text else "the 16 bytes of the UUID"
    arg = plan.function.arg(next(iter(output.types())))
    text = " ".join(prose.kept(arg.info)).rstrip(".;") if arg is not None else ""
    return _STORED.sub("", text)


def _fields(plan: Plan, prose: Prose, own: Mapping[str, str]) -> List[Tuple[str, str, str]]:
    """Return name, type and description of each field of the result."""
    return [(item.name, python_type(item.hint), own.get(item.name) or field_text(prose, item.description))
            for item in plan.result.items(plan.function)]


def field_text(prose: Prose, description: str) -> str:
    """Return the description of a field in Python's terms."""
    text = _STORED.sub("", " ".join(prose.kept(description)).rstrip(".;"))
    return uncapitalized(LISTED.sub("", text))


def _text(plan: Plan, prose: Prose, own: Optional[str]) -> str:
    """Return the description of the result, without its type."""
    if own is not None:
        return prose.own(own)
    result = plan.result
    if isinstance(result, (converters.HandResult, converters.HandleResult, converters.HandlesResult)):
        return ""
    if isinstance(result, converters.ResultByHand) and result.description:
        return ""
    if isinstance(result, converters.Outputs) and len(result.outputs) == 1:
        output = result.outputs[0]
        if isinstance(output, converters.OutputByHand):
            return ""
        return "typed parameters by name" if isinstance(output, _PARAMS) else _output(plan, prose, output)
    if isinstance(result, _PARAMS):
        return "typed parameters by name"
    return "" if result.outputs else _success(plan, prose)


def _raises(plan: Plan, own: Text) -> str:
    """Return the sentence about the exception, with the code for an object that is not found."""
    if plan.raises == "never":
        return ""
    codes = [(own.missing, "there is none")] if own.missing else [
        (found["code"], found["when"]) for found in _CODE.finditer(" ".join(plan.function.returns_info.split()))]
    told = [f"with code {code} if {_NOT_FOUND.sub('there is none', when)}" for code, when in codes]
    return ", ".join(["Raises libvirtError on failure", *told]) + "."


def paragraph(plan: Plan, prose: Prose, own: Text, width: int) -> List[str]:
    """Return the lines about the result and the exceptions."""
    if isinstance(plan.result, converters.Nothing):
        return []
    raises = layout.wrap(_raises(plan, own), width)
    text = f"Returns {plan.result.annotation()}"
    fields = _fields(plan, prose, own.fields)
    if fields:
        lines = layout.wrap(f"{text}:", width)
        for name, kind, told in fields:
            told = f", {told.rstrip('.')}" if told else ""
            lines += layout.wrap(f"    {name}: {kind}{told}", width, "        ")
        return [*lines, *raises]
    told = _text(plan, prose, own.returns)
    text = "Returns 0." if told == "0" else f"{text}: {told.rstrip('.')}." if told else f"{text}."
    return [*layout.wrap(text, width), *raises]
