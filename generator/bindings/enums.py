# SPDX-License-Identifier: LGPL-2.1-or-later
"""Enums of which the values say something else than they are."""

# Powers of two, which are no flags.
NO_FLAGS = ("virErrorLevel",)
