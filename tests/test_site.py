# SPDX-License-Identifier: LGPL-2.1-or-later
"""The site: docstrings are converted to valid reStructuredText, and the programs in the guides work."""

import importlib.util
import inspect
import io
import re
import subprocess
import sys
from pathlib import Path
from typing import Dict, Iterator, List, Set, Tuple

import pytest

import libvirt
import libvirtaio
from conftest import TIMEOUT, TOP

SITE = TOP / "docs" / "site"
EXAMPLES = TOP / "examples"
sys.path.insert(0, str(SITE))
import describe  # noqa: E402
import links  # noqa: E402
import reference  # noqa: E402

GUIDES = sorted(SITE.rglob("*.md"))
RECIPES = sorted((SITE / "recipes").glob("*.md"))
MODULES = [importlib.import_module(name) for name in reference.modules()]
FUNCTIONS = dict(item for module in MODULES for item in reference.functions(module))
PUBLIC = {name: item for name, item in FUNCTIONS.items() if not name.rpartition(".")[2].startswith("_")}


# --- the reference

@pytest.mark.parametrize("name", PUBLIC)
def test_everything_public_is_documented(name: str) -> None:
    assert len(inspect.getdoc(PUBLIC[name]) or "") > 10


@pytest.fixture(scope="module")
def methods() -> Dict[str, str]:
    return describe.methods_of({name: inspect.getdoc(item) or "" for name, item in PUBLIC.items()})


def test_c_functions_map_to_methods(methods: Dict[str, str]) -> None:
    assert methods["virDomainCreate"] == "libvirt.virDomain.create"
    assert methods["virConnectOpen"] == "libvirt.open"
    assert methods["virEventAddTimeout"] == "libvirt.virEventAddTimeout"
    assert len(methods) > 400


def test_docstrings_are_valid_restructuredtext(methods: Dict[str, str]) -> None:
    core = pytest.importorskip("docutils.core")
    from docutils import nodes
    from docutils.parsers.rst import roles
    for role in ("py:meth", "py:func"):
        roles.register_local_role(role, lambda name, raw, text, line, inliner, options=None, content=None:
                                  ([nodes.literal(text=text)], []))
    wrong = {}
    for name, item in PUBLIC.items():
        lines = describe.describe((inspect.getdoc(item) or "").splitlines(),
                                  list(inspect.signature(item).parameters), methods, {})
        output = io.StringIO()
        core.publish_doctree("\n".join(lines), settings_overrides={"warning_stream": output, "report_level": 2})
        if output.getvalue():
            wrong[name] = output.getvalue()
    assert wrong == {}


DOCSTRING = """Fetch what virDomain.foo() made; see VIR_FOO_* and <foo a='b'/>.

- one *thing*
- another_, and libvirt_enums.Foo, at https://libvirt.org/foo.html

name: str, of the thing, see libvirt.bar()
params: dict, typed parameters, by these names:
    VIR_FOO_A: int, the first,
        which is long
    'b': str
flags: int, bitwise-OR of libvirt_enums.FooFlags
    and others

Returns list:
    state: int, the state
    size: int, in bytes,
        which is long
Raises libvirtError on failure, with code VIR_ERR_NO_FOO if there is none.
Raises ValueError for a negative
number.

C function: virDomainGetFoo, since libvirt 1.2.3"""


def test_what_becomes_of_a_docstring() -> None:
    known = describe.methods_of({"libvirt.virDomain.foo": "Foo.\n\nC function: virDomainFoo",
                                 "libvirt.bar": "Bar.\n\nC function: virBar"})
    assert known["virDomainFoo"] == "libvirt.virDomain.foo" and known["virBar"] == "libvirt.bar"
    lines = describe.describe(DOCSTRING.splitlines(), ["name", "params", "flags"], known,
                              {"virDomainGetFoo": describe.page_of("libvirt-domain")})
    assert lines == [
        "Fetch what :py:meth:`~libvirt.virDomain.foo` made; see ``VIR_FOO_*`` and ``<foo a='b'/>``.", "",
        "* one \\*thing\\*", "* another\\_, and ``libvirt_enums.Foo``, at https://libvirt.org/foo.html", "",
        ":param name: str, of the thing, see :py:func:`~libvirt.bar`",
        ":param params: dict, typed parameters, by these names:", "",
        "    * ``VIR_FOO_A``: int, the first,", "      which is long", "    * ``'b'``: str", "",
        ":param flags: int, bitwise-OR of ``libvirt_enums.FooFlags``", "    and others",
        ":returns: list:", "", "    * ``state``: int, the state", "    * ``size``: int, in bytes,",
        "      which is long", "",
        ":raises libvirtError: on failure, with code ``VIR_ERR_NO_FOO`` if there is none",
        ":raises ValueError: for a negative number",
        ":C function: `virDomainGetFoo <https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainGetFoo>`__, "
        "since libvirt 1.2.3", ""]


# --- the guides

def blocks(path: Path) -> List[str]:
    return re.findall(r"^```python\n(.*?)^```", path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def run(code: str) -> List[str]:
    done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          universal_newlines=True, timeout=TIMEOUT, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


START = "import libvirt\nconn = libvirt.open('test:///default')\ndom = conn.lookupByName('test')\n"


@pytest.mark.parametrize("number, shown", [
    (0, ["RUNNING", "PAUSED"]), (1, []), (2, ["no such domain:"]), (3, []), (4, ["2 "])])
def test_programs_of_the_first_guide(number: int, shown: List[str]) -> None:
    output = run(START + blocks(SITE / "start.md")[number])
    assert all(any(wanted in line for line in output) for wanted in shown) and len(output) >= len(shown)


def test_program_of_the_start_page() -> None:
    assert run(blocks(SITE / "index.md")[0]) == ["test RUNNING"]


def test_program_of_the_asyncio_guide() -> None:
    assert run(blocks(SITE / "asyncio.md")[0]) == [f"('test', {libvirt.VIR_DOMAIN_EVENT_SUSPENDED})"]


def test_program_of_the_events_guide() -> None:
    endless = blocks(SITE / "events.md")[0]
    assert "while True:" in endless
    output = run(endless.replace("while True:", "for _ in range(1):"))
    assert output == ["test SUSPENDED"]


def test_events_without_callbacks_in_the_guides() -> None:
    assert run(blocks(SITE / "events.md")[1]) == []
    assert run(blocks(SITE / "events.md")[2]) == ["test SUSPENDED", "test RESUMED"]
    first, second = blocks(SITE / "asyncio.md")
    assert run(first + second)[1:] == ["test SUSPENDED", "test STOPPED"]


def names_of_python() -> Set[str]:
    found = {"recv", "send", "print"}
    for module in (*MODULES, libvirtaio):
        for name, item in vars(module).items():
            found.add(name)
            found |= set(vars(item)) if inspect.isclass(item) else set()
    return found


@pytest.mark.parametrize("path", GUIDES, ids=lambda path: str(path.stem))
def test_names_and_links_in_guides_exist(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for number, block in enumerate(blocks(path)):
        compile(block, f"{path.name}:{number}", "exec")
    known = names_of_python()
    called = set(re.findall(r"`(?:\w+\.)*(\w+)\([^`]*\)`", text))
    called -= {"to_thread", "wait_for", "hand_virDomainGetFoo", "Row", "cb"}
    assert sorted(name for name in called if name not in known) == []
    for target in re.findall(r"\]\(([\w/.]+\.(?:md|svg))\)", text):
        assert (path.parent / target).exists() or (TOP / "docs" / target).exists(), target
    for example in re.findall(r"`examples/(\w+\.py)`", text):
        assert (TOP / "examples" / example).exists()


# --- the recipes

def test_every_example_is_a_recipe() -> None:
    """Except for the tour, which is not about one task."""
    shown = [name for path in RECIPES for name in
             re.findall(r"^```{literalinclude} /examples/(\w+\.py)$", path.read_text(encoding="utf-8"), re.MULTILINE)]
    assert sorted(shown) == sorted({path.name for path in EXAMPLES.glob("*.py")} - {"tour.py"})
    listed = re.findall(r"`(\w+\.py)` \|$", (SITE / "recipes" / "index.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(listed) == sorted(shown)


def sessions() -> Iterator[Tuple[str, List[str]]]:
    """Yield each command in the recipes that runs on the test driver, and the lines that it prints."""
    for path in RECIPES:
        for block in re.findall(r"^```console\n(.*?)^```", path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL):
            command, *output = block.splitlines()
            if " test:///default" in command:
                yield command, output


@pytest.mark.parametrize("command, output", sessions(), ids=lambda value: value.split()[2] if "$" in value else "")
def test_output_in_recipes(command: str, output: List[str]) -> None:
    prompt, python, name, *arguments = command.split()
    assert (prompt, python) == ("$", "python3")
    done = subprocess.run([sys.executable, EXAMPLES / name, *arguments], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, universal_newlines=True, timeout=TIMEOUT, check=False)
    assert done.stdout.splitlines() == output


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: str(path.stem))
def test_links_to_the_reference_exist(path: Path) -> None:
    for full in re.findall(r"\{py:\w+\}`~([\w.]+)`", path.read_text(encoding="utf-8")):
        module, *names = full.split(".")
        item: object = pytest.importorskip(module)
        for name in names:
            item = getattr(item, name)


def test_broken_links_are_found(tmp_path: Path) -> None:
    (tmp_path / "one.html").write_text('<a href="two.html#here">x</a><a href="#gone">x</a><a href="three.html">x</a>'
                                       '<a href="https://elsewhere/">x</a><img src="two.html">', encoding="utf-8")
    (tmp_path / "two.html").write_text('<p id="here"><a href="one.html">x</a><a href="one.html#no">x</a></p>',
                                       encoding="utf-8")
    assert links.broken(tmp_path) == ["one.html: #gone", "one.html: three.html", "two.html: one.html#no"]
