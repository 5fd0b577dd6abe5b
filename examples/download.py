# SPDX-License-Identifier: LGPL-2.1-or-later
"""Download a volume into a file, and show the progress. Holes of the volume stay holes.

    python3 download.py URI POOL VOLUME FILE
"""

import os
import sys
from typing import BinaryIO, Optional

import libvirt
from libvirt_types import StorageVolInfo


def download(volume: libvirt.virStorageVol, file: BinaryIO) -> None:
    # The size of the file on the host. The capacity is another number if the format is not raw.
    total = StorageVolInfo(*volume.infoFlags(libvirt.VIR_STORAGE_VOL_GET_PHYSICAL)).allocation

    def show() -> None:
        print(f"\r{file.tell() >> 20} of {total >> 20} MiB", end="", flush=True)

    def write(stream: libvirt.virStream, data: bytes, file: BinaryIO) -> None:
        file.write(data)
        show()

    def skip(stream: libvirt.virStream, length: int, file: BinaryIO) -> None:
        # Set the size of the file, because no data follows a hole at its end.
        file.truncate(file.seek(length, os.SEEK_CUR))
        show()

    with volume.connect().newStream() as stream:
        volume.download(stream, 0, 0, libvirt.VIR_STORAGE_VOL_DOWNLOAD_SPARSE_STREAM)
        stream.sparseRecvAll(write, skip, file)
    print()


def main(uri: str, pool: str, name: str, path: str) -> Optional[str]:
    try:
        with libvirt.open(uri) as conn:
            volume = conn.storagePoolLookupByName(pool).storageVolLookupByName(name)
            with open(path, "wb") as file:
                download(volume, file)
    except (libvirt.libvirtError, OSError) as error:
        return f"download: {error}"
    return None


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) if len(sys.argv) == 5 else __doc__)
