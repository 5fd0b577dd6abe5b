# SPDX-License-Identifier: LGPL-2.1-or-later
"""Connections to a daemon's admin server."""

import libvirtmod_admin
from libvirt import _Registrations, _requireCallable, libvirtError


def _newLock():
    from _thread import allocate_lock

    return allocate_lock()


# Not empty once libvirt-admin has claimed the GObject types whose names it shares with libvirt.  The lock is held while
# a thread claims them.
_opened = []
_opening = _newLock()


def _refuse(*args):
    raise libvirtError("this process has used libvirt_admin, and cannot open connections of libvirt any more")


def _takeTypes():
    """Claim the process for libvirt-admin.

    The library that opens a connection second would crash: see admin.c.
    """
    from libvirt import libvirtmod

    names = ("virConnectOpen", "virConnectOpenReadOnly", "virConnectOpenAuth")
    known = {name: getattr(libvirtmod, name) for name in names}
    vars(libvirtmod).update(dict.fromkeys(names, _refuse))
    if libvirtmod_admin._isTaken():
        vars(libvirtmod).update(known)
        raise libvirtError("this process has opened connections of libvirt, and cannot use libvirt_admin any more")
    _opened.append(True)


def open(name=None, flags=0):
    """Connect to the admin server of a daemon.

    A process that has opened connections of libvirt cannot open any of
    libvirt-admin, and the other way round: the two libraries conflict.

    name: str or None, URI such as libvirtd:///system, or
        libvirtd:///system?socket=PATH; None for the default of libvirt-admin
    flags: int, bitwise-OR of libvirt_enums.ConnectFlags

    Returns virAdmConnect.
    Raises libvirtError on failure.

    C function: virAdmConnectOpen
    """
    with _opening:
        if not _opened:
            _takeTypes()
    ret = libvirtmod_admin.virAdmConnectOpen(name, flags)
    if ret is None:
        raise libvirtError('virAdmConnectOpen() failed')
    return virAdmConnect(_obj=ret)


class virAdmConnect:
    def close(self):
        """Close the connection, and end the registration of its close callback.

        This object cannot be used any more. Servers and clients that were
        found by it keep the connection open until they are gone.

        Returns int: 0 if the connection is closed now, or 1 if such objects
        still keep it open.
        Raises libvirtError on failure.

        C function: virAdmConnectClose
        """
        try:
            if self._o is not None:
                _Registrations.of(self).close(self, libvirtmod_admin._newReference)
        finally:
            ret = libvirtmod_admin.virAdmConnectClose(self.__dict__.pop("_o", None))
        if ret == -1:
            raise libvirtError('virAdmConnectClose() failed')
        return ret

    def __enter__(self):
        return self

    def __exit__(self, exc_type_, exc_value_, traceback_):
        if self._o is not None:
            self.close()

    def registerCloseCallback(self, cb, opaque):
        """Have a callback called when the connection is lost.

        It is called as cb(conn, reason, opaque); reason is one of
        libvirt_enums.ConnectCloseReason. An event loop must be registered and
        run. A connection has one such callback at most.

        cb: callable, called in the thread that runs the event loop
        opaque: any object, passed on to the callback

        Returns 0.
        Raises libvirtError on failure.

        C function: virAdmConnectRegisterCloseCallback
        """
        _requireCallable('virAdmConnect.registerCloseCallback', 'cb', cb)
        return _Registrations.of(self).registerClose(
            self, libvirtmod_admin.virAdmConnectRegisterCloseCallback,
            libvirtmod_admin.virAdmConnectUnregisterCloseCallback, "virAdmConnectRegisterCloseCallback", cb, opaque)

    def unregisterCloseCallback(self):
        """End the registration of the close callback.

        Raises libvirtError on failure.

        C function: virAdmConnectUnregisterCloseCallback
        """
        _Registrations.of(self).unregisterClose(
            self, libvirtmod_admin.virAdmConnectUnregisterCloseCallback, "virAdmConnectUnregisterCloseCallback")

    def _dispatchCloseCallback(self, reason, cbData):
        return _Registrations.of(self).runCloseCallback(self, reason, cbData)
