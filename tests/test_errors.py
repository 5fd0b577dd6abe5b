# SPDX-License-Identifier: LGPL-2.1-or-later
"""libvirtError carries the error of the call that failed, and of no other call; and the error handler."""

import concurrent.futures
import copy
import ctypes
import gc
import multiprocessing
import pickle
import sys
import threading
from typing import Callable, Dict, Iterator, Set, Tuple

import pytest

import checkers
import libvirt
import libvirtmod
from fake import running
from fixturetypes import PythonPrints, RunPython

GETTERS = ("get_error_code", "get_error_domain", "get_error_message", "get_error_level", "get_str1", "get_str2",
           "get_str3", "get_int1", "get_int2")
LOOKUP_FAILED = "virNetworkLookupByName() failed"


@pytest.fixture(autouse=True)
def clean() -> Iterator[None]:
    """Keep failures of one test from affecting another."""
    libvirtmod.virResetLastError()
    forget()
    yield
    libvirt.registerErrorHandler(lambda ctx, error: None, None)


def forget() -> None:
    """Discard the error record of this thread."""
    libvirtmod.virNetworkLookupByName(None, None)
    libvirt.libvirtError(LOOKUP_FAILED)
    libvirtmod.virResetLastError()


def fail(conn: libvirt.virConnect, name: str = "missing") -> None:
    """Make a failing call in the C module, which reports the failure only by returning None."""
    assert libvirtmod.virNetworkLookupByName(conn._o, name) is None


# --- contents of the exception ----------------------------------------------

def test_a_failing_method_raises_with_the_error_of_libvirt(conn: libvirt.virConnect) -> None:
    with pytest.raises(libvirt.libvirtError) as caught:
        conn.networkLookupByName("missing")
    error = caught.value
    text = "Network not found: no network with matching name 'missing'"
    # The message format without its arguments. Translators may number the arguments.
    assert error.err[4] in ("Network not found: %s", "Network not found: %1$s")
    assert error.err == (libvirt.VIR_ERR_NO_NETWORK, libvirt.VIR_FROM_TEST, text, libvirt.VIR_ERR_ERROR,
                         error.err[4], "no network with matching name 'missing'", None, -1, -1)
    assert error.args == (text,) and str(error) == text


@pytest.mark.skipif(checkers.NO_GIL, reason="a Python without a GIL does not count such references")
def test_refused_calls_keep_no_reference_to_the_exception(conn: libvirt.virConnect) -> None:
    domain = conn.lookupByName("test")
    before = sys.getrefcount(libvirt.libvirtError)
    for _ in range(100):
        with pytest.raises(libvirt.libvirtError):
            domain.sendKey(0, 0, [1], 2)
    assert sys.getrefcount(libvirt.libvirtError) < before + 50


def test_only_the_message_about_a_connection_is_changed(conn: libvirt.virConnect) -> None:
    """Other errors name a C function, too."""
    with pytest.raises(libvirt.libvirtError, match="^this function is not supported .*: virStreamRecv$") as caught:
        conn.newStream().recv(5)
    assert caught.value.get_str2() == "virStreamRecv"


def test_getters_return_the_nine_values_in_order(conn: libvirt.virConnect) -> None:
    with pytest.raises(libvirt.libvirtError) as caught:
        conn.networkLookupByName("missing")
    assert tuple(getattr(caught.value, name)() for name in GETTERS) == caught.value.err
    assert caught.value.get_error_code() == 43
    assert caught.value.get_error_domain() == 12
    assert caught.value.get_error_level() == 2


def test_getters_return_none_without_an_error() -> None:
    error = libvirt.libvirtError("my own text")
    assert [getattr(error, name)() for name in GETTERS] == [None] * 9


@pytest.mark.parametrize("number, name", [(0, "get_error_code"), (1, "get_error_domain"), (2, "get_error_message"),
                                          (3, "get_error_level"), (4, "get_str1"), (5, "get_str2"), (6, "get_str3"),
                                          (7, "get_int1"), (8, "get_int2")])
def test_each_getter_reads_its_own_item(number: int, name: str) -> None:
    error = libvirt.libvirtError("text")
    error.err = tuple("abcdefghi")
    assert getattr(error, name)() == "abcdefghi"[number]


@pytest.mark.parametrize("number, name", enumerate(("code", "domain", "message", "level")))
def test_attributes_read_the_error_at_each_access(number: int, name: str) -> None:
    error = libvirt.libvirtError("text")
    assert getattr(error, name) is None
    for err in (tuple(range(9)), tuple("abcdefghi"), None):
        error.err = err
        assert getattr(error, name) == (None if err is None else err[number])


@pytest.mark.parametrize("name", ["code", "domain", "message", "level"])
def test_attributes_can_be_assigned(name: str) -> None:
    error = libvirt.libvirtError("text")
    setattr(error, name, 42)
    error.err = tuple(range(9))
    assert getattr(error, name) == getattr(pickle.loads(pickle.dumps(error)), name) == 42
    delattr(error, name)
    assert getattr(error, name) != 42


def test_attributes_of_an_exception_whose_constructor_was_not_called() -> None:
    class Fake(libvirt.libvirtError):
        message = "its own"

        def __init__(self) -> None:
            pass

    assert (Fake().code, Fake().message) == (None, "its own")


def test_the_class_documents_its_attributes() -> None:
    assert "VIR_ERR_" in libvirt.libvirtError.code.__doc__


def fail_elsewhere(name: str) -> None:
    libvirt.open("test:///default").lookupByName(name)


def test_an_error_can_be_raised_across_processes() -> None:
    with concurrent.futures.ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        with pytest.raises(libvirt.libvirtError) as caught:
            pool.submit(fail_elsewhere, "missing").result(60)
    assert type(caught.value) is libvirt.libvirtError.NoDomainError
    assert (caught.value.code, caught.value.domain) == (libvirt.VIR_ERR_NO_DOMAIN, libvirt.VIR_FROM_TEST)
    assert caught.value.err[2] == str(caught.value)


def test_libvirt_error_takes_exactly_one_argument() -> None:
    assert libvirt.libvirtError.__mro__[1] is Exception
    with pytest.raises(TypeError):
        libvirt.libvirtError()
    with pytest.raises(TypeError):
        libvirt.libvirtError("one", "two")


@pytest.mark.parametrize("clone", [copy.copy, copy.deepcopy, lambda error: pickle.loads(pickle.dumps(error))],
                         ids=["copy", "deepcopy", "pickle"])
def test_a_copy_keeps_the_error(conn: libvirt.virConnect, clone: Callable[[Exception], Exception]) -> None:
    with pytest.raises(libvirt.libvirtError) as caught:
        conn.networkLookupByName("missing")
    error = clone(caught.value)
    assert type(error) is libvirt.libvirtError.NoNetworkError
    assert (error.err, error.args) == (caught.value.err, caught.value.args)


def test_a_copy_does_not_take_the_record_of_another_failure(conn: libvirt.virConnect) -> None:
    """Regression test: copying called the constructor, which takes the record that fits its text."""
    error = libvirt.libvirtError(LOOKUP_FAILED)
    assert error.err is None
    fail(conn)
    clone = copy.copy(error)
    assert (clone.err, clone.args) == (None, (LOOKUP_FAILED,))
    assert libvirt.libvirtError(LOOKUP_FAILED).get_error_code() == libvirt.VIR_ERR_NO_NETWORK


def test_a_subclass_can_have_its_own_constructor(conn: libvirt.virConnect) -> None:
    class Mine(libvirt.libvirtError):
        def __init__(self, text: str, more: int) -> None:
            super().__init__(text)
            self.more = more

    fail(conn)
    error = Mine(LOOKUP_FAILED, 5)
    assert (error.get_error_code(), error.more) == (libvirt.VIR_ERR_NO_NETWORK, 5)


# --- which error record an exception takes ----------------------------------

def test_a_caller_of_libvirtmod_can_raise_the_error(conn: libvirt.virConnect) -> None:
    """Programs call libvirtmod functions and raise libvirtError with the same text as the methods."""
    fail(conn)
    error = libvirt.libvirtError(LOOKUP_FAILED)
    assert error.get_error_code() == libvirt.VIR_ERR_NO_NETWORK
    assert str(error) == "Network not found: no network with matching name 'missing'"


@pytest.mark.parametrize("text", ["my own text", "", "virDomainLookupByName() failed", "virNetworkLookupByName failed",
                                  "virNetworkLookupByName() failed ", "virNetworkLookupByName",
                                  "xvirNetworkLookupByName() failed", "virNetworkLookupByUUID() failed"])
def test_another_text_carries_no_error(conn: libvirt.virConnect, text: str) -> None:
    """Regression test: the exception carried the last error of the thread, whatever it was."""
    fail(conn)
    error = libvirt.libvirtError(text)
    assert (error.err, str(error)) == (None, text)


@pytest.mark.parametrize("text", [None, 5, b"virNetworkLookupByName() failed", ("a", "b")])
def test_a_non_string_argument_carries_no_error(conn: libvirt.virConnect, text: object) -> None:
    fail(conn)
    error = libvirt.libvirtError(text)
    assert (error.err, error.args) == (None, (text,))


def test_another_text_does_not_consume_the_record(conn: libvirt.virConnect) -> None:
    fail(conn)
    libvirt.libvirtError("my own text")
    assert libvirt.libvirtError(LOOKUP_FAILED).err is not None


def test_a_record_is_consumed_once(conn: libvirt.virConnect) -> None:
    fail(conn)
    assert libvirt.libvirtError(LOOKUP_FAILED).err is not None
    error = libvirt.libvirtError(LOOKUP_FAILED)
    assert (error.err, str(error)) == (None, LOOKUP_FAILED)


def test_a_second_failure_of_the_same_call_has_its_own_record(conn: libvirt.virConnect) -> None:
    fail(conn, "first")
    fail(conn, "second")
    assert "'second'" in str(libvirt.libvirtError(LOOKUP_FAILED))


def test_the_error_of_another_function_is_not_used(conn: libvirt.virConnect) -> None:
    fail(conn)
    assert libvirtmod.virDomainLookupByName(conn._o, "missing") is None
    assert libvirt.libvirtError("virDomainLookupByName() failed").get_error_code() == libvirt.VIR_ERR_NO_DOMAIN


def test_a_later_success_of_the_same_call_keeps_the_record(conn: libvirt.virConnect) -> None:
    fail(conn)
    assert libvirtmod.virNetworkLookupByName(conn._o, "default") is not None
    assert libvirtmod.virGetLastError() is None
    assert libvirt.libvirtError(LOOKUP_FAILED).get_error_code() == libvirt.VIR_ERR_NO_NETWORK


def test_a_destructor_in_between_keeps_the_record(conn: libvirt.virConnect) -> None:
    """Regression test: a call in the destructor reset the thread's error, and the exception had none."""
    domain = conn.lookupByName("test")
    fail(conn)
    del domain
    gc.collect()
    assert libvirt.libvirtError(LOOKUP_FAILED).get_error_code() == libvirt.VIR_ERR_NO_NETWORK


def test_another_call_in_between_keeps_the_record(conn: libvirt.virConnect) -> None:
    fail(conn)
    conn.getHostname()
    libvirtmod.virResetLastError()
    assert libvirt.libvirtError(LOOKUP_FAILED).get_error_code() == libvirt.VIR_ERR_NO_NETWORK


def test_a_mocked_c_function_raises_an_error_without_record(conn: libvirt.virConnect,
                                                            monkeypatch: "pytest.MonkeyPatch") -> None:
    monkeypatch.setattr(libvirtmod, "virNetworkLookupByName", lambda conn, name: None)
    libvirtmod.virDomainLookupByName(conn._o, "missing")
    with pytest.raises(libvirt.libvirtError) as caught:
        conn.networkLookupByName("x")
    assert (caught.value.err, str(caught.value)) == (None, LOOKUP_FAILED)


def test_a_failure_reported_by_a_number_is_recorded() -> None:
    assert libvirtmod.virDomainCreate(None) == -1
    error = libvirt.libvirtError("virDomainCreate() failed")
    assert error.get_error_code() == libvirt.VIR_ERR_INVALID_DOMAIN


def test_a_failing_close_is_recorded() -> None:
    assert libvirtmod.virConnectClose(None) == -1
    assert libvirt.libvirtError("virConnectClose() failed").get_error_code() == libvirt.VIR_ERR_INVALID_CONN


@pytest.mark.parametrize("family", ["domain", "network", "storagePool", "nodeDevice", "secret"])
@pytest.mark.parametrize("event", [-1, 999])
def test_an_unknown_event_does_not_carry_a_stale_error(conn: libvirt.virConnect, family: str, event: int) -> None:
    """libvirt is not called. Regression test: the exception carried the previous failure; now it names the event."""
    fail(conn)
    with pytest.raises(libvirt.libvirtError) as caught:
        getattr(conn, f"{family}EventRegisterAny")(None, event, lambda *arguments: None, None)
    assert caught.value.err == (8, 0, str(caught.value), 2, None, None, None, 0, 0)
    kind = f"vir{family[0].upper()}{family[1:]}"
    assert str(caught.value).startswith(f"there is no event {event} of a {kind}: eventID must be 0")


def test_a_function_that_sets_no_error_does_not_carry_a_stale_error(python_prints: PythonPrints) -> None:
    """The event loop functions neither clear nor set the thread's error."""
    assert python_prints("""
import libvirt
libvirt.virEventRegisterDefaultImpl()
conn = libvirt.open("test:///default")
try:
    conn.networkLookupByName("missing")
except libvirt.libvirtError:
    pass
try:
    libvirt.virEventRemoveHandle(12345)
except libvirt.libvirtError as error:
    print(error.err)
""") == ["(8, 0, 'there is no watch 12345', 2, None, None, None, 0, 0)"]


def test_each_thread_has_its_own_record(conn: libvirt.virConnect) -> None:
    names = [f"missing-{number}" for number in range(4)]
    step = threading.Barrier(len(names))
    errors: Dict[str, Set[str]] = {}

    def run(name: str) -> None:
        for _ in range(200):
            fail(conn, name)
            step.wait()
            errors.setdefault(name, set()).add(str(libvirt.libvirtError(LOOKUP_FAILED)))

    threads = [threading.Thread(target=run, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == {name: {f"Network not found: no network with matching name '{name}'"} for name in names}


def test_a_thread_does_not_see_the_record_of_another(conn: libvirt.virConnect) -> None:
    fail(conn)
    seen = []
    thread = threading.Thread(target=lambda: seen.append(libvirt.libvirtError(LOOKUP_FAILED).err))
    thread.start()
    thread.join()
    assert seen == [None]
    assert libvirt.libvirtError(LOOKUP_FAILED).err is not None


def test_the_record_keeps_no_objects_alive(conn: libvirt.virConnect) -> None:
    domain = libvirtmod.virDomainLookupByName(conn._o, "test")
    libvirtmod.virDomainCreate(domain)
    del domain
    assert conn.close() == 0


# --- the last error of libvirt ----------------------------------------------

def test_the_last_error_stays_until_the_next_call(conn: libvirt.virConnect) -> None:
    fail(conn)
    error = libvirt.virGetLastError()
    assert error[0] == libvirt.virGetLastErrorCode() == libvirt.VIR_ERR_NO_NETWORK
    assert error[1] == libvirt.virGetLastErrorDomain() == libvirt.VIR_FROM_TEST
    assert error[2] == libvirt.virGetLastErrorMessage()
    libvirt.virResetLastError()
    assert libvirt.virGetLastError() is None
    assert (libvirt.virGetLastErrorCode(), libvirt.virGetLastErrorMessage()) == (0, "no error")


def test_a_connection_has_its_own_last_error(conn: libvirt.virConnect) -> None:
    fail(conn)
    libvirt.virResetLastError()
    assert conn.virConnGetLastError()[0] == libvirt.VIR_ERR_NO_NETWORK
    assert conn.virConnResetLastError() is None
    error = conn.virConnGetLastError()
    assert error is None or error[0] == libvirt.VIR_ERR_OK


def test_methods_that_never_raise_return_the_failure_value(monkeypatch: "pytest.MonkeyPatch",
                                                           domain: libvirt.virDomain) -> None:
    monkeypatch.setattr(libvirtmod, "virDomainGetName", lambda domain: None)
    assert domain.name() is None
    monkeypatch.setattr(libvirtmod, "virDomainGetID", lambda domain: -1)
    assert domain.ID() == -1


def test_the_free_memory_of_a_closed_connection_is_0(conn: libvirt.virConnect) -> None:
    conn.close()
    assert conn.getFreeMemory() == 0


def test_a_maximum_memory_of_0_raises(monkeypatch: "pytest.MonkeyPatch", domain: libvirt.virDomain) -> None:
    monkeypatch.setattr(libvirtmod, "virDomainGetMaxMemory", lambda domain: 0)
    with pytest.raises(libvirt.libvirtError):
        domain.maxMemory()


class _Error(ctypes.Structure):
    """The C structure virError."""

    _fields_ = [("code", ctypes.c_int), ("domain", ctypes.c_int), ("message", ctypes.c_void_p),
                ("level", ctypes.c_int), ("conn", ctypes.c_void_p), ("dom", ctypes.c_void_p),
                ("str1", ctypes.c_void_p), ("str2", ctypes.c_void_p), ("str3", ctypes.c_void_p),
                ("int1", ctypes.c_int), ("int2", ctypes.c_int), ("net", ctypes.c_void_p)]


def test_error_numbers_have_the_range_of_a_c_int(conn: libvirt.virConnect) -> None:
    """libvirt returns a pointer to its own per-thread error, which the test modifies."""
    last = ctypes.PyDLL("libvirt.so.0").virGetLastError
    last.restype = ctypes.POINTER(_Error)
    fail(conn)
    error = last().contents
    numbers = error.code, error.domain, error.level, error.int1, error.int2 = tuple(range(-2 ** 31, -2 ** 31 + 5))
    found = libvirt.virGetLastError()
    assert (found[0], found[1], found[3], found[7], found[8]) == numbers


@pytest.mark.parametrize("thing", [None, "x", ValueError])
def test_report_exception_refuses_other_objects(monkeypatch: "pytest.MonkeyPatch", thing: object) -> None:
    """Regression test: sys.excepthook was called with a SystemError."""
    seen = []
    monkeypatch.setattr(sys, "excepthook", lambda *raised: seen.append(raised))
    with pytest.raises(TypeError, match=r"^_reportException\(\) argument 'exception' must be BaseException, not \w+$"):
        libvirtmod._reportException(thing)
    assert seen == []


# --- the error handler ------------------------------------------------------

def test_without_a_handler_an_error_does_not_wait_for_python(python_prints: PythonPrints) -> None:
    """The thread that fails is unknown to Python, and the one that waits for it keeps the GIL."""
    assert python_prints("""
import ctypes, signal
import libvirt, libvirtmod
signal.alarm(60)
fails = ctypes.cast(ctypes.CDLL(libvirtmod.__file__).virNWFilterBindingGetPortDev, ctypes.c_void_p)
process, thread = ctypes.PyDLL(None), ctypes.c_ulong()
print(process.pthread_create(ctypes.byref(thread), None, fails, None), process.pthread_join(thread, None))
""") == ["0 0"]


FAIL = """
import libvirt, sys
conn = libvirt.open("test:///default")
def fail(name="missing"):
    try:
        conn.networkLookupByName(name)
    except libvirt.libvirtError as error:
        print(error.get_error_code(), flush=True)
"""


def test_an_error_that_becomes_an_exception_is_not_printed(python_prints: PythonPrints) -> None:
    assert python_prints(FAIL + "fail()") == ["43"]


def test_the_handler_is_called_with_its_context_and_the_error(conn: libvirt.virConnect) -> None:
    seen = []
    context = object()
    assert libvirt.registerErrorHandler(lambda *arguments: seen.append(arguments), context) == 1
    with pytest.raises(libvirt.libvirtError) as caught:
        conn.networkLookupByName("missing")
    assert seen == [(context, caught.value.err)]
    assert seen[0][0] is context


def test_the_handler_runs_in_the_thread_that_failed(conn: libvirt.virConnect) -> None:
    seen = []
    libvirt.registerErrorHandler(lambda ctx, error: seen.append(threading.current_thread()), None)
    thread = threading.Thread(target=fail, args=(conn,))
    thread.start()
    thread.join()
    assert seen == [thread]


@pytest.mark.parametrize("call", ["memoryParameters()", "setMemoryParameters({'int': 5})"])
def test_the_first_exception_of_several_calls_in_one_comes_out(python_prints: PythonPrints, call: str) -> None:
    """These call libvirt several times.  In this mode of the fake each call reports an error, but succeeds."""
    assert python_prints(f"""
import gc, weakref
import libvirt
from fake import runner

class Stop(KeyboardInterrupt):
    pass

made = []
def handler(context, error):
    stop = Stop(len(made))
    made.append(weakref.ref(stop))
    raise stop

dom = runner.Objects()["dom"]
runner.set_mode("golden noisy")
libvirt.registerErrorHandler(handler, None)
try:
    dom.{call}
except Stop as stop:
    print(stop.args, len(made) > 1)
gc.collect()
print([reference() for reference in made if reference() is not None])
""", **running.variables()) == ["(0,) True", "[]"]


def test_a_second_handler_replaces_the_first(conn: libvirt.virConnect) -> None:
    first, second = [], []
    libvirt.registerErrorHandler(lambda ctx, error: first.append(error), None)
    libvirt.registerErrorHandler(lambda ctx, error: second.append(error), None)
    fail(conn)
    assert (len(first), len(second)) == (0, 1)


def test_a_handler_that_was_replaced_is_freed(conn: libvirt.virConnect) -> None:
    import weakref

    class Handler:
        def __call__(self, ctx: object, error: Tuple[object, ...]) -> None:
            pass

    handler = Handler()
    reference = weakref.ref(handler)
    libvirt.registerErrorHandler(handler, handler)
    del handler
    assert reference() is not None
    libvirt.registerErrorHandler(lambda ctx, error: None, None)
    gc.collect()
    assert reference() is None


def test_a_handler_that_raises_does_not_affect_the_call(run_python: RunPython) -> None:
    """Regression test: the call ended in SystemError, and the libvirtError was lost."""
    done = run_python(FAIL + """
def handler(ctx, error):
    raise ValueError("from the handler")
libvirt.registerErrorHandler(handler, None)
fail()
fail()
""")
    assert (done.returncode, done.stdout) == (0, "43\n43\n")
    assert done.stderr.count("ValueError: from the handler") == 2
    assert "SystemError" not in done.stderr


def test_an_exception_of_the_handler_goes_to_excepthook(python_prints: PythonPrints) -> None:
    assert python_prints(FAIL + """
sys.excepthook = lambda kind, value, traceback: print(kind.__name__, value, flush=True)
def handler(ctx, error):
    raise ValueError("from the handler")
libvirt.registerErrorHandler(handler, None)
fail()
""") == ["ValueError from the handler", "43"]


def test_a_handler_that_calls_libvirt_does_not_affect_the_error(conn: libvirt.virConnect) -> None:
    """Regression test: a call in the handler reset the thread's error before it was recorded."""
    def handler(ctx: object, error: Tuple[object, ...]) -> None:
        conn.getHostname()
        libvirt.virResetLastError()
        gc.collect()

    libvirt.registerErrorHandler(handler, None)
    with pytest.raises(libvirt.libvirtError) as caught:
        conn.networkLookupByName("missing")
    assert caught.value.get_error_code() == libvirt.VIR_ERR_NO_NETWORK


def test_a_handler_may_register_another(conn: libvirt.virConnect) -> None:
    seen = []

    def first(ctx: object, error: Tuple[object, ...]) -> None:
        libvirt.registerErrorHandler(lambda ctx, error: seen.append(error), None)

    libvirt.registerErrorHandler(first, None)
    fail(conn)
    fail(conn)
    assert len(seen) == 1


@pytest.mark.parametrize("context", ["None", "5"])
def test_without_a_handler_libvirt_prints_again(run_python: RunPython, context: str) -> None:
    done = run_python(FAIL + f"""
libvirt.registerErrorHandler(lambda ctx, error: None, None)
fail("quiet")
print(libvirt.registerErrorHandler(None, {context}), flush=True)
fail("loud")
""")
    assert (done.returncode, done.stdout) == (0, "43\n1\n43\n")
    assert "'loud'" in done.stderr and "'quiet'" not in done.stderr


def test_a_handler_must_be_callable(conn: libvirt.virConnect) -> None:
    """Regression test: the handler was not checked, and the next failure ended in SystemError."""
    with pytest.raises(TypeError, match=r"virRegisterErrorHandler\(\) argument 'func' must be callable or None"):
        libvirt.registerErrorHandler(5, None)


def test_a_handler_that_is_refused_keeps_the_old_one(conn: libvirt.virConnect) -> None:
    seen = []
    libvirt.registerErrorHandler(lambda ctx, error: seen.append(error), None)
    with pytest.raises(TypeError):
        libvirt.registerErrorHandler("x", None)
    fail(conn)
    assert len(seen) == 1


def test_no_output_if_a_handler_runs_at_exit(fresh_python_prints: PythonPrints) -> None:
    assert fresh_python_prints(FAIL + """
class Late:
    def __del__(self):
        try:
            conn.networkLookupByName("late")
        except Exception:
            pass
libvirt.registerErrorHandler(lambda ctx, error: print("handler", flush=True), Late())
keep = Late()
fail()
""")[:2] == ["handler", "43"]


# --- what can be done about an error

@pytest.mark.parametrize("code, domain, lost", [
    (libvirt.VIR_ERR_INVALID_CONN, libvirt.VIR_FROM_DOM, True),
    (libvirt.VIR_ERR_SYSTEM_ERROR, libvirt.VIR_FROM_RPC, True),
    (libvirt.VIR_ERR_INTERNAL_ERROR, libvirt.VIR_FROM_RPC, True),
    (libvirt.VIR_ERR_INTERNAL_ERROR, libvirt.VIR_FROM_REMOTE, True),
    (libvirt.VIR_ERR_NO_CONNECT, libvirt.VIR_FROM_REMOTE, True),
    (libvirt.VIR_ERR_INTERNAL_ERROR, libvirt.VIR_FROM_QEMU, False),
    (libvirt.VIR_ERR_SYSTEM_ERROR, libvirt.VIR_FROM_NONE, False),
    (libvirt.VIR_ERR_NO_DOMAIN, libvirt.VIR_FROM_REMOTE, False),
    (libvirt.VIR_ERR_RPC, libvirt.VIR_FROM_RPC, False)])
def test_connection_lost(code: int, domain: int, lost: bool) -> None:
    error = libvirt.libvirtError("text")
    assert error.connection_lost is False
    error.err = (code, domain, "text", 2, None, None, None, 0, 0)
    assert error.connection_lost is lost


def test_a_call_of_a_closed_connection_says_that_it_is_lost() -> None:
    conn = libvirt.open("test:///default")
    conn.close()
    with pytest.raises(libvirt.libvirtError) as caught:
        conn.getHostname()
    assert caught.value.connection_lost


HINTS = {
    "libvirt.open('test:///default').domainEventRegisterAny(None, 0, print, None)": "EventLoopThread",
    "libvirt.openReadOnly('test:///default').lookupByName('test').destroy()": "libvirt.open() may do that",
    "libvirt.virEventRegisterDefaultImpl(); one, other = [libvirt.open('test:///default') for _ in range(2)]; "
    "one.domainEventRegisterAny(other.lookupByName('test'), 0, print, None)": "found by another connection",
    "libvirt.open('qemu:///system?socket=/no/such/libvirt-sock')": "'systemctl start libvirtd.socket'",
    "libvirt.open('qemu:///system?socket=/no/such/virtqemud-sock')": "'systemctl start virtqemud.socket'",
    "libvirt.open('qemu+tcp://127.0.0.1:1/system')": "On 127.0.0.1, 'systemctl start libvirtd-tls.socket'",
    "libvirt.open('test:///default').lookupByName('missing')": None,
    "raise libvirt.libvirtError('text')": None,
}


@pytest.mark.parametrize("call", HINTS)
def test_hints(run_fresh_python: RunPython, call: str) -> None:
    """Python shows notes below the text of an exception, which does not change."""
    done = run_fresh_python(f"import libvirt\n{call}")
    hint = HINTS[call]
    shown = [line for line in done.stderr.splitlines() if line.startswith("Hint: ")]
    assert done.returncode == 1
    assert "libvirt.libvirtError" in done.stderr
    if hint is None or sys.version_info < (3, 11):
        assert shown == []
    else:
        assert len(shown) == 1 and hint in shown[0]


def made(code: int, message: str) -> libvirt.libvirtError:
    error = libvirt.libvirtError("text")
    error.err = (code, libvirt.VIR_FROM_RPC, message, 2, None, None, None, 0, 0)
    return error


@pytest.mark.parametrize("code, message, hint", [
    ("VIR_ERR_AUTH_UNAVAILABLE", "authentication unavailable: no polkit agent available to authenticate action "
                                 "'org.libvirt.unix.manage'", "polkit does not let this user manage the host"),
    ("VIR_ERR_NO_CONNECT", "no connection driver available for xen:///system", "the driver for it is not installed"),
    ("VIR_ERR_NO_SUPPORT", "this function is not supported by the connection driver: virConnectDomainEventRegisterAny",
     "no such events")])
def test_hints_of_drivers_and_daemons(code: str, message: str, hint: str) -> None:
    assert hint in made(getattr(libvirt, code), message).__notes__[0]


def test_notes_of_a_program_stand_beside_a_hint() -> None:
    error = made(libvirt.VIR_ERR_SYSTEM_ERROR,
                 "Failed to connect socket to '/run/libvirt/libvirt-sock': Permission denied")
    notes = error.__notes__
    assert notes is error.__notes__
    assert len(notes) == 1 and "See who owns /run/libvirt/libvirt-sock;" in notes[0]
    if sys.version_info >= (3, 11):
        error.add_note("mine")
        assert notes[1:] == ["mine"]
    assert copy.copy(error).__notes__ == notes


@pytest.mark.parametrize("err", [None, (), 5, ("x",), (38, 7, None), (38, 7, "another text", 2)])
def test_an_error_without_a_hint_has_no_notes(err: object) -> None:
    error = libvirt.libvirtError("text")
    error.err = err
    assert not hasattr(error, "__notes__")
    assert not hasattr(libvirt.libvirtError, "__notes__")


def test_a_connection_that_was_closed_in_its_block() -> None:
    with libvirt.open("test:///default") as conn:
        conn.close()
    with pytest.raises(libvirt.libvirtError):
        conn.close()
