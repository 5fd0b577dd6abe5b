# SPDX-License-Identifier: LGPL-2.1-or-later
"""Monitor commands with descriptors, and monitor events."""

import libvirt
import libvirtmod_qemu


def qemuMonitorCommandWithFiles(domain, cmd, files=[], flags=0):
    """Send a monitor command together with file descriptors.

    files: list of int descriptors; they stay the caller's

    Returns a tuple of the str reply and the list of unbuffered binary files
    that came with it.  Raises libvirtError on failure.

    C function: virDomainQemuMonitorCommandWithFiles
    """
    try:
        ret = libvirtmod_qemu.virDomainQemuMonitorCommandWithFiles(domain._o, cmd, files, flags)
    except (AttributeError, TypeError) as error:
        libvirt._checkObjects(error, 'qemuMonitorCommandWithFiles', ('domain', 'virDomain', domain))
        raise
    if ret is None:
        raise libvirt.libvirtError('virDomainQemuMonitorCommandWithFiles() failed')
    return ret


def _dispatchQemuMonitorEventCallback(conn, dom, event, seconds, micros, details, cbData):
    domain = libvirt._wrap_virDomain(libvirt.virDomain, conn, dom)
    cbData["cb"](conn, domain, event, seconds, micros, details, cbData["opaque"])
    return 0


def qemuMonitorEventRegister(conn, dom, event, cb, opaque, flags=0):
    """Have cb called for events of QEMU's monitor.

    dom: the domain to watch, or None for all
    event: the name of the event, or a pattern as flags say; None for all
    flags: bitwise-OR of VIR_CONNECT_DOMAIN_QEMU_MONITOR_EVENT_REGISTER_...

    cb(conn, dom, event, seconds, micros, details, opaque); details is JSON
    text or None.

    Returns the int that qemuMonitorEventDeregister takes.  Raises libvirtError
    on failure.

    C function: virConnectDomainQemuMonitorEventRegister
    """
    libvirt._requireCallable('qemuMonitorEventRegister', 'cb', cb)
    if not hasattr(conn, "_o"):
        libvirt._refuse('qemuMonitorEventRegister', 'conn', "a virConnect", conn)
    conn.__dict__.setdefault("qemuMonitorEventCallbackID", {})
    data = {"cb": cb, "conn": conn, "opaque": opaque}
    with libvirt._Registrations.of(conn).operation(conn, None, data) as operation:
        try:
            ret = libvirtmod_qemu.virConnectDomainQemuMonitorEventRegister(
                operation.handle, None if dom is None else dom._o, event, data, flags)
        except (AttributeError, TypeError) as error:
            libvirt._checkObjects(error, 'qemuMonitorEventRegister',
                                  ('conn', 'virConnect', conn), ('dom', 'virDomain', dom))
            raise
        if ret != -1 and not operation.keep("qemuMonitor", libvirt._Registration(
                ret, data, lambda handle: libvirtmod_qemu.virConnectDomainQemuMonitorEventDeregister(handle, ret)),
                opaque):
            ret = libvirtmod_qemu.virConnectDomainQemuMonitorEventRegister(None, None, None, {}, flags)
        if ret == -1:
            raise libvirt.libvirtError('virConnectDomainQemuMonitorEventRegister() failed')
        return ret


def qemuMonitorEventDeregister(conn, callbackID):
    """End what qemuMonitorEventRegister began.  Raises libvirtError on failure.

    C function: virConnectDomainQemuMonitorEventDeregister
    """
    if libvirt._Registrations.of(conn).deregister(
            conn, "qemuMonitor", libvirtmod_qemu.virConnectDomainQemuMonitorEventDeregister, callbackID) == -1:
        raise libvirt.libvirtError('virConnectDomainQemuMonitorEventDeregister() failed')
