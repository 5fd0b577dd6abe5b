# SPDX-License-Identifier: LGPL-2.1-or-later
"""Events of a connection: registrations, and the callbacks of old."""

import libvirtmod
from libvirt import VIR_ERR_INVALID_ARG, libvirtError, virDomain

# Ids of callbacks that share a registration of libvirt's: libvirt takes one
# callback for each event and object.  Its own ids never come this far.
_SHARED_IDS = 1 << 30


class _Registrations:
    """The callbacks of one family of events of a connection."""

    def __init__(self):
        self.owners = {}  # id -> callback data that libvirt has
        self.entries = {}  # id -> callback data of its own; the owner's, or one of owner["others"]
        self.libvirt_ids = {}  # id() of the owner -> libvirt's id
        self.keys = {}  # id() of the owner -> what it watches
        self.next_id = _SHARED_IDS

    def find(self, key):
        for owner in self.owners.values():
            if self.keys[id(owner)] == key:
                return owner
        return None

    def add(self, number, data, key):
        self.owners[number] = self.entries[number] = data
        self.libvirt_ids[id(data)] = number
        self.keys[id(data)] = key

    def share(self, owner, data):
        number = self.next_id
        self.next_id += 1
        owner.setdefault("others", []).append(data)
        self.owners[number] = owner
        self.entries[number] = data
        return number

    def libvirt_id(self, number):
        """The id to deregister for a callback, or None while others share its registration."""
        owner = self.owners[number]
        alone = self.entries[number] is owner and not owner.get("others")
        return self.libvirt_ids[id(owner)] if alone else None

    def remove(self, number):
        """Forget a callback."""
        owner, data = self.owners.pop(number), self.entries.pop(number)
        others = owner.get("others", [])
        if data is not owner:
            others.remove(data)
            return
        if not others:
            del self.keys[id(owner)], self.libvirt_ids[id(owner)]
            return
        # The registration of libvirt's goes on with the next callback.
        heir = others.pop(0)
        owner.update(cb=heir["cb"], opaque=heir["opaque"])
        for other, entry in self.entries.items():
            if entry is heir:
                self.entries[other] = owner


class virConnect:
    def _registrations(self, family):
        known = self.__dict__.setdefault("_eventRegistrations", {})
        if family not in known:
            known[family] = _Registrations()
        return known[family]

    def _eventRegister(self, family, register, subject, eventID, cb, opaque):
        """Register with libvirt, or share what was registered before for the same event and object."""
        ids = self.__dict__.setdefault(family + "EventCallbackID", {})
        known = self._registrations(family)
        data = {"cb": cb, "conn": self, "opaque": opaque}
        key = (eventID, None if subject is None else subject.UUIDString() if hasattr(subject, "UUIDString")
               else subject.name())
        ret = register(self._o, None if subject is None else subject._o, eventID, data)
        if ret == -1:
            # libvirt takes an event twice for one callback function, which is ours, only on other objects.
            owner = known.find(key) if libvirtmod.virGetLastErrorCode() == VIR_ERR_INVALID_ARG else None
            if owner is None:
                return -1
            ret = known.share(owner, data)
        else:
            known.add(ret, data, key)
        ids[ret] = opaque
        return ret

    def _eventDeregister(self, family, deregister, callbackID):
        """-1 when libvirt refuses."""
        known = self._registrations(family)
        ids = self.__dict__.get(family + "EventCallbackID")
        ours = callbackID in known.owners
        if not ours and callbackID in self.__dict__.get("_endedEvents", ()):
            return 0
        number = known.libvirt_id(callbackID) if ours else callbackID
        if number is not None and deregister(self._o, number) == -1:
            return -1
        if ours:
            known.remove(callbackID)
        if ids is not None:
            del ids[callbackID]
        return 0

    def _endEvents(self):
        """Remove every registration that was made through this object."""
        ended = self.__dict__.setdefault("_endedEvents", set())
        for family, known in self.__dict__.pop("_eventRegistrations", {}).items():
            ended.update(known.owners)
            deregister = getattr(libvirtmod, f"virConnect{family[0].upper()}{family[1:]}EventDeregisterAny")
            for owner in {id(data): data for data in known.owners.values()}.values():
                number = known.libvirt_ids[id(owner)]
                deregister(self._o, number)
                owner.clear()
            self.__dict__.get(family + "EventCallbackID", {}).clear()
        if self.__dict__.pop("domainEventCallbacks", None):
            libvirtmod.virConnectDomainEventDeregister(self._o, self)
        if self.__dict__.get("_closeCallback") is not None:
            libvirtmod.virConnectUnregisterCloseCallback(self._o)
            self.__dict__.pop("_closeCallback").clear()
        for end in self.__dict__.pop("_endings", {}).values():
            end(self)
        for stream in list(self.__dict__.pop("_eventStreams", ())):
            stream._endEvents()

    def domainEventRegister(self, cb, opaque):
        """Have cb(conn, dom, event, detail, opaque) called for the lifecycle of all domains.

        The way of old: domainEventRegisterAny knows all kinds of event.
        The same cb again replaces its opaque.  Raises libvirtError on failure.

        C function: virConnectDomainEventRegister
        """
        if hasattr(self, "domainEventCallbacks"):
            self.domainEventCallbacks[cb] = opaque
            return
        self.domainEventCallbacks = {cb: opaque}
        if libvirtmod.virConnectDomainEventRegister(self._o, self) == -1:
            del self.domainEventCallbacks
            raise libvirtError('virConnectDomainEventRegister() failed')

    def domainEventDeregister(self, cb):
        """End what domainEventRegister began for cb.  Raises libvirtError on failure.

        C function: virConnectDomainEventDeregister
        """
        if not hasattr(self, "domainEventCallbacks"):
            return
        del self.domainEventCallbacks[cb]
        if not self.domainEventCallbacks:
            del self.domainEventCallbacks
            if libvirtmod.virConnectDomainEventDeregister(self._o, self) == -1:
                raise libvirtError('virConnectDomainEventDeregister() failed')

    def _dispatchDomainEventCallbacks(self, dom, event, detail):
        domain = virDomain(self, _obj=dom)
        # A copy: a callback may register and deregister.
        for cb, opaque in list(getattr(self, "domainEventCallbacks", {}).items()):
            try:
                cb(self, domain, event, detail, opaque)
            except BaseException as error:
                libvirtmod._reportException(error)

    def registerCloseCallback(self, cb, opaque):
        """Have cb(conn, reason, opaque) called when the connection is lost.

        reason: one of VIR_CONNECT_CLOSE_REASON_...

        Returns 0.  Raises libvirtError on failure.

        C function: virConnectRegisterCloseCallback
        """
        data = {"cb": cb, "conn": self, "opaque": opaque}
        ret = libvirtmod.virConnectRegisterCloseCallback(self._o, data)
        if ret == -1:
            raise libvirtError('virConnectRegisterCloseCallback() failed')
        self._closeCallback = data
        return ret

    def unregisterCloseCallback(self):
        """End what registerCloseCallback began.  Raises libvirtError on failure.

        C function: virConnectUnregisterCloseCallback
        """
        if libvirtmod.virConnectUnregisterCloseCallback(self._o) == -1:
            raise libvirtError('virConnectUnregisterCloseCallback() failed')
        # Drivers that cannot tell never free the data: it must not hold this object.
        self.__dict__.pop("_closeCallback", {}).clear()

    def _dispatchCloseCallback(self, reason, cbData):
        cbData["cb"](self, reason, cbData["opaque"])
        return 0
