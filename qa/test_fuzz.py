# SPDX-License-Identifier: LGPL-2.1-or-later
"""The short form of fuzz/run: no call with odd arguments goes wrong, and the fuzzer notices a call that does."""

import os
import re
import subprocess
from pathlib import Path
from typing import List, Tuple

import pytest

from checkers import INTERPRETER, PATIENCE

from fake import running

PROGRAM = Path(__file__).resolve().parent / "fuzz" / "run"
SUMMARY = re.compile(r"seed (\d+): (\d+) calls, (\d+) functions known, (\d+) called, (\d+) reached in C, "
                     r"(\d+) failures, \d+ s")


def fuzz(*arguments: str, **environment: str) -> Tuple[List[str], int]:
    """Run the fuzzer, and return its output as lines, and its exit status."""
    running.library()  # Skip the test if the fake libvirt was not built.
    done = subprocess.run([*INTERPRETER, str(PROGRAM), *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          encoding="utf-8", errors="backslashreplace", timeout=300 * PATIENCE,
                          env={**os.environ, **environment})
    return done.stdout.splitlines(), done.returncode


@pytest.fixture(scope="module")
def short() -> Tuple[List[str], int]:
    return fuzz("--seed", "1", "--calls", "4")


def test_no_call_goes_wrong(short: Tuple[List[str], int]) -> None:
    lines, status = short
    assert status == 0, "\n".join(lines)


def test_every_function_is_reached_in_c(short: Tuple[List[str], int]) -> None:
    lines, _ = short
    _, calls, known, called, reached, _ = map(int, next(filter(None, map(SUMMARY.fullmatch, lines))).groups())
    left_out = [line for line in lines if line.startswith("left out: ")]
    assert len(left_out) == known - called <= 10
    assert reached == called > 900
    assert calls > 4 * called


def test_the_same_seed_makes_the_same_calls() -> None:
    from fuzz import mutation, targets

    def made(seed: int) -> List[mutation.Call]:
        seeds = targets.nodes([["dom._o", "{'x': [1, 'y']}", "5"], ["dom._o", "{}", "0"]])
        return [mutation.calls(seed, "fake", "f", seeds, number) for number in range(200)]

    assert made(1) == made(1) != made(2)


# --- the fuzzer notices faults --------------------------------------------------

# Breaks functions in the process that makes the calls, so that they only work with good arguments.
BROKEN = """
with open("/proc/self/cmdline") as file:
    arguments = file.read().split("\\0")
if "fuzz.worker" in arguments and "record" not in arguments:
    import ctypes, time
    import libvirtmod

    def put(name, happens):
        whole = getattr(libvirtmod, name)
        def broken(*arguments):
            if len(arguments) != 2 or arguments[1] != 0:
                happens()
            return whole(*arguments)
        setattr(libvirtmod, name, broken)

    def error():
        raise SystemError("of the fuzzer's test")

    put("virDomainGetXMLDesc", lambda: ctypes.string_at(0))
    put("virDomainShutdownFlags", lambda: time.sleep(1000))
    put("virNetworkGetXMLDesc", error)
"""


def test_failures_are_reported_with_the_command_that_repeats_them(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(BROKEN, encoding="utf-8")
    names = ("libvirtmod.virDomainGetXMLDesc", "libvirtmod.virDomainShutdownFlags", "libvirtmod.virNetworkGetXMLDesc")
    path = os.pathsep.join(filter(None, [str(tmp_path), os.environ.get("PYTHONPATH")]))
    lines, status = fuzz("--world", "fake", "--calls", "40", "--patience", str(2 * PATIENCE),
                         *(word for name in names for word in ("--function", name)), PYTHONPATH=path)
    text = "\n".join(lines)
    assert status == 1, text
    for name, what in zip(names, ("the process exits with status -?[0-9]+", "does not return",
                                  "raises SystemError: of the")):
        told = re.search(rf"{re.escape(name)}\(.*\) \[.*\]: {what}", text)
        assert told, text
        assert re.search(rf"repeat: .*--function {re.escape(name)} --only \d+", text[told.end():]), text
