# SPDX-License-Identifier: LGPL-2.1-or-later
"""Events of a connection: registering, deregistering and dispatching callbacks."""

import libvirtmod
from libvirt import _callEach, _Registration, _Registrations, _requireCallable, _wrap_virDomain, libvirtError, virDomain


class virConnect:
    def _eventRegister(self, family, register, subject, eventID, cb, opaque):
        """Register with libvirt, or share a registration of the same event."""
        name = f"virConnect{family[0].upper()}{family[1:]}Event"
        self.__dict__.setdefault(family + "EventCallbackID", {})
        key = (family, eventID, None if subject is None else subject.UUIDString() if hasattr(subject, "UUIDString")
               else subject.name())
        registrations = _Registrations.of(self)
        data = {"cb": cb, "conn": self, "opaque": opaque}
        with registrations.operation(self, key, data) as operation:
            number = registrations.share(self, family, key, cb, opaque)
            if number is not None:
                return number
            number = register(operation.handle, None if subject is None else subject._o, eventID, data)
            made = _Registration(
                number, data, lambda handle: getattr(libvirtmod, name + "DeregisterAny")(handle, made.number), key)
            if number != -1 and not operation.keep(family, made, opaque):
                number = register(None, None, eventID, {})
            if number == -1:
                raise libvirtError(name + "RegisterAny() failed")
            return number

    def _eventDeregister(self, family, deregister, callbackID):
        """Remove a callback, and return 0, or -1 if libvirt refuses."""
        return _Registrations.of(self).deregister(self, family, deregister, callbackID)

    def domainEventRegister(self, cb, opaque):
        """Have a callback called for lifecycle events of all domains.

        It is called as cb(conn, dom, event, detail, opaque). Prefer
        virConnect.domainEventRegisterAny(), which knows all events.

        cb: callable; the same one again gets the new opaque
        opaque: any object, passed on to the callback

        Raises libvirtError on failure.

        C function: virConnectDomainEventRegister
        """
        _requireCallable('virConnect.domainEventRegister', 'cb', cb)
        registrations = _Registrations.of(self)
        with registrations.operation(self, "domainEventRegister") as operation:
            with registrations.changed:
                callbacks = self.__dict__.get("domainEventCallbacks")
                if callbacks is not None:
                    callbacks[cb] = opaque
                    return
                # The first event may come before libvirt returns.
                callbacks = self.domainEventCallbacks = {cb: opaque}
            kept = False
            try:
                if libvirtmod.virConnectDomainEventRegister(operation.handle, self) != -1:
                    kept = operation.keep("domainEventRegister", _Registration(
                        0, callbacks, lambda handle: libvirtmod.virConnectDomainEventDeregister(handle, self)))
                    if not kept:
                        libvirtmod.virConnectDomainEventRegister(None, self)
                if not kept:
                    raise libvirtError('virConnectDomainEventRegister() failed')
            finally:
                if not kept:
                    self.__dict__.pop("domainEventCallbacks", None)

    def domainEventDeregister(self, cb):
        """End a registration of a callback for lifecycle events.

        cb: what virConnect.domainEventRegister() was given

        Raises libvirtError on failure.
        Raises KeyError if the callback is not registered.

        C function: virConnectDomainEventDeregister
        """
        registrations = _Registrations.of(self)
        with registrations.operation(self, "domainEventRegister") as operation:
            with registrations.changed:
                callbacks = self.__dict__.get("domainEventCallbacks")
                if callbacks is None:
                    return
                if cb not in callbacks:
                    raise KeyError("virConnect.domainEventDeregister(): argument 'cb' is not registered")
                others = len(callbacks) > 1
                # Keep the callback until the lock is released, because a destructor may run.
                gone = [callbacks.pop(cb)] if others else []
            if gone:
                return
            if libvirtmod.virConnectDomainEventDeregister(operation.handle, self) == -1:
                if "domainEventCallbacks" in self.__dict__:
                    raise libvirtError('virConnectDomainEventDeregister() failed')
                return
            self.__dict__.pop("domainEventCallbacks", None)
            registrations.forget(self, "domainEventRegister", 0)

    def _dispatchDomainEventCallbacks(self, dom, event, detail):
        callbacks = self.__dict__.get("domainEventCallbacks")
        if callbacks:
            _callEach(callbacks, self, _wrap_virDomain(virDomain, self, dom), event, detail)

    def registerCloseCallback(self, cb, opaque):
        """Have a callback called when the connection is lost.

        It is called as cb(conn, reason, opaque); reason is one of
        libvirt_enums.ConnectCloseReason. An event loop must be registered and
        run.

        cb: callable, called in the thread that runs the event loop
        opaque: any object, passed on to the callback

        Returns 0.
        Raises libvirtError on failure.

        C function: virConnectRegisterCloseCallback
        """
        _requireCallable('virConnect.registerCloseCallback', 'cb', cb)
        return _Registrations.of(self).registerClose(
            self, libvirtmod.virConnectRegisterCloseCallback, libvirtmod.virConnectUnregisterCloseCallback,
            "virConnectRegisterCloseCallback", cb, opaque)

    def unregisterCloseCallback(self):
        """End the registration of the close callback.

        Raises libvirtError on failure.

        C function: virConnectUnregisterCloseCallback
        """
        _Registrations.of(self).unregisterClose(
            self, libvirtmod.virConnectUnregisterCloseCallback, "virConnectUnregisterCloseCallback")

    def _watchClose(self, watcher):
        _Registrations.of(self).watch(
            self, libvirtmod.virConnectRegisterCloseCallback, libvirtmod.virConnectUnregisterCloseCallback,
            "virConnectRegisterCloseCallback", watcher)

    def _unwatchClose(self, watcher):
        _Registrations.of(self).unwatch(self, libvirtmod.virConnectUnregisterCloseCallback, watcher)

    def _dispatchCloseCallback(self, reason, cbData):
        return _Registrations.of(self).runCloseCallback(self, reason, cbData)
