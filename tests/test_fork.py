# SPDX-License-Identifier: LGPL-2.1-or-later
"""A forked child does not touch its parent's objects, works on its own and exits normally; the parent is unaffected."""

from typing import List

import pytest

from checkers import rounds, without_leak_check
from fake import firing
from fixturetypes import Prints, PrintsWithEnvironment, PythonPrints

ROUNDS = rounds(5, 20, "FORKS")

# The child runs a function and exits normally, with destructors and atexit functions.
FORKING = """
import gc, os, sys, threading, time, warnings
import libvirt, libvirtmod

# Newer Python versions warn about forks in a process with threads.
warnings.filterwarnings("ignore", ".*fork", DeprecationWarning)

def show(*arguments):
    print(*arguments, flush=True)

def fork(function):
    pid = os.fork()
    if pid == 0:
        function()
        raise SystemExit(0)
    status = os.waitpid(pid, 0)[1]
    return os.WEXITSTATUS(status) if os.WIFEXITED(status) else -os.WTERMSIG(status)
"""
START = FORKING + """
conn = libvirt.open("test:///default")
domain = conn.lookupByName("test")

def nothing():
    pass
"""


@pytest.fixture
def python_prints(python_prints: PythonPrints) -> PrintsWithEnvironment:
    """Run a program without leak checks, because a child does not free the objects of its parent."""
    def run(code: str, **environment: str) -> List[str]:
        return python_prints(code, **without_leak_check(environment))
    return run


@pytest.fixture
def prints(python_prints: PrintsWithEnvironment) -> Prints:
    """Run a program on the test driver and return the lines it prints."""
    def run(code: str) -> List[str]:
        return python_prints(START + code)
    return run


@pytest.fixture
def fake_prints(python_prints: PrintsWithEnvironment) -> Prints:
    """Run a program on the fake, which records the calls of libvirt functions, and return the lines it prints."""
    def run(code: str) -> List[str]:
        return python_prints(firing.START + FORKING + code, **firing.environment())
    return run


def test_a_child_exits_with_inherited_objects(prints: Prints) -> None:
    assert prints("""
show(fork(nothing), domain.name(), conn.close())
""") == ["0 test 1"]


@pytest.mark.parametrize("action", [
    "gc.collect()", "del globals()['domain']; gc.collect()", "globals().clear()", "conn.close()",
    "conn.close(); domain.name()", "libvirtmod.virDomainFree(domain._o)", "conn.__exit__(None, None, None)",
    "sys.exit(0)", "os._exit(0)", "[conn.close() for conn in [conn]]"])
def test_a_child_drops_and_closes_inherited_objects(prints: Prints, action: str) -> None:
    """Regression test: each object was also freed in the child."""
    assert prints(f"""
def child():
    {action}
show(fork(child), domain.info()[0], conn.getHostname() != "", conn.close())
""") == ["0 1 True 1"]


def test_close_of_an_inherited_connection_returns_zero(prints: Prints) -> None:
    assert prints("""
def child():
    show(conn.close())
    try:
        conn.getType()
    except libvirt.libvirtError as error:
        show(error.get_error_code() == libvirt.VIR_ERR_INVALID_CONN)
show(fork(child))
""") == ["0", "True", "0"]


def test_a_child_opens_its_own_connection(prints: Prints) -> None:
    assert prints("""
def child():
    mine = libvirt.open("test:///default")
    show(mine.lookupByName("test").name(), mine.close())
show(fork(child), conn.getType())
""") == ["test 0", "0 TEST"]


def test_a_child_has_children(prints: Prints) -> None:
    assert prints("""
def child():
    show(fork(nothing))
    mine = libvirt.open("test:///default")
    show(fork(mine.close))
    show(mine.close())
show(fork(child), conn.getType())
""") == ["0", "0", "0", "0 TEST"]


def test_a_child_gets_errors_from_an_inherited_connection(prints: Prints) -> None:
    assert prints("""
def child():
    try:
        conn.lookupByName("nobody")
    except libvirt.libvirtError as error:
        show(error.get_error_code() == libvirt.VIR_ERR_NO_DOMAIN)
show(fork(child))
""") == ["True", "0"]


def test_a_child_runs_its_own_event_loop(python_prints: PrintsWithEnvironment) -> None:
    """libvirt's loop is created in the child, because a loop created earlier would be shared with the parent."""
    assert python_prints(START + """
def child():
    libvirt.virEventRegisterDefaultImpl()
    mine = libvirt.open("test:///default")
    seen = []
    mine.domainEventRegisterAny(None, 0, lambda *arguments: seen.append(arguments[2]), None)
    mine.lookupByName("test").destroy()
    while not seen:
        libvirt.virEventRunDefaultImpl()
    show(seen, mine.close())
show(fork(child))
""") == ["[5] 0", "0"]


# --- which libvirt functions a child calls

@pytest.mark.parametrize("action", ["conn.close()", "globals().clear()",
                                    "del globals()['stream']; conn.__exit__(None, None, None)"])
def test_a_child_does_not_remove_inherited_registrations(fake_prints: Prints, action: str) -> None:
    """Regression test: close() in the child removed the parent's registrations and could wait for a lock forever."""
    assert fake_prints(f"""
import ctypes
for family in KINDS:
    getattr(conn, family + "EventRegisterAny")(None, 0, Thing(), Thing())
conn.domainEventRegister(Thing(), Thing())
conn.registerCloseCallback(Thing(), Thing())
libvirt_qemu.qemuMonitorEventRegister(conn, None, None, Thing(), Thing())
stream = conn.newStream(1)
stream.eventAddCallback(1, Thing(), Thing())
calls()
def child(calls=calls, gc=gc, show=show, alive=alive):
    {action}
    gc.collect()
    show(calls(), alive())
show(fork(child), alive())
""") == ["[] 8", "0 8"]


def test_a_child_frees_no_inherited_object(fake_prints: Prints) -> None:
    """The child calls no free function, whether it drops an object or frees it explicitly."""
    assert fake_prints("""
def child():
    global first
    references()
    del first
    gc.collect()
    libvirtmod.virDomainFree(second._o)
    show(references())
first, second = conn.lookupByName("test"), conn.lookupByName("test")
show(fork(child))
references()
del first, second
gc.collect()
show(references())
""") == ["(0, 0)", "0", "(0, 2)"]


def test_a_child_calls_no_libvirt_function_at_exit(fake_prints: Prints) -> None:
    """The calls are recorded until the last Python code has run."""
    assert fake_prints("""
import atexit
conn.domainEventRegisterAny(None, 0, Thing(), Thing())
stream = conn.newStream(1)
stream.eventAddCallback(1, Thing(), Thing())
calls()
def child():
    atexit.register(lambda: show("child", calls()))
show(fork(child), fire(DOMAIN), fire_stream(1), conn.close())
""") == ["child []", "0 1 1 1"]


def test_the_parent_still_gets_events_after_a_fork(fake_prints: Prints) -> None:
    """A child that closes the inherited connection does not end the parent's registrations."""
    assert fake_prints("""
conn.domainEventRegisterAny(None, 0, lambda *arguments: show("parent"), None)
for _ in range(3):
    show(fork(conn.close))
    fire(DOMAIN)
""") == ["0", "parent"] * 3


# --- where a fork can happen

def test_a_callback_forks(prints: Prints) -> None:
    """The callback returns in the parent and in the child."""
    assert prints("""
libvirt.virEventRegisterDefaultImpl()
def changed(*arguments):
    done.append(fork(nothing))
done = []
conn.domainEventRegisterAny(None, 0, changed, None)
domain.destroy(), domain.create()
while len(done) < 2:
    libvirt.virEventRunDefaultImpl()
show(done)
""") == ["[0, 0]"]


def test_another_thread_forks(prints: Prints) -> None:
    assert prints("""
thread = threading.Thread(target=lambda: show(fork(conn.close)))
thread.start()
thread.join()
show(conn.getType())
""") == ["0", "TEST"]


def test_a_fork_while_other_threads_are_in_calls(python_prints: PrintsWithEnvironment) -> None:
    """The handle is in use by threads that do not exist in the child."""
    assert python_prints(START + f"""
stop = []
def call():
    while not stop:
        conn.getCapabilities()
        domain.XMLDesc()
threads = [threading.Thread(target=call) for _ in range(3)]
for thread in threads:
    thread.start()
def child():
    global domain
    libvirtmod.virDomainFree(domain._o)
    del domain
    conn.close()
show({{fork(child) for _ in range({ROUNDS})}})
stop.append(1)
for thread in threads:
    thread.join()
show(domain.name(), conn.close())
""") == ["{0}", "test 1"]


def test_a_fork_while_a_daemon_thread_runs_the_loop(python_prints: PrintsWithEnvironment) -> None:
    assert python_prints(START + f"""
libvirt.virEventRegisterDefaultImpl()
count = []
conn.domainEventRegisterAny(None, 0, lambda *arguments: count.append(1), conn)
libvirt.virEventAddTimeout(0, lambda *arguments: count.append(1), conn)
def loop():
    while True:
        libvirt.virEventRunDefaultImpl()
threading.Thread(target=loop, daemon=True).start()
results = set()
for _ in range({ROUNDS}):
    del count[:]
    results.add(fork(conn.close))
    while not count:
        time.sleep(0.001)
show(results)
""") == ["{0}"]


def test_a_fork_while_other_threads_are_in_callbacks(fake_prints: Prints) -> None:
    """Finalization waits for threads that are in callbacks; a child must not wait for the threads that it lacks."""
    assert fake_prints(f"""
conn.domainEventRegisterAny(None, 0, lambda *arguments: None, conn)
conn.domainEventRegisterAny(None, 0, lambda *arguments: time.sleep(0.001), conn)
stop = []
def firing():
    while not stop:
        fire(DOMAIN)
threads = [threading.Thread(target=firing) for _ in range(2)]
for thread in threads:
    thread.start()
show({{fork(conn.close) for _ in range({ROUNDS})}})
stop.append(1)
for thread in threads:
    thread.join()
show(conn.close(), alive())
""") == ["{0}", "0 0"]


def test_a_child_forked_in_a_callback_gets_its_own_events(fake_prints: Prints) -> None:
    assert fake_prints("""
def forking(*arguments):
    results.append(os.fork())
results = []
conn.domainEventRegisterAny(None, 0, forking, None)
fire(DOMAIN)
if not results[0]:
    mine = libvirt.open("test:///default")
    mine.domainEventRegisterAny(None, 0, lambda *arguments: show("child"), None)
    fire(DOMAIN, 1)
    time.sleep(0.01)
    show(mine.close())
    sys.exit(0)
show(os.waitpid(results[0], 0)[1])
""") == ["child", "0", "0"]


def test_a_child_forked_in_a_callback_waits_for_callbacks_at_exit(fake_prints: Prints) -> None:
    """Regression test: the callback that forked also returns in the child, which made the count of threads negative."""
    assert fake_prints("""
def slow(*arguments):
    came.set()
    time.sleep(0.5)
    show("done")
results, came = [], threading.Event()
conn.domainEventRegisterAny(None, 0, lambda *arguments: results.append(os.fork()), None)
fire(DOMAIN)
if not results[0]:
    mine = libvirt.open("test:///default")
    mine.domainEventRegisterAny(None, 0, slow, None)
    threading.Thread(target=fire, args=(DOMAIN, 1), daemon=True).start()
    came.wait()
    sys.exit(0)
show(os.waitpid(results[0], 0)[1])
""") == ["done", "0"]


# --- multiprocessing

def test_multiprocessing_forks(python_prints: PrintsWithEnvironment) -> None:
    """The parent has a connection, and errors from the workers are complete."""
    assert python_prints("""
import multiprocessing, sys
import libvirt
conn = libvirt.open("test:///default")
def work(name):
    mine = libvirt.open("test:///default")
    try:
        return mine.lookupByName(name).name()
    except libvirt.libvirtError as error:
        return error
context = multiprocessing.get_context("fork")
with context.Pool(2) as pool:
    for result in pool.map(work, ["test", "nobody"]):
        print(type(result).__name__, getattr(result, "err", result) and str(result))
print(conn.getType())
""") == ["str test", "libvirtError Domain not found", "TEST"]


def test_a_multiprocessing_child_can_be_given_a_connection(python_prints: PrintsWithEnvironment) -> None:
    assert python_prints("""
import multiprocessing
import libvirt
conn = libvirt.open("test:///default")
def work(given):
    given.close()
process = multiprocessing.get_context("fork").Process(target=work, args=(conn,))
process.start()
process.join()
print(process.exitcode, conn.getType())
""") == ["0 TEST"]
