# SPDX-License-Identifier: LGPL-2.1-or-later
"""Statistics of many domains: each domain gets its own values, whether or not the field names are the same."""

from typing import Dict, Iterator, List

import pytest

import libvirt
from fake import running
from fixturetypes import PythonPrints

XML = "<domain type='test'><name>{}</name><memory>{}</memory><os><type>hvm</type></os></domain>"


@pytest.fixture
def names(conn: libvirt.virConnect) -> Iterator[List[str]]:
    """The names of six domains, of which every second one is running."""
    try:
        conn.getAllDomainStats()
    except libvirt.libvirtError.NoSupportError:
        pytest.skip("the test driver of this libvirt has no statistics")
    made = [conn.defineXML(XML.format(f"stats{number}", 4096 * (number + 1))) for number in range(6)]
    for dom in made[1::2]:
        dom.create()
    yield [dom.name() for dom in made]
    for dom in made:
        if dom.isActive():
            dom.destroy()
        dom.undefine()


def alone(conn: libvirt.virConnect, name: str) -> Dict[str, object]:
    (dom, stats), = conn.domainListGetStats([conn.lookupByName(name)])
    assert dom.name() == name
    return dict(stats)


def test_statistics_of_many_domains_equal_those_of_each(conn: libvirt.virConnect, names: List[str]) -> None:
    many = {dom.name(): stats for dom, stats in conn.getAllDomainStats()}
    several = {dom.name(): stats for dom, stats in conn.domainListGetStats([conn.lookupByName(n) for n in names])}
    assert {name: many[name] for name in names} == several == {name: alone(conn, name) for name in names}
    assert {stats["state.state"] for stats in several.values()} == {
        libvirt.VIR_DOMAIN_RUNNING, libvirt.VIR_DOMAIN_SHUTOFF}
    many[names[0]]["state.state"] = "changed"
    assert [name for name in names if many[name]["state.state"] == "changed"] == [names[0]]


def test_the_domains_of_statistics_stay_usable(conn: libvirt.virConnect, names: List[str]) -> None:
    """Each object has its own reference, taken when its record was read."""
    for _ in range(3):
        found = conn.getAllDomainStats()
        assert {dom.name() for dom, _ in found} >= set(names)
        assert all(dom.UUIDString() == conn.lookupByName(dom.name()).UUIDString() for dom, _ in found)


def test_fields_are_in_the_order_of_libvirt(conn: libvirt.virConnect, names: List[str]) -> None:
    orders = {dom.name(): list(stats) for dom, stats in conn.getAllDomainStats()}
    assert {name: orders[name] for name in names} == {name: list(alone(conn, name)) for name in names}


def test_records_with_different_fields(python_prints: PythonPrints) -> None:
    """In some records of the fake a field is renamed, duplicated or missing; the first record is empty."""
    lines = python_prints("""
import collections
import libvirt
from fake import runner
conn = runner.Objects()["conn"]
runner.set_mode("maximal")
first, *others = [values for dom, values in conn.getAllDomainStats()]
stats = dict(enumerate(others, 1))
usual = list(stats[1])
expected = [list(usual), [usual[0], "renamed", *usual[2:]], [usual[2], usual[1], *usual[3:]], usual[:2]]
places = {2: 1, 4: 2, 5: 3}
wrong = [n for n, values in stats.items() if list(values) != expected[places.get(n % 7, 0)]
         or n % 7 != 4 and values[usual[0]] != n
         or any(values[name] != stats[1][name] for name in usual[1:] if name in values)]
print(first, len(stats), len(usual) > 3, wrong)
""", **running.variables(FAKE_VARIED="1"))
    assert lines == ["{} 299 True []"]
