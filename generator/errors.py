# SPDX-License-Identifier: LGPL-2.1-or-later
"""The exception for input that the generator cannot process."""

from typing import Optional


class GeneratorError(Exception):
    """An error in an input file; the message has the form "FILE:LINE: what is wrong"."""

    def __init__(self, text: str, file: Optional[str] = None, line: Optional[int] = None):
        place = ""
        if file is not None:
            place = f"{file}: " if line is None else f"{file}:{line}: "
        super().__init__(place + text)
