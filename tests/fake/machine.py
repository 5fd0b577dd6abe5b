# SPDX-License-Identifier: LGPL-2.1-or-later
"""Random programs, made by hypothesis, on the fake libvirt for events.

The model is a list of registrations. After each step, the model is compared
with what libvirt has registered, what it delivered and which objects are alive.
"""

import asyncio
import collections
import gc
import os
import sys
import weakref
from typing import Any, Callable, Dict, List, Set, Tuple

import libvirt
import libvirt_qemu
import libvirtaio
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test,
)

from . import eventcontrol as control

EVENTS = {**control.KINDS, "qemuMonitor": control.QEMU, "old": control.LEGACY, "close": control.CLOSE}
KINDS = [*EVENTS, "stream"]
ACTIONS = ["nothing", "raise", "leave", "deregister", "close", "register"]


class Leave(BaseException):
    """An exception that is not an Exception."""


class Opaque:
    """An object that supports weak references."""


class Registration:
    """A registration in the model, with the objects that the program has for it."""

    def __init__(self, machine: "Machine", conn: "Connection", kind: str, action: str):
        self.machine, self.conn, self.kind, self.action = machine, conn, kind, action
        self.number: Any = None
        self.stream: Any = None
        callback = self.callback = Callback(self)
        opaque = Opaque()
        self.references: Tuple[Any, ...] = weakref.ref(callback), weakref.ref(opaque)
        real: Any = conn.real
        if kind in control.KINDS:
            self.number = getattr(real, kind + "EventRegisterAny")(None, 0, callback, opaque)
        elif kind == "qemuMonitor":
            self.number = libvirt_qemu.qemuMonitorEventRegister(real, None, None, callback, opaque)
        elif kind == "old":
            real.domainEventRegister(callback, opaque)
        elif kind == "close":
            real.registerCloseCallback(callback, opaque)
        else:
            self.stream = real.newStream(1)
            self.stream.eventAddCallback(1, callback, opaque)

    def deregister(self) -> None:
        real: Any = self.conn.real
        if self.kind in control.KINDS:
            getattr(real, self.kind + "EventDeregisterAny")(self.number)
        elif self.kind == "qemuMonitor":
            libvirt_qemu.qemuMonitorEventDeregister(real, self.number)
        elif self.kind == "old":
            real.domainEventDeregister(self.callback)
        elif self.kind == "close":
            real.unregisterCloseCallback()
        else:
            self.stream.eventRemoveCallback()


class Callback:
    """A callback that records each call and then performs its action."""

    def __init__(self, registration: Registration):
        self.registration: Any = registration

    def __call__(self, *arguments: object) -> None:
        registration = self.registration
        machine, action = registration.machine, registration.action
        machine.delivered.append(registration)
        if action == "raise":
            raise ValueError
        if action == "leave":
            raise Leave
        if action == "deregister":
            registration.deregister()
            machine.end(registration)
        elif action == "close":
            machine.close_now(registration.conn)
        elif action == "register" and registration.kind not in ("close", "stream"):
            machine.add(registration.conn, registration.kind, "nothing")


class Connection:
    def __init__(self) -> None:
        self.real: Any = libvirt.open("test:///default")
        self.reference = weakref.ref(self.real)
        self.closed = False


class Loop:
    """An event loop, which is libvirt's own, a Python one, or asyncio's, with timers."""

    def __init__(self, kind: str):
        self.kind = kind
        self.timers: Dict[int, Tuple[Callable[..., object], Any]] = {}
        self.next = 0
        if kind == "default":
            libvirt.virEventRegisterDefaultImpl()
        elif kind == "own":
            libvirt.virEventRegisterImpl(lambda *_: 1, print, lambda *_: 0, self.add, lambda *_: None, self.remove)

    def add(self, timeout: int, callback: Callable[..., object], opaque: Any) -> int:
        self.next += 1
        self.timers[self.next] = callback, opaque
        return self.next

    def remove(self, timer: int) -> int:
        libvirt.virEventInvokeFreeCallback(self.timers.pop(timer)[1])
        return 0

    def turn(self, done: Callable[[], bool]) -> None:
        """Run the loop until done() is true, at least once; asyncio gets a new loop each time."""
        async def main() -> None:
            libvirtaio.virEventRegisterAsyncIOImpl()
            await asyncio.sleep(0)
            while not done():
                await asyncio.sleep(0)
        if self.kind == "asyncio":
            asyncio.run(main())
            return
        while not done():
            if self.kind == "default":
                libvirt.virEventRunDefaultImpl()
            for timer, (callback, opaque) in list(self.timers.items()):
                if timer in self.timers:
                    callback(timer, opaque)


class Machine(RuleBasedStateMachine):
    loop: Loop

    def __init__(self) -> None:
        super().__init__()
        self.connections: List[Connection] = []
        self.registrations: List[Registration] = []
        self.gone: List[Any] = []  # weak references to objects that the next collection must free
        self.delivered: List[Registration] = []
        self.hooked: List[type] = []
        self.timers: Dict[int, Any] = {}
        self.ticks: Set[int] = set()
        sys.excepthook = lambda kind, value, traceback: self.hooked.append(kind)

    # --- the model

    def add(self, conn: Connection, kind: str, action: str) -> None:
        of_kind = [each for each in self.registrations if each.kind == kind and (each.conn is conn or kind == "stream")]
        refused = conn.closed or (kind in ("close", "stream") and bool(of_kind))
        try:
            made = Registration(self, conn, kind, action)
        except libvirt.libvirtError:
            assert refused, (kind, action)
        else:
            assert not refused, (kind, action)
            self.registrations.append(made)

    def end(self, registration: Registration) -> None:
        self.registrations.remove(registration)
        self.gone += registration.references
        registration.callback.registration = None
        registration.callback = registration.stream = None  # type: ignore[assignment]

    def close_now(self, conn: Connection) -> None:
        """Close a connection. The result of close() is not checked, because callbacks may hold references."""
        if not conn.closed:
            conn.real.close()
            conn.closed = True
            for registration in [each for each in self.registrations if each.conn is conn]:
                self.end(registration)

    def expected(self) -> int:
        """Return how many registrations libvirt should have; callbacks for one event share a registration."""
        shared = {(each.conn, each.kind) for each in self.registrations if each.kind in control.KINDS or
                  each.kind == "old"}
        return len(shared) + sum(each.kind in ("qemuMonitor", "close") for each in self.registrations)

    # --- the steps

    @initialize()
    def begin(self) -> None:
        self.connections.append(Connection())

    @rule()
    def open(self) -> None:
        if len(self.connections) < 4:
            self.connections.append(Connection())

    @rule(data=st.data(), kind=st.sampled_from(KINDS), action=st.sampled_from(ACTIONS), times=st.integers(1, 3))
    def register(self, data: st.DataObject, kind: str, action: str, times: int) -> None:
        conn = data.draw(st.sampled_from(range(len(self.connections))))
        for _ in range(times):
            self.add(self.connections[conn], kind, action)

    @precondition(lambda self: bool(self.registrations))
    @rule(data=st.data())
    def deregister(self, data: st.DataObject) -> None:
        registration = self.registrations[data.draw(st.sampled_from(range(len(self.registrations))))]
        registration.deregister()
        self.end(registration)

    @rule(kind=st.sampled_from(KINDS), outside=st.booleans())
    def event(self, kind: str, outside: bool) -> None:
        """Each callback is called once, unless an earlier callback of the same event closed its connection."""
        due = [each for each in self.registrations if each.kind == kind]
        self.delivered, self.hooked, left = [], [], False
        try:
            if kind == "stream":
                control.fire_stream(1)
            else:
                (control.fire_outside if outside else control.fire)(EVENTS[kind])
        except Leave:
            left = True
        delivered, self.delivered = self.delivered, []
        counts = collections.Counter(map(id, delivered))
        assert set(counts) <= set(map(id, due)) and set(counts.values()) <= {1}
        for each in due:
            assert counts[id(each)] or any(other.conn is each.conn and other.action == "close" for other in delivered)
        leaving = [each for each in delivered if each.action == "leave"]
        raising = [each for each in delivered if each.action == "raise"]
        if outside and kind != "stream":
            # If several callbacks share a registration, only the first such exception is reported.
            assert not left and (Leave in self.hooked) == bool(leaving)
        else:
            assert left == bool(leaving) and Leave not in self.hooked
        assert self.hooked.count(ValueError) == len(raising)
        if kind == "close":  # libvirt drops close callbacks after calling them
            for each in [each for each in due if each in self.registrations]:
                self.end(each)

    @rule(data=st.data())
    def close(self, data: st.DataObject) -> None:
        self.close_now(self.connections[data.draw(st.sampled_from(range(len(self.connections))))])

    @precondition(lambda self: len(self.connections) > 1)
    @rule(data=st.data())
    def drop(self, data: st.DataObject) -> None:
        """Dropping a connection closes it; a connection with registrations is not dropped."""
        conn = self.connections[data.draw(st.sampled_from(range(len(self.connections))))]
        if not any(each.conn is conn for each in self.registrations):
            self.connections.remove(conn)
            self.gone.append(conn.reference)
            conn.real = None

    @precondition(lambda self: len(self.timers) < 3)
    @rule()
    def add_timer(self) -> None:
        opaque = Opaque()
        timer = libvirt.virEventAddTimeout(0, lambda timer, opaque: self.ticks.add(timer), opaque)
        self.timers[timer] = weakref.ref(opaque)

    @precondition(lambda self: bool(self.timers))
    @rule()
    def remove_timer(self) -> None:
        timer, reference = self.timers.popitem()
        libvirt.virEventRemoveTimeout(timer)
        self.gone.append(reference)

    @precondition(lambda self: bool(self.timers))
    @rule()
    def turn(self) -> None:
        self.ticks.clear()
        self.loop.turn(lambda: set(self.timers) <= self.ticks)
        assert self.ticks == set(self.timers)

    def free_timers(self) -> None:
        """Make libvirt free what was removed, which the default loop does only when no timer is ready."""
        if self.loop.kind == "own":
            return
        for timer in self.timers:
            libvirt.virEventUpdateTimeout(timer, -1)
        ticks: List[int] = []
        later = libvirt.virEventAddTimeout(2, lambda timer, opaque: ticks.append(timer), None)
        self.loop.turn(lambda: len(ticks) > 1)
        libvirt.virEventRemoveTimeout(later)
        for timer in self.timers:
            libvirt.virEventUpdateTimeout(timer, 0)

    @rule()
    def collect(self) -> None:
        self.free_timers()
        gc.collect()
        assert [reference() for reference in self.gone if reference() is not None] == []
        assert all(reference() is not None for each in self.registrations for reference in each.references)
        self.gone.clear()

    @rule()
    def fork(self) -> None:
        """The child closes the connections it inherited, and exits."""
        child = os.fork()
        if child == 0:
            status = 1
            try:
                status = sum(each.real.close() for each in self.connections if not each.closed)
            finally:
                os._exit(status)
        assert os.waitpid(child, 0)[1] == 0

    @invariant()
    def libvirt_has_what_the_model_has(self) -> None:
        assert control.alive() == self.expected()
        assert control.stream_watchers() == any(each.kind == "stream" for each in self.registrations)
        for conn in self.connections:
            for family in (*control.KINDS, "qemuMonitor"):
                numbers = getattr(conn.real, family + "EventCallbackID", {})
                assert set(numbers) == {each.number for each in self.registrations
                                        if each.conn is conn and each.kind == family}

    def teardown(self) -> None:
        """All connections can be closed, and nothing is left."""
        for conn in self.connections:
            self.close_now(conn)
            self.gone.append(conn.reference)
            conn.real = None
        while self.timers:
            self.remove_timer()
        self.collect()


def run(loop: str, examples: int, steps: int) -> None:
    """Run the same sequences each time for a given number of examples and steps."""
    Machine.loop = Loop(loop)
    if loop == "asyncio":
        async def register() -> None:
            libvirtaio.virEventRegisterAsyncIOImpl()
        asyncio.run(register())
    run_all: Any = run_state_machine_as_test
    try:
        run_all(Machine, settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, database=None, derandomize=True,
            suppress_health_check=list(HealthCheck), print_blob=False))
    finally:
        sys.excepthook = sys.__excepthook__
    print("done", flush=True)
