# SPDX-License-Identifier: LGPL-2.1-or-later
"""openAuth(). The test driver asks for a name and a password; a fake libvirt asks for all credential types at once."""

from pathlib import Path
from typing import List

import pytest

from fake import firing
from fixturetypes import Prints, PythonPrints

HOST = """
<node>
  <cpu><mhz>1000</mhz><model>x</model><active>1</active><nodes>1</nodes><sockets>1</sockets><cores>1</cores>
       <threads>1</threads></cpu>
  <memory>1024</memory>
  <auth><user password='secret'>robert</user><user>open</user><user password='k\u00e9y'>\u00fcser</user></auth>
</node>
"""

START = """
import gc, sys, weakref
import libvirt

uri, asked = "test://" + sys.argv[1], []
sys.excepthook = lambda kind, value, traceback: show("hook", kind.__name__, value)

def show(*arguments):
    print(*arguments, flush=True)

# Return a callback that gives these answers, one per question.
def answering(*answers, result=0):
    left = list(answers)
    def callback(credentials, data):
        for credential in credentials:
            asked.append(credential[:4])
            credential[4] = left.pop(0)
        return result
    return callback

# Show the outcome: the type of the connection, or of the exception with libvirt's error code.
def tried(auth, *flags):
    try:
        conn = libvirt.openAuth(uri, auth, *flags)
        show(conn.getType())
        return conn
    except libvirt.libvirtError as error:
        show("libvirtError", error.get_error_code())
    except BaseException as error:
        show(type(error).__name__, error)

USER, PASSWORD = libvirt.VIR_CRED_AUTHNAME, libvirt.VIR_CRED_PASSPHRASE
BOTH = [USER, PASSWORD]
"""
REFUSED = "libvirtError 45"  # VIR_ERR_AUTH_FAILED


@pytest.fixture
def host(tmp_path: Path) -> str:
    """The path of a host description that requires authentication."""
    path = tmp_path / "host.xml"
    path.write_text(HOST, encoding="utf-8")
    return str(path)


@pytest.fixture(scope="module")
def home(tmp_path_factory: "pytest.TempPathFactory") -> str:
    """A home directory without a credentials file."""
    return str(tmp_path_factory.mktemp("home"))


@pytest.fixture
def prints(python_prints: PythonPrints, host: str, home: str) -> Prints:
    """Run a program and return the lines it prints."""
    def run(code: str) -> List[str]:
        return python_prints(START + code, host, HOME=home, XDG_CONFIG_HOME=home)
    return run


@pytest.fixture
def fake_prints(python_prints: PythonPrints) -> Prints:
    """Run a program on the fake libvirt, whose connection asks for every credential type at once."""
    def run(code: str) -> List[str]:
        return python_prints(START + """
from fake.eventcontrol import *
uri = "fake:///all"
""" + code, "", **firing.environment())
    return run


def test_the_callback_is_asked_for_name_and_password(prints: Prints) -> None:
    assert prints("""
conn = tried([BOTH, answering("robert", "secret"), None])
show(type(conn).__name__, len(asked))
show([item[0] == wanted for item, wanted in zip(asked, BOTH)], [type(item[1]).__name__ for item in asked])
conn.close()
""") == ["TEST", "virConnect 2", "[True, True] ['str', 'str']"]


def test_credentials_are_a_tuple_of_five_item_lists(prints: Prints) -> None:
    assert prints("""
def callback(credentials, data):
    show(type(credentials).__name__, [(type(item).__name__, len(item), item[4]) for item in credentials], data)
    return -1
tried([BOTH, callback, "mine"])
""") == ["tuple [('list', 5, None)] mine", REFUSED]


def test_the_callback_gets_the_data_object_itself(prints: Prints) -> None:
    assert prints("""
data = object()
def callback(credentials, given):
    show(given is data)
    return -1
tried([BOTH, callback, data])
""") == ["True", REFUSED]


def test_a_user_without_a_password_is_asked_for_the_name_only(prints: Prints) -> None:
    assert prints("""
tried([BOTH, answering("open"), None])
show(len(asked))
""") == ["TEST", "1"]


def test_answers_are_utf8(prints: Prints) -> None:
    assert prints(r'tried([BOTH, answering("\u00fcser", "k\u00e9y"), None])') == ["TEST"]


@pytest.mark.parametrize("answers", ["'robert', 'wrong'", "'nobody', 'secret'", "'', ''"])
def test_wrong_answers_are_refused(prints: Prints, answers: str) -> None:
    assert prints(f"tried([BOTH, answering({answers}), None])")[-1] == REFUSED


@pytest.mark.parametrize("flags", ["0", "libvirt.VIR_CONNECT_RO", "flags=libvirt.VIR_CONNECT_RO"])
def test_flags_are_passed_on(prints: Prints, flags: str) -> None:
    assert prints(f"""
conn = libvirt.openAuth(uri, [BOTH, answering("open"), None], {flags})
try:
    conn.lookupByName("test")
except libvirt.libvirtError as error:
    show(error.get_error_code() == libvirt.VIR_ERR_NO_DOMAIN)
try:
    conn.defineXML("<domain/>")
except libvirt.libvirtError as error:
    show(error.get_error_code() == libvirt.VIR_ERR_OPERATION_DENIED)
""") == ["True", str("RO" in flags)]


def test_argument_names(prints: Prints) -> None:
    assert prints("""
show(libvirt.openAuth(uri=uri, auth=[BOTH, answering("open"), None], flags=0).getType())
""") == ["TEST"]


def test_without_a_callback_opening_fails(prints: Prints) -> None:
    assert prints("tried([BOTH, None, None])")[0].startswith("libvirtError")


def test_the_callback_is_not_called_without_authentication(prints: Prints) -> None:
    assert prints("""
uri = "test:///default"
tried([BOTH, answering(), None])
tried([[], None, None])
show(asked)
""") == ["TEST", "TEST", "[]"]


def test_wrong_types_are_refused_before_libvirt_is_called(prints: Prints) -> None:
    """libvirt would report an error, because the host requires authentication."""
    assert prints("""
class Broken(list):
    def __iter__(self):
        raise ValueError("mine")
libvirt.registerErrorHandler(lambda data, error: show("called"), None)
tried(5), tried([BOTH, 5, None])
tried([["x"], answering(), None])
tried(Broken([BOTH, answering(), None]))
tried([BOTH, None, None])
""")[:5] == ["TypeError virConnectOpenAuth() argument 'auth' must be list, not int",
             "TypeError virConnectOpenAuth() argument 'auth' item '1' must be callable or None, not int",
             "TypeError virConnectOpenAuth() argument 'auth' item '0' must be int, not str", "ValueError mine",
             "called"]


# --- what the list can be

@pytest.mark.parametrize("auth", [
    "(BOTH, answering('open'), None)", "[tuple(BOTH), answering('open'), None]", "[BOTH, answering('open')]",
    "(tuple(BOTH), answering('open'), None, 'more')"])
def test_auth_can_be_any_sequence(prints: Prints, auth: str) -> None:
    """Regression test: a tuple crashed."""
    assert prints(f"tried({auth})") == ["TEST"]


@pytest.mark.parametrize("auth, error", [
    ("None", "TypeError"), ("5", "TypeError"), ("'abc'", "TypeError"), ("{}", "TypeError"), ("[]", "ValueError"),
    ("[BOTH]", "ValueError"), ("[None, None, None]", "TypeError"), ("[5, None, None]", "TypeError"),
    ("['ab', None, None]", "TypeError"), ("[['x'], None, None]", "TypeError"), ("[[1.5], None, None]", "TypeError"),
    ("[[2 ** 40], None, None]", "OverflowError"), ("[[-2 ** 31 - 1], None, None]", "OverflowError"),
    ("[BOTH, 5, None]", "TypeError"), ("[BOTH, 'x', None]", "TypeError")])
def test_an_invalid_auth_argument_is_refused(prints: Prints, auth: str, error: str) -> None:
    """The list is checked before libvirt is called. Regression test: a tuple of types crashed or allocated 16 GiB."""
    assert prints(f"tried({auth})")[0].split()[0] == error


def test_the_exception_names_the_argument(prints: Prints) -> None:
    assert prints("tried(5)\ntried([BOTH, 5, None])") == [
        "TypeError virConnectOpenAuth() argument 'auth' must be list, not int",
        "TypeError virConnectOpenAuth() argument 'auth' item '1' must be callable or None, not int"]


def test_the_list_may_be_changed_by_the_callback(prints: Prints) -> None:
    """libvirt still uses the list meanwhile: the types, the callback and its data must stay alive."""
    assert prints("""
class Data:
    pass
def callback(credentials, data):
    types.clear(), auth.clear()
    gc.collect()
    asked.append(type(data).__name__)
    credentials[0][4] = "robert" if len(asked) == 1 else "secret"
    return 0
types = list(BOTH)
auth = [types, callback, Data()]
del callback
tried(auth)
show(asked, auth, types)
""") == ["TEST", "['Data', 'Data'] [] []"]


def test_callback_and_data_are_freed_after_the_call(prints: Prints) -> None:
    assert prints("""
class Data:
    pass
for answers in (("open",), ("nobody", "x")):
    data, callback = Data(), answering(*answers)
    references = weakref.ref(data), weakref.ref(callback)
    conn = tried([BOTH, callback, data])
    del data, callback
    gc.collect()
    show([reference() for reference in references])
""") == ["TEST", "[None, None]", REFUSED, "[None, None]"]


# --- mistakes in the callback

def test_a_callback_that_raises_is_reported_and_refuses(prints: Prints) -> None:
    assert prints("""
def callback(credentials, data):
    raise KeyError("mine")
tried([BOTH, callback, None])
""") == ["hook KeyError 'mine'", REFUSED]


@pytest.mark.parametrize("error", ["SystemExit(3)", "KeyboardInterrupt(3)"])
def test_system_exit_and_keyboard_interrupt_propagate(prints: Prints, error: str) -> None:
    """The exception propagates from the call, as from any Python function."""
    assert prints(f"""
def callback(credentials, data):
    raise {error}
tried([BOTH, callback, None])
""") == [f"{error.partition('(')[0]} 3"]


@pytest.mark.parametrize("result, error", [
    ("None", "TypeError"), ("'0'", "TypeError"), ("0.0", "TypeError"), ("[]", "TypeError"),
    ("2 ** 40", "OverflowError"), ("-2 ** 40", "OverflowError"), ("2 ** 70", "OverflowError")])
def test_a_callback_that_does_not_return_an_int_is_reported_and_refuses(prints: Prints, result: str,
                                                                        error: str) -> None:
    """Regression test: this ended in SystemError."""
    lines = prints(f"""
def callback(credentials, data):
    credentials[0][4] = "open"
    return {result}
tried([BOTH, callback, None])
""")
    assert [lines[0].split()[:2], lines[1:]] == [["hook", error], [REFUSED]]


@pytest.mark.parametrize("result", ["-1", "-2", "-2 ** 31"])
def test_a_negative_result_refuses(prints: Prints, result: str) -> None:
    assert prints(f"tried([BOTH, answering('open', result={result}), None])") == [REFUSED]


def test_answers_are_freed(prints: Prints) -> None:
    assert prints("""
class Answer(str):
    pass
references = []
def callback(credentials, data):
    credentials[0][4] = Answer("open")
    references.append(weakref.ref(credentials[0][4]))
    return 0
tried([BOTH, callback, None])
show([reference() for reference in references])
""") == ["TEST", "[None]"]


@pytest.mark.parametrize("result", ["1", "2 ** 31 - 1"])
def test_a_positive_result_is_passed_to_libvirt(prints: Prints, result: str) -> None:
    """libvirt then does not use the answers."""
    assert prints(f"tried([BOTH, answering('open', result={result}), None])")[0].startswith("libvirtError")


@pytest.mark.parametrize("result", ["False", "type('Zero', (), {'__index__': lambda self: 0})()"])
def test_a_result_that_converts_to_zero_accepts(prints: Prints, result: str) -> None:
    assert prints(f"tried([BOTH, answering('open', result={result}), None])") == ["TEST"]


@pytest.mark.parametrize("answer", ["None", "b'open'", "5", "['open']"])
def test_an_answer_that_is_not_a_str_is_ignored(prints: Prints, answer: str) -> None:
    assert prints(f"tried([BOTH, answering({answer}, None), None])")[-1].startswith("libvirtError")


@pytest.mark.parametrize("answer, error", [(r"'op\0en'", "ValueError"), (r"'\ud800'", "UnicodeEncodeError")])
def test_an_answer_that_cannot_be_encoded_is_reported(prints: Prints, answer: str, error: str) -> None:
    """Regression test: the answer was truncated at the null character."""
    lines = prints(f"tried([BOTH, answering({answer}), None])")
    assert [lines[0].split()[:2], lines[1:]] == [["hook", error], [REFUSED]]


@pytest.mark.parametrize("change", [
    "credentials[0].clear()", "del credentials[0][4]", "credentials[0].append('open')", "credentials[0].insert(0, 1)",
    "credentials[0][:] = []"])
def test_a_credential_list_of_another_length_is_refused(prints: Prints, change: str) -> None:
    assert prints(f"""
def callback(credentials, data):
    {change}
    return 0
tried([BOTH, callback, None])
""")[-1].startswith("libvirtError")


def test_a_callback_may_call_libvirt(prints: Prints) -> None:
    assert prints("""
def callback(credentials, data):
    conn = libvirt.open("test:///default")
    try:
        conn.lookupByName("nobody")
    except libvirt.libvirtError:
        pass
    credentials[0][4] = conn.lookupByName("test").name().replace("test", "open")
    return 0
tried([BOTH, callback, None])
""") == ["TEST"]


# --- all credential types

def test_every_type_is_asked_for_with_its_texts(fake_prints: Prints) -> None:
    assert fake_prints(r"""
def callback(credentials, data):
    for credential in credentials:
        show(ascii(credential))
    return 0
tried([list(range(1, 10)), callback, None])
show(sent())
""") == [
        "[1, 'user', None, 'root', None]", "[2, 'name', 'where', None, None]", "[3, 'language', '', '', None]",
        "[4, None, 'nonce', None, None]", "[5, 'secret', None, None, None]", "[6, 'echo', 'x', 'y', None]",
        "[7, 'no echo', None, None, None]", r"[8, 'realm', None, '\udcff', None]",
        "[9, 'external', None, None, None]", "[-2147483648, 'newer', None, None, None]", "TEST",
        str([*map(str, range(1, 10)), "returned:0"])]


def test_the_answers_reach_libvirt_with_their_length(fake_prints: Prints) -> None:
    assert fake_prints(r"""
def callback(credentials, data):
    for number, credential in enumerate(credentials):
        credential[4] = ["a", "bc", "\u20ac", None, b"x", "", 5, "z" * 20, "p", "q"][number]
    return 0
tried([[], callback, None])
show(sent())
""") == ["TEST", str(["returned:0", "0:a:1", "1:bc:2", "2:\u20ac:3", "5::0", f"7:{'z' * 20}:20", "8:p:1", "9:q:1"])]


def test_no_answer_is_passed_on_if_one_is_invalid(fake_prints: Prints) -> None:
    """Answer nine of ten cannot be passed to libvirt, so none is."""
    lines = fake_prints(r"""
def callback(credentials, data):
    for credential in credentials[:8]:
        credential[4] = "x" * 1000
    credentials[8][4] = "a\0b"
    return 0
tried([[], callback, None])
show(sent()[0])
""")
    assert lines[0].startswith("hook ValueError")
    assert lines[1].startswith("libvirtError")
    assert lines[2] == "returned:-1"


def test_answers_of_a_callback_that_refuses_are_ignored(fake_prints: Prints) -> None:
    assert fake_prints("""
tried([[], answering(*"abcdefghij", result=-1), None])
show(sent())
""")[-1] == "['returned:-1']"
