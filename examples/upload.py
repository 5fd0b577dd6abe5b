# SPDX-License-Identifier: LGPL-2.1-or-later
"""Upload a disk image into a storage pool, with a progress bar. Holes of the file stay holes.

    python3 upload.py URI FILE POOL [VOLUME]
"""

import os
import sys
from io import FileIO
from typing import Optional, Tuple

import libvirt

WIDTH = 40
XML = """
<volume>
  <name>{name}</name>
  <capacity unit='bytes'>{size}</capacity>
  <allocation unit='bytes'>0</allocation>
  <target><format type='raw'/></target>
</volume>
"""


class Progress:
    """A progress bar. It is drawn again only when it has become longer."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.done = 0
        self.drawn = -1

    def add(self, amount: int) -> None:
        self.done += amount
        length = WIDTH * self.done // self.total if self.total else WIDTH
        if length != self.drawn:
            self.drawn = length
            print(f"\r[{'#' * length:<{WIDTH}}] {self.done >> 20} MiB", end="", flush=True)


def find_data(stream: libvirt.virStream, file: FileIO) -> Tuple[bool, int]:
    """Return whether the file's position is in data, not in a hole, and the number of bytes until that changes."""
    here = file.tell()
    end = os.fstat(file.fileno()).st_size
    try:
        data = os.lseek(file.fileno(), here, os.SEEK_DATA)
    except OSError:  # no data after this position
        data = end
    length = data - here if data > here else os.lseek(file.fileno(), here, os.SEEK_HOLE) - here if here < end else 0
    os.lseek(file.fileno(), here, os.SEEK_SET)
    return data == here and here < end, length


def upload(pool: libvirt.virStoragePool, file: FileIO, name: str) -> None:
    size = os.fstat(file.fileno()).st_size
    progress = Progress(size)

    def read(stream: libvirt.virStream, amount: int, file: FileIO) -> bytes:
        data = file.read(amount)
        progress.add(len(data))
        return data

    def skip(stream: libvirt.virStream, length: int, file: FileIO) -> int:
        progress.add(length)
        file.seek(length, os.SEEK_CUR)
        return 0

    volume = pool.createXML(XML.format(name=name, size=size))
    try:
        with pool.connect().newStream() as stream:
            volume.upload(stream, 0, size, libvirt.VIR_STORAGE_VOL_UPLOAD_SPARSE_STREAM)
            stream.sparseSendAll(read, find_data, skip, file)
    except BaseException:
        volume.delete()  # An incomplete image is useless.
        raise
    finally:
        print()


def main(uri: str, path: str, pool: str, name: Optional[str] = None) -> Optional[str]:
    try:
        # Unbuffered, so that the position of the file object is that of the file descriptor, which lseek uses.
        with libvirt.open(uri) as conn, open(path, "rb", buffering=0) as file:
            upload(conn.storagePoolLookupByName(pool), file, name or os.path.basename(path))
    except (libvirt.libvirtError, OSError) as error:
        return f"upload: {error}"
    return None


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) if 4 <= len(sys.argv) <= 5 else __doc__)
