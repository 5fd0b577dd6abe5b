"""Two builds of one source tree, in two directories, are the same byte for byte and leave it alone.

SPDX-License-Identifier: LGPL-2.1-or-later
"""

from pathlib import Path
from typing import Dict, List, Tuple

import pytest
from buildtree import BuildTree

# Debug information is what tells of directories; the link compiles again with LTO.
KINDS = {
    "plain": ["CFLAGS=-O1 -g"],
    "LTO": ["CFLAGS=-O1 -g", "--enable-lto"],
}


def state(directory: Path) -> Dict[str, Tuple[int, int]]:
    """What is in the directory: a change of any file changes it."""
    entries = (path for path in [directory, *directory.rglob("*")] if "__pycache__" not in path.parts)
    return {str(path): (path.stat().st_mtime_ns, path.stat().st_size) for path in entries}


@pytest.fixture(scope="module", params=KINDS)
def pair(request: "pytest.FixtureRequest", source: Path, tmp_path_factory: "pytest.TempPathFactory") -> List[BuildTree]:
    """Two directories of different depth, made by one job and by sixteen, in different surroundings."""
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
def test_same_bytes(pair: List[BuildTree], pattern: str) -> None:
    one, other = ([*sorted(tree.directory.glob(pattern))] for tree in pair)
    assert len(one) >= 3
    assert [path.name for path in one] == [path.name for path in other]
    assert [path.name for path, twin in zip(one, other) if path.read_bytes() != twin.read_bytes()] == []


@pytest.mark.parametrize("pattern", ["src/*.so", "python/*.py", "python/*-stubs/*.pyi", "src/*.c", "src/*.h"])
def test_no_path_of_the_build(pair: List[BuildTree], pattern: str) -> None:
    for tree in pair:
        for path in tree.directory.glob(pattern):
            content = path.read_bytes()
            assert str(tree.directory).encode() not in content, path
            assert str(tree.source).encode() not in content, path


def test_the_paths_stay_for_a_tool_that_replaces_them(source: Path, tmp_path: Path) -> None:
    """rpm's debugsource package has the sources that debug information names below the directory of the build."""
    tree = BuildTree(source, tmp_path / "build")
    tree.configure("CFLAGS=-O1 -g", "--disable-prefix-map")
    tree.make("-j8", "src/libvirtmod.so")
    module = next(tree.directory.glob("src/libvirtmod.so"))
    assert str(tree.directory).encode() in module.read_bytes()
