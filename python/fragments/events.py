# SPDX-License-Identifier: LGPL-2.1-or-later
"""Events of a connection: registrations, and the callbacks of old."""

import libvirtmod
from libvirt import VIR_ERR_INVALID_ARG, _requireCallable, _virDomain, libvirtError, virDomain

# Ids of callbacks that share a registration of libvirt's: libvirt takes one
# callback for each event and object.  Its own ids never come this far.
_SHARED_IDS = 1 << 30

# Data of close callbacks that were ended, emptied: what drivers never free is used again.
_ENDED_CLOSE_DATA = []


def _endRegistration(data):
    """The interpreter ends and the process goes on: have libvirt forget what was registered with these data."""
    if hasattr(data, "end"):
        remove, number = data.end
        remove(number)
        return
    target = data.get("conn", data.get("stream")) if isinstance(data, dict) else data
    if hasattr(target, "_endEvents") and target._o is not None:
        target._endEvents()


class _Registrations:
    """The callbacks of one family of events of a connection.

    What libvirt has for each of its registrations is the callback data of the
    first callback, with those that share it under "others", by their ids.
    """

    def __init__(self):
        self.owners = {}  # id -> what libvirt has
        self.libvirt_ids = {}  # id() of that -> libvirt's id
        self.keys = {}  # id() of that -> event and object
        self.next_id = _SHARED_IDS

    def add(self, number, data, key):
        self.owners[number] = data
        self.libvirt_ids[id(data)] = number
        self.keys[id(data)] = key

    def owner(self, key):
        """What libvirt has for an event and an object, or None."""
        return next((owner for owner in self.owners.values() if self.keys[id(owner)] == key), None)

    def share(self, owner, data):
        number = self.next_id
        self.next_id += 1
        owner.setdefault("others", {})[number] = data
        self.owners[number] = owner
        return number

    def is_last(self, number):
        """Whether no other callback shares its registration."""
        owner = self.owners[number]
        return len(owner.get("others", ())) + ("cb" in owner) == 1

    def libvirt_id(self, number):
        return self.libvirt_ids[id(self.owners[number])]

    def remove(self, number):
        """Forget a callback; those that share its registration go on."""
        last = self.is_last(number)
        owner = self.owners.pop(number)
        # What is emptied is not called any more, also by an event that is being delivered.
        if number in owner.get("others", ()):
            owner["others"].pop(number).clear()
        else:
            # What has a connection is called: that goes first.
            del owner["conn"], owner["cb"], owner["opaque"]
        if last:
            del self.libvirt_ids[id(owner)]
            del self.keys[id(owner)]

    def end(self, deregister):
        """Forget all, and have libvirt forget them."""
        for owner in {id(owner): owner for owner in self.owners.values()}.values():
            deregister(self.libvirt_ids[id(owner)])
            for data in owner.pop("others", {}).values():
                data.clear()
            owner.clear()


class virConnect:
    def _eventLock(self):
        # Between libvirt's answer and the books another thread could register or deregister the same.
        from _thread import RLock

        return self.__dict__.setdefault("_eventsBusy", RLock())

    def _registrations(self, family):
        known = self.__dict__.setdefault("_eventRegistrations", {})
        if family not in known:
            known[family] = _Registrations()
        return known[family]

    def _eventRegister(self, *args):
        with self._eventLock():
            return self._eventRegisterLocked(*args)

    def _eventRegisterLocked(self, family, register, subject, eventID, cb, opaque):
        """Register with libvirt, or share what was registered before for the same event and object."""
        ids = self.__dict__.setdefault(family + "EventCallbackID", {})
        known = self._registrations(family)
        data = {"cb": cb, "conn": self, "opaque": opaque}
        key = (eventID, None if subject is None else subject.UUIDString() if hasattr(subject, "UUIDString")
               else subject.name())
        ret = register(self._o, None if subject is None else subject._o, eventID, data)
        if ret == -1:
            # libvirt takes an event twice for one callback function, which is ours, only on other objects.
            error = libvirtError(f"virConnect{family[0].upper()}{family[1:]}EventRegisterAny() failed")
            owner = known.owner(key) if error.get_error_code() == VIR_ERR_INVALID_ARG else None
            if owner is None:
                raise error
            ret = known.share(owner, data)
        else:
            known.add(ret, data, key)
        ids[ret] = opaque
        return ret

    def _eventDeregister(self, *args):
        with self._eventLock():
            return self._eventDeregisterLocked(*args)

    def _eventDeregisterLocked(self, family, deregister, callbackID):
        """-1 when libvirt refuses."""
        known = self._registrations(family)
        if callbackID in known.owners:
            if known.is_last(callbackID) and deregister(self._o, known.libvirt_id(callbackID)) == -1:
                return -1
            known.remove(callbackID)
        elif callbackID in self.__dict__.get("_endedEvents", ()):
            return 0
        elif deregister(self._o, callbackID) == -1:
            return -1
        ids = self.__dict__.get(family + "EventCallbackID")
        if ids is not None:
            del ids[callbackID]
        return 0

    def _endEvents(self):
        """Remove every registration that was made through this object."""
        ended = self.__dict__.setdefault("_endedEvents", set())
        for family, known in self.__dict__.pop("_eventRegistrations", {}).items():
            ended.update(known.owners)
            deregister = getattr(libvirtmod, f"virConnect{family[0].upper()}{family[1:]}EventDeregisterAny")
            known.end(lambda number: deregister(self._o, number))
            self.__dict__.get(family + "EventCallbackID", {}).clear()
        if self.__dict__.pop("domainEventCallbacks", None):
            libvirtmod.virConnectDomainEventDeregister(self._o, self)
        if self.__dict__.get("_closeCallbacks"):
            if not self._isClosing():
                libvirtmod.virConnectUnregisterCloseCallback(self._o)
            self._forgetCloseCallbacks()
        for end in self.__dict__.pop("_endings", {}).values():
            ended.update(end(self))
        for stream in list(self.__dict__.pop("_eventStreams", ())):
            stream._endEvents()

    def domainEventRegister(self, cb, opaque):
        """Have cb(conn, dom, event, detail, opaque) called for the lifecycle of all domains.

        The way of old: domainEventRegisterAny knows all kinds of event.
        The same cb again replaces its opaque.  Raises libvirtError on failure.

        C function: virConnectDomainEventRegister
        """
        _requireCallable('virConnect.domainEventRegister', 'cb', cb)
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
        callbacks = self.domainEventCallbacks
        if cb not in callbacks:
            raise KeyError("virConnect.domainEventDeregister(): argument 'cb' is not registered")
        opaque = callbacks.pop(cb)
        if not callbacks:
            del self.domainEventCallbacks
            if libvirtmod.virConnectDomainEventDeregister(self._o, self) == -1:
                self.domainEventCallbacks = {cb: opaque}
                raise libvirtError('virConnectDomainEventDeregister() failed')

    def _dispatchDomainEventCallbacks(self, dom, event, detail):
        domain = _virDomain(virDomain, self, dom)
        # A copy: a callback may register and deregister, and close the connection.
        for cb, opaque in list(getattr(self, "domainEventCallbacks", {}).items()):
            if cb not in getattr(self, "domainEventCallbacks", ()):
                continue
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
        _requireCallable('virConnect.registerCloseCallback', 'cb', cb)
        try:
            data = _ENDED_CLOSE_DATA.pop()
        except IndexError:
            data = {}
        data.update(cb=cb, conn=self, opaque=opaque)
        ret = libvirtmod.virConnectRegisterCloseCallback(self._o, data)
        if ret == -1:
            raise libvirtError('virConnectRegisterCloseCallback() failed')
        # Some drivers take any number, and never call them.
        self.__dict__.setdefault("_closeCallbacks", []).append(data)
        return ret

    def unregisterCloseCallback(self):
        """End what registerCloseCallback began.  Raises libvirtError on failure.

        C function: virConnectUnregisterCloseCallback
        """
        if not self._isClosing() and libvirtmod.virConnectUnregisterCloseCallback(self._o) == -1:
            raise libvirtError('virConnectUnregisterCloseCallback() failed')
        self._forgetCloseCallbacks()

    def _forgetCloseCallbacks(self):
        # Drivers that cannot tell never free the data: it must not hold this object, nor be lost.
        for data in self.__dict__.pop("_closeCallbacks", ()):
            data.clear()
            _ENDED_CLOSE_DATA.append(data)

    def _isClosing(self):
        # libvirt calls the callback under a lock that a removal waits for; and removes it afterwards itself.
        return self.__dict__.get("_closeCallbackRuns", False)

    def _dispatchCloseCallback(self, reason, cbData):
        self._closeCallbackRuns = True
        try:
            cbData["cb"](self, reason, cbData["opaque"])
        finally:
            self._forgetCloseCallbacks()
            self.__dict__.pop("_closeCallbackRuns", None)  # two threads may be told
        return 0
