# SPDX-License-Identifier: LGPL-2.1-or-later
"""The test tools themselves: forked programs behave like fresh ones, and the runner reports every failing file."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Dict, Iterator, Tuple

import pytest

import runner
from checkers import CHECKER
from fixturetypes import RunPython
from forkserver import ForkServer

PROGRAMS = {
    "output": "import sys; print(sys.argv, __name__, sorted(globals()))",
    "status": "import sys; print('out'); print('error', file=sys.stderr); sys.exit(7)",
    "text": "import sys; sys.exit('text')",
    "signal": "import os, signal; print('before', flush=True); os.kill(os.getpid(), signal.SIGKILL)",
    "abort": "import os; os.abort()",
    "atexit": "import atexit; atexit.register(print, 'atexit'); print('program')",
    "destructor": "class Thing:\n    def __del__(self): print('gone')\nthing = Thing()",
    "thread": "import threading; printed = threading.Event(); threading.Thread(target=lambda: (printed.wait(), "
              "print('thread'))).start(); print('main'); printed.set()",
    "main thread": "import threading; print(threading.current_thread() is threading.main_thread())",
    "descriptors": "import os; print([n for n in range(3, 100) if os.path.exists(f'/proc/self/fd/{n}')][1:])",
    "directory": "import os; print(os.getcwd(), __import__('sys').path)",
    "environment": "import os; print(ascii(os.environ['MINE']), os.environ.get('PYTHONOPTIMIZE')); assert False",
}


@pytest.fixture(scope="module")
def server() -> Iterator[ForkServer]:
    if CHECKER:
        pytest.skip("programs are not forked under a checker")
    forks = ForkServer(sys.executable)
    yield forks
    forks.close()


@pytest.mark.parametrize("optimize", ["", "1"])
@pytest.mark.parametrize("name", PROGRAMS)
def test_a_forked_program_behaves_like_one_in_a_new_interpreter(server: ForkServer, run_fresh_python: RunPython,
                                                                name: str, optimize: str) -> None:
    changed = {"MINE": "caf\udce9", "PYTHONOPTIMIZE": optimize}
    code, arguments = PROGRAMS[name], ("one", "tw\xf6")
    forked = server.run(code, arguments, {**os.environ, **changed}, 60)
    fresh = run_fresh_python(code, *arguments, **changed)
    assert forked is not None
    assert (forked.returncode, forked.stdout) == (fresh.returncode, fresh.stdout)
    assert forked.stderr.splitlines()[-1:] == fresh.stderr.splitlines()[-1:]


def test_a_program_that_hangs_is_killed(server: ForkServer) -> None:
    """The output so far is returned, and the next program is not disturbed."""
    environment: Dict[str, str] = dict(os.environ)
    with pytest.raises(subprocess.TimeoutExpired) as raised:
        server.run("import time; print('first', flush=True); time.sleep(600)", (), environment, 1)
    printed: object = raised.value.stdout
    assert printed == "first\n"
    done = server.run("print('second')", (), environment, 60)
    assert done is not None and done.stdout == "second\n"


def test_run_returns_none_if_python_does_not_start(server: ForkServer) -> None:
    assert server.run("pass", (), {**os.environ, "PYTHONHOME": "/nowhere"}, 60) is None


@pytest.mark.parametrize("flags, jobs", [
    ("", 9), ("w", 9), ("-j4", 4), ("w -j4 --jobserver-auth=3,4", 4), (" -j4 --jobserver-fds=3,4 -j", 4), ("k -j", 9),
    (" -j --jobserver-auth=fifo:/tmp/x", 9), ("-j 16 -J 15,16", 16), ("-j1", 1), ("w -j2 -- TESTS=-j5 ", 2)])
def test_number_of_parallel_files_follows_make_jobs(flags: str, jobs: int) -> None:
    assert runner.jobs_of(flags, 9) == jobs


FILES = {
    "good": ("def test_it():\n    pass\n", "PASS: good.py  1 passed"),
    "bad": ("def test_it():\n    assert 1 == 2\n", "FAIL: bad.py  1 failed"),
    "skipped": ("import pytest\ndef test_it():\n    pytest.skip('no')\n", "SKIP: skipped.py  1 skipped"),
    "absent": ("import pytest\npytest.skip('no', allow_module_level=True)\n", "SKIP: absent.py  1 skipped"),
    "empty": ("", "FAIL: empty.py  1 failed"),
    "broken": ("def test_it(:\n", "FAIL: broken.py  1 error"),
    "crash": ("import os\ndef test_it():\n    os.abort()\n", "FAIL: crash.py  1 failed"),
    "crash at the end": ("import atexit, os\ndef test_it():\n    atexit.register(os.abort)\n",
                         "FAIL: crash at the end.py  1 failed"),
}


def run_files(directory: Path, *names: str, **environment: str) -> Tuple[str, int]:
    for name in names:
        (directory / f"{name}.py").write_text(FILES[name][0], encoding="ascii")
    done = subprocess.run([sys.executable, runner.__file__, *(f"{name}.py" for name in names)], cwd=directory,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True,
                          env={**os.environ, **environment})
    return done.stdout, done.returncode


def test_the_outcome_of_each_file_is_reported(tmp_path: Path) -> None:
    output, status = run_files(tmp_path, *FILES)
    lines = output.splitlines()
    for name, (_, start) in FILES.items():
        assert [line for line in lines if line.startswith(start)], (name, output)
    assert status == 1
    assert lines[-1] == "1 passed, 5 failed, 2 skipped"
    assert "assert 1 == 2" in output  # the log of the failing file
    assert "Fatal Python error: Aborted" in output


def test_passing_and_skipped_files_succeed(tmp_path: Path) -> None:
    output, status = run_files(tmp_path, "good", "skipped")
    assert (output.splitlines()[-1], status) == ("1 passed, 0 failed, 1 skipped", 0)


def test_a_missing_pytest_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "pytest.py").write_text("raise ImportError", encoding="ascii")
    output, status = run_files(tmp_path, "good", PYTHONPATH=str(tmp_path))
    assert status == 1
    assert "python3-pytest" in output
