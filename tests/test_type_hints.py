# SPDX-License-Identifier: LGPL-2.1-or-later
"""The type hints in the stubs match what functions really return and what callbacks really receive."""

import ast
import json
import re
from typing import Any, Dict

import pytest

import libvirt
from fake import firing, running
from fixturetypes import PythonPrints
from typehints import Types

# Results that only the fake produces: the real libvirt has no NULL in arrays of names and in replies.
TOLERATED = re.compile(
    r"(libvirt\.vir\w+\.(list\w+|snapshotListNames|getCPUModelNames|authorizedSSHKeysGet|messages|fsInfo)"
    r"|libvirt_qemu\.qemuMonitorCommandWithFiles) nulls None is not a str")
# Functions for events, event loops and streams, whose results are tested elsewhere, and functions that end an object.
ELSEWHERE = re.compile(
    r"libvirt\.(openAuth|registerErrorHandler|virInitialize|virEvent\w+)"
    r"|libvirt\.virConnect\.(close|\w+Event(Der|R)egister(Any)?|(unr|r)egisterCloseCallback)"
    r"|libvirt\.virStream\.(eventAddCallback|(sparse)?([Rr]ecv|[Ss]end)All)|libvirt_qemu\.qemuMonitorEvent\w+")


@pytest.fixture(scope="module")
def hinted() -> Dict[str, Any]:
    """The comparison of each result in the table of calls with its hint."""
    done = running.run_program(running.ours(), "hinted")
    assert done.returncode == 0, done.stderr[-5000:]
    found: Dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_results_match_their_hints(hinted: Dict[str, Any]) -> None:
    assert [message for message in map(" ".join, hinted["wrong"]) if not TOLERATED.fullmatch(message)] == []


def test_hints_are_not_wider_than_the_results(hinted: Dict[str, Any]) -> None:
    """If a hint allows None, some row returns None and another row returns something else."""
    assert hinted["one-sided"] == []


def test_each_function_was_compared_with_its_hint(hinted: Dict[str, Any]) -> None:
    assert [name for name in hinted["known"] if name not in hinted["compared"] and not ELSEWHERE.fullmatch(name)] == []
    assert len(hinted["compared"]) > 400


def test_results_fit_the_named_tuples(hinted: Dict[str, Any]) -> None:
    """Wrong ones are among those of the hints; here is whether each was compared."""
    named = Types()
    assert hinted["recorded"] == sorted(name for name in (*named.results, *named.parts))
    assert len(hinted["recorded"]) >= 18


# Arguments that the hints refuse on purpose, although they are accepted: integer-like objects, objects used only for
# their truth value, the text of a UUID with 16 characters, and None for an object or text, which the real libvirt
# refuses (test_text_arguments.py).
REFUSED = re.compile(r"vir\w+\.\w+ .*\bfake\.objects\.(Index|Shrinking)\b.*|vir\w+\.\w+ None is not a vir\w+"
                     r"|[\w.]+ None is not a str"
                     r"|vir\w+\.\w*LookupByUUID '.{16}' is not a ReadableBuffer"
                     r"|vir\w+\.lookupByUUID '.{16}' is not a .*"
                     r"|virDomain\.(getCPUStats|pin\w+) .*")
# Arguments that the hints accept, although they raise TypeError: the hints allow any value in dicts and lists, and
# flags decide whether None is allowed as a time.
PASSED = re.compile(r".* argument 'params' item .*|lxcEnterSecurityLabel .* 'label' .*"
                    r"|virDomain\.setTime .*, not NoneType")


def test_hints_allow_accepted_arguments(hinted: Dict[str, Any]) -> None:
    assert [message for message in map(" ".join, hinted["refused"]) if not REFUSED.fullmatch(message)] == []


def test_hints_refuse_arguments_that_raise_type_error(hinted: Dict[str, Any]) -> None:
    assert [message for message in map(" ".join, hinted["passed"]) if not PASSED.fullmatch(message)] == []


# --- events ------------------------------------------------------------------

# Registers a callback for each event, fires the event in three variants, and compares the arguments with the Callable
# of the overload that a type checker would choose.
EVENTS = firing.START + """
import ast
from typehints import Stub
stub = Stub("libvirt")
stub.invented = True
found = {}

def overloads(family):
    for function in stub.functions[f"virConnect.{family}EventRegisterAny"]:
        number, callback = (argument.annotation for argument in function.args.args[2:4])
        if isinstance(number, ast.Subscript):
            yield from ((place.value, callback) for place in number.slice.elts if isinstance(place, ast.Constant))

for family in KINDS:
    for number, callback in overloads(family):
        message = found[f"{family} {number}"] = []
        def seen(*arguments):
            message.append(stub.wrong_arguments(arguments, callback))
        registered = getattr(conn, family + "EventRegisterAny")(None, number, seen, None)
        for variant in (USUAL, NONE, LIMITS):
            fire(KINDS[family], registered, variant)
        getattr(conn, family + "EventDeregisterAny")(registered)
show(found)
"""


def test_event_callbacks_receive_what_their_hints_say(python_prints: PythonPrints) -> None:
    line, = python_prints(EVENTS, **firing.environment())
    found = ast.literal_eval(line)
    assert {event: message for event, message in found.items() if message != ["", "", ""]} == {}
    # Every event of this libvirt has an overload.
    assert len(found) == sum("_EVENT_ID_" in name for name in vars(libvirt))
