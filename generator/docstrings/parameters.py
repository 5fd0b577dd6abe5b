# SPDX-License-Identifier: LGPL-2.1-or-later
"""The paragraph of a docstring about the arguments."""

import re
from typing import Dict, Iterable, List, Mapping, Optional

from .. import converters
from ..hints import Hint
from ..model import Api, Macro
from ..plan import Plan
from . import layout
from .prose import Prose

_UNUSED = re.compile(r"not used yet|unused|pass (?:0|zero)\b|set to 0|future flags")
_FLAGS = re.compile(r"\b(?:bitwise|binary)[ -](?:OR|or) of (?:the |supported )?(\S+)(?: constants)?")
# Descriptions of keys begin with these words, and name the type in C.
_KEY_LEAD = re.compile(
    r"^(?:vir\w+\*? params (?:multiple )?field: |(?:A )?[Mm]acro (?:used to represent |represents |"
    r"for typed parameter(?: name)? that (?:represents |lists )|for (?:the |per-server )[^:]*: (?:it )?represents ))")
_KEY_TYPE = re.compile(
    r",? (?:returned )?(?:as|with a type of) (?:an? )?(?:VIR_TYPED_PARAMS?_[A-Z]+|unsigned long long"
    r"|unsigned int|long long|ullong|llong|uint|int|boolean|string|double)\b")
# Redundant, because the type precedes the description.
LISTED = re.compile(r"^(?:an? )?list of ")
_PARAMETER_TYPES = {"STRING": "str", "BOOLEAN": "bool", "DOUBLE": "float"}


def python_type(hint: Hint) -> str:
    """Return a type hint in words: "list of str or None"."""
    first, *others = hint.text.split(" | ")
    first = re.sub(r"^(?:list|tuple)\[(\w+).*\]$", r"list of \1", first)
    first = re.sub(r"^dict\[.*$", "dict", hint.container or first.replace("ReadableBuffer", "bytes"))
    return f"{first} or None" if "None" in others else first


def _type(item: converters.Input, is_optional: bool) -> str:
    """Return the type of an argument, with None only if None has a meaning."""
    if isinstance(item, converters.CpuMapIn):
        return "tuple of bool"
    if isinstance(item, converters.Ignored):
        return "any object"
    found = python_type(item.hint()) + (" or uuid.UUID" if item.uuid else "")
    if isinstance(item, (converters.TextsIn, converters.BytesIn)) or (
            isinstance(item, converters.Text) and not item.nullable):
        found = found.replace(" or None", "")
    return f"{found} or None" if is_optional and not found.endswith("None") else found


def uncapitalized(text: str) -> str:
    """Return a text that continues a line: it begins in lower case, except for names and abbreviations."""
    return text[:1].lower() + text[1:] if re.match(r"(?:A|[A-Z][a-z]\w*) ", text) else text


def _keys(item: converters.ParamsIn, api: Api) -> Dict[str, Macro]:
    """Map each key of a dict to its constant.  Of constants with the same value, those with a common prefix count."""
    found: Dict[str, List[Macro]] = {}
    for macro in api.macros:
        if macro.string is not None and macro.string in item.fields:
            found.setdefault(macro.string, []).append(macro)
    if not found or len(found) < len(item.fields):
        return {}
    first = next(iter(found.values()))
    prefixes = [macro.name[:place] for macro in first for place in range(len(macro.name), 3, -1)
                if macro.name[place - 1] == "_"]
    common = [prefix for prefix in prefixes if all(
        any(macro.name.startswith(prefix) for macro in macros) for macros in found.values())]
    best = max(common, key=len, default="")
    return {key: next(macro for macro in macros if macro.name.startswith(best)) for key, macros in found.items()}


def key_text(prose: Prose, info: str) -> str:
    """Return the first sentence of the description of a key, without its type."""
    text = _KEY_TYPE.sub("", _KEY_LEAD.sub("", " ".join(info.split())))
    return prose.words(uncapitalized(next(iter(layout.sentences(text)), "")))


def _key_lines(item: converters.ParamsIn, prose: Prose, api: Optional[Api]) -> Iterable[str]:
    """Describe each key of a dict of typed parameters."""
    macros = _keys(item, api) if api is not None else {}
    for key, kind in item.fields.items():
        macro = macros.get(key)
        told = ""
        if macro is not None:
            told = key_text(prose, macro.info)
        name = macro.name if macro is not None else repr(key)
        yield f"{name}: {_PARAMETER_TYPES.get(kind, 'int')}" + (f", {told.rstrip('.')}" if told else "")


def _told(item: converters.Input, plan: Plan, prose: Prose, own: str) -> str:
    """Return the description of an argument, without its type."""
    arg = plan.function.arg(item.name)
    if own or arg is None:
        return own
    if isinstance(item, converters.ParamsIn):
        return "typed parameters"
    if item.name == "flags" and _UNUSED.search(arg.info):
        return "not used yet; leave it 0" if "flags" in plan.defaults else "not used yet; pass 0"
    if isinstance(item, converters.ParamsLearned):
        getter = prose.names.function(item.getter)
        return f"new values, by the names that {getter}() returns" if getter else "new values by name"
    text = " ".join(prose.kept(arg.info)).rstrip(".;")
    text = re.sub(r"^(?:\(optional\)|[Oo]ptional(?=[ ;]))[ ;]*", "", text)
    text = re.sub(r"^(?:[Ee]xtra |optional )?flags; ", "", text)
    text = re.sub(r"\. Must not", ", must not", text)
    text = re.sub(r"^the (?=XML|XML description|name of)|^string containing ", "", text)
    text = _FLAGS.sub(r"bitwise-OR of \1", text)
    return uncapitalized(LISTED.sub("", text))


def paragraph(plan: Plan, prose: Prose, own: Mapping[str, str], api: Optional[Api], width: int) -> List[str]:
    """Return the lines about all arguments of a function.  own: texts by C argument, from bindings/texts/."""
    lines: List[str] = []
    for item in plan.parameters:
        told = _told(item, plan, prose, own.get(item.name, ""))
        is_optional = item.name in plan.defaults and plan.defaults[item.name] is None
        kind = _type(item, is_optional)
        if kind.endswith(" or None"):
            told = re.sub(r",? or None(?: for default)?$", "", told)
        line = f"{plan.parameter(item)}: {kind}" + (f", {told}" if told else "")
        keys = list(_key_lines(item, prose, api)) if isinstance(item, converters.ParamsIn) else []
        lines += layout.wrap(line + (", by these names:" if keys else ""), width, "    ")
        for key in keys:
            lines += layout.wrap(f"    {key}", width, "        ")
    return lines
