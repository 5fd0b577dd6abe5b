# SPDX-License-Identifier: LGPL-2.1-or-later
"""Convert docstrings of the modules to reStructuredText.

A docstring has these paragraphs, in this order: paragraphs and lists of text;
parameters, one line "name: type, description" each, with the keys of a dict
indented below; "Returns ...", optionally with indented fields; "Raises ...", in
the same paragraph or the next; and "C function: ..., since libvirt ...".
"""

import re
from typing import Dict, List, Mapping, Sequence, Tuple

_SPECIAL = re.compile(r"([\\*`|])|(?<=\w)_(?!\w)")
_C_FUNCTION = re.compile(r"C functions?: (?P<names>[\w, ]+?)(?:, since libvirt (?P<version>[\d.]+))?$")
_PARAMETER = re.compile(r"(\w+): (.*)")
# A key of a dict, or a field of a result, below the line that it belongs to.
_KEY = re.compile(r" {4}(VIR_[A-Z0-9_]+|'[^']+'): (.*)")
_FIELD = re.compile(r" {4}(\w+): (.*)")
_RAISES = re.compile(r"(?:^|\s)Raises (?=\w+(?:Error|Interrupt)\b)")
_WORDS = re.compile(
    r"(?P<call>(?<![\w./])(?:(?:libvirt\w*\.)?vir[A-Z]\w+(?:\.\w+)?|libvirt\w*\.\w+))(?:\(\))?"
    r"|(?P<constant>\bVIR_[A-Z0-9_]+\b\*?)|(?P<markup><[^<>\n]+>)")
# Characters that may stand directly before and after inline markup. Beside any other character reStructuredText needs
# an escaped space, which is not displayed. The empty string, at either end of the text, is "in" these strings, too.
_BEFORE, _AFTER = " \n'\"([{<-/:", " \n'\")]}>-/\\:.,;!?"


def _plain(text: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", text)


def inline(text: str, methods: Mapping[str, str]) -> str:
    """Return text with inline markup: names become links, if methods has them, or literals, like XML."""
    out, end = [], 0
    for found in _WORDS.finditer(text):
        out.append(_plain(text[end:found.start()]))
        end = found.end()
        target = methods.get(found["call"] or found["constant"] or "")
        if target is not None:
            # The class belongs to the name of a method; modules are left out.
            method = target.count(".") == 2
            made = f":py:meth:`{target.partition('.')[2]}() <{target}>`" if method else f":py:obj:`~{target}`"
        else:
            made = f"``{found[0]}``"
        before, after = text[:found.start()][-1:], text[end:end + 1]
        out.append(("" if before in _BEFORE else "\\ ") + made + ("" if after in _AFTER else "\\ "))
    return "".join([*out, _plain(text[end:])])


def _paragraphs(lines: Sequence[str]) -> List[List[str]]:
    found: List[List[str]] = [[]]
    for line in lines:
        if line.strip():
            found[-1].append(line)
        elif found[-1]:
            found.append([])
    return [part for part in found if part]


def _text(part: List[str], methods: Mapping[str, str]) -> List[str]:
    """Convert a paragraph of text. Lists stay lists, and a paragraph that is indented as a whole a literal block."""
    if all(line.startswith("    ") for line in part):
        return ["::", "", *("    " + line for line in part), ""]
    out: List[str] = []
    listed = False
    for line in part:
        item = re.match(r"\s*(?:[-*•]|\d+[.)])\s+(.*)", line)
        if item:
            out += ([] if listed or not out else [""]) + ["* " + inline(item[1], methods)]
            listed = True
        elif listed and line.startswith(" "):
            out.append("  " + inline(line.strip(), methods))
        else:
            out += ([""] if listed else []) + [inline(line.strip(), methods)]
            listed = False
    return [*out, ""]


def _parameters(part: List[str], names: Sequence[str], methods: Mapping[str, str]) -> List[str]:
    """Return a field for each parameter, or [] if this is not a paragraph of parameters."""
    first = _PARAMETER.match(part[0])
    if not first or first[1] not in names:
        return []
    out: List[str] = []
    depth = 0  # of the lines that go on with the one before
    for line in part:
        found, key = _PARAMETER.match(line), _KEY.match(line)
        if found and found[1] in names:
            out += ([""] if depth > 4 else []) + [f":param {found[1]}: {inline(found[2], methods)}"]
            depth = 4
        elif key:
            out += ([""] if depth == 4 else []) + [f"    * ``{key[1]}``: {inline(key[2], methods)}"]
            depth = 6
        else:
            out.append(" " * depth + inline(line.strip(), methods))
    return [*out, ""] if depth > 4 else out


def _returns(parts: List[List[str]], methods: Mapping[str, str]) -> List[str]:
    """Return the fields for the result and for each exception."""
    out: List[str] = []
    lines = [line for part in parts for line in part]
    fields: List[str] = []
    for line in lines:
        found = _FIELD.match(line)
        if found:
            fields.append(f"    * ``{found[1]}``: {inline(found[2], methods)}")
        elif line.startswith("    "):
            fields.append("      " + inline(line.strip(), methods))
    text = " ".join(line for line in lines if not line.startswith("    "))
    returned, *raised = _RAISES.split(text)
    # Without its period, with which "0." would be the first item of a list.
    returned = re.sub(r"^Returns\s+", "", returned.strip()).rstrip(".")
    if returned:
        out += [f":returns: {inline(returned, methods)}", *(["", *fields, ""] if fields else ())]
    for sentence in raised:
        kind, _, when = sentence.strip().rstrip(".").partition(" ")
        out.append(f":raises {kind.rstrip(',')}: {inline(when, methods)}")
    return out


def page_of(header: str) -> str:
    return f"https://libvirt.org/html/libvirt-{header}.html"


def describe(lines: Sequence[str], names: Sequence[str], methods: Mapping[str, str],
             pages: Mapping[str, str]) -> List[str]:
    """Convert the lines of a docstring: first the text, then the fields.

    names are the function's parameters, methods the result of methods_of(),
    pages maps C functions to pages of libvirt's own reference.
    """
    out: List[str] = []
    fields: List[str] = []
    parts = _paragraphs(lines)
    place = 0
    while place < len(parts):
        part = parts[place]
        c_function = _C_FUNCTION.match(part[0])
        parameters = _parameters(part, names, methods)
        if c_function:
            links = [f"`{name} <{pages[name]}#{name}>`__" if name in pages else f"``{name}``"
                     for name in c_function["names"].split(", ")]
            since = f", since libvirt {c_function['version']}" if c_function["version"] else ""
            fields.append(f":C function: {', '.join(links)}{since}")
        elif parameters:
            fields += parameters
        elif re.match(r"(Returns|Raises) ", part[0]):
            together = [part]
            while place + 1 < len(parts) and parts[place + 1][0].startswith(("Raises ", "    ")):
                place += 1
                together.append(parts[place])
            fields += _returns(together, methods)
        else:
            out += _text(part, methods)
        place += 1
    return [*out, *fields, ""]


def c_functions(doc: str) -> Tuple[str, ...]:
    """Return the C functions that the last line of a docstring names."""
    found = _C_FUNCTION.search((doc or "").strip().splitlines()[-1].strip()) if doc and doc.strip() else None
    return tuple(found["names"].split(", ")) if found else ()


def methods_of(docs: Mapping[str, str]) -> Dict[str, str]:
    """Map each C function to the Python function whose docstring names it.

    docs has docstrings by full name. If several Python functions name a C
    function, the one that names the fewest C functions wins. Python functions
    map to themselves, methods also without the name of the module.
    """
    known: Dict[str, str] = {}
    for full in docs:
        known[full] = full
        if full.count(".") == 2:
            known[full.partition(".")[2]] = full
    for full, names in sorted(((full, c_functions(doc)) for full, doc in docs.items()), key=lambda item: len(item[1])):
        for name in names:
            known.setdefault(name, full)
    return known
