# SPDX-License-Identifier: LGPL-2.1-or-later
"""libvirt's events without callbacks: in a for loop, or one that is waited for.

    from libvirt_types import DomainLifecycleEvent

    with libvirtevents.EventLoopThread(), libvirt.open() as conn:
        with libvirtevents.events(conn, DomainLifecycleEvent) as events:
            for event in events:
                print(event.domain.name(), event.event.name)

An event is a record of libvirt_types. Its numbers are members of enums; a
number that libvirt_enums does not know yet has its digits as a name. The module
libvirtaio has the same for asyncio.
"""

import collections
import itertools
import os
import threading
import time
import types

import libvirt

__all__ = [
    "ConnectionLost",
    "EventLoopThread",
    "Events",
    "EventsDropped",
    "QemuMonitorEvent",
    "events",
    "wait_for_event",
]

_POLICIES = ("raise", "drop_oldest", "drop_newest")


class ConnectionLost(libvirt.libvirtError):
    """The connection was lost while events were waited for.

    The attribute reason is one of libvirt_enums.ConnectCloseReason.
    """

    connection_lost = True

    def __init__(self, reason):
        super().__init__("the connection was lost")
        self.reason = reason

    def __reduce__(self):
        return type(self), (self.reason,), self.__dict__


class EventsDropped(Exception):
    """More events came than the queue holds, and were not taken in time.

    The attribute count is how many were dropped. The iteration can go on.
    """

    def __init__(self, count):
        super().__init__(f"{count} events were dropped, because the queue was full")
        self.count = count

    def __reduce__(self):
        return type(self), (self.count,)


class _Closed(Exception):
    """The connection was closed, and there are no more events."""


class QemuMonitorEvent(collections.namedtuple("QemuMonitorEvent", "domain event seconds micros details")):
    """An event of QEMU's monitor.

    The items are the virDomain, the name of the event, its time as seconds
    since the epoch and microseconds, and details as JSON text or None.
    """

    __slots__ = ()


# --- what an event is, and how it is registered


def _member(enum, number):
    """Return the member of an enum for a number."""
    try:
        return enum(number)
    except ValueError:
        # Newer than libvirt_enums.
        made = int.__new__(enum, number)
        made._name_ = str(number)
        made._value_ = number
        return made


def _event_class(kind):
    """Return the family, the id and the enums of an event by its record."""
    if kind is QemuMonitorEvent:
        return "qemuMonitor", None, (None,) * len(kind._fields)
    import libvirt_enums
    import libvirt_types

    try:
        family, number, enums = libvirt_types.EVENTS[kind]
    except (KeyError, TypeError):
        raise TypeError("argument 'kind' must be a class of events, such as libvirt_types.DomainLifecycleEvent, "
                        f"not {kind!r}") from None
    return family, number, [getattr(libvirt_enums, name, name) if name else None for name in enums]


def _registration(conn, family, subject, number):
    """Return functions that register a callback, and remove it by number."""
    if family == "qemuMonitor":
        import libvirt_qemu

        return (lambda cb: libvirt_qemu.qemuMonitorEventRegister(conn, subject, None, cb, None),
                lambda found: libvirt_qemu.qemuMonitorEventDeregister(conn, found))
    register = getattr(conn, family + "EventRegisterAny")
    return lambda cb: register(subject, number, cb, None), getattr(conn, family + "EventDeregisterAny")


class _Listener:
    """A registration of a callback that puts events into a queue."""

    def __init__(self, conn, kind, subject, queue):
        if not isinstance(conn, libvirt.virConnect):
            raise TypeError(f"argument 'conn' must be virConnect, not {type(conn).__name__}")
        family, number, self.enums = _event_class(kind)
        self.conn = conn
        self.kind = kind
        self.queue = queue
        self.register, self.deregister = _registration(conn, family, subject, number)
        self.registered = None
        self.abandoned = False

    def start(self):
        """Register the callback, and note when the connection ends."""
        conn = self.conn
        conn._watchClose(self.queue.end)
        try:
            number = self.register(self._receive)
        except BaseException:
            conn._unwatchClose(self.queue.end)
            raise
        with self.queue.lock:
            self.registered = number
            abandoned = self.abandoned
        if abandoned:
            self.stop()

    def abandon(self):
        """Have start(), which may run in another thread, end what it begins.

        Return whether it has ended already, so that somebody has to stop.
        """
        with self.queue.lock:
            self.abandoned = True
            return self.registered is not None

    def stop(self):
        """Remove the callback."""
        conn, number, self.registered = self.conn, self.registered, None
        if number is None or conn._o is None:
            return
        try:
            self.deregister(number)
        except libvirt.libvirtError:
            # It may be gone together with the connection.
            if conn._o is not None and not self.queue.ended:
                raise
        finally:
            conn._unwatchClose(self.queue.end)

    def _receive(self, conn, *values):
        self.queue.put(values[:-1])

    def record(self, values):
        """Make the record of what the callback was called with."""
        made: list = []
        for value, enum in zip(values, self.enums):
            if enum == "details":
                enum = getattr(made[-1], "details", None)
            made.append(value if enum is None else _member(enum, value))
        return self.kind(*made)


class _Queue:
    """Events that were not taken yet, and how the events end.

    After each change wake() is called, in any thread.
    """

    def __init__(self, maxsize, overflow, wake):
        if overflow not in _POLICIES:
            raise ValueError(f"argument 'overflow' must be one of {', '.join(_POLICIES)}, not {overflow!r}")
        if maxsize < 1:
            raise ValueError(f"argument 'maxsize' must be positive, not {maxsize!r}")
        self.maxsize = maxsize
        self.overflow = overflow
        self.wake = wake
        self.lock = threading.RLock()
        self.waiting: collections.deque = collections.deque()
        self.dropped = 0
        self.untold = 0  # dropped events that no EventsDropped has told yet
        self.ended = False
        self.reason = None

    def put(self, values):
        gone = None
        with self.lock:
            if len(self.waiting) >= self.maxsize:
                self.dropped += 1
                self.untold += self.overflow == "raise"
                if self.overflow != "drop_oldest":
                    return
                gone = self.waiting.popleft()
            self.waiting.append(values)
        del gone  # may run a destructor, so not under the lock
        self.wake()

    def end(self, reason):
        """Note that the connection was lost, or closed if reason is None."""
        with self.lock:
            self.ended = True
            self.reason = reason
        self.wake()

    def has_news(self):
        """Return whether get() has something else to say than None."""
        with self.lock:
            return bool(self.waiting or self.untold or self.ended)

    def get(self):
        """Return the values of the next event, or None if there is none yet.

        Raises EventsDropped behind the last event before those dropped;
        ConnectionLost, or _Closed, when all have been taken.
        """
        with self.lock:
            if self.waiting:
                return self.waiting.popleft()
            if self.untold:
                count, self.untold = self.untold, 0
                raise EventsDropped(count)
            if not self.ended:
                return None
        if self.reason is None:
            raise _Closed
        from libvirt_enums import ConnectCloseReason

        raise ConnectionLost(_member(ConnectCloseReason, self.reason))


# --- the thread of the event loop


class EventLoopThread:
    """A thread that runs libvirt's own event loop while a block is run.

    All such blocks of a process share one thread: the first one starts it, and
    the last one stops it. Enter the block before you open a connection, and
    leave it after you have closed the connection.

    Raises RuntimeError if libvirt was given another event loop.
    """

    _lock = threading.Lock()
    _users = 0
    _thread: "_LoopThread | None" = None
    _last: "_LoopThread | None" = None
    _registered = False

    def start(self):
        """Do what the beginning of a block does, and return the object."""
        kind = EventLoopThread
        with self._lock:
            if not kind._registered:
                _register_default()
                kind._registered = True
            kind._users += 1
            if kind._thread is None:
                kind._thread = kind._last = _LoopThread(kind._last)
                kind._thread.start()
        return self

    def stop(self):
        """Do what the end of a block does.

        Raises RuntimeError if start() was called less often than stop().
        """
        kind = EventLoopThread
        with self._lock:
            if kind._users == 0:
                raise RuntimeError("the event loop was stopped more often than it was started")
            kind._users -= 1
            thread = kind._thread
            if kind._users or thread is None:
                return
            kind._thread = None
        thread.stop()

    __enter__ = start

    def __exit__(self, exc_type, exc_value, traceback):
        self.stop()

    @classmethod
    def _after_fork(cls):
        cls._lock = threading.Lock()
        cls._users = 0
        cls._thread = cls._last = None


# The thread is not there in a child.
os.register_at_fork(after_in_child=EventLoopThread._after_fork)


def _register_default():
    if libvirt._brought:
        raise RuntimeError("libvirt was given another event loop, and does not use its own")
    libvirt.virEventRegisterDefaultImpl()


class _LoopThread(threading.Thread):
    def __init__(self, before):
        super().__init__(name="libvirt events", daemon=True)
        self.before = before
        self.stopping = False

    def run(self):
        # Only one thread may run the loop: one that was told to end may still be in a callback.
        before, self.before = self.before, None
        if before is not None:
            before.join()
        while not self.stopping:
            try:
                libvirt.virEventRunDefaultImpl()
            except libvirt.libvirtError:
                raise
            except BaseException as error:
                # A callback raised SystemExit or the like, for which the other callbacks must not pay.
                threading.excepthook(threading.ExceptHookArgs((type(error), error, error.__traceback__, self)))

    def stop(self):
        self.stopping = True
        libvirt.virEventWakeDefaultImpl()
        if threading.current_thread() is not self:
            self.join()


# --- iteration


def _waker(changed):
    """Return a function that notifies a condition.

    It is not a method of Events, because a reference cycle would keep the
    subject, and so the connection, open until the next garbage collection.
    """
    def wake():
        with changed:
            changed.notify_all()
    return wake


class Events:
    """What events() returns: a context manager and an iterator."""

    def __class_getitem__(cls, item, /):
        # For annotations, such as Events[DomainLifecycleEvent].
        return types.GenericAlias(cls, item)

    def __init__(self, conn, kind, subject, timeout, maxsize, overflow):
        self.timeout = timeout
        self._changed = threading.Condition()
        self._queue = _Queue(maxsize, overflow, _waker(self._changed))
        self._listener = _Listener(conn, kind, subject, self._queue)

    @property
    def dropped(self):
        """How many events were dropped so far."""
        return self._queue.dropped

    def __enter__(self):
        self._listener.start()
        return self

    def __exit__(self, exc_type, exc_value, traceback):
        self._listener.stop()

    def __iter__(self):
        return self

    def __next__(self):
        try:
            return self._next(self.timeout)
        except _Closed:
            raise StopIteration from None

    def get(self, timeout=None):
        """Return the next event.

        timeout: how many seconds to wait for it, or None for as long as it
            takes

        Raises TimeoutError if no event has come.
        Raises EventsDropped if events were dropped before it.
        Raises ConnectionLost when the connection was lost.
        Raises ValueError when the connection was closed.
        """
        try:
            return self._next(timeout)
        except _Closed:
            raise ValueError("the connection is closed, so there are no more events") from None

    def _next(self, timeout):
        if self._listener.registered is None:
            raise RuntimeError("events are only received inside of the with block")
        if threading.current_thread() is EventLoopThread._thread:
            raise RuntimeError("the thread of the event loop cannot wait for events: it delivers them")
        deadline = None if timeout is None else time.monotonic() + timeout
        with self._changed:
            while True:
                values = self._queue.get()
                if values is not None:
                    break
                left = None if deadline is None else deadline - time.monotonic()
                if left is not None and left <= 0:
                    raise TimeoutError(f"no event within {timeout} seconds")
                self._changed.wait(left)
        return self._listener.record(values)


def events(conn, kind, subject=None, *, timeout=None, maxsize=1000, overflow="raise"):
    """Receive events in a for loop, inside of a with block.

    The events are received from the beginning of the block to its end. An event
    loop must run in another thread: see EventLoopThread. The iteration ends
    when the connection is closed.

    conn: virConnect, the connection
    kind: class of the events, such as libvirt_types.DomainLifecycleEvent, or
        QemuMonitorEvent for all events of QEMU's monitor
    subject: the domain, network, storage pool, node device or secret to watch;
        None for all
    timeout: float or None, how many seconds to wait for each event
    maxsize: int, how many events wait at most until they are taken
    overflow: what is done with an event that is one too many. "raise" drops it,
        and the iteration raises EventsDropped where it is missing;
        "drop_oldest" and "drop_newest" only count it, in the attribute dropped.

    Returns a context manager and iterator of records. Its method get() takes
    one event, with a time limit of its own.
    Raises libvirtError if the events cannot be registered.
    Raises TimeoutError in the iteration if no event comes in time.
    Raises ConnectionLost in the iteration if the connection is lost.
    """
    return Events(conn, kind, subject, timeout, maxsize, overflow)


def wait_for_event(conn, kind, subject=None, *, until=None, action=None, timeout=None):
    """Wait for one event, and return it.

    For example, shut a domain down and wait until it is off:

        libvirtevents.wait_for_event(
            conn, DomainLifecycleEvent, dom, action=dom.shutdown, timeout=60,
            until=lambda event: event.event == DomainEventType.STOPPED)

    conn: virConnect, the connection
    kind: class of the events, as for events()
    subject: what to watch, as for events()
    until: callable, called with each event; the first for which it returns a
        true value is the one. None for any event.
    action: callable, called without arguments when the events are received, so
        that no event is missed which it causes
    timeout: float or None, how many seconds to wait for the event

    Returns the record of the event.
    Raises TimeoutError if it does not come in time.
    Raises ConnectionLost if the connection is lost.
    Raises ValueError if the connection is closed meanwhile.
    """
    with events(conn, kind, subject, overflow="drop_oldest") as received:
        if action is not None:
            action()
        deadline = None if timeout is None else time.monotonic() + timeout
        for _ in itertools.count():
            try:
                event = received.get(None if deadline is None else max(0, deadline - time.monotonic()))
            except TimeoutError:
                raise TimeoutError(f"the event did not come within {timeout} seconds") from None
            if until is None or until(event):
                return event
