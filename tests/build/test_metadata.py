"""What Python's packaging tools see of an installation.

SPDX-License-Identifier: LGPL-2.1-or-later
"""

import importlib.metadata
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from buildtree import PYTHON, BuildTree, environment
from installed import MODULES, Installed, install


@pytest.fixture(scope="module")
def installed(complete: BuildTree, tmp_path_factory: "pytest.TempPathFactory") -> Installed:
    return install(complete, tmp_path_factory.mktemp("installed"))


@pytest.fixture(scope="module")
def distribution(complete: BuildTree, installed: Installed) -> importlib.metadata.Distribution:
    place = installed.real(complete.variable("pyexecdir"))
    return next(iter(importlib.metadata.distributions(name="libvirt-python", path=[str(place)])))


def test_name_version_and_licence(complete: BuildTree, distribution: importlib.metadata.Distribution) -> None:
    metadata = distribution.metadata
    assert metadata["Name"] == "libvirt-python"
    assert distribution.version == complete.variable("VERSION")
    assert (metadata["License-Expression"], metadata["License-File"]) == ("LGPL-2.1-or-later", "COPYING")
    assert metadata["Requires-Python"] == ">=3.9"
    assert "Typing :: Typed" in metadata.get_all("Classifier", [])
    assert distribution.requires is None


def test_addresses(distribution: importlib.metadata.Distribution) -> None:
    urls = [entry.split(", ") for entry in distribution.metadata.get_all("Project-URL", [])]
    assert [name for name, _ in urls] == ["Homepage", "Documentation", "Source", "Issues", "Changelog"]
    assert all(url.startswith("https://") for _, url in urls)


def test_description_is_the_readme(complete: BuildTree, distribution: importlib.metadata.Distribution) -> None:
    """The links of the description are absolute. All else is as in README.md."""
    text = distribution.read_text("METADATA")
    readme = (complete.source / "README.md").read_text(encoding="utf-8")
    links = r"\]\((?!https?:|#)([^)]*)\)"
    assert text and re.findall(links, readme) and not re.findall(links, text)
    shortened = re.sub(rf"\]\(https://[^)]*/v{re.escape(distribution.version)}/", "](", text)
    assert shortened.endswith("\n\n" + readme)


def test_names_are_those_of_the_recipes(complete: BuildTree, installed: Installed) -> None:
    """The recipes get the names of the Python files from a reader of Makefile.am's lists."""
    sys.path.insert(0, str(complete.source / "packaging"))
    try:
        from project import installed_names  # pylint: disable=import-outside-toplevel
    finally:
        del sys.path[0]
    assert installed_names() == [os.path.basename(name)[:-len(".py")] for name in installed.python]


def test_top_level_modules_are_listed(installed: Installed, distribution: importlib.metadata.Distribution) -> None:
    names = sorted(MODULES + [os.path.basename(name)[:-len(".py")] for name in installed.python])
    assert (distribution.read_text("top_level.txt") or "").split() == names


def test_pip_cannot_uninstall(installed: Installed, distribution: importlib.metadata.Distribution) -> None:
    """pip needs a RECORD to uninstall; without one, it names the installer."""
    assert distribution.read_text("INSTALLER") == "make\n"
    assert sorted(os.path.basename(name) for name in installed.metadata) == [
        "COPYING", "INSTALLER", "METADATA", "top_level.txt"]


def test_metadata_do_not_depend_on_python_or_machine(complete: BuildTree, installed: Installed) -> None:
    for name in installed.metadata:
        text = installed.real(name).read_text(encoding="utf-8")
        assert complete.variable("PYTHON_EXT_SUFFIX") not in text and str(complete.directory) not in text


def test_installer_name_can_be_changed(complete: BuildTree, tmp_path: Path) -> None:
    tree = BuildTree(complete.source, tmp_path / "build")
    tree.configure("--with-installer=portage", "--without-lxc")
    tree.make("packaging/INSTALLER", "packaging/top_level.txt")
    assert (tree.directory / "packaging" / "INSTALLER").read_text() == "portage\n"
    assert "lxc" not in (tree.directory / "packaging" / "top_level.txt").read_text()


@pytest.mark.parametrize("arguments", ["list", "show libvirt-python"])
def test_pip_lists_it(complete: BuildTree, installed: Installed, arguments: str) -> None:
    place = installed.real(complete.variable("pyexecdir"))
    if subprocess.run([PYTHON, "-m", "pip", "--version"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                      check=False).returncode:
        pytest.skip("this Python has no pip")
    done = subprocess.run([PYTHON, "-m", "pip", "--disable-pip-version-check", *arguments.split()], text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment(PYTHONPATH=str(place)),
                          check=False)
    assert done.returncode == 0 and "libvirt-python" in done.stdout, done.stdout
