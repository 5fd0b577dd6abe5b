"""The identity of the project: its names and addresses, and the order of its versions.

SPDX-License-Identifier: LGPL-2.1-or-later
"""

import fnmatch
import importlib
import importlib.util
import itertools
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Callable, Dict, List

import pytest

TOP = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def module() -> ModuleType:
    spec = importlib.util.spec_from_file_location("project", TOP / "packaging" / "project.py")
    assert spec is not None and spec.loader is not None
    result = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(result)
    return result


def test_pyproject_is_read_like_toml(module: ModuleType) -> None:
    """The reader of project.py leaves out no table and no key, and finds the same values as a parser of TOML."""
    if sys.version_info < (3, 11):
        pytest.skip("this Python has no parser of TOML")
    tomllib = importlib.import_module("tomllib")

    def flat(prefix: str, table: Dict[str, object]) -> Dict[str, object]:
        result: Dict[str, object] = {}
        for name, value in table.items():
            if isinstance(value, list) and value and isinstance(value[0], dict):
                [value] = value
            result.update(flat(f"{prefix}{name}.", value) if isinstance(value, dict) else {f"{prefix}{name}": value})
        return result
    text = (TOP / "pyproject.toml").read_text(encoding="utf-8")
    found = {f"{name}.{key}": value for name, table in module.tables(text).items() for key, value in table.items()}
    assert found == flat("", tomllib.loads(text))


def test_sources_have_a_name_of_their_own(module: ModuleType) -> None:
    project = module.Project()
    assert project.values["source-name"] != project.values["name"] == "libvirt-python"


def test_all_files_have_the_same_copyright_and_licence(module: ModuleType, tmp_path: Path) -> None:
    """The file that REUSE reads, and Debian's, say of all files what pyproject.toml says."""
    project = module.Project()
    project.recipes(tmp_path)
    stanza = f"Files: *\nCopyright: {project.values['copyright']}\nLicense: {project.values['license']}\n"
    for path in (TOP / ".reuse" / "dep5", tmp_path / "debian" / "copyright"):
        text = path.read_text(encoding="utf-8")
        assert stanza in text and text.count("Files:") == 1
    assert (TOP / "LICENSES" / f"{project.values['license']}.txt").read_bytes() == (TOP / "COPYING").read_bytes()


def test_recipes_are_complete(module: ModuleType, tmp_path: Path) -> None:
    project = module.Project()
    project.recipes(tmp_path)
    texts = {path: path.read_text(encoding="utf-8") for path in tmp_path.rglob("*") if path.is_file()}
    assert {path.relative_to(tmp_path).parts[0] for path in texts} == set(module.RECIPES)
    for path, text in texts.items():
        assert path.suffix != ".in" and not re.search(r"@[a-z][a-z-]*@", text), path
    named = {name: [path.name for path, text in texts.items() if project.values[name] in text]
             for name in ("version", "homepage", "maintainer-email", "download", "source-name")}
    assert {name: len(found) >= 4 for name, found in named.items()} == dict.fromkeys(named, True), named


def test_recipes_have_all_modules(module: ModuleType, tmp_path: Path) -> None:
    """The package of the spec file has each file of each module, and the recipe of Nix imports each module."""
    project = module.Project()
    project.recipes(tmp_path)
    names = module.installed_names()
    assert {"libvirt", "libvirt_enums", "libvirt_lxc", "libvirtaio"} < set(names)
    spec = next((tmp_path / "rpm").glob("*.spec")).read_text(encoding="utf-8")
    patterns = re.findall(r"^%\{python3_sitearch\}/(.*)$", spec, re.M)
    extensions = [name.replace("libvirt", "libvirtmod", 1) for name in names if name in ("libvirt", "libvirt_lxc")]
    files = [form.format(name) for name in names for form in ("{}.py", "{}-stubs/", "__pycache__/{}.cpython-311.pyc")]
    files += [f"{name}.cpython-311-x86_64-linux-gnu.so" for name in extensions]
    assert [name for name in files if not any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)] == []
    imports = (tmp_path / "nix" / "default.nix").read_text(encoding="utf-8").partition("pythonImportsCheck = [")[2]
    assert re.findall(r'"(\w+)"', imports.partition("]")[0]) == names


def test_nobody_else_is_named(module: ModuleType, tmp_path: Path) -> None:
    """No recipe and no metadata name the libvirt project's servers and lists as the origin of these sources."""
    project = module.Project()
    project.recipes(tmp_path)
    texts = [path.read_text(encoding="utf-8") for path in tmp_path.rglob("*") if path.is_file()]
    texts.append(project.metadata().partition("\n\n")[0])
    assert not [text for text in texts if "libvirt.org" in text]


def test_documents_name_only_known_addresses(module: ModuleType) -> None:
    """The address of SECURITY.md, and any other address of the project, is one of pyproject.toml."""
    text = (TOP / "pyproject.toml").read_text(encoding="utf-8")
    domain = module.Project().values["security"].partition("@")[2]
    address = rf"[\w.:/@-]*{re.escape(domain)}(?:/[\w./-]*\w)?"
    named = {name: set(re.findall(address, (TOP / name).read_text(encoding="utf-8")))
             for name in ("README.md", "SECURITY.md", "NEWS.md", "AUTHORS", "RELEASING.md", "docs/packaging.md")}
    assert named["SECURITY.md"] and not {name: found for name, found in named.items()
                                         if any(one not in text for one in found)}


def test_links_in_the_description_are_absolute(module: ModuleType) -> None:
    project = module.Project()
    description = project.metadata().partition("\n\n")[2]
    targets = re.findall(r"\]\(([^)]*)\)", description)
    relative = re.findall(r"\]\(([^)]*)\)", (TOP / "README.md").read_text(encoding="utf-8"))
    assert len(targets) == len(relative) > 10
    for target, original in zip(targets, relative):
        assert target in (original, f"{project.fill(project.values['files'])}/{original}")
        assert re.match(r"https://|#", target)
    files = [name.partition("#")[0] for name in relative if not re.match(r"https?:|#", name)]
    assert [name for name in files if not (TOP / name).exists()] == []


def test_version_names_the_newest_known_api(module: ModuleType) -> None:
    known = max((path.stem for path in (TOP / "tests" / "api").glob("*.json")),
                key=lambda name: [int(part) for part in name.split(".")])
    assert module.Project().level == known


def pep440(older: str, newer: str) -> bool:
    from packaging.version import Version  # pylint: disable=import-outside-toplevel
    return Version(older) < Version(newer)


def dpkg(older: str, newer: str) -> bool:
    return subprocess.run(["dpkg", "--compare-versions", older, "lt", newer], check=False).returncode == 0


def rpm(older: str, newer: str) -> bool:
    script = f"%{{lua:print(rpm.vercmp('{older}', '{newer}'))}}"
    return subprocess.run(["rpm", "--eval", script], stdout=subprocess.PIPE, text=True, check=True).stdout == "-1\n"


def pacman(older: str, newer: str) -> bool:
    return subprocess.run(["vercmp", older, newer], stdout=subprocess.PIPE, text=True, check=True).stdout == "-1\n"


@pytest.mark.parametrize("before, program", [(pep440, None), (dpkg, "dpkg"), (rpm, "rpm"), (pacman, "vercmp")])
def test_version_is_between_the_reference_and_the_next_one(
        module: ModuleType, before: Callable[[str, str], bool], program: str) -> None:
    if program and shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    if not program:
        pytest.importorskip("packaging", reason="packaging is not installed")
    project = module.Project()
    number = int(project.version[len(project.level) + 1:])
    major, minor, micro = map(int, project.level.split("."))
    ordered: List[str] = [
        f"{major - 1}.9.0", project.level, project.version, f"{project.level}.{number + 1}",
        f"{project.level}.{number + 10}", f"{major}.{minor}.{micro + 1}", f"{major}.{minor + 1}.0", f"{major + 1}.0.0"]
    assert all(before(*pair) and not before(*reversed(pair)) for pair in itertools.combinations(ordered, 2))


@pytest.mark.parametrize("revision", ["1", "1+b1", "99"])
def test_version_is_newer_than_any_revision_of_the_reference(module: ModuleType, revision: str) -> None:
    if shutil.which("dpkg") is None:
        pytest.skip("dpkg is not installed")
    project = module.Project()
    older, newer = f"{project.level}-{revision}", f"{project.version}-0~1"
    assert dpkg(older, newer) and not dpkg(newer, older)
