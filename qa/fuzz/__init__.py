# SPDX-License-Identifier: LGPL-2.1-or-later
"""The fuzzer: calls with arguments that nobody would pass on purpose.

The fake libvirts and the table of good calls are in tests/.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests"))
