# SPDX-License-Identifier: LGPL-2.1-or-later
"""Monitor commands with descriptors, and monitor events."""

import libvirt
import libvirtmod_qemu


def qemuMonitorCommandWithFiles(domain, cmd, files=[], flags=0):
    """Send a command to QEMU's monitor, together with files.

    See libvirt_qemu.qemuMonitorCommand() for what is safe. The connection must
    be local, over a UNIX socket.

    domain: virDomain, the domain
    cmd: str, the command
    files: list of int, file descriptors, which the program still has to close
    flags: int, bitwise-OR of libvirt_enums.DomainQemuMonitorCommandFlags

    Returns tuple: QEMU's str answer, and a list of unbuffered binary files
    that came with it.
    Raises libvirtError on failure.

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
    """Have a callback called for events of QEMU's monitor.

    It is called as cb(conn, dom, event, seconds, micros, details, opaque);
    event is the name, seconds and micros are the time, and details is JSON
    text or None. An event loop must be registered and run. Prefer the events of
    libvirt.virConnect.domainEventRegisterAny() where they exist.

    conn: virConnect, the connection
    dom: virDomain or None, the domain to watch, or None for all
    event: str or None, name of the event, or a regular expression with
        VIR_CONNECT_DOMAIN_QEMU_MONITOR_EVENT_REGISTER_REGEX; None for all
    cb: callable, called in the thread that runs the event loop
    opaque: any object, passed on to the callback
    flags: int, bitwise-OR of
        libvirt_enums.ConnectDomainQemuMonitorEventRegisterFlags

    Returns int: number of the registration, for
    libvirt_qemu.qemuMonitorEventDeregister().
    Raises libvirtError on failure.

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
    """End a registration of a callback for events of QEMU's monitor.

    conn: virConnect, the connection
    callbackID: int, what libvirt_qemu.qemuMonitorEventRegister() returned

    Raises libvirtError on failure.

    C function: virConnectDomainQemuMonitorEventDeregister
    """
    if libvirt._Registrations.of(conn).deregister(
            conn, "qemuMonitor", libvirtmod_qemu.virConnectDomainQemuMonitorEventDeregister, callbackID) == -1:
        raise libvirt.libvirtError('virConnectDomainQemuMonitorEventDeregister() failed')
