# SPDX-License-Identifier: LGPL-2.1-or-later
"""Several interpreters in one process: each has modules, errors and callbacks of its own, and ends by itself.

LIBVIRT_PYTHON_INTERPRETERS=1000 is the long form: so many are made and destroyed one after the other.
"""

import os
import sys
from pathlib import Path
from typing import List

import pytest

from checkers import FULL, rounds, plain_memory, without_leak_check
from fake import firing
from fixturetypes import Prints, PythonPrints

COUNT = rounds(50, 50, "INTERPRETERS")
# What Python's module for it is called depends on its version.
MODULE = "_interpreters" if sys.version_info >= (3, 13) else "_xxsubinterpreters"
pytest.importorskip(MODULE)

# An interpreter that is isolated has a GIL of its own from 3.12 on; before that the kinds hardly differ.
KINDS = ("legacy", "isolated") if FULL or sys.version_info >= (3, 12) else ("legacy",)
START = f"""
import os, sys, threading, time
import {MODULE} as interpreters
""" + """
def create(kind):
    given = kind if sys.version_info >= (3, 13) else kind == "isolated"
    return interpreters.create(given) if sys.version_info >= (3, 13) else interpreters.create(isolated=given)

# Older Pythons refuse it while a callback is in the interpreter.
def patiently(function, *arguments):
    while True:
        try:
            return function(*arguments)
        except RuntimeError as error:
            if "more than one thread" not in str(error):
                raise
            time.sleep(0.001)

def destroy(interpreter):
    patiently(interpreters.destroy, interpreter)

def run(interpreter, code):
    if sys.version_info < (3, 13):
        patiently(interpreters.run_string, interpreter, PRELUDE + code)
    else:
        failed = interpreters.exec(interpreter, PRELUDE + code)
        if failed is not None:
            raise RuntimeError(failed.errdisplay)

def here():
    current = interpreters.get_current()
    return current[0] if isinstance(current, tuple) else int(current)

# In one piece: each interpreter has a buffer of its own.
def show(*arguments):
    sys.stdout.write(" ".join(map(str, arguments)) + "\\n")
    sys.stdout.flush()
"""
# For the other interpreters; their code is run in one namespace.
PRELUDE = START + """
if "conn" not in globals():
    import libvirt, libvirt_qemu, libvirt_lxc, libvirtmod
    conn = libvirt.open("test:///default")
    domain = conn.lookupByName("test")
    seen = []
    def changed(conn, domain, event, detail, opaque):
        seen.append((here(), event, opaque))
"""
SEVERAL = f"PRELUDE = {PRELUDE!r}\n" + PRELUDE + """
def destroy_all():
    for other in interpreters.list_all()[1:]:
        destroy(other[0] if isinstance(other, tuple) else other)

# Python 3.11 does not survive that one is left.
import atexit
atexit.register(destroy_all)
"""
LOOP = """
libvirt.virEventRegisterDefaultImpl()
libvirt.virEventAddTimeout(10, lambda *arguments: None, None)
def turn():
    for _ in range(5):
        libvirt.virEventRunDefaultImpl()
"""


def is_stable_abi() -> bool:
    import libvirtmod
    return str(libvirtmod.__file__).endswith(".abi3.so")


def takes_isolated() -> bool:
    """What is built for the stable ABI of 3.11 cannot say that it works with a GIL for each interpreter."""
    return sys.version_info < (3, 12) or not is_stable_abi()


calls_handlers = pytest.mark.skipif(sys.version_info < (3, 12) and is_stable_abi(),
                                    reason="with the stable ABI of Python 3.11 no error handler is called")


@pytest.fixture(params=KINDS)
def prints(request: "pytest.FixtureRequest", python_prints: PythonPrints) -> PythonPrints:
    """Runs a program with interpreters of one kind."""
    if request.param == "isolated" and not takes_isolated():
        pytest.skip("the modules are built for the stable ABI")

    def run(code: str, *arguments: str, **environment: str) -> List[str]:
        return python_prints(f"KIND = {request.param!r}\n" + SEVERAL + code, *arguments,
                             **without_leak_check(environment))
    return run


@pytest.fixture
def fake_prints(prints: PythonPrints) -> Prints:
    """The same under the fake libvirt for events."""
    def run(code: str) -> List[str]:
        return prints(firing.START + code, **firing.environment())
    return run


def test_all_modules_work_in_three_interpreters(prints: PythonPrints) -> None:
    assert prints("""
for _ in range(3):
    run(create(KIND), '''
import libvirtaio
show(conn.getType(), [each.name() for each in conn.listAllDomains()], domain.info()[0], conn.close())
''')
show(domain.name())
""") == ["TEST ['test'] 1 1"] * 3 + ["test"]


def test_errors_are_of_the_class_of_each_interpreter(prints: PythonPrints) -> None:
    """Those that Python raises and those that C does."""
    code = """
gone = conn.lookupByName("test")
libvirtmod.virDomainFree(gone._o)
for call in (lambda: conn.lookupByName("nobody"), gone.name):
    try:
        call()
    except Exception as error:
        show(isinstance(error, libvirt.libvirtError), error.get_error_code(), error)
"""
    lines = prints(f"""
CODE = {code!r}
for _ in range(2):
    run(create(KIND), CODE)
exec(CODE)
""")
    assert len(lines) == 6 and lines[:2] * 3 == lines
    assert [line.split()[:2] for line in lines[:2]] == [["True", "42"], ["True", "7"]]


def test_events_reach_those_who_registered_for_them(prints: PythonPrints) -> None:
    """Whoever runs the loop."""
    assert prints(LOOP + """
others = [create(KIND) for _ in range(3)]
for name, other in enumerate(others):
    run(other, f"conn.domainEventRegisterAny(None, 0, changed, {name})")
    run(other, "show(here() != 0)")
conn.domainEventRegisterAny(None, 0, changed, "main")
domain.destroy()
turn()
show(seen)
for other in others:
    run(other, "show([(number == here(), event, opaque) for number, event, opaque in seen])")
domain.create()
run(others[0], '''
for _ in range(5):
    libvirt.virEventRunDefaultImpl()
''')
show(seen)
for other in others:
    run(other, "show([(number == here(), event, opaque) for number, event, opaque in seen])")
""") == ["True"] * 3 + [
        "[(0, 5, 'main')]", *(f"[(True, 5, {name})]" for name in range(3)),
        "[(0, 5, 'main'), (0, 2, 'main')]", *(f"[(True, 5, {name}), (True, 2, {name})]" for name in range(3))]


def test_events_of_a_thread_that_python_does_not_know(fake_prints: Prints) -> None:
    """All kinds of them, and in between those of the main interpreter."""
    assert fake_prints("""
REGISTER = '''
def called(*arguments):
    seen.append(here())
conn.domainEventRegisterAny(None, 0, called, None)
conn.networkEventRegisterAny(None, 0, called, None)
conn.storagePoolEventRegisterAny(None, 0, called, None)
conn.nodeDeviceEventRegisterAny(None, 0, called, None)
conn.secretEventRegisterAny(None, 0, called, None)
conn.domainEventRegister(called, None)
conn.registerCloseCallback(called, None)
libvirt_qemu.qemuMonitorEventRegister(conn, None, None, called, None)
'''
other = create(KIND)
exec(REGISTER)
run(other, REGISTER)
for kind in range(DOMAIN, QEMU + 1):
    fire_outside(kind)
    fire(kind)
show(len(seen), set(seen))
run(other, "show(len(seen), set(seen) == {here()})")
""") == ["15 {0}", "15 True"]


def test_a_callback_raises(prints: PythonPrints) -> None:
    """Its own interpreter is told; SystemExit comes out of the loop where that runs in the same interpreter."""
    assert prints(LOOP + """
other = create(KIND)
run(other, '''
sys.excepthook = lambda kind, value, traceback: show("hook", here() != 0, kind.__name__)
def leave(*arguments):
    sys.exit(3)
conn.domainEventRegisterAny(None, 0, leave, None)
''')
domain.destroy()
turn()
domain.create()
run(other, '''
try:
    for _ in range(5):
        libvirt.virEventRunDefaultImpl()
except SystemExit as error:
    show("exit", error.code)
''')
""") == ["hook True SystemExit", "exit 3"]


def test_what_a_thread_keeps_is_there_in_callbacks_of_its_own_loop(prints: PythonPrints) -> None:
    assert prints("""
run(create(KIND), '''
local = threading.local()
local.name = "mine"
libvirt.virEventRegisterDefaultImpl()
libvirt.virEventAddTimeout(1, lambda *arguments: seen.append(getattr(local, "name", None)), None)
while not seen:
    libvirt.virEventRunDefaultImpl()
show(seen[:1])
''')
""") == ["['mine']"]


def test_what_is_removed_is_freed_where_it_was_made(prints: PythonPrints) -> None:
    """Also if the loop of another interpreter finds that it can be."""
    assert prints(LOOP + """
other = create(KIND)
run(other, '''
class Thing:
    def __call__(self, *arguments):
        pass
    def __del__(self):
        show("freed", here() == number)
number = here()
timer = libvirt.virEventAddTimeout(1000, Thing(), None)
libvirt.virEventRemoveTimeout(timer)
''')
turn()
time.sleep(0)
show("done")
""") == ["freed True", "done"]


def test_an_interpreter_ends_with_all_that_is_registered(fake_prints: Prints) -> None:
    """Nothing of it is left with libvirt, and nobody enters it; the others go on."""
    assert fake_prints("""
REGISTER = '''
def called(*arguments):
    seen.append(here())
for family in ("domain", "network", "storagePool", "nodeDevice", "secret"):
    getattr(conn, family + "EventRegisterAny")(None, 0, called, None)
conn.domainEventRegister(called, None)
conn.registerCloseCallback(called, None)
libvirt_qemu.qemuMonitorEventRegister(conn, None, None, called, None)
'''
conn.domainEventRegisterAny(None, 0, changed, "main")
others = [create(KIND) for _ in range(3)]
for other in others:
    run(other, REGISTER)
run(others[-1], '''
stream = conn.newStream(1)
stream.eventAddCallback(1, called, None)
''')
while others:
    show(alive(), stream_watchers())
    destroy(others.pop())
    for kind in range(DOMAIN, QEMU + 1):
        fire_outside(kind)
        fire(kind)
    fire_stream(1)
    show(len(seen))
    for other in others:
        run(other, "show(len(seen), set(seen) == {here()})")
show(alive(), stream_watchers())
""") == ["25 1", "2", "15 True", "15 True", "15 0", "4", "29 True", "8 0", "6", "1 0"]


def test_timers_and_handles_of_an_interpreter_that_ends(prints: PythonPrints) -> None:
    """The loop of another one is not woken by them for ever."""
    assert prints(LOOP + """
other = create(KIND)
run(other, '''
read, write = os.pipe()
os.write(write, b"x")
libvirt.virEventAddTimeout(0, changed, None)
libvirt.virEventAddHandle(read, 1, changed, None)
''')
destroy(other)
begin = time.monotonic()
turn(), turn()
show(time.monotonic() - begin > 0.05)
""") == ["True"]


# With the GIL released, and with the GIL kept.
BOTH = ["Domain not found", "invalid domain pointer in virDomainGetName"]


@calls_handlers
def test_the_error_handler_is_of_the_interpreter_that_was_the_last_to_register_one(prints: PythonPrints) -> None:
    assert prints("""
REGISTER = '''
def handler(number, error):
    whose = ("second" if number else "main") if number == here() else "wrong"
    show(whose, error[2])
libvirt.registerErrorHandler(handler, here())
'''
def fail():
    libvirtmod.virDomainLookupByName(conn._o, "nobody")
    libvirtmod.virDomainGetName(None)
exec(REGISTER)
fail()
others = [create(KIND) for _ in range(2)]
for other in others:
    run(other, REGISTER)
fail()
run(others[0], '''
libvirtmod.virDomainGetName(None)
libvirtmod.virDomainLookupByName(conn._o, "nobody")
''')
exec(REGISTER)
run(others[0], '''
libvirtmod.virDomainGetName(None)
libvirtmod.virDomainLookupByName(conn._o, "nobody")
''')
""") == [f"{whose} {text}" for whose, texts in (("main", BOTH), ("second", BOTH), ("second", BOTH[::-1]),
                                                ("main", BOTH[::-1])) for text in texts]


@calls_handlers
def test_an_error_handler_goes_with_its_interpreter(prints: PythonPrints) -> None:
    assert prints("""
other = create(KIND)
run(other, "libvirt.registerErrorHandler(lambda *arguments: show(here() != 0), None)")
libvirtmod.virDomainLookupByName(conn._o, "nobody")
destroy(other)
libvirtmod.virDomainLookupByName(conn._o, "nobody")
libvirt.registerErrorHandler(lambda *arguments: show(here()), None)
libvirtmod.virDomainLookupByName(conn._o, "nobody")
""") == ["True", "0"]


def test_the_import_in_another_interpreter_leaves_the_printing_of_errors_alone(prints: PythonPrints) -> None:
    assert prints("""
libvirt.registerErrorHandler(None, None)
create(KIND)
run(create(KIND), "")
os.dup2(1, 2)
libvirtmod.virDomainLookupByName(conn._o, "nobody")
""") == ["libvirt: Test Driver error : Domain not found"]


def test_credentials_are_asked_for_in_the_interpreter_that_opens(prints: PythonPrints, tmp_path: Path) -> None:
    (tmp_path / "host.xml").write_text("<node><auth><user password='p'>u</user></auth></node>")
    assert prints("""
run(create(KIND), '''
def answer(credentials, opaque):
    for credential in credentials:
        credential[4] = {2: "u", 5: "p"}[credential[0]]
    seen.append(here())
    return 0
mine = libvirt.openAuth("test://''' + sys.argv[1] + '''", [[2, 5], answer, None])
show(mine.getType(), set(seen) == {here()})
''')
""", str(tmp_path / "host.xml")) == ["TEST True"]


def test_an_event_loop_ends_with_its_interpreter(prints: PythonPrints) -> None:
    """libvirt keeps one for the life of the process; nobody can bring another one."""
    assert prints("""
other = create(KIND)
run(other, '''
def asked(*arguments):
    seen.append(here())
    return 7
libvirt.virEventRegisterImpl(*[asked] * 6)
''')
show(libvirt.virEventAddTimeout(5, print, None))
run(other, "show(set(seen) == {here()})")
destroy(other)
for call in (lambda: libvirt.virEventAddTimeout(5, print, None), lambda: libvirt.virEventRegisterImpl(*[print] * 6)):
    try:
        call()
    except Exception as error:
        show(type(error).__name__)
""") == ["7", "True", "libvirtError", "RuntimeError"]


WORK = """
libvirt.virEventAddTimeout(1, lambda *arguments: None, None)
conn.domainEventRegisterAny(None, 0, changed, None)
for count in range(200):
    mine = conn.lookupByName("test")
    mine.XMLDesc()
    conn.listAllNetworks()
    try:
        conn.lookupByName("nobody")
    except libvirt.libvirtError:
        pass
    if count % 20 == 0:
        conn.domainEventDeregisterAny(conn.domainEventRegisterAny(None, 1, changed, None))
show(set(number for number, event, opaque in seen) <= {here()})
"""


def test_interpreters_work_at_the_same_time(prints: PythonPrints) -> None:
    """Each on a thread of its own, while the loop runs on another one, and domains change; and they end there."""
    assert prints(LOOP + f"WORK = {WORK!r}\n" + """
done = []
def loop():
    while not done:
        libvirt.virEventRunDefaultImpl()
        try:
            domain.destroy() if domain.isActive() else domain.create()
        except libvirt.libvirtError:
            pass
looping = threading.Thread(target=loop)
looping.start()
def work():
    for _ in range(3):
        other = create(KIND)
        run(other, WORK)
        destroy(other)
threads = [threading.Thread(target=work) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
done.append(1)
looping.join()
""") == ["True"] * 12


def test_a_program_ends_while_events_come_for_several_interpreters(fake_prints: Prints) -> None:
    assert fake_prints("""
others = [create(KIND) for _ in range(2)]
for other in others:
    run(other, "conn.domainEventRegisterAny(None, 0, lambda *arguments: None, None)")
fire_for_ever(DOMAIN)
time.sleep(0.05)
for other in others:
    destroy(other)
time.sleep(0.05)
show("done")
""") == ["done"]


@plain_memory
@pytest.mark.skipif(not FULL and "LIBVIRT_PYTHON_INTERPRETERS" not in os.environ,
                    reason="takes half a minute: make check-full, or set LIBVIRT_PYTHON_INTERPRETERS")
def test_memory_does_not_grow(prints: PythonPrints) -> None:
    """By what is registered and never removed: a single one of those would be three times what is allowed.

    What Python itself leaves varies, on a busy machine by more than that: what leaks does so each time.
    """
    assert prints(f"COUNT = {COUNT}\n" + LOOP + """
import ctypes
# What the C library keeps for later is about as much as one interpreter has had.
trim = getattr(ctypes.CDLL(None), "malloc_trim", lambda pad: 0)
def memory():
    trim(0)
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE")

def growth(code):
    seen = []
    for number in range(COUNT + 20):
        other = create(KIND)
        run(other, code)
        destroy(other)
        turn()
        seen.append(memory())
    # What the last one had may be dropped a turn later: the lowest of several counts.
    return (min(seen[-10:]) - min(seen[10:20])) / COUNT

ALONE = "import asyncio, atexit, threading"
BOUND = '''
import libvirt, libvirt_qemu, libvirt_lxc
conn = libvirt.open("test:///default")
'''
REGISTERED = '''
for _ in range(10):
    for event in range(2):
        conn.domainEventRegisterAny(None, event, lambda *arguments: None, bytearray(100000))
    libvirt.virEventAddTimeout(1000, print, bytearray(100000))
stream = conn.newStream()
try:
    conn.lookupByName("nobody")
except libvirt.libvirtError:
    pass
'''
seen = []
while len(seen) < 3 and not any(bound - alone < 32768 for alone, bound in seen):
    PRELUDE = ALONE
    alone = growth("")
    PRELUDE = BOUND
    seen.append((alone, growth(REGISTERED)))
show(seen[-1][1] - seen[-1][0] < 32768 or seen)
""") == ["True"]
