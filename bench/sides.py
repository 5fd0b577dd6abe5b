# SPDX-License-Identifier: LGPL-2.1-or-later
"""The sides that are compared, and how their processes are started.

They are a plain C program; the floor, which is the least that any bindings can
do, for some calls; the peer; and ours.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Dict, List, NamedTuple, Optional

BENCH = Path(__file__).resolve().parent
TOP = BENCH.parent
NAMES = ("C", "floor", "peer", "ours")
# What the names of the modules end with: "" for libvirt and libvirtmod, "_qemu" for libvirt_qemu and libvirtmod_qemu.
_ENDINGS = ["" if path.stem == "libvirt" else f"_{path.stem}"
            for path in sorted((TOP / "generator" / "bindings" / "modules").glob("[!_]*.py"))]
MODULES = ["libvirtaio", *(start + ending for start in ("libvirt", "libvirtmod") for ending in _ENDINGS)]
# The time limit for a round of one process, in seconds.
DEADLINE = 900

# A program that prints the files of the modules that Python finds.
_LOCATE = """
import importlib.util, sys
for name in sys.argv[1:]:
    spec = importlib.util.find_spec(name)
    if spec is not None:
        print(spec.origin)
"""


class Failure(Exception):
    """A measurement is not possible; the text says why."""


def clean_environment(**changes: str) -> Dict[str, str]:
    """Return the environment without variables that affect Python or libvirt."""
    kept = {name: value for name, value in os.environ.items()
            if not name.startswith(("PYTHON", "LD_PRELOAD", "LIBVIRT_")) or name == "LIBVIRT_PYTHON_SANDBOX"}
    return {**kept, "PYTHONDONTWRITEBYTECODE": "1", **changes}


def output_of(command: List[str], environment: Dict[str, str]) -> str:
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        raise Failure(f"{command[0]} failed:\n{done.stderr.strip()}")
    return done.stdout


def collect(command: List[str], directory: Optional[Path], target: Path) -> None:
    """Copy the modules that the Python of the command finds, only in directory if given, to the directory target.

    So both sides have a search path of the same length, and bytecode, wherever they are installed.
    """
    path = {"PYTHONPATH": str(directory.resolve())} if directory else {}
    found = output_of([*command, "-s", "-c", _LOCATE, *MODULES], clean_environment(**path)).splitlines()
    if directory:
        found = [origin for origin in found if Path(origin).parent == directory.resolve()]
    if not any(os.path.basename(origin) == "libvirt.py" for origin in found):
        raise Failure(f"no libvirt.py in {directory}" if directory else "no module named libvirt")
    target.mkdir()
    for origin in found:
        shutil.copy2(origin, target)
        # A wheel has its libraries beside the modules, which find them by a relative run path.
        for beside in Path(origin).parent.glob("libvirt_python.libs"):
            shutil.copytree(beside, target / beside.name, dirs_exist_ok=True)
    subprocess.run([sys.executable, "-m", "compileall", "-q", str(target)], check=True)
    used = output_of(
        [sys.executable, "-s", "-c", "import libvirt, libvirtmod; print(libvirt.__file__, libvirtmod.__file__)"],
        clean_environment(PYTHONPATH=str(target)))
    if [Path(name).parent for name in used.split()] != [target, target]:
        raise Failure(f"Python imports other modules: {used.strip()}")


class Programs(NamedTuple):
    """The programs that the Makefile builds for measurements."""

    limit: Path
    instant: Path
    loading: Path
    floor: Path

    @classmethod
    def of(cls, build: Path) -> "Programs":
        directory = build / "bench"
        made = cls(directory / "limit" / "limit", directory / "libinstant.so", directory / "loading.so",
                   directory / "floor" / "libvirtmod.so")
        missing = [str(path) for path in made if not path.exists()]
        if missing:
            raise Failure(f"{missing[0]} does not exist: run \"make bench-programs\" in {build}")
        return made


class Worker:
    """A process that measures a round each time it is asked."""

    def __init__(self, command: List[str], environment: Dict[str, str]):
        self.command = command
        self.errors = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors, text=True)
        assert self.process.stdin is not None and self.process.stdout is not None
        self.requests, self.answers = self.process.stdin, self.process.stdout

    def ask(self) -> Dict[str, List[float]]:
        """Ask for a round, and return the numbers of each row."""
        timer = threading.Timer(DEADLINE, self.process.kill)
        timer.start()
        try:
            return self._ask()
        finally:
            timer.cancel()

    def _ask(self) -> Dict[str, List[float]]:
        try:
            self.requests.write("\n")
            self.requests.flush()
        except BrokenPipeError:
            pass  # The process has ended: reading shows whether it has answered or failed.
        rows: Dict[str, List[float]] = {}
        for line in self.answers:
            if line == "\n":
                return rows
            name, *values = line.rstrip("\n").split("\t")
            rows[name] = [float(value) for value in values]
        self.errors.seek(0)
        raise Failure(f"{' '.join(self.command)}\nended with status {self.process.wait()}: "
                      f"{self.errors.read().strip()[-2000:]}")

    def close(self) -> None:
        self.answers.close()
        try:
            self.requests.close()
        except BrokenPipeError:
            pass
        if self.process.wait():
            self.errors.seek(0)
            raise Failure(f"{' '.join(self.command)}\nended with status {self.process.returncode}: "
                          f"{self.errors.read().strip()[-2000:]}")
        self.errors.close()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


class Sides:
    """Start processes of the three sides."""

    def __init__(self, build: Path, ours: Optional[Path], peer: Optional[Path], work: Path):
        self.programs = Programs.of(build)
        self.work = work
        self.directories = {side: work / side for side in NAMES[1:]}
        self._collect("ours", [sys.executable] if ours else [str(build / "run"), sys.executable], ours)
        self._collect("peer", [sys.executable], peer)
        self._collect("floor", [sys.executable], build / "bench" / "floor")

    def _collect(self, name: str, command: List[str], directory: Optional[Path]) -> None:
        try:
            collect(command, directory, self.directories[name])
        except Failure as failure:
            hint = " (python3-libvirt, or --peer DIR)" if name == "peer" else ""
            raise Failure(f"{name}: {failure}{hint}") from None

    def start(self, side: str, program: str, arguments: List[str], entries: int = 0) -> Worker:
        """Start a program of bench/cases, or its counterpart in C; under the instant libvirt if entries is not 0."""
        changes = {}
        if entries:
            changes = {"LD_PRELOAD": str(self.programs.instant), "LIBVIRT_BENCH_ENTRIES": str(entries)}
        script = str(BENCH / "cases" / f"{program}.py")
        if side != "C":
            command = [sys.executable, "-s", script, *arguments]
            changes["PYTHONPATH"] = str(self.directories[side])
        elif program == "importing":
            command = [sys.executable, "-s", script, arguments[0], "loading"]
            changes["PYTHONPATH"] = str(self.programs.loading.parent)
        else:
            command = [str(self.programs.limit), program, *arguments]
        return Worker(command, clean_environment(**changes))
