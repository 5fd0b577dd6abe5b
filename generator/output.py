# SPDX-License-Identifier: LGPL-2.1-or-later
"""Writes an output whole or not at all."""

import os
import tempfile

from .errors import GeneratorError


def write(path: str, text: str) -> None:
    """Through a temporary file and a rename, so that no half-written file is ever seen.

    It is written also when nothing changed: make goes by its time.
    """
    directory = os.path.dirname(path) or "."
    temporary = None
    try:
        handle, temporary = tempfile.mkstemp(prefix=os.path.basename(path) + ".", suffix=".tmp", dir=directory)
        with open(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(temporary, 0o666 & ~mask)
        os.replace(temporary, path)
        temporary = None
    except OSError as error:
        raise GeneratorError(f"cannot be written: {error.strerror}", path) from None
    finally:
        if temporary is not None and os.path.exists(temporary):
            os.unlink(temporary)
