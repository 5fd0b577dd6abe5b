# SPDX-License-Identifier: LGPL-2.1-or-later
"""Every function of the extension modules is called by the table, and refuses what is wrong by name."""

import inspect
import json
import re
from typing import Any, Dict, List

import pytest

from fake import modules, running
from fake.calls import ROWS

# What other test files call: handles are freed, events come, errors are kept.
ELSEWHERE = re.compile(
    r"_\w+|vir\w+(_pointer|Free)|vir(Adm)?ConnectClose|virInitialize|virConnectOpen(Auth|ReadOnly)?|virEvent\w+"
    r"|virStreamEventAddCallback|virConnect\w*Event(Register|Deregister)(Any)?|virConnect(Unr|R)egisterCloseCallback"
    r"|virGetLastError\w*|virConnGetLastError|vir(Conn)?ResetLastError|virRegisterErrorHandler")

# Arguments that take any object, by its truth value or without a look; and one that has always been a libvirtError.
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
    """What each function makes of each argument when it is wrong."""
    done = running.run_program(running.ours(), "refuse")
    assert done.returncode == 0, done.stderr[-5000:]
    found: Dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.parametrize("name", HERE)
def test_the_table_calls_it(spoilt: Dict[str, Any], name: str) -> None:
    assert name in spoilt


@pytest.mark.parametrize("name", HERE)
def test_each_argument_is_refused_by_name(spoilt: Dict[str, Any], name: str) -> None:
    """A wrong object was read as a pointer, or the exception named another function."""
    function = name.split(".")[1]
    wrong = {argument: told for argument, told in spoilt.get(name, {}).items()
             if argument not in OTHERWISE.get(function, ())
             and not told.startswith(f"TypeError: {function}() argument '{argument}' must be ")}
    assert wrong == {}


def test_there_are_functions_to_call() -> None:
    assert len(HERE) > 350


# --- what the table itself raises --------------------------------------------

NAMED = re.compile(r"vir\w+\(\) argument '\w+'|(vir\w+\.)?\w+\(\): argument '\w+' must be a vir\w+, not \w+")
BY_PYTHON = re.compile(r"vir\w+\.\w+\(\) (takes|missing)|\w+\(\) (takes|missing)|.* object is not iterable")
KINDS = ("TypeError", "OverflowError", "ValueError")


@pytest.fixture(scope="session")
def messages() -> Dict[int, str]:
    """The rows in which an argument is refused, with the texts of the exceptions."""
    numbers = [number for number, row in enumerate(ROWS) if getattr(row.result, "name", "") in KINDS]
    return {number: found.get("message", "") for number, found in running.run_rows(running.ours(), numbers).items()
            if found["result"] is not None}


def test_an_exception_names_function_and_argument(messages: Dict[int, str]) -> None:
    assert [f"{ROWS[number].name()}: {text}" for number, text in messages.items()
            if not NAMED.match(text) and not BY_PYTHON.match(text)] == []
