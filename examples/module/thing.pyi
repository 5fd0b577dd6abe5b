# SPDX-License-Identifier: LGPL-2.1-or-later
"""The types of what is in thing.py."""

def thingSwappedPair() -> tuple[int, int]: ...
