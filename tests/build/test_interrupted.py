"""A generator that is interrupted or fails leaves no file that the next make would take for an output.

SPDX-License-Identifier: LGPL-2.1-or-later
"""

import os
import shlex
import signal
import subprocess
import time
from pathlib import Path
from typing import Iterator, List

import pytest
from buildtree import PYTHON, BuildTree, environment, make_command

# The outputs of one run of the generator.
OUTPUTS = [*(f"src/libvirtmod{end}" for end in (".c", ".h", "-connect.c", "-domain.c", "-objects.c")),
           *(f"python/{name}{end}" for name in ("libvirt", "libvirt_enums", "libvirt_types")
             for end in (".py", "-stubs/__init__.pyi"))]
SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"]

# A Python that stops the generator just before its first output is renamed into place, and reports its process ID.
HOLDING = """#!{python}
import os, runpy, sys, time

def hold(event, arguments):
    # Python also renames bytecode files into place.
    if event == "os.rename" and str(arguments[1]) in sys.argv:
        with open({pidfile!r}, "w") as pidfile:
            print(os.getpid(), file=pidfile)
        time.sleep(60)

sys.path.insert(0, os.environ["PYTHONPATH"])
sys.addaudithook(hold)
del sys.argv[1:sys.argv.index("generator") + 1]
runpy.run_module("generator", run_name="__main__", alter_sys=True)
"""


class Held(subprocess.Popen[bytes]):
    """A make that waits for the generator, and the process ID of the generator."""

    generator: int


def left(tree: BuildTree) -> List[str]:
    """Return the outputs in the tree, complete or temporary."""
    return [name for name in tree.files() if name.split("/")[0] in ("src", "python") and "/.deps/" not in name]


@pytest.fixture(scope="module")
def tree(source: Path, tmp_path_factory: "pytest.TempPathFactory") -> BuildTree:
    tree = BuildTree(source, tmp_path_factory.mktemp("interrupted"))
    tree.configure()
    return tree


@pytest.fixture
def clean(tree: BuildTree) -> BuildTree:
    tree.make("clean")
    for name in left(tree):
        (tree.directory / name).unlink()
    return tree


def default_signals() -> None:
    """Restore signals that a background job ignores."""
    for name in SIGNALS:
        signal.signal(getattr(signal, name), signal.SIG_DFL)


@pytest.fixture
def held(clean: BuildTree, tmp_path: Path) -> Iterator[Held]:
    """A make with its generator in a process group, stopped before the first output is in place."""
    pidfile = tmp_path / "pidfile"
    python = tmp_path / "python3"
    python.write_text(HOLDING.format(python=PYTHON, pidfile=str(pidfile)))
    python.chmod(0o755)
    process = Held(
        make_command(f"PYTHON={python}", *OUTPUTS), cwd=clean.directory, env=environment(),
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True, preexec_fn=default_signals)
    deadline = time.monotonic() + 60
    while not (pidfile.exists() and pidfile.read_text()) and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    try:
        assert pidfile.exists(), f"the generator renames no file: {process.communicate()[0]!r}"
        process.generator = int(pidfile.read_text())
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def ended(process: Held) -> None:
    """Wait until all processes have ended, including those that make itself does not wait for."""
    process.communicate(timeout=60)


@pytest.mark.parametrize("name", SIGNALS)
def test_signal_leaves_no_file_and_next_make_succeeds(clean: BuildTree, held: Held, name: str) -> None:
    """The signal is sent as a terminal does, to make and all processes that it started."""
    os.killpg(held.pid, getattr(signal, name))
    ended(held)
    assert held.returncode != 0
    assert left(clean) == []
    clean.make(*OUTPUTS)
    assert left(clean) == sorted(OUTPUTS)


def test_killed_generator_leaves_no_output_and_next_make_cleans_up(clean: BuildTree, held: Held) -> None:
    """A killed generator cannot remove its temporary files; the next run does."""
    os.kill(held.generator, signal.SIGKILL)
    ended(held)
    assert held.returncode != 0
    assert [name for name in OUTPUTS if (clean.directory / name).exists()] == []
    clean.make(*OUTPUTS)
    assert left(clean) == sorted(OUTPUTS)


def test_failing_generator_leaves_no_file(clean: BuildTree, tmp_path: Path) -> None:
    broken = tmp_path / "broken.xml"
    broken.write_text("<api name='libvirt'><symbols>")
    for name in OUTPUTS:
        done = clean.make(f"LIBVIRT_API_XML={shlex.quote(str(broken))}", name, check=False)
        assert done.returncode != 0
        assert str(broken) in done.stdout
    assert left(clean) == []


def test_failing_generator_keeps_no_old_output(clean: BuildTree, tmp_path: Path) -> None:
    """An old output would be taken for an output of the new input."""
    clean.make(*OUTPUTS)
    broken = tmp_path / "broken.xml"
    broken.write_text("not XML")
    assert clean.make("-k", f"LIBVIRT_API_XML={broken}", *OUTPUTS, check=False).returncode != 0
    assert clean.make(*OUTPUTS).returncode == 0
    assert left(clean) == sorted(OUTPUTS)


@pytest.mark.parametrize("name", ["src/libvirtmod-domain.c", "python/libvirt.py"])
def test_removed_output_is_the_only_one_made_again(clean: BuildTree, name: str) -> None:
    clean.make(*OUTPUTS)
    paths = [clean.directory / output for output in OUTPUTS]
    before = {path: path.stat().st_mtime_ns for path in paths}
    text = (clean.directory / name).read_bytes()
    (clean.directory / name).unlink()
    clean.make(*OUTPUTS)
    assert [path for path in paths if path.stat().st_mtime_ns != before[path]] == [clean.directory / name]
    assert (clean.directory / name).read_bytes() == text


def test_outputs_are_newer_than_their_stamps(clean: BuildTree) -> None:
    """Otherwise every make would check the outputs again."""
    clean.make(*OUTPUTS)
    made = (clean.directory / "generator" / "libvirt.stamp").stat().st_mtime_ns
    assert made <= min((clean.directory / name).stat().st_mtime_ns for name in OUTPUTS)


def test_output_that_would_not_change_is_not_written(clean: BuildTree) -> None:
    """Files that depend on an unchanged output are not built again."""
    clean.make(*OUTPUTS)
    stamp, paths = clean.directory / "generator/libvirt.stamp", [clean.directory / name for name in OUTPUTS]
    before = {path: path.stat().st_mtime_ns for path in paths}
    os.utime(stamp, (1, 1))
    paths[0].write_text("edited\n")
    clean.make(*OUTPUTS)
    assert [path for path in paths if path.stat().st_mtime_ns != before[path]] == paths[:1]
    assert stamp.stat().st_mtime > 1 and paths[0].read_text() != "edited\n"
