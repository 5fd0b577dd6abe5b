# SPDX-License-Identifier: LGPL-2.1-or-later
"""Functions that move the calling process into a container."""

import libvirt
import libvirtmod_lxc


def lxcEnterNamespace(domain, fdlist, flags):
    """Move the calling process into the namespaces of a container.

    Call this function in a process of one thread, such as a child that was
    just forked: the kernel moves the calling thread only, and refuses some
    namespaces to a process with several. A new process namespace only holds
    for children. After the files of the container have taken the place of the
    host's, modules of the host's Python cannot be imported any more.

    domain: virDomain, the container
    fdlist: list of int, what libvirt_lxc.lxcOpenNamespace() returned; the
        program still has to close the descriptors
    flags: int, not used yet; pass 0

    Returns list of int: file descriptors of the namespaces that the process
    was in, to go back to them; the program has to close them.
    Raises libvirtError on failure; the process may be in some of the
    namespaces then.

    C function: virDomainLxcEnterNamespace
    """
    try:
        ret = libvirtmod_lxc.virDomainLxcEnterNamespace(domain._o, fdlist, flags)
    except (AttributeError, TypeError) as error:
        libvirt._checkObjects(error, 'lxcEnterNamespace', ('domain', 'virDomain', domain))
        raise
    if ret is None:
        raise libvirt.libvirtError('virDomainLxcEnterNamespace() failed')
    return ret


def lxcEnterSecurityLabel(model, label, flags):
    """Give the calling process a security label.

    Call this function in a process of one thread, such as a child that was
    just forked. With some models the label only holds from the next program on
    that the process executes.

    model: list, what libvirt.virConnect.getSecurityModel() returned; or str,
        the model alone
    label: list, what libvirt.virDomain.securityLabel() returned; or str, the
        label alone
    flags: int, not used yet; pass 0

    Returns list: the str label that the process had, and a bool whether it was
    enforced.
    Raises libvirtError on failure.

    C function: virDomainLxcEnterSecurityLabel
    """
    ret = libvirtmod_lxc.virDomainLxcEnterSecurityLabel(model, label, flags)
    if ret is None:
        raise libvirt.libvirtError('virDomainLxcEnterSecurityLabel() failed')
    return ret
