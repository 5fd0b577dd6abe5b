# SPDX-License-Identifier: LGPL-2.1-or-later
"""The callbacks registered through a connection, and how they end.  docs/callbacks.md has the invariants."""

import libvirtmod
from libvirt import libvirtError

# Emptied data of close callbacks that have ended.  Some drivers never free the data of a close callback, so the next
# registration uses these dicts again instead of leaking another one.
_ENDED_CLOSE_DATA = []

# Identifiers of threads that are inside an operation or a close callback, one entry for each level.  Such a thread
# never waits for the operation of another thread, so threads cannot wait for each other in a circle.
_BUSY_THREADS = []


def _threadId():
    from _thread import get_ident

    return get_ident()


def _callEach(callbacks, *arguments):
    """Call each callback of a dict {cb: opaque} or {number: (cb, opaque)}.

    A callback that is removed before its turn is not called.  An Exception is
    reported and the other callbacks still run; any other exception is raised
    when all have run.
    """
    first = None
    for key in list(callbacks):
        try:
            found = callbacks[key]
        except KeyError:
            continue
        cb, opaque = (key, found) if callable(key) else found
        try:
            cb(*arguments, opaque)
        except Exception as error:
            libvirtmod._reportException(error)
        except BaseException as error:
            first = first or error
    if first is not None:
        raise first


class _Registration:
    """One registration with libvirt, which several callbacks may share."""

    def __init__(self, number, data, remove, key=None):
        self.number = number  # the number that libvirt returned
        self.data = data  # the dict that C passes to the dispatcher; C calls nothing once it is empty
        self.remove = remove  # takes the handle of the connection and deregisters with libvirt
        self.key = key  # registrations with equal keys are shared; None: never shared
        self.callbacks = None  # {number: (cb, opaque)} once several callbacks share the registration

    def share(self, number, cb, opaque):
        if self.callbacks is None:
            self.callbacks = {self.number: (self.data["cb"], self.data["opaque"])}
            # Set "cb" first.  An event between the two assignments then calls _deliver(), which ignores "opaque".
            self.data["cb"] = self._deliver
            self.data["opaque"] = None
        self.callbacks[number] = cb, opaque

    def _deliver(self, *arguments):
        _callEach(self.callbacks, *arguments[:-1])

    def forget(self):
        """Call nothing any more, even for an event that is being delivered."""
        if self.callbacks is not None:
            self.callbacks.clear()
        self.data.clear()

    def end(self, handle):
        """Deregister with libvirt.

        A failure is ignored: libvirt then drops the registration with the
        connection.
        """
        try:
            self.remove(handle)
        except libvirtError:
            pass
        finally:
            self.forget()


def _watchOnly(conn, reason, opaque):
    """Stand for a close callback of the program while it has none."""


class _CloseRegistration(_Registration):
    """The registration of a close callback."""

    def forget(self):
        super().forget()
        _ENDED_CLOSE_DATA.append(self.data)


class _Operation:
    """A registration or deregistration in progress.

    It begins before the call of libvirt and ends when _Registrations says what
    has changed.  Use it as a context manager.
    """

    def __init__(self, registrations, conn, key, data):
        self.registrations = registrations
        self.conn = conn
        self.key = key
        self.data = data

    def __enter__(self):
        registrations = self.registrations
        self.thread = _threadId()
        with registrations.changed:
            while registrations.isBusy(self.key) and self.thread not in _BUSY_THREADS:
                registrations.changed.wait()
            registrations.operations.append(self)
            _BUSY_THREADS.append(self.thread)
            # libvirt refuses None with the same error as a closed connection.
            self.handle = None if registrations.closing else self.conn._o
        return self

    def __exit__(self, exc_type, *_):
        registrations, spare = self.registrations, None
        with registrations.changed:
            registrations.operations.remove(self)
            _BUSY_THREADS.remove(self.thread)
            if not registrations.operations:
                spare, registrations.spare = registrations.spare, None
            registrations.changed.notify_all()
        del spare  # outside the lock, because this may close the connection
        if exc_type is not None and self.data is not None:
            # libvirt may have registered nevertheless, for example if Ctrl-C came in a function of an event loop.
            self.data.clear()

    def keep(self, kind, registration, opaque=None):
        """Record a registration that libvirt has accepted and return True.

        If the connection was closed meanwhile, deregister it and return False.
        """
        registrations = self.registrations
        with registrations.changed:
            if not registrations.closing:
                registrations.known[kind, registration.number] = registration
                if registration.key is not None:
                    registrations.shareable[registration.key] = registration
                registrations.numbers(self.conn, kind)[registration.number] = opaque
                return True
        registration.end(registrations.spare)
        return False


class _Registrations:
    """Every registration that was made through one connection.

    The connection is open until closing is True, then closing, and closed once
    its _o is None.  The condition changed guards all attributes.
    """

    # The next number for a callback that shares a registration.  The numbers of libvirt never get this large.
    next_number = 1 << 30

    def __init__(self):
        from threading import Condition

        self.changed = Condition()
        self.closing = False
        self.known = {}  # (kind, number) -> _Registration
        self.shareable = {}  # key -> _Registration
        self.ended = set()  # keys of known that close() has ended
        self.operations = []  # operations in progress
        self.running_close = []  # threads that run a close callback of this connection
        self.watchers = []  # called when the connection is closed or lost, see watch()
        self.lost = None  # the reason, once the connection is lost
        self.spare = None  # second handle, for operations that were in progress when the connection was closed

    @staticmethod
    def of(conn):
        try:
            return conn.__dict__["_registrations"]
        except KeyError:
            return conn.__dict__.setdefault("_registrations", _Registrations())

    @staticmethod
    def numbers(conn, kind):
        """Return the dict {number: opaque} of a kind of events.

        It is an attribute of the connection, which programs may read.
        """
        return conn.__dict__.get(kind + "EventCallbackID", {})

    def isBusy(self, key):
        return key is not None and any(operation.key == key for operation in self.operations)

    def operation(self, conn, key=None, data=None):
        """Return an operation.

        It waits for others with the same key, and empties data if the block
        raises.
        """
        return _Operation(self, conn, key, data)

    def share(self, conn, kind, key, cb, opaque):
        """Add a callback to the registration with this key.

        Return the number of the callback, or None if there is no registration.
        """
        with self.changed:
            registration = self.shareable.get(key)
            if registration is None:
                return None
            number = self.next_number
            self.next_number += 1
            registration.share(number, cb, opaque)
            self.known[kind, number] = registration
            self.numbers(conn, kind)[number] = opaque
            return number

    def removeShared(self, conn, kind, number):
        """Remove a callback from those that share a registration.

        Return False if it is the only one.
        """
        with self.changed:
            registration = self.known.get((kind, number))
            if registration is None or registration.callbacks is None or len(registration.callbacks) < 2:
                return False
            opaque = self.numbers(conn, kind).pop(number, None)
            gone = registration.callbacks.pop(number)
            del self.known[kind, number]
        del opaque, gone  # outside the lock, because this may run a destructor
        return True

    def forget(self, conn, kind, number):
        """Remove a registration that libvirt has dropped, return its opaque."""
        with self.changed:
            registration = self.known.pop((kind, number), None)
            opaque = self.numbers(conn, kind).pop(number, None)
            if registration is not None and self.shareable.get(registration.key) is registration:
                del self.shareable[registration.key]
        if registration is not None:
            registration.forget()
        return opaque

    def deregister(self, conn, kind, remove, number):
        """Remove a callback by its number. Return 0, or -1 if libvirt fails."""
        found = self.known.get((kind, number))
        with self.operation(conn, None if found is None else found.key) as operation:
            if (kind, number) in self.ended or self.removeShared(conn, kind, number):
                return 0
            found = self.known.get((kind, number))
            try:
                ret = remove(operation.handle, number if found is None else found.number)
            except libvirtError:
                if (kind, number) in self.ended:
                    return 0
                raise
            if ret == -1:
                return 0 if (kind, number) in self.ended else -1
            self.forget(conn, kind, number)
            return 0

    def close(self, conn, reference):
        """End all registrations and refuse later ones.

        reference: the C function that makes a second handle of a handle
        """
        with self.changed:
            if self.closing:
                return
            self.closing = True
            ending = {id(registration): registration for registration in self.known.values()}
            self.ended.update(self.known)
            self.shareable.clear()
            known, self.known = self.known, {}
            opaques = [self.numbers(conn, kind).pop(number, None) for kind, number in known]
            conn.__dict__.pop("domainEventCallbacks", None)
            watchers, self.watchers = self.watchers, []
            if self.operations:
                self.spare = reference(conn._o)
        first = None
        for watcher in watchers:
            watcher(None)
        for registration in ending.values():
            try:
                registration.end(conn._o)
            except BaseException as error:
                first = first or error
        del opaques
        if first is not None:
            raise first

    # --- close callbacks, for libvirt and for libvirt_admin

    # libvirt takes one close callback for each connection, which the callback of the program and the watchers share.

    def closeData(self):
        """Return the data of the registered close callback, or None."""
        for (kind, _), registration in list(self.known.items()):
            if kind == "close":
                return registration.data
        return None

    def registerWithLibvirt(self, operation, register, unregister, name, cb, opaque):
        try:
            data = _ENDED_CLOSE_DATA.pop()
        except IndexError:
            data = {}
        data.update(cb=cb, conn=operation.conn, opaque=opaque)
        registration = _CloseRegistration(
            id(data), data, lambda handle: self.running_close or unregister(handle), "close")
        taken = False
        try:
            ret = register(operation.handle, data)
            if ret == -1:
                raise libvirtError(f"{name}() failed")
            taken = True
        finally:
            if not taken:
                registration.forget()
        if not operation.keep("close", registration):
            register(None, {})
            raise libvirtError(f"{name}() failed")
        return ret

    def registerClose(self, conn, register, unregister, name, cb, opaque):
        if _threadId() in self.running_close:
            # libvirt holds a lock while it runs a close callback, and would wait for that lock.
            raise libvirtError("a close callback cannot register another one while it runs")
        with self.operation(conn, "close") as operation:
            data = self.closeData()
            if data is None or data.get("cb") is not _watchOnly:
                return self.registerWithLibvirt(operation, register, unregister, name, cb, opaque)
            # First "opaque": _watchOnly ignores it.
            data["opaque"] = opaque
            data["cb"] = cb
            return 0

    def unregisterClose(self, conn, unregister, name):
        with self.operation(conn, "close") as operation:
            data = self.closeData()
            if data is not None and self.watchers and data.get("cb") is not _watchOnly:
                data["cb"] = _watchOnly
                data["opaque"] = None
                return
            if data is not None and data.get("cb") is _watchOnly:
                raise libvirtError(f"{name}() failed: the program has registered no close callback")
            # libvirt removes a close callback itself before it runs it, and a removal would wait until it has run.
            if not self.running_close and unregister(operation.handle) == -1:
                raise libvirtError(f"{name}() failed")
            self.forgetClose(conn)

    def watch(self, conn, register, unregister, name, watcher):
        """Have a function called once, when the connection ends.

        It is called with the reason if the connection is lost, or with None if
        it is closed. It must only note that, since libvirt may hold a lock.
        """
        with self.operation(conn, "close") as operation:
            if self.lost is None and not self.running_close and self.closeData() is None:
                self.registerWithLibvirt(operation, register, unregister, name, _watchOnly, None)
            with self.changed:
                reason = self.lost
                if reason is None and not self.closing:
                    self.watchers.append(watcher)
                    return
        watcher(reason)

    def unwatch(self, conn, unregister, watcher):
        """Do not call the function of watch() any more."""
        with self.operation(conn, "close") as operation:
            with self.changed:
                if watcher in self.watchers:
                    self.watchers.remove(watcher)
                data = self.closeData()
                unused = not self.watchers and data is not None and data.get("cb") is _watchOnly
            if unused and not self.running_close:
                try:
                    unregister(operation.handle)
                except libvirtError:
                    pass  # then it goes with the connection
                self.forgetClose(conn)

    def forgetClose(self, conn):
        for number in [number for kind, number in list(self.known) if kind == "close"]:
            self.forget(conn, "close", number)

    def runCloseCallback(self, conn, reason, cbData):
        thread = _threadId()
        self.running_close.append(thread)
        try:
            _BUSY_THREADS.append(thread)
            try:
                with self.changed:
                    self.lost = reason
                    watchers, self.watchers = self.watchers, []
                for watcher in watchers:
                    watcher(reason)
                cbData["cb"](conn, reason, cbData["opaque"])
            finally:
                _BUSY_THREADS.remove(thread)
                self.forgetClose(conn)
        finally:
            self.running_close.remove(thread)
        return 0
