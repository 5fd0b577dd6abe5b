# SPDX-License-Identifier: LGPL-2.1-or-later
"""Calls on a fake libvirt, and their expected outcomes."""
