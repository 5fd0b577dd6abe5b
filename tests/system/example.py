# SPDX-License-Identifier: LGPL-2.1-or-later
"""Run the examples as a user would."""

import contextlib
import signal
import subprocess
import sys
from pathlib import Path
from typing import Iterator, List, Union

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def command(name: str, *arguments: object) -> List[Union[str, Path]]:
    return [sys.executable, EXAMPLES / f"{name}.py", *map(str, arguments)]


def run(name: str, *arguments: object, status: int = 0, given: str = "") -> str:
    """Return what the example prints, or the error that it reports if it is expected to fail."""
    done = subprocess.run(command(name, *arguments), input=given, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, universal_newlines=True, timeout=120, check=False)
    assert done.returncode == status and "Traceback" not in done.stderr, done.stderr
    return done.stdout if status == 0 else done.stderr


@contextlib.contextmanager
def started(name: str, *arguments: object) -> Iterator["subprocess.Popen[str]"]:
    """Run an example while a block is run. SIGINT ends it, also if the tests are a background job, which ignores it."""
    with subprocess.Popen(command(name, *arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          universal_newlines=True,
                          preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)) as process:
        try:
            yield process
        finally:
            process.kill()
