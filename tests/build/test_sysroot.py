"""A build for another system uses that system's files, not files of the same name on the build machine.

SPDX-License-Identifier: LGPL-2.1-or-later
"""

import os
import shlex
import subprocess
from pathlib import Path
from typing import Union

import pytest
from buildtree import PYTHON, BuildTree, environment

# Answers like pkg-config for a libvirt without libvirt-qemu, libvirt-lxc and libvirt-admin.
PKG_CONFIG = """\
#!/bin/sh
case " $* " in
    *libvirt-*) exit 1 ;;
    *--variable=*) echo '{api}' ;;
    *--cflags*) echo '-I{include}' ;;
    *--libs*) echo '-lvirt' ;;
    *--modversion*) echo '9.0.0' ;;
esac
"""


class System:
    """A system root, and a build machine with the same files; tests ask which file configure chooses."""

    def __init__(self, source: Path, directory: Path) -> None:
        self.tree = BuildTree(source, directory / "build")
        self.root = directory / "root"
        self.plain = directory / "machine" / "libvirt-api.xml"
        self.inside = self.root / str(self.plain)[1:]
        header = self.root / "include" / "libvirt" / "libvirt.h"
        for path in (header, self.plain, self.inside):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("#define LIBVIR_VERSION_NUMBER 9000000\n" if path == header else "<api/>\n")
        self.program = directory / "pkg-config"

    def configure(self, reported: Union[str, Path], root: Union[str, Path],
                  check: bool = True) -> "subprocess.CompletedProcess[str]":
        self.program.write_text(PKG_CONFIG.format(api=reported, include=self.root / "include"))
        self.program.chmod(0o755)
        compiler = [f"CC={os.environ['CC']}"] if os.environ.get("CC") else []
        return self.tree.run(
            self.tree.source / "configure", f"PYTHON={PYTHON}", f"PKG_CONFIG={self.program}", *compiler, check=check,
            PKG_CONFIG_SYSROOT_DIR=str(root))

    def chosen(self, reported: Union[str, Path], root: Union[str, Path]) -> str:
        self.configure(reported, root)
        return self.tree.variable("LIBVIRT_API_XML")


@pytest.fixture
def system(source: Path, tmp_path: Path) -> System:
    return System(source, tmp_path)


def test_pkg_config_that_does_not_prepend_the_root_to_variables(system: System) -> None:
    assert system.chosen(system.plain, system.root) == str(system.inside)


def test_pkg_config_that_prepends_the_root_to_variables(system: System) -> None:
    assert system.chosen(system.inside, system.root) == str(system.inside)


def test_root_under_another_name(system: System, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(system.root)
    assert system.chosen(system.inside, tmp_path / "link") == str(system.inside)


def test_root_that_is_the_whole_machine(system: System) -> None:
    assert system.chosen(system.plain, "/") == str(system.plain)


def test_file_of_the_build_machine_is_not_used_instead(system: System) -> None:
    system.inside.unlink()
    done = system.configure(system.plain, system.root, check=False)
    assert done.returncode != 0
    assert f"configure: error: the API description {system.inside} does not exist" in done.stdout


def test_headers_of_the_python_with_given_sysconfig_data(source: Path, tmp_path: Path) -> None:
    include = tmp_path / "include" / "python3"
    include.mkdir(parents=True)
    (tmp_path / "_given.py").write_text(
        f"build_time_vars = {{'INCLUDEPY': {str(include)!r}, 'CONFINCLUDEPY': {str(tmp_path)!r}}}\n")
    command = [PYTHON, "-s", str(source / "build-aux" / "python-values.py"), "/usr"]
    given = environment(_PYTHON_SYSCONFIGDATA_NAME="_given", PYTHONPATH=str(tmp_path))
    for name, expected in (("other.h", f"-I{include} -I{tmp_path}"), ("pyconfig.h", f"-I{include}")):
        (include / name).write_text("")
        reported = subprocess.run(command, env=given, check=True, capture_output=True, text=True).stdout
        assert f"lvpy_python_includes={shlex.quote(expected)}\n" in reported
