"""Print one value of the running Python for configure.

SPDX-License-Identifier: LGPL-2.1-or-later

    python-values.py includes          compiler flags that find Python.h
    python-values.py suffix            what follows the name of an extension module
    python-values.py installdir PREFIX where modules go under PREFIX, relative to it
    python-values.py finds DIR         "yes" if Python looks for modules in DIR
"""

import os
import site
import sys
import sysconfig
from typing import Iterator, List


def same(left: str, right: str) -> bool:
    return os.path.realpath(left) == os.path.realpath(right)


def finds(directory: str) -> bool:
    """Whether Python imports from the directory, once that exists."""
    searched = [*sys.path, *site.getsitepackages(), site.getusersitepackages()]
    return any(same(directory, known) for known in searched)


def includes() -> List[str]:
    """The directories of Python.h and of what it includes."""
    if os.environ.get("_PYTHON_SYSCONFIGDATA_NAME"):
        # The schemes are about the Python that runs; of another one, whose values it has been given, only these are.
        main = sysconfig.get_config_var("INCLUDEPY")
        has_all = os.path.exists(os.path.join(main, "pyconfig.h"))
        return [main] if has_all else [main, sysconfig.get_config_var("CONFINCLUDEPY")]
    return [sysconfig.get_path(name) for name in ("include", "platinclude")]


def platlib(scheme: str, base: str) -> str:
    return sysconfig.get_path("platlib", scheme, vars={"base": base, "platbase": base})


def candidates(prefix: str) -> Iterator[str]:
    """Module directories, best first."""
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
    """Whether the directory belongs to the prefix; what is below PREFIX/local belongs to that prefix instead."""
    root = prefix.rstrip("/") + "/"
    return directory.startswith(root) and not directory.startswith(root + "local/")


def installdir(prefix: str) -> str:
    for directory in candidates(prefix):
        if below(prefix, directory) and finds(directory):
            return directory
    return platlib("posix_prefix", prefix)


def main(what: str, *arguments: str) -> None:
    if what == "includes":
        print(" ".join("-I" + path for path in dict.fromkeys(includes())))
    elif what == "suffix":
        print(sysconfig.get_config_var("EXT_SUFFIX"))
    elif what == "installdir":
        print(os.path.relpath(installdir(arguments[0]), arguments[0]))
    elif what == "finds":
        print("yes" if finds(arguments[0]) else "no")
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(*sys.argv[1:])
