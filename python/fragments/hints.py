# SPDX-License-Identifier: LGPL-2.1-or-later
"""Hints about mistakes that many programs and hosts make, shown below the traceback of an error."""


def _hints():
    """Return tuples: name of a code, expression for the message, hint.

    The hint may repeat groups of the regular expression.
    """
    return (
        ("VIR_ERR_INTERNAL_ERROR", r"event timer$",
         "Events need an event loop, which is registered before the connection is opened. Enter the block "
         "'with libvirtevents.EventLoopThread():', or call libvirt.virEventRegisterDefaultImpl() and then "
         "libvirt.virEventRunDefaultImpl() again and again in a thread."),
        ("VIR_ERR_NO_SUPPORT", r"EventRegisterAny$", "The driver of this connection has no such events."),
        ("VIR_ERR_INVALID_ARG", r"must match connection$",
         "The object was found by another connection. Look it up by the connection whose method is called."),
        ("VIR_ERR_OPERATION_DENIED", r"read only access",
         "The connection was opened by libvirt.openReadOnly(). One of libvirt.open() may do that."),
        ("VIR_ERR_SYSTEM_ERROR", r"connect socket to '\S*/libvirt-sock(?:-ro)?': (?:No such file|Connection refused)",
         "The daemon libvirtd does not run on this host. Install it, or start it by "
         "'systemctl start libvirtd.socket'."),
        ("VIR_ERR_SYSTEM_ERROR",
         r"connect socket to '\S*/(virt\w+d)-sock(?:-ro)?': (?:No such file|Connection refused)",
         r"The daemon \1 does not run on this host. Install it, or start it by "
         r"'systemctl start \1.socket'."),
        ("VIR_ERR_SYSTEM_ERROR", r"connect socket to '(\S*)': Permission denied",
         r"This user may not use the socket. See who owns \1; on many systems the members of the group libvirt may use "
         "it."),
        ("VIR_ERR_SYSTEM_ERROR", r"unable to connect to server at '(\S*):(\d+)'",
         r"No daemon listens there, or a firewall is in between. On \1, 'systemctl start libvirtd-tls.socket' makes it "
         "listen on port 16514, and libvirtd-tcp.socket on port 16509."),
        ("VIR_ERR_AUTH_UNAVAILABLE", r"polkit",
         "polkit does not let this user manage the host. Be root or, on many systems, a member of the group libvirt; "
         "or use libvirt.openReadOnly()."),
        ("VIR_ERR_NO_CONNECT", r"",
         "The URI is wrong, or the driver for it is not installed. See https://libvirt.org/uri.html."),
    )


class _Notes:
    """The notes below a traceback: a hint, if there is one for the error.

    They are made when somebody asks, and then are kept in the exception, where
    add_note() finds them.
    """

    def __get__(self, error, owner=None):
        try:
            code, _, message, *_ = error.err
        except (AttributeError, TypeError, ValueError):
            # Asked of the class, an error that is not libvirt's, or one that a program has made up.
            code = None
        if code is not None:
            import re

            for name, pattern, hint in _hints():
                found = re.search(pattern, message or "") if code == globals().get(name) else None
                if found:
                    notes = error.__dict__["__notes__"] = ["Hint: " + found.expand(hint)]
                    return notes
        raise AttributeError("__notes__")
