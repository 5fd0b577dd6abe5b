# SPDX-License-Identifier: LGPL-2.1-or-later
"""The stubs as type checkers see them: correct programs pass, wrong ones are refused, and stubs match the modules."""

import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Callable, Dict, List, Match, Tuple

import pytest

from checkers import CHECKER
from conftest import TIMEOUT, TOP
from generator.bindings import modules
from typehints import Types, stub_of

MODULES = (*modules.ALL, "libvirt_enums", "libvirt_types", "libvirtaio", "libvirtevents")
EXAMPLES = sorted(map(str, TOP.glob("examples/*.py")))
GOOD, PUBLIC, WRONG = (str(TOP / "tests" / "typing" / name) for name in ("good.py", "public.py", "wrong.py"))

try:
    VERSION = tuple(map(int, importlib.metadata.version("mypy").split(".")[:2]))
except importlib.metadata.PackageNotFoundError:
    VERSION = ()

pytestmark = pytest.mark.skipif(CHECKER != "", reason="type checkers do not run our code")


@pytest.fixture(scope="module")
def stubs(tmp_path_factory: "pytest.TempPathFactory") -> Path:
    """A directory with the stubs as packages, because type checkers find NAME-stubs only among installed packages."""
    directory = tmp_path_factory.mktemp("stubs")
    for module in MODULES:
        if stub_of(module).exists():
            (directory / module).symlink_to(stub_of(module).parent)
    return directory


@pytest.fixture(scope="module")
def run_mypy(stubs: Path) -> Callable[..., Tuple[str, int]]:
    """Run mypy, or another of its modules; return the output and the exit status."""
    pytest.importorskip("mypy", reason="mypy is not installed")
    if VERSION < (1, 0):
        pytest.skip("mypy is older than 1.0, which does not support everything that the stubs use")

    def run(module: str, *arguments: str) -> Tuple[str, int]:
        done = subprocess.run([sys.executable, "-m", module, *arguments], cwd=stubs, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, universal_newlines=True, timeout=TIMEOUT,
                              env={**os.environ, "MYPYPATH": str(stubs)})
        return done.stdout, done.returncode
    return run


@pytest.fixture(scope="module")
def complaints(run_mypy: Callable[..., Tuple[str, int]], stubs: Path) -> Dict[str, Dict[int, List[str]]]:
    """The errors that "mypy --strict" reports for programs and stubs: file -> line -> error codes."""
    need_all(stubs)
    output, _ = run_mypy("mypy", "--strict", "--show-error-codes", "--no-error-summary", "--cache-dir=cache",
                         *EXAMPLES, GOOD, PUBLIC, WRONG, *(str(path) for path in stubs.glob("*/__init__.pyi")))
    found: Dict[str, Dict[int, List[str]]] = {}
    for path, line, code in re.findall(r"^(.+?):(\d+): error: .*\[([a-z-]+)\]$", output, re.MULTILINE):
        found.setdefault(os.path.join(stubs, path), {}).setdefault(int(line), []).append(code)
    assert WRONG in found, output
    return found


def need_all(stubs: Path) -> None:
    """Skip the test if a module is missing, because the programs use all of them."""
    missing = [module for module in MODULES if not (stubs / module).exists()]
    if missing:
        pytest.skip(f"this build has no {' and no '.join(missing)}")


def marks() -> Dict[int, Match[str]]:
    """Return, by line number, the expected errors that are written as comments in wrong.py."""
    with open(WRONG, encoding="utf-8") as file:
        found = {number: re.search(r"  # error: ([a-z-]+)(, mypy only)?$", line)
                 for number, line in enumerate(file, 1)}
    return {number: match for number, match in found.items() if match}


# --- programs ----------------------------------------------------------------

def test_correct_programs_pass(complaints: Dict[str, Dict[int, List[str]]]) -> None:
    assert complaints.get(GOOD) is None
    assert complaints.get(PUBLIC) is None


def test_examples_pass(complaints: Dict[str, Dict[int, List[str]]]) -> None:
    assert {os.path.basename(path): lines for path, lines in complaints.items() if path in EXAMPLES} == {}


def test_stubs_pass(complaints: Dict[str, Dict[int, List[str]]]) -> None:
    """mypy reports no errors for installed stubs; a wrong hint there would silently become Any."""
    assert {path: lines for path, lines in complaints.items() if path.endswith(".pyi")} == {}


def test_wrong_programs_are_refused(complaints: Dict[str, Dict[int, List[str]]]) -> None:
    """mypy reports exactly the marked lines, each with the marked error code; the codes are those of mypy 1.0."""
    assert sorted(complaints[WRONG]) == sorted(marks())
    if VERSION == (1, 0):
        assert complaints[WRONG] == {number: [match.group(1)] for number, match in marks().items()}


def test_pyright_agrees(stubs: Path, tmp_path: Path) -> None:
    if shutil.which("pyright") is None:
        pytest.skip("pyright, which is an npm package, is not installed")
    need_all(stubs)
    for path in (GOOD, PUBLIC, WRONG):
        shutil.copy(path, tmp_path)
    # The modules themselves are not installed.
    config = {"include": ["."], "stubPath": str(stubs), "reportMissingModuleSource": False}
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(config), encoding="utf-8")
    done = subprocess.run(["pyright", "--outputjson", "-p", str(tmp_path), "--pythonpath", sys.executable],
                          stdout=subprocess.PIPE, universal_newlines=True, timeout=TIMEOUT)
    found = [(os.path.basename(item["file"]), item["range"]["start"]["line"] + 1, item["message"])
             for item in json.loads(done.stdout)["generalDiagnostics"] if item["severity"] == "error"]
    assert [item for item in found if item[0] != "wrong.py"] == []
    assert {item[1] for item in found} == {number for number, match in marks().items() if not match.group(2)}


# --- the modules -------------------------------------------------------------

def test_names_and_signatures_match_the_modules(run_mypy: Callable[..., Tuple[str, int]], stubs: Path) -> None:
    """This includes defaults and the values of constants."""
    modules = [module for module in MODULES if (stubs / module).exists()]
    output, status = run_mypy("mypy.stubtest", "--concise", *modules)
    # Only checkers see that an empty dict is false. mypy 1.0 takes the class of each TypedDict, and the method get() of
    # each dict, for a difference.
    tolerated = re.compile(r"libvirt_types\.No\w+\.__bool__ is not present at runtime|" + "|".join(
        f"libvirt_types.{name}(\\.get)? is inconsistent, .*" for name in (*Types().dicts, *Types().open)))
    assert [line for line in output.splitlines() if not tolerated.fullmatch(line)] == []
    assert status == 1  # for what is tolerated
