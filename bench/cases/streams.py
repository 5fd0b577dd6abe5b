# SPDX-License-Identifier: LGPL-2.1-or-later
"""Measure streams: upload and download a whole storage volume. Arguments: MS URI DIRECTORY MIB.

The handlers do next to nothing: one sends the same piece again and again, the other only counts received bytes.
"""

import sys
from time import perf_counter_ns
from typing import Iterator, Tuple

import libvirt

import timing

PIECE = bytes(libvirt.virStorageVol.streamBufSize)


def find_volume(conn: libvirt.virConnect, directory: str, size: int) -> libvirt.virStorageVol:
    """Return the volume. The first process creates it."""
    libvirt.registerErrorHandler(lambda context, error: None, None)
    try:
        pool = conn.storagePoolLookupByName("bench")
    except libvirt.libvirtError:
        pool = conn.storagePoolCreateXML(
            f"<pool type='dir'><name>bench</name><target><path>{directory}</path></target></pool>")
    try:
        return pool.storageVolLookupByName("bench")
    except libvirt.libvirtError:
        return pool.createXML(f"<volume><name>bench</name><capacity>{size}</capacity><allocation>0</allocation>"
                              "<target><format type='raw'/></target></volume>")


class Transfer:
    """An upload or a download; left is the number of bytes that are still to be transferred."""

    def __init__(self, conn: libvirt.virConnect, volume: libvirt.virStorageVol, size: int):
        self.conn = conn
        self.volume = volume
        self.size = self.left = size

    def give(self, stream: libvirt.virStream, nbytes: int, opaque: None) -> bytes:
        count = min(nbytes, self.left)
        self.left -= count
        return PIECE if count == len(PIECE) else PIECE[:count]

    def take(self, stream: libvirt.virStream, data: bytes, opaque: None) -> None:
        self.left -= len(data)

    def upload(self) -> None:
        stream = self.conn.newStream()
        self.volume.upload(stream, 0, 0)
        stream.sendAll(self.give, None)
        stream.finish()

    def download(self) -> None:
        stream = self.conn.newStream()
        self.volume.download(stream, 0, 0)
        stream.recvAll(self.take, None)
        stream.finish()

    def measure(self) -> Iterator[Tuple[str, int]]:
        for function in self.upload, self.download:
            self.left = self.size
            start = perf_counter_ns()
            function()
            elapsed = perf_counter_ns() - start
            if self.left:
                sys.exit(f"{function.__name__}: {self.left} bytes are missing")
            yield function.__name__, elapsed


def main(ms: str, uri: str, directory: str, mib: str) -> None:
    conn, size = libvirt.open(uri), int(mib) * 1024 * 1024
    timing.serve(Transfer(conn, find_volume(conn, directory, size), size).measure)


if __name__ == "__main__":
    main(*sys.argv[1:])
