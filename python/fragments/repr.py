# SPDX-License-Identifier: LGPL-2.1-or-later
"""How objects show themselves."""


def _repr(shown, **readers):
    """What object.__repr__ gives, with what libvirt knows of the object without asking a daemon."""
    start, at, address = object.__repr__(shown).rpartition(" at ")
    if shown._o is None:
        return f"{start}, closed,{at}{address}"
    told = ""
    try:
        for word, reader in readers.items():
            value = reader(shown._o)
            told += f" {word}={(_hideUser(value) if word == 'uri' else value)!r}"
    except Exception:
        # A handle that was freed, or a program's stand-in for one.
        told += ", unusable,"
    return start + told + at + address


def _hideUser(uri):
    """A URI as it is shown, without what may be a password: its user and its query."""
    scheme, slashes, rest = uri.partition("?")[0].partition("://")
    host, slash, path = rest.partition("/")
    return scheme + slashes + host.rpartition("@")[2] + slash + path
