"""Every source is compiled exactly once, and every output is written by one job, so that parallel builds work.

SPDX-License-Identifier: LGPL-2.1-or-later
"""

import os
import re
import time
from collections import Counter
from pathlib import Path
from typing import Dict, Set

import pytest
from buildtree import BuildTree
from toollog import ToolLog


def more_than_once(counter: "Counter[str]") -> Dict[str, int]:
    return {name: count for name, count in counter.items() if count != 1}


def touch(path: Path) -> None:
    """Make the file newer than everything that was built, even on file systems with coarse timestamps."""
    time.sleep(0.1)
    path.touch()


def test_every_source_is_compiled_once(built: BuildTree) -> None:
    compiled = built.calls.compiled()
    handwritten = {path.name for path in built.source.glob("src/*.c")}
    included = Counter(name for path in built.directory.glob("src/*.c")
                       for name in re.findall(r'^#include "(.*\.c)"$', path.read_text(), re.MULTILINE))
    assert handwritten == {os.path.basename(name) for name in compiled if "/src/libvirtmod" not in name} | set(included)
    assert more_than_once(compiled) == {} and more_than_once(included) == {}
    assert len(compiled) <= 15  # each one reads all headers again


def test_every_output_is_written_by_one_job(built: BuildTree) -> None:
    assert more_than_once(built.calls.written()) == {}


def test_every_output_of_the_build_is_recorded(built: BuildTree) -> None:
    """Without this, the two tests above would pass if the build did not use the wrapped tools."""
    written = built.calls.written()
    for pattern in ("src/*.c", "src/*.h", "python/*.py", "python/libvirt*_*/*.pyi",
                    "src/*.o", "src/.libs/*.o", "src/.libs/*.a", "src/*.so"):
        found = {os.path.realpath(path) for path in built.directory.glob(pattern)}
        assert found and found <= set(written), pattern


def test_second_make_does_nothing(up_to_date: BuildTree, tools: ToolLog) -> None:
    before = {name: (up_to_date.directory / name).stat().st_mtime_ns for name in up_to_date.files()}
    up_to_date.make("-j8")
    assert tools.take().calls == []
    assert before == {name: (up_to_date.directory / name).stat().st_mtime_ns for name in up_to_date.files()}


def test_silent_make_prints_nothing(up_to_date: BuildTree) -> None:
    (up_to_date.directory / "src" / "calls.lo").unlink()
    (up_to_date.directory / "python" / "libvirt.py").unlink()
    assert up_to_date.make("-s", "-j4").stdout == ""
    (up_to_date.directory / "src" / "calls.lo").unlink()
    assert "  CC       src/calls.lo\n" in up_to_date.make("-j4").stdout


@pytest.mark.parametrize("name", ["libvirt-utils.c", "typewrappers.c"])
def test_shared_source_is_recompiled_once_and_each_module_relinked(up_to_date: BuildTree, tools: ToolLog,
                                                                   name: str) -> None:
    modules = sorted(path.name for path in up_to_date.directory.glob("src/*.so"))
    touch(up_to_date.source / "src" / name)
    up_to_date.make("-j8")
    calls = tools.take()
    assert calls.compiled() == {os.path.realpath(up_to_date.source / "src" / name): 1}
    assert calls.linked() == modules


def generated(tree: BuildTree) -> Set[str]:
    return {os.path.realpath(tree.directory / name) for name in tree.variable("BUILT_FILES").split()}


def test_touched_generator_makes_every_generated_file_again(up_to_date: BuildTree, tools: ToolLog) -> None:
    touch(up_to_date.source / "generator" / "naming.py")
    up_to_date.make("-j8", *up_to_date.variable("BUILT_FILES").split())
    written = tools.take().written(["generator"])
    assert set(written) == generated(up_to_date)
    assert more_than_once(written) == {}


def test_touched_api_description_makes_every_generated_file_again(up_to_date: BuildTree, tools: ToolLog) -> None:
    touch(up_to_date.xml / "libvirt-api.xml")
    up_to_date.make("-j8", *up_to_date.variable("BUILT_FILES").split())
    written = tools.take().written(["generator"])
    assert set(written) == generated(up_to_date)


def test_touched_fragment_does_not_recompile_c_sources(up_to_date: BuildTree, tools: ToolLog) -> None:
    fragments = up_to_date.variable("PYTHON_FRAGMENTS").split()
    touch(up_to_date.source / fragments[0])
    up_to_date.make("-j8")
    calls = tools.take()
    assert calls.compiled() == {}
    assert {os.path.basename(name) for name in calls.written()} >= {"libvirt.py"}


def test_clean_leaves_no_output(up_to_date: BuildTree) -> None:
    up_to_date.make("clean")
    left = [name for name in up_to_date.files() if name.startswith(("src/", "python/", "generator/"))]
    assert [name for name in left if "/.deps/" not in name and not name.endswith(".dirstamp")] == []


@pytest.mark.parametrize("target", ["src/callbacks.lo", "src/libvirtmod_qemu.o"])
def test_single_object_can_be_made_from_clean(built: BuildTree, target: str) -> None:
    """The object needs the generated header before any compilation has recorded that dependency."""
    built.make("clean")
    built.make(target)
