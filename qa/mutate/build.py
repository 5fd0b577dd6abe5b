# SPDX-License-Identifier: LGPL-2.1-or-later
"""A copy of the sources with a build, in which one C file at a time is changed, compiled, linked and tested."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Dict, Iterator, List, NamedTuple, Optional, Sequence, Tuple

from operators import Site

# The tests that run after the rows of the table of calls; those that check the most conversions come first.
FILES = ("tests/test_fake_more.py", "tests/test_fake_functions.py", "tests/test_arguments.py", "tests/test_module.py",
         "tests/test_handles.py", "tests/test_errors.py", "tests/test_leaks.py")
# The tests of events, streams and authentication, by hand-written source; "" is for generated functions.
EVENT_FILES = {
    "callbacks.c": ("tests/test_event_exceptions.py", "tests/test_event_memory.py", "tests/test_event_nomemory.py",
                    "tests/test_event_legacy.py", "tests/test_event_registration.py", "tests/test_close.py",
                    "tests/test_threads.py", "qa/test_soak.py", "tests/test_exit.py", "tests/test_fork.py",
                    "tests/test_interpreters.py", "tests/test_embedding.py", "tests/test_races.py",
                    "tests/test_errors.py"),
    "calls.c": ("tests/test_event_exceptions.py",),
    "auth.c": ("tests/test_auth.py",),
    "connect.c": ("tests/test_streams.py",),
    "errorhandler.c": ("tests/test_errors.py", "tests/test_error_classes.py", "tests/test_event_nomemory.py",
                       "tests/test_event_exceptions.py", "tests/test_exit.py", "tests/test_interpreters.py",
                       "tests/test_embedding.py"),
    "eventloop.c": ("tests/test_event_impl.py", "tests/test_eventloop.py", "tests/test_event_exceptions.py",
                    "tests/test_exit.py"),
    "libvirtmod.c": ("tests/test_event_arguments.py", "tests/test_event_nomemory.py",
                     "tests/test_event_registration.py", "tests/test_event_memory.py", "tests/test_exit.py"),
    "wrap.c": ("tests/test_instances.py",),
    "typewrappers.c": ("tests/test_event_impl.py",),
    "": ("tests/test_event_arguments.py", "tests/test_event_streams.py", "tests/test_eventloop.py",
         "tests/test_event_legacy.py", "tests/test_auth.py", "tests/test_event_memory.py",
         "tests/test_event_registration.py", "tests/test_event_impl.py", "tests/test_close.py",
         "tests/test_exit.py", "tests/test_streams.py"),
}
_EVENT_FUNCTION = re.compile(r"(?!.*ErrorHandler).*(Register|Deregister|Event|CloseCallback|OpenAuth)\w*|"
                             r"wrap_virStream\w+|dispatch_\w+")
PATIENCE = int(os.environ.get("LIBVIRT_PYTHON_PATIENCE", "1"))  # for a machine that is busy: also that of the tests
QUICK, SLOW = 60 * PATIENCE, 180 * PATIENCE  # seconds


class Outcome(NamedTuple):
    """The result for a fault: killed, survived, or not compiled."""

    verdict: str
    by: str


def make(directory: Path, top: Path, python: str) -> None:
    """Copy the sources that git tracks or could track, and build them without optimization."""
    listed = subprocess.run(["git", "-C", str(top), "ls-files", "-co", "--exclude-standard", "-z"], check=True,
                            stdout=subprocess.PIPE).stdout.split(b"\0")
    for name in map(os.fsdecode, filter(None, listed)):
        if (top / name).is_file():
            (directory / "src" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(top / name, directory / "src" / name)
    build = directory / "build"
    build.mkdir()
    with open(directory / "log", "w", encoding="utf-8") as log:
        for command, cwd in ((["./bootstrap"], directory / "src"),
                             (["../src/configure", f"PYTHON={python}", "CFLAGS=-O0 -w"], build),
                             (["make", "V=1", "-j2"], build), (["make", "check", "TESTS="], build)):
            done = subprocess.run(command, cwd=cwd, stdout=log, stderr=subprocess.STDOUT, check=False)
            if done.returncode != 0:
                sys.exit(f"'{' '.join(command)}' failed: see {log.name}")


class Build:
    """A copy of the sources with a build, which one thread changes."""

    def __init__(self, directory: Path, python: str):
        self.directory = directory
        self.python = python  # the Python of the build
        self.build = directory / "build"
        self.commands: Dict[str, List[str]] = {}  # C file -> command that compiles it
        self.links: Dict[str, List[str]] = {}  # output -> command that links or archives it
        self.learning = False
        self.failing: List[str] = []
        log = (directory / "log").read_text(encoding="utf-8")
        # A link is written on several lines.
        joined = re.sub(r"^\S*cc .* -shared (?:.*\\\n)+", lambda found: found.group().replace("\\\n", " "), log,
                        flags=re.M)
        for line in joined.splitlines():
            self._learn(line)
        for name in sorted(self.commands):
            # A hand-written body is compiled with the generated file that includes it.
            for body in re.findall(r'^#include "(\w+\.c)"$', self.path(name).read_text(encoding="utf-8"), re.M):
                self.commands[body] = self.commands[name]

    def _learn(self, line: str) -> None:
        """Remember the command in a line of the build's log, which libtool or make has run."""
        command = re.sub(r"^libtool: (?:compile|link): +", "", line).partition(" >")[0].rstrip("\\& ")
        if re.match(r"\S*cc .* -c .*\.c\b", command):
            words = shlex.split(command)
            source = next(word for word in words if word.endswith(".c"))
            self.commands[Path(source).name] = words
        elif re.match(r"ar cr |\S*cc .* -shared ", command):
            words = shlex.split(command)
            name = words[2] if words[0] == "ar" else words[words.index("-o") + 1]
            self.links[name] = words

    def path(self, name: str) -> Path:
        """Return the path of a C file, generated or not."""
        generated = self.build / "src" / name
        return generated if generated.exists() else self.directory / "src" / "src" / name

    def environment(self, *preload: str, **more: str) -> Dict[str, str]:
        top, build = self.directory / "src", self.build
        paths = [build / "python", top / "python", build / "src"]
        changed = {**os.environ, "PYTHONPATH": ":".join(map(str, [*paths, top / "tests"])),
                   "abs_top_srcdir": str(top), "abs_top_builddir": str(build), "PYTHONDONTWRITEBYTECODE": "1",
                   "LIBVIRT_PYTHON_FULL": "1", "LIBVIRT_PYTHON_RACES": "24", "LIBVIRT_PYTHON_EXAMPLES": "12", **more}
        if preload:
            changed["LD_PRELOAD"] = ":".join(str(build / "tests" / "fake" / name) for name in preload)
        return changed

    def probe(self, what: str, rows: Optional[Sequence[int]] = None, timeout: int = QUICK,
              **more: str) -> "subprocess.CompletedProcess[str]":
        command = [self.python, str(self.directory / "src" / "qa" / "mutate" / "probe.py"), what]
        if rows is not None:
            (self.directory / "rows").write_text(json.dumps(rows), encoding="ascii")
            command.append(str(self.directory / "rows"))
        libraries = ["libfake.so", *(["libnomemory.so"] if what == "nomemory" else [])]
        return self._run(command, self.environment(*libraries, **more), timeout)

    def _run(self, command: Sequence[str], environment: Dict[str, str], timeout: int,
             directory: str = "build") -> "subprocess.CompletedProcess[str]":
        try:
            return subprocess.run(command, cwd=self.directory / directory, env=environment, stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE, encoding="utf-8", errors="replace", timeout=timeout,
                                  check=False)
        except subprocess.TimeoutExpired:
            return subprocess.CompletedProcess(command, 1, "", f"took more than {timeout} s")

    def _outputs(self, name: str) -> List[str]:
        """Return the object file of a C file, and the files that it is linked into, in order."""
        words = self.commands[name]
        outputs = [words[words.index("-o") + 1]]
        for link, made in self.links.items():
            if any(output in made for output in outputs):
                outputs.append(link)
        return outputs

    def _rebuild(self, outputs: Sequence[str], name: str) -> bool:
        for command in [self.commands[name], *(self.links[link] for link in outputs[1:])]:
            if command[0] == "ar":
                (self.build / command[2]).unlink()
            if self._run(command, dict(os.environ), SLOW).returncode != 0:
                return False
        return True

    def rebuild_all(self) -> None:
        """Link everything as a fault will have it linked, so that a command that was misread shows without a fault."""
        name = max(self.commands, key=lambda source: len(self._outputs(source)))
        if not self._rebuild(self._outputs(name), name):
            sys.exit(f"the commands in {self.directory / 'log'} do not build")

    def try_out(self, site: Site, rows: Sequence[int]) -> Outcome:
        """Build with one fault, run the tests, and restore the sources and the build."""
        path, outputs = self.path(site.file), self._outputs(site.file)
        text = path.read_text(encoding="utf-8")
        path.write_text(text[:site.span.start] + site.replacement + text[site.span.end:], encoding="utf-8")
        for output in outputs:
            shutil.copy2(self.build / output, self.directory / Path(output).name)
        try:
            if not self._rebuild(outputs, site.file):
                return Outcome("not compiled", "")
            return self._tested(site, rows)
        finally:
            path.write_text(text, encoding="utf-8")
            for output in outputs:
                os.replace(self.directory / Path(output).name, self.build / output)

    @staticmethod
    def event_files(site: Site) -> Tuple[str, ...]:
        """Return the tests of events that may notice a fault."""
        if site.file in EVENT_FILES or not _EVENT_FUNCTION.fullmatch(site.function):
            return EVENT_FILES.get(site.file, ())
        return EVENT_FILES[""]

    def _attempts(self, site: Site, rows: Sequence[int]) -> Iterator[Tuple[str, "subprocess.CompletedProcess[str]"]]:
        """Run the tests that may kill a fault, likeliest first, and yield each result before the next tests run."""
        counted = {"PYTHONMALLOC": "malloc", "GLIBC_TUNABLES": "glibc.malloc.tcache_count=0"}
        for name in self.event_files(site):
            yield "", self._pytest(name)
        if rows:
            yield "values: ", self.probe("check", rows)
            yield "leaks: ", self.probe("leaks", rows, SLOW, **counted)
        yield "", self._pytest(*FILES)
        # Without rows it tries the calls that have none.
        yield "no memory: ", self.probe("nomemory", rows, SLOW, **counted)

    def _tested(self, site: Site, rows: Sequence[int]) -> Outcome:
        for kind, done in self._attempts(site, rows):
            if done.returncode != 0:
                return Outcome("killed", kind + self._last(done))
        return Outcome("survived", "")

    def _pytest(self, *names: str) -> "subprocess.CompletedProcess[str]":
        leave_out = [f"--deselect={test}" for test in self.failing]
        return self._run([self.python, "-m", "pytest", *(() if self.learning else ("-x",)), "-q", "-rfE",
                          "-p", "no:cacheprovider", "--tb=no", *leave_out, *names], self.environment(), SLOW, "src")

    def leave_out_failing(self) -> List[str]:
        """Find the tests that fail without any fault, and leave them out. Return their names."""
        self.learning = True
        told = []
        for names in (FILES, *zip(sorted(set(sum(EVENT_FILES.values(), ()))))):
            done = self._pytest(*names)
            told.append(done.stdout + done.stderr)
        self.learning = False
        for text in told:
            # If no test can run, each fault would seem to be killed.
            if not re.search(r"^\d+ (?:passed|skipped|failed)\b.* in ", text, re.M):
                sys.exit(f"the tests cannot run with {self.python}: {text[-3000:]}")
        self.failing = re.findall(r"^(?:FAILED|ERROR) (\S+)", "\n".join(told), re.M)
        return self.failing

    @staticmethod
    def _last(done: "subprocess.CompletedProcess[str]") -> str:
        failed = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
        told = done.stderr.strip() or "".join(failed[:1]) or done.stdout.strip()
        return (told.splitlines() or [f"status {done.returncode}"])[-1][:200]
