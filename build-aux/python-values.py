"""Print the values of the running Python that configure needs: each line of the output assigns a shell variable.

SPDX-License-Identifier: LGPL-2.1-or-later

    python-values.py PREFIX [DIR]

The variables are PYTHON_VERSION, and with the prefix "lvpy_python_":
    executable  the interpreter itself, not a shim of a version manager
    includes    compiler flags for Python.h
    suffix      file name suffix of extension modules
    installdir  directory for modules, relative to PREFIX
    finds       "yes" if Python searches DIR, or installdir if no DIR is given, for modules; otherwise "no"
"""

import os
import platform
import shlex
import site
import sys
import sysconfig
from typing import Iterator, List


def same(left: str, right: str) -> bool:
    return os.path.realpath(left) == os.path.realpath(right)


def finds(directory: str) -> bool:
    """Return whether Python searches the directory for modules; the directory need not exist yet."""
    searched = [*sys.path, *site.getsitepackages(), site.getusersitepackages()]
    return any(same(directory, known) for known in searched)


def includes() -> List[str]:
    """Return the directories of Python.h and of the headers that it includes."""
    if os.environ.get("_PYTHON_SYSCONFIGDATA_NAME"):
        # This Python reports the values of another one. sysconfig.get_path() still describes the running Python; these
        # variables describe the other one.
        main = sysconfig.get_config_var("INCLUDEPY")
        has_all = os.path.exists(os.path.join(main, "pyconfig.h"))
        return [main] if has_all else [main, sysconfig.get_config_var("CONFINCLUDEPY")]
    return [sysconfig.get_path(name) for name in ("include", "platinclude")]


def platlib(scheme: str, base: str) -> str:
    return sysconfig.get_path("platlib", scheme, vars={"base": base, "platbase": base})


def candidates(prefix: str) -> Iterator[str]:
    """Yield directories for modules, best first."""
    # Debian: deb_system is for /usr, posix_local is for /usr/local with base /usr; Fedora: rpm_prefix is for /usr.
    schemes = ["deb_system", "rpm_prefix", "posix_local", "posix_prefix"]
    if sys.prefix != sys.base_prefix:
        schemes.insert(0, "venv")
        schemes.insert(1, "posix_prefix")
    for scheme in schemes:
        if scheme in sysconfig.get_scheme_names():
            for base in (prefix, sys.prefix, sys.base_prefix):
                yield platlib(scheme, base)
    yield from site.getsitepackages()


def below(prefix: str, directory: str) -> bool:
    """Return whether the directory belongs to the prefix. A directory below PREFIX/local belongs to that prefix."""
    root = prefix.rstrip("/") + "/"
    return directory.startswith(root) and not directory.startswith(root + "local/")


def installdir(prefix: str) -> str:
    for directory in candidates(prefix):
        if below(prefix, directory) and finds(directory):
            return directory
    return platlib("posix_prefix", prefix)


def main(prefix: str, directory: str = "") -> None:
    usual = installdir(prefix)
    values = {
        "PYTHON_VERSION": platform.python_version(),
        "lvpy_python_executable": sys.executable,
        "lvpy_python_includes": " ".join("-I" + path for path in dict.fromkeys(includes())),
        "lvpy_python_suffix": sysconfig.get_config_var("EXT_SUFFIX") or "",
        "lvpy_python_installdir": os.path.relpath(usual, prefix),
        "lvpy_python_finds": "yes" if finds(directory or usual) else "no",
    }
    for name, value in values.items():
        print(f"{name}={shlex.quote(value)}")


if __name__ == "__main__":
    if sys.version_info < (3, 9):
        sys.exit("Python 3.9 or newer is needed")
    main(*sys.argv[1:])
