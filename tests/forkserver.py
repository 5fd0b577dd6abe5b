# SPDX-License-Identifier: LGPL-2.1-or-later
"""Run each test program in a fork of an interpreter that has already imported its modules.

This costs a fifth of starting a new interpreter. There is one such interpreter,
the template, for each environment.
"""

import marshal
import os
import re
import select
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any, Dict, FrozenSet, Iterator, Mapping, Optional, Sequence, Tuple

# Modules that a template imports when a program imports them. They are slow to import, and importing them has no effect
# on programs that do not use them.
PRELOADED = frozenset((
    "asyncio", "ctypes", "fake.eventcontrol", "fake.runner", "gc", "inspect", "json", "libvirt", "libvirt_admin",
    "libvirt_lxc", "libvirt_qemu", "libvirtaio", "libvirtmod", "logging", "select", "socket", "subprocess", "threading",
    "time", "traceback", "warnings", "weakref"))
_IMPORTS = re.compile(r"^(?:import ([\w., ]+)|from ([\w.]+) import ([\w*]+))", re.MULTILINE)
# The code that a template runs. It leaves nothing behind in a child, which runs another program.
_TEMPLATE = ("import sys; sys.path.insert(0, sys.argv[1]); import template; "
             "exec(*template.serve(int(sys.argv[2]), int(sys.argv[3])))")


def _imports(code: str) -> Iterator[str]:
    """Yield the names of modules that a program imports in lines without indentation."""
    for names, package, name in _IMPORTS.findall(code):
        yield from (name.strip() for name in names.split(","))
        yield from (package, f"{package}.{name}")


class OutOfTime(Exception):
    """A program did not end in time and was killed."""


class Template:
    """An interpreter that can be forked, started in a given environment."""

    def __init__(self, executable: str, environment: Mapping[str, str]):
        (requests, ours), (self.answers, theirs) = os.pipe(), os.pipe()
        self.requests = open(ours, "wb")
        self.process = subprocess.Popen(
            [executable, "-c", _TEMPLATE, str(Path(__file__).resolve().parent), str(requests), str(theirs)],
            pass_fds=[requests, theirs], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
        os.close(requests)
        os.close(theirs)
        self.answered = b""

    def close(self) -> None:
        try:
            self.requests.close()
        except BrokenPipeError:
            pass
        os.close(self.answers)
        self.process.wait()

    def _answer(self, deadline: float) -> int:
        while b"\n" not in self.answered:
            if not select.select([self.answers], [], [], max(0, deadline - time.monotonic()))[0]:
                raise OutOfTime
            some = os.read(self.answers, 100)
            if not some:
                raise EOFError("the template has ended")
            self.answered += some
        line, _, self.answered = self.answered.partition(b"\n")
        return int(line)

    def run(self, timeout: float, request: Dict[str, Any]) -> int:
        """Run a program and return its status as waitpid() reports it."""
        deadline = time.monotonic() + timeout
        marshal.dump(request, self.requests)
        self.requests.flush()
        child = self._answer(deadline)
        try:
            return self._answer(deadline)
        except OutOfTime:
            os.kill(child, signal.SIGKILL)
            raise


class ForkServer:
    """The templates for all environments used so far."""

    def __init__(self, executable: str):
        self.executable = executable
        self.directory = tempfile.TemporaryDirectory(prefix="forkserver-")
        self.templates: Dict[FrozenSet[Tuple[str, str]], Template] = {}

    def close(self) -> None:
        for template in self.templates.values():
            template.close()
        self.templates.clear()
        self.directory.cleanup()

    def run(self, code: str, arguments: Sequence[str], environment: Mapping[str, str],
            timeout: float) -> "Optional[subprocess.CompletedProcess[str]]":
        """Return or raise what subprocess.run() would; return None if the template cannot be started."""
        key = frozenset(environment.items())
        if key not in self.templates:
            self.templates[key] = Template(self.executable, environment)
        template = self.templates[key]
        stdout, stderr = (Path(self.directory.name, name) for name in ("stdout", "stderr"))
        for path in stdout, stderr:
            path.touch()
        command = ["-c", code, *arguments]
        try:
            status = template.run(timeout, {
                "code": code, "arguments": list(arguments), "directory": os.getcwd(), "stdout": str(stdout),
                "stderr": str(stderr), "modules": sorted(PRELOADED.intersection(_imports(code)))})
            return subprocess.CompletedProcess(
                command, os.waitstatus_to_exitcode(status), stdout.read_text(), stderr.read_text())
        except OutOfTime:
            self._drop(key)
            raise subprocess.TimeoutExpired(command, timeout, stdout.read_text(), stderr.read_text()) from None
        except (BrokenPipeError, EOFError):
            self._drop(key)
            return None
        finally:
            for path in stdout, stderr:
                path.unlink()

    def _drop(self, key: FrozenSet[Tuple[str, str]]) -> None:
        self.templates.pop(key).close()
