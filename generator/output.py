# SPDX-License-Identifier: LGPL-2.1-or-later
"""Writes the outputs: all of them, or none."""

import contextlib
import os
from typing import Iterator, List, Mapping, Optional

from .errors import GeneratorError


@contextlib.contextmanager
def _writing(path: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise GeneratorError(f"cannot be written: {error.strerror}", path) from None


def _holds(path: str, text: str) -> bool:
    """Whether the file exists and has exactly this content."""
    try:
        with open(path, "rb") as file:
            return file.read() == text.encode("utf-8")
    except OSError:
        return False


def write(texts: Mapping[str, str], stamp: Optional[str] = None) -> None:
    """Write each text to its path, through temporary files that are renamed when all of them are written.

    So no other process sees a file that is half-written.  A file that has its
    text already is left alone, so that make does not rebuild what depends on
    it.  Two runs never write the same output at once, so the temporary files
    have fixed names, and a run overwrites those that a killed run left.  The
    stamp is written first and renamed last: it must not be newer than the
    outputs that changed.
    """
    changed = {path: text for path, text in texts.items() if not _holds(path, text)}
    stamps = {stamp: ""} if stamp else {}
    started: List[str] = []
    try:
        for path, text in {**stamps, **changed}.items():
            with _writing(path):
                os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
                started.append(path)
                with open(path + ".tmp", "w", encoding="utf-8", newline="\n") as file:
                    file.write(text)
        for path in [*changed, *stamps]:
            with _writing(path):
                os.replace(path + ".tmp", path)
    except BaseException:
        for path in started:
            with contextlib.suppress(OSError):
                os.unlink(path + ".tmp")
        raise
