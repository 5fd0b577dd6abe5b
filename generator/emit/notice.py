# SPDX-License-Identifier: LGPL-2.1-or-later
"""The first lines of what is emitted: where it comes from, and that edits are lost."""

import os
from typing import List

from ..model import Api

_LINES = ("SPDX-License-Identifier: LGPL-2.1-or-later",)


def _text(what: str, api: Api) -> List[str]:
    return [*_LINES, what, f"Generated from {os.path.basename(api.path)} and generator/bindings; edits are lost."]


def c(what: str, api: Api) -> List[str]:
    return [*(f"/* {line} */" for line in _text(what, api)), ""]


def python(api: Api) -> List[str]:
    return ["# " + _LINES[0], "# " + _text("", api)[-1]]
