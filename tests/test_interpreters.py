# SPDX-License-Identifier: LGPL-2.1-or-later
"""Several interpreters in one process have their own modules and errors; callbacks belong to the main interpreter.

LIBVIRT_PYTHON_INTERPRETERS=1000 is the long form; it is the number of
interpreters created one after another.
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
# The name of Python's module for sub-interpreters depends on the version.
MODULE = "_interpreters" if sys.version_info >= (3, 13) else "_xxsubinterpreters"
pytest.importorskip(MODULE)

# Isolated interpreters have their own GIL from Python 3.12 on. Before that the kinds hardly differ.
KINDS = ("legacy", "isolated") if FULL or sys.version_info >= (3, 12) else ("legacy",)
START = f"""
import os, sys, threading, time
import {MODULE} as interpreters
""" + """
def create(kind):
    given = kind if sys.version_info >= (3, 13) else kind == "isolated"
    return interpreters.create(given) if sys.version_info >= (3, 13) else interpreters.create(isolated=given)

# Older Python versions raise RuntimeError while a callback is running in the interpreter.
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

# A single write, because each interpreter has its own buffer.
def show(*arguments):
    sys.stdout.write(" ".join(map(str, arguments)) + "\\n")
    sys.stdout.flush()
"""
# The start of code for other interpreters. All code for one interpreter runs in one namespace.
PRELUDE = START + """
if "conn" not in globals():
    import libvirt, libvirt_qemu, libvirt_lxc, libvirtmod
    conn = libvirt.open("test:///default")
    domain = conn.lookupByName("test")
    seen = []
"""
SEVERAL = f"PRELUDE = {PRELUDE!r}\n" + PRELUDE + """
def destroy_all():
    for other in interpreters.list_all()[1:]:
        destroy(other[0] if isinstance(other, tuple) else other)

# Python 3.11 crashes at exit if an interpreter is left.
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
    """Modules for the stable ABI of 3.11 cannot declare that they support one GIL per interpreter."""
    return sys.version_info < (3, 12) or not is_stable_abi()


@pytest.fixture(params=KINDS)
def prints(request: "pytest.FixtureRequest", python_prints: PythonPrints) -> PythonPrints:
    """Run a program with interpreters of one kind and return the lines it prints."""
    if request.param == "isolated" and not takes_isolated():
        pytest.skip("the modules are built for the stable ABI")

    def run(code: str, *arguments: str, **environment: str) -> List[str]:
        # Isolated interpreters cannot start threads before Python 3.12.
        threads = request.param == "legacy" or sys.version_info >= (3, 12)
        return python_prints(f"KIND, THREADS = {request.param!r}, {threads}\n" + SEVERAL + code, *arguments,
                             **without_leak_check(environment))
    return run


@pytest.fixture
def fake_prints(prints: PythonPrints) -> Prints:
    """Like prints, on the fake libvirt for events."""
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


def test_errors_have_the_class_of_their_interpreter(prints: PythonPrints) -> None:
    """This holds for errors that Python raises and for those that C raises."""
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


# All ways to register something that libvirt calls back later, and the noun that the exception uses.
REGISTRATIONS = {
    **{f"conn.{family}EventRegisterAny(None, 0, called, None)": "a callback"
       for family in ("domain", "network", "storagePool", "nodeDevice", "secret")},
    "conn.domainEventRegister(called, None)": "a callback",
    "conn.registerCloseCallback(called, None)": "a callback",
    "libvirt_qemu.qemuMonitorEventRegister(conn, None, None, called, None)": "a callback",
    "conn.newStream(1).eventAddCallback(1, called, None)": "a callback",
    "libvirt.virEventAddHandle(0, 1, called, None)": "a callback",
    "libvirt.virEventAddTimeout(1, called, None)": "a callback",
    "libvirt.virEventRegisterImpl(*[called] * 6)": "an event loop",
    "libvirt.registerErrorHandler(called, None)": "an error handler",
    "libvirt.registerErrorHandler(None, None)": "an error handler",
}


def test_nothing_can_be_registered_in_another_interpreter(fake_prints: Prints) -> None:
    """RuntimeError is raised, libvirt has no registration, and the main interpreter can register afterwards."""
    assert fake_prints(f"CALLS = {list(REGISTRATIONS)!r}" + """
CODE = '''
def called(*arguments):
    show("called")
for call in CALLS:
    try:
        show(eval(call))
    except RuntimeError as error:
        show(error)
del domain
show(vars(conn).get("domainEventCallbacks"), conn.domainEventCallbackID, conn.close())
'''
run(create(KIND), f"CALLS = {CALLS!r}" + CODE)
show(alive(), stream_watchers())
called = lambda *arguments: show("main")
for call in CALLS[:9]:
    eval(call)
show(alive())
fire(DOMAIN)
""") == [f"{what} belongs to the main interpreter, and cannot be registered in another one"
         for what in REGISTRATIONS.values()] + ["None {} 0", "0 0", "8", "main"]


def test_stream_handlers_work_in_every_interpreter(fake_prints: Prints) -> None:
    """Stream handlers are called by Python, inside the call."""
    assert fake_prints("""
script("data:abc data:de")
run(create(KIND), '''
conn.newStream().recvAll(lambda stream, data, opaque: seen.append(data), None)
show(seen)
''')
""") == ["[b'abc', b'de']"]


def test_the_main_interpreter_gets_events_while_others_run(prints: PythonPrints) -> None:
    """Other interpreters cause the events and run libvirt's loop, on the main thread and on other threads."""
    assert prints(LOOP + """
def changed(conn, domain, event, detail, opaque):
    seen.append((here(), event, domain.name(), opaque))
conn.domainEventRegisterAny(None, 0, changed, "main")
WORK = '''
(domain.destroy if domain.isActive() else domain.create)()
for _ in range(5):
    libvirt.virEventRunDefaultImpl()
'''
others = [create(KIND) for _ in range(2)]
for other in others:
    run(other, WORK)
    thread = threading.Thread(target=run, args=(other, WORK))
    thread.start()
    thread.join()
run(others[0], f"THREADS = {THREADS}" + '''
def work():
    (domain.destroy if domain.isActive() else domain.create)()
    for _ in range(5):
        libvirt.virEventRunDefaultImpl()
if THREADS:
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
else:
    work()
''')
show([event for number, event, name, opaque in seen], {item[:1] + item[2:] for item in seen})
""") == ["[5, 2, 5, 2, 5] {(0, 'test', 'main')}"]


def test_events_on_a_thread_unknown_to_python(fake_prints: Prints) -> None:
    assert fake_prints("""
conn.domainEventRegisterAny(None, 0, lambda *arguments: seen.append(here()), None)
other = create(KIND)
run(other, "")
for _ in range(3):
    fire_outside(DOMAIN)
    fire(DOMAIN)
destroy(other)
fire_outside(DOMAIN)
show(seen)
""") == ["[0, 0, 0, 0, 0, 0, 0]"]


def test_other_interpreters_call_the_loop_of_the_main_interpreter(prints: PythonPrints) -> None:
    """The test driver has one timer for the events of all connections."""
    assert prints("""
asked = []
libvirt.virEventRegisterImpl(*[lambda *arguments: 1] * 4, lambda *arguments: asked.append(here()), lambda timer: 1)
mine = libvirt.open("test:///default")
mine.domainEventRegisterAny(None, 0, print, None)
asked.clear()
run(create(KIND), "domain.destroy()")
show(set(asked))
""") == ["{0}"]


def test_a_base_exception_in_another_interpreters_call_goes_to_excepthook(
        prints: PythonPrints) -> None:
    """An exception of the main interpreter cannot propagate from a call of another one."""
    assert prints(LOOP + """
sys.excepthook = lambda kind, value, traceback: show("hook", here(), kind.__name__)
conn.domainEventRegisterAny(None, 0, lambda *arguments: sys.exit(3), None)
run(create(KIND), '''
def work():
    (domain.destroy if domain.isActive() else domain.create)()
    for _ in range(5):
        libvirt.virEventRunDefaultImpl()
work()
''' + ('''
thread = threading.Thread(target=work)
thread.start()
thread.join()
''' if THREADS else "work()"))
show(conn.getType())
""") == ["hook 0 SystemExit"] * 2 + ["TEST"]


# Errors of functions that release the GIL, and of functions that keep it.
BOTH = ["Domain not found", "invalid domain pointer in virDomainGetName"]


def test_the_error_handler_gets_only_errors_of_the_main_interpreter(prints: PythonPrints) -> None:
    assert prints("""
FAIL = '''
libvirtmod.virDomainLookupByName(conn._o, "nobody")
libvirtmod.virDomainGetName(None)
'''
THREAD = '''
def fail():
    libvirtmod.virDomainGetName(None)
    libvirtmod.virDomainLookupByName(conn._o, "nobody")
thread = threading.Thread(target=fail)
thread.start()
thread.join()
show("failed")
'''
libvirt.registerErrorHandler(lambda opaque, error: show(here(), opaque, error[2]), "mine")
exec(FAIL)
others = [create(KIND) for _ in range(2)]
for other in others:
    run(other, FAIL)
    thread = threading.Thread(target=run, args=(other, FAIL))
    thread.start()
    thread.join()
    run(other, THREAD if THREADS else "show('failed')")
exec(FAIL)
for other in others:
    destroy(other)
exec(FAIL)
""") == [f"0 mine {text}" for text in BOTH] + ["failed"] * 2 + [f"0 mine {text}" for text in BOTH * 2]


def test_a_refused_error_handler_does_not_replace_that_of_the_main_interpreter(prints: PythonPrints) -> None:
    assert prints("""
libvirt.registerErrorHandler(lambda opaque, error: show(here(), opaque), "mine")
other = create(KIND)
run(other, '''
try:
    libvirt.registerErrorHandler(lambda opaque, error: show("other", opaque), "another")
except RuntimeError:
    show("refused")
''')
libvirtmod.virDomainLookupByName(conn._o, "nobody")
destroy(other)
libvirtmod.virDomainLookupByName(conn._o, "nobody")
""") == ["refused", "0 mine", "0 mine"]


def test_an_import_in_another_interpreter_does_not_change_error_printing(prints: PythonPrints) -> None:
    assert prints("""
libvirt.registerErrorHandler(None, None)
create(KIND)
run(create(KIND), "")
os.dup2(1, 2)
libvirtmod.virDomainLookupByName(conn._o, "nobody")
""") == ["libvirt: Test Driver error : Domain not found"]


def test_open_auth_calls_back_in_its_own_interpreter(prints: PythonPrints, tmp_path: Path) -> None:
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


WORK = """
for count in range(200):
    mine = conn.lookupByName("test")
    mine.XMLDesc()
    conn.listAllNetworks()
    try:
        conn.lookupByName("nobody")
    except libvirt.libvirtError:
        pass
    if count % 20 == 0:
        try:
            conn.domainEventRegisterAny(None, 1, print, None)
        except RuntimeError:
            seen.append(here() != 0)
show(len(seen), all(seen))
"""


def test_interpreters_work_concurrently(prints: PythonPrints) -> None:
    """Each interpreter runs and ends on its own thread, while another thread runs the loop and changes domains."""
    assert prints(LOOP + f"WORK = {WORK!r}\n" + """
done = []
conn.domainEventRegisterAny(None, 0, lambda *arguments: seen.append(here()), None)
libvirt.registerErrorHandler(lambda *arguments: seen.append(here()), None)
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
show(set(seen))
""") == ["10 True"] * 12 + ["{0}"]


def test_interpreters_end_while_events_arrive(fake_prints: Prints) -> None:
    assert fake_prints("""
came = threading.Event()
conn.domainEventRegisterAny(None, 0, lambda *arguments: came.set(), None)
others = [create(KIND) for _ in range(2)]
for other in others:
    run(other, "")
fire_for_ever(DOMAIN)
for other in others:
    came.clear()
    show(came.wait(60))
    destroy(other)
show("done")
""") == ["True", "True", "done"]


@plain_memory
@pytest.mark.skipif(not FULL and "LIBVIRT_PYTHON_INTERPRETERS" not in os.environ,
                    reason="takes half a minute: make check-full, or set LIBVIRT_PYTHON_INTERPRETERS")
def test_memory_does_not_grow(prints: PythonPrints) -> None:
    """A leak of the data of a single registration would be three times the limit for each interpreter.

    The memory that Python itself leaves behind varies, on a busy machine by
    more than the limit; a leak occurs in every attempt.
    """
    assert prints(f"COUNT = {COUNT}\n" + LOOP + """
import ctypes
# The C library keeps about as much free memory as one interpreter used.
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
    # The data of the last interpreter may be dropped one iteration later, so take the lowest of several values.
    return (min(seen[-10:]) - min(seen[10:20])) / COUNT

ALONE = "import asyncio, atexit, threading"
BOUND = '''
import libvirt, libvirt_qemu, libvirt_lxc
conn = libvirt.open("test:///default")
'''
REGISTERED = '''
for _ in range(10):
    try:
        conn.domainEventRegisterAny(None, 0, lambda *arguments: None, bytearray(100000))
    except RuntimeError:
        pass
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
