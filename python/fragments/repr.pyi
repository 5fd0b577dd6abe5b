# SPDX-License-Identifier: LGPL-2.1-or-later
"""How objects show themselves: nothing that a program calls by its name."""
