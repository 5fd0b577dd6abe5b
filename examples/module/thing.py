# SPDX-License-Identifier: LGPL-2.1-or-later
"""What is better written in Python: it becomes a part of libvirt_thing."""


def thingSwappedPair():
    """Return a tuple of the two numbers of the thing, the second before the first."""
    first, second = thingGetPair()
    return second, first
