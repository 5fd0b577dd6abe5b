# SPDX-License-Identifier: LGPL-2.1-or-later
"""Writes an output whole or not at all."""

import contextlib
import os

from .errors import GeneratorError


def write(path: str, text: str) -> None:
    """Through a temporary file and a rename, so that no half-written file is ever seen.

    It is written also when nothing changed: make goes by its time.  Only one
    run writes an output, so that the temporary file can have a fixed name:
    one that a killed run left is taken over by the next.
    """
    temporary = path + ".tmp"
    try:
        try:
            with open(temporary, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
            os.replace(temporary, path)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
            raise
    except OSError as error:
        raise GeneratorError(f"cannot be written: {error.strerror}", path) from None
