#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A stand-in for BitBake and oe-core's classes: read a recipe, and run its tasks. It has only what this package uses.

    bitbake.py RECIPE TARBALL DIRECTORY

The build machine and the target are different systems on the same kind of machine: DIRECTORY/sysroot has copies of this
machine's development files for the target, and the originals are replaced by useless files. Needs root, in its own
mount namespace. The image is DIRECTORY/image.
"""

import os
import re
import shlex
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Dict, List, Match, Optional

TRIPLET = sysconfig.get_config_var("MULTIARCH")
PYTHON = f"python{sysconfig.get_python_version()}"
ASSIGNMENT = re.compile(r'([A-Za-z0-9_:${}.-]+)(?:\[([\w-]+)\])?\s*(\+=|=\+|\.=|=\.|:=|\?\?=|\?=|=)\s*"(.*)"')
FUNCTION = re.compile(r"([A-Za-z0-9_:${}-]+)\s*\(\s*\)\s*\{")
# The packages that each class adds to DEPENDS.
CLASSES: Dict[str, List[str]] = {
    "autotools": ["autoconf-native", "automake-native", "libtool-native", "libtool-cross"],
    "pkgconfig": ["pkgconfig-native"],
    "python3native": ["python3-native"],
    "python3targetconfig": ["python3"],
    "ptest": [],
}
DIRECTORIES = {
    "prefix": "/usr", "exec_prefix": "/usr", "base_libdir": "/lib", "bindir": "/usr/bin", "sbindir": "/usr/sbin",
    "libdir": "/usr/lib", "libexecdir": "/usr/libexec", "includedir": "/usr/include", "datadir": "/usr/share",
    "sysconfdir": "/etc", "localstatedir": "/var", "mandir": "/usr/share/man", "infodir": "/usr/share/info",
}
# Contents that break a build, and the files of the build machine that are replaced by them.
SPOILT = {
    "#error the header of the build machine\n": ["/usr/include/libvirt/libvirt.h", f"/usr/include/{PYTHON}/Python.h"],
    "<api/>\n": [f"/usr/share/libvirt/api/libvirt{name}-api.xml" for name in ("", "-admin", "-qemu", "-lxc")],
    "no library\n": [f"/usr/lib/{TRIPLET}/libvirt{name}.so" for name in ("", "-admin", "-qemu", "-lxc")],
    "no package\n": [f"/usr/lib/{TRIPLET}/pkgconfig/libvirt{name}.pc" for name in ("", "-admin", "-qemu", "-lxc")],
}


class Recipe:
    """The variables and the shell functions of a recipe."""

    def __init__(self, path: Path, variables: Dict[str, str]):
        name, _, version = path.stem.partition("_")
        self.variables = {"PN": name, "BPN": name, "PV": version, "BP": f"{name}-{version}", **variables}
        self.functions: Dict[str, str] = {}
        self.inherited: List[str] = []
        self._read(path)

    def _read(self, path: Path) -> None:
        lines = iter(path.read_text(encoding="utf-8").splitlines())
        for line in lines:
            while line.endswith("\\") and not line.startswith("#"):
                line = line[:-1] + next(lines)
            if not line.strip() or line.startswith("#"):
                continue
            assignment, function = ASSIGNMENT.fullmatch(line), FUNCTION.fullmatch(line)
            if assignment:
                self._assign(*assignment.groups())
            elif function:
                body = []
                for inner in lines:
                    if inner == "}":
                        break
                    body.append(inner)
                else:
                    sys.exit(f"bitbake: the function {function[1]} is not closed")
                self.functions[function[1]] = "\n".join(body)
            elif line.startswith("inherit "):
                self.inherited += line.split()[1:]
            else:
                sys.exit(f"bitbake: cannot parse this line: {line}")

    def _assign(self, name: str, flag: Optional[str], operator: str, value: str) -> None:
        key = f"{name}[{flag}]" if flag else name
        before = self.variables.get(key)
        if operator in ("?=", "??="):
            value = value if before is None else before
        elif operator != "=":
            value = {"+=": f"{before or ''} {value}", "=+": f"{value} {before or ''}", ".=": f"{before or ''}{value}",
                     "=.": f"{value}{before or ''}", ":=": self.expand(value)}[operator]
        self.variables[key] = value

    def expand(self, text: str) -> str:
        """Expand variables. As in BitBake, unknown ones stay as they are: they may be shell variables."""
        def known(match: Match[str]) -> str:
            value = self.variables.get(match[1])
            return match[0] if value is None else self.expand(value)
        return re.sub(r"\$\{([A-Za-z_][\w:/-]*)\}", known, text)

    def words(self, name: str) -> List[str]:
        result = self.expand(self.variables.get(name, ""))
        if "${" in result:
            sys.exit(f"bitbake: unknown variable in {name}: {result}")
        return result.split()

    def depends(self) -> List[str]:
        for name in self.inherited:
            if name not in CLASSES:
                sys.exit(f"bitbake: unsupported class {name}")
        return [*self.words("DEPENDS"), *(word for name in self.inherited for word in CLASSES[name])]


def run(command: str, cwd: Path, **variables: str) -> None:
    done = subprocess.run(["bash", "-ec", command], cwd=cwd, env={**os.environ, **variables}, check=False)
    if done.returncode:
        sys.exit(f"bitbake: failed with status {done.returncode}: {command}")


def make_sysroot(sysroot: Path) -> None:
    """Copy the machine's development files to the system root, and add Python's values like oe-core's Python."""
    for name in ("usr/include", f"usr/lib/{TRIPLET}", "usr/share/libvirt"):
        (sysroot / name).parent.mkdir(parents=True, exist_ok=True)
        run(f"cp -a {shlex.quote('/' + name)} {shlex.quote(str(sysroot / name))}", Path("/"))
    for name in ("lib", "lib64"):
        (sysroot / name).symlink_to("usr/lib")
    run(f"cp -L /lib64/ld-linux-*.so.* {shlex.quote(str(sysroot / 'usr/lib'))}", Path("/"))
    name_of_values = sysconfig._get_sysconfigdata_name()  # type: ignore[attr-defined]  # private: in no stub
    values = dict(__import__(name_of_values).build_time_vars)
    include = f"{sysroot}/usr/include"
    values.update(INCLUDEPY=f"{include}/{PYTHON}", INCLUDEDIR=include, CONFINCLUDEDIR=include)
    place = sysroot / "usr/lib/python-sysconfigdata"
    place.mkdir()
    (place / "_sysconfigdata.py").write_text(f"build_time_vars = {values!r}\n", encoding="utf-8")


def spoil(directory: Path) -> None:
    for number, (text, paths) in enumerate(SPOILT.items()):
        spoilt = directory / f"spoilt-{number}"
        spoilt.write_text(text, encoding="utf-8")
        for path in paths:
            run(f"mount --bind {shlex.quote(str(spoilt))} {path}", directory)


def toolchain(directory: Path, sysroot: Path) -> Dict[str, str]:
    """Return the environment of every task, with tools named after the target."""
    tools, native = directory / "native" / "bin", directory / "native" / "python3-native"
    for place in (tools, native):
        place.mkdir(parents=True)
    (native / "python3").symlink_to("/usr/bin/python3")
    for name in ("gcc", "gcc-ar", "gcc-nm", "gcc-ranlib", "strip", "ld", "nm", "objdump", "as", "objcopy", "readelf"):
        (tools / f"x86_64-poky-linux-{name}").symlink_to(f"/usr/bin/{name}")
    prefix_map = f"-ffile-prefix-map={directory}/work=/usr/src/debug -ffile-prefix-map={sysroot}="
    pkgconfig = f"{sysroot}/usr/lib/{TRIPLET}/pkgconfig"
    return {
        "PATH": f"{tools}:{native}:/usr/bin:/bin", "CC": f"x86_64-poky-linux-gcc -m64 --sysroot={sysroot}",
        "CPP": f"x86_64-poky-linux-gcc -E --sysroot={sysroot} -m64", "LD": f"x86_64-poky-linux-ld --sysroot={sysroot}",
        "AR": "x86_64-poky-linux-gcc-ar", "NM": "x86_64-poky-linux-gcc-nm", "RANLIB": "x86_64-poky-linux-gcc-ranlib",
        "CFLAGS": f"-O2 -pipe -g -feliminate-unused-debug-types {prefix_map}", "CPPFLAGS": "",
        "LDFLAGS": f"-Wl,-O1 -Wl,--as-needed {prefix_map} -Wl,-z,relro,-z,now",
        "PKG_CONFIG_SYSROOT_DIR": str(sysroot), "PKG_CONFIG_LIBDIR": pkgconfig, "PKG_CONFIG_PATH": pkgconfig,
        "PKG_CONFIG_DISABLE_UNINSTALLED": "yes", "PKG_CONFIG_SYSTEM_LIBRARY_PATH": "/lib:/usr/lib",
        "PKG_CONFIG_SYSTEM_INCLUDE_PATH": "/usr/include", "PYTHON": str(native / "python3"), "PYTHONNOUSERSITE": "1",
        "_PYTHON_SYSCONFIGDATA_NAME": "_sysconfigdata", "PYTHONPATH": f"{sysroot}/usr/lib/python-sysconfigdata:",
    }


def configure_line(recipe: Recipe, source: Path, extra: List[str]) -> str:
    directories = [f"--{name.replace('exec_prefix', 'exec-prefix')}={path}" for name, path in DIRECTORIES.items()
                   if name != "base_libdir"]
    return shlex.join([str(source / "configure"), "--build=x86_64-linux", "--host=x86_64-poky-linux",
                       "--target=x86_64-poky-linux", *directories, "--disable-silent-rules",
                       "--disable-dependency-tracking", f"--with-sysroot={recipe.variables['STAGING_DIR_HOST']}",
                       "--disable-static", *extra])


def plain_pkg_config(directory: Path) -> Path:
    """Create a pkg-config that does not prepend the system root to variables, like the older implementation."""
    program = directory / "plain-pkg-config"
    program.write_text("#!/bin/sh\ncase \" $* \" in *--variable=*) unset PKG_CONFIG_SYSROOT_DIR ;; esac\n"
                       "exec /usr/bin/pkg-config \"$@\"\n", encoding="utf-8")
    program.chmod(0o755)
    return program


def main(recipe_name: str, tarball: str, directory_name: str) -> None:
    directory = Path(directory_name)
    sysroot, image, build = directory / "sysroot", directory / "image", directory / "build"
    work = directory / "work"
    recipe = Recipe(Path(recipe_name), {
        **DIRECTORIES, "STAGING_DIR_HOST": str(sysroot), "STAGING_DATADIR": "${STAGING_DIR_HOST}${datadir}",
        "PYTHON_SITEPACKAGES_DIR": "${libdir}/" + PYTHON + "/site-packages", "S": f"{work}/${{BP}}", "B": str(build),
        "D": str(image), "PTEST_PATH": "${libdir}/${BPN}/ptest", "FILES:${PN}": "", "RDEPENDS:${PN}": ""})
    source = Path(recipe.expand("${S}"))
    for place in (work, image, build):
        place.mkdir(parents=True)
    print("DEPENDS", *recipe.depends())
    print("SRC_URI", *recipe.words("SRC_URI"), flush=True)
    run(f"tar -xf {shlex.quote(tarball)}", work)
    license_file, _, checksum = recipe.expand(recipe.variables["LIC_FILES_CHKSUM"])[len("file://"):].partition(";md5=")
    run(f"echo '{checksum}  {license_file}' | md5sum -c", source)

    make_sysroot(sysroot)
    spoil(directory)
    variables = toolchain(directory, sysroot)
    extra = recipe.words("EXTRA_OECONF")
    print(">>> do_configure", flush=True)
    run("autoreconf -Wcross --verbose --install --force", source, **variables)
    run(configure_line(recipe, source, extra), build, **variables)
    print(">>> do_compile", flush=True)
    run("make -j8", build, **variables)
    print(">>> do_install", flush=True)
    run(f"make -j8 DESTDIR={shlex.quote(str(image))} install", build, **variables)
    print(">>> do_install_ptest", flush=True)
    ptest = image / recipe.expand("${PTEST_PATH}").lstrip("/")
    ptest.mkdir(parents=True)
    run(f"install -m 0755 {shlex.quote(str(Path(recipe_name).parent / recipe.variables['BPN'] / 'run-ptest'))} "
        f"{shlex.quote(str(ptest))}", build)
    run(recipe.expand(recipe.functions["do_install_ptest"]), build, **variables)

    print(">>> configure without the name of the API description", flush=True)
    other = directory / "other"
    other.mkdir()
    run(configure_line(recipe, source, [word for word in extra if "-api-xml=" not in word]), other,
        **{**variables, "PKG_CONFIG": str(plain_pkg_config(directory))})


if __name__ == "__main__":
    main(*sys.argv[1:])
