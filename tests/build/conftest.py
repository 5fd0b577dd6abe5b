"""Fixtures of the build tests: a copy of the source tree, and one build of it.

SPDX-License-Identifier: LGPL-2.1-or-later
"""

import os
import shutil
from pathlib import Path

import pytest
from buildtree import PYTHON, SOURCE, BuildTree, tested_build
from generator.bindings import modules
from toollog import ToolLog


@pytest.fixture(scope="session")
def tested() -> BuildTree:
    """The build tree under test, which is configured and must not be changed."""
    directory = tested_build()
    if directory is None:
        pytest.skip("nothing is configured: run configure and make first")
    if shutil.which("make") is None:
        pytest.skip("make is not installed")
    return BuildTree(SOURCE, directory)


@pytest.fixture(scope="session")
def source(tested: BuildTree, tmp_path_factory: "pytest.TempPathFactory") -> Path:
    """A copy of the source tree, made as for a tarball: it contains no built files, and tests may change it."""
    directory = tmp_path_factory.mktemp("source") / "tree"
    tested.make("distdir", f"distdir={directory}")
    # If the tested source tree is read-only, so is the copy.
    for path in [directory, *directory.rglob("*")]:
        path.chmod(path.stat().st_mode | 0o200)
    return directory


@pytest.fixture(scope="session")
def tools(tmp_path_factory: "pytest.TempPathFactory") -> ToolLog:
    """Wrappers for the compiler, the archiver and Python."""
    log = ToolLog(tmp_path_factory.mktemp("tools"))
    log.cc = log.wrap("cc", os.environ.get("CC") or "gcc")
    log.ar = log.wrap("ar", "ar")
    log.python = log.wrap("generator", PYTHON)
    return log


@pytest.fixture(scope="session")
def built(tested: BuildTree, source: Path, tools: ToolLog, tmp_path_factory: "pytest.TempPathFactory") -> BuildTree:
    """A complete build, made with eight jobs and the wrapped tools; built.calls has the calls of the tools."""
    tree = BuildTree(source, tmp_path_factory.mktemp("built"))
    # Copies of the API descriptions, which tests may touch.
    tree.xml = tmp_path_factory.mktemp("xml")
    for name in modules.ALL:
        path = tested.variable(f"{name.upper()}_API_XML")
        if os.path.exists(path):
            shutil.copy(path, tree.xml)
    tree.configure(
        f"CC={tools.cc}", f"AR={tools.ar}", f"PYTHON={tools.python}", "CFLAGS=-O0",
        f"--with-libvirt-api-xml={tree.xml / 'libvirt-api.xml'}")
    tools.take()
    tree.make("-j8")
    tree.calls = tools.take()
    return tree


@pytest.fixture
def up_to_date(built: BuildTree, tools: ToolLog) -> BuildTree:
    """The complete build, up to date, with an empty record of calls."""
    built.make("-j8")
    tools.take()
    return built


@pytest.fixture(scope="module")
def complete(built: BuildTree) -> BuildTree:
    """The complete build, made again if other tests have cleaned it."""
    if not all(built.variable(f"{name.upper()}_LIBS") for name in modules.ALL):
        pytest.skip("this libvirt does not have all of its libraries")
    built.make("-j8")
    return built
