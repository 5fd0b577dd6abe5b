# SPDX-License-Identifier: LGPL-2.1-or-later
"""Exceptions raised by callbacks: an Exception goes to sys.excepthook, other exceptions propagate from the call."""

import pytest

from fake import firing
from fake.firing import WAYS, Way
from fixturetypes import PrintsWithArguments, PythonPrints, RunPython

ENDINGS = ["SystemExit(7)", "KeyboardInterrupt('now')"]
KINDS = ["SystemExit", "KeyboardInterrupt", "Mine"]

# The start of programs that use the test driver, whose events virEventRunDefaultImpl() delivers.
DRIVER = """
import atexit, sys, threading
import libvirt
libvirt.virEventRegisterDefaultImpl()
conn = libvirt.open("test:///default")
domain = conn.lookupByName("test")
def show(*arguments):
    print(*arguments, flush=True)
def loop():
    while True:
        libvirt.virEventRunDefaultImpl()
def ending(error):
    def callback(*arguments):
        raise error
    return callback
"""

prints = firing.prints_after(firing.START + "opaque = None\n")


def other_event(way: str, event: int) -> Way:
    """The same for another event, whose arguments differ."""
    return WAYS[way]._replace(register=WAYS[way].register.replace("(None, 0,", f"(None, {event},"))


SOURCES = {**WAYS, "block job": other_event("domain", 8), "pool refresh": other_event("pool", 1),
           "secret value": other_event("secret", 1)}


@pytest.mark.parametrize("source", SOURCES)
def test_an_exception_goes_to_excepthook_with_its_traceback(prints: PrintsWithArguments, source: str) -> None:
    """Regression test: AttributeError was swallowed in two places."""
    register, _, fire = SOURCES[source]
    again = register if source == "close" else ""  # libvirt drops a close callback after calling it
    assert prints(f"""
def hook(kind, value, traceback):
    while traceback.tb_next:
        traceback = traceback.tb_next
    show(kind is AttributeError, value, traceback.tb_frame.f_code.co_name, value.__traceback__ is not None)
sys.excepthook = hook
def callback(*arguments):
    raise AttributeError("mine")
{register}
{fire}
{again}
{fire}
""") == ["True mine callback True"] * 2


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_base_exception_propagates_from_the_call_that_ran_the_callback(prints: PrintsWithArguments, source: str,
                                                                         kind: str) -> None:
    register, _, fire = SOURCES[source]
    assert prints(f"""
sys.excepthook = lambda kind, value, traceback: show("hook")
class Mine(BaseException):
    pass
def callback(*arguments):
    raise {kind}(7)
{register}
try:
    {fire}
except BaseException as error:
    show(type(error).__name__, error.args)
""") == [f"{kind} (7,)"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_base_exception_on_a_thread_unknown_to_python_goes_to_excepthook(prints: PrintsWithArguments,
                                                                           kind: str) -> None:
    """There is no Python call from which the exception could propagate."""
    assert prints(f"""
sys.excepthook = lambda kind, value, traceback: show("hook", kind.__name__, value)
class Mine(BaseException):
    pass
def broken(*arguments):
    raise {kind}(7)
conn.domainEventRegisterAny(None, 0, broken, None)
show(fire_outside(DOMAIN))
""") == [f"hook {kind} 7", "1"]


def test_sys_exit_in_excepthook_propagates(prints: PrintsWithArguments) -> None:
    assert prints("""
sys.excepthook = lambda *arguments: sys.exit(7)
conn.domainEventRegisterAny(None, 0, lambda *arguments: 1 / 0, None)
try:
    fire(DOMAIN)
except SystemExit as error:
    show(error.code)
""") == ["7"]


def test_an_exception_on_a_libvirt_thread_goes_to_excepthook(prints: PrintsWithArguments) -> None:
    assert prints("""
sys.excepthook = lambda kind, value, traceback: show(kind.__name__, threading.current_thread() is main)
main = threading.current_thread()
conn.domainEventRegisterAny(None, 0, lambda *arguments: 1 / 0, None)
fire_outside(DOMAIN)
""") == ["ZeroDivisionError False"]


def test_excepthook_may_call_libvirt_and_remove_the_callback(prints: PrintsWithArguments) -> None:
    assert prints("""
sys.excepthook = lambda *arguments: show(conn.domainEventDeregisterAny(0), conn.getType())
conn.domainEventRegisterAny(None, 0, lambda *arguments: 1 / 0, None)
fire(DOMAIN)
show(alive())
""") == ["None TEST", "0"]


@pytest.mark.parametrize("hook", ["None", "5"])
def test_an_excepthook_that_is_not_callable_does_not_stop_events(run_python: RunPython, hook: str) -> None:
    done = run_python(firing.START + f"""
sys.excepthook = {hook}
conn.domainEventRegisterAny(None, 0, lambda *arguments: 1 / 0, None)
show(fire(DOMAIN), fire(DOMAIN))
""", **firing.environment())
    assert (done.returncode, done.stdout) == (0, "1 1\n")


def test_an_excepthook_that_raises_does_not_stop_events(run_python: RunPython) -> None:
    done = run_python(firing.START + """
def hook(*arguments):
    raise KeyError("from the hook")
sys.excepthook = hook
conn.domainEventRegisterAny(None, 0, lambda *arguments: 1 / 0, None)
show(fire(DOMAIN), fire(DOMAIN))
""", **firing.environment())
    assert (done.returncode, done.stdout) == (0, "1 1\n")


def test_the_loop_continues_after_an_exception(python_prints: PythonPrints) -> None:
    assert python_prints(DRIVER + """
sys.excepthook = lambda kind, value, traceback: show(kind.__name__, value, traceback is not None)
events = []
conn.domainEventRegisterAny(None, 0, ending(ValueError("mine")), None)
libvirt.open("test:///default").domainEventRegisterAny(None, 0, lambda *arguments: events.append(arguments[2]), None)
domain.destroy()
domain.create()
while len(events) < 2:
    libvirt.virEventRunDefaultImpl()
show(events)
""") == ["ValueError mine True", "ValueError mine True", "[5, 2]"]


def test_a_missing_excepthook_does_not_stop_events(run_python: RunPython) -> None:
    done = run_python(firing.START + """
del sys.excepthook
conn.domainEventRegisterAny(None, 0, lambda *arguments: 1 / 0, None)
show(fire(DOMAIN), fire(DOMAIN))
""", **firing.environment())
    assert (done.returncode, done.stdout) == (0, "1 1\n")
    # It is still printed to stderr.
    assert done.stderr.count("ZeroDivisionError") == 2


def test_a_chained_exception_is_printed_completely(run_python: RunPython) -> None:
    done = run_python(firing.START + """
def broken(*arguments):
    try:
        1 / 0
    except ZeroDivisionError as error:
        raise KeyError("second") from error
conn.domainEventRegisterAny(None, 0, broken, None)
fire(DOMAIN)
""", **firing.environment())
    assert done.returncode == 0
    assert "ZeroDivisionError: division by zero" in done.stderr
    assert done.stderr.endswith("KeyError: 'second'\n")


def test_the_exception_and_its_frames_are_freed(prints: PrintsWithArguments) -> None:
    """The exception is freed, with all objects in the frames of its traceback."""
    assert prints("""
gone = []
def broken(*arguments):
    thing = Thing()
    gone.append(weakref.ref(thing))
    raise ValueError
sys.excepthook = lambda *arguments: None
conn.domainEventRegisterAny(None, 0, broken, None)
fire(DOMAIN)
gc.collect()
show(gone[0]())
""") == ["None"]


# --- exceptions that end a program

@pytest.mark.parametrize("error", ENDINGS)
def test_a_base_exception_propagates_from_the_call_that_runs_the_loop(python_prints: PythonPrints, error: str) -> None:
    assert python_prints(DRIVER + f"""
error = {error}
conn.domainEventRegisterAny(None, 0, ending(error), None)
domain.destroy()
try:
    loop()
except BaseException as caught:
    show(caught is error, caught.args)
domain.create()
""") == [f"True {(7,) if 'Exit' in error else ('now',)}"]


@pytest.mark.parametrize("status, code", [("7", 7), ("0", 0), ("None", 0), ("'text'", 1), ("300", 44), ("True", 1)])
def test_sys_exit_runs_finally_and_atexit_and_sets_the_status(run_python: RunPython, status: str, code: int) -> None:
    """Regression test: the process exited at once, without finally clauses and atexit functions."""
    done = run_python(DRIVER + f"""
atexit.register(show, "atexit")
conn.domainEventRegisterAny(None, 0, lambda *arguments: sys.exit({status}), None)
domain.destroy()
try:
    loop()
finally:
    show("finally", conn.close())
""")
    assert (done.returncode, done.stdout) == (code, "finally 1\natexit\n")
    assert done.stderr == ("text\n" if "text" in status else "")


def test_a_keyboard_interrupt_ends_the_program(run_python: RunPython) -> None:
    done = run_python(DRIVER + """
import signal
conn.domainEventRegisterAny(None, 0, ending(KeyboardInterrupt()), None)
domain.destroy()
try:
    loop()
finally:
    show("finally")
""")
    assert done.returncode in (-2, 130)
    assert (done.stdout, done.stderr.splitlines()[-1]) == ("finally\n", "KeyboardInterrupt")


def test_a_signal_during_a_callback_ends_the_loop(run_python: RunPython) -> None:
    """Ctrl-C raises in whatever Python code is running, which may be a callback."""
    done = run_python(DRIVER + """
import os, signal
signal.signal(signal.SIGINT, signal.default_int_handler)  # background jobs ignore SIGINT
def callback(*arguments):
    os.kill(os.getpid(), signal.SIGINT)
    for _ in range(1000):
        pass
conn.domainEventRegisterAny(None, 0, callback, None)
domain.destroy()
try:
    loop()
except KeyboardInterrupt:
    show("ended")
""")
    assert (done.returncode, done.stdout, done.stderr) == (0, "ended\n", "")


def test_other_callbacks_of_the_same_iteration_still_run(python_prints: PythonPrints) -> None:
    """The next call of the loop is not affected."""
    assert python_prints(DRIVER + """
conn.domainEventRegisterAny(None, 0, ending(SystemExit(3)), None)
conn.domainEventRegisterAny(None, 0, lambda *arguments: show("second", arguments[2]), None)
for change in (domain.destroy, domain.create):
    change()
    try:
        loop()
    except SystemExit as error:
        show(error.code)
""") == ["second 5", "3", "second 2", "3"]


def test_only_the_first_of_several_base_exceptions_propagates(python_prints: PythonPrints) -> None:
    """Two events of one loop iteration have callbacks that end the program."""
    assert python_prints(DRIVER + """
sys.excepthook = lambda kind, value, traceback: show("hook", kind.__name__)
conn.domainEventRegisterAny(None, 0, ending(SystemExit(3)), None)
conn.domainEventRegisterAny(None, 0, ending(KeyboardInterrupt()), None)
domain.destroy(), domain.create()
try:
    loop()
except BaseException as error:
    show(type(error).__name__)
libvirt.virEventAddTimeout(0, lambda *arguments: show("timer"), None)
show(libvirt.virEventRunDefaultImpl())
""") == ["SystemExit", "timer", "0"]


def test_a_subclass_of_system_exit_propagates(python_prints: PythonPrints) -> None:
    assert python_prints(DRIVER + """
class Mine(SystemExit):
    pass
conn.domainEventRegisterAny(None, 0, ending(Mine(5)), None)
domain.destroy()
try:
    loop()
except Mine as error:
    show(error.code)
""") == ["5"]


def test_generator_exit_propagates(python_prints: PythonPrints) -> None:
    assert python_prints(DRIVER + """
sys.excepthook = lambda kind, value, traceback: show(kind.__name__)
conn.domainEventRegisterAny(None, 0, ending(GeneratorExit()), None)
conn.domainEventRegisterAny(None, 0, ending(SystemExit(0)), None)
domain.destroy()
try:
    loop()
except GeneratorExit:
    show("out")
""") == ["out"]


# Another callback of the same loop iteration, which calls libvirt.
INNER = """
def inner(*arguments):
    show("inner", conn.getType(), raised(conn.lookupByName, "missing"))
def raised(function, *arguments):
    try:
        function(*arguments)
    except Exception as error:
        return type(error).__name__
"""


def test_a_base_exception_does_not_propagate_into_another_callback(python_prints: PythonPrints) -> None:
    assert python_prints(DRIVER + INNER + """
conn.domainEventRegisterAny(None, 0, ending(SystemExit(3)), None)
libvirt.open("test:///default").domainEventRegisterAny(None, 0, inner, None)
domain.destroy()
try:
    loop()
except SystemExit as error:
    show(error.code)
show(raised(conn.lookupByName, "missing"))
""") == ["inner TEST libvirtError", "3", "libvirtError"]


# --- error handlers and event loops written in Python

@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("call", [
    "conn.lookupByName('missing')", "libvirtmod.virDomainLookupByName(conn._o, 'missing')",
    "libvirtmod.virDomainGetName(None)", "libvirtmod.virConnectClose(None)", "libvirt.open('nothing://')",
    "libvirtmod.virDomainGetVcpus(None)",
    "libvirt.openAuth('nothing://', [[], None])", "conn.newStream().recv(1)", "conn.lookupByUUIDString('x')",
    "domain.blockStats('missing')", "libvirtmod.virConnectListAllDomains(None, 0)"])
def test_a_base_exception_propagates_from_the_call_that_ran_the_error_handler(python_prints: PythonPrints, call: str,
                                                                              kind: str) -> None:
    """Regression test: the exception was printed and dropped."""
    assert python_prints(DRIVER + f"""
import libvirtmod
sys.excepthook = lambda kind, value, traceback: show("hook")
class Mine(BaseException):
    pass
def handler(context, error):
    libvirt.registerErrorHandler(lambda *arguments: None, None)
    raise {kind}(7)
libvirt.registerErrorHandler(handler, None)
try:
    {call}
except BaseException as error:
    show(type(error).__name__, error.args)
show(domain.name())
""") == [f"{kind} (7,)", "test"]


def test_a_base_exception_propagates_from_a_successful_call(python_prints: PythonPrints) -> None:
    """The test driver updates a timer of the event loop when an event is pending.

    The domain is stopped nevertheless.
    """
    assert python_prints("""
import libvirt
def broken(*arguments):
    raise KeyboardInterrupt("mine")
def nothing(*arguments):
    return 1
update = nothing
libvirt.virEventRegisterImpl(nothing, nothing, nothing, nothing, lambda *arguments: update(*arguments), nothing)
conn = libvirt.open("test:///default")
domain = conn.lookupByName("test")
conn.domainEventRegisterAny(None, 0, print, None)
update = broken
try:
    domain.destroy()
except KeyboardInterrupt as error:
    print(error, domain.isActive())
update = nothing
print(domain.create())
""") == ["mine 0", "0"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("call", ["AddHandle(0, 1, print, None)", "UpdateHandle(1, 1)", "RemoveHandle(1)",
                                  "AddTimeout(1, print, None)", "UpdateTimeout(1, 1)", "RemoveTimeout(1)"])
def test_a_base_exception_propagates_from_the_call_that_ran_a_loop_function(python_prints: PythonPrints, call: str,
                                                                            kind: str) -> None:
    assert python_prints(f"""
import libvirt, sys
sys.excepthook = lambda kind, value, traceback: print("hook")
class Mine(BaseException):
    pass
def broken(*arguments):
    raise {kind}(7)
libvirt.virEventRegisterImpl(*[broken] * 6)
try:
    libvirt.virEvent{call}
except BaseException as error:
    print(type(error).__name__, error.args)
""") == [f"{kind} (7,)"]


def test_system_exit_ends_only_the_thread_that_runs_the_loop(python_prints: PythonPrints) -> None:
    """As with any exception in a thread."""
    assert python_prints(DRIVER + """
conn.domainEventRegisterAny(None, 0, ending(SystemExit(3)), None)
thread = threading.Thread(target=loop)
thread.start()
domain.destroy()
thread.join()
show("on")
""") == ["on"]


@pytest.mark.parametrize("error", ENDINGS)
def test_a_base_exception_in_a_timer_or_watch_propagates(python_prints: PythonPrints, error: str) -> None:
    assert python_prints(DRIVER + f"""
import os
reading, writing = os.pipe()
os.write(writing, b"x")
timer = libvirt.virEventAddTimeout(0, ending({error}), None)
for _ in range(2):
    try:
        loop()
    except BaseException as error:
        show(type(error).__name__)
libvirt.virEventRemoveTimeout(timer)
libvirt.virEventAddHandle(reading, 1, ending({error}), None)
try:
    loop()
except BaseException as error:
    show(type(error).__name__)
""") == [error.partition("(")[0]] * 3


def test_a_base_exception_propagates_to_a_callback_that_runs_the_loop(python_prints: PythonPrints) -> None:
    """The exception propagates once, from the innermost call that runs the loop."""
    assert python_prints(DRIVER + """
def outer(timer, opaque):
    libvirt.virEventUpdateTimeout(timer, -1)
    inner = libvirt.virEventAddTimeout(0, ending(SystemExit(3)), None)
    try:
        loop()
    except SystemExit as error:
        show("inner", error.code)
    libvirt.virEventRemoveTimeout(inner)
libvirt.virEventAddTimeout(0, outer, None)
show(libvirt.virEventRunDefaultImpl())
""") == ["inner 3", "0"]


def test_the_traceback_includes_the_callback(run_python: RunPython) -> None:
    done = run_python(DRIVER + """
def callback(*arguments):
    raise KeyboardInterrupt("text")
conn.domainEventRegisterAny(None, 0, callback, None)
domain.destroy()
loop()
""")
    assert "in callback" in done.stderr
    assert "in loop" in done.stderr
    assert done.stderr.endswith("KeyboardInterrupt: text\n")


@pytest.mark.parametrize("source", ["domain", "network", "qemu", "stream"])
def test_an_interrupted_registration_keeps_nothing_alive(prints: PrintsWithArguments, source: str) -> None:
    """Regression test: the callback, its opaque and the connection stayed alive until the connection was closed."""
    register, _, fire = SOURCES[source]
    assert prints(f"""
import libvirtmod_qemu
def interrupted(function):
    def call(*arguments):
        function(*arguments)
        raise KeyboardInterrupt
    return call
for module in libvirtmod, libvirtmod_qemu:
    for name in dir(module):
        if "EventRegister" in name and "Impl" not in name or name.endswith("EventAddCallback"):
            setattr(module, name, interrupted(getattr(module, name)))
callback = Thing()
left = [weakref.ref(callback), weakref.ref(conn)]
try:
    {register}
except KeyboardInterrupt:
    show("interrupted", alive() + stream_watchers())
del callback
gc.collect()
show(left[0]())
{fire}
stream = None
conn = None
gc.collect()
show(left[1]())
""") == ["interrupted 1", "None", "None"]
