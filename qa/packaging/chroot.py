# SPDX-License-Identifier: LGPL-2.1-or-later
"""Minimal chroots of Debian's releases, to build and test in. Needs root, debootstrap and overlayfs.

A chroot has two layers: the base system from debootstrap, which all chroots of the release share, and above it the
packages of one purpose. Both layers are kept, and so are the changes that commands make, unless a command runs in a
scratch layer. A directory of the machine can be shared with a command.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator, List, Sequence

DIRECTORY = Path(os.environ.get("LIBVIRT_PYTHON_CHROOTS") or "/var/tmp/libvirt-python-chroots")
# The mount point of the shared directory in the chroot.
SHARED = "/shared"
# The tests that "make check" runs in a chroot. The matrix runs all tests; these are enough to check that a recipe runs
# tests, and runs them on the modules that it has built.
TESTS = [] if os.environ.get("LIBVIRT_PYTHON_ALL_TESTS") else [
    f"tests/test_{name}.py" for name in ("arguments", "errors", "events", "fake_functions", "lxc")]

# Mounts the layers and runs a command. The mounts and processes end with the command. A command without network has
# only the loopback interface.
ENTER = r"""
set -e
if test -n "$5"; then
    mount -t tmpfs tmpfs "$2/work"
    mkdir "$2/work/upper" "$2/work/work"
    mount -t overlay overlay -o "lowerdir=$2/upper:$1,upperdir=$2/work/upper,workdir=$2/work/work" "$2/root"
else
    mount -t overlay overlay -o "lowerdir=$1,upperdir=$2/upper,workdir=$2/work" "$2/root"
fi
mount --bind /dev "$2/root/dev"
mount -t tmpfs tmpfs "$2/root/dev/shm" -o mode=1777
mount -t proc proc "$2/root/proc"
mount -t tmpfs tmpfs "$2/root/tmp" -o mode=1777
if test -n "$3"; then
    mkdir -p "$2/root/shared"
    mount --bind "$3" "$2/root/shared"
fi
test -z "$4" || ip link set lo up
root=$2/root
tests=$6
shift 6
exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
    ${tests:+"GNUMAKEFLAGS=TESTS=$tests"} chroot "$root" "$@"
"""


class Unavailable(Exception):
    """The chroot cannot be created; the text says why."""


def mirror() -> str:
    """Return the mirror that the machine's own apt uses."""
    done = subprocess.run(["apt-get", "indextargets", "--format", "$(REPO_URI) $(CODENAME)", "Created-By: Packages"],
                          stdout=subprocess.PIPE, text=True, check=True)
    for line in sorted(set(done.stdout.splitlines())):
        uri, codename = line.split()
        if "-" not in codename:
            return uri
    raise Unavailable("apt has no source that is a mirror of a whole release")


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold a lock, so that two scripts do not create the same layer at the same time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(f"{path}.lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


class Chroot:
    """A chroot of a release with the packages of a purpose. prepare() creates its layers if they do not exist."""

    def __init__(self, release: str, purpose: str, packages: Sequence[str], architectures: Sequence[str] = (),
                 tests: Sequence[str] = TESTS):
        self.release = release
        self.base = DIRECTORY / release
        self.layer = DIRECTORY / f"{release}-{purpose}"
        self.packages = [*packages]
        self.architectures = [*architectures]
        self.tests = "\\ ".join(tests)

    def prepare(self) -> "Chroot":
        if shutil.which("debootstrap") is None:
            raise Unavailable("debootstrap is not installed")
        with _locked(self.base):
            if not self.base.exists():
                self._bootstrap()
        with _locked(self.layer):
            wanted = "\n".join([*self.architectures, *self.packages])
            state = self.layer / "packages"
            if not state.exists() or state.read_text(encoding="utf-8") != wanted:
                self._install()
                state.write_text(wanted, encoding="utf-8")
        return self

    def _bootstrap(self) -> None:
        growing = self.base.with_suffix(".tmp")
        shutil.rmtree(growing, ignore_errors=True)
        done = subprocess.run(["debootstrap", "--variant=minbase", self.release, str(growing), mirror()],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        if done.returncode:
            raise Unavailable(done.stdout.strip().splitlines()[-1])
        growing.rename(self.base)

    def _install(self) -> None:
        shutil.rmtree(self.layer, ignore_errors=True)
        for name in ("upper", "work", "root"):
            (self.layer / name).mkdir(parents=True)
        add = "".join(f"dpkg --add-architecture {name} && " for name in self.architectures)
        done = self.run("sh", "-c", add + 'apt-get -o Acquire::Check-Valid-Until=false update && '
                        'apt-get install -y --no-install-recommends -o Dpkg::Options::=--force-unsafe-io "$@" && '
                        'apt-get clean', "install", *self.packages, network=True)
        if done.returncode:
            raise Unavailable(done.stdout.strip().splitlines()[-1])

    def run(self, *command: str, shared: str = "", network: bool = False,
            scratch: bool = False) -> "subprocess.CompletedProcess[str]":
        """Run a command as root in the chroot. stdout of the result has the output of both streams."""
        return subprocess.run(
            ["unshare", "--mount", "--pid", "--fork", "--kill-child", *([] if network else ["--net"]), "sh", "-c",
             ENTER, "chroot", str(self.base), str(self.layer), shared, "" if network else "alone",
             "scratch" if scratch else "", self.tests, *command],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
            check=False)

    def script(self, text: str, *arguments: str, shared: str = "", network: bool = False,
               scratch: bool = False) -> List[str]:
        """Run a bash script, and return the lines that it prints. If it fails, print its output and exit."""
        done = self.run("bash", "-euc", text, "script", *arguments, shared=shared, network=network, scratch=scratch)
        if done.returncode:
            print(done.stdout, file=sys.stderr)
            raise SystemExit(f"{Path(sys.argv[0]).name}: failed in {self.layer.name} with status {done.returncode}")
        return done.stdout.splitlines()
