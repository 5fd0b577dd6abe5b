# SPDX-License-Identifier: LGPL-2.1-or-later
"""The short forms of the programs in soak/."""

import os
import re
import subprocess
import sys
from pathlib import Path

from checkers import CHECKER, INTERPRETER, PATIENCE, without_leak_check

SOAK = Path(__file__).resolve().parent / "soak"


def test_no_event_is_lost_and_no_data_are_left() -> None:
    # Under a checker, memory grows by the checker's own data.
    limits = ["--memory", "10000000"] if CHECKER else []
    done = subprocess.run([sys.executable, str(SOAK / "events.py"), *limits], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, universal_newlines=True, timeout=300,
                          env={**os.environ, **without_leak_check()})
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    pattern = (r"(\w+): (\d+) in [\d.]+ s, wrong (\d+), data left (\d+), memory \d+ KiB before, \d+ KiB after, "
               r"blocks \d+ before, \d+ after")
    found = [re.fullmatch(pattern, line) for line in done.stdout.splitlines()]
    assert [match and match.groups() for match in found] == [
        ("events", "10000", "0", "0"), ("registrations", "2000", "0", "0"), ("connections", "200", "0", "0")]


def test_eight_threads_share_every_object() -> None:
    seconds = os.environ.get("LIBVIRT_PYTHON_SECONDS", "3")
    done = subprocess.run([*INTERPRETER, str(SOAK / "threads.py"), "--seconds", seconds], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, universal_newlines=True, timeout=120 * PATIENCE)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
