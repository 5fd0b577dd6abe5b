# SPDX-License-Identifier: LGPL-2.1-or-later
"""Streams: data, holes, events, and the loops over them."""

import libvirtmod
from libvirt import VIR_ERR_NO_SUPPORT, VIR_STREAM_RECV_STOP_AT_HOLE, _Registration, _Registrations
from libvirt import _requireCallable, libvirtError, virStorageVol


class virStorageVol:
    # Bytes that the loops of virStream ask for at a time.
    streamBufSize = 262120


class virStream:
    # Whether finish() or abort() was called.
    _ended = False

    def __enter__(self):
        return self

    def __exit__(self, exc_type, exc_value, traceback):
        """finish(), or abort() when an exception leaves the block; neither when the block has ended the transfer."""
        if self._ended:
            return
        if exc_type is not None:
            self._abort()
            return
        try:
            self.finish()
        except libvirtError as error:
            # What a stream says that nothing was transferred over: it has nothing to finish.
            if error.code != VIR_ERR_NO_SUPPORT:
                raise

    def recv(self, nbytes):
        """Receive up to nbytes bytes, of which one call gives 1 MiB at most.

        Returns bytes, empty at the end; or the int -2 when a stream that does
        not block has nothing.  Raises libvirtError on failure, ValueError for
        a negative number.

        C function: virStreamRecv
        """
        ret = libvirtmod.virStreamRecv(self._o, nbytes)
        if ret is None:
            raise libvirtError('virStreamRecv() failed')
        return ret

    def send(self, data):
        """Send bytes, or what any bytes-like object holds.

        Returns the int number of bytes that were taken, which may be fewer;
        -2 when a stream that does not block takes none.  Raises libvirtError
        on failure.

        C function: virStreamSend
        """
        ret = libvirtmod.virStreamSend(self._o, data)
        if ret == -1:
            raise libvirtError('virStreamSend() failed')
        return ret

    def recvFlags(self, nbytes, flags=0):
        """Receive up to nbytes bytes, of which one call gives 1 MiB at most.

        flags: VIR_STREAM_RECV_STOP_AT_HOLE, or 0

        Returns bytes, empty at the end; the int -2 when a stream that does
        not block has nothing; -3 at a hole, when asked to stop there.  Raises
        libvirtError on failure, ValueError for a negative number.

        C function: virStreamRecvFlags
        """
        ret = libvirtmod.virStreamRecvFlags(self._o, nbytes, flags)
        if ret is None:
            raise libvirtError('virStreamRecvFlags() failed')
        return ret

    def eventAddCallback(self, events, cb, opaque):
        """Have cb(stream, events, opaque) called when a stream that does not block is ready.

        events: bitwise-OR of VIR_STREAM_EVENT_...

        Raises libvirtError on failure; a stream has one callback at most.

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
        """End what eventAddCallback began.

        Returns 0.  Raises libvirtError on failure.

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
        """Give up, whatever that says: an exception is on its way."""
        try:
            self.abort()
        except Exception:
            pass

    def _handle(self, name, handler, *args):
        """A handler's answer; the stream is aborted when it raises or gives a negative number."""
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
        """Send until all is taken."""
        rest = memoryview(data).cast("B")
        while len(rest):
            sent = self.send(rest)
            if sent == -2:
                raise libvirtError(f"cannot use {name} with nonblocking stream")
            rest = rest[sent:]

    def recvAll(self, handler, opaque):
        """Receive to the end: handler(stream, data, opaque) for each piece.

        A handler that raises, or returns a negative int, aborts the stream;
        the exception, or RuntimeError, goes on.  The caller calls finish().
        Raises libvirtError on failure.

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
        """Send all that handler(stream, nbytes, opaque) gives, up to the first empty answer.

        A handler that raises, or returns a negative int, aborts the stream;
        the exception, or RuntimeError, goes on.  The caller calls finish().
        Raises libvirtError on failure.

        C function: virStreamSend
        """
        while True:
            data = self._handle("sendAll", handler, virStorageVol.streamBufSize, opaque)
            if not data:
                return
            self._sendWhole("sendAll", data)

    def sparseRecvAll(self, handler, holeHandler, opaque):
        """Receive to the end: handler(stream, data, opaque) for data, holeHandler(stream, length, opaque) for holes.

        Handlers that fail are treated as by recvAll.  Raises libvirtError on
        failure.

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
        """Send data and holes.

        holeHandler(stream, opaque) tells (in_data, length) of the section that
        comes; handler(stream, nbytes, opaque) gives data of it, and an empty
        answer at the end; skipHandler(stream, length, opaque) skips a hole.
        Handlers that fail are treated as by recvAll.  Raises libvirtError on
        failure.

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
