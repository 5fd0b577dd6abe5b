# SPDX-License-Identifier: LGPL-2.1-or-later
"""Entering a container: what moves the calling process."""

import libvirt
import libvirtmod_lxc


def lxcEnterNamespace(domain, fdlist, flags):
    """Move the calling process into the namespaces that descriptors stand for.

    fdlist: list of int, what lxcOpenNamespace gave; they stay the caller's to
        close, whether this succeeds or not
    flags: unused, 0

    For processes of one thread, such as a child just forked: the kernel moves
    the calling thread only, and refuses some namespaces to a process of
    several.  A new process namespace holds for children alone.  With the files
    of a container nothing more can be imported that the host's Python has.

    Returns a list of int: descriptors of the namespaces that the process was
    in, to go back with.  They are the caller's to close.  Raises libvirtError
    on failure; then no descriptor is left open, but the process may have
    entered some of the namespaces already.

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

    model: list of str model and str domain of interpretation, what
        virConnect.getSecurityModel gives; or the str model alone
    label: list of str label and bool enforcing, what virDomain.securityLabel
        gives; or the str label alone
    flags: unused, 0

    For processes of one thread, such as a child just forked.  Some models
    apply the label with the next program that the process executes only.

    Returns a list of the str label that the process had, and the bool whether
    it was enforced.  Raises libvirtError on failure.

    C function: virDomainLxcEnterSecurityLabel
    """
    ret = libvirtmod_lxc.virDomainLxcEnterSecurityLabel(model, label, flags)
    if ret is None:
        raise libvirt.libvirtError('virDomainLxcEnterSecurityLabel() failed')
    return ret
