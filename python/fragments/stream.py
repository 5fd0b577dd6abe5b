# SPDX-License-Identifier: LGPL-2.1-or-later
"""Hand-written methods of streams: data, holes, events, and transfers of a whole stream."""

import libvirtmod
from libvirt import VIR_ERR_NO_SUPPORT, VIR_STREAM_RECV_STOP_AT_HOLE, _Registration, _Registrations
from libvirt import _requireCallable, libvirtError, virStorageVol


class virStorageVol:
    # Number of bytes that virStream.recvAll() and similar methods ask for at a time.
    streamBufSize = 262120


class virStream:
    # Whether finish() or abort() was called.
    _ended = False

    def __enter__(self):
        return self

    def __exit__(self, exc_type, exc_value, traceback):
        """End the transfer, unless the block has ended it.

        Call finish(), or abort() if an exception leaves the block.
        """
        if self._ended:
            return
        if exc_type is not None:
            self._abort()
            return
        try:
            self.finish()
        except libvirtError as error:
            # A stream over which nothing was transferred reports this code: it has nothing to finish.
            if error.code != VIR_ERR_NO_SUPPORT:
                raise

    def recv(self, nbytes):
        """Receive some bytes.

        The call waits for data, unless the stream does not block. At the end
        of the data, call virStream.finish().

        nbytes: int, the largest number of bytes; one call returns 1 MiB at most

        Returns bytes: what was received, and an empty object at the end; or
        the int -2 if a stream that does not block has nothing yet.
        Raises libvirtError on failure.
        Raises ValueError for a negative number.

        C function: virStreamRecv
        """
        ret = libvirtmod.virStreamRecv(self._o, nbytes)
        if ret is None:
            raise libvirtError('virStreamRecv() failed')
        return ret

    def send(self, data):
        """Send some bytes.

        The call waits until the stream takes data, unless it does not block.
        After all data, call virStream.finish().

        data: bytes, or any other bytes-like object

        Returns int: number of bytes that were taken, which may be fewer; -2 if
        a stream that does not block takes none now.
        Raises libvirtError on failure.

        C function: virStreamSend
        """
        ret = libvirtmod.virStreamSend(self._o, data)
        if ret == -1:
            raise libvirtError('virStreamSend() failed')
        return ret

    def recvFlags(self, nbytes, flags=0):
        """Receive some bytes, and stop at holes if asked to.

        See virStream.recv(). With VIR_STREAM_RECV_STOP_AT_HOLE the call returns
        -3 at a hole, whose length virStream.recvHole() returns.

        nbytes: int, the largest number of bytes; one call returns 1 MiB at most
        flags: int, VIR_STREAM_RECV_STOP_AT_HOLE, or 0

        Returns bytes: what was received, and an empty object at the end; or
        the int -2 if a stream that does not block has nothing yet, the int
        -3 at a hole.
        Raises libvirtError on failure.
        Raises ValueError for a negative number.

        C function: virStreamRecvFlags
        """
        ret = libvirtmod.virStreamRecvFlags(self._o, nbytes, flags)
        if ret is None:
            raise libvirtError('virStreamRecvFlags() failed')
        return ret

    def eventAddCallback(self, events, cb, opaque):
        """Have a callback called when the stream is ready.

        It is called as cb(stream, events, opaque). The stream must be one that
        does not block (see virConnect.newStream()), and can have one callback.
        An event loop must be registered and run.

        events: int, bitwise-OR of VIR_STREAM_EVENT_*
            (libvirt_enums.StreamEventType)
        cb: callable, called in the thread that runs the event loop
        opaque: any object, passed on to the callback

        Raises libvirtError on failure.

        C function: virStreamEventAddCallback
        """
        _requireCallable('virStream.eventAddCallback', 'cb', cb)
        data = {"stream": self, "cb": cb, "opaque": opaque}
        with _Registrations.of(self._conn).operation(self._conn, ("stream", id(self)), data) as operation:
            handle = None if operation.handle is None else self._o
            ret = libvirtmod.virStreamEventAddCallback(handle, events, data)
            if ret != -1:
                self.cb = cb
                if not operation.keep("stream", _Registration(id(self), data, self._removeCallback)):
                    ret = libvirtmod.virStreamEventAddCallback(None, events, {})
            if ret == -1:
                raise libvirtError('virStreamEventAddCallback() failed')

    def eventRemoveCallback(self):
        """Remove the callback of the stream.

        Returns 0.
        Raises libvirtError on failure.

        C function: virStreamEventRemoveCallback
        """
        registrations = _Registrations.of(self._conn)
        with registrations.operation(self._conn, ("stream", id(self))):
            ret = self._removeCallback()
            if ret == -1:
                raise libvirtError('virStreamEventRemoveCallback() failed')
            registrations.forget(self._conn, "stream", id(self))
        return ret

    def _removeCallback(self, _=None):
        ret = libvirtmod.virStreamEventRemoveCallback(self._o)
        if ret != -1:
            self.__dict__.pop("cb", None)
        return ret

    def _dispatchStreamEventCallback(self, events, cbData):
        cbData["cb"](self, events, cbData["opaque"])
        return 0

    def _abort(self):
        """Abort the transfer, and ignore a failure to do so."""
        try:
            self.abort()
        except Exception:
            pass

    def _handle(self, name, handler, *args):
        """Call a handler. Abort if it raises or returns a negative number."""
        try:
            ret = handler(self, *args)
        except BaseException:
            self._abort()
            raise
        if isinstance(ret, int) and ret < 0:
            self._abort()
            raise RuntimeError(f"{name} handler returned {ret}")
        return ret

    def _sendWhole(self, name, data):
        """Send until libvirt has taken all data."""
        rest = memoryview(data).cast("B")
        while len(rest):
            sent = self.send(rest)
            if sent == -2:
                raise libvirtError(f"cannot use {name} with nonblocking stream")
            rest = rest[sent:]

    def recvAll(self, handler, opaque):
        """Receive all data, and give it to a handler.

        The handler is called as handler(stream, data, opaque) for each piece.
        If it raises, or returns a negative int, the transfer is aborted. After
        the end of the data, call virStream.finish().

        handler: callable
        opaque: any object, passed on to the handler

        Raises libvirtError on failure.
        Raises RuntimeError if the handler returns a negative int; an exception
        of the handler is passed on.

        C function: virStreamRecv
        """
        while True:
            data = self.recv(virStorageVol.streamBufSize)
            if data == -2:
                raise libvirtError("cannot use recvAll with nonblocking stream")
            if not data:
                return
            self._handle("recvAll", handler, data, opaque)

    def sendAll(self, handler, opaque):
        """Send all data that a handler returns.

        The handler is called as handler(stream, nbytes, opaque), and returns
        up to nbytes bytes; an empty object is the end. If it raises, or returns
        a negative int, the transfer is aborted. Afterwards, call
        virStream.finish().

        handler: callable
        opaque: any object, passed on to the handler

        Raises libvirtError on failure.
        Raises RuntimeError if the handler returns a negative int; an exception
        of the handler is passed on.

        C function: virStreamSend
        """
        while True:
            data = self._handle("sendAll", handler, virStorageVol.streamBufSize, opaque)
            if not data:
                return
            self._sendWhole("sendAll", data)

    def sparseRecvAll(self, handler, holeHandler, opaque):
        """Receive all data and holes, and give them to handlers.

        See virStream.recvAll(). Use a stream whose transfer was begun with a
        flag for sparse streams, such as
        VIR_STORAGE_VOL_DOWNLOAD_SPARSE_STREAM.

        handler: callable, handler(stream, data, opaque) for each piece of data
        holeHandler: callable, holeHandler(stream, length, opaque) for each hole
        opaque: any object, passed on to the handlers

        Raises libvirtError on failure.
        Raises RuntimeError if a handler returns a negative int; an exception of
        the handler is passed on.

        C functions: virStreamRecvFlags, virStreamRecvHole
        """
        while True:
            data = self.recvFlags(virStorageVol.streamBufSize, VIR_STREAM_RECV_STOP_AT_HOLE)
            if data == -2:
                raise libvirtError("cannot use sparseRecvAll with nonblocking stream")
            if data == -3:
                self._handle("holeHandler", holeHandler, self.recvHole(), opaque)
            elif isinstance(data, int):
                raise ValueError(data)
            elif not isinstance(data, bytes):
                raise TypeError(type(data))
            elif not data:
                return
            else:
                self._handle("sparseRecvAll", handler, data, opaque)

    def sparseSendAll(self, handler, holeHandler, skipHandler, opaque):
        """Send all data and holes that handlers provide.

        See virStream.sendAll(). Use a stream whose transfer was begun with a
        flag for sparse streams, such as VIR_STORAGE_VOL_UPLOAD_SPARSE_STREAM.

        handler: callable, handler(stream, nbytes, opaque) returns data of the
            section; an empty object is the end
        holeHandler: callable, holeHandler(stream, opaque) returns a tuple of
            whether the next section is data, and its length
        skipHandler: callable, skipHandler(stream, length, opaque) skips a hole
        opaque: any object, passed on to the handlers

        Raises libvirtError on failure.
        Raises RuntimeError if a handler returns a negative int; an exception of
        the handler is passed on.

        C functions: virStreamSend, virStreamSendHole
        """
        while True:
            in_data, length = self._handle("holeHandler", holeHandler, opaque)
            if not in_data and length > 0:
                self.sendHole(length)
                self._handle("skipHandler", skipHandler, length, opaque)
                continue
            want = min(virStorageVol.streamBufSize, length)
            data = self._handle("sparseSendAll", handler, want, opaque)
            if not data:
                return
            self._sendWhole("sparseSendAll", data)
