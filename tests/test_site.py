# SPDX-License-Identifier: LGPL-2.1-or-later
"""The site: docstrings are converted to valid reStructuredText, and the programs in the guides work."""

import ast
import asyncio
import builtins
import html
import importlib.util
import inspect
import io
import json
import re
import subprocess
import sys
import threading
from pathlib import Path
from typing import Dict, Iterator, List, Set, Tuple

import pytest

import libvirt
import libvirt_enums
import libvirt_types
import libvirtaio
from api import facts
from conftest import TIMEOUT, TOP

SITE = TOP / "docs" / "site"
sys.path.insert(0, str(SITE))
import apixml  # noqa: E402
import describe  # noqa: E402
import enumpages  # noqa: E402
import eventpage  # noqa: E402
import keypage  # noqa: E402
import links  # noqa: E402
import reference  # noqa: E402
import topics  # noqa: E402
import typepage  # noqa: E402

GUIDES = sorted(SITE.rglob("*.md"))
RECIPES = sorted((SITE / "recipes").glob("*.md"))
EXAMPLES = TOP / "examples"
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
    for role in ("py:meth", "py:obj"):
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
        "Fetch what :py:meth:`virDomain.foo() <libvirt.virDomain.foo>` made; see ``VIR_FOO_*`` and ``<foo a='b'/>``.",
        "",
        "* one \\*thing\\*", "* another\\_, and ``libvirt_enums.Foo``, at https://libvirt.org/foo.html", "",
        ":param name: str, of the thing, see :py:obj:`~libvirt.bar`",
        ":param params: dict, typed parameters, by these names:", "",
        "    * ``VIR_FOO_A``: int, the first,", "      which is long", "    * ``'b'``: str", "",
        ":param flags: int, bitwise-OR of ``libvirt_enums.FooFlags``", "    and others",
        ":returns: list:", "", "    * ``state``: int, the state", "    * ``size``: int, in bytes,",
        "      which is long", "",
        ":raises libvirtError: on failure, with code ``VIR_ERR_NO_FOO`` if there is none",
        ":raises ValueError: for a negative number",
        ":C function: `virDomainGetFoo <https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainGetFoo>`__, "
        "since libvirt 1.2.3", ""]


@pytest.mark.parametrize("name", topics.TOPICS)
def test_each_method_has_one_topic(name: str) -> None:
    found = [method for topic in topics.TOPICS[name] for method in topic.methods]
    assert sorted(found) == sorted(set(found))
    # Those of the libvirt that is installed, and those of the newest libvirt that is known.
    newest = facts.read(facts.versions()[-1])["callables"]
    known = {full.rpartition(".")[2] for full in newest if full.startswith(f"libvirt.{name}.")}
    assert set(found) == {method for method in known if not method.startswith("_")}


def test_a_method_that_is_too_new_for_the_topics_is_shown() -> None:
    shown = topics.topics_of("virDomain", ["fooNewer", "create"])
    assert [(topic.title, topic.methods) for topic in shown] == [
        ("Life cycle: start, stop, state", ("create",)), ("Other methods", ("fooNewer",))]


def test_page_of_an_enum() -> None:
    enums = enumpages.enums(libvirt_enums)
    constants = {"virDomainState": [apixml.Constant("VIR_DOMAIN_RUNNING", "", "0.0.1")]}
    members = enumpages.members(enums["DomainState"], constants, {"VIR_DOMAIN_RUNNING": "libvirt"})
    running = [member for member in members if member.name == "RUNNING"]
    assert running == [("RUNNING", 1, "libvirt.VIR_DOMAIN_RUNNING", "the domain is running", "0.0.1")]
    assert enumpages.page(enums["DomainState"], running, [], {})[-7:] == [
        ".. py:data:: libvirt_enums.DomainState.RUNNING", "             libvirt.VIR_DOMAIN_RUNNING", "    :value: 1",
        "    :nocontentsentry:", "", "    the domain is running (since libvirt 0.0.1)", ""]


def test_every_enum_is_listed() -> None:
    enums = enumpages.enums(libvirt_enums)
    listed = "\n".join(enumpages.index(enums))
    assert len(enums) > 150 and all(f"`~libvirt_enums.{name}`" in listed for name in enums)


def test_the_table_of_events_has_every_event() -> None:
    source = inspect.getsource(libvirt_types)
    constants: Dict[str, Dict[int, str]] = {}
    for name, enum in enumpages.enums(libvirt_enums).items():
        prefix = "VIR_" + re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name[:-2]).upper() + "_ID_"
        if name.endswith("EventID"):
            constants[name] = {int(member.value): prefix + key for key, member in enum.__members__.items()}
    lines = eventpage.page(libvirt_types.EVENTS, source, constants, {"VIR_DOMAIN_EVENT_ID_BLOCK_JOB": "0.9.4"}, {})
    text = "\n".join(lines)
    for record in libvirt_types.EVENTS:
        assert f"Record: :py:obj:`~libvirt_types.{record.__name__}`." in text
    assert "\n      - ``cb(conn, dom, disk, type, status, opaque)``\n      - 0.9.4\n" in text
    assert ("    def cb(conn: virConnect, dom: virDomain, disk: str | None, type: int, status: int, opaque): ..."
            in lines)
    assert "* ``status``: status of the operation (:py:class:`~libvirt_enums.ConnectDomainEventBlockJobStatus`)" in text


def test_the_pages_of_the_types_have_every_type() -> None:
    pages = typepage.pages("libvirt_types", inspect.getdoc(libvirt_types) or "", inspect.getsource(libvirt_types), {})
    described = {line.partition(":: ")[2] for lines in pages.values() for line in lines if line.startswith(".. py:")}
    public = {name for name, item in vars(libvirt_types).items()
              if not name.startswith("_") and not name.isupper() and getattr(item, "__module__", "") == "libvirt_types"}
    assert len(public) > 50 and public <= described
    assert "    * :py:obj:`~libvirt_types.DomainInfo`" in pages["libvirt_types"]


def test_each_key_belongs_to_a_group() -> None:
    constants = facts.read(facts.versions()[-1])["constants"]
    texts = [name.partition(".")[2] for name, value in constants.items() if isinstance(value, str)]
    assert len(texts) > 200 and [name for name in texts if keypage.group_of(name) is keypage.OTHER] == []
    newest = facts.read(facts.versions()[-1])["callables"]
    methods = [method for group in keypage.GROUPS for method in group.methods.split()]
    assert [method for method in methods if f"libvirt.{method}" not in newest] == []


@pytest.mark.parametrize("text, expected", [
    ("virDomainGetJobStats field: downtime (ms), as VIR_TYPED_PARAM_ULLONG. More.", ("Downtime (ms). More.", "int")),
    ("Macro for the memory tunable soft_limit: it represents the limit, as a ullong.", ("The limit.", "int")),
    ("Macro represents the inbound peak of NIC bandwidth, as a uint.", ("Inbound peak of NIC bandwidth.", "int")),
    ("The group name as VIR_TYPED_PARAM_STRING.", ("The group name.", "str")),
    ("Something else.", ("Something else.", "")),
])
def test_text_of_a_key(text: str, expected: Tuple[str, str]) -> None:
    assert keypage.text_and_type(text) == expected


def test_pages_of_keys() -> None:
    values = {"VIR_MIGRATE_PARAM_URI": "migrate_uri", "VIR_NEWER": "newer"}
    known = {"VIR_MIGRATE_PARAM_URI": apixml.Constant("VIR_MIGRATE_PARAM_URI", "the URI as a string", "1.1.0")}
    pages = keypage.pages("libvirt", values, known, {})
    assert set(pages) == {"keys", "keys.vir_migrate_param", "keys.other"}
    assert pages["keys.vir_migrate_param"][-7:] == [
        ".. py:data:: libvirt.VIR_MIGRATE_PARAM_URI", "    :type: str", "    :value: 'migrate_uri'",
        "    :nocontentsentry:", "", "    The URI (since libvirt 1.1.0)", ""]
    assert ".. py:data:: libvirt.VIR_NEWER" in pages["keys.other"]


# --- the guides

# A block of language "python" is run, after those above it on its page, in one process. A block of language "output"
# right below it is what it prints, in which "..." stands for anything. A block of language "py" needs a real host, so
# it is only compiled, and the page says so.
BLOCK = re.compile(r"^( *)```(python|py|output)\n(.*?)^ *```", re.MULTILINE | re.DOTALL)


def blocks(path: Path, *languages: str) -> List[Tuple[str, str]]:
    """Return the language and the text of each block of a page."""
    return [(language, re.sub("^" + indent, "", text, flags=re.MULTILINE))
            for indent, language, text in BLOCK.findall(path.read_text(encoding="utf-8")) if language in languages]


# Run the programs of a page, and print the output of each.
READER = """
import contextlib, io, json, sys
names = {"__name__": "__main__"}
shown = []
for number, source in enumerate(json.loads(sys.stdin.read())):
    with contextlib.redirect_stdout(io.StringIO()) as output:
        exec(compile(source, f"block {number}", "exec"), names)
    shown.append(output.getvalue())
print(json.dumps(shown))
"""


WITH_PROGRAMS = [path for path in GUIDES if blocks(path, "python")]


@pytest.mark.parametrize("path", WITH_PROGRAMS, ids=lambda path: str(path.stem))
def test_programs_of_a_page_run_in_its_order(path: Path, tmp_path: Path) -> None:
    found = blocks(path, "python", "output")
    programs = [text for language, text in found if language == "python"]
    done = subprocess.run([sys.executable, "-c", READER], input=json.dumps(programs), stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, universal_newlines=True, timeout=TIMEOUT, check=False, cwd=tmp_path)
    if libvirt.getVersion() < 9_000_000 and "not supported by the connection driver" in done.stderr:
        pytest.skip("the test driver of this libvirt has no such function")
    assert (done.returncode, done.stderr) == (0, "")
    printed = iter(json.loads(done.stdout))
    last = ""
    for language, text in found:
        if language == "python":
            last = next(printed)
        else:
            assert re.fullmatch(re.escape(text).replace(re.escape("..."), ".*"), last), last


def names_of_python() -> Set[str]:
    found = {"recv", "send", "getpass", "quote", *dir(builtins), *dir(html), *dir(threading.Thread),
             *dir(asyncio), *dir(asyncio.Task), *dir(asyncio.AbstractEventLoop)}
    for module in (*MODULES, libvirtaio, libvirt_enums, libvirt_types):
        for name, item in vars(module).items():
            found.add(name)
            found |= set(vars(item)) if inspect.isclass(item) else set()
    return found


NAMES = ["libvirt_enums", "libvirt_types", *reference.modules()]
# Names that a guide gives to the reader's functions.
OF_THE_READER = {"hand_virDomainGetFoo", "Row", "cb", "f", "handler", "resynchronize"}


@pytest.mark.parametrize("path", GUIDES, ids=lambda path: str(path.relative_to(SITE)))
def test_names_and_links_in_guides_exist(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for number, (_, block) in enumerate(blocks(path, "python", "py")):
        tree = compile(block, f"{path.name}:{number}", "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                name = node.value.id
                assert name not in NAMES or hasattr(sys.modules[name], node.attr), f"{name}.{node.attr}"
    # Names of errors and constants that the text has.
    for error in re.findall(r"\b\w+Error\b", text):
        assert hasattr(builtins, error) or hasattr(libvirt.libvirtError, error) or error == "libvirtError", error
    for constant in re.findall(r"`(?:libvirt\.)?(VIR_\w+)`", text):
        # An older libvirt has fewer of them.
        assert any(hasattr(sys.modules[name], constant) for name in NAMES) or libvirt.getVersion() < 9_000_000, constant
    known = names_of_python()
    called = set(re.findall(r"`(?:\w+\.)*(\w+)\([^`]*\)`", text)) - OF_THE_READER
    assert sorted(name for name in called if name not in known) == []
    for target in re.findall(r"\]\(([\w/.]+\.(?:md|svg))\)", text):
        assert any((place / target).exists() for place in (path.parent, TOP / "docs")) or target == "news.md", target
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


def test_faults_of_pages_are_found(tmp_path: Path) -> None:
    (tmp_path / "one.html").write_text('<a href="two.html#here">x</a><a href="#gone">x</a><a href="three.html">x</a>'
                                       '<a href="https://elsewhere/">x</a><img src="two.html" alt="x">',
                                       encoding="utf-8")
    (tmp_path / "two.html").write_text('<p id="here"><a href="one.html">x</a><a href="one.html#no">x</a></p>'
                                       '<img src="one.html"><script src="https://elsewhere/x.js"></script>',
                                       encoding="utf-8")
    assert links.faults(tmp_path) == [
        "one.html: #gone: broken link", "one.html: three.html: broken link",
        "two.html: https://elsewhere/x.js: fetched from elsewhere", "two.html: one.html: image without a text",
        "two.html: one.html#no: broken link"]
