# SPDX-License-Identifier: LGPL-2.1-or-later
"""Events while memory allocations fail: every failure is reported, and no event is lost silently."""

import ast
import os
from pathlib import Path
from typing import Any, Callable, List, Tuple

import pytest

from fake import firing, running
from fixturetypes import PythonPrints

# The fake libvirt's events with callbacks of every family; each test defines register().
PROGRAM = firing.START + """
import ctypes
library = ctypes.PyDLL(None)
library.nomemory_call.restype = ctypes.py_object
library.nomemory_call.argtypes = [ctypes.py_object, ctypes.py_object, ctypes.c_long]
library.nomemory_seen.restype = ctypes.c_long
log = []
sys.excepthook = lambda kind, value, traceback: log.append(kind.__name__)

# Call the function repeatedly and let each allocation fail in turn; yield the name of the exception, or None.
def attempts(function, *arguments):
    number = 0
    while library.nomemory_seen() >= number:
        number += 1
        gc.collect()
        if not alive():
            register()
        try:
            library.nomemory_call(function, arguments, number)
            yield None
        except Exception as error:
            yield type(error).__name__

# Show the set of different outcomes, and how many allocations there were.
def outcomes(function, *arguments):
    found, count = set(), 0
    for raised in attempts(function, *arguments):
        found.add(tuple(log) + ((raised,) if raised else ()))
        log.clear()
        count += 1
    show([sorted(found), count])

def callback(*arguments):
    log.append("called")
"""
ONCE = [["MemoryError"], ["called"]]
EVENTS = [name[len("VIR_"):] for name in (
    "VIR_DOMAIN_EVENT_ID_LIFECYCLE", "VIR_DOMAIN_EVENT_ID_REBOOT", "VIR_DOMAIN_EVENT_ID_RTC_CHANGE",
    "VIR_DOMAIN_EVENT_ID_WATCHDOG", "VIR_DOMAIN_EVENT_ID_IO_ERROR", "VIR_DOMAIN_EVENT_ID_GRAPHICS",
    "VIR_DOMAIN_EVENT_ID_TUNABLE", "VIR_DOMAIN_EVENT_ID_BLOCK_THRESHOLD", "VIR_NETWORK_EVENT_ID_LIFECYCLE",
    "VIR_STORAGE_POOL_EVENT_ID_LIFECYCLE", "VIR_NODE_DEVICE_EVENT_ID_LIFECYCLE", "VIR_SECRET_EVENT_ID_LIFECYCLE")]
FAMILIES = {"DOMAIN": ("domain", "DOMAIN"), "NETWORK": ("network", "NETWORK"), "STORAGE_POOL": ("storagePool", "POOL"),
            "NODE_DEVICE": ("nodeDevice", "DEVICE"), "SECRET": ("secret", "SECRET")}
RunFailing = Callable[..., Tuple[List[List[Any]], int]]


@pytest.fixture
def run_failing(python_prints: PythonPrints) -> RunFailing:
    """Run a program whose allocations can fail; return the different outcomes and the number of allocations."""
    running.need_failing_allocations()
    environment = firing.environment()
    libraries = environment["LD_PRELOAD"].split(":")
    libraries.append(str(Path(libraries[-1]).with_name("libnomemory.so")))
    if "san" in os.environ.get("LD_PRELOAD", ""):
        pytest.skip("a sanitizer's malloc cannot fail on demand")

    def run(code: str, *arguments: str) -> Tuple[List[List[Any]], int]:
        lines = python_prints(PROGRAM + code, *arguments, **{
            **environment, "LD_PRELOAD": ":".join(libraries), "PYTHONMALLOC": "malloc"})
        found, count = ast.literal_eval(lines[-1])
        return [list(outcome) for outcome in found], count
    return run


@pytest.mark.parametrize("event", EVENTS)
def test_an_event_is_delivered_or_an_error_is_reported(run_failing: RunFailing, event: str) -> None:
    family, kind = FAMILIES[event.partition("_EVENT_ID_")[0]]
    found, count = run_failing(f"""
def register():
    conn.{family}EventRegisterAny(None, libvirt.VIR_{event}, callback, None)
outcomes(fire, {kind})
""")
    assert found == ONCE
    assert count > 5


@pytest.mark.parametrize("register, kind", [
    ("conn.domainEventRegister(callback, None)", "LEGACY"), ("conn.registerCloseCallback(callback, None)", "CLOSE"),
    ("libvirt_qemu.qemuMonitorEventRegister(conn, None, None, callback, None)", "QEMU")])
def test_other_callbacks_are_called_or_an_error_is_reported(run_failing: RunFailing, register: str, kind: str) -> None:
    """libvirt drops a close callback after calling it."""
    found, count = run_failing(f"""
def register():
    {register}
outcomes(fire, {kind})
""")
    # The cleanup after a close callback may fail, too.
    assert found == (ONCE + [["called", "MemoryError"]] if kind == "CLOSE" else ONCE)
    assert count > 5


def test_callbacks_that_share_a_registration_are_called_or_reported(run_failing: RunFailing) -> None:
    """A failure in the code that both share may prevent both calls."""
    found, count = run_failing("""
def register():
    for _ in range(2):
        conn.domainEventRegisterAny(None, 0, callback, None)
outcomes(fire, DOMAIN)
""")
    assert found == [["MemoryError"], ["MemoryError", "called"], ["called", "MemoryError"], ["called", "called"]]
    assert count > 10
