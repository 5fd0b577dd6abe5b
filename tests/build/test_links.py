"""Which libraries the modules are linked with, also with the flags of distributions.

SPDX-License-Identifier: LGPL-2.1-or-later
"""

import re
import shutil
import subprocess
from pathlib import Path
from typing import List, Set, Union

import pytest
from buildtree import BuildTree, environment
from installed import MODULES

# The flags that Debian's "hardening=+all" sets on most machines.
HARDENING = {
    "CPPFLAGS": "-D_FORTIFY_SOURCE=2",
    "CFLAGS": "-O2 -g -fPIE -fstack-protector-strong -Wformat -Werror=format-security",
    "LDFLAGS": "-pie -Wl,-z,relro -Wl,-z,now -Wl,-z,defs -Wl,--as-needed",
}


def tool(*command: Union[str, Path]) -> str:
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    return subprocess.run([str(word) for word in command], check=True, stdout=subprocess.PIPE, text=True,
                          env=environment()).stdout


def modules(tree: BuildTree) -> List[Path]:
    found = sorted((tree.directory / "src").glob("*.so"))
    assert len(found) == len(MODULES)
    return found


def needed(module: Path) -> List[str]:
    """Return the libraries that the dynamic linker must load."""
    return re.findall(r"\(NEEDED\).*\[(.*)\]", tool("readelf", "-d", module))


def undefined(module: Path) -> Set[str]:
    shown = tool("nm", "-D", "--undefined-only", module)
    return {line.split()[-1].partition("@")[0] for line in shown.splitlines() if line.split()[-2] == "U"}


def defined(library: str) -> Set[str]:
    """Return the symbols that a library, found as the dynamic linker finds it, exports."""
    path = next(line.split("=>")[1].split("(")[0].strip() for line in tool("/sbin/ldconfig", "-p").splitlines()
                if line.split()[:1] == [library])
    return {line.split()[-1].partition("@")[0] for line in tool("nm", "-D", "--defined-only", path).splitlines()}


@pytest.fixture(scope="module")
def hardened(complete: BuildTree, tmp_path_factory: "pytest.TempPathFactory") -> BuildTree:
    """A build with the flags of a distribution, and with slim LTO objects, so that the compiler runs at link time."""
    tree = BuildTree(complete.source, tmp_path_factory.mktemp("hardened"))
    flags = {**HARDENING, "CFLAGS": HARDENING["CFLAGS"] + " -flto=auto -fno-fat-lto-objects"}
    if subprocess.run(["gcc", *flags["CFLAGS"].split(), "-E", "-x", "c", "/dev/null"], stdout=subprocess.DEVNULL,
                      check=False).returncode:
        pytest.skip("there is no gcc that supports these flags")
    tree.configure("CC=gcc", *[f"{name}={value}" for name, value in flags.items()])
    tree.make("-j8")
    return tree


def test_every_symbol_comes_from_a_library_or_from_python(complete: BuildTree) -> None:
    for module in modules(complete):
        missing = undefined(module)
        assert any(name.startswith("vir") for name in missing)
        for library in needed(module):
            missing -= defined(library)
        assert [name for name in sorted(missing) if not name.startswith(("Py", "_Py"))] == []


def test_only_libraries_that_are_used_are_linked(hardened: BuildTree) -> None:
    """With --as-needed, every library that a module needs is really used."""
    for module in modules(hardened):
        symbols = undefined(module)
        libraries = needed(module)
        assert not [name for name in libraries if "python" in name]
        for library in libraries:
            assert symbols & defined(library), (module, library)


def test_hardening_flags_take_effect(hardened: BuildTree) -> None:
    for module in modules(hardened):
        assert "GNU_RELRO" in tool("readelf", "-lW", module)
        assert re.search(r"BIND_NOW|FLAGS_1.*\bNOW\b", tool("readelf", "-d", module))
        assert "TEXTREL" not in tool("readelf", "-d", module)
        stack = re.search(r"GNU_STACK\s.*?(RWE|RW)\s", tool("readelf", "-lW", module))
        assert stack and stack.group(1) == "RW"
    main = next(module for module in modules(hardened) if module.name.startswith("libvirtmod."))
    assert "__stack_chk_fail" in undefined(main)


def test_separate_debug_symbols(hardened: BuildTree, tmp_path: Path) -> None:
    """As packagers do it: the separated debug information is found through the debug link."""
    module = next(module for module in modules(hardened) if module.name.startswith("libvirtmod."))
    entry = next(line.split()[0] for line in tool("nm", "-D", "--defined-only", module).splitlines()
                 if line.endswith(" PyInit_libvirtmod"))
    stripped, debug = tmp_path / "stripped.so", tmp_path / "stripped.so.debug"
    tool("objcopy", "--only-keep-debug", module, debug)
    tool("objcopy", "--strip-unneeded", f"--add-gnu-debuglink={debug}", module, stripped)
    assert stripped.stat().st_size < module.stat().st_size / 2
    assert re.match(r".*src/libvirtmod\.c:\d+", tool("addr2line", "-e", stripped, "0x" + entry))
