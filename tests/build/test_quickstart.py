"""What quickstart says if something is missing, and if a step fails.

SPDX-License-Identifier: LGPL-2.1-or-later
"""

import shutil
import subprocess
from pathlib import Path

import pytest
from buildtree import SOURCE, environment

# The programs of a system without development tools.
BASIC = ("cat", "dirname", "env", "grep", "id", "mkdir", "paste", "sed", "sh", "tail")
TOOLS = ("autoreconf", "automake", "libtoolize", "make", "gcc", "pkg-config")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A directory with quickstart, and with bin, which has only basic programs."""
    shutil.copy(SOURCE / "quickstart", tmp_path)
    (tmp_path / "bin").mkdir()
    for name in BASIC:
        found = shutil.which(name)
        assert found is not None
        (tmp_path / "bin" / name).symlink_to(found)
    return tmp_path


def quickstart(place: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(["./quickstart", *arguments], cwd=place, env=environment(PATH=str(place / "bin")), text=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)


def program(path: Path, text: str) -> None:
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)


def test_all_that_is_missing_is_named_at_once(place: Path) -> None:
    done = quickstart(place, "--no-install")
    assert done.returncode == 1
    assert done.stdout.startswith("quickstart: missing: autoconf, automake, libtool, make, a C compiler, "
                                  "the C library's headers, pkg-config")


def test_missing_compiler_is_named_alone(place: Path) -> None:
    for name in set(TOOLS) - {"gcc"}:
        program(place / "bin" / name, "exit 0")
    done = quickstart(place, "--no-install")
    assert "missing: a C compiler, the C library's headers" in done.stdout


def test_unknown_package_manager(place: Path) -> None:
    done = quickstart(place, "--yes")
    assert done.returncode == 1
    assert "Missing: autoconf, automake, " in done.stdout and "no known package manager" in done.stdout


def test_end_of_the_output_of_a_failed_step_is_shown(place: Path) -> None:
    for name in TOOLS:
        program(place / "bin" / name, "exit 0")
    program(place / "bootstrap", "i=0; while test $i -lt 99; do i=$((i + 1)); echo line $i; done; exit 7")
    done = quickstart(place, "--no-install")
    if "missing" in done.stdout:
        pytest.skip(f"Python has no headers here: {done.stdout}")
    lines = done.stdout.splitlines()
    assert done.returncode == 1 and lines[0] == "==> ./bootstrap"
    assert lines[1:-1] == [f"line {number}" for number in range(60, 100)]
    assert lines[-1] == "quickstart: bootstrap failed: see the output above; build/quickstart.log has all of it"
    log = (place / "build" / "quickstart.log").read_text(encoding="utf-8")
    assert log.splitlines() == [f"line {number}" for number in range(1, 100)]
