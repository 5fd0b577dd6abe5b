# SPDX-License-Identifier: LGPL-2.1-or-later
"""A C program that embeds Python and initializes it again after finalization: callbacks work every time."""

import os
import shlex
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Callable, List

import pytest

from checkers import CHECKER, for_tools, without_leak_check
from conftest import TIMEOUT

# Run the last argument in three consecutive lifetimes of the interpreter.
PROGRAM = r"""
#include <Python.h>

int main(int argc, char **argv)
{
    for (int life = 1; life <= 3; life++) {
        Py_Initialize();
        if (PyRun_SimpleString(argv[argc - 1]) != 0 || Py_FinalizeEx() != 0)
            return 1;
    }
    return 0;
}
"""
START = """
import sys
import libvirt
def show(*arguments):
    print(*arguments, flush=True)
conn = libvirt.open("test:///default")
domain = conn.lookupByName("test")
"""


@pytest.fixture(scope="module")
def lives(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], List[str]]:
    """Run a program in three consecutive lifetimes of an embedded interpreter; return the lines it prints."""
    if CHECKER:
        pytest.skip("interpreters leak some memory at finalization")
    if not sysconfig.get_config_var("Py_ENABLE_SHARED") and not sysconfig.get_config_var("LDLIBRARY"):
        pytest.skip("this Python has no library to embed")
    directory = tmp_path_factory.mktemp("embedding")
    source, program = directory / "embed.c", directory / "embed"
    source.write_text(PROGRAM)
    version = sysconfig.get_config_var("LDVERSION") or sysconfig.get_config_var("VERSION")
    names = ("LIBDIR", "LIBPL")
    command = [*shlex.split(os.environ.get("CC") or "cc"), "-I" + sysconfig.get_paths()["include"], str(source), "-o",
               str(program), *(f"-L{sysconfig.get_config_var(name)}" for name in names), f"-lpython{version}",
               *shlex.split(" ".join(str(sysconfig.get_config_var(name) or "") for name in (
                   "LIBS", "SYSLIBS", "LINKFORSHARED")))]
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=for_tools())
    except OSError as error:
        pytest.skip(str(error))
    if done.returncode != 0:
        pytest.skip(f"no program can embed this Python: {done.stdout.strip()[-200:]}")
    # Paths for Python's library and, in a virtual environment, for all packages.
    paths = [*sys.path, str(Path(__file__).parent)]
    environment = {**without_leak_check(os.environ), "PYTHONPATH": ":".join(filter(None, paths)),
                   "LD_LIBRARY_PATH": ":".join(filter(None, [sysconfig.get_config_var("LIBDIR"),
                                                             os.environ.get("LD_LIBRARY_PATH")]))}

    def run(code: str) -> List[str]:
        ran = subprocess.run([str(program), START + code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                             timeout=TIMEOUT, env=environment)
        assert (ran.returncode, ran.stderr) == (0, ""), ran.stdout
        return ran.stdout.splitlines()
    return run


def test_callbacks_run_in_each_lifetime(lives: Callable[[str], List[str]]) -> None:
    """Callbacks of an earlier lifetime are still registered with libvirt, but are not called."""
    assert lives("""
libvirt.virEventRegisterDefaultImpl()
libvirt.registerErrorHandler(lambda context, error: show("error", context), "mine")
seen = []
conn.domainEventRegisterAny(None, 0, lambda conn, dom, event, *others: seen.append(dom.name()), None)
conn.domainEventRegister(lambda *arguments: seen.append("old"), None)
libvirt.virEventAddTimeout(0, lambda timer, opaque: libvirt.virEventRemoveTimeout(timer), None)
(domain.destroy if domain.isActive() else domain.create)()
while len(seen) < 2:
    libvirt.virEventRunDefaultImpl()
try:
    conn.lookupByName("missing")
except libvirt.libvirtError as error:
    show(sorted(seen), error)
""") == ["error mine", "['old', 'test'] Domain not found"] * 3


def test_an_error_handler_is_not_called_in_the_next_lifetime(lives: Callable[[str], List[str]]) -> None:
    """The handler of the earlier lifetime is gone, and errors that become exceptions are not printed."""
    assert lives("""
import os
try:
    conn.lookupByName("missing")
except libvirt.libvirtError as error:
    show("raised")
if "LATER" not in os.environ:
    os.environ["LATER"] = ""
    os.putenv("LATER", "1")
    libvirt.registerErrorHandler(lambda context, error: show("error"), None)
    libvirt.libvirtmod.virDomainGetName(None)
""") == ["raised", "error", "raised", "raised"]


def test_each_lifetime_can_register_an_event_loop(lives: Callable[[str], List[str]]) -> None:
    assert lives("""
asked = []
def add(*arguments):
    asked.append(arguments[0])
    return 7
libvirt.virEventRegisterImpl(*[add] * 6)
show(libvirt.virEventAddTimeout(5, print, None), asked)
try:
    libvirt.virEventRegisterImpl(*[add] * 6)
except RuntimeError as error:
    show(error)
""") == ["7 [5]", "an event loop is registered already"] * 3


def test_finalization_waits_for_callbacks_in_each_lifetime(lives: Callable[[str], List[str]]) -> None:
    """Finalization waits for a running callback, and no callback starts afterwards."""
    assert lives("""
import threading, time
libvirt.virEventRegisterDefaultImpl()
came = threading.Event()
def slow(timer, opaque):
    libvirt.virEventUpdateTimeout(timer, -1)
    came.set()
    time.sleep(0.1)
    show("done")
libvirt.virEventAddTimeout(0, slow, None)
def loop():
    while not came.is_set():
        libvirt.virEventRunDefaultImpl()
threading.Thread(target=loop, daemon=True).start()
came.wait()
""") == ["done"] * 3
