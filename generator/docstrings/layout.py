# SPDX-License-Identifier: LGPL-2.1-or-later
"""Parse descriptions into paragraphs and lists, and lay these out again."""

import re
from dataclasses import dataclass
from typing import Iterable, List, Optional, Sequence

COLUMNS = 80  # maximum width of a line in the source

# A line of C code in an example.
_CODE = re.compile(r"^\s+.*[;{}]\s*$|^\s*//")
_BULLET = re.compile(r"(\s*)(?:[-*]|\d+[.)])\s+(.*)")
_TERM = re.compile(r"(\s*)((?:VIR_[A-Z0-9_]+(?:\(-?\d+\))?|'\w+'|positive value):)\s*(.*)")
_CONSTANT = re.compile(r"(\s*)(VIR_[A-Z0-9_]+)()$")
_INDENTED = re.compile(r"\s+\S")

# The end of a sentence: the next one begins there. Abbreviations such as "e.g." do not end a sentence.
_END = re.compile(r"(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\bvs\.)(?<!\bNB\.)(?<!\betc\.)(?<=[.!?])\s+"
                  r"(?=[A-Z@'\"(*<\d]|vir[A-Z]|libvirt)")


@dataclass(frozen=True)
class Block:
    """A paragraph of text, an item of a list, or lines of code."""

    text: str  # in one line, unless it is code
    item: bool = False
    code: bool = False


def sentences(text: str) -> List[str]:
    """Return the sentences of a text, each on one line."""
    return [part for part in _END.split(" ".join(text.split())) if part]


def _without_code(paragraphs: Sequence[Sequence[str]]) -> List[List[str]]:
    """Return the paragraphs without examples in C and the sentences that announce them."""
    kept: List[List[str]] = []
    in_code = False
    for lines in paragraphs:
        if any(_CODE.search(line) for line in lines):
            if kept and not in_code and kept[-1][-1].endswith((":", "like")):
                announced = sentences(" ".join(kept.pop()))[:-1]
                kept += [announced] if announced else []
            in_code = True
        elif not in_code or not all(_INDENTED.match(line) for line in lines):
            in_code = False
            kept.append(list(lines))
    return kept


def _begins_item(lines: Sequence[str], place: int, in_list: bool) -> Optional["re.Match[str]"]:
    line = lines[place]
    found = _BULLET.match(line) or _TERM.match(line)
    if found is None and _CONSTANT.match(line):
        # A constant alone on its line. In a paragraph of text, this may be the result of wrapping.
        following = lines[place + 1] if place + 1 < len(lines) else ""
        if in_list or _INDENTED.match(line) or _INDENTED.match(following) or (place and lines[place - 1].endswith(":")):
            found = _CONSTANT.match(line)
    return found


def _parts(lines: Sequence[str]) -> Iterable[Block]:
    """Split one paragraph into text and items of lists."""
    current: List[str] = []
    depth = -1  # indentation of the current item; -1 in a text
    bullet = False
    for place, line in enumerate(lines):
        found = _begins_item(lines, place, depth >= 0)
        indent = len(line) - len(line.lstrip())
        if found is not None or (depth >= 0 and indent <= depth and not bullet):
            if current:
                yield Block(" ".join(current), depth >= 0)
            current, depth = [], -1
        if found is not None:
            depth, bullet = len(found[1]), _BULLET.match(line) is not None
            current = [found[2]] if bullet else [f"{found[2]} {found[3]}".strip()]
        else:
            current.append(line.strip())
    if current:
        yield Block(" ".join(current), depth >= 0)


def parse(text: str) -> List[Block]:
    """Return the blocks of a description."""
    paragraphs = [[line.rstrip() for line in part.strip("\n").split("\n")]
                  for part in re.split(r"\n\s*\n", text.expandtabs()) if part.strip()]
    blocks: List[Block] = []
    for lines in _without_code(paragraphs):
        in_list = bool(blocks) and blocks[-1].item and all(_INDENTED.match(line) for line in lines)
        for block in _parts(lines):
            if in_list and not block.item:
                block = Block(f"{blocks.pop().text} {block.text}", True)  # continues the item
            blocks.append(block)
    return blocks


def parse_own(text: str) -> List[Block]:
    """Return the blocks of a text in bindings/texts/: paragraphs, items that begin with "- ", and indented code."""
    blocks: List[Block] = []
    for part in filter(None, text.strip("\n").split("\n\n")):
        if part.startswith("    "):
            blocks.append(Block(part, code=True))
        elif part.startswith("- "):
            blocks += [Block(" ".join(item.split()), True) for item in part[2:].split("\n- ")]
        else:
            blocks.append(Block(" ".join(part.split())))
    return blocks


def wrap(text: str, width: int, hanging: str = "") -> List[str]:
    """Wrap a text.  Lines after the first one begin with hanging.  A word that is too long gets its own line."""
    indent = text[:len(text) - len(text.lstrip())]
    words = text.split()
    if not words:
        return []
    lines = [indent + words[0]]
    for word in words[1:]:
        if len(lines[-1]) + 1 + len(word) > width:
            lines.append(hanging + word)
        else:
            lines[-1] += f" {word}"
    return lines


def render(blocks: Sequence[Block], width: int) -> List[str]:
    """Return the lines of the blocks, with empty lines between them except between items of a list."""
    lines: List[str] = []
    for place, block in enumerate(blocks):
        if lines and not (block.item and blocks[place - 1].item):
            lines.append("")
        if block.code:
            lines += block.text.split("\n")
        else:
            lines += wrap(f"- {block.text}", width, "  ") if block.item else wrap(block.text, width)
    return lines


def quoted(lines: Sequence[str], indent: str) -> List[str]:
    """Return the source lines of a docstring with these lines."""
    text = "\n".join(lines).replace("\\", "\\\\").replace('"""', "'''")
    first, *rest = text.split("\n")
    if not rest and not first.endswith('"'):
        return [f'{indent}"""{first}"""']
    return [f'{indent}"""{first.lstrip()}', *((indent + line).rstrip() for line in rest), f'{indent}"""']
