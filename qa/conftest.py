# SPDX-License-Identifier: LGPL-2.1-or-later
"""The tests of this directory use helpers of tests/."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

# libvirt warns on stderr of a host whose name has no address, as that of a build machine may be.
os.environ.setdefault("LIBVIRT_DEBUG", "4")
