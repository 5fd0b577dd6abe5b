# SPDX-License-Identifier: LGPL-2.1-or-later
"""Ends of programs while libvirt's threads and loops still run: the status is the one that was meant.

LIBVIRT_PYTHON_EXITS=80 is the long form: so often each program is run.
"""

from typing import Callable, Union

import pytest

from checkers import rounds, without_leak_check
from fake import firing
from fixturetypes import RunPython

OFTEN, SELDOM = rounds(3, 20, "EXITS"), rounds(1, 3, "EXITS")

# A loop on a thread that nobody stops, and events that come all the time.
DAEMON = """
import atexit, os, sys, threading, time
import libvirt
libvirt.virEventRegisterDefaultImpl()
conn = libvirt.open("test:///default")
domain = conn.lookupByName("test")
count = []
came = threading.Event()

def loop():
    while True:
        libvirt.virEventRunDefaultImpl()

def work():
    while True:
        domain.destroy()
        domain.create()

def changed(*arguments):
    count.append(arguments)
    came.set()

def start(*functions):
    for function in functions:
        threading.Thread(target=function, daemon=True).start()

conn.domainEventRegisterAny(None, libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE, changed, conn)
"""


@pytest.fixture
def ends(run_fresh_python: RunPython) -> Callable[..., None]:
    """Runs a program again and again; it must end with the status, the output and nothing else each time."""
    def run(times: int, code: str, status: int = 0, output: str = "", errors: Union[str, Callable[[str], bool]] = "",
            **environment: str) -> None:
        for _ in range(times):
            done = run_fresh_python(code, **without_leak_check(environment))
            assert (done.returncode, done.stdout) == (status, output), done.stderr
            assert done.stderr == errors if isinstance(errors, str) else errors(done.stderr)
    return run


def test_a_daemon_thread_runs_the_loop(ends: Callable[..., None]) -> None:
    """What everybody writes; about one of 200 such ends was a crash."""
    ends(OFTEN, DAEMON + """
start(loop, work)
came.wait()
""")


def test_a_daemon_thread_runs_the_loop_and_main_exits_with_a_status(ends: Callable[..., None]) -> None:
    ends(SELDOM, DAEMON + """
start(loop, work)
came.wait()
sys.exit(5)
""", 5)


def test_a_daemon_thread_runs_the_loop_and_main_fails(ends: Callable[..., None]) -> None:
    def errors(text: str) -> bool:
        return text.splitlines()[0].startswith("Traceback") and text.endswith("KeyError: 'mine'\n")
    ends(SELDOM, DAEMON + """
start(loop, work)
came.wait()
raise KeyError("mine")
""", 1, errors=errors)


def test_a_timer_fires_all_the_time(ends: Callable[..., None]) -> None:
    ends(SELDOM, DAEMON + """
libvirt.virEventAddTimeout(0, lambda *arguments: came.set(), None)
start(loop)
came.wait()
""")


def test_a_callback_registers_and_removes_all_the_time(ends: Callable[..., None]) -> None:
    """So that data are freed while the interpreter ends."""
    ends(SELDOM, DAEMON + """
def again(timer, opaque):
    libvirt.virEventRemoveTimeout(timer)
    libvirt.virEventAddTimeout(0, again, [object()])
    conn.domainEventDeregisterAny(conn.domainEventRegisterAny(None, 1, changed, [object()]))
    came.set()
libvirt.virEventAddTimeout(0, again, None)
start(loop)
came.wait()
""")


@pytest.fixture
def screenshot() -> None:
    """The test driver has a stream for it, where the picture is installed."""
    import libvirt
    conn = libvirt.open("test:///default")
    try:
        conn.lookupByName("test").screenshot(conn.newStream(), 0)
    except libvirt.libvirtError as error:
        pytest.skip(str(error))


@pytest.mark.parametrize("end, status", [("", 0), ("sys.exit(5)", 5), ("os._exit(6)", 6)])
def test_streams_are_open(screenshot: None, ends: Callable[..., None], end: str, status: int) -> None:
    """One is watched, and ready all the time; one is read by a thread that blocks in it."""
    ends(SELDOM, DAEMON + f"""
watched, read = conn.newStream(libvirt.VIR_STREAM_NONBLOCK), conn.newStream()
for stream in (watched, read):
    domain.screenshot(stream, 0)
watched.eventAddCallback(libvirt.VIR_STREAM_EVENT_READABLE, changed, watched)
def receive():
    while True:
        stream = conn.newStream()
        domain.screenshot(stream, 0)
        stream.recvAll(lambda stream, data, opaque: None, None)
read.recv(100)
start(loop, receive)
came.wait()
{end}
""", status)


def test_a_callback_is_running(ends: Callable[..., None]) -> None:
    """It is waited for, so that it is done."""
    ends(SELDOM, DAEMON + """
def slow(timer, opaque):
    libvirt.virEventUpdateTimeout(timer, -1)
    came.set()
    time.sleep(0.3)
    print("done", flush=True)
libvirt.virEventAddTimeout(0, slow, None)
start(loop)
came.wait()
""", output="done\n")


def test_a_callback_never_returns(ends: Callable[..., None]) -> None:
    """It is not waited for for ever."""
    ends(1, DAEMON + """
def stuck(timer, opaque):
    came.set()
    threading.Event().wait()
libvirt.virEventAddTimeout(0, stuck, None)
start(loop)
came.wait()
sys.exit(6)
""", 6)


def test_a_callback_exits_the_program(ends: Callable[..., None]) -> None:
    ends(SELDOM, DAEMON + """
conn.domainEventRegisterAny(None, 0, lambda *arguments: sys.exit(7), None)
atexit.register(print, "atexit", flush=True)
start(work)
try:
    loop()
finally:
    print("finally", flush=True)
""", 7, "finally\natexit\n")


def test_a_callback_exits_its_thread(ends: Callable[..., None]) -> None:
    """As anywhere in a thread; the program goes on to its own end."""
    ends(SELDOM, DAEMON + """
def leave(*arguments):
    came.set()
    sys.exit(7)
conn.domainEventRegisterAny(None, 0, leave, None)
thread = threading.Thread(target=loop)
thread.start()
start(work)
thread.join()
print("ended", flush=True)
sys.exit(4)
""", 4, "ended\n")


def test_a_thread_that_is_no_daemon_runs_the_loop(ends: Callable[..., None]) -> None:
    """It is waited for before the interpreter ends."""
    ends(SELDOM, DAEMON + """
def some():
    while len(count) < 50:
        libvirt.virEventRunDefaultImpl()
    print("loop", flush=True)
threading.Thread(target=some).start()
start(work)
sys.exit(3)
""", 3, "loop\n")


def test_the_process_ends_at_once(ends: Callable[..., None]) -> None:
    ends(SELDOM, DAEMON + """
atexit.register(print, "atexit")
start(loop, work)
came.wait()
os._exit(9)
""", 9)


def test_a_callback_ends_the_process_at_once(ends: Callable[..., None]) -> None:
    ends(SELDOM, DAEMON + """
libvirt.virEventAddTimeout(0, lambda *arguments: os._exit(9), None)
start(loop, work)
time.sleep(60)
""", 9)


@pytest.mark.parametrize("code", [
    "conn.getHostname() and domain.name()", "conn.close()", "conn.domainEventDeregisterAny(0)",
    "libvirt.open('test:///default').close()",
    "conn.domainEventRegisterAny(None, 1, changed, conn)",
    "libvirt.virEventRemoveTimeout(libvirt.virEventAddTimeout(1, changed, None))"])
def test_code_at_the_exit_uses_the_connection(ends: Callable[..., None], code: str) -> None:
    """Registered after the import of libvirt, so it runs before the end of all callbacks."""
    ends(SELDOM, DAEMON + f"""
def last():
    {code}
    print("last", flush=True)
atexit.register(last)
start(loop, work)
came.wait()
""", output="last\n")


@pytest.mark.parametrize("code", ["conn.getHostname() and domain.name()", "conn.close()",
                                  "conn.domainEventRegisterAny(None, 1, changed, conn)"])
def test_code_at_the_exit_from_before_the_import_uses_the_connection(ends: Callable[..., None], code: str) -> None:
    """It runs after the end of all callbacks."""
    ends(SELDOM, f"""
import atexit
def last():
    {code}
    print("last", flush=True)
atexit.register(last)
{DAEMON}
start(loop, work)
came.wait()
""", output="last\n")


def test_only_callbacks_inside_of_calls_run_after_the_end_of_all_others(ends: Callable[..., None]) -> None:
    """In what runs at the exit from before the import: the one of openAuth, and the error handler."""
    ends(1, """
import atexit
def last():
    print([fire(kind) > 0 for kind in range(DOMAIN, QEMU + 1)], fire_stream(1) > 0, flush=True)
    print(raised(libvirt.openAuth, "fake:///all", [[], answered, None]) != "libvirtError", flush=True)
    print(raised(conn.lookupByName, "missing"), flush=True)
atexit.register(last)
""" + firing.START + """
called = lambda *arguments: print("called", flush=True)
answered = lambda *arguments: print("asked", flush=True) or 0
for family in KINDS:
    ids = [value for name, value in vars(libvirt).items()
           if name.startswith("VIR_" + {"storagePool": "STORAGE_POOL", "nodeDevice": "NODE_DEVICE"}.get(
               family, family.upper()) + "_EVENT_ID_")]
    for number in ids:
        getattr(conn, family + "EventRegisterAny")(None, number, called, None)
conn.domainEventRegister(called, None)
conn.registerCloseCallback(called, None)
libvirt_qemu.qemuMonitorEventRegister(conn, None, None, called, None)
stream = conn.newStream()
stream.eventAddCallback(1, called, None)
libvirt.registerErrorHandler(called, None)
""", output=f"{[True] * 8} True\nasked\nTrue\ncalled\nlibvirtError\n", **firing.environment())


def test_a_loop_of_python_is_not_called_after_the_end_of_all_callbacks(ends: Callable[..., None]) -> None:
    ends(1, """
import atexit
def last():
    for call in ("AddHandle(0, 1, print, None)", "UpdateHandle(1, 1)", "RemoveHandle(1)",
                 "AddTimeout(1, print, None)", "UpdateTimeout(1, 1)", "RemoveTimeout(1)"):
        try:
            print(eval("libvirt.virEvent" + call), flush=True)
        except libvirt.libvirtError:
            print("fails", flush=True)
atexit.register(last)
import libvirt
libvirt.virEventRegisterImpl(*[lambda *arguments: print("called", flush=True)] * 6)
""", output="fails\nNone\nfails\nfails\nNone\nfails\n")


def test_events_still_come_while_code_at_the_exit_waits_for_one(ends: Callable[..., None]) -> None:
    ends(SELDOM, DAEMON + """
def last():
    came.clear()
    print(came.wait(60), flush=True)
atexit.register(last)
start(loop, work)
came.wait()
""", output="True\n")


def test_daemon_threads_are_in_calls_that_fail(ends: Callable[..., None]) -> None:
    """With a handler for their errors."""
    ends(SELDOM, DAEMON + """
libvirt.registerErrorHandler(lambda ctx, error: came.set(), conn)
def fail():
    while True:
        try:
            conn.lookupByName("nobody")
        except libvirt.libvirtError:
            pass
start(loop, work, fail, fail)
came.wait()
""")


def test_an_asyncio_loop_runs_on_a_daemon_thread(ends: Callable[..., None]) -> None:
    ends(SELDOM, """
import asyncio, libvirt, libvirtaio, threading
came = threading.Event()
async def main():
    libvirtaio.virEventRegisterAsyncIOImpl()
    conn = libvirt.open("test:///default")
    conn.domainEventRegisterAny(None, 0, lambda *arguments: came.set(), conn)
    libvirt.virEventAddTimeout(1, lambda *arguments: None, None)
    while True:
        conn.lookupByName("test").destroy(), conn.lookupByName("test").create()
        await asyncio.sleep(0)
threading.Thread(target=asyncio.run, args=(main(),), daemon=True).start()
came.wait()
""")


def test_a_loop_in_python_runs_on_a_daemon_thread(ends: Callable[..., None]) -> None:
    from test_eventloop import PYTHON
    ends(SELDOM, PYTHON + """
loop.register()
came = threading.Event()
libvirt.virEventAddTimeout(0, lambda *arguments: came.set(), Thing())
def run():
    while True:
        loop.turn()
threading.Thread(target=run, daemon=True).start()
came.wait()
""")


# --- threads that only libvirt knows

@pytest.mark.parametrize("end, status", [("", 0), ("sys.exit(5)", 5), ("os._exit(6)", 6)])
def test_libvirts_own_threads_call_back_all_the_time(ends: Callable[..., None], end: str, status: int) -> None:
    """Whatever state the interpreter is in; the last event may come when it is gone."""
    ends(OFTEN if not end else SELDOM, firing.START + f"""
came = threading.Event()
def changed(*arguments):
    came.set()
conn.domainEventRegisterAny(None, 0, changed, conn)
conn.registerCloseCallback(changed, conn)
libvirt_qemu.qemuMonitorEventRegister(conn, None, None, changed, conn)
stream = conn.newStream(1)
stream.eventAddCallback(1, changed, stream)
for kind in (DOMAIN, CLOSE, QEMU):
    fire_for_ever(kind)
came.wait()
{end}
""", status, **firing.environment())


def test_an_exception_of_such_a_thread_at_the_exit(ends: Callable[..., None]) -> None:
    ends(SELDOM, firing.START + """
came = threading.Event()
def broken(*arguments):
    came.set()
    raise KeyError
sys.excepthook = lambda *arguments: None
conn.domainEventRegisterAny(None, 0, broken, conn)
fire_for_ever(DOMAIN)
came.wait()
""", **firing.environment())
