# SPDX-License-Identifier: LGPL-2.1-or-later
"""A libvirt with invented functions: one for each converter, generated, compiled and called without any row.

api/doctored/ has the header and the library; the API description is generated
from the header.  The modules are used in another process, which answers questions.
"""

import ast
import json
import os
import re
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List

import pytest

from api import csource
from conftest import TOP, api_xml, function_xml

ODD = TOP / "tests" / "api" / "doctored"
LEFT_OUT = {"virDomainQueue": "void * queue"}
# It frees the records of a function that is bound, so it is left out without a warning.
RELEASES = {"virDomainOddityFree"}

# What the program and the fragments need of the real libvirt: functions that lead to objects, and constants.
REAL = ("virConnectPtr virConnectOpen(const char *name)", "int virConnectClose(virConnectPtr conn)",
        "virDomainPtr virDomainLookupByName(virConnectPtr conn, const char *name)",
        "virInterfacePtr virInterfaceLookupByName(virConnectPtr conn, const char *name)",
        "const char *virDomainGetName(virDomainPtr domain)", "const char *virInterfaceGetName(virInterfacePtr iface)",
        "<enum name='VIR_ERR_NO_SUPPORT' file='virterror' value='3' type='virErrorNumber'/>",
        "<enum name='VIR_STREAM_RECV_STOP_AT_HOLE' file='libvirt-stream' value='1' type='virStreamRecvFlagsValues'/>")

# Answers questions, one on each line: the repr of an expression's value, or what it raised.
ANSWERS = """
import json, sys
import libvirt
conn = libvirt.open("test:///default")
domain = conn.lookupByName("test")
iface = conn.interfaceLookupByName("eth1")
print("ready", flush=True)
for line in sys.stdin:
    try:
        answer = ["gives", repr(eval(json.loads(line)))]
    except Exception as error:
        code = error.get_error_code() if isinstance(error, libvirt.libvirtError) else None
        answer = ["raises", type(error).__name__, str(error), code]
    print(json.dumps(answer), flush=True)
"""


def header_symbols() -> Iterator[str]:
    """The XML of everything in the header."""
    text = re.sub(r"/\*.*?\*/", "", (ODD / "odd.h").read_text(encoding="utf-8"), flags=re.DOTALL)
    for name, body in re.findall(r"^struct _(\w+) \{(.*?)^\};", text, re.DOTALL | re.MULTILINE):
        fields = re.findall(r"^ +(.*?[ *])(\w+)(\[\w+\])?;", body, re.MULTILINE)
        lines = "".join(f"<field name='{field}' type='{ctype.strip()}{f' {field}{size}' if size else ''}'/>"
                        for ctype, field, size in fields)
        yield f"<struct name='{name}' file='libvirt-domain' type='struct _{name}'>{lines}</struct>"
        yield f"<typedef name='{name}Ptr' file='libvirt-domain' type='{name} *'/>"
    for number, name in enumerate(re.findall(r"^ +(VIR_DOMAIN_MOOD_\w+)", text, re.MULTILINE)):
        yield f"<enum name='{name}' file='libvirt-domain' value='{number}' type='virDomainMood'/>"
    for name, value in re.findall(r'^#define (\w+) "(\w+)"', text, re.MULTILINE):
        yield f"<macro name='{name}' file='libvirt-domain' string='{value}'/>"
    for prototype in re.findall(r"^[\w ]+\*?\w+\(.*\);", text, re.MULTILINE):
        yield function_xml(prototype)


@pytest.fixture(scope="module")
def library(tmp_path_factory: "pytest.TempPathFactory") -> Path:
    """A directory with the description, the header and the library of the made-up libvirt."""
    directory = tmp_path_factory.mktemp("odd")
    (directory / "libvirt-api.xml").write_text(api_xml(*REAL, *header_symbols()), encoding="utf-8")
    (directory / "libvirt").mkdir()
    (directory / "libvirt" / "libvirt.h").write_text(
        f'#include_next <libvirt/libvirt.h>\n#include "{ODD / "odd.h"}"\n', encoding="utf-8")
    csource.compile_c(directory, "-Wall", "-Wextra", "-shared", "-fPIC", ODD / "odd.c", "-o", "libodd.so",
                      *(csource.libvirt("--libs") or ["-lvirt"]))
    return directory


@pytest.fixture(scope="module")
def generate(library: Path) -> Callable[..., "subprocess.CompletedProcess[str]"]:
    """Runs the generator for one file of the made-up libvirt's bindings."""
    def run(output: str, *options: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-s", "-m", "generator", "--module=libvirt", f"--xml={library / 'libvirt-api.xml'}",
             f"--fragments={TOP / 'python' / 'fragments'}", *options, str(library / output)],
            stderr=subprocess.PIPE, universal_newlines=True, env={**os.environ, "PYTHONPATH": str(TOP)}, check=False)
    return run


@pytest.fixture(scope="module")
def warnings(generate: Callable[..., "subprocess.CompletedProcess[str]"]) -> Dict[str, str]:
    """File -> warnings of the generator for the made-up libvirt."""
    from generator.bindings import modules
    outputs = ["libvirtmod.h", "libvirt.py", *(part.file("libvirtmod") for part in modules.LIBVIRT.parts)]
    done = {output: generate(output) for output in outputs}
    assert [each.returncode for each in done.values()] == [0] * len(done), done
    return {output: each.stderr for output, each in done.items()}


@pytest.fixture(scope="module")
def modules(library: Path, warnings: Dict[str, str]) -> Path:
    """The directory with the compiled modules."""
    name = "libvirtmod" + sysconfig.get_config_var("EXT_SUFFIX")
    csource.compile_c(library, "-O0", "-Wall", "-Wextra", "-shared", "-fPIC",
                      *sorted(path.name for path in library.glob("libvirtmod*.c")), *csource.shared_sources(),
                      "-o", name, "-L.", "-lodd", f"-Wl,-rpath,{library}",
                      *(csource.libvirt("--libs") or ["-lvirt"]))
    return library


@pytest.fixture(scope="module")
def process(modules: Path) -> "Iterator[subprocess.Popen[str]]":
    """An interpreter with these modules."""
    with subprocess.Popen([sys.executable, "-c", ANSWERS], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          universal_newlines=True, env={**os.environ, "PYTHONPATH": str(modules)}) as running:
        assert running.stdin and running.stdout
        assert running.stdout.readline() == "ready\n"
        yield running
        running.stdin.close()
        assert running.wait(60) == 0


@pytest.fixture
def ask(process: "subprocess.Popen[str]") -> Callable[[str], List[Any]]:
    """The answer to an expression: ["gives", repr] or ["raises", type, text, code]."""
    def answer(expression: str) -> List[Any]:
        assert process.stdin and process.stdout
        process.stdin.write(json.dumps(expression) + "\n")
        process.stdin.flush()
        found: List[Any] = json.loads(process.stdout.readline())
        return found
    return answer


@pytest.fixture
def value(ask: Callable[[str], List[Any]]) -> Callable[[str], Any]:
    """The value of an expression that does not raise."""
    def of(expression: str) -> Any:
        how, *rest = ask(expression)
        assert how == "gives", rest
        return ast.literal_eval(rest[0])
    return of


MAX, MIN = 2 ** 64 - 1, -2 ** 63

# Converter -> an expression and its value.
CALLS = {
    "numbers in, of a function of the module": ("libvirt.virOddTotal(5, 37)", 42),
    "no arguments": ("libvirt.virOddAlive()", 0),
    "constant text, of a function of the module": ("libvirt.virOddMotto()", "waste not"),
    "numbers in": ("domain.setMood(-3, 1000, 0.25)", 250),
    "a number out, and what is longer fails otherwise": ("(domain.setMood(-3, 0, 0), domain.mood())", (0, -3)),
    "the least number out": ("domain.debt()", MIN),
    "text in and out": ("domain.song('Ça')", "Ça, by test"),
    "no text in": ("domain.song(None)", "(null), by test"),
    "constant text": ("domain.motto()", "want not"),
    "nothing": ("(domain.setMood(1, 0, 0), domain.forget(), domain.mood())", (0, None, 0)),
    "reserved words": ("domain.restoreMood(frm='four', lambda_=5)", 20),
    "an object in and out": ("conn.guessDomain(domain).name()", "test"),
    "an object that is not the first": ("domain.virOddNamed(7, None)", 704),
    "no object in": ("conn.guessDomain(None).name()", "test"),
    "the parent of an object": ("conn.guessDomain(domain).connect() is conn", True),
    "a list of objects": ("[(type(each).__name__, each.name()) for each in conn.listAllTwins()]",
                          [("virDomain", "test")] * 2),
    "names that are counted first": ("conn.listSongs()", ["Air", "Boléro", ""]),
    "their number": ("conn.numOfSongs()", 8),
    "names": ("domain.listAllMottos()", ["Air", "Boléro", ""]),
    "typed parameters that libvirt allocates": ("domain.taste()", {
        "i": -7, "u": 2 ** 32 - 1, "l": -9000000000, "ul": MAX, "d": 0.5, "b": True, "colour": "rosé"}),
    "typed parameters in, and counted ones out": (
        "(domain.setTuning({'a': 5, 'b': -5, 'c': 'é', 'd': 1.5, 'e': True}), domain.tuning())",
        (5, {"a": 5, "b": -5, "c": "é", "d": 1.5, "e": True})),
    "no typed parameters": ("(domain.setTuning({}), domain.tuning())", (0, {})),
    "a struct": ("domain.oddInfo()", [255, -2 ** 15, MIN, MAX, 0.25, "naïve", None]),
    "records": ("domain.listAllOddities()", [{"name": "first", "age": 100, "nicks": ["Air", "Boléro"]},
                                             {"name": None, "age": -1, "nicks": []}]),
    "a UUID in": ("conn.interfaceLookupByUUID(b'e' * 16).name()", "eth1"),
    "a UUID out": ("iface.UUID()", b"e" * 16),
    "a UUID as text": ("iface.UUIDString()", "65656565-6565-6565-6565-656565656565"),
    "text in a list": ("domain.singAll(['a', 'bcd', 'é'])", 132),
    "an empty list": ("domain.singAll([]) in (0, 12345)", True),
    "no list": ("domain.singAll(None)", 12345),
    "bytes": ("domain.setSauce(b'\\x00\\xff\\x01')", 25603),
    "a buffer": ("domain.setSauce(bytearray(b'\\x02'))", 201),
    "numbers of an enum": ("(libvirt.VIR_DOMAIN_MOOD_GLUM, libvirt.VIR_DOMAIN_MOOD_GAY)", (0, 1)),
    "no sentinel of an enum": ("hasattr(libvirt, 'VIR_DOMAIN_MOOD_LAST')", False),
    "text of a macro": ("libvirt.VIR_DOMAIN_TASTE_COLOUR", "colour"),
}


@pytest.mark.parametrize("shape", CALLS)
def test_a_call_returns_what_the_library_returns(value: Callable[[str], Any], shape: str) -> None:
    expression, expected = CALLS[shape]
    found = value(expression)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize("expression, function", [
    ("libvirt.virOddTotal(5, 1001)", "virOddTotal"),
    ("domain.virOddNamed(7, domain)", "virOddNamed"),
    ("domain.setMood(0, 0, 0, 99)", "virDomainSetMood"),
    ("domain.mood(99)", "virDomainGetMood"),
    ("domain.debt(flags=99)", "virDomainGetDebt"),
    ("domain.song('x', 99)", "virDomainGetSong"),
    ("domain.restoreMood('x', 1, 99)", "virDomainRestoreMood"),
    ("conn.listAllTwins(99)", "virConnectListAllTwins"),
    ("domain.listAllMottos(99)", "virDomainListAllMottos"),
    ("domain.taste(99)", "virDomainGetTaste"),
    ("domain.setTuning({'a': 1}, 99)", "virDomainSetTuning"),
    ("domain.tuning(99)", "virDomainGetTuning"),
    ("domain.oddInfo(99)", "virDomainGetOddInfo"),
    ("domain.listAllOddities(99)", "virDomainListAllOddities"),
    ("domain.singAll(['x'], 99)", "virDomainSingAll"),
    ("domain.setSauce(b'x', 99)", "virDomainSetSauce"),
])
def test_a_failing_call_raises(ask: Callable[[str], List[Any]], expression: str, function: str) -> None:
    assert ask(expression) == ["raises", "libvirtError", f"{function}() failed", None]


@pytest.mark.parametrize("expression, code", [("conn.guessDomain(domain, 99)", 42),
                                              ("conn.interfaceLookupByUUID(b'f' * 16)", 57)])
def test_a_failing_call_raises_with_the_error_of_libvirt(ask: Callable[[str], List[Any]], expression: str,
                                                         code: int) -> None:
    how, error, text, found = ask(expression)
    assert (how, error, found) == ("raises", "libvirtError", code)


@pytest.mark.parametrize("expression, error", [
    ("domain.setMood('x', 0, 0)", "TypeError"), ("domain.setMood(2 ** 31, 0, 0)", "OverflowError"),
    ("domain.setMood(0, -1, 0)", "OverflowError"), ("domain.setMood(0, 0, 'x')", "TypeError"),
    ("libvirt.virOddTotal(0, 2 ** 64)", "OverflowError"), ("domain.song(b'x')", "TypeError"),
    ("domain.song('a\\0b')", "ValueError"), ("conn.guessDomain(iface)", "TypeError"),
    ("domain.setTuning([1])", "TypeError"), ("domain.setTuning({'a': None})", "TypeError"),
    ("domain.setTuning({1: 1})", "TypeError"), ("conn.interfaceLookupByUUID(16)", "TypeError"),
    ("domain.singAll('abc')", "TypeError"), ("domain.singAll(['a', 1])", "TypeError"),
    ("domain.setSauce(1)", "TypeError"), ("domain.motto(1)", "TypeError"), ("domain.mood(flags=None)", "TypeError"),
])
def test_a_wrong_argument_is_refused(ask: Callable[[str], List[Any]], expression: str, error: str) -> None:
    assert ask(expression)[:2] == ["raises", error]


@pytest.mark.parametrize("method, signature", [
    ("virDomain.setMood", "(self, mood, weight, share, flags=0)"), ("virDomain.motto", "(self)"),
    ("virDomain.restoreMood", "(self, frm, lambda_, flags=0)"), ("virConnect.guessDomain", "(self, like, flags=0)"),
    ("virConnect.listSongs", "(self)"), ("virDomain.taste", "(self, flags=0)"),
    ("virDomain.tuning", "(self, flags=0)"), ("virDomain.setTuning", "(self, params, flags=0)"),
    ("virConnect.interfaceLookupByUUID", "(self, uuid)"), ("virDomain.singAll", "(self, songs, flags=0)"),
    ("virDomain.setSauce", "(self, sauce, flags=0)"), ("virOddTotal", "(first, second)"),
    ("virDomain.virOddNamed", "(self, places, other)"),
])
def test_a_signature_has_the_arguments_that_the_library_reads(value: Callable[[str], Any], method: str,
                                                              signature: str) -> None:
    assert value(f"str(__import__('inspect').signature(libvirt.{method}))") == signature


def test_records_are_freed(value: Callable[[str], Any]) -> None:
    assert value("(len([domain.listAllOddities() for _ in range(5)]), libvirt.virOddAlive())") == (5, 0)


def test_objects_are_freed(value: Callable[[str], Any]) -> None:
    """close() returns how many references to the connection are left."""
    assert value("(lambda own: (len(own.listAllTwins()), own.guessDomain(None).name(), own.close()))"
                 "(libvirt.open('test:///default'))") == (2, "test", 0)


def test_text_of_the_library_is_not_freed(value: Callable[[str], Any]) -> None:
    assert value("[domain.motto() for _ in range(100)].count('want not')") == 100


def test_a_function_that_cannot_be_inferred_is_left_out_with_a_warning(warnings: Dict[str, str]) -> None:
    """Only one file warns, so that a build warns once."""
    told = [f"generator: warning: {name} is left out: argument '{argument}'\n" for name, argument in LEFT_OUT.items()]
    assert sorted(warnings["libvirtmod.c"].splitlines(True)) == sorted(told)
    assert {text for output, text in warnings.items() if output != "libvirtmod.c"} == {""}


@pytest.mark.parametrize("where", ["libvirt.virDomain", "libvirt.libvirtmod"])
def test_a_function_that_cannot_be_inferred_is_not_in_the_modules(value: Callable[[str], Any], where: str) -> None:
    assert value(f"[name for name in dir({where}) if 'ueue' in name]") == []


def test_strict_makes_the_warning_an_error(generate: Callable[..., "subprocess.CompletedProcess[str]"],
                                           library: Path) -> None:
    done = generate("strict/libvirtmod.c", "--strict")
    assert done.returncode == 1 and "generator: functions are left out" in done.stderr
    assert not (library / "strict").exists()


def test_each_invented_function_is_bound_or_left_out() -> None:
    """A function in the header without a test would not be tested."""
    invented = set(re.findall(r"\b(vir\w+)\(", (ODD / "odd.h").read_text(encoding="utf-8")))
    assert len(invented) > 25
    text = Path(__file__).read_text(encoding="utf-8")
    from generator import naming
    assert [name for name in invented - set(LEFT_OUT) - RELEASES if f"{naming.method_name(name)}(" not in text] == []
