# SPDX-License-Identifier: LGPL-2.1-or-later
"""Statistics of many domains: what one has is not another's, whether their names are the same or not."""

import os
from typing import Dict, List

import pytest

import libvirt
from fake import running
from fixturetypes import PythonPrints

XML = "<domain type='test'><name>{}</name><memory>{}</memory>{}<os><type>hvm</type></os></domain>"


@pytest.fixture
def names(conn: libvirt.virConnect) -> List[str]:
    """Of domains that run and that do not, in turn."""
    try:
        conn.getAllDomainStats()
    except libvirt.libvirtError.NoSupportError:
        pytest.skip("the test driver of this libvirt has no statistics")
    for number in range(6):
        xml = XML.format(f"stats{number}", 4096 * (number + 1), "")
        dom = conn.defineXML(xml)
        if number % 3:
            dom.create()
    return [f"stats{number}" for number in range(6)]


def alone(conn: libvirt.virConnect, name: str) -> Dict[str, object]:
    (dom, stats), = conn.domainListGetStats([conn.lookupByName(name)])
    assert dom.name() == name
    return dict(stats)


def remove(conn: libvirt.virConnect, names: List[str]) -> None:
    for name in names:
        dom = conn.lookupByName(name)
        if dom.isActive():
            dom.destroy()
        dom.undefine()


def test_each_has_what_it_has_alone(conn: libvirt.virConnect, names: List[str]) -> None:
    try:
        many = {dom.name(): stats for dom, stats in conn.getAllDomainStats()}
        several = {dom.name(): stats for dom, stats in conn.domainListGetStats([conn.lookupByName(n) for n in names])}
        expected = {name: alone(conn, name) for name in names}
        assert {name: many[name] for name in names} == several == expected
        assert {len(stats) for stats in expected.values()} >= {2}
        assert len({id(stats) for stats in many.values()}) == len(many)
        many[names[0]]["state.state"] = "changed"
        assert [name for name in names if many[name]["state.state"] == "changed"] == [names[0]]
    finally:
        remove(conn, names)


def test_the_objects_can_be_used_for_long(conn: libvirt.virConnect, names: List[str]) -> None:
    """Each has the reference of its record."""
    try:
        for _ in range(3):
            found = conn.getAllDomainStats()
            assert {dom.name() for dom, _ in found} >= set(names)
            assert all(dom.UUIDString() == conn.lookupByName(dom.name()).UUIDString() for dom, _ in found)
    finally:
        remove(conn, names)


def test_the_names_come_in_the_order_of_libvirt(conn: libvirt.virConnect, names: List[str]) -> None:
    try:
        orders = {tuple(stats) for _, stats in conn.getAllDomainStats()}
        assert all(order[0] == "state.state" for order in orders)
        assert len(orders) < len(conn.getAllDomainStats())
    finally:
        remove(conn, names)


def test_other_names_among_equal_ones(python_prints: PythonPrints) -> None:
    """Under the fake, whose records have a name of their own, one twice, or fewer, now and then."""
    told = python_prints("""
import collections
import libvirt
from fake import runner
conn = runner.Objects()["conn"]
runner.set_mode("maximal")
stats = [values for dom, values in conn.getAllDomainStats()]
usual = list(stats[0])
expected = [list(usual), [usual[0], "renamed", *usual[2:]], [usual[2], usual[1], *usual[3:]], usual[:2]]
places = {2: 1, 4: 2, 5: 3}
wrong = [n for n, values in enumerate(stats) if list(values) != expected[places.get(n % 7, 0)]
         or n % 7 != 4 and values[usual[0]] != n
         or any(values[name] != stats[0][name] for name in usual[1:] if name in values)]
print(len(stats), len(usual) > 3, wrong)
""", **{name: value for name, value in running.environment(FAKE_VARIED="1").items()
        if name in ("LD_PRELOAD", "ASAN_OPTIONS", "FAKE_VARIED")},
        PYTHONPATH=f"{running.TESTS}:{os.environ.get('PYTHONPATH', '')}")
    assert told == ["300 True []"]
