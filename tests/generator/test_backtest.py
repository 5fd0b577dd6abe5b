# SPDX-License-Identifier: LGPL-2.1-or-later
"""No past release would have bound wrongly what libvirt added after it; backtest.py says what is compared."""

import dataclasses
import re
from collections import Counter
from typing import Any, Callable, Dict

import pytest

import backtest
from api import descriptions
from conftest import TOP
from fixturetypes import PlanModule
from generator import apixml, converters, plan
from generator.bindings import modules
from generator.bindings.schema import Row
from generator.plan import Plan

if "libvirt" not in descriptions.here():
    pytest.skip("no API description is here", allow_module_level=True)

APIS = backtest.descriptions_here()
RELEASES = backtest.releases(APIS)
# The figures are those of libvirt 9.0.0, with all libraries beside it, and of the excerpt: later descriptions moved
# functions to other releases.
INSTALLED = apixml.read(descriptions.here()["libvirt"], "libvirt")
WHOLE = max(backtest.since(INSTALLED).values()) == (9, 0, 0) and set(APIS) == set(modules.ALL)


@pytest.mark.parametrize("release", RELEASES, ids=lambda release: ".".join(map(str, release)))
def test_nothing_that_came_later_is_bound_wrongly(release: backtest.Version) -> None:
    found = [item for name, api in APIS.items() for item in backtest.functions(name, api, release)]
    found += backtest.event_types(APIS["libvirt"], release)
    assert [item for item in found if item.grade == backtest.WRONG] == []
    assert {item.version > release for item in found} <= {True}


def counted(release: backtest.Version) -> Dict[str, int]:
    return Counter(item.grade for name, api in APIS.items() for item in backtest.functions(name, api, release))


@pytest.mark.skipif(not WHOLE, reason="the figures are of another libvirt")
@pytest.mark.parametrize("document", ["README.md", "docs/site/binding.md"])
def test_the_figures_of_the_documents_are_true(document: str) -> None:
    text = " ".join((TOP / document).read_text(encoding="utf-8").split())
    found = re.search(r"Of the (\d+) functions that libvirt has added since 2\.0\.0, inference alone binds (\d+) "
                      r"exactly as today's tables do and (\d+) with fewer conveniences, leaves out (\d+) \((\d+) of "
                      r"them are about new kinds of object\), and binds none wrongly", text)
    assert found is not None
    counts = counted((2, 0, 0))
    left_out = counts[backtest.LEFT_OUT] + counts[backtest.NEW_OBJECT]
    assert tuple(map(int, found.groups())) == (
        sum(counts.values()), counts[backtest.SAME], counts[backtest.PLAIN], left_out, counts[backtest.NEW_OBJECT])


@pytest.mark.skipif(not WHOLE, reason="the figures are of another libvirt")
def test_the_table_of_the_site_is_true() -> None:
    text = (TOP / "docs" / "site" / "binding.md").read_text(encoding="utf-8")
    lines = re.findall(r"^\| (\d+\.\d+\.\d+) \| ([\d |]+) \|$", text, re.MULTILINE)
    assert len(lines) > 3
    for release, cells in lines:
        counts = counted(backtest.version(release))
        grades = (backtest.SAME, backtest.PLAIN, backtest.LEFT_OUT, backtest.NEW_OBJECT, backtest.WRONG)
        assert list(map(int, cells.split(" | "))) == [sum(counts.values()), *(counts[grade] for grade in grades)]


@pytest.mark.skipif(not WHOLE, reason="the description may be older")
def test_what_is_newer_than_the_release_is_hidden() -> None:
    api = APIS["libvirt"]
    then = backtest.hidden(modules.LIBVIRT, api, (4, 0, 0))
    assert {handle.cname for handle in modules.LIBVIRT.handles} - {handle.cname for handle in then.handles} == {
        "virDomainCheckpoint", "virNWFilterBinding", "virNetworkPort"}
    known = backtest.since(api)
    assert all(known.get(row.cname, (0,)) <= (4, 0, 0) for row in then.rows)
    assert len(then.rows) < len(modules.LIBVIRT.rows)


# What would not be noticed if the grades were too kind.

@pytest.fixture(scope="module")
def today() -> Callable[[str], Plan]:
    """The plan of a function of libvirt, as the tables have it."""
    made = {item.function.name: item for item in plan.plan_module(modules.LIBVIRT, APIS["libvirt"]).plans}
    return made.__getitem__


@pytest.mark.parametrize("name, changes", [
    ("virDomainGetMaxMemory", {"result": converters.Status()}),
    ("virDomainMigrate3", {"parent": "self._conn"}),
    ("virDomainMigrate3", {"keep_alive": ""}),
    ("virDomainSetMemory", {"owner": "virConnect"}),
    ("virDomainGetAutostart", {"result": converters.Outputs((converters.ScalarOut("autostart", "unsigned int"),))}),
    ("virDomainSetVcpus", {"inputs": (converters.HandleIn("domain", "virDomain"), converters.Scalar("nvcpus", "int"))}),
    ("virDomainAttachDevice", {"inputs": (converters.HandleIn("domain", "virNetwork"), converters.Text("xml"))}),
    ("virDomainAttachDevice", {"inputs": (converters.HandleIn("domain", "virDomain"), converters.Plain("xml"))}),
    ("virNodeGetInfo", {"result": converters.Outputs((converters.StructOut("info"),))}),  # MiB, not KiB
])
def test_another_call_is_wrong(today: Callable[[str], Plan], name: str, changes: Dict[str, Any]) -> None:
    assert backtest.grade(today(name), dataclasses.replace(today(name), **changes)) == backtest.WRONG


@pytest.mark.parametrize("name, changes", [
    ("virDomainFSFreeze", {"name": "fSFreeze"}),
    ("virDomainAttachDevice", {"inputs": (converters.HandleIn("domain", "virDomain"),
                                          converters.Text("xml", nullable=True))}),
    ("virDomainSetVcpusFlags", {"defaults": {}}),
])
def test_the_same_call_with_less_convenience_is_plain(today: Callable[[str], Plan], name: str,
                                                      changes: Dict[str, Any]) -> None:
    assert backtest.grade(today(name), today(name)) == backtest.SAME
    assert backtest.grade(today(name), dataclasses.replace(today(name), **changes)) == backtest.PLAIN
    assert backtest.grade(today(name), None) == backtest.LEFT_OUT


@pytest.mark.parametrize("prototype", [
    "virDomainPtr virDomainFoo(virDomainPtr domain, virConnectPtr dconn)",
    "virDomainPtr virConnectFoo(virConnectPtr conn, virConnectPtr dconn)",
])
def test_what_may_belong_to_two_objects_is_left_out(plan_module: PlanModule, prototype: str) -> None:
    """A domain that had migrated would have belonged to the host that it came from."""
    item, = plan_module(prototype).left_out
    assert item.why == "result 'virDomainPtr': whether it belongs to that of the object, or to 'dconn'"
    row = Row(item.function.name, "it lives there", parent="dconn")
    assert plan_module(prototype, rows=[row]).plans[0].parent == "dconn"
