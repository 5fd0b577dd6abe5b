# SPDX-License-Identifier: LGPL-2.1-or-later
"""How methods refuse arguments: nothing that a program calls by its name."""
