# SPDX-License-Identifier: LGPL-2.1-or-later
"""Compile generated C sources outside of the build."""

import os
import re
import shlex
import shutil
import subprocess
import sysconfig
from pathlib import Path
from typing import List

import pytest

from checkers import for_tools

SRC = Path(__file__).resolve().parent.parent.parent / "src"
CC = shlex.split(os.environ.get("CC", "cc"))


def libvirt(what: str) -> List[str]:
    """Return the output of pkg-config for libvirt, or nothing if it fails, so that default paths are used."""
    try:
        done = subprocess.run([os.environ.get("PKG_CONFIG") or "pkg-config", what, "libvirt"], stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, universal_newlines=True, check=False)
    except OSError:
        return []
    return shlex.split(done.stdout)


def compile_c(directory: Path, *arguments: object) -> None:
    """Run the C compiler in a directory; it must print nothing. Skip the test if there is no compiler."""
    if shutil.which(CC[0]) is None:
        pytest.skip(f"the compiler {CC[0]} is not installed")
    (directory / "config.h").touch()
    done = subprocess.run([*CC, "-std=gnu11", f"-I{directory}", f"-I{SRC}", f"-I{sysconfig.get_paths()['include']}",
                           f"-I{sysconfig.get_paths()['platinclude']}", *libvirt("--cflags"), *map(str, arguments)],
                          cwd=str(directory), stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          universal_newlines=True, check=False, env=for_tools())
    assert (done.returncode, done.stdout) == (0, "")


def shared_sources() -> List[Path]:
    """Return the C sources that every extension module is linked with."""
    return [SRC / name for name in re.findall(r"src/(\S+\.c)", (SRC / "libvirtutil.mk").read_text(encoding="utf-8"))]
