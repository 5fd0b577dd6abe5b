"""The tarball contains all files of the checkout; a file missing from the Makefile lists would break its build.

SPDX-License-Identifier: LGPL-2.1-or-later
"""

import shutil
import subprocess
from pathlib import Path

import pytest
from buildtree import SOURCE, BuildTree

GIT = ["git", "-c", "safe.directory=*"]


def test_archive_of_git_builds_and_knows_its_version(tested: BuildTree, tmp_path: Path) -> None:
    """Forges offer such archives. They have neither configure nor a history."""
    for tool in ("git", "autoreconf"):
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is not installed")
    if not (SOURCE / ".git").exists():
        pytest.skip("this is not a git checkout")
    source = tmp_path / "source"
    source.mkdir()
    subprocess.run([*GIT, "archive", "--output", tmp_path / "tar", "HEAD"], cwd=SOURCE, check=True)
    subprocess.run(["tar", "-xf", tmp_path / "tar"], cwd=source, check=True)
    tree = BuildTree(source, tmp_path / "build")
    tree.run(source / "bootstrap")
    tree.configure("CFLAGS=-O0")
    tree.make("-j2")
    root = tmp_path / "root"
    tree.make("install", f"DESTDIR={root}")
    tree.make("installcheck", f"DESTDIR={root}")
    assert tree.variable("VERSION") == tested.variable("VERSION")
    assert next(root.rglob("*.dist-info")).name == f"libvirt_python-{tested.variable('VERSION')}.dist-info"


def test_every_file_of_the_checkout_is_in_the_tarball(source: Path) -> None:
    if shutil.which("git") is None or not (SOURCE / ".git").exists():
        pytest.skip("this is not a git checkout")
    done = subprocess.run(
        [*GIT, "ls-files"], cwd=SOURCE, check=True, stdout=subprocess.PIPE, text=True)
    # Files whose names begin with a dot configure tools of the checkout.
    wanted = [name for name in done.stdout.splitlines() if not any(part.startswith(".") for part in Path(name).parts)]
    missing = [name for name in wanted if (SOURCE / name).exists() and not (source / name).exists()]
    assert not missing, "files that a Makefile must list:\n" + "\n".join(missing)
