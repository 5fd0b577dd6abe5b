# SPDX-License-Identifier: LGPL-2.1-or-later
"""Event loops: libvirt's default loop with handles and timers of programs.

Each test runs in its own process, because a process has one event loop.
"""

import inspect
from typing import List

import pytest

import libvirt
import libvirtmod
from fixturetypes import Prints, PythonPrints

START = """
import gc, os, sys, threading, time, weakref
import libvirt, libvirtmod

def show(*arguments):
    print(*arguments, flush=True)

class Thing:
    "An object that supports weak references; used as callback and as opaque."
    def __call__(self, *arguments):
        pass

def raised(function, *arguments):
    try:
        return function(*arguments)
    except Exception as error:
        return type(error).__name__

def turn(until=lambda: True):
    libvirt.virEventRunDefaultImpl()
    while not until():
        libvirt.virEventRunDefaultImpl()

reading, writing = os.pipe()
"""
DEFAULT = START + """
libvirt.virEventRegisterDefaultImpl()

# libvirt frees data when it is otherwise idle, which may take some iterations; a timer keeps each of them short.
def settle(*references):
    timer = libvirt.virEventAddTimeout(5, lambda *arguments: None, None)
    for _ in range(100):
        libvirt.virEventRunDefaultImpl()
        if not any(reference() for reference in references):
            break
    libvirt.virEventRemoveTimeout(timer)
    return [reference() is not None for reference in references]
"""
# libvirt logs warnings about mistakes in the use of event loops.
QUIET = {"LIBVIRT_DEBUG": "4"}

# A minimal loop based on select(). libvirt's IDs are those of the loop.
PYTHON = START + """
import itertools, select

class Loop:
    def __init__(self):
        self.handles, self.timers, self.freed, self.ids = {}, {}, [], itertools.count(1)

    def register(self):
        return libvirt.virEventRegisterImpl(self.add_handle, self.update_handle, self.remove_handle,
                                            self.add_timer, self.update_timer, self.remove_timer)

    def add_handle(self, fd, events, cb, opaque):
        number = next(self.ids)
        self.handles[number] = [fd, events, cb, opaque]
        return number

    def update_handle(self, number, events):
        self.handles[number][1] = events

    def remove_handle(self, number):
        self.freed.append(self.handles.pop(number)[3])

    def add_timer(self, timeout, cb, opaque):
        number = next(self.ids)
        self.timers[number] = [timeout, cb, opaque]
        return number

    def update_timer(self, number, timeout):
        self.timers[number][0] = timeout

    def remove_timer(self, number):
        self.freed.append(self.timers.pop(number)[2])

    def turn(self):
        ready = select.select([item[0] for item in self.handles.values() if item[1] & 1], [], [], 0.01)[0]
        for number, (fd, events, cb, opaque) in list(self.handles.items()):
            if number in self.handles and fd in ready:
                cb(number, fd, events, opaque)
        for number, (timeout, cb, opaque) in list(self.timers.items()):
            if number in self.timers and timeout >= 0:
                cb(number, opaque)
        freed, self.freed = self.freed, []
        for opaque in freed:
            libvirt.virEventInvokeFreeCallback(opaque)

loop = Loop()
"""
CALLABLES = ("addHandle", "updateHandle", "removeHandle", "addTimeout", "updateTimeout", "removeTimeout")


@pytest.fixture
def default(python_prints: PythonPrints) -> Prints:
    """Run a program on libvirt's default loop and return the lines it prints."""
    def run(code: str) -> List[str]:
        return python_prints(DEFAULT + code, **QUIET)
    return run


# --- the default loop: handles

def test_a_handle_is_called_with_its_arguments(default: Prints) -> None:
    assert default("""
opaque = object()
def ready(*arguments):
    watch, fd, events, given = arguments
    show(watch == number, fd == reading, events, given is opaque, os.read(fd, 1))
number = libvirt.virEventAddHandle(reading, libvirt.VIR_EVENT_HANDLE_READABLE, ready, opaque)
show(type(number).__name__)
os.write(writing, b"x")
turn()
""") == ["int", "True True 1 True b'x'"]


def test_a_hangup_is_reported(default: Prints) -> None:
    assert default("""
libvirt.virEventAddHandle(reading, 1, lambda watch, fd, events, opaque: show(bool(events & 8)), None)
os.close(writing)
turn()
""") == ["True"]


def test_a_handle_stays_until_it_is_removed(default: Prints) -> None:
    assert default("""
count = []
number = libvirt.virEventAddHandle(reading, 1, lambda *arguments: count.append(1), None)
os.write(writing, b"x")
turn(), turn(), turn()
show(len(count), libvirt.virEventRemoveHandle(number))
libvirt.virEventAddTimeout(0, lambda *arguments: None, None)
turn()
show(len(count))
""") == ["3 0", "3"]


def test_the_events_of_a_watch_can_be_changed(default: Prints) -> None:
    assert default("""
number = libvirt.virEventAddHandle(writing, 0, lambda watch, fd, events, opaque: show(events), None)
libvirt.virEventAddTimeout(0, lambda *arguments: None, None)
turn()
show(libvirt.virEventUpdateHandle(number, libvirt.VIR_EVENT_HANDLE_WRITABLE))
turn()
""") == ["None", "2"]


def test_two_handles_on_one_descriptor(default: Prints) -> None:
    assert default("""
seen = []
for name in "ab":
    libvirt.virEventAddHandle(reading, 1, lambda watch, fd, events, opaque: seen.append(opaque), name)
os.write(writing, b"x")
turn()
show(seen)
""") == ["['a', 'b']"]


def test_a_handle_removes_itself(default: Prints) -> None:
    assert default("""
def ready(watch, fd, events, opaque):
    show(libvirt.virEventRemoveHandle(watch))
thing = Thing()
reference = weakref.ref(thing)
libvirt.virEventAddHandle(reading, 1, ready, thing)
del thing
os.write(writing, b"x")
turn()
show(settle(reference))
""") == ["0", "[False]"]


# --- the default loop: timers

def test_a_timer_is_called_with_its_arguments(default: Prints) -> None:
    assert default("""
opaque, calls = object(), []
def expired(*arguments):
    timer, given = arguments
    calls.append((timer == number, given is opaque))
number = libvirt.virEventAddTimeout(1, expired, opaque)
turn(lambda: calls)
show(*calls[0])
""") == ["True True"]


def test_a_timer_fires_repeatedly(default: Prints) -> None:
    assert default("""
count = []
libvirt.virEventAddTimeout(1, lambda *arguments: count.append(1), None)
turn(lambda: len(count) == 3)
show(len(count))
""") == ["3"]


def test_a_disabled_timer_can_be_enabled_and_disabled(default: Prints) -> None:
    assert default("""
count, other = [], []
number = libvirt.virEventAddTimeout(-1, lambda *arguments: count.append(1), None)
libvirt.virEventAddTimeout(0, lambda *arguments: other.append(1), None)
turn(lambda: len(other) == 3)
show(len(count), libvirt.virEventUpdateTimeout(number, 0))
turn(lambda: count)
libvirt.virEventUpdateTimeout(number, -1)
before = len(count)
turn(), turn()
show(len(count) == before, libvirt.virEventRemoveTimeout(number))
""") == ["0 None", "True 0"]


def test_a_timer_removes_itself(default: Prints) -> None:
    assert default("""
def expired(timer, opaque):
    show(libvirt.virEventRemoveTimeout(timer))
thing = Thing()
reference = weakref.ref(thing)
libvirt.virEventAddTimeout(0, expired, thing)
del thing
turn()
show(settle(reference))
""") == ["0", "[False]"]


# --- handles and timers alike

@pytest.mark.parametrize("add, remove", [
    ("virEventAddHandle(reading, 1, {})", "virEventRemoveHandle"),
    ("virEventAddTimeout(-1, {})", "virEventRemoveTimeout")])
def test_data_are_freed_after_removal(default: Prints, add: str, remove: str) -> None:
    """Regression test: the data were never freed."""
    call = add.format("callback, opaque")
    assert default(f"""
callback, opaque = Thing(), Thing()
references = weakref.ref(callback), weakref.ref(opaque)
number = libvirt.{call}
del callback, opaque
gc.collect()
show([reference() is not None for reference in references])
libvirt.{remove}(number)
show(settle(*references))
""") == ["[True, True]", "[False, False]"]


@pytest.mark.parametrize("remove", ["virEventRemoveHandle", "virEventRemoveTimeout"])
def test_removing_an_unknown_id_raises(default: Prints, remove: str) -> None:
    assert default(f"""
for number in (77, -1, 0):
    try:
        libvirt.{remove}(number)
    except libvirt.libvirtError as error:
        show(error.code, error)
""") == [f"8 there is no {'watch' if remove.endswith('Handle') else 'timer'} {number}" for number in (77, -1, 0)]


@pytest.mark.parametrize("update", ["virEventUpdateHandle", "virEventUpdateTimeout"])
def test_updating_an_unknown_id_is_ignored(default: Prints, update: str) -> None:
    assert default(f"show(libvirt.{update}(77, 1))") == ["None"]


@pytest.mark.parametrize("call", [
    "virEventAddHandle('x', 1, Thing(), None)", "virEventAddHandle(2 ** 40, 1, Thing(), None)",
    "virEventAddTimeout(1.5, Thing(), None)", "virEventUpdateHandle(None, 1)", "virEventUpdateTimeout(1, 2 ** 31)",
    "virEventRemoveHandle('1')", "virEventRemoveTimeout()"])
def test_invalid_numbers_are_refused(default: Prints, call: str) -> None:
    assert default(f"""
show(raised(lambda: libvirt.{call}) in ("TypeError", "OverflowError"))
""") == ["True"]


def test_an_invalid_descriptor_reaches_libvirt(default: Prints) -> None:
    assert default("""
show(raised(libvirt.virEventAddHandle, -1, 1, Thing(), None) in ("libvirtError", 0, 1))
""") == ["True"]


@pytest.mark.parametrize("add", ["virEventAddHandle(reading, 1, Thing(), thing)",
                                 "virEventAddTimeout(1, Thing(), thing)"])
def test_adding_without_a_loop_raises_and_keeps_nothing(python_prints: PythonPrints, add: str) -> None:
    assert python_prints(START + f"""
thing = Thing()
reference = weakref.ref(thing)
try:
    libvirt.{add}
except libvirt.libvirtError as error:
    show(error.code == libvirt.VIR_ERR_INVALID_ARG, error)
    del error
del thing
gc.collect()
show(reference())
""") == [f"True no event loop is registered, or it has refused a {'watch' if 'Handle' in add else 'timer'}", "None"]


def test_an_exception_goes_to_excepthook_and_all_callbacks_stay_active(default: Prints) -> None:
    assert default("""
sys.excepthook = lambda kind, value, traceback: show(kind.__name__)
def broken(*arguments):
    raise KeyError
number = libvirt.virEventAddTimeout(0, broken, None)
turn(), turn()
libvirt.virEventRemoveTimeout(number)
libvirt.virEventAddHandle(reading, 1, broken, None)
os.write(writing, b"x")
turn()
""") == ["KeyError"] * 3


def test_event_dispatchers_can_be_replaced(default: Prints) -> None:
    assert default("""
libvirt._dispatchEventTimeoutCallback = lambda timer, data: show("timer", sorted(data))
libvirt._dispatchEventHandleCallback = lambda watch, fd, events, data: show("handle", fd == reading, sorted(data))
number = libvirt.virEventAddTimeout(0, print, None)
turn()
libvirt.virEventRemoveTimeout(number)
libvirt.virEventAddHandle(reading, 1, print, None)
os.write(writing, b"x")
turn()
""") == ["timer ['cb', 'opaque']", "handle True ['cb', 'opaque']"]


def test_another_thread_wakes_the_loop(default: Prints) -> None:
    """The loop sleeps with nothing to do while another thread adds a timer and a handle."""
    assert default("""
def work():
    time.sleep(0.1)
    libvirt.virEventAddTimeout(1, lambda *arguments: done.append("timer"), None)
    libvirt.virEventAddHandle(reading, 1, lambda *arguments: done.append("handle"), None)
    os.write(writing, b"x")
done = []
thread = threading.Thread(target=work)
thread.start()
while set(done) != {"timer", "handle"}:
    libvirt.virEventRunDefaultImpl()
thread.join()
show("done")
""") == ["done"]


def test_the_loop_can_be_stopped_from_another_thread(default: Prints) -> None:
    """Adding a timer of zero from another thread wakes the loop."""
    assert default("""
running = True
def loop():
    while running:
        libvirt.virEventRunDefaultImpl()
thread = threading.Thread(target=loop)
thread.start()
time.sleep(0.1)
running = False
libvirt.virEventRemoveTimeout(libvirt.virEventAddTimeout(0, Thing(), None))
thread.join(60)
show(thread.is_alive())
""") == ["False"]


def test_another_thread_wakes_an_idle_loop(default: Prints) -> None:
    """The loop sleeps without a time limit, because there are no timers and only libvirt's own handle."""
    assert default("""
for _ in range(50):
    running = True
    def loop():
        while running:
            libvirt.virEventRunDefaultImpl()
    thread = threading.Thread(target=loop, daemon=True)
    thread.start()
    time.sleep(0.002)
    running = False
    show(libvirt.virEventWakeDefaultImpl())
    thread.join(60)
    assert not thread.is_alive()
""") == ["None"] * 50


def test_a_wakeup_before_the_loop_runs_is_not_lost(default: Prints) -> None:
    """Later iterations sleep again, because the wakeup has been consumed."""
    assert default("""
for _ in range(3):
    libvirt.virEventWakeDefaultImpl()
libvirt.virEventRunDefaultImpl()
fired, turns = [], 0
libvirt.virEventAddTimeout(60, lambda timer, opaque: fired.append(timer), None)
while not fired:
    libvirt.virEventRunDefaultImpl()
    turns += 1
show(turns < 5)
""") == ["True"]


def test_the_wake_function_is_the_c_function() -> None:
    """It is the C function itself, because API coverage checkers look for each C function in the module."""
    assert type(libvirt.virEventWakeDefaultImpl) is type(len)
    assert libvirt.virEventWakeDefaultImpl is libvirtmod.virEventWakeDefaultImpl
    assert str(inspect.signature(libvirt.virEventWakeDefaultImpl)) == "()"
    assert "Raises libvirtError" in (libvirt.virEventWakeDefaultImpl.__doc__ or "")
    with pytest.raises(TypeError, match=r"virEventWakeDefaultImpl\(\) takes exactly 0 arguments"):
        libvirt.virEventWakeDefaultImpl(None)


def test_waking_without_a_loop_raises(python_prints: PythonPrints) -> None:
    assert python_prints(START + "show(raised(libvirt.virEventWakeDefaultImpl))", **QUIET) == ["libvirtError"]


def test_many_handles_and_timers_are_added_and_removed(default: Prints) -> None:
    assert default("""
things = []
def make():
    thing = Thing()
    things.append(weakref.ref(thing))
    return thing
for _ in range(200):
    timer = libvirt.virEventAddTimeout(-1, make(), make())
    watch = libvirt.virEventAddHandle(reading, 1, make(), make())
    libvirt.virEventUpdateTimeout(timer, 10), libvirt.virEventUpdateHandle(watch, 0)
    libvirt.virEventRemoveTimeout(timer), libvirt.virEventRemoveHandle(watch)
show(len(things), sum(settle(*things)))
""") == ["800 0"]


def test_a_python_loop_does_not_replace_the_default_loop(default: Prints) -> None:
    """libvirt silently keeps the loop that it has."""
    assert default("""
show(libvirt.virEventRegisterImpl(*[lambda *arguments: show("called")] * 6))
show(raised(libvirt.virEventRegisterImpl, *[print] * 6), libvirt.virEventRegisterDefaultImpl())
libvirt.virEventAddTimeout(0, lambda *arguments: show("timer"), None)
turn()
""") == ["None", "RuntimeError 0", "timer"]
