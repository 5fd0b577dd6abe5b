# SPDX-License-Identifier: LGPL-2.1-or-later
"""The docstrings of all modules, as generated from each API description that is available.

They use Python's terms, have the form that docstrings.docstring() gives them,
and only name what the modules have.
"""

import ast
import functools
import re
from dataclasses import dataclass
from typing import Dict, FrozenSet, Iterable, List, Set, Tuple

import pytest

import backtest
from api import descriptions
from conftest import TOP
from generator import apixml, plan
from generator.bindings import modules, texts
from generator.docstrings import Names
from generator.emit import enums_module, python_module

FRAGMENTS = str(TOP / "python" / "fragments")
# "newest" is the installed libvirt together with what the excerpt of a newer one has.
PLACES: Dict[str, Dict[str, str]] = {
    "here": descriptions.here(), "newest": descriptions.here(), **descriptions.others()}
COLUMNS = 80

# Terms of C, as regular expressions.
OF_C = {
    "what a failure returns": r"-1 (?:in case|on|upon|otherwise)|\bNone (?:in case|on|upon|otherwise)\b"
                              r"|in case of (?:an? )?(?:error|failure)|\breturns? an? (?:error|failure)\b",
    "NULL": r"\bNULL\b|\bnull\b|(?:0|[Zz]ero|NUL|None|null)[ -]terminated",
    "pointers": r"[Pp]ointer|\bPtr\b|vir\w+Ptr\b|\b(?:char|int|void|\w+Ptr) \*|\bchar\b"
                r"|\bunsigned (?:int|long|char)\b|\b(?:struct|structure)s?\b",
    "memory": r"\b[Cc]allers? (?:must|is|are|has|have|needs?|should|frees?)\b|\bresponsib|\bdeallocat|\balloc'?d\b"
              r"|\bbe free'?d\b|\bfree(?:ing)? (?:it|the (?:memory|returned|result|array|list))\b|[a-z]Free\b"
              r"|\bmalloc|\bcalloc|\bsizeof\b|\bmemset\b|\bstack\b",
    "buffers": r"\breturn(?:ed)? buffer|\barrays?\b|\bout(?:put)?[ -]param|\bNUL\b|\((?:OUT|IN)\)",
    "lengths": r"\bn(?:params|names|pages|types|cpus|results|stats|keys|models)\b|\bmaxnames\b|\bmaxinfo\b"
               r"|\b(?:xml|cpu)len\b|\b\w+_len\b",
    "marks of arguments": r"(?<![\w/])@\w+",
    "the language": r"\bmacros?\b|\bstdint|\bva_list\b|\bprintf\b|\bfunction pointer|\bC (?:code|string|array)\b",
    "functions under their names in C": r"(?<![\w.])vir[A-Z]\w+\(\)",
}

# A first line begins with a verb, which is not in the third person and none of these words.
NO_VERB = re.compile(r"(?:(?!Pass|Press|Process|Access|Address|Discuss)[A-Z][a-z]+s|A|An|The|If|For|In|On|To|Function"
                     r"|Method|[A-Z][a-z]+ing|[A-Z]\w*[A-Z]\w*)\b")
FIRST = "the first line"
PROSE = re.compile(r"(?:[A-Z0-9\"'(<*]|vir[A-Z]\w+\.\w+\(|libvirt\b|libvirt_\w+)")
PARAMETER = re.compile(r"(\w+): ")
C_FUNCTION = re.compile(r"C functions?: (?:vir|qemu)\w+(?:, \w+)*(?:, since libvirt \d+\.\d+\.\d+)?")


@dataclass(frozen=True)
class Docstring:
    """One docstring: where it is, what it says, and what it belongs to."""

    name: str
    text: str
    lines: Tuple[str, ...]  # of the source
    arguments: FrozenSet[str]
    kind: str  # module, class or function


def _arguments(node: ast.AST) -> FrozenSet[str]:
    args = getattr(node, "args", None)
    if not isinstance(args, ast.arguments):
        return frozenset()
    found = (*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg)
    return frozenset(item.arg for item in found if item is not None)


def docstrings_in(name: str, source: str) -> Iterable[Docstring]:
    """All docstrings of a source file."""
    lines = source.split("\n")

    def inside(node: ast.AST, full: str) -> Iterable[Docstring]:
        assert isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))
        text = ast.get_docstring(node)
        if text is not None:
            place = node.body[0]
            kind = {ast.Module: "module", ast.ClassDef: "class"}.get(type(node), "function")
            yield Docstring(full, text, tuple(lines[place.lineno - 1:place.end_lineno]), _arguments(node), kind)
        for item in node.body:
            if isinstance(item, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
                yield from inside(item, f"{full}.{item.name}")

    return inside(ast.parse(source), name)


@functools.lru_cache(maxsize=None)
def planned(place: str) -> Dict[str, plan.ModulePlan]:
    """Module -> its plan, of the generated modules."""
    if place == "newest":
        return {name: plan.plan_module(modules.ALL[name], backtest.newest(name)) for name in PLACES[place]}
    return {name: plan.plan_module(modules.ALL[name], apixml.read(path, modules.ALL[name].library))
            for name, path in PLACES[place].items()}


@functools.lru_cache(maxsize=None)
def sources(place: str) -> Dict[str, str]:
    """Module -> source, of all modules."""
    main = planned(place)["libvirt"]
    found = {name: (TOP / "python" / f"{name}.py").read_text(encoding="utf-8")
             for name in ("libvirtaio", "libvirtevents")}
    for name, whole in planned(place).items():
        found[name] = python_module.emit(whole, None if whole.module.own_classes else main.api, FRAGMENTS)
    found["libvirt_enums"] = enums_module.emit(
        main, [whole.api for whole in planned(place).values() if whole is not main])
    return found


@functools.lru_cache(maxsize=None)
def docs(place: str) -> List[Docstring]:
    return [item for name, source in sources(place).items() for item in docstrings_in(name, source)]


def wrong_form(item: Docstring) -> List[str]:
    """What is wrong with the form of a docstring."""
    first, *rest = item.text.split("\n")
    found = []
    if not first.endswith(".") or not re.match(r"[A-Z\"]|libvirt", first):
        found.append(f"{FIRST} is no sentence: {first!r}")
    if rest and rest[0]:
        found.append(f"{FIRST} goes on")
    if item.kind == "function" and "._" not in item.name and NO_VERB.match(first):
        found.append(f"{FIRST} is not imperative: {first!r}")
    if re.search(r"\n\n\n|\n[ ]*$|[ ]\n", item.text):
        found.append("empty lines or spaces")
    for part in re.split(r"\n\n", item.text)[1:]:
        found += _wrong_part(item, part)
    return found


def _wrong_part(item: Docstring, part: str) -> List[str]:
    start = part.split("\n")[0]
    if start.startswith(" ") or C_FUNCTION.fullmatch(part) or part.startswith("C enum: "):
        return []
    parameter = PARAMETER.match(start)
    if parameter is not None and item.kind == "function":
        return [f"no argument or no text: {line!r}" for line in part.split("\n") if not line.startswith("    ")
                and not (line.split(":")[0] in item.arguments and re.search(r": \S", line))]
    if item.kind == "class" and item.name.startswith("libvirt_enums."):
        return [f"no member: {line!r}" for line in part.split("\n")
                if not re.match(r"[A-Z_]\w*(?:: \S|$)|    \S", line)]
    if start.startswith("- "):
        return [f"an item without text: {line!r}" for line in part.split("\n") if not re.match(r"- \S|  \S", line)]
    text = " ".join(part.split())
    wrong = []
    if not PROSE.match(text) and text.split()[0] not in item.arguments:
        wrong.append(f"half a sentence: {text!r}")
    fields = start.startswith("Returns ") and "\n    " in part
    if not fields and not re.search(r"[.:?!][)'\"]?$|https?://\S+$", text):
        wrong.append(f"no end: {text!r}")
    return wrong


@pytest.fixture(params=PLACES, name="place")
def fixture_place(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize("what", OF_C)
def test_no_terms_of_c(place: str, what: str) -> None:
    pattern = re.compile(OF_C[what])
    assert [(item.name, found[0]) for item in docs(place)
            for found in [pattern.search(re.sub(r"C (?:functions?|enum): .*", "", item.text))] if found] == []


def test_lines_have_80_columns_at_most(place: str) -> None:
    assert [(item.name, line) for item in docs(place) for line in item.lines if len(line) > COLUMNS] == []


def test_the_form_of_docstrings(place: str) -> None:
    assert [(item.name, wrong) for item in docs(place) for wrong in wrong_form(item)] == []


def test_the_rules_alone_make_a_first_line(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A function of a libvirt that is newer than the texts has one, too."""
    monkeypatch.setattr(texts, "FUNCTIONS", {})
    made = [item for name, source in sources.__wrapped__(place).items() for item in docstrings_in(name, source)]
    assert [item.name for item in made] == [item.name for item in docs(place)]
    assert [(item.name, wrong) for item in made for wrong in wrong_form(item) if wrong.startswith(FIRST)] == []
    assert [(item.name, line) for item in made for line in item.lines if len(line) > COLUMNS] == []


def test_all_arguments_and_the_c_function_are_described(place: str) -> None:
    found = {item.name: item for item in docs(place)}
    missing = []
    for name, whole in planned(place).items():
        for made in whole.plans:
            item = found.get(f"{name}.{made.owner}.{made.name}" if made.owner else f"{name}.{made.name}")
            assert item is not None, made.function.name
            wanted = [f"{argument}: " for argument in item.arguments - {"self"}]
            wanted += [f"C function: {made.function.name}"] if "C functions:" not in item.text else []
            missing += [(item.name, text) for text in wanted if not re.search(rf"^{text}", item.text, re.MULTILINE)]
    assert missing == []


def _defined(place: str) -> Set[str]:
    """Functions, classes and constants with the name of their module, methods with that of their class."""
    names: Set[str] = set()
    for module, source in sources(place).items():
        for node in ast.parse(source).body:
            if isinstance(node, ast.ClassDef):
                names.add(f"{module}.{node.name}")
                names |= {f"{node.name}.{item.name}" for item in node.body if isinstance(item, ast.FunctionDef)}
            elif isinstance(node, ast.FunctionDef):
                names.add(f"{module}.{node.name}")
            elif isinstance(node, ast.Assign):
                names |= {f"{module}.{target.id}" for target in node.targets if isinstance(target, ast.Name)}
    return names


def test_docstrings_only_name_what_exists(place: str) -> None:
    if place == "newest":
        pytest.skip("the excerpt has functions without their enums")
    names = _defined(place)
    constants = {name.partition(".")[2] for name in names if ".VIR_" in name}
    unknown = []
    for item in docs(place):
        found = set(re.findall(r"(?<![\w.])(?:libvirt\.)?(vir\w+\.\w+)\(", item.text))
        found.update(re.findall(r"(?<![\w./])(libvirt\w*\.\w+)\(\)", item.text))
        found.update(re.findall(r"\blibvirt_enums\.\w+", item.text))
        unknown += [(item.name, name) for name in sorted(found - names)]
        unknown += [(item.name, name) for name in re.findall(r"\bVIR_[A-Z0-9_]+\b", item.text)
                    if name not in constants and not (
                        name.endswith("_") and any(other.startswith(name) for other in constants))]
    assert unknown == []


@pytest.mark.skipif(not descriptions.others(), reason="needs the description of a libvirt as new as the texts")
def test_texts_are_for_functions_enums_and_constants_that_exist() -> None:
    """A name that no description has is misspelled, or outdated."""
    apis = [whole.api for place in PLACES for whole in planned(place).values()]
    assert sorted(set(texts.FUNCTIONS) - {name for api in apis for name in api.functions}) == []
    assert sorted(set(texts.ENUMS) - {item.enum for api in apis for item in api.enumerators}) == []
    known = Names(constants={item.name for api in apis for item in api.enumerators}
                  | {item.name for api in apis for item in api.macros})
    assert [(name, found) for name, text in texts.FUNCTIONS.items()
            for found in re.findall(r"\bVIR_[A-Z0-9_]+\b", repr(text)) if not known.has_all(found)] == []


# --- the checks find what they look for

@pytest.mark.parametrize("text", [
    "return the thing", "Return the thing", "Returns the thing.", "The thing of the domain.",
    "Return the thing.\nIt is one.", "Return it.\n\n\nAnd more.", "Return it.\n\nand half a sentence.",
    "Return it.\n\nA text without an end", "Return it.\n\nother: int, no argument.", "Return it.\n\nname:",
    "Return it.\n\n- \n- two",
])
def test_a_wrong_form_is_found(text: str) -> None:
    assert wrong_form(Docstring("libvirt.get", text, (), frozenset({"name"}), "function"))


def test_a_right_form_passes() -> None:
    text = ("Return the thing.\n\nIt is one:\n\n- a\n- b\n\nname: str, what\n    is long\n\nReturns int: the number.\n"
            "Raises libvirtError on failure.\n\nC function: virGet, since libvirt 1.2.3")
    assert wrong_form(Docstring("libvirt.get", text, (), frozenset({"name"}), "function")) == []


@pytest.mark.parametrize("text", [
    "Returns 0 in case of success, -1 in case of error.", "It is NULL.", "A pointer to it.", "caller must free it",
    "The caller is responsible for freeing it.", "Fills the returned buffer.", "Use malloc.", "See @dom.",
    "Call virDomainGetInfo().", "A zero terminated string.", "A virDomainPtr.", "of size nparams",
])
def test_words_of_c_are_found(text: str) -> None:
    assert any(re.search(pattern, text) for pattern in OF_C.values())
