"""Two builds of one source tree in two directories are identical byte for byte, and do not change the tree.

SPDX-License-Identifier: LGPL-2.1-or-later
"""

from pathlib import Path
from typing import Dict, List, Tuple

import pytest
from buildtree import BuildTree

# Debug information contains directory names; with LTO, the compiler runs again at link time.
KINDS = {
    "plain": ["CFLAGS=-O1 -g"],
    "LTO": ["CFLAGS=-O1 -g", "--enable-lto"],
}


def state(directory: Path) -> Dict[str, Tuple[int, int]]:
    """Return the state of a directory, which differs after a change of any file."""
    entries = (path for path in [directory, *directory.rglob("*")] if "__pycache__" not in path.parts)
    return {str(path): (path.stat().st_mtime_ns, path.stat().st_size) for path in entries}


@pytest.fixture(scope="module", params=KINDS)
def pair(request: "pytest.FixtureRequest", source: Path, tmp_path_factory: "pytest.TempPathFactory") -> List[BuildTree]:
    """Builds in directories of different depth, with one and with sixteen jobs, and in different environments."""
    base = tmp_path_factory.mktemp("pair")
    before = state(source)
    trees = []
    for name, jobs, changes in (
            ("one", "-j1", {"PYTHONHASHSEED": "1", "TZ": "UTC"}),
            ("some/where/else", "-j16", {"PYTHONHASHSEED": "2", "TZ": "Asia/Tokyo", "LC_ALL": "C.UTF-8"})):
        tree = BuildTree(source, base / name)
        tree.configure(*KINDS[request.param], check=True, **changes)
        tree.make(jobs, check=True, **changes)
        trees.append(tree)
    assert state(source) == before
    return trees


@pytest.mark.parametrize("pattern", ["src/*.so", "python/*.py", "python/*-stubs/*.pyi", "src/*.c", "src/*.h"])
def test_outputs_are_identical(pair: List[BuildTree], pattern: str) -> None:
    one, other = ([*sorted(tree.directory.glob(pattern))] for tree in pair)
    assert len(one) >= 3
    assert [path.name for path in one] == [path.name for path in other]
    assert [path.name for path, twin in zip(one, other) if path.read_bytes() != twin.read_bytes()] == []


@pytest.mark.parametrize("pattern", ["src/*.so", "python/*.py", "python/*-stubs/*.pyi", "src/*.c", "src/*.h"])
def test_outputs_do_not_contain_build_paths(pair: List[BuildTree], pattern: str) -> None:
    for tree in pair:
        for path in tree.directory.glob(pattern):
            content = path.read_bytes()
            assert str(tree.directory).encode() not in content, path
            assert str(tree.source).encode() not in content, path


def test_paths_are_kept_if_prefix_map_is_disabled(source: Path, tmp_path: Path) -> None:
    """rpm's debugsource package needs the build directory in the debug information."""
    tree = BuildTree(source, tmp_path / "build")
    tree.configure("CFLAGS=-O1 -g", "--disable-prefix-map")
    tree.make("-j8", "src/libvirtmod.so")
    module = next(tree.directory.glob("src/libvirtmod.so"))
    assert str(tree.directory).encode() in module.read_bytes()
