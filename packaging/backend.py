# SPDX-License-Identifier: LGPL-2.1-or-later
"""Build wheels and source distributions with configure and make, for pip and other PEP 517 frontends.

configure takes CC, CFLAGS, LDFLAGS and similar variables from the environment. There are two settings, for example
"pip install --config-settings=configure-args='--without-lxc --enable-lto' .":

    configure-args   arguments of configure, separated as in a shell
    make-args        arguments of make; default: one job for each processor

The metadata come from pyproject.toml, so that frontends can ask for them on a machine without libvirt and a compiler.
"""

import base64
import contextlib
import csv
import hashlib
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
import zipfile
from pathlib import Path
from typing import Dict, Iterator, List, Mapping, Optional, Tuple, Union

from project import TOP, Project

PROJECT = Project()
INSTALLDIR = "/wheel"
# configure refuses directories whose names contain characters that are special to the shell or to make.
UNSAFE = re.compile(r"[^\w/.,+@%=:~^-]")

# The settings that a frontend passes on from its user.
Settings = Optional[Mapping[str, Union[str, List[str]]]]
# Name in a wheel -> content and mode.
Contents = Dict[str, Tuple[bytes, int]]


def get_requires_for_build_wheel(config_settings: Settings = None) -> List[str]:
    return []


get_requires_for_build_sdist = get_requires_for_build_editable = get_requires_for_build_wheel


def _run(what: str, *command: Union[str, Path], cwd: Path) -> None:
    """Run a command. Exit if it fails; its own output says why."""
    words = shlex.join(map(str, command))
    print(f"{what}: {words}", flush=True)
    done = subprocess.run(list(map(str, command)), cwd=cwd, check=False)
    if done.returncode:
        sys.exit(f"{what} failed with status {done.returncode}, see above. The command in {cwd} was:\n{words}")


def _setting(config_settings: Settings, name: str) -> List[str]:
    """Return the arguments in a setting, which a frontend passes as a str, or as a list of them if given repeatedly."""
    given = (config_settings or {}).get(name, [])
    return [argument for text in ([given] if isinstance(given, str) else given) for argument in shlex.split(text)]


def _make_arguments(config_settings: Settings) -> List[str]:
    return _setting(config_settings, "make-args") or [f"-j{len(os.sched_getaffinity(0))}"]


@contextlib.contextmanager
def _temporary() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as directory:
        if UNSAFE.search(directory):
            sys.exit(f"set TMPDIR: configure cannot work in {directory}, because of its name")
        yield Path(directory)


@contextlib.contextmanager
def _source() -> Iterator[Path]:
    """Yield a source tree that has a configure script, in a directory that configure accepts.

    A checkout without configure is copied, not changed.
    """
    if (TOP / "configure").exists() and not UNSAFE.search(str(TOP)):
        yield TOP
        return
    with _temporary() as directory:
        copy = directory / "source"
        shutil.copytree(TOP, copy, symlinks=True, ignore=lambda place, names: {
            name for name in names if name == "__pycache__" or Path(place) == TOP and name in (".git", "build")})
        if not (copy / "configure").exists():
            _run("Creating configure", "./bootstrap", cwd=copy)
        yield copy


def _uses_stable_abi() -> bool:
    return sys.version_info >= (3, 11) and not sysconfig.get_config_var("Py_GIL_DISABLED")


def _configure(source: Path, build: Path, config_settings: Settings, *arguments: str) -> None:
    abi = ["--enable-abi3"] if _uses_stable_abi() else []
    build.mkdir(parents=True, exist_ok=True)
    _run("Configuring", source / "configure", f"PYTHON={sys.executable}", "--disable-bytecompile", *abi, *arguments,
         *_setting(config_settings, "configure-args"), cwd=build)


def _tag() -> str:
    major, minor = sys.version_info[:2]
    platform = re.sub(r"[-. ]", "_", sysconfig.get_platform())
    if _uses_stable_abi():
        return f"cp311-abi3-{platform}"
    return f"cp{major}{minor}-cp{major}{minor}{getattr(sys, 'abiflags', '')}-{platform}"


def _wheel_text(tag: str) -> str:
    return f"Wheel-Version: 1.0\nGenerator: libvirt-python\nRoot-Is-Purelib: false\nTag: {tag}\n"


def _write_wheel(directory: str, name: str, contents: Contents) -> str:
    """Write a wheel with the contents, in their order, and their RECORD. Return the name of the wheel."""
    moment = time.gmtime(max(int(os.environ.get("SOURCE_DATE_EPOCH", 0)), 315532800))[:6]  # zip's first year is 1980
    record = io.StringIO()
    rows = csv.writer(record, lineterminator="\n")
    for path, (data, _) in contents.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        rows.writerow((path, f"sha256={digest}", len(data)))
    rows.writerow((f"{PROJECT.distinfo}/RECORD", "", ""))
    temporary = Path(directory, name + ".tmp")
    with zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive:
        recorded = {f"{PROJECT.distinfo}/RECORD": (record.getvalue().encode(), 0o644)}
        for path, (data, mode) in {**contents, **recorded}.items():
            entry = zipfile.ZipInfo(path, moment)
            entry.external_attr = (0o100000 | mode) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    temporary.replace(Path(directory, name))
    return name


def _installed(root: Path) -> Contents:
    """Return the files that "make install" wrote below root, in the order of wheels: metadata last.

    INSTALLER is left out, because pip writes it.
    """
    paths = sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())
    return {path: (Path(root, path).read_bytes(), 0o755 if ".so" in path else 0o644)
            for path in sorted(paths, key=lambda path: ".dist-info/" in path) if not path.endswith("/INSTALLER")}


def _wheel(wheel_directory: str, contents: Contents) -> str:
    contents[f"{PROJECT.distinfo}/WHEEL"] = (_wheel_text(_tag()).encode(), 0o644)
    return _write_wheel(wheel_directory, f"{PROJECT.distinfo[:-len('.dist-info')]}-{_tag()}.whl", contents)


def prepare_metadata_for_build_wheel(metadata_directory: str, config_settings: Settings = None) -> str:
    """Write the metadata of the wheel without building it. They do not depend on the settings."""
    directory = Path(metadata_directory, PROJECT.distinfo)
    (directory / "licenses").mkdir(parents=True)
    (directory / "METADATA").write_text(PROJECT.metadata(), encoding="utf-8")
    (directory / "WHEEL").write_text(_wheel_text(_tag()), encoding="utf-8")
    shutil.copy(TOP / "COPYING", directory / "licenses")
    return PROJECT.distinfo


prepare_metadata_for_build_editable = prepare_metadata_for_build_wheel


def build_wheel(wheel_directory: str, config_settings: Settings = None,
                metadata_directory: Optional[str] = None) -> str:
    with _source() as source, _temporary() as directory:
        build, root = directory / "build", directory / "root"
        _configure(source, build, config_settings, f"--with-python-installdir={INSTALLDIR}")
        _run("Compiling", "make", *_make_arguments(config_settings), cwd=build)
        _run("Collecting the files", "make", "install", f"DESTDIR={root}", cwd=build)
        return _wheel(wheel_directory, _installed(root / INSTALLDIR.lstrip("/")))


def build_editable(wheel_directory: str, config_settings: Settings = None,
                   metadata_directory: Optional[str] = None) -> str:
    """Build a wheel that refers to build/editable in this tree. After an edit, run "make -C build/editable"."""
    if UNSAFE.search(str(TOP)):
        sys.exit(f"an editable installation builds in {TOP}, but configure cannot work there, because of its name")
    if not (TOP / "configure").exists():
        _run("Creating configure", "./bootstrap", cwd=TOP)
    build = TOP / "build" / "editable"
    with _temporary() as directory:
        root = directory / "root"
        _configure(TOP, build, config_settings, f"--with-python-installdir={INSTALLDIR}")
        _run("Compiling", "make", *_make_arguments(config_settings), cwd=build)
        _run("Collecting the metadata", "make", "install-distinfoDATA", "install-dist_distinfolicensesDATA",
             f"DESTDIR={root}", cwd=build)
        contents = _installed(root / INSTALLDIR.lstrip("/"))
    lines = [str(path) for path in (build / "python", TOP / "python", build / "src")]
    contents = {"_libvirt_python_editable.pth": ("\n".join([*lines, ""]).encode(), 0o644), **contents}
    return _wheel(wheel_directory, contents)


def build_sdist(sdist_directory: str, config_settings: Settings = None) -> str:
    """Build the tarball of "make dist", with the names that PEP 625 requires."""
    with _source() as source, _temporary() as directory:
        build = directory / "build"
        _configure(source, build, config_settings)
        name = PROJECT.distinfo[:-len(".dist-info")]
        _run("Collecting the files", "make", "dist-gzip", f"distdir={name}", cwd=build)
        shutil.copy(build / f"{name}.tar.gz", sdist_directory)
        return f"{name}.tar.gz"
