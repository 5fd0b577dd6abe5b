# SPDX-License-Identifier: LGPL-2.1-or-later
"""Functions that are written in Python.  They become a part of libvirt_thing, which has what they import from it."""

from libvirt_thing import thingGetPair


def thingSwappedPair():
    """Return a tuple of the two numbers of the thing, the second before the first."""
    first, second = thingGetPair()
    return second, first
