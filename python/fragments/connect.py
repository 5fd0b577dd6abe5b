# SPDX-License-Identifier: LGPL-2.1-or-later
"""What virConnect has beside its generated methods."""

import libvirtmod
from libvirt import _Registrations, _wrap_virDomain, libvirtError, virDomain


class virConnect:
    def close(self):
        """Close the connection.

        First ends every registration of events that was made through it.
        Objects that were made from it keep it open behind the scenes until
        they are gone; this object cannot be used any more.

        Returns the int number of references that are left: 0 when the
        connection is really closed.  Raises libvirtError on failure.

        C function: virConnectClose
        """
        # In a forked child the registrations are its parent's, and their locks may be held for ever.
        try:
            if self._o is not None and not libvirtmod._isInherited(self._o):
                _Registrations.of(self).close(self, libvirtmod._newReference)
        finally:
            # In one step: of two threads that close, one has the handle.
            ret = libvirtmod.virConnectClose(self.__dict__.pop("_o", None))
        if ret == -1:
            raise libvirtError('virConnectClose() failed')
        return ret

    def __enter__(self):
        return self

    def __exit__(self, exc_type_, exc_value_, traceback_):
        self.close()

    def getAllDomainStats(self, stats=0, flags=0):
        """Statistics of all domains, in one call.

        stats: bitwise-OR of VIR_DOMAIN_STATS_..., 0 for all that the driver has
        flags: bitwise-OR of VIR_CONNECT_GET_ALL_DOMAINS_STATS_...

        Returns a list of tuples (virDomain, dict).  Raises libvirtError on failure.

        C function: virConnectGetAllDomainStats
        """
        ret = libvirtmod.virConnectGetAllDomainStats(self._o, stats, flags)
        if ret is None:
            raise libvirtError('virConnectGetAllDomainStats() failed')
        return [(_wrap_virDomain(virDomain, self, dom), values) for dom, values in ret]

    def domainListGetStats(self, doms, stats=0, flags=0):
        """Statistics of some domains, in one call.

        doms: the domains, as any iterable
        stats: bitwise-OR of VIR_DOMAIN_STATS_..., 0 for all that the driver has
        flags: bitwise-OR of VIR_CONNECT_GET_ALL_DOMAINS_STATS_...

        Returns a list of tuples (virDomain, dict).  Raises libvirtError on failure.

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
