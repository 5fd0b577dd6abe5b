# SPDX-License-Identifier: LGPL-2.1-or-later
"""libvirt's events on an asyncio event loop.

    async def main():
        libvirtaio.virEventRegisterAsyncIOImpl()
        conn = libvirt.open("test:///default")
        conn.domainEventRegisterAny(None, libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE, callback, None)
        ...

libvirt takes an event loop once for the life of the process.  When the asyncio
loop that it was given is closed, the next registration moves everything to
another one, so that a process can run several, one after the other.

libvirt may call from any thread.  What touches the loop is done in the loop's
own thread; so are the callbacks of handles and timers.
"""

import asyncio
import itertools
import logging
import warnings
from typing import TypeVar

import libvirt

__all__ = [
    "getCurrentImpl",
    "virEventAsyncIOImpl",
    "virEventRegisterAsyncIOImpl",
]

_T = TypeVar("_T")


class Callback:
    """A callback that libvirt has on the loop, until it is removed and its data are freed."""

    # Of handles and timers of all loops, and never used again.
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
        self.descriptor.update()


class TimeoutCallback(Callback):
    """A timer: it fires again and again."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.timeout = -1
        self._task = None
        self._firing = False

    def __repr__(self):
        return f"<{type(self).__name__} iden={self.iden} timeout={self.timeout}>"

    def update(self, timeout):
        """Set the period in milliseconds; -1 stops the timer."""
        self.timeout = timeout
        # A sleep for the old period ends here; a callback goes on with the new one by itself.
        if self._task is not None and not self._firing:
            self._task.cancel()
            self._task = None
        if timeout >= 0 and self._task is None:
            self._task = self.impl._start(self._timer())

    async def _timer(self):
        while self.timeout >= 0:
            await asyncio.sleep(self.timeout / 1000)
            self._firing = True
            try:
                self.cb(self.iden, self.opaque)
            except Exception as error:
                self.impl._tell(self, error)
            finally:
                self._firing = False
        self._task = None

    def close(self):
        self.update(-1)
        super().close()


class Descriptor:
    """A descriptor with all its watches."""

    def __init__(self, impl, fd):
        self.impl = impl
        self.fd = fd
        self.callbacks = {}

    def _handle(self, event):
        """The descriptor is ready: one bit of READABLE and WRITABLE."""
        for callback in list(self.callbacks.values()):
            # One that ran before it in this turn may have removed it.
            if callback.iden in self.callbacks and callback.event & event:
                callback.cb(callback.iden, self.fd, event, callback.opaque)

    def update(self):
        """Have the loop watch for what the callbacks want."""
        wanted = 0
        for callback in self.callbacks.values():
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
        self.callbacks[callback.iden] = callback
        self.update()

    def remove_handle(self, iden):
        """Remove a watch, and return it."""
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


def _find_loop():
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        # Outside of any loop: one that was set beforehand, as long as asyncio has that.
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
        # Callbacks whose data libvirt has not freed yet.
        self._pending = 0
        self._finished = None
        self._tasks = set()
        # What was to be freed while there was no loop to do it.
        self._unfreed = []

    def __repr__(self):
        return f"<{type(self).__name__} callbacks={self.callbacks} descriptors={self.descriptors}>"

    def register(self):
        """Make this the event loop of libvirt.  RuntimeError when it has one."""
        libvirt.virEventRegisterImpl(
            self._add_handle, self._update_handle, self._remove_handle,
            self._add_timeout, self._update_timeout, self._remove_timeout)
        return self

    # --- the asyncio loop

    def _move(self, loop):
        """Go on with another loop, since the one before is closed."""
        self.loop = loop
        self._tasks.clear()
        self._finished = None
        for descriptor in self.descriptors.values():
            descriptor.update()
        for callback in self.callbacks.values():
            if isinstance(callback, TimeoutCallback):
                callback._task = None
                callback.update(callback.timeout)
        unfreed, self._unfreed = self._unfreed, []
        for iden, opaque in unfreed:
            self.schedule_ff_callback(iden, opaque)

    def _in_loop(self, function, *args):
        """Call a function that touches the loop: now in its thread, else soon.  False without a loop."""
        running = asyncio._get_running_loop()
        if self.loop.is_closed() and running is not None:
            self._move(running)
        if self.loop.is_closed():
            return False
        if running is self.loop or not self.loop.is_running():
            function(*args)
        else:
            self.loop.call_soon_threadsafe(function, *args)
        return True

    def _start(self, coroutine):
        # A loop holds its tasks but weakly.
        task = self.loop.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _tell(self, callback, error):
        self.loop.call_exception_handler({"message": f"exception in {callback!r}", "exception": error})

    # --- what is still to be freed

    def schedule_ff_callback(self, iden, opaque):
        """Have libvirt free the data of a callback, in a later turn of the loop."""
        def start():
            self._start(self._ff_callback(iden, opaque))

        if not self._in_loop(start):
            self._unfreed.append((iden, opaque))

    async def _ff_callback(self, iden, opaque):
        libvirt.virEventInvokeFreeCallback(opaque)
        self._pending_dec()

    def _pending_inc(self):
        self._pending += 1

    def _pending_dec(self):
        self._pending -= 1
        if self._pending == 0 and self._finished is not None:
            self._finished.set()
            self._finished = None

    def is_idle(self):
        """True when libvirt has no callback here, and none waits to be freed."""
        return not self.callbacks and self._pending == 0

    async def drain(self):
        """Wait until libvirt has no callback here, and none waits to be freed."""
        if self._pending == 0:
            return
        if self._finished is None:
            self._finished = asyncio.Event()
        await self._finished.wait()

    # --- what libvirt calls

    def _add_handle(self, fd, event, cb, opaque):
        callback = FDCallback(self, cb, opaque, descriptor=self.descriptors[fd], event=event)
        self.callbacks[callback.iden] = callback
        self._pending_inc()
        try:
            self._in_loop(callback.descriptor.add_handle, callback)
        except BaseException:
            # asyncio cannot watch it: libvirt gets no watch, and frees its data itself.
            del self.callbacks[callback.iden]
            self._detach(callback)
            self._pending_dec()
            raise
        return callback.iden

    def _detach(self, callback):
        descriptor = callback.descriptor
        descriptor.callbacks.pop(callback.iden, None)
        if not descriptor.callbacks and self.descriptors.get(descriptor.fd) is descriptor:
            del self.descriptors[descriptor.fd]

    def _update_handle(self, watch, event):
        self._in_loop(self.callbacks[watch].update, event)

    def _remove_handle(self, watch):
        callback = self.callbacks.pop(watch, None)
        if callback is None:
            self.log.warning("there is no watch %d to be removed", watch)
            return -1
        descriptor = callback.descriptor
        # At once, so that it is not called any more, and that a new file with this number starts afresh.
        self._detach(callback)
        self._in_loop(self._forget, descriptor, watch)
        callback.close()
        return 0

    def _forget(self, descriptor, watch):
        # An add that came from another thread may have been done in between.
        descriptor.callbacks.pop(watch, None)
        successor = self.descriptors.get(descriptor.fd)
        (descriptor if successor is None else successor).update()

    def _add_timeout(self, timeout, cb, opaque):
        callback = TimeoutCallback(self, cb, opaque)
        self.callbacks[callback.iden] = callback
        self._pending_inc()
        self._in_loop(callback.update, timeout)
        return callback.iden

    def _update_timeout(self, timer, timeout):
        self._in_loop(self.callbacks[timer].update, timeout)

    def _remove_timeout(self, timer):
        callback = self.callbacks.pop(timer, None)
        if callback is None:
            self.log.warning("there is no timer %d to be removed", timer)
            return -1
        # At once: no thread may let it fire any more.
        callback.timeout = -1
        if not self._in_loop(callback.close):
            self._unfreed.append((callback.iden, callback.opaque))
        return 0


_current_impl = None


def getCurrentImpl():
    """The event loop that libvirt was given, or None."""
    return _current_impl


def virEventRegisterAsyncIOImpl(loop=None):
    """Have libvirt use an asyncio loop: the given one, or the one that runs.

    When the loop of an earlier registration is closed, everything moves to
    the new one.  RuntimeError when libvirt has another event loop.
    """
    global _current_impl
    if _current_impl is not None and _current_impl.loop.is_closed():
        _current_impl._move(loop or _find_loop())
    else:
        _current_impl = virEventAsyncIOImpl(loop).register()
    return _current_impl
