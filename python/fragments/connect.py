# SPDX-License-Identifier: LGPL-2.1-or-later
"""Hand-written methods of virConnect: close(), the context manager, statistics of many domains."""

import libvirtmod
from libvirt import _Registrations, _wrap_virDomain, libvirtError, virDomain


class virConnect:
    def close(self):
        """Close the connection, and end all registrations of callbacks.

        This object cannot be used any more. Objects that were found or made by
        it, such as domains, keep the connection open until they are gone.

        Returns int: 0 if the connection is closed now, or 1 if such objects
        still keep it open.
        Raises libvirtError on failure.

        C function: virConnectClose
        """
        # In a forked child the registrations belong to the parent, whose threads may have held their locks at the fork.
        try:
            if self._o is not None and not libvirtmod._isInherited(self._o):
                _Registrations.of(self).close(self, libvirtmod._newReference)
        finally:
            # Take the handle in one step, so that only one of two threads that close gets it.
            ret = libvirtmod.virConnectClose(self.__dict__.pop("_o", None))
        if ret == -1:
            raise libvirtError('virConnectClose() failed')
        return ret

    def __enter__(self):
        return self

    def __exit__(self, exc_type_, exc_value_, traceback_):
        if self._o is not None:
            self.close()

    def getAllDomainStats(self, stats=0, flags=0):
        """Return statistics of all domains, or of those that flags choose.

        For example, the memory of each running domain in KiB:

            for dom, values in conn.getAllDomainStats(
                    libvirt.VIR_DOMAIN_STATS_BALLOON,
                    libvirt.VIR_CONNECT_GET_ALL_DOMAINS_STATS_RUNNING):
                print(dom.name(), values.get("balloon.current"))

        Each constant VIR_DOMAIN_STATS_* stands for a group of values, whose
        names have a common prefix:

        - STATE: "state.", the state and its reason
        - CPU_TOTAL: "cpu.", CPU times in nanoseconds
        - BALLOON: "balloon.", memory in KiB
        - VCPU: "vcpu.", virtual CPUs
        - INTERFACE: "net.", network interfaces
        - BLOCK: "block.", disks
        - PERF: "perf.", Linux perf events
        - IOTHREAD: "iothread.", IOThreads
        - MEMORY: "memory.", bandwidth of memory
        - DIRTYRATE: "dirtyrate.", how fast memory is written
        - VM: "vm.", values of the hypervisor's own

        A list has a count, such as "net.count", and values with an index, such
        as "net.0.name" and "net.0.rx.bytes". Values that the hypervisor does
        not have at the moment are missing, and so are groups that it does not
        support, unless flags include
        VIR_CONNECT_GET_ALL_DOMAINS_STATS_ENFORCE_STATS: then the call fails.

        VIR_CONNECT_GET_ALL_DOMAINS_STATS_BACKING adds the backing images of the
        disks. With VIR_CONNECT_GET_ALL_DOMAINS_STATS_NOWAIT the call does not
        wait for busy domains, whose values are then missing. The other flags
        choose domains, like those of virConnect.listAllDomains().

        stats: int, bitwise-OR of libvirt_enums.DomainStatsTypes; 0 for all
            groups that the hypervisor knows
        flags: int, bitwise-OR of libvirt_enums.ConnectGetAllDomainStatsFlags

        Returns list of tuple: the virDomain, and a dict of its values by name.
        Raises libvirtError on failure.

        C function: virConnectGetAllDomainStats
        """
        ret = libvirtmod.virConnectGetAllDomainStats(self._o, stats, flags)
        if ret is None:
            raise libvirtError('virConnectGetAllDomainStats() failed')
        return [(_wrap_virDomain(virDomain, self, dom), values) for dom, values in ret]

    def domainListGetStats(self, doms, stats=0, flags=0):
        """Return statistics of some domains of the connection.

        See virConnect.getAllDomainStats() for the groups and their values.

        doms: iterable of virDomain
        stats: int, bitwise-OR of libvirt_enums.DomainStatsTypes; 0 for all
            groups that the hypervisor knows
        flags: int, bitwise-OR of libvirt_enums.ConnectGetAllDomainStatsFlags;
            those that choose domains may be refused

        Returns list of tuple: the virDomain, and a dict of its values by name.
        There may be fewer than the given domains.
        Raises libvirtError on failure.

        C function: virDomainListGetStats
        """
        handles = []
        for dom in doms:
            if not isinstance(dom, virDomain):
                raise libvirtError("domain list contains non-domain elements")
            handles.append(dom._o)
        ret = libvirtmod.virDomainListGetStats(self._o, handles, stats, flags)
        if ret is None:
            raise libvirtError('virDomainListGetStats() failed')
        return [(_wrap_virDomain(virDomain, self, dom), values) for dom, values in ret]
