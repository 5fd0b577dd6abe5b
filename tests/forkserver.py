# SPDX-License-Identifier: LGPL-2.1-or-later
"""Run programs in forks of an interpreter that has imported what they import: a process each, at a tenth of its cost.

There is one such interpreter, the template, for each environment. It runs
serve(), which forks a child for each request. In the child serve() returns the
code of the program, which then runs as __main__ in the main thread, and the
interpreter ends as it always does.
"""

import gc
import importlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import CodeType
from typing import Any, Dict, FrozenSet, Iterable, Mapping, Optional, Sequence, Tuple

# What a template imports as soon as a program does: what costs much, and has no effect on those that do not.
PRELOADED = frozenset((
    "asyncio", "ctypes", "fake.eventcontrol", "fake.runner", "gc", "json", "libvirt", "libvirt_admin", "libvirt_lxc",
    "libvirt_qemu", "libvirtaio", "libvirtmod", "threading", "time", "traceback", "warnings", "weakref"))
_IMPORTS = re.compile(r"^(?:import ([\w., ]+)|from ([\w.]+) import (\w+))", re.MULTILINE)

# The program that a template is: nothing of it is left where the child runs the other one.
_TEMPLATE = "import sys; sys.path.insert(0, sys.argv[1]); import forkserver; exec(forkserver.serve(int(sys.argv[2])))"


# --- in the template

def _imports(code: str) -> Iterable[str]:
    """The names of modules that a program imports at its beginning, or wherever a line starts with it."""
    for names, package, name in _IMPORTS.findall(code):
        yield from (name.strip() for name in names.split(","))
        yield from (package, f"{package}.{name}")


def _preload(code: str, freeze: bool) -> None:
    wanted = sorted(PRELOADED.intersection(_imports(code)).difference(sys.modules))
    for name in wanted:
        try:
            importlib.import_module(name)
        except ImportError:
            pass  # the program is told of it
    if wanted and freeze:
        # Or each child would write to all objects of its parent when it collects garbage.
        gc.collect()
        gc.freeze()


def _become(request: Mapping[str, Any]) -> CodeType:
    """Make a new process of this one, as if Python had been started with -c; the code of the program."""
    for descriptor, name in enumerate((request["stdout"], request["stderr"]), 1):
        file = os.open(name, os.O_WRONLY | os.O_APPEND)
        os.dup2(file, descriptor)
        os.close(file)
    os.chdir(request["directory"])
    sys.argv[:] = ["-c", *request["arguments"]]
    namespace = vars(sys.modules["__main__"])
    for name in "sys", "forkserver":
        del namespace[name]
    del sys.modules["forkserver"]
    return compile(request["code"], "<string>", "exec", dont_inherit=True)


def serve(descriptor: int) -> CodeType:
    """Answer each request with the number of a child, and with its status as of waitpid() when that has ended."""
    del sys.path[0]
    connection = socket.socket(fileno=descriptor)
    with connection, connection.makefile("rw", encoding="ascii") as stream:
        for line in stream:
            request = json.loads(line)
            _preload(request["code"], request["freeze"])
            child = os.fork()
            if child == 0:
                break
            print(child, file=stream, flush=True)
            print(os.waitpid(child, 0)[1], file=stream, flush=True)
        else:
            os._exit(0)
    return _become(request)


# --- in the process of the tests

class Template:
    """An interpreter to fork, in an environment."""

    def __init__(self, executable: str, environment: Mapping[str, str]):
        self.socket, theirs = socket.socketpair()
        self.stream = self.socket.makefile("rw", encoding="ascii")
        with theirs:
            self.process = subprocess.Popen(
                [executable, "-c", _TEMPLATE, str(Path(__file__).resolve().parent), str(theirs.fileno())],
                pass_fds=[theirs.fileno()], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)

    def close(self) -> None:
        self.socket.close()
        self.stream.detach()
        self.process.wait()

    def _number(self, deadline: float) -> int:
        self.socket.settimeout(max(0.001, deadline - time.monotonic()))
        line = self.stream.readline()
        if not line:
            raise EOFError("the template has ended")
        return int(line)

    def run(self, timeout: float, **request: object) -> int:
        """The status of a program. One whose time is up is killed, and raises socket.timeout."""
        deadline = time.monotonic() + timeout
        self.socket.settimeout(timeout)
        print(json.dumps(request), file=self.stream, flush=True)
        child = self._number(deadline)
        try:
            return self._number(deadline)
        except socket.timeout:
            os.kill(child, signal.SIGKILL)
            raise


class ForkServer:
    """The templates of all environments that were asked for."""

    def __init__(self, executable: str, freeze: bool):
        self.executable = executable
        self.freeze = freeze
        self.directory = tempfile.TemporaryDirectory(prefix="forkserver-")
        self.templates: Dict[FrozenSet[Tuple[str, str]], Template] = {}

    def close(self) -> None:
        for template in self.templates.values():
            template.close()
        self.templates.clear()
        self.directory.cleanup()

    def run(self, code: str, arguments: Sequence[str], environment: Mapping[str, str],
            timeout: float) -> "Optional[subprocess.CompletedProcess[str]]":
        """What subprocess.run() gives and raises for the program; None where a template does not even start."""
        key = frozenset(environment.items())
        if key not in self.templates:
            self.templates[key] = Template(self.executable, environment)
        template = self.templates[key]
        stdout, stderr = (Path(self.directory.name, name) for name in ("stdout", "stderr"))
        command = ["-c", code, *arguments]
        for path in stdout, stderr:
            path.touch()
        try:
            status = template.run(timeout, code=code, arguments=arguments, directory=os.getcwd(), freeze=self.freeze,
                                  stdout=str(stdout), stderr=str(stderr))
            return subprocess.CompletedProcess(
                command, os.waitstatus_to_exitcode(status), stdout.read_text(), stderr.read_text())
        except (OSError, EOFError) as error:
            template.close()
            del self.templates[key]
            if isinstance(error, socket.timeout):
                raise subprocess.TimeoutExpired(command, timeout, stdout.read_text(), stderr.read_text()) from None
            return None
        finally:
            for path in stdout, stderr:
                path.unlink()
