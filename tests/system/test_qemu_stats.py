# SPDX-License-Identifier: LGPL-2.1-or-later
"""Statistics of running QEMU guests."""

import time
from typing import Any, Callable, Dict

import libvirt
import pytest

import guest
from conftest import MakeGuest
from typehints import results_of


@pytest.fixture
def domain(make_guest: MakeGuest) -> libvirt.virDomain:
    made = make_guest("<interface type='user'><mac address='52:54:00:12:34:56'/></interface>")
    guest.check_alive(made)
    return made


def test_statistics_of_all_domains(conn: libvirt.virConnect, domain: libvirt.virDomain, make_guest: MakeGuest) -> None:
    other = make_guest(name="other", start=False)
    stats = {each.name(): values for each, values in conn.getAllDomainStats()}
    assert set(stats) == {"guest", "other"}
    running = stats["guest"]
    assert running["state.state"] == libvirt.VIR_DOMAIN_RUNNING and stats["other"]["state.state"] == 5
    assert running["vcpu.current"] == running["vcpu.maximum"] == 1 and running["block.count"] == 1
    assert running["block.0.name"] == "vda" and running["block.0.rd.bytes"] >= 512
    assert running["block.0.capacity"] == guest.MIB
    assert running["net.count"] == 1
    assert isinstance(running["block.0.path"], str) and isinstance(running["balloon.maximum"], int)
    assert not other.isActive()


@pytest.mark.parametrize("group, key", [
    ("STATE", "state.reason"), ("BALLOON", "balloon.current"), ("VCPU", "vcpu.0.state"), ("BLOCK", "block.0.rd.reqs"),
    ("INTERFACE", "net.count")])
def test_statistics_by_group(conn: libvirt.virConnect, domain: libvirt.virDomain, group: str, key: str) -> None:
    (_, values), = conn.getAllDomainStats(getattr(libvirt, f"VIR_DOMAIN_STATS_{group}"))
    assert key in values and {name.partition(".")[0] for name in values} == {key.partition(".")[0]}


def test_statistics_of_some_domains(conn: libvirt.virConnect, domain: libvirt.virDomain, make_guest: MakeGuest) -> None:
    other = make_guest(name="other", start=False)
    assert [each.name() for each, _ in conn.domainListGetStats([domain])] == ["guest"]
    found = conn.domainListGetStats([domain, other], libvirt.VIR_DOMAIN_STATS_STATE)
    assert sorted(each.name() for each, _ in found) == ["guest", "other"]
    flags = libvirt.VIR_CONNECT_GET_ALL_DOMAINS_STATS_ACTIVE
    assert [each.name() for each, _ in conn.getAllDomainStats(0, flags)] == ["guest"]


def test_statistics_of_disks(domain: libvirt.virDomain) -> None:
    requests, size, writes, written, errors = domain.blockStats("vda")
    assert requests > 0 and size >= 512 and writes == written == 0 and errors == -1
    flags = domain.blockStatsFlags("vda")
    assert (flags["rd_operations"], flags["rd_bytes"]) == (requests, size)
    assert {"wr_total_times", "flush_operations"} <= set(flags)
    assert domain.blockStatsFlags("")["rd_bytes"] == size  # the sum for all disks
    capacity, allocation, physical = domain.blockInfo("vda")
    assert capacity == guest.MIB and 0 < allocation <= physical == guest.MIB


def test_time_of_cpus(domain: libvirt.virDomain) -> None:
    """Without control groups, libvirt reports the time of the process."""
    before = domain.info()[4]
    time.sleep(0.2)
    state, _, _, cpus, used = domain.info()
    assert (state, cpus) == (libvirt.VIR_DOMAIN_RUNNING, 1) and used >= before > 0
    (number, state, used, cpu), = domain.vcpus()[0]
    assert (number, state) == (0, libvirt.VIR_VCPU_RUNNING) and used >= 0 and cpu >= -1


def test_results_fit_their_types(conn: libvirt.virConnect, domain: libvirt.virDomain) -> None:
    """Also the keys of dicts: a key that QEMU has and the type of the dict lacks is an error."""
    results, wrong = results_of(conn=conn, dom=domain, disk="vda", interface="52:54:00:12:34:56")
    assert wrong == []
    assert len(results) >= 20 and {"conn.getAllDomainStats()", "dom.blockIoTune(disk)"} <= set(results)


def test_memory(domain: libvirt.virDomain) -> None:
    stats = domain.memoryStats()
    assert stats["actual"] == 32768 and stats["rss"] > 1000


def test_the_rate_of_dirty_pages(conn: libvirt.virConnect, domain: libvirt.virDomain) -> None:
    assert domain.startDirtyRateCalc(1, 0) == 0
    from daemon import wait_until

    def measured() -> Dict[str, Any]:
        values: Dict[str, Any]
        (_, values), = conn.domainListGetStats([domain], libvirt.VIR_DOMAIN_STATS_DIRTYRATE)
        return values if values.get("dirtyrate.calc_status") == libvirt.VIR_DOMAIN_DIRTYRATE_MEASURED else {}
    values = wait_until(measured, "the measurement")
    assert values["dirtyrate.calc_period"] == 1 and values["dirtyrate.megabytes_per_second"] >= 0


def test_statistics_of_missing_devices_raise(domain: libvirt.virDomain) -> None:
    call: Callable[[], Any]
    for call in (lambda: domain.blockStats("nothing"), lambda: domain.blockInfo("nothing"),
                 lambda: domain.interfaceStats("nothing"), lambda: domain.perfEvents(2 ** 20)):
        with pytest.raises(libvirt.libvirtError):
            call()
