# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the generator tells its user when it cannot go on."""


class GeneratorError(Exception):
    """A fault of an input, told as "FILE:LINE: what is wrong"."""

    def __init__(self, text, file=None, line=None):
        place = ""
        if file is not None:
            place = f"{file}: " if line is None else f"{file}:{line}: "
        super().__init__(place + text)
