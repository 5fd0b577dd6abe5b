# SPDX-License-Identifier: LGPL-2.1-or-later
"""The repr() of objects."""


def _repr(shown, **readers):
    """Return the text of object.__repr__() with the name of the object in it.

    It only shows values that libvirt knows without asking a daemon.
    """
    start, at, address = object.__repr__(shown).rpartition(" at ")
    if shown._o is None:
        return f"{start}, closed,{at}{address}"
    told = ""
    try:
        for word, reader in readers.items():
            value = reader(shown._o)
            told += f" {word}={(_hideUser(value) if word == 'uri' else value)!r}"
    except Exception:
        # The handle was freed, or is a test double of a program.
        told += ", unusable,"
    return start + told + at + address


def _hideUser(uri):
    """Return a URI without user and query, which may hold a password."""
    scheme, slashes, rest = uri.partition("?")[0].partition("://")
    host, slash, path = rest.partition("/")
    return scheme + slashes + host.rpartition("@")[2] + slash + path
