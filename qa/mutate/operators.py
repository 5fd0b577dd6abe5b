# SPDX-License-Identifier: LGPL-2.1-or-later
"""The kinds of faults in conversions. Each operator finds the places in a source where it can put its fault."""

import re
from typing import Callable, Dict, Iterator, Mapping, NamedTuple, Tuple

from csource import Call, Source, Span


class Site(NamedTuple):
    """A place in a source, and the faulty text for it."""

    operator: str
    file: str
    function: str
    span: Span
    replacement: str
    parts: Tuple[str, ...]  # the parts of the source that the fault changes


Found = Iterator[Tuple[Span, str, Tuple[str, ...]]]


# --- containers --------------------------------------------------------------


def _swapped(source: Source, first: Span, second: Span) -> Tuple[Span, str, Tuple[str, ...]]:
    whole = Span(first.start, second.end)
    between = source.text[first.end:second.start]
    return whole, source.of(second) + between + source.of(first), (source.of(first), source.of(second))


def _values(call: Call) -> Tuple[Span, ...]:
    return call.args[2::2] if call.name == "virPyPackDict" else call.args[1:]


def swap_items(source: Source) -> Found:
    """Swap two adjacent items of a container."""
    for call in source.calls("virPyPack(?:List|Tuple|Dict)"):
        values = _values(call)
        for first, second in zip(values, values[1:]):
            if source.of(first) != source.of(second):
                yield _swapped(source, first, second)


def rename_key(source: Source) -> Found:
    """Change a key of a dict, or of a table of typed parameters."""
    keys = [span for call in source.calls("virPyPackDict") for span in call.args[1::2]]
    keys += [Span(found.start(1), found.end(1))
             for found in re.finditer(r'\{ ("_+"), VIR_TYPED_PARAM_\w+ \}', source.masked)]
    for span in keys:
        key = source.of(span)
        yield span, f'{key[:-1]}_"', (key,)


# --- types -------------------------------------------------------------------

# Conversions to the wrong sign, in the width of the value, and to half the width.
_SIGNED = "_Generic(({0}), unsigned char: (signed char)({0}), unsigned short: (short)({0}), default: ({1})({0}))"
_UNSIGNED = ("_Generic(({0}), char: (unsigned char)({0}), signed char: (unsigned char)({0}), "
             "short: (unsigned short)({0}), default: ({1})({0}))")
_SHORT = ("_Generic(({0}), char: ({0}) & 63, signed char: ({0}) & 63, unsigned char: ({0}) & 63, "
          "short: ({0}) & 255, unsigned short: ({0}) & 255, default: (short)({0}))")
_FROM = {
    "Int": ("virPyFromUInt(" + _UNSIGNED.replace("{1}", "unsigned int") + ")", "virPyFromInt(" + _SHORT + ")"),
    "UInt": ("virPyFromInt(" + _SIGNED.replace("{1}", "int") + ")",
             "virPyFromUInt((unsigned int)" + _SHORT.replace("(short)", "(unsigned short)") + ")"),
    "Long": ("virPyFromULong((unsigned long)({0}))", "virPyFromInt((int)({0}))"),
    "ULong": ("virPyFromLong((long)({0}))", "virPyFromUInt((unsigned int)({0}))"),
    "LLong": ("virPyFromULLong((unsigned long long)({0}))", "virPyFromInt((int)({0}))"),
    "ULLong": ("virPyFromLLong((long long)({0}))", "virPyFromUInt((unsigned int)({0}))"),
    "Double": ("virPyFromLLong((long long)({0}))",),
    "Bool": ("virPyFromInt({0})",),
}
_PARAM = {"INT": "UINT", "UINT": "INT", "LLONG": "ULLONG", "ULLONG": "LLONG", "DOUBLE": "LLONG", "BOOLEAN": "INT",
          "STRING": "INT"}


_LETTERS = {"i": "I", "u": "iI", "I": "iu", "l": "ki", "k": "lI", "L": "Ki", "K": "LI", "n": "LI"}


def _letters(source: Source, others: Mapping[str, str]) -> Found:
    """Change the letter that says how an argument is converted."""
    for call in source.calls("virPyBegin|virPyParse"):
        if not source.of(call.args[2]).startswith('"'):
            continue  # the definition of the function
        start = call.args[2].start + 1
        for place, letter in enumerate(source.of(call.args[2])[1:-1]):
            for other in others.get(letter, ""):
                yield Span(start + place, start + place + 1), other, (f"call.in[{place}].",)


def retype(source: Source) -> Found:
    """Convert a number with the wrong sign or width."""
    for call in source.calls("virPyFrom(?:" + "|".join(_FROM) + ")"):
        value = source.of(call.args[0])
        for text in _FROM[call.name[len("virPyFrom"):]]:
            yield call.whole, text.replace("{0}", value), (source.of(call.whole),)
    for call in source.calls("virPyAsU?Ints"):
        text = source.of(call.whole)
        other = "virPyAsInts" if call.name == "virPyAsUInts" else "virPyAsUInts"
        yield call.whole, other + text[len(call.name):], (text,)
    yield from _letters(source, _LETTERS)
    for found in re.finditer(r'\{ "_+", VIR_TYPED_PARAM_(\w+) \}', source.masked):
        span = Span(found.start(1), found.end(1))
        yield span, _PARAM[found.group(1)], (source.text[found.start():found.end()],)


_BOUNDS = {"INT_MIN": "(INT_MIN / 2)", "INT_MAX": "(INT_MAX / 2)", "UINT_MAX": "INT_MAX", "LLONG_MIN": "INT_MIN",
           "LLONG_MAX": "INT_MAX", "ULLONG_MAX": "LLONG_MAX", "LONG_MIN": "INT_MIN", "LONG_MAX": "INT_MAX",
           "ULONG_MAX": "LONG_MAX", "SIZE_MAX": "INT_MAX"}


def bounds(source: Source) -> Found:
    """Change the limit of a range, or do not convert a unit."""
    for found in re.finditer(r"\b(?:" + "|".join(_BOUNDS) + r")\b", source.masked):
        yield Span(*found.span()), _BOUNDS[found.group()], (found.group(),)
    for found in re.finditer(r" >> 10\b| / 1024\b", source.masked):
        yield Span(*found.span()), "", (source.text[found.start() - 20:found.end()],)


_NONE = {"virPyAsBytes": "virPyAsBuffer", "virPyAsBuffer": "virPyAsBytes"}


def none(source: Source) -> Found:
    """Accept None where it is not allowed, or refuse it where it is."""
    yield from _letters(source, {"h": "H", "H": "h", "s": "z", "t": "s", "z": "s"})
    for call in source.calls("virPyAcquireArgument"):
        if source.of(call.args[0]) == "&call":
            yield call.args[4], {"true": "false", "false": "true"}[source.of(call.args[4])], (source.of(call.whole),)
    for call in source.calls("|".join(_NONE)):
        if source.of(call.args[0]).startswith("virPyArgument("):
            text = source.of(call.whole)
            yield call.whole, _NONE[call.name] + text[len(call.name):], (text,)
    for found in re.finditer(r"args\[\d+\] != Py_None && ", source.masked):
        yield Span(*found.span()), "", (found.group().strip(),)


# --- failures ----------------------------------------------------------------


def drop_free(source: Source) -> Found:
    """Do not free memory or drop a reference."""
    for call in source.calls("virPyEndAllocated"):
        text = source.of(call.whole)
        if "&call" in text:
            yield call.whole, text.replace("Allocated", "String", 1), (text,)
    for found in re.finditer(r"^.*?( VIR_PY_AUTO\(\w+\)).*$", source.masked, re.M):
        yield Span(*found.span(1)), "", (source.text[found.start():found.end()].strip(),)
    frees = (r"free|Py_X?DECREF|Py_CLEAR|PyBuffer_Release|PyMem_\w*Free|virPyDrop\w+|virPyReleaseUse|virPyFree\w+"
             r"|virTypedParamsFree|vir\w+Free|virResetError")
    for found in re.finditer(rf"^ +((?:{frees})\(.*\));", source.masked, re.M):
        yield Span(*found.span(1)), "", (source.text[found.start(1):found.end() + 1],)


def skip_check(source: Source) -> Found:
    """Do not check for a failure."""
    for found in re.finditer(r"\bif \(", source.masked):
        closing = source.matching(found.end() - 1)
        told = re.match(r"\n? +(?:return\b[^;]*|goto \w+);", source.masked[closing + 1:])
        if not told or not source.function_at(found.start()):
            continue
        failure = source.text[closing + 1:closing + 1 + told.end()]
        parts = source.split(found.end(), closing, "||")
        for part in parts:
            text = source.of(part)
            statement = f"if ({text}){failure}" if len(parts) == 1 else text
            yield part, f"(({text}) && 0)", (statement,)
    for found in re.finditer(r"\breturn (\w+ < 0|!\w+) \?", source.masked):
        yield Span(*found.span(1)), f"(({found.group(1)}) && 0)", (found.group(1),)


def failure_value(source: Source) -> Found:
    """Report a failure by another return value."""
    for call in source.calls("virPyFail|virPyFailInt"):
        text = source.of(call.whole)
        self = source.of(call.args[0])
        if call.name == "virPyFail":
            changed = [f"virPyFailInt({self}, -1)"]
        elif call.name == "virPyFailInt":
            value = source.of(call.args[1])
            changed = [f"virPyFail({self})", f"virPyFailInt({self}, {'0' if value == '-1' else '-1'})"]
        else:
            changed = [f"virPyFromInt({source.of(call.args[1])})"]
        for item in changed:
            yield call.whole, item, (text,)
    if not source.name.startswith("libvirtmod"):
        for found in re.finditer(r"\breturn (-1|NULL);", source.masked):
            yield Span(*found.span(1)), {"-1": "0", "NULL": "(void *)virPyNewRef(Py_None)"}[found.group(1)], ()


# --- calls -------------------------------------------------------------------


def _type(text: str, types: Dict[str, str]) -> str:
    """Return the type of an expression, or "" if only a compiler could determine it."""
    text = re.sub(r"^\((?:unsigned )?\w+(?: \*)?\)", "", text)
    if text.startswith("&"):
        inner = types.get(text[1:], "")
        return inner and "&" + inner
    return types.get(text, "")


def swap_args(source: Source) -> Found:
    """Swap two arguments of the same type."""
    functions = {item.name: source.types_in(item) for item in source.functions}
    for call in source.calls(r"vir(?!Py)[A-Z]\w+"):
        types = functions[source.function_at(call.whole.start)]
        last: Dict[str, Span] = {}
        for arg in call.args:
            ctype = _type(source.of(arg), types)
            if ctype and ctype in last and source.of(last[ctype]) != source.of(arg):
                yield _swapped(source, last[ctype], arg)
            last[ctype] = arg


OPERATORS: Dict[str, Callable[[Source], Found]] = {
    "swap-items": swap_items, "rename-key": rename_key, "retype": retype, "bounds": bounds, "none": none,
    "drop-free": drop_free, "skip-check": skip_check, "failure-value": failure_value, "swap-args": swap_args,
}


def sites(source: Source) -> Iterator[Site]:
    """Yield all faults that can be put into a file."""
    for name, operator in OPERATORS.items():
        for span, replacement, parts in operator(source):
            function = source.function_at(span.start)
            if function:
                yield Site(name, source.name, function, span, replacement, parts)
