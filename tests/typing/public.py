# SPDX-License-Identifier: LGPL-2.1-or-later
# pyright: strict
"""A program that uses public names alone: the strictest checkers have nothing to say to it. It is never run."""

from typing import Dict, List, Optional, Tuple

import libvirt
import libvirt_types


class Inventory:
    """What a host has, with types in all signatures."""

    def __init__(self, conn: libvirt.virConnect) -> None:
        self.conn = conn
        self.node = libvirt_types.NodeInfo(*conn.getInfo())
        self.events: List[Tuple[str, int]] = []

    def memory(self) -> Dict[str, int]:
        return {dom.name(): libvirt_types.DomainInfo(*dom.info()).memory for dom in self.conn.listAllDomains()}

    def cpu_time(self) -> int:
        return sum(stats.get("cpu.time", 0) for _, stats in self.conn.getAllDomainStats())

    def disks(self, stats: libvirt_types.DomainStats) -> List[str]:
        return [stats[f"block.{number}.name"] for number in range(stats.get("block.count", 0))]

    def leases(self, name: str) -> List[libvirt_types.NetworkDHCPLease]:
        return self.conn.networkLookupByName(name).DHCPLeases()

    def addresses(self, dom: libvirt.virDomain) -> List[Optional[str]]:
        found: Dict[str, libvirt_types.DomainInterface] = dom.interfaceAddresses(0)
        return [address["addr"] for interface in found.values() for address in interface["addrs"] or []]

    def watch(self) -> int:
        return self.conn.domainEventRegisterAny(None, libvirt.enums.DomainEventID.LIFECYCLE, on_event, self)

    def limits(self, dom: libvirt.virDomain) -> libvirt_types.MemoryParametersDict:
        limits = dom.memoryParameters()
        limits["hard_limit"] = 2 * limits.get("soft_limit", 0)
        dom.setMemoryParameters(limits)
        return limits


def on_event(conn: libvirt.virConnect, dom: libvirt.virDomain, event: int, detail: int, opaque: Inventory) -> None:
    opaque.events.append((dom.name(), event))


CALLBACK: libvirt_types.DomainEventCallback[Inventory] = on_event


def progress(dom: libvirt.virDomain, disk: str) -> float:
    job = dom.blockJobInfo(disk)
    return job["cur"] / job["end"] if job else 1.0


def reason(error: libvirt.libvirtError) -> Optional[str]:
    return libvirt_types.Error(*error.err).str1 if error.err is not None else None


def on_error(context: List[int], error: libvirt_types.RawError) -> None:
    context.append(libvirt_types.Error(*error).code)


def answer(credentials: Tuple[libvirt_types.Credential, ...], password: str) -> int:
    for credential in credentials:
        if credential[0] == libvirt.VIR_CRED_PASSPHRASE:
            credential[4] = password
    return 0


def connect(uri: str) -> libvirt.virConnect:
    codes: List[int] = []
    libvirt.registerErrorHandler(on_error, codes)
    return libvirt.openAuth(uri, ([libvirt.VIR_CRED_PASSPHRASE], answer, "secret"))
