# SPDX-License-Identifier: LGPL-2.1-or-later
"""The first lines of generated files: the licence, where the file comes from, and that edits are lost."""

import os
from typing import List

from ..model import Api

# REUSE-IgnoreStart: the licence of generated files.
_LICENCE = "SPDX-License-Identifier: LGPL-2.1-or-later"
# REUSE-IgnoreEnd


def _origin(api: Api) -> str:
    return f"Generated from {os.path.basename(api.path)} and generator/bindings; edits are lost."


def c(what: str, api: Api) -> List[str]:
    return [*(f"/* {line} */" for line in (_LICENCE, what, _origin(api))), ""]


def python(api: Api) -> List[str]:
    return [f"# {line}" for line in (_LICENCE, _origin(api))]
