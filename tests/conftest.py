# SPDX-License-Identifier: LGPL-2.1-or-later
"""Fixtures and helpers shared by several test files."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Iterable, Iterator, List, Mapping, Tuple, Union

import pytest

from checkers import CHECKER, INTERPRETER, PATIENCE
from fixturetypes import Generator, PlanModule, PythonPrints, ReadApi, RunPython, WriteXml
from forkserver import ForkServer

if TYPE_CHECKING:
    import libvirt

    from generator.bindings.schema import Module, Row
    from generator.model import Api
    from generator.plan import ModulePlan

TOP = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TOP))  # for the generator; the modules under test come from the build directory

TIMEOUT = 120 * PATIENCE

# libvirt warns on stderr if the host name has no address, which is common on build machines.
os.environ.setdefault("LIBVIRT_DEBUG", "4")


def pytest_report_header() -> str:
    """Show which build is tested: outside of ./run, the installed modules are imported."""
    try:
        import libvirtmod
    except ImportError as error:
        return f"libvirtmod: {error}"
    return f"libvirtmod: {libvirtmod.__file__}"


@pytest.fixture(scope="session")
def run_fresh_python() -> RunPython:
    """Run code in a new interpreter. Use this to test interpreter startup, imports or finalization."""
    def run(code: str, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run([*INTERPRETER, "-c", code, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              universal_newlines=True, timeout=TIMEOUT, env={**os.environ, **environment})
    return run


@pytest.fixture(scope="session")
def run_python(run_fresh_python: RunPython) -> Iterator[RunPython]:
    """Run code in its own process; the result has returncode, stdout and stderr."""
    # A wrapper must start each program itself. A leak checker would report Python's locks from before a fork.
    if len(INTERPRETER) > 1 or CHECKER:
        yield run_fresh_python
        return
    server = ForkServer(INTERPRETER[0])

    def run(code: str, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        changed = {**os.environ, **environment}
        changed.pop("PYTEST_CURRENT_TEST", None)  # otherwise each test would need its own template
        done = server.run(code, arguments, changed, TIMEOUT)
        return done or run_fresh_python(code, *arguments, **environment)

    yield run
    server.close()


def _printed(done: "subprocess.CompletedProcess[str]") -> List[str]:
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    return done.stdout.splitlines()


@pytest.fixture
def fresh_python_prints(run_fresh_python: RunPython) -> PythonPrints:
    """Like python_prints, but in a new interpreter."""
    def run(code: str, *arguments: str, **environment: str) -> List[str]:
        return _printed(run_fresh_python(code, *arguments, **environment))
    return run


@pytest.fixture
def python_prints(run_python: RunPython) -> PythonPrints:
    """Run code that must succeed with nothing on stderr; return the lines that it printed."""
    def run(code: str, *arguments: str, **environment: str) -> List[str]:
        return _printed(run_python(code, *arguments, **environment))
    return run


@pytest.fixture
def conn() -> "Iterator[libvirt.virConnect]":
    """A connection to the test driver. The driver keeps its default host while any such connection is open."""
    import libvirt
    connection = libvirt.open("test:///default")
    yield connection
    if connection._o is not None:
        connection.close()


@pytest.fixture
def domain(conn: "libvirt.virConnect") -> "libvirt.virDomain":
    """The only domain of the test driver's default host."""
    return conn.lookupByName("test")


def _split(declaration: str) -> Tuple[str, str]:
    """Split a declaration such as "const char *name" into type and name."""
    match = re.fullmatch(r"\s*(.*?[\s*])(\w+)\s*", declaration)
    assert match, declaration
    return match.group(1).strip(), match.group(2)


def function_xml(prototype: str, info: str = "", element: str = "function",
                 infos: Union[Mapping[str, str], Iterable[Tuple[str, str]]] = (), file: str = "libvirt-domain") -> str:
    """Return the XML of a function, given its C prototype; infos maps arguments to descriptions."""
    from xml.sax.saxutils import quoteattr  # imported here because it imports half of the standard library
    head, _, rest = prototype.partition("(")
    returns, name = _split(head)
    lines = [f"<{element} name='{name}' file='{file}' module='{file}' version='1.2.3'>",
             f"<info><![CDATA[{info}]]></info>", f"<return type='{returns}' info=''/>"]
    for declaration in rest.rstrip(");").split(","):
        if declaration.strip() not in ("", "void"):
            ctype, argument = _split(declaration)
            lines.append(f"<arg name='{argument}' type='{ctype}' info={quoteattr(dict(infos).get(argument, ''))}/>")
    return "\n".join([*lines, f"</{element}>"])


def api_xml(*symbols: str, library: str = "libvirt") -> str:
    """Return a complete API description; each symbol is XML, or the C prototype of a function."""
    parts = [symbol if symbol.lstrip().startswith("<") else function_xml(symbol) for symbol in symbols]
    return "\n".join([f"<?xml version='1.0' encoding='UTF-8'?>\n<api name='{library}'>", "<files/>", "<symbols>",
                      *parts, "</symbols>", "</api>", ""])


@pytest.fixture
def write_xml(tmp_path: Path) -> WriteXml:
    """Write an API description and return its path."""
    def write(*symbols: str, library: str = "libvirt", name: str = "api.xml") -> str:
        path = tmp_path / name
        path.write_text(api_xml(*symbols, library=library), encoding="utf-8")
        return str(path)
    return write


@pytest.fixture
def read_api(write_xml: WriteXml) -> ReadApi:
    """Return the model of a made-up API description."""
    from generator import apixml

    def read(*symbols: str, library: str = "libvirt", name: str = "api.xml") -> "Api":
        return apixml.read(write_xml(*symbols, library=library, name=name), library)
    return read


@pytest.fixture
def plan_module(read_api: ReadApi) -> PlanModule:
    """Plan a made-up API description with the handles of libvirt and with rows given by the test."""
    import dataclasses

    from generator import plan
    from generator.bindings import modules

    def make(*symbols: str, rows: "Iterable[Row]" = (), module: "Module" = modules.LIBVIRT,
             **changes: Any) -> "ModulePlan":
        changed = dataclasses.replace(module, rows=tuple(rows), families=(), fragments=(), **changes)
        return plan.plan_module(changed, read_api(*symbols, library=module.library))
    return make


@pytest.fixture
def generator() -> Generator:
    """Run the generator's command line in a new interpreter."""
    def run(*arguments: object, python: str = sys.executable, cwd: Union[str, Path, None] = None,
            **environment: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run([python, "-s", "-m", "generator", *map(str, arguments)], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, universal_newlines=True, timeout=TIMEOUT, cwd=cwd,
                              env={**os.environ, "PYTHONPATH": str(TOP), "PYTHONDONTWRITEBYTECODE": "1", **environment})
    return run
