# SPDX-License-Identifier: LGPL-2.1-or-later
"""Make the helpers of tests/ importable for the tests of this directory."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

# Without this libvirt prints a warning if the host name has no address, which is common on build machines.
os.environ.setdefault("LIBVIRT_DEBUG", "4")
