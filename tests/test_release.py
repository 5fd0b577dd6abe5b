"""The files of a release: notes, bill of materials, checksums, signatures and the tag.

SPDX-License-Identifier: LGPL-2.1-or-later
"""

import hashlib
import importlib
import json
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Iterator

import pytest

TOP = Path(__file__).resolve().parents[1]
EPOCH = "1700000000"


@pytest.fixture(scope="module")
def release() -> Iterator[ModuleType]:
    sys.path.insert(0, str(TOP / "packaging"))
    try:
        yield importlib.import_module("release")
    finally:
        sys.path.remove(str(TOP / "packaging"))


@pytest.fixture
def archive(release: ModuleType, tmp_path: Path) -> Path:
    project = release.Project()
    result = tmp_path / f"{project.values['source-name']}-{project.version}.tar.xz"
    result.write_bytes(b"a tarball")
    return result


def test_notes_are_the_section_of_the_version(release: ModuleType) -> None:
    project = release.Project()
    name, version = project.values["source-name"], project.version
    section = "First\n\n- one\n- two"
    later, before = f"## {version}0 (later)\n\nlater", "## 1.0 (before)\n\nbefore"
    news = f"# News\n\n{later}\n\n## {version} (a day)\n\n{section}\n\n{before}\n"
    assert release.notes(project, news) == f"# {name} {version} (a day)\n\n{section}\n"
    with pytest.raises(SystemExit, match="NEWS.md says nothing"):
        release.notes(project, f"# News\n\n## {version}0 (later)\n")


def test_news_has_notes_of_this_version(release: ModuleType) -> None:
    text = release.notes(release.Project(), (TOP / "NEWS.md").read_text(encoding="utf-8"))
    assert len(text.splitlines()) > 3


def test_files_of_a_release(release: ModuleType, archive: Path) -> None:
    files = release.make_files(release.Project(), EPOCH, archive, archive.parent, True)
    assert sorted(files) == sorted(archive.parent.iterdir())
    sums = {name: digest for digest, name in (
        line.split("  ") for line in files[-1].read_text(encoding="utf-8").splitlines())}
    assert sums == {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files[:-1]}
    assert len(sums) == 3


def test_bill_of_materials(release: ModuleType, archive: Path) -> None:
    project = release.Project()
    bill = release.sbom(project, archive, EPOCH)
    assert bill == release.sbom(project, archive, EPOCH) == json.loads(json.dumps(bill))
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.5")
    own = bill["metadata"]["component"]
    assert (own["name"], own["version"]) == (project.values["source-name"], project.version)
    assert own["hashes"] == [{"alg": "SHA-256", "content": hashlib.sha256(b"a tarball").hexdigest()}]
    assert [(part["name"], part["properties"][0]["value"]) for part in bill["components"]] == [
        ("libvirt", "7.0.0"), ("python", "3.9")]
    known = {own["bom-ref"], *(part["bom-ref"] for part in bill["components"])}
    edges = {edge["ref"]: edge["dependsOn"] for edge in bill["dependencies"]}
    assert set(edges) == known and set(edges[own["bom-ref"]]) == known - {own["bom-ref"]}
    assert bill["metadata"]["timestamp"] == "2023-11-14T22:13:20+00:00"


def test_bill_of_materials_fits_the_schema(release: ModuleType, archive: Path) -> None:
    pytest.importorskip("cyclonedx.validation.json", reason="python3-cyclonedx-lib is not installed")
    text = json.dumps(release.sbom(release.Project(), archive, EPOCH))
    assert release.validate(text) is None
    assert release.validate(text.replace('"library"', '"no type"')) is not None


@pytest.fixture
def key(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    """A new key, in a directory of its own."""
    for tool in ("gpg", "gpgconf", "git"):
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is not installed")
    home = tmp_path / "gnupg"
    home.mkdir(mode=0o700)
    monkeypatch.setenv("GNUPGHOME", str(home))
    user = "Test <test@localhost>"
    subprocess.run(["gpg", "--batch", "--quiet", "--passphrase", "", "--quick-generate-key", user, "ed25519"],
                   check=True)
    yield user
    subprocess.run(["gpgconf", "--kill", "gpg-agent"], check=True)


def test_signatures(release: ModuleType, archive: Path, key: str) -> None:
    signature = release.sign(archive, key)
    assert signature == archive.with_name(f"{archive.name}.asc") and b"BEGIN PGP SIGNATURE" in signature.read_bytes()
    archive.write_bytes(b"another tarball")
    assert subprocess.run(["gpg", "--verify", signature, archive], check=False).returncode != 0


def test_signed_tag(release: ModuleType, tmp_path: Path, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    repository = tmp_path / "repository"
    settings = ["-c", "user.name=Test", "-c", "user.email=test@localhost"]
    subprocess.run(["git", "init", "--quiet", repository], check=True)
    subprocess.run(["git", *settings, "commit", "--quiet", "--allow-empty", "--message=First"], cwd=repository,
                   check=True)
    monkeypatch.setenv("GIT_COMMITTER_NAME", "Test")
    monkeypatch.setenv("GIT_COMMITTER_EMAIL", "test@localhost")
    text = tmp_path / "notes"
    text.write_text("# Name 1\n\n- one\n", encoding="utf-8")
    release.tag(repository, "v1", key, text)
    shown = subprocess.run(["git", "tag", "--list", "--format=%(contents)", "v1"], cwd=repository, check=True,
                           stdout=subprocess.PIPE, text=True).stdout
    assert shown.startswith("# Name 1\n\n- one\n") and "BEGIN PGP SIGNATURE" in shown


def test_either_a_key_or_a_rehearsal(release: ModuleType) -> None:
    program = str(release.__file__)
    for arguments in ("", "--key=K --rehearsal"):
        done = subprocess.run([sys.executable, program, "--build=.", *arguments.split()], check=False, text=True,
                              stderr=subprocess.PIPE)
        assert done.returncode == 2 and "either --key or --rehearsal" in done.stderr
