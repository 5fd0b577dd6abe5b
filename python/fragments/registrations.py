# SPDX-License-Identifier: LGPL-2.1-or-later
"""What is registered through a connection, and how that ends.  docs/callbacks.md has the invariants."""

import libvirtmod
from libvirt import libvirtError

# Callback data of close callbacks that were ended, emptied.  A driver that never frees them has them still: they are
# used again.
_ENDED_CLOSE_DATA = []

# Threads with an operation under way, or in a close callback: once for each.  Such a thread never waits for another
# one's operation, so that no circle of threads can wait for each other.
_BUSY_THREADS = []


def _threadId():
    from _thread import get_ident

    return get_ident()


def _callEach(callbacks, *arguments):
    """Call the callbacks of a dict {cb: opaque} or {number: (cb, opaque)} that are left when it is their turn.

    One that raises does not stop the others.
    """
    leaving = None
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
            leaving = leaving or error
    if leaving is not None:
        raise leaving


class _Registration:
    """One registration that libvirt has."""

    def __init__(self, number, data, remove, key=None):
        self.number = number  # libvirt's
        self.data = data  # dict; what C has, or part of it.  Nothing is called for an empty one.
        self.remove = remove  # the C function, with the handle of the connection
        self.key = key
        self.callbacks = None  # {number: (cb, opaque)}, once several callbacks share the registration

    def share(self, number, cb, opaque):
        if self.callbacks is None:
            self.callbacks = {self.number: (self.data["cb"], self.data["opaque"])}
            # In this order: _deliver knows the opaque of each, and leaves the one of the data alone.
            self.data["cb"] = self._deliver
            self.data["opaque"] = None
        self.callbacks[number] = cb, opaque

    def _deliver(self, *arguments):
        _callEach(self.callbacks, *arguments[:-1])

    def forget(self):
        """Have nothing called any more, also by an event that is being delivered."""
        if self.callbacks is not None:
            self.callbacks.clear()
        self.data.clear()

    def end(self, handle):
        """Have libvirt forget it.  A failure does not matter: then libvirt's part goes with the connection."""
        try:
            self.remove(handle)
        except libvirtError:
            pass
        finally:
            self.forget()


class _CloseRegistration(_Registration):
    """That of a close callback, of which some drivers take any number."""

    def forget(self):
        super().forget()
        _ENDED_CLOSE_DATA.append(self.data)


class _Operation:
    """A registration or removal that is under way, from before the call of libvirt until the books are changed."""

    def __init__(self, books, conn, key, data):
        self.books = books
        self.conn = conn
        self.key = key
        self.data = data

    def __enter__(self):
        books = self.books
        self.thread = _threadId()
        with books.changed:
            while books.isBusy(self.key) and self.thread not in _BUSY_THREADS:
                books.changed.wait()
            books.operations.append(self)
            _BUSY_THREADS.append(self.thread)
            # libvirt refuses None as it does a closed connection.
            self.handle = None if books.closing else self.conn._o
        return self

    def __exit__(self, exc_type, *_):
        books, spare = self.books, None
        with books.changed:
            books.operations.remove(self)
            _BUSY_THREADS.remove(self.thread)
            if not books.operations:
                spare, books.spare = books.spare, None
            books.changed.notify_all()
        del spare  # which may close the connection: not under the lock
        if exc_type is not None and self.data is not None:
            # libvirt may have the registration nevertheless, when a function of an event loop raised.
            self.data.clear()

    def keep(self, kind, registration, opaque=None):
        """Put into the books what libvirt has taken.  False if the connection was closed meanwhile: it is undone."""
        books = self.books
        with books.changed:
            if not books.closing:
                books.known[kind, registration.number] = registration
                if registration.key is not None:
                    books.shareable[registration.key] = registration
                books.numbers(self.conn, kind)[registration.number] = opaque
                return True
        registration.end(books.spare)
        return False


class _Registrations:
    """The books of a connection: every registration that was made through it.

    The connection is open until closing is True, then closing, and closed once
    its _o is None.
    """

    # Numbers of callbacks that share a registration.  libvirt's own never come this far.
    next_number = 1 << 30

    def __init__(self):
        from threading import Condition

        self.changed = Condition()
        self.closing = False
        self.known = {}  # (kind, number) -> _Registration
        self.shareable = {}  # key -> _Registration
        self.ended = set()  # what close() found in known
        self.operations = []
        self.telling = []  # threads that run a close callback of this connection
        self.spare = None  # handle for the operations that were under way when the connection was closed

    @staticmethod
    def of(conn):
        try:
            return conn.__dict__["_registrations"]
        except KeyError:
            return conn.__dict__.setdefault("_registrations", _Registrations())

    @staticmethod
    def numbers(conn, kind):
        """The dict of the connection {number: opaque} for a kind of events, which programs may read."""
        return conn.__dict__.get(kind + "EventCallbackID", {})

    def isBusy(self, key):
        return key is not None and any(operation.key == key for operation in self.operations)

    def operation(self, conn, key=None, data=None):
        """data: of the registration that is made; emptied when that raises."""
        return _Operation(self, conn, key, data)

    def share(self, conn, kind, key, cb, opaque):
        """Add a callback to a registration with this key: its number, or None if there is no registration."""
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

    def leaveShared(self, conn, kind, number):
        """Take out a callback of those that share a registration.  False if there is no other one."""
        with self.changed:
            registration = self.known.get((kind, number))
            if registration is None or registration.callbacks is None or len(registration.callbacks) < 2:
                return False
            opaque = self.numbers(conn, kind).pop(number, None)
            gone = registration.callbacks.pop(number)
            del self.known[kind, number]
        del opaque, gone  # a destructor may run: not under the lock
        return True

    def forget(self, conn, kind, number):
        """Take a registration out of the books, which libvirt has forgotten."""
        with self.changed:
            registration = self.known.pop((kind, number), None)
            opaque = self.numbers(conn, kind).pop(number, None)
            if registration is not None and self.shareable.get(registration.key) is registration:
                del self.shareable[registration.key]
        if registration is not None:
            registration.forget()
        return opaque

    def deregister(self, conn, kind, remove, number):
        """Remove a callback by its number: 0, or -1 when libvirt refuses."""
        found = self.known.get((kind, number))
        with self.operation(conn, None if found is None else found.key) as operation:
            if (kind, number) in self.ended or self.leaveShared(conn, kind, number):
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
        """End all registrations, and have later ones refused.  reference: makes another handle of a handle."""
        with self.changed:
            if self.closing:
                return
            self.closing = True
            registrations = {id(registration): registration for registration in self.known.values()}
            self.ended.update(self.known)
            self.shareable.clear()
            known, self.known = self.known, {}
            opaques = [self.numbers(conn, kind).pop(number, None) for kind, number in known]
            conn.__dict__.pop("domainEventCallbacks", None)
            if self.operations:
                self.spare = reference(conn._o)
        leaving = None
        for registration in registrations.values():
            try:
                registration.end(conn._o)
            except BaseException as error:
                leaving = leaving or error
        del opaques
        if leaving is not None:
            raise leaving

    # --- close callbacks, which libvirt and libvirt-admin have alike

    def registerClose(self, conn, register, unregister, name, cb, opaque):
        if _threadId() in self.telling:
            # libvirt holds a lock while it calls one, and would wait for that.
            raise libvirtError("a close callback cannot register another one while it runs")
        try:
            data = _ENDED_CLOSE_DATA.pop()
        except IndexError:
            data = {}
        data.update(cb=cb, conn=conn, opaque=opaque)
        registration = _CloseRegistration(id(data), data, lambda handle: self.telling or unregister(handle), "close")
        with self.operation(conn, "close") as operation:
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

    def unregisterClose(self, conn, unregister, name):
        with self.operation(conn, "close") as operation:
            # libvirt removes one by itself that it calls; and a removal would wait for its end.
            if not self.telling and unregister(operation.handle) == -1:
                raise libvirtError(f"{name}() failed")
            self.forgetClose(conn)

    def forgetClose(self, conn):
        for number in [number for kind, number in list(self.known) if kind == "close"]:
            self.forget(conn, "close", number)

    def tellOfClose(self, conn, reason, cbData):
        thread = _threadId()
        self.telling.append(thread)
        try:
            _BUSY_THREADS.append(thread)
            try:
                cbData["cb"](conn, reason, cbData["opaque"])
            finally:
                _BUSY_THREADS.remove(thread)
                self.forgetClose(conn)
        finally:
            self.telling.remove(thread)
        return 0
