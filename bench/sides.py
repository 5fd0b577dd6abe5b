# SPDX-License-Identifier: LGPL-2.1-or-later
"""What is compared, and how a process of each is started: a plain C program, the peer, and these bindings."""

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
NAMES = ("C", "peer", "ours")
MODULES = ("libvirt", "libvirt_qemu", "libvirt_lxc", "libvirtaio", "libvirtmod", "libvirtmod_qemu", "libvirtmod_lxc")
# Seconds that a round of one process may take.
DEADLINE = 900

# Prints the files of the modules that are there.
_LOCATE = """
import importlib.util, sys
for name in sys.argv[1:]:
    spec = importlib.util.find_spec(name)
    if spec is not None:
        print(spec.origin)
"""


class Failure(Exception):
    """Something cannot be measured; the text says why."""


def clean_environment(**changes: str) -> Dict[str, str]:
    """The environment without what would change Python or libvirt."""
    kept = {name: value for name, value in os.environ.items()
            if not name.startswith(("PYTHON", "LD_PRELOAD", "LIBVIRT_")) or name == "LIBVIRT_PYTHON_SANDBOX"}
    return {**kept, "PYTHONDONTWRITEBYTECODE": "1", **changes}


def output_of(command: List[str], environment: Dict[str, str]) -> str:
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        raise Failure(f"{command[0]} failed:\n{done.stderr.strip()}")
    return done.stdout


def collect(command: List[str], directory: Optional[Path], target: Path) -> None:
    """Copy the modules that the command finds, in the directory if there is one, to a place of their own.

    So both sides have a short path to be found on, and bytecode, wherever they come from.
    """
    path = {"PYTHONPATH": str(directory.resolve())} if directory else {}
    found = output_of([*command, "-s", "-c", _LOCATE, *MODULES], clean_environment(**path)).splitlines()
    if directory:
        found = [origin for origin in found if Path(origin).parent == directory.resolve()]
    if not any(os.path.basename(origin) == "libvirt.py" for origin in found):
        raise Failure(f"there is no libvirt.py in {directory}" if directory else "no module named libvirt")
    target.mkdir()
    for origin in found:
        shutil.copy2(origin, target)
        # What a wheel brings lies beside it, and is found by a relative run path.
        for beside in Path(origin).parent.glob("libvirt_python.libs"):
            shutil.copytree(beside, target / beside.name, dirs_exist_ok=True)
    subprocess.run([sys.executable, "-m", "compileall", "-q", str(target)], check=True)
    used = output_of(
        [sys.executable, "-s", "-c", "import libvirt, libvirtmod; print(libvirt.__file__, libvirtmod.__file__)"],
        clean_environment(PYTHONPATH=str(target)))
    if [Path(name).parent for name in used.split()] != [target, target]:
        raise Failure(f"what is imported is {used.strip()}")


class Programs(NamedTuple):
    """What the Makefile builds for measurements."""

    limit: Path
    instant: Path
    loading: Path

    @classmethod
    def of(cls, build: Path) -> "Programs":
        directory = build / "bench"
        made = cls(directory / "limit" / "limit", directory / "libinstant.so", directory / "loading.so")
        lacking = [str(path) for path in made if not path.exists()]
        if lacking:
            raise Failure(f"there is no {lacking[0]}: run \"make bench-programs\" in {build}")
        return made


class Worker:
    """A process that is asked for rounds."""

    def __init__(self, command: List[str], environment: Dict[str, str]):
        self.command = command
        self.errors = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors, text=True)
        assert self.process.stdin is not None and self.process.stdout is not None
        self.wishes, self.answers = self.process.stdin, self.process.stdout

    def ask(self) -> Dict[str, List[float]]:
        """The numbers of each row."""
        timer = threading.Timer(DEADLINE, self.process.kill)
        timer.start()
        try:
            return self._ask()
        finally:
            timer.cancel()

    def _ask(self) -> Dict[str, List[float]]:
        try:
            self.wishes.write("\n")
            self.wishes.flush()
        except BrokenPipeError:
            pass  # it has answered already, or has failed: reading tells
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
            self.wishes.close()
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
    """Starts processes of the three."""

    def __init__(self, build: Path, ours: Optional[Path], peer: Optional[Path], work: Path):
        self.programs = Programs.of(build)
        self.work = work
        self.directories = {"ours": work / "ours", "peer": work / "peer"}
        self._collect("ours", [sys.executable] if ours else [str(build / "run"), sys.executable], ours)
        self._collect("peer", [sys.executable], peer)

    def _collect(self, name: str, command: List[str], directory: Optional[Path]) -> None:
        try:
            collect(command, directory, self.directories[name])
        except Failure as failure:
            hint = " (python3-libvirt, or --peer DIR)" if name == "peer" else ""
            raise Failure(f"{name}: {failure}{hint}") from None

    def start(self, side: str, program: str, arguments: List[str], entries: int = 0) -> Worker:
        """A process of a program in bench/cases or its like in C, under the instant libvirt if there are entries."""
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
