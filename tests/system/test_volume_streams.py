# SPDX-License-Identifier: LGPL-2.1-or-later
"""Transfer of storage volumes through streams of a real connection."""

import hashlib
import io
import os
import threading
from pathlib import Path
from typing import Callable, List, NoReturn, Optional, Tuple, Union

import libvirt
import pytest

import daemon as daemons
from conftest import Choose, MakeVolume
from daemon import wait_until

MIB = 1024 * 1024
# Not a multiple of any buffer size.
ODD = 3 * MIB + 12345

Filled = Tuple[libvirt.virStorageVol, bytes]
Start = Callable[[libvirt.virConnect, libvirt.virStorageVol], libvirt.virStream]
Layout = Tuple[int, List[Tuple[int, int]]]  # capacity and data sections, as in SPARSE below


class Source:
    """A source of pseudo-random bytes that keeps the hash of what was read."""

    def __init__(self, size: int):
        self.block = os.urandom(MIB + 1)
        self.left = size
        self.hash = hashlib.sha256()
        self.largest = 0

    def read(self, stream: libvirt.virStream, nbytes: int, opaque: object) -> bytes:
        self.largest = max(self.largest, nbytes)
        start = self.left % 4096
        data = self.block[start:start + min(nbytes, self.left)]
        self.left -= len(data)
        self.hash.update(data)
        return data


class Sink:
    def __init__(self) -> None:
        self.hash = hashlib.sha256()
        self.size = 0

    def write(self, stream: libvirt.virStream, data: bytes, opaque: object) -> None:
        self.hash.update(data)
        self.size += len(data)


def hash_of(path: Union[str, Path]) -> str:
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for block in iter(lambda: file.read(MIB), b""):
            digest.update(block)
    return digest.hexdigest()


@pytest.fixture
def filled(make_volume: MakeVolume) -> Filled:
    """A volume with random data, and these data."""
    volume, data = make_volume(ODD), os.urandom(ODD)
    with open(volume.path(), "r+b") as file:
        file.write(data)
    return volume, data


def download(conn: libvirt.virConnect, volume: libvirt.virStorageVol, flags: int = 0, offset: int = 0,
             length: int = 0) -> libvirt.virStream:
    stream = conn.newStream(flags)
    volume.download(stream, offset, length)
    return stream


def upload(conn: libvirt.virConnect, volume: libvirt.virStorageVol, flags: int = 0, offset: int = 0,
           length: int = 0) -> libvirt.virStream:
    stream = conn.newStream(flags)
    volume.upload(stream, offset, length)
    return stream


def is_usable(volume: libvirt.virStorageVol) -> bool:
    """Delete the volume and return whether it is gone; the daemon refuses that while a stream is open."""
    path = volume.path()

    def deleted() -> bool:
        try:
            volume.delete()
        except libvirt.libvirtError:
            return False
        return True
    wait_until(deleted, "the end of the stream")
    return not os.path.exists(path)


# --- whole volumes

def test_send_all_and_recv_all_transfer_every_byte(conn: libvirt.virConnect, make_volume: MakeVolume,
                                                   choose: Choose) -> None:
    size = choose(64 * MIB, 1024 * MIB)
    volume, source, sink = make_volume(size), Source(size), Sink()
    stream = upload(conn, volume)
    assert stream.sendAll(source.read, None) is None
    assert stream.finish() == 0
    assert source.largest == libvirt.virStorageVol.streamBufSize
    assert hash_of(volume.path()) == source.hash.hexdigest()
    stream = download(conn, volume)
    assert stream.recvAll(sink.write, None) is None
    assert stream.finish() == 0
    assert (sink.size, sink.hash.hexdigest()) == (size, source.hash.hexdigest())


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_send_accepts_any_buffer_type(conn: libvirt.virConnect, make_volume: MakeVolume,
                                      kind: Callable[[memoryview], object]) -> None:
    """The pieces are larger than a libvirt message, which holds a quarter of a MiB."""
    volume, data = make_volume(ODD), os.urandom(ODD)
    stream, rest = upload(conn, volume), memoryview(data)
    while rest:
        sent = stream.send(kind(rest[:MIB]))
        assert 0 < sent <= MIB
        rest = rest[sent:]
    stream.finish()
    with open(volume.path(), "rb") as file:
        assert file.read() == data


@pytest.mark.parametrize("size", [1, 7, 4096, 262120, 262121, MIB, 16 * MIB])
def test_recv_returns_pieces_up_to_the_size(conn: libvirt.virConnect, filled: Filled, size: int) -> None:
    volume, data = filled
    length = min(ODD, 1000 * size)
    stream = download(conn, volume, length=length)
    got: List[bytes] = []
    while not got or got[-1]:
        got.append(stream.recv(size))
        assert isinstance(got[-1], bytes) and len(got[-1]) <= size
    stream.finish()
    assert b"".join(got) == data[:length]


def test_a_part_of_a_volume(conn: libvirt.virConnect, filled: Filled) -> None:
    volume, data = filled
    sink = []
    stream = download(conn, volume, offset=1000, length=5000)
    stream.recvAll(lambda stream, piece, opaque: sink.append(piece), None)
    stream.finish()
    assert b"".join(sink) == data[1000:6000]
    stream = upload(conn, volume, offset=2000, length=10)
    stream.send(b"0123456789")
    stream.finish()
    with open(volume.path(), "rb") as file:
        assert file.read() == data[:2000] + b"0123456789" + data[2010:]


def test_many_concurrent_streams(conn: libvirt.virConnect, make_volume: MakeVolume) -> None:
    """The streams share a connection, and each has its own thread; a slow stream does not block the others."""
    volumes = [make_volume(8 * MIB, f"volume{number}") for number in range(4)]
    sources = [Source(8 * MIB) for _ in volumes]

    def work(volume: libvirt.virStorageVol, source: Source) -> None:
        stream = upload(conn, volume)
        stream.sendAll(source.read, None)
        stream.finish()
    threads = [threading.Thread(target=work, args=pair) for pair in zip(volumes, sources)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [hash_of(volume.path()) for volume in volumes] == [source.hash.hexdigest() for source in sources]


# --- holes

# The capacity of a volume in MiB, and its data sections in MiB.
SPARSE = 64, [(1, 2), (10, 11), (40, 44)]
# Begins with data and ends with a hole.
ENDS = 32, [(0, 1), (20, 21)]


def fill(path: Union[str, Path], layout: Layout) -> None:
    capacity, sections = layout
    with open(path, "wb") as file:
        for start, end in sections:
            file.seek(start * MIB)
            file.write(os.urandom((end - start) * MIB))
        file.truncate(capacity * MIB)


def section(file: io.FileIO) -> Tuple[bool, int]:
    """Return whether there are data at the file's position, and how many bytes until that changes."""
    position = file.tell()
    end = os.fstat(file.fileno()).st_size
    try:
        data = os.lseek(file.fileno(), position, os.SEEK_DATA)
    except OSError:  # the rest of the file is a hole
        data = end
    limit = os.lseek(file.fileno(), position, os.SEEK_HOLE) if data == position < end else data
    os.lseek(file.fileno(), position, os.SEEK_SET)
    return data == position < end, limit - position


def blocks(path: Union[str, Path]) -> int:
    return os.stat(path).st_blocks


@pytest.mark.parametrize("layout", [SPARSE, ENDS], ids=["sparse", "ends"])
def test_sparse_send_all_keeps_the_holes(conn: libvirt.virConnect, make_volume: MakeVolume, tmp_path: Path,
                                         layout: Layout) -> None:
    source, volume, skipped = tmp_path / "source", make_volume(layout[0] * MIB), []
    fill(source, layout)
    with open(source, "rb", buffering=0) as file:
        def skip(stream: libvirt.virStream, length: int, opaque: object) -> None:
            skipped.append(length)
            file.seek(length, os.SEEK_CUR)
        stream = conn.newStream()
        volume.upload(stream, 0, 0, libvirt.VIR_STORAGE_VOL_UPLOAD_SPARSE_STREAM)
        stream.sparseSendAll(lambda stream, nbytes, opaque: file.read(nbytes),
                             lambda stream, opaque: section(file), skip, None)
        stream.finish()
    assert hash_of(volume.path()) == hash_of(source)
    assert blocks(volume.path()) == blocks(source) < layout[0] * MIB // 512
    assert sum(skipped) == (layout[0] - sum(end - start for start, end in layout[1])) * MIB


@pytest.mark.parametrize("layout", [SPARSE, ENDS], ids=["sparse", "ends"])
def test_sparse_recv_all_keeps_the_holes(conn: libvirt.virConnect, make_volume: MakeVolume, tmp_path: Path,
                                         layout: Layout) -> None:
    copy, volume = tmp_path / "copy", make_volume(layout[0] * MIB)
    fill(volume.path(), layout)
    with open(copy, "wb", buffering=0) as file:
        def hole(stream: libvirt.virStream, length: int, opaque: object) -> None:
            file.truncate(file.seek(length, os.SEEK_CUR))
        stream = conn.newStream()
        volume.download(stream, 0, 0, libvirt.VIR_STORAGE_VOL_DOWNLOAD_SPARSE_STREAM)
        stream.sparseRecvAll(lambda stream, data, opaque: file.write(data), hole, None)
        stream.finish()
    assert hash_of(copy) == hash_of(volume.path())
    assert blocks(copy) == blocks(volume.path()) < layout[0] * MIB // 512


def test_a_hole_of_many_gibibytes(conn: libvirt.virConnect, make_volume: MakeVolume) -> None:
    """The hole takes no time to transfer, and its length needs 64 bits."""
    size = 2 ** 40
    volume, holes = make_volume(size), []
    stream = conn.newStream()
    volume.upload(stream, 0, 0, libvirt.VIR_STORAGE_VOL_UPLOAD_SPARSE_STREAM)
    assert stream.sendHole(size - 3) == 0
    assert stream.send(b"end") == 3
    stream.finish()
    assert os.path.getsize(volume.path()) == size
    stream = conn.newStream()
    volume.download(stream, 0, 0, libvirt.VIR_STORAGE_VOL_DOWNLOAD_SPARSE_STREAM)
    assert stream.recvFlags(100, libvirt.VIR_STREAM_RECV_STOP_AT_HOLE) == -3
    holes.append(stream.recvHole())
    data = stream.recvFlags(2 * MIB, libvirt.VIR_STREAM_RECV_STOP_AT_HOLE)
    while data and not data.endswith(b"end"):
        data += stream.recvFlags(2 * MIB)
    assert holes[0] + len(data) == size
    assert data.strip(b"\0") == b"end"
    stream.abort()


# --- streams that end before all data are transferred

class Mine(Exception):
    pass


def fails(stream: libvirt.virStream, data: object, opaque: object) -> NoReturn:
    raise Mine(opaque)


@pytest.mark.parametrize("loop", ["recvAll", "sparseRecvAll", "sendAll", "sparseSendAll"])
def test_a_handler_that_raises_aborts(conn: libvirt.virConnect, filled: Filled, loop: str) -> None:
    """The stream has ended, but the volume and the connection can still be used."""
    volume = filled[0]
    stream = (download if "ecv" in loop else upload)(conn, volume)
    arguments = {"sparseRecvAll": [fails], "sparseSendAll": [lambda stream, opaque: (True, 100), fails]}.get(loop, [])
    with pytest.raises(Mine, match="mine"):
        getattr(stream, loop)(fails, *arguments, "mine")
    with pytest.raises(libvirt.libvirtError):
        stream.finish()
    del stream
    assert conn.isAlive() and is_usable(volume)


def test_a_handler_that_raises_later_aborts(conn: libvirt.virConnect, filled: Filled) -> None:
    volume, data = filled
    got = []

    def handler(stream: libvirt.virStream, piece: bytes, opaque: object) -> None:
        got.append(piece)
        if len(got) == 3:
            raise Mine
    stream = download(conn, volume)
    with pytest.raises(Mine):
        stream.recvAll(handler, None)
    assert data.startswith(b"".join(got))
    with pytest.raises(libvirt.libvirtError):
        stream.recv(1)
    assert is_usable(volume)


@pytest.mark.parametrize("start", [download, upload])
def test_abort_ends_a_stream(conn: libvirt.virConnect, filled: Filled, start: Start) -> None:
    volume = filled[0]
    stream = start(conn, volume)
    assert stream.abort() == 0
    for call in (lambda: stream.recv(1), lambda: stream.send(b"x"), stream.finish, stream.abort):
        with pytest.raises(libvirt.libvirtError):
            call()
    assert is_usable(volume)


@pytest.mark.parametrize("start", [download, upload])
def test_a_dropped_stream_releases_the_volume(conn: libvirt.virConnect, filled: Filled, start: Start) -> None:
    start(conn, filled[0])
    assert conn.isAlive() and is_usable(filled[0])


def test_an_abort_from_another_thread(conn: libvirt.virConnect, make_volume: MakeVolume) -> None:
    volume = make_volume(64 * MIB, allocation=64 * MIB)
    stream = download(conn, volume)
    first = threading.Event()

    def read() -> None:
        try:
            stream.recvAll(lambda *unused: first.set(), None)
        except libvirt.libvirtError as error:
            outcome.append(error)
        else:
            outcome.append(None)
    outcome: List[Optional[Exception]] = []
    thread = threading.Thread(target=read)
    thread.start()
    first.wait()
    stream.abort()
    thread.join()
    assert isinstance(outcome[0], libvirt.libvirtError)
    assert is_usable(volume)


def test_an_error_of_the_daemon_propagates_from_send_all(conn: libvirt.virConnect, make_volume: MakeVolume) -> None:
    """More data are sent than the volume accepts."""
    volume = make_volume(MIB)
    stream = upload(conn, volume, length=1000)
    with pytest.raises(libvirt.libvirtError) as raised:
        stream.sendAll(Source(8 * MIB).read, None)
        stream.finish()
    assert raised.value.get_error_code() != libvirt.VIR_ERR_OK
    assert conn.isAlive()


# --- non-blocking streams

def paused_download(daemon: daemons.Daemon, conn: libvirt.virConnect,
                    volume: libvirt.virStorageVol) -> Tuple[bytes, bool]:
    """Download while the daemon is paused; return the data, and whether recv() reported that it would block."""
    stream = download(conn, volume, libvirt.VIR_STREAM_NONBLOCK)
    daemon.pause()
    try:
        # Receive first what the daemon has already sent, which may be everything.
        got = [stream.recv(MIB)]
        while got[-1] not in (-2, b""):
            got.append(stream.recv(MIB))
        blocked = got[-1] == -2
        if blocked:
            assert got.pop() == stream.recv(MIB) == -2
    finally:
        daemon.resume()

    def all_came() -> bool:
        piece = stream.recv(MIB)
        if piece not in (-2, b""):
            got.append(piece)
        return bool(piece == b"")
    wait_until(all_came, "the end of the stream")
    stream.finish()
    return b"".join(got), blocked


def test_recv_returns_minus_two_if_it_would_block(daemon: daemons.Daemon, conn: libvirt.virConnect,
                                                  filled: Filled) -> None:
    """While the daemon is paused, no new data can arrive."""
    volume, data = filled
    for _ in range(100):
        got, blocked = paused_download(daemon, conn, volume)
        assert got == data
        if blocked:
            break
    assert blocked


class Downloading:
    """The download of a whole volume, driven by events."""

    def __init__(self, stream: libvirt.virStream):
        self.pieces: List[bytes] = []
        self.events: List[Tuple[int, object]] = []
        self.done = threading.Event()
        stream.eventAddCallback(libvirt.VIR_STREAM_EVENT_READABLE | libvirt.VIR_STREAM_EVENT_HANGUP |
                                libvirt.VIR_STREAM_EVENT_ERROR, self.ready, "mine")

    def ready(self, stream: libvirt.virStream, events: int, opaque: object) -> None:
        self.events.append((events, opaque))
        piece = stream.recv(libvirt.virStorageVol.streamBufSize)
        if piece == -2:
            return
        if piece:
            self.pieces.append(piece)
        else:
            stream.eventRemoveCallback()
            stream.finish()
            self.done.set()


def test_events_report_data_to_receive(conn: libvirt.virConnect, filled: Filled) -> None:
    volume, data = filled
    transfer = Downloading(download(conn, volume, libvirt.VIR_STREAM_NONBLOCK))
    assert transfer.done.wait(60)
    assert b"".join(transfer.pieces) == data
    assert {opaque for _, opaque in transfer.events} == {"mine"}
    assert all(events & libvirt.VIR_STREAM_EVENT_READABLE for events, _ in transfer.events)
    assert is_usable(volume)


def test_events_report_room_to_send(conn: libvirt.virConnect, make_volume: MakeVolume) -> None:
    volume, data = make_volume(ODD), os.urandom(ODD)
    stream, done, failed = conn.newStream(libvirt.VIR_STREAM_NONBLOCK), threading.Event(), []
    volume.upload(stream, 0, 0)
    rest = [memoryview(data)]

    def ready(stream: libvirt.virStream, events: int, opaque: object) -> None:
        try:
            assert events & libvirt.VIR_STREAM_EVENT_WRITABLE
            if rest[0]:
                sent = stream.send(rest[0][:MIB])
                rest[0] = rest[0][max(sent, 0):]
            else:
                stream.eventRemoveCallback()
                stream.finish()
                done.set()
        except BaseException as error:
            failed.append(error)
            done.set()
    stream.eventAddCallback(libvirt.VIR_STREAM_EVENT_WRITABLE, ready, None)
    assert done.wait(60) and not failed
    with open(volume.path(), "rb") as file:
        assert file.read() == data


def test_requested_events_can_be_changed(conn: libvirt.virConnect, filled: Filled) -> None:
    """No events are requested, so none arrive, until some are requested."""
    volume, data = filled
    stream = download(conn, volume, libvirt.VIR_STREAM_NONBLOCK)
    calls, ready = [], threading.Event()

    def called(stream: libvirt.virStream, events: int, opaque: object) -> None:
        calls.append(events)
        stream.eventUpdateCallback(0)
        ready.set()
    stream.eventAddCallback(0, called, None)
    conn.getHostname()
    assert not ready.wait(0.2)
    stream.eventUpdateCallback(libvirt.VIR_STREAM_EVENT_READABLE)
    assert ready.wait(60)
    ready.clear()
    assert not ready.wait(0.2) and len(calls) == 1
    stream.eventRemoveCallback()
    stream.abort()


def test_a_second_callback_is_refused(conn: libvirt.virConnect, filled: Filled) -> None:
    stream = download(conn, filled[0], libvirt.VIR_STREAM_NONBLOCK)
    stream.eventAddCallback(0, fails, None)
    with pytest.raises(libvirt.libvirtError):
        stream.eventAddCallback(0, fails, None)
    stream.eventRemoveCallback()
    stream.abort()


def test_recv_all_refuses_a_nonblocking_stream(daemon: daemons.Daemon, conn: libvirt.virConnect,
                                               filled: Filled) -> None:
    stream = download(conn, filled[0], libvirt.VIR_STREAM_NONBLOCK)
    daemon.pause()
    try:
        with pytest.raises(libvirt.libvirtError, match="cannot use recvAll with nonblocking stream"):
            stream.recvAll(lambda *unused: None, None)
    finally:
        daemon.resume()
    stream.abort()
