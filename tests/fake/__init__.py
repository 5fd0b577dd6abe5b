# SPDX-License-Identifier: LGPL-2.1-or-later
"""Calls under a fake libvirt, and what they must do."""
