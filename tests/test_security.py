# SPDX-License-Identifier: LGPL-2.1-or-later
"""Secrets are not revealed and are wiped from memory; descriptors are not inherited; hostile text does no harm."""

import json
import os
from pathlib import Path
from typing import List
from xml.sax import saxutils

import pytest

import checkers
import libvirt
from fake import firing, running
from fixturetypes import PrintsWithArguments, PythonPrints, RunPython

HIDDEN = "geheim-und-verborgen"
# The start of each program.
START = f"""
import ctypes, json, os, subprocess, sys, traceback
os.environ.pop("LD_PRELOAD", None)
import libvirt, libvirtmod
HIDDEN = "".join({list(HIDDEN)})
names = {{}}
recorded = []

def record(function, *arguments):
    "Record everything that the exception raised by a call reveals."
    try:
        function(*arguments)
    except Exception as error:
        recorded.append([type(error).__name__, repr(error), str(error), repr(vars(error)), repr(error.args),
                     "".join(traceback.format_exception(type(error), error, error.__traceback__)),
                     repr([getattr(error, name, None) for name in ("object", "reason", "err")]),
                     repr([error.__context__, error.__cause__])])
"""
FAKE = """
from fake import runner
names = runner.Objects()
conn, dom, secret = names["conn"], names["dom"], names["secret"]
runner.set_mode("golden")
"""


@pytest.fixture
def fake(python_prints: PythonPrints) -> PrintsWithArguments:
    """Run a program on the fake libvirt and return the lines it prints."""
    def run(code: str, *preload: str) -> List[str]:
        changed = running.environment(preload=preload, PYTHONPATH=os.pathsep.join(
            filter(None, [str(running.TESTS), os.environ.get("PYTHONPATH")])))
        return python_prints(START + FAKE + code, **{name: changed[name] for name in (
            "LD_PRELOAD", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "ASAN_OPTIONS")})
    return run


@pytest.fixture
def fake_events(python_prints: PythonPrints) -> PrintsWithArguments:
    """Run a program on the fake libvirt that asks for credentials, and return the lines it prints."""
    def run(code: str, *preload: str) -> List[str]:
        changed = firing.environment()
        libraries = [changed["LD_PRELOAD"], *(str(running.library(name)) for name in preload)]
        return python_prints(START + "from fake.eventcontrol import *\n" + code, **{
            **changed, "LD_PRELOAD": ":".join(libraries)})
    return run


# The only function whose typed parameters are secret.
LAUNCH = pytest.mark.skipif(not hasattr(libvirt.virDomain, "setLaunchSecurityState"), reason="new in libvirt 8.0.0")


# --- secrets are not revealed

@pytest.mark.parametrize("call, error", [
    ("secret.setValue(HIDDEN + '\\ud800')", "UnicodeEncodeError"),
    ("secret.setValue([HIDDEN])", "TypeError"),
    ("secret.setValue(HIDDEN, HIDDEN)", "TypeError"),
    ("dom.setUserPassword('root', HIDDEN + '\\ud800')", "UnicodeEncodeError"),
    ("dom.setUserPassword('root', '\\udc80' + HIDDEN + '\\ud800')", "UnicodeEncodeError"),
    ("dom.setUserPassword('root', HIDDEN + '\\0')", "ValueError"),
    ("dom.setUserPassword('root', HIDDEN.encode())", "TypeError"),
    ("dom.setUserPassword('root', [HIDDEN])", "TypeError"),
    pytest.param("dom.setLaunchSecurityState({'sev-secret': HIDDEN + '\\ud800'})", "UnicodeEncodeError", marks=LAUNCH),
    pytest.param("dom.setLaunchSecurityState({'sev-secret': HIDDEN + '\\0'})", "ValueError", marks=LAUNCH),
    pytest.param("dom.setLaunchSecurityState({'sev-secret': [HIDDEN, 5]})", "TypeError", marks=LAUNCH),
    ("dom.authorizedSSHKeysSet('root', [HIDDEN, HIDDEN + '\\ud800'])", "UnicodeEncodeError"),
    ("conn.secretLookupByUUID(HIDDEN + '\\ud800')", "UnicodeEncodeError"),
])
def test_an_exception_does_not_contain_a_secret(fake: PrintsWithArguments, call: str, error: str) -> None:
    """Regression test: the exception for text that cannot be encoded contained the whole text."""
    # The traceback shows the source line of the call, which has only the variable name of the secret.
    recorded = json.loads(fake(f"record(lambda: {call})\nprint(json.dumps(recorded))")[-1])
    assert [item[0] for item in recorded] == [error]
    assert HIDDEN not in str(recorded)


def test_an_encoding_error_shows_only_the_invalid_character(fake: PrintsWithArguments) -> None:
    assert fake("""
for text in HIDDEN + "\\ud800", "\\udc80" + HIDDEN + "\\udfff":
    try:
        dom.setUserPassword("root", text)
    except UnicodeEncodeError as error:
        print(ascii(error.object), error.start, error.end, ascii(str(error)))
""") == [repr("*" * place + character).replace("\\\\", "\\") + f" {place} {place + 1} " + repr(
        f"'utf-8' codec can't encode character '\\{character[1:]}' in position {place}: "
        "virDomainSetUserPassword() argument 'password' may have no surrogates")
        for character, place in (("\\ud800", len(HIDDEN)), ("\\udfff", len(HIDDEN) + 1))]


@pytest.mark.parametrize("call", [
    "secret.setValue(HIDDEN)", "secret.setValue(HIDDEN.encode())", "dom.setUserPassword('root', HIDDEN)",
    pytest.param("dom.setLaunchSecurityState({'sev-secret': HIDDEN})", marks=LAUNCH)])
def test_a_failing_call_does_not_reveal_the_secret(fake: PrintsWithArguments, call: str) -> None:
    recorded = json.loads(fake(f"runner.set_mode('golden fail:1')\n"
                               f"record(lambda: {call})\nprint(json.dumps(recorded))")[-1])
    assert [item[0] for item in recorded] == ["libvirtError"]
    assert HIDDEN not in str(recorded)


def test_an_object_does_not_show_a_secret(fake: PrintsWithArguments) -> None:
    assert fake("""
secret.setValue(HIDDEN)
value = secret.value()
print(HIDDEN in repr(secret) + repr(vars(secret)) + str(secret), str(value)[1:] in repr(secret) + repr(vars(secret)))
""") == ["False False"]


@pytest.mark.parametrize("answer", ["HIDDEN + '\\0'", "HIDDEN + '\\ud800'", "'\\udc80' + HIDDEN"])
def test_an_invalid_answer_is_not_revealed(fake_events: PrintsWithArguments, answer: str) -> None:
    """This checks what sys.excepthook receives."""
    recorded = json.loads(fake_events(f"""
def hook(kind, error, trace):
    recorded.append([repr(error), str(error), repr(vars(error)), repr(error.args), str(getattr(error, "object", None)),
                 "".join(traceback.format_exception(kind, error, trace))])
sys.excepthook = hook

def callback(credentials, data):
    for credential in credentials[:9]:
        credential[4] = HIDDEN
    credentials[9][4] = {answer}
    return 0
record(libvirt.openAuth, "fake:///all", [[5], callback, None])
print(json.dumps(recorded))
""")[-1])
    assert len(recorded) == 2
    assert HIDDEN not in ascii(recorded)


@pytest.mark.parametrize("result", ["0", "-1", "None"])
def test_a_failing_connection_does_not_reveal_the_answers(python_prints: PythonPrints, result: str,
                                                          tmp_path: Path) -> None:
    (tmp_path / "host.xml").write_text("<node><auth><user password='x'>robert</user></auth></node>")
    recorded = json.loads(python_prints(START + f"""
sys.excepthook = lambda kind, error, trace: recorded.append(traceback.format_exception(kind, error, trace))

def callback(credentials, data):
    for credential in credentials:
        credential[4] = HIDDEN
    return {result}
record(libvirt.openAuth, "test://{tmp_path}/host.xml", [[2, 5], callback, None])
print(json.dumps(recorded))
""")[-1])
    assert recorded[-1][0] == "libvirtError"
    assert HIDDEN not in str(recorded)


def test_the_event_loop_does_not_log_callback_data(python_prints: PythonPrints) -> None:
    assert python_prints(START + """
import asyncio, io, logging
import libvirtaio
text = io.StringIO()
logging.basicConfig(level=logging.DEBUG, stream=text)

async def main():
    impl = libvirtaio.virEventRegisterAsyncIOImpl()
    timer = libvirt.virEventAddTimeout(10 ** 6, lambda *arguments: None, HIDDEN)
    watch = libvirt.virEventAddHandle(0, 0, lambda *arguments: None, HIDDEN)
    shown = repr(impl) + str(impl.descriptors)
    libvirt.virEventRemoveTimeout(timer), libvirt.virEventRemoveHandle(watch)
    impl._remove_timeout(timer)
    await impl.drain()
    print(HIDDEN in shown + text.getvalue(), "no timer" in text.getvalue())
asyncio.run(main())
""") == ["False True"]


# --- our own copies of secrets are wiped

WATCH = """
process = ctypes.CDLL(None)
process.malloc.restype = ctypes.c_void_p
process.free.argtypes = [ctypes.c_void_p]

def unwiped(secret, function):
    "Return the number of freed blocks that still contain the secret."
    process.freed_watch(secret, len(secret))
    kept = function()
    return process.freed_count()

def free_as_it_is():
    memory = process.malloc(100)
    ctypes.memmove(memory, HIDDEN.encode(), len(HIDDEN))
    process.free(memory)
print(unwiped(HIDDEN.encode(), free_as_it_is))
"""
wiped = pytest.mark.skipif(checkers.CHECKER != "", reason=f"{checkers.CHECKER} has its own free()")


@wiped
def test_the_value_of_a_secret_is_wiped(fake: PrintsWithArguments) -> None:
    """The first line of the output proves that memory which is not wiped is detected."""
    assert fake(WATCH + r"""
runner.set_mode("maximal")
print(unwiped(b"\xff" * 64, secret.value))
""", "libfreed.so") == ["1", "0"]


@wiped
@LAUNCH
@pytest.mark.parametrize("mode", ["golden", "golden fail:1"])
@pytest.mark.parametrize("value", ["HIDDEN", "[HIDDEN, HIDDEN]", "[HIDDEN, 5]"])
def test_strings_in_typed_parameters_are_wiped(fake: PrintsWithArguments, mode: str, value: str) -> None:
    assert fake(WATCH + f"""
runner.set_mode("{mode}")
print(unwiped(HIDDEN.encode(), lambda: record(dom.setLaunchSecurityState, {{"sev-secret": {value}}})))
""", "libfreed.so") == ["1", "0"]


@wiped
def test_strings_in_typed_parameters_from_libvirt_are_wiped(fake: PrintsWithArguments) -> None:
    assert fake(WATCH + """
runner.set_mode("golden")
print(unwiped("zw\\u00f6lf".encode(), dom.launchSecurityInfo))
""", "libfreed.so") == ["1", "0"]


@wiped
def test_answers_that_are_not_passed_on_are_wiped(fake_events: PrintsWithArguments) -> None:
    """Answer nine of ten is invalid.

    Regression test: the earlier ones were left to libvirt, which does not wipe
    them.
    """
    assert fake_events(WATCH + r"""
sys.excepthook = lambda *arguments: None

def callback(credentials, data):
    for credential in credentials[:8]:
        credential[4] = HIDDEN
    credentials[8][4] = "a\0b"
    return 0
print(unwiped(HIDDEN.encode(), lambda: record(libvirt.openAuth, "fake:///all", [[], callback, None])))
print(sent(), recorded[0][0])
""", "libfreed.so") == ["1", "0", "['returned:-1'] libvirtError"]


def test_a_secret_set_from_a_buffer_is_not_copied(fake: PrintsWithArguments) -> None:
    """A buffer is passed to libvirt without a copy."""
    assert fake("""
value = bytearray(HIDDEN.encode())
secret.setValue(value)
value[:] = bytes(len(value))
print(value.count(0) == len(value), HIDDEN.encode().hex() in runner.c_calls())
""") == ["True True"]


# --- file descriptors

def test_descriptors_from_libvirt_are_not_inheritable(fake: PrintsWithArguments) -> None:
    """Regression test: descriptors were left inheritable, as libvirt returned them."""
    libvirt_qemu = pytest.importorskip("libvirt_qemu")
    assert fake("""
import libvirt_lxc, libvirt_qemu
given = [*libvirt_lxc.lxcOpenNamespace(dom, 0)]
print(len(given), [os.get_inheritable(fd) for fd in given])
for fd in given:
    os.close(fd)
given = [*libvirt_lxc.lxcEnterNamespace(dom, [], 0)]
print(len(given), [os.get_inheritable(fd) for fd in given])
for fd in given:
    os.close(fd)
if hasattr(libvirt_qemu, "qemuMonitorCommandWithFiles"):
    files = libvirt_qemu.qemuMonitorCommandWithFiles(dom, "x")[1]
    print(len(files) > 0, any(os.get_inheritable(file.fileno()) for file in files))
    for file in files:
        file.close()
""") == ["3 [False, False, False]"] * 2 + (
        ["True False"] if hasattr(libvirt_qemu, "qemuMonitorCommandWithFiles") else [])


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="there is no /proc/self/fd")
@pytest.mark.parametrize("loop", ["libvirt.virEventRegisterDefaultImpl()", """
import asyncio, libvirtaio
loop = asyncio.new_event_loop()
libvirtaio.virEventRegisterAsyncIOImpl(loop)
timer = libvirt.virEventAddTimeout(10 ** 6, lambda *arguments: None, None)
loop.run_until_complete(asyncio.sleep(0))
"""])
def test_a_child_program_inherits_no_descriptors(python_prints: PythonPrints, loop: str) -> None:
    """The child is started with fork and exec, and no descriptor is closed explicitly."""
    assert python_prints(START + f"""
LIST = [sys.executable, "-c", "import os; print(sorted(os.listdir('/proc/self/fd')))"]
def children():
    return subprocess.check_output(LIST, close_fds=False)
before = children()
{loop}
conn = libvirt.open("test:///default")
conn.domainEventRegisterAny(None, 0, lambda *arguments: None, None)
stream = conn.newStream(libvirt.VIR_STREAM_NONBLOCK)
here = len(os.listdir("/proc/self/fd"))
print(children() == before, here > 4)
""")[0].startswith("True")


# --- hostile text

NASTY = ["\udcff\udcfe", "\x1b[2J\x1b]0;title\x07", "\r\n\t\x08\x7f", "\u202egnp.exe", "%s%n%%", "' \" \\ <&>",
         "x" * 2 ** 24]


@pytest.mark.parametrize("text", NASTY, ids=lambda text: ascii(text)[:20])
def test_an_error_with_hostile_text_is_a_libvirt_error(conn: libvirt.virConnect, text: str) -> None:
    """Regression test: a message that was not valid UTF-8 raised UnicodeDecodeError."""
    import libvirt
    with pytest.raises(libvirt.libvirtError) as caught:
        conn.networkLookupByName(text)
    assert caught.value.get_error_code() == libvirt.VIR_ERR_NO_NETWORK
    assert ascii(caught.value)
    assert text[:900] in caught.value.get_error_message()
    assert str(caught.value) == caught.value.get_error_message()


@pytest.mark.parametrize("name", ["\u202egnp.exe", "%s%n%%", "' \" \\ <&>", "x" * 2 ** 16],
                         ids=lambda name: ascii(name)[:20])
def test_a_hostile_name_is_returned_unchanged_and_found(conn: libvirt.virConnect, name: str) -> None:
    domain = conn.defineXML(f"<domain type='test'><name>{saxutils.escape(name)}</name><memory>1</memory>"
                            "<os><type>hvm</type></os></domain>")
    assert domain.name() == name
    assert conn.lookupByName(name).UUID() == domain.UUID()
    domain.undefine()


def test_text_that_is_not_utf8_is_passed_back_as_the_same_bytes(fake: PrintsWithArguments) -> None:
    """Regression test: one name that was not valid UTF-8 made a whole list raise UnicodeDecodeError."""
    assert fake(r"""
runner.set_mode("badtext")
text = dom.XMLDesc()
print(ascii(text), text.encode("utf-8", "surrogateescape"))
runner.set_mode("golden")
conn.lookupByName(text)
print("caf\udce9" in runner.c_calls() or "caf\\xe9" in runner.c_calls())
""") == [r"'caf\udce9 \udcff' b'caf\xe9 \xff'", "True"]


def test_an_error_handler_gets_text_that_is_not_utf8(run_python: RunPython) -> None:
    done = run_python(START + r"""
libvirt.registerErrorHandler(lambda context, error: print(ascii(error[2])), None)
conn = libvirt.open("test:///default")
record(conn.networkLookupByName, "caf\udce9\x1b[2J")
print(recorded[0][0])
""")
    assert (done.returncode, done.stderr) == (0, "")
    assert "\\udce9\\x1b[2J" in done.stdout
    assert done.stdout.splitlines()[-1] == "libvirtError"
