# SPDX-License-Identifier: LGPL-2.1-or-later
"""Run the examples as a user would."""

import subprocess
import sys
from pathlib import Path
from typing import List, Union

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def command(name: str, *arguments: object) -> List[Union[str, Path]]:
    return [sys.executable, EXAMPLES / f"{name}.py", *map(str, arguments)]


def run(name: str, *arguments: object, status: int = 0, given: str = "") -> str:
    """Return what the example prints, or the error that it reports if it is expected to fail."""
    done = subprocess.run(command(name, *arguments), input=given, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, universal_newlines=True, timeout=120, check=False)
    assert done.returncode == status and "Traceback" not in done.stderr, done.stderr
    return done.stdout if status == 0 else done.stderr
