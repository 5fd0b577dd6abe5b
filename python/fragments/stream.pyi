# SPDX-License-Identifier: LGPL-2.1-or-later
"""Streams: data, holes, events, and the loops over them."""

from types import TracebackType
from typing import Any, Callable

from _typeshed import ReadableBuffer
from typing_extensions import Self

from libvirt import _T

class virStorageVol:
    streamBufSize: int

class virStream:
    def __enter__(self) -> Self: ...
    def __exit__(self, exc_type: type[BaseException] | None, exc_value: BaseException | None,
                 traceback: TracebackType | None) -> None: ...
    # The int -2 comes of a stream that does not block, -3 at a hole for those who ask: Any, so that others need no look.
    def recv(self, nbytes: int) -> bytes | Any: ...
    def send(self, data: ReadableBuffer) -> int: ...
    def recvFlags(self, nbytes: int, flags: int = 0) -> bytes | Any: ...
    def eventAddCallback(self, events: int, cb: Callable[[virStream, int, _T], object], opaque: _T) -> None: ...
    def eventRemoveCallback(self) -> int: ...
    def recvAll(self, handler: Callable[[virStream, bytes, _T], object], opaque: _T) -> None: ...
    # A negative int is how a handler fails.
    def sendAll(self, handler: Callable[[virStream, int, _T], ReadableBuffer | int | None], opaque: _T) -> None: ...
    def sparseRecvAll(
        self,
        handler: Callable[[virStream, bytes, _T], object],
        holeHandler: Callable[[virStream, int, _T], object],
        opaque: _T,
    ) -> None: ...
    def sparseSendAll(
        self,
        handler: Callable[[virStream, int, _T], ReadableBuffer | int | None],
        holeHandler: Callable[[virStream, _T], tuple[int, int] | list[int] | int],
        skipHandler: Callable[[virStream, int, _T], object],
        opaque: _T,
    ) -> None: ...
