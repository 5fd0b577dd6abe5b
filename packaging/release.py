# SPDX-License-Identifier: LGPL-2.1-or-later
"""Make the files of a release from the commit that is checked out, and check them.

"make release" runs this program; RELEASING.md says what comes before and after it. The files are in release/ in the
build directory: the tarball, a bill of materials (CycloneDX), the notes cut from NEWS.md, and their checksums. With a
key, the tarball and the checksums are signed, and the commit gets a signed tag. A rehearsal does all but that.
"""

import argparse
import datetime
import hashlib
import importlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import uuid
from pathlib import Path
from typing import Any, Dict, List, Optional

from project import TOP, Project

CHECK = TOP / "qa" / "packaging" / "release"


def run(*command: object, cwd: Path, env: Optional[Dict[str, str]] = None) -> str:
    """Run a command, and return its output. If it fails, print its output and exit."""
    words = [str(word) for word in command]
    print("+", *words, flush=True)
    done = subprocess.run(words, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        sys.exit(f"{done.stdout}release: this command failed with status {done.returncode}: {' '.join(words)}")
    return done.stdout


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def tarball(project: Project, commit: str, epoch: str, directory: Path) -> Path:
    """Make the tarball from an archive of the commit, below the directory."""
    source, build = directory / "source", directory / "build"
    for place in (source, build):
        place.mkdir(parents=True)
    run("git", "archive", "--output", directory / "source.tar", commit, cwd=TOP)
    run("tar", "-xf", directory / "source.tar", cwd=source)
    run("./bootstrap", cwd=source)
    run(source / "configure", f"PYTHON={sys.executable}", cwd=build)
    run("make", "dist", cwd=build, env={**os.environ, "SOURCE_DATE_EPOCH": epoch})
    return build / f"{project.values['source-name']}-{project.version}.tar.xz"


def notes(project: Project, news: str) -> str:
    """Return the section of NEWS.md about this version."""
    found = re.search(rf"^## {re.escape(project.version)} .*?(?=^## |\Z)", news, re.M | re.S)
    if found is None:
        sys.exit(f"release: NEWS.md says nothing about {project.version}")
    return f"# {project.values['source-name']} " + found[0][len("## "):].rstrip() + "\n"


def sbom(project: Project, archive: Path, epoch: str) -> Dict[str, Any]:
    """Return the software bill of materials in the form of CycloneDX: the tarball, and what the modules link."""
    name, version, checksum = project.values["source-name"], project.version, digest(archive)
    minimum = re.search(r"^m4_define\(\[LVPY_LIBVIRT_MINIMUM\], \[(.*)\]\)$",
                        (TOP / "m4" / "libvirt.m4").read_text(encoding="utf-8"), re.M)
    assert minimum is not None
    reference = f"{name}@{version}"

    def linked(what: str, least: str, licence: str, text: str) -> Dict[str, Any]:
        return {"type": "library", "bom-ref": what, "name": what, "description": text, "scope": "required",
                "licenses": [{"license": {"id": licence}}], "properties": [{"name": "minimum-version", "value": least}]}

    components = [
        linked("libvirt", minimum[1], "LGPL-2.1-or-later", "Linked dynamically: the libvirt of the system."),
        linked("python", str(project.table["requires-python"]).lstrip(">="), "PSF-2.0",
               "The interpreter that loads the modules; they use its C API."),
    ]
    kinds = {"website": "homepage", "vcs": "source", "issue-tracker": "issues", "documentation": "documentation",
             "release-notes": "changelog"}
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{archive.name}#{checksum}')}",
        "version": 1,
        "metadata": {
            "timestamp": datetime.datetime.fromtimestamp(int(epoch), datetime.timezone.utc).isoformat(),
            "component": {
                "type": "library",
                "bom-ref": reference,
                "name": name,
                "version": version,
                "description": project.values["description"],
                "copyright": project.values["copyright"],
                "licenses": [{"license": {"id": project.values["license"]}}],
                "hashes": [{"alg": "SHA-256", "content": checksum}],
                "purl": f"pkg:generic/{reference}?checksum=sha256:{checksum}",
                "externalReferences": [
                    *({"type": kind, "url": project.values[value]} for kind, value in kinds.items()),
                    {"type": "distribution", "url": f"{project.values['download']}/{archive.name}",
                     "hashes": [{"alg": "SHA-256", "content": checksum}]},
                ],
            },
        },
        "components": components,
        "dependencies": [{"ref": reference, "dependsOn": [part["bom-ref"] for part in components]},
                         *({"ref": part["bom-ref"], "dependsOn": []} for part in components)],
    }


def validate(text: str) -> Optional[str]:
    """Return what is wrong with a document by the schema of CycloneDX, or None. May raise ImportError."""
    schema = importlib.import_module("cyclonedx.schema")
    validation = importlib.import_module("cyclonedx.validation.json")
    wrong = validation.JsonStrictValidator(schema.SchemaVersion.V1_5).validate_str(text)
    return None if wrong is None else str(wrong)


def check_sbom(text: str, rehearsal: bool) -> None:
    try:
        wrong = validate(text)
    except ImportError:
        if not rehearsal:
            sys.exit("release: a release needs python3-cyclonedx-lib, to check the bill of materials by its schema")
        print("release: the schema of the bill of materials was not checked: python3-cyclonedx-lib is not installed")
        return
    if wrong is not None:
        sys.exit(f"release: the bill of materials does not fit the schema: {wrong}")


def sign(path: Path, key: str) -> Path:
    """Write and verify a detached signature."""
    signature = path.with_name(f"{path.name}.asc")
    run("gpg", "--batch", "--yes", "--local-user", key, "--armor", "--detach-sign", "--output", signature, path,
        cwd=path.parent)
    run("gpg", "--batch", "--verify", signature, path, cwd=path.parent)
    return signature


def tag(repository: Path, name: str, key: str, text: Path) -> None:
    """Create and verify a signed tag of the current commit."""
    run("git", "tag", "--sign", "--local-user", key, "--cleanup=whitespace", "--file", text, name, cwd=repository)
    run("git", "tag", "--verify", name, cwd=repository)


def check_repository(name: str) -> None:
    if not (TOP / ".git").exists():
        sys.exit("release: this needs a git checkout")
    changed = run("git", "status", "--porcelain", cwd=TOP)
    if changed:
        sys.exit(f"release: these changes are not committed:\n{changed}")
    if run("git", "tag", "--list", name, cwd=TOP):
        sys.exit(f"release: the tag {name} exists already")


def make_files(project: Project, epoch: str, archive: Path, directory: Path, rehearsal: bool) -> List[Path]:
    """Write notes, bill of materials and checksums beside the tarball. Return all files."""
    stem = archive.name[:-len(".tar.xz")]
    files = [archive, directory / f"{stem}.cdx.json", directory / f"{stem}.notes.md"]
    text = json.dumps(sbom(project, archive, epoch), indent=2) + "\n"
    check_sbom(text, rehearsal)
    files[1].write_text(text, encoding="utf-8")
    files[2].write_text(notes(project, (TOP / "NEWS.md").read_text(encoding="utf-8")), encoding="utf-8")
    sums = directory / "SHA256SUMS"
    sums.write_text("".join(f"{digest(path)}  {path.name}\n" for path in files), encoding="utf-8")
    return [*files, sums]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--build", type=Path, required=True, metavar="DIR", help="a build directory of these sources")
    parser.add_argument("--key", help="the OpenPGP key that signs the release")
    parser.add_argument("--rehearsal", action="store_true",
                        help="leave out signatures, the tag, and checks that can only pass on the day of the release")
    given = parser.parse_args()
    if bool(given.key) == given.rehearsal:
        parser.error("give either --key or --rehearsal")
    project = Project()
    name = f"v{project.version}"
    check_repository(name)
    commit = run("git", "rev-parse", "HEAD", cwd=TOP).strip()
    epoch = run("git", "log", "-1", "--format=%ct", commit, cwd=TOP).strip()
    directory = given.build / "release"
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir()
    with tempfile.TemporaryDirectory() as made:
        one, other = (tarball(project, commit, epoch, Path(made, part)) for part in ("one", "at/some-other-place"))
        if digest(one) != digest(other):
            sys.exit("release: two tarballs of the same commit differ")
        archive = Path(shutil.copy(one, directory))
    command = [sys.executable, str(CHECK), "--tarball", str(archive), "--build", str(given.build)]
    if subprocess.run([*command, *(["--rehearsal"] if given.rehearsal else [])], check=False).returncode:
        sys.exit("release: a check failed, see above")
    files = make_files(project, epoch, archive, directory, given.rehearsal)
    if given.key:
        files += [sign(archive, given.key), sign(files[-1], given.key)]
        tag(TOP, name, given.key, files[2])
    print(f"\nThe release of {commit}{' (a rehearsal)' if given.rehearsal else f', tagged {name},'} is in {directory}:")
    print(*(f"  {path.name}" for path in files), sep="\n")


if __name__ == "__main__":
    main()
