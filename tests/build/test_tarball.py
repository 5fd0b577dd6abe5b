"""The tarball has what the checkout has: a file that no Makefile lists is missed only by those who build from it.

SPDX-License-Identifier: LGPL-2.1-or-later
"""

import shutil
import subprocess
from pathlib import Path

import pytest
from buildtree import SOURCE


def test_every_file_of_the_checkout_is_in_the_tarball(source: Path) -> None:
    if shutil.which("git") is None or not (SOURCE / ".git").exists():
        pytest.skip("this is no git checkout")
    done = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files"], cwd=SOURCE, check=True, stdout=subprocess.PIPE, text=True)
    # Names with a dot are settings of the checkout's tools.
    wanted = [name for name in done.stdout.splitlines() if not name.startswith(".")]
    missing = [name for name in wanted if (SOURCE / name).exists() and not (source / name).exists()]
    assert not missing, "to be listed in a Makefile:\n" + "\n".join(missing)
