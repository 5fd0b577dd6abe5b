# SPDX-License-Identifier: LGPL-2.1-or-later
"""Text arguments that are never None: libvirt refuses NULL for them, so that their hints need not allow None."""

import itertools
from typing import Dict, Iterator, List, Tuple

import pytest

import libvirt
from api import descriptions
from generator import apixml, converters, plan
from generator.bindings import modules

NUMBERS = itertools.count()


def planned() -> Iterator[Tuple[plan.Plan, converters.Text]]:
    """Yield each function with a text argument that its hint says to be a str, and the argument."""
    api = apixml.read(descriptions.here()["libvirt"], "libvirt")
    for found in plan.plan_module(modules.LIBVIRT, api).plans:
        for item in found.inputs:
            # What is required never comes to libvirt.
            if isinstance(item, converters.Text) and not item.nullable and not item.required:
                yield found, item


PLANS = {f"{found.function.name}-{item.name}": (found, item) for found, item in planned()}


@pytest.fixture
def objects(conn: libvirt.virConnect, domain: libvirt.virDomain) -> Dict[str, object]:
    """An object of each class that the test driver has, by class."""
    pool = conn.listAllStoragePools()[0]
    name = f"text{next(NUMBERS)}"
    return {
        "virConnect": conn, "virDomain": domain, "virStoragePool": pool, "virStream": conn.newStream(),
        "virNetwork": conn.listAllNetworks()[0], "virInterface": conn.listAllInterfaces()[0],
        "virNodeDevice": conn.listAllDevices()[0],
        "virStorageVol": pool.createXML(f"<volume><name>{name}</name><capacity>1</capacity></volume>"),
        "virDomainSnapshot": domain.snapshotCreateXML(f"<domainsnapshot><name>{name}</name></domainsnapshot>"),
    }


def value(item: converters.Input, objects: Dict[str, object]) -> object:
    """A value that an argument accepts."""
    if isinstance(item, converters.HandleIn):
        return objects[item.handle]
    if isinstance(item, converters.Text):
        return "text"
    if isinstance(item, converters.UUIDIn):
        return bytes(16)
    if isinstance(item, (converters.ParamsIn, converters.ParamsLearned)):
        return {}
    if isinstance(item, converters.TextsIn):
        return ["text"]
    return [0] if isinstance(item, converters.IntsIn) else 0


@pytest.mark.parametrize("name", PLANS)
def test_libvirt_refuses_none(name: str, objects: Dict[str, object]) -> None:
    found, item = PLANS[name]
    arguments: List[object] = [None if other is item else value(other, objects) for other in found.parameters]
    function = getattr(objects[found.owner] if found.owner else libvirt, found.name)
    with pytest.raises(libvirt.libvirtError, match=f"{item.name} in vir[A-Za-z0-9]+ must not be NULL"):
        function(*arguments)


def test_most_text_arguments_are_tried() -> None:
    assert len(PLANS) > 80
