# SPDX-License-Identifier: LGPL-2.1-or-later
"""The type hints of the stubs, held against what functions really return and what callbacks really get."""

import ast
import json
import re
from typing import Any, Dict

import pytest

import libvirt
from fake import firing, running
from fixturetypes import PythonPrints

# Results that "bytes | Any" stands for; and what only a fake makes, which breaks libvirt's word: its arrays of names
# and its replies hold no NULL.
TOLERATED = re.compile(
    r"libvirt\.virStream\.recv(Flags)? \w+ -[23] is not a bytes"
    r"|(libvirt\.vir\w+\.(list\w+|snapshotListNames|getCPUModelNames|authorizedSSHKeysGet|messages|fsInfo)"
    r"|libvirt_qemu\.qemuMonitorCommandWithFiles) nulls None is not a str")
# Of the functions of events, loops and streams, whose results are tested with those; and what ends an object.
ELSEWHERE = re.compile(
    r"libvirt\.(openAuth|registerErrorHandler|virInitialize|virEvent\w+)"
    r"|libvirt\.virConnect\.(close|\w+Event(Der|R)egister(Any)?|(unr|r)egisterCloseCallback)"
    r"|libvirt\.virStream\.(eventAddCallback|(sparse)?([Rr]ecv|[Ss]end)All)|libvirt_qemu\.qemuMonitorEvent\w+")


@pytest.fixture(scope="module")
def hinted() -> Dict[str, Any]:
    """What came of holding each result of the table of calls against its hint."""
    done = running.run_program(running.ours(), "hinted")
    assert done.returncode == 0, done.stderr[-5000:]
    found: Dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_results_are_what_their_hints_say(hinted: Dict[str, Any]) -> None:
    assert [told for told in map(" ".join, hinted["wrong"]) if not TOLERATED.fullmatch(told)] == []


def test_hints_say_no_more_than_results_are(hinted: Dict[str, Any]) -> None:
    """What may be None is so in some row, and something else in another."""
    assert hinted["one-sided"] == []


def test_each_function_was_held_against_its_hint(hinted: Dict[str, Any]) -> None:
    assert [name for name in hinted["known"] if name not in hinted["held"] and not ELSEWHERE.fullmatch(name)] == []
    assert len(hinted["held"]) > 400


# Arguments that hints refuse on purpose, though they are taken: numbers that are no int, any truth value, the text of a
# UUID, which rarely is one of 16 characters, and NULL for an object, which the real libvirt refuses.
REFUSED = re.compile(r"vir\w+\.\w+ .*\bfake\.objects\.(Index|Shrinking)\b.*|vir\w+\.\w+ None is not a vir\w+"
                     r"|vir\w+\.\w*LookupByUUID '.{16}' is not a ReadableBuffer"
                     r"|vir\w+\.lookupByUUID '.{16}' is not a .*"
                     r"|virDomain\.(getCPUStats|pin\w+) .*")
# And the opposite: the values of dicts and of lists can be anything to them, and None is the time that flags tell.
PASSED = re.compile(r".* argument 'params' item .*|lxcEnterSecurityLabel .* 'label' .*"
                    r"|virDomain\.setTime .*, not NoneType")


def test_arguments_pass_that_are_taken(hinted: Dict[str, Any]) -> None:
    assert [told for told in map(" ".join, hinted["refused"]) if not REFUSED.fullmatch(told)] == []


def test_arguments_are_refused_that_raise_typeerror(hinted: Dict[str, Any]) -> None:
    assert [told for told in map(" ".join, hinted["passed"]) if not PASSED.fullmatch(told)] == []


# --- events ------------------------------------------------------------------

# Registers a callback for each event, has it fired in three variants, and holds what comes against each Callable of the
# overload that a checker would choose.
EVENTS = firing.START + """
import ast
from typehints import Stub
stub = Stub("libvirt")
found = {}

def overloads(family):
    for function in stub.functions[f"virConnect.{family}EventRegisterAny"]:
        number, callback = (argument.annotation for argument in function.args.args[2:4])
        if isinstance(number, ast.Subscript):
            places = number.slice.elts if isinstance(number.slice, ast.Tuple) else [number.slice]
            yield from ((ast.literal_eval(place), callback) for place in places)

for family in KINDS:
    for number, callback in overloads(family):
        told = found[f"{family} {number}"] = []
        def seen(*arguments):
            told.append(stub.wrong_arguments(arguments, callback))
        registered = getattr(conn, family + "EventRegisterAny")(None, number, seen, None)
        for variant in (USUAL, NONE, LIMITS):
            fire(KINDS[family], registered, variant)
        getattr(conn, family + "EventDeregisterAny")(registered)
show(found)
"""


def test_callbacks_of_events_get_what_their_hints_say(python_prints: PythonPrints) -> None:
    line, = python_prints(EVENTS, **firing.environment())
    found = ast.literal_eval(line)
    assert {event: told for event, told in found.items() if told != ["", "", ""]} == {}
    # Every event of this libvirt has an overload.
    assert len(found) == sum("_EVENT_ID_" in name for name in vars(libvirt))
