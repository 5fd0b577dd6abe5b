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
from typehints import Stub

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


# Calls whose results are compared with the types in the stubs.
CALLS = (
    "conn.getInfo()", "conn.getSecurityModel()", "conn.getCPUStats(-1)", "conn.getMemoryStats(-1)", "conn.getCPUMap()",
    "conn.getMemoryParameters()", "conn.getAllDomainStats()", "domain.info()", "domain.state()", "domain.jobInfo()",
    "domain.jobStats()", "domain.controlInfo()", "domain.blockInfo('vda')", "domain.blockStats('vda')",
    "domain.blockStatsFlags('vda')", "domain.blockIoTune('vda')", "domain.interfaceStats('test0')",
    "domain.interfaceParameters('test0')", "domain.memoryParameters()", "domain.numaParameters()",
    "domain.blkioParameters()", "domain.schedulerParameters()", "domain.schedulerParametersFlags()",
    "domain.schedulerType()", "domain.perfEvents()", "domain.memoryStats()", "domain.getTime()", "domain.vcpus()",
    "domain.ioThreadInfo()", "domain.fsInfo()", "domain.guestInfo()", "domain.guestVcpus()", "domain.diskErrors()",
    "domain.interfaceAddresses(0)", "domain.securityLabel()", "domain.securityLabelList()",
    "domain.launchSecurityInfo()", "domain.getCPUStats(True)", "domain.blockJobInfo('vda')", "net.DHCPLeases()",
    "pool.info()",
)


def test_results_of_a_driver_fit_their_types(conn: libvirt.virConnect, domain: libvirt.virDomain) -> None:
    """Also the keys of dicts: a key that the driver has and the type lacks is an error."""
    stub = Stub("libvirt")
    objects = {"conn": conn, "domain": domain, "net": conn.listAllNetworks()[0], "pool": conn.listAllStoragePools()[0]}
    compared, wrong = 0, []
    for call in CALLS:
        try:
            value = eval(call, dict(objects))  # pylint: disable=eval-used
        except libvirt.libvirtError as error:
            assert error.code in (libvirt.VIR_ERR_NO_SUPPORT, libvirt.VIR_ERR_INVALID_ARG), f"{call}: {error}"
            continue
        compared += 1
        name = f"{type(objects[call.partition('.')[0]]).__name__}.{call.partition('.')[2].partition('(')[0]}"
        wrong += [f"{call}: {problem}" for problem in (stub.wrong_result(name, value), stub.wrong_record(name, value))
                  if problem]
    assert wrong == []
    assert compared >= 20


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
