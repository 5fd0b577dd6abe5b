# SPDX-License-Identifier: LGPL-2.1-or-later
"""Enums whose values would be taken for flags."""

# Their values are powers of two, but cannot be combined.
NO_FLAGS = ("virErrorLevel",)
