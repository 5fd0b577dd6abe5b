# SPDX-License-Identifier: LGPL-2.1-or-later
"""Writes outputs whole or not at all."""

import contextlib
import os
from typing import Iterator, List, Mapping, Optional

from .errors import GeneratorError


@contextlib.contextmanager
def _told(path: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise GeneratorError(f"cannot be written: {error.strerror}", path) from None


def write(texts: Mapping[str, str], stamp: Optional[str] = None) -> None:
    """Each by its path, through temporary files that are renamed when all are written: no half-written file is seen.

    They are written also when nothing changed: make goes by their times.  Only
    one run writes an output, so that the temporary file can have a fixed name:
    one that a killed run left is taken over by the next.  The stamp is made
    last.  It is no newer than any of them, so that they can depend on it.
    """
    stamps = {stamp: ""} if stamp else {}
    started: List[str] = []
    try:
        for path, text in {**texts, **stamps}.items():
            with _told(path):
                os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
                started.append(path)
                with open(path + ".tmp", "w", encoding="utf-8", newline="\n") as file:
                    file.write(text)
        for path in texts:
            with _told(path):
                os.replace(path + ".tmp", path)
        if stamp:
            with _told(stamp):
                oldest = min(os.stat(path).st_mtime_ns for path in texts)
                os.utime(stamp + ".tmp", ns=(oldest, oldest))
                os.replace(stamp + ".tmp", stamp)
    except BaseException:
        for path in started:
            with contextlib.suppress(OSError):
                os.unlink(path + ".tmp")
        raise
