# SPDX-License-Identifier: LGPL-2.1-or-later
"""An event loop implemented in Python, and how libvirt calls it."""

from typing import List

import pytest

from fixturetypes import PrintsWithArguments, PythonPrints
from test_eventloop import CALLABLES, PYTHON, QUIET, START


@pytest.fixture
def python(python_prints: PythonPrints) -> PrintsWithArguments:
    """Run a program with such a loop, available as `loop`, and return the lines it prints."""
    def run(code: str, *arguments: str) -> List[str]:
        return python_prints(PYTHON + code, *arguments, **QUIET)
    return run


@pytest.fixture
def bare(python_prints: PythonPrints) -> PrintsWithArguments:
    """Run a program without a loop, which provides its own functions, and return the lines it prints."""
    def run(code: str, *arguments: str) -> List[str]:
        return python_prints(START + code, *arguments, **QUIET)
    return run


def test_events_of_a_connection_are_delivered_by_a_python_loop(python: PrintsWithArguments) -> None:
    assert python("""
show(loop.register())
conn = libvirt.open("test:///default")
seen = []
conn.domainEventRegisterAny(None, 0, lambda conn, dom, event, detail, opaque: seen.append(event), None)
domain = conn.lookupByName("test")
domain.destroy(), domain.create()
while len(seen) < 2:
    loop.turn()
show(seen, conn.close())
""") == ["None", "[5, 2] 1"]


def test_handles_and_timers_run_on_a_python_loop(python: PrintsWithArguments) -> None:
    assert python("""
loop.register()
def ready(watch, fd, events, opaque):
    show("handle", watch, fd == reading, events, opaque, os.read(fd, 1))
    libvirt.virEventRemoveHandle(watch)
def expired(timer, opaque):
    show("timer", timer, opaque)
    libvirt.virEventUpdateTimeout(timer, -1)
show(libvirt.virEventAddHandle(reading, 1, ready, "a"), libvirt.virEventAddTimeout(5, expired, "b"))
os.write(writing, b"x")
loop.turn(), loop.turn()
show(sorted(loop.handles), [item[0] for item in loop.timers.values()])
""") == ["1 2", "handle 1 True 1 a b'x'", "timer 2 b", "[] [-1]"]


def test_the_loop_functions_get_the_arguments_of_the_call(bare: PrintsWithArguments) -> None:
    assert bare("""
def saying(name, result):
    def callable(*arguments):
        show(name, *[item if isinstance(item, int) else type(item).__name__ for item in arguments])
        return result
    return callable
libvirt.virEventRegisterImpl(saying("addHandle", 5), saying("updateHandle", None), saying("removeHandle", None),
                             saying("addTimeout", 6), saying("updateTimeout", None), saying("removeTimeout", None))
show(libvirt.virEventAddHandle(0, 3, Thing(), None), libvirt.virEventAddTimeout(1000, Thing(), None))
show(libvirt.virEventUpdateHandle(5, 4), libvirt.virEventUpdateTimeout(6, -1))
show(libvirt.virEventRemoveHandle(5), libvirt.virEventRemoveTimeout(6))
libvirt.virEventUpdateHandle(-1, 4), libvirt.virEventUpdateTimeout(-1, 7)
libvirt.virEventRemoveHandle(-1), libvirt.virEventRemoveTimeout(-1)
""") == ["addHandle 0 3 function tuple", "addTimeout 1000 function tuple", "5 6", "updateHandle 5 4",
         "updateTimeout 6 -1", "None None", "removeHandle 5", "removeTimeout 6", "0 0",
         "updateHandle -1 4", "updateTimeout -1 7", "removeHandle -1", "removeTimeout -1"]


def test_opaque_is_a_tuple_of_three_capsules(python: PrintsWithArguments) -> None:
    assert python("""
loop.register()
libvirt.virEventAddHandle(reading, 1, Thing(), None), libvirt.virEventAddTimeout(-1, Thing(), None)
for item in (loop.handles[1], loop.timers[2]):
    cb, opaque = item[-2:]
    show(cb.__module__, cb.__name__, type(opaque).__name__, [repr(part).split('"')[1] for part in opaque])
""") == ["libvirt _eventInvokeHandleCallback tuple ['virEventHandleCallback', 'void*', 'virFreeCallback']",
         "libvirt _eventInvokeTimeoutCallback tuple ['virEventTimeoutCallback', 'void*', 'virFreeCallback']"]


def test_the_function_to_call_is_looked_up_at_each_add(python: PrintsWithArguments) -> None:
    assert python("""
loop.register()
libvirt._eventInvokeTimeoutCallback = "mine"
libvirt.virEventAddTimeout(-1, Thing(), None)
show(loop.timers[1][1])
sys.excepthook = lambda kind, value, traceback: show(kind.__name__)
del libvirt._eventInvokeTimeoutCallback
show(raised(libvirt.virEventAddTimeout, -1, Thing(), None))
""") == ["mine", "AttributeError", "libvirtError"]


def test_the_legacy_form_passes_two_capsules(python: PrintsWithArguments) -> None:
    """Event loops that were written before opaque was a tuple."""
    assert python("""
loop.register()
libvirt.virEventAddHandle(reading, 1, lambda *arguments: show("handle", *arguments[2:]), "a")
libvirt.virEventAddTimeout(-1, lambda *arguments: show("timer", *arguments), "b")
callback, data, _ = loop.handles[1][3]
show(libvirt._eventInvokeHandleCallback(1, 0, 4, callback, data))
callback, data, _ = loop.timers[2][2]
show(libvirt._eventInvokeTimeoutCallback(2, callback, data))
""") == ["handle 4 a", "None", "timer 2 b", "None"]


# --- registration

@pytest.mark.parametrize("place", range(6), ids=CALLABLES)
def test_registration_can_be_repeated_after_a_refusal(python: PrintsWithArguments, place: int) -> None:
    """Regression test: after a refusal no loop could be registered any more."""
    assert python("""
place = int(sys.argv[1])
for bad in (None, 5, "x"):
    given = [show] * 6
    given[place] = bad
    try:
        libvirt.virEventRegisterImpl(*given)
    except TypeError as error:
        show(error)
before = sys.getrefcount(show)
raised(libvirt.virEventRegisterImpl, *given)
after = sys.getrefcount(show)
show(after - before)
loop.register()
libvirt.virEventAddTimeout(0, lambda *arguments: show("timer"), None)
loop.turn()
""", str(place)) == [f"virEventRegisterImpl() argument '{CALLABLES[place]}' must be callable, not {kind}"
                     for kind in ("NoneType", "int", "str")] + ["0", "timer"]


@pytest.mark.parametrize("count", [0, 5, 7])
def test_all_six_functions_are_required(bare: PrintsWithArguments, count: int) -> None:
    assert bare(f"""
show(raised(libvirt.virEventRegisterImpl, *[print] * {count}))
show(raised(libvirtmod.virEventRegisterImpl, *[print] * {count}))
show(libvirt.virEventRegisterImpl(*[print] * 6))
""") == ["TypeError", "TypeError", "None"]


def test_the_functions_can_be_given_by_keyword(bare: PrintsWithArguments) -> None:
    names = ", ".join(f"{name}=print" for name in CALLABLES)
    assert bare(f"show(libvirt.virEventRegisterImpl({names}))") == ["None"]


@pytest.mark.parametrize("arguments", ["*[print] * 6", "*[None] * 6", ""])
def test_a_second_registration_is_refused(bare: PrintsWithArguments, arguments: str) -> None:
    expected = "TypeError" if not arguments else "RuntimeError"
    assert bare(f"""
libvirt.virEventRegisterImpl(*[print] * 6)
show(raised(lambda: libvirt.virEventRegisterImpl({arguments})))
""") == [expected]


def test_the_functions_are_kept_alive(python: PrintsWithArguments) -> None:
    assert python("""
things = [Thing() for _ in range(6)]
references = [weakref.ref(thing) for thing in things]
libvirt.virEventRegisterImpl(*things)
del things
gc.collect()
show([reference() is None for reference in references].count(True))
""") == ["0"]


def test_the_default_loop_cannot_replace_a_python_loop(python: PrintsWithArguments) -> None:
    assert python("""
loop.register()
show(libvirt.virEventRegisterDefaultImpl())
libvirt.virEventAddTimeout(0, Thing(), None)
show(len(loop.timers))
""") == ["0", "1"]


# --- mistakes in the functions of the loop

@pytest.mark.parametrize("garbage", ["None", "'x'", "1.5", "2 ** 40", "-2 ** 40", "object()", "[]"])
@pytest.mark.parametrize("call", ["virEventAddHandle(0, 1, Thing(), thing)", "virEventAddTimeout(1, Thing(), thing)"])
def test_an_add_that_returns_no_id_fails(bare: PrintsWithArguments, garbage: str, call: str) -> None:
    """Regression test: the outer call ended in SystemError."""
    error = "OverflowError" if "**" in garbage else "TypeError"
    assert bare(f"""
sys.excepthook = lambda kind, value, traceback: show("hook", kind.__name__)
libvirt.virEventRegisterImpl(*[lambda *arguments: {garbage}] * 6)
thing = Thing()
reference = weakref.ref(thing)
show(raised(lambda: libvirt.{call}))
del thing
gc.collect()
show(reference())
""") == [f"hook {error}", "libvirtError", "None"]


@pytest.mark.parametrize("number", [-1, -5, -2 ** 31])
def test_an_add_that_returns_a_negative_number_fails(bare: PrintsWithArguments, number: int) -> None:
    """Regression test: a negative number was taken for an ID, although libvirt had already freed the data."""
    assert bare(f"""
libvirt.virEventRegisterImpl(*[lambda *arguments: {number}] * 6)
show(raised(libvirt.virEventAddHandle, 0, 1, Thing(), None), raised(libvirt.virEventAddTimeout, 1, Thing(), None))
""") == ["libvirtError libvirtError"]


def test_the_loop_gets_the_descriptor_unchanged(bare: PrintsWithArguments) -> None:
    assert bare("""
libvirt.virEventRegisterImpl(lambda fd, *arguments: show(fd) or 1, *[lambda *arguments: 1] * 5)
for fd in (-1, 0, 2 ** 31 - 1):
    libvirt.virEventAddHandle(fd, 1, Thing(), None)
""") == ["-1", "0", "2147483647"]


def test_an_id_can_be_as_large_as_an_int(bare: PrintsWithArguments) -> None:
    assert bare("""
libvirt.virEventRegisterImpl(*[lambda *arguments: 2 ** 31 - 1] * 6)
show(libvirt.virEventAddHandle(0, 1, Thing(), None), libvirt.virEventAddTimeout(1, Thing(), None))
""") == ["2147483647 2147483647"]


def test_adding_keeps_only_the_data_alive(bare: PrintsWithArguments) -> None:
    assert bare("""
libvirt.virEventRegisterImpl(*[lambda *arguments: 7] * 6)
before = sys.getrefcount(libvirt)
for _ in range(100):
    libvirt.virEventAddTimeout(1, Thing(), None)
    libvirt.virEventAddHandle(0, 1, Thing(), None)
show(sys.getrefcount(libvirt) - before)
""") == ["0"]


def test_an_id_can_be_any_integer_like_object(bare: PrintsWithArguments) -> None:
    assert bare("""
class Number:
    def __index__(self):
        return 7
libvirt.virEventRegisterImpl(*[lambda *arguments: Number() if arguments[0] else True] * 6)
show(libvirt.virEventAddTimeout(1, Thing(), None), libvirt.virEventAddTimeout(0, Thing(), None))
""") == ["7 1"]


def test_an_id_can_be_large(bare: PrintsWithArguments) -> None:
    assert bare("""
libvirt.virEventRegisterImpl(*[lambda *arguments: 2**31 - 1] * 6)
show(libvirt.virEventAddTimeout(1, Thing(), None), libvirt.virEventAddHandle(0, 1, Thing(), None))
""") == ["2147483647 2147483647"]


@pytest.mark.parametrize("call", [
    "virEventAddHandle(0, 2**31, Thing(), None)", "virEventAddTimeout(2**31, Thing(), None)",
    "virEventUpdateHandle(1, 2**31)", "virEventUpdateTimeout(1, 2**31)", "virEventRemoveHandle(2**31)",
    "virEventRemoveTimeout(2**31)"])
def test_numbers_that_are_no_c_int_are_refused(bare: PrintsWithArguments, call: str) -> None:
    assert bare(f"""
libvirt.virEventRegisterImpl(*[lambda *arguments: show("called")] * 6)
show(raised(lambda: libvirt.{call}))
""") == ["OverflowError"]


@pytest.mark.parametrize("call, result", [
    ("virEventAddHandle(0, 1, Thing(), None)", "libvirtError"),
    ("virEventAddTimeout(1, Thing(), None)", "libvirtError"),
    ("virEventUpdateHandle(1, 1)", "None"), ("virEventUpdateTimeout(1, 1)", "None"),
    ("virEventRemoveHandle(1)", "libvirtError"), ("virEventRemoveTimeout(1)", "libvirtError")])
def test_an_exception_in_a_loop_function_is_reported_and_the_call_fails(bare: PrintsWithArguments, call: str,
                                                                        result: str) -> None:
    assert bare(f"""
sys.excepthook = lambda kind, value, traceback: show("hook", kind.__name__, value)
def broken(*arguments):
    raise ValueError("mine")
libvirt.virEventRegisterImpl(*[broken] * 6)
show(raised(lambda: libvirt.{call}))
""") == ["hook ValueError mine", result]


@pytest.mark.parametrize("call", ["virEventRemoveHandle(1)", "virEventRemoveTimeout(1)",
                                  "virEventAddHandle(0, 1, Thing(), None)", "virEventAddTimeout(1, Thing(), None)"])
def test_a_call_that_fails_in_libvirt_has_that_error(bare: PrintsWithArguments, call: str) -> None:
    assert bare(f"""
sys.excepthook = lambda *arguments: None
def fails(*arguments):
    if libvirtmod.virNWFilterGetName(None) is None:
        raise libvirt.libvirtError("virNWFilterGetName() failed")
libvirt.virEventRegisterImpl(*[fails] * 6)
try:
    libvirt.{call}
except libvirt.libvirtError as error:
    show(error.get_error_code() == libvirt.VIR_ERR_INVALID_NWFILTER)
""") == ["True"]


@pytest.mark.parametrize("result", ["None", "-1", "'x'", "object()"])
def test_the_return_value_of_a_removal_is_ignored(bare: PrintsWithArguments, result: str) -> None:
    assert bare(f"""
libvirt.virEventRegisterImpl(*[lambda *arguments: {result}] * 6)
show(libvirt.virEventRemoveHandle(1), libvirt.virEventRemoveTimeout(1))
""") == ["0 0"]


def test_no_event_can_be_registered_on_a_loop_that_fails(bare: PrintsWithArguments) -> None:
    assert bare("""
sys.excepthook = lambda *arguments: None
libvirt.virEventRegisterImpl(*[lambda *arguments: 1 / 0] * 6)
conn = libvirt.open("test:///default")
thing = Thing()
reference = weakref.ref(thing)
show(raised(conn.domainEventRegisterAny, None, 0, Thing(), thing), conn.domainEventCallbackID)
del thing
gc.collect()
show(reference(), conn.close())
""") == ["libvirtError {}", "None 0"]


def test_sys_exit_in_a_callback_propagates_from_a_python_loop(python: PrintsWithArguments) -> None:
    """The exception propagates from the Python call that runs the loop's callback."""
    assert python("""
loop.register()
libvirt.virEventAddTimeout(0, lambda *arguments: sys.exit(7), None)
try:
    loop.turn()
except SystemExit as error:
    show(error.code)
""") == ["7"]


# --- free callbacks

def test_data_are_freed_when_the_loop_calls_the_free_callback(python: PrintsWithArguments) -> None:
    assert python("""
loop.register()
things = [Thing(), Thing()]
references = [weakref.ref(thing) for thing in things]
libvirt.virEventAddHandle(reading, 1, Thing(), things[0]), libvirt.virEventAddTimeout(-1, Thing(), things[1])
things.clear()
libvirt.virEventRemoveHandle(1), libvirt.virEventRemoveTimeout(2)
gc.collect()
show([reference() is not None for reference in references])
loop.turn()
gc.collect()
show([reference() for reference in references])
""") == ["[True, True]", "[None, None]"]


def test_a_free_callback_runs_once(python: PrintsWithArguments) -> None:
    """Further calls for the same data have no effect."""
    assert python("""
loop.register()
class Telling(Thing):
    def __del__(self):
        show("freed")
libvirt.virEventAddTimeout(-1, Thing(), Telling())
opaque = loop.timers[1][2]
libvirt.virEventRemoveTimeout(1)
for _ in range(3):
    show(libvirt.virEventInvokeFreeCallback(opaque))
show(libvirtmod.virEventInvokeFreeCallback(opaque[2], opaque[1]))
""") == ["freed", "None", "None", "None", "0"]


def test_the_c_function_of_a_free_callback_runs_once(bare: PrintsWithArguments) -> None:
    """A second call would free the data twice."""
    assert bare("""
import ctypes
freed = []
function = ctypes.CFUNCTYPE(None, ctypes.c_void_p)(freed.append)
new = ctypes.pythonapi.PyCapsule_New
new.restype, new.argtypes = ctypes.py_object, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
names = b"virFreeCallback", b"void*"
opaque = (None, new(5, names[1], None), new(ctypes.cast(function, ctypes.c_void_p).value, names[0], None))
for _ in range(3):
    libvirt.virEventInvokeFreeCallback(opaque)
show(freed)
""") == ["[5]"]


def test_a_free_callback_runs_once_for_two_threads(python: PrintsWithArguments) -> None:
    assert python("""
loop.register()
freed = []
class Counting(Thing):
    def __del__(self):
        freed.append(1)
sys.setswitchinterval(1e-6)
for _ in range(50):
    number = libvirt.virEventAddTimeout(-1, Thing(), Counting())
    opaque = loop.timers[number][2]
    libvirt.virEventRemoveTimeout(number)
    loop.freed.clear()
    start = threading.Barrier(3)
    def free():
        start.wait()
        libvirt.virEventInvokeFreeCallback(opaque)
    threads = [threading.Thread(target=free) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
show(len(freed))
""") == ["50"]


@pytest.mark.parametrize("opaque", ["(None, None, None)", "[None, None, None]"])
def test_a_free_callback_without_data_does_nothing(bare: PrintsWithArguments, opaque: str) -> None:
    assert bare(f"show(libvirt.virEventInvokeFreeCallback({opaque}))") == ["None"]


@pytest.mark.parametrize("call", [
    "virEventInvokeHandleCallback({}, 2, 3, None, None)", "virEventInvokeHandleCallback(1, {}, 3, None, None)",
    "virEventInvokeHandleCallback(1, 2, {}, None, None)", "virEventInvokeTimeoutCallback({}, None, None)"])
def test_callback_numbers_have_the_range_of_a_c_int(bare: PrintsWithArguments, call: str) -> None:
    calls = [call.format(number) for number in (-2 ** 31 - 1, -2 ** 31, 2 ** 31 - 1, 2 ** 31)]
    assert bare(f"show(*[raised(lambda: eval(call, vars(libvirtmod))) for call in {calls}])") == [
        "OverflowError 0 0 OverflowError"]


@pytest.mark.parametrize("call", [
    "Free(5, timer[1])", "Free(timer[2], 'x')", "Free(timer[2])", "Free(conn._o, timer[1])",
    "Handle(1, 2, 3, conn._o, handle[1])", "Handle(1, 2, 3, handle[0], conn._o)", "Handle(1, 2, 3, handle[0])",
    "Handle('1', 2, 3, *handle[:2])", "Handle(1, None, 3, *handle[:2])", "Handle(1, 2, 3.0, *handle[:2])",
    "Timeout(1, timer[0])", "Timeout(1, *timer)", "Timeout('1', *timer[:2])", "Timeout(1, timer[0], conn._o)",
    "Timeout(1, timer[2], timer[1])"])
def test_other_objects_than_capsules_of_the_loop_are_refused(python: PrintsWithArguments, call: str) -> None:
    """Regression test: the content of the capsule was called as a C function."""
    assert python(f"""
def called(*arguments):
    show("called", arguments)
loop.register()
conn = libvirt.open("test:///default")
libvirt.virEventAddTimeout(-1, called, None)
libvirt.virEventAddHandle(0, 1, called, None)
timer, handle = loop.timers[1][2], loop.handles[2][3]
show(raised(lambda: libvirtmod.virEventInvoke{call.replace("(", "Callback(", 1)}))
reference = weakref.ref(called)
del called
libvirtmod.virEventInvokeFreeCallback(timer[2], timer[1])
libvirtmod.virEventInvokeFreeCallback(handle[2], handle[1])
gc.collect()
show(reference())
""") == ["TypeError", "None"]


@pytest.mark.parametrize("call, name", [
    ("Handle('1', '2', '3', 4, 5)", "watch"), ("Handle(1, '2', '3', 4, 5)", "fd"), ("Handle(1, 2, '3', 4, 5)", "event"),
    ("Handle(1, 2, 3, 4, 5)", "callback"), ("Timeout('1', 2, 3)", "timer"), ("Timeout(1, 2, 3)", "callback"),
    ("Free(1, 2)", "callback")])
def test_the_first_of_several_wrong_arguments_is_named(bare: PrintsWithArguments, call: str, name: str) -> None:
    function, arguments = call.split("(")
    assert bare(f"""
try:
    libvirtmod.virEventInvoke{function}Callback({arguments}
except TypeError as error:
    show(error)
""")[0].startswith(f"virEventInvoke{function}Callback() argument '{name}' must be ")


def test_a_callback_gets_the_numbers_as_the_loop_has_them(python: PrintsWithArguments) -> None:
    assert python("""
loop.register()
libvirt.virEventAddTimeout(-1, show, "timer")
libvirt.virEventAddHandle(0, 1, show, "handle")
libvirtmod.virEventInvokeTimeoutCallback(-2 ** 31, *loop.timers[1][2][:2])
libvirtmod.virEventInvokeHandleCallback(-2 ** 31, 1 - 2 ** 31, 2 - 2 ** 31, *loop.handles[2][3][:2])
""") == ["-2147483648 timer", "-2147483648 -2147483647 -2147483646 handle"]


def test_callbacks_without_a_function_do_nothing(bare: PrintsWithArguments) -> None:
    assert bare("""
show(libvirtmod.virEventInvokeHandleCallback(1, 2, 3, None, None))
show(libvirtmod.virEventInvokeTimeoutCallback(1, None, None))
""") == ["0", "0"]


def test_a_destructor_may_use_the_loop_while_data_are_freed(python: PrintsWithArguments) -> None:
    assert python("""
loop.register()
class Busy(Thing):
    def __del__(self):
        show("freed", libvirt.virEventAddTimeout(-1, Thing(), None), libvirt.virEventRemoveTimeout(2))
libvirt.virEventAddTimeout(-1, Thing(), Busy())
libvirt.virEventRemoveTimeout(1)
loop.turn(), loop.turn()
show(loop.timers, loop.freed)
""") == ["freed 2 0", "{} []"]


def test_other_threads_run_while_a_callback_of_libvirt_does(python: PrintsWithArguments) -> None:
    """The GIL is released while libvirt's callback runs."""
    assert python("""
loop.register()
started, done = threading.Event(), threading.Event()
def work():
    started.wait()
    done.set()
threading.Thread(target=work).start()
def expired(*arguments):
    started.set()
    show(done.wait(60))
libvirt.virEventAddTimeout(0, expired, None)
loop.turn()
""") == ["True"]


def test_no_output_if_a_python_loop_is_registered_at_exit(python: PrintsWithArguments) -> None:
    assert python("""
loop.register()
conn = libvirt.open("test:///default")
conn.domainEventRegisterAny(None, 0, lambda *arguments: show("event"), conn)
conn.lookupByName("test").destroy()
libvirt.virEventAddTimeout(0, Thing(), Thing())
""") == []
