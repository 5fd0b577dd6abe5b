# SPDX-License-Identifier: LGPL-2.1-or-later
"""Connections to a daemon's admin server."""

import libvirtmod_admin
from libvirt import _Registrations, _requireCallable, libvirtError


def _newLock():
    from _thread import allocate_lock

    return allocate_lock()


# Whether the types which libvirt-admin shares with libvirt are its own; one thread at a time finds that out.
_opened = []
_opening = _newLock()


def _refuse(*args):
    raise libvirtError("this process has used libvirt_admin, and cannot open connections of libvirt any more")


def _takeTypes():
    """The first of libvirt and libvirt-admin has the process: the other would crash in it."""
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

    name: URI such as libvirtd:///system, or libvirtd:///system?socket=PATH;
        None for what libvirt-admin takes by default
    flags: bitwise-OR of libvirt.VIR_CONNECT_..., or 0

    libvirt and libvirt-admin get in each other's way: a process that has
    opened connections of the one cannot open any of the other.

    Returns virAdmConnect.  Raises libvirtError on failure.

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
        """Close the connection, which ends a callback that waits for its loss, too.

        Servers and clients that were found by it keep it open behind the
        scenes until they are gone; this object cannot be used any more.

        Returns the int number of references that are left: 0 when the
        connection is really closed.  Raises libvirtError on failure.

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
        self.close()

    def registerCloseCallback(self, cb, opaque):
        """Have cb(conn, reason, opaque) called when the connection is lost.

        reason: one of libvirt.VIR_CONNECT_CLOSE_REASON_...

        An event loop must be registered and run.  Returns 0.  Raises
        libvirtError on failure; a connection has one callback at most.

        C function: virAdmConnectRegisterCloseCallback
        """
        _requireCallable('virAdmConnect.registerCloseCallback', 'cb', cb)
        return _Registrations.of(self).registerClose(
            self, libvirtmod_admin.virAdmConnectRegisterCloseCallback,
            libvirtmod_admin.virAdmConnectUnregisterCloseCallback, "virAdmConnectRegisterCloseCallback", cb, opaque)

    def unregisterCloseCallback(self):
        """End what registerCloseCallback began.  Raises libvirtError on failure.

        C function: virAdmConnectUnregisterCloseCallback
        """
        _Registrations.of(self).unregisterClose(
            self, libvirtmod_admin.virAdmConnectUnregisterCloseCallback, "virAdmConnectUnregisterCloseCallback")

    def _dispatchCloseCallback(self, reason, cbData):
        return _Registrations.of(self).runCloseCallback(self, reason, cbData)
