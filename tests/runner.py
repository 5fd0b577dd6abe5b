# SPDX-License-Identifier: LGPL-2.1-or-later
"""Run test files with pytest: several at once, each in its own process, with its output in a log file.

Prints a line for each file, then the logs of files that failed, then the
totals. The format is that of Automake's test harness, because other programs
parse it.
"""

import argparse
import faulthandler
import gc
import os
import re
import shlex
import signal
import sys
import time
from pathlib import Path
from typing import Dict, List, Mapping, NamedTuple, NoReturn, Sequence

SKIP = 77  # exit status if all tests of a file were skipped
PATIENCE = int(os.environ.get("LIBVIRT_PYTHON_PATIENCE", "1"))
LIMIT = 3600 * PATIENCE  # seconds for a file
SUMMARY = re.compile(r"^(\d+ \w+(?:, \d+ \w+)*) in [\d.]+s", re.MULTILINE)
NO_PYTEST = """\
The tests need pytest for {}, which is not installed.
The package is python3-pytest in Debian, Fedora and openSUSE, python-pytest in Arch, py3-pytest in Alpine and
dev-python/pytest in Gentoo; "make check" cannot pass without it."""


def need_pytest() -> None:
    """Import pytest before forking. Without pytest nothing is tested, so its absence is a failure."""
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # other installed plugins must not change the tests
    try:
        import pytest  # noqa: F401
    except ImportError:
        sys.exit(NO_PYTEST.format(sys.executable))


def load_pytest() -> None:
    """Make pytest import all its parts, so that they are not imported again for each file."""
    import pytest
    pytest.main(["--version"])
    gc.collect()
    gc.freeze()


def run_here(arguments: Sequence[str]) -> int:
    """Run pytest in this process; return its exit status, or SKIP if all tests were skipped."""
    import pytest
    # Use a copy of standard error, because pytest captures the original.
    faulthandler.dump_traceback_later(LIMIT, exit=True, file=os.dup(2))
    strict = ["-W", "error"] if os.environ.get("CI") else []
    outcomes: List[str] = []

    class Plugin:
        """Records the outcome of each test; a test that fails as expected counts as run."""

        def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
            if report.skipped and not hasattr(report, "wasxfail"):
                outcomes.append("skipped")
            elif report.when == "call":
                outcomes.append("ran")

        def pytest_collectreport(self, report: pytest.CollectReport) -> None:
            if report.skipped:  # a whole file was skipped
                outcomes.append("skipped")

    options = ["-q", "-ra", "-p", "no:cacheprovider", "--capture=sys", *strict]
    status = int(pytest.main([*options, *arguments], plugins=[Plugin()]))
    finished = status in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)
    return SKIP if finished and outcomes and "ran" not in outcomes else status


class Running(NamedTuple):
    """A test file whose process is running."""

    name: str
    log: Path
    start: float


class Result(NamedTuple):
    """The result of a file: PASS, FAIL or SKIP, and the number of tests by outcome."""

    name: str
    log: Path
    outcome: str
    counts: Dict[str, int]


def counted(text: str) -> Dict[str, int]:
    """Return the counts from pytest's last line; empty if there is no such line."""
    found = SUMMARY.findall(text)
    words = found[-1].replace(",", "").split() if found else []
    return {word: int(number) for number, word in zip(words[::2], words[1::2])}


def ended(file: Running, status: int) -> Result:
    """Return the result of a process that has ended; complete its log if pytest did not."""
    seconds = time.monotonic() - file.start
    counts = counted(file.log.read_text(encoding="utf-8", errors="replace"))
    outcome = {0: "PASS", SKIP: "SKIP"}.get(status, "FAIL")
    why = f", ended by {signal.Signals(-status).name}" if status < 0 else ""
    # pytest failed in a way that it does not count, or the process died.
    if outcome == "FAIL" and not (status > 0 and any(counts.get(word) for word in ("failed", "error", "errors"))):
        counts = {"failed": 1}
        with open(file.log, "a", encoding="utf-8") as log:
            log.write(f"\n{file.name}: the process ended with status {status}\n1 failed in {seconds:.2f}s\n")
    summary = ", ".join(f"{number} {word}" for word, number in counts.items()) or "nothing ran"
    print(f"{outcome}: {file.name}  {summary} ({seconds:.1f} s{why})", flush=True)
    return Result(file.name, file.log, outcome, counts)


def jobs_of(flags: str, processors: int) -> int:
    """Return how many files to run at once: make's -jN, or the number of processors."""
    options = f" {flags} ".partition(" -- ")[0]
    found = re.findall(r" -j *(\d+)\b", options)
    return max(1, int(found[-1])) if found else processors


class Runner:
    """Runs test files in parallel, at most `jobs` at a time."""

    def __init__(self, jobs: int, within: Sequence[str]):
        self.jobs = jobs
        self.within = within
        self.running: Dict[int, Running] = {}

    def start(self, name: str) -> None:
        # The file name may be relative to the source tree, or any other path.
        path = Path(name)
        if not path.exists():
            path = Path(os.environ.get("abs_top_srcdir", ""), name)
        log = Path(name).with_suffix(".log")
        if log.is_absolute():
            log = Path("tests", log.name)
        log.parent.mkdir(parents=True, exist_ok=True)
        process = os.fork()
        if process == 0:
            self.become(path, log)
        self.running[process] = Running(name, log, time.monotonic())

    def become(self, path: Path, log: Path) -> NoReturn:
        """Run a file in this child process, then exit through normal interpreter finalization, which may fail, too."""
        self.running.clear()
        os.setpgid(0, 0)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o666)
        for descriptor in 1, 2:
            os.dup2(output, descriptor)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        if self.within:
            os.execvp(self.within[0], [*self.within, sys.executable, __file__, "--one", str(path)])
        sys.exit(run_here([str(path)]))

    def wait(self) -> Result:
        process, status = os.wait()
        self.kill(process)  # kill processes that a test has left running
        return ended(self.running.pop(process), os.waitstatus_to_exitcode(status))

    @staticmethod
    def kill(process: int) -> None:
        try:
            os.killpg(process, signal.SIGKILL)
        except OSError:
            pass

    def run(self, names: Sequence[str]) -> List[Result]:
        left = sorted(names, key=expected_cost)
        results: List[Result] = []
        try:
            while left or self.running:
                while left and len(self.running) < self.jobs:
                    self.start(left.pop())
                results.append(self.wait())
        finally:
            for process in self.running:
                self.kill(process)
        return results


def expected_cost(name: str) -> float:
    """Return how long the file took last time, or a guess.

    A long file must start early, or it runs alone at the end.
    """
    log = Path(name).with_suffix(".log")
    if log.exists():
        found = re.findall(r" in ([\d.]+)s", log.read_text(encoding="utf-8", errors="replace"))
        if found:
            return float(found[-1])
    path = Path(os.environ.get("abs_top_srcdir", ""), name)
    return path.stat().st_size / 1e4 if path.exists() else 0


def report(results: Sequence[Result]) -> int:
    """Print the logs of files that failed, and the totals; return the exit status."""
    for result in results:
        if result.outcome == "FAIL":
            print(f"\n{'=' * 10} {result.log}\n", result.log.read_text(encoding="utf-8", errors="replace"), sep="")
    outcomes = [result.outcome for result in results]
    print(f"# TOTAL: {len(outcomes)}", *(f"# {word}:  {outcomes.count(word)}" for word in ("PASS", "SKIP", "FAIL")),
          sep="\n")
    sums = {word: sum(result.counts.get(word, 0) for result in results)
            for word in ("passed", "failed", "error", "errors", "skipped")}
    failed = sums["failed"] + sums["error"] + sums["errors"]
    print(f"{sums['passed']} passed, {failed} failed, {sums['skipped']} skipped", flush=True)
    return 1 if "FAIL" in outcomes else 0


def main(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    if arguments[:1] == ["--one"]:
        need_pytest()
        return run_here(arguments[1:])
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--jobs", type=int, metavar="N", help="default: the -jN of make, or the number of processors")
    parser.add_argument("--within", default="", metavar="COMMAND", help="command that runs the process of each file")
    parser.add_argument("files", nargs="*", metavar="FILE", help="tests/test_x.py")
    wanted = parser.parse_args(arguments)
    if not wanted.files:
        return report([])  # "make check TESTS=" only builds what the tests need
    need_pytest()
    load_pytest()
    try:
        processors = len(os.sched_getaffinity(0))
    except AttributeError:
        processors = os.cpu_count() or 1
    jobs = wanted.jobs or jobs_of(environment.get("MAKEFLAGS", ""), processors)
    # If a test runs make, that make must not use this make's jobserver.
    for name in "MAKEFLAGS", "MFLAGS", "MAKELEVEL":
        os.environ.pop(name, None)
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(1))
    return report(Runner(jobs, shlex.split(wanted.within)).run(wanted.files))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
