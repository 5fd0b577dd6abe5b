# SPDX-License-Identifier: LGPL-2.1-or-later
"""Calls with arguments that nobody would give on purpose."""
