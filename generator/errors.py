# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the generator tells its user when it cannot go on."""

from typing import Optional


class GeneratorError(Exception):
    """A fault of an input, told as "FILE:LINE: what is wrong"."""

    def __init__(self, text: str, file: Optional[str] = None, line: Optional[int] = None):
        place = ""
        if file is not None:
            place = f"{file}: " if line is None else f"{file}:{line}: "
        super().__init__(place + text)
