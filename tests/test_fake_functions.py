# SPDX-License-Identifier: LGPL-2.1-or-later
"""Every function of the extension modules has a row in the table, and its errors name the wrong argument."""

import inspect
import json
import re
from typing import Any, Dict, List

import pytest

from fake import modules, running
from fake.calls import ROWS

# Functions tested in other files: those that free handles, register events, or return errors.
ELSEWHERE = re.compile(
    r"_\w+|vir\w+(_pointer|Free)|vir(Adm)?ConnectClose|virInitialize|virConnectOpen(Auth|ReadOnly)?|virEvent\w+"
    r"|virStreamEventAddCallback|virConnect\w*Event(Register|Deregister)(Any)?|virConnect(Unr|R)egisterCloseCallback"
    r"|virGetLastError\w*|virConnGetLastError|vir(Conn)?ResetLastError|virRegisterErrorHandler")

# Arguments that accept any object, because only its truth value is used or it is not used at all; and an argument for
# which libvirtError has always been raised.
OTHERWISE = {
    "virDomainGetCPUStats": ("total",), "virDomainRevertToSnapshot": ("dom",), "virDomainListGetStats": ("conn",),
    "virDomainSendKey": ("keycodes",), "virAdmConnectRegisterCloseCallback": ("cb",),
}


def functions() -> List[str]:
    return [f"{module.__name__}.{name}" for module in modules.EXTENSIONS
            for name, function in sorted(vars(module).items()) if inspect.isbuiltin(function)]


HERE = [name for name in functions() if not ELSEWHERE.fullmatch(name.split(".")[1])]


@pytest.fixture(scope="session")
def spoilt() -> Dict[str, Any]:
    """Run each function with each argument replaced by a wrong one; return the exceptions."""
    done = running.run_program(running.ours(), "refuse")
    assert done.returncode == 0, done.stderr[-5000:]
    found: Dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.parametrize("name", HERE)
def test_every_function_has_a_row(spoilt: Dict[str, Any], name: str) -> None:
    assert name in spoilt


@pytest.mark.parametrize("name", HERE)
def test_each_wrong_argument_is_refused_by_name(spoilt: Dict[str, Any], name: str) -> None:
    """Regression test: a wrong object was read as a pointer, or the exception named another function."""
    function = name.split(".")[1]
    wrong = {argument: error for argument, error in spoilt.get(name, {}).items()
             if argument not in OTHERWISE.get(function, ())
             and not error.startswith(f"TypeError: {function}() argument '{argument}' must be ")}
    assert wrong == {}


def test_there_are_functions_to_call() -> None:
    assert len(HERE) > 350


# --- exceptions in rows of the table ------------------------------------------

NAMED = re.compile(r"(vir\w+|_newReference)\(\) argument '\w+'|"
                   r"(vir\w+\.)?\w+\(\): argument '\w+' must be a vir\w+, not \w+")
BY_PYTHON = re.compile(r"vir\w+\.\w+\(\) (takes|missing)|\w+\(\) (takes|missing)|.* object is not iterable")
KINDS = ("TypeError", "OverflowError", "ValueError")


@pytest.fixture(scope="session")
def messages() -> Dict[int, str]:
    """The messages of the exceptions in rows that expect an argument to be refused, by row number."""
    numbers = [number for number, row in enumerate(ROWS) if getattr(row.result, "name", "") in KINDS]
    return {number: found.get("message", "") for number, found in running.run_rows(running.ours(), numbers).items()
            if found["result"] is not None}


def test_an_exception_names_function_and_argument(messages: Dict[int, str]) -> None:
    assert [f"{ROWS[number].name()}: {text}" for number, text in messages.items()
            if not NAMED.match(text) and not BY_PYTHON.match(text)] == []
