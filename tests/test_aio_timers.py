# SPDX-License-Identifier: LGPL-2.1-or-later
"""libvirtaio: timers."""

import pytest

import aioprograms
from checkers import PATIENCE
from fixturetypes import Prints

prints = aioprograms.prints


def test_a_timer_fires_repeatedly(prints: Prints) -> None:
    assert prints("""
async def main(impl):
    for period in (0, 1):
        calls = Calls()
        timer = libvirt.virEventAddTimeout(period, calls, "mine")
        await calls.got(3)
        show(set(calls) == {(timer, "mine")}, libvirt.virEventRemoveTimeout(timer))
        await impl.drain()
run(main)
""") == ["True 0"] * 2


def test_a_timer_can_be_enabled_and_disabled(prints: Prints) -> None:
    assert prints("""
async def main(impl):
    calls = Calls()
    timer = libvirt.virEventAddTimeout(-1, calls, None)
    await turns()
    show(len(calls))
    for period in (0, 1):
        calls.clear()
        libvirt.virEventUpdateTimeout(timer, period)
        await calls.got(2)
        libvirt.virEventUpdateTimeout(timer, -1)
        calls.clear()
        await asyncio.sleep(0.02)
        show(len(calls))
    libvirt.virEventRemoveTimeout(timer)
    await impl.drain()
run(main)
""") == ["0"] * 3


def test_a_sleeping_timer_can_be_shortened(prints: Prints) -> None:
    """Regression test: the timer used to sleep to the end of the old period, an hour in this test."""
    assert prints("""
async def main(impl):
    calls = Calls()
    timer = libvirt.virEventAddTimeout(3600 * 1000, calls, None)
    await turns()
    libvirt.virEventUpdateTimeout(timer, 1)
    await calls.got(2)
    show("fired")
    libvirt.virEventRemoveTimeout(timer)
    await impl.drain()
run(main)
""") == ["fired"]


def test_a_sleeping_timer_can_be_lengthened(prints: Prints) -> None:
    """The old period is long enough for the update to come in time on a busy machine."""
    assert prints(f"""
async def main(impl):
    calls = Calls()
    timer = libvirt.virEventAddTimeout(300 * {PATIENCE}, calls, None)
    await turns()
    libvirt.virEventUpdateTimeout(timer, 3600 * 1000)
    await asyncio.sleep(0.4 * {PATIENCE})
    show(len(calls))
    libvirt.virEventRemoveTimeout(timer)
    await impl.drain()
run(main)
""") == ["0"]


@pytest.mark.parametrize("action, count", [
    ("libvirt.virEventRemoveTimeout(timer)", 1), ("libvirt.virEventUpdateTimeout(timer, -1)", 1),
    ("libvirt.virEventUpdateTimeout(timer, 3600 * 1000)", 1), ("libvirt.virEventUpdateTimeout(timer, 1)", 3)])
def test_a_timer_changes_itself(prints: Prints, action: str, count: int) -> None:
    assert prints(f"""
async def main(impl):
    calls = Calls()
    def expired(timer, opaque):
        calls(timer)
        {action}
    timer = libvirt.virEventAddTimeout(0, expired, None)
    await calls.got({count})
    await asyncio.sleep(0.02)
    show(len(calls) == {count} or {count} == 3)
    if timer in impl.callbacks:
        libvirt.virEventRemoveTimeout(timer)
    await impl.drain()
    show(impl.is_idle())
run(main)
""") == ["True", "True"]


def test_an_exception_goes_to_excepthook_and_the_timer_stays_active(prints: Prints) -> None:
    """Regression test: the timer did not fire again until it was disabled and enabled."""
    assert prints("""
sys.excepthook = lambda kind, value, traceback: show(kind.__name__)
async def main(impl):
    calls = Calls()
    def expired(*arguments):
        calls()
        raise KeyError
    timer = libvirt.virEventAddTimeout(0, expired, None)
    await calls.got(2)
    libvirt.virEventRemoveTimeout(timer)
    await impl.drain()
run(main)
""") == ["KeyError"] * 2
