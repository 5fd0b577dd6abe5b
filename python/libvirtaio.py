# SPDX-License-Identifier: LGPL-2.1-or-later
"""libvirt's events on an asyncio event loop.

    async def main():
        libvirtaio.virEventRegisterAsyncIOImpl()
        conn = libvirt.open("test:///default")
        conn.domainEventRegisterAny(
            None, libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE, callback, None)
        ...

libvirt takes an event loop once, for the life of the process. When the asyncio
loop that it was given is closed, the next registration moves all watches and
timers to another one, so that a process can run several loops one after the
other.

libvirt may call from any thread. What it asks for is recorded at once, and the
loop is told in its own thread to act on the record, so that nothing is lost
when a loop is closed. Callbacks run in the thread of the loop.
"""

import asyncio
import collections
import concurrent.futures
import contextlib
import contextvars
import functools
import inspect
import itertools
import logging
import threading
import types
import warnings
from typing import TypeVar

import libvirt
import libvirtevents

# What "import *" has always given; events(), Events, wait_for_event(), run() and Pool are taken from the module.
__all__ = [
    "getCurrentImpl",
    "virEventAsyncIOImpl",
    "virEventRegisterAsyncIOImpl",
]

_T = TypeVar("_T")


def _complete(function, *args):
    """Run a coroutine that never waits.

    It is not run as a task, because programs that end cancel all tasks.
    """
    with contextlib.suppress(StopIteration):
        function(*args).send(None)


class Callback:
    """A callback of libvirt, until it is removed and its data are freed."""

    # Handles and timers of all loops share one counter, so that no number is used twice.
    _iden_counter = itertools.count()

    def __init__(self, impl, cb, opaque, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.iden = next(self._iden_counter)
        self.impl = impl
        self.cb = cb
        self.opaque = opaque

    def __repr__(self):
        return f"<{type(self).__name__} iden={self.iden}>"

    def close(self):
        """Have libvirt free its data, in a later turn of the loop."""
        self.impl.schedule_ff_callback(self.iden, self.opaque)


class FDCallback(Callback):
    """A watch on a descriptor."""

    def __init__(self, *args, descriptor, event, **kwargs):
        super().__init__(*args, **kwargs)
        self.descriptor = descriptor
        self.event = event

    def __repr__(self):
        return f"<{type(self).__name__} iden={self.iden} fd={self.descriptor.fd} event={self.event}>"

    def update(self, event):
        """Watch for other events."""
        self.event = event
        self.impl._in_loop(self.impl._watch, self.descriptor.fd)


class TimeoutCallback(Callback):
    """A timer, which fires periodically."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.timeout = -1
        self._sleep = None

    def __repr__(self):
        return f"<{type(self).__name__} iden={self.iden} timeout={self.timeout}>"

    def update(self, timeout):
        """Set the period in milliseconds; -1 stops the timer."""
        self.timeout = timeout
        self.impl._in_loop(self._restart)

    def _is_on(self):
        # Another thread may have stopped or removed the timer before the loop learned of it.
        return self.timeout >= 0 and self.iden in self.impl.callbacks

    def _restart(self):
        """Begin a new period, and drop the rest of the current one."""
        if self._sleep is not None:
            self._sleep.cancel()
        self._sleep = None
        if self._is_on():
            self._sleep = self.impl.loop.call_later(self.timeout / 1000, _complete, self._timer)

    async def _timer(self):
        try:
            if self._is_on():
                self.cb(self.iden, self.opaque)
        finally:
            self._restart()

    def close(self):
        self.update(-1)
        super().close()


class Descriptor:
    """A descriptor with all its watches."""

    def __init__(self, impl, fd):
        self.impl = impl
        self.fd = fd
        self.callbacks = {}

    def _all(self):
        with self.impl._lock:
            return list(self.callbacks.values())

    def _handle(self, event):
        """Run the callbacks for one event, READABLE or WRITABLE."""
        for callback in self._all():
            # A callback that ran before this one in the same turn may have removed it.
            if callback.iden in self.callbacks and callback.event & event:
                callback.cb(callback.iden, self.fd, event, callback.opaque)

    def update(self):
        """Have the loop watch for the events that the callbacks want."""
        wanted = 0
        for callback in self._all():
            wanted |= callback.event
        loop = self.impl.loop
        if wanted & libvirt.VIR_EVENT_HANDLE_READABLE:
            loop.add_reader(self.fd, self._handle, libvirt.VIR_EVENT_HANDLE_READABLE)
        else:
            loop.remove_reader(self.fd)
        if wanted & libvirt.VIR_EVENT_HANDLE_WRITABLE:
            loop.add_writer(self.fd, self._handle, libvirt.VIR_EVENT_HANDLE_WRITABLE)
        else:
            loop.remove_writer(self.fd)
        if wanted & ~(libvirt.VIR_EVENT_HANDLE_READABLE | libvirt.VIR_EVENT_HANDLE_WRITABLE):
            warnings.warn(f"asyncio can watch {self!r} for READABLE and WRITABLE only", UserWarning, stacklevel=2)

    def add_handle(self, callback):
        """Add a watch."""
        with self.impl._lock:
            self.callbacks[callback.iden] = callback
        self.update()

    def remove_handle(self, iden):
        """Remove a watch, and return it."""
        with self.impl._lock:
            callback = self.callbacks.pop(iden)
        self.update()
        return callback


class DescriptorDict(dict):
    """Descriptors by number, made when they are asked for."""

    def __init__(self, impl):
        super().__init__()
        self.impl = impl

    def __missing__(self, fd):
        descriptor = self[fd] = Descriptor(self.impl, fd)
        return descriptor


def _running_loop():
    """Return the loop that runs in this thread, or None."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def _find_loop():
    running = _running_loop()
    if running is not None:
        return running
    # No loop runs here.  Use the one that the program has set for this thread, as long as asyncio supports that.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return asyncio.get_event_loop()


class virEventAsyncIOImpl:
    """An event loop for libvirt, on top of one of asyncio."""

    def __init__(self, loop=None):
        self.loop = loop or _find_loop()
        self.callbacks = {}
        self.descriptors = DescriptorDict(self)
        self.log = logging.getLogger(type(self).__name__)
        # Number of callbacks whose data libvirt has not freed yet, and an event that is set when it becomes 0.
        self._pending = 0
        self._finished = None
        # The callbacks that were removed and whose data are not freed yet, oldest first.
        self._unfreed: collections.deque = collections.deque()
        # Guards callbacks, descriptors, _unfreed and loop.  libvirt is never called while it is held.  It is
        # reentrant, because a destructor that runs while it is held may call this module.
        self._lock = threading.RLock()

    def __repr__(self):
        return f"<{type(self).__name__} callbacks={self.callbacks} descriptors={self.descriptors}>"

    def register(self):
        """Make this the event loop of libvirt, and return it.

        Raises RuntimeError if libvirt has an event loop already.
        """
        libvirt.virEventRegisterImpl(
            self._add_handle, self._update_handle, self._remove_handle,
            self._add_timeout, self._update_timeout, self._remove_timeout)
        return self

    # --- the asyncio loop

    def _soon(self, function, *args):
        """Call a function in a later turn of the loop."""
        # A closed loop raises RuntimeError.  _move() makes the next loop catch up with what is recorded.
        with contextlib.suppress(RuntimeError):
            self.loop.call_soon_threadsafe(function, *args)

    def _in_loop(self, function, *args):
        """Call a function in the thread of the loop, at once if this is it."""
        if self._follow() is self.loop:
            function(*args)
        else:
            self._soon(function, *args)

    def _follow(self):
        """Return the loop that runs in this thread, or None.

        If our own loop is closed, the one that runs takes its place.
        """
        running = _running_loop()
        if running is not None:
            self._move(running)
        return running

    def _move(self, loop):
        """Move to another loop if ours is closed, and return whether it was."""
        with self._lock:
            if not self.loop.is_closed():
                return False
            self.loop = loop
            self._finished = None
            # From here on, other threads use the new loop.
            descriptors, callbacks, unfreed = list(self.descriptors), list(self.callbacks.values()), len(self._unfreed)
        for fd in descriptors:
            self._soon(self._watch, fd)
        for callback in callbacks:
            if isinstance(callback, TimeoutCallback):
                self._soon(callback._restart)
        for _ in range(unfreed):
            self._soon(self._free_next)
        return True

    def _watch(self, fd):
        """Have the loop watch a descriptor for the events wanted by now."""
        # A descriptor without callbacks is no longer in the dict; an empty one makes the loop stop watching it.
        (self.descriptors.get(fd) or Descriptor(self, fd)).update()

    def _forget(self, fd):
        """Stop watching a descriptor.

        If a new file with that number is watched, begin again.
        """
        self.loop.remove_reader(fd)
        self.loop.remove_writer(fd)
        self._watch(fd)

    # --- data of removed callbacks

    def schedule_ff_callback(self, iden, opaque):
        """Have libvirt free the data of a callback in a later iteration."""
        with self._lock:
            self._unfreed.append((iden, opaque))
        self._follow()
        self._soon(self._free_next)

    def _free_next(self):
        with self._lock:
            following = self._unfreed.popleft() if self._unfreed else None
        if following is not None:
            _complete(self._ff_callback, *following)

    async def _ff_callback(self, iden, opaque):
        try:
            libvirt.virEventInvokeFreeCallback(opaque)
        finally:
            self._pending_dec()

    def _pending_inc(self):
        with self._lock:
            self._pending += 1

    def _pending_dec(self):
        with self._lock:
            self._pending -= 1
        if self._pending == 0 and self._finished is not None:
            self._finished.set()
            self._finished = None

    def is_idle(self):
        """Tell whether libvirt has no callback here that is not freed.

        Returns bool.
        """
        return not self.callbacks and self._pending == 0

    async def drain(self):
        """Wait until libvirt has no callback here that is not freed."""
        self._follow()
        if self._pending == 0:
            return
        if self._finished is None:
            self._finished = asyncio.Event()
        await self._finished.wait()

    # --- what libvirt calls

    def _add_handle(self, fd, event, cb, opaque):
        with self._lock:
            callback = FDCallback(self, cb, opaque, descriptor=self.descriptors[fd], event=event)
            callback.descriptor.callbacks[callback.iden] = callback
            self.callbacks[callback.iden] = callback
        self._pending_inc()
        try:
            self._in_loop(self._watch, fd)
        except BaseException:
            # asyncio cannot watch the descriptor.  libvirt gets no watch, and frees the data itself.
            self._take(callback.iden)
            self._forget(fd)
            self._pending_dec()
            raise
        return callback.iden

    def _add_timeout(self, timeout, cb, opaque):
        callback = TimeoutCallback(self, cb, opaque)
        with self._lock:
            self.callbacks[callback.iden] = callback
        self._pending_inc()
        callback.update(timeout)
        return callback.iden

    def _update_handle(self, watch, event):
        self.callbacks[watch].update(event)

    def _update_timeout(self, timer, timeout):
        self.callbacks[timer].update(timeout)

    def _take(self, iden):
        """Remove a callback, so that it is not called any more.

        Return the callback, or None if there is none.
        """
        with self._lock:
            callback = self.callbacks.pop(iden, None)
            if isinstance(callback, FDCallback):
                descriptor = callback.descriptor
                del descriptor.callbacks[iden]
                if not descriptor.callbacks:
                    del self.descriptors[descriptor.fd]
            return callback

    def _remove_handle(self, watch):
        callback = self._take(watch)
        if callback is None:
            self.log.warning("there is no watch %d to be removed", watch)
            return -1
        self._in_loop(self._forget, callback.descriptor.fd)
        callback.close()
        return 0

    def _remove_timeout(self, timer):
        callback = self._take(timer)
        if callback is None:
            self.log.warning("there is no timer %d to be removed", timer)
            return -1
        callback.close()
        return 0


_current_impl = None


def getCurrentImpl():
    """Return the event loop that libvirt was given.

    Returns virEventAsyncIOImpl, or None if libvirt has no loop of this module.
    """
    return _current_impl


def virEventRegisterAsyncIOImpl(loop=None):
    """Have libvirt use an asyncio loop.

    If the loop of an earlier registration is closed, all watches and timers
    move to the new one.

    loop: the asyncio loop, or None for the one that runs in this thread

    Returns virEventAsyncIOImpl: the event loop that libvirt has.
    Raises RuntimeError if libvirt has another event loop already.
    """
    global _current_impl
    made = virEventAsyncIOImpl(loop)
    try:
        _current_impl = made.register()
    except RuntimeError:
        # libvirt keeps the loop of the first registration.  That loop can only continue on another asyncio loop.
        if _current_impl is None or not _current_impl._move(made.loop):
            raise
    return _current_impl


# --- calls that block


class Pool:
    """Threads for calls that block.

    Pool(size) runs as many calls at the same time. Use one of its own for a
    connection whose calls may take long, so that they do not keep those of
    other connections waiting.
    """

    def __init__(self, size=8):
        self._threads = concurrent.futures.ThreadPoolExecutor(size, thread_name_prefix="libvirtaio")

    async def run(self, function, /, *args, **kwargs):
        """Call a function that blocks in a thread of the pool.

        The function sees the context variables of the caller. If the task is
        cancelled, a call that has begun goes on, and what it returns or raises
        is dropped; one that waits for a thread is not made. A connection can be
        closed meanwhile: the call still has it.

        function: callable, called with the other arguments

        Returns what the function returns.
        """
        call = functools.partial(contextvars.copy_context().run, function, *args, **kwargs)
        return await asyncio.get_running_loop().run_in_executor(self._threads, call)

    def close(self):
        """Make no more calls; those that have begun go on."""
        self._threads.shutdown(wait=False)

    async def __aenter__(self):
        return self

    async def __aexit__(self, exc_type, exc_value, traceback):
        self.close()


# For all calls without a pool of their own; made by the first one.
_shared_pool = None
_pool_lock = threading.Lock()


def _pool():
    global _shared_pool
    with _pool_lock:
        if _shared_pool is None:
            _shared_pool = Pool()
        return _shared_pool


async def run(function, /, *args, **kwargs):
    """Call a function that blocks in a thread.

    All calls share one pool. See libvirtaio.Pool.run() for what happens if the
    task is cancelled.

    function: callable, called with the other arguments

    Returns what the function returns.
    """
    return await _pool().run(function, *args, **kwargs)


# --- events without callbacks


class _Waiters:
    """The tasks of a loop that wait for events, as futures.

    It does not refer to Events, because a reference cycle would keep the
    subject, and so the connection, open until the next garbage collection.
    """

    loop: asyncio.AbstractEventLoop  # set when the block begins

    def __init__(self):
        self.futures = []

    def wake(self):
        # A closed loop has nobody who waits.
        with contextlib.suppress(RuntimeError):
            if _running_loop() is self.loop:
                self._tell()
            else:
                self.loop.call_soon_threadsafe(self._tell)

    def _tell(self):
        for future in self.futures:
            if not future.done():
                future.set_result(None)

    async def wait(self, has_news):
        """Wait until wake() is called, unless there is news already."""
        future = self.loop.create_future()
        self.futures.append(future)
        try:
            # An event may have come from another thread just before.
            if not has_news():
                await future
        finally:
            self.futures.remove(future)


class Events:
    """What events() returns: an asynchronous context manager and iterator."""

    def __class_getitem__(cls, item, /):
        # For annotations, such as Events[DomainLifecycleEvent].
        return types.GenericAlias(cls, item)

    def __init__(self, conn, kind, subject, maxsize, overflow):
        self._waiters = _Waiters()
        self._queue = libvirtevents._Queue(maxsize, overflow, self._waiters.wake)
        self._listener = libvirtevents._Listener(conn, kind, subject, self._queue)

    @property
    def dropped(self):
        """How many events were dropped so far."""
        return self._queue.dropped

    async def __aenter__(self):
        self._waiters.loop = asyncio.get_running_loop()
        try:
            await run(self._listener.start)
        except asyncio.CancelledError:
            if self._listener.abandon():
                _pool()._threads.submit(self._listener.stop)
            raise
        return self

    async def __aexit__(self, exc_type, exc_value, traceback):
        # If the task is cancelled meanwhile, the thread still does it.
        await asyncio.shield(run(self._listener.stop))

    def __aiter__(self):
        return self

    async def __anext__(self):
        try:
            return await self._next()
        except libvirtevents._Closed:
            raise StopAsyncIteration from None

    async def get(self):
        """Return the next event.

        Raises EventsDropped if events were dropped before it.
        Raises ConnectionLost when the connection was lost.
        Raises ValueError when the connection was closed.
        """
        try:
            return await self._next()
        except libvirtevents._Closed:
            raise ValueError("the connection is closed, so there are no more events") from None

    async def _next(self):
        if self._listener.registered is None:
            raise RuntimeError("events are only received inside of the async with block")
        if asyncio.get_running_loop() is not self._waiters.loop:
            raise RuntimeError("events are received in another event loop")
        while True:
            values = self._queue.get()
            if values is not None:
                return self._listener.record(values)
            await self._waiters.wait(self._queue.has_news)


def events(conn, kind, subject=None, *, maxsize=1000, overflow="raise"):
    """Receive events in an async for loop, inside of an async with block.

        async with libvirtaio.events(conn, DomainLifecycleEvent) as events:
            async for event in events:
                print(event.domain.name(), event.event.name)

    The events are received from the beginning of the block to its end. The
    iteration ends when the connection is closed. See libvirtevents.events() for
    the arguments; the time for an event is limited by asyncio.timeout() or
    asyncio.wait_for().

    conn: virConnect, the connection
    kind: class of the events, such as libvirt_types.DomainLifecycleEvent
    subject: what to watch, or None for all
    maxsize: int, how many events wait at most until they are taken
    overflow: what is done with an event that is one too many: "raise",
        "drop_oldest" or "drop_newest"

    Returns an asynchronous context manager and iterator of records. Its
    coroutine get() takes one event.
    Raises libvirtError if the events cannot be registered.
    Raises libvirtevents.ConnectionLost in the iteration if the connection is
    lost.
    """
    return Events(conn, kind, subject, maxsize, overflow)


async def wait_for_event(conn, kind, subject=None, *, until=None, action=None):
    """Wait for one event, and return it.

    For example, shut a domain down and wait until it is off:

        await libvirtaio.wait_for_event(
            conn, DomainLifecycleEvent, dom, action=dom.shutdown,
            until=lambda event: event.event == DomainEventType.STOPPED)

    conn: virConnect, the connection
    kind: class of the events, as for events()
    subject: what to watch, as for events()
    until: callable, called with each event; the first for which it returns a
        true value is the one. None for any event.
    action: callable or coroutine function, called without arguments when the
        events are received, so that no event is missed which it causes. It is
        called in a thread, unless it is a coroutine function.

    Returns the record of the event.
    Raises libvirtevents.ConnectionLost if the connection is lost.
    Raises ValueError if the connection is closed meanwhile.
    """
    async with events(conn, kind, subject, overflow="drop_oldest") as received:
        if inspect.iscoroutinefunction(action):
            await action()
        elif action is not None:
            await run(action)
        while True:
            event = await received.get()
            if until is None or until(event):
                return event
