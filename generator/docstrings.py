# SPDX-License-Identifier: LGPL-2.1-or-later
"""Docstrings for Python from the descriptions that are meant for C."""

import re
from typing import List, Sequence

from . import converters
from .model import Function
from .plan import Plan

# What a caller of the C function has to free, Python frees.
_RESOURCES = re.compile(r"\bvir\w+(?:Free|Close) should be used to (?:free|release) the resources?\b[^.]*\.\s*")
_DUTY = re.compile(r"\b(?:must|should|needs? to|has to|have to|responsib\w+)\b"
                   r".*(?:\bfree\b|\bfreed\b|\bfreeing\b|Free\b)", re.DOTALL)
_BRACKETS = re.compile(r"\s*\((?:[^()]|\(\))*\b(?:must|should|to) (?:be )?(?:free|freed)\b(?:[^()]|\(\))*\)")


# Names of lengths and sizes are no words of English.
_LENGTH = re.compile(r"(?:n|max|num)[a-z]\w*|\w*(?:len|size|count)|\w+(?:errs|freecb)")


# A line of C, in an example of how to call the C function.
_CODE = re.compile(r"[;{}]\s*$", re.MULTILINE)


def _without_code(paragraphs: List[str]) -> List[str]:
    """Examples in C, and the line that announces one, are of no use in Python."""
    kept: List[str] = []
    for part in paragraphs:
        if not _CODE.search(part):
            kept.append(part)
        elif kept and kept[-1].endswith(":"):
            kept.pop()
    return kept


def clean(text: str, hidden: Sequence[str] = ()) -> str:
    """None for NULL, plain names for @names; no advice on memory, nor on arguments that Python does not have."""
    told = [rf"@{name}\b" for name in hidden] + [rf"\b{name}\b" for name in hidden if _LENGTH.fullmatch(name)]
    absent = re.compile("|".join(told)) if told else None
    text = _RESOURCES.sub("", _BRACKETS.sub("", text))
    paragraphs = []
    for part in re.split(r"\n\s*\n", text):
        sentences = re.split(r"(?<=[.!?])(?=\s)", part)
        paragraphs.append("".join(sentence for sentence in sentences if not _DUTY.search(sentence)
                                  and not (absent and absent.search(sentence))).strip())
    text = "\n\n".join(_without_code([part for part in paragraphs if part]))
    text = re.sub(r"(?<![\w.])@(\w+)", r"\1", text)
    return re.sub(r"\bNULL\b", "None", text)


def _result(plan: Plan) -> List[str]:
    """What comes back, with its fields, and that a failure raises."""
    if isinstance(plan.result, converters.Nothing):
        return []
    text = f"Returns {plan.result.annotation()}"
    fields = _fields(plan)
    told = "" if plan.result.outputs else clean(plan.function.returns_info)
    if isinstance(plan.result, converters.HandResult):
        told = ""
    if fields:
        text += ":"
    elif told:
        text += f": {told}"
    if not text.endswith((".", ":")):
        text += "."
    raises = "Raises libvirtError on failure."
    if plan.raises == "never":
        return [text, *fields]
    if fields:
        return [text, *fields, "", raises]
    return [f"{text}  {raises}"]


def _fields(plan: Plan) -> List[str]:
    items = plan.result.items(plan.function)
    return [f"    {item.name}: {' '.join(clean(item.description).split())}" for item in items]


def _told(function: Function, name: str) -> str:
    arg = function.arg(name)
    return " ".join(clean(arg.info).split()) if arg is not None else ""


def _parameters(plan: Plan, function: Function) -> List[str]:
    lines = []
    for item in plan.parameters:
        told = _told(function, item.name)
        if told:
            lines.append(f"{plan.parameter(item)}: {told}")
    return lines


def docstring(plan: Plan, indent: str) -> List[str]:
    """Source lines of the docstring, quotes included."""
    known = {item.name for item in plan.inputs}
    hidden = [arg.name for arg in plan.function.args if arg.name not in known]
    parts = [clean(plan.function.info, hidden) or plan.function.name]
    parameters = _parameters(plan, plan.function)
    if parameters:
        parts.append("\n".join(parameters))
    result = _result(plan)
    if result:
        parts.append("\n".join(line.rstrip(" :") if line.startswith("    ") else line for line in result))
    parts.append(f"C function: {plan.function.name}"
                 + (f", since libvirt {plan.function.version}" if plan.function.version else ""))
    text = "\n\n".join(parts).replace("\\", "\\\\").replace('"""', "'''")
    lines = [(indent + line).rstrip() for line in text.split("\n")]
    lines[0] = indent + '"""' + lines[0].strip()
    return [*lines, indent + '"""']
