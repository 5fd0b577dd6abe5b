# SPDX-License-Identifier: LGPL-2.1-or-later
"""The same calls on these bindings and on the distribution's bindings give the same results and exceptions.

api/differential/ has the calls, which use libvirt's test driver, and the
program that runs them in a separate process. DIFFERENT lists the intended
differences, and docs/differences.md explains them.
"""

import functools
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Dict, List, NamedTuple, Optional, Tuple

import pytest

from api import facts
from conftest import TOP

Outcome = Dict[str, Any]  # decoded JSON
Outcomes = List[Tuple[str, Outcome]]  # call and outcome

HERE = Path(__file__).resolve().parent / "api" / "differential"
FILES = sorted(path.stem for path in HERE.glob("*.calls"))


class Better(NamedTuple):
    """An intended difference: what our bindings do where the peer does something else."""

    ours: str
    where: str  # first column of the row in docs/differences.md
    until: Optional[Tuple[int, int, int]] = None  # the libvirt release whose own bindings do the same


_REFUSED = "arguments that `sendKey`, `getCellsFreeMemory` and `domainListGetStats` refuse"
_FAILURES = "`lxcEnterCGroup`, `guestVcpus`, `migrateGetCompressionCache`, `migrateGetMaxDowntime`"
_LISTS = ("lists where libvirt takes lists (`files`, CPU maps, `baselineCPU`, `fsFreeze`, "
          "`authorizedSSHKeysSet`)")

DIFFERENT = {
    "conn.setMemoryParameters(None)": Better("TypeError", "dicts of typed parameters"),
    "conn.allocPages(None)": Better("TypeError", "`allocPages` with pages that are not a dict"),
    "dom.setMemoryParameters(None)": Better("TypeError", "dicts of typed parameters"),
    "dom.setBlockIoTune('vda', None)": Better("TypeError", "dicts of typed parameters", until=(11, 2, 0)),
    "stream.send('x')": Better("TypeError", "`send`"),
    "conn.getCellsFreeMemory(0, 0)": Better("libvirtError 8 0", _REFUSED),
    "conn.getCellsFreeMemory(-1, 1)": Better("libvirtError 8 0", _REFUSED),
    "dom.sendKey(libvirt.VIR_KEYCODE_SET_LINUX, 50, [1, 2], 3)": Better("libvirtError 8 0", _REFUSED),
    "dom.sendKey(libvirt.VIR_KEYCODE_SET_LINUX, 50, [1] * 17, 17)": Better("libvirtError 8 0", _REFUSED),
    "dom.sendKey(libvirt.VIR_KEYCODE_SET_LINUX, 50, 'x', 1)": Better("libvirtError 8 0", _REFUSED),
    "blocking.recv(-1)": Better("ValueError", "`recv(-1)`, `recvFlags(-1)`"),
    "dom.pinVcpu(0, [True])": Better("0", _LISTS),
    "dom.guestVcpus()": Better("libvirtError 3 20", _FAILURES),
    "dom.migrateGetMaxDowntime()": Better("libvirtError 3 20", _FAILURES),
    "dom.migrateGetCompressionCache()": Better("libvirtError 3 20", _FAILURES),
    "dom.setBlockIoTune('vda', {'unknown': 1})": Better("libvirtError 74 0", "`setBlockIoTune`", until=(11, 2, 0)),
    "dom.setBlockIoTune('vda', {})": Better("libvirtError 8 20", "`setBlockIoTune`", until=(11, 2, 0)),
    "disk.setBlockIoTune('vda', {'unknown': 1})": Better("libvirtError 74 0", "`setBlockIoTune`", until=(11, 2, 0)),
    "disk.setBlockIoTune('vda', {})": Better("libvirtError 8 20", "`setBlockIoTune`", until=(11, 2, 0)),
}

# Methods that have their own tests, and methods of objects that the test driver does not have.
NOT_CALLED = (r"libvirt\.(virConnect\.(\w+Event(De)?[rR]egister(Any)?|(un)?registerCloseCallback)"
              r"|virStream\.eventAddCallback|(virSecret|virNWFilter|virNWFilterBinding)\.\w+)")


def summary(outcome: Outcome) -> str:
    """Return an outcome as a short string."""
    if "gives" in outcome:
        return json.dumps(outcome["gives"], sort_keys=True, ensure_ascii=False)
    error: str = outcome["raises"][0]
    return f"{error} {outcome['code']} {outcome['domain']}" if error == "libvirtError" else error


def same(ours: Outcome, theirs: Outcome) -> bool:
    """Return whether the outcomes are the same for a program; an exception may be a subclass of the peer's."""
    if "raises" in ours and "raises" in theirs and "code" not in theirs:
        return theirs["raises"][0] in ours["raises"]
    return summary(ours) == summary(theirs)


@functools.lru_cache(maxsize=None)
def run(name: str, environment: Tuple[Tuple[str, str], ...] = ()) -> Tuple[Optional[Outcome], Outcomes]:
    """Return facts about the bindings in use, and the outcome of each call in a file; None without bindings."""
    clean = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "LD_PRELOAD")}
    done = subprocess.run([sys.executable, str(HERE / "run.py"), str(HERE / f"{name}.calls")], cwd="/",
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True, timeout=120,
                          env={**clean, **dict(environment)}, check=False)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    if not found and "ModuleNotFoundError" in done.stderr:
        return None, []
    assert found and found[-1] == "the end", f"ended with {done.returncode} at {found[-1:]}: {done.stderr}"
    about, *lines = found[:-1]
    return about, [(line, outcome) for (line,), outcome in zip(lines[::2], lines[1::2])]


def ours(name: str) -> Outcomes:
    about, outcomes = run(name, tuple((key, os.environ[key]) for key in ("PYTHONPATH", "LD_PRELOAD")
                                      if key in os.environ))
    assert about and about["ours"], about
    return outcomes


def peers(name: str) -> Outcomes:
    about, outcomes = run(name)
    if about is None or about["ours"]:
        pytest.skip(f"{sys.executable} has no other bindings of libvirt installed (python3-libvirt)")
    return outcomes


def version() -> Tuple[int, int, int]:
    import libvirt
    number = libvirt.getVersion()
    return number // 1000000, number // 1000 % 1000, number % 1000


def purpose(line: str) -> Optional[Better]:
    """Return the entry of DIFFERENT that applies to a call with the installed libvirt."""
    found = DIFFERENT.get(line)
    return None if found is None or found.until and version() >= found.until else found


@pytest.mark.parametrize("name", FILES)
def test_calls_behave_as_on_the_peer(name: str) -> None:
    theirs = peers(name)
    wrong = [f"{line}\n    ours  {summary(mine)}\n    peer  {summary(other)}"
             for (line, mine), (_, other) in zip(ours(name), theirs) if not purpose(line) and not same(mine, other)]
    assert not wrong, "\n" + "\n".join(wrong)


@pytest.mark.parametrize("name", FILES)
def test_intended_differences_are_as_listed(name: str) -> None:
    theirs = peers(name)
    found = {line: (summary(mine), same(mine, other)) for (line, mine), (_, other) in zip(ours(name), theirs)
             if purpose(line)}
    assert found == {line: (DIFFERENT[line].ours, False) for line in found}


def lines() -> List[str]:
    return [line for path in sorted(HERE.glob("*.calls")) for line in path.read_text(encoding="utf-8").splitlines()
            if line and not line.startswith("#")]


def test_every_intended_difference_is_a_call_of_the_files() -> None:
    assert sorted(set(DIFFERENT) - set(lines())) == []


def test_every_intended_difference_is_documented() -> None:
    text = (TOP / "docs" / "differences.md").read_text(encoding="utf-8")
    documented = {line.split("|")[1].strip() for line in text.splitlines() if line.startswith("| ")}
    assert sorted({found.where for found in DIFFERENT.values()} - documented) == []


def test_every_method_is_called() -> None:
    """When libvirt adds a method, add a call of it to one of the files."""
    called = set(re.findall(r"\.(\w+)\(", "\n".join(lines())))
    reference = facts.read(max(known for known in facts.versions() if known <= max(version(), facts.versions()[0])))
    methods = [name for name in reference["callables"] if re.fullmatch(r"libvirt\.vir\w+\.[a-zA-Z]\w*", name)]
    assert len(methods) > 400
    assert sorted(name for name in methods if name.rpartition(".")[2] not in called
                  and not re.fullmatch(NOT_CALLED, name)) == []


def test_many_of_the_calls_succeed() -> None:
    """Calls that fail with both bindings compare little."""
    outcomes = [outcome for name in FILES for _, outcome in ours(name)]
    assert len(outcomes) > 900
    assert sum("gives" in outcome for outcome in outcomes) > 400
