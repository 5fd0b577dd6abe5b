# SPDX-License-Identifier: LGPL-2.1-or-later
"""Programs that end while libvirt's threads and event loops are running exit with the intended status.

LIBVIRT_PYTHON_EXITS=80 is the long form; it is the number of times that each
program is run.
"""

from typing import Callable, Union

import pytest

from checkers import rounds, without_leak_check
from fake import firing
from fixturetypes import RunPython

OFTEN, SELDOM = rounds(3, 20, "EXITS"), rounds(1, 3, "EXITS")

# An event loop in a daemon thread that never stops, and a constant stream of events.
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
    """Run a program several times; each time it must exit with this status and print exactly this output."""
    def run(times: int, code: str, status: int = 0, output: str = "", errors: Union[str, Callable[[str], bool]] = "",
            **environment: str) -> None:
        for _ in range(times):
            done = run_fresh_python(code, **without_leak_check(environment))
            assert (done.returncode, done.stdout) == (status, output), done.stderr
            assert done.stderr == errors if isinstance(errors, str) else errors(done.stderr)
    return run


def test_a_daemon_thread_runs_the_loop(ends: Callable[..., None]) -> None:
    """The most common structure of a program. Regression test: about one of 200 such exits crashed."""
    ends(OFTEN, DAEMON + """
start(loop, work)
came.wait()
""")


def test_a_daemon_thread_runs_the_loop_and_main_calls_sys_exit(ends: Callable[..., None]) -> None:
    ends(SELDOM, DAEMON + """
start(loop, work)
came.wait()
sys.exit(5)
""", 5)


def test_a_daemon_thread_runs_the_loop_and_main_raises(ends: Callable[..., None]) -> None:
    def errors(text: str) -> bool:
        return text.splitlines()[0].startswith("Traceback") and text.endswith("KeyError: 'mine'\n")
    ends(SELDOM, DAEMON + """
start(loop, work)
came.wait()
raise KeyError("mine")
""", 1, errors=errors)


def test_exit_while_a_timer_fires(ends: Callable[..., None]) -> None:
    ends(SELDOM, DAEMON + """
libvirt.virEventAddTimeout(0, lambda *arguments: came.set(), None)
start(loop)
came.wait()
""")


def test_exit_while_a_callback_registers_and_removes(ends: Callable[..., None]) -> None:
    """Data are freed while the interpreter is finalized."""
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
    """Skip the test if the test driver's screenshot, whose data come from a stream, is not installed."""
    import libvirt
    conn = libvirt.open("test:///default")
    try:
        conn.lookupByName("test").screenshot(conn.newStream(), 0)
    except libvirt.libvirtError as error:
        pytest.skip(str(error))


@pytest.mark.parametrize("end, status", [("", 0), ("sys.exit(5)", 5), ("os._exit(6)", 6)])
def test_exit_with_open_streams(screenshot: None, ends: Callable[..., None], end: str, status: int) -> None:
    """One stream has a callback and is always ready; another one is read by a thread that blocks in it."""
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


def test_exit_waits_for_a_running_callback(ends: Callable[..., None]) -> None:
    """Finalization waits for the callback."""
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


def test_exit_does_not_wait_forever_for_a_callback(ends: Callable[..., None]) -> None:
    """Finalization waits only for a limited time."""
    ends(1, DAEMON + """
def stuck(timer, opaque):
    came.set()
    threading.Event().wait()
libvirt.virEventAddTimeout(0, stuck, None)
start(loop)
came.wait()
sys.exit(6)
""", 6)


def test_sys_exit_in_a_callback_of_the_main_thread(ends: Callable[..., None]) -> None:
    ends(SELDOM, DAEMON + """
conn.domainEventRegisterAny(None, 0, lambda *arguments: sys.exit(7), None)
atexit.register(print, "atexit", flush=True)
start(work)
try:
    loop()
finally:
    print("finally", flush=True)
""", 7, "finally\natexit\n")


def test_sys_exit_in_a_callback_of_another_thread(ends: Callable[..., None]) -> None:
    """As in any thread, sys.exit() ends only the thread; the program continues to its own end."""
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


def test_a_non_daemon_thread_runs_the_loop(ends: Callable[..., None]) -> None:
    """The interpreter waits for non-daemon threads before finalization."""
    ends(SELDOM, DAEMON + """
def some():
    while len(count) < 50:
        libvirt.virEventRunDefaultImpl()
    print("loop", flush=True)
threading.Thread(target=some).start()
start(work)
sys.exit(3)
""", 3, "loop\n")


def test_os_exit_in_the_main_thread(ends: Callable[..., None]) -> None:
    ends(SELDOM, DAEMON + """
atexit.register(print, "atexit")
start(loop, work)
came.wait()
os._exit(9)
""", 9)


def test_os_exit_in_a_callback(ends: Callable[..., None]) -> None:
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
def test_an_atexit_function_uses_the_connection(ends: Callable[..., None], code: str) -> None:
    """The function is registered after the import of libvirt, so it runs before libvirt's own exit hook."""
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
def test_an_atexit_function_from_before_the_import_uses_the_connection(ends: Callable[..., None], code: str) -> None:
    """The function is registered before the import of libvirt, so it runs after libvirt's own exit hook."""
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


def test_callbacks_after_the_exit_hook(ends: Callable[..., None]) -> None:
    """After libvirt's exit hook, only the callback of openAuth() and the error handler are still called."""
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


def test_a_python_loop_is_not_called_after_the_exit_hook(ends: Callable[..., None]) -> None:
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


def test_events_arrive_while_an_atexit_function_waits(ends: Callable[..., None]) -> None:
    ends(SELDOM, DAEMON + """
def last():
    came.clear()
    print(came.wait(60), flush=True)
atexit.register(last)
start(loop, work)
came.wait()
""", output="True\n")


def test_exit_while_daemon_threads_make_failing_calls(ends: Callable[..., None]) -> None:
    """Those calls run an error handler."""
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


def test_a_python_loop_runs_on_a_daemon_thread(ends: Callable[..., None]) -> None:
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


# --- threads that Python did not create

@pytest.mark.parametrize("end, status", [("", 0), ("sys.exit(5)", 5), ("os._exit(6)", 6)])
def test_exit_while_libvirt_threads_call_callbacks(ends: Callable[..., None], end: str, status: int) -> None:
    """Events arrive in every phase of finalization; the last one may arrive when the interpreter is gone."""
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


def test_exit_while_callbacks_in_libvirt_threads_raise(ends: Callable[..., None]) -> None:
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
