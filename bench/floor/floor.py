# SPDX-License-Identifier: LGPL-2.1-or-later
"""The floor: classes over floor.c, with no more than the measured calls need."""

import libvirtmod

VIR_DOMAIN_EVENT_ID_LIFECYCLE = 0


class libvirtError(Exception):
    def __init__(self, defmsg):
        err = libvirtmod.lastError()
        Exception.__init__(self, err[2])
        self.err = err


def registerErrorHandler(f, ctx):
    libvirtmod.setHandler(f)


def virEventRegisterDefaultImpl():
    return libvirtmod.registerLoop()


def virEventRunDefaultImpl():
    ret = libvirtmod.runLoop()
    if ret == -1:
        raise libvirtError('virEventRunDefaultImpl() failed')
    return ret


def open(name=None):
    ret = libvirtmod.openConn(name)
    if ret is None:
        raise libvirtError('virConnectOpen() failed')
    return virConnect(ret)


class virConnect:
    def __init__(self, _obj=None):
        self._o = _obj

    def getLibVersion(self):
        ret = libvirtmod.libVersion(self._o)
        if ret == -1:
            raise libvirtError('virConnectGetLibVersion() failed')
        return ret

    def getHostname(self):
        ret = libvirtmod.hostname(self._o)
        if ret is None:
            raise libvirtError('virConnectGetHostname() failed')
        return ret

    def lookupByName(self, name):
        ret = libvirtmod.lookup(self._o, name)
        if ret is None:
            raise libvirtError('virDomainLookupByName() failed')
        return virDomain(self, _obj=ret)

    def networkLookupByName(self, name):
        ret = libvirtmod.lookupNetwork(self._o, name)
        if ret is None:
            raise libvirtError('virNetworkLookupByName() failed')

    def listAllDomains(self, flags=0):
        ret = libvirtmod.listAll(self._o, flags)
        if ret is None:
            raise libvirtError('virConnectListAllDomains() failed')
        return [virDomain(self, _obj=item) for item in ret]

    def listDomainsID(self):
        ret = libvirtmod.listIDs(self._o)
        if ret is None:
            raise libvirtError('virConnectListDomains() failed')
        return ret

    def getAllDomainStats(self, stats=0, flags=0):
        ret = libvirtmod.statistics(self._o, stats, flags)
        if ret is None:
            raise libvirtError('virConnectGetAllDomainStats() failed')
        return [(virDomain(self, _obj=item), values) for item, values in ret]

    def domainEventRegisterAny(self, dom, eventID, cb, opaque):
        self._cb, self._opaque = cb, opaque
        return libvirtmod.registerEvent(self._o, self)

    def _dispatch(self, dom, event, detail):
        self._cb(self, virDomain(self, _obj=dom), event, detail, self._opaque)


class virDomain:
    def __init__(self, conn, _obj=None):
        self._conn = conn
        self._o = _obj

    def name(self):
        return libvirtmod.nameOf(self._o)

    def UUIDString(self):
        ret = libvirtmod.uuidOf(self._o)
        if ret is None:
            raise libvirtError('virDomainGetUUIDString() failed')
        return ret

    def ID(self):
        return libvirtmod.idOf(self._o)

    def OSType(self):
        ret = libvirtmod.osType(self._o)
        if ret is None:
            raise libvirtError('virDomainGetOSType() failed')
        return ret

    def XMLDesc(self, flags=0):
        ret = libvirtmod.xmlDesc(self._o, flags)
        if ret is None:
            raise libvirtError('virDomainGetXMLDesc() failed')
        return ret

    def isActive(self):
        ret = libvirtmod.isActive(self._o)
        if ret == -1:
            raise libvirtError('virDomainIsActive() failed')
        return ret

    def maxMemory(self):
        ret = libvirtmod.maxMemory(self._o)
        if ret == 0:
            raise libvirtError('virDomainGetMaxMemory() failed')
        return ret

    def maxVcpus(self):
        ret = libvirtmod.maxVcpus(self._o)
        if ret == -1:
            raise libvirtError('virDomainGetMaxVcpus() failed')
        return ret

    def autostart(self):
        ret = libvirtmod.autostart(self._o)
        if ret == -1:
            raise libvirtError('virDomainGetAutostart() failed')
        return ret

    def suspend(self):
        ret = libvirtmod.suspend(self._o)
        if ret == -1:
            raise libvirtError('virDomainSuspend() failed')
        return ret

    def resume(self):
        ret = libvirtmod.resume(self._o)
        if ret == -1:
            raise libvirtError('virDomainResume() failed')
        return ret

    def info(self):
        ret = libvirtmod.info(self._o)
        if ret is None:
            raise libvirtError('virDomainGetInfo() failed')
        return ret

    def state(self, flags=0):
        ret = libvirtmod.state(self._o, flags)
        if ret is None:
            raise libvirtError('virDomainGetState() failed')
        return ret

    def memoryParameters(self, flags=0):
        ret = libvirtmod.memoryParameters(self._o, flags)
        if ret is None:
            raise libvirtError('virDomainGetMemoryParameters() failed')
        return ret

    def setMemoryParameters(self, params, flags=0):
        ret = libvirtmod.setMemoryParameters(self._o, params, flags)
        if ret == -1:
            raise libvirtError('virDomainSetMemoryParameters() failed')
        return ret
