# SPDX-License-Identifier: LGPL-2.1-or-later
"""What is registered through a connection: nothing that a program calls by its name."""
