# SPDX-License-Identifier: LGPL-2.1-or-later
"""The bindings have every name, signature, value and base class of the reference bindings for the same libvirt.

To cover libvirt versions that are not installed, modules are also generated
from other API descriptions and imported on stubs of the extension modules;
api/descriptions.py says how to provide such descriptions.
"""

import functools
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, Set, Tuple

import pytest

from api import descriptions, facts
from conftest import TOP
from fixturetypes import PythonPrints
from generator.bindings import errors

libvirt = pytest.importorskip("libvirt")

# Signatures that differ on purpose.
BETTER = {
    # The reference omits the channel name, so it crashes when such an event arrives.
    "libvirt.virConnect._dispatchDomainEventChannelLifecycleCallback":
        "(self, dom, channelName, state, reason, cbData)",
}

# Public names that the reference does not have.
ADDED = {f"libvirt.libvirtError.{name}" for name in (
    "code", "connection_lost", "domain", "err", "level", "message", *errors.CLASSES)} | {
    *(f"libvirtaio.{name}" for name in (
        "Events", "Events.dropped", "Events.get", "Pool", "Pool.close", "Pool.run", "events", "run", "wait_for_event")),
    "libvirtmod.virEventWakeDefaultImpl",
    *(f"{module}.{prefix}{name}" for name in ("EnterNamespace", "EnterSecurityLabel")
      for module, prefix in (("libvirt_lxc", "lxc"), ("libvirtmod_lxc", "virDomainLxc"))),
}


@dataclass
class Subject:
    """Bindings that are compared with the reference."""

    version: Tuple[int, ...]  # of libvirt
    ours: Dict[str, Any]  # as api/facts.py describes them
    symbols: Set[str]  # in libvirt's API description

    @property
    def nearest(self) -> Tuple[int, ...]:
        """The version of the reference: the newest that is not newer than the subject, or else the oldest."""
        known = facts.versions()
        return max((version for version in known if version <= self.version), default=known[0])

    @property
    def reference(self) -> Dict[str, Any]:
        """The required facts. For another libvirt version, they exclude names that this version does not have."""
        found = facts.read(self.nearest)
        if self.nearest == self.version:
            return found
        kept = {name for name in facts.all_names(found) if self.wanted(name, found["needs"])}
        return {section: {name: fact for name, fact in found[section].items() if name in kept}
                for section in ("constants", "classes", "callables")} | {"names": found["names"] & kept}

    def wanted(self, name: str, needs: Dict[str, str]) -> bool:
        symbol = needs.get(name) or name.rpartition(".")[2]
        named_after_c = name in needs or symbol.startswith("VIR_") or re.fullmatch(r"libvirtmod\w*\.vir[A-Z]\w+", name)
        handmade = re.search(r"_pointer$|^virEventInvoke|^virRegisterErrorHandler$|^virConnectListDomainsID$", symbol)
        return not named_after_c or bool(handmade) or symbol in self.symbols


@functools.lru_cache(maxsize=None)
def built() -> Subject:
    """Describe the bindings under test, in a separate interpreter."""
    done = subprocess.run([sys.executable, facts.__file__], stdout=subprocess.PIPE, universal_newlines=True, check=True)
    number = libvirt.getVersion()
    return Subject((number // 1000000, number // 1000 % 1000, number % 1000), json.loads(done.stdout),
                   descriptions.symbols(descriptions.here().values()))


def generate(module: str, paths: Dict[str, str], *rest: object) -> None:
    subprocess.run([sys.executable, "-s", "-m", "generator", f"--module={module}", f"--xml={paths[module]}",
                    f"--base-xml={paths['libvirt']}", f"--fragments={TOP / 'python' / 'fragments'}", *map(str, rest)],
                   check=True, env={**os.environ, "PYTHONPATH": str(TOP)})


def generated(version: str, paths: Dict[str, str], directory: Path) -> Subject:
    """Describe what the generator makes for another libvirt, imported on stubs of the extension modules."""
    from generator.bindings import modules
    for name, module in modules.ALL.items():
        if name not in paths:
            continue
        sources = [directory / f"{module.extension}{'-' if part.name else ''}{part.name}.c" for part in module.parts]
        generate(name, paths, directory / f"{name}.py", *sources)
        functions = []
        for source in sources:
            text = source.read_text(encoding="utf-8")
            functions += re.findall(r'^    (?:VIR_PY_FUNCTION\(|\{ ")(\w+)', text, re.MULTILINE)
        stubs = [f"def {function}(*args):\n    return None\n" for function in functions]
        (directory / f"{module.extension}.py").write_text("\n".join(stubs), encoding="utf-8")
    for name in ("libvirtaio.py", "libvirtevents.py"):
        shutil.copy(TOP / "python" / name, directory)
    done = subprocess.run([sys.executable, facts.__file__], stdout=subprocess.PIPE, universal_newlines=True, check=True,
                          env={**os.environ, "PYTHONPATH": str(directory)})
    return Subject(tuple(map(int, version.split("."))), json.loads(done.stdout), descriptions.symbols(paths.values()))


@pytest.fixture(scope="module", params=["built", *descriptions.others()])
def subject(request: "pytest.FixtureRequest", tmp_path_factory: "pytest.TempPathFactory") -> Subject:
    """The bindings that were built, and those generated for each other libvirt that is provided."""
    if request.param == "built":
        return built()
    return generated(request.param, descriptions.others()[request.param], tmp_path_factory.mktemp("stubbed"))


def test_there_are_reference_facts_for_three_versions() -> None:
    assert [".".join(map(str, version)) for version in facts.versions()] == ["9.0.0", "11.3.0", "12.8.0"]


def test_no_name_is_missing(subject: Subject) -> None:
    assert facts.lacking(subject.reference, subject.ours) == []


def test_no_public_name_is_added(subject: Subject) -> None:
    """A helper object that is accidentally public would have to stay public forever."""
    if subject.nearest != subject.version:
        pytest.skip("there is no reference for exactly this libvirt")
    added = {name for name in facts.lacking(subject.ours, subject.reference) if "._" not in name}
    assert added == ADDED


def test_signatures_match_the_reference(subject: Subject) -> None:
    differing = facts.differing(subject.reference, subject.ours, "callables")
    expected = {name: (subject.reference["callables"][name], ours) for name, ours in BETTER.items()
                if name in subject.reference["callables"]}
    assert differing == expected


def test_constants_match_the_reference(subject: Subject) -> None:
    assert facts.differing(subject.reference, subject.ours, "constants") == {}


def test_base_classes_match_the_reference(subject: Subject) -> None:
    assert facts.differing(subject.reference, subject.ours, "classes") == {}


@pytest.mark.parametrize("see", ["set(vars(libvirt))", "set(dir(libvirt))", "set(star)",
                                 "{name for name, _ in inspect.getmembers(libvirt)}"])
def test_public_names_are_visible_to(python_prints: PythonPrints, see: str) -> None:
    """Public names must be real module attributes, not only reachable through module-level __getattr__."""
    names = {name.split(".")[1] for section in ("constants", "classes", "callables") for name in
             built().ours[section] if name.startswith("libvirt.") and name.count(".") == 1}
    public = sorted(name for name in names if not name.startswith("_"))
    lines = python_prints("import inspect, json, libvirt\nstar = {}\nexec('from libvirt import *', star)\n"
                          f"print(json.dumps(sorted({see})))")
    assert len(public) > 1000
    assert sorted(set(public) - set(json.loads(lines[0]))) == []
