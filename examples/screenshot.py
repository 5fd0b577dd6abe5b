# SPDX-License-Identifier: LGPL-2.1-or-later
"""Save a picture of the screen of a domain.

    python3 screenshot.py URI DOMAIN FILE

The name of the file gets the ending of its format, which the driver chooses.
"""

import mimetypes
import sys
from typing import BinaryIO, Optional

import libvirt


def write(stream: libvirt.virStream, data: bytes, file: BinaryIO) -> None:
    file.write(data)


def main(uri: str, name: str, path: str) -> Optional[str]:
    try:
        with libvirt.open(uri) as conn, conn.newStream() as stream:
            kind = conn.lookupByName(name).screenshot(stream, 0)
            path += mimetypes.guess_extension(kind) or ""
            with open(path, "wb") as file:
                stream.recvAll(write, file)
    except (libvirt.libvirtError, OSError) as error:
        return f"screenshot: {error}"
    print(path)
    return None


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) if len(sys.argv) == 4 else __doc__)
