# SPDX-License-Identifier: LGPL-2.1-or-later
"""The module libvirt_types: names for what libvirt takes and returns."""

import inspect
import typing
from typing import Any, Dict

import pytest

import libvirt
import libvirt_enums
import libvirt_types
from fixturetypes import PythonPrints
from typehints import results_of

CLASSES: Dict[str, Any] = {name: item for name, item in vars(libvirt_types).items()
                           if isinstance(item, type) and item.__module__ == "libvirt_types"}
RECORDS = {name: item for name, item in CLASSES.items() if issubclass(item, tuple)}


def test_importing_it_imports_nothing_of_libvirt(fresh_python_prints: PythonPrints) -> None:
    assert fresh_python_prints("""
import sys, libvirt_types
print(sorted(name for name in sys.modules if name.startswith("libvirt")))
""") == ["['libvirt_types']"]


def test_libvirt_does_not_import_it(fresh_python_prints: PythonPrints) -> None:
    assert fresh_python_prints("""
import sys, libvirt
print("libvirt_types" in sys.modules, "typing" in sys.modules)
""") == ["False False"]


def test_the_items_of_results_have_names(conn: libvirt.virConnect, domain: libvirt.virDomain) -> None:
    info = libvirt_types.DomainInfo(*domain.info())
    assert list(info[:4]) == domain.info()[:4]
    assert info.maxMem == domain.maxMemory() and info.state == domain.state()[0]
    assert libvirt_types.DomainState(*domain.state()).state == libvirt.VIR_DOMAIN_RUNNING
    node = libvirt_types.NodeInfo(*conn.getInfo())
    assert (node.model, node.memory, node.cpus) == tuple(conn.getInfo()[:3])
    pool = conn.listAllStoragePools()[0]
    assert libvirt_types.StoragePoolInfo(*pool.info()).capacity == pool.info()[1]
    vcpus, _ = domain.vcpus()
    assert libvirt_types.VcpuInfo(*vcpus[0]).number == 0


def test_dicts_have_the_keys_of_their_types(domain: libvirt.virDomain) -> None:
    interfaces = domain.interfaceAddresses(libvirt.VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_LEASE)
    assert interfaces
    for interface in interfaces.values():
        assert set(interface) == set(libvirt_types.DomainInterface.__annotations__)
        for address in interface["addrs"] or []:
            assert set(address) == set(libvirt_types.IPAddress.__annotations__)


def test_results_of_the_test_driver_fit_their_types(conn: libvirt.virConnect, domain: libvirt.virDomain) -> None:
    results, wrong = results_of(
        conn=conn, dom=domain, disk="vda", interface="test0", net=conn.listAllNetworks()[0],
        pool=conn.listAllStoragePools()[0])
    assert wrong == []
    assert len(results) >= 20 and "conn.getAllDomainStats()" in results


@pytest.mark.parametrize("name", sorted(CLASSES))
def test_types_have_hints_and_docstrings(name: str) -> None:
    """Also with the oldest Python, which has no operator for unions."""
    hints = typing.get_type_hints(CLASSES[name], {**vars(libvirt), **vars(libvirt_enums), **vars(libvirt_types)})
    text = inspect.getdoc(CLASSES[name]) or ""
    assert hints and text.partition("\n")[0]
    assert all(f"\n{key}: " in text or f"\n{key!r}: " in text for key in hints)


def test_there_is_a_named_tuple_for_each_struct() -> None:
    assert len(RECORDS) > 15
    for found in RECORDS.values():
        # A struct that ends with text cannot be confused with another one.
        assert found(*range(len(found._fields)))._asdict() == {name: n for n, name in enumerate(found._fields)}
