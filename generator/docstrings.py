# SPDX-License-Identifier: LGPL-2.1-or-later
"""Docstrings for Python from the descriptions that are meant for C."""

import re
from typing import List

from . import kinds
from .model import Function
from .plan import Plan

# What a caller of the C function has to free, Python frees.
_RESOURCES = re.compile(r"\bvir\w+(?:Free|Close) should be used to (?:free|release) the resources?\b[^.]*\.\s*")
_DUTY = re.compile(r"\b(?:must|should|needs? to|has to|have to|responsib\w+)\b.*(?:\bfree\b|\bfreed\b|\bfreeing\b|Free\b)",
                   re.DOTALL)
_BRACKETS = re.compile(r"\s*\((?:[^()]|\(\))*\b(?:must|should|to) (?:be )?(?:free|freed)\b(?:[^()]|\(\))*\)")


def clean(text: str) -> str:
    """None for NULL, plain names for @names, no advice on memory."""
    text = re.sub(r"(?<![\w.])@(\w+)", r"\1", text)
    text = re.sub(r"\bNULL\b", "None", text)
    text = _RESOURCES.sub("", _BRACKETS.sub("", text))
    paragraphs = []
    for part in re.split(r"\n\s*\n", text):
        sentences = re.split(r"(?<=[.!?])(?=\s)", part)
        paragraphs.append("".join(sentence for sentence in sentences if not _DUTY.search(sentence)).strip())
    return "\n\n".join(part for part in paragraphs if part)


def _result(plan: Plan) -> str:
    annotation = plan.result.annotation()
    if isinstance(plan.result, kinds.Nothing):
        return ""
    told = clean(plan.function.returns_info)
    text = f"Returns {annotation}"
    if told and not plan.result.outputs:
        text += f": {told}"
    elif plan.result.outputs:
        fields = _fields(plan)
        text += f": {fields}" if fields else ""
    if not text.endswith("."):
        text += "."
    if plan.raises != "never":
        text += "  Raises libvirtError on failure."
    return text


def _fields(plan: Plan) -> str:
    for output in plan.result.outputs:
        if isinstance(output, kinds.StructOut):
            return ", ".join(member.name for member in output.members)
    if isinstance(plan.result, kinds.Outputs) and plan.result.container:
        return ", ".join(name for output in plan.result.outputs for name in output.types())
    return ""


def _parameters(plan: Plan, function: Function) -> List[str]:
    lines = []
    for item in plan.parameters:
        arg = function.arg(item.name)
        if arg is not None and arg.info:
            lines.append(f"{plan.parameter(item)}: {' '.join(clean(arg.info).split())}")
    return lines


def docstring(plan: Plan, indent: str) -> List[str]:
    """Source lines of the docstring, quotes included."""
    parts = [clean(plan.function.info) or plan.function.name]
    parameters = _parameters(plan, plan.function)
    if parameters:
        parts.append("\n".join(parameters))
    result = _result(plan)
    if result:
        parts.append(result)
    parts.append(f"C function: {plan.function.name}"
                 + (f", since libvirt {plan.function.version}" if plan.function.version else ""))
    text = "\n\n".join(parts).replace("\\", "\\\\").replace('"""', "'''")
    lines = [(indent + line).rstrip() for line in text.split("\n")]
    lines[0] = indent + '"""' + lines[0].strip()
    return [*lines, indent + '"""']
