"""The tarball contains all files of the checkout; a file missing from the Makefile lists would break its build.

SPDX-License-Identifier: LGPL-2.1-or-later
"""

import shutil
import subprocess
from pathlib import Path

import pytest
from buildtree import SOURCE


def test_every_file_of_the_checkout_is_in_the_tarball(source: Path) -> None:
    if shutil.which("git") is None or not (SOURCE / ".git").exists():
        pytest.skip("this is not a git checkout")
    done = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files"], cwd=SOURCE, check=True, stdout=subprocess.PIPE, text=True)
    # Files whose names begin with a dot configure tools of the checkout.
    wanted = [name for name in done.stdout.splitlines() if not any(part.startswith(".") for part in Path(name).parts)]
    missing = [name for name in wanted if (SOURCE / name).exists() and not (source / name).exists()]
    assert not missing, "files that a Makefile must list:\n" + "\n".join(missing)
