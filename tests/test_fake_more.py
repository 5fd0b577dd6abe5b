# SPDX-License-Identifier: LGPL-2.1-or-later
"""Rules that hold for all functions: ranges of numbers, None for text, number of arguments, released handles.

Run as a program on the fake libvirt, this file calls each function as in the
table, and then with other arguments.
"""

import ctypes
import gc
import inspect
import itertools
import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from types import ModuleType
from typing import Any, Callable, Dict, Iterable, Iterator, List, Optional, Sequence, Tuple, Type

import pytest

import checkers
from api import descriptions
from fake import modules

import libvirt  # keeps libvirt from printing errors
import libvirtmod

# The range of each C type. For flags, an unsigned int may also be given as a negative number.
RANGES = {
    "int": (-2 ** 31, 2 ** 31 - 1), "unsigned int": (0, 2 ** 32 - 1), "long": (-2 ** 63, 2 ** 63 - 1),
    "unsigned long": (0, 2 ** 64 - 1), "long long": (-2 ** 63, 2 ** 63 - 1), "unsigned long long": (0, 2 ** 64 - 1),
    "size_t": (0, 2 ** 63 - 1),
}
if sys.maxsize < 2 ** 32:
    RANGES.update({"long": RANGES["int"], "unsigned long": (0, 2 ** 32 - 1), "size_t": (0, 2 ** 31 - 1)})
# Numbers of bytes to allocate. Values outside the range must be refused; values inside are not tried.
LARGE = {("virDomainBlockPeek", "size"), ("virDomainMemoryPeek", "size")}
# Bit masks and enum values besides "flags"; a negative number stands for its two's complement.
MASKS = {
    ("virConnectGetAllDomainStats", "stats"), ("virDomainListGetStats", "stats"), ("virDomainGetGuestInfo", "types"),
    ("virDomainCoreDumpWithFormat", "dumpformat"), ("virDomainInterfaceAddresses", "source"),
    ("virDomainPMSuspendForDuration", "target"), ("virNodeSuspendForDuration", "target"),
    ("virDomainSendKey", "codeset"), ("virDomainSendProcessSignal", "signum"), ("virDomainSetLifecycleAction", "type"),
    ("virDomainSetLifecycleAction", "action"), ("virNetworkUpdate", "command"), ("virNetworkUpdate", "section"),
    ("virStorageVolWipePattern", "algorithm"), ("virDomainGraphicsReload", "type"),
}
NOT_UTF8 = "caf\udce9" * 10
# Text arguments for which None is refused, because it always was or because libvirt would crash.
NOT_NONE = {
    ("virDomainAuthorizedSSHKeysGet", "user"), ("virDomainAuthorizedSSHKeysSet", "user"),
    ("virDomainGetInterfaceParameters", "device"), ("virDomainSetInterfaceParameters", "device"),
    ("virConnectGetCPUModelNames", "arch"), ("virDomainFDAssociate", "name"),
    ("virDomainQemuMonitorCommandWithFiles", "cmd"), ("virDomainSetThrottleGroup", "group"),
}
# Functions whose value for a failure does not follow from their C types.
OTHER_FAILURES = {
    "virConnResetLastError": None, "virConnectGetLibVersion": -1, "virConnectGetVersion": -1,
    "virConnectUnregisterCloseCallback": -1, "virDomainGetAutostart": -1, "virDomainGetAutostartOnce": -1,
    "virDomainGetMaxMemory": 0, "virNetworkGetAutostart": -1, "virNodeDeviceGetAutostart": -1,
    "virNodeGetFreeMemory": 0, "virStoragePoolGetAutostart": -1, "virAdmClientGetID": 2 ** 64 - 1,
    "virAdmConnectIsAlive": 0, "virAdmConnectUnregisterCloseCallback": -1,
}
# First handles for which None is refused, because libvirt would crash; libvirt checks all others.
NO_NULL = {
    "virConnectSetIdentity": "conn", "virDomainFDAssociate": "domain", "virDomainGetLaunchSecurityInfo": "domain",
    "virDomainManagedSaveDefineXML": "domain", "virDomainSetLaunchSecurityState": "domain",
}


# --- on the fake libvirt -------------------------------------------------------

class _Handle(ctypes.Structure):
    """The beginning of the struct in src/handles.c that describes a handle."""

    _fields_ = [("magic", ctypes.c_uint32), ("process", ctypes.c_int), ("lent", ctypes.c_bool),
                ("users", ctypes.c_size_t), ("object", ctypes.c_void_p), ("type", ctypes.c_void_p)]


def _users(capsule: object) -> Optional[int]:
    """Return how many running calls use a handle; None if the struct has another layout."""
    context = ctypes.pythonapi.PyCapsule_GetContext
    context.restype, context.argtypes = ctypes.c_void_p, [ctypes.py_object]
    handle = _Handle.from_address(context(capsule))
    # The capsule itself counts as one user.
    return handle.users - 1 if handle.magic == 0x76504833 else None


def _watch(modules: Iterable[ModuleType], taken: Dict[str, Tuple[Callable[..., object], Tuple[Any, ...]]],
           used: List[str]) -> None:
    """Replace every function by a wrapper that records valid arguments, and handles still in use after the call."""
    def wrapped(name: str, function: Callable[..., object]) -> Callable[..., object]:
        def call(*args: object) -> object:
            try:
                result = function(*args)
            finally:
                if any(_users(arg) for arg in args if type(arg).__name__ == "PyCapsule"):
                    used.append(name)
            taken.setdefault(name, (function, args))
            return result
        return call

    for module in modules:
        for name, function in list(vars(module).items()):
            if inspect.isbuiltin(function):
                setattr(module, name, wrapped(name, function))


def _outcome(function: Callable[..., object], args: Sequence[object]) -> str:
    """Return the outcome of a call: the class and the start of the text of its exception, or "returns"."""
    try:
        function(*args)
    except Exception as error:
        return f"{type(error).__name__}: {error}"[:200]
    return "returns"


def _leaks(function: Callable[..., object], args: Sequence[object]) -> bool:
    """Return whether each call allocates memory that is not freed."""
    from fake import growth, runner

    def measure(times: int) -> Tuple[int, int]:
        before = growth.memory()
        for _ in range(times):
            runner.set_mode("golden")  # discards the record of calls
            _outcome(function, args)
        return growth.memory() - before, 0

    return growth.lasting(measure) is not None


def _with_handler(fail: Callable[[], object]) -> Tuple[int, int]:
    """Return how many errors a handler receives, and how many references to its context leak."""
    context, seen = object(), []
    before = sys.getrefcount(context)
    libvirt.registerErrorHandler(lambda context, error: seen.append(1), context)
    for _ in range(5):
        fail()
    libvirt.registerErrorHandler(None, None)
    return len(seen), sys.getrefcount(context) - before


def _more(names: Dict[str, Any]) -> List[str]:
    """Return which of some further calls leak."""
    import io

    import libvirt_qemu
    from fake import objects
    calls: Dict[str, Callable[[], object]] = {
        "a number whose type is guessed": lambda: names["dom"].setBlockIoTune("vda", {"x": int("9" * 18)}),
        "a URI": lambda: _outcome(libvirt.openAuth, (NOT_UTF8, [[], None, None])),
        "a domain freed by name": lambda: libvirtmod.virDomainFree(names["conn"].lookupByName("x")._o),
    }
    # New in libvirt 8.2.
    has_command = hasattr(libvirt_qemu, "qemuMonitorCommandWithFiles")
    if has_command:
        calls["a command"] = lambda: objects.files(libvirt_qemu.qemuMonitorCommandWithFiles(names["dom"], NOT_UTF8))
    report = [what for what, call in calls.items() if _leaks(call, ())]
    before = sys.getrefcount(io)
    if has_command:
        for _ in range(5):
            _outcome(libvirt_qemu.qemuMonitorCommandWithFiles, (names["dom"], "{}"))
    return [*report, *(["files"] if sys.getrefcount(io) != before else [])]


def _try(name: str, function: Callable[..., object], args: Sequence[Any]) -> Dict[str, Any]:
    """Return the outcomes with too few or too many arguments, with None, and with numbers at the ends of ranges."""
    report: Dict[str, Any] = {"few": _outcome(function, args[:-1]) if args else "TypeError: ",
                              "many": _outcome(function, (*args, None))}
    for place, parameter in enumerate(inspect.signature(function).parameters):
        if place >= len(args):
            continue

        def replaced(value: object, place: int = place) -> str:
            return _outcome(function, (*args[:place], value, *args[place + 1:]))

        if isinstance(args[place], str):
            report[parameter] = {"None": replaced(None)}
            if _leaks(function, (*args[:place], NOT_UTF8, *args[place + 1:])):
                report[parameter]["leaks"] = True
        elif type(args[place]) is int:
            report[parameter] = {str(number): replaced(number) for number in sorted({
                end + step for ends in RANGES.values() for end in ends for step in (-1, 0, 1)})
                if (name, parameter) not in LARGE or not 0 <= number < 2 ** 63}
    return report


def main() -> None:
    from fake import calls, runner

    ctypes.CDLL(None).mallopt(1, 0)  # M_MXFAST: do not cache small blocks
    taken: Dict[str, Tuple[Callable[..., object], Tuple[Any, ...]]] = {}
    used: List[str] = []
    _watch(modules.EXTENSIONS, taken, used)
    names = runner.Objects()
    for row in calls.ROWS:
        runner.run(row, names)
    runner.set_mode("golden")
    names["conn"].virConnResetLastError()
    for value in list(names.values()):
        if hasattr(value, "c_pointer"):
            value.c_pointer()
    assert _users(names["conn"]._o) == 0
    gc.freeze()
    report = {name: _try(name, *call) for name, call in taken.items()
              if not name.endswith(("Free", "Close", "_pointer"))}

    def fail() -> None:
        runner.set_mode("golden fail:1")
        _outcome(names["dom"].info, ())

    _with_handler(fail)  # the wrapper keeps the first arguments
    libvirt.registerErrorHandler(lambda context, error: None, None)
    handled = _leaks(fail, ())
    libvirt.registerErrorHandler(None, None)
    version = [_leaks(libvirtmod.virGetVersion, (text,)) for text in ("x", NOT_UTF8)]
    print(json.dumps({"functions": report, "in use": sorted(set(used)), "handler": [*_with_handler(fail), handled],
                      "more": _more(names), "version": version}))


# --- the expected outcomes ----------------------------------------------------


@pytest.fixture(scope="session")
def report() -> Dict[str, Any]:
    from fake import running
    done = subprocess.run([*running.ours(), __file__], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          encoding="utf-8", errors="backslashreplace", timeout=running.TIMEOUT,
                          env=running.environment(GLIBC_TUNABLES="glibc.malloc.tcache_count=0",
                                                  **({} if checkers.NO_GIL else {"PYTHONMALLOC": "malloc"})))
    assert done.returncode == 0, done.stderr[-5000:]
    found: Dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


RETURNS: Dict[str, str] = {}


@pytest.fixture(scope="session")
def prototypes() -> Dict[str, Dict[str, str]]:
    """C types of arguments, from libvirt's API descriptions."""
    found: Dict[str, Dict[str, str]] = {}
    for path in descriptions.here().values():
        for function in ElementTree.parse(path).iter("function"):
            found[function.attrib["name"]] = {arg.attrib["name"]: arg.attrib["type"] for arg in function.iter("arg")}
            RETURNS.update({function.attrib["name"]: item.attrib["type"] for item in function.iter("return")})
    if not found:
        pytest.skip("there are no API descriptions")
    return found


def _overflows(function: str, argument: str, ends: Tuple[int, int], outcomes: Dict[str, str]) -> Iterator[str]:
    """Yield the numbers that are accepted although they are out of range, or refused although they are in range."""
    for number, outcome in outcomes.items():
        inside = ends[0] <= int(number) <= ends[1]
        refused = outcome.startswith("OverflowError") or outcome.endswith("must not be negative")
        if refused == inside and not ((function, argument) in LARGE and inside):
            yield f"{function}({argument}={number}): {outcome}"


def test_numbers_are_accepted_in_the_range_of_their_c_type(report: Dict[str, Any],
                                                           prototypes: Dict[str, Dict[str, str]]) -> None:
    wrong: List[str] = []
    tried = 0
    for function, arguments in report["functions"].items():
        for argument, outcomes in arguments.items():
            ctype = prototypes.get(function, {}).get(argument, "")
            ends = RANGES.get(ctype)
            if ctype == "unsigned int" and (argument == "flags" or (function, argument) in MASKS):
                ends = -2 ** 31, 2 ** 32 - 1
            if ends and isinstance(outcomes, dict) and "None" not in outcomes:
                tried += 1
                wrong += _overflows(function, argument, ends, outcomes)
    assert wrong == []
    assert tried > 200


def test_none_is_accepted_for_text_unless_libvirt_would_crash(report: Dict[str, Any]) -> None:
    """For text; libvirt itself refuses None where it needs the text."""
    wrong = [f"{function}({argument}=None): {outcomes['None']}"
             for function, arguments in report["functions"].items() for argument, outcomes in arguments.items()
             if isinstance(outcomes, dict) and "None" in outcomes
             and outcomes["None"].startswith("TypeError") != ((function, argument) in NOT_NONE)]
    assert wrong == []


def test_none_is_accepted_for_a_handle_unless_libvirt_would_crash() -> None:
    """For first arguments. The second argument is always wrong, so that no function is called."""
    wrong = {}
    for module in modules.EXTENSIONS:
        for name, function in vars(module).items():
            if not inspect.isbuiltin(function) or len(inspect.signature(function).parameters) < 2:
                continue
            first, *others = inspect.signature(function).parameters
            outcome = _outcome(function, [None, *(object() for _ in others)])
            if re.match(rf"TypeError: {name}\(\) argument '{first}' must be vir\w+Ptr", outcome):
                wrong[name] = first
    assert wrong == {name: first for name, first in NO_NULL.items() if hasattr(libvirtmod, name)}


def test_none_is_accepted_by_a_function_with_another_name_than_in_c() -> None:
    assert libvirtmod.virConnectListDomainsID(None) is None


def test_a_failure_returns_none_or_a_number(prototypes: Dict[str, Dict[str, str]]) -> None:
    """Functions with one handle as their only argument, which libvirt refuses if it is NULL."""
    wrong, tried = {}, 0
    for name, function in itertools.chain(*(vars(module).items() for module in modules.EXTENSIONS)):
        arguments = prototypes.get(name)
        if (not inspect.isbuiltin(function) or not arguments or len(inspect.signature(function).parameters) != 1
                or not list(arguments.values())[0].endswith("Ptr") or name.endswith(("Free", "Close"))):
            continue
        tried += 1
        written = len(arguments) > 1 or RETURNS[name].endswith(("*", "Ptr"))
        result = function(None)
        if result != (None if written else -1):
            wrong[name] = result
    assert wrong == {name: result for name, result in OTHER_FAILURES.items()
                     if any(hasattr(module, name) for module in modules.EXTENSIONS)}
    assert tried > 80


class Strange(str):
    """Text whose comparison raises."""

    def __eq__(self, other: object) -> bool:
        raise ArithmeticError("neither equal nor not")

    __hash__ = str.__hash__


def test_a_failure_is_found_by_the_characters_of_the_text() -> None:
    assert libvirtmod.virDomainGetInfo(None) is None
    assert libvirtmod._takeFailure(Strange("virDomainGetInfo() faile")) is None
    assert libvirtmod._takeFailure(Strange("virDomainGetInfo() failed")) is not None


@pytest.mark.parametrize("value, error", [
    ("\ud800", UnicodeEncodeError), (memoryview(bytes(32))[::2], BufferError), (bytes(15), libvirt.libvirtError)])
def test_an_invalid_uuid_is_refused(value: object, error: Type[Exception]) -> None:
    with pytest.raises(error):
        libvirtmod.virDomainLookupByUUID(None, value)


def test_a_buffer_must_be_contiguous() -> None:
    with pytest.raises(BufferError):
        libvirtmod.virSecretSetValue(None, memoryview(bytes(32))[::2], 0)


@pytest.mark.parametrize("how", ["few", "many"])
def test_the_number_of_arguments_is_checked(report: Dict[str, Any], how: str) -> None:
    assert [f"{function}: {outcomes[how]}" for function, outcomes in report["functions"].items()
            if not outcomes[how].startswith("TypeError")] == []


def test_text_that_is_encoded_again_is_freed(report: Dict[str, Any]) -> None:
    assert [f"{function}({argument})" for function, arguments in report["functions"].items()
            for argument, outcomes in arguments.items()
            if "leaks" in outcomes] == []


def test_calls_without_a_row_do_not_leak(report: Dict[str, Any]) -> None:
    assert (report["handler"], report["more"], report["version"]) == ([5, 0, False], [], [False, False])


def test_no_handle_stays_in_use(report: Dict[str, Any]) -> None:
    """A handle that stays in use would not be freed when it is closed."""
    assert report["in use"] == []


if __name__ == "__main__":
    main()
